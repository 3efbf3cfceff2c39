"""The figures of a commune beside the three regions: they add up, and what INE suppressed stays so."""

from io import BytesIO

import openpyxl

from acogida.app.wiring import Services
from acogida.kernel.work import Work
from acogida.sdk import CommuneCensus, Origin, census
from acogida_macrozona_norte.annex import people
from acogida_macrozona_norte.looking import Area, Looked, Tally, look, tally
from support.extensions import enable
from support.make import make_municipality, make_person, work_as
from support.visitor import Visitor


def commune(name: str, **origins: int | None) -> CommuneCensus:
    born = sum(people or 0 for people in origins.values())
    cells = tuple(Origin(origin, people) for origin, people in origins.items())
    return CommuneCensus("01000", name, "Tarapacá", "01", 2024, 1000, born, born / 10, "INE", cells)


async def test_the_three_regions_are_their_twenty_communes(services: Services) -> None:
    """From north to south, each with its fourteen origins; the sums are those that INE publishes for each region."""
    async with services.database.transaction(read_only=True) as session:
        found = await census(Work(session, services.clock), ("15", "01", "02"))
    regions = {name: [each for each in found if each.region == name] for name in dict.fromkeys(e.region for e in found)}

    assert list(regions) == ["Arica y Parinacota", "Tarapacá", "Antofagasta"]
    assert [len(rows) for rows in regions.values()] == [4, 7, 9]
    assert all(len(each.origins) == 14 for each in found)
    assert sum(each.foreign_born for each in regions["Arica y Parinacota"]) == 36188


async def test_a_commune_is_seen_beside_its_region_and_the_three(services: Services) -> None:
    """Alto Hospicio: 37.628 of 142.086 born abroad, most of them in Bolivia."""
    tenant = await make_municipality(services, cut="01107", name="Alto Hospicio", slug="alto-hospicio")
    async with work_as(services, tenant) as work:
        found = await look(work)

    assert found
    assert (found.here.population, found.here.foreign_born, found.here.share) == (142086, 37628, 26.48)
    assert found.first
    assert (found.first.name, found.first.here.people) == ("Bolivia", 20614)
    assert found.neighbours.here == Tally(330 + 20614 + 7453, 0)
    assert found.first.region.people >= found.first.here.people
    assert found.first.north.people > found.first.region.people
    assert {row.name: people(row.here) for row in found.rows}["Oceanía"] == "Suprimido por INE"


def test_a_sum_with_a_cell_missing_says_so() -> None:
    """Nobody works out by subtraction what INE did not publish."""
    assert people(tally([Origin("Perú", 1200), Origin("Perú", None)])) == "al menos 1.200"
    assert people(tally([Origin("Perú", None)])) == "Suprimido por INE"
    assert people(tally([Origin("Perú", 0)])) == "0"


def test_places_go_by_share_and_empty_ones_do_not_break() -> None:
    """The highest share is 1; a commune where nobody was born abroad has no first origin."""
    high, low, none = commune("Alta", Perú=300), commune("Baja", Perú=20), commune("Ninguna", Perú=0)
    north = Area("Norte", (low, high, none))

    assert [north.place_of(each) for each in (high, low, none)] == [1, 2, 3]
    assert Looked(none, north, north, (north,)).first is None
    assert Area("Vacía", ()).share == 0.0


async def test_the_figures_are_read_on_a_page_and_in_a_sheet(services: Services, visitor: Visitor) -> None:
    tenant = await make_municipality(services, cut="01107", name="Alto Hospicio", slug="alto-hospicio")
    await make_person(services, tenant)
    await enable(services, tenant, "macrozona_norte")
    await visitor.sign_in("rosa@temuco.cl")
    page = (await visitor.get("/m/alto-hospicio/x/macrozona_norte/cifras")).text
    sheet = await visitor.get("/m/alto-hospicio/x/macrozona_norte/cifras.xlsx")
    book = openpyxl.load_workbook(BytesIO(sheet.content))
    origins = {row[0]: row[1:3] for row in book["Por origen"].iter_rows(values_only=True)}

    for words in ("20.614", "37.628", "Suprimido por INE", "al menos", "no una nacionalidad", "Colchane"):
        assert words in page, words
    assert origins["Bolivia"] == (20614, 0)
    assert origins["Oceanía"] == (None, 1)
