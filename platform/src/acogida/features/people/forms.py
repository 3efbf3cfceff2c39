"""What people fill in about their account."""

from dataclasses import dataclass

from acogida.web import forms


@dataclass(frozen=True)
class SignIn(forms.FormData):
    email: str = forms.email("Correo institucional", required=True)
    password: str = forms.text("Contraseña", required=True, max_length=200)
    siguiente: str = forms.text("Siguiente", max_length=500)
