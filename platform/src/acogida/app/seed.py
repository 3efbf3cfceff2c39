"""What a database needs before anyone comes: territory and good practices always, demonstration only outside production."""

import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from acogida.app import searching
from acogida.app.fingerprint import SEED_MARK, fingerprint
from acogida.app.settings import Settings
from acogida.app.wiring import Services, assemble
from acogida.features.communes import public as communes
from acogida.features.people import public as people
from acogida.features.practices import public as practices
from acogida.features.practices.catalogue import Change
from acogida.kernel.tenancy import SYSTEM
from acogida.kernel.work import Work


async def seed(settings: Settings) -> None:
    """This function will load the territory, the good practices and, where it is not production, the demonstration.

    Running it again changes nothing. Leaves a mark in the data folder with the demonstration accounts.
    """
    async with _services(settings) as services:
        await load_territory(services)
        if await load_practices(services):
            await searching.keep_up(settings, again=True)  # who comes first finds them, before the worker has begun
        accounts: list[tuple[str, str, str]] = []
        if not settings.production:
            from acogida.app.seed_demo import load_demo
            from acogida.app.seed_offices import load_offices

            accounts = [*await load_demo(services), *await load_offices(services)]
        _leave_mark(settings, accounts)


async def reset_demo(settings: Settings) -> None:
    """This function will bring the demonstration back to how it was first loaded; `WrongSetting` in production."""
    from acogida.app import seed_demo, seed_offices

    async with _services(settings) as services:
        accounts = await seed_demo.reset_demo(services)
        _leave_mark(settings, [*accounts, *await seed_offices.load_offices(services)])


async def load_territory(services: Services) -> None:
    """This function will bring regions, communes and figures to what the catalogue says."""
    async with services.database.transaction() as session:
        await communes.load(session, services.settings.catalogue / "territory", services.clock.now())


async def load_practices(services: Services, *, dry_run: bool = False) -> list[Change]:
    """This function will bring the good practices to what the catalogue says, and give every change, made or to be made."""
    async with services.database.transaction() as session:
        work = Work(session, services.clock, SYSTEM, request_id="catalogue")
        return await practices.load(work, services.settings.catalogue, dry_run=dry_run)


async def load_catalogue(settings: Settings, *, dry_run: bool) -> list[Change]:
    """This function will do the same from the command line, with the territory that practices lean on."""
    async with _services(settings) as services:
        if not dry_run:
            await load_territory(services)
        return await load_practices(services, dry_run=dry_run)


async def office(settings: Settings, *, give: bool, email: str, name: str, role: str, region: str) -> str:
    """This function will give or take an office of the platform, and say what was done."""
    async with _services(settings) as services, services.database.transaction() as session:
        work = Work(session, services.clock, SYSTEM, request_id="office")
        if give:
            person = await people.give_office(work, email=email, name=name, role=role, region=region)
            return f"{person.name} ({person.email}) tiene ahora: {', '.join(person.platform_roles)}."
        person = await people.take_office(work, email=email, role=role)
        return f"{person.name} ({person.email}) ya no tiene ese cargo, y sus sesiones se cerraron."


@asynccontextmanager
async def _services(settings: Settings) -> AsyncIterator[Services]:
    services = assemble(settings)
    try:
        yield services
    finally:
        await services.close()


def _leave_mark(settings: Settings, accounts: Sequence[tuple[str, str, str]]) -> None:
    mark = {"fingerprint": fingerprint(), "accounts": accounts}
    (settings.data / SEED_MARK).write_text(json.dumps(mark, ensure_ascii=False))
