"""JSON twins of the archive."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Annotated, Any
from uuid import UUID

from litestar import Request, Response, delete, get, patch, post, put
from litestar.datastructures import UploadFile
from litestar.enums import RequestEncodingType
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import Body, Parameter
from litestar.response import Stream

from acogida.features.evidence import actions, checking, images, opening, resumable, store, uploads
from acogida.features.evidence.areas import refuse_outside
from acogida.features.evidence.forms import AddFile, SetConsent, SetHold
from acogida.features.evidence.model import FileCheck
from acogida.features.evidence.pages import STRAIGHT_SECONDS, sending
from acogida.features.evidence.words import CONSENT, LOOSE
from acogida.kernel.errors import Rejected
from acogida.kernel.ports import Files
from acogida.kernel.work import Work
from acogida.web import forms
from acogida.web.api import After, IdempotencyKey, Limit, Page, checked, out, page_of, written
from acogida.web.routing import api


@dataclass
class NewFile:
    """A file sent as `multipart/form-data`, or as `upload_id` what was sent in pieces. `people` is needed for a
    photograph or a recording: none, consented or unasked."""

    kind: str
    file: UploadFile | None = None
    upload_id: str = ""
    note: str = ""
    dated_on: str = ""
    people: str = ""


@dataclass(frozen=True)
class FileOut:
    id: UUID
    name: str
    kind: str
    media_type: str
    size: int
    sha256: str
    subject_type: str
    subject_id: UUID | None
    dated_on: date | None
    note: str
    consent: bool | None
    state: str
    blurred: bool
    held: bool
    retained_until: date | None
    erase_after: date | None
    uploaded_by: str
    version: int
    created_at: datetime


@dataclass(frozen=True)
class NewUpload:
    """A content that will come in pieces: its name and its bytes."""

    name: str
    size: int


@dataclass(frozen=True)
class UploadOut:
    """How far it is. The next piece begins at byte `received`."""

    id: UUID
    name: str
    size: int
    received: int
    expires_at: datetime


@dataclass(frozen=True)
class AreaIn:
    """A part of a picture, in hundredths of its sides."""

    left: float
    top: float
    width: float
    height: float


@dataclass(frozen=True)
class Blurring:
    areas: list[AreaIn]
    version: int


@dataclass(frozen=True)
class LinkOut:
    """Where the content is read from. An address of the store itself opens without a key until `expires_at`."""

    url: str
    expires_at: datetime | None


@dataclass(frozen=True)
class FaultOut:
    file_id: UUID
    name: str
    fault: str


@dataclass(frozen=True)
class CheckOut:
    id: UUID
    at: datetime
    files: int
    size: int
    finished: bool
    faults: list[FaultOut]


@get("/archivo", permission="workspace:read", operation_id="listFiles")
async def list_files(work: Work, limit: Limit, after: After = None, kind: str = "") -> Page[FileOut]:
    rows = await store.files(work, kind=kind, after=after, limit=limit + 1)
    return page_of([out(FileOut, row) for row in rows], limit)


@post("/archivo", permission="file:upload", operation_id="addFile")
async def add_file(
    work: Work,
    files: Files,
    data: Annotated[NewFile, Body(media_type=RequestEncodingType.MULTI_PART)],
    idempotency_key: IdempotencyKey = None,
) -> Response[FileOut]:
    said = {"kind": data.kind, "note": data.note, "dated_on": data.dated_on, "people": data.people}
    wanted = forms.from_json(AddFile, said)
    sound = wanted.kind == "audio"

    async def write() -> Any:
        sent = {"upload_id": [data.upload_id]} if data.upload_id else {}
        upload = data.file or next(iter(await uploads.sent_before(work, files, sent)), None)
        if upload is None:
            raise Rejected(fields={"file": "Envíe el archivo, o el «upload_id» de lo que envió por partes."})
        row = await actions.keep(
            work,
            files,
            upload,
            kind=wanted.kind,
            subject_type=LOOSE,
            subject_id=None,
            limit=actions.LIMIT_OF_AUDIO if sound else actions.LIMIT,
            allow={"audio"} if sound else actions.ALLOWED,
            note=wanted.note,
            consent=CONSENT.get(wanted.people),
            dated_on=wanted.dated_on,
        )
        await uploads.let_go(work, upload)
        return out(FileOut, row)

    asked = {**said, "name": data.file.filename if data.file else data.upload_id}
    return await written(work, asked, idempotency_key, write)


@get("/archivo/{file_id:uuid}", permission="workspace:read", operation_id="getFile")
async def get_file(work: Work, file_id: UUID) -> FileOut:
    return out(FileOut, await store.file(work, file_id))


@get(
    "/archivo/{file_id:uuid}/contenido",
    permission="workspace:read",
    operation_id="getFileContent",
    media_type="application/octet-stream",
)
async def get_content(work: Work, files: Files, file_id: UUID) -> Stream:
    return sending(*await opening.open_file(work, files, file_id))


@delete("/archivo/{file_id:uuid}", permission="act:record", operation_id="deleteFile")
async def delete_file(work: Work, file_id: UUID) -> None:
    await actions.remove(work, file_id)


@post("/archivo/{file_id:uuid}/enlace", permission="workspace:read", operation_id="linkToFile", status_code=200)
async def link_to_file(request: Request[Any, Any, Any], work: Work, files: Files, file_id: UUID) -> LinkOut:
    """For a minute, the address of the store where it can be reached; otherwise that of `getFileContent`, with the key."""
    row = await opening.openable(work, file_id)
    straight = await files.link(
        work.tenant.id, row.storage_key, name=row.name, media_type=row.media_type, seconds=STRAIGHT_SECONDS
    )
    if straight:
        return LinkOut(straight, work.clock.now() + timedelta(seconds=STRAIGHT_SECONDS))
    return LinkOut(request.url.path.removesuffix("/enlace") + "/contenido", None)


@put("/archivo/{file_id:uuid}/autorizacion", permission="file:upload", operation_id="setFileConsent")
async def set_consent(work: Work, file_id: UUID, data: SetConsent) -> FileOut:
    said = checked(data)
    return out(FileOut, await actions.set_consent(work, file_id, CONSENT[said.people], version=said.version))


@put("/archivo/{file_id:uuid}/conservacion", permission="file:hold", operation_id="setFileHold")
async def set_hold(work: Work, file_id: UUID, data: SetHold) -> FileOut:
    said = checked(data)
    return out(FileOut, await actions.set_hold(work, file_id, on=said.on, reason=said.reason, version=said.version))


@post("/archivo/{file_id:uuid}/difuminar", permission="file:upload", operation_id="blurFile", status_code=200)
async def blur_file(work: Work, files: Files, file_id: UUID, data: Blurring) -> FileOut:
    areas = [images.Area(area.left, area.top, area.width, area.height) for area in data.areas]
    for number, area in enumerate(areas, 1):
        refuse_outside(number, area)
    return out(FileOut, await actions.blur(work, files, file_id, areas, version=data.version))


@get("/archivo/revisiones", permission="workspace:read", operation_id="listFileChecks")
async def list_checks(work: Work, limit: Limit, after: After = None) -> Page[CheckOut]:
    rows = await store.checks(work, after=after or UUID(int=0), limit=limit + 1)
    return page_of([_check(row) for row in rows], limit)


def _check(row: FileCheck) -> CheckOut:
    return out(CheckOut, row, faults=[FaultOut(UUID(one["file_id"]), one["name"], one["fault"]) for one in row.faults])


@post("/archivo/revisiones", permission="act:record", operation_id="checkFiles", status_code=202)
async def check_now(work: Work) -> None:
    await checking.ask(work)


@post("/archivo/subidas", permission="file:upload", operation_id="startUpload")
async def start_upload(work: Work, files: Files, data: NewUpload) -> UploadOut:
    row, _ = await resumable.start(work, files, name=data.name, size=data.size)
    return out(UploadOut, row)


@get("/archivo/subidas/{upload_id:uuid}", permission="file:upload", operation_id="getUpload")
async def get_upload(work: Work, upload_id: UUID) -> UploadOut:
    return out(UploadOut, await store.upload(work, upload_id))


@patch(
    "/archivo/subidas/{upload_id:uuid}",
    permission="file:upload",
    operation_id="addPiece",
    responses={409: ResponseSpec(None, description="No empieza donde va la subida", generate_examples=False)},
)
async def add_piece(
    request: Request[Any, Any, Any],
    work: Work,
    files: Files,
    upload_id: UUID,
    offset: Annotated[int, Parameter(header="Upload-Offset", ge=0, description="Desde qué byte son los que vienen.")],
) -> UploadOut:
    """The body is the bytes themselves, `application/octet-stream`."""
    return out(UploadOut, await resumable.append(work, files, upload_id, at=offset, piece=await request.body()))


@delete("/archivo/subidas/{upload_id:uuid}", permission="file:upload", operation_id="dropUpload")
async def drop_upload(work: Work, upload_id: UUID) -> None:
    await resumable.end(work, upload_id)


ROUTES = [
    api(
        "Archivo",
        list_files,
        add_file,
        list_checks,
        check_now,
        start_upload,
        get_upload,
        add_piece,
        drop_upload,
        get_file,
        get_content,
        link_to_file,
        set_consent,
        set_hold,
        blur_file,
        delete_file,
    )
]
