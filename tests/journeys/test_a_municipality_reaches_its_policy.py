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
AROUND = "nav[aria-label='Anterior y siguiente']"
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
    walker.sees("Censo", f"Empiece la política de {commune}")
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
    walker.fill("¿Quién declara que es copia fiel?", "Berta Salas")
    walker.press("Subir carta firmada")
    walker.sees("dice ser un PDF", "Amanda Ñancupil")
    walker.attach("Carta firmada", "carta.pdf", paper("carta"))
    walker.fill("Fecha de la firma", "2026-03-03")
    walker.press("Subir carta firmada")
    walker.sees("Firmó el")

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
    team(
        walker,
        "Formar equipo ejecutivo",
        ("Elena Soto", "Directora de Desarrollo Comunitario"),
        ("Rosa Painemal", "Encargada de Migración"),
    )
    walker.look("equipo ejecutivo")
    to(walker, "Preparación")
    team(walker, "Formar equipo ampliado", ("Amanda Ñancupil", "Alcaldesa"), ("Iván Mella", "Director de Salud"))
    to(walker, "Equipos")
    walker.look("equipos")


def close(walker: Walker, stage: str, *steps: str) -> None:
    """Review and close each of these steps, which have all that the guide asks."""
    for step in steps:
        to(walker, stage)
        walker.follow(f"Revisar y cerrar {step}")
        walker.press("Cerrar", within="#cerrar")
        walker.sees("Se cerró")


def workshop(walker: Walker, kind: int, title: str, day: str) -> None:
    """Programme a workshop, count who came and mark it as held."""
    walker.follow("Programar un taller")
    walker.page.locator("main .cards a").nth(kind).click()
    walker.page.wait_for_load_state()
    walker.fill("Nombre del taller", title)
    walker.fill("Fecha", day)
    walker.press("Programar taller")
    walker.page.get_by_label("Quiénes son").first.select_option(index=1)
    walker.fill("Cuántas personas", "14")
    walker.press("Anotar asistencia")
    walker.press("Marcar como realizado")
    walker.look(title)


def diagnosis(walker: Walker) -> None:
    to(walker, "Diagnóstico")
    walker.look("etapa de diagnóstico")
    walker.follow("Registrar fuentes revisadas")
    walker.look("fuentes")
    walker.press("Usar como fuente revisada")

    to(walker, "Diagnóstico", "Registrar unidades y servicios")
    walker.fill("Unidades que trabajan con población migrante", "Oficina de Migración\nDepartamento de Salud")
    walker.press("Agregar unidades")
    walker.follow("Registrar un servicio")
    walker.fill("Nombre del departamento u oficina municipal", "Oficina de Migración")
    walker.fill("Nombre de la iniciativa o servicio", "Orientación en trámites")
    walker.fill("Descripción", "Acompañamiento con intérprete de criollo haitiano.")
    walker.press("Guardar servicio")
    walker.look("servicios")

    to(walker, "Diagnóstico", "Agregar organizaciones al mapa")
    walker.follow("Agregar una organización")
    walker.fill("Nombre de la institución", "Agrupación Ñuke Mapu")
    walker.page.locator('input[name="kind"]').first.check()
    walker.press("Guardar organización")
    walker.look("redes")

    to(walker, "Diagnóstico", "Registrar decisión")
    for field in walker.page.locator("main form textarea").all():
        field.fill("Con lo reunido basta por ahora; se escuchará en los talleres.")
    walker.page.locator('input[name="needed"][value="no"]').check()
    walker.press("Registrar decisión")
    walker.look("decisión")
    close(walker, "Diagnóstico", "2.1", "2.2")

    to(walker, "Diagnóstico", "Registrar taller")
    workshop(walker, 0, "Taller con funcionarias y funcionarios", "2026-05-05")
    walker.follow("Anotar lo que se dijo")
    walker.page.locator('textarea[name="text"]').first.fill(
        "Faltan intérpretes en los Cesfam del sector Pedro de Valdivia"
    )
    walker.press("Anotar", within="form:has(textarea)", exact=True)
    walker.sees("Faltan intérpretes")
    walker.look("registro del taller")
    close(walker, "Diagnóstico", "2.3")

    to(walker, "Diagnóstico", "Escribir hallazgos")
    walker.page.locator('input[name="title"]').first.fill("Barreras de idioma en la atención de salud")
    walker.press("Anotar", within="form:has(input[name=title])")
    walker.follow("Barreras de idioma en la atención de salud")
    walker.fill("Tipo de evidencia", "Testimonio")
    walker.fill("Qué dice o muestra", "«En la posta nadie entiende a mi mamá», dijo una vecina en el taller.")
    walker.press("Agregar evidencia")
    walker.look("hallazgo")
    to(walker, "Hallazgos")
    walker.look("hallazgos")

    to(walker, "Diagnóstico", "Cerrar informe de diagnóstico")
    walker.look("informe")
    close_report(walker)
    walker.sees("falta la presentación y las conclusiones")
    for link in ("Presentación", "Conclusiones"):
        to(walker, "Diagnóstico", "Cerrar informe de diagnóstico")
        walker.follow(link, within=".checklist")
        walker.page.locator('textarea[name="text"]').fill("Lo que el equipo reunió entre marzo y junio de 2026.")
        walker.press("Guardar texto")
    to(walker, "Diagnóstico", "Cerrar informe de diagnóstico")
    close_report(walker)
    close(walker, "Diagnóstico", "2.4")


def close_report(walker: Walker) -> None:
    walker.follow("Revisar y cerrar")
    for box in walker.page.locator('main form input[type="checkbox"]').all():
        box.check()
    walker.press("Cerrar informe")


def planning(walker: Walker) -> None:
    to(walker, "Planificación")
    walker.follow("Escribir la propuesta")
    walker.follow("Escribir el objetivo general")
    walker.fill(
        "Redacción final", "Que toda persona que vive en Temuco acceda a los servicios de la comuna en igualdad."
    )
    walker.press("Guardar objetivo")
    to(walker, "Planificación", "Escribir la propuesta")
    walker.page.locator("main").get_by_role(
        "link", name=re.compile("objetivo específico|Escribir un objetivo")
    ).first.click()
    walker.page.wait_for_load_state()
    walker.fill("Específico", "Que los Cesfam atiendan en el idioma de quien consulta")
    walker.fill("Plazo", "antes de diciembre de 2028")
    walker.press("Proponer una redacción")
    walker.look("objetivo")
    walker.fill("Redacción final", "Atender en su idioma a quienes consultan en los Cesfam antes de diciembre de 2028.")
    walker.press("Guardar objetivo")
    walker.look("objetivos")
    walker.page.locator("main").get_by_role("link", name=re.compile("[Ee]jes")).first.click()
    walker.page.wait_for_load_state()
    walker.fill("Nombre del eje", "Salud e interculturalidad")
    walker.press("Agregar el eje")
    walker.look("ejes")
    walker.follow("Objetivos", within=AROUND)
    walker.follow("Visión y marco", within=AROUND)
    walker.fill("Visión", "Temuco, comuna que acoge y se reconoce diversa.")
    walker.press("Guardar visión y marco")
    walker.look("visión")

    to(walker, "Planificación", "Registrar taller de planificación")
    workshop(walker, 3, "Taller de planificación", "2026-08-11")
    to(walker, "Planificación", "Sistematizar el taller")
    walker.follow("Taller de planificación", within="main")
    walker.follow("Anotar lo que se dijo")
    walker.page.locator('textarea[name="text"]').first.fill("El eje de salud es el más urgente")
    walker.press("Anotar", within="form:has(textarea)", exact=True)
    to(walker, "Planificación", "Sistematizar el taller")
    walker.follow("Taller de planificación", within="main")
    walker.follow("Escribir conclusiones")
    walker.fill("Patrones y conclusiones", "Se acordó partir por la atención de salud.")
    walker.press("Guardar conclusiones")
    close(walker, "Planificación", "3.1", "3.1")

    to(walker, "Planificación", "Completar iniciativas")
    walker.look("iniciativas, vacía")
    walker.follow("Agregar", within="main")
    if walker.scripts:
        walker.page.keyboard.type("Mediadoras interculturales en los Cesfam")
        walker.page.keyboard.press("Enter")
        walker.sees("Guardad")
        walker.follow("Mediadoras interculturales en los Cesfam", within="main")
    else:
        walker.fill("Nombre de la iniciativa", "Mediadoras interculturales en los Cesfam")
    walker.fill("¿En qué consiste?", "Cuatro mediadoras acompañan la atención y traducen.")
    walker.fill("Eje", "Salud e interculturalidad")
    walker.fill("Meta o producto", "2.000 atenciones acompañadas al año")
    walker.fill("Unidad responsable", "Departamento de Salud")
    walker.fill("Presupuesto", "48.000.000")
    walker.fill("Inicio", "2027-03-01")
    walker.fill("Término", "2027-01-01")
    walker.press("Guardar iniciativa")
    walker.sees("anterior")
    walker.fill("Término", "2029-12-31")
    walker.press("Guardar iniciativa")
    to(walker, "Iniciativas")
    walker.sees("Mediadoras interculturales en los Cesfam", "48.000.000")
    walker.look("iniciativas")

    to(walker, "Planificación", "Guardar primera versión")
    save_version(walker, "Primera versión")
    close(walker, "Planificación", "3.2")


def save_version(walker: Walker, milestone: str) -> None:
    walker.tick(milestone, within="#guardar, section:has(#guardar), main")
    walker.press("Guardar", within="form:has(input[name=milestone])")
    walker.sees("Versión")
    walker.look(f"versiones, {milestone}")


def session(walker: Walker, title: str, kind: str, body: str, day: str, *, feedback: str = "") -> None:
    """Convene a session, write what happened and mark it as held."""
    to(walker, "Sesiones")
    walker.follow("Convocar")
    if walker.page.get_by_label("Título").count() == 0:
        walker.page.locator("main .cards a, main ul a").filter(has_text=re.compile(kind)).first.click()
        walker.page.wait_for_load_state()
    walker.fill("Título", title)
    walker.fill("Tipo de sesión", kind)
    walker.fill("Equipo o instancia", body)
    walker.fill("Fecha", day)
    walker.press("Poner en el calendario")
    walker.fill("Desarrollo de la sesión", "Se presentó la Política y se conversó eje por eje.")
    if feedback:
        walker.tick("Se presentó la Política en esta sesión")
        walker.fill("Retroalimentación recibida", feedback)
    walker.tick("La sesión ya se realizó")
    walker.press("Guardar sesión")
    walker.look(f"sesión, {title}")


def validation(walker: Walker) -> None:
    to(walker, "Validación")
    walker.look("etapa de validación")
    session(
        walker,
        "Validación con el equipo ampliado",
        "Sesión de validación",
        "Equipo municipal ampliado",
        "2026-09-01",
        feedback="Se pide plazo más corto para salud",
    )
    to(walker, "Equipos")
    walker.page.locator("main a[href$='/equipos/concejo']").first.click()
    walker.page.wait_for_load_state()
    walker.page.locator('input[name="name"]').first.fill("Luis Vega")
    walker.page.locator('input[name="cargo"]').first.fill("Concejal")
    walker.press("Guardar integrantes")
    session(
        walker,
        "Presentación al concejo",
        "Sesión del concejo",
        "Concejo municipal",
        "2026-09-15",
        feedback="Sin observaciones",
    )

    to(walker, "Documento", "Versiones")
    save_version(walker, "Versión final")

    to(walker, "Validación", "Registrar aprobación de la Política")
    walker.fill("¿Quién aprobó?", "Amanda Ñancupil")
    walker.fill("Cargo", "Alcaldesa")
    walker.fill("Fecha de la aprobación", "2026-10-01")
    walker.attach("Aprobación firmada", "aprobacion.pdf", paper("aprobación"))
    walker.press("Registrar aprobación")
    walker.look("aprobación")
    close(walker, "Validación", "4.1")


def publishing(walker: Walker, into: Path) -> tuple[bytes, bytes]:
    to(walker, "Documento", "Versiones")
    save_version(walker, "aprobada")
    walker.press("Publicar")
    to(walker, "Validación", "Registrar lanzamiento")
    for kind, title, url in (
        ("Hito de lanzamiento", "Lanzamiento en la feria Pinto", ""),
        ("Publicación en la página municipal", "En la página municipal", "www.temuco.cl/politica"),
    ):
        walker.follow("Registrar una actividad")
        walker.fill("Tipo", kind)
        walker.fill("¿Qué se hizo?", title)
        walker.fill("Fecha", "2026-11-05")
        walker.fill("Enlace", url)
        walker.press("Guardar actividad")
    walker.look("difusión")
    close(walker, "Validación", "4.4")
    to(walker, "Documento")
    walker.look("documento")
    papers = []
    for kind in ("PDF", "Word"):
        walker.open_drawer("Bajar")
        papers.append(walker.download(kind, into))
    return papers[0], papers[1]


def follow_up(walker: Walker) -> None:
    to(walker, "Implementación")
    walker.look("etapa de implementación")
    walker.page.locator("main").get_by_role("link", name=re.compile("[Pp]lan de acción")).first.click()
    walker.page.wait_for_load_state()
    walker.fill("Inicio de la implementación", "2026-11-10")
    walker.fill("Cómo se trabajará en la Política", "Reunión mensual del equipo ejecutivo.")
    walker.press("Guardar plan de acción")
    walker.look("plan de acción")
    to(walker, "Implementación")
    walker.page.locator("main a[href$='/seguimiento']").first.click()
    walker.page.wait_for_load_state()
    walker.look("seguimiento")
    walker.follow("Mediadoras interculturales en los Cesfam", within="main")
    walker.fill("Avance", "25")
    walker.page.locator('input[name="status"]').nth(1).check()
    walker.page.locator('input[name="on_track"][value="yes"]').check()
    walker.page.locator('input[name="needs_adjustment"][value="no"]').check()
    walker.fill("Principales logros", "Dos mediadoras ya trabajan")
    walker.press("Registrar avance")
    walker.sees("Dos mediadoras ya trabajan")
    walker.look("avance de una iniciativa")


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_from_the_front_page_to_the_policy_and_its_follow_up(
    browser: Browser, product: Product, tmp_path: Path, *, scripts: bool
) -> None:
    """Steps 1 to 7 of the journey, as a person walks them; an old browser that runs no script walks them too."""
    temuco = Walker(open_context(browser, scripts=scripts), product.url, scripts=scripts)
    la_serena = Walker(open_context(browser, width=390, height=844, scripts=scripts), product.url, scripts=scripts)

    open_workspace(temuco, product, commune="Temuco", name="Rosa Painemal", email="rosa.painemal@temuco.cl")
    open_workspace(la_serena, product, commune="La Serena", name="Jorge Cortés", email="jorge.cortes@laserena.cl")
    preparation(temuco)
    teams(temuco)
    close(temuco, "Preparación", "1.1", "1.2")
    diagnosis(temuco)
    planning(temuco)
    validation(temuco)
    pdf, word = publishing(temuco, tmp_path)
    follow_up(temuco)

    on_paper = " ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages)
    in_word = whole_text(word)
    for chapter in CHAPTERS:
        assert chapter in on_paper, chapter
        assert chapter in in_word, chapter
    for typed in TYPED:
        assert typed in " ".join(on_paper.split()), typed
        assert typed in in_word, typed

    la_serena.follow("Tablero")
    for page in ("Hallazgos", "Iniciativas", "Documento", "Actividad"):
        la_serena.open_menu(page)
        la_serena.look(f"La Serena, {page}")
        la_serena.does_not_see("Mediadoras interculturales", "Ñancupil", "Ñuke Mapu")


CHAPTERS = (
    "Introducción",
    "Diagnóstico",
    "Objetivos",
    "Planificación",
    "Seguimiento y evaluación",
    "Conclusiones",
    "Anexo",
)
TYPED = (
    "Temuco, comuna que acoge y se reconoce diversa.",
    "Mediadoras interculturales en los Cesfam",
    "Barreras de idioma en la atención de salud",
    "Agrupación Ñuke Mapu",
)


def whole_text(word: bytes) -> str:
    document = docx.Document(io.BytesIO(word))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return " ".join([*(paragraph.text for paragraph in document.paragraphs), *cells])
