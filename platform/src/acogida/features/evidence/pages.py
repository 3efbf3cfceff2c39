"""The archive: every file of the workspace, what it is, what it backs and how long it is kept; and the ways in and out."""

from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Annotated, Any
from urllib.parse import quote
from uuid import UUID

from litestar import HttpMethod, Request, Response, get, head, post, route
from litestar.params import Dependency
from litestar.response import Redirect, Stream, Template

from acogida.features.drafts import public as drafts
from acogida.features.evidence import actions, areas, checking, links, opening, resumable, store, uploads
from acogida.features.evidence.forms import AddFile, SetConsent, SetHold
from acogida.features.evidence.inspection import spoken
from acogida.features.evidence.model import File, Upload
from acogida.features.evidence.words import (
    CONSENT,
    KINDS,
    LOOSE,
    OF_PEOPLE,
    PEOPLE,
    STATES,
    retention_of,
    subject_name,
    subject_path,
)
from acogida.kernel.errors import NotFound, Rejected, Stale
from acogida.kernel.identity import digest
from acogida.kernel.ports import Files
from acogida.kernel.sealing import Sealing
from acogida.kernel.work import Work
from acogida.web import forms
from acogida.web.cookies import SessionCookie
from acogida.web.routing import workspace
from acogida.web.view import View

DRAFT = "archivo"
_A_PAGE = 50
STRAIGHT_SECONDS = 60
"""How long the address of the store lives, where a browser fetches from it: just enough to follow it."""
_ROWS_OF_AREAS = 6
SealingOfHouse = Annotated[Sealing, Dependency(skip_validation=True)]


@get("/archivo", permission="workspace:read")
async def archive(work: Work, view: View, files: Files, tipo: str = "", pagina: int = 1) -> Template:
    return await _archive(work, view, files, await drafts.restore(work, DRAFT, forms.blank(AddFile)), tipo, pagina)


async def _archive(
    work: Work, view: View, files: Files, form: forms.Form[AddFile], kind: str = "", page: int = 1, status: int = 200
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
        states=STATES,
        people=PEOPLE,
        kind=kind,
        counts=counts,
        total=sum(counts.values()),
        page=page,
        pages=pages,
        rows=await store.newest_files(work, kind=kind, offset=(page - 1) * _A_PAGE, limit=_A_PAGE),
        room=await store.room_used(work),
        rules=files.rules,
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
    return await _archive(work, view, files, form, status=422)


def kept_notice(row: File) -> str:
    """This function will say that a file was kept, or that the same was already there."""
    if row.was_there:
        return f"«{row.name}» ya estaba, con el mismo contenido."
    return f"Guardamos «{row.name}»."


# Opening


@get("/archivo/{file_id:uuid}", permission="workspace:read")
async def download(work: Work, files: Files, file_id: UUID) -> Stream | Redirect:
    """Always as an attachment, and never guessed to be anything but what it is. From the store itself where browsers
    reach it, by an address that lives a minute."""
    row = await opening.openable(work, file_id)
    straight = await files.link(
        work.tenant.id, row.storage_key, name=row.name, media_type=row.media_type, seconds=STRAIGHT_SECONDS
    )
    if straight:
        return Redirect(straight, status_code=303, headers={"cache-control": "no-store"})
    return sending(*await opening.open_file(work, files, file_id))


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


def showing(pieces: AsyncIterator[bytes], *, seconds: int = 300) -> Stream:
    """This function will send a picture that we drew ourselves, to be shown in a page."""
    return Stream(
        pieces,
        media_type="image/jpeg",
        headers={
            "x-content-type-options": "nosniff",
            "cache-control": f"private, max-age={seconds}",
            "content-security-policy": "default-src 'none'; sandbox",
        },
    )


@get("/archivo/{file_id:uuid}/miniatura", permission="workspace:read")
async def thumbnail(work: Work, files: Files, file_id: UUID) -> Stream:
    return showing(await opening.open_picture(work, files, file_id, "thumb"))


@get("/archivo/{file_id:uuid}/vista/{link:str}", permission="workspace:read")
async def picture(
    request: Request[Any, Any, Any],
    work: Work,
    files: Files,
    sealing: SealingOfHouse,
    session_cookie: SessionCookie,
    file_id: UUID,
    link: str,
) -> Stream:
    """A photograph as large as a screen, by a link of a few minutes for this session."""
    row = await opening.openable(work, file_id)
    links.honour(work, sealing, row, _session(request, session_cookie), link)
    return showing(await opening.open_picture(work, files, file_id, "view"), seconds=0)


def _session(request: Request[Any, Any, Any], session_cookie: SessionCookie) -> bytes:
    return digest(session_cookie.read(request) or "")


# One file


@get("/archivo/{file_id:uuid}/ficha", permission="workspace:read")
async def show(
    request: Request[Any, Any, Any],
    work: Work,
    view: View,
    sealing: SealingOfHouse,
    session_cookie: SessionCookie,
    file_id: UUID,
) -> Template:
    row = await store.file(work, file_id)
    link = links.mint(work, sealing, row, _session(request, session_cookie))
    return await _show(work, view, row, link)


async def _show(
    work: Work,
    view: View,
    row: File,
    link: str = "",
    *,
    consent: forms.Form[SetConsent] | None = None,
    hold: forms.Form[SetHold] | None = None,
    trouble: str = "",
    status: int = 200,
) -> Template:
    said = next((answer for answer, kept in CONSENT.items() if kept == row.consent), "")
    return view.page(
        "evidence/file.html",
        status=status,
        row=row,
        link=link,
        kinds=KINDS,
        states=STATES,
        people=PEOPLE,
        asks_people=row.kind in OF_PEOPLE,
        media=spoken(row.media_type),
        term=retention_of(row.kind, row.consent),
        twins=await store.twins(work, row),
        place=subject_path(row.subject_type, row.subject_id),
        subject_name=subject_name,
        consent=consent or forms.blank(SetConsent, people=said, version=row.version),
        hold=hold or forms.blank(SetHold, version=row.version),
        trouble=trouble,
    )


@post("/archivo/{file_id:uuid}/autorizacion", permission="file:upload", status_code=200)
async def set_consent(work: Work, view: View, file_id: UUID) -> Template | Redirect:
    form = forms.read(SetConsent, await view.posted())
    row = await store.file(work, file_id)
    if form.ok:
        try:
            await actions.set_consent(work, file_id, CONSENT[form.data.people], version=form.data.version)
            return view.redirect(f"{view.home}/archivo/{file_id}/ficha", "Anotamos la autorización.")
        except Rejected as problem:
            form.refuse(problem)
        except Stale as stale:
            return await _show(work, view, row, trouble=stale.message, status=409)
    return await _show(work, view, row, consent=form, status=422)


@post("/archivo/{file_id:uuid}/conservacion", permission="file:hold", status_code=200)
async def set_hold(work: Work, view: View, file_id: UUID) -> Template | Redirect:
    form = forms.read(SetHold, await view.posted())
    row = await store.file(work, file_id)
    if form.ok:
        try:
            said = form.data
            await actions.set_hold(work, file_id, on=said.on, reason=said.reason, version=said.version)
            words = "Nadie podrá quitar este archivo." if said.on else "Levantamos la conservación obligatoria."
            return view.redirect(f"{view.home}/archivo/{file_id}/ficha", words)
        except Rejected as problem:
            form.refuse(problem)
        except Stale as stale:
            return await _show(work, view, row, trouble=stale.message, status=409)
    return await _show(work, view, row, hold=form, status=422)


@get("/archivo/{file_id:uuid}/difuminar", permission="file:upload")
async def blur_page(
    request: Request[Any, Any, Any],
    work: Work,
    view: View,
    sealing: SealingOfHouse,
    session_cookie: SessionCookie,
    file_id: UUID,
) -> Template:
    row = await _photograph(work, file_id)
    return _blur(view, row, links.mint(work, sealing, row, _session(request, session_cookie)), {})


def _blur(
    view: View, row: File, link: str, written: Mapping[str, Sequence[str]], *, trouble: str = "", status: int = 200
) -> Template:
    rows = [[written.get(side, ())[n : n + 1] for side in areas.SIDES] for n in range(_ROWS_OF_AREAS)]
    return view.page(
        "evidence/blur.html",
        status=status,
        row=row,
        link=link,
        areas_marked=[[value[0] if value else "" for value in each] for each in rows],
        trouble=trouble,
    )


@post("/archivo/{file_id:uuid}/difuminar", permission="file:upload", status_code=200)
async def blur(
    request: Request[Any, Any, Any],
    work: Work,
    view: View,
    files: Files,
    sealing: SealingOfHouse,
    session_cookie: SessionCookie,
    file_id: UUID,
) -> Template | Redirect:
    row = await _photograph(work, file_id)
    link = links.mint(work, sealing, row, _session(request, session_cookie))
    posted = await view.posted()
    version = "".join(posted.get("version", [])[-1:])
    try:
        marked = areas.read_areas(posted, most=_ROWS_OF_AREAS)
        row = await actions.blur(work, files, file_id, marked, version=int(version) if version.isdecimal() else 0)
    except (Rejected, Stale) as problem:
        trouble = problem.fields.get("areas", problem.message)
        return _blur(view, row, link, posted, trouble=trouble, status=problem.status)
    return view.redirect(
        f"{view.home}/archivo/{file_id}/ficha", "Difuminamos las zonas. La foto como era se borra para siempre."
    )


async def _photograph(work: Work, file_id: UUID) -> File:
    row = await opening.openable(work, file_id)
    if not row.media_type.startswith("image/"):
        raise NotFound
    return row


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


# The archive held to its word


@get("/archivo/revision", permission="workspace:read")
async def checks(work: Work, view: View, files: Files) -> Template:
    return view.page(
        "evidence/checks.html",
        checks=await store.checks(work),
        faults=checking.FAULTS,
        room=await store.room_used(work),
        rules=files.rules,
    )


@post("/archivo/revision", permission="act:record", status_code=200)
async def check_now(work: Work, view: View) -> Redirect:
    await checking.ask(work)
    return view.redirect(f"{view.home}/archivo/revision", "La revisión comenzó. Según cuánto haya, tarda unos minutos.")


# Coming in pieces, over a line that may drop


@post("/archivo/subidas", permission="file:upload", status_code=201)
async def start_upload(work: Work, view: View, files: Files) -> Response[dict[str, Any]]:
    """Asked by the browser's script: `name`, `size` in bytes, `type`. Answers where to send the pieces."""
    posted = await view.posted()
    name, size, media_type = ("".join(posted.get(part, [])[-1:]) for part in ("name", "size", "type"))
    try:
        row, direct = await resumable.start(
            work, files, name=name, size=int(size) if size.isdecimal() else 0, media_type=media_type
        )
    except Rejected as problem:
        work.doom()
        return Response({"problem": next(iter(problem.fields.values()), problem.message)}, status_code=422)
    straight = {"url": direct.url, "fields": dict(direct.fields)} if direct else None
    place = f"{view.home}/archivo/subidas/{row.id}"
    return Response({"id": str(row.id), "place": place, "direct": straight}, status_code=201, headers=_progress(row))


@head("/archivo/subidas/{upload_id:uuid}", permission="file:upload")
async def upload_progress(work: Work, upload_id: UUID) -> Response[None]:
    """How far it is: `upload-offset` of `upload-length`."""
    return Response(None, headers=_progress(await store.upload(work, upload_id)))


@route("/archivo/subidas/{upload_id:uuid}", http_method=[HttpMethod.PATCH, HttpMethod.POST], permission="file:upload")
async def add_piece(request: Request[Any, Any, Any], work: Work, files: Files, upload_id: UUID) -> Response[None]:
    """The bytes from `upload-offset` on. PATCH, or POST where something on the way lets only that through."""
    offset = request.headers.get("upload-offset", "")
    try:
        at = int(offset) if offset.isdecimal() else -1
        row = await resumable.append(work, files, upload_id, at=at, piece=await request.body())
    except resumable.OutOfStep as problem:
        work.doom()
        return Response(None, status_code=409, headers={"upload-offset": str(problem.data["received"])})
    return Response(None, status_code=204, headers=_progress(row))


@post("/archivo/subidas/{upload_id:uuid}/directo", permission="file:upload", status_code=200)
async def sent_straight(work: Work, files: Files, upload_id: UUID) -> Response[None]:
    """The browser sent it to the store by itself: whether it is there, and whole."""
    return Response(None, status_code=204, headers=_progress(await resumable.sent_straight(work, files, upload_id)))


def _progress(row: Upload) -> dict[str, str]:
    return {"upload-offset": str(row.received), "upload-length": str(row.size), "cache-control": "no-store"}


ROUTES = [
    workspace(
        archive,
        add_file,
        checks,
        check_now,
        start_upload,
        upload_progress,
        add_piece,
        sent_straight,
        download,
        thumbnail,
        picture,
        show,
        set_consent,
        set_hold,
        blur_page,
        blur,
        remove_file,
    )
]
