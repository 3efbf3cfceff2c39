"""What the house promises to who writes a plugin, and asks of it, is held to the code."""

import ast
import importlib.metadata
import inspect
import re
import tomllib
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import get_type_hints

import psycopg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from jinja2 import Environment
from sqlalchemy import create_engine

from acogida import sdk
from acogida.adapters.embedded_postgres import Server
from acogida.app import plugins
from acogida.app.web import templates
from acogida.kernel import manifest
from acogida.kernel.duties import Duty
from acogida.kernel.hooks import SLOTS, Hooks, hookspec
from acogida.web import assets

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = sorted(path.parent for path in (ROOT / "plugins").glob("*/pyproject.toml"))
MODULES = [path for folder in FOLDERS for path in sorted(folder.rglob("*.py"))]
README = (ROOT / "plugins" / "README.md").read_text()
CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]


def hooks() -> dict[str, inspect.Signature]:
    return {
        name: inspect.signature(found)
        for name, found in vars(Hooks).items()
        if hasattr(found, f"{hookspec.project_name}_spec")
    }


def kind_of_ours(found: object) -> bool:
    return is_dataclass(found) and getattr(found, "__module__", "") == manifest.__name__


def test_the_linter_knows_every_plugin_there_is() -> None:
    """A new folder in plugins/ goes also to the import contracts: add its package there."""
    packages = {f"acogida_{folder.name}" for folder in FOLDERS}
    named = {contract["name"]: contract for contract in CONTRACTS["contracts"]}

    assert set(CONTRACTS["root_packages"]) == {"acogida", *packages}
    assert set(named["Plugins speak only to the sdk"]["source_modules"]) == packages
    assert set(named["Plugins do not know each other"]["modules"]) == packages
    assert set(named["The core never names a plugin"]["forbidden_modules"]) == packages


def test_every_plugin_in_the_house_is_installed_and_keeps_the_rules() -> None:
    """None of ours is set aside; one missing here is `make test` not having been run since it came."""
    registry = plugins.load(plugins.found(), strict=True)

    assert {folder.name for folder in FOLDERS} <= set(registry.offered)
    for folder in FOLDERS:
        version = tomllib.loads((folder / "pyproject.toml").read_text())["project"]["version"]
        assert registry.offered[folder.name].version == version == importlib.metadata.version(f"acogida-{folder.name}")


@pytest.mark.parametrize("name", hooks())
def test_each_hook_is_told_with_its_exact_arguments(name: str) -> None:
    """In plugins/README.md, as a heading: the arguments and what it gives."""
    signature = hooks()[name]
    arguments = ", ".join(parameter for parameter in signature.parameters if parameter != "self")
    gives = get_type_hints(getattr(Hooks, name))["return"]
    written = {type(None): "None", int: "int"}.get(gives) or re.sub(r"[a-z_]+\.", "", str(gives))

    assert f"### `{name}({arguments}) -> {written}`" in README


def test_no_hook_is_told_that_there_is_not() -> None:
    assert set(re.findall(r"^### `(\w+)\(", README, re.M)) == set(hooks())


@pytest.mark.parametrize("name", hooks())
def test_each_hook_has_a_plugin_of_ours_that_answers_it(name: str) -> None:
    """No hook without its use: a question that nobody asks is a promise that nobody has tried."""
    assert plugins.load(plugins.found(), strict=True).answers(name)


WORKED_OUT = {"Assessment", "Met"}
"""What `assess` gives: told in words, because nobody declares it."""
KINDS = [
    *(kind for name, kind in vars(manifest).items() if kind_of_ours(kind) and name not in WORKED_OUT),
    Duty,
]


@pytest.mark.parametrize(
    "name", [item.name for item in fields(manifest.Plugin) if item.name not in ("communes", "priority")]
)
def test_each_thing_that_can_be_declared_is_by_some_plugin_of_ours(name: str) -> None:
    """No point without its use. How far one is offered and who speaks first are rules, and are tried apart."""
    assert any(getattr(plugin, name) for plugin in plugins.load(plugins.found(), strict=True).offered.values())


@pytest.mark.parametrize("kind", KINDS)
def test_each_field_that_is_declared_is_told(kind: type) -> None:
    """In the tables of plugins/README.md, in the order of the code, and none besides."""
    table = re.search(rf"^#+ `{kind.__name__}`\n(.*?)(?=^#)", README, re.M | re.S)

    assert table
    assert re.findall(r"^\| `(\w+)` ", table[1], re.M) == [field.name for field in fields(kind)]


def test_each_place_and_each_event_is_told() -> None:
    """The slots with where they are, and what happens that can be heard."""
    slots = re.search(r"\| Lugar \|.*?\n\n", README, re.S)
    heard = re.search(r"\| Hecho \|.*?\n\n", README, re.S)

    assert slots
    assert heard
    assert dict(re.findall(r"^\| `([\w.]+)` \| (.+) \|$", slots[0], re.M)) == SLOTS
    assert re.findall(r"^\| `(\w+)` ", heard[0], re.M) == [kind.__name__ for kind in plugins.events()]


def test_everything_the_door_gives_is_told() -> None:
    """What is not in plugins/README.md is not promised: a name of the sdk that is not there should not be there."""
    told = set(re.findall(r"`(\w+)", README))

    assert sorted(set(sdk.__all__) - told) == []
    assert sorted(sdk.__all__) == sorted(name for name in vars(sdk) if not name.startswith("__"))


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(ROOT / "plugins").as_posix())
def test_a_module_of_a_plugin_says_what_it_is(path: Path) -> None:
    """As those of the core."""
    assert ast.get_docstring(ast.parse(path.read_text()))


def test_queries_of_a_plugin_live_in_its_store() -> None:
    """As those of the core."""
    guilty = [
        str(path.relative_to(ROOT))
        for path in MODULES
        if "src" in path.parts and path.name not in ("store.py", "model.py") and "migrations" not in path.parts
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.ImportFrom)
        and node.module == "sqlalchemy"
        and {item.name for item in node.names} & {"select", "insert", "update", "delete", "text", "func"}
    ]
    assert guilty == []


@pytest.mark.parametrize("name", [folder.name for folder in FOLDERS])
def test_the_tables_of_a_plugin_are_those_of_its_models(name: str, server: Server, database_name: str) -> None:
    """What its migrations leave is what its classes say."""
    registry = plugins.load(plugins.found(), strict=True)
    schema = f"plugin_{name}"
    metadata = registry.offered[name].metadata
    if metadata is None:
        return
    engine = create_engine(server.url("acogida_owner", driver="psycopg", database=database_name))
    with engine.connect() as connection:
        options = {
            "include_schemas": True,
            "include_name": lambda found, kind, _parents: kind != "schema" or found == schema,
            "include_object": lambda _object, found, kind, _reflected, _other: found != "alembic_version",
            "compare_type": True,
        }
        differences = compare_metadata(MigrationContext.configure(connection, opts=options), metadata)
    engine.dispose()

    assert differences == []


def test_the_core_s_role_of_requests_does_not_own_what_a_plugin_keeps(server: Server, database_name: str) -> None:
    """It reads and writes within the wall and creates nothing there."""
    with psycopg.connect(server.url("acogida_app", driver="libpq", database=database_name)) as connection:
        for folder in FOLDERS:
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(f"create table plugin_{folder.name}.intruder (id int)")
            connection.rollback()


def test_pages_of_plugins_are_drawn_as_ours() -> None:
    """Each compiles, has its title, and carries neither style nor script."""
    registry = plugins.load(plugins.found(), strict=True)
    environment: Environment = templates(assets.build(), plugins.templates(registry))
    for name in (name for name in environment.list_templates() if name.partition("/")[0] in registry.offered):
        source, _, _ = environment.loader.get_source(environment, name)  # type: ignore[union-attr]
        environment.get_template(name)
        assert "{% block title %}" in source or name.rpartition("/")[2].startswith("_"), name
        assert not re.search(r"<script|\sstyle=|\son[a-z]+=\"|javascript:", source), name
