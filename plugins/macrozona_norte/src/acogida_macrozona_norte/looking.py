"""The commune beside the three regions, from the census that the core has. Suppressed cells stay suppressed."""

from dataclasses import dataclass

from acogida.sdk import CommuneCensus, Origin, Work, census

REGIONS = ("15", "01", "02")
"""Arica y Parinacota, Tarapacá and Antofagasta, from north to south."""
BORDERS = frozenset({"Argentina", "Bolivia", "Perú"})
"""Countries that border on Chile, by their usual name."""


@dataclass(frozen=True, slots=True)
class Tally:
    """A sum of cells: `people` were counted, and `hidden` cells were suppressed and are in no sum."""

    people: int
    hidden: int

    def share_of(self, total: int) -> float:
        return 100 * self.people / total if total else 0.0

    @property
    def known(self) -> bool:
        """Whether anything of it was published."""
        return bool(self.people) or not self.hidden


def tally(cells: list[Origin]) -> Tally:
    """This function will add up what was published and count what was not."""
    return Tally(sum(each.people or 0 for each in cells), sum(each.people is None for each in cells))


@dataclass(frozen=True, slots=True)
class OriginRow:
    """One origin: in the commune, in its region and in the three regions."""

    name: str
    here: Tally
    region: Tally
    north: Tally


@dataclass(frozen=True, slots=True)
class Area:
    """A region, or the three of them."""

    name: str
    communes: tuple[CommuneCensus, ...]

    @property
    def population(self) -> int:
        return sum(each.population for each in self.communes)

    @property
    def foreign_born(self) -> int:
        return sum(each.foreign_born for each in self.communes)

    @property
    def share(self) -> float:
        """Per cent of its population that was born abroad."""
        return 100 * self.foreign_born / self.population if self.population else 0.0

    def of(self, origin: str) -> Tally:
        return tally([each for commune in self.communes for each in commune.origins if each.name == origin])

    def place_of(self, commune: CommuneCensus) -> int:
        """Place of a commune by its share of people born abroad, 1 the highest."""
        return 1 + sum(
            each.foreign_born * commune.population > commune.foreign_born * each.population for each in self.communes
        )


@dataclass(frozen=True, slots=True)
class Looked:
    """The commune, its region and the three regions, in one census."""

    here: CommuneCensus
    region: Area
    north: Area
    regions: tuple[Area, ...]

    @property
    def rows(self) -> tuple[OriginRow, ...]:
        """Origins as they weigh in the commune; those that INE suppressed there at the end."""
        return tuple(
            OriginRow(each.short_name, tally([each]), self.region.of(each.name), self.north.of(each.name))
            for each in self.here.origins
        )

    @property
    def first(self) -> OriginRow | None:
        """The origin with most people in the commune."""
        return next((row for row in self.rows if row.here.people), None)

    @property
    def neighbours(self) -> OriginRow:
        """People born in the countries that border on Chile."""

        def of(*communes: CommuneCensus) -> Tally:
            return tally([each for commune in communes for each in commune.origins if each.short_name in BORDERS])

        return OriginRow(
            "Países limítrofes (Argentina, Bolivia y Perú)",
            of(self.here),
            of(*self.region.communes),
            of(*self.north.communes),
        )

    @property
    def source(self) -> str:
        return self.here.source

    @property
    def suppressed(self) -> bool:
        """Whether any cell of the commune was suppressed."""
        return any(each.people is None for each in self.here.origins)


async def look(work: Work) -> Looked | None:
    """This function will put the commune beside the three regions; None where the census has nothing of it."""
    communes = await census(work, REGIONS)
    here = next((each for each in communes if each.cut == work.tenant.cut), None)
    if here is None:
        return None
    names = dict.fromkeys(each.region for each in communes)
    areas = tuple(Area(name, tuple(each for each in communes if each.region == name)) for name in names)
    region = next(area for area in areas if area.name == here.region)
    return Looked(here, region, Area("Las tres regiones", communes), areas)
