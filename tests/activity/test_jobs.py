"""Tasks that failed: seen by their municipality, tried again when somebody asks."""

import re

import psycopg
import pytest

from acogida.adapters.embedded_postgres import Server
from acogida.app import worker
from acogida.app.wiring import Services
from acogida.features.activity import words
from acogida.kernel import outbox
from acogida.kernel.tenancy import Tenant
from acogida.kernel.work import Work
from support.make import make_municipality, make_person, make_token, work_as
from support.visitor import Visitor


async def fail_a_job(services: Services, server: Server, database: str, tenant: Tenant) -> None:
    """Leave a task of this municipality as the worker leaves it after its last try."""
    async with work_as(services, tenant) as work:
        args = {"listener": "drop_file", "tenant_id": str(tenant.id), "slug": tenant.slug, "id": str(tenant.id)}
        await outbox.defer(work.session, "deliver", args)
    with psycopg.connect(server.url("postgres", driver="libpq", database=database)) as owner:
        owner.execute("set search_path = jobs")
        owner.execute(
            "update procrastinate_jobs set status = 'failed', attempts = 6, scheduled_at = now() where status = 'todo'"
        )


async def test_a_failed_task_is_seen_and_tried_again(
    services: Services,
    worker_services: Services,
    server: Server,
    database_name: str,
    visitor: Visitor,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The page says that it will be tried; the worker does, and it leaves the list."""
    delivered: list[str] = []

    async def listen(_services: Services, work: Work, _id: object) -> None:
        delivered.append(work.tenant.slug)

    monkeypatch.setitem(worker.JOBS, "drop_file", listen)
    tenant = await make_municipality(services)
    await make_person(services, tenant)
    await fail_a_job(services, server, database_name, tenant)
    await visitor.sign_in("rosa@temuco.cl")
    page = (await visitor.get("/m/temuco/actividad/tareas")).text
    address = re.findall(r'action="([^"]+/reintentar)"', page)[0]

    asked = await visitor.post(address)
    twice = await visitor.post(address)
    waiting = (await visitor.get("/m/temuco/actividad/tareas")).text
    app = worker.queue_app(worker_services)
    async with app.open_async():
        await app.run_worker_async(wait=False, install_signal_handlers=False, listen_notify=False)
        await app.run_worker_async(wait=False, install_signal_handlers=False, listen_notify=False)
    after = (await visitor.get("/m/temuco/actividad/tareas")).text
    book = (await visitor.get("/m/temuco/actividad")).text

    assert "Borrar del almacén un archivo que se quitó" in page
    assert asked.status_code == twice.status_code == 303
    assert "Se volverá a intentar" in waiting
    assert delivered == ["temuco"]
    assert "No hay tareas con problemas" in after
    assert book.count("pidió volver a intentar") == 1


async def test_another_municipality_neither_sees_nor_touches_it(
    services: Services, server: Server, database_name: str, visitor: Visitor
) -> None:
    """Its number is of no use to the stranger."""
    tenant = await make_municipality(services)
    other = await make_municipality(services, cut="13201", name="Puente Alto", slug="puente-alto")
    await make_person(services, other, email="juan@puentealto.cl")
    await fail_a_job(services, server, database_name, tenant)
    await visitor.sign_in("juan@puentealto.cl")

    assert "No hay tareas con problemas" in (await visitor.get("/m/puente-alto/actividad/tareas")).text
    for job in range(1, 4):
        assert (await visitor.post(f"/m/puente-alto/actividad/tareas/{job}/reintentar")).status_code == 404


async def test_only_the_secretary_asks_for_another_try(
    services: Services, server: Server, database_name: str, visitor: Visitor
) -> None:
    """Others see that it failed and who may ask."""
    tenant = await make_municipality(services)
    person = await make_person(services, tenant, roles=("executive_member",))
    await fail_a_job(services, server, database_name, tenant)
    await visitor.sign_in("rosa@temuco.cl")
    headers = {"authorization": f"Bearer {await make_token(services, tenant, person)}"}

    page = (await visitor.get("/m/temuco/actividad/tareas")).text
    listed = (await visitor.http.get("/api/v1/m/temuco/actividad/tareas", headers=headers)).json()["items"]
    refused = await visitor.post(f"/m/temuco/actividad/tareas/{listed[0]['id']}/reintentar")

    assert "Lo puede pedir la secretaría ejecutiva" in page
    assert (listed[0]["listener"], listed[0]["attempts"], listed[0]["waiting"]) == ("drop_file", 6, False)
    assert refused.status_code == 403


def test_every_task_has_a_name_for_people() -> None:
    """Whoever reads that something failed reads what it was."""
    nameless = sorted(worker.JOBS.keys() - words.LISTENERS.keys())
    assert nameless == [], "name them in features/activity/words.py"
