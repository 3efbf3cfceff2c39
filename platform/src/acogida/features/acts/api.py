"""JSON twins of the acts. Signed files go by the multipart twin of each record."""

import dataclasses
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any
from uuid import UUID

from litestar import Response, get, post, put
from litestar.datastructures import UploadFile
from litestar.enums import RequestEncodingType
from litestar.params import Body

from acogida.features.acts import actions, store
from acogida.features.acts.forms import (
    EditLetter,
    EditProject,
    RecordAgreement,
    RecordApproval,
    RecordDecree,
    RecordOutside,
    RecordSigned,
    RecordTerm,
    RecordVote,
)
from acogida.kernel.errors import NotFound
from acogida.kernel.ports import Files
from acogida.kernel.work import Work
from acogida.web import forms
from acogida.web.api import IdempotencyKey, checked, out, written
from acogida.web.routing import api

Multipart = Body(media_type=RequestEncodingType.MULTI_PART)


@dataclass(frozen=True)
class SignatoryOut:
    id: UUID
    name: str
    cargo: str
    role: str
    signed_on: date | None


@dataclass(frozen=True)
class ActOut:
    id: UUID
    kind: str
    title: str
    number: str
    dated_on: date | None
    status: str
    content: dict[str, Any]
    file_id: UUID | None
    signatories: list[SignatoryOut]
    version: int


@dataclass(frozen=True)
class SignedLetterIn:
    """`signed` are ids of signatories."""

    file: UploadFile
    signed_on: str
    signed: list[str]


@dataclass(frozen=True)
class OutsideLetterIn:
    """`councillors`: a name per line."""

    file: UploadFile
    mayor: str
    mayor_cargo: str
    signed_on: str
    councillors: str = ""


@dataclass(frozen=True)
class ActIn:
    """The fields of the record as text, and its file."""

    file: UploadFile
    dated_on: str
    number: str = ""
    signatory: str = ""
    cargo: str = ""
    years: str = "4"
    mayor: str = ""
    mayor_signed: str = ""
    result: str = ""
    in_favour: str = ""
    against: str = ""
    abstentions: str = ""


async def _out(work: Work, act: Any) -> ActOut:
    return out(ActOut, act, signatories=[out(SignatoryOut, row) for row in await store.signatories(work, act.id)])


@get("/actos", permission="workspace:read", operation_id="listActs")
async def list_acts(work: Work) -> list[ActOut]:
    """Every act of the cycle, oldest first."""
    rows = await store.signatories(work)
    return [
        out(ActOut, act, signatories=[out(SignatoryOut, row) for row in rows if row.act_id == act.id])
        for act in await store.acts(work)
    ]


@get("/actos/{act_id:uuid}", permission="workspace:read", operation_id="getAct")
async def get_act(work: Work, act_id: UUID) -> ActOut:
    return await _out(work, await store.act(work, act_id))


@put("/actos/carta", permission="commitment:edit", operation_id="putCommitmentLetter")
async def put_letter(work: Work, data: EditLetter) -> ActOut:
    return await _out(work, await actions.edit_letter(work, checked(data)))


@put("/actos/proyecto", permission="commitment:edit", operation_id="putProjectDocument")
async def put_project(work: Work, data: EditProject) -> ActOut:
    return await _out(work, await actions.edit_project(work, checked(data)))


@post("/actos/carta/firmada", permission="act:record", operation_id="recordSignedLetter")
async def post_signed_letter(
    work: Work, files: Files, data: Annotated[SignedLetterIn, Multipart], idempotency_key: IdempotencyKey = None
) -> Response[ActOut]:
    wanted = forms.from_json(RecordSigned, {"signed_on": data.signed_on, "signed": data.signed})

    async def write() -> ActOut:
        return await _out(work, await actions.record_signed_letter(work, files, wanted, data.file))

    return await written(work, _said(data), idempotency_key, write)


@post("/actos/carta/externa", permission="act:record", operation_id="recordOutsideLetter")
async def post_outside_letter(
    work: Work, files: Files, data: Annotated[OutsideLetterIn, Multipart], idempotency_key: IdempotencyKey = None
) -> Response[ActOut]:
    wanted = _read(RecordOutside, data)

    async def write() -> ActOut:
        return await _out(work, await actions.record_outside_letter(work, files, wanted, data.file))

    return await written(work, _said(data), idempotency_key, write)


@put("/actos/plazo-concejo", permission="policy:approve", operation_id="putConcejoTerm")
async def put_term(work: Work, data: RecordTerm) -> ActOut:
    """Whether the concejo's term of twenty days runs (Ley 18.695, art. 82 c)."""
    return await _out(work, await actions.answer_term(work, checked(data)))


@post("/actos/{kind:str}", permission="workspace:read", operation_id="recordAct")
async def post_act(
    work: Work, files: Files, kind: str, data: Annotated[ActIn, Multipart], idempotency_key: IdempotencyKey = None
) -> Response[ActOut]:
    """`kind`: acuerdo, aprobacion, votacion or decreto. Each asks for its own permission."""

    async def write() -> ActOut:
        match kind:
            case "acuerdo":
                act = await actions.record_agreement(work, files, _read(RecordAgreement, data), data.file)
            case "aprobacion":
                act = await actions.record_approval(work, files, _read(RecordApproval, data), data.file)
            case "votacion":
                act = await actions.record_vote(work, files, _read(RecordVote, data), data.file)
            case "decreto":
                act = await actions.record_decree(work, files, _read(RecordDecree, data), data.file)
            case _:
                raise NotFound
        return await _out(work, act)

    return await written(work, {"kind": kind, **_said(data)}, idempotency_key, write)


def _read(form: type[forms.D], data: ActIn | OutsideLetterIn) -> forms.D:
    return forms.from_json(form, {name: getattr(data, name) for name in form.form_fields()})


def _said(data: ActIn | OutsideLetterIn | SignedLetterIn) -> dict[str, Any]:
    """What was sent, its file by name, to know the same request again."""
    sent = {item.name: getattr(data, item.name) for item in dataclasses.fields(data)}
    return {**sent, "file": data.file.filename}


ROUTES = [
    api(
        "Actos",
        list_acts,
        get_act,
        put_letter,
        put_project,
        post_signed_letter,
        post_outside_letter,
        put_term,
        post_act,
    )
]
