"""The book: append-only, chained, one chain for each tenant."""

import asyncio

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from acogida.adapters.embedded_postgres import Server
from acogida.app.wiring import Services
from acogida.kernel import audit
from support.make import make_municipality, work_as


async def test_entries_form_a_chain_that_verifies(services: Services) -> None:
    """Each entry covers the one before; before and after keep only what changed."""
    tenant = await make_municipality(services)
    async with work_as(services, tenant) as work:
        await audit.record(work, "axis.added", "agregó el eje «Salud»", after={"name": "Salud"})
        second = await audit.record(
            work,
            "axis.edited",
            "cambió el eje",
            before={"name": "Salud", "position": 1},
            after={"name": "Salud y bienestar", "position": 1},
        )

    async with work_as(services, tenant) as work:
        assert await audit.verify(work.session) == audit.ChainState(entries=2, broken_at=None)
    assert second.changes == {"name": ["Salud", "Salud y bienestar"]}


async def test_an_entry_altered_by_the_owner_of_the_database_shows(
    services: Services, server: Server, database_name: str
) -> None:
    """Whoever could change a row by hand can't do it unseen."""
    tenant = await make_municipality(services)
    async with work_as(services, tenant) as work:
        for number in range(3):
            await audit.record(work, "axis.added", f"agregó el eje {number}")
    with psycopg.connect(server.url("postgres", driver="libpq", database=database_name)) as outside:
        outside.execute("update core.audit_entry set sentence = 'no hizo nada' where seq = 2")

    async with work_as(services, tenant) as work:
        assert (await audit.verify(work.session)).broken_at == 2


@pytest.mark.parametrize("statement", ["update core.audit_entry set sentence = ''", "delete from core.audit_entry"])
async def test_the_application_can_not_rewrite_it(services: Services, statement: str) -> None:
    """Append-only is a grant, not a promise."""
    tenant = await make_municipality(services)
    with pytest.raises(ProgrammingError, match="permission denied"):
        async with work_as(services, tenant) as work:
            await work.session.execute(text(statement))


async def test_many_writers_at_once_make_one_chain(services: Services) -> None:
    """Writers of one tenant wait for each other, so the chain has no forks and no gaps."""
    tenant = await make_municipality(services)

    async def write(number: int) -> None:
        async with work_as(services, tenant) as work:
            await audit.record(work, "axis.added", f"agregó el eje {number}")

    await asyncio.gather(*(write(number) for number in range(12)))

    async with work_as(services, tenant) as work:
        assert await audit.verify(work.session) == audit.ChainState(entries=12, broken_at=None)
