"""The archive: every file of the workspace, what it is and what it backs."""

from collections.abc import AsyncIterator
from urllib.parse import quote
from uuid import UUID

from litestar import get, post
from litestar.response import Redirect, Stream, Template

from acogida.features.drafts import public as drafts
from acogida.features.evidence import actions, store, uploads
from acogida.features.evidence.forms import AddFile
from acogida.features.evidence.model import File
from acogida.features.evidence.words import KINDS, LOOSE, PEOPLE, subject_name, subject_path
from acogida.kernel.ports import Files
from acogida.kernel.work import Work
from acogida.web import forms
from acogida.web.routing import workspace
from acogida.web.view import View

DRAFT = "archivo"
_A_PAGE = 50


@get("/archivo", permission="workspace:read")
async def archive(work: Work, view: View, tipo: str = "", pagina: int = 1) -> Template:
    return await _archive(work, view, await drafts.restore(work, DRAFT, forms.blank(AddFile)), tipo, pagina)


async def _archive(
    work: Work, view: View, form: forms.Form[AddFile], kind: str = "", page: int = 1, status: int = 200
) -> Template:
    kind = kind if kind in KINDS else ""
    counts = await store.kind_counts(work)
    pages = max(1, -(-(counts.get(kind, 0) if kind else sum(counts.values())) // _A_PAGE))
    page = min(max(1, page), pages)
    return view.page(
        "evidence/archive.html",
        status=status,
        form=form,
        kinds=KINDS,
        people=PEOPLE,
        kind=kind,
        counts=counts,
        total=sum(counts.values()),
        page=page,
        pages=pages,
        rows=await store.newest_files(work, kind=kind, offset=(page - 1) * _A_PAGE, limit=_A_PAGE),
        subject_name=subject_name,
        subject_path=subject_path,
    )


@post("/archivo", permission="file:upload", status_code=200)
async def add_file(work: Work, view: View, files: Files) -> Template | Redirect:
    form, row = await uploads.attach(
        work, files, await view.uploaded("file"), await view.posted(), subject_type=LOOSE, subject_id=None
    )
    if row is not None:
        await drafts.discard(work, DRAFT)
        return view.redirect(f"{view.home}/archivo", kept_notice(row), kind="info" if row.was_there else "success")
    return await _archive(work, view, form, status=422)


def kept_notice(row: File) -> str:
    """This function will say that a file was kept, or that the same was already there."""
    if row.was_there:
        return f"«{row.name}» ya estaba, con el mismo contenido."
    return f"Guardamos «{row.name}»."


@get("/archivo/{file_id:uuid}", permission="workspace:read")
async def download(work: Work, files: Files, file_id: UUID) -> Stream:
    """Always as an attachment, and never guessed to be anything but what it is."""
    return sending(*await actions.open_file(work, files, file_id))


def sending(row: File, pieces: AsyncIterator[bytes]) -> Stream:
    """This function will send a kept file piece by piece, as a download."""
    return Stream(
        pieces,
        media_type=row.media_type,
        headers={
            "content-disposition": f"attachment; filename*=UTF-8''{quote(row.name)}",
            "content-length": str(row.size),
            "x-content-type-options": "nosniff",
            "cache-control": "private, no-store",
            "content-security-policy": "default-src 'none'; sandbox",
        },
    )


@post("/archivo/{file_id:uuid}/quitar", permission="act:record", status_code=200)
async def remove_file(work: Work, view: View, file_id: UUID) -> Template | Redirect:
    """Asks first where the browser could not (no JavaScript)."""
    row = await store.file(work, file_id)
    place = subject_path(row.subject_type, row.subject_id) or "archivo"
    if (await view.posted()).get("confirmed") != ["1"]:
        return view.page(
            "confirm.html",
            question=f"¿Quitar «{row.name}» del archivo?",
            text="Su contenido se borra y no se puede recuperar. La actividad del espacio conservará que existió.",
            verb="Quitar archivo",
            back=f"{view.home}/{place}",
        )
    await actions.remove(work, file_id)
    return view.redirect(f"{view.home}/{place}", f"Quitamos «{row.name}».")


ROUTES = [workspace(archive, add_file, download, remove_file)]
