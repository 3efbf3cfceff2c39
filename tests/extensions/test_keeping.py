"""What an extension keeps stays with the municipality: copied, read without it, taken away, or erased for good."""

from collections.abc import AsyncIterator
from datetime import date
from io import BytesIO

import openpyxl
import pytest
from sqlalchemy import text

from acogida.app.wiring import Services
from acogida.app.worker import SCHEDULES, deliver
from acogida.features.municipalities.public import tenant_by_slug
from acogida.kernel import containment
from acogida.kernel.hooks import Plugin, hookimpl
from acogida.kernel.manifest import Table
from acogida.kernel.tenancy import Tenant
from acogida.kernel.work import Work
from support.extensions import enable, having
from support.make import make_municipality, make_person, make_token, work_as
from support.visitor import Visitor

PLACE = "/m/temuco/ajustes/extensiones"


class Keeper:
    """Keeps a table in memory."""

    def __init__(self) -> None:
        self.rows: list[tuple[object, ...]] = [("Rayuela", 3, date(2026, 11, 2)), ("=1+1", None, None)]
        self.fails = False

    @hookimpl
    async def export(self, work: Work) -> list[Table]:
        del work
        if self.fails:
            raise RuntimeError
        return [Table("Préstamos", ("Libro", "Veces", "Último"), self.rows)]  # type: ignore[arg-type]

    @hookimpl
    async def shred(self, work: Work) -> int:
        del work
        if self.fails:
            raise RuntimeError
        gone, self.rows = len(self.rows), []
        return gone


def shelf(keeper: object) -> Plugin:
    return Plugin(
        name="shelf",
        title="Estante",
        summary="Prueba.",
        touches=("Nada.",),
        version="1.2",
        platform=("0.1", "1"),
        hooks=keeper,
    )


@pytest.fixture
async def tenant(services: Services) -> Tenant:
    tenant = await make_municipality(services)
    await make_person(services, tenant)
    return tenant


@pytest.fixture
async def keeper(services: Services, tenant: Tenant) -> AsyncIterator[Keeper]:
    keeper = Keeper()
    with having(shelf(keeper)):
        await enable(services, tenant, "shelf")
        yield keeper
    containment._records.clear()


@pytest.fixture
async def rosa(visitor: Visitor, keeper: Keeper) -> Visitor:
    del keeper
    await visitor.sign_in("rosa@temuco.cl")
    return visitor


async def test_a_copy_is_read_and_taken_away(rosa: Visitor) -> None:
    """As it was told; what looks like a formula is text."""
    taken = await rosa.post(f"{PLACE}/shelf/copia")
    page = (await rosa.get(f"{PLACE}/shelf/copia")).text
    book = openpyxl.load_workbook(BytesIO((await rosa.get(f"{PLACE}/shelf/copia.xlsx")).content))

    assert taken.status_code == 303
    assert "Rayuela" in page
    assert "versión 1.2" in page
    assert "2026-11-02" in page
    cells = [cell for row in book["Préstamos"].iter_rows(values_only=True) for cell in row]
    assert "=1+1" in cells
    assert all(cell.data_type != "f" for row in book["Préstamos"].iter_rows() for cell in row)


async def test_turning_it_off_leaves_a_copy_that_outlives_it(rosa: Visitor) -> None:
    """Uninstalled afterwards, the page of extensions still leads to what it registered."""
    await rosa.post(f"{PLACE}/shelf/deshabilitar", {"confirmed": "1"})
    with having():
        listed = (await rosa.get(PLACE)).text
        page = await rosa.get(f"{PLACE}/shelf/copia")

    assert "Ver lo que registró" in listed
    assert "Estante" in listed
    assert "Rayuela" in page.text


async def test_every_night_a_copy_is_taken(services: Services, worker_services: Services, rosa: Visitor) -> None:
    """By the worker; and one that fails leaves the copy that there was."""
    del rosa
    tenant = (await _tenant(services)).id
    await deliver(worker_services, "copy_extensions", "temuco", tenant)
    async with Visitor(services) as ana:
        await ana.sign_in("rosa@temuco.cl")
        assert (await ana.get(f"{PLACE}/shelf/copia")).status_code == 200
    assert SCHEDULES["copy_extensions"]


async def _tenant(services: Services) -> Tenant:
    async with services.database.transaction(read_only=True) as session:
        found = await tenant_by_slug(session, "temuco")
    assert found
    return found


async def test_erasing_asks_and_leaves_nothing(rosa: Visitor, keeper: Keeper) -> None:
    """The copies go too, and it is off; there is no way back."""
    await rosa.post(f"{PLACE}/shelf/copia")
    asked = (await rosa.post(f"{PLACE}/shelf/borrar")).text
    kept = len(keeper.rows)
    erased = await rosa.post(f"{PLACE}/shelf/borrar", {"confirmed": "1"})

    assert "para siempre" in asked
    assert kept == 2
    assert erased.status_code == 303
    assert keeper.rows == []
    assert (await rosa.get(f"{PLACE}/shelf/copia")).status_code == 404
    assert "Habilitar Estante" in (await rosa.get(PLACE)).text


async def test_one_that_fails_to_erase_erases_nothing(rosa: Visitor, keeper: Keeper) -> None:
    """And says so; it stays on."""
    keeper.fails = True
    answer = await rosa.post(f"{PLACE}/shelf/borrar", {"confirmed": "1"})

    assert answer.status_code == 422
    assert len(keeper.rows) == 2
    assert "Habilitada" in (await rosa.get(f"{PLACE}/shelf")).text


async def test_only_who_decides_copies_and_erases(services: Services, tenant: Tenant, keeper: Keeper) -> None:
    """A member of the team looks, and strangers find nothing."""
    del keeper
    await make_person(services, tenant, email="ana@temuco.cl", roles=("executive_member",))
    other = await make_municipality(services, cut="13201", name="Puente Alto", slug="puente-alto")
    await make_person(services, other, email="juan@puentealto.cl")
    for email, status in (("ana@temuco.cl", 403), ("juan@puentealto.cl", 404)):
        async with Visitor(services) as somebody:
            await somebody.sign_in(email)
            for place in ("copia", "borrar"):
                assert (await somebody.post(f"{PLACE}/shelf/{place}", {"confirmed": "1"})).status_code == status


async def test_the_api_copies_and_erases(services: Services, tenant: Tenant, keeper: Keeper) -> None:
    """The same as the pages."""
    ana = await make_person(services, tenant, email="ana@temuco.cl")
    head = {"authorization": f"Bearer {await make_token(services, tenant, ana)}"}
    place = "/api/v1/m/temuco/extensiones/shelf"
    async with Visitor(services) as machine:
        taken = (await machine.http.post(f"{place}/copia", headers=head)).json()
        read = (await machine.http.get(f"{place}/copia", headers=head)).json()
        gone = await machine.http.delete(f"{place}/datos", headers=head)

    assert taken["tables"][0]["rows"] == [["Rayuela", 3, "2026-11-02"], ["=1+1", None, None]]
    assert read == taken
    assert gone.status_code == 204
    assert keeper.rows == []


# --- What a region recommends, what the operator sees ---------------------------------------------


async def enter(services: Services, somebody: Visitor, email: str) -> None:
    """An office enters with two proofs; how the second is given is told elsewhere."""
    await somebody.sign_in(email)
    async with services.database.transaction() as session:
        await session.execute(text("update core.web_session set strong_at = :now"), {"now": services.clock.now()})


async def test_sermig_recommends_and_the_commune_decides(services: Services, tenant: Tenant, keeper: Keeper) -> None:
    """A regional office speaks to its own region only; the commune sees who recommends it and why."""
    del keeper
    await make_person(services, None, email="sol@sermig.cl", offices=("sermig_regional",), region="09")
    async with Visitor(services) as sol:
        await enter(services, sol, "sol@sermig.cl")
        form = {"plugin": "shelf", "region": "09", "reason": "La región acompañará a las comunas."}
        first = (await sol.get("/sermig/extensiones")).text
        short = await sol.post("/sermig/extensiones", {**form, "reason": "Sí"})
        saved = await sol.post("/sermig/extensiones", form)
        elsewhere = await sol.post("/sermig/extensiones", {**form, "region": "13"})
        assert (await sol.get("/operacion/extensiones")).status_code == 404
    async with Visitor(services) as rosa:
        await rosa.sign_in("rosa@temuco.cl")
        listed = (await rosa.get(PLACE)).text
        one = (await rosa.get(f"{PLACE}/shelf")).text
        assert (await rosa.get("/sermig/extensiones")).status_code == 404
    async with Visitor(services) as sol:
        await enter(services, sol, "sol@sermig.cl")
        gone = await sol.post("/sermig/extensiones/shelf/09/retirar", {"confirmed": "1"})
        assert (await sol.post("/sermig/extensiones/shelf/13/retirar", {"confirmed": "1"})).status_code == 404

    assert "Todavía no recomienda ninguna" in first
    assert short.status_code == 422
    assert saved.status_code == 303
    assert elsewhere.status_code == 404
    assert "Recomendada por Sermig" in listed
    assert "La región acompañará a las comunas." in one
    assert gone.status_code == 303


async def test_the_operator_is_told_what_fails(services: Services, tenant: Tenant, keeper: Keeper) -> None:
    """Which extension, where, at what and how often; until when it rests; and no data of anybody."""
    keeper.fails = True
    await make_person(services, None, email="eva@acogida.cl", offices=("operator",))
    async with Visitor(services) as rosa:
        await rosa.sign_in("rosa@temuco.cl")
        for _ in range(containment.STRIKES):
            await rosa.post(f"{PLACE}/shelf/copia")
        paused = (await rosa.get(PLACE)).text
    async with Visitor(services) as eva:
        await enter(services, eva, "eva@acogida.cl")
        page = (await eva.get("/operacion/extensiones")).text

    assert "En pausa" in paused
    row = page.partition("Qué falló</h2>")[2]
    for words in ("shelf", "temuco", "export", "RuntimeError", ">3<"):
        assert words in row, words
    assert "RuntimeError, hasta las" in page
    del tenant
    async with work_as(services, await _tenant(services)) as work:
        assert containment.resting(work, "shelf")
