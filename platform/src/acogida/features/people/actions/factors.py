"""Second factors: codes of an authenticator, passkeys, and the recovery codes for the day the telephone is lost.

Each code serves once. Whoever holds an office of the platform can't take away their last factor.
"""

import base64
import hmac
import secrets
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import pyotp

from acogida.features.people import letters, store
from acogida.features.people.model import Person, RecoveryCode, SecondFactor
from acogida.kernel.db import new_id
from acogida.kernel.errors import NotFound, Rejected
from acogida.kernel.identity import digest
from acogida.kernel.sealing import Sealer, Unsealable
from acogida.kernel.work import Work

ISSUER = "Acogida"
STEP = 30
"""Seconds that a code of an authenticator lasts; the one before and the one after are accepted too."""
CODES = 10
UNCONFIRMED_LASTS = timedelta(hours=1)
WRONG_CODE = "Ese código no es el de ahora, o ya se usó. Espere el siguiente y escríbalo completo."


@dataclass(frozen=True, slots=True)
class Enrolment:
    """An authenticator that waits for its first code: what the telephone must read."""

    factor: SecondFactor
    secret: str
    uri: str


async def begin_authenticator(work: Work, sealer: Sealer) -> SecondFactor:
    """This function will make the secret of an authenticator for whoever is signed in; it opens nothing until confirmed."""
    person = await myself(work)
    await store.forget_unconfirmed(work, person.id)
    row = SecondFactor(
        id=new_id(),
        person_id=person.id,
        kind="totp",
        name="Aplicación de códigos",
        secret=sealer.seal(pyotp.random_base32()),
        created_at=work.clock.now(),
    )
    work.session.add(row)
    await work.session.flush()
    return row


async def enrolment(work: Work, sealer: Sealer, factor_id: UUID) -> Enrolment:
    """This function will give what the telephone must read, to whom it belongs and while it waits for its first code."""
    person = await myself(work)
    row = await store.factor(work, person.id, factor_id)
    if row.confirmed_at or row.secret is None or work.clock.now() - row.created_at > UNCONFIRMED_LASTS:
        raise NotFound
    secret = _opened(sealer, row)
    return Enrolment(row, secret, pyotp.TOTP(secret).provisioning_uri(name=person.email, issuer_name=ISSUER))


async def confirm_authenticator(work: Work, sealer: Sealer, factor_id: UUID, code: str) -> list[str]:
    """This function will turn an authenticator on with its first code, and give recovery codes if they are the first."""
    person = await myself(work)
    row = await store.factor(work, person.id, factor_id, lock=True)
    if row.confirmed_at or not accepts(work, sealer, row, code):
        raise Rejected(fields={"code": WRONG_CODE})
    return await added(work, person, row)


async def added(work: Work, person: Person, row: SecondFactor) -> list[str]:
    """This function will turn a factor on, tell its owner, and give recovery codes where there are none yet."""
    row.confirmed_at = row.last_used_at = work.clock.now()
    await work.session.flush()
    await store.renew_sessions_of(work, person.id)
    await letters.factor_changed(work, to=person.email, name=person.name, said=f"Se agregó «{row.name}»")
    return [] if await store.unused_recovery_codes(work, person.id) else await new_recovery_codes(work)


async def remove(work: Work, factor_id: UUID) -> None:
    """This function will take a factor away; the last one of an office of the platform stays."""
    person = await myself(work)
    row = await store.factor(work, person.id, factor_id, lock=True)
    others = [each for each in await store.factors_of(work, person.id) if each.id != row.id]
    if not others and person.platform_roles:
        raise Rejected("Su cargo en la plataforma exige un segundo factor: agregue otro antes de quitar éste.")
    await store.erase_factor(work, row.id)
    if not others:
        await store.erase_recovery_codes(work, person.id)
    await store.renew_sessions_of(work, person.id)
    await letters.factor_changed(work, to=person.email, name=person.name, said=f"Se quitó «{row.name}»")


async def new_recovery_codes(work: Work) -> list[str]:
    """This function will give ten new recovery codes, shown once; those of before serve no more."""
    person = await myself(work)
    await store.erase_recovery_codes(work, person.id)
    codes = [_spell(secrets.token_bytes(7)) for _ in range(CODES)]
    work.session.add_all(
        RecoveryCode(person_id=person.id, code_hash=digest(_plain(code)), used_at=None) for code in codes
    )
    await work.session.flush()
    return codes


async def prove(work: Work, sealer: Sealer, person: Person, code: str) -> None:
    """This function will take the code of an authenticator or a recovery code of this person, or raise `Rejected`."""
    if len(_plain(code)) > 6 and await store.spend_recovery_code(work, person.id, digest(_plain(code))):
        left = len(await store.unused_recovery_codes(work, person.id))
        await letters.factor_changed(
            work, to=person.email, name=person.name, said=f"Se usó un código de recuperación; quedan {left}"
        )
        return
    for row in await store.factors_of(work, person.id, lock=True):
        if row.kind == "totp" and accepts(work, sealer, row, code):
            row.last_used_at = work.clock.now()
            await work.session.flush()
            return
    raise Rejected(fields={"code": WRONG_CODE})


def accepts(work: Work, sealer: Sealer, row: SecondFactor, code: str) -> bool:
    """This function will tell whether a code is that of this authenticator now, and spend it."""
    digits = "".join(c for c in code if c.isdigit())
    if len(digits) != 6:
        return False
    now = int(work.clock.now().timestamp()) // STEP
    clock = pyotp.TOTP(_opened(sealer, row))
    for step in (now - 1, now, now + 1):
        if step > row.last_step and hmac.compare_digest(clock.at(step * STEP), digits):
            row.last_step = step
            return True
    return False


def code_now(work: Work, sealer: Sealer, row: SecondFactor) -> str:
    """This function will give the code that the telephone shows now: for the demonstration, whose telephone is a page."""
    try:
        return pyotp.TOTP(sealer.open(row.secret or b"")).at(int(work.clock.now().timestamp()))
    except Unsealable:
        return ""


def _opened(sealer: Sealer, row: SecondFactor) -> str:
    try:
        return sealer.open(row.secret or b"")
    except Unsealable as error:
        raise Rejected(
            "Este segundo factor se creó con otra llave de la instalación y ya no se puede leer. Use un código de "
            "recuperación o pida ayuda a quien opera Acogida."
        ) from error


async def myself(work: Work, *, lock: bool = False) -> Person:
    """This function will give the account of whoever is signed in."""
    if work.actor.person_id is None:
        raise NotFound
    return await store.person(work, work.actor.person_id, lock=lock)


def _spell(random: bytes) -> str:
    letters_of = base64.b32encode(random).decode().lower().rstrip("=")[:10]
    return f"{letters_of[:5]}-{letters_of[5:]}"


def _plain(code: str) -> str:
    return "".join(c for c in code.lower() if c.isalnum())
