"""Who is at the door: a cookie or a key becomes an `Actor`, a path's slug becomes a `Tenant`, in one round trip.

A slug that does not exist and a workspace where the person has no place give the same answer: no tenant.
"""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from acogida.kernel.clock import Clock
from acogida.kernel.db import Database
from acogida.kernel.permissions import ROLES, platform_rights_of, rights_of
from acogida.kernel.tenancy import STRANGER, Actor, PersonId, Tenant, TenantId

IDLE = timedelta(hours=12)
"""A session that nobody uses for this long ends."""

_SESSION = text("select * from core.authenticate(:session, :slug, :now)")
_TOKEN = text("select * from core.authenticate_token(:token, :slug, :now)")
_SEEN = text(
    "update core.web_session set seen_at = :now, expires_at = least(:until, created_at + interval '14 days') where id_hash = :session"
)
_RENEWED = text(
    """
    with old as (
        update core.web_session set renew = false, expires_at = least(expires_at, :grace)
        where id_hash = :session and renew returning *
    )
    insert into core.web_session (id_hash, person_id, created_at, seen_at, expires_at, agent, method, strong_at, renew)
    select :fresh, person_id, created_at, :now, least(:until, created_at + interval '14 days'), agent, method, strong_at, false
    from old returning 1
    """
)
GRACE = timedelta(seconds=60)
"""How long the secret of before still opens, for the other pages that the browser was asking for at that moment."""


@dataclass(frozen=True, slots=True)
class Identity:
    """What the door found out. `tenant` is set only when the actor has a place in it."""

    actor: Actor = STRANGER
    tenant: Tenant | None = None
    platform_roles: frozenset[str] = frozenset()
    areas: frozenset[str] = frozenset()
    """Parts of the workspace that the actor may open; empty for all of it."""
    strong: bool = False
    """Whether a second factor was shown in this session."""
    fresh_secret: str = ""
    """What the cookie must hold from now on, where the session has just been renewed."""

    @property
    def signed_in(self) -> bool:
        return self.actor.person_id is not None

    @property
    def outside(self) -> bool:
        """Whether the actor is in this workspace only as somebody from outside, whose every look is shown."""
        held = [ROLES[key] for key in self.actor.roles if key in ROLES]
        return bool(held) and all(role.external for role in held)

    @property
    def must_prove(self) -> bool:
        """Whether this office asks for a second factor that the session has not shown."""
        return bool(self.platform_roles) and not self.strong


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


def _rights(roles: Sequence[str] | None) -> frozenset[str]:
    """Whoever rests while another exercises their office keeps reading."""
    return frozenset({"workspace:read"}) if roles is not None and not roles else rights_of(roles or ())


async def by_session(
    database: Database, clock: Clock, cookie: str | None, slug: str | None, *, renewing: bool = False
) -> Identity:
    """This function will tell who holds the session of this cookie, and their place in the workspace `slug`.

    With `renewing`, a session whose rights have changed gets another secret, told in `fresh_secret`.
    """
    if not cookie:
        return Identity()
    now = clock.now()
    async with database.connection() as connection:
        row = (await connection.execute(_SESSION, {"session": digest(cookie), "slug": slug, "now": now})).one()
        if row.person_id is None:
            return Identity()
        fresh = await _renew(connection, cookie, now) if row.renew and renewing else ""
        if not row.renew and _stale(row.seen_at, now):
            await connection.execute(_SEEN, {"session": digest(cookie), "now": now, "until": now + IDLE})
    roles, offices = frozenset(row.roles or ()), frozenset(row.platform_roles)
    actor = Actor(
        PersonId(row.person_id),
        row.person_name,
        row.email,
        roles=roles,
        unit=row.unit or "",
        rights=_rights(row.roles) | platform_rights_of(offices),
        scope=frozenset(row.scope or ()),
        acting_for=row.acting_for or "",
        region=row.region_code,
    )
    return Identity(
        actor,
        _tenant(row, slug or ""),
        offices,
        areas=frozenset(row.areas or ()),
        strong=row.strong_at is not None,
        fresh_secret=fresh,
    )


async def _renew(connection: AsyncConnection, cookie: str, now: datetime) -> str:
    """Another secret for the same session; empty where another request of the same browser was first."""
    fresh = new_secret()
    renewed = await connection.scalar(
        _RENEWED,
        {"session": digest(cookie), "fresh": digest(fresh), "now": now, "grace": now + GRACE, "until": now + IDLE},
    )
    return fresh if renewed else ""


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
        rights=_rights(row.roles),
        scope=frozenset(row.scope or ()),
        acting_for=row.acting_for or "",
    )
    return Identity(actor, _tenant(row, slug), areas=frozenset(row.areas or ()))


def _stale(seen_at: datetime, now: datetime) -> bool:
    return now - seen_at > timedelta(minutes=5)
