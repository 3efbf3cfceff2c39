"""JSON twins of the teams, the actors, the internal validations and the sessions."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from litestar import Response, delete, get, post, put

from acogida.features.bodies import store
from acogida.features.bodies.actions import sessions, teams
from acogida.features.bodies.forms import (
    AgreementRow,
    AttendeeRow,
    EditBody,
    EditContact,
    EditInternalValidation,
    EditMeeting,
    EditMember,
    MeetingTerms,
)
from acogida.features.bodies.model import BodyMember, Meeting
from acogida.features.bodies.words import BODY_KINDS, KIND_OF_SLUG
from acogida.kernel.errors import NotFound, Rejected
from acogida.kernel.work import Work
from acogida.web.api import After, IdempotencyKey, Limit, Page, checked, out, page_of, written
from acogida.web.routing import api


@dataclass(frozen=True)
class BodyOut:
    """A body, also while it has no file of its own: then `version` is 0 and it has no members."""

    kind: str
    name: str
    existing_instance: str
    formed_on: date | None
    frequency: str
    rules: str
    members: int
    version: int


@dataclass(frozen=True)
class MemberOut:
    id: UUID
    name: str
    cargo: str
    organization: str
    email: str
    role: str
    suggested_role: str
    is_chief: bool
    adviser_kind: str
    adviser_tasks: list[str]
    version: int


@dataclass(frozen=True)
class ContactOut:
    id: UUID
    body_kind: str
    name: str
    cargo: str
    reason: str
    talked_on: date | None
    notes: str
    version: int


@dataclass(frozen=True)
class InternalValidationOut:
    id: UUID
    unit: str
    validated_by: str
    cargo: str
    validated_on: date
    notes: str
    version: int


@dataclass(frozen=True)
class MeetingSummary:
    id: UUID
    body_id: UUID | None
    kind: str
    title: str
    held_on: date
    starts_at: str
    place: str
    status: str
    version: int


@dataclass(frozen=True)
class AttendanceOut:
    id: UUID
    name: str
    cargo: str
    organization: str
    present: bool


@dataclass(frozen=True)
class AgreementOut:
    id: UUID
    text: str
    responsible: str
    due_on: date | None
    done_on: date | None


@dataclass(frozen=True)
class MeetingOut(MeetingSummary):
    called_at: datetime | None
    agenda: str
    scope: str
    minutes: str
    presented_policy: bool
    feedback: str
    answers: dict[str, str]
    attendees: list[AttendanceOut]
    agreements: list[AgreementOut]


@dataclass(frozen=True)
class MeetingIn:
    """A session whole. Rows that are not sent stay; `remove` takes one away; `key` is the id of one that is there."""

    meeting: EditMeeting
    attendees: list[AttendeeRow] = field(default_factory=list)
    agreements: list[AgreementRow] = field(default_factory=list)
    answers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Called:
    called: int


def _kind(slug: str) -> str:
    if slug not in KIND_OF_SLUG:
        raise NotFound
    return KIND_OF_SLUG[slug]


async def _body(work: Work, kind: str) -> BodyOut:
    row, inside = await store.body_of_kind(work, kind), await store.members(work, kind)
    if row is None:
        return BodyOut(kind, BODY_KINDS[kind].title, "", None, "", "", 0, 0)
    return out(BodyOut, row, members=len(inside))


def _member(row: BodyMember) -> MemberOut:
    return out(MemberOut, row, adviser_tasks=row.adviser_tasks.split(",") if row.adviser_tasks else [])


async def _meeting(work: Work, row: Meeting) -> MeetingOut:
    return out(
        MeetingOut,
        row,
        answers={key: str(value) for key, value in row.answers.items()},
        attendees=[out(AttendanceOut, one) for one in await store.attendance(work, row.id)],
        agreements=[out(AgreementOut, one) for one in await store.agreements(work, row.id)],
    )


# Bodies


@get("/equipos", permission="workspace:read", operation_id="listBodies")
async def list_bodies(work: Work) -> list[BodyOut]:
    """The four kinds, in their order, whether they have people or not."""
    return [await _body(work, kind) for kind in BODY_KINDS]


@get("/equipos/{kind:str}", permission="workspace:read", operation_id="getBody")
async def get_body(work: Work, kind: str) -> BodyOut:
    return await _body(work, _kind(kind))


@put("/equipos/{kind:str}", permission="team:edit", operation_id="putBody")
async def put_body(work: Work, kind: str, data: EditBody) -> BodyOut:
    body_kind = _kind(kind)
    await teams.edit_body(work, body_kind, checked(data))
    return await _body(work, body_kind)


@get("/equipos/{kind:str}/integrantes", permission="workspace:read", operation_id="listBodyMembers")
async def list_members(work: Work, kind: str, limit: Limit, after: After = None) -> Page[MemberOut]:
    rows = await store.members_page(work, _kind(kind), after=after, limit=limit + 1)
    return page_of([_member(row) for row in rows], limit)


@post("/equipos/{kind:str}/integrantes", permission="team:edit", operation_id="addBodyMember")
async def add_member(
    work: Work, kind: str, data: EditMember, idempotency_key: IdempotencyKey = None
) -> Response[MemberOut]:
    body_kind = _kind(kind)

    async def write() -> Any:
        return _member(await teams.add_member(work, body_kind, checked(data)))

    return await written(work, data, idempotency_key, write)


@post("/equipos/ampliado/heredar", permission="team:edit", operation_id="inheritExecutiveTeam")
async def inherit(work: Work) -> list[MemberOut]:
    """Whoever was added; nobody when all were there already."""
    return [_member(row) for row in await teams.inherit_members(work)]


@get("/equipos/integrantes/{member_id:uuid}", permission="workspace:read", operation_id="getBodyMember")
async def get_member(work: Work, member_id: UUID) -> MemberOut:
    return _member(await store.member(work, member_id))


@put("/equipos/integrantes/{member_id:uuid}", permission="team:edit", operation_id="putBodyMember")
async def put_member(work: Work, member_id: UUID, data: EditMember) -> MemberOut:
    return _member(await teams.edit_member(work, member_id, checked(data)))


@delete("/equipos/integrantes/{member_id:uuid}", permission="team:edit", operation_id="deleteBodyMember")
async def delete_member(work: Work, member_id: UUID) -> None:
    await teams.remove_member(work, member_id)


# Actors


@get("/equipos/actores", permission="workspace:read", operation_id="listContacts")
async def list_contacts(work: Work, limit: Limit, after: After = None) -> Page[ContactOut]:
    rows = await store.contacts(work, after=after, limit=limit + 1)
    return page_of([out(ContactOut, row) for row in rows], limit)


@post("/equipos/actores", permission="team:edit", operation_id="addContact")
async def add_contact(work: Work, data: EditContact, idempotency_key: IdempotencyKey = None) -> Response[ContactOut]:
    async def write() -> Any:
        return out(ContactOut, await teams.add_contact(work, checked(data)))

    return await written(work, data, idempotency_key, write)


@get("/equipos/actores/{contact_id:uuid}", permission="workspace:read", operation_id="getContact")
async def get_contact(work: Work, contact_id: UUID) -> ContactOut:
    return out(ContactOut, await store.contact(work, contact_id))


@put("/equipos/actores/{contact_id:uuid}", permission="team:edit", operation_id="putContact")
async def put_contact(work: Work, contact_id: UUID, data: EditContact) -> ContactOut:
    return out(ContactOut, await teams.edit_contact(work, contact_id, checked(data)))


@delete("/equipos/actores/{contact_id:uuid}", permission="team:edit", operation_id="deleteContact")
async def delete_contact(work: Work, contact_id: UUID) -> None:
    await teams.remove_contact(work, contact_id)


# Internal validations


@get("/validacion/internas", permission="workspace:read", operation_id="listInternalValidations")
async def list_validations(work: Work, limit: Limit, after: After = None) -> Page[InternalValidationOut]:
    rows = await store.internal_validations(work, after=after, limit=limit + 1)
    return page_of([out(InternalValidationOut, row) for row in rows], limit)


@post("/validacion/internas", permission="meeting:edit", operation_id="addInternalValidation")
async def add_validation(
    work: Work, data: EditInternalValidation, idempotency_key: IdempotencyKey = None
) -> Response[InternalValidationOut]:
    async def write() -> Any:
        return out(InternalValidationOut, await teams.add_internal_validation(work, checked(data)))

    return await written(work, data, idempotency_key, write)


@put("/validacion/internas/{validation_id:uuid}", permission="meeting:edit", operation_id="putInternalValidation")
async def put_validation(work: Work, validation_id: UUID, data: EditInternalValidation) -> InternalValidationOut:
    return out(InternalValidationOut, await teams.edit_internal_validation(work, validation_id, checked(data)))


@delete("/validacion/internas/{validation_id:uuid}", permission="meeting:edit", operation_id="deleteInternalValidation")
async def delete_validation(work: Work, validation_id: UUID) -> None:
    await teams.remove_internal_validation(work, validation_id)


# Sessions


@get("/sesiones", permission="workspace:read", operation_id="listMeetings")
async def list_meetings(work: Work, limit: Limit, after: After = None) -> Page[MeetingSummary]:
    rows = await store.meetings_page(work, after=after, limit=limit + 1)
    return page_of([out(MeetingSummary, row) for row in rows], limit)


@post("/sesiones", permission="meeting:edit", operation_id="planMeeting")
async def plan_meeting(work: Work, data: MeetingTerms, idempotency_key: IdempotencyKey = None) -> Response[MeetingOut]:
    async def write() -> Any:
        return await _meeting(work, await sessions.plan_meeting(work, checked(data)))

    return await written(work, data, idempotency_key, write)


@get("/sesiones/{meeting_id:uuid}", permission="workspace:read", operation_id="getMeeting")
async def get_meeting(work: Work, meeting_id: UUID) -> MeetingOut:
    return await _meeting(work, await store.meeting(work, meeting_id))


@put("/sesiones/{meeting_id:uuid}", permission="meeting:edit", operation_id="putMeeting")
async def put_meeting(work: Work, meeting_id: UUID, data: MeetingIn) -> MeetingOut:
    row = await sessions.save_meeting(
        work,
        meeting_id,
        checked(data.meeting),
        attendees=_checked_rows("attendees", data.attendees),
        agreements=_checked_rows("agreements", data.agreements),
        answers=data.answers,
    )
    return await _meeting(work, row)


def _checked_rows(name: str, rows: list[Any]) -> list[Any]:
    """Each row held to the rules of the form; faults are told as `attendees.2.name`."""
    faults: dict[str, str] = {}
    good: list[Any] = []
    for index, row in enumerate(rows):
        try:
            good.append(checked(row))
        except Rejected as problem:
            faults.update({f"{name}.{index}.{key}": words for key, words in problem.fields.items()})
    if faults:
        raise Rejected(fields=faults)
    return good


@delete("/sesiones/{meeting_id:uuid}", permission="meeting:edit", operation_id="deleteMeeting")
async def delete_meeting(work: Work, meeting_id: UUID) -> None:
    await sessions.remove_meeting(work, meeting_id)


@post("/sesiones/{meeting_id:uuid}/convocatoria", permission="meeting:edit", operation_id="callMeeting")
async def call_meeting(work: Work, meeting_id: UUID) -> Called:
    """Leaves a letter for each member with e-mail who is on the list."""
    return Called(await sessions.call_members(work, meeting_id))


@post("/sesiones/acuerdos/{agreement_id:uuid}/cumplido", permission="meeting:edit", operation_id="finishAgreement")
async def finish_agreement(work: Work, agreement_id: UUID) -> AgreementOut:
    return out(AgreementOut, await sessions.finish_agreement(work, agreement_id))


ROUTES = [
    api(
        "Equipos",
        list_bodies,
        get_body,
        put_body,
        list_members,
        add_member,
        inherit,
        get_member,
        put_member,
        delete_member,
        list_contacts,
        add_contact,
        get_contact,
        put_contact,
        delete_contact,
    ),
    api("Validación interna", list_validations, add_validation, put_validation, delete_validation),
    api(
        "Sesiones",
        list_meetings,
        plan_meeting,
        get_meeting,
        put_meeting,
        delete_meeting,
        call_meeting,
        finish_agreement,
    ),
]
