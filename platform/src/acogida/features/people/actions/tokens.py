"""Keys to the API of the workspace. Each acts as the person who made it, in this workspace alone, until it expires."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from acogida.features.people import store
from acogida.features.people.forms import NewToken
from acogida.features.people.model import ApiToken
from acogida.kernel import audit
from acogida.kernel.errors import NotAllowed, NotFound, Rejected
from acogida.kernel.identity import digest, new_secret
from acogida.kernel.work import Work

MOST = 20
"""Keys that one person may have open in one workspace."""


@dataclass(frozen=True, slots=True)
class Made:
    """A key just made. Its secret is shown now and never again."""

    token: ApiToken
    secret: str


async def create(work: Work, wanted: NewToken) -> Made:
    """This function will make a key for whoever asks. A key can't make a key that outlives it."""
    work.require("token:manage")
    if work.actor.person_id is None:
        raise NotFound
    now = work.clock.now()
    if await store.how_many_tokens(work, work.actor.person_id, now) >= MOST:
        raise Rejected(f"Ya tiene {MOST} llaves vigentes en este espacio. Revoque alguna antes de crear otra.")
    until = now + timedelta(days=int(wanted.days))
    if work.actor.token_id:
        until = min(until, (await store.token(work, work.actor.token_id)).expires_at)
    secret = new_secret()
    row = ApiToken(
        person_id=work.actor.person_id,
        name=wanted.name,
        token_hash=digest(secret),
        expires_at=until,
        last_used_at=None,
        revoked_at=None,
    )
    work.session.add(row)
    await work.session.flush()

    await audit.record(
        work, "api_token.created", f"creó la llave de acceso «{row.name}»", subject=row, after={"expires_at": until}
    )
    return Made(row, secret)


async def revoke(work: Work, token_id: UUID) -> ApiToken:
    """This function will make a key useless from now on: one's own, or anybody's for who manages people."""
    work.require("token:manage")
    row = await store.token(work, token_id, lock=True)
    if row.person_id != work.actor.person_id and not work.actor.may("people:invite"):
        raise NotAllowed("Esa llave es de otra persona.")
    if row.revoked_at is None:
        row.revoked_at = work.clock.now()
        await work.session.flush()
        await audit.record(work, "api_token.revoked", f"revocó la llave de acceso «{row.name}»", subject=row)
    return row
