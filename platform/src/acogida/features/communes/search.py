"""Finding a commune as people write its name: without accents, by another spelling, by its region or its code,
and with a slip of the fingers. Nothing found is an answer too: the page then offers the regions.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from acogida.features.communes import store
from acogida.features.communes.catalogue import fold
from acogida.features.communes.model import Commune, Region
from acogida.kernel.work import Work

LONGEST = 80
"""Characters of what somebody types that are looked at."""
_ENOUGH_FOR_REGION = 3
"""Letters from which the beginning of a region's usual name counts as meant."""
_ENOUGH_FOR_WORD = 6
"""Letters of a whole word of its official name that count too: «santiago», «antartica»."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A commune in a list, with its figures of the last census. `share` is per cent of people born abroad."""

    cut: str
    name: str
    region_code: str
    region: str
    population: int
    foreign_born: int
    share: float


@dataclass(frozen=True, slots=True)
class RegionGroup:
    """A region with its communes, by name."""

    code: str
    name: str
    short_name: str
    communes: tuple[Listed, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """What a search gave: communes by name or code, or else those that look alike; and regions by name."""

    text: str
    communes: tuple[Listed, ...] = ()
    almost: tuple[Listed, ...] = ()
    regions: tuple[RegionGroup, ...] = ()

    @property
    def nothing(self) -> bool:
        return not (self.communes or self.almost or self.regions)

    @property
    def only(self) -> Listed | None:
        """The one commune that it can be, when there is no other answer."""
        return self.communes[0] if len(self.communes) == 1 and not self.regions else None


async def find(work: Work, text: str, *, limit: int = 40) -> Found:
    """This function will look for communes and regions by what somebody typed."""
    typed = " ".join(text.split())[:LONGEST]
    key = fold(typed)
    if not key:
        return Found(typed)
    regions = {region.code: region for region in await store.regions(work.session)}
    communes = _listed(await store.named_like(work.session, key, limit=limit), regions)
    meant = [region.code for region in regions.values() if _names(region, key)]
    if communes or meant:
        return Found(typed, communes, (), await _groups(work, regions, meant))
    mistakes = 0 if len(key) < 4 else 1 if len(key) < 6 else 2
    almost = await store.named_almost(work.session, key, mistakes=mistakes, limit=6) if mistakes else ()
    return Found(typed, almost=_listed(almost, regions))


async def browse(work: Work) -> tuple[RegionGroup, ...]:
    """This function will give the sixteen regions with their communes, from north to south."""
    regions = {region.code: region for region in await store.regions(work.session)}
    return await _groups(work, regions, list(regions))


async def year(work: Work) -> int:
    """This function will give the year of the census that the shares come from."""
    return await store.latest_year(work.session)


async def part(work: Work, *, after: str | None, limit: int) -> tuple[Listed, ...]:
    """This function will give communes by CUT, from the one that follows `after`."""
    regions = {region.code: region for region in await store.regions(work.session)}
    return _listed(await store.page_of_communes(work.session, after=after, limit=limit), regions)


def _names(region: Region, key: str) -> bool:
    if len(key) < _ENOUGH_FOR_REGION:
        return False
    short = fold(region.short_name)
    begins = short.startswith(key) or f" {key}" in short or short.replace(" ", "").startswith(key.replace(" ", ""))
    return begins or (len(key) >= _ENOUGH_FOR_WORD and f" {key} " in f" {fold(region.name)} ")


async def _groups(work: Work, regions: dict[str, Region], codes: Sequence[str]) -> tuple[RegionGroup, ...]:
    if not codes:
        return ()
    rows = _listed(await store.listed(work.session, region_codes=codes), regions)
    return tuple(
        RegionGroup(
            code, regions[code].name, regions[code].short_name, tuple(sorted(group, key=lambda row: fold(row.name)))
        )
        for code, group in groupby(rows, key=lambda row: row.region_code)
    )


def _listed(rows: Iterable[tuple[Commune, int, int, float]], regions: dict[str, Region]) -> tuple[Listed, ...]:
    return tuple(
        Listed(commune.cut, commune.name, commune.region_code, regions[commune.region_code].name, people, abroad, share)
        for commune, people, abroad, share in rows
    )
