"""The carta goes from its text to a verified signature and through the gate; a citizen checks the decree by its QR.

The mayor signs with a certificate of the tests' own authority, which this installation has among those that it trusts.
"""

import asyncio
import hashlib
import time
from collections.abc import Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from acogida.adapters.embedded_postgres import Server
from acogida.app.wiring import assemble
from support.environment import settings_for
from support.make import PASSWORD, make_municipality, make_person
from support.pki import add_page, paper, pki, sign
from support.product import Product, running
from support.walker import Walker, open_context

pytestmark = pytest.mark.live


def apart(work: Coroutine[Any, Any, None]) -> None:
    """Do this in a loop of its own: the browser has one in this thread."""
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, work).result()


@pytest.fixture
def product(server: Server, database_name: str, tmp_path: Path) -> Iterator[Product]:
    """Temuco, with its secretary, in an installation that trusts the authority of the tests."""

    async def make() -> None:
        services = assemble(settings_for(server, tmp_path, database_name))
        await make_person(services, await make_municipality(services))
        await services.close()

    apart(make())
    anchors = pki().write_anchors(tmp_path / "confianza")
    with running(server, database_name, tmp_path, ACOGIDA_TRUST_ANCHORS=str(anchors)) as started:
        yield started


def test_the_letter_holds_and_the_decree_is_checked(product: Product, browser: Browser, tmp_path: Path) -> None:
    context = open_context(browser)
    walker = Walker(context, product.url)
    walker.start()
    walker.follow("Ingresar")
    walker.fill("Correo", "rosa@temuco.cl")
    walker.fill("Contraseña", PASSWORD)
    walker.press("Ingresar")
    signed_letter(walker, tmp_path)
    decree = paper("Decreto 41")
    address = published_decree(walker, decree)
    context.close()
    citizen(browser, address, decree)


def signed_letter(walker: Walker, into: Path) -> None:
    walker.follow("Preparación")
    walker.follow("Subir carta firmada")
    walker.fill("Objetivos de la Política", "Que vivir en Temuco sea para todas y todos.")
    walker.fill("Nombre de la alcaldesa o del alcalde", "Amanda Ñancupil")
    walker.fill("Cargo", "Alcaldesa")
    walker.press("Guardar la carta")
    letter = walker.download("Descargar PDF para firmar", into)
    good = sign(letter, pki().amanda, stamped=None, at=datetime.now(UTC))

    bring(walker, add_page(good))
    wait_for(walker, "Se agregó o se cambió contenido después de la firma")
    walker.look("carta que no vale")
    bring(walker, good)
    wait_for(walker, "Firma electrónica avanzada: verificada")
    walker.sees("Firmó el")
    walker.look("carta verificada")
    walker.follow("Ver firmas, constancia y verificación")
    walker.page.locator("summary", has_text="Ver cada revisión").first.click()
    walker.sees("byte por byte", "por su nombre")
    walker.look("acto")
    walker.follow("Ver constancia")
    walker.sees(hashlib.sha256(good).hexdigest()[:8])
    walker.look("constancia")

    walker.follow("Tablero")
    walker.follow("Preparación")
    walker.follow("Revisar y cerrar 1.1")
    walker.press("Cerrar", within="#cerrar")
    walker.sees("Se cerró")


def bring(walker: Walker, content: bytes) -> None:
    walker.attach("Carta firmada", "carta-firmada.pdf", content)
    walker.press("Subir carta firmada")
    walker.sees("Guardamos la carta firmada")


def wait_for(walker: Walker, words: str, seconds: float = 90) -> None:
    """Open the page again until the worker has said it."""
    deadline = time.monotonic() + seconds
    while words not in walker.page.content() and time.monotonic() < deadline:
        time.sleep(0.5)
        walker.page.reload()
    walker.sees(words)


def published_decree(walker: Walker, content: bytes) -> str:
    """What the QR of the decree says."""
    walker.follow("Validación")
    walker.follow("Registrar aprobación de la Política")
    walker.page.locator("summary", has_text="Registrar el decreto").click()
    section = "section:has(#decreto)"
    walker.fill("Número del decreto", "41", within=section)
    walker.page.locator(f"{section} input[name=dated_on]").fill("2026-03-30")
    walker.page.locator(f"{section} input[type=file]").set_input_files(
        {"name": "decreto.pdf", "mimeType": "application/pdf", "buffer": content}
    )
    walker.fill("¿Quién declara que es copia fiel?", "Berta Salas", within=section)
    walker.press("Registrar decreto", within=section)
    walker.follow("Ver firmas, constancia y verificación")
    walker.press("Publicar verificación")
    walker.look("decreto publicado")
    said = walker.page.locator(".verification__qr").get_attribute("alt") or ""
    return said.removeprefix("Código QR de ")


def citizen(browser: Browser, address: str, decree: bytes) -> None:
    """On a phone, without an account: the same copy, a changed one, and the fingerprint by hand without scripts."""
    context = open_context(browser, width=390, height=844)
    page = context.new_page()
    page.goto(address)
    expect(page.locator("h1")).to_have_text("Decreto alcaldicio N.º 41")
    expect(page.locator("body")).to_contain_text("Amanda Ñancupil, Alcaldesa")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    chooser = page.get_by_label("Su copia del documento")
    chooser.set_input_files({"name": "copia.pdf", "mimeType": "application/pdf", "buffer": decree})
    expect(page.locator("[data-verify-answer]")).to_contain_text("idéntica")
    chooser.set_input_files({"name": "otra.pdf", "mimeType": "application/pdf", "buffer": decree + b" "})
    expect(page.locator("[data-verify-answer]")).to_contain_text("distinta")
    assert asked == []
    context.close()

    plain = open_context(browser, width=390, height=844, scripts=False)
    walker = Walker(plain, address)
    walker.start()
    walker.page.locator("summary", has_text="Comparar la huella a mano").click()
    walker.fill("Huella SHA-256 de su copia", hashlib.sha256(decree).hexdigest())
    walker.press("Comparar huella")
    walker.sees("Su copia es idéntica al documento aprobado")
    plain.close()
