"""What people fill in about their account, their municipality and who works in it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from acogida.features.people.model import AREAS, ENTITIES, OFFICES, TASKS
from acogida.kernel.permissions import ROLES
from acogida.web import forms

ROLE_TITLES = {role.key: role.title for role in ROLES.values() if role.given}
ROLE_HELP = {
    "secretary": "Conduce el espacio: invita, define roles, cierra pasos y puede todo lo demás.",
    "president": "Dirige el equipo ejecutivo: trabaja en todo, invita y publica.",
    "executive_member": "Hace el trabajo: diagnóstico, iniciativas, documento y sesiones.",
    "extended_member": "Lee, comenta y sube archivos.",
    "mayor": "Lee, observa, aprueba y puede avanzar por excepción fundada.",
    "councillor": "Lee y hace observaciones.",
    "unit_owner": "Edita e informa las iniciativas de su unidad, y los ejes o iniciativas que se le encarguen. Nada más.",
    "adviser": "Apoya desde fuera, con plazo y tareas; nunca decide ni aprueba.",
    "mesa_participant": "Lee y comenta como integrante de la mesa comunal.",
    "observer": "Mira, desde OIM, Sermig o una universidad, lo que la municipalidad le abre, con plazo. No escribe.",
    "break_glass": "Lo toma quien opera la plataforma ante una emergencia: con motivo, por horas y con aviso. Sólo lee.",
}
DOMAIN = re.compile(r"[a-z0-9-]{2,63}(\.[a-z0-9-]{2,63})+")
WHO_IS_SECRETARY = {"me": "Soy yo", "other": "Es otra persona"}
TERMS = {"30": "Un mes", "90": "Tres meses", "180": "Seis meses", "365": "Un año"}


def secret(label: str, *, required: bool = True) -> str:
    return forms.text(label, required=required, max_length=200)


@dataclass(frozen=True)
class SignIn(forms.FormData):
    email: str = forms.email("Correo institucional", required=True)
    password: str = secret("Contraseña")
    siguiente: str = forms.text("Siguiente", max_length=500)


@dataclass(frozen=True)
class FactorCode(forms.FormData):
    code: str = forms.text("Código", required=True, max_length=40)


@dataclass(frozen=True)
class AddPasskey(forms.FormData):
    """The browser fills `credential`: the answer of the device, as JSON."""

    name: str = forms.text("Nombre del dispositivo", max_length=80)
    credential: str = forms.text("Llave de acceso", required=True, max_length=20_000)


@dataclass(frozen=True)
class Recover(forms.FormData):
    email: str = forms.email("Correo", required=True)


@dataclass(frozen=True)
class ChoosePassword(forms.FormData):
    password: str = secret("Contraseña nueva")
    password_again: str = secret("Escríbala otra vez")

    def check(self) -> Iterable[tuple[str, str]]:
        return _twice(self.password, self.password_again)


@dataclass(frozen=True)
class Rename(forms.FormData):
    name: str = forms.text("Nombre y apellido", required=True, max_length=120)


@dataclass(frozen=True)
class ChangePassword(forms.FormData):
    password_now: str = secret("Contraseña actual")
    password: str = secret("Contraseña nueva")
    password_again: str = secret("Escríbala otra vez")

    def check(self) -> Iterable[tuple[str, str]]:
        return _twice(self.password, self.password_again)


@dataclass(frozen=True)
class AskClaim(forms.FormData):
    """Somebody asks to open the workspace of their municipality."""

    name: str = forms.text("Nombre y apellido", required=True, max_length=120)
    cargo: str = forms.text("Cargo en la municipalidad", required=True, max_length=160)
    email: str = forms.email("Correo institucional", required=True)
    email_confirmed: bool = forms.tick("Es un correo de esta municipalidad")
    declaration: bool = forms.tick(
        "Declaración", must="Para abrir el espacio debe declarar que trabaja en la municipalidad y actúa por ella."
    )


@dataclass(frozen=True)
class ClaimCode(forms.FormData):
    code: str = forms.text("Código", required=True, max_length=20)


@dataclass(frozen=True)
class SubmitClaim(forms.FormData):
    """What the regional office reads; the paper comes beside it."""

    message: str = forms.prose("Mensaje para la oficina regional", max_length=1000)


@dataclass(frozen=True)
class RefuseClaim(forms.FormData):
    reason: str = forms.prose("Motivo", required=True, max_length=1000)


@dataclass(frozen=True)
class EditKnown(forms.FormData):
    """What Sermig knows of a municipality, for its people to open their workspace."""

    domains: str = forms.prose("Dominios de su correo", max_length=1000)
    public_address: str = forms.email("Casilla pública")
    recognised: bool = forms.tick("Está en la nómina del Sello Migrante")

    def check(self) -> Iterable[tuple[str, str]]:
        for domain in self.domains.split():
            if not DOMAIN.fullmatch(domain.lower()):
                yield "domains", f"«{domain}» no es un dominio. Escriba uno por línea, como «munitemuco.cl»."


@dataclass(frozen=True)
class ConfirmClaim(forms.FormData):
    """The mailbox answered: a password where there is no account yet, and who is the executive secretary."""

    password: str = secret("Contraseña", required=False)
    password_again: str = secret("Escríbala otra vez", required=False)
    secretary: str = forms.choice("¿Quién ejerce la secretaría ejecutiva?", WHO_IS_SECRETARY, required=True)
    secretary_name: str = forms.text("Nombre y apellido", max_length=120)
    secretary_email: str = forms.email("Correo institucional")
    secretary_cargo: str = forms.text("Cargo", max_length=160)

    def check(self) -> Iterable[tuple[str, str]]:
        yield from _twice(self.password, self.password_again)
        if self.secretary == "other":
            if not self.secretary_name:
                yield "secretary_name", "Escriba el nombre de quien ejerce la secretaría ejecutiva."
            if not self.secretary_email:
                yield "secretary_email", "Escriba su correo: ahí le llegará la invitación."
            if not self.secretary_cargo:
                yield "secretary_cargo", "Escriba su cargo en la municipalidad."


@dataclass(frozen=True)
class AcceptInvitation(forms.FormData):
    """For who has no account yet."""

    name: str = forms.text("Nombre y apellido", required=True, max_length=120)
    password: str = secret("Contraseña")
    password_again: str = secret("Escríbala otra vez")

    def check(self) -> Iterable[tuple[str, str]]:
        return _twice(self.password, self.password_again)


@dataclass(frozen=True)
class Invite(forms.FormData):
    """Somebody is called to the workspace (guide 02 · 1.2)."""

    name: str = forms.text("Nombre y apellido", required=True, max_length=120)
    email: str = forms.email("Correo", required=True)
    cargo: str = forms.text("Cargo", required=True, max_length=160)
    unit: str = forms.text("Unidad municipal", max_length=160)
    roles: tuple[str, ...] = forms.choices("Roles", ROLE_TITLES, required=True)
    entity: str = forms.choice("Tipo de entidad", ENTITIES)
    organisation: str = forms.text("Nombre de la entidad", max_length=200)
    tasks: tuple[str, ...] = forms.choices("Tareas en que apoya", TASKS)
    areas: tuple[str, ...] = forms.choices("Partes que puede abrir", AREAS)
    scope: tuple[str, ...] = forms.choices("Ejes e iniciativas a su cargo")
    until: date | None = forms.day("Último día de acceso")


@dataclass(frozen=True)
class EditMember(forms.FormData):
    """What somebody is and may do in the workspace."""

    cargo: str = forms.text("Cargo", required=True, max_length=160)
    unit: str = forms.text("Unidad municipal", max_length=160)
    roles: tuple[str, ...] = forms.choices("Roles", ROLE_TITLES, required=True)
    entity: str = forms.choice("Tipo de entidad", ENTITIES)
    organisation: str = forms.text("Nombre de la entidad", max_length=200)
    tasks: tuple[str, ...] = forms.choices("Tareas en que apoya", TASKS)
    areas: tuple[str, ...] = forms.choices("Partes que puede abrir", AREAS)
    scope: tuple[str, ...] = forms.choices("Ejes e iniciativas a su cargo")
    until: date | None = forms.day("Último día de acceso")
    version: int = forms.revision()


@dataclass(frozen=True)
class AskAccess(forms.FormData):
    """Somebody outside asks to be let in."""

    name: str = forms.text("Nombre y apellido", required=True, max_length=120)
    email: str = forms.email("Correo institucional", required=True)
    cargo: str = forms.text("Cargo y unidad", required=True, max_length=160)
    message: str = forms.prose("¿Para qué lo necesita?", max_length=1000)


@dataclass(frozen=True)
class NewToken(forms.FormData):
    name: str = forms.text("¿Para qué es esta llave?", required=True, max_length=120)
    days: str = forms.choice("Vigencia", TERMS, required=True, default="90")


def _twice(first: str, second: str) -> Iterable[tuple[str, str]]:
    if first != second:
        yield "password_again", "Las dos contraseñas no son iguales. Escríbalas de nuevo."


TERM_KINDS = {"holder": "Es titular", "substitute": "Subroga mientras el titular no está"}


@dataclass(frozen=True)
class AddTerm(forms.FormData):
    """Somebody takes an office, or exercises it for who holds it."""

    office: str = forms.choice(
        "Cargo", {**{key: kind.title for key, kind in OFFICES.items()}, "other": "Otro cargo"}, required=True
    )
    other_office: str = forms.text("¿Cuál?", max_length=120)
    kind: str = forms.choice("¿Cómo lo ejerce?", TERM_KINDS, required=True, default="holder")
    title: str = forms.text("Cómo firma", required=True, max_length=120)
    member: str = forms.reference("Quién")
    name: str = forms.text("Nombre, si no tiene cuenta aquí", max_length=120)
    since: date | None = forms.day("Desde", required=True)
    until: date | None = forms.day("Hasta")
    act: str = forms.text("Acto que lo dispone", max_length=200)
    reason: str = forms.text("Motivo de la ausencia", max_length=200)

    def check(self) -> Iterable[tuple[str, str]]:
        if self.office == "other" and not self.other_office:
            yield "other_office", "Escriba el nombre del cargo."
        if bool(self.member) == bool(self.name):
            yield "member", "Elija a una persona del espacio, o escriba su nombre si no tiene cuenta: una de las dos."


@dataclass(frozen=True)
class EndTerm(forms.FormData):
    last_day: date | None = forms.day("Último día")


HOURS = {"1": "1 hora", "2": "2 horas", "4": "4 horas"}


@dataclass(frozen=True)
class OpenEmergency(forms.FormData):
    """Why an operator looks inside a workspace, and for how long."""

    slug: str = forms.text("Espacio", required=True, max_length=80)
    reason: str = forms.prose("Motivo", required=True, max_length=500)
    hours: str = forms.choice("Por cuánto tiempo", HOURS, required=True, default="1")

    def check(self) -> Iterable[tuple[str, str]]:
        if len(self.reason) < 20:
            yield "reason", "Explique qué pasó: la municipalidad leerá este motivo."
