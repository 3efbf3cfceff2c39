"""Deciding how to make the policy known, and writing down what was done."""

from uuid import UUID

from acogida.features.diffusion import store
from acogida.features.diffusion.forms import KINDS, EditAction, EditPlan
from acogida.features.diffusion.model import DiffusionAction, DiffusionPlan
from acogida.kernel import audit
from acogida.kernel.errors import Stale
from acogida.kernel.work import Work


async def edit_plan(work: Work, wanted: EditPlan) -> DiffusionPlan:
    """This function will set the plan of diffusion; the first time it makes it."""
    work.require("diffusion:edit")
    plan = await store.plan(work, lock=True)
    if plan is None:
        plan = DiffusionPlan()
        work.session.add(plan)
        before: dict[str, object] = {}
    else:
        if plan.version != wanted.version:
            raise Stale(plan)
        before = {name: getattr(plan, name) for name in wanted.changes()}

    for name, value in wanted.changes().items():
        setattr(plan, name, value)
    await work.session.flush()

    await audit.record(
        work,
        "diffusion_plan.edited",
        "definió cómo difundir la Política",
        subject=plan,
        before=before,
        after=wanted.changes(),
    )
    return plan


async def add_action(work: Work, wanted: EditAction) -> DiffusionAction:
    """This function will write down something done for the diffusion."""
    work.require("diffusion:edit")
    row = DiffusionAction(**wanted.changes())
    work.session.add(row)
    await work.session.flush()

    await audit.record(
        work,
        "diffusion_action.added",
        f"registró en la difusión «{row.title}» ({KINDS[row.kind]})",
        subject=row,
        after=wanted.changes(),
    )
    return row


async def edit_action(work: Work, action_id: UUID, wanted: EditAction) -> DiffusionAction:
    """This function will correct something written down before."""
    work.require("diffusion:edit")
    row = await store.action(work, action_id, lock=True)
    if row.version != wanted.version:
        raise Stale(row)

    before = {name: getattr(row, name) for name in wanted.changes()}
    for name, value in wanted.changes().items():
        setattr(row, name, value)
    await work.session.flush()

    await audit.record(
        work,
        "diffusion_action.edited",
        f"corrigió «{row.title}» en la difusión",
        subject=row,
        before=before,
        after=wanted.changes(),
    )
    return row


async def remove_action(work: Work, action_id: UUID) -> None:
    """This function will take something off the list; the audit keeps what it said."""
    work.require("diffusion:edit")
    row = await store.action(work, action_id, lock=True)
    before = {name: getattr(row, name) for name in EditAction.form_fields() if name != "version"}
    await store.erase(work, action_id)

    await audit.record(
        work, "diffusion_action.removed", f"quitó «{row.title}» de la difusión", subject=row, before=before
    )
