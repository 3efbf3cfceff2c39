"""What people fill in about teams, mesa and concejo, and about their sessions."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import zip_longest

from acogida.features.bodies.words import ADVISER_KINDS, ADVISER_TASKS, BODY_KINDS, MEETING_KINDS, ROLES
from acogida.web import forms
from acogida.web.forms import D, Form

BODIES = {kind.key: kind.title for kind in BODY_KINDS.values()}
_HOUR = re.compile(r"^([01]?\d|2[0-3])[:.h]([0-5]\d)$")


def rows_of(
    kind: type[D], fields: Mapping[str, Sequence[str]], prefix: str, *, ticks: Collection[str] = ()
) -> list[Form[D]]:
    """This function will read the rows of a table of fields, one form each, in the order they were shown.

    A row sends its `<prefix>key` and one value of each column; a column of ticks sends the keys of the ticked rows.
    """
    columns = [name for name in kind.form_fields() if name not in ticks]
    values = {name: fields.get(f"{prefix}{name}", ()) for name in columns}
    ticked = {name: set(fields.get(f"{prefix}{name}", ())) for name in ticks}
    read: list[Form[D]] = []
    for row in zip_longest(*(values[name] for name in columns), fillvalue=""):
        one = {name: [value] for name, value in zip(columns, row, strict=True)}
        one.update({name: ["yes"] if one["key"][0] in keys else [] for name, keys in ticked.items()})
        read.append(forms.read(kind, one))
    return read


@dataclass(frozen=True)
class EditBody(forms.FormData):
    """How a body works: a new one, or an instance that already met (RES-04)."""

    existing_instance: str = forms.text("Instancia que ya existía", max_length=200)
    formed_on: date | None = forms.day("Fecha en que se constituyó")
    frequency: str = forms.text("Cada cuánto se reúne", max_length=200)
    rules: str = forms.prose("Cómo funciona", max_length=6000)
    version: int = forms.revision()


@dataclass(frozen=True)
class EditMember(forms.FormData):
    """Somebody in a body. External advisers support and never preside nor decide (PREP-1.2-21)."""

    name: str = forms.text("Nombre", required=True, max_length=160)
    cargo: str = forms.text("Cargo", required=True, max_length=160)
    organization: str = forms.text("Unidad u organización", max_length=160)
    email: str = forms.email("Correo")
    role: str = forms.choice("Rol", ROLES, required=True, default="member")
    suggested_role: str = forms.text("Lugar sugerido", max_length=60)
    is_chief: bool = forms.tick("Es dirección o jefatura")
    adviser_kind: str = forms.choice("Tipo de entidad", ADVISER_KINDS)
    adviser_tasks: tuple[str, ...] = forms.choices("En qué ayuda", ADVISER_TASKS)
    version: int = forms.revision()

    def check(self) -> Iterable[tuple[str, str]]:
        if self.role == "adviser" and not self.adviser_kind:
            yield "adviser_kind", "Diga a qué tipo de entidad pertenece la asesoría."
        if self.role == "adviser" and not self.adviser_tasks:
            yield "adviser_tasks", "Elija en qué ayuda: coordinar, sistematizar, facilitar o elaborar documentos."


@dataclass(frozen=True)
class MemberRow(forms.FormData):
    """A line of the nómina still to be completed. In a suggested place the cargo may be left out: it is the place's."""

    key: str = forms.text("Fila", max_length=60)
    suggested_role: str = forms.text("Lugar sugerido", max_length=60)
    name: str = forms.text("Nombre", max_length=160)
    cargo: str = forms.text("Cargo", max_length=160)
    organization: str = forms.text("Unidad u organización", max_length=160)
    email: str = forms.email("Correo")
    is_chief: bool = forms.tick("Es dirección o jefatura")

    def check(self) -> Iterable[tuple[str, str]]:
        if self.name and not self.cargo and not self.suggested_role:
            yield "cargo", "Falta el cargo."


@dataclass(frozen=True)
class MemberRows(forms.FormData):
    """The whole nómina to be completed, as its draft is kept."""

    key: tuple[str, ...] = forms.choices("Fila")
    suggested_role: tuple[str, ...] = forms.choices("Lugar sugerido")
    name: tuple[str, ...] = forms.choices("Nombre")
    cargo: tuple[str, ...] = forms.choices("Cargo")
    organization: tuple[str, ...] = forms.choices("Unidad u organización")
    email: tuple[str, ...] = forms.choices("Correo")
    is_chief: tuple[str, ...] = forms.choices("Es dirección o jefatura")


@dataclass(frozen=True)
class EditContact(forms.FormData):
    """An actor needed somewhere, and the talk about what is expected of them (PREP-1.2-32, 33)."""

    body_kind: str = forms.choice("¿Para qué instancia?", BODIES, required=True)
    name: str = forms.text("Persona u organización", required=True, max_length=160)
    cargo: str = forms.text("Cargo o papel en la comuna", max_length=160)
    reason: str = forms.text("¿Por qué hace falta?", required=True, max_length=400)
    talked_on: date | None = forms.day("Fecha de la conversación")
    notes: str = forms.prose("Resultado de la conversación", max_length=4000)
    version: int = forms.revision()


@dataclass(frozen=True)
class EditInternalValidation(forms.FormData):
    """One unit's validation where the directors can't meet as one (VAL-4.1-03)."""

    unit: str = forms.text("Unidad", required=True, max_length=160)
    validated_by: str = forms.text("Quien valida", required=True, max_length=160)
    cargo: str = forms.text("Cargo", required=True, max_length=160)
    validated_on: date | None = forms.day("Fecha", required=True)
    notes: str = forms.prose("Ajustes pedidos o comentarios", max_length=6000)
    version: int = forms.revision()


@dataclass(frozen=True)
class MeetingTerms(forms.FormData):
    """What is known of a session before it is held."""

    kind: str = forms.choice("Tipo de sesión", MEETING_KINDS, required=True)
    body_kind: str = forms.choice("Equipo o instancia", BODIES)
    title: str = forms.text("Título", required=True, max_length=200)
    held_on: date | None = forms.day("Fecha", required=True)
    starts_at: str = forms.text("Hora", max_length=5)
    place: str = forms.text("Lugar", max_length=200)
    agenda: str = forms.prose("Tabla", max_length=8000)
    scope: str = forms.prose("Qué pueden cambiar los comentarios y qué no", max_length=4000)

    def check(self) -> Iterable[tuple[str, str]]:
        if self.starts_at and not _HOUR.match(self.starts_at):
            yield "starts_at", "Escriba la hora como 10:30."


@dataclass(frozen=True)
class EditMeeting(MeetingTerms):
    """The whole of a session: what was planned and what happened."""

    minutes: str = forms.prose("Desarrollo de la sesión", max_length=60_000)
    presented_policy: bool = forms.tick("Se presentó la Política en esta sesión")
    feedback: str = forms.prose("Retroalimentación recibida", max_length=20_000)
    held: bool = forms.tick("La sesión ya se realizó")
    version: int = forms.revision()


@dataclass(frozen=True)
class AttendeeRow(forms.FormData):
    """Somebody called to a session. `key` is the id of who was listed, or anything else for somebody new."""

    key: str = forms.text("Fila", max_length=60)
    name: str = forms.text("Nombre", max_length=160)
    cargo: str = forms.text("Cargo o perfil", max_length=160)
    organization: str = forms.text("Unidad u organización", max_length=160)
    present: bool = forms.tick("Asistió")
    remove: bool = forms.tick("Quitar de la lista")


@dataclass(frozen=True)
class AgreementRow(forms.FormData):
    """Something agreed. `key` is the id of what was noted before, or anything else for something new."""

    key: str = forms.text("Fila", max_length=60)
    text: str = forms.text("Acuerdo", max_length=1000)
    responsible: str = forms.text("Responsable", max_length=160)
    due_on: date | None = forms.day("Plazo")
    done: bool = forms.tick("Cumplido")
    remove: bool = forms.tick("Quitar")

    def check(self) -> Iterable[tuple[str, str]]:
        if not self.text and (self.responsible or self.due_on):
            yield "text", "Escriba qué se acordó."


ATTENDEE_TICKS = ("present", "remove")
AGREEMENT_TICKS = ("done", "remove")


@dataclass(frozen=True)
class MeetingSheet(EditMeeting):
    """A session with its rows, as the draft of its page is kept."""

    answer_key: tuple[str, ...] = forms.choices("Pregunta")
    answer: tuple[str, ...] = forms.choices("Respuesta")
    attendee_key: tuple[str, ...] = forms.choices("Asistente")
    attendee_name: tuple[str, ...] = forms.choices("Nombre")
    attendee_cargo: tuple[str, ...] = forms.choices("Cargo o perfil")
    attendee_organization: tuple[str, ...] = forms.choices("Unidad u organización")
    attendee_present: tuple[str, ...] = forms.choices("Asistió")
    attendee_remove: tuple[str, ...] = forms.choices("Quitar de la lista")
    agreement_key: tuple[str, ...] = forms.choices("Acuerdo")
    agreement_text: tuple[str, ...] = forms.choices("Acuerdo")
    agreement_responsible: tuple[str, ...] = forms.choices("Responsable")
    agreement_due_on: tuple[str, ...] = forms.choices("Plazo")
    agreement_done: tuple[str, ...] = forms.choices("Cumplido")
    agreement_remove: tuple[str, ...] = forms.choices("Quitar")
