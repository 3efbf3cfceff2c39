"""Two ways in for a file: a form that brings one for a record, and content that we make ourselves."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from uuid import UUID

from acogida.features.evidence.actions import Upload, keep
from acogida.features.evidence.forms import AddFile
from acogida.features.evidence.model import File
from acogida.features.evidence.words import CONSENT
from acogida.kernel.errors import Rejected
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
    if upload is None:
        form.faults["file"] = "Elija el archivo que quiere subir."
    if not form.ok or upload is None:
        return form, None
    try:
        row = await keep(
            work,
            files,
            upload,
            kind=form.data.kind,
            subject_type=subject_type,
            subject_id=subject_id,
            note=form.data.note,
            consent=CONSENT.get(form.data.people),
            dated_on=form.data.dated_on,
        )
    except Rejected as problem:
        return form.refuse(problem), None
    return form, row
