"""What people fill in to plan: the frame, ejes, objectives, initiatives and the final check."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from acogida.web import forms

FUNDING_STATES = {"needed": "Por conseguir", "asked": "Solicitado", "committed": "Comprometido", "spent": "Ejecutado"}
DIRECTNESS = {
    "explicit": "Explícita: está pensada para personas migrantes",
    "implicit": "Implícita: es para toda la comuna y también les sirve",
}
DIMENSIONS = frozenset(f"dim_{number}" for number in range(1, 9))
"""The eight dimensions of the guide, by key (01 · Dimensiones)."""

DATES_REVERSED = "El término es anterior al inicio. Revise las dos fechas."

_COMPETENCE = re.compile(r"HERR-1\.1-0[1-9]")


def in_order(starts_on: date | None, ends_on: date | None) -> bool:
    """This function will tell whether a period does not end before it begins; what is not said yet is in order."""
    return not (starts_on and ends_on) or ends_on >= starts_on


def _dimensions(chosen: Iterable[str]) -> Iterable[tuple[str, str]]:
    if not DIMENSIONS.issuperset(chosen):
        yield "dimensions", "Elija entre las ocho dimensiones de la guía."


@dataclass(frozen=True)
class EditFrame(forms.FormData):
    """What stands above the objectives (GEN-02, PLAN-0-01; reading AMB-12)."""

    vision: str = forms.prose("Visión", max_length=6000)
    horizon_year: int | None = forms.whole("Año de la visión", least=2024, most=2100)
    scope: str = forms.prose("Alcance", max_length=6000)
    dimensions: tuple[str, ...] = forms.choices("Dimensiones que aborda la Política")
    pnme_alignment: str = forms.prose("Política Nacional de Migración y Extranjería", max_length=6000)
    pladeco_alignment: str = forms.prose("PLADECO", max_length=6000)
    sello_alignment: str = forms.prose("Sello Migrante", max_length=6000)
    resources: str = forms.prose("Recursos e institucionalidad", max_length=6000)
    version: int = forms.revision()

    def check(self) -> Iterable[tuple[str, str]]:
        yield from _dimensions(self.dimensions)


@dataclass(frozen=True)
class EditAxis(forms.FormData):
    """An eje de trabajo."""

    name: str = forms.text("Nombre del eje", required=True, max_length=160)
    description: str = forms.prose("¿De qué se ocupa?", max_length=4000)
    version: int = forms.revision()


@dataclass(frozen=True)
class EditObjective(forms.FormData):
    """An objective and the five SMART answers it is made from (TPL-13)."""

    specific: str = forms.prose("Específico", max_length=3000)
    measurable: str = forms.prose("Medible", max_length=3000)
    achievable: str = forms.prose("Alcanzable", max_length=3000)
    relevant: str = forms.prose("Relevante", max_length=3000)
    time_bound: str = forms.prose("Plazo", max_length=3000)
    statement: str = forms.prose("Redacción final", required=True, max_length=3000)
    indicators: str = forms.prose("Indicadores de éxito", max_length=4000)
    axis_id: str = forms.reference("Eje")
    findings: tuple[str, ...] = forms.choices("Hallazgos que responde")
    version: int = forms.revision()


def composed(*, specific: str, measurable: str, achievable: str, relevant: str, time_bound: str) -> str:
    """This function will propose one statement out of the five SMART answers, for people to mend (HERR-4.1-02)."""

    def said(text: str) -> str:
        """An answer as part of a sentence: one line, no full stop, no capital but that of a name or acronym."""
        line = " ".join(text.split()).rstrip(" .;,")
        return line[:1].lower() + line[1:] if line[1:2].islower() or line[1:2] == " " else line

    parts = [
        said(specific)[:1].upper() + said(specific)[1:],
        said(time_bound),
        f"con {said(achievable)}" if achievable else "",
        f"en respuesta a {said(relevant)}" if relevant else "",
    ]
    statement = ", ".join(part for part in parts if part)
    measured = f"Se medirá por {said(measurable)}." if measurable else ""
    return " ".join(part for part in (f"{statement}." if statement else "", measured) if part)


@dataclass(frozen=True)
class EditInitiative(forms.FormData):
    """The union of the guide's three formats of an initiative (TPL-15, TPL-16, TPL-17; reading AMB-07)."""

    name: str = forms.text("Nombre de la iniciativa", required=True, max_length=240)
    description: str = forms.prose("¿En qué consiste?", max_length=8000)
    goal: str = forms.prose("Objetivo de la iniciativa", max_length=3000)
    axis_id: str = forms.reference("Eje")
    objective_id: str = forms.reference("Objetivo específico")
    strategy: str = forms.prose("Estrategia", max_length=4000)
    actions: str = forms.prose("Acciones", max_length=8000)
    findings: tuple[str, ...] = forms.choices("Hallazgos que responde")
    expected_results: str = forms.prose("Resultados esperados", max_length=6000)
    beneficiaries: str = forms.prose("¿A quiénes beneficia?", max_length=4000)
    target: str = forms.prose("Meta o producto", max_length=4000)
    indicator: str = forms.prose("Indicador", max_length=4000)
    unit: str = forms.text("Unidad responsable", max_length=200)
    responsible: str = forms.text("Persona responsable", max_length=200)
    substitute: str = forms.text("Quien la reemplaza", max_length=200)
    actors: str = forms.prose("Actores que la ejecutan", max_length=4000)
    alliances: str = forms.prose("Alianzas", max_length=4000)
    budget: int | None = forms.money("Presupuesto")
    funding_source: str = forms.text("Fuente de financiamiento", max_length=300)
    funding_state: str = forms.choice("Estado del financiamiento", FUNDING_STATES)
    needs_extra_funding: bool | None = forms.yes_no("¿Requiere financiamiento adicional?")
    pmg_pladeco: str = forms.prose("PMG o PLADECO", max_length=3000)
    starts_on: date | None = forms.day("Inicio")
    ends_on: date | None = forms.day("Término")
    directness: str = forms.choice("¿Cómo llega a las personas migrantes?", DIRECTNESS)
    dimensions: tuple[str, ...] = forms.choices("Dimensiones")
    competence: str = forms.text("Competencia municipal en que se apoya", max_length=40)
    version: int = forms.revision()

    def check(self) -> Iterable[tuple[str, str]]:
        if not in_order(self.starts_on, self.ends_on):
            yield "ends_on", DATES_REVERSED
        if self.competence and not _COMPETENCE.fullmatch(self.competence):
            yield "competence", "Elija una competencia de la lista."
        yield from _dimensions(self.dimensions)


@dataclass(frozen=True)
class ReviewInitiative(forms.FormData):
    """The executive team's review of one initiative (TPL-17)."""

    review_notes: str = forms.prose("Qué se revisó y qué se ajustó", max_length=4000)
    version: int = forms.revision()


@dataclass(frozen=True)
class ReviewPlan(forms.FormData):
    """The final check of the plan: the guide's two questions (PLAN-3.2-08, 09)."""

    duplicates: str = forms.prose(
        "¿Hay iniciativas que respondan a una misma necesidad?", required=True, max_length=6000
    )
    gaps: str = forms.prose("¿Quedó algún objetivo sin iniciativas suficientes?", required=True, max_length=6000)


VIEWS = {"planilla": "Planilla", "fichas": "Fichas", "gantt": "Calendario"}


@dataclass(frozen=True)
class FindInitiatives(forms.FormData):
    """What the list is narrowed to, and how it is looked at."""

    vista: str = forms.choice("Vista", VIEWS, default="planilla")
    eje: str = forms.reference("Eje")
    unidad: str = forms.text("Unidad responsable", max_length=200)
    dimension: str = forms.text("Dimensión", max_length=10)
    estado: str = forms.choice("Estado", {"incompletas": "Sólo las incompletas"})
    q: str = forms.text("Buscar", max_length=200)

    @property
    def shown(self) -> str:
        """The view, the grid where none was asked for."""
        return self.vista or "planilla"

    @property
    def narrowed(self) -> bool:
        """Whether anything is left out of the list."""
        return bool(self.eje or self.unidad or self.dimension or self.estado or self.q)
