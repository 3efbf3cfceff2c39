"""Questions about follow-up."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import func, select, text
from sqlalchemy.dialects.postgresql import distinct_on

from acogida.features.monitoring.model import ActionPlan, ProgressUpdate
from acogida.kernel.work import Work

_NEWEST = (ProgressUpdate.reported_on.desc(), ProgressUpdate.id.desc())
# Made once: the board asks these each time.
_PLAN = select(ActionPlan)
_LATEST = (
    select(ProgressUpdate)
    .ext(distinct_on(ProgressUpdate.initiative_id))
    .order_by(ProgressUpdate.initiative_id, *_NEWEST)
)


async def action_plan(work: Work, *, lock: bool = False) -> ActionPlan | None:
    return await work.session.scalar(_PLAN.with_for_update() if lock else _PLAN)


async def latest_updates(work: Work) -> dict[UUID, ProgressUpdate]:
    """The newest report of each initiative that has one."""
    return {row.initiative_id: row for row in await work.session.scalars(_LATEST)}


async def latest_update(work: Work, initiative_id: UUID) -> ProgressUpdate | None:
    query = select(ProgressUpdate).where(ProgressUpdate.initiative_id == initiative_id).order_by(*_NEWEST).limit(1)
    return await work.session.scalar(query)


async def updates_of(work: Work, initiative_id: UUID) -> Sequence[ProgressUpdate]:
    """Every report of an initiative, the newest first."""
    query = select(ProgressUpdate).where(ProgressUpdate.initiative_id == initiative_id).order_by(*_NEWEST)
    return (await work.session.scalars(query)).all()


async def updates(
    work: Work, *, initiative_id: UUID | None = None, after: UUID | None = None, limit: int | None = None
) -> Sequence[ProgressUpdate]:
    """By id, which is the order in which they were written."""
    query = select(ProgressUpdate).order_by(ProgressUpdate.id).limit(limit)
    if initiative_id:
        query = query.where(ProgressUpdate.initiative_id == initiative_id)
    return (await work.session.scalars(query.where(ProgressUpdate.id > after) if after else query)).all()


async def how_many_updates(work: Work, initiative_id: UUID | None = None) -> int:
    query = select(func.count(ProgressUpdate.id))
    if initiative_id:
        query = query.where(ProgressUpdate.initiative_id == initiative_id)
    return await work.session.scalar(query) or 0


async def one_reporter_at_a_time(work: Work, initiative_id: UUID) -> None:
    """Who reports on an initiative waits for whoever is reporting on it, until that work ends."""
    await work.session.execute(
        text("select pg_advisory_xact_lock(hashtextextended(:key, 0))"), {"key": f"progress:{initiative_id}"}
    )


async def reports_by_initiative(work: Work) -> dict[UUID, int]:
    """How many reports each initiative has."""
    query = select(ProgressUpdate.initiative_id, func.count(ProgressUpdate.id)).group_by(ProgressUpdate.initiative_id)
    return {row[0]: row[1] for row in await work.session.execute(query)}
