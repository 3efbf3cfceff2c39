"""The JSON twin of the plan."""

from typing import Any

import httpx

from acogida.app.wiring import Services
from acogida.features.municipalities.public import tenant_by_slug
from acogida.kernel.tenancy import Tenant
from support.make import make_municipality, make_person, make_token, work_as
from support.make_plan import make_axis, make_finding, make_initiative, make_objective, make_plan, whole
from support.visitor import Visitor

API = "/api/v1/m/temuco"


class Client:
    """Somebody's program with a key to the workspace."""

    def __init__(self, visitor: Visitor, token: str) -> None:
        self._http = visitor.http
        self._headers = {"authorization": f"Bearer {token}"}

    async def ask(self, method: str, path: str, body: Any = None, **headers: str) -> httpx.Response:
        return await self._http.request(method, f"{API}/{path}", json=body, headers={**self._headers, **headers})


async def _client(services: Services, visitor: Visitor, *, roles: tuple[str, ...] = ("secretary",)) -> Client:
    tenant = await make_municipality(services)
    return Client(visitor, await make_token(services, tenant, await make_person(services, tenant, roles=roles)))


async def test_the_whole_plan_is_written_through_the_api(services: Services, visitor: Visitor) -> None:
    """Frame, ejes in their order, objectives, initiatives, reviews: all that the screens do."""
    client = await _client(services, visitor)

    frame = await client.ask("PUT", "planificacion/marco", {"vision": "Una comuna que acoge", "horizon_year": 2034})
    first = (await client.ask("POST", "planificacion/ejes", {"name": "Salud"})).json()
    second = (await client.ask("POST", "planificacion/ejes", {"name": "Empleo"})).json()
    await client.ask("POST", f"planificacion/ejes/{second['id']}/mover", {"up": True})
    general = await client.ask("PUT", "planificacion/objetivos/general", {"statement": "Acoger"})
    objective = (
        await client.ask(
            "POST", "planificacion/objetivos", {"statement": "Atender sin barreras", "axis_id": first["id"]}
        )
    ).json()
    added = await client.ask(
        "POST",
        "iniciativas",
        {"name": "Mediadores", "axis_id": first["id"], "objective_id": objective["id"], "budget": 24500000},
    )
    row = added.json()
    edited = await client.ask("PUT", f"iniciativas/{row['id']}", {"name": "Mediadores", "unit": "Salud", "version": 1})
    reviewed = await client.ask("PUT", f"iniciativas/{row['id']}/revision", {"review_notes": "Bien", "version": 2})
    copy = (await client.ask("POST", f"iniciativas/{row['id']}/duplicar")).json()
    gone = await client.ask("DELETE", f"iniciativas/{copy['id']}")
    plan = await client.ask("POST", "planificacion/revisiones", {"duplicates": "No hay", "gaps": "No hay"})
    axes = (await client.ask("GET", "planificacion/ejes")).json()

    assert frame.json()["version"] == 1
    assert general.json()["kind"] == "general"
    assert [axis["name"] for axis in axes] == ["Empleo", "Salud"]
    assert added.status_code == 201
    assert (row["axis"], row["objective"]) == ("Salud", "Atender sin barreras")
    assert row["missing"] == ["en qué consiste", "meta", "unidad", "fechas"]
    assert edited.json()["axis_id"] is None
    assert reviewed.json()["reviewed_on"] == "2026-11-23"
    assert copy["name"] == "Copia de Mediadores"
    assert gone.status_code == 204
    assert plan.status_code == 201


async def test_a_write_repeated_with_its_key_happens_once(services: Services, visitor: Visitor) -> None:
    """The second answer is the first one; the plan holds one initiative."""
    client = await _client(services, visitor)
    body, key = {"name": "Feria laboral"}, {"idempotency-key": "una-llave-unica"}

    one = await client.ask("POST", "iniciativas", body, **key)
    two = await client.ask("POST", "iniciativas", body, **key)
    listed = (await client.ask("GET", "iniciativas")).json()

    assert one.status_code == two.status_code == 201
    assert one.json() == two.json()
    assert len(listed["items"]) == 1


async def test_a_list_goes_on_from_its_cursor(services: Services, visitor: Visitor) -> None:
    """Every initiative once, in the order in which they were written down."""
    client = await _client(services, visitor)
    for n in range(5):
        await client.ask("POST", "iniciativas", {"name": f"Iniciativa {n}"})

    names: list[str] = []
    after = ""
    while True:
        page = (await client.ask("GET", f"iniciativas?limit=2{after}")).json()
        names += [item["name"] for item in page["items"]]
        if page["next"] is None:
            break
        after = f"&after={page['next']}"

    assert names == [f"Iniciativa {n}" for n in range(5)]


async def test_faults_come_as_problem_details(services: Services, visitor: Visitor) -> None:
    """A stable code, a Spanish sentence and every field."""
    client = await _client(services, visitor)

    answer = await client.ask(
        "POST",
        "iniciativas",
        {
            "name": "",
            "funding_state": "quizás",
            "starts_on": "2027-12-31",
            "ends_on": "2027-01-01",
            "dimensions": ["dim_9"],
        },
    )
    crossed = await client.ask(
        "POST",
        "iniciativas",
        {"name": "Feria", "starts_on": "2027-12-31", "ends_on": "2027-01-01", "dimensions": ["dim_9"]},
    )

    assert answer.status_code == crossed.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert set(answer.json()["fields"]) == {"name", "funding_state"}
    assert set(crossed.json()["fields"]) == {"ends_on", "dimensions"}


async def test_one_cell_is_changed_and_a_conflict_tells_the_version(services: Services, visitor: Visitor) -> None:
    """With what was there before, only a change to that same cell is a conflict; without it, any change is."""
    client = await _client(services, visitor)
    row = (await client.ask("POST", "iniciativas", {"name": "Feria", "budget": 5000})).json()
    place = f"iniciativas/{row['id']}"

    first = await client.ask("PATCH", place, {"field": "budget", "value": "8.000", "version": 1, "before": "5.000"})
    other = await client.ask("PATCH", place, {"field": "unit", "value": "Dideco", "version": 1, "before": ""})
    same = await client.ask("PATCH", place, {"field": "budget", "value": "9.000", "version": 1, "before": "5.000"})
    strict = await client.ask("PATCH", place, {"field": "target", "value": "3 ferias", "version": 1})

    assert first.json() == {
        "field": "budget",
        "value": "8.000",
        "version": 2,
        "missing": ["eje", "en qué consiste", "meta", "unidad", "fechas"],
    }
    assert other.status_code == 200
    assert same.status_code == strict.status_code == 409
    assert same.json()["current_version"] == 3


async def test_coverage_tells_what_nobody_answers(services: Services, visitor: Visitor) -> None:
    """What the page of the final check shows, as data."""
    client = await _client(services, visitor)
    async with work_as(services, await _tenant(services)) as work:
        axis = await make_axis(work)
        await make_axis(work, "Vacío", position=2)
        finding = await make_finding(work)
        await make_objective(work)
        await make_initiative(work, **whole(axis))

    found = (await client.ask("GET", "planificacion/cobertura")).json()

    assert found["initiatives"] == 1
    assert [each["words"] for each in found["axes_without_initiatives"]] == ["Vacío"]
    assert [each["id"] for each in found["findings_unanswered"]] == [str(finding.id)]
    assert len(found["objectives_without_initiatives"]) == 1
    assert found["incomplete"] == []


async def _tenant(services: Services) -> Tenant:
    """The workspace made before, as it is found by its address."""
    async with services.database.transaction(read_only=True) as session:
        tenant = await tenant_by_slug(session, "temuco")
    assert tenant is not None
    return tenant


async def test_a_key_of_who_only_reads_writes_nothing(services: Services, visitor: Visitor) -> None:
    """It lists the plan; each way of changing it is refused."""
    client = await _client(services, visitor, roles=("unit_owner",))
    async with work_as(services, await _tenant(services)) as work:
        await make_plan(work, initiatives=1)
    (row,) = (await client.ask("GET", "iniciativas")).json()["items"]

    refused = [
        await client.ask("POST", "iniciativas", {"name": "Otra"}),
        await client.ask("PUT", f"iniciativas/{row['id']}", {"name": "Otra", "version": 1}),
        await client.ask("PATCH", f"iniciativas/{row['id']}", {"field": "unit", "value": "Otra", "version": 1}),
        await client.ask("DELETE", f"iniciativas/{row['id']}"),
        await client.ask("PUT", "planificacion/marco", {"vision": "Otra"}),
        await client.ask("POST", "planificacion/ejes", {"name": "Otro"}),
    ]

    assert [answer.status_code for answer in refused] == [403] * 6
