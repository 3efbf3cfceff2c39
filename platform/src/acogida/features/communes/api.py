"""The communes and their public figures as JSON, for anyone: no key is needed."""

from dataclasses import dataclass
from typing import Annotated

from litestar import get
from litestar.params import Parameter

from acogida.features.communes import search
from acogida.features.communes.figures import CommuneFigures, Estimate, Origin, figures_of
from acogida.features.communes.search import Listed
from acogida.kernel.errors import NotFound
from acogida.kernel.work import Work
from acogida.web.routing import PUBLIC, public_api

Limit = Annotated[int, Parameter(query="limit", ge=1, le=400, default=50, description="Cuántas comunas, hasta 400.")]
After = Annotated[
    str | None, Parameter(query="after", max_length=5, required=False, description="CUT de la última comuna recibida.")
]
Query = Annotated[
    str,
    Parameter(
        query="q",
        max_length=200,
        default="",
        description="Nombre, otra grafía, región o CUT; tolera errores de tecleo.",
    ),
]


@dataclass(frozen=True)
class CommuneOut:
    """`share` is per cent of the people counted by the census who were born abroad."""

    cut: str
    name: str
    region_code: str
    region: str
    population: int
    foreign_born: int
    share: float


@dataclass(frozen=True)
class CommunesOut:
    """Part of the list, by CUT, or what a search found, the best first. `almost` are names that look like what was asked."""

    items: list[CommuneOut]
    almost: list[CommuneOut]
    next: str | None


@dataclass(frozen=True)
class OriginOut:
    """`people` is null where INE suppresses the cell (50 people or fewer)."""

    name: str
    people: int | None
    suppressed: bool


@dataclass(frozen=True)
class EstimateOut:
    year: int
    residents: int
    source: str


@dataclass(frozen=True)
class ProfileOut:
    """The census figures of a commune and, apart because it is another measure, the INE–Sermig estimate of residents."""

    cut: str
    name: str
    region_code: str
    region: str
    municipality_cut: str
    year: int
    source: str
    population: int
    foreign_born: int
    share: float
    rank_in_region: int
    communes_in_region: int
    region_share: float
    country_share: float
    origins: list[OriginOut]
    estimates: list[EstimateOut]
    region_estimates: list[EstimateOut]


@get("/comunas", permission=PUBLIC, operation_id="listCommunes")
async def list_communes(work: Work, limit: Limit, q: Query, after: After = None) -> CommunesOut:
    if q.strip():
        found = await search.find(work, q, limit=limit)
        everyone = (*found.communes, *(commune for region in found.regions for commune in region.communes))
        once = list({commune.cut: commune for commune in everyone}.values())
        return CommunesOut(
            [_out(commune) for commune in once[:limit]], [_out(commune) for commune in found.almost], None
        )
    rows = await search.part(work, after=after, limit=limit + 1)
    return CommunesOut([_out(row) for row in rows[:limit]], [], rows[limit - 1].cut if len(rows) > limit else None)


@get("/comunas/{cut:str}", permission=PUBLIC, operation_id="getCommune")
async def get_commune(work: Work, cut: str) -> ProfileOut:
    figures = await figures_of(work, cut)
    if figures is None:
        raise NotFound
    return _profile(figures)


def _out(commune: Listed) -> CommuneOut:
    return CommuneOut(
        commune.cut,
        commune.name,
        commune.region_code,
        commune.region,
        commune.population,
        commune.foreign_born,
        commune.share,
    )


def _profile(figures: CommuneFigures) -> ProfileOut:
    return ProfileOut(
        cut=figures.cut,
        name=figures.name,
        region_code=figures.region_code,
        region=figures.region,
        municipality_cut=figures.municipality_cut,
        year=figures.year,
        source=figures.source,
        population=figures.population,
        foreign_born=figures.foreign_born,
        share=figures.share,
        rank_in_region=figures.rank_in_region,
        communes_in_region=figures.communes_in_region,
        region_share=round(figures.region_share, 2),
        country_share=round(figures.country_share, 2),
        origins=[_origin(origin) for origin in figures.origins],
        estimates=[_estimate(row) for row in figures.estimates],
        region_estimates=[_estimate(row) for row in figures.region_estimates],
    )


def _origin(origin: Origin) -> OriginOut:
    return OriginOut(origin.name, origin.people, origin.people is None)


def _estimate(row: Estimate) -> EstimateOut:
    return EstimateOut(row.year, row.residents, row.source)


ROUTES = [public_api("Comunas", list_communes, get_commune)]
