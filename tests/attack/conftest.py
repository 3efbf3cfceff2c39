"""One database, planted once, for the whole attack: what an attack may not do is precisely to change it."""

import os
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import psycopg
import pytest_asyncio
from psycopg import sql

from acogida.adapters.embedded_postgres import Server
from acogida.app.wiring import assemble
from acogida.kernel.clock import FixedClock
from attack.planting import NOW
from attack.siege import FULL, Siege, besiege
from support.environment import TEMPLATE, settings_for
from support.visitor import application


@pytest_asyncio.fixture(scope="package", loop_scope="package")
async def siege(server: Server, tmp_path_factory) -> AsyncIterator[Siege]:
    """Two municipalities, and whoever wants in."""
    name = f"siege_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}_{os.getpid()}"
    with psycopg.connect(server.url("postgres", driver="libpq", database="postgres"), autocommit=True) as connection:
        connection.execute(
            sql.SQL("create database {} template {} strategy file_copy").format(
                sql.Identifier(name), sql.Identifier(TEMPLATE)
            )
        )
        folder: Path = tmp_path_factory.mktemp("siege")
        shared = application().state.base_services
        services = assemble(
            settings_for(server, folder, name), clock=FixedClock(NOW), renderer=shared.renderer, guides=shared.guides
        )
        made = await besiege(server, name, services, application())
        yield made
        told = ", ".join(f"{category} {times}" for category, times in sorted(made.attempts.items()))
        sys.stderr.write(
            f"\n  {'Ataque completo' if FULL else 'Ataque de muestra'}: {sum(made.attempts.values()):,} intentos, "
            f"{made.leaks} fugas ({told})\n"
        )
        made.owner.close()
        await services.search.close()
        await services.database.close()
        connection.execute(sql.SQL("drop database {} with (force)").format(sql.Identifier(name)))
