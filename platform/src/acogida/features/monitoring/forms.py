"""What people fill in to follow the policy: a report of progress, the plan of action, the years in force."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from acogida.features.monitoring.words import STATES
from acogida.web import forms


@dataclass(frozen=True)
class ReportProgress(forms.FormData):
    """What an initiative's sheet says today (TPL-20, HERR-4.4-11). `version` is how many reports the person had seen."""

    reported_on: date | None = forms.day("Fecha de la revisión", required=True)
    status: str = forms.choice("Estado", STATES, required=True)
    percent: int | None = forms.whole("Avance", required=True, most=100)
    indicator_value: str = forms.text("Valor del indicador", max_length=300)
    on_track: bool | None = forms.yes_no("¿Está en curso según lo planificado?", required=True)
    achievements: str = forms.prose("Principales logros", max_length=4000)
    challenges: str = forms.prose("Desafíos destacados", max_length=4000)
    needs_adjustment: bool | None = forms.yes_no("¿Se necesitan ajustes?", required=True)
    adjustment: str = forms.prose("Ajustes sugeridos", max_length=4000)
    adjustment_responsible: str = forms.text("Responsable del ajuste", max_length=200)
    adjustment_due: date | None = forms.day("Plazo del ajuste")
    spent: int | None = forms.money("Gasto acumulado")
    version: int = forms.revision()

    def check(self) -> Iterable[tuple[str, str]]:
        if self.status == "done" and self.percent != 100:
            yield "percent", "Una iniciativa terminada lleva 100 % de avance."
        if self.status == "not_started" and self.percent:
            yield "percent", "Si todavía no se inicia, el avance es 0 %."
        if self.needs_adjustment:
            if not self.adjustment:
                yield "adjustment", "Cuente qué ajuste se necesita."
            if not self.adjustment_responsible:
                yield "adjustment_responsible", "Diga quién hará el ajuste."
            if not self.adjustment_due:
                yield "adjustment_due", "Ponga el plazo del ajuste."
            elif self.reported_on and self.adjustment_due < self.reported_on:
                yield "adjustment_due", "El plazo del ajuste no puede ser anterior a la revisión."


@dataclass(frozen=True)
class EditActionPlan(forms.FormData):
    """The operational plan and the instances of follow-up (TPL-19, IMPL-5.1-05, 5.1-06, 5.2-03 to 5.2-06)."""

    starts_on: date | None = forms.day("Inicio de la implementación")
    agreed_on: date | None = forms.day("Reunión en que se acordó este plan")
    way_of_working: str = forms.prose("Cómo se trabajará en la Política", max_length=6000)
    roles: str = forms.prose("Roles", max_length=6000)
    responsibilities: str = forms.prose("Responsabilidades", max_length=6000)
    internal_instance: str = forms.text("Instancia interna", max_length=200)
    internal_frequency: str = forms.text("Cada cuánto se reúne la instancia interna", max_length=100)
    second_instance: str = forms.text("Segunda instancia", max_length=200)
    second_frequency: str = forms.text("Cada cuánto se reúne la segunda instancia", max_length=100)
    second_composition: str = forms.prose("Quiénes la componen", max_length=2000)
    data_collection: str = forms.prose("De dónde saldrán los datos y cada cuánto", max_length=6000)
    evaluation: str = forms.prose("Cómo se evaluará la Política cada año", max_length=6000)
    version: int = forms.revision()

    def check(self) -> Iterable[tuple[str, str]]:
        for instance, frequency in (
            ("internal_instance", "internal_frequency"),
            ("second_instance", "second_frequency"),
        ):
            if getattr(self, instance) and not getattr(self, frequency):
                yield frequency, "Diga cada cuánto se reúne, por ejemplo «cada tres meses»."
            if getattr(self, frequency) and not getattr(self, instance):
                yield instance, "Diga qué instancia es la que se reúne."


@dataclass(frozen=True)
class SetVigencia(forms.FormData):
    """First and last day in force (IMPL-5.4-01, reading AMB-05)."""

    valid_from: date | None = forms.day("Rige desde", required=True)
    valid_until: date | None = forms.day("Rige hasta", required=True)
