"""What people fill in about a workshop."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from acogida.features.evidence import public as evidence
from acogida.features.workshops.agenda import read_groups, read_moments, written_groups, written_moments
from acogida.features.workshops.model import Workshop, WorkshopEntry
from acogida.features.workshops.words import ENTRY_KINDS, FILE_KINDS, KINDS, PARTICIPANTS, VERDICTS
from acogida.web import forms

_MOST_GROUPS = 20


@dataclass(frozen=True)
class EditWorkshop(forms.FormData):
    """Calling a workshop: when, where, whom, with what agenda (HERR-3.3, HERR-4.2)."""

    kind: str = forms.choice("Tipo de taller", KINDS, required=True)
    title: str = forms.text("Nombre del taller", required=True, max_length=160)
    held_on: date | None = forms.day("Fecha", required=True)
    starts_at: str = forms.text("Hora de inicio", max_length=5, hint="Por ejemplo, 09:30.")
    place: str = forms.text("Lugar", max_length=200)
    facilitator: str = forms.text("Quién facilita", max_length=160)
    recorder: str = forms.text("Quién registra", max_length=160)
    invited_on: date | None = forms.day("Fecha en que se envió la invitación")
    invited_officials: str = forms.prose(PARTICIPANTS["officials"], max_length=4000)
    invited_users: str = forms.prose(PARTICIPANTS["users"], max_length=4000)
    invited_migrant_organisations: str = forms.prose(PARTICIPANTS["migrant_organisations"], max_length=4000)
    invited_civil_society: str = forms.prose(PARTICIPANTS["civil_society"], max_length=4000)
    invited_neighbours: str = forms.prose(PARTICIPANTS["neighbours"], max_length=4000)
    invited_other: str = forms.prose(PARTICIPANTS["other"], max_length=4000)
    invitation: str = forms.prose("Texto de la invitación", max_length=6000)
    logistics: str = forms.prose("Logística", max_length=4000)
    refreshments: bool = forms.tick("Habrá algo de comer y de beber")
    agenda: str = forms.prose("Momentos", required=True, max_length=6000)
    working_groups: str = forms.prose("Grupos de trabajo", max_length=6000)
    version: int = forms.revision()

    def check(self) -> Iterable[tuple[str, str]]:
        if self.starts_at and not re.fullmatch(r"([01]?\d|2[0-3]):[0-5]\d", self.starts_at):
            yield "starts_at", "Escriba la hora con dos puntos, como 09:30."
        if self.invited_on and self.held_on and self.invited_on > self.held_on:
            yield "invited_on", "La invitación no puede ser posterior al taller."
        try:
            read_moments(self.agenda)
        except ValueError as wrong:
            yield "agenda", str(wrong)
        if len(read_groups(self.working_groups)) > _MOST_GROUPS:
            yield "working_groups", f"Hay espacio para {_MOST_GROUPS} grupos."

    def values(self) -> dict[str, Any]:
        """This method will give the values of the row: invitees by kind, moments, groups."""
        plain = {
            name: value
            for name, value in self.changes().items()
            if not name.startswith("invited_") or name == "invited_on"
        }
        return {
            **plain,
            "starts_at": self.starts_at.zfill(5) if self.starts_at else "",
            "invitees": {kind: text for kind in PARTICIPANTS if (text := getattr(self, f"invited_{kind}"))},
            "agenda": read_moments(self.agenda),
            "working_groups": read_groups(self.working_groups),
        }


def blank_workshop(**values: object) -> forms.Form[EditWorkshop]:
    """This function will give a new workshop's form with these values of the row."""
    return forms.blank(EditWorkshop, **_written(values))


def filled_workshop(row: Workshop) -> forms.Form[EditWorkshop]:
    """This function will give the form of a workshop as it stands."""
    kept = {"invitees": row.invitees, "agenda": row.agenda, "working_groups": row.working_groups}
    return forms.filled(EditWorkshop, row, **_written(kept))


def _written(values: dict[str, Any]) -> dict[str, Any]:
    invitees = values.pop("invitees", {})
    if "agenda" in values:
        values["agenda"] = written_moments(values["agenda"])
    if "working_groups" in values:
        values["working_groups"] = written_groups(values["working_groups"])
    return {**values, **{f"invited_{kind}": text for kind, text in invitees.items()}}


@dataclass(frozen=True)
class EditGroup(forms.FormData):
    """How many people of one kind attended: counted, never named."""

    kind: str = forms.choice("Quiénes son", PARTICIPANTS, required=True)
    description: str = forms.text("De dónde vienen", max_length=160)
    people: int | None = forms.whole("Cuántas personas", required=True, least=1, most=2000)
    from_diagnosis: int | None = forms.whole("Cuántas estuvieron en un taller de diagnóstico", most=2000)
    version: int = forms.revision()

    def check(self) -> Iterable[tuple[str, str]]:
        if self.from_diagnosis and self.people and self.from_diagnosis > self.people:
            yield "from_diagnosis", "No pueden ser más que las personas que asistieron."

    def values(self) -> dict[str, Any]:
        return {**self.changes(), "from_diagnosis": self.from_diagnosis or 0}


@dataclass(frozen=True)
class AddEntries(forms.FormData):
    """Post-its as they are read from the board: each line is one."""

    kind: str = forms.choice("Qué es", ENTRY_KINDS, required=True)
    text: str = forms.prose("Qué dice", required=True, max_length=40_000)
    group_name: str = forms.text("Grupo", max_length=120)
    axis: str = forms.text("Eje", max_length=200)
    verdict: str = forms.choice("Qué decidió el grupo", VERDICTS)


@dataclass(frozen=True)
class EditEntry(forms.FormData):
    """One post-it, corrected."""

    kind: str = forms.choice("Qué es", ENTRY_KINDS, required=True)
    text: str = forms.prose("Qué dice", required=True, max_length=2000)
    group_name: str = forms.text("Grupo", max_length=120)
    axis: str = forms.text("Eje", max_length=200)
    verdict: str = forms.choice("Qué decidió el grupo", VERDICTS)
    version: int = forms.revision()


@dataclass(frozen=True)
class EditCandidate(forms.FormData):
    """An initiative that a group proposes: the seven answers of TPL-15, and its eje."""

    name: str = forms.text("Nombre de la iniciativa", required=True, max_length=200)
    axis: str = forms.text("Eje", max_length=200)
    group_name: str = forms.text("Grupo que la propone", max_length=120)
    description: str = forms.prose("¿En qué consiste?", max_length=4000)
    needs_funding: bool | None = forms.yes_no("¿Requeriría financiamiento adicional?")
    target: str = forms.prose("¿Cuál sería la meta?", max_length=1000)
    unit: str = forms.text("¿Qué unidad sería responsable?", max_length=160)
    alliances: str = forms.prose("¿Con quiénes podría hacerse una alianza?", max_length=1000)
    period: str = forms.text("¿En qué plazos podría implementarse?", max_length=200)
    version: int = forms.revision()

    def details(self) -> dict[str, Any]:
        """This method will give what is kept beside the name."""
        return self.changes(without=("version", "name", "group_name"))


@dataclass(frozen=True)
class AddFiles(forms.FormData):
    """What is said of the files that are brought: what they are and, where people are in them, what they said (Ley 21.719).

    A list with the names of migrants is kept only where they agreed to it.
    """

    kind: str = forms.choice("Qué son", FILE_KINDS, required=True, default="photograph")
    people: str = forms.choice("Las personas que aparecen", evidence.PEOPLE)

    def check(self) -> Iterable[tuple[str, str]]:
        if self.kind != "notes" and not self.people:
            where = "en las fotografías" if self.kind == "photograph" else "ahí"
            yield "people", f"Diga si {where} aparecen personas que se puedan reconocer, y si aceptaron."
        if self.kind == "attendance" and self.people == "unasked":
            yield (
                "people",
                "Una lista que identifica a personas sólo se guarda si ellas aceptaron. Cuente la asistencia por grupo, o suba la "
                "lista con los nombres cubiertos.",
            )


@dataclass(frozen=True)
class CutEntry(forms.FormData):
    """A post-it read from a part of a photograph."""

    kind: str = forms.choice("Qué es", ENTRY_KINDS, required=True)
    text: str = forms.prose("Qué dice", required=True, max_length=2000)
    group_name: str = forms.text("Grupo", max_length=120)


@dataclass(frozen=True)
class EditRecord(forms.FormData):
    """What is written after the workshop: notes of the plenary, patterns and conclusions."""

    conclusions: str = forms.prose("Patrones y conclusiones", max_length=20_000)
    notes: str = forms.prose("Notas del plenario", max_length=20_000)
    version: int = forms.revision()


def filled_entry(row: WorkshopEntry) -> forms.Form[EditEntry]:
    """This function will give the form of a post-it as it stands."""
    return forms.filled(EditEntry, row, axis=row.details.get("axis", ""), verdict=row.details.get("verdict", ""))


def filled_candidate(row: WorkshopEntry) -> forms.Form[EditCandidate]:
    """This function will give the form of a proposed initiative as it stands."""
    return forms.filled(EditCandidate, row, name=row.text, **row.details)
