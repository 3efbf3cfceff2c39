"""An account: signing in and out, its name, its password, its sessions."""

from dataclasses import dataclass
from datetime import timedelta

from acogida.features.people import letters, passwords, store
from acogida.features.people.actions import factors
from acogida.features.people.model import PasswordReset, Person, SignInStep, WebSession
from acogida.kernel.db import new_id
from acogida.kernel.errors import NotFound, NotProven, Problem, Rejected
from acogida.kernel.identity import IDLE, digest, new_secret
from acogida.kernel.permissions import rights_of
from acogida.kernel.sealing import Sealer
from acogida.kernel.tenancy import Actor, PersonId
from acogida.kernel.work import Work

RESET_LASTS = timedelta(hours=2)
STEP_LASTS = timedelta(minutes=10)
"""How long a password that was right waits for its second factor."""


class LinkGone(Problem):
    """A link of a mail that no longer opens anything: used, expired or replaced by a newer one."""

    status = 410
    code = "link_gone"
    sentence = "Este enlace ya no sirve: venció, ya se usó o se pidió otro más nuevo."


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A session just opened: its secret goes into the cookie and nowhere else."""

    secret: str
    person: Person


@dataclass(frozen=True, slots=True)
class HalfWay:
    """The first half was right and a second factor is missing: the secret of the cookie that waits for it."""

    secret: str
    person: Person


async def sign_in(
    work: Work, *, email: str, password: str, agent: str, replacing: str | None, onward: str = ""
) -> SignedIn | HalfWay:
    """This function will open a session, ending the one that the browser had (`replacing`): ids are never reused."""
    person = await store.person_by_email(work, email)
    if not await passwords.matches(person.password_hash if person else None, password) or person is None:
        raise Rejected(
            fields={"password": "El correo o la contraseña no coinciden. Revise ambos o recupere su contraseña."}
        )
    return await enter(work, person, agent=agent, replacing=replacing, onward=onward)


async def enter(
    work: Work, person: Person, *, agent: str, replacing: str | None, method: str = "password", onward: str = ""
) -> SignedIn | HalfWay:
    """This function will open a session for a person known by one thing, or ask for the second factor they have.

    `onward` is where they were going.
    """
    if not await store.factors_of(work, person.id):
        return await open_session(work, person, agent=agent, replacing=replacing, method=method)
    secret = new_secret()
    work.session.add(
        SignInStep(
            id_hash=digest(secret),
            person_id=person.id,
            kind="factor",
            data={"onward": onward, "method": method, "password": _mark(person)},
            expires_at=work.clock.now() + STEP_LASTS,
        )
    )
    await work.session.flush()
    return HalfWay(secret, person)


async def half_way(work: Work, secret: str | None, *, spend: bool = False) -> tuple[Person, SignInStep]:
    """This function will give who waits for their second factor; `NotProven` where nobody does any more."""
    hashed = digest(secret or "")
    step = await (store.spend_step if spend else store.step_behind)(work, hashed, "factor")
    person = await store.person(work, step.person_id) if step and step.person_id else None
    if step is None or person is None or person.disabled_at is not None or step.data["password"] != _mark(person):
        raise NotProven("Pasó demasiado tiempo desde que escribió su contraseña. Ingrese otra vez.")
    return person, step


async def finish(
    work: Work, sealer: Sealer, secret: str | None, *, code: str, agent: str, replacing: str | None
) -> tuple[SignedIn, str]:
    """This function will open the session of who shows their second factor, and say where they were going."""
    person, step = await half_way(work, secret)
    await factors.prove(work, sealer, person, code)
    await half_way(work, secret, spend=True)
    opened = await open_session(work, person, agent=agent, replacing=replacing, method=step.data["method"], strong=True)
    return opened, step.data["onward"]


def _mark(person: Person) -> str:
    """Changes when the password does: half a sign-in does not outlive it."""
    return digest(person.password_hash or "").hex()[:16]


async def open_session(
    work: Work,
    person: Person,
    *,
    agent: str,
    replacing: str | None,
    method: str = "password",
    strong: bool = False,
) -> SignedIn:
    """This function will open a session for a person who has proved who they are; `strong` with a second factor."""
    if replacing:
        await store.forget_session(work, digest(replacing))
    await store.forget_old_sessions(work)
    secret, now = new_secret(), work.clock.now()
    work.session.add(
        WebSession(
            id_hash=digest(secret),
            person_id=person.id,
            created_at=now,
            seen_at=now,
            expires_at=now + IDLE,
            agent=agent[:200],
            method=method,
            strong_at=now if strong else None,
        )
    )
    await work.session.flush()
    return SignedIn(secret, person)


async def sign_out(work: Work, secret: str) -> None:
    """This function will end the session of this cookie."""
    await store.forget_session(work, digest(secret))


async def register(work: Work, *, email: str, name: str, password: str, known: tuple[str, ...] = ()) -> Person:
    """This function will make the account of somebody whose mailbox has just answered.

    Raises `Rejected` where the password is easy to guess or the account was disabled. `known` are further words that
    the password may not lean on.
    """
    if await store.email_is_disabled(work, email):
        raise Rejected("Esta cuenta está deshabilitada. Hable con quien administra Acogida.")
    _refuse_easy(password, email, name, *known)
    person = Person(
        id=new_id(),
        email=email.lower(),
        name=name,
        password_hash=await passwords.hash_password(password),
        platform_roles=[],
        created_at=work.clock.now(),
    )
    work.session.add(person)
    await work.session.flush()
    return person


def act_as(work: Work, person: Person, *, roles: list[str] | None = None) -> None:
    """This function will put the person behind the work: who answered a link is who the book must name."""
    held = frozenset(roles or ())
    work.actor = Actor(PersonId(person.id), person.name, person.email, roles=held, rights=rights_of(held))


async def ask_reset(work: Work, email: str) -> None:
    """This function will mail a link to choose another password, if there is such an account; nobody is told which."""
    person = await store.person_by_email(work, email)
    if person is None:
        return
    await store.forget_resets_of(work, person.id)
    secret, until = new_secret(), work.clock.now() + RESET_LASTS
    work.session.add(PasswordReset(token_hash=digest(secret), person_id=person.id, expires_at=until))
    await letters.reset(work, to=person.email, name=person.name, path=f"/recuperar/{secret}", until=until)


async def reset_behind(work: Work, secret: str, *, lock: bool = False) -> tuple[PasswordReset, Person]:
    """This function will give the request for another password behind a link, or raise `LinkGone`."""
    found = await store.reset_with(work, digest(secret), lock=lock)
    if found is None or found.used_at is not None or found.expires_at <= work.clock.now():
        raise LinkGone
    return found, await store.person(work, found.person_id, lock=lock)


async def reset_password(
    work: Work, secret: str, *, password: str, agent: str, replacing: str | None
) -> SignedIn | HalfWay:
    """This function will set the password chosen through a link, close every session and open a new one.

    A mailbox is one thing: who has a second factor is asked for it too.
    """
    asked, person = await reset_behind(work, secret, lock=True)
    _refuse_easy(password, person.email, person.name)

    person.password_hash = await passwords.hash_password(password)
    asked.used_at = work.clock.now()
    await store.forget_sessions_of(work, person.id)

    await letters.password_changed(work, to=person.email, name=person.name)
    return await enter(work, person, agent=agent, replacing=replacing)


async def rename(work: Work, name: str) -> Person:
    """This function will change the name of whoever is signed in, everywhere at once."""
    person = await _myself(work, lock=True)
    person.name = name
    await work.session.flush()
    return person


async def change_password(work: Work, *, now: str, new: str, keep: str | None) -> None:
    """This function will change the password of whoever is signed in and close every session but this browser's."""
    person = await _myself(work, lock=True)
    if not await passwords.matches(person.password_hash, now):
        raise Rejected(fields={"password_now": "No es su contraseña actual."})
    _refuse_easy(new, person.email, person.name)

    person.password_hash = await passwords.hash_password(new)
    await store.forget_sessions_of(work, person.id, but=digest(keep) if keep else None)
    await store.forget_resets_of(work, person.id)
    await store.renew_sessions_of(work, person.id)

    await letters.password_changed(work, to=person.email, name=person.name)


async def close_session(work: Work, id_hash: bytes) -> None:
    """This function will end one of the sessions of whoever is signed in."""
    person = await _myself(work)
    if not await store.forget_session(work, id_hash, of=person.id):
        raise NotFound("Esa sesión ya estaba cerrada.")


async def close_other_sessions(work: Work, keep: str | None) -> int:
    """This function will end every session of whoever is signed in but this browser's, and say how many."""
    person = await _myself(work)
    return await store.forget_sessions_of(work, person.id, but=digest(keep) if keep else None)


async def _myself(work: Work, *, lock: bool = False) -> Person:
    if work.actor.person_id is None:
        raise NotFound
    return await store.person(work, work.actor.person_id, lock=lock)


def _refuse_easy(password: str, *known: str) -> None:
    if fault := passwords.fault_of(password, known=known):
        raise Rejected(fields={"password": fault})
