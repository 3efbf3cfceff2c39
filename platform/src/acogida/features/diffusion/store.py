"""Questions about diffusion."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import delete, select

from acogida.features.diffusion.model import DiffusionAction, DiffusionPlan
from acogida.kernel.errors import NotFound
from acogida.kernel.work import Work

# Made once: the board asks these each time.
_PLAN = select(DiffusionPlan)
_ACTIONS = select(DiffusionAction).order_by(DiffusionAction.id)


async def plan(work: Work, *, lock: bool = False) -> DiffusionPlan | None:
    return await work.session.scalar(_PLAN.with_for_update() if lock else _PLAN)


async def actions_done(work: Work, *, after: UUID | None = None, limit: int | None = None) -> Sequence[DiffusionAction]:
    """By id, which is the order in which they were written down."""
    query = _ACTIONS.limit(limit) if limit else _ACTIONS
    return (await work.session.scalars(query.where(DiffusionAction.id > after) if after else query)).all()


async def action(work: Work, action_id: UUID, *, lock: bool = False) -> DiffusionAction:
    query = select(DiffusionAction).where(DiffusionAction.id == action_id)
    found = await work.session.scalar(query.with_for_update() if lock else query)
    if found is None:
        raise NotFound
    return found


async def erase(work: Work, action_id: UUID) -> None:
    await work.session.execute(delete(DiffusionAction).where(DiffusionAction.id == action_id))
