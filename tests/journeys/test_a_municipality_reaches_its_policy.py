"""Temuco goes from the front page to its Política and its follow-up, by clicks alone; La Serena works beside it.

At each gate somebody tries to move on too soon and is told what is missing. At the end the PDF and the DOCX hold every
chapter of the guide's index and what was typed, accents and all; and the neighbour never saw a word of it.
"""

import io
import re
from collections.abc import Iterator
from pathlib import Path

import docx
import pypdf
import pytest
from playwright.sync_api import Browser

from acogida.adapters.embedded_postgres import Server
from support.product import Product, running
from support.walker import Walker, open_context

pytestmark = pytest.mark.live

PDF = b"%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
PASSWORD = "copihue y araucaria 27"


def paper(name: str) -> bytes:
    """A small PDF, different for each name."""
    return PDF + f"% {name}\n".encode()


@pytest.fixture
def product(server: Server, database_name: str, tmp_path: Path) -> Iterator[Product]:
    """Development shows the local mailbox as a page, so that links in mails are clicked too."""
    with running(server, database_name, tmp_path, ACOGIDA_ENVIRONMENT="development") as started:
        yield started


def open_workspace(walker: Walker, product: Product, *, commune: str, name: str, email: str) -> None:
    """From the front page to an open workspace."""
    walker.start()
    walker.look("portada")
    walker.fill("Busque su comuna", commune)
    walker.press("Ver la comuna")
    walker.follow(commune, within="main", exact=False)
    walker.sees("Censo")
    walker.look("perfil")
    walker.follow("Abrir el espacio de la municipalidad")
    walker.fill("Nombre y apellido", name)
    walker.fill("Cargo en la municipalidad", "Encargada de la Oficina de Migración")
    walker.fill("Correo institucional", "alguien@gmail.com")
    walker.tick("Declaro que trabajo en la Municipalidad")
    walker.press("Enviarme el enlace")
    walker.sees("gmail")
    walker.fill("Correo institucional", email)
    if walker.page.get_by_label(re.compile("Está bien escrito")).count():
        walker.tick("Está bien escrito")
    walker.press("Enviarme el enlace")
    if walker.page.get_by_label(re.compile("Está bien escrito")).count():
        walker.tick("Está bien escrito")
        walker.press("Enviarme el enlace")
    product.mail_to(email)
    walker.follow("Correo local")
    walker.page.locator("pre.mail a").first.click()
    walker.page.wait_for_load_state()
    walker.fill("Contraseña", PASSWORD)
    walker.fill("Escríbala otra vez", PASSWORD)
    walker.tick("Soy yo")
    walker.press("Abrir el espacio")
    walker.sees("Siguiente paso")
    walker.look("tablero")


def to(walker: Walker, *trail: str) -> None:
    """From anywhere in the workspace: the board, then each link."""
    walker.follow("Tablero")
    for step in trail:
        walker.follow(step)


def preparation(walker: Walker) -> None:
    to(walker, "Preparación")
    walker.look("etapa")
    walker.follow("Ver el paso")
    walker.look("paso")
    walker.press("Cerrar paso")
    walker.sees("Falta la carta de compromiso firmada")
    walker.look("negativa")

    to(walker, "Preparación", "Subir carta firmada")
    walker.fill("Objetivos de la Política", "Que vivir en Temuco sea para todas y todos: ñandú, pingüino, corazón.")
    walker.fill("Nombre de la alcaldesa o del alcalde", "Amanda Ñancupil")
    walker.fill("Cargo", "Alcaldesa")
    walker.press("Guardar la carta")
    walker.look("carta")
    walker.attach("Carta firmada", "carta.pdf", b"esto no es un pdf")
    walker.fill("Fecha de la firma", "2026-03-03")
    walker.press("Subir carta firmada")
    walker.sees("dice ser un PDF", "Amanda Ñancupil")
    walker.attach("Carta firmada", "carta.pdf", paper("carta"))
    walker.fill("Fecha de la firma", "2026-03-03")
    walker.press("Subir carta firmada")
    walker.sees("Registrada el")

    walker.follow("Documento del proyecto")
    walker.press("Guardar documento y plazos")
    walker.look("proyecto")


def team(walker: Walker, link: str, *people: tuple[str, str]) -> None:
    """Form a body by filling the first rows of its table."""
    walker.follow(link)
    for row, (name, cargo) in enumerate(people):
        walker.page.locator('input[name="name"]').nth(row).fill(name)
        walker.page.locator('input[name="cargo"]').nth(row).fill(cargo)
    walker.press("Guardar integrantes")
    walker.sees(people[0][0])


def teams(walker: Walker) -> None:
    to(walker, "Preparación")
    team(walker, "Formar equipo ejecutivo", ("Elena Soto", "Directora de Desarrollo Comunitario"), ("Rosa Painemal", "Encargada de Migración"))
    walker.look("equipo ejecutivo")
    to(walker, "Preparación")
    team(walker, "Formar equipo ampliado", ("Amanda Ñancupil", "Alcaldesa"), ("Iván Mella", "Director de Salud"))
    to(walker, "Equipos")
    walker.look("equipos")


def close(walker: Walker, stage: str, *, steps: int) -> None:
    """Close the first `steps` gates of a stage that are ready."""
    for _ in range(steps):
        to(walker, stage)
        walker.page.get_by_role("link", name="Ver el paso").first.wait_for()
        for link in range(walker.page.get_by_role("link", name="Ver el paso").count()):
            walker.page.get_by_role("link", name="Ver el paso").nth(link).click()
            walker.page.wait_for_load_state()
            ready = walker.page.locator("#cerrar").get_by_role("button")
            if ready.count():
                walker.press("Cerrar", within="#cerrar")
                break
            to(walker, stage)
        else:
            raise AssertionError(f"{stage}: no gate is ready: {walker.page.locator('main').inner_text()}")


def diagnosis(walker: Walker) -> None:
    to(walker, "Diagnóstico")
    walker.look("etapa de diagnóstico")
    walker.follow("Registrar fuentes revisadas")
    walker.look("fuentes")
    walker.press("Usar como fuente revisada")

    to(walker, "Diagnóstico", "Registrar unidades y servicios")
    walker.follow("Registrar un servicio")
    walker.fill("Nombre del departamento u oficina municipal", "Oficina de Migración")
    walker.fill("Nombre de la iniciativa o servicio", "Orientación en regularización")
    walker.fill("Descripción", "Acompañamiento en trámites, con intérprete de criollo haitiano.")
    walker.press("Guardar servicio")
    walker.look("servicios")

    to(walker, "Diagnóstico", "Agregar organizaciones al mapa")
    walker.follow("Agregar una organización")
    walker.fill("Nombre de la institución", "Agrupación Ñuke Mapu de mujeres migrantes")
    walker.page.locator('input[name="kind"]').first.check()
    walker.press("Guardar organización")
    walker.look("redes")

    to(walker, "Diagnóstico", "Registrar decisión")
    for field in walker.page.locator("main form textarea").all():
        field.fill("Con lo reunido basta por ahora; se escuchará en los talleres.")
    walker.page.get_by_label("No", exact=False).locator("visible=true").first.check()
    walker.press("Registrar decisión")
    walker.look("decisión")

    to(walker, "Diagnóstico", "Registrar taller")
    walker.follow("Programar un taller")
    walker.page.locator("main a").filter(has_text=re.compile("funcionari", re.IGNORECASE)).first.click()
    walker.page.wait_for_load_state()
    walker.fill("Nombre del taller", "Taller con funcionarias y funcionarios")
    walker.fill("Fecha", "2026-05-05")
    walker.press("Programar taller")
    walker.look("taller")
    walker.fill("Quiénes son", "Funcionarias y funcionarios") if walker.page.get_by_label("Quiénes son").count() else None
    walker.fill("Cuántas personas", "14")
    walker.press("Anotar asistencia")


def test_from_the_front_page_to_the_policy_and_its_follow_up(browser: Browser, product: Product, tmp_path: Path) -> None:
    """Steps 1 to 7 of the journey, as a person walks them."""
    temuco = Walker(open_context(browser), product.url)
    la_serena = Walker(open_context(browser, width=390, height=844), product.url)

    open_workspace(temuco, product, commune="Temuco", name="Rosa Painemal", email="rosa.painemal@temuco.cl")
    open_workspace(la_serena, product, commune="La Serena", name="Jorge Cortés", email="jorge.cortes@laserena.cl")
    preparation(temuco)
    teams(temuco)
    close(temuco, "Preparación", steps=2)
    diagnosis(temuco)


