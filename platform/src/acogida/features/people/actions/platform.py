"""Offices outside any workspace: given and taken from the command line, by whoever runs the installation.

Nobody gives them on a screen: an intruder with an operator's session could not make more of their kind.
"""

from acogida.features.people import letters, store
from acogida.features.people.actions import account
from acogida.features.people.model import Person, PlatformEntry
from acogida.kernel.db import new_id
from acogida.kernel.errors import NotFound, Rejected
from acogida.kernel.permissions import PLATFORM_ROLES
from acogida.kernel.work import Work

REGIONAL = "sermig_regional"


async def give_office(work: Work, *, email: str, name: str, role: str, region: str = "") -> Person:
    """This function will give an office of the platform, making the account where there is none.

    A new account chooses its password by the link that it is mailed. Raises `Rejected` for an office that does not
    exist, and for a regional one without its region.
    """
    if role not in PLATFORM_ROLES:
        raise Rejected(f"No existe el cargo «{role}»: use {', '.join(PLATFORM_ROLES)}.")
    if (role == REGIONAL) != bool(region):
        raise Rejected("La oficina regional de Sermig lleva el código de su región, y las demás ninguno.")
    person = await store.person_by_email(work, email)
    if person is None:
        if not name:
            raise Rejected("No hay una cuenta con ese correo: escriba también el nombre de la persona.")
        person = Person(id=new_id(), email=email.lower(), name=name, platform_roles=[], created_at=work.clock.now())
        work.session.add(person)
    person.platform_roles = sorted({*person.platform_roles, role})
    person.region_code = region or person.region_code
    await work.session.flush()
    await store.renew_sessions_of(work, person.id)
    if person.password_hash is None:
        await account.ask_reset(work, person.email)
    await note(work, "office.given", f"dio a {person.name} el cargo «{PLATFORM_ROLES[role].title}»")
    return person


async def take_office(work: Work, *, email: str, role: str) -> Person:
    """This function will take an office of the platform away, and end the sessions that worked in it."""
    person = await store.person_by_email(work, email)
    if person is None or role not in person.platform_roles:
        raise NotFound("Nadie con ese correo tiene ese cargo.")
    person.platform_roles = [each for each in person.platform_roles if each != role]
    if role == REGIONAL:
        person.region_code = ""
    await work.session.flush()
    await store.forget_sessions_of(work, person.id)
    await letters.factor_changed(
        work,
        to=person.email,
        name=person.name,
        said=f"Terminó su cargo «{PLATFORM_ROLES[role].title}» en la plataforma",
    )
    await note(work, "office.taken", f"quitó a {person.name} el cargo «{PLATFORM_ROLES[role].title}»")
    return person


async def note(work: Work, tag: str, sentence: str) -> None:
    """This function will write a line in the register of the platform, which only grows."""
    work.session.add(
        PlatformEntry(
            id=new_id(),
            at=work.clock.now(),
            actor_id=work.actor.person_id,
            actor_name=work.actor.name,
            tag=tag,
            sentence=sentence,
        )
    )
    await work.session.flush()
