"""What a plugin declares is held to the rules of the house before anything is served."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from litestar import get, post
from sqlalchemy import Column, ForeignKeyConstraint, MetaData, Table, Text, UniqueConstraint, Uuid

from acogida.adapters.embedded_postgres import Server
from acogida.app import plugins
from acogida.app.migrate import migrate
from acogida.app.settings import Settings, allowed_plugins
from acogida.app.wiring import Services
from acogida.kernel.db import Base, Database, core_key, plugin_metadata, refuse_unsafe
from acogida.kernel.hooks import Plugin, Registry
from support.extensions import installed, let_migrate

MANIFEST = {"name": "one", "title": "Uno", "summary": "Prueba.", "touches": ("Nada.",), "version": "1"}


def plugin(**given: Any) -> Plugin:
    return Plugin(**{**MANIFEST, "platform": ("0.1", "1"), **given})


def set_aside(one: Plugin) -> str:
    """The reason why it was set aside, or nothing."""
    return plugins.load(installed(one)).quarantined.get(one.name, "")


def table(metadata: MetaData, *more: Any, name: str = "thing", key: tuple[str, ...] = ("tenant_id", "id")) -> Table:
    columns = [Column(each, Uuid, primary_key=True) for each in key]
    return Table(name, metadata, *columns, Column("other_id", Uuid), Column("name", Text), *more)


@pytest.fixture
def tables() -> MetaData:
    return plugin_metadata("one")


# --- Tables ---------------------------------------------------------------------------------------


def test_tables_that_keep_the_rules_are_taken(tables: MetaData) -> None:
    """In its schema, with its tenant first, and keys that carry it, to its own and to the core's."""
    table(tables, UniqueConstraint("tenant_id", "name"), core_key("other_id", to="initiative"))

    assert set_aside(plugin(metadata=tables)) == ""


def test_a_table_in_another_schema_is_refused() -> None:
    """Not even in the core's."""
    metadata = MetaData(schema="core")
    table(metadata, name="intruder")

    assert "no está en el esquema plugin_one" in set_aside(plugin(metadata=metadata))


def test_a_table_that_is_nobodys_is_refused(tables: MetaData) -> None:
    """Every table of a plugin belongs to a municipality."""
    table(tables, key=("id",))

    assert "no es (tenant_id, id)" in set_aside(plugin(metadata=tables))


def test_a_unique_rule_over_the_wall_is_refused(tables: MetaData) -> None:
    """It would tell one municipality what another has."""
    table(tables, UniqueConstraint("name"))

    assert "no llevan tenant_id" in set_aside(plugin(metadata=tables))


def test_a_key_that_leaves_the_tenant_out_is_refused(tables: MetaData) -> None:
    """It would let one municipality point at another's row."""
    initiative = Base.metadata.tables["core.initiative"]
    table(tables, ForeignKeyConstraint(["other_id"], [initiative.c.id]))

    assert "no llevan tenant_id" in set_aside(plugin(metadata=tables))


def test_a_plugin_does_not_keep_the_core_from_deleting() -> None:
    """A key to the core's tables gives way."""
    with pytest.raises(ValueError, match="does not keep the core"):
        core_key("initiative_id", to="initiative", on_delete="RESTRICT")


def test_a_table_slipped_among_the_core_s_is_refused() -> None:
    """Declared on the core's own collection while the plugin loads."""
    slipped = installed(plugin())[0]

    def load() -> object:
        table(Base.metadata, name="slipped")
        return slipped.load()

    try:
        registry = plugins.load([type(slipped)("one", load)])
    finally:
        Base.metadata.remove(Base.metadata.tables["core.slipped"])

    assert "declara tablas fuera de su esquema: core.slipped" in registry.quarantined["one"]


# --- Pages and API --------------------------------------------------------------------------------


@get("/", permission="workspace:read")
async def page() -> str:
    return ""


@get("/")
async def undeclared() -> str:
    return ""


@get("/", permission="public")
async def for_anyone() -> str:
    return ""


@get("/", permission="workspace:read", anonymous=True)
async def past_the_door() -> str:
    return ""


@get("/", permission="workspace:read", plugin="pladeco")
async def as_another() -> str:
    return ""


@get("/api", permission="workspace:read", operation_id="listInitiatives")
async def named_as_ours() -> str:
    return ""


@get("/api", permission="workspace:read", operation_id="oneList")
async def twin() -> str:
    return ""


@post("/api", permission="workspace:read", operation_id="oneList")
async def same_name() -> str:
    return ""


@pytest.mark.parametrize(
    ("declared", "reason"),
    [
        ({"pages": (undeclared,)}, "no declara un permiso"),
        ({"pages": (for_anyone,)}, "no declara un permiso"),
        ({"pages": (past_the_door,)}, "no declara un permiso"),
        ({"pages": (as_another,)}, "no declara un permiso"),
        ({"pages": ("nada",)}, "no es una página"),
        ({"api": (named_as_ours,)}, "no se llama one"),
        ({"api": (page,)}, "no se llama one"),
        ({"api": (twin, same_name)}, "se llaman igual"),
        ({"pages": (page,), "api": (twin,)}, ""),
    ],
)
def test_handlers_declare_who_may_enter_and_have_names_of_their_own(declared: dict[str, Any], reason: str) -> None:
    """A permission of the matrix and nothing else."""
    found = set_aside(plugin(**declared))

    assert reason in found
    assert bool(reason) == bool(found)


def test_handlers_that_can_not_be_hung_set_their_plugin_aside() -> None:
    """At an address that can't be read: the others are hung."""

    @get("/{cosa:nada}", permission="workspace:read")
    async def nowhere(cosa: str) -> str:
        return cosa

    two = Plugin(**{**MANIFEST, "name": "two"}, platform=("0.1", "1"), pages=(page,))
    registry = plugins.load(installed(plugin(pages=(page, nowhere)), two))

    hung = plugins.routers(registry, {})

    assert [router.path for router in hung] == ["/m/{slug:str}/x/two"]
    assert set(registry.quarantined) == {"one"}


# --- Migrations -----------------------------------------------------------------------------------

HEAD = '''
"""Some tables."""
import sqlalchemy as sa
from alembic import op
from acogida.migrations.wall import protect
revision, down_revision, branch_labels, depends_on = "0001", None, None, None
def upgrade():
    op.execute("create table plugin_one.thing (tenant_id uuid not null, id uuid not null, primary key (tenant_id, id))")
'''


@pytest.fixture
def migrating(tmp_path: Path, server: Server, database_name: str) -> Callable[..., Registry]:
    """Migrate a plugin `one` whose only migration ends with these lines."""
    let_migrate(server, database_name)

    def run(*lines: str) -> Registry:
        folder = tmp_path / "migrations"
        folder.mkdir(exist_ok=True)
        (folder / "0001_first.py").write_text(HEAD + "".join(f"    {line}\n" for line in lines))
        registry = plugins.load(installed(plugin(), folder=tmp_path))
        migrate(server.url("acogida_owner", driver="psycopg", database=database_name), registry)
        return registry

    return run


@pytest.fixture
def tables_of_one(server: Server, database_name: str) -> Iterator[Callable[[], list[str]]]:
    with psycopg.connect(
        server.url("acogida_owner", driver="libpq", database=database_name), autocommit=True
    ) as connection:
        query = "select relname from pg_class where relnamespace = to_regnamespace('plugin_one') and relkind = 'r' order by 1"
        yield lambda: [name for (name,) in connection.execute(query)]


def test_a_plugin_has_a_line_of_migrations_of_its_own(migrating: Any, tables_of_one: Any) -> None:
    """Its tables and its revision stand in its schema; doing it again changes nothing."""
    assert migrating('protect("thing", schema="plugin_one")').quarantined == {}
    assert migrating('protect("thing", schema="plugin_one")').quarantined == {}

    assert tables_of_one() == ["alembic_version", "thing"]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("pass", "sin ENABLE ROW LEVEL SECURITY"),
        ('op.execute("create table plugin_one.shared (id uuid primary key)")', "shared: sin tenant_id"),
        ('raise RuntimeError("a medias")', "RuntimeError: a medias"),
        ('op.execute("create table core.intruder (id int)"); raise RuntimeError', "RuntimeError"),
    ],
)
def test_a_migration_that_breaks_a_rule_is_undone_whole(
    migrating: Any, tables_of_one: Any, line: str, reason: str
) -> None:
    """Nothing of it stays, and the core goes on."""
    registry = migrating(line)

    assert reason in registry.quarantined["one"]
    assert tables_of_one() == []


async def test_a_plugin_without_its_tables_is_not_offered(services: Services, tmp_path: Path) -> None:
    """Installed after the last `acogida migrate`: it says so instead of failing at each page."""
    (tmp_path / "migrations").mkdir()
    (tmp_path / "migrations" / "0001_first.py").write_text(HEAD)
    registry = plugins.load(installed(plugin(), folder=tmp_path))

    await plugins.hold_to_their_tables(registry, services.database)

    assert "acogida migrate" in registry.quarantined["one"]


async def test_a_hole_in_a_plugin_s_wall_sets_it_aside_and_stops_nobody(
    server: Server, database_name: str, migrating: Any
) -> None:
    """Made by hand, after the migration: the plugin is off and the rest serves."""
    registry = migrating('protect("thing", schema="plugin_one")')
    with psycopg.connect(server.url("acogida_owner", driver="libpq", database=database_name)) as owner:
        owner.execute("alter table plugin_one.thing no force row level security")
    database = Database(server.url("acogida_app", database=database_name))

    await refuse_unsafe(database)
    await plugins.hold_to_their_tables(registry, database)
    await database.close()

    assert "tablas sin su muro: plugin_one.thing" in registry.quarantined["one"]


# --- What the operator allows ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "names"), [("", None), (" , ", None), ("pladeco, sello", ("pladeco", "sello")), ("none", ())]
)
def test_the_operator_names_who_may_be_enabled(value: str, names: tuple[str, ...] | None) -> None:
    """All of them unless told, and `none` for no one."""
    assert allowed_plugins({"ACOGIDA_PLUGINS": value}) == names
    assert Settings.__dataclass_fields__["plugins"].default is None
