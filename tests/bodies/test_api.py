"""The JSON twins of teams and sessions."""

from acogida.app.wiring import Services
from support.make import make_municipality, make_person, make_token
from support.visitor import Visitor

HOME = "/api/v1/m/temuco"


async def key(services: Services, roles: list[str] | None = None) -> dict[str, str]:
    tenant = await make_municipality(services)
    token = await make_token(services, tenant, await make_person(services, tenant, roles=roles or ["secretary"]))
    return {"authorization": f"Bearer {token}"}


async def test_a_team_is_formed_and_a_session_held_with_a_key(services: Services, visitor: Visitor) -> None:
    """Members, a session whole with its rows, and an agreement done."""
    headers = await key(services)
    member = {"name": "Ana Soto", "cargo": "Directora", "role": "president", "email": "ana@temuco.cl"}

    added = await visitor.http.post(
        f"{HOME}/equipos/ejecutivo/integrantes", json=member, headers={**headers, "idempotency-key": "llave-de-ana"}
    )
    again = await visitor.http.post(
        f"{HOME}/equipos/ejecutivo/integrantes", json=member, headers={**headers, "idempotency-key": "llave-de-ana"}
    )
    terms = {"kind": "team", "body_kind": "executive_team", "title": "Reunión", "held_on": "2026-11-20"}
    planned = await visitor.http.post(f"{HOME}/sesiones", json=terms, headers=headers)
    place = f"{HOME}/sesiones/{planned.json()['id']}"
    held = await visitor.http.put(
        place,
        json={
            "meeting": {**terms, "minutes": "Se acordó partir.", "held": True, "version": planned.json()["version"]},
            "attendees": [{"key": planned.json()["attendees"][0]["id"], "name": "Ana Soto", "present": True}],
            "agreements": [{"key": "n", "text": "Partir", "responsible": "Ana Soto", "due_on": "2026-12-01"}],
        },
        headers=headers,
    )
    done = await visitor.http.post(
        f"{HOME}/sesiones/acuerdos/{held.json()['agreements'][0]['id']}/cumplido", headers=headers
    )
    bodies = await visitor.http.get(f"{HOME}/equipos", headers=headers)

    assert added.status_code == planned.status_code == 201
    assert added.json() == again.json()
    assert held.json()["status"] == "held"
    assert held.json()["attendees"][0]["present"] is True
    assert done.json()["done_on"] == "2026-11-23"
    assert next((one["kind"], one["members"]) for one in bodies.json()) == ("executive_team", 1)
    assert (await visitor.http.delete(place, headers=headers)).json()["code"] == "already_closed"


async def test_faults_of_rows_say_where_they_are(services: Services, visitor: Visitor) -> None:
    """`agreements.1.text`, as problem details."""
    headers = await key(services)
    terms = {"kind": "team", "title": "Reunión", "held_on": "2026-11-20"}
    planned = await visitor.http.post(f"{HOME}/sesiones", json=terms, headers=headers)

    answer = await visitor.http.put(
        f"{HOME}/sesiones/{planned.json()['id']}",
        json={
            "meeting": {**terms, "version": planned.json()["version"]},
            "agreements": [{"key": "a", "text": "Bien"}, {"key": "b", "text": "", "responsible": "Ana"}],
        },
        headers=headers,
    )

    assert answer.status_code == 422
    assert list(answer.json()["fields"]) == ["agreements.1.text"]


async def test_a_stale_version_is_told_with_the_current_one(services: Services, visitor: Visitor) -> None:
    """409 with the version to read again."""
    headers = await key(services)
    await visitor.http.put(f"{HOME}/equipos/mesa", json={"frequency": "Cada mes"}, headers=headers)
    second = await visitor.http.put(f"{HOME}/equipos/mesa", json={"frequency": "Nunca", "version": 0}, headers=headers)
    assert second.status_code == 409
    assert second.json()["code"] == "stale"
    assert second.json()["current_version"] >= 1


async def test_lists_are_read_by_cursor(services: Services, visitor: Visitor) -> None:
    """Two at a time, nothing twice, nothing lost."""
    headers = await key(services)
    for name in ("Uno", "Dos", "Tres"):
        await visitor.http.post(
            f"{HOME}/equipos/actores", json={"body_kind": "mesa", "name": name, "reason": "Sabe"}, headers=headers
        )
    first = (await visitor.http.get(f"{HOME}/equipos/actores?limit=2", headers=headers)).json()
    rest = (await visitor.http.get(f"{HOME}/equipos/actores?limit=2&after={first['next']}", headers=headers)).json()
    assert [one["name"] for one in first["items"] + rest["items"]] == ["Uno", "Dos", "Tres"]
    assert rest["next"] is None


async def test_a_lesser_role_reads_and_does_not_write(services: Services, visitor: Visitor) -> None:
    """A councillor's key gets 403 at each verb."""
    headers = await key(services, ["councillor"])
    assert (await visitor.http.get(f"{HOME}/sesiones", headers=headers)).status_code == 200
    for path in ("/sesiones", "/equipos/mesa/integrantes", "/equipos/actores", "/validacion/internas"):
        assert (await visitor.http.post(f"{HOME}{path}", json={}, headers=headers)).status_code in (400, 403)
    body = {"unit": "Dideco", "validated_by": "Ana", "cargo": "Directora", "validated_on": "2026-11-20"}
    assert (await visitor.http.post(f"{HOME}/validacion/internas", json=body, headers=headers)).status_code == 403
