"""What people say of a file when they bring it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from acogida.features.evidence.words import KINDS, PEOPLE
from acogida.web import forms


@dataclass(frozen=True)
class AddFile(forms.FormData):
    """A file for the archive or for a record: what it is, and for a photograph whether people agreed to appear."""

    kind: str = forms.choice("Tipo de documento", KINDS, required=True)
    dated_on: date | None = forms.day("Fecha del documento")
    note: str = forms.text("Nota", max_length=300)
    people: str = forms.choice("¿Aparecen personas?", PEOPLE)

    def check(self) -> Iterable[tuple[str, str]]:
        if self.kind in ("photograph", "audio") and not self.people:
            yield "people", "Diga si en la fotografía aparecen personas y si aceptaron que se guarde su imagen."


@dataclass(frozen=True)
class SetConsent(forms.FormData):
    """What the people in a photograph or a recording said."""

    people: str = forms.choice("Las personas que aparecen", PEOPLE, required=True)
    version: int = forms.revision()


@dataclass(frozen=True)
class SetHold(forms.FormData):
    """Why a file may not be touched, or why it may again."""

    on: bool = forms.tick("Conservar obligatoriamente")
    reason: str = forms.text("Motivo", required=True, max_length=300)
    version: int = forms.revision()
