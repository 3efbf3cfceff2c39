"""The wall: every table with a tenant is behind it, and keys never cross it."""

import psycopg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine

from acogida.adapters.embedded_postgres import Server
from acogida.app import models
from acogida.kernel.db import SCHEMA, TABLE_FAULTS, Base, Database, UnsafeRole, refuse_unsafe

KEYS_WITHOUT_TENANT = """
select conrelid::regclass::text || '.' || conname
from pg_constraint c
where contype = 'f'
  and exists (select from pg_attribute a where a.attrelid = c.conrelid and a.attname = 'tenant_id')
  and exists (select from pg_attribute a where a.attrelid = c.confrelid and a.attname = 'tenant_id')
  and not exists (select from unnest(c.conkey) k join pg_attribute a on a.attrelid = c.conrelid and a.attnum = k where a.attname = 'tenant_id')
"""
UNIQUES_WITHOUT_TENANT = """
select i.indexrelid::regclass::text
from pg_index i
join pg_class c on c.oid = i.indrelid
join pg_attribute t on t.attrelid = c.oid and t.attname = 'tenant_id'
where i.indisunique and i.indkey[0] <> t.attnum
"""
SECRETS_ARE_UNIQUE = {"core.uq_invitation_token_hash", "core.uq_api_token_token_hash"}
"""A link's or a key's hash is unique in the whole land on purpose: 256 bits of chance tell nothing of a tenant."""


@pytest.fixture
def connection(server: Server, database_name: str):
    with psycopg.connect(server.url("acogida_owner", driver="libpq", database=database_name)) as opened:
        yield opened


def test_every_table_of_a_tenant_is_behind_the_wall(connection: psycopg.Connection) -> None:
    """ENABLE, FORCE and a policy with both halves. Use `protect` of migrations/wall.py."""
    assert connection.execute(TABLE_FAULTS).fetchall() == []


def test_the_migrations_leave_the_tables_of_the_models(server: Server, database_name: str) -> None:
    """What a fresh installation has is what the classes say: add a migration, never edit one that has left the house."""
    models.load()
    engine = create_engine(server.url("acogida_owner", driver="psycopg", database=database_name))
    with engine.connect() as connection:
        options = {
            "include_schemas": True,
            "include_name": lambda found, kind, _parents: kind != "schema" or found == SCHEMA,
            "include_object": lambda _object, found, kind, _reflected, _other: found != "alembic_version",
            "compare_type": True,
        }
        differences = compare_metadata(MigrationContext.configure(connection, opts=options), Base.metadata)
    engine.dispose()

    assert differences == []


def test_no_key_between_tenants_leaves_the_tenant_out(connection: psycopg.Connection) -> None:
    """Foreign keys ignore row-level security. Declare them with `tenant_key`."""
    assert connection.execute(KEYS_WITHOUT_TENANT).fetchall() == []


def test_unique_rules_of_a_tenant_begin_with_the_tenant(connection: psycopg.Connection) -> None:
    """Otherwise one municipality could learn that another has a value."""
    found = {name for (name,) in connection.execute(UNIQUES_WITHOUT_TENANT)}
    assert {name if "." in name else f"core.{name}" for name in found} - SECRETS_ARE_UNIQUE == set()


def test_the_book_can_only_grow(connection: psycopg.Connection) -> None:
    """`app` and `worker` may add audit entries and read them, nothing else."""
    grants = connection.execute(
        "select distinct privilege_type from information_schema.role_table_grants "
        "where table_schema = 'core' and table_name = 'audit_entry' and grantee in ('acogida_app', 'acogida_worker')"
    ).fetchall()
    assert {verb for (verb,) in grants} == {"INSERT", "SELECT"}


async def test_the_process_refuses_a_role_that_skips_the_wall(server: Server, database_name: str) -> None:
    """Neither a superuser nor the owner of the tables may serve."""
    for role in ("postgres", "acogida_owner"):
        database = Database(server.url(role, database=database_name))
        with pytest.raises(UnsafeRole):
            await refuse_unsafe(database)
        await database.close()


async def test_the_process_refuses_a_table_without_its_wall(server: Server, database_name: str) -> None:
    """A table left unprotected by anybody stops the start."""
    with psycopg.connect(server.url("acogida_owner", driver="libpq", database=database_name)) as owner:
        owner.execute("alter table core.initiative no force row level security")
    database = Database(server.url("acogida_app", database=database_name))
    with pytest.raises(UnsafeRole, match=r"core\.initiative"):
        await refuse_unsafe(database)
    await database.close()
