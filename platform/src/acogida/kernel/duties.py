"""Who owes what by when, told by the features that know: agreements of a session, answers that somebody waits for.

A feature declares `async def duties(work) -> Sequence[Duty]` in its `duties.py`; the composition root registers it. What
stands in somebody's name and must pass to another before they leave is told by `HOLDINGS` in its `holdings.py`.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from acogida.kernel.work import Work


@dataclass(frozen=True, slots=True)
class Duty:
    """Something that somebody has undertaken to do and has not done yet."""

    text: str
    who: str
    """As it was written down: a name, a unit, a team. May be empty."""
    path: str
    """Where it is seen and finished, relative to the workspace: `sesiones/…`."""
    due_on: date | None = None
    mine: bool = False
    """Whether it falls on whoever asks."""


DutySource = Callable[[Work], Awaitable[Sequence[Duty]]]

SOURCES: list[DutySource] = []
"""Filled once by the composition root."""


async def gather(work: Work) -> list[Duty]:
    """This function will list everything that is owed: first what is due first, what has no date last."""
    owed = [duty for source in SOURCES for duty in await source(work)]
    return sorted(owed, key=lambda duty: (duty.due_on is None, duty.due_on or date.max, duty.text))


@dataclass(frozen=True, slots=True)
class Held:
    """Something in somebody's name, that somebody else must take when they leave."""

    kind: str
    id: UUID
    text: str
    path: str
    """Where it is seen, relative to the workspace."""
    due_on: date | None = None

    @property
    def key(self) -> str:
        """How a form names it."""
        return f"{self.kind}:{self.id}"


@dataclass(frozen=True, slots=True)
class Holding:
    """A kind of thing that people hold by name: who asks what somebody holds, and who gives one to another."""

    held: Callable[[Work, str], Awaitable[Sequence[Held]]]
    give: Callable[[Work, UUID, str, str], Awaitable[None]]
    """(work, id, from, to): raises `NotFound` where it is not there any more."""


HOLDINGS: dict[str, Holding] = {}
"""By kind. Filled once by the composition root."""


async def held_by(work: Work, name: str) -> list[Held]:
    """This function will list what stands in this name in the workspace: first what is due first."""
    found = [thing for holding in HOLDINGS.values() for thing in await holding.held(work, name)]
    return sorted(found, key=lambda thing: (thing.due_on is None, thing.due_on or date.max, thing.text))
