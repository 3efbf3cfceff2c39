"""The public figures: they add up, what is suppressed stays so, and the two measures never mix."""

import csv

from acogida.app.wiring import Services
from acogida.features.communes.country import country
from acogida.features.communes.figures import CommuneFigures, figures_of
from acogida.kernel.work import Work


async def figures(services: Services, cut: str) -> CommuneFigures:
    async with services.database.transaction(read_only=True) as session:
        found = await figures_of(Work(session, services.clock), cut)
    assert found
    return found


async def test_communes_add_up_to_what_ine_publishes_for_each_region(services: Services) -> None:
    """The sums of the 346 communes are the 16 regional totals and the national one of the census's own tables."""
    async with services.database.transaction(read_only=True) as session:
        found = await country(Work(session, services.clock))
    assert found
    with (services.settings.catalogue / "territory" / "foreign_population_regions.csv").open(encoding="utf-8") as file:
        published = {
            row["code"]: (int(row["total_population"]), int(row["foreign_born"])) for row in csv.DictReader(file)
        }

    summed = {region.code: (region.population, region.foreign_born) for region in found.regions}

    assert {**summed, "CL": (found.population, found.foreign_born)} == published


async def test_a_commune_has_its_figures_and_its_place_in_the_region(services: Services) -> None:
    """Temuco: 10.660 of 292.518, second of the 32 communes of La Araucanía."""
    temuco = await figures(services, "09101")

    assert (temuco.population, temuco.foreign_born, temuco.share, temuco.one_in) == (292518, 10660, 3.64, 27)
    assert (temuco.rank_in_region, temuco.communes_in_region) == (2, 32)
    assert temuco.shown[0].short_name == "Venezuela"


async def test_a_suppressed_cell_has_no_number(services: Services) -> None:
    """Eight origins of San José de Maipo are suppressed: nothing is put in their place."""
    maipo = await figures(services, "13203")

    assert len(maipo.suppressed) == 8
    assert all(origin.people is None for origin in maipo.suppressed)
    assert sum(origin.people or 0 for origin in maipo.shown) < maipo.foreign_born


async def test_the_estimate_is_a_series_of_its_own(services: Services) -> None:
    """42 communes have the INE-Sermig estimate; the others have only their region's."""
    temuco, maipo = await figures(services, "09101"), await figures(services, "13203")

    assert [row.year for row in temuco.estimates] == [2018, 2019, 2020, 2021, 2022]
    assert maipo.estimates == ()
    assert maipo.region_estimates[-1].residents == 938904


async def test_every_commune_is_one_point_of_the_drawing(services: Services) -> None:
    """The drawing of the country has 346 circles, none over another."""
    async with services.database.transaction(read_only=True) as session:
        found = await country(Work(session, services.clock))
    assert found

    assert found.drawing.count("<circle") == 346
    assert found.with_one_in_ten == 44
