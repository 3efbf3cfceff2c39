"""Two engines for one catalogue: the first answers while it can, and the second whenever it can't.

Who searches always gets an answer and is told when it came from the second. The first is given up at once when it is down,
late, answers with an error or lost what it had; it is tried again after a pause. Both are always written.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import replace
from typing import Protocol

import structlog

from acogida.kernel.errors import Unavailable
from acogida.kernel.ports import PracticeDocument, PracticeQuery, PracticesFound, SearchIndex

log = structlog.get_logger()
PATIENCE = 1.0
"""Seconds that a reader waits for the first engine."""
PAUSE = 15.0
"""Seconds that it rests after failing, and that having been found fit is believed."""
ENOUGH = 0.9
"""Share of the practices that it must hold to be believed: one that started empty holds fewer."""


class CountingIndex(SearchIndex, Protocol):
    """An engine that can say how much it holds in no time."""

    async def count(self) -> int: ...


class FallbackSearch:
    """`SearchIndex` over two others."""

    def __init__(
        self,
        first: CountingIndex,
        second: CountingIndex,
        *,
        patience: float = PATIENCE,
        pause: float = PAUSE,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._first, self._second = first, second
        self._patience, self._pause, self._now = patience, pause, now
        self._resting_until = self._fit_until = float("-inf")

    async def search(self, query: PracticeQuery) -> PracticesFound:
        if self._now() >= self._resting_until:
            try:
                async with asyncio.timeout(self._patience):
                    await self._see_that_it_is_fit()
                    return await self._first.search(query)
            except (Unavailable, TimeoutError) as error:
                self._rest(error)
        return replace(await self._second.search(query), fallback=True)

    async def _see_that_it_is_fit(self) -> None:
        if self._now() < self._fit_until:
            return
        held, all_of_them = await asyncio.gather(self._first.count(), self._second.count())
        if held < ENOUGH * all_of_them:
            raise Unavailable(f"El buscador tiene {held} prácticas de {all_of_them}.")
        self._fit_until = self._now() + self._pause

    def _rest(self, error: Exception) -> None:
        self._resting_until, self._fit_until = self._now() + self._pause, float("-inf")
        log.warning("search.fallback", reason=str(error) or "timeout")

    async def upsert(self, documents: Sequence[PracticeDocument]) -> None:
        await self._second.upsert(documents)
        await self._first.upsert(documents)

    async def remove(self, ids: Sequence[str]) -> None:
        await self._second.remove(ids)
        await self._first.remove(ids)

    async def rebuild(self, documents: Callable[[], AsyncIterator[PracticeDocument]]) -> int:
        await self._second.rebuild(documents)
        made = await self._first.rebuild(documents)
        self._resting_until = float("-inf")
        return made

    async def fingerprint(self) -> Mapping[str, str]:
        return await self._first.fingerprint()

    async def healthy(self) -> bool:
        try:
            async with asyncio.timeout(self._patience):
                await self._see_that_it_is_fit()
        except (Unavailable, TimeoutError):
            return False
        return True

    def engines(self) -> Sequence[tuple[str, SearchIndex]]:
        return (*self._first.engines(), *self._second.engines())

    async def close(self) -> None:
        await self._first.close()
        await self._second.close()
