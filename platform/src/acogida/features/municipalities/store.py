"""Questions about workspaces."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Row, delete, func, select

from acogida.features.municipalities.model import (
    AccessRequest,
    Claim,
    ClaimPaper,
    KnownMunicipality,
    Municipality,
)
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


async def claim_by_id(session: TenantSession, claim_id: UUID, *, lock: bool = False) -> Claim:
    query = select(Claim).where(Claim.id == claim_id)
    found = await session.scalar(query.with_for_update() if lock else query)
    if found is None:
        raise NotFound
    return found


async def claims_of(session: TenantSession, cut: str, states: Sequence[str]) -> Sequence[Claim]:
    """Claims of a commune in these states, oldest first."""
    query = select(Claim).where(Claim.cut == cut, Claim.state.in_(states)).order_by(Claim.id)
    return (await session.scalars(query)).all()


async def claims_submitted(
    session: TenantSession, states: Sequence[str], region: str, *, limit: int = 200
) -> Sequence[Row[Claim, bool]]:
    """Claims that reached the office of a region (of any, where it is empty), the oldest first, and whether each has its
    paper. The code of a commune begins with that of its region."""
    paper = select(ClaimPaper.claim_id).where(ClaimPaper.claim_id == Claim.id).exists()
    query = select(Claim, paper).where(Claim.state.in_(states), Claim.submitted_at.is_not(None))
    query = query.where(Claim.cut.startswith(region)).order_by(Claim.submitted_at).limit(limit)
    return (await session.execute(query)).all()


async def paper_of(session: TenantSession, claim_id: UUID) -> ClaimPaper | None:
    return await session.scalar(select(ClaimPaper).where(ClaimPaper.claim_id == claim_id))


async def known_municipality(session: TenantSession, cut: str, *, lock: bool = False) -> KnownMunicipality | None:
    query = select(KnownMunicipality).where(KnownMunicipality.cut == cut)
    return await session.scalar(query.with_for_update() if lock else query)


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
