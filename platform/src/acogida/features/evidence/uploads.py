"""Ways in for a file: a form that brings one for a record, with its content or with what was sent before in pieces; and
content that we make ourselves."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from uuid import UUID

from acogida.features.evidence import resumable
from acogida.features.evidence.actions import ALLOWED, LIMIT, LIMIT_OF_AUDIO, keep
from acogida.features.evidence.forms import AddFile
from acogida.features.evidence.model import File
from acogida.features.evidence.receiving import Upload
from acogida.features.evidence.words import CONSENT
from acogida.kernel.errors import NotFound, Rejected
from acogida.kernel.ports import Files
from acogida.kernel.work import Work
from acogida.web import forms


@dataclass(slots=True)
class MadeHere:
    """A file made by the product, ready for `keep`."""

    filename: str
    content: BytesIO = field(repr=False)

    async def read(self, size: int = -1, /) -> bytes:
        return self.content.read(size)

    async def seek(self, offset: int, /) -> int:
        return self.content.seek(offset)


def from_bytes(name: str, content: bytes) -> MadeHere:
    """This function will give bytes made here as a file to keep."""
    return MadeHere(name, BytesIO(content))


async def sent_before(work: Work, files: Files, fields: Mapping[str, Sequence[str]]) -> list[resumable.Assembled]:
    """This function will give what the browser sent in pieces before the form: the fields `upload_id`.

    `NotFound` where one is not of whoever asks. Call `let_go` for each once it is kept.
    """
    found = []
    for written in fields.get("upload_id", ()):
        try:
            found.append(await resumable.assembled(work, files, UUID(written)))
        except ValueError:
            raise NotFound from None
    return found


async def let_go(work: Work, upload: Upload) -> None:
    """This function will end what came in pieces, once it is a file; for any other upload there is nothing to do."""
    if isinstance(upload, resumable.Assembled):
        await resumable.end(work, upload.upload_id)


async def attach(
    work: Work,
    files: Files,
    upload: Upload | None,
    fields: Mapping[str, Sequence[str]],
    *,
    subject_type: str,
    subject_id: UUID | None,
) -> tuple[forms.Form[AddFile], File | None]:
    """This function will keep the file that a form brought for a record; None, and the form with its faults, if it can't.

    `fields` are those of `AddFile`, as the macro `attach_form` of `evidence/_files.html` sends them. Whoever calls has
    already asked for the right of its own verb.
    """
    form = forms.read(AddFile, fields)
    try:
        upload = upload or next(iter(await sent_before(work, files, fields)), None)
    except Rejected as problem:
        return form.refuse(problem), None
    if upload is None:
        form.faults["file"] = "Elija el archivo que quiere subir."
    if not form.ok or upload is None:
        return form, None
    sound = form.data.kind == "audio"
    try:
        row = await keep(
            work,
            files,
            upload,
            kind=form.data.kind,
            limit=LIMIT_OF_AUDIO if sound else LIMIT,
            allow={"audio"} if sound else ALLOWED,
            subject_type=subject_type,
            subject_id=subject_id,
            note=form.data.note,
            consent=CONSENT.get(form.data.people),
            dated_on=form.data.dated_on,
        )
    except Rejected as problem:
        return form.refuse(problem), None
    await let_go(work, upload)
    return form, row
