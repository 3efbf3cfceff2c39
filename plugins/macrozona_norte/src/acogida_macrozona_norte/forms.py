"""What people fill in about the table of communes and the questions asked besides."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from acogida.sdk import forms
from acogida_macrozona_norte.words import ENCOUNTER_STATES, PLEDGE_STATES

ANNEX = {
    "full": "Sí: cifras, respuestas y mesa de comunas",
    "figures": "Sí, sólo las cifras",
    "none": "No",
}


@dataclass(frozen=True)
class Settings(forms.FormData):
    """What each municipality decides of this extension."""

    annex: str = forms.choice(
        "¿Agregar a la Política un anexo con la realidad de frontera?", ANNEX, required=True, default="full"
    )
    table: str = forms.text(
        "¿Cómo se llama la mesa de comunas?", max_length=160, hint="Si no tiene nombre, se llama «Mesa de comunas»."
    )
    remind: bool = forms.tick("Recordar en el diagnóstico las preguntas sin responder")

    @property
    def table_name(self) -> str:
        """As the table is called on screen and on paper."""
        return self.table or "Mesa de comunas"


@dataclass(frozen=True)
class EditAnswer(forms.FormData):
    """What the municipality answers to one question."""

    text: str = forms.prose("Respuesta", max_length=6000)
    source: str = forms.text("¿De dónde se sabe?", max_length=300)
    version: int = forms.revision()

    def check(self) -> Iterable[tuple[str, str]]:
        if self.source and not self.text:
            yield "text", "Escriba la respuesta, o borre de dónde se sabe."


@dataclass(frozen=True)
class EditPartners(forms.FormData):
    """The other communes of the table, by their CUT."""

    cuts: tuple[str, ...] = forms.choices("¿Con qué comunas se coordina?")


@dataclass(frozen=True)
class EditEncounter(forms.FormData):
    """One session of the table."""

    title: str = forms.text("Sesión", required=True, max_length=240)
    takes_place_on: date | None = forms.day("Fecha", required=True)
    place: str = forms.text("Lugar o medio", max_length=240)
    state: str = forms.choice("Estado", ENCOUNTER_STATES, required=True, default="called")
    topics: str = forms.prose("Temas", max_length=6000)
    agreements: str = forms.prose("Acuerdos", max_length=12_000)
    cuts: tuple[str, ...] = forms.choices("Comunas que participaron")
    version: int = forms.revision()

    def check(self) -> Iterable[tuple[str, str]]:
        if self.state != "held" and self.agreements:
            yield "state", "Si ya hay acuerdos, elija «Realizada»."


@dataclass(frozen=True)
class EditPledge(forms.FormData):
    """Something that a commune has promised."""

    title: str = forms.text("Compromiso", required=True, max_length=300)
    cut: str = forms.reference("Comuna responsable", required=True)
    responsible: str = forms.text("Unidad o cargo responsable", max_length=200)
    due_on: date | None = forms.day("Plazo", required=True)
    state: str = forms.choice("Estado", PLEDGE_STATES, required=True, default="open")
    done_on: date | None = forms.day("Fecha en que se cumplió")
    result: str = forms.prose("¿Qué resultó?", max_length=4000)
    encounter_id: str = forms.reference("Sesión en que se acordó")
    initiative_id: str = forms.reference("Iniciativa de la Política")
    version: int = forms.revision()

    def check(self) -> Iterable[tuple[str, str]]:
        if self.done_on and self.state != "done":
            yield "state", "Si ya se cumplió, elija «Cumplido»."
