"""Brings the database to the tables of this version of the code. Runs as the owner role, before anything serves."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine, text

from acogida.app.settings import Secret

FOLDER = Path(__file__).resolve().parents[1] / "migrations"


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    config.attributes["connection"] = connection
    return config


def migrate(owner_url: Secret | str) -> str:
    """This function will run every pending migration and give the revision reached.

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
            return head or ""
    finally:
        engine.dispose()
