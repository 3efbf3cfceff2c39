"""What other rooms may ask about people: who works here, what they are called, and calling somebody in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal
from uuid import UUID

from acogida.features.municipalities.public import places
from acogida.features.people import store
from acogida.features.people.actions.members import invite
from acogida.features.people.actions.offices import Signer, who_signs_as
from acogida.features.people.actions.platform import give_office, take_office
from acogida.features.people.model import Invitation, Membership, OutsiderLook, Person, area_open
from acogida.kernel.db import TenantSession
from acogida.kernel.tenancy import Actor
from acogida.kernel.work import Work

__all__ = [
    "Invitation",
    "Member",
    "Signer",
    "area_open",
    "give_office",
    "invite",
    "member_names",
    "members",
    "note_look",
    "take_office",
    "who_signs_as",
    "workspaces_of",
]


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody's place in the workspace. `active` is False for who no longer has access."""

    id: UUID
    person_id: UUID
    name: str
    email: str
    cargo: str
    unit: str
    roles: tuple[str, ...]
    entity: str
    organisation: str
    tasks: tuple[str, ...]
    since: date
    until: date | None
    ended_on: date | None
    active: bool
    version: int
    scope: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()


def as_member(row: Membership, person: Person, on: date) -> Member:
    """This function will join a place and whose it is."""
    return Member(
        id=row.id,
        person_id=person.id,
        name=person.name,
        email=person.email,
        cargo=row.cargo,
        unit=row.unit,
        roles=tuple(row.roles),
        entity=row.entity,
        organisation=row.organisation,
        tasks=tuple(row.tasks),
        since=row.since,
        until=row.until,
        ended_on=row.ended_on,
        active=row.active(on),
        version=row.version,
        scope=tuple(row.scope),
        areas=tuple(row.areas),
    )


async def members(work: Work, *, with_ended: bool = False) -> Sequence[Member]:
    """This function will list who has access to the workspace today, in the order in which they came."""
    today = work.today()
    everybody = [as_member(row, person, today) for row, person in await store.memberships(work)]
    return [member for member in everybody if member.active or with_ended]


async def member_names(work: Work) -> dict[UUID, str]:
    """This function will give the name of everybody who has or had a place here, by person id."""
    return {row.id: row.name for row in await store.names_here(work)}


async def workspaces_of(work: Work) -> list[tuple[str, str, bool]]:
    """This function will list the workspaces of whoever is signed in: (name, slug, demo), by name."""
    if work.actor.person_id is None:
        return []
    rows = await store.memberships_of(work, work.actor.person_id, work.clock.now().date())
    found = await places(work, [row.tenant_id for row in rows])
    return sorted((place.name, place.slug, place.demo) for place in found)


async def note_look(
    session: TenantSession, actor: Actor, at: datetime, path: str, *, through: Literal["page", "api"]
) -> None:
    """This function will leave a line of a page that somebody from outside opened: the municipality sees each."""
    if actor.person_id is not None:
        session.add(OutsiderLook(person_id=actor.person_id, at=at, path=path[:300], through=through))
