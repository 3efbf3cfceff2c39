"""What other rooms may ask about teams and sessions."""

from collections.abc import Collection, Sequence
from datetime import date
from uuid import UUID

from acogida.features.bodies import store
from acogida.features.bodies.actions.teams import (
    add_internal_validation,
    edit_internal_validation,
    fold_name,
    remove_internal_validation,
)
from acogida.features.bodies.forms import EditInternalValidation
from acogida.features.bodies.model import Agreement, Body, BodyMember, InternalValidation, Meeting
from acogida.features.bodies.records import (
    Session,
    ValidationSummary,
    followed_up_inside,
    presents_to_concejo,
    sessions,
    summary_of,
)
from acogida.features.bodies.store import (
    agreements_by_session,
    agreements_due,
    bodies,
    internal_validation,
    internal_validations,
    meeting,
    members,
)
from acogida.features.bodies.words import BODY_KINDS, MEETING_KINDS, NO_REMARKS, SCOPE_PROPOSAL, body_title
from acogida.kernel.work import Work

__all__ = [
    "BODY_KINDS",
    "MEETING_KINDS",
    "NO_REMARKS",
    "SCOPE_PROPOSAL",
    "Agreement",
    "Body",
    "BodyMember",
    "EditInternalValidation",
    "InternalValidation",
    "Meeting",
    "Session",
    "ValidationSummary",
    "add_internal_validation",
    "agreements_by_session",
    "agreements_due",
    "attendance_counts",
    "bodies",
    "body_title",
    "concejo_presentation",
    "edit_internal_validation",
    "fold_name",
    "internal_validation",
    "internal_validations",
    "last_follow_up",
    "meeting",
    "meetings",
    "members",
    "remove_internal_validation",
    "validation_summary",
]


async def meetings(
    work: Work, kinds: Collection[str] = (), *, body_kind: str = "", held_only: bool = False
) -> Sequence[Session]:
    """This function will give sessions by date: `session.meeting`, its body, who came, whether its acta exists."""
    return await sessions(work, kinds=kinds, body_kind=body_kind, held_only=held_only)


async def attendance_counts(work: Work) -> dict[UUID, tuple[int, int]]:
    """This function will give, by session, how many came and how many were called."""
    return await store.attendance_counts(work)


async def validation_summary(work: Work) -> ValidationSummary:
    """This function will give the session of each instance of validation (guide 02 · 4.1 to 4.3)."""
    return summary_of(await sessions(work))


async def concejo_presentation(work: Work) -> Session | None:
    """This function will give the held session where the Policy was first presented to the concejo."""
    return next((one for one in await sessions(work, held_only=True) if presents_to_concejo(one)), None)


async def last_follow_up(work: Work) -> date | None:
    """This function will give the day of the last follow-up session with its acta, internal or of the mesa."""
    found = [
        one.meeting.held_on
        for one in await sessions(work, held_only=True)
        if one.counts and (followed_up_inside(one) or one.meeting.kind in ("follow_up", "mesa"))
    ]
    return max(found, default=None)
