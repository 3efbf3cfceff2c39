"""Brings the database to the tables of this version of the code. Runs as the owner role, before anything serves.

The core goes first and each plugin after it, in a schema and a line of revisions of its own: taking a plugin away never
leaves the core without its head. A plugin's migration that fails, or that leaves a table without its tenant's wall, is
undone whole and told; the others go on.
"""

from pathlib import Path

import structlog
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine, text

from acogida.app import installed, plugins
from acogida.app.settings import Secret
from acogida.kernel.db import TABLE_FAULTS
from acogida.kernel.hooks import Installed, Refused, Registry

log = structlog.get_logger()
FOLDER = Path(__file__).resolve().parents[1] / "migrations"

_WITHOUT_TENANT = text(
    """
    select c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where n.nspname = :schema and c.relkind in ('r', 'p') and c.relname <> 'alembic_version'
      and not exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'tenant_id' and not a.attisdropped)
    """
)


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    config.attributes["connection"] = connection
    return config


def migrate(owner_url: Secret | str, registry: Registry | None = None) -> str:
    """This function will run every pending migration and give the revision that the core has reached.

    Without a `registry` the plugins are all those installed.

    Waits at most five seconds for a lock: a migration that would make people wait gives up and says so.
    """
    engine = create_engine(str(owner_url).replace("+asyncpg", "+psycopg"))
    try:
        with engine.connect() as connection:
            connection.execute(text("set lock_timeout = '5s'"))
            connection.execute(text("set statement_timeout = '15min'"))
            connection.execute(text("create schema if not exists core"))
            connection.commit()
            config = _config(connection)
            head = ScriptDirectory.from_config(config).get_current_head()
            context = MigrationContext.configure(connection, opts={"version_table_schema": "core"})
            if context.get_current_revision() != head:
                connection.rollback()
                command.upgrade(config, "head")
                connection.commit()
            connection.rollback()
            registry = plugins.loaded(None, strict=False) if registry is None else registry
            for name in list(registry.offered):
                with registry.setting_aside(name):
                    _migrate_plugin(connection, registry.installed[name])
            return head or ""
    finally:
        engine.dispose()


def _migrate_plugin(connection: Connection, one: Installed) -> None:
    """One transaction for all of it: either the plugin stands behind the wall or nothing of it changed."""
    folder, schema = one.part("migrations"), f"plugin_{one.name}"
    if folder is None:
        return
    with connection.begin():
        version = f"{schema}.alembic_version"
        known = connection.scalar(text("select to_regclass(:table)"), {"table": version})
        reached = known and connection.scalar(text(f"select version_num from {version}"))  # noqa: S608 because names are checked when loaded
        if reached == installed.newest(folder):
            return
        connection.execute(text(f"create schema if not exists {schema}"))
        connection.execute(text(f"grant usage on schema {schema} to acogida_app, acogida_worker"))
        config = _config(connection)
        config.set_main_option("version_locations", str(folder))
        config.set_main_option("path_separator", "newline")
        config.attributes["schema"] = schema
        command.upgrade(config, "head")
        connection.execute(text(f"grant select on {version} to acogida_app, acogida_worker"))
        holes = [hole for hole in connection.scalars(text(TABLE_FAULTS)) if hole.startswith(f"{schema}.")]
        holes += [
            f"{schema}.{table}: sin tenant_id" for table in connection.scalars(_WITHOUT_TENANT, {"schema": schema})
        ]
        if holes:
            raise Refused(f"tablas sin su muro: {'; '.join(holes)}")
    log.info("plugin.migrated", plugin=one.name, revision=installed.newest(folder))
