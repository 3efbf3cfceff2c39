"""Accounts, what they may reach, and the offices that people hold.

Passwords, sessions, recovery codes and keys are kept as hashes only; the secret of an authenticator is sealed.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, LargeBinary, UniqueConstraint, func
from sqlalchemy.orm import Mapped, mapped_column

from acogida.kernel.db import GlobalTable, TenantTable, new_id
from acogida.kernel.permissions import ROLES

ADVISER = "adviser"
"""The role of who supports from outside; only the executive secretary gives, renews and takes it (PREP-1.2-24)."""
LEADING = frozenset({"secretary", "president", "executive_member", "mayor"})
"""Roles that lead the process: never for somebody external (PREP-1.2-22)."""
ENTITIES = {
    "consultancy": "Consultora",
    "international_body": "Organismo internacional",
    "civil_society": "Organización de la sociedad civil",
    "university": "Institución académica",
    "sermig": "Servicio Nacional de Migraciones",
}
TASKS = {
    "coordinate": "Coordinar",
    "systematise": "Sistematizar",
    "facilitate": "Facilitar",
    "write": "Elaborar documentos",
}
AREAS = {
    "preparation": "Preparación, equipos y sesiones",
    "diagnosis": "Diagnóstico y talleres",
    "planning": "Planificación e iniciativas",
    "document": "Documento, validación y difusión",
    "monitoring": "Seguimiento",
    "archive": "Archivo",
}
"""Parts of a workspace that may be opened to somebody from outside, one by one."""
_PLACES = {
    "preparacion": "preparation",
    "actos": "preparation",
    "equipos": "preparation",
    "sesiones": "preparation",
    "diagnostico": "diagnosis",
    "talleres": "diagnosis",
    "planificacion": "planning",
    "iniciativas": "planning",
    "documento": "document",
    "resumen": "document",
    "validacion": "document",
    "difusion": "document",
    "seguimiento": "monitoring",
    "archivo": "archive",
}
_COMMON = frozenset({"", "etapas", "puertas", "personas", "borradores", "borradores-descartar"})
"""The board, the steps and who works here: open to whoever is in."""


def area_open(place: str, areas: Collection[str]) -> bool:
    """This function will tell whether somebody given these areas may open a place of the workspace, `diagnostico/fuentes`.

    Without areas everything is open. What belongs to no area (search, activity, extensions) tells of all of them, so it
    is closed to who was given some.
    """
    first = place.partition("/")[0].partition(".")[0]
    return not areas or first in _COMMON or _PLACES.get(first) in areas


@dataclass(frozen=True, slots=True)
class OfficeKind:
    """An office that every municipality has."""

    title: str
    gives_role: str = ""
    """Role of the workspace that comes with it."""


OFFICES: dict[str, OfficeKind] = {
    "alcaldia": OfficeKind("Alcaldía", "mayor"),
    "secretaria_municipal": OfficeKind("Secretaría Municipal"),
    "administracion": OfficeKind("Administración Municipal"),
    "dideco": OfficeKind("Dirección de Desarrollo Comunitario"),
    "secplan": OfficeKind("Secretaría Comunal de Planificación"),
}
LONGEST_TERM = timedelta(days=366)
"""How far ahead an adviser's access may end; it can be renewed."""


OBSERVER = "observer"
"""The role of who looks from another institution: it writes nothing, and has its term too."""


def faults_of_access(
    *,
    roles: Sequence[str],
    entity: str,
    tasks: Sequence[str],
    until: date | None,
    today: date,
) -> dict[str, str]:
    """This function will tell what is wrong with an access, by field (guide 02 · 1.2; decisions on external support)."""
    faults: dict[str, str] = {}
    external = [key for key in roles if ROLES[key].external]
    if external and LEADING & {*roles}:
        leading = next(ROLES[key].title for key in roles if key in LEADING)
        faults["roles"] = (
            f"«{ROLES[external[0]].title}» es un apoyo externo y no puede llevar a la vez el rol «{leading}»: conducir es de la municipalidad."
        )
    if ADVISER in roles or OBSERVER in roles:
        if entity not in ENTITIES:
            faults["entity"] = "Indique a qué tipo de entidad pertenece."
        if not tasks and ADVISER in roles:
            faults["tasks"] = "Elija al menos una tarea en que apoya."
        if until is None:
            faults["until"] = "El acceso de quien viene de fuera tiene plazo: escriba hasta cuándo."
        elif until - today > LONGEST_TERM:
            faults["until"] = "El plazo puede llegar hasta un año; después se renueva."
    if until is not None and until < today:
        faults["until"] = "Esa fecha ya pasó."
    return faults


class Person(GlobalTable):
    """One person, one account, several memberships."""

    __tablename__ = "person"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id, server_default=func.uuidv7())
    email: Mapped[str] = mapped_column(unique=True)
    """Lower case."""
    name: Mapped[str]
    password_hash: Mapped[str | None]
    platform_roles: Mapped[list[str]] = mapped_column(default=list, server_default="{}")
    """curator, sermig_regional, sermig_national, operator: offices outside any workspace."""
    region_code: Mapped[str] = mapped_column(default="", server_default="")
    """Region of a regional officer of Sermig; empty for everybody else."""
    run: Mapped[str | None] = mapped_column(unique=True)
    """RUN that ClaveÚnica told when this person tied it to the account, `12345678-5`."""
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    disabled_at: Mapped[datetime | None]


class WebSession(GlobalTable):
    """A signed-in browser. The cookie holds a random value; here stands its SHA-256."""

    __tablename__ = "web_session"

    id_hash: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("core.person.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    agent: Mapped[str]
    method: Mapped[str] = mapped_column(default="password", server_default="password")
    """password, passkey or claveunica: how the person proved who they are."""
    strong_at: Mapped[datetime | None]
    """When a second factor was shown; None in a session of a password alone."""
    renew: Mapped[bool] = mapped_column(default=False, server_default="false")
    """True when what the person may do has changed: the next page gives the browser another secret."""


class SignInStep(GlobalTable):
    """Half a sign-in: a password that waits for its second factor, or the challenge of a passkey."""

    __tablename__ = "sign_in_step"

    id_hash: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("core.person.id", ondelete="CASCADE"))
    kind: Mapped[str]
    """factor or passkey."""
    data: Mapped[dict[str, Any]]
    expires_at: Mapped[datetime]


class SecondFactor(GlobalTable):
    """An authenticator (TOTP) or a passkey of a person. One not confirmed opens nothing."""

    __tablename__ = "second_factor"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id, server_default=func.uuidv7())
    person_id: Mapped[UUID] = mapped_column(ForeignKey("core.person.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str]
    """totp or passkey."""
    name: Mapped[str]
    secret: Mapped[bytes | None] = mapped_column(LargeBinary)
    """Of an authenticator, sealed with the key of this installation."""
    last_step: Mapped[int] = mapped_column(BigInteger, default=0, server_default="0")
    """The last half minute whose code was accepted: each code serves once."""
    credential_id: Mapped[bytes | None] = mapped_column(LargeBinary, unique=True)
    public_key: Mapped[bytes | None] = mapped_column(LargeBinary)
    sign_count: Mapped[int] = mapped_column(BigInteger, default=0, server_default="0")
    created_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    last_used_at: Mapped[datetime | None]


class RecoveryCode(GlobalTable):
    """One of the codes printed for the day on which the telephone is lost. Each serves once."""

    __tablename__ = "recovery_code"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("core.person.id", ondelete="CASCADE"), primary_key=True)
    code_hash: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    used_at: Mapped[datetime | None]


class PlatformEntry(GlobalTable):
    """What was done outside any workspace, by whom: claims decided, offices given, emergencies. It can only grow."""

    __tablename__ = "platform_entry"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id, server_default=func.uuidv7())
    at: Mapped[datetime]
    actor_id: Mapped[UUID | None]
    actor_name: Mapped[str]
    tag: Mapped[str]
    sentence: Mapped[str]


class PasswordReset(GlobalTable):
    """A link to choose a password: for who forgot it."""

    __tablename__ = "password_reset"

    token_hash: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("core.person.id", ondelete="CASCADE"), index=True)
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class Membership(TenantTable):
    """A person's place in a workspace: roles, cargo, dates. The person may read their own from anywhere."""

    __tablename__ = "membership"
    __table_args__ = (UniqueConstraint("tenant_id", "person_id"),)
    __person_may_read__ = True

    person_id: Mapped[UUID] = mapped_column(ForeignKey("core.person.id"), index=True)
    roles: Mapped[list[str]]
    cargo: Mapped[str]
    unit: Mapped[str] = mapped_column(default="", server_default="")
    """Municipal unit, as initiatives name it: a unit owner reports on the initiatives of this unit."""
    entity: Mapped[str] = mapped_column(default="", server_default="")
    """For who supports from outside, one of ENTITIES (guide 02 · 1.2, asesoría técnica); empty for municipal staff."""
    organisation: Mapped[str] = mapped_column(default="", server_default="")
    tasks: Mapped[list[str]] = mapped_column(default=list, server_default="{}")
    """What an external adviser helps with: keys of TASKS."""
    since: Mapped[date]
    until: Mapped[date | None]
    """Last day of access, this one included; an adviser always has one."""
    ended_on: Mapped[date | None]
    """The day on which somebody ended it before its term."""
    expires_at: Mapped[datetime | None]
    """The minute at which it ends, where days are too long: the access of an emergency."""
    scope: Mapped[list[str]] = mapped_column(default=list, server_default="{}")
    """What `_own` rights reach besides the unit: `axis:<id>`, `initiative:<id>`."""
    areas: Mapped[list[str]] = mapped_column(default=list, server_default="{}")
    """Parts of the workspace that somebody from outside may open, keys of AREAS; empty for all of it."""

    def active(self, on: date) -> bool:
        """Whether this opens the workspace on that day."""
        return self.until is None or self.until >= on


class Invitation(TenantTable):
    """A letter that lets somebody in, once, until it expires."""

    __tablename__ = "invitation"

    email: Mapped[str]
    name: Mapped[str]
    cargo: Mapped[str]
    unit: Mapped[str] = mapped_column(default="", server_default="")
    roles: Mapped[list[str]]
    entity: Mapped[str] = mapped_column(default="", server_default="")
    organisation: Mapped[str] = mapped_column(default="", server_default="")
    tasks: Mapped[list[str]] = mapped_column(default=list, server_default="{}")
    scope: Mapped[list[str]] = mapped_column(default=list, server_default="{}")
    areas: Mapped[list[str]] = mapped_column(default=list, server_default="{}")
    until: Mapped[date | None]
    """Last day of the access that it gives, for who comes from outside."""
    token_hash: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    expires_at: Mapped[datetime]
    accepted_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
    invited_by: Mapped[str]

    def open(self, now: datetime) -> bool:
        """Whether its link still lets somebody in."""
        return self.accepted_at is None and self.revoked_at is None and self.expires_at > now


class ApiToken(TenantTable):
    """A key to the API of one workspace, acting as the person who made it."""

    __tablename__ = "api_token"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("core.person.id", ondelete="CASCADE"))
    name: Mapped[str]
    token_hash: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    expires_at: Mapped[datetime]
    last_used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]


class OfficeTerm(TenantTable):
    """An office of the municipality in somebody's hands from one day to another: held, or exercised for who holds it.

    Who holds an office need not have an account here. Two holders never overlap, nor two substitutes.
    """

    __tablename__ = "office_term"
    __table_args__ = (
        Index("ix_office_term_office", "tenant_id", "office", "since"),
        CheckConstraint("until is null or until >= since", name="dates_in_order"),
    )

    office: Mapped[str]
    """A key of OFFICES, or the name of another office as the municipality writes it."""
    title: Mapped[str]
    """As it is signed: «Alcaldesa»."""
    kind: Mapped[str]
    """holder, or substitute: who exercises it while the holder is away (subrogancia)."""
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("core.person.id"))
    name: Mapped[str]
    since: Mapped[date]
    until: Mapped[date | None]
    """Last day, this one included."""
    act: Mapped[str] = mapped_column(default="", server_default="")
    """What ordered it: «Decreto alcaldicio N.º 1.204»."""
    reason: Mapped[str] = mapped_column(default="", server_default="")
    """Why the holder is away."""
    gives_role: Mapped[str] = mapped_column(default="", server_default="")
    """Role of the workspace that comes with the office and passes to who substitutes."""


class OutsiderLook(TenantTable):
    """A page that somebody from outside opened. The municipality sees every one; nobody changes them."""

    __tablename__ = "outsider_look"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("core.person.id"))
    at: Mapped[datetime]
    path: Mapped[str]
    """Relative to the workspace, without what follows a question mark."""
    through: Mapped[str]
    """page or api."""


class BreakGlass(TenantTable):
    """An operator of the platform who looked inside a workspace in an emergency: why, when and until when."""

    __tablename__ = "break_glass"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("core.person.id"))
    operator: Mapped[str]
    reason: Mapped[str]
    opened_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
