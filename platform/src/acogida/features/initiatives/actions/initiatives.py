"""Deciding the initiatives, one at a time. Many at once are in `sheets`."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from acogida.features.initiatives import store
from acogida.features.initiatives.actions.writing import (
    among,
    axis_of,
    findings_of,
    fold,
    objective_of,
    require_reach,
    set_fields,
    short,
    stay_within_reach,
    swap,
    unchanged_since,
)
from acogida.features.initiatives.events import InitiativeEdited
from acogida.features.initiatives.forms import EditInitiative, ReviewInitiative
from acogida.features.initiatives.model import Initiative, InitiativeFinding
from acogida.features.workshops import public as workshops
from acogida.kernel import audit, outbox
from acogida.kernel.errors import NotFound
from acogida.kernel.work import Work


async def add_initiative(work: Work, wanted: EditInitiative, *, workshop_entry_id: UUID | None = None) -> Initiative:
    """This function will add an initiative at the end of its eje, remembering the workshop contribution it comes from."""
    work.require("initiative:edit")
    changes = await _initiative_changes(work, wanted)

    row = Initiative(
        **changes,
        workshop_entry_id=workshop_entry_id,
        position=await store.last_position(work, changes["axis_id"]) + 1,
    )
    work.session.add(row)
    await work.session.flush()
    findings = await _tie_initiative(work, row, wanted.findings)

    await audit.record(
        work,
        "initiative.added",
        f"agregó la iniciativa «{row.name}»",
        subject=row,
        after={**changes, "findings": findings},
    )
    await outbox.publish(work, InitiativeEdited(row.id))
    return row


async def edit_initiative(work: Work, initiative_id: UUID, wanted: EditInitiative) -> Initiative:
    """This function will change every field of an initiative and the findings it answers; in another eje it goes last.

    Whoever holds the narrowed right changes only what they were given, and can't give it away.
    """
    work.require("initiative:edit_own")
    row = await store.initiative(work, initiative_id, lock=True)
    require_reach(work, row)
    unchanged_since(row, wanted.version)
    changes = await _initiative_changes(work, wanted)

    known = await store.findings_of_initiative(work, row.id)
    if row.axis_id != changes["axis_id"]:
        row.position = await store.last_position(work, changes["axis_id"]) + 1
    before = {**await set_fields(work, row, changes), "findings": sorted(map(str, known))}
    stay_within_reach(work, row)
    after = {**changes, "findings": await _tie_initiative(work, row, wanted.findings)}

    await audit.record(
        work, "initiative.edited", edited_sentence(row.name, before, after), subject=row, before=before, after=after
    )
    await outbox.publish(work, InitiativeEdited(row.id))
    return row


async def move_initiative(work: Work, initiative_id: UUID, *, up: bool) -> Initiative:
    """This function will swap an initiative with its neighbour within the same eje."""
    work.require("initiative:edit")
    moving = await store.initiative(work, initiative_id)
    within = list(await store.initiatives_of_axis(work, moving.axis_id, lock=True))
    row = among(within, initiative_id)
    if await swap(work, within, row, up=up):
        await audit.record(
            work, "initiative.moved", f"{'subió' if up else 'bajó'} la iniciativa «{row.name}»", subject=row
        )
    return row


async def duplicate_initiative(work: Work, initiative_id: UUID) -> Initiative:
    """This function will copy an initiative with its findings; the copy has not been reviewed and comes from no workshop."""
    work.require("initiative:edit")
    known = await store.initiative(work, initiative_id)
    kept = {
        name: getattr(known, name)
        for name in EditInitiative.form_fields()
        if name not in ("name", "findings", "version")
    }

    row = Initiative(
        **kept,
        name=f"Copia de {known.name}"[:240],
        position=await store.last_position(work, known.axis_id) + 1,
    )
    work.session.add(row)
    await work.session.flush()
    await _tie_initiative(work, row, [str(each) for each in await store.findings_of_initiative(work, known.id)])

    await audit.record(
        work, "initiative.added", f"duplicó la iniciativa «{known.name}»", subject=row, after={**kept, "name": row.name}
    )
    await outbox.publish(work, InitiativeEdited(row.id))
    return row


async def remove_initiative(work: Work, initiative_id: UUID) -> None:
    """This function will take an initiative out of the plan; the book keeps what it said."""
    work.require("initiative:edit")
    row = await store.initiative(work, initiative_id, lock=True)
    before = {
        name: getattr(row, name) for name in EditInitiative.form_fields() if hasattr(row, name) and name != "version"
    }

    await store.erase_initiative(work, initiative_id)

    await audit.record(work, "initiative.removed", f"eliminó la iniciativa «{row.name}»", subject=row, before=before)
    await outbox.publish(work, InitiativeEdited(initiative_id))


async def review_initiative(work: Work, initiative_id: UUID, wanted: ReviewInitiative) -> Initiative:
    """This function will leave an initiative as reviewed today by whoever acts (PLAN-3.2-02, 03)."""
    work.require("initiative:edit")
    row = await store.initiative(work, initiative_id, lock=True)
    unchanged_since(row, wanted.version)

    changes = {"reviewed_on": work.today(), "reviewed_by": work.actor.name, "review_notes": wanted.review_notes}
    before = await set_fields(work, row, changes)

    await audit.record(
        work, "initiative.reviewed", f"revisó la iniciativa «{row.name}»", subject=row, before=before, after=changes
    )
    await outbox.publish(work, InitiativeEdited(row.id))
    return row


async def bring_candidates(work: Work, entry_ids: Sequence[UUID]) -> list[Initiative]:
    """This function will turn contributions of planning workshops into initiatives, each once; those already brought are left alone."""
    work.require("initiative:edit")
    taken = await store.entries_taken(work)
    axes = {fold(axis.name): str(axis.id) for axis in await store.axes(work)}
    candidates = {each.id: each for each in await workshops.candidate_initiatives(work)}
    if unknown := [each for each in entry_ids if each not in candidates]:
        raise NotFound(f"No encontramos {len(unknown)} de los aportes que eligió. Puede que alguien los haya quitado.")

    brought = []
    for candidate in (candidates[each] for each in dict.fromkeys(entry_ids) if each not in taken):
        wanted = EditInitiative(
            name=candidate.name[:240],
            description=_with_period(candidate.description, candidate.period),
            axis_id=axes.get(fold(candidate.axis), ""),
            target=candidate.target,
            unit=candidate.unit[:200],
            alliances=candidate.alliances,
            needs_extra_funding=candidate.needs_funding,
        )
        brought.append(await add_initiative(work, wanted, workshop_entry_id=candidate.id))
    return brought


def _with_period(description: str, period: str) -> str:
    """The workshop says its period in words («primer semestre»), which no date can hold: it stays in the text."""
    return "\n\n".join(
        part for part in (description, f"Plazo propuesto en el taller: {period}" if period else "") if part
    )


async def _initiative_changes(work: Work, wanted: EditInitiative) -> dict[str, Any]:
    return {
        **wanted.changes(without=("version", "findings")),
        "axis_id": await axis_of(work, wanted.axis_id),
        "objective_id": await objective_of(work, wanted.objective_id),
    }


async def _tie_initiative(work: Work, row: Initiative, wanted: Sequence[str]) -> list[str]:
    """Leaves the initiative tied to exactly these findings; gives their ids as the book writes them."""
    chosen = await findings_of(work, wanted)
    known = set(await store.findings_of_initiative(work, row.id))
    await store.unlink_initiative(work, row.id, known - chosen)
    work.session.add_all(InitiativeFinding(initiative_id=row.id, finding_id=each) for each in sorted(chosen - known))
    await work.session.flush()
    return sorted(map(str, chosen))


def edited_sentence(name: str, before: Mapping[str, object], after: Mapping[str, object]) -> str:
    """This function will say what was changed in an initiative, as the page «Actividad» tells it."""
    labels = EditInitiative.form_fields()
    changed = [field for field in after if before.get(field) != after[field]]
    if not changed:
        return f"guardó la iniciativa «{name}» sin cambios"
    if len(changed) == 1 and not isinstance(after[changed[0]], UUID | list):
        old, new = (short(str(values.get(changed[0]) or "(vacío)")) for values in (before, after))
        return f"cambió «{labels[changed[0]].label}» de la iniciativa «{name}» de «{old}» a «{new}»"
    return f"editó la iniciativa «{name}»: {', '.join(labels[field].label for field in changed[:6])}{'…' if len(changed) > 6 else ''}"
