"""What is true of a workspace, told by the features that know: the guide's gates are judged from these, never from ticks.

A feature declares `async def facts(work) -> dict[str, Fact]`; the composition root registers it. The methodology's
rows name facts by key (`acts.letter_signed_by_mayor`).
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from acogida.kernel.work import Work


@dataclass(frozen=True, slots=True)
class Fact:
    """Whether something is so, and a short Spanish sentence that shows it («3 hallazgos, 1 sin evidencia»)."""

    met: bool
    shows: str = ""
    count: int | None = None


FactSource = Callable[[Work], Awaitable[Mapping[str, Fact]]]

SOURCES: list[FactSource] = []
"""Filled once by the composition root."""


async def gather(work: Work) -> dict[str, Fact]:
    """This function will ask every feature what is true of the workspace now."""
    known: dict[str, Fact] = {}
    for source in SOURCES:
        known.update(await source(work))
    return known
