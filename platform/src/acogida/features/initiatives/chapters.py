"""Chapters 3 and 4 of the Política, and the matrix as an annex (guide 03 · 5, IDX-3.1 to 4.2; 03 · 4.3)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Protocol
from uuid import UUID

from acogida.features.extensions import public as extensions
from acogida.features.initiatives import store
from acogida.features.initiatives.forms import FUNDING_STATES
from acogida.features.initiatives.model import StrategicFrame
from acogida.features.initiatives.store import PlannedInitiative
from acogida.kernel.document import (
    BulletList,
    Cell,
    DocumentBuilder,
    ListItem,
    Paragraph,
    Text,
    blocks_from_text,
    item,
    runs,
)
from acogida.kernel.figures import Period, gantt
from acogida.kernel.work import Work
from acogida.web.format import pesos, short_date

WITHOUT_AXIS = "Iniciativas sin eje"
_ROWS_OF_A_CALENDAR = 25


@dataclass(frozen=True, slots=True)
class AxisPlan:
    """An eje with its initiatives, in the order of the plan. `axis_id` is None for those without an eje."""

    axis_id: UUID | None
    name: str
    description: str
    initiatives: tuple[PlannedInitiative, ...]

    @property
    def budget(self) -> int:
        """Pesos asked for by its initiatives, those without a figure left out."""
        return sum(row.budget or 0 for row in self.initiatives)


class Dated(Protocol):
    """Whatever has a name and a period."""

    @property
    def name(self) -> str: ...
    @property
    def starts_on(self) -> date | None: ...
    @property
    def ends_on(self) -> date | None: ...


async def plan_by_axis(work: Work) -> list[AxisPlan]:
    """This function will group the plan by eje: every eje, even an empty one; initiatives without an eje last."""
    by_axis = {
        axis_id: tuple(rows) for axis_id, rows in groupby(await store.initiatives(work), key=lambda row: row.axis_id)
    }
    plans = [
        AxisPlan(axis.id, axis.name, axis.description, by_axis.get(axis.id, ())) for axis in await store.axes(work)
    ]
    if loose := by_axis.get(None):
        plans.append(AxisPlan(None, WITHOUT_AXIS, "", loose))
    return plans


async def objectives_chapter(work: Work, builder: DocumentBuilder, *, intro: str = "") -> None:
    """This function will write chapter 3: vision above the general objective (reading AMB-12), then the specific ones.

    `intro` is what people wrote to open the chapter. What is not written yet is noted with the page where it goes.
    """
    home = f"/m/{work.tenant.slug}/planificacion"
    frame = await store.frame(work)
    objectives = await store.objectives(work)

    builder.h(1, "Objetivos de la Política")
    builder.p(intro)
    _vision(builder, frame, home)
    builder.h(2, "Objetivo general")
    general = next((each for each in objectives if each.kind == "general"), None)
    builder.p_or_missing(
        general.statement if general else None,
        missing="Falta el objetivo general de la Política.",
        link=f"{home}/objetivos/general",
    )
    if general:
        builder.facts([("Indicadores", general.indicators)])

    builder.h(2, "Objetivos específicos")
    specific = [each for each in objectives if each.kind == "specific"]
    axes = {axis.id: axis.name for axis in await store.axes(work)}
    if specific:
        builder.table(
            "Objetivos específicos",
            ["N.º", "Objetivo", "Eje", "Indicadores"],
            [
                [str(number), each.statement, axes.get(each.axis_id, "") if each.axis_id else "", each.indicators]
                for number, each in enumerate(specific, 1)
            ],
            weights=[1, 8, 4, 5],
        )
    else:
        builder.missing("Faltan los objetivos específicos de la Política.", f"{home}/objetivos")
    if frame:
        _alignment(builder, frame)


async def plan_chapter(work: Work, builder: DocumentBuilder, *, intro: str = "") -> None:
    """This function will write chapter 4: the ejes, and for each its initiatives with targets, funding needs, people
    responsible, alliances and periods (IDX-4.1, 4.2), a calendar after each table."""
    home = f"/m/{work.tenant.slug}"
    plans = await plan_by_axis(work)

    builder.h(1, "Planificación")
    builder.p(intro)
    builder.h(2, "Ejes de trabajo")
    axes = [plan for plan in plans if plan.axis_id]
    if axes:
        builder.numbers(_axis_line(plan) for plan in axes)
    else:
        builder.missing("Faltan los ejes de trabajo.", f"{home}/planificacion/ejes")

    builder.h(2, "Iniciativas por eje")
    if not any(plan.initiatives for plan in plans):
        builder.missing("Faltan las iniciativas de la Política.", f"{home}/iniciativas")
    total = sum(plan.budget for plan in plans)
    if total:
        builder.p(f"El conjunto de las iniciativas requiere {pesos(total)}, según lo que cada una tiene estimado.")
    for plan in plans:
        _axis_section(builder, plan, home)


async def matrix_annex(work: Work, builder: DocumentBuilder) -> None:
    """This function will add the planning matrix as an annex, lying down, a table for each eje (HERR-4.3-01)."""
    plans = [plan for plan in await plan_by_axis(work) if plan.initiatives]
    builder.annex("Matriz de planificación")
    if not plans:
        builder.missing("Faltan las iniciativas de la Política.", f"/m/{work.tenant.slug}/iniciativas")
    for plan in plans:
        builder.table(
            f"Matriz de planificación: {plan.name}",
            [
                *("Iniciativa", "Estrategia", "Acciones", "Meta o producto", "Financiamiento"),
                *("Unidad responsable", "Alianzas", "PMG o PLADECO", "Período de ejecución"),
            ],
            [
                [
                    *(row.name, row.strategy, _listed(row.actions), row.target, funding(row)),
                    *(row.unit, row.alliances, row.pmg_pladeco, period(row)),
                ]
                for row in plan.initiatives
            ],
            weights=[5, 4, 6, 5, 4, 4, 4, 4, 3],
            header_column=True,
            landscape=True,
        )
    await _added(work, builder, plans)


async def _added(work: Work, builder: DocumentBuilder, plans: Sequence[AxisPlan]) -> None:
    """What extensions add to each initiative, in the columns that they declare, where any says something."""
    rows = [row for plan in plans for row in plan.initiatives]
    columns = [column for column in await extensions.columns(work) if any(column.values.get(row.id) for row in rows)]
    if columns:
        builder.table(
            "Otros datos de las iniciativas",
            ["Iniciativa", *(column.title for column in columns)],
            [[(row.name,), *((column.values.get(row.id, ""),) for column in columns)] for row in rows],
            header_column=True,
            landscape=True,
        )


def funding(row: PlannedInitiative) -> str:
    """This function will say what an initiative costs, who pays and how firm that is."""
    parts = [
        pesos(row.budget),
        row.funding_source,
        FUNDING_STATES.get(row.funding_state, ""),
        "Requiere financiamiento adicional" if row.needs_extra_funding else "",
    ]
    return "\n".join(part for part in parts if part)


def period(row: Dated) -> str:
    """This function will say from when to when, as far as it is known."""
    if row.starts_on and row.ends_on:
        return f"{short_date(row.starts_on)} a {short_date(row.ends_on)}"
    if row.starts_on:
        return f"Desde {short_date(row.starts_on)}"
    return f"Hasta {short_date(row.ends_on)}" if row.ends_on else ""


def responsible(row: PlannedInitiative) -> str:
    """This function will name the unit and, where known, the person and who stands in."""
    people = [row.responsible, f"Reemplaza: {row.substitute}" if row.substitute else ""]
    return "\n".join(part for part in (row.unit, *people) if part)


def calendar(rows: Sequence[Dated]) -> list[Period]:
    """This function will give the initiatives as rows of a calendar."""
    return [Period(row.name, row.starts_on, row.ends_on) for row in rows]


def years_of(rows: Sequence[Dated]) -> tuple[int, int] | None:
    """This function will give the first and last year that the dates touch (at most eight years), or None without dates."""
    dated = [row for row in rows if row.starts_on and row.ends_on]
    if not dated:
        return None
    first = min(row.starts_on.year for row in dated if row.starts_on)
    last = max(row.ends_on.year for row in dated if row.ends_on)
    return first, min(last, first + 7)


def _vision(builder: DocumentBuilder, frame: StrategicFrame | None, home: str) -> None:
    builder.h(2, "Visión", numbered=False)
    builder.p_or_missing(
        frame.vision if frame else None, missing="Falta la visión de la Política.", link=f"{home}/vision"
    )
    if frame and frame.horizon_year:
        builder.p(f"La visión mira hacia el año {frame.horizon_year}.")
    if frame and frame.scope:
        builder.h(2, "Alcance", numbered=False)
        builder.p(frame.scope)


def _alignment(builder: DocumentBuilder, frame: StrategicFrame) -> None:
    aligned = [
        ("Política Nacional de Migración y Extranjería", frame.pnme_alignment),
        ("Plan de Desarrollo Comunal (PLADECO)", frame.pladeco_alignment),
        ("Sello Migrante", frame.sello_alignment),
    ]
    if any(text for _, text in aligned):
        builder.h(2, "Relación con otros instrumentos", numbered=False)
        builder.facts(aligned)
    if frame.resources:
        builder.h(2, "Recursos e institucionalidad", numbered=False)
        builder.p(frame.resources)


def _axis_line(plan: AxisPlan) -> ListItem:
    return item(f"{plan.name}. {plan.description}" if plan.description else plan.name)


def _axis_section(builder: DocumentBuilder, plan: AxisPlan, home: str) -> None:
    builder.h(3, plan.name)
    if not plan.initiatives:
        builder.missing(f"El eje «{plan.name}» no tiene iniciativas.", f"{home}/iniciativas?eje={plan.axis_id}")
        return
    builder.table(
        f"Iniciativas: {plan.name}",
        ["Iniciativa", "Metas", "Financiamiento", "Responsables", "Alianzas", "Período"],
        [
            [_told(row), row.target, funding(row), responsible(row), row.alliances, period(row)]
            for row in plan.initiatives
        ],
        weights=[6, 5, 4, 4, 4, 3],
        landscape=True,
    )
    years = years_of(plan.initiatives)
    if years:
        for start in range(0, len(plan.initiatives), _ROWS_OF_A_CALENDAR):
            rows = plan.initiatives[start : start + _ROWS_OF_A_CALENDAR]
            builder.figure(gantt(calendar(rows), years), caption=f"Calendario: {plan.name}", landscape=True)


def _told(row: PlannedInitiative) -> Cell:
    """The name of an initiative and, under it, what it consists of."""
    return Cell((Paragraph(runs(Text(row.name, bold=True))), *blocks_from_text(row.description)))


def _listed(actions: str) -> Cell:
    """One action a line, as a list."""
    lines = [line.strip(" -•*\t") for line in actions.splitlines()]
    items = tuple(ListItem(runs(line)) for line in lines if line)
    return Cell((BulletList(items),)) if items else Cell()
