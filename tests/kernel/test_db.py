"""The wall, from inside: what a session of one tenant can and can't do."""

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from acogida.app.wiring import Services
from acogida.features.diffusion.model import DiffusionAction
from acogida.features.initiatives.model import Axis, Initiative
from acogida.kernel.db import NoTenant, new_id
from support.make import make_municipality, work_as


async def two_tenants(services: Services):
    return (
        await make_municipality(services),
        await make_municipality(services, cut="13201", name="Puente Alto", slug="puente-alto"),
    )


async def test_each_tenant_sees_its_own(services: Services) -> None:
    """The same query gives each one theirs."""
    temuco, puente_alto = await two_tenants(services)
    async with work_as(services, temuco) as work:
        work.session.add(Axis(name="Salud"))
    async with work_as(services, puente_alto) as work:
        work.session.add(Axis(name="Empleo"))

    async with work_as(services, temuco) as work:
        assert (await work.session.scalars(select(Axis.name))).all() == ["Salud"]
        assert (await work.session.scalars(text("select name from core.axis"))).all() == ["Salud"]


async def test_a_session_without_tenant_raises_before_any_sql(services: Services) -> None:
    """An innocent empty page would hide the bug."""
    async with services.database.transaction() as session:
        with pytest.raises(NoTenant):
            await session.scalars(select(Axis))


async def test_writing_for_another_tenant_is_refused(services: Services) -> None:
    """Even with the other's id in hand."""
    temuco, puente_alto = await two_tenants(services)
    with pytest.raises(DBAPIError, match="row-level security"):
        async with work_as(services, temuco) as work:
            work.session.add(Axis(tenant_id=puente_alto.id, cycle_id=puente_alto.cycle_id, name="Ajeno"))


async def test_a_key_can_not_cross_the_wall(services: Services) -> None:
    """An initiative can't hang from another municipality's eje: the key carries the tenant."""
    temuco, puente_alto = await two_tenants(services)
    theirs = new_id()
    async with work_as(services, puente_alto) as work:
        work.session.add(Axis(id=theirs, name="Empleo"))
    with pytest.raises(IntegrityError, match="foreign key"):
        async with work_as(services, temuco) as work:
            work.session.add(Initiative(name="Escuela de líderes", axis_id=theirs))


async def test_the_binding_does_not_outlive_the_transaction(services: Services) -> None:
    """The next user of a pooled connection starts with nothing."""
    temuco, _ = await two_tenants(services)
    async with work_as(services, temuco) as work:
        work.session.add(DiffusionAction(kind="launch", title="Feria", held_on=work.today()))
    async with services.database.connection() as connection:
        for _ in range(10):
            assert (await connection.scalar(text("select count(*) from core.diffusion_action"))) == 0


async def test_rows_of_an_older_cycle_are_not_shown(services: Services) -> None:
    """Pages show the cycle in course, whatever the query; `every_cycle` looks at them all."""
    temuco, _ = await two_tenants(services)
    async with work_as(services, temuco) as work:
        from acogida.features.cycles.model import Cycle

        older = Cycle(id=new_id(), number=2, guide_version="2025.04", valid_from=None, valid_until=None)
        work.session.add(older)
        await work.session.flush()
        async with work.session.every_cycle():
            work.session.add_all([Axis(name="De antes", cycle_id=older.id), Axis(name="De ahora")])

    async with work_as(services, temuco) as work:
        shown = (await work.session.scalars(select(Axis.name))).all()
        raw = (await work.session.scalars(text("select name from core.axis"))).all()
        async with work.session.every_cycle():
            every = (await work.session.scalars(select(Axis.name).order_by(Axis.name))).all()
        again = (await work.session.scalars(select(Axis.name))).all()
    assert shown == raw == again == ["De ahora"]
    assert every == ["De ahora", "De antes"]


async def test_a_page_that_reads_can_not_write(services: Services) -> None:
    """GET gets a read-only transaction."""
    temuco, _ = await two_tenants(services)
    with pytest.raises(DBAPIError, match="read-only"):
        async with services.database.transaction(tenant=temuco, read_only=True) as session:
            session.add(Axis(name="Salud"))
