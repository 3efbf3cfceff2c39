"""JSON twins of the archive."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from litestar import Response, delete, get, post
from litestar.datastructures import UploadFile
from litestar.enums import RequestEncodingType
from litestar.params import Body
from litestar.response import Stream

from acogida.features.evidence import actions, store
from acogida.features.evidence.forms import AddFile
from acogida.features.evidence.pages import sending
from acogida.features.evidence.words import CONSENT, LOOSE
from acogida.kernel.ports import Files
from acogida.kernel.work import Work
from acogida.web import forms
from acogida.web.api import After, IdempotencyKey, Limit, Page, out, page_of, written
from acogida.web.routing import api


@dataclass
class NewFile:
    """A file sent as `multipart/form-data`. `people` is needed for a photograph: none, consented or unasked."""

    file: UploadFile
    kind: str
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
    uploaded_by: str
    created_at: datetime


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

    async def write() -> Any:
        row = await actions.keep(
            work,
            files,
            data.file,
            kind=wanted.kind,
            subject_type=LOOSE,
            subject_id=None,
            note=wanted.note,
            consent=CONSENT.get(wanted.people),
            dated_on=wanted.dated_on,
        )
        return out(FileOut, row)

    return await written(work, {**said, "name": data.file.filename}, idempotency_key, write)


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
    return sending(*await actions.open_file(work, files, file_id))


@delete("/archivo/{file_id:uuid}", permission="act:record", operation_id="deleteFile")
async def delete_file(work: Work, file_id: UUID) -> None:
    await actions.remove(work, file_id)


ROUTES = [api("Archivo", list_files, add_file, get_file, get_content, delete_file)]
