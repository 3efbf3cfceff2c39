"""Passkeys (WebAuthn): made on a device of the person, unlocked by them, useless on any other site.

A passkey signs in by itself, for the device has asked for a finger, a face or its own code. The challenge lives in the
database, once, for five minutes. The library is loaded when first used: it takes three quarters of a second.
"""

import base64
import ipaddress
import json
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from acogida.features.people import store
from acogida.features.people.actions import factors
from acogida.features.people.model import Person, SecondFactor, SignInStep
from acogida.kernel.db import new_id
from acogida.kernel.errors import NotProven, Rejected
from acogida.kernel.identity import digest, new_secret
from acogida.kernel.work import Work

CHALLENGE_LASTS = timedelta(minutes=5)
MOST = 10
REFUSED = "La llave de acceso no se pudo comprobar. Inténtelo otra vez, o ingrese con su correo."


@dataclass(frozen=True, slots=True)
class Place:
    """Where passkeys belong: the host of the site and its whole address."""

    host: str
    origin: str

    @property
    def possible(self) -> bool:
        """Browsers make no passkeys for a bare address, nor where the line is not safe."""
        try:
            ipaddress.ip_address(self.host)
        except ValueError:
            return self.origin.startswith("https://") or self.host == "localhost"
        return False


def place_of(public_url: str) -> Place:
    """This function will read where passkeys belong out of the public address."""
    return Place(urlsplit(public_url).hostname or "", public_url)


@dataclass(frozen=True, slots=True)
class Asked:
    """A challenge: what the browser is given, and the secret of its cookie."""

    options: dict[str, Any]
    secret: str


async def ask_new(work: Work, place: Place) -> Asked:
    """This function will ask the browser of whoever is signed in to make a passkey."""
    person = await factors.myself(work)
    held = [row for row in await store.factors_of(work, person.id) if row.credential_id]
    if len(held) >= MOST:
        raise Rejected(f"Ya tiene {MOST} llaves de acceso. Quite alguna antes de agregar otra.")
    import webauthn
    from webauthn.helpers import structs

    options = webauthn.generate_registration_options(
        rp_id=place.host,
        rp_name="Acogida",
        user_name=person.email,
        user_id=person.id.bytes,
        user_display_name=person.name,
        authenticator_selection=structs.AuthenticatorSelectionCriteria(
            resident_key=structs.ResidentKeyRequirement.REQUIRED,
            user_verification=structs.UserVerificationRequirement.REQUIRED,
        ),
        exclude_credentials=[
            structs.PublicKeyCredentialDescriptor(id=row.credential_id) for row in held if row.credential_id
        ],
    )
    return await _asked(work, options, person)


async def add(work: Work, place: Place, secret: str | None, credential: str, name: str) -> list[str]:
    """This function will keep the passkey that the browser made; gives recovery codes where they are the first."""
    import webauthn
    from webauthn.helpers.exceptions import WebAuthnException

    person = await factors.myself(work)
    step = await _spend(work, secret, person)
    try:
        made = webauthn.verify_registration_response(
            credential=credential,
            expected_challenge=_challenge(step),
            expected_rp_id=place.host,
            expected_origin=place.origin,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError) as error:
        raise Rejected(fields={"credential": REFUSED}) from error
    row = SecondFactor(
        id=new_id(),
        person_id=person.id,
        kind="passkey",
        name=name or "Llave de acceso",
        credential_id=made.credential_id,
        public_key=made.credential_public_key,
        sign_count=made.sign_count,
        created_at=work.clock.now(),
    )
    work.session.add(row)
    await work.session.flush()
    return await factors.added(work, person, row)


async def ask_known(work: Work, place: Place) -> Asked:
    """This function will ask any browser for a passkey of this site: it alone knows whose they are."""
    import webauthn
    from webauthn.helpers.structs import UserVerificationRequirement

    options = webauthn.generate_authentication_options(
        rp_id=place.host, user_verification=UserVerificationRequirement.REQUIRED
    )
    return await _asked(work, options, None)


async def holder(work: Work, place: Place, secret: str | None, credential: str) -> Person:
    """This function will tell whose passkey answered the challenge, or raise `NotProven`."""
    import webauthn
    from webauthn.helpers.exceptions import WebAuthnException

    step = await _spend(work, secret, None)
    try:
        told = json.loads(credential)
        raw_id = base64.urlsafe_b64decode(str(told["rawId"]) + "==")
    except (ValueError, KeyError, TypeError) as error:
        raise NotProven(REFUSED) from error
    row = await store.passkey(work, raw_id)
    if row is None or row.public_key is None:
        raise NotProven("Esa llave de acceso ya no está en ninguna cuenta. Ingrese con su correo.")
    try:
        done = webauthn.verify_authentication_response(
            credential=credential,
            expected_challenge=_challenge(step),
            expected_rp_id=place.host,
            expected_origin=place.origin,
            credential_public_key=row.public_key,
            credential_current_sign_count=row.sign_count,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError) as error:
        raise NotProven(REFUSED) from error
    row.sign_count, row.last_used_at = done.new_sign_count, work.clock.now()
    await work.session.flush()
    person = await store.person(work, row.person_id)
    if person.disabled_at is not None:
        raise NotProven(REFUSED)
    return person


async def _asked(work: Work, options: Any, person: Person | None) -> Asked:
    secret = new_secret()
    work.session.add(
        SignInStep(
            id_hash=digest(secret),
            person_id=person.id if person else None,
            kind="passkey",
            data={"challenge": base64.b64encode(options.challenge).decode()},
            expires_at=work.clock.now() + CHALLENGE_LASTS,
        )
    )
    await work.session.flush()
    from webauthn import options_to_json

    return Asked(json.loads(options_to_json(options)), secret)


async def _spend(work: Work, secret: str | None, person: Person | None) -> SignInStep:
    step = await store.spend_step(work, digest(secret or ""), "passkey")
    if step is None or step.person_id != (person.id if person else None):
        raise NotProven("Pasó demasiado tiempo. Vuelva a intentarlo.")
    return step


def _challenge(step: SignInStep) -> bytes:
    return base64.b64decode(step.data["challenge"])
