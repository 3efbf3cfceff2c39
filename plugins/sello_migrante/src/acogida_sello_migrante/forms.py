"""What people fill in about the Sello Migrante."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from acogida.sdk import forms
from acogida_sello_migrante.words import (
    ACTION_STATES,
    COURSE_KINDS,
    COURSE_STATES,
    MODALITIES,
    PROOFS,
    RECOGNITIONS,
    STATES,
    STEP_STATES,
)

ANNEX = {
    "full": "Sí: la autoevaluación, el plan de trabajo y la capacitación",
    "summary": "Sí, sólo un resumen por compromiso",
    "none": "No",
}
AHEAD = {"3": "3 meses antes", "6": "6 meses antes", "12": "12 meses antes"}
COMMITMENTS = {f"SM-{number}": f"SM-{number}" for number in range(1, 6)}
VERSIONS = {"2025-03": "Denominaciones de Sermig, marzo de 2025", "web": "Denominaciones de la web de Sermig"}

MOST_PASTED = 500
_HOURS = re.compile(r"\d{1,3}(?:[.,]\d)?")


@dataclass(frozen=True)
class Settings(forms.FormData):
    """What each municipality decides of this extension."""

    annex: str = forms.choice(
        "¿Agregar a la Política un anexo con el Sello Migrante?", ANNEX, required=True, default="summary"
    )
    ahead: str = forms.choice(
        "¿Cuánto antes avisar que toca revalidar?",
        AHEAD,
        required=True,
        default="6",
        hint="El Sello se evalúa cada dos años.",
    )
    remind: bool = forms.tick("Recordar en los pasos de la guía lo que el Sello pide además")


@dataclass(frozen=True)
class OpenAssessment(forms.FormData):
    """A new round of self-assessment."""

    standard: str = forms.choice("Versión del estándar", VERSIONS, required=True, default="2025-03")


@dataclass(frozen=True)
class Judge(forms.FormData):
    """What the municipality says of one requirement."""

    state: str = forms.choice("¿Cómo está este requisito?", STATES)
    statement: str = forms.prose("¿Por qué?", max_length=4000, hint="En dos o tres frases; salen en el informe.")
    version: int = forms.revision()

    def check(self) -> Iterable[tuple[str, str]]:
        if self.state == "not_applicable" and not self.statement:
            yield "statement", "Explique por qué no se aplica: el Comité lo va a leer."


@dataclass(frozen=True)
class AddProof(forms.FormData):
    """Something that speaks for a requirement."""

    kind: str = forms.choice("Respaldo", PROOFS, required=True)
    file_id: str = forms.reference("Archivo")
    initiative_id: str = forms.reference("Iniciativa")
    url: str = forms.url("Dirección web")
    name: str = forms.text("Título", max_length=240)
    note: str = forms.prose("Qué muestra", max_length=2000)
    dated_on: date | None = forms.day("Fecha")

    def check(self) -> Iterable[tuple[str, str]]:
        if self.kind == "file" and not self.file_id:
            yield "file_id", "Elija un archivo."
        if self.kind == "initiative" and not self.initiative_id:
            yield "initiative_id", "Elija una iniciativa."
        if self.kind == "link" and not self.url:
            yield "url", "Escriba la dirección web."
        if self.kind == "note" and not self.note:
            yield "note", "Escriba la explicación."


@dataclass(frozen=True)
class LinkInitiative(forms.FormData):
    """The requirements that an initiative of the Política answers."""

    criteria: tuple[str, ...] = forms.choices("¿A qué requisitos responde?")


@dataclass(frozen=True)
class EditLocal(forms.FormData):
    """A requirement that Sermig has told this municipality."""

    commitment: str = forms.choice("Compromiso", COMMITMENTS, required=True)
    title: str = forms.text("Requisito", required=True, max_length=240, hint="Con las palabras de Sermig.")
    description: str = forms.prose("Detalle", max_length=4000)
    source: str = forms.text(
        "¿Dónde lo dice Sermig?",
        required=True,
        max_length=300,
        hint="Oficio, correo, reunión o documento, con su número y fecha.",
    )
    dated_on: date | None = forms.day("Fecha de esa fuente")
    version: int = forms.revision()


@dataclass(frozen=True)
class EditPlan(forms.FormData):
    """What stands above a plan."""

    objective: str = forms.prose("Objetivo del plan", max_length=4000)
    approval: str = forms.text("Acto que lo aprobó", max_length=300, hint="Decreto o acuerdo, con su número.")
    approved_on: date | None = forms.day("Fecha de aprobación")
    evaluated_on: date | None = forms.day("Fecha de la última evaluación")
    evaluation: str = forms.prose("¿Qué mostró la evaluación?", max_length=6000)
    version: int = forms.revision()

    def check(self) -> Iterable[tuple[str, str]]:
        if self.evaluated_on and not self.evaluation:
            yield "evaluation", "Cuente qué mostró la evaluación."
        if self.evaluation and not self.evaluated_on:
            yield "evaluated_on", "Diga cuándo se evaluó."


@dataclass(frozen=True)
class EditAction(forms.FormData):
    """One action of the work plan."""

    criterion: str = forms.reference("Requisito al que responde", required=True)
    title: str = forms.text("Acción", required=True, max_length=240)
    detail: str = forms.prose("¿En qué consiste?", max_length=4000)
    unit: str = forms.text("Unidad a cargo", max_length=200)
    responsible: str = forms.text("Responsable", max_length=200, hint="Nombre o cargo.")
    starts_on: date | None = forms.day("Inicio")
    ends_on: date | None = forms.day("Término")
    state: str = forms.choice("Estado", ACTION_STATES, required=True, default="planned")
    done_on: date | None = forms.day("Fecha en que terminó")
    product: str = forms.prose("Producto o resultado", max_length=4000)
    initiative_id: str = forms.reference("Iniciativa de la Política")
    version: int = forms.revision()

    def check(self) -> Iterable[tuple[str, str]]:
        if self.starts_on and self.ends_on and self.ends_on < self.starts_on:
            yield "ends_on", "El término es anterior al inicio."
        if self.done_on and self.state != "done":
            yield "state", "Si ya terminó, elija «Terminada»."


@dataclass(frozen=True)
class EditCourse(forms.FormData):
    """One activity of the training plan."""

    title: str = forms.text("Nombre", required=True, max_length=240)
    kind: str = forms.choice("Tipo", COURSE_KINDS, required=True)
    content: str = forms.prose("Contenidos", max_length=4000)
    audience: str = forms.text("Unidades a las que se dirige", max_length=300)
    provider: str = forms.text("Quién la imparte", max_length=240)
    modality: str = forms.choice("Modalidad", MODALITIES)
    hours: str = forms.text("Duración en horas", max_length=6, hint="Por ejemplo, 8 o 1,5.")
    planned_on: date | None = forms.day("Fecha programada")
    state: str = forms.choice("Estado", COURSE_STATES, required=True, default="planned")
    held_on: date | None = forms.day("Fecha en que se realizó")
    evaluation: str = forms.prose(
        "¿Cómo se evaluó y qué resultó?", max_length=6000, hint="Encuesta, prueba o conversación, y qué se cambiará."
    )
    version: int = forms.revision()

    def check(self) -> Iterable[tuple[str, str]]:
        if self.hours and (not _HOURS.fullmatch(self.hours) or not self.duration):
            yield "hours", "Escriba las horas con números, como 8 o 1,5."
        if self.state == "held" and not self.held_on:
            yield "held_on", "Diga qué día se realizó."
        if self.held_on and self.state != "held":
            yield "state", "Si ya se realizó, elija «Realizado»."

    @property
    def duration(self) -> Decimal | None:
        """The hours as a number."""
        return Decimal(self.hours.replace(",", ".")) if self.hours else None


@dataclass(frozen=True)
class AddParticipants(forms.FormData):
    """Officials who took part, as they are pasted from a list: a line each, name and unit."""

    people: str = forms.prose("Participantes", required=True, max_length=60_000)
    trainer: bool = forms.tick("Quedaron como monitoras o monitores municipales")

    def check(self) -> Iterable[tuple[str, str]]:
        lines = self.lines
        wrong = [place for place, (name, unit) in enumerate(lines, 1) if not name or not unit]
        if wrong:
            shown = ", ".join(map(str, wrong[:10]))
            yield "people", f"Falta el nombre o la unidad en {'la línea' if len(wrong) == 1 else 'las líneas'} {shown}."
        elif len(lines) > MOST_PASTED:
            yield "people", f"Son {len(lines)} líneas. Agregue hasta {MOST_PASTED} de una vez."
        elif any(len(name) > 160 or len(unit) > 160 for name, unit in lines):
            yield "people", "Un nombre o una unidad pasa de 160 caracteres. Revise que cada persona esté en su línea."
        elif any(re.search(r"\d{6,}|@", f"{name} {unit}") for name, unit in lines):
            yield (
                "people",
                "Hay un RUT, un teléfono o un correo. Deje sólo el nombre y la unidad: es todo lo que se necesita.",
            )

    @property
    def lines(self) -> list[tuple[str, str]]:
        """(name, unit) of each line: parted by a tab, as from a spreadsheet, a semicolon, or the last comma."""
        found = []
        for line in filter(None, (line.strip() for line in self.people.splitlines())):
            parts = re.split(r"\t+|\s*;\s*", line, maxsplit=1)
            if len(parts) == 1:
                parts = line.rsplit(",", 1)
            found.append((" ".join(parts[0].split()), " ".join(parts[1].split()) if len(parts) > 1 else ""))
        return found


@dataclass(frozen=True)
class EditStep(forms.FormData):
    """One step of the process."""

    state: str = forms.choice("Estado", STEP_STATES, required=True, default="pending")
    planned_on: date | None = forms.day("Fecha prevista")
    done_on: date | None = forms.day("Fecha en que se hizo")
    reference: str = forms.text("Documento", max_length=300, hint="Oficio, carta o resolución, con su número.")
    notes: str = forms.prose("Notas", max_length=4000)
    version: int = forms.revision()

    def check(self) -> Iterable[tuple[str, str]]:
        if self.done_on and self.state != "done":
            yield "state", "Si ya se hizo, elija «Hecho»."


@dataclass(frozen=True)
class EditRecognition(forms.FormData):
    """A resolution that grants or revalidates the Sello."""

    kind: str = forms.choice("¿Qué registra?", RECOGNITIONS, required=True, default="granted")
    resolution: str = forms.text(
        "Resolución", required=True, max_length=200, hint="Con su número: «Resolución Exenta N.º 7829»."
    )
    dated_on: date | None = forms.day("Fecha de la resolución", required=True)
    file_id: str = forms.reference("Archivo de la resolución")
    notes: str = forms.prose("Notas", max_length=4000)
    version: int = forms.revision()
