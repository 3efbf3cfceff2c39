"""Every extension of the house is uninstalled from a database with data in all of them, and comes back."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from acogida.adapters.embedded_postgres import Server
from acogida.app.migrate import migrate
from acogida.app.web import create_app
from acogida.app.wiring import Services
from acogida.app.worker import deliver
from acogida.features.extensions.public import keep
from acogida.features.frameworks import actions as frameworks
from acogida.features.frameworks.forms import Align
from acogida.kernel import facts, hooks
from acogida.kernel.tenancy import Tenant
from acogida.kernel.work import Work
from acogida_biblioteca import actions as biblioteca
from acogida_biblioteca.forms import EditMaterial
from acogida_pladeco import actions as pladeco
from acogida_pladeco.forms import Align as AlignPladeco
from acogida_pladeco.forms import EditElement, EditPladeco
from support.extensions import enable, having, let_migrate
from support.make import make_municipality, make_person, work_as
from support.make_plan import make_initiative
from support.visitor import Visitor

PAGES = (
    "",
    "/iniciativas",
    "/documento",
    "/documento/ver",
    "/marcos",
    "/ajustes/extensiones",
    "/actividad",
    "/archivo",
)


async def _pladeco(work: Work, initiative: Any) -> None:
    plan = await pladeco.add_pladeco(work, EditPladeco("PLADECO 2024-2030", 2024, 2030))
    line = await pladeco.add_element(work, plan.id, EditElement(code="1", name="Integración social"))
    await pladeco.align(work, initiative.id, AlignPladeco((str(line.id),), "Forma mediadoras."))
    await keep(work, initiative, {"x.pladeco.pmg_goal": ["Meta 4 del PMG"]})


async def _biblioteca(work: Work, initiative: Any) -> None:
    material = EditMaterial(title="Cuentos", language="inglés", initiative_id=str(initiative.id))
    await biblioteca.add_material(work, material)


FILLED: dict[str, Callable[[Work, Any], Awaitable[None]]] = {"pladeco": _pladeco, "biblioteca": _biblioteca}
"""How each is given something to keep; those that only bring frameworks have links."""


@pytest.fixture
async def tenant(services: Services) -> Tenant:
    """A commune of the north, where all are offered: everything on, and something in all that can keep something."""
    tenant = await make_municipality(services, cut="01101", name="Iquique", slug="iquique")
    await make_person(services, tenant, email="rosa@iquique.cl")
    names = [plugin.name for plugin in hooks.registry().offered_in(tenant)]
    for name in names:
        await enable(services, tenant, name)
    async with work_as(services, tenant) as work:
        initiative = await make_initiative(work, "Escuela de líderes")
        for name, fill in FILLED.items():
            if name in names:
                await fill(work, initiative)
        for plugin, framework in await hooks.frameworks(work):
            if "initiative" in framework.subjects:
                code = next(node.code for node in framework.all_nodes if node.linkable)
                await frameworks.align(
                    work, plugin.name, framework.key, "initiative", initiative.id, Align((code,), "Así aporta.")
                )
    return tenant


async def test_nothing_of_the_core_needs_them_and_nothing_is_lost(
    services: Services, worker_services: Services, server: Server, database_name: str, tenant: Tenant
) -> None:
    """Pages, document, spreadsheet, facts, jobs and migrations work without them; what they kept is read; they come back."""
    await deliver(worker_services, "copy_extensions", "iquique", tenant.id)
    keeping = sorted(name for name in hooks.registry().offered if name in hooks.registry().answers("export"))
    let_migrate(server, database_name)
    with having():
        migrate(services.settings.database.owner_url, hooks.registry())
        async with Visitor(services, create_app(services.settings, services)) as rosa:
            await rosa.sign_in("rosa@iquique.cl")
            found = {place: await rosa.get(f"/m/iquique{place}") for place in PAGES}
            sheet = await rosa.get("/m/iquique/iniciativas/planilla.xlsx")
            pdf = await rosa.get("/m/iquique/documento.pdf")
            copies = {name: await rosa.get(f"/m/iquique/ajustes/extensiones/{name}/copia") for name in keeping}
            gone = await rosa.get("/m/iquique/x/pladeco")
            added = await rosa.post("/m/iquique/iniciativas/nueva", {"name": "Otra", "version": "0"})
        async with work_as(services, tenant) as work:
            known = await facts.gather(work)
        await deliver(worker_services, "x:pladeco:suggest", "iquique", tenant.id)

    assert {place: page.status_code for place, page in found.items()} == dict.fromkeys(PAGES, 200)
    assert sheet.status_code == 200
    assert pdf.content.startswith(b"%PDF")
    assert {name: page.status_code for name, page in copies.items()} == dict.fromkeys(keeping, 200)
    assert "Integración social" in copies["pladeco"].text
    assert "Meta 4 del PMG" in found["/iniciativas"].text
    assert "Meta 4 del PMG" in found["/documento/ver"].text
    assert gone.status_code == 404
    assert added.status_code == 303
    assert not [key for key in known if key.partition(".")[0] in keeping]
    for place in ("/marcos", "/ajustes/extensiones"):
        assert found[place].status_code == 200

    async with Visitor(services) as rosa:
        await rosa.sign_in("rosa@iquique.cl")
        document = (await rosa.get("/m/iquique/documento/ver")).text
        assert (await rosa.get("/m/iquique/x/pladeco")).status_code == 200
    for words in ("Forma mediadoras.", "Cuentos"):
        assert words in document


async def test_links_to_their_frameworks_are_printed_without_them(services: Services, tenant: Tenant) -> None:
    """With the words that each part had, and how the initiative contributes."""
    async with work_as(services, tenant) as work:
        labels = [node.label for _, each in await hooks.frameworks(work) for node in each.all_nodes if node.linkable]
    if not labels:
        pytest.skip("ninguna extensión instalada trae marcos")
    with having():
        async with Visitor(services) as rosa:
            await rosa.sign_in("rosa@iquique.cl")
            document = (await rosa.get("/m/iquique/documento/ver")).text
            listed = (await rosa.get("/m/iquique/marcos")).text

    assert "Alineación registrada con otros instrumentos" in document
    assert "Así aporta." in document
    assert "Registrados antes" in listed
