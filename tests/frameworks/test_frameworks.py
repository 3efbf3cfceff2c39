"""A municipality says what its policy works for in the frameworks that extensions bring, and keeps what it said."""

from collections.abc import AsyncIterator
from uuid import UUID

import pytest

from acogida.app.wiring import Services
from acogida.features.frameworks import actions
from acogida.features.frameworks.coverage import alignment
from acogida.features.frameworks.forms import Align
from acogida.features.frameworks.public import lost_annex
from acogida.kernel.document import DocumentBuilder, plain_text
from acogida.kernel.errors import NotAllowed, Rejected
from acogida.kernel.hooks import Plugin
from acogida.kernel.manifest import Framework, Node, Source
from acogida.kernel.tenancy import Tenant
from support.extensions import enable, having
from support.make import make_municipality, make_person, make_token, work_as
from support.make_plan import make_finding, make_initiative, make_objective
from support.visitor import Visitor

AGENDA = Framework(
    key="agenda",
    title="Agenda 2030",
    summary="Diecisiete objetivos.",
    source=Source(text="Naciones Unidas, A/RES/70/1", url="https://example.org/agenda"),
    nodes=(
        Node(code="10", title="Reducir las desigualdades", children=(Node(code="10.7", title="Migración ordenada"),)),
        Node(code="11", title="Ciudades", source=Source(text="Redacción propia", state="not_found")),
        Node(code="X", title="Sólo agrupa", linkable=False),
    ),
)
PLUGIN = Plugin(
    name="world",
    title="Mundo",
    summary="Prueba.",
    touches=("Nada.",),
    version="1",
    platform=("0.1", "1"),
    frameworks=(AGENDA,),
)
PLACE = "/m/temuco/marcos/world/agenda"


@pytest.fixture
async def tenant(services: Services) -> Tenant:
    tenant = await make_municipality(services)
    await make_person(services, tenant)
    return tenant


@pytest.fixture
async def school(services: Services, tenant: Tenant) -> AsyncIterator[UUID]:
    """An initiative, in a workspace where the framework is brought."""
    async with work_as(services, tenant) as work:
        row = await make_initiative(work, "Escuela de líderes")
        await make_objective(work, "Reducir las barreras")
        await make_finding(work)
    with having(PLUGIN):
        await enable(services, tenant, "world")
        yield row.id


@pytest.fixture
async def rosa(visitor: Visitor, school: UUID) -> Visitor:
    del school
    await visitor.sign_in("rosa@temuco.cl")
    return visitor


async def link(services: Services, tenant: Tenant, school: UUID, *nodes: str, note: str = "") -> None:
    async with work_as(services, tenant) as work:
        await actions.align(work, "world", "agenda", "initiative", school, Align(nodes, note))


async def test_coverage_is_seen_from_both_sides(rosa: Visitor, school: UUID) -> None:
    """What answers each part, and what of the policy answers none; findings are not asked of this framework."""
    before = (await rosa.get(PLACE)).text
    saved = await rosa.post(
        f"{PLACE}/initiative/{school}", {"nodes": "10.7", "note": "Forma mediadoras.", "version": "0"}
    )
    after = (await rosa.get(PLACE)).text

    assert "0 de 3" in before
    assert "Escuela de líderes" in before.partition("Lo que no está vinculado")[2]
    assert saved.status_code == 303
    assert "1 de 3" in after
    assert "1 en sus partes" in after
    assert "Escuela de líderes" not in after.partition("Lo que no está vinculado")[2]
    assert "Reducir las barreras" in after.partition("Lo que no está vinculado")[2]
    assert "Barreras de idioma" not in after
    assert "redacción propia" in after


async def test_the_menu_leads_to_it_where_it_is_on(rosa: Visitor, visitor: Visitor) -> None:
    """And the list of frameworks tells how far each is."""
    page = (await rosa.get("/m/temuco/marcos")).text

    assert 'href="/m/temuco/marcos"' in page
    assert "Agenda 2030" in page
    assert "0 de 2 objetivos y iniciativas con vínculo" in page or "0 de 2 objetivos e iniciativas con vínculo" in page


async def test_two_people_at_once_see_both_versions(
    rosa: Visitor, services: Services, tenant: Tenant, school: UUID
) -> None:
    """Whoever saves second chooses; nothing is lost in silence."""
    await link(services, tenant, school, "11")
    answer = await rosa.post(f"{PLACE}/initiative/{school}", {"nodes": "10.7", "version": "0"})

    assert answer.status_code == 409
    assert "11" in answer.text


@pytest.mark.parametrize("node", ["99", "X", ""])
async def test_only_parts_of_the_framework_are_linked(
    services: Services, tenant: Tenant, school: UUID, node: str
) -> None:
    """Neither one that it has not, nor one that only groups."""
    async with work_as(services, tenant) as work:
        with pytest.raises(Rejected):
            await actions.align(work, "world", "agenda", "initiative", school, Align((node,)))


async def test_what_does_not_exist_is_not_found(rosa: Visitor, school: UUID) -> None:
    """Another framework, another kind, another id."""
    for place in (
        "/m/temuco/marcos/world/nada",
        f"{PLACE}/finding/{school}",
        f"{PLACE}/initiative/{UUID(int=1)}",
        f"{PLACE}/commune/{school}",
    ):
        assert (await rosa.get(place)).status_code == 404, place


async def test_who_may_not_plan_does_not_link(services: Services, tenant: Tenant, school: UUID) -> None:
    """A councillor looks."""
    council = await make_person(services, tenant, email="ana@temuco.cl", roles=("councillor",))
    async with Visitor(services) as ana:
        await ana.sign_in("ana@temuco.cl")
        assert (await ana.get(f"{PLACE}/initiative/{school}")).status_code == 200
        assert (await ana.post(f"{PLACE}/initiative/{school}", {"nodes": "11"})).status_code == 403
    async with work_as(services, tenant, council, roles=("councillor",)) as work:
        with pytest.raises(NotAllowed):
            await actions.align(work, "world", "agenda", "initiative", school, Align(("11",)))


async def test_links_outlive_who_brought_the_framework(
    services: Services, rosa: Visitor, tenant: Tenant, school: UUID
) -> None:
    """Uninstalled: they are read with the words they had and printed; back again, they live."""
    await link(services, tenant, school, "10.7", note="Forma mediadoras.")
    with having():
        page = await rosa.get(PLACE)
        listed = (await rosa.get("/m/temuco/marcos")).text
        writing = await rosa.get(f"{PLACE}/initiative/{school}")
        async with work_as(services, tenant) as work:
            builder = DocumentBuilder("Política", author="Temuco", kind="Política", date=work.today())
            await lost_annex(work, builder)
            paper = plain_text(builder.build())

    assert page.status_code == 200
    assert "10.7. Migración ordenada" in page.text
    assert "Agenda 2030" in listed
    assert writing.status_code == 404
    assert "10.7. Migración ordenada" in paper
    assert "Forma mediadoras." in paper
    async with work_as(services, tenant) as work:
        assert (await alignment(work, "world", "agenda")).labels("initiative", school) == ["10.7. Migración ordenada"]
        again = DocumentBuilder("Política", author="Temuco", kind="Política", date=work.today())
        await lost_annex(work, again)
    assert again.build().blocks == ()


async def test_a_link_goes_with_what_was_linked(services: Services, tenant: Tenant, school: UUID) -> None:
    """An initiative that is removed leaves no link behind."""
    from acogida.features.initiatives.actions import remove_initiative

    await link(services, tenant, school, "11")
    async with work_as(services, tenant) as work:
        await remove_initiative(work, school)
    async with work_as(services, tenant) as work:
        assert (await alignment(work, "world", "agenda")).links == ()


async def test_the_api_tells_and_links(services: Services, tenant: Tenant, school: UUID) -> None:
    """The same as the pages."""
    ana = await make_person(services, tenant, email="ana@temuco.cl")
    token = await make_token(services, tenant, ana)
    async with Visitor(services) as machine:
        listed = await machine.http.get("/api/v1/m/temuco/marcos", headers={"authorization": f"Bearer {token}"})
        place = f"/api/v1{PLACE}"
        head = {"authorization": f"Bearer {token}"}
        linked = await machine.http.put(
            f"{place}/initiative/{school}", headers=head, json={"nodes": ["11"], "note": "", "version": 0}
        )
        again = await machine.http.put(
            f"{place}/initiative/{school}", headers=head, json={"nodes": [], "note": "", "version": 0}
        )
        found = (await machine.http.get(place, headers=head)).json()

    assert [each["key"] for each in listed.json()] == ["agenda"]
    assert linked.json()["nodes"] == ["11"]
    assert again.status_code == 409
    assert {each["code"]: [one["title"] for one in each["subjects"]] for each in found["nodes"]}["11"] == [
        "Escuela de líderes"
    ]
