"""Accounts and what they may reach. Passwords, sessions and keys are kept as hashes only."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKey, LargeBinary, UniqueConstraint, func
from sqlalchemy.orm import Mapped, mapped_column

from acogida.kernel.db import GlobalTable, TenantTable, new_id


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
    since: Mapped[date]
    until: Mapped[date | None]


class Invitation(TenantTable):
    """A letter that lets somebody in, once, until it expires."""

    __tablename__ = "invitation"

    email: Mapped[str]
    name: Mapped[str]
    cargo: Mapped[str]
    unit: Mapped[str] = mapped_column(default="", server_default="")
    roles: Mapped[list[str]]
    token_hash: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    expires_at: Mapped[datetime]
    accepted_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
    invited_by: Mapped[str]


class ApiToken(TenantTable):
    """A key to the API of one workspace, acting as the person who made it."""

    __tablename__ = "api_token"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("core.person.id", ondelete="CASCADE"))
    name: Mapped[str]
    token_hash: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    expires_at: Mapped[datetime]
    last_used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
