"""Follow-up as a person at the screen meets it."""

import re
from collections.abc import Mapping
from datetime import date
from io import BytesIO
from uuid import UUID

from openpyxl import load_workbook

from acogida.app.wiring import Services
from acogida.features.cycles.model import GateClosing
from acogida.kernel.tenancy import Tenant
from support.make import make_municipality, make_person, work_as
from support.make_plan import make_axis, make_initiative, make_objective
from support.visitor import Visitor

REPORT: Mapping[str, str] = {
    "reported_on": "2026-11-20",
    "status": "in_progress",
    "percent": "40",
    "indicator_value": "28 de 60 personas formadas",
    "on_track": "yes",
    "achievements": "Comenzó la señalética en creole",
    "needs_adjustment": "no",
    "spent": "3.250.000",
    "version": "0",
}


async def _initiative(
    services: Services, tenant: Tenant, name: str = "Escuela de líderes y lideresas", **values: object
) -> UUID:
    async with work_as(services, tenant) as work:
        return (await make_initiative(work, name, **values)).id


async def _diffused(services: Services, tenant: Tenant) -> None:
    """The gate that lets the implementation begin is closed."""
    async with work_as(services, tenant) as work:
        work.session.add(
            GateClosing(
                gate="GATE-4.4", closed_at=services.clock.now(), closed_by="Rosa", cargo="", reason=None, missing=[]
            )
        )


async def test_a_report_changes_the_state_and_keeps_the_ones_before(services: Services, visitor: Visitor) -> None:
    """The sheet shows the newest report; the page of the initiative keeps both, each with its author."""
    tenant = await make_municipality(services)
    await make_person(services, tenant)
    place = f"/m/temuco/seguimiento/{await _initiative(services, tenant, unit='Dideco', budget=8_000_000)}"
    await visitor.sign_in("rosa@temuco.cl")

    first = await visitor.post(place, REPORT)
    second = await visitor.post(
        place,
        {
            **REPORT,
            "reported_on": "2026-11-22",
            "percent": "55",
            "achievements": "Egresó la primera generación",
            "version": "1",
        },
    )
    sheet = (await visitor.get("/m/temuco/seguimiento")).text
    history = (await visitor.get(place)).text

    assert first.status_code == second.status_code == 303
    assert "55 %" in sheet
    assert "Egresó la primera generación" in sheet
    assert "señalética en creole" not in sheet
    assert "$3.250.000" in sheet
    for words in ("Egresó la primera generación", "señalética en creole", "Informó Rosa Painemal"):
        assert words in history


async def test_the_sheet_has_the_sixteen_columns_of_the_guide(services: Services, visitor: Visitor) -> None:
    """TPL-20 in its order, and the values of the plan already in their place before anybody reports."""
    tenant = await make_municipality(services)
    await make_person(services, tenant)
    async with work_as(services, tenant) as work:
        axis = await make_axis(work)
        objective = await make_objective(work, "Ampliar el trabajo formal")
        await make_initiative(
            work,
            axis_id=axis.id,
            objective_id=objective.id,
            responsible="Óscar Llanquileo",
            indicator="Personas formadas",
            target="60",
            starts_on=date(2026, 3, 1),
        )
    await visitor.sign_in("rosa@temuco.cl")

    page = (await visitor.get("/m/temuco/seguimiento")).text

    head = re.findall(r'<th scope="col">(.*?)</th>', page)
    assert len(head) == 16
    assert head[0] == "Nombre de la iniciativa"
    assert head[8] == "Última revisión"
    for words in (
        "Acogida y derechos",
        "Ampliar el trabajo formal",
        "Óscar Llanquileo",
        "Personas formadas",
        "01-03-2026",
    ):
        assert words in page


async def test_every_fault_of_a_report_is_told_at_once(services: Services, visitor: Visitor) -> None:
    """An adjustment needs what, who and when; a finished initiative is at 100 %; nothing typed is lost."""
    tenant = await make_municipality(services)
    await make_person(services, tenant)
    place = f"/m/temuco/seguimiento/{await _initiative(services, tenant)}"
    await visitor.sign_in("rosa@temuco.cl")

    answer = await visitor.post(place, {**REPORT, "status": "done", "needs_adjustment": "yes"})
    future = await visitor.post(place, {**REPORT, "reported_on": "2026-12-24"})

    assert answer.status_code == future.status_code == 422
    for message in ("lleva 100 % de avance", "qué ajuste se necesita", "quién hará el ajuste", "el plazo del ajuste"):
        assert message in answer.text
    assert "Comenzó la señalética en creole" in answer.text
    assert "no puede tener una fecha futura" in future.text


async def test_two_reports_at_once_show_both(services: Services, visitor: Visitor) -> None:
    """Who reports over a report they had not seen is shown it, and loses nothing."""
    tenant = await make_municipality(services)
    await make_person(services, tenant)
    place = f"/m/temuco/seguimiento/{await _initiative(services, tenant)}"
    await visitor.sign_in("rosa@temuco.cl")
    await visitor.post(place, {**REPORT, "achievements": "Lo que informó Ana"})

    mine = await visitor.post(place, {**REPORT, "achievements": "Lo que escribí yo"})
    again = await visitor.post(place, {**REPORT, "achievements": "Las dos cosas", "version": "1"})

    assert mine.status_code == 409
    assert "Lo que informó Ana" in mine.text
    assert "Lo que escribí yo" in mine.text
    assert again.status_code == 303


async def test_a_unit_reports_on_its_own_initiatives_only(services: Services, visitor: Visitor) -> None:
    """Whoever answers for a unit sees what falls on them, reports it, and is refused on another unit's with a reason."""
    tenant = await make_municipality(services)
    await make_person(
        services,
        tenant,
        email="oscar@temuco.cl",
        name="Óscar Llanquileo",
        roles=("unit_owner",),
        unit="Departamento de Salud",
    )
    mine = await _initiative(services, tenant, "Ventanilla intercultural", unit="departamento de  salud")
    other = await _initiative(services, tenant, "Feria laboral", unit="OMIL")
    await visitor.sign_in("oscar@temuco.cl")

    sheet = await visitor.get("/m/temuco/seguimiento")
    done = await visitor.post(f"/m/temuco/seguimiento/{mine}", REPORT)
    refused = await visitor.post(f"/m/temuco/seguimiento/{other}", REPORT)
    refused_wrong = await visitor.post(f"/m/temuco/seguimiento/{other}", {})
    seen = await visitor.get(f"/m/temuco/seguimiento/{other}")
    plan = await visitor.post("/m/temuco/seguimiento/plan", {"version": "0"})

    assert "Lo que le toca informar" in sheet.text
    assert sheet.text.index("Lo que le toca informar") < sheet.text.index("Ventanilla intercultural")
    assert done.status_code == 303
    assert refused.status_code == refused_wrong.status_code == plan.status_code == 403
    assert "es de OMIL" in refused.text
    assert "Registrar avance" not in seen.text


async def test_a_councillor_reads_and_does_not_report(services: Services, visitor: Visitor) -> None:
    """Reading is for every member; reporting is not."""
    tenant = await make_municipality(services)
    await make_person(services, tenant, email="lidia@temuco.cl", roles=("councillor",))
    initiative = await _initiative(services, tenant)
    await visitor.sign_in("lidia@temuco.cl")

    assert (await visitor.get("/m/temuco/seguimiento")).status_code == 200
    assert (await visitor.post(f"/m/temuco/seguimiento/{initiative}", REPORT)).status_code == 403
    assert (
        await visitor.post("/m/temuco/seguimiento/vigencia", {"valid_from": "2027-01-01", "valid_until": "2030-12-31"})
    ).status_code == 403


async def test_a_stranger_finds_nothing(services: Services, visitor: Visitor) -> None:
    """The next municipality gets 404 on every page, as if the workspace did not exist."""
    tenant = await make_municipality(services)
    initiative = await _initiative(services, tenant)
    other = await make_municipality(services, cut="13201", name="Puente Alto", slug="puente-alto")
    await make_person(services, other, email="juan@puentealto.cl")
    await visitor.sign_in("juan@puentealto.cl")

    for path in (
        "seguimiento",
        "seguimiento.xlsx",
        "seguimiento/plan",
        "seguimiento/vigencia",
        f"seguimiento/{initiative}",
    ):
        assert (await visitor.get(f"/m/temuco/{path}")).status_code == 404
    assert (await visitor.post(f"/m/temuco/seguimiento/{initiative}", REPORT)).status_code == 404
    assert (await visitor.get(f"/m/puente-alto/seguimiento/{initiative}")).status_code == 404


async def test_what_is_late_says_so(services: Services, visitor: Visitor) -> None:
    """A term that passed and a quarter without news are told in words; a finished initiative is left in peace."""
    tenant = await make_municipality(services)
    await make_person(services, tenant)
    await _initiative(services, tenant, "Intérpretes de creole", starts_on=date(2026, 3, 1), ends_on=date(2026, 10, 31))
    await _initiative(services, tenant, "Feria laboral", starts_on=date(2026, 11, 1), ends_on=date(2027, 11, 30))
    done = await _initiative(
        services, tenant, "Protocolo sin barreras", starts_on=date(2026, 1, 1), ends_on=date(2026, 6, 30)
    )
    await visitor.sign_in("rosa@temuco.cl")
    await visitor.post(f"/m/temuco/seguimiento/{done}", {**REPORT, "status": "done", "percent": "100"})
    await visitor.get(f"/m/temuco/seguimiento/{done}")

    page = (await visitor.get("/m/temuco/seguimiento?estado=attention")).text

    assert "Venció el 31-10-2026" in page
    assert "Sin informe desde su inicio, 01-03-2026" in page
    assert "Feria laboral" not in page
    assert "Protocolo sin barreras" not in page


async def test_filters_narrow_the_sheet(services: Services, visitor: Visitor) -> None:
    """By eje, by unit and by state."""
    tenant = await make_municipality(services)
    await make_person(services, tenant)
    async with work_as(services, tenant) as work:
        axis = await make_axis(work)
        await make_initiative(work, "Ventanilla intercultural", axis_id=axis.id, unit="Departamento de Salud")
        await make_initiative(work, "Feria laboral", unit="OMIL")
    await visitor.sign_in("rosa@temuco.cl")

    for query, kept, gone in (
        (f"eje={axis.id}", "Ventanilla intercultural", "Feria laboral"),
        ("eje=none", "Feria laboral", "Ventanilla intercultural"),
        ("unidad=OMIL", "Feria laboral", "Ventanilla intercultural"),
    ):
        page = (await visitor.get(f"/m/temuco/seguimiento?{query}")).text
        assert kept in page
        assert gone not in page
    assert "Ninguna iniciativa cumple" in (await visitor.get("/m/temuco/seguimiento?estado=done")).text


async def test_the_quarters_tell_how_each_initiative_stood(services: Services, visitor: Visitor) -> None:
    """A reported quarter shows its state, a silent one says so, what is ahead is programmed."""
    tenant = await make_municipality(services)
    await make_person(services, tenant)
    initiative = await _initiative(services, tenant, starts_on=date(2026, 4, 1), ends_on=date(2027, 3, 31))
    await visitor.sign_in("rosa@temuco.cl")
    await visitor.post(f"/m/temuco/seguimiento/{initiative}", {**REPORT, "reported_on": "2026-08-20", "on_track": "no"})

    page = (await visitor.get("/m/temuco/seguimiento?vista=trimestre")).text
    cells = [re.sub(r"<[^>]+>", " ", cell).split() for cell in re.findall(r"<td>(.*?)</td>", page)]

    assert "2.º trimestre 2026" in page
    assert [" ".join(cell) for cell in cells] == [
        "Sin informe",
        "En ejecución 40 %, fuera de lo planificado",
        "Por informar",
        "Programada",
    ]


async def test_the_implementation_begins_after_the_diffusion(services: Services, visitor: Visitor) -> None:
    """Before the gate of diffusion the date is refused with its reason; after it, it is kept and told."""
    tenant = await make_municipality(services)
    await make_person(services, tenant)
    await visitor.sign_in("rosa@temuco.cl")
    plan = {
        "starts_on": "2026-12-01",
        "agreed_on": "2026-11-20",
        "way_of_working": "Reunión mensual del equipo",
        "roles": "Dideco preside; Migración coordina",
        "responsibilities": "Salud: ventanilla",
        "internal_instance": "Reunión del equipo ejecutivo",
        "internal_frequency": "cada mes",
        "version": "0",
    }

    early = await visitor.post("/m/temuco/seguimiento/plan", plan)
    await _diffused(services, tenant)
    kept = await visitor.post("/m/temuco/seguimiento/plan", plan)
    page = await visitor.get("/m/temuco/seguimiento/plan")

    assert early.status_code == 422
    assert "falta cerrar la difusión" in early.text
    assert "Reunión mensual del equipo" in early.text
    assert kept.status_code == 303
    assert "Dideco preside; Migración coordina" in page.text


async def test_an_instance_says_how_often_it_meets(services: Services, visitor: Visitor) -> None:
    """An instance without its rhythm is half a definition (IMPL-5.1-05)."""
    await make_person(services, await make_municipality(services))
    await visitor.sign_in("rosa@temuco.cl")

    answer = await visitor.post("/m/temuco/seguimiento/plan", {"second_instance": "Mesa comunal", "version": "0"})

    assert answer.status_code == 422
    assert "cada cuánto se reúne" in answer.text


async def test_two_people_saving_the_plan_see_both_versions(services: Services, visitor: Visitor) -> None:
    """Who saves second is shown both versions."""
    await make_person(services, await make_municipality(services))
    await visitor.sign_in("rosa@temuco.cl")
    await visitor.post("/m/temuco/seguimiento/plan", {"roles": "Lo primero", "version": "0"})

    await visitor.post("/m/temuco/seguimiento/plan", {"roles": "Lo que guardó Ana", "version": "1"})
    mine = await visitor.post("/m/temuco/seguimiento/plan", {"roles": "Lo que escribí yo", "version": "1"})

    assert mine.status_code == 409
    assert "Lo que guardó Ana" in mine.text
    assert "Lo que escribí yo" in mine.text


async def test_the_vigencia_is_set_beside_the_guides_advice(services: Services, visitor: Visitor) -> None:
    """Between three and four years is advice: another length is kept and said; the wrong order is refused."""
    await make_person(services, await make_municipality(services))
    await visitor.sign_in("rosa@temuco.cl")

    wrong = await visitor.post(
        "/m/temuco/seguimiento/vigencia", {"valid_from": "2027-01-01", "valid_until": "2026-01-01"}
    )
    kept = await visitor.post(
        "/m/temuco/seguimiento/vigencia", {"valid_from": "2027-01-01", "valid_until": "2028-12-31"}
    )
    page = await visitor.get("/m/temuco/seguimiento/vigencia")

    assert wrong.status_code == 422
    assert kept.status_code == 303
    assert "entre 3 y 4" in page.text


async def test_the_spreadsheet_holds_the_sheet_and_every_report(services: Services, visitor: Visitor) -> None:
    """Both sheets open; what looks like a formula is text."""
    tenant = await make_municipality(services)
    await make_person(services, tenant)
    initiative = await _initiative(services, tenant, "=Ñandú intercultural", budget=8_000_000)
    await visitor.sign_in("rosa@temuco.cl")
    await visitor.post(f"/m/temuco/seguimiento/{initiative}", REPORT)
    await visitor.post(f"/m/temuco/seguimiento/{initiative}", {**REPORT, "percent": "60", "version": "1"})

    answer = await visitor.get("/m/temuco/seguimiento.xlsx")
    book = load_workbook(BytesIO(answer.content))
    cells = [cell for row in book["Planilla de seguimiento"].iter_rows() for cell in row if cell.value is not None]

    assert [cell.data_type for cell in cells if cell.value == "=Ñandú intercultural"] == ["s"]
    assert {60, 8_000_000, 3_250_000} <= {cell.value for cell in cells}
    assert sum(1 for row in book["Todos los informes"].iter_rows(values_only=True) if row[2] == "Rosa Painemal") == 2


async def test_an_empty_sheet_teaches(services: Services, visitor: Visitor) -> None:
    """Without initiatives there is one sentence, one example and one button."""
    await make_person(services, await make_municipality(services))
    await visitor.sign_in("rosa@temuco.cl")

    page = (await visitor.get("/m/temuco/seguimiento")).text

    assert "Todavía no hay iniciativas que seguir" in page
    assert "Agregar iniciativas" in page
