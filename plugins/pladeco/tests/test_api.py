"""The JSON twin of the PLADECO."""

from uuid import uuid4

from acogida.app.wiring import Services
from acogida.kernel.tenancy import Tenant
from support.extensions import enable
from support.make import make_municipality, make_person, make_token, work_as
from support.make_plan import make_initiative
from support.visitor import Visitor

PLACE = "/api/v1/m/temuco/x/pladeco"
PLAN = {"name": "PLADECO 2024-2030", "first_year": 2024, "last_year": 2030}


async def key(services: Services) -> tuple[Tenant, dict[str, str]]:
    """A workspace that has the PLADECO, and the headers of who may do everything in it."""
    tenant = await make_municipality(services)
    await enable(services, tenant, "pladeco")
    token = await make_token(services, tenant, await make_person(services, tenant))
    return tenant, {"authorization": f"Bearer {token}"}


async def test_the_whole_way_by_the_api(services: Services, visitor: Visitor) -> None:
    """A plan, its lineamientos, an initiative linked, and the coverage that follows."""
    tenant, headers = await key(services)
    http = visitor.http

    plan = (await http.post(f"{PLACE}/planes", json=PLAN, headers=headers)).json()
    place = f"{PLACE}/planes/{plan['id']}/elementos"
    line = (await http.post(place, json={"code": "1", "name": "Integración"}, headers=headers)).json()
    objective = (await http.post(place, json={"name": "Barrios", "parent": line["id"]}, headers=headers)).json()
    await http.post(place, json={"code": "2", "name": "Economía"}, headers=headers)
    async with work_as(services, tenant) as work:
        one = (await make_initiative(work)).id
    aligned = await http.put(f"{PLACE}/iniciativas/{one}", json={"elements": [objective["id"]]}, headers=headers)
    found = (await http.get(f"{PLACE}/cobertura", headers=headers)).json()
    listed = (await http.get(f"{place}?limit=2", headers=headers)).json()

    assert objective["level"] == "objective"
    assert aligned.json()["version"] == 1
    assert [line["initiatives"] for line in found["lines"]] == [[str(one)], []]
    assert found["outside"] == []
    assert len(listed["items"]) == 2
    assert listed["next"] == listed["items"][-1]["id"]


async def test_a_write_repeated_with_its_key_happens_once(services: Services, visitor: Visitor) -> None:
    """The second answer is the first one."""
    _, headers = await key(services)
    headers["idempotency-key"] = "una-llave-unica"

    one = await visitor.http.post(f"{PLACE}/planes", json=PLAN, headers=headers)
    two = await visitor.http.post(f"{PLACE}/planes", json=PLAN, headers=headers)
    listed = await visitor.http.get(f"{PLACE}/planes", headers=headers)

    assert one.json() == two.json()
    assert len(listed.json()["items"]) == 1


async def test_faults_come_as_problem_details(services: Services, visitor: Visitor) -> None:
    """Every field at once; what is not there is 404; who comes second gets 409."""
    _, headers = await key(services)
    http = visitor.http

    wrong = await http.post(f"{PLACE}/planes", json={**PLAN, "name": "", "last_year": 2020}, headers=headers)
    plan = (await http.post(f"{PLACE}/planes", json=PLAN, headers=headers)).json()
    stale = await http.put(f"{PLACE}/planes/{plan['id']}", json={**PLAN, "version": 9}, headers=headers)
    nobody = await http.put(f"{PLACE}/iniciativas/{uuid4()}", json={"elements": []}, headers=headers)
    under = {"name": "Sin techo", "parent": str(uuid4())}
    loose = await http.post(f"{PLACE}/planes/{plan['id']}/elementos", json=under, headers=headers)

    assert wrong.status_code == 422
    assert set(wrong.json()["fields"]) == {"name"}
    assert stale.status_code == 409
    assert nobody.status_code == 404
    assert loose.status_code == 404
