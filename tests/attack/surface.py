"""All that can be knocked at, found by asking the product itself: its routes, its tables, its jobs.

Nothing here is a list of ours except the names that a path can't explain by itself, and a name that is missing fails
the build with the words of what to add.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import psycopg
from litestar import Litestar
from litestar.handlers import HTTPRouteHandler

from acogida.web.routing import OPEN_WORKSPACE, PUBLIC, SIGNED_IN

WORDS = (PUBLIC, SIGNED_IN, OPEN_WORKSPACE)
_HOLE = re.compile(r"\{(\w+):(\w+)\}")

RECORDS = {
    "acciones/action_id": "plugin_sello_migrante.action",
    "actividades/course_id": "plugin_sello_migrante.course",
    "actores/contact_id": "core.contact",
    "aportes/entry_id": "core.workshop_entry",
    "asientos/entry_id": "core.audit_entry",
    "difusion/action_id": "core.diffusion_action",
    "fuentes/row_id": "core.source",
    "iniciativas/entry_id": "core.workshop_entry",
    "integrantes/member_id": "core.body_member",
    "internas/validation_id": "core.internal_validation",
    "llaves/token_id": "core.api_token",
    "marcos/subject_id": "core.finding",
    "participantes/group_id": "core.workshop_group",
    "participantes/participant_id": "plugin_sello_migrante.participant",
    "redes/row_id": "core.organization",
    "requisitos-propios/row_id": "plugin_sello_migrante.local_criterion",
    "resoluciones/row_id": "plugin_sello_migrante.recognition",
    "servicios/row_id": "core.service",
    "solicitudes/request_id": "core.access_request",
    "solicitudes-de-acceso/request_id": "core.access_request",
    "propuestas/folio": "core.practice_proposal",
    "versiones/version_id": "core.policy_version",
    "{kind:str}/subject_id": "core.finding",
    "{kind}/subject_id": "core.finding",
}
"""Which table a hole of a path names, where its own name does not say it: last fixed segment and name of the hole."""

TEXTS = {
    "actos/kind": "concejo_resolution",
    "abrir/secret": "un-enlace-que-no-existe",
    "apartados/key": "presentation",
    "borrador/edition": "completa",
    "borradores/key": "carta",
    "borradores-descartar/key": "carta",
    "brechas/criterion": "SM-1.1",
    "buenas-practicas/code": "BP-001",
    "categorias/key": "x",
    "comunas/cut": "01107",
    "dimensiones/number": "6",
    "documento/part": "presentation",
    "equipos/kind": "ejecutivo",
    "etapas/stage": "preparacion",
    "extensiones/name": "pladeco",
    "guia/step": "1.1",
    "informe/paper": "pdf",
    "invitacion/secret": "un-enlace-que-no-existe",
    "marcos/plugin": "sello_migrante",
    "planes/kind": "work",
    "politicas/place": "temuco",
    "preguntas/question": "arrivals",
    "proceso/step_id": "1",
    "pasos/step_id": "1",
    "puertas/gate": "1.1",
    "vinculos/kind": "finding",
    "vista/link": "un-enlace-que-no-existe",
    "recuperar/secret": "un-enlace-que-no-existe",
    "requisitos/criterion": "SM-1.1",
    "sesiones/session_id": "0" * 64,
    "texto/key": "presentation",
    "textos/key": "presentation",
    "versiones/number": "1",
    "{key}/kind": "finding",
    "{edition}/paper": "informe.pdf",
    "{number}/edition": "completa",
    "{plugin}/key": "sello_2025_03",
    "{stage}/step": "1-1",
    "{code}/edition": "1",
    "{place}/edition": "1",
    "v1/path": "x",
}
"""A word that may stand in a hole that names no record of a municipality."""

PLAIN = frozenset({"slug", "uuid"})


@dataclass(frozen=True, slots=True)
class Hole:
    """A part of a path that whoever asks fills in."""

    name: str
    kind: str
    after: str
    """The segment before it."""

    @property
    def key(self) -> str:
        return f"{self.after}/{self.name}"


@dataclass(frozen=True, slots=True)
class Door:
    """One method of one route."""

    method: str
    path: str
    permission: str
    plugin: str
    operation: str
    """Its name in the description of the API; empty for pages."""

    def __str__(self) -> str:
        return f"{self.method} {self.path}"

    @property
    def api(self) -> bool:
        return self.path.startswith("/api/")

    @property
    def inside(self) -> bool:
        """Whether only members of a workspace may enter."""
        return "{slug:str}" in self.path and self.permission not in WORDS

    @property
    def writes(self) -> bool:
        return self.method not in ("GET", "HEAD")

    @property
    def holes(self) -> tuple[Hole, ...]:
        found = []
        for match in _HOLE.finditer(self.path):
            after = self.path[: match.start()].rstrip("/").rpartition("/")[2]
            found.append(Hole(match[1], match[2], re.sub(r"\{(\w+):\w+\}", r"{\1}", after)))
        return tuple(hole for hole in found if hole.name != "slug")

    def filled(
        self, slug: str, ids: Mapping[str, Any], tables: frozenset[str], also: Mapping[str, str] | None = None
    ) -> str:
        """This method will write the path with this slug and, in each hole of a record, the id that `ids` has of its table."""
        values = {"slug": slug, **(also or {})}
        for hole in self.holes:
            if hole.name in values:
                continue
            if table := record_of(hole, tables):
                values[hole.name] = str(ids[table])
            elif hole.key in TEXTS:
                values[hole.name] = TEXTS[hole.key]
            elif hole.kind == "int":
                values[hole.name] = "1"
            elif not self.inside or (hole.kind != "uuid" and not self.tables(tables)):
                values[hole.name] = "0192f5a0-0000-7000-8000-000000000000"  # names no record of a municipality
            else:
                raise NotCovered(
                    f"{self}: nothing says what stands in «{hole.name}». Add «{hole.key}» to RECORDS (the table whose id it "
                    "is) or to TEXTS (a word that may stand there) in tests/attack/surface.py."
                )
        return _HOLE.sub(lambda match: values[match[1]], self.path)

    def tables(self, tables: frozenset[str]) -> tuple[str, ...]:
        """This method will name the tables whose rows this path points at."""
        return tuple(found for hole in self.holes if (found := record_of(hole, tables)))


class NotCovered(AssertionError):
    """Something new has no attack yet; the words say what to add."""


def record_of(hole: Hole, tables: frozenset[str]) -> str:
    """This function will name the table that a hole of a path points at; empty where it names no record."""
    if hole.key in RECORDS:
        return RECORDS[hole.key] if RECORDS[hole.key] in tables else ""
    if hole.kind != "uuid":
        return ""
    stem = hole.name.removesuffix("_id")
    named = [table for table in tables if table.partition(".")[2] == stem]
    named = named or [table for table in tables if table.endswith(f"_{stem}")]
    return named[0] if len(named) == 1 else ""


def doors(app: Litestar) -> list[Door]:
    """This function will list every method of every route, those of plugins included, in a fixed order."""
    found = {
        Door(
            method,
            route.path,
            str(handler.opt.get("permission", "")),
            str(handler.opt.get("plugin") or ""),
            str(handler.operation_id or ""),
        )
        for route in app.routes
        for handler in getattr(route, "route_handlers", ())
        if isinstance(handler, HTTPRouteHandler) and not handler.opt.get("is_static")
        for method in handler.http_methods
        if method not in ("OPTIONS", "HEAD")
    }
    return sorted(found, key=str)


@dataclass(frozen=True, slots=True)
class Column:
    name: str
    type: str
    needed: bool
    default: str
    one_of: str
    """A value that the table's own rule allows, where it allows a few; empty where anything may stand."""


@dataclass(frozen=True, slots=True)
class Table:
    """A table of the database as the catalogue of PostgreSQL tells it."""

    name: str
    columns: tuple[Column, ...]
    keys: Mapping[str, str]
    """Column → table it refers to."""

    @property
    def tenant(self) -> bool:
        return any(column.name == "tenant_id" for column in self.columns)

    @property
    def owner(self) -> str:
        """The column that says whose a row is; empty in a table that belongs to nobody."""
        return next((column.name for column in self.columns if column.name in ("tenant_id", "municipality_id")), "")

    def has_default(self, name: str) -> bool:
        return any(column.name == name and column.default for column in self.columns)


OPEN = frozenset({"core.publication", "core.seal"})
"""Tables of what a municipality chose to publish: everybody may read them, so no secret is planted there."""

_COLUMNS = """
select n.nspname || '.' || c.relname, a.attname, format_type(a.atttypid, null), a.attnotnull, coalesce(pg_get_expr(d.adbin, d.adrelid), '')
from pg_class c
join pg_namespace n on n.oid = c.relnamespace
join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
where c.relkind in ('r', 'p') and (n.nspname = 'core' or n.nspname like 'plugin\\_%')
order by 1, a.attnum
"""
_RULES = """
select k.conrelid::regclass::text, pg_get_constraintdef(k.oid) from pg_constraint k where k.contype = 'c'
"""
_ALLOWED = re.compile(r"\(?(\w+) = ANY \(ARRAY\[((?:'[^']*'::text(?:, )?)+)\]")
_KEYS = """
select conrelid::regclass::text, n.nspname || '.' || t.relname, array_agg(a.attname)
from pg_constraint k
join pg_class t on t.oid = k.confrelid
join pg_namespace n on n.oid = t.relnamespace
join pg_attribute a on a.attrelid = k.conrelid and a.attnum = any(k.conkey)
where k.contype = 'f' group by k.oid, 1, 2
"""


def tables(connection: psycopg.Connection[Any]) -> dict[str, Table]:
    """This function will read every table of the core and of the plugins, referred ones before those that refer."""
    allowed: dict[tuple[str, str], str] = {}
    for table, rule in connection.execute(_RULES):
        for column, values in _ALLOWED.findall(rule):
            words = [word for word in re.findall(r"'([^']*)'", values) if word]
            allowed[table if "." in table else f"core.{table}", column] = words[0]
    columns: dict[str, list[Column]] = {}
    for table, name, kind, needed, default in connection.execute(_COLUMNS):
        columns.setdefault(table, []).append(Column(name, kind, needed, default, allowed.get((table, name), "")))
    keys: dict[str, dict[str, str]] = {}
    for table, target, names in connection.execute(_KEYS):
        whole = table if "." in table else f"core.{table}"
        keys.setdefault(whole, {}).update({name: target for name in names if name != "tenant_id"})
    found = {name: Table(name, tuple(cells), keys.get(name, {})) for name, cells in columns.items()}
    ordered: dict[str, Table] = {}

    def place(name: str, seen: tuple[str, ...] = ()) -> None:
        if name in ordered or name in seen:
            return
        for target in found[name].keys.values():
            if target in found:
                place(target, (*seen, name))
        ordered[name] = found[name]

    for name in found:
        place(name)
    return ordered
