"""People, invitations and keys as JSON: the same rules as the screens."""

from typing import Any

from acogida.app.wiring import Services
from support.letterbox import letters_to
from support.make import make_municipality, make_person, make_token
from support.visitor import Visitor

INVITED = {"name": "Juan Soto", "email": "juan@temuco.cl", "cargo": "Director de Dideco", "roles": ["president"]}


class Client:
    """Rosa's key at work in Temuco."""

    def __init__(self, visitor: Visitor, key: str) -> None:
        self._http, self._headers = visitor.http, {"authorization": f"Bearer {key}"}

    async def __call__(self, method: str, path: str, **options: Any) -> Any:
        headers = {**self._headers, **options.pop("headers", {})}
        return await self._http.request(method, f"/api/v1/m/temuco{path}", headers=headers, **options)


async def rosa_at(services: Services, visitor: Visitor) -> Client:
    tenant = await make_municipality(services)
    return Client(visitor, await make_token(services, tenant, await make_person(services, tenant)))


async def test_members_come_by_cursor(services: Services, visitor: Visitor) -> None:
    """Two at a time, none twice; addresses only for who may invite."""
    tenant = await make_municipality(services)
    rosa = await make_person(services, tenant)
    luz = await make_person(services, tenant, email="luz@temuco.cl", name="Luz Bravo", roles=["councillor"])
    await make_person(services, tenant, email="juan@temuco.cl", name="Juan Soto", roles=["mayor"])
    call = Client(visitor, await make_token(services, tenant, rosa))
    lesser = Client(visitor, await make_token(services, tenant, luz))

    first = (await call("GET", "/personas?limit=2")).json()
    second = (await call("GET", f"/personas?limit=2&after={first['next']}")).json()
    seen = (await lesser("GET", "/personas")).json()

    assert [member["name"] for member in first["items"] + second["items"]] == [
        "Rosa Painemal",
        "Luz Bravo",
        "Juan Soto",
    ]
    assert second["next"] is None
    assert first["items"][0]["email"] == "rosa@temuco.cl"
    assert {member["email"] for member in seen["items"]} == {None}


async def test_an_invitation_sent_with_a_key_happens_once(services: Services, visitor: Visitor) -> None:
    """Repeated with the same idempotency key, one letter leaves."""
    call = await rosa_at(services, visitor)
    headers = {"idempotency-key": "invitar-a-juan"}

    one = await call("POST", "/invitaciones", json=INVITED, headers=headers)
    two = await call("POST", "/invitaciones", json=INVITED, headers=headers)
    listed = await call("GET", "/invitaciones")

    assert (one.status_code, two.status_code) == (201, 201)
    assert one.json() == two.json()
    assert len(await letters_to(services, "juan@temuco.cl")) == 1
    assert [row["name"] for row in listed.json()["items"]] == ["Juan Soto"]


async def test_an_invitation_is_sent_again_and_revoked(services: Services, visitor: Visitor) -> None:
    """The list is then empty, and doing it twice is a problem with its code."""
    call = await rosa_at(services, visitor)
    row = (await call("POST", "/invitaciones", json=INVITED)).json()

    again = await call("POST", f"/invitaciones/{row['id']}/reenviar")
    gone = await call("DELETE", f"/invitaciones/{row['id']}")
    twice = await call("DELETE", f"/invitaciones/{row['id']}")

    assert again.status_code == 200
    assert gone.status_code == 204
    assert (twice.status_code, twice.json()["code"]) == (410, "link_gone")
    assert len(await letters_to(services, "juan@temuco.cl")) == 2


async def test_faults_come_by_field(services: Services, visitor: Visitor) -> None:
    """An adviser without term, tasks or entity gets the three messages."""
    call = await rosa_at(services, visitor)

    answer = await call("POST", "/invitaciones", json={**INVITED, "roles": ["adviser"]})

    assert answer.status_code == 422
    assert set(answer.json()["fields"]) == {"entity", "tasks", "until"}


async def test_a_member_is_changed_with_the_version_seen(services: Services, visitor: Visitor) -> None:
    """A stale version gets 409 with the current one."""
    call = await rosa_at(services, visitor)
    member = (await call("GET", "/personas")).json()["items"][0]
    body = {"cargo": "Jefa de Migración", "roles": ["secretary"], "version": member["version"]}

    changed = await call("PUT", f"/personas/{member['id']}", json=body)
    stale = await call("PUT", f"/personas/{member['id']}", json=body)
    last = await call("DELETE", f"/personas/{member['id']}")

    assert changed.json()["cargo"] == "Jefa de Migración"
    assert (stale.status_code, stale.json()["current_version"]) == (409, changed.json()["version"])
    assert last.status_code == 422
    assert "Es la única persona" in last.json()["title"]


async def test_keys_are_made_listed_and_revoked(services: Services, visitor: Visitor) -> None:
    """A key made by a key does not outlive it; its secret comes once."""
    call = await rosa_at(services, visitor)

    made = (await call("POST", "/llaves", json={"name": "Hija", "days": "365"})).json()
    listed = (await call("GET", "/llaves")).json()["items"]
    gone = await call("DELETE", f"/llaves/{made['id']}")

    mother, daughter = listed
    assert made["secret"]
    assert daughter["expires_at"] == mother["expires_at"]
    assert "secret" not in daughter
    assert gone.status_code == 204
    assert (await call("GET", "/llaves")).json()["items"][1]["revoked_at"]


async def test_requests_for_access_are_listed_and_declined(services: Services, visitor: Visitor) -> None:
    """The same as on the page."""
    call = await rosa_at(services, visitor)
    await visitor.post(
        "/m/temuco/solicitar-acceso", {"name": "Luz Bravo", "email": "luz@temuco.cl", "cargo": "Secplan"}
    )

    listed = (await call("GET", "/solicitudes-de-acceso")).json()["items"]
    declined = await call("DELETE", f"/solicitudes-de-acceso/{listed[0]['id']}")

    assert listed[0]["email"] == "luz@temuco.cl"
    assert declined.status_code == 204
    assert (await call("GET", "/solicitudes-de-acceso")).json()["items"] == []
