"""Sessions as other parts need them: with their body, how many came, whether their acta exists, what is still owed."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from acogida.features.bodies import store
from acogida.features.bodies.model import Body, Meeting
from acogida.features.evidence.public import file_counts
from acogida.kernel.work import Work
from acogida.web.format import long_date

MINUTES = ("minutes",)


@dataclass(frozen=True, slots=True)
class Session:
    """One session of a body, planned or held."""

    meeting: Meeting
    body: Body | None
    came: int
    called: int
    pending: int
    """Agreements not done yet."""
    agreed: int
    has_minutes: bool
    """Whether what happened was written here or its acta was brought as a file."""

    @property
    def id(self) -> UUID:
        return self.meeting.id

    @property
    def body_kind(self) -> str:
        return self.body.kind if self.body else ""

    @property
    def held(self) -> bool:
        return self.meeting.status == "held"

    @property
    def counts(self) -> bool:
        """Whether it counts as proof: it was held and has its acta."""
        return self.held and self.has_minutes

    @property
    def words(self) -> str:
        """Its title and date, as a fact shows it."""
        return f"{self.meeting.title}, {long_date(self.meeting.held_on)}"


async def sessions(
    work: Work, *, kinds: Collection[str] = (), body_kind: str = "", held_only: bool = False
) -> tuple[Session, ...]:
    """This function will give sessions by date, the oldest first."""
    found = await store.meetings(work, kinds=kinds, body_kind=body_kind, held_only=held_only)
    people = await store.attendance_counts(work)
    agreed = await store.agreement_counts(work)
    minutes = await file_counts(work, "meeting", MINUTES)
    return tuple(
        Session(
            meeting=meeting,
            body=body,
            came=people.get(meeting.id, (0, 0))[0],
            called=people.get(meeting.id, (0, 0))[1],
            pending=agreed.get(meeting.id, (0, 0))[0],
            agreed=agreed.get(meeting.id, (0, 0))[1],
            has_minutes=bool(meeting.minutes.strip()) or bool(minutes.get(meeting.id)),
        )
        for meeting, body in found
    )


def validates_extended(session: Session) -> bool:
    """Whether it is a session of the extended team called to validate (VAL-4.1-02)."""
    return session.meeting.kind == "validation" and session.body_kind == "extended_team"


def opens_mesa(session: Session) -> bool:
    """Whether it is the first session of the mesa, or one where it saw the Policy (VAL-4.2-10)."""
    return session.body_kind == "mesa" and (
        session.meeting.kind in ("first_mesa", "validation") or session.meeting.presented_policy
    )


def presents_to_concejo(session: Session) -> bool:
    """Whether the Policy was presented to the concejo in it (VAL-4.3-02)."""
    concejo = session.body_kind == "concejo" or session.meeting.kind == "concejo"
    return concejo and session.meeting.presented_policy


def followed_up_inside(session: Session) -> bool:
    """Whether it is an internal follow-up session (IMPL-5.2-04)."""
    return session.meeting.kind == "follow_up" and session.body_kind != "mesa"


@dataclass(frozen=True, slots=True)
class ValidationSummary:
    """The instances of validation in the order that the guide gives them; each is None while it does not exist."""

    extended: Session | None
    mesa: Session | None
    concejo: Session | None

    @property
    def mesa_came_first(self) -> bool:
        """Whether the mesa met before the extended team: the guide asks for the opposite (VAL-4.1-01)."""
        return bool(
            self.extended
            and self.mesa
            and self.extended.held
            and self.mesa.held
            and self.mesa.meeting.held_on < self.extended.meeting.held_on
        )


def summary_of(found: Collection[Session]) -> ValidationSummary:
    """This function will pick, for each instance, the session that says most: one that counts, or held, or planned."""

    def best(test) -> Session | None:
        fitting = [session for session in found if test(session)]
        return max(fitting, key=lambda session: (session.counts, session.held), default=None)

    def concejo(session: Session) -> bool:
        return presents_to_concejo(session) or (
            not session.held and (session.body_kind == "concejo" or session.meeting.kind == "concejo")
        )

    return ValidationSummary(best(validates_extended), best(opens_mesa), best(concejo))
