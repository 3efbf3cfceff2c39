"""Side effects leave through here: a job is put in the queue by the same transaction that writes the row.

If the transaction rolls back there is no job; if it commits the job runs at least once. Arguments are ids, never
content: whoever runs the job reads the row as it is then. Jobs of one record run one at a time, in order (`lock`);
several pending deliveries of the same record count as one (`queueing_lock`).
"""

import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from sqlalchemy import text

from acogida.kernel.db import TenantSession
from acogida.kernel.work import Work

_DEFER = text(
    """
    insert into jobs.procrastinate_jobs (queue_name, task_name, priority, lock, queueing_lock, args, scheduled_at)
    values (:queue, :task, :priority, :lock, :queueing_lock, cast(:args as jsonb), :at)
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
    at: datetime | None = None,
) -> None:
    """This function will queue `task` with `args` in the caller's transaction, to run now or not before `at`.

    `coalesce` merges pending twins.
    """
    await session.execute(
        _DEFER,
        {
            "queue": queue,
            "task": task,
            "priority": priority,
            "lock": lock,
            "queueing_lock": coalesce,
            "args": json.dumps(dict(args), ensure_ascii=False),
            "at": at,
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
    kind = type(event)
    also = [listener for source in MORE_LISTENERS for listener in await source(work, kind)]
    for listener in (*LISTENERS.get(kind, []), *also):
        await deliver(work, listener, event.id, shared=event.shared)


async def deliver(work: Work, listener: str, about: UUID, *, shared: bool = False, at: datetime | None = None) -> None:
    """This function will queue one delivery for one listener; pending twins of the same record count as one.

    It runs now, or not before `at`. What is `shared` is delivered in no municipality.
    """
    place = {} if shared else {"tenant_id": str(work.tenant.id), "slug": work.tenant.slug}
    key = f"{place.get('tenant_id', 'shared')}:{listener}:{about}"
    await defer(
        work.session, "deliver", {"listener": listener, **place, "id": str(about)}, lock=key, coalesce=key, at=at
    )


LISTENERS: dict[type[Event], list[str]] = {}
"""Which listeners hear which event. Filled once by the composition root, never at run time."""

MORE_LISTENERS: list[Callable[[Work, type[Event]], Awaitable[Sequence[str]]]] = []
"""Who knows of listeners that each municipality turns on. Filled once by the composition root."""
