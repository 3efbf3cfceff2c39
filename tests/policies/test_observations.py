"""Observations: always kept, always answered, with a reason."""

from io import BytesIO

from openpyxl import load_workbook

from acogida.app.wiring import Services
from acogida.features.policies.duties import duties
from support.make import make_municipality, make_person, work_as
from support.make_plan import make_initiative
from support.visitor import Visitor

PLACE = "/m/temuco/validacion/observaciones"
ONE = {
    "subject": "scope",
    "text": "Debe nombrar a la población rural, no sólo a la urbana.",
    "author": "Marie Joseph",
    "organization": "Colectivo Haití Temuco",
    "instance": "mesa",
    "received_on": "2026-11-20",
}


async def test_an_observation_is_kept_answered_and_counted(services: Services, visitor: Visitor) -> None:
    """It waits as a duty until somebody answers it with a reason."""
    tenant = await make_municipality(services)
    await make_person(services, tenant)
    await visitor.sign_in("rosa@temuco.cl")

    added = await visitor.post(f"{PLACE}/nueva", ONE)
    async with work_as(services, tenant) as work:
        owed = await duties(work)
    without_reason = await visitor.post(f"/m/temuco/{owed[0].path}", {"status": "partly", "answer": "", "version": "1"})
    answered = await visitor.post(
        f"/m/temuco/{owed[0].path}", {"status": "partly", "answer": "Se agregó al alcance", "version": "1"}
    )
    page = (await visitor.get(PLACE)).text
    async with work_as(services, tenant) as work:
        left = await duties(work)

    assert added.status_code == answered.status_code == 303
    assert owed[0].text == "Responder la observación de Marie Joseph sobre «El alcance de la Política»"
    assert without_reason.status_code == 422
    assert "Incorporada en parte" in page
    assert "Se agregó al alcance" in page
    assert left == []


async def test_what_can_change_is_said_before_commenting(services: Services, visitor: Visitor) -> None:
    """Acogida's proposal until the municipality writes its own (VAL-4.2-15)."""
    await make_person(services, await make_municipality(services))
    await visitor.sign_in("rosa@temuco.cl")

    before = (await visitor.get(f"{PLACE}/nueva")).text
    saved = await visitor.post(f"{PLACE}/alcance", {"text": "Sólo se revisan las metas.", "version": "0"})
    after = (await visitor.get(f"{PLACE}/nueva")).text

    assert "Con su opinión pueden cambiar el alcance" in before
    assert before.index("Con su opinión") < before.index("<textarea")
    assert saved.status_code == 303
    assert "Sólo se revisan las metas." in after


async def test_it_may_be_about_one_initiative(services: Services, visitor: Visitor) -> None:
    """The initiative is offered by name, and the observation keeps the name it had."""
    tenant = await make_municipality(services)
    await make_person(services, tenant)
    async with work_as(services, tenant) as work:
        initiative = await make_initiative(work, "Ventanilla intercultural")
    await visitor.sign_in("rosa@temuco.cl")

    form = await visitor.get(f"{PLACE}/nueva?sobre=initiative:{initiative.id}")
    added = await visitor.post(f"{PLACE}/nueva", {**ONE, "subject": f"initiative:{initiative.id}"})
    invented = await visitor.post(
        f"{PLACE}/nueva", {**ONE, "subject": "initiative:00000000-0000-0000-0000-000000000000"}
    )
    listing = (await visitor.get(f"{PLACE}?sobre=initiative")).text

    assert f'<option value="initiative:{initiative.id}" selected>' in form.text
    assert added.status_code == 303
    assert invented.status_code == 422
    assert "Iniciativa: Ventanilla intercultural" in listing


async def test_a_participant_of_the_mesa_speaks_in_their_own_name(services: Services, visitor: Visitor) -> None:
    """They may add and not answer; nobody can be made to say what they did not."""
    tenant = await make_municipality(services)
    await make_person(services, tenant, email="marie@haiti.cl", name="Marie Joseph", roles=("mesa_participant",))
    await visitor.sign_in("marie@haiti.cl")

    added = await visitor.post(f"{PLACE}/nueva", {**ONE, "author": "La alcaldesa", "received_on": "2020-01-01"})
    async with work_as(services, tenant) as work:
        owed = await duties(work)
    refused = await visitor.post(f"/m/temuco/{owed[0].path}", {"status": "partly", "answer": "x", "version": "1"})
    page = (await visitor.get(PLACE)).text

    assert added.status_code == 303
    assert "Marie Joseph" in page
    assert "La alcaldesa" not in page
    assert "23 de noviembre de 2026" in page
    assert refused.status_code == 403


async def test_every_fault_is_told_at_once_and_nothing_is_lost(services: Services, visitor: Visitor) -> None:
    """A wrong form comes back whole."""
    await make_person(services, await make_municipality(services))
    await visitor.sign_in("rosa@temuco.cl")

    wrong = await visitor.post(f"{PLACE}/nueva", {**ONE, "subject": "", "instance": "otra"})
    future = await visitor.post(f"{PLACE}/nueva", {**ONE, "received_on": "2027-01-01"})

    assert wrong.status_code == future.status_code == 422
    assert "Elija una de las opciones" in wrong.text
    assert "Falta completar «¿Sobre qué es?»" in wrong.text
    assert "Debe nombrar a la población rural" in wrong.text
    assert "no puede tener una fecha futura" in future.text


async def test_the_spreadsheet_holds_every_observation(services: Services, visitor: Visitor) -> None:
    """With its answer and who gave it; what looks like a formula is text."""
    await make_person(services, await make_municipality(services))
    await visitor.sign_in("rosa@temuco.cl")
    await visitor.post(f"{PLACE}/nueva", {**ONE, "text": "=1+1"})

    book = load_workbook(BytesIO((await visitor.get(f"{PLACE}.xlsx")).content))
    cells = [cell for row in book["Observaciones"].iter_rows() for cell in row if cell.value is not None]

    assert [cell.data_type for cell in cells if cell.value == "=1+1"] == ["s"]
    assert {"Marie Joseph", "Mesa comunal de migración", "Por responder"} <= {cell.value for cell in cells}
