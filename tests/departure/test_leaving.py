"""A municipality takes everything with it, leaves, and comes back: nothing lost, nothing left, nobody else touched."""

import asyncio
import io
import zipfile
from collections.abc import AsyncIterator
from pathlib import Path

import docx
import openpyxl
import psycopg
import pypdf
import pytest
from psycopg import sql
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from acogida.adapters.embedded_postgres import Server
from acogida.app.cli import main
from acogida.app.wiring import Services, assemble
from acogida.features.cycles.public import guide_of
from acogida.features.departure import actions, store
from acogida.features.departure.jobs import make_exit_pack
from acogida.features.departure.model import LEFT_OUT, Departure
from acogida.features.departure.packing import make_pack
from acogida.features.departure.returning import CanNotReturn, load_pack
from acogida.features.policies.actions import freeze
from acogida.features.policies.forms import FreezeVersion
from acogida.kernel import audit
from acogida.kernel.packs import check
from acogida.kernel.tenancy import SYSTEM, Tenant
from acogida.kernel.work import Work
from support.environment import TEMPLATE, settings_for
from support.make import make_municipality, make_person, work_as
from support.make_files import pdf
from support.make_plan import make_plan
from support.make_policy import make_rich_policy
from support.visitor import Visitor


@pytest.fixture
async def elsewhere(server: Server, services: Services, database_name: str, tmp_path: Path) -> AsyncIterator[Services]:
    """Another installation, empty but for the territory."""
    name = f"{database_name}_elsewhere"
    with psycopg.connect(server.url("postgres", driver="libpq", database="postgres"), autocommit=True) as connection:
        connection.execute(
            sql.SQL("create database {} template {} strategy file_copy").format(
                sql.Identifier(name), sql.Identifier(TEMPLATE)
            )
        )
        made = assemble(
            settings_for(server, tmp_path / "elsewhere", name),
            clock=services.clock,
            renderer=services.renderer,
            guides=services.guides,
        )
        yield made
        await made.database.close()
        connection.execute(sql.SQL("drop database {} with (force)").format(sql.Identifier(name)))


async def _busy(services: Services) -> Tenant:
    """Temuco with a diagnosis, a plan, a version of its policy and a file."""
    tenant = await make_municipality(services)
    rosa = await make_person(services, tenant)
    async with work_as(services, tenant, rosa) as work:
        await make_rich_policy(work)
        await freeze(work, await guide_of(work, services.guides), FreezeVersion(milestone="first"))
    async with Visitor(services) as visitor:
        await visitor.sign_in("rosa@temuco.cl")
        await visitor.post(
            "/m/temuco/archivo",
            {"kind": "sent_document", "dated_on": "2026-11-02", "note": "Propuestas"},
            files={"file": ("Oficio Ñ 123.pdf", pdf(), "application/pdf")},
        )
    return tenant


async def _packed(services: Services, tenant: Tenant, path: Path) -> Path:
    async with work_as(services, tenant) as work:
        with path.open("w+b") as into:
            made = await make_pack(work, services.files, services.renderer, into)
    assert made.missing == []
    return path


def _contents(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as packed:
        return {name: packed.read(name) for name in packed.namelist()}


async def test_the_pack_holds_everything_and_can_be_checked(services: Services, tmp_path: Path) -> None:
    """Documents that open, the file byte by byte, the tables, and both books; `acogida verify` finds nothing amiss."""
    tenant = await _busy(services)

    path = await _packed(services, tenant, tmp_path / "temuco.zip")
    report, inside = check(path), _contents(path)

    assert report.good, report.problems
    assert report.entries >= 2
    policy = next(name for name in inside if name.startswith("documentos/politica-version-1") and name.endswith(".pdf"))
    on_paper = " ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(inside[policy])).pages)
    in_word = "".join(p.text for p in docx.Document(io.BytesIO(inside[policy.replace(".pdf", ".docx")])).paragraphs)
    assert "Introducción" in on_paper
    assert "Introducción" in in_word
    sent = next(content for name, content in inside.items() if name.endswith("/Oficio Ñ 123.pdf"))
    assert sent == pdf()
    book = openpyxl.load_workbook(io.BytesIO(inside["tablas.xlsx"]))
    assert book["initiative"].max_row > 1
    assert "password_hash" not in inside["personas.jsonl"].decode()
    assert b"token_hash" not in b"".join(inside[name] for name in inside if "api_token" in name)


async def test_a_pack_opens_the_same_workspace_elsewhere(
    services: Services, elsewhere: Services, tmp_path: Path
) -> None:
    """In an empty installation every table, every file and both books come back equal, and people recover their way in."""
    tenant = await _busy(services)
    first = await _packed(services, tenant, tmp_path / "first.zip")

    async with elsewhere.database.transaction() as session:
        returned = await load_pack(Work(session, elsewhere.clock, SYSTEM), elsewhere.files, first)
    before, after = _contents(first), _contents(await _packed(elsewhere, returned, tmp_path / "second.zip"))

    same = [name for name in before if name.startswith(("archivos/", "documentos/", "personas", "espacio", "tablas/"))]
    assert len(same) > 30
    for name in same:
        if name != "tablas/core.audit_entry.jsonl":
            assert before[name] == after[name], name
    for name in ("registro/actividad.jsonl", "tablas/core.audit_entry.jsonl"):
        assert {*before[name].splitlines()} < {*after[name].splitlines()}
    async with work_as(elsewhere, returned) as work:
        assert (await audit.verify(work.session)).broken_at is None
    async with Visitor(elsewhere) as visitor:
        asked = await visitor.post("/recuperar", {"email": "rosa@temuco.cl"})
    assert asked.status_code in (200, 303)


async def test_the_command_brings_a_municipality_back(
    services: Services,
    elsewhere: Services,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """`acogida pack load`: once it comes back, twice it is told why not; without settings, what is missing."""
    path = await _packed(services, await _busy(services), tmp_path / "temuco.zip")
    assert await asyncio.to_thread(main, ["pack", "load", str(path)]) == 2
    assert "ACOGIDA_DATABASE_URL" in capsys.readouterr().err
    database = elsewhere.settings.database
    for name, value in (
        ("DATA", elsewhere.settings.data),
        ("SECRET_KEY", "a-secret-that-only-the-tests-know-0123456789"),
        ("DATABASE_URL", database.app_url),
        ("DATABASE_WORKER_URL", database.worker_url),
        ("DATABASE_OWNER_URL", database.owner_url),
    ):
        monkeypatch.setenv(f"ACOGIDA_{name}", str(value))

    first = await asyncio.to_thread(main, ["pack", "load", str(path)])
    told = capsys.readouterr()
    second = await asyncio.to_thread(main, ["pack", "load", str(path)])

    assert first == 0, told.err
    assert "La Municipalidad de Temuco está de vuelta" in told.out
    assert second == 2
    assert "ya tiene un espacio aquí" in capsys.readouterr().err


async def test_a_pack_that_was_touched_opens_nothing(services: Services, elsewhere: Services, tmp_path: Path) -> None:
    """One changed byte and nothing is loaded; a workspace that is there is not written over."""
    tenant = await _busy(services)
    path = await _packed(services, tenant, tmp_path / "temuco.zip")
    touched = tmp_path / "touched.zip"
    with zipfile.ZipFile(touched, "w") as out:
        for name, content in _contents(path).items():
            out.writestr(name, content.replace(b"Temuco", b"Otra..") if name == "espacio.json" else content)

    for opened, where, reason in ((touched, elsewhere, "no está entero"), (path, services, "ya tiene un espacio")):
        with pytest.raises(CanNotReturn, match=reason):
            async with where.database.transaction() as session:
                await load_pack(Work(session, where.clock, SYSTEM), where.files, opened)
    async with elsewhere.database.transaction() as session:
        assert await session.scalar(text("select count(*) from core.municipality")) == 0


async def test_the_secretary_asks_and_fetches(services: Services, worker_services: Services, visitor: Visitor) -> None:
    """One button; the worker makes it; the link brings a good ZIP; a stranger finds nothing."""
    tenant = await _busy(services)
    await make_person(
        services,
        await make_municipality(services, cut="04101", name="La Serena", slug="la-serena"),
        email="ana@laserena.cl",
    )
    await visitor.sign_in("rosa@temuco.cl")

    asked = await visitor.post("/m/temuco/ajustes/salida/paquete")
    twice = await visitor.post("/m/temuco/ajustes/salida/paquete")
    async with work_as(worker_services, tenant) as work:
        (asked_for,) = await store.packs(work)
        await make_exit_pack(worker_services, work, asked_for.id)
    page = await visitor.get("/m/temuco/ajustes/salida")
    link = page.text.split('href="/m/temuco/ajustes/salida/paquetes/')[1].split('"')[0]
    fetched = await visitor.get(f"/m/temuco/ajustes/salida/paquetes/{link}")
    async with Visitor(services) as neighbour:
        await neighbour.sign_in("ana@laserena.cl")
        theirs = await neighbour.get(f"/m/temuco/ajustes/salida/paquetes/{link}")
        swapped = await neighbour.get(f"/m/la-serena/ajustes/salida/paquetes/{link}")

    assert asked.status_code == 303
    assert twice.status_code == 409
    assert zipfile.is_zipfile(io.BytesIO(fetched.content))
    assert (theirs.status_code, swapped.status_code) == (404, 404)


async def test_leaving_waits_for_its_day_and_can_be_taken_back(services: Services, visitor: Visitor) -> None:
    """Too soon and a mistyped name are told beside their fields; the decision shows on the board until it is taken back."""
    tenant = await _busy(services)
    await visitor.sign_in("rosa@temuco.cl")
    said = {"decided_by": "Amanda Ñancupil", "cargo": "Alcaldesa", "reason": "Otra plataforma"}

    wrong = await visitor.post("/m/temuco/ajustes/salida", {**said, "erase_on": "2026-11-30", "commune": "Temuko"})
    right = await visitor.post("/m/temuco/ajustes/salida", {**said, "erase_on": "2027-01-04", "commune": "temuco"})
    board = await visitor.get("/m/temuco/")
    async with work_as(services, tenant) as work:
        nothing = await actions.go(work, services.files, services.renderer)
    back = await visitor.post("/m/temuco/ajustes/salida/anular")

    assert wrong.status_code == 422
    assert "El primer día posible es el 23 de diciembre de 2026" in wrong.text
    assert "Escriba «Temuco» tal cual" in wrong.text
    assert "Otra plataforma" in wrong.text
    assert right.status_code == 303
    assert "ese día se borra el espacio" in board.text
    assert nothing is None
    assert back.status_code == 303


async def test_who_only_works_there_can_not_take_it_away(services: Services, visitor: Visitor) -> None:
    """Leaving is for the executive secretary."""
    tenant = await make_municipality(services)
    await make_person(services, tenant, roles=("executive_member",))
    await visitor.sign_in("rosa@temuco.cl")

    assert (await visitor.get("/m/temuco/ajustes/salida")).status_code == 403
    assert (await visitor.post("/m/temuco/ajustes/salida/paquete")).status_code == 403


async def test_on_its_day_everything_goes_and_the_neighbour_stays(
    services: Services, worker_services: Services, server: Server, database_name: str, tmp_path: Path
) -> None:
    """No row of the municipality is left in any table, its files go, the archive's copy stays, and it can come back."""
    tenant = await _busy(services)
    neighbour = await make_municipality(services, cut="04101", name="La Serena", slug="la-serena")
    async with work_as(services, neighbour) as work:
        await make_plan(work, initiatives=3)
    async with work_as(services, tenant, roles=("secretary",)) as work:
        work.session.add(
            Departure(
                decided_by="Amanda Ñancupil",
                cargo="Alcaldesa",
                reason="Otra plataforma",
                asked_by="Rosa",
                asked_at=work.clock.now(),
                erase_on=work.today(),
            )
        )
    theirs = await _everything(services, neighbour)
    with pytest.raises(DBAPIError, match="permission denied"):
        async with work_as(services, tenant) as work:
            await store.erase_everything(work)

    async with work_as(worker_services, tenant) as work:
        farewell = await actions.go(work, worker_services.files, worker_services.renderer)

    assert farewell is not None
    with psycopg.connect(server.url("postgres", driver="libpq", database=database_name)) as everything:
        for name, owner in everything.execute(_OWNED).fetchall():
            left = everything.execute(f"select count(*) from {name} where {owner} = %s", [tenant.id]).fetchone()
            assert left == (0,), name
    assert await _everything(services, neighbour) == theirs
    async with Visitor(services) as visitor:
        assert (await visitor.get("/m/temuco/")).status_code in (303, 404)
    folder = services.settings.data / "files" / str(tenant.id)
    assert not [one for one in (folder / "evidence").rglob("*") if one.is_file()]
    archive = tmp_path / "archive.zip"
    archive.write_bytes(b"".join([piece async for piece in services.files.get(tenant.id, farewell.archive_key)]))
    assert check(archive).good
    async with services.database.transaction() as session:
        returned = await load_pack(Work(session, services.clock, SYSTEM), services.files, archive)
    async with work_as(services, returned) as work:
        assert len((await work.session.scalars(text("select id from core.initiative"))).all()) > 0


async def test_the_database_refuses_before_the_day(services: Services, worker_services: Services) -> None:
    """Not even the worker erases a workspace whose municipality did not decide to leave."""
    tenant = await make_municipality(services)
    with pytest.raises(DBAPIError, match="has not decided to leave"):
        async with work_as(worker_services, tenant) as work:
            await store.erase_everything(work)


async def test_what_stays_out_of_the_pack_exists_and_has_its_reason(services: Services) -> None:
    """Whatever a workspace keeps is packed unless it is named here: a new table is packed without asking."""
    tenant = await make_municipality(services)
    async with work_as(services, tenant) as work:
        known = {one.name for one in await store.holdings(work)}
    assert LEFT_OUT.keys() <= known
    assert all(LEFT_OUT.values())
    assert {"core.initiative", "core.audit_entry", "core.publication", "plugin_pladeco.element"} <= known


_OWNED = """
select format('%I.%I', n.nspname, c.relname), a.attname from pg_class c
join pg_namespace n on n.oid = c.relnamespace
join pg_attribute a on a.attrelid = c.oid and a.attname in ('tenant_id', 'municipality_id') and not a.attisdropped
where c.relkind in ('r', 'p') and (n.nspname = 'core' or n.nspname like 'plugin%')
"""


async def _everything(services: Services, tenant: Tenant) -> dict[str, list[str]]:
    async with work_as(services, tenant) as work:
        return {one.name: [line async for line in store.lines(work, one)] for one in await store.holdings(work)}
