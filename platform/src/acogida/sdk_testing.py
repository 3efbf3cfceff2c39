"""What who writes a plugin needs to try it: a workspace of its own with the plugin on, and somebody signed in to it.

In a test file, `stand = stand_for(PLUGIN)` makes a fixture; every test that asks for `stand` gets a fresh `Stand`. It
starts the embedded PostgreSQL once a run, or uses the one that the tests of this checkout have started. Needs `pytest`,
`pytest-asyncio` and `httpx`, which the platform itself does not.
"""

import atexit
import importlib
import json
import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from uuid import UUID

import httpx
import psycopg
import pytest
from litestar import Litestar
from psycopg import sql

from acogida.adapters import embedded_postgres
from acogida.adapters.embedded_postgres import Server
from acogida.app import plugins
from acogida.app.migrate import migrate
from acogida.app.seed import load_territory
from acogida.app.settings import CHECKOUT, DatabaseSettings, Secret, Settings
from acogida.app.web import create_app
from acogida.app.wiring import Services, assemble
from acogida.features.cycles.public import newest, open_first_cycle
from acogida.features.extensions import public as extensions
from acogida.features.initiatives.public import draft_initiative
from acogida.features.municipalities.public import Municipality, as_tenant
from acogida.features.people.model import Membership, Person, WebSession
from acogida.kernel import hooks
from acogida.kernel.db import new_id
from acogida.kernel.hooks import Installed
from acogida.kernel.identity import digest, new_secret
from acogida.kernel.manifest import Plugin
from acogida.kernel.permissions import rights_of
from acogida.kernel.tenancy import Actor, PersonId, Tenant
from acogida.kernel.work import Work

__all__ = ["Browser", "Stand", "stand_for"]

_SHARED = "ACOGIDA_TEST_SERVER"
"""Where the tests of the checkout say which server they have started."""
_TEMPLATE = "acogida"


class Browser:
    """Somebody at the screen: `await browser.get(path)`, `await browser.post(path, {"name": "…"})`."""

    def __init__(self, app: Litestar, secret: str) -> None:
        # pyrefly: ignore[bad-argument-type] because Litestar writes the same protocol with types of its own
        transport = httpx.ASGITransport(app=app, raise_app_exceptions=True)
        self._http = httpx.AsyncClient(transport=transport, base_url="http://acogida.test", timeout=30)
        if secret:
            self._http.cookies.set("sesion", secret)

    async def get(self, path: str) -> httpx.Response:
        return await self._http.get(path)

    async def post(self, path: str, fields: Mapping[str, str | Sequence[str]] | None = None) -> httpx.Response:
        """This method will send a form as a browser would; redirects are not followed."""
        if "csrf" not in self._http.cookies:
            await self._http.get("/ayuda")
        data = {name: value if isinstance(value, str) else list(value) for name, value in (fields or {}).items()}
        return await self._http.post(path, data={**data, "_csrf_token": self._http.cookies["csrf"]})

    async def close(self) -> None:
        await self._http.aclose()


@dataclass
class Stand:
    """A workspace with the plugin on. `home` is the address of the plugin's pages in it."""

    services: Services
    app: Litestar
    tenant: Tenant
    plugin: Plugin

    @property
    def home(self) -> str:
        return hooks.home(self.tenant, self.plugin.name)

    @asynccontextmanager
    async def work(self, *roles: str) -> AsyncIterator[Work]:
        """This method will open a work in the workspace, committed at the end, with these roles (the secretary's)."""
        names = roles or ("secretary",)
        actor = Actor(None, "Rosa Painemal", roles=frozenset(names), rights=rights_of(names))
        async with self.services.database.transaction(tenant=self.tenant) as session:
            yield Work(session, self.services.clock, actor, self.tenant)

    @asynccontextmanager
    async def browser(self, *roles: str, member: bool = True) -> AsyncIterator[Browser]:
        """This method will give somebody signed in with these roles, or a stranger to the workspace."""
        secret = await self._person(roles or ("secretary",), member=member)
        browser = Browser(self.app, secret)
        try:
            yield browser
        finally:
            await browser.close()

    async def initiative(self, name: str) -> UUID:
        """This method will add an initiative to the policy and give its id."""
        async with self.work() as work:
            return await draft_initiative(work, name)

    async def turn_off(self) -> None:
        """This method will disable the plugin, as the municipality would."""
        async with self.work() as work:
            await extensions.disable(work, self.plugin.name)

    async def _person(self, roles: Sequence[str], *, member: bool) -> str:
        now, secret = self.services.clock.now(), new_secret()
        person = Person(id=new_id(), email=f"{new_id()}@acogida.test", name="Rosa Painemal", password_hash=None)
        async with self.services.database.transaction(tenant=self.tenant, person=PersonId(person.id)) as session:
            session.add(person)
            await session.flush()
            if member:
                session.add(Membership(person_id=person.id, roles=list(roles), cargo="Encargada", since=now.date()))
            session.add(
                WebSession(
                    id_hash=digest(secret),
                    person_id=person.id,
                    created_at=now,
                    seen_at=now,
                    expires_at=now.replace(year=now.year + 1),
                    agent="prueba",
                )
            )
        return secret


def stand_for(plugin: Plugin, *, cut: str = "09101") -> Callable[..., AsyncIterator[Stand]]:
    """This function will make a fixture that gives a fresh `Stand` of the plugin, in the commune `cut`."""

    @pytest.fixture
    async def stand(tmp_path: Path) -> AsyncIterator[Stand]:
        server, name = _server(), f"stand_{os.getpid()}_{new_id().hex[:8]}"
        before = hooks.registry()
        registry = plugins.load([Installed(plugin.name, lambda: plugin, _folder(plugin))], strict=True)
        with psycopg.connect(
            server.url("postgres", driver="libpq", database="postgres"), autocommit=True
        ) as connection:
            named = {"name": sql.Identifier(name), "template": sql.Identifier(_TEMPLATE)}
            connection.execute(sql.SQL("create database {name} template {template}").format(**named))
            connection.execute(sql.SQL("grant create on database {name} to acogida_owner").format(**named))
            try:
                migrate(server.url("acogida_owner", driver="psycopg", database=name), registry)
                services = assemble(_settings(server, tmp_path, name))
                hooks.use(registry, extensions.enabled)
                tenant = await _workspace(services, cut)
                one = Stand(services, create_app(services.settings, services), tenant, plugin)
                async with one.work() as work:
                    await extensions.enable(work, plugin.name)
                yield one
                await services.close()
            finally:
                hooks.use(before, extensions.enabled)
                connection.execute(sql.SQL("drop database {name} with (force)").format(**named))

    return stand


def _folder(plugin: Plugin) -> Path | None:
    """Where the package of the plugin is: its templates and its migrations are found in it."""
    module = importlib.import_module(f"acogida_{plugin.name}")
    return Path(module.__file__).parent if module.__file__ else None


@cache
def _server() -> Server:
    if known := os.environ.get(_SHARED):
        told = json.loads(known)
        return Server(Path(told["data"]), told["port"], told["passwords"])
    folder = Path(tempfile.mkdtemp(prefix="acogida-stand-", dir="/var/tmp"))
    folder.chmod(0o755)
    server = embedded_postgres.start(folder, fast=True)
    atexit.register(_stop, folder)
    migrate(server.url("acogida_owner", driver="psycopg"), plugins.load([]))
    return server


def _stop(folder: Path) -> None:
    embedded_postgres.stop(folder)
    shutil.rmtree(embedded_postgres.place(folder), ignore_errors=True)
    shutil.rmtree(folder, ignore_errors=True)


def _settings(server: Server, data: Path, database: str) -> Settings:
    roles = ("acogida_app", "acogida_worker", "acogida_owner")
    return Settings(
        environment="test",
        data=data,
        catalogue=CHECKOUT / "catalogue",
        host="127.0.0.1",
        port=8000,
        metrics_port=0,
        public_url="http://acogida.test",
        secret_key=Secret("a-secret-that-only-the-tests-know-0123456789"),
        database=DatabaseSettings(*(Secret(server.url(role, database=database)) for role in roles)),
        log_format="json",
        plugins=(),
    )


async def _workspace(services: Services, cut: str) -> Tenant:
    await load_territory(services)
    cycle = open_first_cycle(newest(services.guides))
    row = Municipality(
        id=new_id(),
        cut=cut,
        slug="comuna",
        name="La Comuna",
        demo=False,
        current_cycle_id=cycle.id,
        opened_at=services.clock.now(),
    )
    tenant = as_tenant(row)
    async with services.database.transaction(tenant=tenant) as session:
        session.add(row)
        await session.flush()
        session.add(cycle)
    return tenant
