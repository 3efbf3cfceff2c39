"""Signing in and out."""

from dataclasses import dataclass

from acogida.features.people import passwords, store
from acogida.features.people.model import Person, WebSession
from acogida.kernel.errors import Rejected
from acogida.kernel.identity import IDLE, digest, new_secret
from acogida.kernel.work import Work


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A session just opened: its secret goes into the cookie and nowhere else."""

    secret: str
    person: Person


async def sign_in(work: Work, *, email: str, password: str, agent: str, replacing: str | None) -> SignedIn:
    """This function will open a session, ending the one that the browser had (`replacing`): ids are never reused."""
    person = await store.person_by_email(work, email)
    if not await passwords.matches(person.password_hash if person else None, password) or person is None:
        raise Rejected(fields={"password": "El correo o la contraseña no coinciden. Revise ambos o recupere su contraseña."})
    return await open_session(work, person, agent=agent, replacing=replacing)


async def open_session(work: Work, person: Person, *, agent: str, replacing: str | None) -> SignedIn:
    """This function will open a session for a person who has just proved who they are."""
    if replacing:
        await store.forget_session(work, digest(replacing))
    secret, now = new_secret(), work.clock.now()
    work.session.add(
        WebSession(
            id_hash=digest(secret),
            person_id=person.id,
            created_at=now,
            seen_at=now,
            expires_at=now + IDLE,
            agent=agent[:200],
        )
    )
    await work.session.flush()
    return SignedIn(secret, person)


async def sign_out(work: Work, secret: str) -> None:
    """This function will end the session of this cookie."""
    await store.forget_session(work, digest(secret))
