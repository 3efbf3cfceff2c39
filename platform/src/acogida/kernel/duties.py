"""Who owes what by when, told by the features that know: agreements of a session, answers that somebody waits for.

A feature declares `async def duties(work) -> Sequence[Duty]` in its `duties.py`; the composition root registers it.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import date

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
