"""Deciding the general objective and the specific ones."""

from collections.abc import Sequence
from uuid import UUID

from acogida.features.initiatives import store
from acogida.features.initiatives.actions.writing import (
    among,
    axis_of,
    findings_of,
    set_fields,
    short,
    swap,
    unchanged_since,
)
from acogida.features.initiatives.forms import EditObjective
from acogida.features.initiatives.model import Objective, ObjectiveFinding
from acogida.kernel import audit
from acogida.kernel.work import Work


async def set_general_objective(work: Work, wanted: EditObjective) -> Objective:
    """This function will set the one general objective; the first time it makes it."""
    work.require("planning:edit")
    row = await store.general_objective(work, lock=True)
    if row is None:
        return await _add_objective(work, "general", wanted)
    return await edit_objective(work, row.id, wanted)


async def add_objective(work: Work, wanted: EditObjective) -> Objective:
    """This function will add a specific objective after the others."""
    work.require("planning:edit")
    return await _add_objective(work, "specific", wanted)


async def _add_objective(work: Work, kind: str, wanted: EditObjective) -> Objective:
    changes = await _objective_changes(work, wanted)
    others = await store.objectives(work, lock=True)
    row = Objective(kind=kind, **changes, position=max((each.position for each in others), default=0) + 1)
    work.session.add(row)
    await work.session.flush()
    findings = await _tie_objective(work, row, wanted.findings)

    await audit.record(
        work,
        "objective.added",
        f"escribió {_objective_name(row)}",
        subject=row,
        after={**changes, "findings": findings},
    )
    return row


async def edit_objective(work: Work, objective_id: UUID, wanted: EditObjective) -> Objective:
    """This function will change an objective and the findings it answers."""
    work.require("planning:edit")
    row = await store.objective(work, objective_id, lock=True)
    unchanged_since(row, wanted.version)
    changes = await _objective_changes(work, wanted)

    known = list(await store.findings_of_objective(work, row.id))
    before = await set_fields(work, row, changes)
    findings = await _tie_objective(work, row, wanted.findings)

    await audit.record(
        work,
        "objective.edited",
        f"editó {_objective_name(row)}",
        subject=row,
        before={**before, "findings": sorted(map(str, known))},
        after={**changes, "findings": findings},
    )
    return row


async def move_objective(work: Work, objective_id: UUID, *, up: bool) -> Objective:
    """This function will swap a specific objective with its neighbour."""
    work.require("planning:edit")
    specific = [each for each in await store.objectives(work, lock=True) if each.kind == "specific"]
    row = among(specific, objective_id)
    if await swap(work, specific, row, up=up):
        await audit.record(work, "objective.moved", f"{'subió' if up else 'bajó'} {_objective_name(row)}", subject=row)
    return row


async def remove_objective(work: Work, objective_id: UUID) -> None:
    """This function will take an objective out; its initiatives stay, without an objective."""
    work.require("planning:edit")
    row = await store.objective(work, objective_id, lock=True)

    await store.erase_objective(work, objective_id)

    await audit.record(
        work, "objective.removed", f"quitó {_objective_name(row)}", subject=row, before={"statement": row.statement}
    )


async def _objective_changes(work: Work, wanted: EditObjective) -> dict[str, object]:
    return {**wanted.changes(without=("version", "findings")), "axis_id": await axis_of(work, wanted.axis_id)}


async def _tie_objective(work: Work, row: Objective, wanted: Sequence[str]) -> list[str]:
    """Leaves the objective tied to exactly these findings; gives their ids as the book writes them."""
    chosen = await findings_of(work, wanted)
    known = set(await store.findings_of_objective(work, row.id))
    await store.unlink_objective(work, row.id, known - chosen)
    work.session.add_all(ObjectiveFinding(objective_id=row.id, finding_id=each) for each in sorted(chosen - known))
    await work.session.flush()
    return sorted(map(str, chosen))


def _objective_name(row: Objective) -> str:
    return "el objetivo general" if row.kind == "general" else f"el objetivo «{short(row.statement)}»"
