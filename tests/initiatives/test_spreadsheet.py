"""The plan going out as a spreadsheet and coming back."""

import io
import zipfile
from datetime import date, datetime
from typing import Any

import httpx
import openpyxl
import pytest

from acogida.app.wiring import Services
from acogida.features.initiatives import store
from acogida.kernel.tenancy import Tenant
from support.make import make_municipality, make_person, work_as
from support.make_plan import make_axis, make_finding, make_initiative, make_objective, whole
from support.visitor import Visitor

PLACE = "/m/temuco/iniciativas/importar"


async def _secretary(services: Services, visitor: Visitor) -> Tenant:
    tenant = await make_municipality(services)
    await make_person(services, tenant)
    await visitor.sign_in("rosa@temuco.cl")
    return tenant


async def _downloaded(visitor: Visitor) -> openpyxl.Workbook:
    answer = await visitor.get("/m/temuco/iniciativas/planilla.xlsx")
    assert answer.status_code == 200
    assert "iniciativas-temuco-2026-11-23.xlsx" in answer.headers["content-disposition"]
    return openpyxl.load_workbook(io.BytesIO(answer.content))


async def _uploaded(visitor: Visitor, content: bytes | openpyxl.Workbook) -> httpx.Response:
    if isinstance(content, openpyxl.Workbook):
        target = io.BytesIO()
        content.save(target)
        content = target.getvalue()
    return await visitor.post(PLACE, files={"planilla": ("plan.xlsx", content, "application/octet-stream")})


def _book(*rows: tuple[Any, ...]) -> openpyxl.Workbook:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    return book


def _column(sheet: Any, title: str) -> int:
    return next(cell.column for cell in sheet[1] if cell.value == title)


async def test_what_goes_out_comes_back_unchanged(services: Services, visitor: Visitor) -> None:
    """Every field has its column, with dates and money as such; uploaded as it is, it changes nothing."""
    tenant = await _secretary(services, visitor)
    async with work_as(services, tenant) as work:
        axis, objective = await make_axis(work), await make_objective(work)
        await make_initiative(
            work,
            findings=[await make_finding(work)],
            **whole(axis),
            objective_id=objective.id,
            budget=8_200_000,
            actions="Convocar\nFormar",
            funding_state="committed",
            needs_extra_funding=False,
            directness="implicit",
            dimensions=["dim_1", "dim_8"],
            competence="HERR-1.1-01",
        )

    book = await _downloaded(visitor)
    sheet = book["Iniciativas"]
    back = await _uploaded(visitor, book)
    notice = await visitor.get("/m/temuco/iniciativas")

    assert sheet.cell(2, _column(sheet, "Presupuesto")).value == 8_200_000
    assert sheet.cell(2, _column(sheet, "Inicio")).value == datetime(2027, 3, 1)
    assert sheet.cell(2, _column(sheet, "Dimensiones")).value == "Gobernanza local; Participación"
    assert sheet.cell(2, _column(sheet, "Hallazgos")).value == "Barreras de idioma en los Cesfam"
    assert back.status_code == 303
    assert "1 sin cambios" in notice.text
    async with work_as(services, tenant) as work:
        (row,) = await store.initiatives(work)
    assert row.version == 1


async def test_a_row_that_went_out_is_changed_and_a_new_one_is_added(services: Services, visitor: Visitor) -> None:
    """Known by its code; a cell left empty in a row that went out was emptied on purpose."""
    tenant = await _secretary(services, visitor)
    async with work_as(services, tenant) as work:
        await make_initiative(work, **whole(await make_axis(work)), alliances="Sermig")
    book = await _downloaded(visitor)
    sheet = book["Iniciativas"]
    sheet.cell(2, _column(sheet, "Meta o producto")).value = "80 personas"
    sheet.cell(2, _column(sheet, "Alianzas")).value = None
    sheet.cell(3, _column(sheet, "Nombre de la iniciativa")).value = "Radio comunitaria"
    sheet.cell(3, _column(sheet, "Eje")).value = "acogida y  derechos"
    sheet.cell(3, _column(sheet, "Término")).value = "31-12-2027"

    answer = await _uploaded(visitor, book)

    assert answer.status_code == 303
    async with work_as(services, tenant) as work:
        plan = await store.initiatives(work)
    assert [(row.name, row.target, row.alliances, row.axis, row.ends_on) for row in plan] == [
        ("Escuela de líderes y lideresas", "80 personas", "", "Acogida y derechos", date(2027, 11, 30)),
        ("Radio comunitaria", "", "", "Acogida y derechos", date(2027, 12, 31)),
    ]


async def test_while_a_row_is_wrong_nothing_is_written(services: Services, visitor: Visitor) -> None:
    """Each fault with its row and column, all at once, the right rows waiting with the rest."""
    tenant = await _secretary(services, visitor)
    async with work_as(services, tenant) as work:
        await make_initiative(work, "Ya existe")
    book = _book(
        ("Eje", "Iniciativa", "Meta", "Monto", "Inicio", "Término", "Columna propia"),
        ("", "Correcta", "10", 5000, "", "", "se deja de lado"),
        ("Turismo", "", "Sin nombre", "", "", "", ""),
        ("", "Con monto raro", "", "mucho", "31-12-2027", "01-01-2027", ""),
        (None, None, None, None, None, None, None),
        ("", "ya  EXISTE", "", "", "", "", ""),
    )

    answer = await _uploaded(visitor, book)

    assert answer.status_code == 422
    assert "5 celdas por corregir" in answer.text
    for row, words in (
        ("3", "No hay un eje «Turismo»"),
        ("3", "Falta el nombre de la iniciativa"),
        ("4", "debe ser un número entero"),
        ("4", "El término es anterior al inicio"),
        ("6", "Ya hay una iniciativa con este nombre"),
    ):
        assert f'<td data-label="Fila">{row}</td>' in answer.text
        assert words in answer.text
    async with work_as(services, tenant) as work:
        assert [each.name for each in await store.initiatives(work)] == ["Ya existe"]


async def test_a_row_that_changed_meanwhile_is_not_written_over(services: Services, visitor: Visitor) -> None:
    tenant = await _secretary(services, visitor)
    async with work_as(services, tenant) as work:
        row = await make_initiative(work)
    book = await _downloaded(visitor)
    async with work_as(services, tenant) as work:
        (await store.initiative(work, row.id, lock=True)).target = "Lo que guardó Ana"
    book["Iniciativas"].cell(2, _column(book["Iniciativas"], "Meta o producto")).value = "Lo que traía la planilla"

    answer = await _uploaded(visitor, book)

    assert answer.status_code == 422
    assert "Otra persona cambió esta iniciativa después" in answer.text
    async with work_as(services, tenant) as work:
        assert (await store.initiative(work, row.id)).target == "Lo que guardó Ana"


def _bomb() -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/worksheets/sheet1.xml", b"0" * 70_000_000)
    return target.getvalue()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "Elija el archivo"),
        (b"%PDF-1.7 no soy una planilla", "no es un archivo XLSX"),
        (b"PK\x03\x04 tampoco", "no es un archivo XLSX"),
        (b"0" * 5_000_001, "pesa más de 5 MB"),
        (_bomb(), "demasiado grande por dentro"),
        (_book(("Nombre y apellido", "Teléfono"), ("Rosa", "45")), "No encontramos la columna"),
        (_book(("Iniciativa", "Meta")), "no trae filas"),
        (_book(("Iniciativa",), *((f"Fila {n}",) for n in range(1001))), "más de 1000 filas"),
    ],
    ids=["empty", "pdf", "broken", "heavy", "bomb", "other titles", "no rows", "too many"],
)
async def test_what_is_no_plan_is_refused_with_what_to_do(
    services: Services, visitor: Visitor, content: bytes | openpyxl.Workbook, words: str
) -> None:
    await _secretary(services, visitor)

    answer = await _uploaded(visitor, content)

    assert answer.status_code == 422
    assert words in answer.text


async def test_a_text_that_looks_like_a_formula_stays_text(services: Services, visitor: Visitor) -> None:
    """A name that begins with an equals sign is written as text, so no spreadsheet ever runs it."""
    tenant = await _secretary(services, visitor)
    async with work_as(services, tenant) as work:
        await make_initiative(work, '=HYPERLINK("http://malo.cl")')

    sheet = (await _downloaded(visitor))["Iniciativas"]
    cell = sheet.cell(2, _column(sheet, "Nombre de la iniciativa"))

    assert cell.value == '=HYPERLINK("http://malo.cl")'
    assert cell.data_type == "s"
