"""JSON twins of who works in the workspace: members, invitations, requests for access and keys."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from litestar import Response, delete, get, post, put

from acogida.features.municipalities.public import pending_requests
from acogida.features.people import public, store
from acogida.features.people.actions import handover, members, offices, tokens
from acogida.features.people.forms import AddTerm, EditMember, EndTerm, Invite, NewToken
from acogida.features.people.model import ApiToken, Invitation, OfficeTerm
from acogida.kernel.work import Work
from acogida.web.api import After, IdempotencyKey, Limit, Page, checked, out, page_of, written
from acogida.web.routing import api


@dataclass(frozen=True)
class MemberOut:
    """`email` comes only for who may invite. `entity`, `organisation`, `tasks` and `areas` are those of who comes from outside."""

    id: UUID
    person_id: UUID
    name: str
    email: str | None
    cargo: str
    unit: str
    roles: list[str]
    entity: str
    organisation: str
    tasks: list[str]
    areas: list[str]
    scope: list[str]
    since: date
    until: date | None
    active: bool
    version: int


@dataclass(frozen=True)
class InvitationOut:
    id: UUID
    email: str
    name: str
    cargo: str
    unit: str
    roles: list[str]
    entity: str
    organisation: str
    tasks: list[str]
    areas: list[str]
    scope: list[str]
    until: date | None
    expires_at: datetime
    invited_by: str
    version: int


@dataclass(frozen=True)
class RequestOut:
    id: UUID
    name: str
    email: str
    cargo: str
    message: str
    created_at: datetime


@dataclass(frozen=True)
class TokenOut:
    id: UUID
    name: str
    owner: str
    created_at: datetime
    expires_at: datetime
    revoked_at: datetime | None


@dataclass(frozen=True)
class MadeOut:
    """A key just made: `secret` is given here once and kept nowhere."""

    id: UUID
    name: str
    expires_at: datetime
    secret: str


def _member(work: Work, row: Any, person: Any) -> MemberOut:
    member = public.as_member(row, person, work.today())
    return MemberOut(
        id=member.id,
        person_id=member.person_id,
        name=member.name,
        email=member.email if work.actor.may("people:invite") else None,
        cargo=member.cargo,
        unit=member.unit,
        roles=list(member.roles),
        entity=member.entity,
        organisation=member.organisation,
        tasks=list(member.tasks),
        areas=list(member.areas),
        scope=list(member.scope),
        since=member.since,
        until=member.until,
        active=member.active,
        version=member.version,
    )


@get("/personas", permission="workspace:read", operation_id="listMembers")
async def list_members(work: Work, limit: Limit, after: After = None) -> Page[MemberOut]:
    rows = await store.memberships(work, after=after, limit=limit + 1)
    return page_of([_member(work, row, person) for row, person in rows], limit)


@get("/personas/{membership_id:uuid}", permission="workspace:read", operation_id="getMember")
async def get_member(work: Work, membership_id: UUID) -> MemberOut:
    return _member(work, *await store.membership(work, membership_id))


@put("/personas/{membership_id:uuid}", permission="people:invite", operation_id="putMember")
async def put_member(work: Work, membership_id: UUID, data: EditMember) -> MemberOut:
    await members.change(work, membership_id, checked(data))
    return _member(work, *await store.membership(work, membership_id))


@delete("/personas/{membership_id:uuid}", permission="workspace:read", operation_id="endMember")
async def end_member(work: Work, membership_id: UUID) -> None:
    """Ends the access of a person, or one's own; what they wrote stays."""
    await members.end(work, membership_id)


@get("/invitaciones", permission="people:invite", operation_id="listInvitations")
async def list_invitations(work: Work, limit: Limit, after: After = None) -> Page[InvitationOut]:
    rows = await store.unanswered_invitations(work, after=after, limit=limit + 1)
    return page_of([_invitation(row) for row in rows], limit)


def _invitation(row: Invitation) -> InvitationOut:
    return out(InvitationOut, row)


@post("/invitaciones", permission="people:invite", operation_id="invite")
async def invite(work: Work, data: Invite, idempotency_key: IdempotencyKey = None) -> Response[InvitationOut]:
    async def write() -> Any:
        return _invitation(await members.invite(work, **checked(data).changes()))

    return await written(work, data, idempotency_key, write)


@post("/invitaciones/{invitation_id:uuid}/reenviar", permission="workspace:read", operation_id="sendInvitationAgain")
async def send_again(
    work: Work, invitation_id: UUID, idempotency_key: IdempotencyKey = None
) -> Response[InvitationOut]:
    async def write() -> Any:
        return _invitation(await members.send_again(work, invitation_id))

    return await written(work, str(invitation_id), idempotency_key, write, status=200)


@delete("/invitaciones/{invitation_id:uuid}", permission="workspace:read", operation_id="revokeInvitation")
async def revoke_invitation(work: Work, invitation_id: UUID) -> None:
    await members.revoke(work, invitation_id)


@get("/solicitudes-de-acceso", permission="people:invite", operation_id="listAccessRequests")
async def list_requests(work: Work, limit: Limit, after: After = None) -> Page[RequestOut]:
    rows = await pending_requests(work.session, after=after, limit=limit + 1)
    return page_of([out(RequestOut, row) for row in rows], limit)


@delete("/solicitudes-de-acceso/{request_id:uuid}", permission="people:invite", operation_id="declineAccessRequest")
async def decline_request(work: Work, request_id: UUID) -> None:
    await members.decline(work, request_id)


@get("/llaves", permission="token:manage", operation_id="listTokens")
async def list_tokens(work: Work, limit: Limit, after: After = None) -> Page[TokenOut]:
    """One's own keys; everybody's for who manages people."""
    of = None if work.actor.may("people:invite") else work.actor.person_id
    rows = await store.tokens(work, of=of, after=after, limit=limit + 1)
    return page_of([_token(row, owner) for row, owner in rows], limit)


def _token(row: ApiToken, owner: str) -> TokenOut:
    return out(TokenOut, row, owner=owner)


@post("/llaves", permission="token:manage", operation_id="createToken", status_code=201)
async def create_token(work: Work, data: NewToken) -> MadeOut:
    """Takes no idempotency key: its answer carries a secret, which is kept nowhere. It can't outlive the key that asks."""
    made = await tokens.create(work, checked(data))
    return out(MadeOut, made.token, secret=made.secret)


@delete("/llaves/{token_id:uuid}", permission="token:manage", operation_id="revokeToken")
async def revoke_token(work: Work, token_id: UUID) -> None:
    await tokens.revoke(work, token_id)


@dataclass(frozen=True)
class TermOut:
    """An office in somebody's hands; `kind` is holder or substitute, `until` its last day."""

    id: UUID
    office: str
    title: str
    kind: str
    name: str
    since: date
    until: date | None
    act: str
    reason: str
    version: int


@dataclass(frozen=True)
class SignerOut:
    """Who signs for an office on the day asked; `name` is empty where nobody does."""

    name: str
    title: str
    substitute: bool
    holder: str
    act: str


@dataclass(frozen=True)
class HeldOut:
    """Something in somebody's name; `key` names it when it is given."""

    key: str
    text: str
    path: str
    due_on: date | None


@dataclass(frozen=True)
class HandoverOut:
    id: UUID
    name: str
    held: list[HeldOut]
    offices: list[TermOut]
    done: bool


@dataclass(frozen=True)
class GiveIn:
    """By the key of each thing, the id of the member who takes it."""

    chosen: dict[str, str]


@dataclass(frozen=True)
class LookOut:
    id: UUID
    person_id: UUID
    name: str
    at: datetime
    path: str
    through: str


def _term(row: OfficeTerm) -> TermOut:
    return out(TermOut, row)


@get("/personas/cargos", permission="workspace:read", operation_id="listOfficeTerms")
async def list_terms(work: Work, limit: Limit, after: After = None) -> Page[TermOut]:
    rows = await store.office_terms_by_id(work, after=after, limit=limit + 1)
    return page_of([_term(row) for row in rows], limit)


@get("/personas/cargos/quien-firma", permission="workspace:read", operation_id="whoSignsAs")
async def who_signs(work: Work, cargo: str, el: date | None = None) -> SignerOut:
    """Who signs for an office (`cargo`) on a day (`el`), today where none is said."""
    signer = await offices.who_signs_as(work, cargo, el or work.today())
    return out(SignerOut, signer) if signer else SignerOut("", "", False, "", "")


@post("/personas/cargos", permission="office:edit", operation_id="addOfficeTerm")
async def add_term(work: Work, data: AddTerm, idempotency_key: IdempotencyKey = None) -> Response[TermOut]:
    async def write() -> Any:
        return _term(await offices.add_term(work, checked(data)))

    return await written(work, data, idempotency_key, write)


@post("/personas/cargos/{term_id:uuid}/terminar", permission="office:edit", operation_id="endOfficeTerm")
async def end_term(
    work: Work, term_id: UUID, data: EndTerm, idempotency_key: IdempotencyKey = None
) -> Response[TermOut]:
    async def write() -> Any:
        return _term(await offices.end_term(work, term_id, last_day=checked(data).last_day))

    return await written(work, [str(term_id), data], idempotency_key, write, status=200)


@get("/personas/{membership_id:uuid}/entrega", permission="workspace:read", operation_id="getHandover")
async def get_handover(work: Work, membership_id: UUID) -> HandoverOut:
    return _handover(await handover.of(work, membership_id))


def _handover(found: handover.Handover) -> HandoverOut:
    return HandoverOut(
        id=found.row.id,
        name=found.person.name,
        held=[HeldOut(thing.key, thing.text, thing.path, thing.due_on) for thing in found.held],
        offices=[_term(term) for term in found.terms],
        done=found.done,
    )


@post("/personas/{membership_id:uuid}/entrega", permission="workspace:read", operation_id="handOver")
async def hand_over(
    work: Work, membership_id: UUID, data: GiveIn, idempotency_key: IdempotencyKey = None
) -> Response[HandoverOut]:
    async def write() -> Any:
        await handover.give(work, membership_id, data.chosen)
        return _handover(await handover.of(work, membership_id))

    return await written(work, [str(membership_id), data], idempotency_key, write, status=200)


@get("/personas/accesos", permission="audit:read", operation_id="listOutsiderLooks")
async def list_looks(work: Work, limit: Limit, after: After = None) -> Page[LookOut]:
    """Pages that people from outside opened, the newest first; `after` goes on towards older ones."""
    rows = await store.looks(work, before=after, limit=limit + 1)
    return page_of([out(LookOut, row, name=name) for row, name in rows], limit)


ROUTES = [
    api(
        "Personas",
        list_members,
        get_member,
        put_member,
        end_member,
        list_invitations,
        invite,
        send_again,
        revoke_invitation,
        list_requests,
        decline_request,
        list_tokens,
        create_token,
        revoke_token,
        list_terms,
        who_signs,
        add_term,
        end_term,
        get_handover,
        hand_over,
        list_looks,
    )
]
