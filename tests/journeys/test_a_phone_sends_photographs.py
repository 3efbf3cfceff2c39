"""After a workshop, somebody sends the photographs of the paper from a phone whose line drops, covers a face, and reads
a paper into a post-it that becomes a finding."""

import asyncio
from datetime import date
from uuid import UUID

import pytest
from playwright.sync_api import Browser, Route, expect

from acogida.adapters.embedded_postgres import Server
from acogida.app.wiring import assemble
from acogida.features.workshops.model import Workshop
from support import make_files as made
from support.environment import settings_for
from support.make import make_municipality, make_person, work_as
from support.product import Product
from support.walker import Walker, open_context

pytestmark = pytest.mark.live


@pytest.fixture
def workshop(product: Product, server: Server, database_name: str) -> UUID:
    """A municipality, Rosa in it, and a workshop that was held. Ask for it before the browser, which has a loop of its own."""

    async def make() -> UUID:
        services = assemble(settings_for(server, product.data, database_name))
        tenant = await make_municipality(services)
        person = await make_person(services, tenant)
        async with work_as(services, tenant, person) as work:
            row = Workshop(
                kind="diagnosis_users", title="Taller de Pichi Cautín", held_on=date(2026, 5, 5), status="held"
            )
            work.session.add(row)
        await services.close()
        return row.id

    return asyncio.run(make())


class Line:
    """The line of a phone: it lets pieces through, and now and then it does not."""

    def __init__(self, *, drops: set[int]) -> None:
        self.pieces, self.drops = 0, drops

    def carry(self, route: Route) -> None:
        self.pieces += 1
        if self.pieces in self.drops:
            route.abort("internetdisconnected")
        else:
            route.continue_()


def test_photographs_reach_the_workshop_over_a_line_that_drops(
    product: Product, workshop: UUID, browser: Browser
) -> None:
    context = open_context(browser, width=390, height=844)
    walker = Walker(context, product.url)
    page = walker.page
    line = Line(drops={2, 5})
    page.route(
        "**/archivo/subidas/*",
        lambda route: line.carry(route) if route.request.method == "PATCH" else route.continue_(),
    )

    page.goto(f"{product.url}/ingresar?siguiente=/m/temuco/talleres/{workshop}/conclusiones")
    walker.fill("Correo", "rosa@temuco.cl")
    walker.fill("Contraseña", "una clave larga")
    walker.press("Ingresar")
    photographs = [
        {"name": f"papel-{n}.jpg", "mimeType": "image/jpeg", "buffer": made.photograph(size=(1400, 1000), seed=n)}
        for n in range(3)
    ]
    bad = {"name": "papel-malo.jpg", "mimeType": "image/jpeg", "buffer": b"no soy una foto"}
    page.locator("input[type=file]").set_input_files([*photographs, bad])
    walker.tick("Aparecen personas y aceptaron")
    page.get_by_role("button", name="Subir archivos").click()

    expect(page.locator(".sending__item[data-kind=done]")).to_have_count(3)
    expect(page.locator(".sending__item[data-kind=error]")).to_contain_text("dice ser una foto")
    walker.sees("Guardamos 3 de 4.")
    assert line.pieces > 5, "some piece went again"
    walker.look("lo que llegó y lo que no")

    page.reload()
    wait_for_pictures(walker, 3)
    walker.look("fotografías del taller")
    page.locator(".photo__picture").first.click()
    page.wait_for_load_state()
    walker.follow("Difuminar zonas")
    drag(walker, (0.1, 0.1), (0.4, 0.4))
    walker.look("zonas marcadas")
    walker.press("Difuminar zonas")
    walker.sees("Con zonas difuminadas")

    page.goto(f"{product.url}/m/temuco/talleres/{workshop}/conclusiones")
    wait_for_pictures(walker, 3)
    page.get_by_role("link", name="Pasar a anotaciones").last.click()
    page.wait_for_load_state()
    drag(walker, (0.5, 0.2), (0.9, 0.5))
    walker.fill("Qué dice", "En la posta nadie habla criollo haitiano")
    walker.fill("Qué es", "Desafío")
    walker.press("Anotar", exact=True)
    walker.sees("Anotado. Marque la siguiente.", "nadie habla criollo haitiano")
    walker.look("papel leído")
    page.get_by_role("link", name="Hacer hallazgo").click()
    page.wait_for_load_state()
    walker.sees("Nace de un aporte de taller")
    context.close()


def wait_for_pictures(walker: Walker, count: int) -> None:
    """The worker draws them a moment after they came."""
    for _ in range(40):
        if walker.page.locator(".photo__picture").count() == count:
            return
        walker.page.wait_for_timeout(500)
        walker.page.reload()
    raise AssertionError("the pictures were never drawn")


def drag(walker: Walker, start: tuple[float, float], end: tuple[float, float]) -> None:
    """Mark a part of the picture, from one corner to the other, in shares of its sides."""
    picture = walker.page.locator("[data-areas-picture][data-ready]")
    picture.scroll_into_view_if_needed()
    box = picture.bounding_box()
    assert box
    mouse = walker.page.mouse
    mouse.move(box["x"] + box["width"] * start[0], box["y"] + box["height"] * start[1])
    mouse.down()
    mouse.move(box["x"] + box["width"] * end[0], box["y"] + box["height"] * end[1], steps=5)
    mouse.up()
    expect(walker.page.locator(".marking__mark:not(.marking__mark--kept)")).to_have_count(1)
