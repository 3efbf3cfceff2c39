"""Questions about teams, mesa and concejo, and about their sessions."""

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import delete, func, select

from acogida.features.bodies.model import (
    Agreement,
    Attendance,
    Body,
    BodyMember,
    Contact,
    InternalValidation,
    Meeting,
)
from acogida.kernel.errors import NotFound
from acogida.kernel.work import Work

# Made once: the board and most pages ask these, and making a query costs as much as asking it.
_BODIES = select(Body).order_by(Body.id)
_MEMBERS = select(BodyMember).join(Body, Body.id == BodyMember.body_id).order_by(BodyMember.position, BodyMember.id)
_CONTACTS = select(Contact).order_by(Contact.id)
_MEETINGS = select(Meeting, Body).outerjoin(Body, Body.id == Meeting.body_id).order_by(Meeting.held_on, Meeting.id)
_ATTENDED = select(Attendance.meeting_id, func.count().filter(Attendance.present.is_(True)), func.count()).group_by(
    Attendance.meeting_id
)
_AGREED = select(Agreement.meeting_id, func.count().filter(Agreement.done_on.is_(None)), func.count()).group_by(
    Agreement.meeting_id
)
_DUE = (
    select(Agreement, Meeting)
    .join(Meeting, Meeting.id == Agreement.meeting_id)
    .where(Agreement.done_on.is_(None))
    .order_by(Agreement.due_on.nulls_last(), Agreement.id)
)
_VALIDATIONS = select(InternalValidation).order_by(InternalValidation.id)

# Bodies and their members


async def bodies(work: Work) -> Sequence[Body]:
    return (await work.session.scalars(_BODIES)).all()


async def body_of_kind(work: Work, kind: str, *, lock: bool = False) -> Body | None:
    query = select(Body).where(Body.kind == kind)
    return await work.session.scalar(query.with_for_update() if lock else query)


async def body(work: Work, body_id: UUID) -> Body:
    found = await work.session.scalar(select(Body).where(Body.id == body_id))
    if found is None:
        raise NotFound
    return found


async def members(work: Work, kind: str = "") -> Sequence[BodyMember]:
    """Of one kind of body or of all, in the order of the nómina: presidency, secretaría, the rest, advisers."""
    query = _MEMBERS.where(Body.kind == kind) if kind else _MEMBERS
    found = (await work.session.scalars(query)).all()
    order = {"president": 0, "secretary": 1, "member": 2, "adviser": 3}
    return sorted(found, key=lambda member: order.get(member.role, 2))


async def members_page(work: Work, kind: str, *, after: UUID | None, limit: int) -> Sequence[BodyMember]:
    query = (
        select(BodyMember).join(Body, Body.id == BodyMember.body_id).where(Body.kind == kind).order_by(BodyMember.id)
    )
    return (await work.session.scalars((query.where(BodyMember.id > after) if after else query).limit(limit))).all()


async def member(work: Work, member_id: UUID, *, lock: bool = False) -> BodyMember:
    query = select(BodyMember).where(BodyMember.id == member_id)
    found = await work.session.scalar(query.with_for_update() if lock else query)
    if found is None:
        raise NotFound
    return found


async def erase_member(work: Work, member_id: UUID) -> None:
    await work.session.execute(delete(BodyMember).where(BodyMember.id == member_id))


# Actors


async def contacts(work: Work, *, after: UUID | None = None, limit: int | None = None) -> Sequence[Contact]:
    query = _CONTACTS.limit(limit) if limit else _CONTACTS
    return (await work.session.scalars(query.where(Contact.id > after) if after else query)).all()


async def contact(work: Work, contact_id: UUID, *, lock: bool = False) -> Contact:
    query = select(Contact).where(Contact.id == contact_id)
    found = await work.session.scalar(query.with_for_update() if lock else query)
    if found is None:
        raise NotFound
    return found


async def erase_contact(work: Work, contact_id: UUID) -> None:
    await work.session.execute(delete(Contact).where(Contact.id == contact_id))


# Sessions


async def meetings(
    work: Work, *, kinds: Collection[str] = (), body_kind: str = "", held_only: bool = False
) -> Sequence[tuple[Meeting, Body | None]]:
    """By date, the oldest first, each with its body where it has one."""
    query = _MEETINGS
    if kinds:
        query = query.where(Meeting.kind.in_(kinds))
    if body_kind:
        query = query.where(Body.kind == body_kind)
    if held_only:
        query = query.where(Meeting.status == "held")
    return [(meeting, body) for meeting, body in await work.session.execute(query)]


async def meetings_page(work: Work, *, after: UUID | None, limit: int) -> Sequence[Meeting]:
    query = select(Meeting).order_by(Meeting.id).limit(limit)
    return (await work.session.scalars(query.where(Meeting.id > after) if after else query)).all()


async def meeting(work: Work, meeting_id: UUID, *, lock: bool = False) -> Meeting:
    query = select(Meeting).where(Meeting.id == meeting_id)
    found = await work.session.scalar(query.with_for_update() if lock else query)
    if found is None:
        raise NotFound
    return found


async def erase_meeting(work: Work, meeting_id: UUID) -> None:
    await work.session.execute(delete(Meeting).where(Meeting.id == meeting_id))


async def attendance(work: Work, meeting_id: UUID) -> Sequence[Attendance]:
    query = select(Attendance).where(Attendance.meeting_id == meeting_id).order_by(Attendance.id)
    return (await work.session.scalars(query)).all()


async def attendance_counts(work: Work) -> dict[UUID, tuple[int, int]]:
    """By session: how many came and how many were called."""
    return {meeting_id: (came, called) for meeting_id, came, called in await work.session.execute(_ATTENDED)}


async def agreements(work: Work, meeting_id: UUID) -> Sequence[Agreement]:
    query = select(Agreement).where(Agreement.meeting_id == meeting_id).order_by(Agreement.id)
    return (await work.session.scalars(query)).all()


async def agreements_by_session(work: Work) -> dict[UUID, list[Agreement]]:
    """Everything agreed, by session, in the order in which it was written."""
    found: dict[UUID, list[Agreement]] = {}
    for row in await work.session.scalars(select(Agreement).order_by(Agreement.id)):
        found.setdefault(row.meeting_id, []).append(row)
    return found


async def agreement(work: Work, agreement_id: UUID, *, lock: bool = False) -> Agreement:
    query = select(Agreement).where(Agreement.id == agreement_id)
    found = await work.session.scalar(query.with_for_update() if lock else query)
    if found is None:
        raise NotFound
    return found


async def agreement_counts(work: Work) -> dict[UUID, tuple[int, int]]:
    """By session: agreements still to be done and all of them."""
    return {meeting_id: (open_, every) for meeting_id, open_, every in await work.session.execute(_AGREED)}


async def agreements_due(work: Work) -> Sequence[tuple[Agreement, Meeting]]:
    """Agreements not done yet with their session: first what is due first, what has no date last."""
    return [(agreement, meeting) for agreement, meeting in await work.session.execute(_DUE)]


async def erase_rows(work: Work, table: type[Attendance] | type[Agreement], ids: Collection[UUID]) -> None:
    await work.session.execute(delete(table).where(table.id.in_(ids)))


# Internal validations


async def internal_validations(
    work: Work, *, after: UUID | None = None, limit: int | None = None
) -> Sequence[InternalValidation]:
    query = _VALIDATIONS.limit(limit) if limit else _VALIDATIONS
    return (await work.session.scalars(query.where(InternalValidation.id > after) if after else query)).all()


async def internal_validation(work: Work, validation_id: UUID, *, lock: bool = False) -> InternalValidation:
    query = select(InternalValidation).where(InternalValidation.id == validation_id)
    found = await work.session.scalar(query.with_for_update() if lock else query)
    if found is None:
        raise NotFound
    return found


async def erase_internal_validation(work: Work, validation_id: UUID) -> None:
    await work.session.execute(delete(InternalValidation).where(InternalValidation.id == validation_id))
