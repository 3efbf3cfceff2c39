"""The grid in a real browser: the keyboard, a paste, two people at once, a line that is lost."""

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

from acogida.adapters.embedded_postgres import Server
from acogida.app.wiring import assemble
from support.accessibility import violations
from support.chromium import find
from support.environment import settings_for
from support.make import PASSWORD, make_municipality, make_person, work_as
from support.make_plan import make_plan
from support.product import Product, running

pytestmark = pytest.mark.live


@pytest.fixture
def product(server: Server, database_name: str, tmp_path: Path) -> Iterator[Product]:
    """Temuco with two people and a plan of ten initiatives, in a running product."""

    async def seed() -> None:
        services = assemble(settings_for(server, tmp_path, database_name))
        tenant = await make_municipality(services)
        await make_person(services, tenant)
        await make_person(services, tenant, email="ana@temuco.cl", name="Ana Huenchumán", roles=["executive_member"])
        async with work_as(services, tenant) as work:
            await make_plan(work, initiatives=10)
        await services.close()

    # In a thread of its own: a browser that another test left open keeps a loop running in this one.
    with ThreadPoolExecutor(1) as aside:
        aside.submit(asyncio.run, seed()).result()
    with running(server, database_name, tmp_path, worker=False) as started:
        yield started


@pytest.fixture
def browser() -> Iterator[Browser]:
    path = find()
    if path is None:
        pytest.skip("no Chromium on this machine")
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-dev-shm-usage"])
        yield launched
        launched.close()


def _at_the_grid(browser: Browser, product: Product, email: str) -> Page:
    page = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
    page.goto(f"{product.url}/ingresar")
    page.fill("[name=email]", email)
    page.fill("[name=password]", PASSWORD)
    page.click("main button[type=submit]")
    page.wait_for_url("**/m/temuco**")
    page.goto(f"{product.url}/m/temuco/iniciativas")
    return page


def _cell(page: Page, row: int, column: int) -> Locator:
    return page.locator(f"tbody tr[id] >> nth={row} >> :scope > :nth-child({column})")


def test_the_grid_is_written_with_the_keyboard_and_loses_nothing(product: Product, browser: Browser) -> None:
    """Tab, typing, Enter, a paste with faults, a conflict resolved, a line lost and found."""
    rosa = _at_the_grid(browser, product, "rosa@temuco.cl")
    saved = rosa.locator(".grid-bar [data-draft-status]")

    # Only with the keyboard: in from the button before it, typing over, on with Tab, a wrong date kept in its cell.
    rosa.locator("[data-print]").focus()
    rosa.keyboard.press("Tab")
    for _ in range(4):
        rosa.keyboard.press("ArrowRight")
    rosa.keyboard.type("60 personas")
    rosa.keyboard.press("Tab")
    rosa.keyboard.type("12500000")
    rosa.keyboard.press("Tab")
    expect(_cell(rosa, 0, 5)).to_have_text("60 personas")
    expect(_cell(rosa, 0, 6)).to_have_text("12.500.000")
    expect(saved).to_contain_text("Guardado")
    _cell(rosa, 0, 11).click()
    rosa.keyboard.type("31-02-2027")
    rosa.keyboard.press("Enter")
    expect(_cell(rosa, 0, 11)).to_contain_text("31-02-2027")
    expect(_cell(rosa, 0, 11)).to_contain_text("una fecha que exista")
    assert violations(rosa) == []

    # A paste over the row that adds: a heading says which column is which, what is wrong is told.
    rosa.evaluate(
        """text => {
          const cell = document.querySelector(".grid__add th");
          cell.tabIndex = 0; cell.focus();
          const data = new DataTransfer(); data.setData("text/plain", text);
          cell.dispatchEvent(new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true}));
        }""",
        'Iniciativa\tMeta o producto\tMonto\nRadio comunitaria\t"12 programas\ny una feria"\tmucho\n',
    )
    expect(rosa.locator(".grid-said")).to_contain_text("debe ser un número entero")
    radio = rosa.locator("tr[id]", has_text="Radio comunitaria")
    expect(radio.locator("td").nth(3)).to_have_text("12 programas\ny una feria", use_inner_text=True)

    # Ana writes the same cell first: Rosa sees both and keeps hers.
    ana = _at_the_grid(browser, product, "ana@temuco.cl")
    _cell(ana, 1, 5).click()
    ana.keyboard.type("Meta de Ana")
    ana.keyboard.press("Enter")
    expect(ana.locator(".grid-bar [data-draft-status]")).to_contain_text("Guardado")
    _cell(rosa, 1, 5).click()
    rosa.keyboard.type("Meta de Rosa")
    rosa.keyboard.press("Enter")
    expect(_cell(rosa, 1, 5)).to_contain_text("Otra persona guardó: «Meta de Ana»")
    rosa.get_by_role("button", name="Dejar lo mío").click()
    expect(_cell(rosa, 1, 5)).to_have_text("Meta de Rosa")
    expect(saved).to_contain_text("Guardado")

    # Without a line the text stays in its cell and in the browser; the next visit sends it.
    rosa.route("**/celda", lambda route: route.abort())
    _cell(rosa, 2, 3).click()
    rosa.keyboard.type("Quedó en este equipo")
    rosa.keyboard.press("Enter")
    expect(saved).to_contain_text("Sin conexión: lo escrito sigue aquí")
    rosa.unroute("**/celda")
    rosa.goto(f"{product.url}/m/temuco/iniciativas")
    expect(_cell(rosa, 2, 3)).to_have_text("Quedó en este equipo")
    expect(saved).to_contain_text("Guardado")
    rosa.reload()
    expect(_cell(rosa, 2, 3)).to_have_text("Quedó en este equipo")


@pytest.mark.parametrize("width", [390, 1280])
def test_the_pages_of_the_plan_are_accessible(product: Product, browser: Browser, width: int) -> None:
    """No rule of accessibility is broken, and nothing is wider than the screen."""
    page = _at_the_grid(browser, product, "rosa@temuco.cl")
    page.set_viewport_size({"width": width, "height": 900})
    one = page.locator("tbody tr[id] th a").first.get_attribute("href") or ""
    places = (
        *("planificacion/vision", "planificacion/objetivos", "planificacion/objetivos/nuevo", "planificacion/ejes"),
        *("planificacion/revision", "iniciativas", "iniciativas?vista=fichas", "iniciativas?vista=gantt"),
        *("iniciativas/nueva", "iniciativas/importar", "iniciativas/desde-talleres"),
        *(one.removeprefix("/m/temuco/"), one.removeprefix("/m/temuco/") + "/revision"),
    )
    for place in places:
        page.goto(f"{product.url}/m/temuco/{place}")
        assert violations(page) == [], place
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, place
