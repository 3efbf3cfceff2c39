"""Accounts of the demonstration that work outside any workspace: OIM, Sermig and who operates the platform.

Each has a second factor, as the office asks; the page of the local mail shows its code. Never in production.
"""

import pyotp
import yaml
from sqlalchemy import select

from acogida.app.seed_demo import PASSWORD, Account
from acogida.app.wiring import Services
from acogida.features.people.model import Person, SecondFactor
from acogida.features.people.passwords import hash_password
from acogida.kernel.db import TenantSession, new_id
from acogida.kernel.permissions import PLATFORM_ROLES
from acogida.kernel.sealing import Unsealable

FILE = "demo/platform/offices.yaml"


async def load_offices(services: Services) -> list[Account]:
    """This function will leave each account as the file says, whatever was done with it before."""
    path = services.settings.catalogue / FILE
    said = yaml.safe_load(path.read_text())["offices"] if path.exists() else []
    hashed = await hash_password(PASSWORD) if said else ""
    async with services.database.transaction() as session:
        for each in said:
            person = await session.scalar(select(Person).where(Person.email == each["email"]))
            if person is None:
                person = Person(id=new_id(), email=each["email"])
                session.add(person)
            person.name, person.password_hash, person.disabled_at = each["name"], hashed, None
            person.platform_roles, person.region_code = [each["role"]], each.get("region", "")
            await session.flush()
            await _telephone(services, session, person)
    return [(each["email"], PLATFORM_ROLES[each["role"]].title, "") for each in said]


async def _telephone(services: Services, session: TenantSession, person: Person) -> None:
    """An authenticator whose secret this installation can read: one sealed with the key of before is of no use."""
    sealer = services.sealing.of("second-factor")
    found = await session.scalars(
        select(SecondFactor).where(SecondFactor.person_id == person.id, SecondFactor.kind == "totp")
    )
    for row in found:
        try:
            sealer.open(row.secret or b"")
        except Unsealable:
            await session.delete(row)
        else:
            return
    now = services.clock.now()
    session.add(
        SecondFactor(
            id=new_id(),
            person_id=person.id,
            kind="totp",
            name="Teléfono de la demostración",
            secret=sealer.seal(pyotp.random_base32()),
            created_at=now,
            confirmed_at=now,
        )
    )
