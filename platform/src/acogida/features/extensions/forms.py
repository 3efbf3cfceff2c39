"""What an office fills in about extensions."""

from dataclasses import dataclass

from acogida.web import forms


@dataclass(frozen=True)
class Recommend(forms.FormData):
    """An extension that is recommended to the communes of a region."""

    plugin: str = forms.text("Extensión", required=True, max_length=40)
    region: str = forms.text("Región", required=True, max_length=2)
    reason: str = forms.prose("¿Por qué la recomienda?", required=True, max_length=600)
