"""How what happened is told in Spanish: things by their names, fields by the labels of their forms, moments as said."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Protocol
from uuid import UUID
from zoneinfo import ZoneInfo

from markupsafe import Markup, escape

from acogida.kernel.audit import AuditEntry
from acogida.kernel.clock import Clock, today
from acogida.kernel.db import Base
from acogida.web.format import hour, long_date, number
from acogida.web.forms import Field, FormData

GROUPS: Mapping[str, tuple[str, frozenset[str]]] = {
    "etapas": ("Etapas y pasos", frozenset({"gate", "gate_closing", "stage_date", "cycle"})),
    "actos": ("Carta, acuerdos y decretos", frozenset({"act", "signatory", "act_entry", "act_submission"})),
    "equipos": ("Equipos y mesa", frozenset({"body", "body_member", "contact"})),
    "sesiones": ("Sesiones y acuerdos", frozenset({"meeting", "attendance", "agreement", "internal_validation"})),
    "pre-diagnostico": (
        "Fuentes, servicios y redes",
        frozenset({"source", "service", "organization", "inquiry_decision"}),
    ),
    "talleres": ("Talleres", frozenset({"workshop", "workshop_group", "workshop_entry"})),
    "hallazgos": ("Hallazgos", frozenset({"finding", "evidence"})),
    "informe": ("Informe de diagnóstico", frozenset({"report_section", "report_version"})),
    "objetivos": (
        "Visión, objetivos y ejes",
        frozenset({"strategic_frame", "objective", "objective_finding", "axis", "alignment_link", "alignment"}),
    ),
    "iniciativas": (
        "Iniciativas",
        frozenset({"initiative", "initiative_finding", "plan_review", "adoption", "extension_value"}),
    ),
    "documento": ("Documento y observaciones", frozenset({"policy_section", "policy_version", "observation"})),
    "difusion": ("Difusión", frozenset({"diffusion_plan", "diffusion_action"})),
    "seguimiento": ("Seguimiento", frozenset({"action_plan", "progress_update"})),
    "personas": (
        "Personas, cargos y accesos",
        frozenset(
            {"membership", "invitation", "access_request", "api_token", "office_term", "outsider_look", "break_glass"}
        ),
    ),
    "archivo": ("Archivos", frozenset({"file", "file_check", "upload"})),
    "extensiones": ("Extensiones", frozenset({"extension", "extension_copy"})),
    "salida": ("Llevarse todo y salir", frozenset({"departure", "exit_pack", "workspace"})),
    "tareas": ("Tareas del sistema", frozenset({"job"})),
}
"""What a reader may choose to see: address → (words, tables or first words of the tag)."""

EXTENSIONS = "extensiones"
"""The group that also takes what extensions keep: the core does not know their tables by name."""

KINDS = {"token": "por la API", "system": "automático", "stranger": "desde fuera"}
"""How something was done, where it was not by a person at the screen."""

LISTENERS = {
    "look_at_file": "Revisar un archivo que llegó",
    "hold_file": "Avisar al almacén de una conservación obligatoria",
    "drop_file": "Borrar del almacén un archivo que se quitó",
    "drop_upload": "Borrar los trozos de una subida",
    "tidy_files": "Ordenar el archivo cada noche",
    "check_files": "Revisar el archivo entero",
    "copy_extensions": "Copiar lo que registraron las extensiones",
    "drop_old_packs": "Borrar los paquetes de salida vencidos",
    "examine_signatures": "Comprobar las firmas de un documento",
    "leave_when_due": "Dejar Acogida el día decidido",
    "make_exit_pack": "Preparar el paquete de salida",
    "practice_index": "Poner al día la búsqueda de buenas prácticas",
    "remind_signatories": "Recordar a quienes deben firmar",
    "seal_policy": "Imprimir el código de verificación en la Política",
    "tell_adoptions": "Contar los resultados de una práctica adoptada",
}
_TASKS = {"deliver": "Avisar de un cambio"}
_ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_EMPHASIS = re.compile(r"\*([^*\n]+)\*")


class Task(Protocol):
    """A task of the queue, as far as its name goes."""

    @property
    def id(self) -> int: ...

    @property
    def task(self) -> str: ...

    @property
    def listener(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Change:
    """A field that changed, as it is read on the screen."""

    label: str
    before: str
    after: str
    long: bool
    """Whether it is prose, to be read one version under the other."""


@dataclass(frozen=True, slots=True)
class Told:
    """An entry of the book, told."""

    id: UUID
    seq: int
    who: str
    text: Markup
    when: str
    how: str
    """How it was done; empty when a person did it at the screen."""
    changes: tuple[Change, ...]
    href: str = ""
    initials: str = ""

    @property
    def outside(self) -> bool:
        """Whether whoever did it is not a person of the workspace at the screen."""
        return self.how == KINDS["stranger"]


def things_in(group: str) -> frozenset[str] | None:
    """This function will give the tables of a group; None where there is no such group."""
    if group not in GROUPS:
        return None
    return GROUPS[group][1] | (_of_extensions() if group == EXTENSIONS else frozenset())


@cache
def _of_extensions() -> frozenset[str]:
    return frozenset(
        mapper.class_.__tablename__
        for mapper in Base.registry.mappers
        if not mapper.class_.__module__.startswith("acogida.")
    )


def tell(entry: AuditEntry, clock: Clock, zone: ZoneInfo) -> Told:
    """This function will tell an entry in the time of the commune."""
    return Told(
        id=entry.id,
        seq=entry.seq,
        who=entry.actor_name or "Acogida",
        text=emphasised(entry.sentence),
        when=said(entry.at, today(clock, zone), zone),
        how=KINDS.get(entry.actor_kind, ""),
        changes=tuple(_changes(entry)),
    )


def emphasised(sentence: str) -> Markup:
    """This function will set what a sentence carries between asterisks in italics, and everything else as it is."""
    return Markup(_EMPHASIS.sub(r"<i>\1</i>", str(escape(sentence))))  # noqa: S704 because it was escaped first


def said(at: datetime, now: date, zone: ZoneInfo) -> str:
    """This function will write a moment as people say it: «Hoy 17:32», «Ayer 11:05», «3 de marzo de 2027, 09:10»."""
    day = at.astimezone(zone).date()
    near = {0: "Hoy", 1: "Ayer"}.get((now - day).days)
    return f"{near} {hour(at, zone)}" if near else f"{long_date(day)}, {hour(at, zone)}"


def task(job: Task) -> str:
    """This function will name a task of the queue."""
    if job.listener:
        return LISTENERS.get(job.listener, f"Tarea «{job.listener}»")
    return _TASKS.get(job.task, f"Tarea «{job.task}»")


def _changes(entry: AuditEntry) -> Iterator[Change]:
    fields = _fields(entry.subject_type)
    for name, pair in entry.changes.items():
        if not isinstance(pair, list) or len(pair) != 2 or name == "version":
            continue
        before, after = pair
        if any(_is_id(value) for value in pair):
            continue
        field = fields.get(name)
        shown = written(field, before), written(field, after)
        if not any(shown):
            continue
        long = any(len(text) > 80 or "\n" in text for text in shown)
        yield Change(field.label if field else _LABELS.get(name, name.replace("_", " ").capitalize()), *shown, long)


_LABELS = {
    "reason": "Motivo",
    "cargo": "Cargo",
    "basis": "Se cerró con",
    "missing": "Faltaba",
    "valid_from": "Rige desde",
    "valid_until": "Rige hasta",
    "status": "Estado",
    "job": "Número de la tarea",
    **{
        f"{stage}_{part}": f"{words}: {label}"
        for stage, words in (
            ("preparation", "Preparación"),
            ("diagnosis", "Diagnóstico"),
            ("planning", "Planificación"),
            ("validation", "Validación"),
            ("implementation", "Implementación"),
        )
        for part, label in (("starts_on", "inicio"), ("ends_on", "término"), ("lead", "conduce"))
    },
}
"""Words for fields that belong to no form."""


@cache
def _fields(table: str) -> Mapping[str, Field]:
    """The fields of the forms of the feature that keeps this table: what the person saw when filling them in."""
    tables = {mapper.class_.__tablename__: mapper.class_.__module__ for mapper in Base.registry.mappers}
    feature = tables.get(table, "").rpartition(".")[0]
    forms = (form for form in _forms(FormData) if form.__module__.rpartition(".")[0] == feature)
    return {name: field for form in forms for name, field in form.form_fields().items()}


def _forms(kind: type[FormData]) -> Iterator[type[FormData]]:
    for form in kind.__subclasses__():
        yield form
        yield from _forms(form)


def written(field: Field | None, value: object) -> str:
    """This function will write a kept value as the screen does; nothing for nothing."""
    if value is None or value in ("", [], {}):
        return ""
    if isinstance(value, bool):
        return "Sí" if value else "No"
    if isinstance(value, list):
        parts = [written(field, item) for item in value]
        return ("\n" if any(len(part) > 40 for part in parts) else ", ").join(parts)
    if isinstance(value, dict):
        return "\n".join(f"{key}: {written(field, item)}" for key, item in value.items() if item not in (None, ""))
    if isinstance(value, int | float):
        return number(value) if isinstance(value, int) else number(value, 1)
    text = str(value)
    if field and field.options and text in field.options:
        return field.options[text]
    return long_date(date.fromisoformat(text)) if _ISO_DATE.fullmatch(text) else text


def _is_id(value: object) -> bool:
    try:
        return isinstance(value, str) and len(value) == 36 and bool(UUID(value))
    except ValueError:
        return False
