"""The unit of work: one request or one job, one transaction, one tenant, one actor."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import date
from functools import wraps
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from acogida.kernel.clock import Clock, today, zone_of
from acogida.kernel.db import TenantSession
from acogida.kernel.errors import NotAllowed, NotFound
from acogida.kernel.tenancy import STRANGER, Actor, Tenant

Answer = TypeVar("Answer")


@dataclass(slots=True)
class Work:
    """What an action needs to do its job. Actions never commit: whoever opened the work does, once, at the edge."""

    session: TenantSession
    clock: Clock
    actor: Actor = STRANGER
    municipality: Tenant | None = None
    request_id: str = ""
    doomed: bool = False
    """True once the answer is a refusal: whatever was written is rolled back, so a returned 4xx never commits."""
    reads_only: bool = False
    """True where the transaction refuses to write: what it was told once stays so until it ends."""
    told: dict[Callable[..., Any], Any] = field(default_factory=dict, repr=False)
    """What `asked_once` remembers."""

    @property
    def tenant(self) -> Tenant:
        """The municipality of this work; `NotFound` where there is none, as if the page did not exist."""
        if self.municipality is None:
            raise NotFound
        return self.municipality

    @property
    def zone(self) -> ZoneInfo:
        """Time zone of the commune: dates on paper are local dates."""
        return zone_of(self.tenant.cut)

    def today(self) -> date:
        """This method will give the calendar day in the commune."""
        return today(self.clock, self.zone)

    def doom(self) -> None:
        """This method will make the edge roll everything back instead of committing."""
        self.doomed = True

    def require(self, permission: str) -> None:
        """This method will raise `NotAllowed` unless the actor holds the permission here."""
        if not self.actor.may(permission):
            raise NotAllowed


def asked_once(question: Callable[[Work], Awaitable[Answer]]) -> Callable[[Work], Awaitable[Answer]]:
    """This decorator will ask the question once in a work that only reads: facts, duties and the page share the answer."""

    @wraps(question)
    async def ask(work: Work) -> Answer:
        if not work.reads_only:
            return await question(work)
        if question not in work.told:
            work.told[question] = await question(work)
        return work.told[question]

    return ask
