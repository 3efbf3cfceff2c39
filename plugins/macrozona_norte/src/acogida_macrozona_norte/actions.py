"""Answering what is asked besides, and keeping the table of communes."""

from collections.abc import Mapping
from typing import Any, TypeVar
from uuid import UUID

from acogida.sdk import NotFound, Rejected, Stale, Work, audit, census, initiative
from acogida_macrozona_norte import store
from acogida_macrozona_norte.asking import QUESTIONS
from acogida_macrozona_norte.forms import EditAnswer, EditEncounter, EditPartners, EditPledge
from acogida_macrozona_norte.looking import REGIONS
from acogida_macrozona_norte.model import Answer, Encounter, NorthTable, Partner, Pledge

R = TypeVar("R", bound=NorthTable)
MOST_ROWS = 500
"""Sessions, and promises, that one table may have."""


async def write_answer(work: Work, key: str, wanted: EditAnswer) -> Answer:
    """This function will write what the municipality answers to a question, or raise `NotFound` where there is no such."""
    work.require("diagnosis:edit")
    if key not in QUESTIONS:
        raise NotFound
    row = await store.answer(work, key, lock=True)
    if (row.version if row else 0) != wanted.version:
        raise Stale(row)
    changes = {**wanted.changes(), "answered_on": work.today()}
    if row:
        before = await _set(work, row, changes)
    else:
        before, row = {}, await _add(work, Answer(question=key, **changes))
    words = f"respondió «{QUESTIONS[key].question.text}»"
    await audit.record(work, "answer.written", words, subject=row, before=before, after=changes)
    return row


async def set_partners(work: Work, wanted: EditPartners) -> list[Partner]:
    """This function will say with which communes of the three regions the municipality coordinates, and give them."""
    work.require("planning:edit")
    names = {each.cut: each.name for each in await census(work, REGIONS) if each.cut != work.tenant.cut}
    if set(wanted.cuts) - names.keys():
        raise Rejected(fields={"cuts": "Elija entre las otras comunas de las tres regiones."})
    had = {row.cut: row for row in await store.partners(work)}
    for cut in had.keys() - set(wanted.cuts):
        await store.erase(work, Partner, had[cut].id)
    work.session.add_all(Partner(cut=cut, name=names[cut]) for cut in wanted.cuts if cut not in had)
    await work.session.flush()
    now = list(await store.partners(work))
    await audit.record(
        work,
        "partners.set",
        "cambió las comunas con que se coordina",
        before={"communes": sorted(row.name for row in had.values())},
        after={"communes": [row.name for row in now]},
    )
    return now


async def add_encounter(work: Work, wanted: EditEncounter) -> Encounter:
    """This function will add a session of the table."""
    work.require("planning:edit")
    if len(await store.encounters(work)) >= MOST_ROWS:
        raise Rejected(f"Se admiten hasta {MOST_ROWS} sesiones.")
    changes = await _encounter(work, wanted, ())
    row = await _add(work, Encounter(**changes))
    await audit.record(work, "encounter.added", f"anotó la sesión de comunas «{row.title}»", subject=row, after=changes)
    return row


async def edit_encounter(work: Work, encounter_id: UUID, wanted: EditEncounter) -> Encounter:
    """This function will change a session: its day, who came, what was agreed."""
    work.require("planning:edit")
    row = await _locked(work, Encounter, encounter_id, wanted.version)
    changes = await _encounter(work, wanted, row.cuts)
    before = await _set(work, row, changes)
    words = f"cambió la sesión de comunas «{row.title}»"
    await audit.record(work, "encounter.edited", words, subject=row, before=before, after=changes)
    return row


async def remove_encounter(work: Work, encounter_id: UUID) -> str:
    """This function will take a session away and give its title; what was promised in it stays."""
    work.require("planning:edit")
    row = await store.one(work, Encounter, encounter_id, lock=True)
    before = {name: getattr(row, name) for name in ("title", "takes_place_on", "topics", "agreements")}
    await store.erase(work, Encounter, encounter_id)
    words = f"quitó la sesión de comunas «{row.title}»"
    await audit.record(work, "encounter.removed", words, subject=row, before=before)
    return row.title


async def add_pledge(work: Work, wanted: EditPledge) -> Pledge:
    """This function will write down what a commune has promised."""
    work.require("planning:edit")
    if len(await store.pledges(work)) >= MOST_ROWS:
        raise Rejected(f"Se admiten hasta {MOST_ROWS} compromisos.")
    changes = await _pledge(work, wanted, "")
    row = await _add(work, Pledge(**changes))
    await audit.record(work, "pledge.added", f"anotó el compromiso «{row.title}»", subject=row, after=changes)
    return row


async def edit_pledge(work: Work, pledge_id: UUID, wanted: EditPledge) -> Pledge:
    """This function will change what was promised, or say that it was kept."""
    work.require("planning:edit")
    row = await _locked(work, Pledge, pledge_id, wanted.version)
    changes = await _pledge(work, wanted, row.cut)
    before = await _set(work, row, changes)
    words = f"cambió el compromiso «{row.title}»"
    await audit.record(work, "pledge.edited", words, subject=row, before=before, after=changes)
    return row


async def remove_pledge(work: Work, pledge_id: UUID) -> str:
    """This function will take a promise away and give its title."""
    work.require("planning:edit")
    row = await store.one(work, Pledge, pledge_id, lock=True)
    before = {name: getattr(row, name) for name in ("title", "cut", "responsible", "due_on", "state")}
    await store.erase(work, Pledge, pledge_id)
    await audit.record(work, "pledge.removed", f"quitó el compromiso «{row.title}»", subject=row, before=before)
    return row.title


async def _encounter(work: Work, wanted: EditEncounter, had: tuple[str, ...] | list[str]) -> dict[str, Any]:
    """As it is kept. A commune that has left the table stays in the sessions to which it came."""
    if set(wanted.cuts) - {*await _communes(work), *had}:
        raise Rejected(fields={"cuts": "Elija entre las comunas de la mesa."})
    return {**wanted.changes(), "cuts": list(wanted.cuts)}


async def _pledge(work: Work, wanted: EditPledge, had: str) -> dict[str, Any]:
    """As it is kept. What is kept bears a day: today, where nobody told another."""
    if wanted.cut not in {*await _communes(work), had}:
        raise Rejected(fields={"cut": "Elija una comuna de la mesa."})
    done_on = (wanted.done_on or work.today()) if wanted.state == "done" else None
    return {
        **wanted.changes(),
        "done_on": done_on,
        "encounter_id": await _session(work, wanted.encounter_id),
        "initiative_id": await _initiative(work, wanted.initiative_id),
    }


async def _communes(work: Work) -> set[str]:
    return {work.tenant.cut, *(row.cut for row in await store.partners(work))}


async def _session(work: Work, wanted: str) -> UUID | None:
    if not wanted:
        return None
    try:
        return (await store.one(work, Encounter, UUID(wanted))).id
    except (ValueError, NotFound):
        raise Rejected(fields={"encounter_id": "Esa sesión ya no está. Elija otra."}) from None


async def _initiative(work: Work, wanted: str) -> UUID | None:
    if not wanted:
        return None
    try:
        return (await initiative(work, UUID(wanted))).id
    except (ValueError, NotFound):
        raise Rejected(fields={"initiative_id": "Esa iniciativa ya no está en la Política. Elija otra."}) from None


async def _add(work: Work, row: R) -> R:
    work.session.add(row)
    await work.session.flush()
    return row


async def _locked(work: Work, kind: type[R], row_id: UUID, version: int) -> R:
    """A row to write on, or `Stale` where somebody wrote on it after it was seen."""
    row = await store.one(work, kind, row_id, lock=True)
    if row.version != version:
        raise Stale(row)
    return row


async def _set(work: Work, row: NorthTable, changes: Mapping[str, Any]) -> dict[str, Any]:
    """Sets these fields and gives what they were."""
    before = {name: getattr(row, name) for name in changes}
    for name, value in changes.items():
        setattr(row, name, value)
    await work.session.flush()
    return before
