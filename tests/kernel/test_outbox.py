"""Side effects leave with the write or not at all."""

import psycopg
import pytest

from acogida.adapters.embedded_postgres import Server
from acogida.app.wiring import Services
from acogida.kernel import mailbox, outbox
from support.make import make_municipality, work_as


def jobs(server: Server, database: str) -> list[tuple[str, str]]:
    with psycopg.connect(server.url("acogida_worker", driver="libpq", database=database)) as worker:
        return worker.execute("select task_name, status::text from jobs.procrastinate_jobs order by id").fetchall()


async def test_a_write_that_fails_leaves_no_job(services: Services, server: Server, database_name: str) -> None:
    """Rolled back together."""
    tenant = await make_municipality(services)
    with pytest.raises(ZeroDivisionError):
        async with work_as(services, tenant) as work:
            await mailbox.post(work, to="ana@temuco.cl", subject="Hola", text="…")
            raise ZeroDivisionError

    assert jobs(server, database_name) == []


async def test_a_write_that_commits_leaves_one(services: Services, server: Server, database_name: str) -> None:
    """Committed together."""
    tenant = await make_municipality(services)
    async with work_as(services, tenant) as work:
        await mailbox.post(work, to="ana@temuco.cl", subject="Hola", text="…")

    assert jobs(server, database_name) == [("send_mail", "todo")]


async def test_ten_edits_of_one_record_are_one_delivery(services: Services, server: Server, database_name: str) -> None:
    """Pending twins merge: whoever delivers reads the row as it is then."""
    tenant = await make_municipality(services)
    async with work_as(services, tenant) as work:
        for _ in range(10):
            await outbox.defer(work.session, "deliver", {"tenant_id": str(tenant.id)}, coalesce="axis:1")

    assert jobs(server, database_name) == [("deliver", "todo")]


async def test_a_tenant_sees_its_own_jobs_only(services: Services) -> None:
    """The page of failed tasks reads the queue through the wall."""
    from sqlalchemy import text

    temuco = await make_municipality(services)
    puente_alto = await make_municipality(services, cut="13201", name="Puente Alto", slug="puente-alto")
    async with work_as(services, temuco) as work:
        await outbox.defer(work.session, "deliver", {"tenant_id": str(temuco.id)})
    async with work_as(services, puente_alto) as work:
        assert await work.session.scalar(text("select count(*) from jobs.procrastinate_jobs")) == 0
