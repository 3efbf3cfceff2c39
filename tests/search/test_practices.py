"""Finding practices: the page, its address, its JSON twin, and how the index follows the catalogue."""

from collections.abc import AsyncIterator
from html import unescape
from uuid import UUID

import pytest
from sqlalchemy import text

from acogida.app import searching
from acogida.app.seed import load_practices
from acogida.app.wiring import Services
from acogida.app.worker import UPKEEP
from acogida.features.search import upkeep
from acogida.features.search.jobs import LISTENERS_OF, heal, index_practice, mend
from acogida.kernel.ports import PracticeQuery
from acogida.kernel.tenancy import SYSTEM
from acogida.kernel.work import Work
from support.make_practices import all_of, make_document
from support.visitor import Visitor

PRACTICES = [
    make_document(
        "BP-001",
        "Clínica jurídica migratoria",
        summary="Asesoría legal gratuita.",
        place="Puerto Montt",
        region="10",
        dimensions=("2",),
        themes=("justicia",),
        adoptions=2,
    ),
    make_document(
        "BP-002",
        "Curso municipal de español <i>nuevo</i>",
        summary="Tres niveles, con certificado.",
        place="Colina",
        dimensions=("4",),
        themes=("idioma",),
        languages=("es", "ht"),
    ),
    make_document(
        "BP-003",
        "Vivienda social municipal",
        summary="Con garantía pagada.",
        place="Bergen",
        country="NO",
        region="",
        dimensions=("3",),
        themes=("vivienda",),
        languages=("no",),
    ),
]


@pytest.fixture
async def indexed(worker_services: Services) -> None:
    """The index of this test's database has three practices."""
    await worker_services.search.rebuild(all_of(PRACTICES))


@pytest.fixture
async def catalogue(services: Services, worker_services: Services) -> AsyncIterator[Services]:
    """The real catalogue is loaded and nothing is indexed yet: the services are those of the worker."""
    await load_practices(services)
    yield worker_services


async def read(visitor: Visitor, address: str, **options: object) -> str:
    page = await visitor.get(address, **options)
    assert page.status_code == 200, page.text
    return unescape(page.text)


@pytest.mark.usefixtures("indexed")
async def test_a_slip_is_mended_and_told(visitor: Visitor) -> None:
    """What was found is marked, and the page says with which words."""
    page = await read(visitor, "/buenas-practicas?q=clinca+juridica")

    assert "<mark>Clínica</mark> <mark>jurídica</mark> migratoria" in page
    assert "clinica juridica" in page and "Usted escribió «clinca juridica»" in page
    assert "Puerto Montt, Chile" in page and "Adoptada en 2 comunas" in page
    assert "Curso municipal" not in page


@pytest.mark.usefixtures("indexed")
async def test_without_words_every_practice_is_there(visitor: Visitor) -> None:
    """With its facets as links that work without a script."""
    page = await read(visitor, "/buenas-practicas")

    assert "<b>3</b> prácticas publicadas" in page
    assert 'href="/buenas-practicas?pais=NO"' in page and 'href="/buenas-practicas?tema=justicia"' in page


@pytest.mark.usefixtures("indexed")
async def test_what_a_practice_says_is_never_html(visitor: Visitor) -> None:
    """A title with a tag in it shows the tag."""
    page = await visitor.get("/buenas-practicas?q=certificado")
    assert "&lt;i&gt;nuevo" in page.text and "<i>" not in page.text


@pytest.mark.usefixtures("indexed")
async def test_facets_join_and_may_be_taken_away(visitor: Visitor) -> None:
    """Each chosen value has the address of going without it; counts look at the other facets only."""
    page = await read(visitor, "/buenas-practicas?pais=CL&pais=NO&tema=vivienda")

    assert "Vivienda social" in page and "Curso municipal" not in page
    assert 'href="/buenas-practicas?tema=vivienda&pais=NO"' in page, "without Chile"
    assert 'href="/buenas-practicas?pais=CL&pais=NO"' in page, "without housing"
    assert 'name="tema" value="vivienda"' in page, "searching again keeps the filters"


@pytest.mark.usefixtures("indexed")
async def test_an_address_with_nonsense_is_read_without_it(visitor: Visitor) -> None:
    """Nobody breaks a page by writing in its address."""
    page = await read(visitor, "/buenas-practicas?pais=chile&tema=x&dimension=99&orden=azar&pagina=-3&otra=1&q=%00")
    assert "<b>3</b> prácticas publicadas" in page


@pytest.mark.usefixtures("indexed")
async def test_a_page_beyond_the_last_goes_to_the_last(visitor: Visitor) -> None:
    """An old address of a page that no longer is."""
    answer = await visitor.get("/buenas-practicas?q=municipal&pagina=40")
    assert (answer.status_code, answer.headers["location"]) == (303, "/buenas-practicas?q=municipal")


@pytest.mark.usefixtures("indexed")
async def test_nothing_found_offers_a_way_on(visitor: Visitor) -> None:
    """Going without a filter, looking in all of it, a dimension, or proposing one."""
    page = await read(visitor, "/buenas-practicas?q=vivienda&pais=CL")

    assert "No encontramos prácticas con «vivienda» y esos filtros." in page
    assert "Buscar sin «Chile»" in page and 'href="/buenas-practicas?q=vivienda"' in page
    assert 'href="/buenas-practicas?dimension=6"' in page and 'href="/buenas-practicas/proponer"' in page


@pytest.mark.usefixtures("indexed")
async def test_what_htmx_asks_for_is_the_results_alone(visitor: Visitor) -> None:
    """The same fragment that the whole page includes."""
    piece = await read(visitor, "/buenas-practicas?q=español", headers={"hx-request": "true"})
    assert "<mark>español</mark>" in piece and "<html" not in piece
    assert piece.strip() in await read(visitor, "/buenas-practicas?q=español")


@pytest.mark.usefixtures("indexed")
async def test_the_api_says_the_same(visitor: Visitor) -> None:
    """Without a key, with facets and pieces of plain text."""
    answer = await visitor.http.get(
        "/api/v1/buenas-practicas/buscar", params={"q": "clinca juridica", "country": ["CL", "NO"]}
    )

    assert answer.status_code == 200, answer.text
    found = answer.json()
    assert [item["id"] for item in found["items"]] == ["BP-001"]
    assert found["items"][0]["title"][0] == {"text": "Clínica", "marked": True}
    assert (found["total"], found["corrected"], found["engine"]) == (1, "clinica juridica", "postgresql")
    assert found["facets"]["country"] == {"CL": 1}


async def test_a_publication_reaches_the_index(catalogue: Services) -> None:
    """The job reads the practice as it is then: published it is put, retired it is taken out."""
    async with catalogue.database.transaction() as session:
        row = (await session.execute(text("select id from core.practice where code = 'BP-013'"))).one()
        work = Work(session, catalogue.clock, SYSTEM)
        await index_practice(catalogue, work, UUID(str(row.id)))
    found = await catalogue.search.search(PracticeQuery("clinca juridica"))
    assert [hit.id for hit in found.hits] == ["BP-013"]

    async with catalogue.database.transaction() as session:
        await session.execute(text("update core.practice set state = 'retired' where code = 'BP-013'"))
        await index_practice(catalogue, Work(session, catalogue.clock, SYSTEM), UUID(str(row.id)))
    assert (await catalogue.search.search(PracticeQuery("clínica jurídica"))).total == 0


async def test_every_night_the_index_is_what_is_published(catalogue: Services) -> None:
    """Whatever it lacked is put, and nothing that is not published is there."""
    await catalogue.search.upsert([make_document("BP-777", "Nunca publicada")])

    await mend(catalogue)

    held = await catalogue.search.fingerprint()
    async for document in upkeep.documents_of(catalogue.database)():
        assert held.pop(document.id) == document.digest
    assert held == {}
    await heal(catalogue)


async def test_an_operator_makes_the_index_again(catalogue: Services) -> None:
    """`acogida search rebuild` says what each engine got."""
    (made,) = await searching.keep_up(catalogue.settings, again=True)
    assert (made.engine, made.put, made.taken_out, made.answered) == ("postgresql", 39, 0, True)
    assert (await catalogue.search.search(PracticeQuery())).total == 39


def test_the_index_listens_and_is_kept_up() -> None:
    """Every kind of change of the catalogue, and a schedule."""
    assert {event.__name__ for event in LISTENERS_OF} == {"PracticePublished", "PracticeRetired"}
    assert {"mend_search", "heal_search"} <= set(UPKEEP)
