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
        if self.kind == "photograph" and not self.people:
            yield "people", "Diga si en la fotografía aparecen personas y si aceptaron que se guarde su imagen."
