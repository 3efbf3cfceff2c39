"""The JSON twin of the archive."""

from acogida.app.wiring import Services
from support import make_files as made
from support.make import make_municipality, make_person, make_token
from support.visitor import Visitor


async def test_a_file_goes_up_is_listed_read_and_removed(services: Services, visitor: Visitor) -> None:
    """The whole round with a key."""
    tenant = await make_municipality(services)
    token = await make_token(services, tenant, await make_person(services, tenant))
    headers = {"authorization": f"Bearer {token}"}

    added = await visitor.http.post(
        "/api/v1/m/temuco/archivo",
        data={"kind": "report", "note": "Estudio"},
        files={"file": ("estudio.pdf", made.pdf(), "application/pdf")},
        headers={**headers, "idempotency-key": "una-llave-unica"},
    )
    again = await visitor.http.post(
        "/api/v1/m/temuco/archivo",
        data={"kind": "report", "note": "Estudio"},
        files={"file": ("estudio.pdf", made.pdf(), "application/pdf")},
        headers={**headers, "idempotency-key": "una-llave-unica"},
    )
    place = f"/api/v1/m/temuco/archivo/{added.json()['id']}"
    listed = await visitor.http.get("/api/v1/m/temuco/archivo?limit=1", headers=headers)
    content = await visitor.http.get(f"{place}/contenido", headers=headers)
    gone = await visitor.http.delete(place, headers=headers)

    assert added.status_code == 201
    assert added.json() == again.json()
    assert listed.json()["items"][0]["sha256"] == added.json()["sha256"]
    assert content.content == made.pdf()
    assert gone.status_code == 204
    assert (await visitor.http.get(place, headers=headers)).status_code == 404


async def test_a_bad_file_comes_back_as_problem_details(services: Services, visitor: Visitor) -> None:
    """The reason stands beside the field `file`."""
    tenant = await make_municipality(services)
    token = await make_token(services, tenant, await make_person(services, tenant))

    answer = await visitor.http.post(
        "/api/v1/m/temuco/archivo",
        data={"kind": "report"},
        files={"file": ("x.svg", b"<svg/>", "image/svg+xml")},
        headers={"authorization": f"Bearer {token}"},
    )

    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert "dibujo SVG" in answer.json()["fields"]["file"]
