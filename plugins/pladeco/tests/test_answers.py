"""What the PLADECO tells to the rest of Acogida, and what it does when an initiative changes."""

from datetime import date
from uuid import UUID

import pytest
from sqlalchemy import text

from acogida.app.wiring import Services
from acogida.app.worker import deliver
from acogida.features.extensions import actions as extensions
from acogida.features.initiatives import actions as plan
from acogida.features.initiatives.forms import EditInitiative
from acogida.kernel import containment, duties, hooks
from acogida.kernel.tenancy import Tenant
from acogida.kernel.work import Work
from acogida_pladeco import actions, store
from acogida_pladeco.forms import Align, EditElement, EditPladeco
from acogida_pladeco.model import Element
from acogida_pladeco.suggesting import mentioned
from support.extensions import enable
from support.make import make_municipality, make_person, work_as
from support.make_plan import make_initiative
from support.visitor import Visitor


@pytest.fixture
async def tenant(services: Services) -> Tenant:
    """A PLADECO that ends this year, with an initiative linked and another outside."""
    tenant = await make_municipality(services)
    await make_person(services, tenant)
    await enable(services, tenant, "pladeco")
    async with work_as(services, tenant) as work:
        row = await actions.add_pladeco(work, EditPladeco("PLADECO 2021-2026", 2021, 2026))
        line = await actions.add_element(work, row.id, EditElement(code="3", name="Salud intercultural"))
        await actions.add_element(
            work, row.id, EditElement(parent=str(line.id), code="3.1", name="Mediación en Cesfam")
        )
        linked = await make_initiative(work, "Escuela de líderes")
        await make_initiative(work, "Ventanilla")
        await actions.align(work, linked.id, Align((str(line.id),), "Forma mediadoras."))
    return tenant


async def test_figures_reminders_and_duties(services: Services, tenant: Tenant) -> None:
    """How much is covered; that the PLADECO ends; and, where the municipality asked for it, who is outside."""
    async with work_as(services, tenant) as work:
        figures = {each.key: (each.value, each.text) for _, each in await hooks.indicators(work)}
        owed = [each for each in await duties.gather(work) if "PLADECO" in each.text]
        quiet = await hooks.gate_problems(work, "GATE-3.2")
    async with Visitor(services) as rosa:
        await rosa.sign_in("rosa@temuco.cl")
        settings = {"annex": "full", "remind": "yes", "version": "1"}
        await rosa.post("/m/temuco/ajustes/extensiones/pladeco", settings)
        step = (await rosa.get("/m/temuco/etapas/planning/3.2")).text
        stage = (await rosa.get("/m/temuco/etapas/planning")).text

    assert figures["pladeco.initiatives_linked"] == (50.0, "1 de 2 iniciativas")
    assert [(each.who, each.due_on, each.path) for each in owed] == [("Secplan", date(2026, 12, 31), "x/pladeco")]
    assert quiet == []
    assert "Decir a qué del PLADECO 2021-2026 aporta una iniciativa sin vínculo." in step
    assert "1 de 1 lineamientos tienen iniciativas." in stage


async def test_the_matrix_has_a_column_with_the_pladeco(services: Services, tenant: Tenant) -> None:
    """Worked out from the links, and beside it the goal of the PMG that people write."""
    async with Visitor(services) as rosa:
        await rosa.sign_in("rosa@temuco.cl")
        grid = (await rosa.get("/m/temuco/iniciativas")).text

    head = grid.partition("<thead>")[2].partition("</thead>")[0]
    assert '<th scope="col">Meta del PMG</th><th scope="col">PLADECO</th>' in head
    assert "3. Salud intercultural" in grid


async def test_all_that_it_keeps_goes_out_and_can_be_erased(services: Services, tenant: Tenant) -> None:
    """As tables that anybody reads; erasing leaves the core as it was."""
    async with work_as(services, tenant) as work:
        (told,) = await hooks.export(work)
    tables = {table.title: table.rows for table in told.tables}
    async with work_as(services, tenant) as work:
        erased = await hooks.shred(work, "pladeco")
    async with work_as(services, tenant) as work:
        left = await store.pladecos(work)
        (again,) = await hooks.export(work)

    assert tables["Iniciativas vinculadas"] == [["Escuela de líderes", "3. Salud intercultural"]]
    assert [row[3] for row in tables["Lineamientos, objetivos y programas"]] == [
        "3. Salud intercultural",
        "3.1 Mediación en Cesfam",
    ]
    assert erased == 5
    assert left == []
    assert all(not table.rows for table in again.tables)


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("Lineamiento 3", "Salud intercultural"),
        ("PLADECO, objetivo Nº 3.1", "Mediación en Cesfam"),
        ("Aporta a mediación en CESFAM", "Mediación en Cesfam"),
        ("Salud intercultural, mediación en Cesfam", "Mediación en Cesfam"),
        ("lineamiento 30", None),
        ("PMG de gestión", None),
    ],
)
def test_what_a_text_speaks_of(said: str, found: str | None) -> None:
    """By number or by name, the lowest that is named; a longer number is another."""
    line = Element(id=UUID(int=1), level="line", code="3", name="Salud intercultural")
    objective = Element(id=UUID(int=2), level="objective", code="3.1", name="Mediación en Cesfam")

    row = mentioned(said, [line, objective])

    assert (row.name if row else None) == found


async def jobs(work: Work) -> list[str]:
    """Jobs of extensions that wait in the queue."""
    query = text("select args->>'listener' from jobs.procrastinate_jobs where task_name = 'deliver' order by id")
    return [name for name in await work.session.scalars(query) if name.startswith(hooks.JOB)]


async def test_the_worker_suggests_and_a_person_decides(
    services: Services, worker_services: Services, tenant: Tenant
) -> None:
    """When an initiative is written: its job waits in the queue, looks at it then, and links nothing."""
    async with work_as(services, tenant) as work:
        row = await plan.add_initiative(work, EditInitiative(name="Mediadoras", pmg_pladeco="PLADECO, lineamiento 3"))
        waiting = await jobs(work)
    await deliver(worker_services, "x:pladeco:suggest", "temuco", row.id)
    async with Visitor(services) as rosa:
        await rosa.sign_in("rosa@temuco.cl")
        page = (await rosa.get(f"/m/temuco/iniciativas/{row.id}")).text
        form = (await rosa.get(f"/m/temuco/x/pladeco/iniciativas/{row.id}")).text

    assert waiting == ["x:pladeco:suggest"]
    assert "parece referirse a «3. Salud intercultural»" in page
    assert "Parece ser" in form
    async with work_as(services, tenant) as work:
        in_use = await store.in_use(work)
        assert in_use
        assert row.id not in await store.links(work, in_use.id)


async def test_a_job_of_an_extension_that_is_off_does_nothing(
    services: Services, worker_services: Services, tenant: Tenant
) -> None:
    """It was turned off while the job waited."""
    async with work_as(services, tenant) as work:
        row = await make_initiative(work, "Mediadoras", pmg_pladeco="lineamiento 3")
        await extensions.disable(work, "pladeco")
    await deliver(worker_services, "x:pladeco:suggest", "temuco", row.id)
    async with work_as(services, tenant) as work:
        in_use = await store.in_use(work)
        assert in_use
        assert await store.suggestion(work, row.id, in_use.id) is None
        assert containment.resting(work, "pladeco") is None
