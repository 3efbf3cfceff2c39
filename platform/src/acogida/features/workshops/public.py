"""What other rooms may ask about workshops.

`held` gives workshops that took place with all they hold; `perceptions` and `documentation` add blocks to a document.
"""

from collections.abc import Sequence
from uuid import UUID

from acogida.features.workshops import store
from acogida.features.workshops.model import Workshop, WorkshopEntry
from acogida.features.workshops.report import (
    Candidate,
    WorkshopRecord,
    candidate,
    documentation,
    perceptions,
    record_of,
    records,
)
from acogida.features.workshops.words import DIAGNOSIS, ENTRY_KINDS
from acogida.features.workshops.words import KINDS as WORKSHOP_KINDS
from acogida.kernel.work import Work

__all__ = [
    "DIAGNOSIS",
    "ENTRY_KINDS",
    "WORKSHOP_KINDS",
    "Candidate",
    "WorkshopRecord",
    "candidate_initiatives",
    "documentation",
    "entries",
    "entries_with",
    "entry",
    "held",
    "perceptions",
    "record_of",
]


async def held(work: Work, *, kinds: Sequence[str] = ()) -> tuple[WorkshopRecord, ...]:
    """This function will give the workshops that took place, by date; `kinds` (such as `DIAGNOSIS`) narrows them."""
    return await records(work, held=True, kinds=kinds)


async def entries(work: Work, *, kinds: Sequence[str] = ()) -> Sequence[tuple[WorkshopEntry, Workshop]]:
    """This function will give everything noted in any workshop, each with its workshop."""
    by_id = {row.id: row for row in await store.workshops(work)}
    return [(found, by_id[found.workshop_id]) for found in await store.entries(work, kinds=kinds)]


async def entry(work: Work, entry_id: UUID) -> tuple[WorkshopEntry, Workshop]:
    """This function will give one entry with its workshop, or raise `NotFound`."""
    found = await store.entry(work, entry_id)
    return found, await store.workshop(work, found.workshop_id)


async def entries_with(work: Work, ids: Sequence[UUID]) -> dict[UUID, tuple[WorkshopEntry, Workshop]]:
    """This function will give these entries by id, each with its workshop; ids of nothing are left out."""
    found = await store.entries_with(work, ids)
    by_id = {row.id: row for row in await store.workshops(work)} if found else {}
    return {row.id: (row, by_id[row.workshop_id]) for row in found}


async def candidate_initiatives(work: Work) -> tuple[Candidate, ...]:
    """This function will give the initiatives proposed in planning workshops, in the order in which they were noted."""
    return tuple(candidate(found, workshop) for found, workshop in await entries(work, kinds=["initiative"]))
