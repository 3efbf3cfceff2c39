"""The executive summary (DOC-12, VAL-4.4-03): two pages with the main ejes of the policy, for people with little time."""

from datetime import date

from acogida.features.policies.document import DEMO_NOTICE
from acogida.features.policies.known import Known
from acogida.features.policies.proposals import proposal
from acogida.features.policies.prose import counted, shortened
from acogida.features.policies.words import TITLE
from acogida.kernel import figures
from acogida.kernel.document import Document, DocumentBuilder, State
from acogida.web.format import long_date, number, pesos

SECTION = "executive_summary"
_NAMES = 22
"""Initiatives named in the whole summary, shared among the ejes; the rest are counted. So it fits in two pages."""
_LETTERS = 900
"""Characters that the descriptions of all the ejes share."""
_OBJECTIVES = 6
_ORIGINS = 5
_FEW_AXES = 6
"""With more ejes than these the drawing gives its room to them."""


def compose_summary(
    known: Known, *, state: State = State.DRAFT, version: str = "", day: date | None = None
) -> Document:
    """This function will write the summary out of the plan; the opening is what people wrote or Acogida's proposal."""
    builder = DocumentBuilder(
        TITLE,
        author=f"Municipalidad de {known.commune}",
        kind="Resumen ejecutivo",
        date=day or known.today,
        subtitle="Resumen ejecutivo",
        period=known.years,
        version=version,
        state=state,
        notice=DEMO_NOTICE if known.demo else "",
        numbered=False,
    )
    builder.p(shortened_paragraphs(known.text(SECTION) or proposal(SECTION, known)))
    _figures(builder, known)
    if known.vision:
        builder.h(1, "Hacia dónde vamos")
        builder.quote(shortened(known.vision, 420), source="Visión de la Política")
    if known.general:
        builder.h(1, "Qué nos proponemos")
        builder.p(shortened(known.general.statement, 420))
        if known.specific:
            builder.numbers(shortened(each.statement, 170) for each in known.specific[:_OBJECTIVES])
            if len(known.specific) > _OBJECTIVES:
                builder.p(f"Y {counted(len(known.specific) - _OBJECTIVES, 'objetivo más', 'objetivos más')}.")
    _axes(builder, known)
    _origins(builder, known)
    builder.h(1, "Cómo sabremos si avanza")
    builder.p(_follow_up(known))
    return builder.build()


def shortened_paragraphs(text: str, most: int = 1100) -> str:
    """This function will keep whole paragraphs while they fit in `most` characters; the first one is always there."""
    kept: list[str] = []
    for paragraph in text.split("\n\n"):
        if kept and sum(map(len, kept)) + len(paragraph) > most:
            break
        kept.append(paragraph if len(paragraph) <= most else shortened(paragraph, most))
    return "\n\n".join(kept)


def _figures(builder: DocumentBuilder, known: Known) -> None:
    facts = known.diagnosis.figures
    builder.facts(
        [
            (
                "Personas nacidas fuera de Chile",
                f"{number(facts.foreign_born)}, {number(facts.share, 1)} % de la población (INE, Censo {facts.year})"
                if facts
                else "",
            ),
            (
                "Participación",
                f"{counted(len(known.workshops), 'taller', 'talleres')}, {counted(known.people_heard, 'asistencia', 'asistencias')}"
                if known.workshops
                else "",
            ),
            (
                "Plan",
                f"{counted(len(known.axes), 'eje', 'ejes')}, {counted(len(known.initiatives), 'iniciativa', 'iniciativas')}, "
                f"{counted(len(known.units), 'unidad responsable', 'unidades responsables')}"
                if known.initiatives
                else "",
            ),
            ("Presupuesto estimado", pesos(known.budget) if known.budget else ""),
            (
                "Vigencia",
                f"{long_date(known.vigencia.valid_from)} a {long_date(known.vigencia.valid_until)}"
                if known.vigencia
                else "",
            ),
        ]
    )


def _origins(builder: DocumentBuilder, known: Known) -> None:
    """Where people born abroad come from, the largest communities only; left out where many ejes need the room."""
    facts = known.diagnosis.figures
    largest = known.countries[:_ORIGINS]
    if facts is None or len(largest) < 2 or len(known.axes) > _FEW_AXES:
        return
    title = f"Principales países de nacimiento de las personas nacidas fuera de Chile, {facts.year}"
    drawing = figures.bar_chart(
        [
            figures.Bar(
                origin.short_name,
                origin.people,
                f"{number(100 * (origin.people or 0) / (facts.foreign_born or 1), 1)} %",
            )
            for origin in largest
        ],
        title,
        "personas",
    )
    builder.h(1, "De dónde vienen")
    # Without its table: every figure is written in the drawing and in the words that stand for it.
    builder.figure(
        drawing.svg,
        alt=drawing.alt,
        caption=title,
        source=f"INE, Censo de Población y Vivienda {facts.year}.",
        numbered=False,
    )


def _axes(builder: DocumentBuilder, known: Known) -> None:
    if not known.axes:
        return
    builder.h(1, "Qué haremos")
    each = min(5, max(1, _NAMES // len(known.axes)))
    letters = min(200, _LETTERS // len(known.axes))
    rows = []
    for axis in known.axes:
        found = known.of_axis(axis.id)
        names = [shortened(row.name, 80) for row in found[:each]]
        more = len(found) - len(names)
        lines = [f"- {name}" for name in names] + ([f"- y {more} más"] if more else [])
        rows.append([axis.name, shortened(axis.description, letters), "\n".join(lines)])
    builder.table(
        "Ejes de trabajo y sus iniciativas",
        ["Eje", "De qué se ocupa", "Iniciativas"],
        rows,
        weights=[3, 4, 6],
        header_column=True,
        numbered=False,
    )


def _follow_up(known: Known) -> str:
    plan = known.plan
    if plan and plan.internal_instance and plan.second_instance:
        where = f"en dos instancias: {plan.internal_instance} y {plan.second_instance}"
    else:
        where = "en reuniones internas y en la mesa comunal de migración"
    return (
        f"Cada unidad informará el avance de sus iniciativas, que se revisará {where}. Una vez al año la municipalidad "
        "evaluará los resultados y ajustará lo que haga falta. La Política completa, con su diagnóstico y sus responsables, "
        "es pública."
    )
