"""One PostgreSQL for the whole run, in memory where there is room; a fresh copy of a migrated database for each test.

It stands at the root because the tests of the plugins use it as those of the platform do. Tests connect as `app`, never as a superuser: a superuser proves nothing about the wall.
"""

import asyncio
import os
import re
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest
import structlog
from psycopg import sql

from acogida.adapters import embedded_postgres
from acogida.app import plugins
from acogida.app.migrate import migrate
from acogida.app.seed import load_territory
from acogida.app.wiring import Services, assemble
from acogida.kernel.clock import FixedClock
from support.environment import TEMPLATE, settings_for, share, test_server
from support.visitor import Visitor, application


def _folder() -> Path:
    memory = Path("/dev/shm")
    roomy = memory.is_dir() and os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > 1_500_000_000
    folder = Path(tempfile.mkdtemp(prefix="acogida-tests-", dir=memory if roomy else "/var/tmp"))
    folder.chmod(0o755)
    return folder


def pytest_configure(config: pytest.Config) -> None:
    # The default draws every local of every frame, ten seconds a failure: far beyond any limit of time that is tested.
    plain = structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)
    structlog.configure(processors=[*structlog.get_config()["processors"][:-1], plain])
    if hasattr(config, "workerinput") or config.option.collectonly:
        return
    folder = _folder()
    config.stash_folder = folder  # type: ignore[attr-defined]
    server = embedded_postgres.start(folder, fast=True)
    migrate(server.url("acogida_owner", driver="psycopg"), plugins.loaded(None, strict=True))

    async def territory() -> None:
        services = assemble(settings_for(server, folder, TEMPLATE))
        await load_territory(services)
        await services.close()

    asyncio.run(territory())
    share(server)


def pytest_unconfigure(config: pytest.Config) -> None:
    folder: Path | None = getattr(config, "stash_folder", None)
    if folder:
        embedded_postgres.stop(folder)
        shutil.rmtree(embedded_postgres.place(folder), ignore_errors=True)
        shutil.rmtree(folder, ignore_errors=True)


_NOBODYS = re.compile(
    r"[\w.+-]+@[\w-]+\.(?:cl|org|com|test)\b|\b\d{1,2}\.\d{3}\.\d{3}-[\dkK]\b"
    r"|una clave larga|a-secret-that-only-the-tests-know|postgresql(?:\+\w+)?://\w+:[^@\s]+@"
)
"""What no line of log may carry: an e-mail, a RUT, a password, the secret of the installation, that of the database."""
_told: dict[str, str] = {}


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Looks into what each test left in the log of the product, in the process that gathers the reports."""
    for title, said in report.sections:
        if "stderr" in title and (found := _NOBODYS.search(said)):
            line = said[said.rfind("\n", 0, found.start()) + 1 : found.start()]
            if line.startswith("{"):  # a line of the product's, not of a tool that the test ran
                _told.setdefault(report.nodeid, f"{line[-120:]}«{found[0]}»")


def pytest_sessionfinish(session: pytest.Session) -> None:
    if _told and session.exitstatus == 0:
        session.exitstatus = 1


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if _told:
        terminalreporter.section("the log names people or secrets", red=True)
        for test, said in _told.items():
            terminalreporter.line(f"{test}: {said}")


@pytest.fixture(scope="session")
def server() -> embedded_postgres.Server:
    return test_server()


_made = 0


@pytest.fixture
def database_name(server: embedded_postgres.Server) -> Iterator[str]:
    """A database of this test's own, migrated, with the territory loaded."""
    global _made
    _made += 1
    name = f"test_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}_{os.getpid()}_{_made}"
    with psycopg.connect(server.url("postgres", driver="libpq", database="postgres"), autocommit=True) as connection:
        connection.execute(
            sql.SQL("create database {} template {} strategy file_copy").format(
                sql.Identifier(name), sql.Identifier(TEMPLATE)
            )
        )
        yield name
        connection.execute(sql.SQL("drop database {} with (force)").format(sql.Identifier(name)))


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(datetime(2026, 11, 23, 15, 0, tzinfo=UTC))


@pytest.fixture
async def services(
    server: embedded_postgres.Server, database_name: str, clock: FixedClock, tmp_path: Path
) -> AsyncIterator[Services]:
    """The services of a web process over this test's database, as role `app`."""
    shared = application().state.base_services
    made = assemble(
        settings_for(server, tmp_path, database_name), clock=clock, renderer=shared.renderer, guides=shared.guides
    )
    yield made
    await made.search.close()
    await made.database.close()


@pytest.fixture
async def worker_services(services: Services, server: embedded_postgres.Server) -> AsyncIterator[Services]:
    """The same, as role `worker`."""
    made = assemble(
        services.settings,
        clock=services.clock,
        renderer=services.renderer,
        guides=services.guides,
        mailer=services.mailer,
        worker=True,
    )
    yield made
    await made.search.close()
    await made.database.close()


@pytest.fixture
async def visitor(services: Services) -> AsyncIterator[Visitor]:
    """Somebody with a browser, not signed in."""
    async with Visitor(services) as somebody:
        yield somebody
