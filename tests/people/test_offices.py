"""Offices and subrogancia: who signs on a day, whose role passes to whom, and what the book says."""

from datetime import date

import pytest
from sqlalchemy import select

from acogida.app.wiring import Services
from acogida.features.people.actions import offices
from acogida.features.people.forms import AddTerm
from acogida.features.people.model import Membership, Person
from acogida.features.people.public import who_signs_as
from acogida.kernel.audit import AuditEntry
from acogida.kernel.errors import NotAllowed, Rejected
from acogida.kernel.tenancy import Tenant
from support.make import make_municipality, make_person, make_token, work_as
from support.visitor import Visitor

MAYOR = {"office": "alcaldia", "kind": "holder", "title": "Alcaldesa", "since": "2024-12-06"}
AWAY = {
    "office": "alcaldia",
    "kind": "substitute",
    "title": "Alcaldesa",
    "since": "2026-11-23",
    "until": "2026-11-30",
    "act": "Decreto alcaldicio N.º 1.204",
    "reason": "Feriado legal",
}


async def place_of(services: Services, tenant: Tenant, person: Person) -> str:
    async with work_as(services, tenant) as work:
        return str(await work.session.scalar(select(Membership.id).where(Membership.person_id == person.id)))


async def temuco(services: Services, visitor: Visitor) -> tuple[Tenant, str, str]:
    """Rosa runs the workspace; the mayor and her deputy have a place in it."""
    tenant = await make_municipality(services)
    await make_person(services, tenant)
    mayor = await make_person(services, tenant, email="alcaldesa@temuco.cl", name="Eliana Huaiquil", roles=["mayor"])
    deputy = await make_person(services, tenant, email="juan@temuco.cl", name="Juan Soto", roles=["extended_member"])
    await visitor.sign_in("rosa@temuco.cl")
    return tenant, await place_of(services, tenant, mayor), await place_of(services, tenant, deputy)


async def register(visitor: Visitor, said: dict[str, str], **more: str):
    return await visitor.post("/m/temuco/personas/cargos/registrar", {**said, **more})


async def test_the_deputy_approves_while_the_mayor_is_away_and_the_book_says_so(
    services: Services, visitor: Visitor
) -> None:
    """Registered by the secretary, from its first day the substitute has the office; what they do says in whose name."""
    tenant, mayor, deputy = await temuco(services, visitor)

    assert (await register(visitor, MAYOR, member=mayor)).status_code == 303
    assert (await register(visitor, AWAY, member=deputy)).status_code == 303
    page = await visitor.get("/m/temuco/personas/cargos")
    async with Visitor(services) as juan, Visitor(services) as eliana:
        await juan.sign_in("juan@temuco.cl")
        await eliana.sign_in("alcaldesa@temuco.cl")
        await juan.post("/m/temuco/llaves", {"name": "Planilla", "days": "30"})
        may = (await juan.get("/m/temuco/validacion/aprobacion")).status_code
        rests = await eliana.get("/m/temuco")
        key = await eliana.get("/m/temuco/llaves")

    assert "Decreto alcaldicio N.º 1.204" in page.text
    assert may == 200
    assert (rests.status_code, key.status_code) == (200, 403)
    async with work_as(services, tenant) as work:
        told = list(await work.session.scalars(select(AuditEntry).order_by(AuditEntry.seq)))
    assert [entry.tag for entry in told[:2]] == ["office_term.held", "office_term.substituted"]
    assert told[-1].actor_name == "Juan Soto (subrogando a Eliana Huaiquil, Alcaldesa)"


async def test_who_signs_depends_on_the_day(services: Services, visitor: Visitor) -> None:
    """The substitute from the first day to the last, as «(S)»; the holder before and after; nobody before anybody."""
    tenant, mayor, deputy = await temuco(services, visitor)
    await register(visitor, MAYOR, member=mayor)
    await register(visitor, AWAY, member=deputy)

    async with work_as(services, tenant) as work:
        days = {
            day: await who_signs_as(work, "alcaldia", day)
            for day in (date(2026, 11, 22), date(2026, 11, 23), date(2026, 11, 30), date(2026, 12, 1), date(2020, 1, 1))
        }
        nobody = await who_signs_as(work, "secplan", date(2026, 11, 23))

    assert [signer and (signer.name, signer.title) for signer in days.values()] == [
        ("Eliana Huaiquil", "Alcaldesa"),
        ("Juan Soto", "Alcaldesa (S)"),
        ("Juan Soto", "Alcaldesa (S)"),
        ("Eliana Huaiquil", "Alcaldesa"),
        None,
    ]
    substitute = days[date(2026, 11, 23)]
    assert substitute and (substitute.holder, substitute.substitute) == ("Eliana Huaiquil", True)
    assert nobody is None


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"until": ""}, "until", "tiene término"),
        ({"until": "2026-11-01"}, "until", "anterior al primero"),
        ({"until": "2028-11-30"}, "until", "a lo más un año"),
        ({"since": "2020-01-01", "until": "2020-01-09"}, "office", "quién es titular"),
        ({"member": "", "name": "Eliana Huaiquil"}, "name", "misma persona"),
        ({"member": "", "name": ""}, "member", "una de las dos"),
        ({"office": "other"}, "other_office", "nombre del cargo"),
    ],
)
async def test_a_substitution_that_does_not_hold_is_refused_beside_its_field(
    services: Services, visitor: Visitor, changes: dict[str, str], field: str, words: str
) -> None:
    """What was typed stays."""
    _, mayor, deputy = await temuco(services, visitor)
    await register(visitor, MAYOR, member=mayor)

    answer = await register(visitor, {**AWAY, "member": deputy, **changes})

    assert answer.status_code == 422
    assert words in answer.text
    assert f'id="f-{field}-error"' in answer.text
    assert "Decreto alcaldicio" in answer.text


async def test_two_never_hold_an_office_on_the_same_day(services: Services, visitor: Visitor) -> None:
    """Neither two holders nor two substitutes; once the first is ended, the next may come."""
    _, mayor, deputy = await temuco(services, visitor)
    await register(visitor, MAYOR, member=mayor)
    await register(visitor, AWAY, member=deputy)

    second = await register(visitor, {**MAYOR, "since": "2026-11-25"}, name="Otra Persona")
    third = await register(visitor, {**AWAY, "since": "2026-11-28", "until": "2026-12-05"}, name="Otra Persona")
    later = await register(visitor, {**AWAY, "since": "2026-12-01", "until": "2026-12-05"}, name="Otra Persona")

    assert (second.status_code, third.status_code, later.status_code) == (422, 422, 303)
    assert "termine antes ese período" in second.text


async def test_only_the_secretary_registers_an_office_that_brings_a_role(services: Services, visitor: Visitor) -> None:
    """Otherwise the president could make a mayor of anybody; and somebody from outside holds none."""
    tenant, _, deputy = await temuco(services, visitor)
    adviser = await make_person(services, tenant, email="asesor@uct.cl", name="Tomás", roles=["adviser"])
    async with work_as(services, tenant, roles=["president"]) as work:
        with pytest.raises(NotAllowed):
            await offices.add_term(
                work, AddTerm(office="alcaldia", title="Alcalde", member=deputy, since=date(2026, 1, 1))
            )
        row = await offices.add_term(
            work, AddTerm(office="dideco", title="Directora", name="Marcela Catrileo", since=date(2026, 1, 1))
        )
    async with work_as(services, tenant) as work:
        with pytest.raises(Rejected):
            member = str(await work.session.scalar(select(Membership.id).where(Membership.person_id == adviser.id)))
            await offices.add_term(
                work, AddTerm(office="alcaldia", title="Alcalde", member=member, since=date(2026, 1, 1))
            )

    assert (row.name, row.gives_role) == ("Marcela Catrileo", "")


async def test_a_mayor_who_comes_back_early_has_the_office_again(services: Services, visitor: Visitor) -> None:
    """Ending it today leaves it in the history; one that has not begun is called off whole."""
    _, mayor, deputy = await temuco(services, visitor)
    await register(visitor, MAYOR, member=mayor)
    await register(visitor, {**AWAY, "since": "2026-11-20"}, member=deputy)
    await register(visitor, {**AWAY, "since": "2026-12-10", "until": "2026-12-20"}, member=deputy)
    page = await visitor.get("/m/temuco/personas/cargos")
    terms = [
        part.split("/terminar")[0][-36:]
        for part in page.text.split("/personas/cargos/")[1:]
        if "/terminar" in part[:60]
    ]

    asked = await visitor.post(f"/m/temuco/personas/cargos/{terms[0]}/terminar")
    for term in terms:
        await visitor.post(f"/m/temuco/personas/cargos/{term}/terminar", {"confirmed": "1"})
    after = await visitor.get("/m/temuco/personas/cargos")

    assert "¿Terminar hoy este período?" in asked.text
    assert "10 de diciembre" in page.text
    assert "10 de diciembre" not in after.text


async def test_offices_are_in_the_api_too(services: Services, visitor: Visitor) -> None:
    """Registered once with the same key, listed, asked by day, ended."""
    tenant, mayor, _ = await temuco(services, visitor)
    async with services.database.transaction() as session:
        rosa = (await session.scalars(select(Person).where(Person.email == "rosa@temuco.cl"))).one()
    headers = {"authorization": f"Bearer {await make_token(services, tenant, rosa)}", "idempotency-key": "una-vez-sola"}
    base = "/api/v1/m/temuco/personas/cargos"

    for _ in range(2):
        made = await visitor.http.post(base, json={**MAYOR, "member": mayor}, headers=headers)
        assert made.status_code == 201, made.text
    listed = (await visitor.http.get(base, headers=headers)).json()
    signs = (await visitor.http.get(f"{base}/quien-firma?cargo=alcaldia", headers=headers)).json()
    wrong = await visitor.http.post(
        base, json={**AWAY, "member": "nadie", "until": None}, headers=headers | {"idempotency-key": "otra-vez"}
    )
    ended = await visitor.http.post(
        f"{base}/{listed['items'][0]['id']}/terminar",
        json={"last_day": "2026-11-22"},
        headers=headers | {"idempotency-key": "y-otra-mas"},
    )

    assert len(listed["items"]) == 1
    assert (signs["name"], signs["title"]) == ("Eliana Huaiquil", "Alcaldesa")
    assert wrong.status_code == 404
    assert ended.json()["until"] == "2026-11-22"


async def test_a_lesser_role_reads_and_does_not_register(services: Services, visitor: Visitor) -> None:
    """The page is for everybody in the workspace; its buttons and its address are not."""
    tenant, _, _ = await temuco(services, visitor)
    await make_person(services, tenant, email="ana@temuco.cl", roles=["extended_member"])
    async with Visitor(services) as ana:
        await ana.sign_in("ana@temuco.cl")
        page = await ana.get("/m/temuco/personas/cargos")
        tried = await register(ana, MAYOR, name="Ana")

    assert page.status_code == 200
    assert "Registrar un cargo" not in page.text
    assert tried.status_code == 403
