"""The JSON twin of the Sello Migrante."""

from uuid import uuid4

from acogida.app.wiring import Services
from acogida.kernel.tenancy import Tenant
from support.extensions import enable
from support.make import make_municipality, make_person, make_token, work_as
from support.make_plan import make_initiative
from support.visitor import Visitor

PLACE = "/api/v1/m/temuco/x/sello_migrante"


async def key(services: Services) -> tuple[Tenant, dict[str, str]]:
    """A workspace that has it, and the headers of who may do everything in it."""
    tenant = await make_municipality(services)
    await enable(services, tenant, "sello_migrante")
    token = await make_token(services, tenant, await make_person(services, tenant))
    return tenant, {"authorization": f"Bearer {token}"}


async def test_the_whole_way_by_the_api(services: Services, visitor: Visitor) -> None:
    """From the standard to the closed round, with the plan, the training and the resolution between."""
    tenant, headers = await key(services)
    http = visitor.http
    async with work_as(services, tenant) as work:
        one = (await make_initiative(work)).id

    standards = (await http.get(f"{PLACE}/estandares", headers=headers)).json()
    said = await http.put(
        f"{PLACE}/requisitos/SM-1.4", json={"state": "met", "statement": "Punto de información"}, headers=headers
    )
    proof = {"kind": "initiative", "initiative_id": str(one)}
    backed = await http.post(f"{PLACE}/requisitos/SM-1.4/respaldos", json=proof, headers=headers)
    born = await http.post(f"{PLACE}/brechas/SM-1.3/iniciativa", headers=headers)
    action = {"criterion": "SM-1.3", "title": "Protocolo", "responsible": "Dideco", "ends_on": "2027-05-01"}
    planned = await http.post(f"{PLACE}/acciones", json=action, headers=headers)
    course = {"title": "Taller", "kind": "workshop", "hours": "2", "state": "held", "held_on": "2026-05-01"}
    taught = (await http.post(f"{PLACE}/actividades", json=course, headers=headers)).json()
    people = {"people": "Luis Soto; OIRS\nAna Díaz; OIRS", "trainer": True}
    added = await http.post(f"{PLACE}/actividades/{taught['id']}/participantes", json=people, headers=headers)
    listed = (await http.get(f"{PLACE}/actividades", headers=headers)).json()
    granted = {"kind": "granted", "resolution": "Resolución 1", "dated_on": "2025-01-01"}
    await http.post(f"{PLACE}/resoluciones", json=granted, headers=headers)
    stepped = await http.put(f"{PLACE}/pasos/SMP-1", json={"state": "done", "reference": "Oficio 1"}, headers=headers)
    dates = (await http.get(f"{PLACE}/fechas", headers=headers)).json()
    assessment = (await http.get(f"{PLACE}/autoevaluacion", headers=headers)).json()
    closed = await http.post(f"{PLACE}/autoevaluacion/cerrar", headers=headers)
    rounds = (await http.get(f"{PLACE}/autoevaluaciones?limit=1", headers=headers)).json()

    assert [each["key"] for each in standards] == ["2025-03", "web"]
    assert said.json()["state"] == "met"
    assert backed.status_code == 201
    assert born.status_code == 201
    assert planned.json()["state"] == "planned"
    assert added.json() == {"added": 2}
    assert listed["items"][0]["participants"] == [{"unit": "OIRS", "people": 2}]
    assert "Luis Soto" not in str(listed)
    assert stepped.json()["state"] == "done"
    assert [each["due_on"] for each in dates] == ["2027-01-01", "2027-05-01"]
    standing = {each["criterion"]: each for each in assessment["standings"]}
    assert standing["SM-1.4"]["backed"]
    assert standing["SM-1.3"]["initiatives"] == [born.json()["initiative_id"]]
    assert closed.status_code == 201
    assert rounds["items"][0]["fingerprint"] == closed.json()["fingerprint"]


async def test_a_write_repeated_with_its_key_happens_once(services: Services, visitor: Visitor) -> None:
    """The second answer is the first one."""
    _, headers = await key(services)
    headers["idempotency-key"] = "una-llave-unica"
    action = {"criterion": "SM-1.3", "title": "Protocolo"}

    one = await visitor.http.post(f"{PLACE}/acciones", json=action, headers=headers)
    two = await visitor.http.post(f"{PLACE}/acciones", json=action, headers=headers)
    listed = await visitor.http.get(f"{PLACE}/acciones", headers=headers)

    assert one.json() == two.json()
    assert len(listed.json()["items"]) == 1


async def test_faults_come_as_problem_details(services: Services, visitor: Visitor) -> None:
    """Every field at once; what is not there is 404; who comes second gets 409."""
    _, headers = await key(services)
    http = visitor.http

    wrong = await http.post(f"{PLACE}/acciones", json={"criterion": "SM-1.3", "title": ""}, headers=headers)
    await http.put(f"{PLACE}/planes/work", json={"objective": "Mejorar"}, headers=headers)
    stale = await http.put(f"{PLACE}/planes/work", json={"objective": "Otro"}, headers=headers)

    assert wrong.status_code == 422
    assert set(wrong.json()["fields"]) == {"title"}
    assert stale.status_code == 409
    for place in (f"/requisitos-propios/{uuid4()}", f"/acciones/{uuid4()}", f"/respaldos/{uuid4()}"):
        assert (await http.delete(PLACE + place, headers=headers)).status_code == 404, place
    assert (await http.get(f"{PLACE}/requisitos/SM-9", headers=headers)).status_code == 404
    assert (await http.get(f"{PLACE}/planes/otro", headers=headers)).status_code == 404
