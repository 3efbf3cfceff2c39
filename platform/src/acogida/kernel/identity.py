"""Who is at the door: a cookie or a key becomes an `Actor`, a path's slug becomes a `Tenant`, in one round trip.

A slug that does not exist and a workspace where the person has no place give the same answer: no tenant.
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import text

from acogida.kernel.clock import Clock
from acogida.kernel.db import Database
from acogida.kernel.permissions import rights_of
from acogida.kernel.tenancy import STRANGER, Actor, PersonId, Tenant, TenantId

IDLE = timedelta(hours=12)
"""A session that nobody uses for this long ends."""

_SESSION = text("select * from core.authenticate(:session, :slug, :now)")
_TOKEN = text("select * from core.authenticate_token(:token, :slug, :now)")
_SEEN = text(
    "update core.web_session set seen_at = :now, expires_at = least(:until, created_at + interval '14 days') where id_hash = :session"
)


@dataclass(frozen=True, slots=True)
class Identity:
    """What the door found out. `tenant` is set only when the actor has a place in it."""

    actor: Actor = STRANGER
    tenant: Tenant | None = None
    platform_roles: frozenset[str] = frozenset()

    @property
    def signed_in(self) -> bool:
        return self.actor.person_id is not None


def new_secret() -> str:
    """This function will make a value that nobody can guess: 256 bits, fit for a cookie or a link."""
    return secrets.token_urlsafe(32)


def digest(secret: str) -> bytes:
    """This function will give the SHA-256 under which a secret is kept."""
    return hashlib.sha256(secret.encode()).digest()


def _tenant(row: Any, slug: str) -> Tenant | None:
    if row.tenant_id is None or row.roles is None:
        return None
    return Tenant(TenantId(row.tenant_id), slug, row.tenant_name, row.cut, row.cycle_id, row.demo)


async def by_session(database: Database, clock: Clock, cookie: str | None, slug: str | None) -> Identity:
    """This function will tell who holds the session of this cookie, and their place in the workspace `slug`."""
    if not cookie:
        return Identity()
    now = clock.now()
    async with database.connection() as connection:
        row = (await connection.execute(_SESSION, {"session": digest(cookie), "slug": slug, "now": now})).one()
        if row.person_id is None:
            return Identity()
        if _stale(row.seen_at, now):
            await connection.execute(_SEEN, {"session": digest(cookie), "now": now, "until": now + IDLE})
    roles = frozenset(row.roles or ())
    actor = Actor(
        PersonId(row.person_id), row.person_name, row.email, roles=roles, unit=row.unit or "", rights=rights_of(roles)
    )
    return Identity(actor, _tenant(row, slug or ""), frozenset(row.platform_roles))


async def by_token(database: Database, clock: Clock, token: str, slug: str) -> Identity:
    """This function will tell whose key this is, in the workspace `slug`; a key opens no other."""
    now = clock.now()
    async with database.connection() as connection:
        row = (await connection.execute(_TOKEN, {"token": digest(token), "slug": slug, "now": now})).one_or_none()
    if row is None:
        return Identity()
    roles = frozenset(row.roles)
    actor = Actor(
        PersonId(row.person_id),
        row.person_name,
        row.email,
        kind="token",
        roles=roles,
        unit=row.unit or "",
        token_id=row.token_id,
        rights=rights_of(roles),
    )
    return Identity(actor, _tenant(row, slug))


def _stale(seen_at: datetime, now: datetime) -> bool:
    return now - seen_at > timedelta(minutes=5)
