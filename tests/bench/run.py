"""`make bench`: ratios against the bare limit, measured in one run on this machine.

A page is compared with an empty handler that passes the same door and, in the same transaction, makes the same number
of empty queries, or the page's own queries raw; a document with the typesetting engine alone on the finished text. Nothing here passes or fails.
"""

import asyncio
import gc
import logging
import os
import resource
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests"))

import files  # noqa: E402 because the path to the builders comes first
import searching  # noqa: E402
import signatures  # noqa: E402
from extending import plugins  # noqa: E402
from litestar import Response, get  # noqa: E402
from sqlalchemy import event, text  # noqa: E402

from acogida.adapters import embedded_postgres  # noqa: E402
from acogida.adapters.documents.typesetting import Typesetter  # noqa: E402
from acogida.app.logs import configure  # noqa: E402
from acogida.app.migrate import migrate  # noqa: E402
from acogida.app.seed import load_territory  # noqa: E402
from acogida.app.web import create_app  # noqa: E402
from acogida.app.wiring import Services, assemble  # noqa: E402
from acogida.kernel.identity import digest, new_secret  # noqa: E402
from acogida.kernel.work import Work  # noqa: E402
from acogida.web.routing import workspace  # noqa: E402
from support.environment import settings_for  # noqa: E402
from support.make import make_municipality, make_person, work_as  # noqa: E402

INITIATIVES = 200
ROUNDS = 400


_replayed: list[tuple[str, Any]] = []


@get("/bench/{queries:int}", permission="workspace:read")
async def bare(work: Work, queries: int) -> Response[str]:
    """The bare limit: same door, same transaction, `queries` trivial questions, no page."""
    for _ in range(queries):
        await work.session.execute(text("select 1"))
    return Response("", media_type="text/html")


@get("/bench/las-mismas", permission="workspace:read")
async def same(work: Work) -> Response[str]:
    """The raw limit: same door, same transaction, the very questions of the page straight to the driver, no page."""
    connection = await work.session.connection()
    for statement, parameters in _replayed:
        (await connection.exec_driver_sql(statement, parameters)).all()
    return Response("", media_type="text/html")


@dataclass(frozen=True, slots=True)
class Timing:
    """Milliseconds of one request, sequential, in process."""

    mean: float
    p50: float
    p99: float


async def timed(*calls: Callable[[], Awaitable[object]], rounds: int = ROUNDS) -> list[Timing]:
    """Each call in its turn, round after round: what else the machine does falls on all of them alike."""
    taken: list[list[float]] = [[] for _ in calls]
    for round_ in range(-20, rounds):
        if round_ == 0:
            gc.collect()
        for call, times in zip(calls, taken, strict=True):
            began = time.perf_counter()
            await call()
            if round_ >= 0:
                times.append((time.perf_counter() - began) * 1000)
    return [
        Timing(statistics.fmean(times), sorted(times)[rounds // 2], sorted(times)[int(rounds * 0.99)])
        for times in taken
    ]


def asker(app: Any, path: str, cookie: str) -> Callable[[], Awaitable[int]]:
    """A request made straight to the application: no client between, so the ratio is honest."""
    raw, _, query = path.partition("?")

    async def ask() -> int:
        scope = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": "GET",
            "scheme": "http",
            "path": raw,
            "raw_path": raw.encode(),
            "query_string": query.encode(),
            "root_path": "",
            "headers": [(b"host", b"acogida.test"), (b"cookie", f"sesion={cookie}".encode())],
            "client": ("127.0.0.1", 1),
            "server": ("acogida.test", 80),
            "state": {},
        }
        status, size = 0, 0

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": b"", "more_body": False}

        async def send(message: dict[str, Any]) -> None:
            nonlocal status, size
            if message["type"] == "http.response.start":
                status = message["status"]
            else:
                size += len(message.get("body", b""))

        await app(scope, receive, send)
        assert status == 200, f"{path} answered {status}"
        return size

    return ask


async def questions(services: Services, call: Callable[[], Awaitable[object]]) -> list[tuple[str, Any]]:
    """This function will note every question that a call puts to the database, with its parameters."""
    seen: list[tuple[str, Any]] = []

    def note(_connection: object, _cursor: object, statement: str, parameters: Any, *_: object) -> None:
        seen.append((statement, parameters))

    await call()
    event.listen(services.database.engine.sync_engine, "before_cursor_execute", note)
    try:
        await call()
    finally:
        event.remove(services.database.engine.sync_engine, "before_cursor_execute", note)
    return seen


async def pages(services: Services) -> None:
    from support.make_plan import make_plan

    tenant = await make_municipality(services)
    person = await make_person(services, tenant)
    async with work_as(services, tenant, person) as work:
        await make_plan(work, initiatives=INITIATIVES)
    secret = new_secret()
    async with services.database.transaction() as session:
        await session.execute(
            text(
                "insert into core.web_session (id_hash, person_id, created_at, seen_at, expires_at, agent) "
                "values (:h, :p, now(), now(), now() + interval '1 day', 'bench')"
            ),
            {"h": digest(secret), "p": person.id},
        )
    app = create_app(services.settings, services)
    app.register(workspace(bare, same))
    gc.collect()
    gc.freeze()  # as `acogida web` does
    door = len(await questions(services, asker(app, "/m/temuco/bench/0", secret)))
    print(f"\n  Páginas ({INITIATIVES} iniciativas; una petición a la vez, en proceso, por turnos)")
    print(f"  {'':44} {'consultas':>9} {'media ms':>9} {'p50':>7} {'p99':>7} {'p99/p50':>8} {'vs límite':>10}")
    for name, path in (("tablero", "/m/temuco"), ("grilla de iniciativas", "/m/temuco/iniciativas")):
        page = asker(app, path, secret)
        asked = await questions(services, page)
        _replayed[:] = asked[door:]
        limits = {
            f"{name}: otras tantas consultas vacías": asker(app, f"/m/temuco/bench/{len(asked) - door}", secret),
            f"{name}: sus consultas, sin página": asker(app, "/m/temuco/bench/las-mismas", secret),
        }
        *bare_times, took = await timed(*limits.values(), page)
        for label, timing in zip((*limits, name), (*bare_times, took), strict=True):
            ratio = "" if timing is took else f"{timing.mean / took.mean:.2f}"
            print(
                f"  {label:44} {len(asked):>9} {timing.mean:>9.1f} {timing.p50:>7.1f} {timing.p99:>7.1f} "
                f"{timing.p99 / timing.p50:>8.2f} {ratio:>10}"
            )
    await plugins(services, tenant, asker, secret)


async def documents(services: Services) -> None:
    from support.make_document import long_policy

    document = long_policy()
    engine = Typesetter()
    engine.pdf(document)
    times: dict[str, list[float]] = {"motor solo": [], "Acogida": []}
    await services.renderer.pdf(document)
    pages_made = 0
    for _ in range(5):
        began = time.perf_counter()
        made = engine.pdf(document)
        times["motor solo"].append(time.perf_counter() - began)
        began = time.perf_counter()
        await services.renderer.pdf(document)
        times["Acogida"].append(time.perf_counter() - began)
        pages_made = made.count(b"/Type /Page\n") or made.count(b"/Type/Page")
    alone, ours = (statistics.median(times[name]) for name in ("motor solo", "Acogida"))
    print(
        f"\n  Documento ({pages_made or 'más de 40'} páginas): motor solo {alone:.2f} s, Acogida {ours:.2f} s, razón {ours / alone:.2f}"
    )


def memory() -> None:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"\n  Memoria máxima de este proceso (web, navegada): {peak:.0f} MB")


async def measure(folder: Path) -> None:
    logging.disable(logging.CRITICAL)  # the lines of a thousand requests would drown the figures
    server = embedded_postgres.start(folder)
    try:
        migrate(server.url("acogida_owner", driver="psycopg"))
        settings = settings_for(server, folder, "acogida")
        configure(settings)
        services = assemble(settings)
        await load_territory(services)
        await pages(services)
        memory()
        await documents(services)
        await files.measure(services)
        await services.close()
        await searching.measure(settings, asker)
        await asyncio.to_thread(signatures.measure)
    finally:
        embedded_postgres.stop(folder)


def main() -> None:
    folder = Path(tempfile.mkdtemp(prefix="acogida-bench-", dir="/var/tmp"))
    folder.chmod(0o755)
    try:
        print(f"  Máquina: {os.cpu_count()} núcleos, Python {sys.version.split()[0]}")
        asyncio.run(measure(folder))
    finally:
        shutil.rmtree(embedded_postgres.place(folder), ignore_errors=True)
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
