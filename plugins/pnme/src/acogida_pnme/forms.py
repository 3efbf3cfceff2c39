"""What people fill in about the national policy and the 2030 Agenda."""

from dataclasses import dataclass

from acogida.sdk import forms

ANNEX = {
    "full": "Sí: cada parte con lo que le aporta, y lo que queda sin vínculo",
    "linked": "Sí, sólo las partes que tienen algo de la Política",
    "none": "No",
}


@dataclass(frozen=True)
class Settings(forms.FormData):
    """What each municipality decides of this extension."""

    annex: str = forms.choice(
        "¿Agregar a la Política un anexo con su alineación con la PNME y los ODS?",
        ANNEX,
        required=True,
        default="linked",
    )
    columns: bool = forms.tick("Mostrar en la matriz de iniciativas a qué de la PNME y de los ODS aporta cada una")
    remind: bool = forms.tick("Recordar, en el paso 3.2, las iniciativas que no están vinculadas a la PNME")


@dataclass(frozen=True)
class EditStatement(forms.FormData):
    """How the policy answers the 2030 Agenda."""

    text: str = forms.prose(
        "Declaración", max_length=8000, hint="Dos o tres párrafos. Sale en el anexo de la Política, antes de la tabla."
    )
    version: int = forms.revision()


@dataclass(frozen=True)
class Accept(forms.FormData):
    """Proposed links that a person takes: `iniciativa|parte`."""

    pairs: tuple[str, ...] = forms.choices("Propuestas", required=True)
