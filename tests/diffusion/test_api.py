"""The JSON twin of the diffusion."""

from acogida.app.wiring import Services
from support.make import make_municipality, make_person, make_token
from support.visitor import Visitor


async def test_a_write_repeated_with_its_key_happens_once(services: Services, visitor: Visitor) -> None:
    """The second answer is the first one; the list holds one row."""
    tenant = await make_municipality(services)
    token = await make_token(services, tenant, await make_person(services, tenant))
    headers = {"authorization": f"Bearer {token}", "idempotency-key": "una-llave-unica"}
    body = {"kind": "launch", "title": "Lanzamiento", "held_on": "2026-11-20"}

    one = await visitor.http.post("/api/v1/m/temuco/difusion/acciones", json=body, headers=headers)
    two = await visitor.http.post("/api/v1/m/temuco/difusion/acciones", json=body, headers=headers)
    listed = await visitor.http.get("/api/v1/m/temuco/difusion/acciones", headers=headers)

    assert one.status_code == two.status_code == 201
    assert one.json() == two.json()
    assert len(listed.json()["items"]) == 1


async def test_faults_come_as_problem_details(services: Services, visitor: Visitor) -> None:
    """A stable code, a Spanish sentence and every field."""
    tenant = await make_municipality(services)
    token = await make_token(services, tenant, await make_person(services, tenant))

    answer = await visitor.http.post(
        "/api/v1/m/temuco/difusion/acciones",
        json={"kind": "otra", "title": "", "held_on": "2026-11-20"},
        headers={"authorization": f"Bearer {token}"},
    )

    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["code"] == "rejected"
    assert set(answer.json()["fields"]) == {"kind", "title"}


async def test_a_key_opens_one_workspace_only(services: Services, visitor: Visitor) -> None:
    """With the key of another municipality the answer is the same as with none."""
    tenant = await make_municipality(services)
    other = await make_municipality(services, cut="13201", name="Puente Alto", slug="puente-alto")
    token = await make_token(services, other, await make_person(services, other, email="juan@puentealto.cl"))
    assert tenant.slug == "temuco"

    answer = await visitor.http.get("/api/v1/m/temuco/difusion/acciones", headers={"authorization": f"Bearer {token}"})

    assert answer.status_code == 401
