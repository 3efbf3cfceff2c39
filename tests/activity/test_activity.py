"""What happened in a workspace, as people read it and as a machine does."""

from datetime import UTC, datetime
from urllib.parse import quote

import psycopg
import pytest

from acogida.adapters.embedded_postgres import Server
from acogida.app.wiring import Services
from acogida.features.activity import words
from acogida.kernel import audit
from acogida.kernel.clock import FixedClock
from acogida.kernel.db import Base, TenantTable
from acogida.kernel.tenancy import Tenant
from support.make import make_municipality, make_person, make_token, work_as
from support.visitor import Visitor

LAUNCH = {"kind": "launch", "title": "Lanzamiento en la feria Pinto", "held_on": "2026-11-20"}


@pytest.fixture
async def tenant(services: Services) -> Tenant:
    return await make_municipality(services)


@pytest.fixture
async def rosa(services: Services, tenant: Tenant, visitor: Visitor) -> Visitor:
    await make_person(services, tenant)
    await visitor.sign_in("rosa@temuco.cl")
    return visitor


async def test_what_happened_is_told_in_a_sentence_with_its_change(rosa: Visitor) -> None:
    """Who, what and when; and in the drawer the labels of the form, what it said before and what it says now."""
    await rosa.post("/m/temuco/difusion", {"level": "wide", "message": "Una comuna que acoge", "version": "0"})
    await rosa.post("/m/temuco/difusion", {"level": "targeted", "message": "Una comuna que acoge", "version": "1"})

    page = (await rosa.get("/m/temuco/actividad")).text

    assert "<b>Rosa Painemal</b> definió cómo difundir la Política" in page
    assert "Hoy 12:00" in page
    assert "<dt>¿Cuánta difusión conviene hoy?</dt>" in page
    assert "<del>Amplia: toda la comuna y los medios</del>" in page
    assert "<ins>Acotada: quienes participan y deben actuar</ins>" in page


def test_moments_are_written_as_said() -> None:
    """Today, yesterday and before, in the commune's own time: it is still yesterday in Rapa Nui."""
    from acogida.kernel.clock import SANTIAGO, today, zone_of

    now = FixedClock(datetime(2026, 11, 23, 3, 30, tzinfo=UTC))
    santiago, rapa_nui = SANTIAGO, zone_of("05201")

    assert words.said(now.now(), today(now, santiago), santiago) == "Hoy 00:30"
    assert words.said(now.now(), today(now, rapa_nui), rapa_nui) == "Hoy 22:30"
    assert (
        words.said(datetime(2026, 11, 21, 15, tzinfo=UTC), today(now, santiago), santiago)
        == "21 de noviembre de 2026, 12:00"
    )
    assert words.said(datetime(2026, 11, 22, 15, tzinfo=UTC), today(now, santiago), santiago) == "Ayer 12:00"


def test_what_was_typed_never_becomes_markup() -> None:
    """Only the asterisks of our sentences do."""
    assert words.emphasised("cambió *Ferias <b>* a <script>") == "cambió <i>Ferias &lt;b&gt;</i> a &lt;script&gt;"


async def test_the_book_is_read_by_person_by_thing_and_by_pages(
    services: Services, tenant: Tenant, rosa: Visitor
) -> None:
    """Filters narrow it; the newest come first and the rest is a page away."""
    ana = await make_person(services, tenant, email="ana@temuco.cl", name="Ana Curihual", roles=("mayor",))
    async with work_as(services, tenant, ana) as work:
        await audit.record(work, "gate.closed", "cerró *1.1 Compromiso político*")
    async with work_as(services, tenant) as work:
        for number in range(45):
            await audit.record(work, "diffusion_action.added", f"registró el hito {number + 1}")

    everything = (await rosa.get("/m/temuco/actividad")).text
    older = (await rosa.get("/m/temuco/actividad?antes=7")).text
    by_ana = (await rosa.get(f"/m/temuco/actividad?persona={quote('Ana Curihual')}")).text
    gates = (await rosa.get("/m/temuco/actividad?cosa=etapas")).text
    nothing = (await rosa.get("/m/temuco/actividad?cosa=archivo")).text

    assert "registró el hito 45" in everything
    assert "registró el hito 5<" not in everything
    assert "antes=7" in everything
    assert "registró el hito 5<" in older
    assert "registró el hito 6<" not in older
    for page in (by_ana, gates):
        assert "cerró <i>1.1 Compromiso político</i>" in page
        assert "registró el hito" not in page
    assert "Con estos filtros no aparece nada" in nothing


async def test_the_chain_is_verified_on_demand(
    services: Services, server: Server, database_name: str, rosa: Visitor
) -> None:
    """Whole it says how many; altered by whoever owns the tables, it says where."""
    for _ in range(3):
        await rosa.post("/m/temuco/difusion/nueva", LAUNCH)

    whole = (await rosa.get("/m/temuco/actividad/verificar")).text
    with psycopg.connect(server.url("postgres", driver="libpq", database=database_name)) as owner:
        owner.execute("update core.audit_entry set sentence = 'no hizo nada' where seq = 2")
    broken = (await rosa.get("/m/temuco/actividad/verificar")).text

    assert "Cadena íntegra: 3 anotaciones." in whole
    assert "La cadena se rompe en la anotación 2" in broken


async def test_a_machine_follows_the_book_from_where_it_left(
    services: Services, tenant: Tenant, visitor: Visitor
) -> None:
    """Oldest first, by cursor; a thing's history by its id."""
    person = await make_person(services, tenant)
    headers = {"authorization": f"Bearer {await make_token(services, tenant, person)}"}
    async with work_as(services, tenant, person) as work:
        for number in range(5):
            await audit.record(work, "job.noted", f"anotó {number + 1}", subject=person)
    root = "/api/v1/m/temuco/actividad"

    first = (await visitor.http.get(f"{root}?limit=3", headers=headers)).json()
    rest = (await visitor.http.get(f"{root}?limit=3&after={first['next']}", headers=headers)).json()
    history = (await visitor.http.get(f"{root}?id={person.id}&cosa=tareas", headers=headers)).json()
    strange = await visitor.http.get(f"{root}?cosa=otra", headers=headers)
    chain = (await visitor.http.get(f"{root}/verificar", headers=headers)).json()

    assert [entry["sentence"] for entry in first["items"]] == ["anotó 1", "anotó 2", "anotó 3"]
    assert [entry["sentence"] for entry in rest["items"]] == ["anotó 4", "anotó 5"]
    assert rest["next"] is None
    assert len(history["items"]) == 5
    assert strange.status_code == 422
    assert chain == {"entries": 5, "whole": True, "broken_at": None}


async def test_the_next_municipality_sees_its_own_book(services: Services, rosa: Visitor) -> None:
    """Not a person's name, not a sentence of another."""
    other = await make_municipality(services, cut="13201", name="Puente Alto", slug="puente-alto")
    async with work_as(services, other) as work:
        await audit.record(work, "gate.closed", "cerró algo ajeno")

    page = (await rosa.get("/m/temuco/actividad")).text

    assert "cerró algo ajeno" not in page
    assert (await rosa.get("/m/puente-alto/actividad")).status_code == 404


async def test_whoever_only_takes_part_does_not_read_the_book(
    services: Services, tenant: Tenant, visitor: Visitor
) -> None:
    """An external adviser works; the book is the municipality's."""
    await make_person(services, tenant, roles=("adviser",))
    await visitor.sign_in("rosa@temuco.cl")

    assert (await visitor.get("/m/temuco/actividad")).status_code == 403
    assert (await visitor.get("/m/temuco/")).status_code == 200


def test_everything_that_a_workspace_keeps_has_a_name_in_the_filter() -> None:
    """A new table of a tenant joins a group of `words.GROUPS`, or is inner workings; those of extensions go together."""
    inner = {"draft", "idempotency_key", "audit_entry"}
    named = {table for group in words.GROUPS for table in words.things_in(group) or ()}
    kept = {mapper.class_.__tablename__ for mapper in Base.registry.mappers if issubclass(mapper.class_, TenantTable)}

    assert kept - inner - named == set(), "add these tables to a group of features/activity/words.py"
    assert words.things_in("otra") is None
