"""JSON twins of the workshops."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any
from uuid import UUID

from litestar import Response, delete, get, post, put
from litestar.datastructures import UploadFile
from litestar.enums import RequestEncodingType
from litestar.params import Body

from acogida.features.evidence import public as evidence
from acogida.features.workshops import actions, store
from acogida.features.workshops.forms import (
    AddEntries,
    AddFiles,
    CutEntry,
    EditCandidate,
    EditEntry,
    EditGroup,
    EditRecord,
    EditWorkshop,
)
from acogida.features.workshops.model import WorkshopEntry
from acogida.features.workshops.report import candidate
from acogida.kernel.errors import NotFound, Rejected
from acogida.kernel.ports import Files
from acogida.kernel.work import Work
from acogida.web.api import After, IdempotencyKey, Limit, Page, checked, out, page_of, written
from acogida.web.forms import from_json
from acogida.web.routing import api


@dataclass(frozen=True)
class Moment:
    minutes: int
    title: str


@dataclass(frozen=True)
class WorkingGroup:
    name: str
    axes: list[str]


@dataclass(frozen=True)
class WorkshopOut:
    id: UUID
    kind: str
    title: str
    held_on: date
    starts_at: str
    place: str
    status: str
    facilitator: str
    recorder: str
    invited_on: date | None
    invitees: dict[str, str]
    invitation: str
    logistics: str
    refreshments: bool
    agenda: list[Moment]
    working_groups: list[WorkingGroup]
    notes: str
    conclusions: str
    version: int


@dataclass(frozen=True)
class GroupOut:
    id: UUID
    kind: str
    description: str
    people: int
    from_diagnosis: int
    version: int


@dataclass(frozen=True)
class EntryOut:
    """One post-it. `axis` and `verdict` belong to comments on an eje; initiatives have answers of their own."""

    id: UUID
    workshop_id: UUID
    kind: str
    text: str
    group_name: str
    axis: str
    verdict: str
    version: int


@dataclass(frozen=True)
class EntriesOut:
    items: list[EntryOut]


@dataclass(frozen=True)
class CandidateOut:
    id: UUID
    workshop_id: UUID
    name: str
    axis: str
    group: str
    description: str
    needs_funding: bool | None
    target: str
    unit: str
    alliances: str
    period: str
    version: int


@dataclass(frozen=True)
class AtVersion:
    """The version of the workshop that whoever asks was looking at."""

    version: int


def _workshop(row: Any) -> WorkshopOut:
    return out(
        WorkshopOut,
        row,
        agenda=[Moment(**moment) for moment in row.agenda],
        working_groups=[WorkingGroup(**group) for group in row.working_groups],
    )


def _entry(row: WorkshopEntry) -> EntryOut:
    return out(EntryOut, row, axis=row.details.get("axis", ""), verdict=row.details.get("verdict", ""))


async def _candidate(work: Work, row: WorkshopEntry) -> CandidateOut:
    found = candidate(row, await store.workshop(work, row.workshop_id))
    return out(CandidateOut, found, version=row.version)


@get("/talleres", permission="workspace:read", operation_id="listWorkshops")
async def list_workshops(work: Work, limit: Limit, after: After = None) -> Page[WorkshopOut]:
    rows = await store.workshops(work, after=after, limit=limit + 1)
    return page_of([_workshop(row) for row in rows], limit)


@post("/talleres", permission="meeting:edit", operation_id="callWorkshop")
async def call_workshop(
    work: Work, data: EditWorkshop, idempotency_key: IdempotencyKey = None
) -> Response[WorkshopOut]:
    """`agenda` and `working_groups` are lines, as on the screen: «25 Identificar desafíos», «Grupo 1: eje; eje»."""

    async def write() -> Any:
        return _workshop(await actions.call_workshop(work, checked(data)))

    return await written(work, data, idempotency_key, write)


@get("/talleres/{workshop_id:uuid}", permission="workspace:read", operation_id="getWorkshop")
async def get_workshop(work: Work, workshop_id: UUID) -> WorkshopOut:
    return _workshop(await store.workshop(work, workshop_id))


@put("/talleres/{workshop_id:uuid}", permission="meeting:edit", operation_id="putWorkshop")
async def put_workshop(work: Work, workshop_id: UUID, data: EditWorkshop) -> WorkshopOut:
    return _workshop(await actions.edit_workshop(work, workshop_id, checked(data)))


@delete("/talleres/{workshop_id:uuid}", permission="meeting:edit", operation_id="deleteWorkshop")
async def delete_workshop(work: Work, workshop_id: UUID) -> None:
    await actions.remove_workshop(work, workshop_id)


@put("/talleres/{workshop_id:uuid}/realizado", permission="meeting:edit", operation_id="holdWorkshop")
async def hold_workshop(work: Work, workshop_id: UUID, data: AtVersion) -> WorkshopOut:
    return _workshop(await actions.hold(work, workshop_id, version=data.version))


@put("/talleres/{workshop_id:uuid}/programado", permission="meeting:edit", operation_id="putBackWorkshop")
async def put_back_workshop(work: Work, workshop_id: UUID, data: AtVersion) -> WorkshopOut:
    return _workshop(await actions.put_back(work, workshop_id, version=data.version))


@put("/talleres/{workshop_id:uuid}/conclusiones", permission="meeting:edit", operation_id="putWorkshopRecord")
async def put_record(work: Work, workshop_id: UUID, data: EditRecord) -> WorkshopOut:
    return _workshop(await actions.write_record(work, workshop_id, checked(data)))


@get("/talleres/{workshop_id:uuid}/participantes", permission="workspace:read", operation_id="listWorkshopGroups")
async def list_groups(work: Work, workshop_id: UUID) -> Page[GroupOut]:
    await store.workshop(work, workshop_id)
    return Page([out(GroupOut, row) for row in await store.groups(work, [workshop_id])], None)


@post("/talleres/{workshop_id:uuid}/participantes", permission="meeting:edit", operation_id="countWorkshopGroup")
async def count_group(
    work: Work, workshop_id: UUID, data: EditGroup, idempotency_key: IdempotencyKey = None
) -> Response[GroupOut]:
    async def write() -> Any:
        return out(GroupOut, await actions.count_group(work, workshop_id, checked(data)))

    return await written(work, data, idempotency_key, write)


@put(
    "/talleres/{workshop_id:uuid}/participantes/{group_id:uuid}",
    permission="meeting:edit",
    operation_id="putWorkshopGroup",
)
async def put_group(work: Work, workshop_id: UUID, group_id: UUID, data: EditGroup) -> GroupOut:
    return out(GroupOut, await actions.recount_group(work, workshop_id, group_id, checked(data)))


@delete(
    "/talleres/{workshop_id:uuid}/participantes/{group_id:uuid}",
    permission="meeting:edit",
    operation_id="deleteWorkshopGroup",
)
async def delete_group(work: Work, workshop_id: UUID, group_id: UUID) -> None:
    await actions.remove_group(work, workshop_id, group_id)


@get("/talleres/{workshop_id:uuid}/aportes", permission="workspace:read", operation_id="listWorkshopEntries")
async def list_entries(work: Work, workshop_id: UUID, limit: Limit, after: After = None) -> Page[EntryOut]:
    await store.workshop(work, workshop_id)
    rows = await store.entries(work, workshop_ids=[workshop_id], after=after, limit=limit + 1)
    return page_of([_entry(row) for row in rows], limit)


@post("/talleres/{workshop_id:uuid}/aportes", permission="meeting:edit", operation_id="noteWorkshopEntries")
async def note_entries(
    work: Work, workshop_id: UUID, data: AddEntries, idempotency_key: IdempotencyKey = None
) -> Response[EntriesOut]:
    """Each line of `text` becomes an entry; the answer gives them all."""

    async def write() -> Any:
        rows = await actions.note_entries(work, workshop_id, checked(data))
        return EntriesOut([_entry(row) for row in rows])

    return await written(work, data, idempotency_key, write)


@put("/talleres/{workshop_id:uuid}/aportes/{entry_id:uuid}", permission="meeting:edit", operation_id="putWorkshopEntry")
async def put_entry(work: Work, workshop_id: UUID, entry_id: UUID, data: EditEntry) -> EntryOut:
    return _entry(await actions.edit_entry(work, workshop_id, entry_id, checked(data)))


@delete(
    "/talleres/{workshop_id:uuid}/aportes/{entry_id:uuid}",
    permission="meeting:edit",
    operation_id="deleteWorkshopEntry",
)
async def delete_entry(work: Work, workshop_id: UUID, entry_id: UUID) -> None:
    await actions.remove_entry(work, workshop_id, entry_id)


@get("/talleres/{workshop_id:uuid}/iniciativas", permission="workspace:read", operation_id="listProposedInitiatives")
async def list_proposals(work: Work, workshop_id: UUID, limit: Limit, after: After = None) -> Page[CandidateOut]:
    await store.workshop(work, workshop_id)
    rows = await store.entries(work, workshop_ids=[workshop_id], kinds=["initiative"], after=after, limit=limit + 1)
    return page_of([await _candidate(work, row) for row in rows], limit)


@post("/talleres/{workshop_id:uuid}/iniciativas", permission="meeting:edit", operation_id="proposeInitiative")
async def propose(
    work: Work, workshop_id: UUID, data: EditCandidate, idempotency_key: IdempotencyKey = None
) -> Response[CandidateOut]:
    async def write() -> Any:
        return await _candidate(work, await actions.propose(work, workshop_id, checked(data)))

    return await written(work, data, idempotency_key, write)


@get(
    "/talleres/{workshop_id:uuid}/iniciativas/{entry_id:uuid}",
    permission="workspace:read",
    operation_id="getProposedInitiative",
)
async def get_proposal(work: Work, workshop_id: UUID, entry_id: UUID) -> CandidateOut:
    row = await store.entry(work, entry_id, workshop_id=workshop_id)
    if row.kind != "initiative":
        raise NotFound
    return await _candidate(work, row)


@put(
    "/talleres/{workshop_id:uuid}/iniciativas/{entry_id:uuid}",
    permission="meeting:edit",
    operation_id="putProposedInitiative",
)
async def put_proposal(work: Work, workshop_id: UUID, entry_id: UUID, data: EditCandidate) -> CandidateOut:
    return await _candidate(work, await actions.edit_proposal(work, workshop_id, entry_id, checked(data)))


@dataclass
class NewWorkshopFile:
    """A file of a workshop as `multipart/form-data`, or as `upload_id` what was sent in pieces."""

    kind: str
    people: str = ""
    file: UploadFile | None = None
    upload_id: str = ""


@dataclass(frozen=True)
class WorkshopFileOut:
    id: UUID
    name: str
    kind: str
    media_type: str
    size: int
    sha256: str
    consent: bool | None


@post("/talleres/{workshop_id:uuid}/fotografias", permission="meeting:edit", operation_id="addWorkshopFile")
async def add_file(
    work: Work,
    files: Files,
    workshop_id: UUID,
    data: Annotated[NewWorkshopFile, Body(media_type=RequestEncodingType.MULTI_PART)],
    idempotency_key: IdempotencyKey = None,
) -> Response[WorkshopFileOut]:
    said = {"kind": data.kind, "people": data.people}
    wanted = from_json(AddFiles, said)

    async def write() -> Any:
        sent = {"upload_id": [data.upload_id]} if data.upload_id else {}
        upload = data.file or next(iter(await evidence.sent_before(work, files, sent)), None)
        if upload is None:
            raise Rejected(fields={"file": "Envíe el archivo, o el «upload_id» de lo que envió por partes."})
        row = await actions.keep_file(work, files, workshop_id, upload, wanted)
        await evidence.let_go(work, upload)
        return out(WorkshopFileOut, row)

    asked = {**said, "name": data.file.filename if data.file else data.upload_id}
    return await written(work, asked, idempotency_key, write)


@dataclass(frozen=True)
class CutIn:
    """What a part of a photograph says; the part in hundredths of its sides."""

    kind: str
    text: str
    left: float
    top: float
    width: float
    height: float
    group_name: str = ""


@post(
    "/talleres/{workshop_id:uuid}/fotografias/{file_id:uuid}/aportes",
    permission="meeting:edit",
    operation_id="cutPhotograph",
)
async def cut_photograph(
    work: Work, workshop_id: UUID, file_id: UUID, data: CutIn, idempotency_key: IdempotencyKey = None
) -> Response[EntryOut]:
    wanted = from_json(CutEntry, {"kind": data.kind, "text": data.text, "group_name": data.group_name})
    area = evidence.Area(data.left, data.top, data.width, data.height)
    evidence.refuse_outside(1, area)

    async def write() -> Any:
        return _entry(await actions.cut_entry(work, workshop_id, file_id, wanted, area))

    return await written(work, data, idempotency_key, write)


ROUTES = [
    api(
        "Talleres",
        add_file,
        cut_photograph,
        list_workshops,
        call_workshop,
        get_workshop,
        put_workshop,
        delete_workshop,
        hold_workshop,
        put_back_workshop,
        put_record,
        list_groups,
        count_group,
        put_group,
        delete_group,
        list_entries,
        note_entries,
        put_entry,
        delete_entry,
        list_proposals,
        propose,
        get_proposal,
        put_proposal,
    )
]
