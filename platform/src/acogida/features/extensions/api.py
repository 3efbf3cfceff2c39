"""JSON twins of the extensions."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from litestar import delete, get, post, put

from acogida.features.extensions import actions, store
from acogida.features.extensions.model import ExtensionCopy
from acogida.features.extensions.offers import Offer, offer, offers
from acogida.kernel.errors import NotFound, Rejected
from acogida.kernel.work import Work
from acogida.web import forms
from acogida.web.routing import api


@dataclass(frozen=True)
class ExtensionOut:
    name: str
    title: str
    summary: str
    touches: list[str]
    regional: bool
    scope: str
    recommended: bool
    plugin_version: str
    enabled: bool
    paused: bool
    settings: dict[str, list[str]]
    version: int


@dataclass(frozen=True)
class Switch:
    """Whether it should be on."""

    enabled: bool


@dataclass(frozen=True)
class Configure:
    """Values of the fields that the extension lets be set, by name; `version` is that of what was read."""

    settings: dict[str, Any]
    version: int


def _out(one: Offer) -> ExtensionOut:
    form = one.filled()
    return ExtensionOut(
        one.name,
        one.plugin.title,
        one.plugin.summary,
        list(one.plugin.touches),
        bool(one.plugin.regions),
        one.plugin.scope,
        one.recommended is not None,
        one.plugin.version,
        one.enabled,
        one.enabled and one.rest is not None,
        form.raw if form else {},
        one.version,
    )


@get("/extensiones", permission="workspace:read", operation_id="listExtensions")
async def list_extensions(work: Work) -> list[ExtensionOut]:
    here, _ = await offers(work)
    return [_out(one) for one in here]


@put("/extensiones/{name:str}", permission="extension:manage", operation_id="switchExtension")
async def switch_extension(work: Work, name: str, data: Switch) -> ExtensionOut:
    if data.enabled:
        return _out(await actions.enable(work, name))
    await actions.disable(work, name)
    return _out(await offer(work, name))


@put("/extensiones/{name:str}/ajustes", permission="extension:manage", operation_id="configureExtension")
async def configure_extension(work: Work, name: str, data: Configure) -> ExtensionOut:
    one = await offer(work, name)
    if one.form is None:
        raise Rejected("Esta extensión no tiene nada que ajustar.")
    wanted = forms.from_json(one.form, data.settings)
    return _out(await actions.configure(work, name, wanted, version=data.version))


@dataclass(frozen=True)
class TableOut:
    title: str
    columns: list[str]
    rows: list[list[str | int | float | None]]


@dataclass(frozen=True)
class CopyOut:
    name: str
    title: str
    plugin_version: str
    taken_at: datetime
    tables: list[TableOut]


@get("/extensiones/{name:str}/copia", permission="workspace:read", operation_id="getExtensionCopy")
async def get_copy(work: Work, name: str) -> CopyOut:
    row = await store.copy(work, name)
    if row is None:
        raise NotFound
    return _copy(row)


@post(
    "/extensiones/{name:str}/copia",
    permission="extension:manage",
    operation_id="takeExtensionCopy",
    status_code=200,
)
async def take_copy(work: Work, name: str) -> CopyOut:
    return _copy(await actions.copy(work, name))


@delete("/extensiones/{name:str}/datos", permission="extension:manage", operation_id="eraseExtensionData")
async def erase(work: Work, name: str) -> None:
    await actions.erase(work, name)


def _copy(row: ExtensionCopy) -> CopyOut:
    tables = [TableOut(each["title"], each["columns"], each["rows"]) for each in row.tables]
    return CopyOut(row.plugin, row.title, row.plugin_version, row.taken_at, tables)


ROUTES = [
    api("Extensiones", list_extensions, switch_extension, configure_extension, get_copy, take_copy, erase),
]
