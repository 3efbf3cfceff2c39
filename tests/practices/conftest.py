"""The catalogue as its files give it: loaded once, and a copy of that database for each test that asks for it."""

import asyncio
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from acogida.adapters import embedded_postgres
from acogida.app.seed import load_practices
from acogida.app.wiring import assemble
from acogida.kernel.clock import FixedClock
from support.environment import TEMPLATE, settings_for


@pytest.fixture(scope="session")
def loaded(server: embedded_postgres.Server, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A database with the 119 practices of the catalogue: 39 published, 80 in review."""
    name = f"catalogue_{os.getpid()}"
    with psycopg.connect(server.url("postgres", driver="libpq", database="postgres"), autocommit=True) as connection:
        connection.execute(
            sql.SQL("create database {} template {} strategy file_copy").format(
                sql.Identifier(name), sql.Identifier(TEMPLATE)
            )
        )
    asyncio.run(_load(server, tmp_path_factory.mktemp("catalogue"), name))
    return name


async def _load(server: embedded_postgres.Server, folder: Path, name: str) -> None:

    clock = FixedClock(datetime(2026, 11, 23, 15, 0, tzinfo=UTC))
    services = assemble(settings_for(server, folder, name), clock=clock)
    await load_practices(services)
    await services.close()


@pytest.fixture
def catalogue() -> None:
    """Ask for it before `services`: this test's database then holds the catalogue."""


@pytest.fixture
def database_name(request: pytest.FixtureRequest, server: embedded_postgres.Server) -> Iterator[str]:
    """A database of this test's own; with the catalogue where the test asks for it."""
    template = request.getfixturevalue("loaded") if "catalogue" in request.fixturenames else TEMPLATE
    name = f"practices_{os.getpid()}_{abs(hash(request.node.nodeid))}"
    with psycopg.connect(server.url("postgres", driver="libpq", database="postgres"), autocommit=True) as connection:
        connection.execute(
            sql.SQL("create database {} template {} strategy file_copy").format(
                sql.Identifier(name), sql.Identifier(template)
            )
        )
        yield name
        connection.execute(sql.SQL("drop database {} with (force)").format(sql.Identifier(name)))
