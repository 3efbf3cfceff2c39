"""What people fill in about the library's collection."""

from dataclasses import dataclass

from acogida.sdk import forms
from acogida_biblioteca.model import KINDS


@dataclass(frozen=True)
class EditMaterial(forms.FormData):
    """One material of the collection."""

    title: str = forms.text("Título", required=True, max_length=300)
    author: str = forms.text("Autoría", max_length=200)
    kind: str = forms.choice("Tipo", KINDS, required=True, default="book")
    language: str = forms.text("Lengua", required=True, max_length=60)
    call_number: str = forms.text("Signatura", max_length=60)
    copies: int | None = forms.whole("Ejemplares", least=1, most=999)
    initiative_id: str = forms.reference("Iniciativa a la que acompaña")
    version: int = forms.revision()
