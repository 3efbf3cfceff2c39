"""A document with everything in it, and one engine for all the tests of this folder."""

import asyncio
import io
from collections.abc import Callable, Iterator
from datetime import date

import pypdf
import pytest

from acogida.adapters.documents import DocumentEngine
from acogida.kernel.document import Document, DocumentBuilder, Footnote, State, Text, item
from acogida.kernel.figures import Bar, Period, bar_chart, gantt, network_map

HOSTILE = (
    '#let x = 1 #panic("no") {{ 7*7 }} {% raw %} <script>alert(1)</script> <b>negrita</b> $x^2$ \\textbf{a} '
    "*asteriscos* _guiones_ `código` @cita <etiqueta> // no es comentario /* ni esto */ = no es título &amp; ]]> %s"
)
LONG = " ".join(f"La comuna número {n} acogió a niñas, niños y jóvenes de Ñuñoa «sin excepción»." for n in range(140))


def _rich(state: State = State.FROZEN) -> Document:
    doc = DocumentBuilder(
        "Política Municipal de Migración",
        author="Municipalidad de Ñuñoa",
        kind="policy",
        date=date(2026, 11, 23),
        subtitle="Una comuna que acoge",
        period="2027–2030",
        version="Versión 3",
        notice="Datos de demostración",
        state=state,
        cover=True,
        toc=True,
    )
    doc.h(1, "Introducción")
    doc.p(
        "Párrafo con áéíóú, ñ, ü, «comillas», – guion, … y 50 %.\nSegunda línea.\n\n- primero\n  - bajo el primero\n- segundo"
    )
    doc.p("1. uno\n2. dos\n\nEntre las dos listas.\n\n1. otra vez uno\n2. otra vez dos")
    doc.p(
        "Según la ",
        Text("Ley 21.325", bold=True, link="https://www.bcn.cl/leychile/navegar?idNorma=1158549"),
        Footnote("Ley de Migración y Extranjería, artículo 1.", "https://www.bcn.cl"),
        " y como dice ",
        Text("la matriz", italic=True, link="#tabla-2"),
        Text(", o el vacío", link="#no-existe"),
        ".",
    )
    doc.facts([("Decreto", "N° 4.512"), ("Fecha", "12 de diciembre de 2026")])
    doc.h(2, "Cómo se elaboró")
    doc.missing("Acta de la sesión del concejo", "/m/nunoa/documento")
    doc.note("Cable a tierra", "Con lo que hay.\n\n- Parta hoy.", tone="advice")
    doc.quote("Llegué en 2019 y nadie me explicó.", source="Participante, 34 años")
    doc.h(1, "Diagnóstico")
    doc.p(LONG)
    doc.h(2, "Palabras que parecen órdenes")
    doc.p(HOSTILE)
    doc.table(
        "Órdenes en una tabla", ["Columna", "Otra"], [[HOSTILE, "- viñeta uno\n- viñeta dos"]], header_column=True
    )
    doc.figure(
        bar_chart([Bar("Perú", 1200, "40 %"), Bar("Haití", None), Bar(HOSTILE, 3)], "Personas por país", "personas"),
        caption="Personas nacidas en el extranjero",
        source="INE, Censo 2024",
    )
    doc.figure(
        network_map("Oficina Migrante", [("Servicios públicos", ["Cesfam Ñuñoa", "OMIL"]), ("Gremios", [])]),
        caption="Mapa de redes",
    )
    doc.h(1, "Planificación")
    doc.h(2, "Iniciativas")
    doc.p("La matriz completa.")
    doc.table(
        "Matriz de planificación",
        ["Eje", "Iniciativa", "Acciones", "Meta", "Monto", "Período"],
        [
            [
                f"Eje {n}",
                f"Iniciativa ñandú {n}",
                f"- acción a{n}\n- acción b{n}",
                f"{n} personas",
                n * 1000,
                "2027–2030",
            ]
            for n in range(200)
        ],
        numeric=[4],
        header_column=True,
        landscape=True,
    )
    doc.figure(
        gantt([Period("Escuela de líderes", date(2027, 3, 1), date(2028, 6, 30), "Convivencia")], (2027, 2030)),
        caption="Calendario",
    )
    doc.h(2, "Presupuesto")
    doc.table("Presupuesto", ["Eje", "Total"], [["Convivencia", 10], ["Total", 10]], numeric=[1], total_row=True)
    doc.annex("Talleres")
    doc.h(2, "Acuerdos")
    doc.bullets([item("Con hijos", "hijo uno", "hijo dos"), "Sin hijos"])
    doc.page_break()
    doc.signature("Rosa Ñancupil Millán", "Alcaldesa")
    doc.signature("Juan Pérez", "Secretario municipal", detail="Ministro de fe")
    return doc.build()


@pytest.fixture
def rich() -> Callable[..., Document]:
    """Builds the document with everything; frozen unless told."""
    return _rich


@pytest.fixture(scope="session")
def engine() -> Iterator[DocumentEngine]:
    """The engine of these tests; its worker starts once."""
    made = DocumentEngine()
    yield made
    asyncio.run(made.close())


@pytest.fixture(scope="session")
def papers(engine: DocumentEngine) -> dict[str, bytes]:
    """The rich document, frozen, as `pdf` and `docx`."""

    async def both() -> dict[str, bytes]:
        return {"pdf": await engine.pdf(_rich()), "docx": await engine.docx(_rich())}

    return asyncio.run(both())


@pytest.fixture(scope="session")
def pages(papers: dict[str, bytes]) -> list[str]:
    """The text of each page of the frozen PDF."""
    return [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(papers["pdf"])).pages]
