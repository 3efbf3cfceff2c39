"""Running somebody else's code inside an officer's request, so that whatever it does the request goes on.

Each call runs apart: in a task of its own, with a limit of time for itself and for each of its queries, and with a
session of its own over the same transaction. That session sees what the officer has written, keeps nothing unless the
call is one that writes, and can neither end the transaction nor step out of the tenant. What raises, exits, takes too
long or will not stop is logged with its name and left aside; after three failures in a row it rests for some minutes in
that tenant. It contains faults, not malice: code of the same process that means harm, or that never gives the processor
back, can't be held by anything written here.
"""

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from contextvars import ContextVar
from copy import copy
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any, NoReturn, TypeVar

import structlog
from sqlalchemy import event, text
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from acogida.kernel.clock import Clock
from acogida.kernel.db import BoundSession, TenantSession
from acogida.kernel.tenancy import Tenant, TenantId
from acogida.kernel.work import Work

log = structlog.get_logger()
T = TypeVar("T")

BUDGET = timedelta(seconds=1.5)
"""What a call may take; a query begun later is refused."""
LONGEST_QUERY = timedelta(seconds=1)
"""What one of its queries may take. The server ends it, so that the officer's connection is never cut in mid-air."""
ALLOWANCE = timedelta(seconds=4)
"""What all the calls of one request may take together. Once it is spent each of the others has `LEAST`."""
LEAST = timedelta(seconds=0.25)
GRACE = timedelta(seconds=0.1)
"""What a call that has been told to stop is waited for."""
STRIKES = 3
REST = timedelta(minutes=5)


class Failed(Exception):
    """The call did not come out, or its owner is resting: go on without it. It has been logged already."""


class Overdue(Exception):
    """The call had used up its time."""


class Stopped(Exception):
    """The call tried to end more than itself: it exited, or was cancelled by nobody."""


class NotYours(RuntimeError):
    """The transaction, the tenant and the tables belong to whoever opened them."""


# --- The session that is lent --------------------------------------------------------------------


@dataclass(slots=True)
class _Lending:
    """What is known of one call while it runs."""

    late: float
    """Time of the loop after which no query begins."""
    busy: bool = False
    """Whether a query of its is on its way."""
    wrote: bool = False
    """Whether it has said anything to the database that is not a plain question."""


_lending: ContextVar[_Lending | None] = ContextVar("lending", default=None)
_NOT_THEIRS = re.compile(
    r"^(?:\s|\(|;|/\*.*?\*/|--[^\n]*\n)*(?:set|reset|discard|begin|start|commit|end|abort|rollback(?!\s+to\b)|prepare|deallocate|lock|copy|listen|"
    r"notify|create|alter|drop|truncate|grant|revoke|comment|security|reassign|vacuum|analyze|cluster|reindex|refresh|"
    r"do|call|load|import)\b|\bset_config\s*\(|\bpg_(?:terminate|cancel)_backend\b|\bpg_advisory",
    re.IGNORECASE | re.DOTALL,
)
"""What a call never says to the database: whatever is the transaction's, the tenant's or the tables'."""


_ASKS = re.compile(r"\s*(?:select\b|with\b|values\b|SAVEPOINT sa_savepoint_)", re.IGNORECASE)
_MAY_WRITE = re.compile(r"\b(?:insert|update|delete|merge)\b", re.IGNORECASE)


class _LentHeart(BoundSession):
    """The synchronous heart of a lent session. Its first query opens a SAVEPOINT and limits those that follow."""


@event.listens_for(_LentHeart, "after_begin")
def _limit(session: Session, _transaction: object, connection: Any) -> None:
    milliseconds = int(session.info["longest"].total_seconds() * 1000)
    connection.execute(text(f"set local statement_timeout = {milliseconds}"), execution_options={"of_the_house": True})


@event.listens_for(Engine, "before_cursor_execute")
def _refuse(
    _connection: object, _cursor: object, statement: str, _parameters: object, context: Any, _many: bool
) -> None:
    lending = _lending.get()
    if lending is None or context is None or context.execution_options.get("of_the_house"):
        return
    if asyncio.get_running_loop().time() > lending.late:
        raise Overdue
    if _NOT_THEIRS.search(statement):
        raise NotYours("Who answers a question neither ends the transaction, nor changes tenant nor tables")
    lending.busy = True
    if not _ASKS.match(statement) or (_MAY_WRITE.search(statement) and not statement.startswith("SAVEPOINT")):
        lending.wrote = True


@event.listens_for(Engine, "after_cursor_execute")
def _came_back(*_: object) -> None:
    lending = _lending.get()
    if lending is not None:
        lending.busy = False


class LentSession(TenantSession):
    """A session over somebody else's transaction: what it changes is kept only if whoever lent it says so."""

    @classmethod
    async def over(cls, session: TenantSession) -> "LentSession":
        """This method will lend the transaction of a session, with what that one has not written yet."""
        if session.new or session.dirty or session.deleted:
            await session.flush()
        return cls(
            bind=await session.connection(),
            sync_session_class=_LentHeart,
            join_transaction_mode="create_savepoint",
            expire_on_commit=False,
            info=_lent_info(session),
        )

    def pass_on(self, session: TenantSession) -> None:
        """This method will make it as new for the next to be asked: nothing of what the one before held is in it."""
        self.sync_session.expunge_all()
        self.sync_session.info.clear()
        self.sync_session.info.update(_lent_info(session))

    async def end(self, *, keep: bool) -> None:
        """This method will give the transaction back, for whoever lent it."""
        if keep and self.in_transaction():
            await super().flush()
            await super().execute(
                text("set local statement_timeout to default"), execution_options={"of_the_house": True}
            )
            await super().commit()
        await super().close()

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


def _lent_info(session: TenantSession) -> dict[str, Any]:
    info: dict[str, Any] = {name: session.info.get(name) for name in ("tenant_id", "cycle_id", "person_id")}
    if plugins := session.info.get("plugins"):
        info["plugins"] = MappingProxyType(plugins)
    return {**info, "lent": True, "longest": LONGEST_QUERY}


class _Copies(dict[Any, Any]):
    """What a request that only reads was told already: whoever is lent it gets a copy, and can't spoil another's.

    What it asks anew is kept for the others who are lent the work, apart from what the core was told.
    """

    def __init__(self, core: dict[Any, Any], lent: dict[Any, Any]) -> None:
        super().__init__()
        self._core, self._lent = core, lent

    def __contains__(self, question: object) -> bool:
        return question in self._core or question in self._lent

    def __getitem__(self, question: Any) -> Any:
        return copy(self._core[question] if question in self._core else self._lent[question])

    def __setitem__(self, question: Any, answer: Any) -> None:
        self._lent[question] = copy(answer)


# --- Who rests -----------------------------------------------------------------------------------


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


@dataclass(frozen=True, slots=True)
class Failure:
    """One call that did not come out: whose, what it was asked, and the kind of error. No data of anybody."""

    name: str
    question: str
    reason: str


_records: dict[tuple[TenantId, str], _Record] = {}
"""Failures in a row, in this process: another process finds out by itself."""


def resting(work: Work, name: str) -> Rest | None:
    """This function will tell until when `name` rests in this tenant, or None when it may be called."""
    record = _records.get((work.tenant.id, name))
    if record is None or record.failures < STRIKES or record.until <= work.clock.now():
        return None
    return Rest(record.until, record.reason)


@dataclass(frozen=True, slots=True)
class Resting:
    """Somebody's code that rests in some tenant."""

    name: str
    tenant_id: TenantId
    until: datetime
    reason: str


def all_resting(clock: Clock) -> list[Resting]:
    """This function will list whose code rests now, wherever it is, in this process."""
    now = clock.now()
    return [
        Resting(name, tenant_id, record.until, record.reason)
        for (tenant_id, name), record in _records.items()
        if record.failures >= STRIKES and record.until > now
    ]


def forgive(work: Work, name: str) -> None:
    """This function will forget the failures of `name` in this tenant: somebody has asked to try again."""
    _records.pop((work.tenant.id, name), None)


def failures(work: Work) -> list[Failure]:
    """This function will give the calls of this request that did not come out, so that they can be told."""
    found: _Tally | None = work.session.info.get("contained")
    return found.failures if found else []


# --- The call ------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Tally:
    """What the calls of one request have cost so far."""

    spent: float = 0.0
    told: dict[Any, Any] = field(default_factory=dict)
    asking: int = 0
    """How many blocks of `asking` are open."""
    lent: LentSession | None = None
    """The session that those who are asked in one block pass on to each other, while none has spoiled it."""
    failures: list[Failure] = field(default_factory=list)


def _tally(work: Work) -> _Tally:
    found: _Tally = work.session.info.setdefault("contained", _Tally())
    return found


@asynccontextmanager
async def asking(work: Work) -> AsyncIterator[None]:
    """This function will let several be asked one after the other with one SAVEPOINT: put it around their calls.

    Whoever fails or writes has it rolled back before the next is asked; at the end nothing of it is left.
    """
    tally = _tally(work)
    tally.asking += 1
    try:
        yield
    finally:
        tally.asking -= 1
        if not tally.asking and (lent := tally.lent):
            tally.lent = None
            await lent.end(keep=False)


async def contained(
    work: Work,
    name: str,
    call: Callable[[Work], Awaitable[T]],
    *,
    question: str = "",
    keep: bool = False,
    budget: timedelta | None = None,
) -> T:
    """This function will make the call with a lent work and give what it gives, or raise `Failed`.

    `keep` lets it write; otherwise nothing that it changes stays. `budget` replaces the limit of time of a question.
    """
    if resting(work, name):
        raise Failed(name)
    tally, loop = _tally(work), asyncio.get_running_loop()
    began = loop.time()
    left = max(min(BUDGET, ALLOWANCE - timedelta(seconds=tally.spent)), LEAST)
    with structlog.contextvars.bound_contextvars(plugin=name, question=question):
        try:
            result = await _apart(work, call, (budget or left).total_seconds(), keep)
        except Exception as error:
            key, cause = (work.tenant.id, name), error.__cause__ if isinstance(error, Stopped) else error
            before = _records[key].failures if key in _records else 0
            reason = type(cause).__name__
            _records[key] = _Record(before + 1, reason, work.clock.now() + REST)
            tally.failures.append(Failure(name, question, reason))
            _note(work, before + 1, reason, error)
            raise Failed(name) from error
        finally:
            tally.spent += loop.time() - began
    if _records:
        _records.pop((work.tenant.id, name), None)
    return result


def _note(work: Work, failures: int, reason: str, error: Exception) -> None:
    try:
        log.error("plugin.failed", tenant=work.tenant.slug, failures=failures, exc_info=error)
    except Exception:  # noqa: BLE001 because an error of theirs may not even let itself be printed
        log.error("plugin.failed", tenant=work.tenant.slug, failures=failures, reason=reason)


async def _apart(work: Work, call: Callable[[Work], Awaitable[T]], seconds: float, keep: bool) -> T:
    """The call in a task of its own. Nothing is kept of one that fails, and one that will not stop is left behind."""
    tally, loop = _tally(work), asyncio.get_running_loop()
    lent, tally.lent = tally.lent, None
    if lent and keep:
        await lent.end(keep=False)
        lent = None
    if lent:
        lent.pass_on(work.session)
    else:
        lent = await LentSession.over(work.session)
    lending = _Lending(loop.time() + seconds)
    told = {} if keep else _Copies(work.told, tally.told)
    theirs = replace(work, session=lent, told=told, reads_only=work.reads_only and not keep)

    async def run() -> tuple[T | None, BaseException | None]:
        _lending.set(lending)
        try:
            return await call(theirs), None
        except BaseException as error:  # noqa: BLE001 because an exit or a cancellation of its own would go past us
            return None, error

    task = asyncio.create_task(run())
    whole = False
    try:
        done, _ = await asyncio.wait({task}, timeout=seconds)
        if not done and lending.busy:
            # The server ends a query begun before `late`: to be cut in the middle of one would cost the connection.
            done, _ = await asyncio.wait({task}, timeout=LONGEST_QUERY.total_seconds())
        if not done:
            raise Overdue
        result, error = task.result()
        if error is not None:
            if isinstance(error, Exception):
                raise error
            raise Stopped(type(error).__name__) from error
        if loop.time() > lending.late + LONGEST_QUERY.total_seconds():
            raise Overdue
        if keep:
            await lent.end(keep=True)
        whole = True
        return result  # type: ignore[return-value]
    finally:
        lending.late = 0.0
        if not task.done():
            await _stop(task)
        spoiled = not whole or lending.wrote or lent.sync_session.in_nested_transaction()
        if tally.asking and not keep and not spoiled:
            tally.lent = lent
        elif not (whole and keep):
            await lent.end(keep=False)


async def _stop(task: asyncio.Task[Any]) -> None:
    task.cancel()
    await asyncio.wait({task}, timeout=GRACE.total_seconds())
    if not task.done():
        # It swallows being told to stop: it may go on by itself, and no query of its will be answered.
        _left_behind.add(task)
        task.add_done_callback(_left_behind.discard)
        log.error("plugin.will_not_stop", left_behind=len(_left_behind))


_left_behind: set[asyncio.Task[Any]] = set()
