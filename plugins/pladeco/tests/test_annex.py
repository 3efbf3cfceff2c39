"""What the PLADECO adds to the document of the Política, and what is left when the extension goes."""

from datetime import date

import pytest

from acogida.adapters.embedded_postgres import Server
from acogida.app.migrate import migrate
from acogida.app.web import create_app
from acogida.app.wiring import Services
from acogida.kernel import facts, hooks
from acogida.kernel.document import DocumentBuilder, plain_text
from acogida.kernel.tenancy import Tenant
from acogida_pladeco import actions, store
from acogida_pladeco.forms import Align, EditElement, EditPladeco
from support.extensions import enable, having, let_migrate
from support.make import make_municipality, make_person, work_as
from support.make_plan import make_initiative
from support.visitor import Visitor

PLAN = EditPladeco("PLADECO 2024-2030", 2024, 2030, "Decreto 1.234", date(2024, 1, 15))


async def commune(services: Services) -> Tenant:
    """Two lineamientos, one initiative linked to the first and one that is proposed."""
    tenant = await make_municipality(services)
    await make_person(services, tenant)
    await enable(services, tenant, "pladeco")
    async with work_as(services, tenant) as work:
        plan = await actions.add_pladeco(work, PLAN)
        line = await actions.add_element(work, plan.id, EditElement(code="1", name="Integración social"))
        await actions.add_element(work, plan.id, EditElement(code="2", name="Desarrollo económico"))
        linked = await make_initiative(work, "Escuela de líderes", ends_on=date(2028, 1, 1))
        outside = await make_initiative(work, "Ventanilla de orientación")
        await actions.align(work, linked.id, Align((str(line.id),), "Forma mediadoras."))
        await actions.align(work, outside.id, Align(proposal="No hay programa que la recoja."))
    return tenant


async def annex(services: Services, tenant: Tenant) -> str:
    async with work_as(services, tenant) as work:
        builder = DocumentBuilder("Política", author="Temuco", kind="Política", date=work.today())
        await hooks.document_chapters(work, builder)
        return plain_text(builder.build())


async def set_annex(services: Services, tenant: Tenant, value: str) -> None:
    async with Visitor(services) as visitor:
        await visitor.sign_in("rosa@temuco.cl")
        saved = await visitor.post("/m/temuco/ajustes/extensiones/pladeco", {"annex": value, "version": "1"})
        assert saved.status_code == 303


async def test_the_annex_shows_both_sides(services: Services) -> None:
    """Each lineamiento with its initiatives and how they contribute, and what the PLADECO does not have."""
    text = await annex(services, await commune(services))

    for words in (
        "Relación con el PLADECO",
        "Decreto 1.234, 15 de enero de 2024",
        "1 de 2",
        "Forma mediadoras.",
        "1. Integración social",
        "Sin iniciativas en esta Política.",
        "No hay programa que la recoja.",
    ):
        assert words in text


@pytest.mark.parametrize(
    ("value", "there", "absent"), [("linked", "Integración social", "Desarrollo económico"), ("none", "", "PLADECO")]
)
async def test_the_municipality_decides_what_the_annex_says(
    services: Services, value: str, there: str, absent: str
) -> None:
    """Only what has initiatives, or nothing at all."""
    tenant = await commune(services)
    await set_annex(services, tenant, value)
    text = await annex(services, tenant)

    assert there in text
    assert absent not in text


async def test_the_whole_document_carries_it_with_its_letter(services: Services) -> None:
    """In the Política as it is read on the screen, and in its list of annexes."""
    await commune(services)
    async with Visitor(services) as visitor:
        await visitor.sign_in("rosa@temuco.cl")
        page = (await visitor.get("/m/temuco/documento/ver")).text

    assert page.count("Relación con el PLADECO") >= 2


async def test_what_is_true_is_told_to_the_guide(services: Services) -> None:
    """Whether a PLADECO is registered and how many initiatives are linked to it."""
    tenant = await commune(services)
    async with work_as(services, tenant) as work:
        known = await facts.gather(work)

    assert known["pladeco.registered"].shows == "PLADECO 2024-2030, 2 lineamientos"
    assert known["pladeco.linked"].count == 1


async def test_the_one_in_force_is_the_one_that_is_used(services: Services) -> None:
    """By its years: neither the one that ended nor the one to come."""
    tenant = await commune(services)
    async with work_as(services, tenant) as work:
        await actions.add_pladeco(work, EditPladeco("PLADECO 2019-2023", 2019, 2023))
        await actions.add_pladeco(work, EditPladeco("PLADECO 2031-2036", 2031, 2036))
        used = await store.in_use(work)

    assert used is not None
    assert used.name == PLAN.name


async def test_nothing_of_the_core_needs_the_extension(services: Services, server: Server, database_name: str) -> None:
    """Uninstalled with data in it: pages, document, migrations and deletions work; back again, what it kept is there."""
    tenant = await commune(services)
    let_migrate(server, database_name)
    with having():
        migrate(services.settings.database.owner_url, hooks.registry())
        async with Visitor(services, create_app(services.settings, services)) as visitor:
            await visitor.sign_in("rosa@temuco.cl")
            for place in ("", "/iniciativas", "/documento", "/ajustes/extensiones", "/actividad"):
                assert (await visitor.get(f"/m/temuco{place}")).status_code == 200, place
            assert (await visitor.get("/m/temuco/x/pladeco")).status_code == 404
        assert "PLADECO" not in await annex(services, tenant)
        async with work_as(services, tenant) as work:
            assert not [name for name in await facts.gather(work) if name.startswith("pladeco.")]
            row = await make_initiative(work, "Otra")
            await work.session.delete(row)

    assert "Forma mediadoras." in await annex(services, tenant)


async def test_the_links_of_an_initiative_go_with_it(services: Services) -> None:
    """The core deletes its own without asking anybody."""
    tenant = await commune(services)
    async with work_as(services, tenant) as work:
        plan = await store.in_use(work)
        assert plan
        (linked,) = await store.links(work, plan.id)
    async with Visitor(services) as visitor:
        await visitor.sign_in("rosa@temuco.cl")
        gone = await visitor.post(f"/m/temuco/iniciativas/{linked}/eliminar", {"confirmed": "1"})

    assert gone.status_code == 303
    async with work_as(services, tenant) as work:
        assert await store.links(work, plan.id) == {}
