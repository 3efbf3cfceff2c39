"""The PLADECO as a person at the screen meets it."""

from datetime import date
from io import BytesIO
from uuid import UUID

import openpyxl

from acogida.app.wiring import Services
from acogida.kernel.tenancy import Tenant
from acogida_pladeco import store
from support.extensions import enable
from support.make import make_municipality, make_person, work_as
from support.make_plan import make_initiative
from support.visitor import Visitor

PLAN = {"name": "PLADECO 2024-2030", "first_year": "2024", "last_year": "2030", "approval": "Decreto 1.234"}
SHEET = (
    "Lineamiento;Objetivo;Programa;Unidad a cargo;Desde;Hasta\n"
    "1. Integración social;;;;;\n"
    ";1.1 Comunidad intercultural;;Dideco;;\n"
    ";;Mediación en barrios;Dideco;2025;2027\n"
    "2. Desarrollo económico;2.1 Empleo local;Ferias laborales;Omil;2026;2030\n"
)


async def workspace(services: Services, visitor: Visitor) -> Tenant:
    tenant = await make_municipality(services)
    await make_person(services, tenant)
    await enable(services, tenant, "pladeco")
    await visitor.sign_in("rosa@temuco.cl")
    return tenant


async def with_plan(services: Services, visitor: Visitor) -> tuple[Tenant, str]:
    """A PLADECO with the four elements of the sheet; gives also the address of its pages."""
    tenant = await workspace(services, visitor)
    saved = await visitor.post("/m/temuco/x/pladeco/planes/nuevo", PLAN)
    place = saved.headers["location"].removesuffix("/lineamientos")
    await visitor.post(f"{place}/importar", files={"planilla": ("pladeco.csv", SHEET.encode("cp1252"), "text/csv")})
    return tenant, place


async def initiative(services: Services, tenant: Tenant, name: str = "Escuela de líderes", **values: object) -> UUID:
    async with work_as(services, tenant) as work:
        return (await make_initiative(work, name, **values)).id


async def element(services: Services, tenant: Tenant, name: str) -> str:
    async with work_as(services, tenant) as work:
        plan = await store.in_use(work)
        assert plan
        return str(next(each.id for each in await store.elements(work, plan.id) if each.name == name))


async def test_a_plan_is_registered_and_read_back(services: Services, visitor: Visitor) -> None:
    """Its years and the act that approved it, from the empty page on."""
    await workspace(services, visitor)
    empty = await visitor.get("/m/temuco/x/pladeco")
    saved = await visitor.post("/m/temuco/x/pladeco/planes/nuevo", PLAN)
    page = await visitor.get("/m/temuco/x/pladeco")

    assert "Registrar el PLADECO" in empty.text
    assert saved.status_code == 303
    assert "Decreto 1.234" in page.text
    assert "2024-2030" in page.text


async def test_every_fault_is_told_at_once_and_nothing_is_lost(services: Services, visitor: Visitor) -> None:
    """A wrong form comes back whole, with a message beside each wrong field."""
    await workspace(services, visitor)

    answer = await visitor.post(
        "/m/temuco/x/pladeco/planes/nuevo", {**PLAN, "name": "", "first_year": "dos mil", "notes": "En revisión"}
    )

    assert answer.status_code == 422
    for words in ("Falta completar «Nombre»", "debe ser un número entero", "En revisión"):
        assert words in answer.text


async def test_a_sheet_brings_the_whole_tree(services: Services, visitor: Visitor) -> None:
    """As Excel saves it in Chile, with empty cells that repeat the one above, and numbers beside names."""
    tenant, place = await with_plan(services, visitor)
    page = await visitor.get(f"{place}/lineamientos")

    assert "1. Integración social" in page.text
    assert "Mediación en barrios" in page.text
    async with work_as(services, tenant) as work:
        plan = await store.in_use(work)
        assert plan
        levels = [(each.level, each.code, each.name) for each in await store.elements(work, plan.id)]
    assert levels == [
        ("line", "1", "Integración social"),
        ("objective", "1.1", "Comunidad intercultural"),
        ("program", "", "Mediación en barrios"),
        ("line", "2", "Desarrollo económico"),
        ("objective", "2.1", "Empleo local"),
        ("program", "", "Ferias laborales"),
    ]


async def test_the_sheet_that_goes_out_comes_back_without_repeating(services: Services, visitor: Visitor) -> None:
    """Bringing what is already there adds nothing."""
    _, place = await with_plan(services, visitor)
    sheet = await visitor.get(f"{place}/planilla.xlsx")

    back = await visitor.post(f"{place}/importar", files={"planilla": ("p.xlsx", sheet.content, "x/y")})
    page = await visitor.get(back.headers["location"])

    assert back.status_code == 303
    assert "todo ya estaba" in page.text


async def test_a_sheet_with_faults_changes_nothing(services: Services, visitor: Visitor) -> None:
    """Each cell is told by its row and its column."""
    tenant, place = await with_plan(services, visitor)
    wrong = "Lineamiento,Objetivo,Desde\n3. Seguridad,,pronto\n"

    answer = await visitor.post(f"{place}/importar", files={"planilla": ("p.csv", wrong.encode(), "text/csv")})

    assert answer.status_code == 422
    assert "«pronto» no es un año" in answer.text
    async with work_as(services, tenant) as work:
        plan = await store.in_use(work)
        assert plan
        assert len(await store.elements(work, plan.id)) == 6


async def test_what_is_no_sheet_is_refused_kindly(services: Services, visitor: Visitor) -> None:
    """Neither a photograph, nor a broken workbook, nor a sheet of something else."""
    _, place = await with_plan(services, visitor)
    for content in (b"\x89PNG\0\0\0", b"PK\x03\x04rubbish", "Nombre;Teléfono\nAna;1\n".encode(), b""):
        answer = await visitor.post(f"{place}/importar", files={"planilla": ("p.xlsx", content, "x/y")})

        assert answer.status_code == 422, content
        assert "No leímos la planilla" in answer.text


async def test_an_initiative_is_linked_and_both_sides_see_it(services: Services, visitor: Visitor) -> None:
    """The lineamiento names its initiative, and the other one says it has none."""
    tenant, _ = await with_plan(services, visitor)
    one = await initiative(services, tenant)
    await initiative(services, tenant, "Ventanilla de orientación")
    place = f"/m/temuco/x/pladeco/iniciativas/{one}"

    saved = await visitor.post(
        place,
        {"elements": [await element(services, tenant, "Mediación en barrios")], "contribution": "Forma mediadoras."},
    )
    overview = (await visitor.get("/m/temuco/x/pladeco")).text

    assert saved.status_code == 303
    assert "1 de 2" in overview
    assert overview.index("Escuela de líderes") < overview.index("Iniciativas fuera del PLADECO")
    assert overview.index("Iniciativas fuera del PLADECO") < overview.index("Ventanilla de orientación")
    assert "Sin iniciativas" in overview


async def test_two_people_saving_the_links_see_both_versions(services: Services, visitor: Visitor) -> None:
    """Also when only the links changed."""
    tenant, _ = await with_plan(services, visitor)
    place = f"/m/temuco/x/pladeco/iniciativas/{await initiative(services, tenant)}"
    line = await element(services, tenant, "Integración social")
    await visitor.post(place, {"contribution": "Aporta", "version": "0"})

    first = await visitor.post(place, {"contribution": "Aporta", "elements": [line], "version": "1"})
    mine = await visitor.post(place, {"contribution": "Lo que escribí yo", "version": "1"})

    assert first.status_code == 303
    assert mine.status_code == 409
    assert "Lo que escribí yo" in mine.text


async def test_the_proposal_carries_what_is_outside(services: Services, visitor: Visitor) -> None:
    """With the lineamiento where it would fit and why; what begins with = stays words."""
    tenant, _ = await with_plan(services, visitor)
    one = await initiative(services, tenant, "=Escuela de líderes", budget=1_500_000)
    line = await element(services, tenant, "Desarrollo económico")
    await visitor.post(
        f"/m/temuco/x/pladeco/iniciativas/{one}", {"proposed_under": line, "proposal": "No hay programa de formación."}
    )

    answer = await visitor.get("/m/temuco/x/pladeco/propuesta.xlsx")
    book = openpyxl.load_workbook(BytesIO(answer.content))
    cells = [[cell.value for cell in row] for row in book["Propuesta"].iter_rows()]

    assert any("=Escuela de líderes" in row and "2. Desarrollo económico" in row for row in cells)
    assert any("No hay programa de formación." in row and 1_500_000 in row for row in cells)
    assert [row[0].value for row in book["Lineamientos sin iniciativas"].iter_rows()][-2:] == [
        "1. Integración social",
        "2. Desarrollo económico",
    ]


async def test_the_years_of_both_are_compared(services: Services, visitor: Visitor) -> None:
    """A PLADECO shorter than the law asks, and an initiative that outlives it."""
    tenant = await workspace(services, visitor)
    await visitor.post("/m/temuco/x/pladeco/planes/nuevo", {**PLAN, "first_year": "2025", "last_year": "2027"})
    await initiative(services, tenant, starts_on=date(2027, 1, 1), ends_on=date(2029, 1, 1))

    page = (await visitor.get("/m/temuco/x/pladeco")).text

    assert "dura menos de 4 años" in page
    assert "Una iniciativa termina después de 2027" in page


async def test_removing_a_lineamiento_asks_and_tells_what_goes_with_it(services: Services, visitor: Visitor) -> None:
    """Its objectives, its programs and the links that led there."""
    tenant, _ = await with_plan(services, visitor)
    one = await initiative(services, tenant)
    await visitor.post(
        f"/m/temuco/x/pladeco/iniciativas/{one}",
        {"elements": [await element(services, tenant, "Mediación en barrios")]},
    )
    place = f"/m/temuco/x/pladeco/elementos/{await element(services, tenant, 'Integración social')}/quitar"

    asked = await visitor.post(place, {})
    done = await visitor.post(place, {"confirmed": "1"})

    assert "también se quita: 2" in asked.text
    assert "Se pierde un vínculo" in asked.text
    assert done.status_code == 303
    async with work_as(services, tenant) as work:
        plan = await store.in_use(work)
        assert plan
        assert [each.code for each in await store.elements(work, plan.id)] == ["2", "2.1", ""]
        assert await store.links(work, plan.id) == {}


async def test_who_may_only_read_reads(services: Services, visitor: Visitor) -> None:
    """A councillor sees the coverage and changes nothing."""
    tenant, place = await with_plan(services, visitor)
    await make_person(services, tenant, email="eva@temuco.cl", name="Eva Soto", roles=["councillor"])
    async with Visitor(services) as councillor:
        await councillor.sign_in("eva@temuco.cl")

        assert (await councillor.get("/m/temuco/x/pladeco")).status_code == 200
        assert (await councillor.get(f"{place}/lineamientos")).status_code == 200
        assert (await councillor.post(f"{place}/datos", PLAN)).status_code == 403
        assert (await councillor.get(f"{place}/importar")).status_code == 403


async def test_the_initiative_shows_what_it_contributes_to(services: Services, visitor: Visitor) -> None:
    """Beside its page in the core, and only while the extension is on."""
    tenant, _ = await with_plan(services, visitor)
    one = await initiative(services, tenant)
    before = (await visitor.get(f"/m/temuco/iniciativas/{one}")).text
    await visitor.post(
        f"/m/temuco/x/pladeco/iniciativas/{one}",
        {"elements": [await element(services, tenant, "Mediación en barrios")]},
    )

    after = (await visitor.get(f"/m/temuco/iniciativas/{one}")).text
    await visitor.post("/m/temuco/ajustes/extensiones/pladeco/deshabilitar", {"confirmed": "1"})
    off = (await visitor.get(f"/m/temuco/iniciativas/{one}")).text

    assert "no está vinculada al PLADECO" in before
    assert "Programa: Mediación en barrios" in after
    assert f"/m/temuco/x/pladeco/iniciativas/{one}" in after
    assert "/x/pladeco" not in off
