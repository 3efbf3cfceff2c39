"""The work plan, the training with its register, and the process, as a person at the screen meets them."""

from io import BytesIO

import openpyxl
import pytest

from acogida.app.wiring import Services
from acogida.kernel.tenancy import Tenant
from acogida_sello_migrante import store
from acogida_sello_migrante.forms import AddParticipants
from acogida_sello_migrante.standing import kept, register
from support.extensions import enable
from support.make import make_municipality, make_person, work_as
from support.visitor import Visitor

HOME = "/m/temuco/x/sello_migrante"
ACTION = {"criterion": "SM-1.3", "title": "Protocolo de atención", "state": "planned"}
COURSE = {
    "title": "Atención sin discriminación",
    "kind": "workshop",
    "hours": "1,5",
    "state": "held",
    "held_on": "2026-10-02",
}
PEOPLE = "Rosa Painemal\tDideco\nLuis Soto; OIRS\nAna Díaz, Salud, OIRS\nrosa  painemal;dideco\n"


async def workspace(services: Services, visitor: Visitor) -> Tenant:
    tenant = await make_municipality(services)
    await make_person(services, tenant)
    await enable(services, tenant, "sello_migrante")
    await visitor.sign_in("rosa@temuco.cl")
    return tenant


async def course(visitor: Visitor, **fields: str) -> str:
    """The address of an activity that has been added."""
    made = await visitor.post(f"{HOME}/capacitacion/nueva", {**COURSE, **fields})
    assert made.status_code == 303, made.text
    return made.headers["location"]


async def test_an_action_that_is_finished_bears_its_day(services: Services, visitor: Visitor) -> None:
    """Today's, where nobody tells another; it leaves with the state."""
    tenant = await workspace(services, visitor)
    made = await visitor.post(f"{HOME}/plan/acciones/nueva", {**ACTION, "state": "done"})
    place = f"{HOME}/plan/acciones/{made.headers['location'].rpartition('#a-')[2]}"
    async with work_as(services, tenant) as work:
        (row,) = await store.actions(work)
        assert row.done_on == work.today()
    back = await visitor.post(place, {**ACTION, "state": "underway", "version": str(row.version)})

    assert back.status_code == 303
    async with work_as(services, tenant) as work:
        assert (await store.actions(work))[0].done_on is None


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"title": ""}, "Falta completar «Acción»"),
        ({"criterion": "SM-9"}, "Elija un requisito de la lista"),
        ({"starts_on": "2027-02-01", "ends_on": "2027-01-01"}, "El término es anterior al inicio"),
        ({"done_on": "2026-01-01"}, "Si ya terminó, elija «Terminada»"),
        ({"initiative_id": "no es un id"}, "ya no está en la Política"),
    ],
)
async def test_an_action_with_faults_comes_back_whole(
    services: Services, visitor: Visitor, fields: dict[str, str], words: str
) -> None:
    await workspace(services, visitor)
    answer = await visitor.post(f"{HOME}/plan/acciones/nueva", {**ACTION, "product": "Un manual", **fields})

    assert answer.status_code == 422
    assert words in answer.text
    assert "Un manual" in answer.text


async def test_two_people_on_one_action_see_both_versions(services: Services, visitor: Visitor) -> None:
    await workspace(services, visitor)
    made = await visitor.post(f"{HOME}/plan/acciones/nueva", ACTION)
    place = f"{HOME}/plan/acciones/{made.headers['location'].rpartition('#a-')[2]}"
    await visitor.post(place, {**ACTION, "responsible": "Dideco", "version": "1"})
    mine = await visitor.post(place, {**ACTION, "responsible": "Secplan", "version": "1"})

    assert mine.status_code == 409
    assert "Dideco" in mine.text
    assert "Secplan" in mine.text


async def test_the_plan_goes_out_as_a_sheet_and_an_action_is_removed_after_asking(
    services: Services, visitor: Visitor
) -> None:
    await workspace(services, visitor)
    made = await visitor.post(f"{HOME}/plan/acciones/nueva", {**ACTION, "title": "=Protocolo", "ends_on": "2026-01-02"})
    place = f"{HOME}/plan/acciones/{made.headers['location'].rpartition('#a-')[2]}"
    page = (await visitor.get(f"{HOME}/plan")).text
    book = openpyxl.load_workbook(BytesIO((await visitor.get(f"{HOME}/plan.xlsx")).content))
    asked = await visitor.post(f"{place}/quitar", {})
    done = await visitor.post(f"{place}/quitar", {"confirmed": "1"})

    assert "Atrasada" in page
    assert any("=Protocolo" in [cell.value for cell in row] for row in book["Plan de trabajo"].iter_rows())
    assert "puede dejarla como descartada" in asked.text
    assert done.status_code == 303
    assert "todavía no tiene acciones" in (await visitor.get(f"{HOME}/plan")).text


def test_names_and_units_are_read_as_they_are_pasted() -> None:
    """Two columns of a spreadsheet, a semicolon, or a comma before the unit."""
    assert AddParticipants(people=PEOPLE).lines == [
        ("Rosa Painemal", "Dideco"),
        ("Luis Soto", "OIRS"),
        ("Ana Díaz, Salud", "OIRS"),
        ("rosa painemal", "dideco"),
    ]


async def test_who_took_part_is_registered_once(services: Services, visitor: Visitor) -> None:
    """Pasted again, nobody is repeated; different courses count the same person once."""
    tenant = await workspace(services, visitor)
    place = await course(visitor)
    first = await visitor.post(f"{place}/participantes", {"people": PEOPLE})
    again = await visitor.post(f"{place}/participantes", {"people": PEOPLE})
    other = await course(visitor, title="Formación de monitores", kind="trainers", hours="8")
    await visitor.post(f"{other}/participantes", {"people": "Rosa Painemal; Dideco", "trainer": "yes"})

    assert first.status_code == again.status_code == 303
    async with work_as(services, tenant) as work:
        found = await register(work)
    assert (found.people, found.times, found.trainers) == (3, 4, 1)
    units = {row.unit: (row.people, row.times, float(row.hours)) for row in found.by_unit}
    assert units == {"Dideco": (1, 2, 9.5), "OIRS": (2, 2, 3.0)}


@pytest.mark.parametrize(
    ("people", "words"),
    [
        ("", "Falta completar"),
        ("Rosa Painemal", "Falta el nombre o la unidad en la línea 1"),
        ("Rosa Painemal 12.345.678-9; Dideco\nLuis Soto 12345678; OIRS", "Deje sólo el nombre y la unidad"),
        ("Rosa rosa@temuco.cl; Dideco", "Deje sólo el nombre y la unidad"),
    ],
)
async def test_more_than_name_and_unit_is_not_taken(
    services: Services, visitor: Visitor, people: str, words: str
) -> None:
    """What is not needed is not asked, and what comes by mistake is refused."""
    await workspace(services, visitor)
    answer = await visitor.post(f"{await course(visitor)}/participantes", {"people": people})

    assert answer.status_code == 422
    assert words in answer.text


async def test_names_are_seen_by_who_keeps_them_and_can_be_taken_away(services: Services, visitor: Visitor) -> None:
    """A reader sees counts; once erased nobody sees names, and the counts stay."""
    tenant = await workspace(services, visitor)
    place = await course(visitor)
    await visitor.post(f"{place}/participantes", {"people": "Luis Soto; OIRS\nAna Díaz; OIRS"})
    await make_person(services, tenant, email="eva@temuco.cl", name="Eva Soto", roles=["councillor"])
    async with Visitor(services) as councillor:
        await councillor.sign_in("eva@temuco.cl")
        seen = (await councillor.get(place)).text
        assert "OIRS" in seen
        assert "Luis Soto" not in seen
        assert "Luis Soto" not in (await councillor.get("/m/temuco/actividad")).text
    assert "Luis Soto" in (await visitor.get(place)).text

    asked = await visitor.post(f"{place}/nombres", {})
    await visitor.post(f"{place}/nombres", {"confirmed": "1"})
    book = openpyxl.load_workbook(BytesIO((await visitor.get(f"{HOME}/capacitacion/registro.xlsx")).content))

    assert "no se pueden recuperar" in asked.text
    assert "Luis Soto" not in (await visitor.get(place)).text
    cells = [cell.value for row in book["Registro"].iter_rows() for cell in row]
    assert "(nombre retirado)" in cells
    assert "Luis Soto" not in cells
    async with work_as(services, tenant) as work:
        assert (await register(work)).people == 2


async def test_an_activity_with_people_stays_held(services: Services, visitor: Visitor) -> None:
    """And one that was not held takes nobody."""
    await workspace(services, visitor)
    place = await course(visitor)
    await visitor.post(f"{place}/participantes", {"people": "Luis Soto; OIRS"})
    back = await visitor.post(f"{place}/datos", {**COURSE, "state": "planned", "held_on": "", "version": "1"})
    planned = await course(visitor, state="planned", held_on="")
    early = await visitor.post(f"{planned}/participantes", {"people": "Luis Soto; OIRS"})

    assert back.status_code == 422
    assert early.status_code == 422
    assert "qué día se realizó" in early.text


async def test_a_step_is_noted_and_what_the_workspace_shows_stays_beside(services: Services, visitor: Visitor) -> None:
    await workspace(services, visitor)
    await visitor.post(f"{HOME}/proceso/SMP-1", {"state": "done", "done_on": "2026-03-01", "reference": "Oficio 12"})
    wrong = await visitor.post(f"{HOME}/proceso/SMP-6", {"state": "pending", "done_on": "2026-03-01"})
    page = (await visitor.get(f"{HOME}/proceso")).text

    assert "Oficio 12" in page
    assert wrong.status_code == 422
    assert (await visitor.get(f"{HOME}/proceso/SMP-99")).status_code == 404


async def test_two_years_are_counted_from_the_resolution(services: Services, visitor: Visitor) -> None:
    """Of the newest one; 29 February gives way to the 28th; a day to come is no resolution."""
    tenant = await workspace(services, visitor)
    first = {"kind": "granted", "resolution": "Resolución Exenta N.º 100", "dated_on": "2024-02-29"}
    future = await visitor.post(f"{HOME}/resoluciones/nueva", {**first, "dated_on": "2027-01-01"})
    await visitor.post(f"{HOME}/resoluciones/nueva", first)
    async with work_as(services, tenant) as work:
        assert str((await kept(work)).due_again_on) == "2026-02-28"
    assert "La revalidación está vencida" in (await visitor.get(f"{HOME}/proceso")).text

    again = {"kind": "revalidated", "resolution": "Resolución Exenta N.º 200", "dated_on": "2026-05-10"}
    await visitor.post(f"{HOME}/resoluciones/nueva", again)
    page = (await visitor.get(f"{HOME}/proceso")).text

    assert future.status_code == 422
    assert "corresponde revalidar el 10 de mayo de 2028" in page
    assert "La revalidación está vencida" not in page
