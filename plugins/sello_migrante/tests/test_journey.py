"""A municipality prepares its application to the Sello Migrante with a browser: clicks only, on a desk and on a phone."""

import asyncio
import io
from collections.abc import Iterator
from pathlib import Path

import pypdf
import pytest
from playwright.sync_api import Browser, sync_playwright

from acogida.adapters.embedded_postgres import Server
from acogida.app.wiring import assemble
from support.chromium import find
from support.environment import settings_for
from support.make import PASSWORD, make_municipality, make_person
from support.product import Product, running
from support.walker import Walker, open_context

pytestmark = pytest.mark.live


@pytest.fixture
def product(server: Server, database_name: str, tmp_path: Path) -> Iterator[Product]:
    """The product running with an open workspace and one person in it."""

    async def people() -> None:
        services = assemble(settings_for(server, tmp_path, database_name))
        await make_person(services, await make_municipality(services))
        await services.close()

    asyncio.run(people())
    with running(server, database_name, tmp_path) as started:
        yield started


@pytest.fixture
def browser(product: Product) -> Iterator[Browser]:
    path = find()
    if path is None:
        pytest.skip("no Chromium on this machine")
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-dev-shm-usage"])
        yield launched
        launched.close()


def test_a_municipality_prepares_its_application(product: Product, browser: Browser, tmp_path: Path) -> None:
    """It enables the extension, says how it stands, turns a gap into an initiative, registers who was trained and takes the report."""
    walker = Walker(open_context(browser), product.url)
    walker.page.goto(f"{product.url}/ingresar")
    walker.fill("Correo", "rosa@temuco.cl")
    walker.fill("Contraseña", PASSWORD)
    walker.press("Ingresar", within="main")

    walker.follow("Extensiones")
    walker.follow("Sello Migrante", within="main")
    walker.sees("Guarda el nombre y la unidad del personal municipal capacitado")
    walker.press("Habilitar Sello Migrante")
    walker.follow("Sello Migrante", within="nav")
    walker.look("resumen")
    walker.follow("Revisar la autoevaluación")
    walker.look("autoevaluación")

    walker.follow("SM-4.1")
    walker.open_drawer("Un enlace")
    walker.fill("Dirección web", "temuco.cl/migrantes")
    walker.fill("Título", "Jornadas en los barrios")
    walker.press("Agregar el enlace")
    walker.sees("Jornadas en los barrios")
    walker.page.get_by_label("Cumplido", exact=True).check()
    walker.fill("¿Por qué?", "Jornadas mensuales con Sermig")
    walker.look("requisito")
    walker.press("Guardar cómo está")
    walker.sees("Guardamos cómo está SM-4.1")

    walker.follow("Brechas")
    walker.look("brechas")
    walker.press("Crear una iniciativa", within="#SM-1\\.3")
    walker.sees("Llevamos la iniciativa a la Política", "Nace de la brecha SM-1.3")

    walker.follow("Sello Migrante", within="nav")
    walker.follow("Capacitación")
    walker.follow("Agregar una actividad")
    walker.fill("Nombre", "Atención sin discriminación")
    walker.tick("Taller")
    walker.tick("Realizado")
    walker.fill("Fecha en que se realizó", "2026-01-15")
    walker.press("Guardar la actividad")
    walker.fill("Una persona por línea", "Luis Soto; OIRS\nAna Díaz; Dideco")
    walker.press("Registrar participantes")
    walker.sees("Registramos 2.", "2 personas.")
    walker.look("actividad")

    walker.follow("Capacitación", within="nav[aria-label='Usted está en']")
    walker.follow("Informe")
    walker.look("informe")
    content = walker.download("Bajar el informe en PDF", tmp_path)
    pages = pypdf.PdfReader(io.BytesIO(content)).pages
    text = " ".join(" ".join(page.extract_text() for page in pages).replace("\xad", "").split())
    assert "Jornadas mensuales con Sermig" in text
    assert "Atención sin discriminación" in text
    assert "Luis Soto" not in text

    walker.page.set_viewport_size({"width": 390, "height": 844})
    for place in ("Resumen", "Autoevaluación", "Brechas", "Plan de trabajo", "Capacitación", "Proceso", "Informe"):
        walker.follow(place, within="nav.tabs")
        walker.look(f"{place}, en un teléfono")
