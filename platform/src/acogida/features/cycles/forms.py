"""What people fill in about the cycle."""

from collections.abc import Iterable
from dataclasses import dataclass

from acogida.web import forms

LEAST_REASON = 20
"""Characters under which a reason is a word and not a reason."""


@dataclass(frozen=True)
class CloseByException(forms.FormData):
    """Why a gate is passed without its minimum, and with which charge whoever decides it does so."""

    reason: str = forms.prose("¿Por qué se avanza sin lo que falta?", required=True, max_length=4000)
    cargo: str = forms.text("Cargo con que lo decide", required=True, max_length=200)

    def check(self) -> Iterable[tuple[str, str]]:
        if len(self.reason) < LEAST_REASON:
            yield (
                "reason",
                f"Explique el motivo con al menos {LEAST_REASON} caracteres: quedará a la vista de todo el equipo.",
            )
