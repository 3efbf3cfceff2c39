"""What is asked of whoever takes their municipality out of Acogida."""

from dataclasses import dataclass
from datetime import date

from acogida.web import forms


@dataclass(frozen=True)
class Leave(forms.FormData):
    """The decision to leave, by whom and for when."""

    decided_by: str = forms.text("¿Quién tomó la decisión?", required=True, max_length=200)
    cargo: str = forms.text("Cargo", required=True, max_length=200)
    reason: str = forms.prose("¿Por qué?", required=True, max_length=2000)
    erase_on: date | None = forms.day("Día en que se borrará todo", required=True)
    commune: str = forms.text("Para confirmar, escriba el nombre de la comuna", required=True, max_length=100)
