"""What people say of one thing before a framework."""

from dataclasses import dataclass

from acogida.web import forms


@dataclass(frozen=True)
class Align(forms.FormData):
    """The nodes that a finding, an objective or an initiative works for."""

    nodes: tuple[str, ...] = forms.choices("¿A qué aporta?")
    note: str = forms.prose("¿Cómo aporta?", max_length=2000, hint="En una frase o dos.")
    version: int = forms.revision()
