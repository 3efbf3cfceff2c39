"""What goes round row-level security in PostgreSQL, tried one by one as the role that serves."""

from collections.abc import Iterator
from uuid import UUID

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import text

from acogida.adapters.embedded_postgres import Server
from acogida.app.wiring import Services
from acogida.kernel.db import AROUND_FAULTS, Database, UnsafeRole, refuse_unsafe
from acogida.kernel.tenancy import Tenant
from support.make import make_municipality, work_as
from support.make_plan import make_axis

WAYS_ROUND = {
    "una vista con los permisos de su dueño": (
        "create view core.todo as select * from core.axis",
        r"core\.todo: vista sin",
    ),
    "una vista materializada": (
        "create materialized view core.todo as select * from core.axis",
        r"core\.todo: vista mat",
    ),
    "una función con los permisos de su dueño": (
        "create function core.todo() returns bigint language sql security definer as 'select count(*) from core.axis'",
        r"core\.todo: función",
    ),
    "una secuencia compartida": ("alter table core.axis add column folio bigserial", r"core\.axis\.folio: se numera"),
    "un objeto grande": ("select lo_create(0)", r"objeto grande"),
}


@pytest.mark.parametrize("way", WAYS_ROUND)
async def test_the_process_refuses_to_start_with_a_way_round_the_wall(
    server: Server, database_name: str, way: str
) -> None:
    """Whoever adds one learns it before anybody is served."""
    statement, told = WAYS_ROUND[way]
    with psycopg.connect(server.url("acogida_owner", driver="libpq", database=database_name)) as owner:
        owner.execute(statement.encode())
    database = Database(server.url("acogida_app", database=database_name))

    with pytest.raises(UnsafeRole, match=told):
        await refuse_unsafe(database)
    await database.close()


async def test_nothing_goes_round_the_wall_today(server: Server, database_name: str) -> None:
    """No view, sequence or large object of ours, one function with its owner's rights, and the roles that serve may start."""
    with psycopg.connect(server.url("acogida_owner", driver="libpq", database=database_name)) as owner:
        assert owner.execute(AROUND_FAULTS.encode()).fetchall() == []
        definers = owner.execute(
            "select p.proname from pg_proc p where p.prosecdef and p.pronamespace = 'core'::regnamespace "
            "and has_function_privilege('acogida_app', p.oid, 'EXECUTE')"
        ).fetchall()
        assert definers == [], "The web process runs nothing with the rights of the owner."
    for role in ("acogida_app", "acogida_worker"):
        database = Database(server.url(role, database=database_name))
        await refuse_unsafe(database)
        await database.close()


@pytest.mark.parametrize("power", ["replication", "createrole"])
async def test_the_process_refuses_a_role_with_powers_it_does_not_need(
    server: Server, database_name: str, power: str
) -> None:
    """A role that could copy the whole database, or make another that can, does not serve."""
    name = sql.Identifier(f"mighty_{power}")
    with psycopg.connect(server.url("postgres", driver="libpq", database=database_name), autocommit=True) as superuser:
        superuser.execute(sql.SQL("create role {} login {} password 'made-up'").format(name, sql.SQL(power)))
        superuser.execute(sql.SQL("grant usage on schema core to {}").format(name))
        try:
            database = Database(f"postgresql+asyncpg://mighty_{power}:made-up@127.0.0.1:{server.port}/{database_name}")
            with pytest.raises(UnsafeRole):
                await refuse_unsafe(database)
            await database.close()
        finally:
            superuser.execute(sql.SQL("drop owned by {}").format(name))
            superuser.execute(sql.SQL("drop role {}").format(name))


@pytest.fixture
async def towns(services: Services) -> tuple[Tenant, Tenant]:
    """Two municipalities with an eje each."""
    made = []
    for cut, name, slug in (("09101", "Temuco", "temuco"), ("13201", "Puente Alto", "puente-alto")):
        tenant = await make_municipality(services, cut=cut, name=name, slug=slug)
        async with work_as(services, tenant) as work:
            await make_axis(work, f"Eje de {name}")
        made.append(tenant)
    return made[0], made[1]


@pytest.fixture
def inside(server: Server, database_name: str, towns: tuple[Tenant, Tenant]) -> Iterator[psycopg.Connection]:
    """A bare connection of `app`, with no rule of the application before it, bound to nobody."""
    with psycopg.connect(
        server.url("acogida_app", driver="libpq", database=database_name), prepare_threshold=0
    ) as connection:
        yield connection


def _enter(connection: psycopg.Connection, tenant: UUID) -> None:
    connection.execute("select set_config('app.tenant_id', %s, true)", [str(tenant)])


async def test_a_prepared_question_answers_each_with_its_own(
    inside: psycopg.Connection, towns: tuple[Tenant, Tenant]
) -> None:
    """The plan is kept on the connection and the tenant is not: the pool lends one connection to everybody."""
    for _ in range(8):  # from the sixth on PostgreSQL keeps a plan that does not look at the values
        for tenant in towns:
            _enter(inside, tenant.id)
            assert inside.execute("select name from core.axis", prepare=True).fetchall() == [(f"Eje de {tenant.name}",)]
            inside.rollback()
    assert inside.execute("select name from core.axis", prepare=True).fetchall() == []


async def test_copy_and_statistics_stay_behind_the_wall(
    inside: psycopg.Connection, towns: tuple[Tenant, Tenant], services: Services
) -> None:
    """COPY gives one's own rows, refuses to bring any in and never reaches the server's files; statistics tell nothing."""
    _enter(inside, towns[0].id)
    with inside.cursor().copy("copy core.axis (name) to stdout") as copied:
        assert b"".join(bytes(piece) for piece in copied) == b"Eje de Temuco\n"
    for forbidden in (
        "copy core.axis from stdin",
        "copy core.axis to '/dev/null'",
        "copy core.axis to program 'cat'",
        "create view core.mine as select 1",
        "alter table core.axis disable row level security",
        "set role acogida_owner",
        "set session authorization acogida_owner",
        "truncate core.axis",
    ):
        with pytest.raises(psycopg.Error):
            inside.execute(forbidden.encode())
        inside.rollback()
    seen = inside.execute("select count(*) from pg_stats where schemaname = 'core' and tablename = 'axis'").fetchone()
    assert seen == (0,)
    async with services.database.transaction(tenant=towns[1], read_only=True) as session:
        assert (await session.execute(text("select name from core.axis"))).all() == [("Eje de Puente Alto",)]


async def test_turning_row_security_off_fails_loudly(inside: psycopg.Connection, towns: tuple[Tenant, Tenant]) -> None:
    """`row_security = off` does not show more: it refuses to answer."""
    _enter(inside, towns[0].id)
    inside.execute("set local row_security = off")
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        inside.execute("select name from core.axis")
    inside.rollback()


async def test_a_row_cannot_be_given_to_the_neighbour(inside: psycopg.Connection, towns: tuple[Tenant, Tenant]) -> None:
    """WITH CHECK holds inserts and changes, also those that a conflict turns into changes."""
    ours, theirs = towns
    for statement in (
        "insert into core.axis (tenant_id, cycle_id, name) values (%(theirs)s, %(cycle)s, 'x')",
        "update core.axis set tenant_id = %(theirs)s",
    ):
        _enter(inside, ours.id)
        with pytest.raises(psycopg.Error):
            inside.execute(statement.encode(), {"theirs": theirs.id, "cycle": theirs.cycle_id})
        inside.rollback()
