"""The national policy and the 2030 Agenda as a person at the screen meets them."""

from io import BytesIO
from uuid import UUID

import openpyxl

from acogida.app.wiring import Services
from acogida.kernel.tenancy import Tenant
from acogida.sdk import link_more
from acogida_pnme.frameworks import known
from acogida_pnme.looking import look
from support.extensions import enable
from support.make import make_municipality, make_person, work_as
from support.make_plan import make_finding, make_initiative
from support.visitor import Visitor

HOME = "/m/temuco/x/pnme"
EVERY_PAGE = ("", "/propuestas", "/declaracion")


async def workspace(services: Services, visitor: Visitor) -> Tenant:
    tenant = await make_municipality(services)
    await make_person(services, tenant)
    await enable(services, tenant, "pnme")
    await visitor.sign_in("rosa@temuco.cl")
    return tenant


async def initiative(services: Services, tenant: Tenant, name: str = "Salud intercultural", *dimensions: str) -> UUID:
    async with work_as(services, tenant) as work:
        return (await make_initiative(work, name, dimensions=list(dimensions))).id


def test_nothing_of_the_frameworks_is_without_its_source() -> None:
    """The ten ejes and the seventeen goals, each part with where it was read; what was not found is not there."""
    pnme, ods = known()["pnme"], known()["ods"]

    assert [node.code for node in pnme.framework.nodes] == [f"PNME-{number}" for number in range(1, 11)]
    assert [node.code for node in ods.framework.nodes] == [f"ODS-{number}" for number in range(1, 18)]
    assert sum(len(node.children) for node in pnme.framework.nodes) == 3
    assert len(ods.migration) == 7
    for each in (pnme, ods):
        assert each.framework.source
        assert all(node.source and node.source.url for node in each.framework.all_nodes)
        assert {code for codes in each.suggested.values() for code in codes} <= set(each.nodes)
        assert set(each.suggested) == {f"dim_{number}" for number in range(1, 9)}
    assert pnme.framework.source
    assert pnme.framework.source.state == "partial"


async def test_every_page_teaches_before_anything_is_linked(services: Services, visitor: Visitor) -> None:
    """An empty workspace has all of them, and a stranger none."""
    await workspace(services, visitor)
    for place in EVERY_PAGE:
        assert (await visitor.get(HOME + place)).status_code == 200, place
    assert "Todavía no hay qué vincular" in (await visitor.get(HOME)).text

    other = await make_municipality(services, cut="10101", name="Puerto Montt", slug="puerto-montt")
    await make_person(services, other, email="eva@puertomontt.cl")
    async with Visitor(services) as stranger:
        await stranger.sign_in("eva@puertomontt.cl")
        for place in EVERY_PAGE:
            assert (await stranger.get(HOME + place)).status_code == 404, place


async def test_disabled_it_is_not_there_and_its_links_are(services: Services, visitor: Visitor) -> None:
    """Neither its pages nor its card; what was linked waits for it."""
    tenant = await workspace(services, visitor)
    one = await initiative(services, tenant)
    async with work_as(services, tenant) as work:
        await link_more(work, "pnme", "pnme", "initiative", one, ["PNME-7"])
    await visitor.post("/m/temuco/ajustes/extensiones/pnme/deshabilitar", {"confirmed": "1"})
    assert (await visitor.get(HOME)).status_code == 404
    assert "/x/pnme" not in (await visitor.get(f"/m/temuco/iniciativas/{one}")).text

    await visitor.post("/m/temuco/ajustes/extensiones/pnme/habilitar", {})
    assert "PNME-7. Integración e inclusión social" in (await visitor.get(f"/m/temuco/iniciativas/{one}")).text


async def test_what_is_linked_in_the_core_is_seen_here_from_both_sides(services: Services, visitor: Visitor) -> None:
    """Findings, objectives and initiatives of each eje, and the targets that name migration."""
    tenant = await workspace(services, visitor)
    one = await initiative(services, tenant)
    async with work_as(services, tenant) as work:
        finding = (await make_finding(work)).id
    await visitor.post(f"/m/temuco/marcos/pnme/pnme/initiative/{one}", {"nodes": ["PNME-1.2"], "note": "Informa"})
    await visitor.post(f"/m/temuco/marcos/pnme/ods/finding/{finding}", {"nodes": ["ODS-10.7"]})
    page = (await visitor.get(HOME)).text
    card = (await visitor.get(f"/m/temuco/iniciativas/{one}")).text
    links = (await visitor.get(f"{HOME}/vinculos/initiative/{one}")).text

    assert "1 de sus 10 ejes" in page
    assert "1 de 7" in page
    assert "PNME-1.2. Informar a las personas extranjeras" in card
    assert f"{HOME}/vinculos/initiative/{one}" in card
    assert "PNME-1.2. Informar a las personas extranjeras" in links
    assert (await visitor.get(f"{HOME}/vinculos/initiative/{finding}")).status_code == 404


async def test_what_is_proposed_is_linked_only_when_somebody_says_so(services: Services, visitor: Visitor) -> None:
    """By the dimensions that the initiative declares; once linked it is not proposed again."""
    tenant = await workspace(services, visitor)
    one = await initiative(services, tenant, "Salud intercultural", "dim_6")
    await initiative(services, tenant, "Sin dimensiones")
    before = (await visitor.get(f"{HOME}/propuestas")).text
    taken = await visitor.post(f"{HOME}/propuestas", {"pairs": [f"{one}|ods:ODS-3.8"]})
    again = await visitor.post(f"{HOME}/propuestas", {"pairs": [f"{one}|ods:ODS-3.8"]})
    nothing = await visitor.post(f"{HOME}/propuestas", {})

    assert "ODS-3.8. Cobertura sanitaria universal" in before
    assert "PNME-7. Integración e inclusión social" in before
    assert "Iniciativas sin dimensiones" in before
    assert taken.status_code == 303
    assert again.status_code == 422
    assert "ya no se propone" in again.text
    assert nothing.status_code == 422
    async with work_as(services, tenant) as work:
        looked = await look(work)
        assert looked["ods"].found.labels("initiative", one) == ["ODS-3.8. Cobertura sanitaria universal"]
        assert looked["pnme"].found.labels("initiative", one) == []


async def test_the_statement_begins_with_what_is_linked_and_two_people_see_both(
    services: Services, visitor: Visitor
) -> None:
    tenant = await workspace(services, visitor)
    one = await initiative(services, tenant)
    async with work_as(services, tenant) as work:
        await link_more(work, "pnme", "ods", "initiative", one, ["ODS-3.8"])
    proposed = (await visitor.get(f"{HOME}/declaracion")).text
    first = await visitor.post(f"{HOME}/declaracion", {"text": "Aportamos a la salud de todas las personas."})
    mine = await visitor.post(f"{HOME}/declaracion", {"text": "Otra redacción", "version": "0"})

    assert "ODS-3.8. Cobertura sanitaria universal" in proposed
    assert first.status_code == 303
    assert mine.status_code == 409
    assert "Otra redacción" in mine.text
    assert "Aportamos a la salud" in (await visitor.get(HOME)).text


async def test_the_alignment_goes_out_as_a_sheet(services: Services, visitor: Visitor) -> None:
    """A sheet for each framework and one with what is not linked; what begins with = stays words."""
    tenant = await workspace(services, visitor)
    one = await initiative(services, tenant, "=Salud")
    async with work_as(services, tenant) as work:
        await link_more(work, "pnme", "ods", "initiative", one, ["ODS-3.8"])
    book = openpyxl.load_workbook(BytesIO((await visitor.get(f"{HOME}/alineacion.xlsx")).content))

    assert book.sheetnames == ["PNME", "ODS", "Sin vínculo"]
    assert any("ODS-3.8" in row and "=Salud" in row for row in book["ODS"].iter_rows(values_only=True))
    assert any("=Salud" in row for row in book["Sin vínculo"].iter_rows(values_only=True))


async def test_who_may_only_read_reads(services: Services, visitor: Visitor) -> None:
    tenant = await workspace(services, visitor)
    one = await initiative(services, tenant, "Salud intercultural", "dim_6")
    await make_person(services, tenant, email="eva@temuco.cl", name="Eva Soto", roles=["councillor"])
    async with Visitor(services) as councillor:
        await councillor.sign_in("eva@temuco.cl")
        for place in (*EVERY_PAGE, f"/vinculos/initiative/{one}"):
            assert (await councillor.get(HOME + place)).status_code == 200, place
        assert (await councillor.post(f"{HOME}/declaracion", {"text": "x"})).status_code == 403
        assert (await councillor.post(f"{HOME}/propuestas", {"pairs": [f"{one}|ods:ODS-3.8"]})).status_code == 403
