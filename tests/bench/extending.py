"""What hooks cost: the grid of initiatives with 0, 4 and 20 enabled plugins, and one call beside pluggy alone."""

import asyncio
import gc
import statistics
import time
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

import pluggy
from sqlalchemy import text

from acogida.app.web import create_app
from acogida.app.wiring import Services
from acogida.kernel import hooks
from acogida.kernel.hooks import Hooks, InitiativeColumn, NavLink, Plugin, hookimpl
from acogida.kernel.tenancy import Tenant
from acogida.kernel.work import Work
from support.extensions import enable, having
from support.make import work_as

MANY = 20
CALLS = 150


class Column:
    """Gives a column that says something of one initiative in ten: from what it knows, or asking the database."""

    asks = False
    known: list[UUID] = []

    @hookimpl
    async def initiative_columns(self, work: Work) -> list[InitiativeColumn]:
        rows = await self.rows(work) if Column.asks else Column.known
        return [InitiativeColumn("Columna", dict.fromkeys(rows, "Dice algo"))]

    @staticmethod
    async def rows(work: Work) -> list[UUID]:
        return list(await work.session.scalars(text("select id from core.initiative order by id limit 20")))


def plugin(number: int) -> Plugin:
    return Plugin(
        name=f"bench{number:02}",
        title=f"Extensión {number}",
        summary="Mide.",
        touches=("Nada.",),
        version="1",
        platform=("0.1", "99"),
        nav=(NavLink(f"Extensión {number}"),),
        hooks=Column(),
    )


async def plugins(
    services: Services, tenant: Tenant, asker: Callable[[Any, str, str], Callable[[], Awaitable[Any]]], secret: str
) -> None:
    """Prints the cost of hooks: `asker` makes a call to a page with the session `secret`."""
    async with work_as(services, tenant) as work:
        Column.known = await Column.rows(work)
    with having(*(plugin(number) for number in range(MANY))):
        app = create_app(services.settings, services)
        ask = asker(app, "/m/temuco/iniciativas", secret)
        print("\n  Extensiones (grilla de iniciativas, una columna cada una)")
        alone = await _median(ask)
        print(f"    0 habilitadas {alone:>26.1f} ms")
        for enabled in (4, MANY):
            for number in range(enabled):
                await enable(services, tenant, f"bench{number:02}")
            for Column.asks, words in ((False, "sin consultas"), (True, "con una consulta")):
                took = await _median(ask)
                print(f"  {enabled:>3} habilitadas, {words:<16}{took:>8.1f} ms  razón {took / alone:.2f}")
        Column.asks = False
        await _dispatch(services, tenant)


async def _median(ask: Callable[[], Awaitable[Any]], rounds: int = 60) -> float:
    for _ in range(15):
        await ask()
    gc.collect()
    taken = []
    for _ in range(rounds):
        began = time.perf_counter()
        await ask()
        taken.append((time.perf_counter() - began) * 1000)
    return statistics.median(taken)


async def _dispatch(services: Services, tenant: Tenant) -> None:
    """A call of ours is contained: a task, a limit of time and a session of its own. Pluggy alone calls a function."""
    bare = pluggy.PluginManager("acogida")
    bare.add_hookspecs(Hooks)
    bare.register(Column())

    async def alone() -> None:
        await asyncio.gather(*bare.hook.initiative_columns(work=None))

    async def timed(call: Callable[[], Awaitable[Any]]) -> float:
        for _ in range(20):
            await call()
        taken = []
        for _ in range(CALLS):
            began = time.perf_counter()
            await call()
            taken.append((time.perf_counter() - began) * 1_000_000)
        return statistics.median(taken)

    pure = await timed(alone)
    async with work_as(services, tenant) as work:
        await hooks.enabled(work)
        ours = await timed(lambda: _fresh(work)) / MANY
        query = await timed(lambda: Column.rows(work))
        Column.asks = True
        asks = await timed(lambda: _fresh(work)) / MANY
    print(
        f"  Por llamada: pluggy solo {pure:.0f} µs, nuestra {ours:.0f} µs; "
        f"una consulta sola {query:.0f} µs, nuestra con ella {asks:.0f} µs"
    )


async def _fresh(work: Work) -> None:
    """As at the start of a request: what was spent before does not count."""
    work.session.info.pop("contained", None)
    await hooks.initiative_columns(work)
