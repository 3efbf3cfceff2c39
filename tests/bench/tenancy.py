"""What the wall between municipalities costs: the questions of the grid and of the board, with row-level security and without.

Both sides ask the very questions of the page, taken from the product as it serves it. Without the wall each table is a
view that names the municipality by hand, as a careful program would, and the planner sees through it. Around the
measured municipality there are 2, 344 and 9,999 others with a plan of their own.
"""

import asyncio
import gc
import logging
import os
import re
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests"))
sys.path.insert(0, str(ROOT / "tests" / "bench"))

import asyncpg  # noqa: E402 because the path to the builders comes first
import psycopg  # noqa: E402
from psycopg import sql  # noqa: E402
from run import INITIATIVES, asker, questions  # noqa: E402

from acogida.adapters import embedded_postgres  # noqa: E402
from acogida.app.logs import configure  # noqa: E402
from acogida.app.migrate import migrate  # noqa: E402
from acogida.app.seed import load_territory  # noqa: E402
from acogida.app.web import create_app  # noqa: E402
from acogida.app.wiring import Services, assemble  # noqa: E402
from acogida.kernel.identity import digest, new_secret  # noqa: E402
from acogida.kernel.tenancy import Tenant  # noqa: E402
from attack.surface import Table, tables  # noqa: E402
from support.environment import settings_for  # noqa: E402
from support.make import make_municipality, make_person, work_as  # noqa: E402
from support.make_plan import make_plan  # noqa: E402

SIZES = (3, 345, 10_000)
ROUNDS = 300
ROWS = 20
"""Rows of each table in each of the others: a plan as most have it."""
ALONE = frozenset({"core.api_token", "core.invitation"})
"""Tables with a secret that is unique in the whole land: they can't be copied."""


def neighbours(
    owner: psycopg.Connection[Any], found: dict[str, Table], tenant: Tenant, *, first: int, last: int
) -> None:
    """This function will give the municipalities `first` to `last` a copy of some rows of the measured one."""
    owner.execute("set session_replication_role = replica")
    for table in found.values():
        if not table.tenant or table.name in ALONE:
            continue
        names = [column.name for column in table.columns if column.name != "tenant_id"]
        owner.execute(
            sql.SQL(
                "insert into {table} (tenant_id, {names}) select md5('neighbour ' || n)::uuid, {names} "
                "from (select * from {table} where tenant_id = %s limit %s) mine, generate_series(%s::int, %s::int) n"
            ).format(
                table=sql.Identifier(*table.name.split(".")), names=sql.SQL(", ").join(map(sql.Identifier, names))
            ),
            [tenant.id, ROWS, first, last],
        )
    owner.execute("set session_replication_role = origin")
    owner.execute("vacuum analyze")


def without_wall(owner: psycopg.Connection[Any], found: dict[str, Table], tenant: Tenant) -> None:
    """This function will make, for each table, the view that names the municipality and the cycle by hand."""
    owner.execute("create schema bare")
    for table in found.values():
        if table.tenant and table.name.startswith("core."):
            cycle = sql.SQL(" and cycle_id = {}").format(sql.Literal(tenant.cycle_id))
            owner.execute(
                sql.SQL("create view {} as select * from {} where tenant_id = {}{}").format(
                    sql.Identifier("bare", table.name.partition(".")[2]),
                    sql.Identifier(*table.name.split(".")),
                    sql.Literal(tenant.id),
                    cycle if any(column.name == "cycle_id" for column in table.columns) else sql.SQL(""),
                )
            )


async def ask(connection: asyncpg.Connection, asked: Sequence[tuple[str, Any]]) -> float:
    """This function will put the questions one after the other and give the milliseconds that they took."""
    began = time.perf_counter()
    for statement, parameters in asked:
        await connection.fetch(statement, *parameters)
    return (time.perf_counter() - began) * 1000


async def compared(
    server: embedded_postgres.Server, tenant: Tenant, asked: Sequence[tuple[str, Any]], owned: frozenset[str]
) -> tuple[float, float]:
    """This function will measure both sides in turns and give the quicker quartile of each, in milliseconds."""
    walled = await asyncpg.connect(server.url("acogida_app", driver="libpq"))
    bare = await asyncpg.connect(server.url("postgres", driver="libpq"))
    plain = [
        (re.sub(r"\bcore\.(\w+)", lambda m: f"bare.{m[1]}" if m[1] in owned else m[0], one), given)
        for one, given in asked
    ]
    taken: tuple[list[float], list[float]] = ([], [])
    for connection in (walled, bare):
        await connection.execute("set search_path = core, public, jobs")
    async with walled.transaction(), bare.transaction():
        await walled.execute(
            "select set_config('app.tenant_id', $1, true), set_config('app.cycle_id', $2, true)".replace(
                "$1", f"'{tenant.id}'"
            ).replace("$2", f"'{tenant.cycle_id}'")
        )
        for round_ in range(-30, ROUNDS):
            for connection, these, times in ((walled, asked, taken[0]), (bare, plain, taken[1])):
                spent = await ask(connection, these)
                if round_ >= 0:
                    times.append(spent)
    await walled.close()
    await bare.close()
    return tuple(statistics.quantiles(times, n=4)[0] for times in taken)  # type: ignore[return-value]


async def measure(folder: Path) -> None:
    logging.disable(logging.CRITICAL)
    server = embedded_postgres.start(folder, fast=True)
    try:
        migrate(server.url("acogida_owner", driver="psycopg"))
        settings = settings_for(server, folder, "acogida")
        configure(settings)
        services = assemble(settings)
        await load_territory(services)
        tenant = await make_municipality(services)
        person = await make_person(services, tenant)
        async with work_as(services, tenant, person) as work:
            await make_plan(work, initiatives=INITIATIVES)
        pages = await _questions(services, person.id)
        with psycopg.connect(server.url("postgres", driver="libpq"), autocommit=True) as owner:
            found = tables(owner)
            owned = frozenset(
                name.partition(".")[2] for name, table in found.items() if table.tenant and name.startswith("core.")
            )
            without_wall(owner, found, tenant)
            print(
                f"\n  Aislamiento: las consultas de cada página, con seguridad por filas y sin ella ({ROUNDS} vueltas, cuartil rápido)"
            )
            print(
                f"  {'':26} {'municipalidades':>16} {'consultas':>10} {'con muro ms':>12} {'sin muro ms':>12} {'razón':>7}"
            )
            there = 1
            for size in SIZES:
                neighbours(owner, found, tenant, first=there, last=size - 1)
                there = size
                for page, asked in pages.items():
                    gc.collect()
                    walled, bare = await compared(server, tenant, asked, owned)
                    print(
                        f"  {page:26} {size:>16,} {len(asked):>10} {walled:>12.2f} {bare:>12.2f} {walled / bare:>7.2f}"
                    )
        await services.close()
    finally:
        embedded_postgres.stop(folder)


async def _questions(services: Services, person_id: Any) -> dict[str, list[tuple[str, Any]]]:
    secret, now = new_secret(), services.clock.now()
    async with services.database.transaction() as session:
        connection = await session.connection()
        await connection.exec_driver_sql(
            "insert into core.web_session (id_hash, person_id, created_at, seen_at, expires_at, agent) "
            "values ($1, $2, $3::timestamptz, $3::timestamptz, $3::timestamptz + interval '1 day', 'bench')",
            (digest(secret), person_id, now),
        )
    app = create_app(services.settings, services)
    pages = {}
    for name, path in (("tablero", "/m/temuco"), ("grilla de iniciativas", "/m/temuco/iniciativas")):
        asked = await questions(services, asker(app, path, secret))
        pages[name] = [
            (statement, parameters or ())
            for statement, parameters in asked
            if re.match(r"\s*(select|with)\b", statement, re.I)
            and "set_config" not in statement
            and "authenticate" not in statement
        ]
    return pages


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
