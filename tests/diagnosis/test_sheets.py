"""The register of services as a spreadsheet that comes and goes."""

import io

import openpyxl
import pytest

from acogida.app.settings import CHECKOUT
from acogida.app.wiring import Services
from acogida.features.diagnosis import actions, sheets, store
from acogida.features.diagnosis.forms import AddUnits
from acogida.features.diagnosis.model import Service
from acogida.features.methodology.guide import guide_folder, load_guide
from acogida.features.methodology.model import Guide
from support.diagnosis import make_service
from support.make import make_municipality, work_as

HEAD = "Unidad\tServicio\tDescripción\tProtocolo\tResponsable\tContacto\tTipo\tDimensiones"


@pytest.fixture(scope="module")
def guide() -> Guide:
    return load_guide(guide_folder(CHECKOUT / "catalogue", "2025.04"))


def faults_of(text: str, guide: Guide) -> tuple[str, ...]:
    with pytest.raises(sheets.WrongSheet) as wrong:
        sheets.services_of(sheets.read_pasted(text), guide.dimensions)
    return wrong.value.faults


async def test_what_goes_out_comes_back_the_same(services: Services, guide: Guide) -> None:
    """The sheet of the register, brought back untouched, adds nothing and changes nothing."""
    tenant = await make_municipality(services)
    async with work_as(services, tenant) as work:
        await make_service(work)
        await make_service(work, unit="OMIL", name="Bolsa de trabajo =1+1")
        content = sheets.workbook(await store.services(work), guide.dimensions, "Temuco")

        rows = sheets.services_of(sheets.read_workbook(content), guide.dimensions)

        assert await actions.import_services(work, rows) == (0, 0)
        assert [row.name for row in await store.services(work)] == ["Inscripción sin RUN", "Bolsa de trabajo =1+1"]


def test_a_formula_in_a_name_stays_text(guide: Guide) -> None:
    """What begins with «=» is never a formula for whoever opens the sheet."""
    row = Service(
        unit="=cmd", name="=HYPERLINK(1)", description="", protocol="", responsible_name="", responsible_contact=""
    )
    row.directness, row.dimensions = "explicit", []

    sheet = openpyxl.load_workbook(io.BytesIO(sheets.workbook([row], guide.dimensions, "Temuco"))).worksheets[0]

    assert (sheet["A2"].value, sheet["A2"].data_type) == ("=cmd", "s")
    assert sheet["B2"].data_type == "s"


async def test_units_are_named_first_and_answer_later(services: Services, guide: Guide) -> None:
    """A unit goes out with blank cells; its first service takes that row's place, the second makes another."""
    tenant = await make_municipality(services)
    async with work_as(services, tenant) as work:
        assert await actions.add_units(work, AddUnits(units="OMIL\n\nOficina de la Mujer")) == [
            "OMIL",
            "Oficina de la Mujer",
        ]
        assert await actions.add_units(work, AddUnits(units="omil\nDideco")) == ["Dideco"]
        pasted = f"{HEAD}\nomil\tBolsa de trabajo\t\t\t\t\tImplícito\t5\nOMIL\tTalleres de empleo\t\t\t\t\t\t5; 4"

        added, updated = await actions.import_services(
            work, sheets.services_of(sheets.read_pasted(pasted), guide.dimensions)
        )
        rows = [row for row in await store.services(work) if row.unit.lower() == "omil"]

    assert {(row.name, row.directness, tuple(row.dimensions)) for row in rows if row.name} == {
        ("Bolsa de trabajo", "implicit", ("dim_5",)),
        ("Talleres de empleo", "explicit", ("dim_5", "dim_4")),
    }
    assert (added, updated) == (1, 1)


def test_every_fault_is_told_with_its_row(guide: Guide) -> None:
    """Row numbers are those the person sees; blank rows count."""
    faults = faults_of(
        f"{HEAD}\n\tSin unidad\t\t\t\t\t\t\n\nSalud\tVacunas\t\t\t\t\tA veces\t\nSalud\tMatronas\t\t\t\t\t\t9", guide
    )

    assert [fault.split(":")[0] for fault in faults] == ["Fila 2", "Fila 4", "Fila 5"]
    assert "Nombre del departamento" in faults[0]
    assert "Explícito o Implícito" in faults[1]
    assert "números del 1 al 8" in faults[2]


def test_a_sheet_without_its_titles_is_explained(guide: Guide) -> None:
    """Without titles nobody guesses which column is which."""
    assert "títulos" in faults_of("Salud\tVacunas", guide)[0]
    assert "no trae filas" in faults_of(HEAD, guide)[0]


def test_a_cell_with_line_breaks_is_one_cell(guide: Guide) -> None:
    """A spreadsheet copies such cells between quotes, inner quotes doubled."""
    (row,) = sheets.services_of(
        sheets.read_pasted('Unidad\tServicio\tDescripción\nSalud\tVacunas\t"Lunes\ny ""martes"""'), guide.dimensions
    )

    assert row.description == 'Lunes\ny "martes"'


@pytest.mark.parametrize("content", [b"hola", b"PK\x03\x04roto", b""])
def test_what_is_not_a_sheet_is_refused_kindly(content: bytes) -> None:
    """Whatever arrives, the answer is a sentence."""
    with pytest.raises(sheets.WrongSheet, match="no es una planilla"):
        sheets.read_workbook(content)
