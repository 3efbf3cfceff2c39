"""Handing over: nobody leaves with duties in their name, and a sheet says who took each.

What somebody holds is told by the features (`kernel.duties.HOLDINGS`) and, here, by the offices still in their hands.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from acogida.features.people import store
from acogida.features.people.actions import offices
from acogida.features.people.model import Membership, OfficeTerm, Person
from acogida.kernel import audit
from acogida.kernel.audit import AuditEntry
from acogida.kernel.duties import HOLDINGS, Held, held_by
from acogida.kernel.errors import NotFound, Rejected
from acogida.kernel.work import Work

GIVEN = "membership.duty_handed_over"


@dataclass(frozen=True, slots=True)
class Handover:
    """What somebody who leaves still holds, what they have given, and who may take it."""

    row: Membership
    person: Person
    held: Sequence[Held]
    terms: Sequence[OfficeTerm]
    given: Sequence[AuditEntry]
    heirs: Sequence[tuple[UUID, str]]

    @property
    def done(self) -> bool:
        """Whether nothing is left in their name."""
        return not self.held and not self.terms


async def of(work: Work, membership_id: UUID) -> Handover:
    """This function will gather the handing over of a member: for who manages people, or for themselves."""
    row, person = await store.membership(work, membership_id)
    if row.person_id != work.actor.person_id:
        work.require("people:invite")
    today = work.today()
    others = [
        (other.id, them.name)
        for other, them in await store.memberships(work)
        if other.id != row.id and other.active(today)
    ]
    return Handover(
        row=row,
        person=person,
        held=await held_by(work, person.name),
        terms=await open_terms(work, person.id),
        given=await store.handed_over_by(work, row.id, GIVEN),
        heirs=others,
    )


async def open_terms(work: Work, person_id: UUID) -> list[OfficeTerm]:
    """This function will list the offices that a person holds or substitutes beyond today."""
    today = work.today()
    return [
        term
        for term in await store.office_terms(work)
        if term.person_id == person_id and (term.until is None or term.until > today)
    ]


async def refuse_holder(work: Work, row: Membership, person: Person) -> None:
    """This function will raise `Rejected` while something stands in the name of who is to leave."""
    held, terms = await held_by(work, person.name), await open_terms(work, person.id)
    if held or terms:
        count = len(held) + len(terms)
        raise Rejected(
            f"{person.name} tiene {count} {'cosa' if count == 1 else 'cosas'} a su nombre. "
            "Entréguelas a otra persona antes de terminar su acceso.",
            handover=str(row.id),
        )


async def give(work: Work, membership_id: UUID, chosen: Mapping[str, str]) -> int:
    """This function will give each thing to the member chosen for it (`key → membership id`), and say how many.

    An office is not given by hand: it is ended, and registered for who takes it. Raises `Rejected` for who may not take
    it, `NotFound` for a thing that is not there.
    """
    handover = await of(work, membership_id)
    heirs = {str(heir): name for heir, name in handover.heirs}
    things = {thing.key: thing for thing in handover.held}
    wanted = {key: heir for key, heir in chosen.items() if heir}
    if unknown := [key for key in wanted if key not in things]:
        raise NotFound(f"Ya no está a su nombre: {unknown[0]}.")
    if any(heir not in heirs for heir in wanted.values()):
        raise Rejected("Elija a alguien que tenga acceso al espacio.")

    for key, heir in wanted.items():
        thing = things[key]
        await HOLDINGS[thing.kind].give(work, thing.id, handover.person.name, heirs[heir])
        await audit.record(
            work,
            GIVEN,
            f"traspasó de {handover.person.name} a {heirs[heir]}: {thing.text}",
            subject=handover.row,
            after={"what": thing.text, "from": handover.person.name, "to": heirs[heir], "path": thing.path},
        )
    return len(wanted)


async def leave_offices(work: Work, membership_id: UUID) -> int:
    """This function will end today the offices that somebody still holds, and say how many."""
    handover = await of(work, membership_id)
    for term in handover.terms:
        await offices.end_term(work, term.id)
    return len(handover.terms)
