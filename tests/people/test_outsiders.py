"""Who comes from outside: given by the municipality, to some parts, for a time, in plain sight; and emergencies."""

import re
from datetime import timedelta

import pyotp
from sqlalchemy import select

from acogida.app.wiring import Services
from acogida.features.people.model import BreakGlass, PlatformEntry, SecondFactor
from acogida.kernel.audit import AuditEntry
from acogida.kernel.clock import FixedClock
from acogida.kernel.db import new_id
from acogida.kernel.tenancy import Tenant
from support.letterbox import last_link, letters_to
from support.make import make_municipality, make_person, make_token, work_as
from support.visitor import Visitor

LIA = {
    "name": "Lía Mora",
    "email": "lia@oim.int",
    "cargo": "Oficial de proyectos",
    "roles": ["observer"],
    "entity": "international_body",
    "organisation": "OIM",
    "areas": ["diagnosis", "document"],
    "until": "2027-02-28",
}
CHOSEN = {"name": "Lía Mora", "password": "lluvia tambor queso", "password_again": "lluvia tambor queso"}
WHY = "No se generan los PDF del informe y hay que ver cuál de ellos falla."


async def temuco(services: Services, visitor: Visitor) -> Tenant:
    tenant = await make_municipality(services)
    await make_person(services, tenant)
    await visitor.sign_in("rosa@temuco.cl")
    return tenant


async def operator(services: Services, visitor: Visitor) -> None:
    person = await make_person(services, None, email="op@acogida.cl", name="Ignacio Parra", offices=["operator"])
    secret, now = pyotp.random_base32(), services.clock.now()
    async with services.database.transaction() as session:
        session.add(
            SecondFactor(
                id=new_id(),
                person_id=person.id,
                kind="totp",
                name="T",
                secret=services.sealing.of("second-factor").seal(secret),
                created_at=now,
                confirmed_at=now,
            )
        )
    await visitor.post("/ingresar", {"email": "op@acogida.cl", "password": "una clave larga"})
    await visitor.post("/ingresar/segundo-factor", {"code": pyotp.TOTP(secret).at(now)})


async def test_the_municipality_gives_parts_for_a_time_and_sees_every_look(
    services: Services, visitor: Visitor, clock: FixedClock
) -> None:
    """Invited to the diagnosis, she opens it; each page is on the access page; after the last day nothing opens."""
    await temuco(services, visitor)
    sent = await visitor.post("/m/temuco/personas/invitar", LIA)
    async with Visitor(services) as lia:
        await lia.post(await last_link(services, LIA["email"]), CHOSEN)
        opened = [
            (await lia.get(f"/m/temuco/{place}")).status_code
            for place in ("diagnostico/hallazgos", "documento", "iniciativas", "personas/accesos")
        ]
        page = await visitor.get("/m/temuco/personas/accesos")
        whose = re.findall(r"\?de=([0-9a-f-]{36})", page.text)[0]
        hers = await visitor.get(f"/m/temuco/personas/accesos?de={whose}")
        clock.move_to(clock.now() + timedelta(days=98))
        after = await lia.post("/ingresar", {"email": LIA["email"], "password": CHOSEN["password"]})
        gone = await lia.get("/m/temuco")

    assert sent.status_code == 303, sent.text
    assert opened == [200, 200, 403, 403]
    assert "Diagnóstico y talleres; Documento" in page.text
    assert "diagnostico/hallazgos" in hers.text
    assert "Lo que abrió Lía Mora" in hers.text
    assert (after.status_code, gone.status_code) == (303, 404)


async def test_an_observer_has_a_term_and_an_institution(services: Services, visitor: Visitor) -> None:
    """Without them it is not sent; and only the executive secretary gives it."""
    tenant = await temuco(services, visitor)
    answer = await visitor.post("/m/temuco/personas/invitar", {**LIA, "entity": "", "until": ""})
    await make_person(services, tenant, email="juan@temuco.cl", roles=["president"])
    async with Visitor(services) as juan:
        await juan.sign_in("juan@temuco.cl")
        president = await juan.post("/m/temuco/personas/invitar", LIA)
    forged = await visitor.post("/m/temuco/personas/invitar", {**LIA, "roles": ["break_glass"]})

    assert answer.status_code == 422
    assert "tiene plazo" in answer.text
    assert "tipo de entidad" in answer.text
    assert president.status_code == 403
    assert forged.status_code == 422


async def test_the_looks_page_by_page_and_in_the_api(services: Services, visitor: Visitor) -> None:
    """The newest first, a hundred at a time, with the way to the older; the same through the API."""
    tenant = await temuco(services, visitor)
    lia = await make_person(services, tenant, email=LIA["email"], name="Lía Mora", roles=["observer"])
    async with Visitor(services) as somebody:
        await somebody.sign_in(LIA["email"])
        for number in range(101):
            await somebody.get(f"/m/temuco/guia-que-no-existe-{number}")
        for _ in range(3):
            await somebody.get("/m/temuco/iniciativas")
    async with services.database.transaction(tenant=tenant) as session:
        from acogida.features.people.public import note_look
        from acogida.kernel.tenancy import Actor, PersonId

        for number in range(100):
            await note_look(
                session, Actor(PersonId(lia.id), "Lía"), services.clock.now(), f"archivo/{number}", through="api"
            )
    page = await visitor.get("/m/temuco/personas/accesos")
    older = re.findall(r"antes=([0-9a-f-]{36})", page.text)[0]
    rest = await visitor.get(f"/m/temuco/personas/accesos?antes={older}")
    from acogida.features.people.model import Person

    async with services.database.transaction() as session:
        rosa = (await session.scalars(select(Person).where(Person.email == "rosa@temuco.cl"))).one()
    headers = {"authorization": f"Bearer {await make_token(services, tenant, rosa)}"}
    first = (await visitor.http.get("/api/v1/m/temuco/personas/accesos?limit=100", headers=headers)).json()
    second = (
        await visitor.http.get(f"/api/v1/m/temuco/personas/accesos?limit=100&after={first['next']}", headers=headers)
    ).json()

    assert page.text.count('data-label="Cuándo"') == 100
    assert rest.text.count('data-label="Cuándo"') == 3
    assert (len(first["items"]), len(second["items"]), second["next"]) == (100, 3, None)


async def test_an_operator_looks_in_an_emergency_and_everybody_knows(
    services: Services, visitor: Visitor, clock: FixedClock
) -> None:
    """With a reason, for an hour, only reading; in the book, in the mail, in the register, and each page in sight."""
    tenant = await temuco(services, visitor)
    async with Visitor(services) as op:
        await operator(services, op)
        before = await op.get("/m/temuco")
        mute = await op.post("/operacion/emergencia", {"slug": "temuco", "reason": "porque sí", "hours": "1"})
        opened = await op.post("/operacion/emergencia", {"slug": "temuco", "reason": WHY, "hours": "1"})
        reads = await op.get("/m/temuco/diagnostico/hallazgos")
        writes = await op.post("/m/temuco/diagnostico/hallazgos/nuevo", {"title": "x"})
        page = await visitor.get("/m/temuco/personas/accesos")
        clock.move_to(clock.now() + timedelta(minutes=61))
        late = await op.get("/m/temuco")

    assert (before.status_code, mute.status_code) == (404, 422)
    assert opened.headers["location"] == "/m/temuco"
    assert (reads.status_code, writes.status_code, late.status_code) == (200, 403, 404)
    assert WHY in (await letters_to(services, "rosa@temuco.cl"))[-1].text
    assert WHY in page.text
    assert "diagnostico/hallazgos" in page.text
    async with work_as(services, tenant) as work:
        told = await work.session.scalar(select(AuditEntry).where(AuditEntry.tag == "break_glass.opened"))
    assert told and WHY in told.sentence
    async with services.database.transaction() as session:
        assert [row.tag for row in await session.scalars(select(PlatformEntry))] == ["break_glass.opened"]


async def test_an_emergency_is_ended_before_its_hour(services: Services, visitor: Visitor) -> None:
    """By the operator, at once; and without one open there is nothing to end."""
    tenant = await temuco(services, visitor)
    async with Visitor(services) as op:
        await operator(services, op)
        nothing = await op.post("/operacion/emergencia/temuco/terminar")
        await op.post("/operacion/emergencia", {"slug": "temuco", "reason": WHY, "hours": "4"})
        desk = await op.get("/operacion")
        await op.post("/operacion/emergencia/temuco/terminar")
        after = await op.get("/m/temuco")

    assert nothing.status_code == 404
    assert "acceso de emergencia a Temuco" in desk.text
    assert after.status_code == 404
    async with work_as(services, tenant) as work:
        assert (await work.session.scalars(select(BreakGlass))).one().ended_at is not None
