"""What the teams and their sessions show of a workspace (guide 02 · 1.1, 1.2, 4.1 to 4.3, 5.1, 5.2).

`bodies.internal_validations` is told by `acts`, which also knows the units responsible for initiatives.
"""

from collections.abc import Callable, Sequence

from acogida.features.bodies import store
from acogida.features.bodies.model import Body, BodyMember
from acogida.features.bodies.records import (
    Session,
    followed_up_inside,
    opens_mesa,
    presents_to_concejo,
    sessions,
    validates_extended,
)
from acogida.kernel.facts import Fact
from acogida.kernel.work import Work


async def facts(work: Work) -> dict[str, Fact]:
    by_kind = {body.kind: body for body in await store.bodies(work)}
    everyone = await store.members(work)
    found = await sessions(work)
    contacts = await store.contacts(work)

    def people(kind: str) -> list[BodyMember]:
        body = by_kind.get(kind)
        return [member for member in everyone if body and member.body_id == body.id and member.role != "adviser"]

    executive = people("executive_team")
    return {
        "bodies.executive_team": _formed(by_kind.get("executive_team"), executive, alone=False),
        "bodies.executive_president": _holding([member for member in executive if member.role == "president"]),
        "bodies.executive_secretary": _holding([member for member in executive if member.role == "secretary"]),
        "bodies.executive_chief": _holding([member for member in executive if member.is_chief]),
        "bodies.extended_team": _formed(by_kind.get("extended_team"), people("extended_team"), alone=True),
        "bodies.mesa": _formed(by_kind.get("mesa"), people("mesa"), alone=True),
        "bodies.information_meeting": _met(found, lambda one: one.meeting.kind == "information"),
        "bodies.awareness_meeting": _met(found, lambda one: one.meeting.kind == "awareness"),
        "bodies.extended_validation": _met(found, validates_extended),
        "bodies.mesa_first_session": _met(found, opens_mesa),
        "bodies.concejo_presentation": _met(found, presents_to_concejo),
        "bodies.concejo_feedback": _feedback(found),
        "bodies.coordination_meeting": _met(found, lambda one: one.meeting.kind == "coordination" and one.came > 0),
        "bodies.follow_up_meeting": _met(found, followed_up_inside),
        "bodies.actors_mapped": Fact(
            bool(contacts),
            f"{len(contacts)} actores identificados, {sum(bool(one.talked_on) for one in contacts)} ya conversados"
            if contacts
            else "",
            len(contacts),
        ),
    }


def _formed(body: Body | None, people: Sequence[BodyMember], *, alone: bool) -> Fact:
    """A team is two people at least; an instance that already met counts by its name (RES-04), where `alone` says so."""
    existing = body.existing_instance if body else ""
    parts = [f"{len(people)} {'integrante' if len(people) == 1 else 'integrantes'}"] if people else []
    if existing:
        parts.append(f"en {existing}")
    met = len(people) >= 2 or (alone and bool(existing))
    return Fact(met, ", ".join(parts), len(people))


def _holding(people: Sequence[BodyMember]) -> Fact:
    shows = f"{people[0].name}, {people[0].cargo}" if people else ""
    return Fact(bool(people), shows, len(people))


def _met(found: Sequence[Session], test: Callable[[Session], bool]) -> Fact:
    """Met by a session that was held and has its acta; otherwise it says how far it got."""
    fitting = [session for session in found if test(session)]
    counting = [session for session in fitting if session.counts]
    if counting:
        return Fact(True, counting[-1].words, len(counting))
    if not fitting:
        return Fact(False)
    last = fitting[-1]
    return Fact(False, f"{last.words}: {'falta su acta' if last.held else 'todavía no se realiza'}", 0)


def _feedback(found: Sequence[Session]) -> Fact:
    given = [session for session in found if presents_to_concejo(session) and session.held and session.meeting.feedback]
    return Fact(bool(given), given[-1].meeting.feedback[:120] if given else "", len(given))
