"""A municipality makes a practice its own, and what the land learns of it."""

from datetime import date
from uuid import UUID

import pytest

from acogida.app.wiring import Services
from acogida.app.worker import JOBS
from acogida.features.diagnosis.model import Finding
from acogida.features.initiatives.public import initiative
from acogida.features.monitoring.model import ProgressUpdate
from acogida.features.practices import store
from acogida.features.practices.actions.adoption import adopt
from acogida.features.practices.likeness import Commune, Origin, suited
from acogida.features.practices.public import forget
from acogida.kernel.tenancy import Tenant
from support.make import make_municipality, make_person, work_as
from support.make_practice import a_practice
from support.visitor import Visitor

pytestmark = pytest.mark.usefixtures("catalogue")
ADOPT = "/m/temuco/buenas-practicas/BP-013/adoptar"


@pytest.fixture
async def temuco(services: Services, visitor: Visitor) -> Tenant:
    """Rosa of Temuco, signed in."""
    tenant = await make_municipality(services)
    await make_person(services, tenant)
    await visitor.sign_in("rosa@temuco.cl")
    return tenant


async def told(services: Services, code: str = "BP-013") -> store.Adopted:
    async with services.database.transaction() as session:
        return (await store.adopted(session)).get(code, store.Adopted())


async def test_one_click_makes_a_draft_initiative_with_its_origin(
    services: Services, visitor: Visitor, temuco: Tenant
) -> None:
    """Its fields are those that the practice's sources say; both sides remember each other; twice is once."""
    done = await visitor.post(ADOPT)
    again = await visitor.post(ADOPT)
    place = done.headers["location"]
    page = await visitor.get(place)
    practice = await visitor.get("/buenas-practicas/BP-013")
    async with work_as(services, temuco) as work:
        row = await initiative(work, UUID(place.rpartition("/")[2]))

    assert again.headers["location"] == place
    assert row.name == "Clínica jurídica migratoria"
    assert row.actions.startswith("Alianza entre el municipio")
    assert row.dimensions == ["dim_2", "dim_3"]
    assert "Adaptada de la buena práctica BP-013, edición 1" in row.description
    assert "Comunas con una sede universitaria" not in row.description, "an idea without a source is not carried over"
    assert (row.budget, row.unit, row.target) == (None, "", "")
    assert "Viene de la buena práctica" in page.text
    assert "Adoptada en 1 comuna" in practice.text
    assert "Temuco" not in practice.text.partition("Llévela a su comuna")[2].partition("Ficha")[0].replace(
        "Adoptar en Temuco", ""
    )


async def test_the_result_goes_back_only_when_the_municipality_agrees(
    services: Services, visitor: Visitor, temuco: Tenant
) -> None:
    """Until then the land knows a number; after, the commune's name and whether the goal was met; and it can be taken back."""
    place = (await visitor.post(ADOPT)).headers["location"]
    initiative_id = UUID(place.rpartition("/")[2])
    async with work_as(services, temuco) as work:
        work.session.add(
            ProgressUpdate(
                initiative_id=initiative_id,
                reported_on=date(2026, 11, 20),
                reported_by="Rosa",
                status="done",
                percent=100,
                on_track=True,
                needs_adjustment=False,
            )
        )
        await work.session.flush()
        await JOBS["tell_adoptions"](services, work, initiative_id)
    before = await told(services)
    card = f"/m/temuco/buenas-practicas/adopciones/{initiative_id}"
    await visitor.post(
        card, {"adaptations": "Sin universidad: la da la Corporación.", "share_result": "yes", "version": "1"}
    )
    agreed = await told(services)
    await visitor.post(card, {"adaptations": "Sin universidad: la da la Corporación.", "version": "2"})
    taken_back = await told(services)

    assert before == store.Adopted(1, 0, ())
    assert agreed == store.Adopted(1, 1, ("Temuco",))
    assert taken_back == store.Adopted(1, 0, ())
    activity = (await visitor.get("/m/temuco/actividad")).text
    assert "aceptó que se muestre su resultado" in activity
    assert "dejó de mostrar su resultado" in activity


async def test_an_initiative_taken_out_of_the_plan_stops_counting(
    services: Services, visitor: Visitor, temuco: Tenant
) -> None:
    """The worker brings the number to what is so, and the adoption stays written in the workspace."""
    place = (await visitor.post(ADOPT)).headers["location"]
    await visitor.post(f"{place}/eliminar", {"confirmed": "1"})
    async with work_as(services, temuco) as work:
        await JOBS["tell_adoptions"](services, work, UUID(place.rpartition("/")[2]))
        kept = await store.adoptions_ever(work)

    assert await told(services) == store.Adopted()
    assert [row.practice_code for row in kept] == ["BP-013"]
    assert (await visitor.post(ADOPT)).headers["location"] != place


async def test_two_municipalities_are_two_communes(services: Services, visitor: Visitor, temuco: Tenant) -> None:
    """Each counts once, and neither finds the other's adoption."""
    del temuco
    other = await make_municipality(services, cut="13201", name="Puente Alto", slug="puente-alto")
    await make_person(services, other, email="juan@puentealto.cl")
    place = (await visitor.post(ADOPT)).headers["location"]
    async with Visitor(services) as neighbour:
        await neighbour.sign_in("juan@puentealto.cl")
        await neighbour.post(ADOPT.replace("temuco", "puente-alto"))
        foreign = await neighbour.get(f"/m/puente-alto/buenas-practicas/adopciones/{place.rpartition('/')[2]}")

    assert (await told(services)).communes == 2
    assert foreign.status_code == 404


async def test_a_municipality_that_leaves_takes_its_number_with_it(
    services: Services, visitor: Visitor, temuco: Tenant
) -> None:
    """What the land knew of its adoptions is taken back."""
    await visitor.post(ADOPT)
    async with services.database.transaction() as session:
        await forget(session, temuco.id)

    assert await told(services) == store.Adopted()


@pytest.mark.parametrize("code", ["BP-101", "BP-999"])
async def test_what_is_not_published_cannot_be_adopted(visitor: Visitor, temuco: Tenant, code: str) -> None:
    """Neither what is in review nor what does not exist."""
    del temuco
    assert (await visitor.post(ADOPT.replace("BP-013", code))).status_code == 404


async def test_who_only_reads_adopts_nothing(services: Services, visitor: Visitor, temuco: Tenant) -> None:
    """A councillor sees the suggestions without their buttons."""
    await make_person(services, temuco, email="luz@temuco.cl", roles=("councillor",))
    async with Visitor(services) as councillor:
        await councillor.sign_in("luz@temuco.cl")
        page = await councillor.get("/m/temuco/buenas-practicas")
        refused = await councillor.post(ADOPT)

    assert page.status_code == 200
    assert "Adoptar como iniciativa" not in page.text
    assert refused.status_code == 403


async def test_suggestions_say_every_reason(services: Services, visitor: Visitor, temuco: Tenant) -> None:
    """The finding that nothing answers, region, size and share of people born abroad are written out."""
    async with work_as(services, temuco) as work:
        work.session.add(Finding(title="Las escuelas no saben cómo recibir", kind="challenge", dimensions=["dim_7"]))

    page = (await visitor.get("/m/temuco/buenas-practicas", params={"dimension": "7"})).text

    assert "nada responde todavía al hallazgo «Las escuelas no saben cómo recibir»" in page
    assert "Se hace en Chile, con las mismas leyes y competencias municipales." in page
    assert "Acceso a la educación" in page


async def test_a_finding_leads_to_practices_and_the_initiative_answers_it(
    services: Services, visitor: Visitor, temuco: Tenant
) -> None:
    """From the finding's page to its suggestions; what is adopted there is tied to the finding."""
    async with work_as(services, temuco) as work:
        row = Finding(title="Faltan facilitadoras en el Cesfam", kind="challenge", dimensions=["dim_6"])
        work.session.add(row)
        await work.session.flush()
    finding = await visitor.get(f"/m/temuco/diagnostico/hallazgos/{row.id}")
    page = await visitor.get("/m/temuco/buenas-practicas", params={"hallazgo": str(row.id)})
    await visitor.post("/m/temuco/buenas-practicas/BP-034/adoptar", {"finding": str(row.id)})
    after = await visitor.get(f"/m/temuco/diagnostico/hallazgos/{row.id}")

    assert f"/m/temuco/buenas-practicas?hallazgo={row.id}" in finding.text
    assert "/m/temuco/buenas-practicas/BP-034/adoptar" in page.text
    assert "Plan de atención inicial en salud para personas migrantes" in after.text
    assert (await visitor.post(ADOPT, {"finding": "no-es"})).status_code == 404


async def test_what_was_adopted_is_not_suggested_again(services: Services, visitor: Visitor, temuco: Tenant) -> None:
    """It moves to the list of what was adopted."""
    async with work_as(services, temuco) as work:
        await adopt(work, "BP-013")
    page = (await visitor.get("/m/temuco/buenas-practicas")).text

    assert "/buenas-practicas/BP-013/adoptar" not in page
    assert "/buenas-practicas/BP-013/v1" in page


def test_order_comes_only_from_the_reasons_shown() -> None:
    """Same region, like size and like share weigh more than another country; without a gap nothing is suggested."""

    class Edition:
        def __init__(self, code: str) -> None:
            self.code = code

    here = Commune("Temuco", "09101", "09", "La Araucanía", 260_000, 3.0, {"7": ["Faltan cupos"]})
    near = a_practice(dimensions=("7",), region="09", scale="metropolitan", communes=("09102",))
    far = a_practice(dimensions=("7",), country="NO")
    other = a_practice(dimensions=("6",))
    origins = {"09102": Origin("Carahue", 25_000, 2.5)}

    found = suited(
        here, [(Edition("A"), far), (Edition("B"), near), (Edition("C"), other)], origins, {"7": "Educación"}
    )  # type: ignore[list-item]

    assert [each.edition.code for each in found] == ["B", "A"]
    assert len(found[0].reasons) == 4
    assert found[1].reasons == ("Educación: nada responde todavía al hallazgo «Faltan cupos».",)
