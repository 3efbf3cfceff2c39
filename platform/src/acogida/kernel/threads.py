"""Who leans on a record, told by the features that know: the thread hallazgo → objetivo → iniciativa seen from behind.

A feature declares `async def followers(work, table, ids)` in its `threads.py`; the composition root registers it. So a
page shows what answers its record without knowing the rooms above it.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from acogida.kernel.work import Work


@dataclass(frozen=True, slots=True)
class Follower:
    """Something that answers a record."""

    kind: str
    """In words, as the page says it: «Objetivo», «Iniciativa»."""
    title: str
    path: str
    """Relative to the workspace: `iniciativas/…`."""


FollowerSource = Callable[[Work, str, Sequence[UUID]], Awaitable[Mapping[UUID, Sequence[Follower]]]]
"""Work, table of the records (`finding`), their ids → who follows each."""

SOURCES: list[FollowerSource] = []
"""Filled once by the composition root."""


async def followers(work: Work, table: str, ids: Sequence[UUID]) -> dict[UUID, list[Follower]]:
    """This function will tell who leans on each of these records; those that nobody answers have an empty list."""
    found: dict[UUID, list[Follower]] = {row_id: [] for row_id in ids}
    if ids:
        for source in SOURCES:
            for row_id, some in (await source(work, table, ids)).items():
                found.setdefault(row_id, []).extend(some)
    return found
