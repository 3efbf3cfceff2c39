"""The register of municipal services: named units, their services, a spreadsheet out and back (TPL-03)."""

import asyncio
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.response import Redirect, Template

from acogida.features.cycles.public import guide_of
from acogida.features.diagnosis import actions, report, sheets, store
from acogida.features.diagnosis.forms import AddUnits, EditService, ImportServices
from acogida.features.diagnosis.model import Service
from acogida.features.diagnosis.pages.registers import Register, dimension_options
from acogida.features.diagnosis.words import DIRECTNESS, DIRECTNESS_SHORT
from acogida.features.methodology.model import Guide
from acogida.kernel import hooks
from acogida.kernel.document import slug
from acogida.kernel.errors import Rejected
from acogida.kernel.work import Work
from acogida.web import forms
from acogida.web.routing import workspace
from acogida.web.view import View

PATH = "diagnostico/servicios"


async def _find(work: Work, row_id: UUID) -> Service:
    return await store.one(work, Service, row_id)


def _register(guide: Guide) -> Register[EditService]:
    async def context(work: Work, _row: Service | None) -> Mapping[str, Any]:
        return {
            "directness": DIRECTNESS,
            "dimension_options": dimension_options(guide),
            "units": list(dict.fromkeys(row.unit for row in await store.services(work))),
        }

    return Register(
        path=PATH,
        form=EditService,
        template="diagnosis/service.html",
        add=actions.add_service,
        edit=actions.edit_service,
        remove=actions.remove_service,
        find=_find,
        name_of=lambda row: row.name or row.unit,
        context=context,
    )


@get(f"/{PATH}", permission="workspace:read")
async def overview(work: Work, view: View, guides: dict[str, Guide]) -> Template:
    return await _overview(work, view, await guide_of(work, guides), forms.blank(AddUnits))


async def _overview(work: Work, view: View, guide: Guide, form: forms.Form[AddUnits], status: int = 200) -> Template:
    known = await report.read(work, guide)
    by_unit = {unit: [row for row in known.services if row.unit == unit] for unit in known.units}
    stamps = [row.updated_at for row in known.services]
    return view.page(
        "diagnosis/services.html",
        status=status,
        form=form,
        by_unit=by_unit,
        summary=report.services_summary(known) if known.services else "",
        pending=[unit for unit, rows in by_unit.items() if not any(row.name for row in rows)],
        as_of=max(stamps) if stamps else None,
        base_line=next(iter(await store.versions(work)), None),
        directness=DIRECTNESS_SHORT,
        tips=guide.tips_of("2.1"),
        types=await hooks.service_types(work),
    )


@post(f"/{PATH}/unidades", permission="diagnosis:edit", status_code=200)
async def add_units(work: Work, view: View, guides: dict[str, Guide]) -> Template | Redirect:
    form = forms.read(AddUnits, await view.posted())
    if form.ok:
        try:
            added = await actions.add_units(work, form.data)
        except Rejected as problem:
            form.refuse(problem)
        else:
            words = (
                f"Agregamos {len(added)}: {', '.join(added[:5])}."
                if added
                else "Esas unidades ya estaban en el registro."
            )
            return view.redirect(f"{view.home}/{PATH}", words, kind="success" if added else "info")
    return await _overview(work, view, await guide_of(work, guides), form, 422)


@get(f"/{PATH}/nueva", permission="diagnosis:edit")
async def new_service(work: Work, view: View, guides: dict[str, Guide], unidad: str = "", tipo: str = "") -> Template:
    """`tipo` starts the sheet with a kind of service that an extension suggests: `<extension>.<key>`."""
    kinds = {f"{plugin.name}.{each.key}": each for plugin, each in await hooks.service_types(work)}
    start: dict[str, object] = {"unit": unidad}
    if kind := kinds.get(tipo):
        start |= {"name": kind.name, "description": kind.description, "dimensions": list(kind.dimensions)}
    return await _register(await guide_of(work, guides)).new(work, view, **start)


@post(f"/{PATH}/nueva", permission="diagnosis:edit", status_code=200)
async def add_service(work: Work, view: View, guides: dict[str, Guide]) -> Template | Redirect:
    return await _register(await guide_of(work, guides)).create(work, view)


@get(f"/{PATH}/{{row_id:uuid}}", permission="workspace:read")
async def show_service(work: Work, view: View, guides: dict[str, Guide], row_id: UUID) -> Template:
    return await _register(await guide_of(work, guides)).show(work, view, row_id)


@post(f"/{PATH}/{{row_id:uuid}}", permission="diagnosis:edit", status_code=200)
async def save_service(work: Work, view: View, guides: dict[str, Guide], row_id: UUID) -> Template | Redirect:
    return await _register(await guide_of(work, guides)).save(work, view, row_id)


@post(f"/{PATH}/{{row_id:uuid}}/quitar", permission="diagnosis:edit", status_code=200)
async def remove_service(work: Work, view: View, guides: dict[str, Guide], row_id: UUID) -> Template | Redirect:
    return await _register(await guide_of(work, guides)).take_away(work, view, row_id)


@get(f"/{PATH}/planilla", permission="workspace:read")
async def download_sheet(work: Work, view: View, guides: dict[str, Guide]) -> Response[bytes]:
    """The register as XLSX: what units fill and send back."""
    guide = await guide_of(work, guides)
    content = await asyncio.to_thread(
        sheets.workbook, list(await store.services(work)), guide.dimensions, work.tenant.name
    )
    return view.file(content, name=f"registro-de-servicios-{slug(work.tenant.name)}.xlsx", media_type=sheets.XLSX)


@get(f"/{PATH}/traer", permission="diagnosis:edit")
async def import_page(work: Work, view: View) -> Template:
    return view.page(
        "diagnosis/services_import.html", form=forms.blank(ImportServices), faults=(), columns=sheets.COLUMNS
    )


@post(f"/{PATH}/traer", permission="diagnosis:edit", status_code=200)
async def import_sheet(work: Work, view: View, guides: dict[str, Guide]) -> Template | Redirect:
    """All rows or none: with one fault nothing is written and every fault is told."""
    form = forms.read(ImportServices, await view.posted())
    guide = await guide_of(work, guides)
    faults: tuple[str, ...] = tuple(message for _, message in form.errors)
    if form.ok:
        try:
            rows = await _rows_brought(view, form.data)
            added, updated = await actions.import_services(work, sheets.services_of(rows, guide.dimensions))
        except sheets.WrongSheet as wrong:
            faults = wrong.faults
        else:
            words = f"Trajimos la planilla: {added} {'servicio nuevo' if added == 1 else 'servicios nuevos'} y {updated} con cambios."
            return view.redirect(f"{view.home}/{PATH}", words)
    return view.page("diagnosis/services_import.html", status=422, form=form, faults=faults, columns=sheets.COLUMNS)


async def _rows_brought(view: View, said: ImportServices) -> list[sheets.SheetRow]:
    upload = await view.uploaded("file")
    if upload is not None and upload.filename:
        content = await upload.read(sheets.LIMIT + 1)
        if len(content) > sheets.LIMIT:
            raise sheets.WrongSheet(
                [f"El archivo pesa más de {sheets.LIMIT // 1_000_000} MB. Deje en él sólo el registro."]
            )
        return await asyncio.to_thread(sheets.read_workbook, content)
    if said.rows:
        return sheets.read_pasted(said.rows)
    raise sheets.WrongSheet(["Suba la planilla o pegue sus filas."])


ROUTES = [
    workspace(
        overview,
        add_units,
        new_service,
        add_service,
        show_service,
        save_service,
        remove_service,
        download_sheet,
        import_page,
        import_sheet,
    )
]
