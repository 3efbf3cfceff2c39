"""The catalogue by its JSON twins."""

import httpx
import pytest

from acogida.app.wiring import Services
from support.make import make_municipality, make_person, make_token
from support.visitor import Visitor

pytestmark = pytest.mark.usefixtures("catalogue")
HERE = "/api/v1/m/temuco/buenas-practicas"


@pytest.fixture
async def key(services: Services) -> dict[str, str]:
    """A key of Rosa's, of Temuco."""
    tenant = await make_municipality(services)
    return {"authorization": f"Bearer {await make_token(services, tenant, await make_person(services, tenant))}"}


async def test_anybody_reads_a_practice_and_each_edition(visitor: Visitor) -> None:
    """Without a key; what is not published does not exist."""
    whole = (await visitor.get("/api/v1/buenas-practicas/BP-013")).json()
    first = (await visitor.get("/api/v1/buenas-practicas/BP-013/v1")).json()
    hidden = await visitor.get("/api/v1/buenas-practicas/BP-101")

    assert whole["practice"] == first
    assert whole["editions"][0]["url"] == "http://acogida.test/buenas-practicas/BP-013/v1"
    assert (whole["communes"], whole["retired"]) == (0, False)
    assert hidden.status_code == 404
    assert hidden.headers["content-type"].startswith("application/problem+json")


async def post(visitor: Visitor, path: str, body: object, headers: dict[str, str]) -> httpx.Response:
    return await visitor.http.post(HERE + path, json=body, headers=headers)


async def test_a_key_adopts_once_and_tells_what_was_adapted(visitor: Visitor, key: dict[str, str]) -> None:
    """The same key of repetition gives the same answer; an old version is refused; the public number moves."""
    again = {**key, "idempotency-key": "adopto-la-clinica"}
    first = await post(visitor, "/BP-013/adoptar", {}, again)
    second = await post(visitor, "/BP-013/adoptar", {}, again)
    place = f"{HERE}/adopciones/{first.json()['initiative_id']}"
    told = {"adaptations": "Dos tardes por semana.", "share_result": True, "version": 1}
    saved = await visitor.http.put(place, json=told, headers=key)
    stale = await visitor.http.put(place, json=told, headers=key)
    listed = (await visitor.http.get(f"{HERE}/adopciones", headers=key)).json()
    public = (await visitor.get("/api/v1/buenas-practicas/BP-013")).json()

    assert (first.status_code, first.json()) == (second.status_code, second.json())
    assert saved.json()["adaptations"] == "Dos tardes por semana."
    assert stale.status_code == 409
    assert [each["practice_code"] for each in listed] == ["BP-013"]
    assert (public["communes"], public["communes_named"]) == (1, ["Temuco"])


async def test_a_key_reads_suggestions_with_their_reasons(visitor: Visitor, key: dict[str, str]) -> None:
    """Narrowed to a dimension, each with why."""
    found = (await visitor.http.get(f"{HERE}/sugerencias", params={"dimension": "6"}, headers=key)).json()

    assert found
    assert all("Acceso a la salud" in each["reasons"][0] for each in found)


async def test_a_key_proposes_and_is_told_every_fault(visitor: Visitor, key: dict[str, str]) -> None:
    """The same rules as the form, told by field; a proposal is followed by its folio, and answered only when asked."""
    wrong = await post(visitor, "/propuestas", {"title": "", "place": "Temuco"}, key)
    right = await post(
        visitor,
        "/propuestas",
        {"title": "Feria", "place": "Temuco", "summary": "Una feria.", "implementer": "Dideco"},
        key,
    )
    folio = right.json()["folio"]
    answered = await post(visitor, f"/propuestas/{folio}/respuestas", {"text": "Hola", "version": 2}, key)
    listed = (await visitor.http.get(f"{HERE}/propuestas", headers=key)).json()

    assert wrong.status_code == 422
    assert {"title", "summary", "implementer"} <= set(wrong.json()["fields"])
    assert right.status_code == 201
    assert answered.status_code == 409
    assert [each["folio"] for each in listed] == [folio]
