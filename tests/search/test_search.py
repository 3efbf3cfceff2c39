"""Finding one's own things, and nobody else's."""

from acogida.app.wiring import Services
from acogida.features.diagnosis.model import Finding
from acogida.features.initiatives.model import Initiative
from support.make import make_municipality, make_person, make_token, work_as
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
