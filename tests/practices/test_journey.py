"""One story in a browser: adopted, brought up to date, read, and the old citation still standing."""

import asyncio
import re
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from playwright.sync_api import Browser, sync_playwright

from acogida.adapters.embedded_postgres import Server
from acogida.app.wiring import assemble
from support.accessibility import violations
from support.chromium import find
from support.environment import settings_for
from support.make import make_municipality, make_person
from support.make_practice import CURATOR
from support.product import Product, running
from support.walker import Walker, open_context

pytestmark = [pytest.mark.live, pytest.mark.usefixtures("catalogue")]


@pytest.fixture
def browser() -> Iterator[Browser]:
    path = find()
    if path is None:
        pytest.skip("no Chromium on this machine")
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(
            executable_path=path, args=["--no-sandbox", "--disable-dev-shm-usage", "--disable-background-networking"]
        )
        yield launched
        launched.close()


@pytest.fixture
def product(server: Server, database_name: str, tmp_path: Path) -> Iterator[Product]:
    """The product with the catalogue, a municipality and a curator."""

    async def people() -> None:
        services = assemble(settings_for(server, tmp_path, database_name))
        await make_person(services, await make_municipality(services))
        await make_person(services, None, email=CURATOR, name="Gabriela Fuentes", offices=("curator",))
        await services.close()

    asyncio.run(people())
    with running(server, database_name, tmp_path, worker=False) as started:
        yield started


def enter(person: Walker, product: Product, email: str, place: str) -> None:
    person.page.goto(f"{product.url}/ingresar?siguiente={place}")
    person.page.get_by_label("Correo").fill(email)
    person.page.get_by_label("Contraseña", exact=True).fill("una clave larga")
    person.page.get_by_role("button", name="Ingresar", exact=True).click()
    person.page.wait_for_load_state()


def look(person: Walker, address: str) -> None:
    """Open a page and hold it to the rules of accessibility."""
    person.page.goto(address)
    assert violations(person.page) == [], address


def test_a_practice_is_adopted_and_published_anew_and_its_citation_stands(
    product: Product, browser: Browser, server: Server, database_name: str
) -> None:
    """A municipality adopts it with one click; a curator edits, reviews and publishes; a visitor reads edition 2 and its old citation."""
    rosa = Walker(open_context(browser), product.url)
    enter(rosa, product, "rosa@temuco.cl", "/buenas-practicas/BP-013")
    for place in ("/buenas-practicas/BP-001", "/m/temuco/buenas-practicas", "/m/temuco/buenas-practicas/proponer"):
        look(rosa, product.url + place)
    rosa.page.goto(f"{product.url}/buenas-practicas/BP-013")
    rosa.press("Adoptar en Temuco")
    assert rosa.page.get_by_label("Nombre de la iniciativa").input_value() == "Clínica jurídica migratoria"
    rosa.follow("BP-013 Clínica jurídica migratoria")
    rosa.page.get_by_label("¿Qué adaptaron y por qué?").fill("La da la Corporación, dos tardes por semana.")
    rosa.page.get_by_label("Mostrar en la práctica").check()
    rosa.press("Guardar", exact=True)

    gabriela = Walker(open_context(browser), product.url)
    enter(gabriela, product, CURATOR, "/espacios")
    with psycopg.connect(server.url("acogida_owner", driver="libpq", database=database_name)) as owner:
        owner.execute("update core.web_session set strong_at = now()")
    for place in ("/curaduria/importar", "/curaduria/practicas/BP-101", "/curaduria/practicas/BP-013/traducciones/ht"):
        look(gabriela, product.url + place)
    look(gabriela, f"{product.url}/curaduria?q=clinica juridica")
    gabriela.follow("Clínica jurídica migratoria")
    gabriela.page.get_by_role("textbox", name="Resultados").fill("120 casos atendidos en 2026.")
    gabriela.press("Guardar la ficha")
    for button in ("Enviar a revisión", "Darla por revisada", "Aprobar"):
        gabriela.press(button)
    gabriela.page.get_by_label("¿Qué cambió?").fill("Cuenta sus primeros resultados.")
    gabriela.press("Publicar la edición 2")

    visitor = Walker(open_context(browser, width=390, height=844, scripts=False), product.url)
    visitor.page.goto(f"{product.url}/buenas-practicas/BP-013")
    page = visitor.page.locator("main")
    assert "120 casos atendidos en 2026." in page.inner_text()
    assert "Adoptada en 1 comuna: Temuco" in page.inner_text()
    assert re.search(r"BP-013, edición 2", page.inner_text())
    visitor.follow("Edición 1")
    assert visitor.page.url.endswith("/buenas-practicas/BP-013/v1")
    assert "120 casos" not in page.inner_text()
    assert "Leer la edición vigente, la 2" in page.inner_text()
