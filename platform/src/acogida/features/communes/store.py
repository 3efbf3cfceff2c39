"""Questions about territory."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, case, func, literal, select, true
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


async def census_totals(session: TenantSession, year: int) -> Row[int, int]:
    """`population` and `foreign_born` of the whole country."""
    return (
        await session.execute(
            select(
                func.sum(CensusFigure.total_population).label("population"),
                func.sum(CensusFigure.foreign_born).label("foreign_born"),
            ).where(CensusFigure.year == year)
        )
    ).one()


async def censuses(session: TenantSession, cuts: Sequence[str]) -> Sequence[Row[Any]]:
    """`cut`, `name`, `population` and `share` (per cent born abroad) of these communes in the newest census of each."""
    newest = func.max(CensusFigure.year).over(partition_by=CensusFigure.cut)
    figures = (
        select(
            Commune.cut,
            Commune.name,
            CensusFigure.total_population.label("population"),
            CensusFigure.foreign_born_pct.label("share"),
            (CensusFigure.year == newest).label("newest"),
        )
        .join(Commune, Commune.cut == CensusFigure.cut)
        .where(CensusFigure.cut.in_(cuts))
        .subquery()
    )
    return (await session.execute(select(figures).where(figures.c.newest))).all()


async def census_origins(session: TenantSession, cut: str, year: int) -> Sequence[CensusOrigin]:
    return (await session.scalars(select(CensusOrigin).where(CensusOrigin.cut == cut, CensusOrigin.year == year))).all()


async def estimates(session: TenantSession, cut: str) -> Sequence[ResidentEstimate]:
    """Of the commune, oldest first."""
    query = select(ResidentEstimate).where(ResidentEstimate.level == "commune", ResidentEstimate.code == cut)
    return (await session.scalars(query.order_by(ResidentEstimate.year))).all()


async def regions(session: TenantSession) -> Sequence[Region]:
    """From north to south."""
    return (await session.scalars(select(Region).order_by(Region.position))).all()


async def commune_by_cut(session: TenantSession, cut: str, *, lock: bool = False) -> Commune | None:
    """With `lock`, whoever else wants to open the workspace of this commune waits."""
    query = select(Commune).where(Commune.cut == cut)
    return await session.scalar(query.with_for_update() if lock else query)


async def administered_by(session: TenantSession, cut: str) -> Sequence[Commune]:
    """The other communes that the municipality of this one administers."""
    return (await session.scalars(select(Commune).where(Commune.municipality_cut == cut, Commune.cut != cut))).all()


async def latest_year(session: TenantSession) -> int:
    """Year of the last census loaded."""
    return await session.scalar(select(func.max(CensusFigure.year))) or 0


def _with_share() -> Select[Commune, int, int, float]:
    """Communes with their population, people born abroad and their share, from the last census."""
    newest = select(func.max(CensusFigure.year)).scalar_subquery()
    return (
        select(Commune, CensusFigure.total_population, CensusFigure.foreign_born, CensusFigure.foreign_born_pct)
        .join(CensusFigure, (CensusFigure.cut == Commune.cut) & (CensusFigure.year == newest))
        .join(Region, Region.code == Commune.region_code)
    )


async def listed(
    session: TenantSession, *, region_codes: Sequence[str] | None = None
) -> Sequence[Row[Commune, int, int, float]]:
    """Every commune, or those of these regions: from north to south, then by name."""
    query = _with_share().order_by(Region.position, Commune.search_key)
    if region_codes is not None:
        query = query.where(Commune.region_code.in_(region_codes))
    return (await session.execute(query)).all()


async def page_of_communes(
    session: TenantSession, *, after: str | None, limit: int
) -> Sequence[Row[Commune, int, int, float]]:
    """By CUT, for whoever reads the whole list a part at a time."""
    query = _with_share().order_by(Commune.cut).limit(limit)
    return (await session.execute(query.where(Commune.cut > after) if after else query)).all()


async def named_like(session: TenantSession, key: str, *, limit: int) -> Sequence[Row[Commune, int, int, float]]:
    """Communes whose name, other spelling or code holds `key` (folded: letters, figures and single spaces).

    The whole name first, then names that begin so, then words that begin so, then the rest; within each, the most
    populated first. Spaces may be missing from the beginning («ohiggins»).
    """
    spellings = literal(" | ").concat(Commune.search_key).concat(" |")
    squeezed = literal("|").concat(func.replace(Commune.search_key, " ", ""))
    order = case(
        (spellings.like(f"% | {key} |%"), 0),
        (spellings.like(f"% | {key}%"), 1),
        (spellings.like(f"% {key}%"), 2),
        else_=3,
    )
    holds = (
        Commune.cut.like(f"{key}%")
        if key.isdigit()
        else spellings.like(f"%{key}%") | squeezed.like(f"%|{key.replace(' ', '')}%")
    )
    query = _with_share().where(holds).order_by(order, CensusFigure.total_population.desc()).limit(limit)
    return (await session.execute(query)).all()


async def named_almost(
    session: TenantSession, key: str, *, mistakes: int, limit: int
) -> Sequence[Row[Commune, int, int, float]]:
    """Communes whose name, or its beginning, is `key` but for a few `mistakes` of typing, the nearest first."""
    spellings = func.unnest(func.string_to_array(Commune.search_key, " | ")).table_valued("text", name="spelling")
    begun = func.left(spellings.c.text, len(key))
    distance = func.least(func.levenshtein(spellings.c.text, key), func.levenshtein(begun, key) + 0.5)
    alike = func.similarity(spellings.c.text, key)
    near = (
        select(Commune.cut, func.min(distance).label("distance"), func.max(alike).label("alike"))
        .select_from(Commune)
        .join(spellings, true())
        .group_by(Commune.cut)
        .having((func.min(distance) <= mistakes + 0.5) | (func.max(alike) >= 0.45))
        .subquery()
    )
    query = (
        _with_share().join(near, near.c.cut == Commune.cut).order_by(near.c.distance, near.c.alike.desc()).limit(limit)
    )
    return (await session.execute(query)).all()


async def region_estimates(session: TenantSession, region_code: str) -> Sequence[ResidentEstimate]:
    """Of the region, oldest first."""
    query = select(ResidentEstimate).where(ResidentEstimate.level == "region", ResidentEstimate.code == region_code)
    return (await session.scalars(query.order_by(ResidentEstimate.year))).all()


async def region_censuses(
    session: TenantSession, region_codes: Sequence[str]
) -> Sequence[Row[Commune, Region, CensusFigure]]:
    """The communes of these regions with their figures of the last census: from north to south, then by name."""
    newest = select(func.max(CensusFigure.year)).scalar_subquery()
    query = (
        select(Commune, Region, CensusFigure)
        .join(Region, Region.code == Commune.region_code)
        .join(CensusFigure, (CensusFigure.cut == Commune.cut) & (CensusFigure.year == newest))
        .where(Commune.region_code.in_(region_codes))
    )
    return (await session.execute(query.order_by(Region.position, Commune.search_key))).all()


async def region_origins(session: TenantSession, region_codes: Sequence[str], year: int) -> Sequence[CensusOrigin]:
    """Origins of every commune of these regions in one census."""
    query = select(CensusOrigin).join(Commune, Commune.cut == CensusOrigin.cut)
    return (await session.scalars(query.where(Commune.region_code.in_(region_codes), CensusOrigin.year == year))).all()
