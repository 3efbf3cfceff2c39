"""Plugins as this process has them: loaded from their entry points and held to the rules before anything is served.

A table without its tenant, a page without its permission, an operation of the API that is named as another's: whatever
breaks a rule sets its plugin aside with the reason, and the rest starts. In tests it stops everything.
"""

import inspect
import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from functools import cache
from importlib.metadata import version
from pkgutil import iter_modules
from typing import Any, cast

import structlog
from jinja2 import BaseLoader, FileSystemLoader, PrefixLoader
from litestar import Litestar, Router
from litestar.handlers import HTTPRouteHandler
from litestar.openapi import OpenAPIConfig
from sqlalchemy import Table, UniqueConstraint, text

import acogida.features
from acogida.app import installed, models
from acogida.app.discovery import feature_modules
from acogida.kernel import hooks
from acogida.kernel.db import SCHEMA, TABLE_FAULTS, Base, Database
from acogida.kernel.hooks import Installed, Refused, Registry
from acogida.kernel.manifest import (
    Exchange,
    Framework,
    InitiativeField,
    Plugin,
    Question,
    ServiceType,
    Standard,
)
from acogida.kernel.outbox import Event
from acogida.kernel.permissions import PERMISSIONS
from acogida.web.routing import PROBLEMS

log = structlog.get_logger()


def found() -> list[Installed]:
    """This function will list what is installed."""
    return [
        Installed(point.name, point.load, installed.package_folder(point.module)) for point in installed.entry_points()
    ]


def reserved() -> frozenset[str]:
    """This function will give the names that no plugin may take: those of the rooms of the core."""
    return frozenset({feature.name for feature in iter_modules(acogida.features.__path__)} | {SCHEMA, "kernel"})


def load(plugins: Iterable[Installed], *, allowed: Collection[str] | None = None, strict: bool = False) -> Registry:
    """This function will load these plugins and hold what they declare to the rules."""
    models.load()
    ours = set(Base.metadata.tables)
    registry = hooks.load(plugins, platform=version("acogida"), allowed=allowed, reserved=reserved(), strict=strict)
    strangers = sorted(set(Base.metadata.tables) - ours)
    for plugin in list(registry.offered.values()):
        with registry.setting_aside(plugin.name):
            _check_tables(plugin, strangers)
            _check_handlers(plugin)
            _check_declared(plugin)
    if allowed is not None and (missing := sorted(set(allowed) - set(registry.installed))):
        log.warning("plugins.allowed_but_not_installed", plugins=missing)
    return registry


@cache
def loaded(allowed: tuple[str, ...] | None, *, strict: bool) -> Registry:
    """This function will load what is installed, once a process."""
    return load(found(), allowed=allowed, strict=strict)


# --- Rules ---------------------------------------------------------------------------------------


def _check_tables(plugin: Plugin, strangers: list[str]) -> None:
    tables = list(plugin.metadata.tables.values()) if plugin.metadata is not None else []
    if mine := [name for name in strangers if name not in {str(table) for table in tables}]:
        raise Refused(f"declara tablas fuera de su esquema: {', '.join(mine)}")
    for table in tables:
        if table.schema != f"plugin_{plugin.name}":
            raise Refused(f"la tabla {table} no está en el esquema plugin_{plugin.name}")
        if [column.name for column in table.primary_key] != ["tenant_id", "id"]:
            raise Refused(f"la clave de {table} no es (tenant_id, id)")
        if loose := [rule.name for rule in _loose(table)]:
            raise Refused(f"en {table} no llevan tenant_id: {', '.join(map(str, loose))}")


def _loose(table: Table) -> list[Any]:
    """Keys and unique rules that would see over the wall."""
    keys = [
        key
        for key in table.foreign_key_constraints
        if "tenant_id" in key.referred_table.columns and "tenant_id" not in key.column_keys
    ]
    rules = [rule for rule in table.constraints if isinstance(rule, UniqueConstraint)]
    indexes = [index for index in table.indexes if index.unique]
    return [
        *keys,
        *(rule for rule in (*rules, *indexes) if next((column.name for column in rule.columns), "") != "tenant_id"),
    ]


def _check_handlers(plugin: Plugin) -> None:
    for handler in (*plugin.pages, *plugin.api):
        if not isinstance(handler, HTTPRouteHandler):
            raise Refused(f"{handler!r} no es una página ni una operación de la API")
        if set(handler.opt) - {"permission"} or handler.opt.get("permission") not in PERMISSIONS:
            raise Refused(f"{_named(handler)} no declara un permiso de la matriz, o declara algo más")
    prefix = re.sub(r"_(\w)", lambda found: found[1].upper(), plugin.name)
    names = [cast(HTTPRouteHandler, handler).operation_id for handler in plugin.api]
    if strange := [name for name in names if not isinstance(name, str) or not name.startswith(prefix)]:
        raise Refused(f"la operación {strange[0]} de la API no se llama {prefix}…")
    if len(set(names)) < len(names):
        raise Refused("dos operaciones de la API se llaman igual")


_KEY = re.compile(r"[a-z][a-z0-9_]{0,40}")
_EVERY_REGION = {f"{number:02}" for number in range(1, 17)}


def _check_declared(plugin: Plugin) -> None:
    """What is listed and kept by its key is of its kind, and no key is there twice."""
    kinds = (
        ("standards", Standard),
        ("frameworks", Framework),
        ("initiative_fields", InitiativeField),
        ("service_types", ServiceType),
        ("questions", Question),
        ("exchanges", Exchange),
    )
    for field, kind in kinds:
        found = getattr(plugin, field)
        if not all(isinstance(each, kind) for each in found):
            raise Refused(f"{field} lleva sólo {kind.__name__}")
        keys = [each.key for each in found if hasattr(each, "key")]
        if len(set(keys)) < len(keys) or not all(_KEY.fullmatch(key) for key in keys):
            raise Refused(f"en {field} cada clave va una vez, en minúsculas, dígitos y «_»")
    codes = [
        (what, code)
        for what, code in (
            *((f"el estándar {each.key}", criterion.code) for each in plugin.standards for criterion in each.criteria),
            *((f"el marco {each.key}", node.code) for each in plugin.frameworks for node in each.all_nodes),
        )
    ]
    if twice := [f"{what}: {code}" for (what, code), times in Counter(codes).items() if times > 1 or not code]:
        raise Refused(f"códigos vacíos o repetidos en {twice[0]}")
    if {*plugin.regions} - _EVERY_REGION or not all(re.fullmatch(r"\d{5}", cut) for cut in plugin.communes):
        raise Refused("regiones y comunas se nombran con su código, de dos y de cinco dígitos")
    if strange := [name for name, run in (plugin.jobs or {}).items() if not inspect.iscoroutinefunction(run)]:
        raise Refused(f"la tarea «{strange[0]}» debe ser una función async")
    heard = plugin.listeners or {}
    if unknown := sorted(set(heard) - {kind.__name__ for kind in events()}):
        raise Refused(f"no existe el hecho «{unknown[0]}»")
    if missing := sorted({job for jobs in heard.values() for job in jobs} - set(plugin.jobs or {})):
        raise Refused(f"escucha con una tarea que no declara: «{missing[0]}»")


def events() -> list[type[Event]]:
    """This function will list what happens in a workspace and can be heard, in name order."""
    feature_modules("events")
    known = {kind.__name__: kind for kind in Event.__subclasses__() if not kind.shared}
    return [known[name] for name in sorted(known)]


def _named(handler: HTTPRouteHandler) -> str:
    return f"{'/'.join(handler.http_methods)} {', '.join(sorted(handler.paths))}"


# --- What they add to the web process ------------------------------------------------------------


def routers(registry: Registry, dependencies: Mapping[str, Any]) -> list[Router]:
    """This function will hang each plugin's handlers in their place; those that can't be hung set it aside.

    Each is hung first in an application of its own, because half of a bad one would stay in ours.
    """
    hung: list[Router] = []
    for plugin in list(registry.offered.values()):
        with registry.setting_aside(plugin.name):
            trial = Litestar(
                route_handlers=_routers(plugin),
                dependencies=dependencies,
                openapi_config=OpenAPIConfig(plugin.title, plugin.version),
                logging_config=None,
            )
            trial.openapi_schema.to_schema()
            hung.extend(_routers(plugin))
    return hung


def _routers(plugin: Plugin) -> list[Router]:
    pages = [cast(HTTPRouteHandler, handler) for handler in plugin.pages]
    twins = [cast(HTTPRouteHandler, handler) for handler in plugin.api]
    for handler in twins:
        handler.responses = {**PROBLEMS, **(handler.responses or {})}
    opt = {"plugin": plugin.name}
    place = f"/m/{{slug:str}}/x/{plugin.name}"
    return [
        *([Router(place, route_handlers=pages, opt=opt, include_in_schema=False)] if pages else []),
        *([Router(f"/api/v1{place}", route_handlers=twins, opt=opt, tags=[plugin.title])] if twins else []),
    ]


def templates(registry: Registry) -> BaseLoader:
    """This function will find each plugin's templates under its name, `pladeco/overview.html`, and nowhere else."""
    folders = {name: registry.installed[name].part("templates") for name in registry.offered}
    return PrefixLoader({name: FileSystemLoader(folder / name) for name, folder in folders.items() if folder})


# --- What they keep in the database --------------------------------------------------------------


async def hold_to_their_tables(registry: Registry, database: Database) -> None:
    """This function will set aside the plugins whose tables are not those of their code, or have a hole in their wall."""
    async with database.connection() as connection:
        holes = (await connection.scalars(text(TABLE_FAULTS))).all()
        for name, one in registry.installed.items():
            folder = one.part("migrations")
            if name not in registry.offered or folder is None:
                continue
            schema = f"plugin_{name}"
            version_table = f"{schema}.alembic_version"
            there = await connection.scalar(text("select to_regclass(:table)"), {"table": version_table})
            reached = there and await connection.scalar(text(f"select version_num from {version_table}"))  # noqa: S608 because names are checked when loaded
            with registry.setting_aside(name):
                if reached != installed.newest(folder):
                    raise Refused("sus tablas no son las de esta versión: ejecute «acogida migrate»")
                if mine := [hole for hole in holes if hole.startswith(f"{schema}.")]:
                    raise Refused(f"tablas sin su muro: {'; '.join(mine)}")
