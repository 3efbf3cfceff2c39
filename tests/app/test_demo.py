"""The demonstration: told through the real actions, loaded once, put back when asked, never in production."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import func, select

from acogida.app.seed_demo import PASSWORD, BadStory, load_demo, reset_demo
from acogida.app.settings import CHECKOUT, WrongSetting
from acogida.app.wiring import Services
from acogida.features.cycles.actions import board_of
from acogida.features.cycles.gates import Board, GateState
from acogida.features.diagnosis import actions as diagnosis
from acogida.features.diagnosis import store as diagnosis_store
from acogida.features.diagnosis.forms import EditSource
from acogida.features.initiatives import public as initiatives
from acogida.features.initiatives.model import missing_of
from acogida.features.municipalities.public import tenant_by_slug
from acogida.features.people.model import Membership
from acogida.features.policies import store as policies
from acogida.kernel import audit
from acogida.kernel.audit import AuditEntry
from acogida.kernel.clock import today
from acogida.kernel.tenancy import Tenant
from acogida.kernel.work import Work
from support.make import make_municipality, work_as
from support.visitor import Visitor

PREPARATION = {"GATE-1.1", "GATE-1.2"}
DIAGNOSIS = {"GATE-2.1", "GATE-2.2", "GATE-2.3", "GATE-2.4"}
WORKSHOP = {"GATE-3.1a", "GATE-3.1b"}
REST = {"GATE-3.2", "GATE-4.1-3", "GATE-4.4"}


@pytest.fixture
def small(services: Services, tmp_path: Path) -> Services:
    """Services that know one story only: the shortest."""
    catalogue = tmp_path / "catalogue"
    (catalogue / "demo").mkdir(parents=True)
    shutil.copy(CHECKOUT / "catalogue/demo/la-serena.yaml", catalogue / "demo")
    return replace(services, settings=replace(services.settings, catalogue=catalogue))


async def tenant_of(services: Services, slug: str) -> Tenant:
    async with services.database.transaction() as session:
        found = await tenant_by_slug(session, slug)
    assert found is not None
    return found


async def board(services: Services, slug: str) -> Board:
    tenant = await tenant_of(services, slug)
    async with services.database.transaction(tenant=tenant, read_only=True) as session:
        return await board_of(Work(session, services.clock, municipality=tenant), services.guides)


def closed(of: Board) -> set[str]:
    return {gate.gate.id for gate in of.gates if gate.state is GateState.CLOSED}


async def entries(services: Services, tenant: Tenant) -> int:
    async with services.database.transaction(tenant=tenant, read_only=True) as session:
        return await session.scalar(select(func.count()).select_from(AuditEntry)) or 0


async def test_each_commune_stands_where_its_story_says(services: Services, visitor: Visitor) -> None:
    """La Serena begins the diagnosis, Puente Alto plans, Temuco follows up; and what each shows holds together."""
    accounts = await load_demo(services)

    la_serena, puente_alto, temuco = [await board(services, slug) for slug in ("la-serena", "puente-alto", "temuco")]
    assert closed(la_serena) == PREPARATION
    assert la_serena.gate("GATE-2.1").state is GateState.READY
    assert closed(puente_alto) == PREPARATION | DIAGNOSIS | WORKSHOP
    assert puente_alto.gate("GATE-3.2").state is GateState.OPEN
    assert closed(temuco) == PREPARATION | DIAGNOSIS | WORKSHOP | REST
    assert temuco.duties == ()
    assert [thing.row.id for gate in temuco.gates if gate.closing for thing in gate.ideals if not thing.met] == []
    assert not any(of.exceptions for of in (la_serena, puente_alto, temuco))

    tenant = await tenant_of(services, "temuco")
    async with services.database.transaction(tenant=tenant, read_only=True) as session:
        work = Work(session, services.clock, municipality=tenant)
        plan = await initiatives.initiatives(work)
        assert len(plan) == 28 and not any(missing_of(row) for row in plan)
        assert (await policies.own_publication(work)) is not None
        assert (await audit.verify(session)).broken_at is None
        last = await session.scalar(select(AuditEntry.at).order_by(AuditEntry.seq.desc()).limit(1))
        first = await session.scalar(select(AuditEntry.at).order_by(AuditEntry.seq).limit(1))
        backwards = select(func.count()).select_from(AuditEntry).where(AuditEntry.at > services.clock.now())
        assert await session.scalar(backwards) == 0
    assert first and last and (last - first).days > 500, "the book follows the days of the story"

    tenant = await tenant_of(services, "puente-alto")
    async with services.database.transaction(tenant=tenant, read_only=True) as session:
        work = Work(session, services.clock, municipality=tenant)
        plan = await initiatives.initiatives(work)
        assert len(plan) == 14 and 0 < sum(bool(missing_of(row)) for row in plan) < 7
        assert {row.status for row in await policies.observations(work)} == {"pending", "incorporated"}

    roles = {title for email, title, place in accounts if place == "Temuco"}
    assert len(accounts) == 13 and len(roles) == 9
    for slug, (email, _, _) in (("temuco", accounts[0]), ("la-serena", accounts[-1])):
        await visitor.sign_in(email, PASSWORD)
        assert (await visitor.get(f"/m/{slug}")).status_code == 200


async def test_loading_again_changes_nothing(small: Services) -> None:
    """What is there already, from the same files, is left as it is, with whatever was done in it."""
    await load_demo(small)
    tenant = await tenant_of(small, "la-serena")
    async with work_as(small, tenant) as work:
        await diagnosis.add_source(work, EditSource(title="Otra fuente", kind="national"))
    before = await entries(small, tenant)

    await load_demo(small)

    assert await tenant_of(small, "la-serena") == tenant
    assert await entries(small, tenant) == before


async def test_new_files_take_the_place_of_the_old_ones(small: Services) -> None:
    """A demonstration whose file changed is told again."""
    await load_demo(small)
    file = small.settings.catalogue / "demo/la-serena.yaml"
    file.write_text(file.read_text().replace("Alfaro", "Altamirano"))

    await load_demo(small)

    tenant = await tenant_of(small, "la-serena")
    async with small.database.transaction(tenant=tenant) as session:
        names = set(await session.scalars(select(AuditEntry.actor_name)))
    assert names == {"Camila Rojas Altamirano", "Rodrigo Alcayaga Pizarro"}


async def test_reset_undoes_what_was_done(small: Services) -> None:
    """Reset takes away the edits and the book, and leaves each account as it was, whoever was signed in."""
    await load_demo(small)
    tenant = await tenant_of(small, "la-serena")
    before = await entries(small, tenant)
    async with work_as(small, tenant) as work:
        await diagnosis.add_source(work, EditSource(title="Otra fuente", kind="national"))

    accounts = await reset_demo(small)

    fresh = await tenant_of(small, "la-serena")
    async with small.database.transaction(tenant=fresh) as session:
        titles = [row.title for row in await diagnosis_store.sources(Work(session, small.clock, municipality=fresh))]
        people = await session.scalar(select(func.count()).select_from(Membership))
    assert fresh.id != tenant.id and "Otra fuente" not in titles
    assert await entries(small, fresh) == before and await entries(small, tenant) == 0
    assert people == len(accounts) == 2


async def test_the_dates_follow_the_calendar(small: Services) -> None:
    """Loaded a year later, the story happened a year later: the demonstration does not grow old."""
    small.clock.move_to(small.clock.now().replace(year=2027))  # type: ignore[attr-defined]

    await load_demo(small)

    tenant = await tenant_of(small, "la-serena")
    async with small.database.transaction(tenant=tenant) as session:
        last = await session.scalar(select(func.max(AuditEntry.at)))
    assert last is not None and (today(small.clock) - last.date()).days < 14


async def test_a_story_that_breaks_a_rule_says_where(small: Services) -> None:
    """Stories pass through the rules of the product: a wrong one stops with its file, its day and its field."""
    file = small.settings.catalogue / "demo/la-serena.yaml"
    file.write_text(file.read_text().replace("kind: internal,", "kind: invented,", 1))

    with pytest.raises(BadStory, match=r"la-serena\.yaml, 2026-11-03, source .*kind: Elija una de las opciones"):
        await load_demo(small)


async def test_a_workspace_of_somebody_is_left_alone(small: Services) -> None:
    """Where the municipality of a demonstration works with Acogida, nothing is loaded nor taken away."""
    tenant = await make_municipality(small, cut="04101", name="La Serena", slug="la-serena")

    assert await load_demo(small) == []
    assert await reset_demo(small) == []

    assert await tenant_of(small, "la-serena") == tenant


async def test_never_in_production(small: Services) -> None:
    """In production both verbs refuse with a sentence, and nothing is written."""
    live = replace(small, settings=replace(small.settings, environment="production"))

    for verb in (load_demo, reset_demo):
        with pytest.raises(WrongSetting, match="no se carga en producción"):
            await verb(live)

    async with small.database.transaction() as session:
        assert await tenant_by_slug(session, "la-serena") is None
