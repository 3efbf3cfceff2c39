"""What extensions bring appears where the work is done: stages, steps, findings, the register of services."""

from collections.abc import AsyncIterator
from uuid import UUID

import pytest

from acogida.app.wiring import Services
from acogida.kernel import duties
from acogida.kernel.duties import Duty
from acogida.kernel.hooks import SLOTS, Plugin, hookimpl
from acogida.kernel.manifest import Card, Question, ServiceType
from acogida.kernel.tenancy import Tenant
from acogida.kernel.work import Work
from support.extensions import enable, having
from support.make import make_municipality, make_person, work_as
from support.make_plan import make_finding, make_initiative
from support.visitor import Visitor


class Everywhere:
    """Answers in every place."""

    @hookimpl
    async def page_slot(self, slot: str, subject_id: UUID | None) -> Card:
        return Card(f"En {slot}", ("Con id" if subject_id else "Sin id",))

    @hookimpl
    async def gate_problems(self, gate: str) -> list[str]:
        return ["Traer el registro de la frontera."] if gate == "GATE-1.1" else []

    @hookimpl
    async def duties(self, work: Work) -> list[Duty]:
        return [Duty("Rendir el fondo", "Dideco", "fondo", work.today())]


PLUGIN = Plugin(
    name="border",
    title="Frontera",
    summary="Prueba.",
    touches=("Nada.",),
    version="1",
    platform=("0.1", "1"),
    service_types=(
        ServiceType(key="shelter", name="Primera acogida", description="Recibe a quien llega.", dimensions=("dim_2",)),
    ),
    questions=(Question(step="2.1", text="¿Cuántas personas cruzan por pasos no habilitados?"),),
    hooks=Everywhere(),
)


@pytest.fixture
async def tenant(services: Services) -> Tenant:
    tenant = await make_municipality(services)
    await make_person(services, tenant)
    return tenant


@pytest.fixture
async def rosa(visitor: Visitor, services: Services, tenant: Tenant) -> AsyncIterator[Visitor]:
    with having(PLUGIN):
        await enable(services, tenant, "border")
        await visitor.sign_in("rosa@temuco.cl")
        yield visitor


async def test_each_place_shows_its_card(rosa: Visitor, services: Services, tenant: Tenant) -> None:
    """Every slot that is promised is there, with the id of what the page is about or without any."""
    async with work_as(services, tenant) as work:
        finding, initiative = (await make_finding(work)).id, (await make_initiative(work)).id
    places = {
        "board": "",
        "finding.sidebar": f"/diagnostico/hallazgos/{finding}",
        "initiative.sidebar": f"/iniciativas/{initiative}",
        **{slot: f"/etapas/{slot.removeprefix('stage.')}" for slot in SLOTS if slot.startswith("stage.")},
    }

    assert set(places) == set(SLOTS)
    for slot, place in places.items():
        page = (await rosa.get(f"/m/temuco{place}")).text
        assert f"En {slot}</h2>" in page, slot
        assert ("Con id" in page) == slot.endswith("sidebar"), slot


async def test_what_is_asked_besides_is_told_and_does_not_block(rosa: Visitor) -> None:
    """At its gate only, with who asks; the guide's own list is what closes it."""
    page = (await rosa.get("/m/temuco/etapas/preparation/1.1")).text
    other = (await rosa.get("/m/temuco/etapas/preparation/1.2")).text

    assert "Pide además Frontera." in page
    assert "Traer el registro de la frontera." in page
    assert "Traer el registro de la frontera." not in page.partition('class="closing__missing"')[2]
    assert "Frontera" not in other.partition("<main")[2].partition("</main>")[0]


async def test_its_questions_stand_beside_those_of_the_guide(rosa: Visitor) -> None:
    """In the step that it names, saying whose they are."""
    page = (await rosa.get("/m/temuco/etapas/diagnosis/2.1")).text

    assert "¿Cuántas personas cruzan por pasos no habilitados? (Frontera)" in page


async def test_a_kind_of_service_starts_its_sheet(rosa: Visitor) -> None:
    """With its name, its words and its dimensions; a strange one starts an empty sheet."""
    listed = (await rosa.get("/m/temuco/diagnostico/servicios")).text
    sheet = (await rosa.get("/m/temuco/diagnostico/servicios/nueva?tipo=border.shelter")).text
    empty = await rosa.get("/m/temuco/diagnostico/servicios/nueva?tipo=nada")

    assert "Primera acogida" in listed
    assert 'value="Primera acogida"' in sheet
    assert "Recibe a quien llega." in sheet
    assert empty.status_code == 200


async def test_what_it_says_is_owed_is_gathered_with_the_rest(
    rosa: Visitor, services: Services, tenant: Tenant
) -> None:
    """For the board and the calendar, with the address of its own pages."""
    del rosa
    async with work_as(services, tenant) as work:
        owed = await duties.gather(work)

    assert ("Rendir el fondo", "x/border/fondo") in [(each.text, each.path) for each in owed]
