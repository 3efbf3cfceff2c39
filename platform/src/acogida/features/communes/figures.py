"""The public figures of one commune put together: census, origins, estimates. Two measures, never one series.

Suppressed cells stay suppressed: their value is None and nobody works it out by subtraction.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from acogida.features.communes import store
from acogida.features.communes.model import CensusOrigin, ResidentEstimate
from acogida.kernel.work import Work


@dataclass(frozen=True, slots=True)
class Origin:
    """People born in one country (or group of countries). `people` is None where INE suppressed the cell."""

    name: str
    people: int | None

    @property
    def short_name(self) -> str:
        """«Venezuela» for «Venezuela (República Bolivariana de)»."""
        return self.name.partition(" (")[0]


@dataclass(frozen=True, slots=True)
class Estimate:
    """Foreign residents on 31 December of a year, as INE and Sermig estimate them: not the census's measure."""

    year: int
    residents: int
    source: str


@dataclass(frozen=True, slots=True)
class CommuneCensus:
    """What the last census counted in a commune. `share` is per cent of its population."""

    cut: str
    name: str
    region: str
    region_code: str
    year: int
    population: int
    foreign_born: int
    share: float
    source: str
    origins: tuple[Origin, ...]
    """By people, the largest first; suppressed ones at the end."""


@dataclass(frozen=True, slots=True)
class CommuneFigures:
    """What public statistics say of migration in a commune. `share`, `region_share` and `country_share` are per cent."""

    cut: str
    name: str
    region: str
    region_code: str
    region_short: str
    municipality_cut: str
    """The commune whose municipality administers this one: itself, except Antártica."""
    year: int
    population: int
    foreign_born: int
    share: float
    rank_in_region: int
    """Place among the region's communes by share of people born abroad, 1 the highest."""
    communes_in_region: int
    region_share: float
    country_share: float
    suppressed_in_first_edition: bool
    source: str
    origins: tuple[Origin, ...]
    """By people, the largest first; suppressed ones at the end."""
    estimates: tuple[Estimate, ...]
    """Oldest first; only the 42 communes with 10,000 or more foreign residents have one."""
    region_estimates: tuple[Estimate, ...]
    """The same measure for the whole region, oldest first."""

    @property
    def one_in(self) -> int | None:
        """How many people there are for each one born abroad, rounded; None where nobody was."""
        return round(self.population / self.foreign_born) if self.foreign_born else None

    @property
    def suppressed(self) -> tuple[Origin, ...]:
        """Origins whose cell INE suppressed (50 people or fewer)."""
        return tuple(origin for origin in self.origins if origin.people is None)

    @property
    def shown(self) -> tuple[Origin, ...]:
        """Origins with their number."""
        return tuple(origin for origin in self.origins if origin.people is not None)


async def figures_of(work: Work, cut: str) -> CommuneFigures | None:
    """This function will put together the figures of the commune with this CUT, or give None when there are none."""
    place = await store.commune_with_region(work.session, cut)
    latest = await store.latest_census(work.session, cut)
    if place is None or latest is None:
        return None
    commune, region = place
    around = await store.census_around(work.session, commune.region_code, latest.year)
    totals = await store.census_totals(work.session, latest.year)
    people = sum(row.total_population for row in around)
    origins = await store.census_origins(work.session, cut, latest.year)
    return CommuneFigures(
        cut=cut,
        name=commune.name,
        region=region.name,
        region_code=region.code,
        region_short=region.short_name,
        municipality_cut=commune.municipality_cut,
        year=latest.year,
        population=latest.total_population,
        foreign_born=latest.foreign_born,
        share=latest.foreign_born_pct,
        rank_in_region=1
        + sum(
            row.foreign_born * latest.total_population > latest.foreign_born * row.total_population for row in around
        ),
        communes_in_region=len(around),
        region_share=100 * sum(row.foreign_born for row in around) / people,
        country_share=100 * totals.foreign_born / totals.population,
        suppressed_in_first_edition=latest.suppressed_in_first_edition,
        source=latest.source,
        origins=_origins(origins),
        estimates=_estimates(await store.estimates(work.session, cut)),
        region_estimates=_estimates(await store.region_estimates(work.session, region.code)),
    )


async def census(work: Work, regions: Sequence[str]) -> tuple[CommuneCensus, ...]:
    """This function will give the last census of every commune of these regions (codes), from north to south, then by name."""
    rows = await store.region_censuses(work.session, regions)
    if not rows:
        return ()
    by_commune: dict[str, list[CensusOrigin]] = {}
    for row in await store.region_origins(work.session, regions, rows[0][2].year):
        by_commune.setdefault(row.cut, []).append(row)
    return tuple(
        CommuneCensus(
            cut=commune.cut,
            name=commune.name,
            region=region.short_name,
            region_code=region.code,
            year=counted.year,
            population=counted.total_population,
            foreign_born=counted.foreign_born,
            share=counted.foreign_born_pct,
            source=counted.source,
            origins=_origins(by_commune.get(commune.cut, ())),
        )
        for commune, region, counted in rows
    )


def _origins(rows: Iterable[CensusOrigin]) -> tuple[Origin, ...]:
    found = (Origin(row.origin, row.foreign_born) for row in rows)
    return tuple(sorted(found, key=lambda o: (o.people is None, -(o.people or 0), o.name)))


def _estimates(rows: Iterable[ResidentEstimate]) -> tuple[Estimate, ...]:
    return tuple(Estimate(row.year, row.foreign_residents, row.source) for row in rows)
