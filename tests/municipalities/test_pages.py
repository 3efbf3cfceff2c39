"""What anybody sees first: the portada and the profile of a commune."""

from acogida.app.wiring import Services
from support.make import make_municipality
from support.visitor import Visitor


async def test_the_portada_shows_real_figures_with_their_source(services: Services, visitor: Visitor) -> None:
    """One search field, the national figures, five stages and eight dimensions."""
    page = await visitor.get("/")

    assert page.status_code == 200
    for words in (
        "Busque su comuna",
        "1.608.650",
        "Fuente: INE, Censo 2024",
        "Preparación",
        "Gobernanza local",
        "/politicas",
    ):
        assert words in page.text
    assert page.text.count("button--primary") == 1


async def test_a_free_commune_invites_to_open_its_workspace(services: Services, visitor: Visitor) -> None:
    """The profile of Temuco has its figures and the button that opens the workspace."""
    page = await visitor.get("/comunas/09101")

    for words in (
        "292.518",
        "10.660",
        "3,6 %",
        "Lugar 2 entre las 32 comunas",
        "11.093",
        "Abrir el espacio de la municipalidad",
    ):
        assert words in page.text
    assert 'href="/comunas/09101/abrir"' in page.text


async def test_a_claimed_commune_offers_to_ask_for_access(services: Services, visitor: Visitor) -> None:
    """That a municipality works here is public; nothing else of it is."""
    await make_municipality(services)

    page = await visitor.get("/comunas/09101")

    assert "Ya tiene espacio en Acogida" in page.text
    assert 'href="/m/temuco/solicitar-acceso"' in page.text
    assert "/abrir" not in page.text


async def test_suppressed_cells_are_said_so(services: Services, visitor: Visitor) -> None:
    """Each suppressed origin reads as INE suppressed it, and none shows a number."""
    page = await visitor.get("/comunas/13203")

    assert page.text.count("<i>suprimido por INE (50 o menos)</i>") == 8


async def test_antartica_leads_to_cabo_de_hornos(services: Services, visitor: Visitor) -> None:
    """346 communes, 345 municipalities: the profile and the claim of Antártica lead to who administers it."""
    page = await visitor.get("/comunas/12202")
    claim = await visitor.get("/comunas/12202/abrir")

    assert "La administra Cabo de Hornos" in page.text
    assert 'href="/comunas/12202/abrir"' not in page.text
    assert claim.status_code == 303
    assert claim.headers["location"] == "/comunas/12201/abrir"


async def test_a_code_that_is_no_commune_is_not_found(services: Services, visitor: Visitor) -> None:
    """The answer is 404 with a way on, never an error."""
    page = await visitor.get("/comunas/00000")

    assert page.status_code == 404
