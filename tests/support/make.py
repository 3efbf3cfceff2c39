"""Small builders with sensible defaults: a workspace, a person in it, a work to act with."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta

from acogida.app.wiring import Services
from acogida.features.cycles.public import newest, open_first_cycle
from acogida.features.municipalities.model import Municipality
from acogida.features.municipalities.public import as_tenant
from acogida.features.people.model import ApiToken, Membership, Person
from acogida.kernel.db import new_id
from acogida.kernel.identity import digest, new_secret
from acogida.kernel.permissions import rights_of
from acogida.kernel.tenancy import Actor, PersonId, Tenant
from acogida.kernel.work import Work

PASSWORD = "una clave larga"
_HASHES: dict[str, str] = {}


async def _hash() -> str:
    from argon2 import PasswordHasher

    if PASSWORD not in _HASHES:
        _HASHES[PASSWORD] = PasswordHasher(time_cost=1, memory_cost=1024).hash(PASSWORD)
    return _HASHES[PASSWORD]


async def make_municipality(
    services: Services, *, cut: str = "09101", name: str = "Temuco", slug: str = "temuco"
) -> Tenant:
    """An open workspace with its first cycle and nobody in it."""
    cycle = open_first_cycle(newest(services.guides))
    row = Municipality(
        id=new_id(),
        cut=cut,
        slug=slug,
        name=name,
        demo=False,
        current_cycle_id=cycle.id,
        opened_at=services.clock.now(),
    )
    tenant = as_tenant(row)
    async with services.database.transaction(tenant=tenant) as session:
        session.add(row)
        await session.flush()
        session.add(cycle)
    return tenant


async def make_person(
    services: Services,
    tenant: Tenant | None,
    *,
    email: str = "rosa@temuco.cl",
    name: str = "Rosa Painemal",
    roles: Sequence[str] = ("secretary",),
    cargo: str = "Encargada de Migración",
    unit: str = "",
    scope: Sequence[str] = (),
    areas: Sequence[str] = (),
    offices: Sequence[str] = (),
    region: str = "",
) -> Person:
    """Somebody with an account, and a place in the workspace where one is given. `offices` are platform roles."""
    async with services.database.transaction(tenant=tenant) as session:
        person = Person(
            id=new_id(),
            email=email,
            name=name,
            password_hash=await _hash(),
            platform_roles=list(offices),
            region_code=region,
        )
        session.add(person)
        await session.flush()
        if tenant:
            session.add(
                Membership(
                    person_id=person.id,
                    roles=list(roles),
                    cargo=cargo,
                    unit=unit,
                    since=services.clock.now().date(),
                    scope=list(scope),
                    areas=list(areas),
                )
            )
    return person


@asynccontextmanager
async def work_as(
    services: Services, tenant: Tenant, person: Person | None = None, *, roles: Sequence[str] = ("secretary",)
) -> AsyncIterator[Work]:
    """A work in the workspace, committed at the end, acting as this person with these roles."""
    actor = Actor(
        PersonId(person.id) if person else None,
        person.name if person else "Rosa Painemal",
        roles=frozenset(roles),
        rights=rights_of(roles),
    )
    async with services.database.transaction(tenant=tenant, person=actor.person_id) as session:
        yield Work(session, services.clock, actor, tenant, "test")


async def make_token(services: Services, tenant: Tenant, person: Person) -> str:
    """A key to the API of the workspace, acting as this person."""
    secret = new_secret()
    async with services.database.transaction(tenant=tenant) as session:
        session.add(
            ApiToken(
                person_id=person.id,
                name="Prueba",
                token_hash=digest(secret),
                expires_at=services.clock.now() + timedelta(days=30),
            )
        )
    return secret
