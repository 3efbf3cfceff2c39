"""The initiatives together: the grid that is written in like a spreadsheet, cards, calendar, and the file that goes out and back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.datastructures import UploadFile
from litestar.response import Redirect, Template

from acogida.features.cycles.public import guide_of
from acogida.features.diagnosis import public as diagnosis
from acogida.features.extensions import public as extensions
from acogida.features.initiatives import actions, spreadsheet, store
from acogida.features.initiatives.actions.sheets import RowInput, Written, vocabulary
from acogida.features.initiatives.actions.writing import as_id
from acogida.features.initiatives.chapters import calendar, period, years_of
from acogida.features.initiatives.forms import VIEWS, FindInitiatives
from acogida.features.initiatives.grid import store as grid
from acogida.features.initiatives.grid.matrix import (
    COLUMNS,
    EDITABLE,
    WITHOUT_AXIS,
    Vocabulary,
    groups_of,
    written,
)
from acogida.features.initiatives.grid.store import CardRow, GridFilter
from acogida.features.initiatives.model import Initiative, missing_of, state_of
from acogida.features.methodology.model import Guide
from acogida.kernel.document import Drawing
from acogida.kernel.errors import Problem, Rejected, Stale
from acogida.kernel.figures import gantt
from acogida.kernel.work import Work
from acogida.web import forms
from acogida.web.view import View

NO_AXIS = "ninguno"
"""What the filter by eje says for initiatives that have none."""


@dataclass(frozen=True, slots=True)
class AxisRows:
    """An eje with its rows, for cards and calendar. `drawing` is the calendar, where there are dates."""

    name: str
    rows: Sequence[CardRow]
    drawing: Drawing | None = None

    @property
    def budget(self) -> int:
        return sum(row.budget or 0 for row in self.rows)


@get("/iniciativas", permission="workspace:read")
async def show_initiatives(work: Work, view: View, guides: dict[str, Guide]) -> Template:
    form = forms.read(FindInitiatives, forms.multidict(view.request.query_params.multi_items()))
    wanted = form.data if form.ok else FindInitiatives()
    words = await vocabulary(work)
    narrow = _narrowed(wanted)
    shared: dict[str, Any] = {
        "form": form if form.ok else forms.blank(FindInitiatives),
        "wanted": wanted,
        "words": words,
        "views": VIEWS,
        "axes": [*((str(axis_id), name) for axis_id, name in words.axis_names.items()), (NO_AXIS, WITHOUT_AXIS)],
        "dimensions": list(_dimensions(await guide_of(work, guides)).items()),
    }
    if wanted.shown == "planilla":
        return await _grid(work, view, narrow, wanted, shared)
    rows = await grid.cards(work, narrow)
    cards = wanted.shown == "fichas"
    return view.page(
        "initiatives/cards.html" if cards else "initiatives/calendar.html",
        groups=_by_axis(rows, words) if cards else _calendars(rows, words),
        units=[(unit, unit) for unit in await store.units(work)],
        missing_of=missing_of,
        period=period,
        total=len(rows),
        budget=sum(row.budget or 0 for row in rows),
        incomplete=sum(1 for row in rows if missing_of(row)),
        **shared,
    )


async def _grid(
    work: Work, view: View, narrow: GridFilter, wanted: FindInitiatives, shared: dict[str, Any]
) -> Template:
    found = await grid.rows(work, narrow)
    extra = await extensions.columns(work)
    units = (
        await store.units(work) if wanted.narrowed else sorted({unit for rows in found for unit in rows.units if unit})
    )
    return view.page(
        "initiatives/grid.html",
        groups=groups_of(
            found, shared["words"], page=f"{view.home}/iniciativas", every_axis=not wanted.narrowed, extra=extra
        ),
        columns=COLUMNS,
        extra=[column.title for column in extra],
        units=[(unit, unit) for unit in units],
        total=sum(rows.count for rows in found),
        budget=sum(rows.budget for rows in found),
        incomplete=sum(rows.incomplete for rows in found),
        **shared,
    )


def _narrowed(wanted: FindInitiatives) -> GridFilter:
    return GridFilter(
        axis_id=as_id(wanted.eje),
        without_axis=wanted.eje == NO_AXIS,
        unit=wanted.unidad,
        dimension=wanted.dimension,
        words=wanted.q,
        incomplete=wanted.estado == "incompletas",
    )


def _by_axis(rows: Sequence[CardRow], words: Vocabulary) -> list[AxisRows]:
    """The rows under their ejes, in the order of the plan; those without one last."""
    found: dict[UUID | None, list[CardRow]] = {axis_id: [] for axis_id in (*words.axis_names, None)}
    for row in rows:
        found[row.axis_id].append(row)
    names = words.axis_names
    return [AxisRows(names[axis_id] if axis_id else WITHOUT_AXIS, each) for axis_id, each in found.items() if each]


def _calendars(rows: Sequence[CardRow], words: Vocabulary) -> list[AxisRows]:
    """A calendar for each eje, all over the same years, so that they can be compared; none without dates."""
    years = years_of(rows)
    if years is None:
        return []
    return [
        replace(group, drawing=gantt(calendar(group.rows), years, title=f"Calendario: {group.name}"))
        for group in _by_axis(rows, words)
    ]


# --- Writing in the grid -------------------------------------------------------------------------


@post("/iniciativas/{initiative_id:uuid}/celda", permission="initiative:edit_own", status_code=200)
async def save_cell(request: Request[Any, Any, Any], work: Work, initiative_id: UUID) -> Response[dict[str, Any]]:
    """Writes one cell: {field, value, before, version}. A conflict gives back the other person's value."""
    body = await _object(request)
    field, text, before = (str(body.get(name, "")) for name in ("field", "value", "before"))
    version = _whole(body.get("version"))
    try:
        row, words = await actions.change_cell(
            work, initiative_id, field=field, text=text, before=before, version=version
        )
    except Stale as stale:
        words = await vocabulary(work)
        theirs = {
            "value": written(field, getattr(stale.current, field), words),
            "version": getattr(stale.current, "version", 0),
        }
        return _refused(work, stale, **theirs)
    except Problem as problem:
        return _refused(work, problem)
    # Where somebody else wrote other cells meanwhile, the whole row goes back: what is shown is what the version says.
    return Response(_row(row, words, [field] if row.version <= version + 1 else EDITABLE))


@post("/iniciativas/filas", permission="initiative:edit", status_code=200)
async def save_rows(request: Request[Any, Any, Any], work: Work) -> Response[dict[str, Any]]:
    """Writes a paste: {axis, rows: [{id?, version?, cells: {field: text}}]}. What can't be written comes back with its reason."""
    body = await _object(request)
    given = body.get("rows")
    try:
        words = await vocabulary(work)
        axis = words.axis_id(str(body.get("axis") or ""))
        done = await actions.write_rows(
            work, _inputs(given if isinstance(given, list) else []), words, axis_id=as_id(axis)
        )
    except forms.Wrong as wrong:
        return _refused(work, Rejected(str(wrong)))
    except Problem as problem:
        return _refused(work, problem)
    return Response(
        {
            "rows": {str(place): _row(row, words, EDITABLE) for place, row in done.rows.items()},
            "faults": [{"place": each.place, "field": each.field, "message": each.message} for each in done.faults],
            "added": done.added,
            "changed": done.changed,
        }
    )


def _inputs(given: Sequence[Any]) -> list[RowInput]:
    return [
        RowInput(
            place,
            {str(name): str(text) for name, text in each.get("cells", {}).items() if name in EDITABLE},
            as_id(str(each.get("id") or "")),
            _whole(each.get("version")),
        )
        for place, each in enumerate(given)
        if isinstance(each, dict) and isinstance(each.get("cells"), dict)
    ]


def _row(row: Initiative, words: Vocabulary, fields: Sequence[str] | Mapping[str, Any]) -> dict[str, Any]:
    return {
        "id": str(row.id),
        "version": row.version,
        "axis": str(row.axis_id or ""),
        "cells": {name: written(name, getattr(row, name), words) for name in fields},
        "state": state_of(missing_of(row)),
    }


def _refused(work: Work, problem: Problem, **more: Any) -> Response[dict[str, Any]]:
    work.doom()
    return Response({"message": problem.message, "code": problem.code, **more}, status_code=problem.status)


async def _object(request: Request[Any, Any, Any]) -> dict[str, Any]:
    body = await request.json()
    return body if isinstance(body, dict) else {}


def _whole(value: object) -> int:
    return value if isinstance(value, int) else 0


# --- Out and back as a spreadsheet ---------------------------------------------------------------


@get("/iniciativas/planilla.xlsx", permission="workspace:read")
async def download_sheet(work: Work, view: View, guides: dict[str, Guide]) -> Response[bytes]:
    words = await vocabulary(work, _dimensions(await guide_of(work, guides)))
    titles = {each.id: each.title for each in await diagnosis.findings(work)}
    links = await store.findings_of_initiatives(work)
    told = {owner: [titles[each] for each in found if each in titles] for owner, found in links.items()}
    content = spreadsheet.write(await store.initiatives(work), words, told, await extensions.columns(work))
    name = f"iniciativas-{work.tenant.slug}-{work.today().isoformat()}.xlsx"
    return view.file(content, name=name, media_type=spreadsheet.MEDIA_TYPE)


@get("/iniciativas/importar", permission="initiative:edit")
async def show_import(view: View) -> Template:
    return view.page("initiatives/import.html", problem="", faults=[], labels=spreadsheet.LABELS)


@post("/iniciativas/importar", permission="initiative:edit", status_code=200)
async def import_sheet(work: Work, view: View, guides: dict[str, Guide]) -> Template | Redirect:
    """All or nothing: while a row is not understood, none is written and every fault is told."""
    try:
        inputs = spreadsheet.read(await _uploaded(view))
        words = await vocabulary(work, _dimensions(await guide_of(work, guides)))
        done = await actions.write_rows(work, inputs, words)
        done.faults += spreadsheet.repeated(
            inputs, [row.name for row in await store.initiatives(work) if row.id not in _new(done)]
        )
        if not inputs:
            raise Rejected("La planilla no trae filas con texto debajo de los títulos.")
    except Rejected as problem:
        return view.page(
            "initiatives/import.html", status=422, problem=problem.message, faults=[], labels=spreadsheet.LABELS
        )
    if done.faults:
        faults = sorted(done.faults, key=lambda each: each.place)
        return view.page("initiatives/import.html", status=422, problem="", faults=faults, labels=spreadsheet.LABELS)
    return view.redirect(f"{view.home}/iniciativas", f"Leímos la planilla: {_counted(done)}.")


def _new(done: Written) -> set[UUID]:
    return {row.id for row in done.rows.values() if row.version == 1}


def _counted(done: Written) -> str:
    same = len(done.rows) - done.added - done.changed
    parts = [
        f"{done.added} iniciativa{'s' if done.added != 1 else ''} nueva{'s' if done.added != 1 else ''}",
        f"{done.changed} con cambios",
        f"{same} sin cambios",
    ]
    return ", ".join(part for part in parts if not part.startswith("0 ")) or "no traía cambios"


async def _uploaded(view: View) -> bytes:
    for _, value in (await view.request.form()).multi_items():
        if isinstance(value, UploadFile):
            content = await value.read(spreadsheet.MOST_BYTES + 1)
            if len(content) > spreadsheet.MOST_BYTES:
                raise Rejected("La planilla pesa más de 5 MB. Deje sólo la hoja de iniciativas, sin imágenes.")
            if content:
                return content
    raise Rejected("Elija el archivo de la planilla antes de subirla.")


def _dimensions(guide: Guide) -> dict[str, str]:
    return {each.key: each.short for each in guide.dimensions}


HANDLERS = (show_initiatives, save_cell, save_rows, download_sheet, show_import, import_sheet)
