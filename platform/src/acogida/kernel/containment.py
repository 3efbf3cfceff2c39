"""Running somebody else's code inside an officer's request, so that whatever it does the request goes on.

Each call has its own SAVEPOINT, a limit of time for itself and for each of its queries, and a session that can neither
commit nor roll back the officer's work. What raises, exits or takes too long is logged with its name and left aside;
after three failures in a row it rests for some minutes in that tenant. It contains faults, not malice: code of the same
process that means harm, or that never gives the processor back, can't be held by anything written here.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import NoReturn, TypeVar

import structlog
from sqlalchemy import event, text

from acogida.kernel.db import TenantSession
from acogida.kernel.tenancy import Tenant, TenantId
from acogida.kernel.work import Work

log = structlog.get_logger()
T = TypeVar("T")

BUDGET = timedelta(seconds=1.5)
"""What a call may take; a query begun later is refused."""
LONGEST_QUERY = timedelta(seconds=1)
"""What one of its queries may take. The server ends it, so that the officer's connection is never cut in mid-air."""
STRIKES = 3
REST = timedelta(minutes=5)

_LIMIT = text(f"set local statement_timeout = {int(LONGEST_QUERY.total_seconds() * 1000)}")
_NO_LIMIT = text("set local statement_timeout to default")


class Failed(Exception):
    """The call did not come out, or its owner is resting: go on without it. It has been logged already."""


class Overdue(Exception):
    """The call had used up its time and asked for one query more."""


class NotYours(RuntimeError):
    """The transaction belongs to whoever opened it."""


class LentSession(TenantSession):
    """The session of a work as it is lent: it asks and adds, and never ends what it did not begin."""

    @staticmethod
    def of(session: TenantSession) -> "LentSession":
        lent = LentSession.__new__(LentSession)
        lent.__dict__.update(session.__dict__)
        return lent

    def _refuse(self) -> NoReturn:
        raise NotYours("A lent session is not committed, rolled back nor closed")

    async def commit(self) -> NoReturn:
        self._refuse()

    async def rollback(self) -> NoReturn:
        self._refuse()

    async def close(self) -> NoReturn:
        self._refuse()

    async def enter(self, tenant: Tenant) -> NoReturn:
        del tenant
        self._refuse()


@dataclass(slots=True)
class _Record:
    failures: int
    reason: str
    until: datetime


@dataclass(frozen=True, slots=True)
class Rest:
    """Until when somebody's code rests in a tenant, and the name of what it last failed with."""

    until: datetime
    reason: str


_records: dict[tuple[TenantId, str], _Record] = {}
"""Failures in a row, in this process: another process finds out by itself."""


def resting(work: Work, name: str) -> Rest | None:
    """This function will tell until when `name` rests in this tenant, or None when it may be called."""
    record = _records.get((work.tenant.id, name))
    if record is None or record.failures < STRIKES or record.until <= work.clock.now():
        return None
    return Rest(record.until, record.reason)


def forgive(work: Work, name: str) -> None:
    """This function will forget the failures of `name` in this tenant: somebody has asked to try again."""
    _records.pop((work.tenant.id, name), None)


@asynccontextmanager
async def limited(work: Work) -> AsyncIterator[None]:
    """This function will hold every query made within it to `LONGEST_QUERY`: put it around the calls of `contained`."""
    await work.session.execute(_LIMIT)
    try:
        yield
    finally:
        await work.session.execute(_NO_LIMIT)


async def contained(work: Work, name: str, call: Callable[[Work], Awaitable[T]]) -> T:
    """This function will make the call with a lent work and give what it gives, or raise `Failed`."""
    if resting(work, name):
        raise Failed(name)
    with structlog.contextvars.bound_contextvars(plugin=name):
        try:
            result = await _bounded(work, call)
        except (Exception, SystemExit) as error:
            key = (work.tenant.id, name)
            before = _records[key].failures if key in _records else 0
            _records[key] = _Record(before + 1, type(error).__name__, work.clock.now() + REST)
            log.error("plugin.failed", tenant=work.tenant.slug, failures=before + 1, exc_info=error)
            raise Failed(name) from error
    _records.pop((work.tenant.id, name), None)
    return result


async def _bounded(work: Work, call: Callable[[Work], Awaitable[T]]) -> T:
    session, loop = work.session, asyncio.get_running_loop()
    late = loop.time() + BUDGET.total_seconds()

    def refuse_late(_state: object) -> None:
        if loop.time() > late:
            raise Overdue

    event.listen(session.sync_session, "do_orm_execute", refuse_late)
    try:
        # By the time this cuts, the server has ended any query begun before `late`: no connection is lost.
        async with asyncio.timeout_at(late + LONGEST_QUERY.total_seconds()), session.begin_nested():
            return await call(replace(work, session=LentSession.of(session)))
    finally:
        event.remove(session.sync_session, "do_orm_execute", refuse_late)
