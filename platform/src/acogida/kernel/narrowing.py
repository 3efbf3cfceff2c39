"""What a narrowed right may be given over, told by the feature that has it: ejes and initiatives of the plan.

A feature declares `async def scopes(work)` in its `scopes.py`; the composition root registers it. `permissions.reaches`
says whether somebody's right reaches a thing.
"""

from collections.abc import Awaitable, Callable, Sequence

from acogida.kernel.work import Work

ScopeSource = Callable[[Work], Awaitable[Sequence[tuple[str, str]]]]
SOURCES: list[ScopeSource] = []
"""Filled once by the composition root."""


async def scopes(work: Work) -> list[tuple[str, str]]:
    """This function will list what may be given to somebody, `axis:<id>` or `initiative:<id>`, each with its words."""
    return [found for source in SOURCES for found in await source(work)]
