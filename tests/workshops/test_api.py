"""The JSON twin of the workshops."""

from acogida.app.wiring import Services
from support.diagnosis import make_entries, make_workshop
from support.make import make_municipality, make_person, make_token, work_as
from support.visitor import Visitor


async def test_a_workshop_is_called_recorded_and_held(services: Services, visitor: Visitor) -> None:
    """The whole journey with a key: call, count, note, hold."""
    tenant = await make_municipality(services)
    token = await make_token(services, tenant, await make_person(services, tenant))
    headers = {"authorization": f"Bearer {token}", "idempotency-key": "taller-0001"}
    body = {
        "kind": "diagnosis_mixed",
        "title": "Taller",
        "held_on": "2026-11-20",
        "agenda": "10 Presentación\n80 Grupos",
    }

    called = await visitor.http.post("/api/v1/m/temuco/talleres", json=body, headers=headers)
    again = await visitor.http.post("/api/v1/m/temuco/talleres", json=body, headers=headers)
    path = f"/api/v1/m/temuco/talleres/{called.json()['id']}"
    headers.pop("idempotency-key")
    await visitor.http.post(f"{path}/participantes", json={"kind": "users", "people": 7}, headers=headers)
    noted = await visitor.http.post(
        f"{path}/aportes",
        json={"kind": "challenge", "text": "Idioma\nVivienda", "group_name": "Grupo 1"},
        headers=headers,
    )
    held = await visitor.http.put(f"{path}/realizado", json={"version": called.json()["version"]}, headers=headers)

    assert called.status_code == 201 and again.json() == called.json()
    assert [entry["text"] for entry in noted.json()["items"]] == ["Idioma", "Vivienda"]
    assert called.json()["agenda"][1] == {"minutes": 80, "title": "Grupos"}
    assert held.json()["status"] == "held"


async def test_entries_come_by_cursor(services: Services, visitor: Visitor) -> None:
    """Each page begins where the one before ended."""
    tenant = await make_municipality(services)
    token = await make_token(services, tenant, await make_person(services, tenant))
    async with work_as(services, tenant) as work:
        workshop = await make_workshop(work)
        await make_entries(work, workshop, "Uno", "Dos", "Tres")
    path, headers = f"/api/v1/m/temuco/talleres/{workshop.id}/aportes", {"authorization": f"Bearer {token}"}

    first = (await visitor.http.get(f"{path}?limit=2", headers=headers)).json()
    second = (await visitor.http.get(f"{path}?limit=2&after={first['next']}", headers=headers)).json()

    assert [row["text"] for row in first["items"] + second["items"]] == ["Uno", "Dos", "Tres"]
    assert second["next"] is None


async def test_an_old_version_is_a_conflict(services: Services, visitor: Visitor) -> None:
    """409 with its stable code."""
    tenant = await make_municipality(services)
    token = await make_token(services, tenant, await make_person(services, tenant))
    async with work_as(services, tenant) as work:
        workshop = await make_workshop(work)

    answer = await visitor.http.put(
        f"/api/v1/m/temuco/talleres/{workshop.id}/conclusiones",
        json={"conclusions": "Acuerdos", "version": 99},
        headers={"authorization": f"Bearer {token}"},
    )

    assert answer.status_code == 409
    assert answer.json()["code"] == "stale"
