"""Finding one's own things, and nobody else's."""

from acogida.app.wiring import Services
from acogida.features.bodies.model import Agreement, Meeting
from acogida.features.diagnosis.model import Finding
from acogida.features.initiatives.model import Initiative
from acogida.features.monitoring.model import ProgressUpdate
from support.make import make_municipality, make_person, make_token, work_as
from support.make_plan import make_initiative
from support.visitor import Visitor


async def test_words_are_found_without_accents_and_with_a_slip(services: Services, visitor: Visitor) -> None:
    """«migracion», «Migración» and «migrasion» find the same."""
    tenant = await make_municipality(services)
    await make_person(services, tenant)
    async with work_as(services, tenant) as work:
        work.session.add(
            Finding(title="Migración y acceso a la salud", kind="challenge", statement="Faltan horas en el Cesfam")
        )
        work.session.add(Initiative(name="Escuela de líderes", description="Para dirigentas"))
    await visitor.sign_in("rosa@temuco.cl")

    for words in ("migracion", "Migración", "migrasion", "cesfam"):
        page = await visitor.get("/m/temuco/buscar", params={"q": words})
        assert "Migración y acceso a la salud" in page.text, words
        assert "Escuela de líderes" not in page.text, words


async def test_the_next_municipality_finds_nothing_of_ours(services: Services, visitor: Visitor) -> None:
    """The search is within the wall."""
    temuco = await make_municipality(services)
    other = await make_municipality(services, cut="13201", name="Puente Alto", slug="puente-alto")
    async with work_as(services, temuco) as work:
        work.session.add(Finding(title="Arriendos abusivos", kind="challenge"))
    token = await make_token(services, other, await make_person(services, other, email="juan@puentealto.cl"))

    answer = await visitor.http.get(
        "/api/v1/m/puente-alto/buscar", params={"q": "arriendos"}, headers={"authorization": f"Bearer {token}"}
    )

    assert answer.status_code == 200
    assert answer.json() == []


async def test_signs_of_the_query_language_are_just_letters(services: Services, visitor: Visitor) -> None:
    """A percent sign does not mean everything."""
    tenant = await make_municipality(services)
    await make_person(services, tenant)
    async with work_as(services, tenant) as work:
        work.session.add(Finding(title="Arriendos abusivos", kind="challenge"))
    await visitor.sign_in("rosa@temuco.cl")

    page = await visitor.get("/m/temuco/buscar", params={"q": "%%"})

    assert page.status_code == 200
    assert "Arriendos" not in page.text


async def test_words_may_come_in_any_order_and_all_of_them_count(services: Services, visitor: Visitor) -> None:
    """As people remember things: two words of a sentence, not the sentence."""
    tenant = await make_municipality(services)
    await make_person(services, tenant)
    async with work_as(services, tenant) as work:
        work.session.add(Finding(title="Salud", kind="challenge", statement="Faltan horas de matrona en el Cesfam"))
        work.session.add(Finding(title="Trabajo", kind="challenge", statement="Faltan horas de orientación laboral"))
    await visitor.sign_in("rosa@temuco.cl")

    page = await visitor.get("/m/temuco/buscar", params={"q": "cesfam horas"})

    assert "matrona" in page.text
    assert "orientación laboral" not in page.text


async def test_agreements_and_progress_lead_to_where_they_live(services: Services, visitor: Visitor) -> None:
    """An agreement to its session, an update to the follow-up of its initiative."""
    tenant = await make_municipality(services)
    await make_person(services, tenant)
    async with work_as(services, tenant) as work:
        meeting = Meeting(kind="team", title="Primera sesión", held_on=work.today())
        initiative = await make_initiative(work)
        work.session.add(meeting)
        await work.session.flush()
        work.session.add(Agreement(meeting_id=meeting.id, text="Pedir dos intérpretes de creole"))
        work.session.add(
            ProgressUpdate(
                initiative_id=initiative.id,
                reported_on=work.today(),
                reported_by="Rosa",
                status="in_progress",
                percent=10,
                on_track=True,
                achievements="Se contrató a la primera intérprete",
                needs_adjustment=False,
            )
        )
    await visitor.sign_in("rosa@temuco.cl")

    page = await visitor.get("/m/temuco/buscar", params={"q": "interprete"})

    assert f"/m/temuco/sesiones/{meeting.id}" in page.text
    assert f"/m/temuco/seguimiento/{initiative.id}" in page.text
