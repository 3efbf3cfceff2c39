"""Side effects leave through here: a job is put in the queue by the same transaction that writes the row.

If the transaction rolls back there is no job; if it commits the job runs at least once. Arguments are ids, never
content: whoever runs the job reads the row as it is then. Jobs of one record run one at a time, in order (`lock`);
several pending deliveries of the same record count as one (`queueing_lock`).
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import ClassVar
from uuid import UUID

from sqlalchemy import text

from acogida.kernel.db import TenantSession
from acogida.kernel.work import Work

_DEFER = text(
    """
    insert into jobs.procrastinate_jobs (queue_name, task_name, priority, lock, queueing_lock, args, scheduled_at)
    values (:queue, :task, :priority, :lock, :queueing_lock, cast(:args as jsonb), null)
    on conflict (queueing_lock) where status = 'todo' do nothing
    """
)


async def defer(
    session: TenantSession,
    task: str,
    args: Mapping[str, str | int | None],
    *,
    queue: str = "default",
    lock: str | None = None,
    coalesce: str | None = None,
    priority: int = 0,
) -> None:
    """This function will queue `task` with `args` in the caller's transaction. `coalesce` merges pending twins."""
    await session.execute(
        _DEFER,
        {
            "queue": queue,
            "task": task,
            "priority": priority,
            "lock": lock,
            "queueing_lock": coalesce,
            "args": json.dumps(dict(args), ensure_ascii=False),
        },
    )


@dataclass(frozen=True, slots=True)
class Event:
    """A fact in past tense about one record of one tenant. Subclasses name it: `InitiativeEdited(id)`."""

    shared: ClassVar[bool] = False
    """True where the record belongs to no tenant: its listeners get a work without one."""
    id: UUID


async def publish(work: Work, event: Event) -> None:
    """This function will queue one delivery of the event for each listener registered for its class."""
    listeners: list[str] = LISTENERS.get(type(event), [])
    place = {} if event.shared else {"tenant_id": str(work.tenant.id), "slug": work.tenant.slug}
    for listener in listeners:
        args = {field.name: str(getattr(event, field.name)) for field in fields(event)}
        key = f"{place.get('tenant_id', 'shared')}:{listener}:{event.id}"
        await defer(work.session, "deliver", {"listener": listener, **place, **args}, lock=key, coalesce=key)


LISTENERS: dict[type[Event], list[str]] = {}
"""Which listeners hear which event. Filled once by the composition root, never at run time."""
