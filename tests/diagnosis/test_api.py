"""The JSON twin of the diagnosis."""

from acogida.app.wiring import Services
from support.diagnosis import make_finding, make_texts
from support.make import make_municipality, make_person, make_token, work_as
from support.visitor import Visitor

PATH = "/api/v1/m/temuco/diagnostico"


async def key_of(services: Services) -> dict[str, str]:
    """A key of the secretary of Temuco, as a header."""
    tenant = await make_municipality(services)
    return {"authorization": f"Bearer {await make_token(services, tenant, await make_person(services, tenant))}"}


async def test_registers_have_their_verbs(services: Services, visitor: Visitor) -> None:
    """Each register is written, read, corrected and cleared with a key."""
    headers = await key_of(services)
    bodies = {
        "fuentes": {"title": "Pladeco", "kind": "municipal"},
        "servicios": {"unit": "OMIL", "name": "Bolsa de trabajo", "directness": "implicit", "dimensions": ["dim_5"]},
        "redes": {"name": "Comunidad Haitiana", "kind": "migrant"},
        "hallazgos": {"title": "Falta un protocolo", "kind": "challenge", "relevant": True, "dimensions": ["dim_1"]},
    }
    for register, body in bodies.items():
        made = await visitor.http.post(f"{PATH}/{register}", json=body, headers=headers)
        assert made.status_code == 201, made.text
        path = f"{PATH}/{register}/{made.json()['id']}"
        assert (await visitor.http.get(path, headers=headers)).json() == made.json()
        again = {**body, "version": made.json()["version"]}
        assert (await visitor.http.put(path, json=again, headers=headers)).status_code == 200
        assert len((await visitor.http.get(f"{PATH}/{register}", headers=headers)).json()["items"]) == 1
        assert (await visitor.http.delete(path, headers=headers)).status_code == 204
        assert (await visitor.http.get(path, headers=headers)).status_code == 404


async def test_a_write_repeated_with_its_key_happens_once(services: Services, visitor: Visitor) -> None:
    """The second answer is the first one."""
    headers = {**await key_of(services), "idempotency-key": "hallazgo-0001"}
    body = {"title": "Falta un protocolo", "kind": "challenge", "relevant": True}

    one = await visitor.http.post(f"{PATH}/hallazgos", json=body, headers=headers)
    two = await visitor.http.post(f"{PATH}/hallazgos", json=body, headers=headers)
    listed = await visitor.http.get(f"{PATH}/hallazgos", headers=headers)

    assert one.json() == two.json()
    assert len(listed.json()["items"]) == 1


async def test_faults_come_as_problem_details(services: Services, visitor: Visitor) -> None:
    """Every field with its sentence."""
    headers = await key_of(services)

    answer = await visitor.http.post(
        f"{PATH}/hallazgos", json={"title": "", "kind": "otra", "dimensions": ["dim_9"]}, headers=headers
    )

    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert set(answer.json()["fields"]) == {"title", "kind", "dimensions"}


async def test_the_decision_and_the_report_travel_as_json(services: Services, visitor: Visitor) -> None:
    """Decide, write, close: the closed documents come back as they were stored."""
    tenant = await make_municipality(services)
    headers = {"authorization": f"Bearer {await make_token(services, tenant, await make_person(services, tenant))}"}
    async with work_as(services, tenant) as work:
        await make_finding(work)
        await make_texts(work)
    decision = {
        "gaps": "Pocos",
        "missing_voices": "Ninguna",
        "resources": "Una persona",
        "needed": False,
        "reason": "Basta",
        "decided_on": "2026-11-20",
    }

    assert (await visitor.http.get(f"{PATH}/informacion-adicional", headers=headers)).status_code == 404
    decided = await visitor.http.put(f"{PATH}/informacion-adicional", json=decision, headers=headers)
    unsure = await visitor.http.post(f"{PATH}/informe/versiones", json={"relevant": True}, headers=headers)
    closed = await visitor.http.post(
        f"{PATH}/informe/versiones", json={"relevant": True, "backed": True, "clear": True}, headers=headers
    )
    content = await visitor.http.get(f"{PATH}/informe/versiones/1", headers=headers)

    assert decided.status_code == 200 and decided.json()["needed"] is False
    assert set(unsure.json()["fields"]) == {"backed", "clear"}
    assert closed.json()["number"] == 1
    assert content.json()["report"]["title"] == "Informe de Diagnóstico Comunal de Migración"
    assert content.json()["sha256"] == closed.json()["sha256"]
