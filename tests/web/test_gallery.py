"""The pieces in a real browser: readable by everybody, at every width, and kind when the line is lost."""

import json
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from acogida.web import assets
from support.gallery import VIEWS, Site, gallery_site

pytestmark = pytest.mark.live


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    with gallery_site() as found:
        yield found


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-dev-shm-usage"]
        )
        yield found
        found.close()


@pytest.fixture
def tab(browser: Browser, site: Site) -> Iterator[Page]:
    """A tab of somebody in Santiago; what the browser complains about fails the test."""
    site.posts.clear()
    site.answers.clear()
    context = browser.new_context(
        locale="es-CL", timezone_id="America/Santiago", viewport={"width": 1280, "height": 900}
    )
    page = context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda line: complaints.append(line.text) if "Content Security Policy" in line.text else None)
    yield page
    context.close()
    assert complaints == []


@pytest.mark.parametrize("width", [390, 768, 1280, 1920])
@pytest.mark.parametrize("view", VIEWS)
def test_every_view_is_accessible_and_fits(tab: Page, site: Site, view: str, width: int) -> None:
    """No accessibility rule is broken and nothing runs off the side."""
    tab.set_viewport_size({"width": width, "height": 900})
    tab.goto(site.url + view)

    assert tab.evaluate("document.documentElement.scrollWidth") <= width
    tab.evaluate((assets.SOURCES / "node_modules/axe-core/axe.min.js").read_text("utf-8"))
    found = tab.evaluate(
        "axe.run({runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa', 'best-practice']})"
        ".then(r => r.violations.map(v => [v.id, v.nodes.map(n => n.html)]))"
    )
    assert found == []


def test_twice_the_text_still_fits(tab: Page, site: Site) -> None:
    """Somebody who reads at 200 % sees the page of a phone, whole."""
    tab.set_viewport_size({"width": 640, "height": 450})
    tab.goto(site.url + "form")

    assert tab.evaluate("document.documentElement.scrollWidth") <= 640
    expect(tab.get_by_role("button", name="Guardar la carta")).to_be_attached()


def test_what_is_typed_saves_itself(tab: Page, site: Site) -> None:
    """A pause after typing is enough: the fields travel with the token and the page says so with the hour."""
    tab.goto(site.url + "form")
    tab.get_by_label("Título").fill("Carta de todos")

    expect(tab.locator("[data-draft-status]")).to_contain_text("Guardado", timeout=4000)
    path, body, token = site.posts[-1]
    assert path == "/m/temuco/borradores/carta"
    assert token == "muestra"
    assert json.loads(body)["title"] == ["Carta de todos"]
    assert json.loads(body)["signers"] == ["mayor"]


def test_leaving_the_page_saves_what_was_left(tab: Page, site: Site) -> None:
    """Closing or going elsewhere before the pause ends loses nothing."""
    tab.goto(site.url + "form")
    tab.get_by_label("Título").fill("A medio escribir")
    tab.goto(site.url + "board")
    tab.wait_for_timeout(200)

    assert any(json.loads(body)["title"] == ["A medio escribir"] for _, body, _ in site.posts)


def test_a_lost_line_keeps_the_text_and_tries_again(tab: Page, site: Site) -> None:
    """Without a line the page says that the text is still there; when the line returns it is saved."""
    tab.goto(site.url + "form")
    tab.context.set_offline(True)
    tab.get_by_label("Título").fill("Sin señal en la posta")
    status = tab.locator("[data-draft-status]")
    expect(status).to_contain_text("Sin conexión: lo escrito sigue aquí", timeout=4000)

    tab.context.set_offline(False)
    expect(status).to_contain_text("Guardado", timeout=4000)
    assert json.loads(site.posts[-1][1])["title"] == ["Sin señal en la posta"]


def test_text_left_behind_is_offered_back(tab: Page, site: Site) -> None:
    """A visit that ended without a line leaves its text in the browser; the next visit offers it."""
    tab.goto(site.url + "form")
    site.answers.extend([500] * 5)
    tab.get_by_label("Título").fill("Lo que quedó")
    expect(tab.locator("[data-draft-status]")).to_contain_text("No se pudo guardar", timeout=4000)
    tab.reload()

    tab.get_by_role("button", name="Recuperar el texto").click()
    expect(tab.get_by_label("Título")).to_have_value("Lo que quedó")


def test_an_upload_shows_the_page_that_answers(tab: Page, site: Site) -> None:
    """A file goes with its progress, and what the server shows next is shown, without asking for it twice."""
    site.answers.append(303)
    tab.goto(site.url + "form")
    tab.get_by_label("Carta firmada").set_input_files(
        {"name": "carta.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7"}
    )
    expect(tab.locator("[data-upload-text]")).to_contain_text("carta.pdf")
    tab.get_by_role("button", name="Guardar la carta").click()

    expect(tab.get_by_role("heading", name="Tablero", level=1)).to_be_visible()
    assert tab.url == site.url + "board"
    sent = next(body for path, body, _ in site.posts if path == "/form")
    assert b"carta.pdf" in sent


def test_an_upload_that_breaks_keeps_the_file(tab: Page, site: Site) -> None:
    """When the line is lost the file stays chosen and one press tries again."""
    site.answers.append(303)
    tab.goto(site.url + "form")
    tab.get_by_label("Carta firmada").set_input_files(
        {"name": "carta.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7"}
    )
    tab.route("**/form", lambda route: route.abort())
    tab.get_by_role("button", name="Guardar la carta").click()
    expect(tab.locator("[data-upload-text]")).to_contain_text("Se cortó la conexión")

    tab.unroute("**/form")
    tab.get_by_role("button", name="Reintentar la subida").click()
    expect(tab.get_by_role("heading", name="Tablero", level=1)).to_be_visible()


def test_a_file_too_big_is_told_before_sending(tab: Page, site: Site) -> None:
    """Nobody waits for an upload that will be refused."""
    tab.goto(site.url + "form")
    tab.evaluate("document.querySelector('[data-max-mb]').dataset.maxMb = '0.001'")
    tab.get_by_label("Carta firmada").set_input_files(
        {"name": "foto.png", "mimeType": "image/png", "buffer": b"x" * 5000}
    )
    tab.get_by_role("button", name="Guardar la carta").click()

    expect(tab.locator("[data-upload-text]")).to_contain_text("«foto.png» pesa 5 kB")
    assert [path for path, _, _ in site.posts if path == "/form"] == []


def test_what_cannot_be_undone_is_asked_first(tab: Page, site: Site) -> None:
    """Escape leaves all as it was and returns to the button; going on sends the answer along."""
    tab.goto(site.url + "parts")
    button = tab.get_by_role("button", name="Retirar a Rosa")
    button.click()
    expect(tab.get_by_role("dialog")).to_contain_text("¿Retirar a Rosa Painemal del equipo?")
    tab.keyboard.press("Escape")
    expect(button).to_be_focused()
    assert site.posts == []

    site.answers.append(303)
    button.click()
    tab.get_by_role("dialog").get_by_role("button", name="Retirar a Rosa").click()
    expect(tab.get_by_role("heading", name="Tablero", level=1)).to_be_visible()
    assert b"confirmed=1" in site.posts[-1][1]


def test_the_menu_answers_to_the_keyboard(tab: Page, site: Site) -> None:
    """Enter opens, arrows walk, Escape closes and returns to the button."""
    tab.goto(site.url + "board")
    summary = tab.locator(".menu summary")
    summary.focus()
    tab.keyboard.press("Enter")
    tab.keyboard.press("ArrowDown")
    expect(tab.get_by_role("link", name="Temuco", exact=True)).to_be_focused()
    tab.keyboard.press("Escape")
    expect(summary).to_be_focused()
    assert not tab.evaluate("document.querySelector('.menu').open")


def test_without_script_everything_is_still_there(browser: Browser, site: Site) -> None:
    """The sheet «Más» opens, the filters have their button and the form can be sent."""
    context = browser.new_context(java_script_enabled=False, viewport={"width": 390, "height": 844})
    tab = context.new_page()
    tab.goto(site.url + "grid")
    tab.locator(".more summary").click()

    expect(tab.locator(".more__sheet").get_by_role("link", name="Hallazgos")).to_be_visible()
    expect(tab.get_by_role("button", name="Aplicar filtros")).to_be_visible()
    context.close()
