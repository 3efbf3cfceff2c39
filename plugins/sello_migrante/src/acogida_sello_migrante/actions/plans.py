"""The municipal work plan: what is done, by whom and until when."""

from typing import Any
from uuid import UUID

from acogida.sdk import NotFound, Rejected, Stale, Work, audit, initiative
from acogida_sello_migrante import store
from acogida_sello_migrante.actions.writing import as_id, known_criterion, locked, set_fields
from acogida_sello_migrante.forms import EditAction, EditPlan
from acogida_sello_migrante.model import Action, Plan

NAMES = {"work": "plan de trabajo", "training": "plan de capacitación"}
MOST_ACTIONS = 500


async def edit_plan(work: Work, kind: str, wanted: EditPlan) -> Plan:
    """This function will write what stands above a plan: its objective, its approval, its evaluation."""
    work.require("planning:edit")
    row = await store.plan(work, kind, lock=True)
    if (row.version if row else 0) != wanted.version:
        raise Stale(row)
    if row is None:
        row = Plan(kind=kind)
        work.session.add(row)
        await work.session.flush()
    before = await set_fields(work, row, wanted.changes())
    await audit.record(
        work,
        "plan.edited",
        f"escribió los datos del {NAMES[kind]} del Sello Migrante",
        subject=row,
        before=before,
        after=wanted.changes(),
    )
    return row


async def add_action(work: Work, wanted: EditAction) -> Action:
    """This function will add an action to the work plan."""
    work.require("planning:edit")
    if len(await store.actions(work)) >= MOST_ACTIONS:
        raise Rejected(f"El plan admite hasta {MOST_ACTIONS} acciones.")
    row = Action(**await _changes(work, wanted))
    work.session.add(row)
    await work.session.flush()
    await audit.record(
        work,
        "action.added",
        f"agregó al plan de trabajo del Sello Migrante «{row.title}»",
        subject=row,
        after=wanted.changes(),
    )
    return row


async def edit_action(work: Work, action_id: UUID, wanted: EditAction) -> Action:
    """This function will change an action of the work plan."""
    work.require("planning:edit")
    row = await locked(work, Action, action_id, wanted.version)
    changes = await _changes(work, wanted)
    before = await set_fields(work, row, changes)
    await audit.record(
        work,
        "action.edited",
        f"cambió la acción «{row.title}» del plan de trabajo del Sello Migrante",
        subject=row,
        before=before,
        after=changes,
    )
    return row


async def remove_action(work: Work, action_id: UUID) -> Action:
    """This function will take an action out of the work plan."""
    work.require("planning:edit")
    row = await store.one(work, Action, action_id, lock=True)
    await store.erase(work, Action, action_id)
    await audit.record(
        work,
        "action.removed",
        f"quitó del plan de trabajo del Sello Migrante «{row.title}»",
        subject=row,
        before={name: getattr(row, name) for name in ("title", "detail", "unit", "responsible", "state")},
    )
    return row


async def _changes(work: Work, wanted: EditAction) -> dict[str, Any]:
    """As they are kept. What is finished bears a day: today, where nobody told another."""
    await known_criterion(work, wanted.criterion)
    initiative_id = as_id(wanted.initiative_id)
    if wanted.initiative_id:
        try:
            await initiative(work, initiative_id) if initiative_id else None
        except NotFound:
            initiative_id = None
        if initiative_id is None:
            raise Rejected(fields={"initiative_id": "Esta iniciativa ya no está en la Política. Elija otra."})
    done_on = (wanted.done_on or work.today()) if wanted.state == "done" else None
    return {**wanted.changes(), "initiative_id": initiative_id, "done_on": done_on}
