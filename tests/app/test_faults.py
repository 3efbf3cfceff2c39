"""What goes wrong in a bad afternoon: nothing typed is lost, nothing is done twice."""

import asyncio
import socket
import threading
import time
import urllib.error
import urllib.request
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest

from acogida.adapters.embedded_postgres import Server
from acogida.app.wiring import Services
from acogida.kernel import mailbox
from acogida.kernel.clock import SystemClock
from acogida.kernel.work import Work
from support.make import make_municipality, make_person
from support.product import running
from support.visitor import Visitor

PLAN = {"level": "wide", "message": "Una comuna que acoge a todas las personas", "version": "0"}


async def test_ten_megabytes_in_a_field_get_a_sentence_and_come_back(services: Services, visitor: Visitor) -> None:
    """The message says how much fits; the text is still in the field."""
    await make_person(services, await make_municipality(services))
    await visitor.sign_in("rosa@temuco.cl")
    long = "ñandú y migración. " * 550_000

    answer = await visitor.post("/m/temuco/difusion", {**PLAN, "reason": long})

    assert answer.status_code == 422
    assert "admite hasta 4.000 caracteres" in answer.text
    assert answer.text.count("ñandú y migración.") >= 550_000


async def test_more_than_a_form_can_carry_is_refused_kindly(services: Services, visitor: Visitor) -> None:
    """Past the limit of the whole request the page says that the text is still on the screen behind."""
    await make_person(services, await make_municipality(services))
    await visitor.sign_in("rosa@temuco.cl")

    answer = await visitor.post("/m/temuco/difusion", {**PLAN, "reason": "x" * 45_000_000})

    assert answer.status_code == 413
    assert "demasiado grande" in answer.text


async def test_the_database_leaves_during_a_save(
    services: Services, visitor: Visitor, server: Server, database_name: str
) -> None:
    """The page says that nothing was saved and gives back what was typed; saving again works."""
    await make_person(services, await make_municipality(services))
    await visitor.sign_in("rosa@temuco.cl")
    await visitor.post("/m/temuco/difusion", PLAN)
    with psycopg.connect(server.url("postgres", driver="libpq", database=database_name), autocommit=True) as outside:
        blocker = psycopg.connect(server.url("postgres", driver="libpq", database=database_name))
        blocker.execute("select from core.diffusion_plan for update")
        saving = asyncio.create_task(
            visitor.post("/m/temuco/difusion", {**PLAN, "message": "Lo que escribí a las 17:40", "version": "1"})
        )
        for _ in range(200):
            await asyncio.sleep(0.02)
            waiting = outside.execute(
                "select pid from pg_stat_activity where usename = 'acogida_app' and wait_event_type = 'Lock' and datname = %s",
                [database_name],
            ).fetchone()
            if waiting:
                break
        outside.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity "
            "where usename = 'acogida_app' and datname = current_database()"
        )
        answer = await saving
        blocker.close()

    assert answer.status_code == 503
    assert "no se guardó este último cambio" in answer.text
    assert "Lo que escribí a las 17:40" in answer.text

    again = await visitor.post("/m/temuco/difusion", {**PLAN, "message": "Lo que escribí a las 17:40", "version": "1"})
    page = await visitor.get("/m/temuco/difusion")
    assert again.status_code == 303
    assert "Lo que escribí a las 17:40" in page.text


async def test_a_page_open_for_too_long_gives_back_what_was_typed(services: Services, visitor: Visitor) -> None:
    """A form without a valid token is refused, and its text comes back with a button to send it again."""
    await make_person(services, await make_municipality(services))
    await visitor.sign_in("rosa@temuco.cl")

    answer = await visitor.http.post("/m/temuco/difusion", data={**PLAN, "_csrf_token": "vencido"})

    assert answer.status_code == 403
    assert "Una comuna que acoge a todas las personas" in answer.text
    assert "Volver a guardar" in answer.text


@pytest.mark.live
async def test_the_worker_dies_in_the_middle_of_a_job(
    services: Services, server: Server, database_name: str, tmp_path: Path
) -> None:
    """Another worker takes the job up; the message goes out once."""
    tenant = await make_municipality(services)
    async with services.database.transaction(tenant=tenant) as session:
        work = Work(session, SystemClock(), municipality=tenant)
        await mailbox.post(work, to="ana@temuco.cl", subject="Invitación", text="Venga a la mesa comunal.")
    admin = server.url("postgres", driver="libpq", database=database_name)
    holding = psycopg.connect(admin)
    holding.execute("select from core.outgoing_mail for update")
    data = tmp_path / "product"
    data.mkdir()

    def in_thread() -> None:
        with running(server, database_name, data) as product, psycopg.connect(admin, autocommit=True) as outside:
            wait_for(outside, "select from jobs.procrastinate_jobs where task_name = 'send_mail' and status = 'doing'")
            product.kill("worker")
            holding.rollback()
            outside.execute(
                "update jobs.procrastinate_workers set last_heartbeat = %s", [datetime(2026, 1, 1, tzinfo=UTC)]
            )
            product.start("worker")
            assert product.mail_to("ana@temuco.cl").subject == "Invitación"
            wait_for(
                outside, "select from jobs.procrastinate_jobs where task_name = 'send_mail' and status = 'succeeded'"
            )
            assert len(list((data / "mail").glob("*.json"))) == 1

    await asyncio.to_thread(in_thread)


def wait_for(connection: psycopg.Connection, query: str, seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while connection.execute(query).fetchone() is None:
        assert time.monotonic() < deadline, f"{threading.current_thread().name}: never came: {query}"
        time.sleep(0.1)


@pytest.mark.live
async def test_metrics_come_out_of_their_own_port(
    services: Services, server: Server, database_name: str, tmp_path: Path
) -> None:
    """Counted by route, and not reachable through the public address."""
    del services
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]

    def in_thread() -> tuple[str, int]:
        with running(server, database_name, tmp_path, worker=False, ACOGIDA_METRICS_PORT=str(port)) as product:
            with urllib.request.urlopen(f"{product.url}/ingresar"):
                pass
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics") as answer:
                counted = answer.read().decode()
            try:
                urllib.request.urlopen(f"{product.url}/metrics")
            except urllib.error.HTTPError as refused:
                return counted, refused.code
            return counted, 200

    counted, public = await asyncio.to_thread(in_thread)
    assert 'path="/ingresar"' in counted
    assert public == 404
