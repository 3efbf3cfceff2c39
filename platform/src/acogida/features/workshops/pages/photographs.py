"""What is brought from a workshop: photographs of the paper, lists, notes and recordings; and a photograph read part by
part into post-its."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote
from uuid import UUID

from litestar import Response, get, post
from litestar.datastructures import UploadFile
from litestar.response import Redirect, Stream, Template

from acogida.features.evidence import public as evidence
from acogida.features.workshops import actions, store
from acogida.features.workshops.forms import AddFiles, CutEntry, EditRecord
from acogida.features.workshops.pages.recording import conclusions_page
from acogida.features.workshops.report import record_of
from acogida.features.workshops.words import ENTRY_KINDS, KINDS, entry_kinds_of
from acogida.kernel.errors import NotFound, Rejected
from acogida.kernel.ports import Files
from acogida.kernel.work import Work
from acogida.web import forms
from acogida.web.routing import workspace
from acogida.web.view import View

MOST_FILES = 20
_CUT_POINTS = 900
_PICTURE = {
    "x-content-type-options": "nosniff",
    "cache-control": "private, max-age=300",
    "content-security-policy": "default-src 'none'; sandbox",
}


@post("/talleres/{workshop_id:uuid}/fotografias", permission="meeting:edit", status_code=200)
async def add_files(work: Work, view: View, files: Files, workshop_id: UUID) -> Template | Redirect:
    """Those that are good are kept; of the others the reason is told. With scripts each comes by itself."""
    record = await record_of(work, workshop_id)
    posted = await view.posted()
    brought = forms.read(AddFiles, posted)
    try:
        uploads = [*await _uploads(view), *await evidence.sent_before(work, files, posted)]
    except Rejected as problem:
        brought.refuse(problem)
        uploads = []
    if not uploads and not brought.faults.get("file"):
        brought.faults["file"] = "Elija al menos un archivo."
    elif len(uploads) > MOST_FILES:
        brought.faults["file"] = f"Suba hasta {MOST_FILES} archivos de una vez."
    if brought.ok:
        kept, refused = 0, []
        for upload in uploads:
            try:
                await actions.keep_file(work, files, workshop_id, upload, brought.data)
            except Rejected as problem:
                refused.append(problem)
            else:
                await evidence.let_go(work, upload)
                kept += 1
        if kept:
            return view.redirect(
                f"{view.home}/talleres/{workshop_id}/conclusiones#fotografias",
                _told(kept, refused, posted),
                kind="warning" if refused else "success",
            )
        for problem in refused[:1]:
            brought.refuse(problem)
    form = forms.filled(EditRecord, record.workshop)
    return await conclusions_page(work, view, record, form, brought=brought, status=422)


def _told(kept: int, refused: Sequence[Rejected], posted: Mapping[str, Sequence[str]]) -> str:
    together = "".join(posted.get("sent_together", [])[-1:])
    if together.isdecimal():
        return f"Guardamos los {together} archivos." if int(together) > 1 else "Guardamos el archivo."
    words = "Guardamos el archivo." if kept == 1 else f"Guardamos {kept} archivos."
    return " ".join([words, *(problem.fields.get("file", problem.message) for problem in refused)])


async def _uploads(view: View) -> list[UploadFile]:
    found = (await view.request.form()).getall("file", [])
    return [item for item in found if isinstance(item, UploadFile) and item.filename]


@get("/talleres/{workshop_id:uuid}/fotografias/{file_id:uuid}", permission="meeting:edit")
async def reading(work: Work, view: View, workshop_id: UUID, file_id: UUID, grupo: str = "") -> Template:
    """The photograph with what was already read of it, and the form for the next part."""
    return await _reading(work, view, workshop_id, file_id, forms.blank(CutEntry, group_name=grupo), {})


async def _reading(
    work: Work,
    view: View,
    workshop_id: UUID,
    file_id: UUID,
    form: forms.Form[CutEntry],
    written: Mapping[str, Sequence[str]],
    *,
    trouble: str = "",
    status: int = 200,
) -> Template:
    record = await record_of(work, workshop_id)
    photograph = await actions.photograph_of(work, workshop_id, file_id)
    return view.page(
        "workshops/photograph.html",
        status=status,
        record=record,
        kinds=KINDS,
        photograph=photograph,
        form=form,
        options=[(kind, ENTRY_KINDS[kind]) for kind in entry_kinds_of(record.workshop.kind)],
        entry_kinds=ENTRY_KINDS,
        entries=await store.entries_cut_from(work, file_id),
        area=["".join(written.get(side, [])[-1:]) for side in ("left", "top", "width", "height")],
        trouble=trouble,
    )


@post("/talleres/{workshop_id:uuid}/fotografias/{file_id:uuid}", permission="meeting:edit", status_code=200)
async def cut(work: Work, view: View, workshop_id: UUID, file_id: UUID) -> Template | Redirect:
    posted = await view.posted()
    form = forms.read(CutEntry, posted)
    trouble = ""
    try:
        area = evidence.read_areas(posted, most=1)[0]
        if form.ok:
            row = await actions.cut_entry(work, workshop_id, file_id, form.data, area)
            here = f"{view.home}/talleres/{workshop_id}/fotografias/{file_id}"
            return view.redirect(f"{here}?grupo={quote(row.group_name)}", "Anotado. Marque la siguiente.")
    except Rejected as problem:
        trouble = problem.fields.get("areas", "")
        form.refuse(Rejected(problem.message, fields={k: v for k, v in problem.fields.items() if k != "areas"}))
    return await _reading(work, view, workshop_id, file_id, form, posted, trouble=trouble, status=422)


@get("/talleres/{workshop_id:uuid}/fotografias/{file_id:uuid}/vista", permission="workspace:read")
async def sight(work: Work, files: Files, workshop_id: UUID, file_id: UUID) -> Stream:
    """As large as a screen."""
    await actions.photograph_of(work, workshop_id, file_id)
    pieces = await evidence.open_picture(work, files, file_id, "view")
    return Stream(pieces, media_type="image/jpeg", headers=_PICTURE)


@get("/talleres/{workshop_id:uuid}/aportes/{entry_id:uuid}/recorte", permission="workspace:read")
async def part(work: Work, files: Files, workshop_id: UUID, entry_id: UUID) -> Response[Any]:
    """The part of the photograph where a post-it is written."""
    entry = await store.entry(work, entry_id, workshop_id=workshop_id)
    if entry.photograph_id is None:
        raise NotFound
    content = await evidence.part_of(work, files, entry.photograph_id, evidence.Area(**entry.region), _CUT_POINTS)
    return Response(content, media_type="image/jpeg", headers=_PICTURE)


ROUTES = [workspace(add_files, reading, cut, sight, part)]
