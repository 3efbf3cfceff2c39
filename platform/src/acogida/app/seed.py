"""What a database needs before anyone comes: territory always, demonstration only outside production."""

import json

from acogida.app.fingerprint import SEED_MARK, fingerprint
from acogida.app.settings import Settings
from acogida.app.wiring import Services, assemble
from acogida.features.communes import public as communes


async def seed(settings: Settings) -> None:
    """This function will load the territory and, where it is not production, the demonstration.

    Running it again changes nothing. Leaves a mark in the data folder with the demonstration accounts.
    """
    services = assemble(settings)
    try:
        await load_territory(services)
        accounts: list[tuple[str, str, str]] = []
        mark = settings.data / SEED_MARK
        mark.write_text(json.dumps({"fingerprint": fingerprint(), "accounts": accounts}, ensure_ascii=False))
    finally:
        await services.close()


async def load_territory(services: Services) -> None:
    """This function will bring regions, communes and figures to what the catalogue says."""
    async with services.database.transaction() as session:
        await communes.load(session, services.settings.catalogue / "territory", services.clock.now())
