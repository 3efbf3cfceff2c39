"""What tests of plugins need: one turned on in a workspace, and other plugins than those installed."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from psycopg import sql

from acogida.adapters.embedded_postgres import Server
from acogida.app import plugins
from acogida.app.wiring import Services
from acogida.features.extensions import actions
from acogida.features.extensions import public as extensions
from acogida.kernel import hooks
from acogida.kernel.hooks import Installed, Plugin, Registry
from acogida.kernel.tenancy import Tenant
from support.make import work_as


async def enable(services: Services, tenant: Tenant, name: str) -> None:
    """Turn a plugin on, as the secretary would."""
    async with work_as(services, tenant) as work:
        await actions.enable(work, name)


def installed(*found: Plugin, folder: Path | None = None) -> list[Installed]:
    """These manifests, as if their entry points had been found."""

    def loader(plugin: Plugin):
        return lambda: plugin

    return [Installed(plugin.name, loader(plugin), folder) for plugin in found]


def let_migrate(server: Server, database: str) -> None:
    """A copy of the template does not bring the owner's right to make schemas."""
    with psycopg.connect(server.url("postgres", driver="libpq", database=database)) as superuser:
        superuser.execute(sql.SQL("grant create on database {} to acogida_owner").format(sql.Identifier(database)))


@contextmanager
def having(*found: Plugin, strict: bool = True) -> Iterator[Registry]:
    """A process that has these plugins and no other."""
    before = hooks.registry()
    registry = plugins.load(installed(*found), strict=strict)
    hooks.use(registry, extensions.enabled)
    try:
        yield registry
    finally:
        hooks.use(before, extensions.enabled)
