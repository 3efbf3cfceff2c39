"""What people fill in about the PLADECO."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from acogida.sdk import forms

ANNEX = {
    "full": "Sí: cada lineamiento con sus iniciativas, y lo que queda fuera",
    "linked": "Sí, sólo los lineamientos que tienen iniciativas",
    "none": "No",
}


@dataclass(frozen=True)
class Settings(forms.FormData):
    """What each municipality decides of this extension."""

    annex: str = forms.choice(
        "¿Agregar a la Política un anexo con su relación con el PLADECO?", ANNEX, required=True, default="full"
    )
    remind: bool = forms.tick("Recordar, en el paso 3.2, las iniciativas que no están vinculadas al PLADECO")


@dataclass(frozen=True)
class EditPladeco(forms.FormData):
    """The document as a whole."""

    name: str = forms.text("Nombre", required=True, max_length=200, hint="Como lo llaman: «PLADECO 2024-2030».")
    first_year: int | None = forms.whole("Primer año", required=True, least=1990, most=2100)
    last_year: int | None = forms.whole("Último año", required=True, least=1990, most=2100)
    approval: str = forms.text(
        "Acto que lo aprobó", max_length=300, hint="Acuerdo del concejo y decreto alcaldicio, con su número."
    )
    approved_on: date | None = forms.day("Fecha de aprobación")
    url: str = forms.url("Dónde está publicado")
    notes: str = forms.prose("Notas", max_length=4000)
    version: int = forms.revision()

    def check(self) -> Iterable[tuple[str, str]]:
        if self.first_year and self.last_year and self.last_year < self.first_year:
            yield "last_year", "El último año es anterior al primero."


@dataclass(frozen=True)
class EditElement(forms.FormData):
    """A lineamiento, an objective or a program. Its level and its place are chosen when it is added."""

    parent: str = forms.reference("Depende de")
    code: str = forms.text("Número", max_length=20, hint="Como en el documento: «3» o «3.1».")
    name: str = forms.text("Nombre", required=True, max_length=400)
    description: str = forms.prose("Descripción", max_length=4000)
    unit: str = forms.text("Unidad a cargo", max_length=200)
    first_year: int | None = forms.whole("Desde el año", least=1990, most=2100)
    last_year: int | None = forms.whole("Hasta el año", least=1990, most=2100)
    version: int = forms.revision()

    def check(self) -> Iterable[tuple[str, str]]:
        if self.first_year and self.last_year and self.last_year < self.first_year:
            yield "last_year", "El último año es anterior al primero."


@dataclass(frozen=True)
class Align(forms.FormData):
    """One initiative before the PLADECO."""

    elements: tuple[str, ...] = forms.choices("¿A qué del PLADECO aporta?")
    contribution: str = forms.prose(
        "¿Cómo aporta?", max_length=4000, hint="En una frase o dos; sale en el anexo de la Política."
    )
    proposed_under: str = forms.reference("Lineamiento donde cabría")
    proposal: str = forms.prose(
        "¿Por qué debiera incorporarla el próximo PLADECO?",
        max_length=4000,
        hint="Si escribe aquí, la iniciativa entra a la planilla de propuestas.",
    )
    version: int = forms.revision()
