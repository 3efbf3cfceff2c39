"""Questions about workspaces."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import func, select

from acogida.features.municipalities.model import Municipality
from acogida.kernel.db import TenantSession


async def municipality_by_slug(session: TenantSession, slug: str) -> Municipality | None:
    return await session.scalar(select(Municipality).where(Municipality.slug == slug))


async def municipality_by_cut(session: TenantSession, cut: str) -> Municipality | None:
    return await session.scalar(select(Municipality).where(Municipality.cut == cut))


async def municipalities_with(session: TenantSession, ids: Sequence[UUID]) -> Sequence[Municipality]:
    return (await session.scalars(select(Municipality).where(Municipality.id.in_(ids)))).all()


async def how_many_work(session: TenantSession) -> int:
    """Workspaces open, demonstrations left out."""
    return await session.scalar(select(func.count()).select_from(Municipality).where(Municipality.demo.is_(False))) or 0
