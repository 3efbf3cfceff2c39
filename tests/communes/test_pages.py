"""The search as anybody meets it, with and without scripts, and the same as JSON."""

from acogida.app.wiring import Services
from support.visitor import Visitor


async def test_the_search_works_without_scripts(services: Services, visitor: Visitor) -> None:
    """A plain form gives a whole page with each commune as a link, or the commune itself when it can be no other."""
    several = await visitor.get("/comunas?q=san pedro")
    one = await visitor.get("/comunas?q=trehuaco")

    assert several.status_code == 200
    assert "<!doctype html>" in several.text
    assert 'href="/comunas/02203"' in several.text
    assert one.headers["location"] == "/comunas/16207"


async def test_htmx_gets_only_the_results(services: Services, visitor: Visitor) -> None:
    """While typing, the answer is a piece of the page."""
    piece = await visitor.get("/comunas?q=temuco", headers={"hx-request": "true"})
    suggested = await visitor.get("/comunas/sugerencias?q=san", headers={"hx-request": "true"})

    assert "<html" not in piece.text
    assert 'href="/comunas/09101"' in piece.text
    assert suggested.text.count("<li>") == 8


async def test_nothing_found_offers_the_regions(services: Services, visitor: Visitor) -> None:
    """An empty answer says so and shows the way by region."""
    page = await visitor.get("/comunas?q=atlantida")

    assert "No encontramos «atlantida»" in page.text
    assert "Región de Arica y Parinacota" in page.text


async def test_what_was_typed_is_shown_as_text(services: Services, visitor: Visitor) -> None:
    """Somebody's angle brackets are only angle brackets."""
    page = await visitor.get("/comunas", params={"q": "<script>alert(1)</script>"})

    assert "<script>alert" not in page.text


async def test_anyone_may_read_the_communes_as_json(services: Services, visitor: Visitor) -> None:
    """The list comes a part at a time and needs no key."""
    first = (await visitor.http.get("/api/v1/comunas?limit=200")).json()
    second = (await visitor.http.get(f"/api/v1/comunas?limit=200&after={first['next']}")).json()
    found = (await visitor.http.get("/api/v1/comunas?q=nunoa")).json()

    assert len(first["items"]) + len(second["items"]) == 346
    assert second["next"] is None
    assert found["items"][0]["cut"] == "13120"


async def test_a_commune_as_json_keeps_what_is_suppressed(services: Services, visitor: Visitor) -> None:
    """A suppressed origin is null and says so; an unknown code is a problem of its own."""
    maipo = (await visitor.http.get("/api/v1/comunas/13203")).json()
    nothing = await visitor.http.get("/api/v1/comunas/99999")

    suppressed = [origin for origin in maipo["origins"] if origin["suppressed"]]
    assert len(suppressed) == 8
    assert {origin["people"] for origin in suppressed} == {None}
    assert nothing.status_code == 404
    assert nothing.headers["content-type"] == "application/problem+json"
