"""Alto Hospicio enables three extensions, works with them and prints its Política; Puerto Montt is not offered the northern one."""

import asyncio
import io
from collections.abc import Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pypdf
import pytest
from playwright.sync_api import Browser

from acogida.adapters.embedded_postgres import Server
from acogida.app.wiring import assemble
from support.environment import settings_for
from support.make import PASSWORD, make_municipality, make_person, work_as
from support.make_plan import make_axis, make_initiative, make_objective, whole
from support.product import Product, running
from support.walker import Walker, open_context

pytestmark = pytest.mark.live


def apart(work: Coroutine[Any, Any, None]) -> None:
    """Do this in a loop of its own: the browser has one in this thread."""
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, work).result()


@pytest.fixture
def product(server: Server, database_name: str, tmp_path: Path) -> Iterator[Product]:
    """A municipality of Tarapacá with a plan, and one of Los Lagos; each with its secretary."""

    async def make() -> None:
        services = assemble(settings_for(server, tmp_path, database_name))
        north = await make_municipality(services, cut="01107", name="Alto Hospicio", slug="alto-hospicio")
        south = await make_municipality(services, cut="10101", name="Puerto Montt", slug="puerto-montt")
        await make_person(services, north, email="rosa@altohospicio.cl")
        await make_person(services, south, email="luz@puertomontt.cl", name="Luz Bravo")
        async with work_as(services, north) as work:
            await make_objective(work, "Acoger a quien llega", kind="general")
            axis = await make_axis(work, "Primera acogida")
            await make_initiative(work, "Casa de primera acogida", **whole(axis))
        await services.close()

    apart(make())
    with running(server, database_name, tmp_path) as started:
        yield started


def enter(product: Product, browser: Browser, email: str) -> Walker:
    walker = Walker(open_context(browser), product.url)
    walker.page.goto(f"{product.url}/ingresar")
    walker.fill("Correo", email)
    walker.fill("Contraseña", PASSWORD)
    walker.press("Ingresar", within="main")
    return walker


def enable(walker: Walker, title: str) -> None:
    """Read what it touches, and decide."""
    walker.follow("Extensiones")
    walker.follow(title, within="main")
    walker.sees("Qué datos usa")
    walker.press(f"Habilitar {title}")


def printed(walker: Walker, into: Path) -> str:
    """The words of the Política as it comes out on paper today."""
    walker.follow("Documento", within="nav")
    walker.open_drawer("Bajar")
    pages = pypdf.PdfReader(io.BytesIO(walker.download("PDF", into))).pages
    return " ".join(" ".join(page.extract_text() for page in pages).replace("\xad", "").split())


def self_assessment(walker: Walker) -> None:
    walker.follow("Sello Migrante", within="nav")
    walker.follow("Revisar la autoevaluación")
    walker.follow("SM-4.1")
    walker.page.get_by_label("Cumplido", exact=True).check()
    walker.fill("¿Por qué?", "Jornadas mensuales con Sermig en los barrios")
    walker.press("Guardar cómo está")
    walker.sees("Guardamos cómo está SM-4.1")


def link_to_pladeco(walker: Walker) -> None:
    walker.follow("PLADECO", within="nav")
    walker.follow("Registrar el PLADECO")
    walker.fill("Nombre", "PLADECO 2025-2030")
    walker.fill("Primer año", "2025")
    walker.fill("Último año", "2030")
    walker.press("Guardar el PLADECO")
    walker.follow("Agregar lineamiento")
    walker.fill("Nombre", "Comuna que acoge")
    walker.press("Guardar lineamiento")
    walker.follow("PLADECO", within="nav")
    walker.follow("Vincular iniciativas")
    walker.follow("Casa de primera acogida", within="main")
    walker.tick("Comuna que acoge")
    walker.press("Guardar la relación")


def border(walker: Walker) -> None:
    """One question answered, and a promise of the neighbouring commune for the initiative."""
    walker.follow("Macrozona Norte", within="nav")
    walker.sees("26,5 %", "Bolivia")
    walker.look("resumen de Macrozona Norte")
    walker.follow("Responder la pregunta")
    walker.fill("Respuesta", "La oficina registra unas veinte llegadas por semana")
    walker.look("pregunta")
    walker.press("Guardar la respuesta")
    walker.look("preguntas")
    walker.follow("Cifras", within="nav.tabs")
    walker.sees("20.614", "Suprimido por INE")
    walker.look("cifras")
    walker.follow("Mesa de comunas", within="nav.tabs")
    walker.look("mesa, vacía")
    walker.follow("Elegir las comunas")
    walker.tick("Iquique")
    walker.look("comunas")
    walker.press("Guardar las comunas")
    walker.follow("Anotar una sesión")
    walker.fill("Sesión", "Primera sesión: alojamiento")
    walker.fill("Fecha", "2026-10-05")
    walker.tick("Realizada")
    walker.fill("Acuerdos", "Un mismo protocolo de derivación")
    walker.look("sesión")
    walker.press("Guardar la sesión")
    walker.follow("Anotar un compromiso")
    walker.fill("Compromiso", "Abrir veinte cupos de alojamiento")
    walker.fill("Comuna responsable", "Iquique")
    walker.fill("Plazo", "2027-03-31")
    walker.fill("Iniciativa de la Política", "Casa de primera acogida")
    walker.look("compromiso")
    walker.press("Guardar el compromiso")
    walker.look("mesa")
    walker.page.set_viewport_size({"width": 390, "height": 844})
    for place in ("Resumen", "Cifras", "Preguntas", "Mesa de comunas"):
        walker.follow(place, within="nav.tabs")
        walker.look(f"{place}, en un teléfono")
    walker.page.set_viewport_size({"width": 1280, "height": 900})


def test_a_northern_commune_prints_with_its_extensions_and_without_one(
    product: Product, browser: Browser, tmp_path: Path
) -> None:
    """What it disabled leaves the paper and the menu, what it wrote is kept, and a commune of the south never saw it."""
    rosa = enter(product, browser, "rosa@altohospicio.cl")
    for title in ("Sello Migrante", "PLADECO", "Macrozona Norte"):
        enable(rosa, title)
    self_assessment(rosa)
    link_to_pladeco(rosa)
    border(rosa)

    whole_paper = printed(rosa, tmp_path)
    for words in (
        "Sello Migrante",
        "Comuna que acoge",
        "Realidad de frontera y coordinación entre comunas",
        "unas veinte llegadas por semana",
        "Abrir veinte cupos de alojamiento",
        "37.628",
    ):
        assert words in whole_paper, words

    rosa.follow("Extensiones")
    rosa.press("Deshabilitar", within=".card:has-text('Macrozona Norte')")
    rosa.sees("Lo que registró")
    assert not rosa.page.locator("nav").get_by_role("link", name="Macrozona Norte").count()
    without = printed(rosa, tmp_path)
    assert "Comuna que acoge" in without
    assert "Realidad de frontera" not in without
    assert "veinte llegadas" not in without

    luz = enter(product, browser, "luz@puertomontt.cl")
    luz.follow("Extensiones")
    luz.sees("Sello Migrante", "PLADECO")
    luz.does_not_see("Macrozona Norte")
    for place in ("ajustes/extensiones/macrozona_norte", "x/macrozona_norte"):
        answer = luz.page.goto(f"{product.url}/m/puerto-montt/{place}")
        assert answer
        assert answer.status == 404
