"""A long Política, as a municipality with much to say would have it: for measuring."""

from datetime import date

from acogida.kernel.document import Document, DocumentBuilder
from acogida.kernel.figures import bar_chart

_PARAGRAPH = (
    "La comuna recibe desde hace años a personas que llegan a trabajar, estudiar y vivir con sus familias. La municipalidad "
    "ha respondido con servicios que nacieron de la urgencia; esta Política los ordena, les da responsables y plazos, y dice "
    "cómo se sabrá si sirvieron. Lo que aquí se propone se conversó con vecinas y vecinos, con organizaciones y con quienes "
    "atienden cada día."
)


def long_policy(*, axes: int = 8, initiatives: int = 10) -> Document:
    """Some forty pages: prose, charts, a table for each eje and a sheet for each initiative."""
    doc = DocumentBuilder(
        "Política Municipal de Migración",
        author="Municipalidad de Temuco",
        kind="policy",
        date=date(2026, 11, 23),
        cover=True,
        toc=True,
    )
    for chapter in ("Introducción", "Diagnóstico", "Objetivos"):
        doc.h(1, chapter)
        for number in range(4):
            doc.h(2, f"{chapter}, parte {number + 1}")
            for _ in range(6):
                doc.p(_PARAGRAPH)
            doc.figure(
                bar_chart(
                    [(f"Origen {index}", 1000 - index * 70, "") for index in range(9)],
                    title="Personas por país de nacimiento",
                    unit="personas",
                ),
                caption="Personas nacidas fuera de Chile, por país",
            )
    doc.h(1, "Planificación")
    for axis in range(axes):
        doc.h(2, f"Eje {axis + 1}")
        doc.p(_PARAGRAPH)
        doc.table(
            f"Iniciativas del eje {axis + 1}",
            ["Iniciativa", "Meta", "Responsable", "Plazo"],
            [
                [f"Iniciativa {index + 1}", "60 personas formadas al año", "Dideco", "2027–2030"]
                for index in range(initiatives)
            ],
        )
        for index in range(initiatives):
            doc.h(3, f"Iniciativa {index + 1}")
            doc.p(_PARAGRAPH)
    return doc.build()
