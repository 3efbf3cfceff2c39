"""What is done by the clock in each workspace."""

import psycopg

from acogida.adapters.embedded_postgres import Server
from acogida.app.wiring import Services
from acogida.app.worker import JOBS, SCHEDULES, in_each_workspace
from support.make import make_municipality


async def test_a_job_of_the_clock_goes_once_to_each_workspace(
    worker_services: Services, services: Services, server: Server, database_name: str
) -> None:
    """Each in its own tenant; asked for again before it ran, it is still one."""
    await make_municipality(services)
    await make_municipality(services, cut="13201", name="Puente Alto", slug="puente-alto")

    for _ in range(2):
        await in_each_workspace(worker_services, "tidy_files")

    with psycopg.connect(server.url("postgres", driver="libpq", database=database_name)) as connection:
        queued = connection.execute(
            "select args->>'slug' from jobs.procrastinate_jobs where args->>'listener' = 'tidy_files' order by 1"
        ).fetchall()
    assert queued == [("puente-alto",), ("temuco",)]


def test_what_the_clock_asks_for_exists() -> None:
    """Each name is a job, and each hour has the five words of cron."""
    assert set(SCHEDULES) <= set(JOBS)
    assert all(len(when.split()) == 5 for when in SCHEDULES.values())
