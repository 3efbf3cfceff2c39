"""Questions about territory."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.inspection import inspect

from acogida.features.communes.model import CatalogueLoad, CensusFigure, CensusOrigin, Commune, Region, ResidentEstimate
from acogida.kernel.db import GlobalTable, TenantSession


async def loaded_digest(session: TenantSession, name: str) -> str | None:
    return await session.scalar(select(CatalogueLoad.sha256).where(CatalogueLoad.name == name))


async def note_load(session: TenantSession, name: str, sha256: str, now: datetime) -> None:
    await upsert(session, CatalogueLoad, [{"name": name, "sha256": sha256, "loaded_at": now}])


async def upsert(session: TenantSession, table: type[GlobalTable], rows: Sequence[dict[str, Any]]) -> None:
    """Insert each row or bring it up to date, a thousand at a time."""
    keys = [column.name for column in inspect(table).primary_key]
    for start in range(0, len(rows), 1000):
        statement = insert(table).values(rows[start : start + 1000])
        fresh = {name: statement.excluded[name] for name in rows[0] if name not in keys}
        await session.execute(statement.on_conflict_do_update(index_elements=keys, set_=fresh))


async def commune_with_region(session: TenantSession, cut: str) -> tuple[Commune, Region] | None:
    found = (
        await session.execute(
            select(Commune, Region).join(Region, Region.code == Commune.region_code).where(Commune.cut == cut)
        )
    ).one_or_none()
    return (found[0], found[1]) if found else None


async def latest_census(session: TenantSession, cut: str) -> CensusFigure | None:
    return await session.scalar(
        select(CensusFigure).where(CensusFigure.cut == cut).order_by(CensusFigure.year.desc()).limit(1)
    )


async def census_around(session: TenantSession, region_code: str, year: int) -> Sequence[CensusFigure]:
    """The figures of every commune of the region."""
    query = select(CensusFigure).join(Commune, Commune.cut == CensusFigure.cut)
    return (await session.scalars(query.where(Commune.region_code == region_code, CensusFigure.year == year))).all()


async def census_totals(session: TenantSession, year: int) -> Row[tuple[int, int]]:
    """`population` and `foreign_born` of the whole country."""
    return (
        await session.execute(
            select(
                func.sum(CensusFigure.total_population).label("population"),
                func.sum(CensusFigure.foreign_born).label("foreign_born"),
            ).where(CensusFigure.year == year)
        )
    ).one()


async def census_origins(session: TenantSession, cut: str, year: int) -> Sequence[CensusOrigin]:
    return (await session.scalars(select(CensusOrigin).where(CensusOrigin.cut == cut, CensusOrigin.year == year))).all()


async def estimates(session: TenantSession, cut: str) -> Sequence[ResidentEstimate]:
    """Of the commune, oldest first."""
    query = select(ResidentEstimate).where(ResidentEstimate.level == "commune", ResidentEstimate.code == cut)
    return (await session.scalars(query.order_by(ResidentEstimate.year))).all()
