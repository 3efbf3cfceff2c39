"""Finding a commune as people write its name."""

import pytest

from acogida.app.wiring import Services
from acogida.features.communes import search
from acogida.kernel.work import Work


async def find(services: Services, text: str) -> search.Found:
    async with services.database.transaction(read_only=True) as session:
        return await search.find(Work(session, services.clock), text)


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("Ñuñoa", "Ñuñoa"),
        ("nunoa", "Ñuñoa"),
        ("san jose de maipo", "San José de Maipo"),
        ("Marchigüe", "Marchihue"),
        ("trehuaco", "Treguaco"),
        ("con con", "Concón"),
        ("ohiggins", "O'Higgins"),
        ("09101", "Temuco"),
        ("  viña   del ", "Viña del Mar"),
    ],
)
async def test_a_name_is_found_however_it_is_written(services: Services, typed: str, name: str) -> None:
    """Without accents, by another spelling, without spaces or by its code, the commune comes first."""
    found = await find(services, typed)

    assert found.communes[0].name == name


@pytest.mark.parametrize(
    ("typed", "name"), [("temcuo", "Temuco"), ("san jose de mapio", "San José de Maipo"), ("temc", "Temuco")]
)
async def test_a_slip_of_the_fingers_is_forgiven(services: Services, typed: str, name: str) -> None:
    """When nothing has that name, those that look like it are offered apart."""
    found = await find(services, typed)

    assert found.communes == ()
    assert name in [commune.name for commune in found.almost]


async def test_a_region_brings_its_communes(services: Services) -> None:
    """The name of a region gives the region with all its communes, by name."""
    found = await find(services, "araucania")

    assert [region.short_name for region in found.regions] == ["La Araucanía"]
    assert len(found.regions[0].communes) == 32
    assert found.regions[0].communes[0].name == "Angol"


async def test_what_begins_so_comes_before_what_holds_it(services: Services) -> None:
    """«La Florida» is no better answer to «florida» than the commune Florida itself."""
    names = [commune.name for commune in (await find(services, "florida")).communes]

    assert names == ["Florida", "La Florida"]


@pytest.mark.parametrize("typed", ["", "   ", "%", "_'; drop table core.commune --", "zzzzzz", "ñ" * 5000])
async def test_what_means_nothing_finds_nothing(services: Services, typed: str) -> None:
    """Signs, nonsense and walls of text are answered calmly."""
    assert (await find(services, typed)).nothing


async def test_every_commune_is_listed_from_north_to_south(services: Services) -> None:
    """Sixteen regions, 346 communes, Arica first and Magallanes last."""
    async with services.database.transaction(read_only=True) as session:
        groups = await search.browse(Work(session, services.clock))

    assert [groups[0].short_name, groups[-1].short_name] == ["Arica y Parinacota", "Magallanes"]
    assert sum(len(group.communes) for group in groups) == 346
