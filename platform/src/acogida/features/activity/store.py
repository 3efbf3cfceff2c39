"""Questions about what happened and about the tasks that failed."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, or_, select, text

from acogida.kernel.audit import AuditEntry
from acogida.kernel.errors import NotFound
from acogida.kernel.work import Work


@dataclass(frozen=True, slots=True)
class Sought:
    """What a reader of the book looks for: everything, when nothing is said."""

    person: str | None = None
    """Name of whoever did it, as it was written that day."""
    things: Collection[str] | None = None
    """Tables of the things concerned."""
    subject: UUID | None = None
    """One thing."""


_NEWEST = select(AuditEntry).order_by(AuditEntry.seq.desc())


async def newest(work: Work, sought: Sought, *, before: int | None = None, limit: int) -> Sequence[AuditEntry]:
    """The last entries first; `before` is the number of the last one already shown."""
    query = _sought(_NEWEST, sought).limit(limit)
    return (await work.session.scalars(query.where(AuditEntry.seq < before) if before else query)).all()


async def oldest(work: Work, sought: Sought, *, after: UUID | None = None, limit: int) -> Sequence[AuditEntry]:
    """In the order in which things happened; `after` is the id of the last one already received."""
    query = _sought(select(AuditEntry), sought).order_by(AuditEntry.seq).limit(limit)
    if after:
        seen = await work.session.scalar(select(AuditEntry.seq).where(AuditEntry.id == after))
        if seen is None:
            raise NotFound
        query = query.where(AuditEntry.seq > seen)
    return (await work.session.scalars(query)).all()


async def whole(work: Work) -> Sequence[AuditEntry]:
    return (await work.session.scalars(select(AuditEntry).order_by(AuditEntry.seq))).all()


async def people(work: Work) -> Sequence[str]:
    """Names of everyone who did something here, by name."""
    return (await work.session.scalars(select(AuditEntry.actor_name).distinct().order_by(AuditEntry.actor_name))).all()


def _sought(query: Select[Any], sought: Sought) -> Select[Any]:
    if sought.person:
        query = query.where(AuditEntry.actor_name == sought.person)
    if sought.things is not None:
        query = query.where(_concerns(sought.things))
    if sought.subject:
        query = query.where(AuditEntry.subject_id == sought.subject)
    return query


def _concerns(things: Collection[str]) -> ColumnElement[bool]:
    resource = func.split_part(AuditEntry.tag, ".", 1)
    return or_(AuditEntry.subject_type.in_(things), resource.in_(things))


@dataclass(frozen=True, slots=True)
class Failed:
    """A task of this workspace that was tried as often as it could be and did not come out."""

    id: int
    task: str
    listener: str
    attempts: int
    tried_at: datetime | None
    """When its last try was due."""
    waiting: bool
    """Whether somebody already asked for another try."""


_FAILED = """
select id, task_name as task, coalesce(args ->> 'listener', '') as listener, attempts, scheduled_at as tried_at,
       exists (select from jobs.procrastinate_jobs again
               where again.task_name = 'retry_job' and again.status in ('todo', 'doing')
                 and again.args ->> 'job_id' = failed.id::text) as waiting
from jobs.procrastinate_jobs failed
where status = 'failed' and task_name <> 'retry_job' and args ->> 'tenant_id' = cast(:tenant as text)
"""
_FAILED_LIST = text(f"{_FAILED} order by id desc limit :limit")
_FAILED_ONE = text(f"{_FAILED} and id = :id")


async def failed_jobs(work: Work, *, limit: int = 200) -> list[Failed]:
    """The last to fail first. The wall shows each tenant its own tasks only."""
    rows = await work.session.execute(_FAILED_LIST, {"tenant": str(work.tenant.id), "limit": limit})
    return [Failed(*row) for row in rows]


async def failed_job(work: Work, job_id: int) -> Failed:
    rows = await work.session.execute(_FAILED_ONE, {"tenant": str(work.tenant.id), "id": job_id})
    found = rows.one_or_none()
    if found is None:
        raise NotFound
    return Failed(*found)
