"""The JSON twin of the document."""

from acogida.app.wiring import Services
from acogida.kernel.document import from_json
from support.make import make_municipality, make_person, make_token, work_as
from support.make_policy import make_mayor_approval, make_rich_policy
from support.visitor import Visitor

HERE = "/api/v1/m/temuco"


async def _key(services: Services) -> dict[str, str]:
    tenant = await make_municipality(services)
    async with work_as(services, tenant) as work:
        await make_rich_policy(work)
        await make_mayor_approval(work)
    return {"authorization": f"Bearer {await make_token(services, tenant, await make_person(services, tenant))}"}


async def test_a_version_is_kept_once_and_published(services: Services, visitor: Visitor) -> None:
    """From the draft to the public page without a browser; the same key repeats nothing."""
    headers = await _key(services)
    once = {**headers, "idempotency-key": "version-final-1"}

    one = await visitor.http.post(f"{HERE}/documento/versiones", json={"milestone": "final"}, headers=once)
    two = await visitor.http.post(f"{HERE}/documento/versiones", json={"milestone": "final"}, headers=once)
    approved = await visitor.http.post(f"{HERE}/documento/versiones", json={"milestone": "approved"}, headers=headers)
    public = await visitor.http.post(f"{HERE}/documento/versiones/{approved.json()['id']}/publicacion", headers=headers)
    whole = await visitor.http.get(f"{HERE}/documento/versiones/{approved.json()['id']}", headers=headers)
    listed = await visitor.http.get("/api/v1/politicas")
    gone = await visitor.http.delete(f"{HERE}/documento/publicacion?reason=Se+corrige", headers=headers)

    assert one.status_code == two.status_code == 201
    assert one.json() == two.json()
    assert approved.json()["number"] == 2
    assert public.status_code == 201
    assert from_json(whole.json()["content"]).title == "Política Municipal de Migración"
    assert [item["sha256"] for item in listed.json()["items"]] == [approved.json()["sha256"]]
    assert gone.status_code == 204
    assert (await visitor.http.get("/api/v1/politicas/temuco")).status_code == 404


async def test_sections_are_written_and_proposed(services: Services, visitor: Visitor) -> None:
    """Each of the twelve with its proposal; an unknown one is not found; a stale one is refused."""
    headers = await _key(services)

    listed = (await visitor.http.get(f"{HERE}/documento/apartados", headers=headers)).json()
    put = await visitor.http.put(
        f"{HERE}/documento/apartados/planning", json={"text": "Así planificamos.", "version": 0}, headers=headers
    )
    stale = await visitor.http.put(
        f"{HERE}/documento/apartados/planning", json={"text": "Otra", "version": 0}, headers=headers
    )
    unknown = await visitor.http.put(
        f"{HERE}/documento/apartados/inventado", json={"text": "x", "version": 0}, headers=headers
    )

    assert len(listed) == 12
    assert all(section["proposal"] for section in listed)
    assert put.json()["version"] == 1
    assert stale.status_code == 409
    assert unknown.status_code == 404


async def test_the_draft_tells_its_chapters(services: Services, visitor: Visitor) -> None:
    """Seven chapters with their state and the blocks of the whole."""
    headers = await _key(services)

    draft = (await visitor.http.get(f"{HERE}/documento", headers=headers)).json()

    assert [chapter["state"] for chapter in draft["chapters"]] == ["done"] * 7
    assert from_json(draft["content"]).headings


async def test_faults_come_as_problem_details(services: Services, visitor: Visitor) -> None:
    """A stable code and the field with its reason."""
    tenant = await make_municipality(services)
    headers = {"authorization": f"Bearer {await make_token(services, tenant, await make_person(services, tenant))}"}

    answer = await visitor.http.post(f"{HERE}/documento/versiones", json={"milestone": "first"}, headers=headers)

    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert "guía 3.2" in answer.json()["fields"]["milestone"]


async def test_observations_are_read_by_cursor_and_answered(services: Services, visitor: Visitor) -> None:
    """Two pages give three observations once each; the answer comes back with its author."""
    headers = await _key(services)
    for number in range(3):
        await visitor.http.post(
            f"{HERE}/validacion/observaciones",
            json={"subject": "scope", "text": f"Observación {number}", "author": "Mesa", "instance": "mesa"},
            headers=headers,
        )

    first = (await visitor.http.get(f"{HERE}/validacion/observaciones?limit=2", headers=headers)).json()
    rest = (
        await visitor.http.get(f"{HERE}/validacion/observaciones?limit=2&after={first['next']}", headers=headers)
    ).json()
    answered = await visitor.http.put(
        f"{HERE}/validacion/observaciones/{rest['items'][0]['id']}/respuesta",
        json={"status": "incorporated", "answer": "Se agregó", "version": 1},
        headers=headers,
    )

    assert [row["text"] for row in (*first["items"], *rest["items"])] == [f"Observación {n}" for n in range(3)]
    assert answered.json()["answered_by"] == "Rosa Painemal"
