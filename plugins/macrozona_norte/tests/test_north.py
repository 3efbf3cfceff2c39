"""A northern commune answers, meets with others and promises; whoever should not see it does not."""

from datetime import date
from io import BytesIO
from uuid import UUID

import openpyxl
import pytest

from acogida.app.wiring import Services
from acogida.features.initiatives.actions import remove_initiative
from acogida.kernel.tenancy import Tenant
from acogida_macrozona_norte import actions, store
from acogida_macrozona_norte.forms import EditEncounter, EditPartners, EditPledge
from support.extensions import enable
from support.make import make_municipality, make_person, make_token, work_as
from support.make_plan import make_initiative
from support.visitor import Visitor

HERE = "/m/alto-hospicio/x/macrozona_norte"
API = "/api/v1/m/alto-hospicio/x/macrozona_norte"
SESSION = {"title": "Primera sesión", "takes_place_on": "2026-10-05", "state": "held", "cuts": "01101", "version": "0"}
PLEDGE = {"title": "Abrir el albergue", "cut": "01101", "due_on": "2026-12-15", "state": "open", "version": "0"}


@pytest.fixture
async def tenant(services: Services) -> Tenant:
    tenant = await make_municipality(services, cut="01107", name="Alto Hospicio", slug="alto-hospicio")
    await make_person(services, tenant)
    await enable(services, tenant, "macrozona_norte")
    return tenant


@pytest.fixture
async def rosa(visitor: Visitor, tenant: Tenant) -> Visitor:
    del tenant
    await visitor.sign_in("rosa@temuco.cl")
    return visitor


async def with_partners(rosa: Visitor) -> None:
    assert (await rosa.post(f"{HERE}/mesa/comunas", {"cuts": ["01101", "15101"]})).status_code == 303


async def test_a_question_is_answered_and_stands_with_the_diagnosis(rosa: Visitor) -> None:
    """Where it is known from goes with it; of two people at once neither is lost; an unknown question is not there."""
    place = f"{HERE}/preguntas/first_days"
    sent = {"text": "Albergue de la parroquia.", "source": "Taller de abril", "version": "0"}
    before = (await rosa.get(HERE)).text
    saved = await rosa.post(place, sent)
    late = await rosa.post(place, {**sent, "text": "Otra cosa"})
    orphan = await rosa.post(f"{HERE}/preguntas/host", {"text": "", "source": "Taller", "version": "0"})
    listed = (await rosa.get(f"{HERE}/preguntas")).text
    stage = (await rosa.get("/m/alto-hospicio/etapas/diagnosis")).text
    step = (await rosa.get("/m/alto-hospicio/etapas/diagnosis/2.1")).text

    assert "Responder la pregunta" in before
    assert saved.status_code == 303
    assert late.status_code == 409
    assert orphan.status_code == 422
    assert "Taller de abril" in listed
    assert "Albergue de la parroquia." in stage
    assert "quien acaba de llegar" in step
    assert (await rosa.get(f"{HERE}/preguntas/otra")).status_code == 404


async def test_a_kind_of_service_starts_the_sheet_of_the_register(rosa: Visitor) -> None:
    """The diagnosis suggests it and the sheet comes filled in."""
    page = (await rosa.get("/m/alto-hospicio/diagnostico/servicios/nueva?tipo=macrozona_norte.first_reception")).text

    assert "Primera acogida y orientación" in page


async def test_the_table_is_of_communes_of_the_three_regions(rosa: Visitor) -> None:
    """Neither its own, nor one of the south; one that leaves keeps its promises with its name where it was."""
    for cut in ("10101", "01107"):
        assert (await rosa.post(f"{HERE}/mesa/comunas", {"cuts": [cut]})).status_code == 422
    await with_partners(rosa)
    await rosa.post(f"{HERE}/mesa/compromisos/nuevo", PLEDGE)
    await rosa.post(f"{HERE}/mesa/comunas", {"cuts": ["15101"]})
    page = (await rosa.get(f"{HERE}/mesa")).text

    assert "Alto Hospicio, Arica." in page
    assert "Abrir el albergue" in page


async def test_a_session_its_agreements_and_what_was_promised(rosa: Visitor) -> None:
    """From its page to the calendar and the board; then it is kept, and bears its day."""
    await with_partners(rosa)
    made = await rosa.post(f"{HERE}/mesa/sesiones/nueva", {**SESSION, "agreements": "Un mismo protocolo."})
    page = (await rosa.get(f"{HERE}/mesa")).text
    session = next(part[:36] for part in page.split(f'"{HERE}/mesa/sesiones/')[1:] if not part.startswith("nueva"))
    await rosa.post(f"{HERE}/mesa/compromisos/nuevo", {**PLEDGE, "due_on": "2026-11-02", "encounter_id": session})
    table = (await rosa.get(f"{HERE}/mesa")).text
    pledge = table.partition('id="c-')[2][:36]
    board = (await rosa.get("/m/alto-hospicio")).text
    kept = await rosa.post(f"{HERE}/mesa/compromisos/{pledge}", {**PLEDGE, "state": "done", "version": "1"})
    after = (await rosa.get(f"{HERE}/mesa/compromisos/{pledge}")).text

    assert made.status_code == 303
    assert "Un mismo protocolo." in page
    assert "Atrasado" in table
    assert "Iquique: Abrir el albergue. Venció el" in board
    assert kept.status_code == 303
    assert 'value="2026-11-23"' in after


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"title": ""}, "title"),
        ({"due_on": ""}, "due_on"),
        ({"cut": "10101"}, "Elija una comuna de la mesa"),
        ({"done_on": "2026-11-01"}, "Si ya se cumplió"),
        ({"encounter_id": str(UUID(int=9))}, "Esa sesión ya no está"),
        ({"initiative_id": "no es un id"}, "ya no está en la Política"),
    ],
)
async def test_what_is_wrong_in_a_promise_stays_on_the_page(
    services: Services, tenant: Tenant, rosa: Visitor, wrong: dict[str, str], words: str
) -> None:
    async with work_as(services, tenant) as work:
        await make_initiative(work)
        await actions.set_partners(work, EditPartners(("01101",)))
        await actions.add_encounter(work, EditEncounter("Primera", date(2026, 10, 5)))
    answer = await rosa.post(f"{HERE}/mesa/compromisos/nuevo", {**PLEDGE, "responsible": "Dideco", **wrong})

    assert answer.status_code == 422
    assert words in answer.text
    assert "Dideco" in answer.text


async def test_wrong_sessions_are_refused_and_two_people_see_both_versions(rosa: Visitor) -> None:
    await with_partners(rosa)
    stranger = await rosa.post(f"{HERE}/mesa/sesiones/nueva", {**SESSION, "cuts": "02101"})
    early = await rosa.post(f"{HERE}/mesa/sesiones/nueva", {**SESSION, "state": "called", "agreements": "Algo"})
    await rosa.post(f"{HERE}/mesa/sesiones/nueva", SESSION)
    page = (await rosa.get(f"{HERE}/mesa")).text
    session = next(part[:36] for part in page.split(f'"{HERE}/mesa/sesiones/')[1:] if not part.startswith("nueva"))
    place = f"{HERE}/mesa/sesiones/{session}"
    await rosa.post(place, {**SESSION, "place": "Iquique", "version": "1"})
    mine = await rosa.post(place, {**SESSION, "place": "Arica", "version": "1"})

    assert stranger.status_code == early.status_code == 422
    assert mine.status_code == 409
    assert "Iquique" in mine.text


async def test_sessions_and_promises_are_taken_away_after_asking(
    services: Services, tenant: Tenant, rosa: Visitor
) -> None:
    """What was promised in a session stays when the session goes; what an initiative was linked to stays when it goes."""
    async with work_as(services, tenant) as work:
        school = await make_initiative(work, "Casa de acogida")
        session = await actions.add_encounter(work, EditEncounter("Primera", date(2026, 10, 5)))
        wanted = EditPledge("Protocolo", "01107", "Dideco", date(2026, 12, 1))
        linked = EditPledge("Cupos", "01107", "", date(2026, 12, 1), initiative_id=str(school.id))
        first = await actions.add_pledge(work, EditPledge(**{**vars(wanted), "encounter_id": str(session.id)}))
        second = await actions.add_pledge(work, linked)
    shown = (await rosa.get(f"/m/alto-hospicio/iniciativas/{school.id}")).text
    asked = await rosa.post(f"{HERE}/mesa/sesiones/{session.id}/quitar", {})
    await rosa.post(f"{HERE}/mesa/sesiones/{session.id}/quitar", {"confirmed": "1"})
    async with work_as(services, tenant) as work:
        await remove_initiative(work, school.id)
    async with work_as(services, tenant) as work:
        left = {row.title: (row.encounter_id, row.initiative_id) for row in await store.pledges(work)}
    doubt = await rosa.post(f"{HERE}/mesa/compromisos/{first.id}/quitar", {})
    gone = await rosa.post(f"{HERE}/mesa/compromisos/{second.id}/quitar", {"confirmed": "1"})

    assert "Cupos (pendiente" in shown
    assert "Los compromisos que se acordaron en ella quedan" in asked.text
    assert left == {"Protocolo": (None, None), "Cupos": (None, None)}
    assert "como descartado" in doubt.text
    assert gone.status_code == 303
    async with work_as(services, tenant) as work:
        assert [row.title for row in await store.pledges(work)] == ["Protocolo"]


async def test_a_commune_of_los_lagos_is_never_offered_it(services: Services) -> None:
    """Neither in its list, nor by its address, nor by enabling it straight; nor are its questions or its kinds of service."""
    south = await make_municipality(services, cut="10101", name="Puerto Montt", slug="puerto-montt")
    await make_person(services, south, email="luz@puertomontt.cl")
    home = "/m/puerto-montt"
    async with Visitor(services) as luz:
        await luz.sign_in("luz@puertomontt.cl")
        listed = (await luz.get(f"{home}/ajustes/extensiones")).text
        straight = await luz.post(f"{home}/ajustes/extensiones/macrozona_norte/habilitar", {})

        assert "Sello Migrante" in listed
        assert "Macrozona Norte" not in listed
        assert straight.status_code == 404
        for place in ("/ajustes/extensiones/macrozona_norte", "/x/macrozona_norte", "/x/macrozona_norte/mesa"):
            assert (await luz.get(f"{home}{place}")).status_code == 404, place
        assert "Asistencia humanitaria" not in (await luz.get(f"{home}/diagnostico/servicios")).text


async def test_who_reads_reads_and_strangers_find_nothing(services: Services, rosa: Visitor, tenant: Tenant) -> None:
    """A councillor looks and does not write; a neighbour of the same region gets 404; so does everybody once it is off."""
    await with_partners(rosa)
    await make_person(services, tenant, email="ana@altohospicio.cl", roles=("councillor",))
    other = await make_municipality(services, cut="01101", name="Iquique", slug="iquique")
    await make_person(services, other, email="juan@iquique.cl")
    await enable(services, other, "macrozona_norte")
    async with work_as(services, tenant) as work:
        session = (await actions.add_encounter(work, EditEncounter("Reservada", date(2026, 10, 5)))).id
    async with Visitor(services) as ana:
        await ana.sign_in("ana@altohospicio.cl")
        for place in ("", "/cifras", "/preguntas", "/mesa", f"/mesa/sesiones/{session}"):
            assert (await ana.get(f"{HERE}{place}")).status_code == 200, place
        assert "Guardar la sesión" not in (await ana.get(f"{HERE}/mesa/sesiones/{session}")).text
        for place in ("/preguntas/host", "/mesa/comunas", "/mesa/sesiones/nueva", "/mesa/compromisos/nuevo"):
            assert (await ana.post(f"{HERE}{place}", {})).status_code == 403, place
    async with Visitor(services) as juan:
        await juan.sign_in("juan@iquique.cl")
        assert (await juan.get(HERE)).status_code == 404
        assert (await juan.get(f"/m/iquique/x/macrozona_norte/mesa/sesiones/{session}")).status_code == 404
        assert "Reservada" not in (await juan.get("/m/iquique/x/macrozona_norte/mesa")).text
    await rosa.post("/m/alto-hospicio/ajustes/extensiones/macrozona_norte/deshabilitar", {"confirmed": "1"})
    assert (await rosa.get(HERE)).status_code == 404


async def test_the_table_goes_out_as_a_sheet(services: Services, tenant: Tenant, rosa: Visitor) -> None:
    """What begins with «=» is words and not a formula."""
    async with work_as(services, tenant) as work:
        await actions.add_pledge(work, EditPledge("=1+1", "01107", "Dideco", date(2026, 12, 1)))
    book = openpyxl.load_workbook(BytesIO((await rosa.get(f"{HERE}/mesa.xlsx")).content))
    (cell,) = (cell for row in book["Compromisos"].iter_rows() for cell in row if cell.value == "=1+1")

    assert cell.data_type == "s"


async def test_the_whole_way_by_the_api(services: Services, tenant: Tenant, visitor: Visitor) -> None:
    """Figures, an answer, the communes, a session, a promise once however often it is sent, and its end."""
    ana = await make_person(services, tenant, email="ana@altohospicio.cl")
    head = {"authorization": f"Bearer {await make_token(services, tenant, ana)}"}
    http = visitor.http
    figures = (await http.get(f"{API}/cifras", headers=head)).json()
    said = await http.put(f"{API}/preguntas/arrivals", json={"text": "Unas veinte por semana"}, headers=head)
    stale = await http.put(f"{API}/preguntas/arrivals", json={"text": "Otra"}, headers=head)
    asked = (await http.get(f"{API}/preguntas", headers=head)).json()
    communes = (await http.put(f"{API}/mesa/comunas", json={"cuts": ["01101"]}, headers=head)).json()
    body = {"title": "Primera", "takes_place_on": "2026-10-05", "state": "held", "cuts": ["01101", "01107"]}
    session = (await http.post(f"{API}/mesa/sesiones", json=body, headers=head)).json()
    once = {**head, "idempotency-key": "una-sola-vez"}
    wanted = {"title": "Protocolo", "cut": "01101", "due_on": "2026-12-01", "encounter_id": session["id"]}
    first = (await http.post(f"{API}/mesa/compromisos", json=wanted, headers=once)).json()
    again = (await http.post(f"{API}/mesa/compromisos", json=wanted, headers=once)).json()
    kept = await http.put(
        f"{API}/mesa/compromisos/{first['id']}", json={**wanted, "state": "done", "version": 1}, headers=head
    )
    gone = await http.delete(f"{API}/mesa/sesiones/{session['id']}", headers=head)
    left = (await http.get(f"{API}/mesa/compromisos", headers=head)).json()["items"]

    assert figures["commune"] == {
        "name": "Alto Hospicio",
        "population": 142086,
        "foreign_born": 37628,
        "share": 26.48,
    }
    assert {each["origin"]: each["commune"] for each in figures["origins"]}["Oceanía"] == {
        "people": None,
        "suppressed": 1,
    }
    assert said.json()["version"] == 1
    assert stale.status_code == 409
    assert {each["key"] for each in asked if each["text"]} == {"arrivals"}
    assert communes == [{"cut": "01101", "name": "Iquique"}]
    assert first == again
    assert kept.json()["done_on"] == "2026-11-23"
    assert gone.status_code == 204
    assert [(each["title"], each["encounter_id"]) for each in left] == [("Protocolo", None)]
    assert (await http.get(f"{API}/preguntas/otra", headers=head)).status_code == 404
