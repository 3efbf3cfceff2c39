"""Accounts and what they may reach. Passwords, sessions and keys are kept as hashes only."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import ForeignKey, LargeBinary, UniqueConstraint, func
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
LONGEST_TERM = timedelta(days=366)
"""How far ahead an adviser's access may end; it can be renewed."""


def faults_of_access(
    *, roles: Sequence[str], entity: str, tasks: Sequence[str], until: date | None, today: date
) -> dict[str, str]:
    """This function will tell what is wrong with an access, by field (guide 02 · 1.2; decisions on external support)."""
    faults: dict[str, str] = {}
    external = [key for key in roles if ROLES[key].external]
    if external and LEADING & {*roles}:
        leading = next(ROLES[key].title for key in roles if key in LEADING)
        faults["roles"] = (
            f"«{ROLES[external[0]].title}» es un apoyo externo y no puede llevar a la vez el rol «{leading}»: conducir es de la municipalidad."
        )
    if ADVISER in roles:
        if entity not in ENTITIES:
            faults["entity"] = "Indique a qué tipo de entidad pertenece."
        if not tasks:
            faults["tasks"] = "Elija al menos una tarea en que apoya."
        if until is None:
            faults["until"] = "El acceso de un asesor externo tiene plazo: escriba hasta cuándo."
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
    until: Mapped[date | None]
    """Last day of the access that it gives, for external advisers."""
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
