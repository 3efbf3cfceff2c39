"""Questions about workspaces."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, func, select

from acogida.features.municipalities.model import AccessRequest, Claim, Municipality
from acogida.kernel.db import TenantSession
from acogida.kernel.errors import NotFound


async def municipality_by_slug(session: TenantSession, slug: str) -> Municipality | None:
    return await session.scalar(select(Municipality).where(Municipality.slug == slug))


async def municipalities(session: TenantSession) -> Sequence[Municipality]:
    return (await session.scalars(select(Municipality).order_by(Municipality.slug))).all()


async def municipality_by_cut(session: TenantSession, cut: str) -> Municipality | None:
    return await session.scalar(select(Municipality).where(Municipality.cut == cut))


async def municipalities_with(session: TenantSession, ids: Sequence[UUID]) -> Sequence[Municipality]:
    return (await session.scalars(select(Municipality).where(Municipality.id.in_(ids)))).all()


async def how_many_work(session: TenantSession) -> int:
    """Workspaces open, demonstrations left out."""
    return await session.scalar(select(func.count()).select_from(Municipality).where(Municipality.demo.is_(False))) or 0


async def claim_with(session: TenantSession, token_hash: bytes, *, lock: bool = False) -> Claim | None:
    query = select(Claim).where(Claim.token_hash == token_hash)
    return await session.scalar(query.with_for_update() if lock else query)


async def forget_claims(session: TenantSession, *, before: datetime) -> None:
    """Lets go of claims that nobody confirmed since then: they hold somebody's name and address for nothing."""
    await session.execute(delete(Claim).where(Claim.confirmed_at.is_(None), Claim.expires_at < before))


async def pending_requests(
    session: TenantSession, *, after: UUID | None = None, limit: int | None = None
) -> Sequence[AccessRequest]:
    """Requests for access that nobody has answered, oldest first."""
    query = select(AccessRequest).where(AccessRequest.status == "pending").order_by(AccessRequest.id).limit(limit)
    return (await session.scalars(query.where(AccessRequest.id > after) if after else query)).all()


async def request_from(session: TenantSession, email: str) -> AccessRequest | None:
    """The request for access of this address that waits for an answer, if there is one."""
    return await session.scalar(
        select(AccessRequest).where(AccessRequest.status == "pending", AccessRequest.email == email).limit(1)
    )


async def access_request(session: TenantSession, request_id: UUID, *, lock: bool = False) -> AccessRequest:
    query = select(AccessRequest).where(AccessRequest.id == request_id)
    found = await session.scalar(query.with_for_update() if lock else query)
    if found is None:
        raise NotFound
    return found
