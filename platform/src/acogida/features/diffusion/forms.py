"""What people fill in about diffusion."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from acogida.web import forms

LEVELS = {
    "wide": "Amplia: toda la comuna y los medios",
    "moderate": "Moderada: organizaciones, servicios y canales municipales",
    "targeted": "Acotada: quienes participan y deben actuar",
}
KINDS = {
    "launch": "Hito de lanzamiento",
    "platform": "Publicación en la página municipal",
    "delivery": "Entrega de copias",
    "social": "Redes sociales",
    "media": "Prensa, radio u otro medio",
    "community": "Actividad comunitaria",
}


@dataclass(frozen=True)
class EditPlan(forms.FormData):
    """Type and size of the diffusion, and the message for the whole commune (VAL-4.4-09, 10)."""

    level: str = forms.choice("¿Cuánta difusión conviene hoy?", LEVELS, required=True)
    reason: str = forms.prose("¿Por qué?", max_length=4000)
    message: str = forms.prose("¿Cómo mejora la Política la vida de toda la comuna?", required=True, max_length=4000)
    audiences: str = forms.prose("¿A quiénes hay que llegar?", max_length=4000)
    version: int = forms.revision()


@dataclass(frozen=True)
class EditAction(forms.FormData):
    """One thing done so that the policy is known."""

    kind: str = forms.choice("Tipo", KINDS, required=True)
    title: str = forms.text("¿Qué se hizo?", required=True, max_length=200)
    held_on: date | None = forms.day("Fecha", required=True)
    audience: str = forms.text("¿Para quiénes?", max_length=300)
    url: str = forms.url("Enlace")
    notes: str = forms.prose("Notas", max_length=4000)
    version: int = forms.revision()

    def check(self) -> Iterable[tuple[str, str]]:
        if self.kind == "platform" and not self.url:
            yield "url", "Escriba la dirección donde quedó publicada la Política."
