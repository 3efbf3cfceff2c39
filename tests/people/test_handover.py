"""Leaving: nothing stays in the name of who goes, and a sheet says who took each."""

import re
from datetime import date

from sqlalchemy import select

from acogida.app.wiring import Services
from acogida.features.bodies.model import Agreement, Meeting
from acogida.features.initiatives import store as plan
from acogida.features.people.model import Membership, OfficeTerm, Person
from acogida.kernel.tenancy import Tenant
from support.make import make_municipality, make_person, make_token, work_as
from support.make_plan import make_initiative
from support.visitor import Visitor

WHO = "juan@temuco.cl"


async def temuco(services: Services, visitor: Visitor) -> tuple[Tenant, str, str]:
    """Juan answers for two initiatives and an agreement; Ana may take them. Rosa is signed in."""
    tenant = await make_municipality(services)
    rosa = await make_person(services, tenant)
    juan = await make_person(services, tenant, email=WHO, name="Juan Soto", roles=["president"], cargo="Director")
    ana = await make_person(services, tenant, email="ana@temuco.cl", name="Ana Ríos", roles=["executive_member"])
    async with work_as(services, tenant, rosa) as work:
        await make_initiative(work, "Escuela de líderes", responsible="Juan Soto", substitute="Rosa Painemal")
        await make_initiative(work, "Ventanilla única", responsible="Ana Ríos", substitute="JUAN  SOTO")
        await make_initiative(work, "De otra persona", responsible="Ana Ríos")
        meeting = Meeting(kind="team", title="Equipo", held_on=date(2026, 11, 10), status="held")
        work.session.add(meeting)
        await work.session.flush()
        for text, done in (("Pedir los datos", None), ("Citar a la mesa", date(2026, 11, 12))):
            work.session.add(
                Agreement(
                    meeting_id=meeting.id, text=text, responsible="Juan Soto", due_on=date(2026, 12, 1), done_on=done
                )
            )
        ids = [
            str(await work.session.scalar(select(Membership.id).where(Membership.person_id == person.id)))
            for person in (juan, ana)
        ]
    await visitor.sign_in("rosa@temuco.cl")
    return tenant, *ids


async def test_who_has_duties_is_not_removed_until_each_has_an_owner(services: Services, visitor: Visitor) -> None:
    """The refusal leads to the page that gives them; once nothing is left, the access ends."""
    tenant, juan, ana = await temuco(services, visitor)
    place = f"/m/temuco/personas/{juan}"

    refused = await visitor.post(f"{place}/terminar", {"confirmed": "1"})
    page = await visitor.get(f"{place}/entrega")
    keys = re.findall(r'name="(a-[a-z]+:[0-9a-f-]{36})"', page.text)
    one = await visitor.post(f"{place}/entrega", {keys[0]: ana})
    still = await visitor.post(f"{place}/terminar", {"confirmed": "1"})
    rest = await visitor.post(f"{place}/entrega", {"everything": ana})
    ended = await visitor.post(f"{place}/terminar", {"confirmed": "1"})

    assert refused.headers["location"] == f"{place}/entrega"
    assert "De otra persona" not in page.text
    assert "Citar a la mesa" not in page.text
    assert len(keys) == 3
    assert (one.status_code, rest.status_code) == (303, 303)
    assert still.headers["location"] == f"{place}/entrega"
    assert ended.headers["location"] == "/m/temuco/personas"
    async with work_as(services, tenant) as work:
        rows = {row.name: row for row in await plan.initiatives(work)}
        agreed = (await work.session.scalars(select(Agreement).order_by(Agreement.id))).all()
    assert rows["Escuela de líderes"].responsible == "Ana Ríos"
    assert (rows["Ventanilla única"].responsible, rows["Ventanilla única"].substitute) == ("Ana Ríos", "Ana Ríos")
    assert [row.responsible for row in agreed] == ["Ana Ríos", "Juan Soto"]


async def test_the_sheet_says_who_took_what(services: Services, visitor: Visitor) -> None:
    """On screen and in PDF: what was given, what is left, and room for both signatures."""
    _, juan, ana = await temuco(services, visitor)
    place = f"/m/temuco/personas/{juan}/entrega"

    before = await visitor.get(f"{place}/hoja")
    await visitor.post(place, {"everything": ana})
    after = await visitor.get(f"{place}/hoja")
    paper = await visitor.get(f"{place}/hoja.pdf")

    assert "Responde por la iniciativa «Escuela de líderes»" in before.text
    assert "Nada queda a su nombre." in after.text
    assert after.text.count("Ana Ríos") >= 3
    assert paper.content.startswith(b"%PDF")


async def test_an_office_is_ended_before_leaving(services: Services, visitor: Visitor) -> None:
    """Whoever holds an office stays until it ends; the secretary ends it from the same page."""
    tenant, juan, ana = await temuco(services, visitor)
    async with work_as(services, tenant) as work:
        person = await work.session.scalar(select(Person).where(Person.email == WHO))
        assert person
        work.session.add(
            OfficeTerm(
                office="dideco",
                title="Director",
                kind="holder",
                person_id=person.id,
                name=person.name,
                since=date(2026, 1, 1),
            )
        )
    place = f"/m/temuco/personas/{juan}"
    await visitor.post(f"{place}/entrega", {"everything": ana})
    refused = await visitor.post(f"{place}/terminar", {"confirmed": "1"})
    await visitor.post(f"{place}/entrega/cargos")
    ready = await visitor.get(f"{place}/entrega")

    assert refused.headers["location"] == f"{place}/entrega"
    assert "Nada queda a nombre de Juan Soto" in ready.text
    assert "Director" in (await visitor.get("/m/temuco/personas/cargos")).text


async def test_one_hands_over_ones_own_and_nobody_elses(services: Services, visitor: Visitor) -> None:
    """Juan gives his things by himself; a councillor sees neither his page nor his sheet; strangers take nothing."""
    tenant, juan, ana = await temuco(services, visitor)
    await make_person(services, tenant, email="leo@temuco.cl", roles=["councillor"])
    place = f"/m/temuco/personas/{juan}/entrega"
    async with Visitor(services) as himself, Visitor(services) as leo:
        await himself.sign_in(WHO)
        await leo.sign_in("leo@temuco.cl")
        own = await himself.get(place)
        nobody = await himself.post(place, {"everything": "01a206e3-0000-7000-8000-000000000000"})
        await himself.post(place, {"everything": ana})
        done = await himself.get(place)
        forbidden = [(await leo.get(f"{place}{rest}")).status_code for rest in ("", "/hoja", "/hoja.pdf")]
        forced = await leo.post(place, {"everything": ana})

    assert own.status_code == 200
    assert nobody.headers["location"] == place
    assert "Nada queda a nombre de Juan Soto" in done.text
    assert forbidden == [403] * 3
    assert forced.status_code == 403


async def test_the_api_hands_over_too(services: Services, visitor: Visitor) -> None:
    """The same things by their keys, and the same refusals."""
    tenant, juan, ana = await temuco(services, visitor)
    async with services.database.transaction() as session:
        rosa = (await session.scalars(select(Person).where(Person.email == "rosa@temuco.cl"))).one()
    headers = {"authorization": f"Bearer {await make_token(services, tenant, rosa)}"}
    base = f"/api/v1/m/temuco/personas/{juan}"

    held = (await visitor.http.get(f"{base}/entrega", headers=headers)).json()
    refused = await visitor.http.delete(base, headers=headers)
    unknown = await visitor.http.post(f"{base}/entrega", json={"chosen": {"agreement:nada": ana}}, headers=headers)
    given = await visitor.http.post(
        f"{base}/entrega", json={"chosen": {thing["key"]: ana for thing in held["held"]}}, headers=headers
    )
    ended = await visitor.http.delete(base, headers=headers)

    assert len(held["held"]) == 3
    assert refused.status_code == 422
    assert unknown.status_code == 404
    assert given.json()["done"] is True
    assert ended.status_code == 204
