"""JSON twins of the acts. Signed files go by the multipart twin of each record."""

import dataclasses
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from litestar import Response, delete, get, post, put
from litestar.datastructures import UploadFile
from litestar.enums import RequestEncodingType
from litestar.params import Body, Parameter

from acogida.features.acts import actions, register, sealing, signing, store
from acogida.features.acts.forms import (
    Declare,
    EditLetter,
    EditProject,
    EditSigner,
    RecordAgreement,
    RecordApproval,
    RecordDecree,
    RecordOther,
    RecordOutside,
    RecordSigned,
    RecordTerm,
    RecordVote,
)
from acogida.features.acts.model import ActSubmission
from acogida.kernel.errors import NotFound
from acogida.kernel.ports import Files
from acogida.kernel.signatures import from_json
from acogida.kernel.work import Work
from acogida.web import forms
from acogida.web.api import IdempotencyKey, checked, out, written
from acogida.web.routing import PUBLIC, api, public_api

Multipart = Body(media_type=RequestEncodingType.MULTI_PART)


@dataclass(frozen=True)
class SignatoryOut:
    id: UUID
    name: str
    cargo: str
    role: str
    acting: bool
    position: int
    signed_on: date | None


@dataclass(frozen=True)
class ActOut:
    id: UUID
    kind: str
    title: str
    number: str
    organ: str
    dated_on: date | None
    status: str
    content: dict[str, Any]
    file_id: UUID | None
    way: str
    standing: str
    ordered: bool
    code: str | None
    signatories: list[SignatoryOut]
    version: int


@dataclass(frozen=True)
class SignedLetterIn:
    """`signed` are ids of signatories. A file with electronic signatures says by itself who signed and when."""

    file: UploadFile
    signed_on: str = ""
    signed: list[str] = field(default_factory=list)
    declared_by: str = ""


@dataclass(frozen=True)
class OutsideLetterIn:
    """`councillors`: a name per line."""

    file: UploadFile
    mayor: str
    mayor_cargo: str
    signed_on: str
    councillors: str = ""
    declared_by: str = ""


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
    declared_by: str = ""
    kind: str = ""
    title: str = ""
    organ: str = ""
    signatories: str = ""


@dataclass(frozen=True)
class CheckOut:
    key: str
    outcome: str
    sentence: str


@dataclass(frozen=True)
class FoundSignatureOut:
    """`person` is the id of the signatory that it belongs to."""

    signer: str
    issuer: str
    signed_at: datetime | None
    stamped: bool
    verdict: str
    person: str
    checks: list[CheckOut]


@dataclass(frozen=True)
class SubmissionOut:
    """A file that came as the signed act, and what it was worth. `verdict` is empty for a record."""

    id: UUID
    file_id: UUID
    sha256: str
    way: str
    state: str
    submitted_by: str
    submitted_at: datetime
    declared_by: str
    verdict: str
    sentence: str
    signatures: list[FoundSignatureOut]
    checks: list[CheckOut]


@dataclass(frozen=True)
class EntryOut:
    """A line of the register; `hash` and `previous` in hexadecimal, as `content` is chained (`acogida verify`)."""

    seq: int
    at: datetime
    act_id: UUID
    event: str
    content: list[Any]
    previous: str
    hash: str


@dataclass(frozen=True)
class RegisterOut:
    entries: list[EntryOut]
    head: str
    broken_at: int | None
    next_after: int | None


@dataclass(frozen=True)
class SealOut:
    """What anyone may know of a published document by its code, and nothing more."""

    code: str
    municipality_name: str
    title: str
    dated_on: date | None
    approved_by: str
    way: str
    sha256: str
    published_at: datetime
    withdrawn_at: datetime | None
    replaced_by: str


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
    wanted = forms.from_json(
        RecordSigned, {"signed_on": data.signed_on, "signed": data.signed, "declared_by": data.declared_by}
    )

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
    """`kind`: acuerdo, aprobacion, votacion, decreto or documento (an acta, a certificado). Each asks for its own
    permission."""

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
            case "documento":
                act = await actions.record_other(work, files, _read(RecordOther, data), data.file)
            case _:
                raise NotFound
        return await _out(work, act)

    return await written(work, {"kind": kind, **_said(data)}, idempotency_key, write)


@get("/actos/{act_id:uuid}/archivos", permission="workspace:read", operation_id="listActSubmissions")
async def list_submissions(work: Work, act_id: UUID) -> list[SubmissionOut]:
    """Every file that came as this act, newest first, with each check of its signatures."""
    act = await store.act(work, act_id)
    return [_submission(one) for one in await store.submissions(work, act.id)]


def _submission(one: ActSubmission) -> SubmissionOut:
    found = from_json(one.examination) if one.examination else None
    return out(
        SubmissionOut,
        one,
        verdict=found.verdict.value if found else "",
        sentence=found.sentence if found else "",
        signatures=[
            FoundSignatureOut(
                signer=each.signer,
                issuer=each.issuer,
                signed_at=each.signed_at,
                stamped=each.stamped_at is not None,
                verdict=each.verdict.value,
                person=each.person,
                checks=[out(CheckOut, check) for check in each.checks],
            )
            for each in (found.signatures if found else ())
        ],
        checks=[out(CheckOut, check) for check in (found.checks if found else ())],
    )


@put("/actos/{act_id:uuid}/firmantes/{signatory_id:uuid}", permission="commitment:edit", operation_id="putSignatory")
async def put_signatory(work: Work, act_id: UUID, signatory_id: UUID, data: EditSigner) -> ActOut:
    """RUN, mail and subrogancia of one who signs."""
    await signing.edit_signer(work, signatory_id, checked(data))
    return await _out(work, await store.act(work, act_id))


@dataclass(frozen=True)
class OrderIn:
    ordered: bool


@put("/actos/{act_id:uuid}/orden", permission="commitment:edit", operation_id="putSigningOrder")
async def put_order(work: Work, act_id: UUID, data: OrderIn) -> ActOut:
    """Whether those who sign follow the order of their positions."""
    return await _out(work, await signing.set_order(work, act_id, data.ordered))


@post("/actos/{act_id:uuid}/enlaces", permission="act:record", operation_id="sendSigningLinks", status_code=200)
async def post_links(work: Work, act_id: UUID) -> ActOut:
    """Mail the link to whoever may sign now. Sent twice, only the newest link works."""
    await signing.invite(work, act_id)
    return await _out(work, await store.act(work, act_id))


@post("/actos/{act_id:uuid}/declaracion", permission="act:record", operation_id="declareCopy", status_code=200)
async def post_declaration(work: Work, act_id: UUID, data: Declare) -> ActOut:
    """Who answers for the copy of an act that was recorded without it."""
    return await _out(work, await signing.declare(work, act_id, checked(data).declared_by))


@put("/actos/{act_id:uuid}/verificacion", permission="document:publish", operation_id="publishSeal")
async def put_seal(work: Work, act_id: UUID) -> SealOut:
    """Let anyone check this act by its code."""
    return out(SealOut, await sealing.publish(work, act_id))


@delete("/actos/{act_id:uuid}/verificacion", permission="document:publish", operation_id="withdrawSeal")
async def delete_seal(work: Work, act_id: UUID) -> None:
    """Say at the public page that the municipality no longer answers for it."""
    await sealing.withdraw(work, act_id)


@get("/actos/registro", permission="workspace:read", operation_id="getActRegister")
async def get_register(
    work: Work,
    after: Annotated[int, Parameter(ge=0)] = 0,
    limit: Annotated[int, Parameter(ge=1, le=500)] = 100,
) -> RegisterOut:
    """The register in order, from the line that follows `after`."""
    state = await register.verify(work)
    rows = [row for row in await store.entries(work) if row.seq > after]
    page = rows[:limit]
    return RegisterOut(
        entries=[out(EntryOut, row, previous=row.previous_hash.hex(), hash=row.hash.hex()) for row in page],
        head=state.head,
        broken_at=state.broken_at,
        next_after=page[-1].seq if len(rows) > limit else None,
    )


@get("/verificar/{code:str}", permission=PUBLIC, operation_id="getSeal")
async def get_seal(work: Work, code: str) -> SealOut:
    """What anyone may know of a published document."""
    seal = await store.seal(work, sealing.read_code(code))
    if seal is None:
        raise NotFound
    return out(SealOut, seal)


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
        list_submissions,
        put_signatory,
        put_order,
        post_links,
        post_declaration,
        put_seal,
        delete_seal,
        get_register,
    ),
    public_api("Verificación", get_seal),
]
