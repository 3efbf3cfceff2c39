"""The JSON twin of the follow-up."""

from acogida.app.wiring import Services
from support.make import make_municipality, make_person, make_token, work_as
from support.make_plan import make_initiative
from support.visitor import Visitor

REPORT = {
    "reported_on": "2026-11-20",
    "status": "in_progress",
    "percent": 40,
    "on_track": True,
    "needs_adjustment": False,
    "spent": 1000,
}


async def test_a_report_repeated_with_its_key_happens_once(services: Services, visitor: Visitor) -> None:
    """The second answer is the first one; the sheet counts one report."""
    tenant = await make_municipality(services)
    token = await make_token(services, tenant, await make_person(services, tenant))
    async with work_as(services, tenant) as work:
        initiative = (await make_initiative(work)).id
    headers = {"authorization": f"Bearer {token}", "idempotency-key": "un-informe-unico"}
    path = f"/api/v1/m/temuco/seguimiento/{initiative}/avances"

    one = await visitor.http.post(path, json=REPORT, headers=headers)
    two = await visitor.http.post(path, json=REPORT, headers=headers)
    sheet = (await visitor.http.get("/api/v1/m/temuco/seguimiento", headers=headers)).json()

    assert one.status_code == two.status_code == 201
    assert one.json() == two.json()
    assert sheet["totals"]["percent"] == 40
    assert sheet["totals"]["spent"] == 1000
    assert [(row["reports"], row["latest"]["percent"]) for row in sheet["rows"]] == [(1, 40)]


async def test_faults_come_as_problem_details(services: Services, visitor: Visitor) -> None:
    """A stable code, a Spanish sentence and every field."""
    tenant = await make_municipality(services)
    token = await make_token(services, tenant, await make_person(services, tenant))
    async with work_as(services, tenant) as work:
        initiative = (await make_initiative(work)).id

    answer = await visitor.http.post(
        f"/api/v1/m/temuco/seguimiento/{initiative}/avances",
        json={**REPORT, "status": "otra", "percent": 140},
        headers={"authorization": f"Bearer {token}"},
    )

    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert set(answer.json()["fields"]) == {"status", "percent"}


async def test_reports_are_read_by_cursor(services: Services, visitor: Visitor) -> None:
    """Two pages give the three reports once each, oldest first."""
    tenant = await make_municipality(services)
    token = await make_token(services, tenant, await make_person(services, tenant))
    async with work_as(services, tenant) as work:
        initiative = (await make_initiative(work)).id
    headers = {"authorization": f"Bearer {token}"}
    for seen in range(3):
        await visitor.http.post(
            f"/api/v1/m/temuco/seguimiento/{initiative}/avances",
            json={**REPORT, "percent": 10 * (seen + 1), "version": seen},
            headers=headers,
        )

    first = (await visitor.http.get("/api/v1/m/temuco/seguimiento/avances?limit=2", headers=headers)).json()
    rest = (
        await visitor.http.get(f"/api/v1/m/temuco/seguimiento/avances?limit=2&after={first['next']}", headers=headers)
    ).json()

    assert [row["percent"] for row in (*first["items"], *rest["items"])] == [10, 20, 30]
    assert rest["next"] is None


async def test_plan_and_vigencia_are_written_and_read(services: Services, visitor: Visitor) -> None:
    """Before they exist the answer is 404; afterwards they come back as written."""
    tenant = await make_municipality(services)
    token = await make_token(services, tenant, await make_person(services, tenant))
    headers = {"authorization": f"Bearer {token}"}

    nothing = await visitor.http.get("/api/v1/m/temuco/seguimiento/plan", headers=headers)
    plan = await visitor.http.put(
        "/api/v1/m/temuco/seguimiento/plan", json={"roles": "Dideco preside", "version": 0}, headers=headers
    )
    vigencia = await visitor.http.put(
        "/api/v1/m/temuco/seguimiento/vigencia",
        json={"valid_from": "2027-01-01", "valid_until": "2029-12-31"},
        headers=headers,
    )

    assert nothing.status_code == 404
    assert plan.json()["roles"] == "Dideco preside"
    assert vigencia.json() == {"valid_from": "2027-01-01", "valid_until": "2029-12-31", "recommended": True}
