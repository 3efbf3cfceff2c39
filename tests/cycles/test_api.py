"""The JSON twin of stages and gates."""

from typing import Any

import pytest

from acogida.app.wiring import Services
from acogida.kernel.facts import Fact
from support.make import make_municipality, make_person, make_token
from support.visitor import Visitor

ROOT = "/api/v1/m/temuco"
LETTER = {"acts.letter_signed_by_mayor": Fact(True, "Firmada el 3 de marzo de 2027")}


@pytest.fixture
async def headers(services: Services) -> dict[str, str]:
    tenant = await make_municipality(services)
    return {"authorization": f"Bearer {await make_token(services, tenant, await make_person(services, tenant))}"}


async def gate(visitor: Visitor, headers: dict[str, str], gate_id: str) -> dict[str, Any]:
    found = await visitor.http.get(f"{ROOT}/puertas", headers=headers)
    return next(each for each in found.json()["items"] if each["id"] == gate_id)


async def test_stages_and_gates_are_read(visitor: Visitor, headers: dict[str, str], known: dict[str, Fact]) -> None:
    """The same counts, states and sentences as the screens."""
    known.update(LETTER)

    stages = (await visitor.http.get(f"{ROOT}/etapas", headers=headers)).json()["items"]
    preparation = (await visitor.http.get(f"{ROOT}/etapas/preparation", headers=headers)).json()
    letter = await gate(visitor, headers, "GATE-1.1")
    team = await gate(visitor, headers, "GATE-1.2")

    assert [(stage["key"], stage["state"]) for stage in stages][:2] == [
        ("preparation", "current"),
        ("diagnosis", "future"),
    ]
    assert (preparation["minimum_met"], preparation["minimum_total"]) == (1, 2)
    assert [each["id"] for each in preparation["gates"]] == ["GATE-1.1", "GATE-1.2"]
    assert (letter["state"], letter["missing"]) == ("ready", [])
    assert letter["needs"][0]["any_of"][0]["shows"] == "Firmada el 3 de marzo de 2027"
    assert team["state"] == "open"
    assert team["missing"][0].startswith("Falta que la municipalidad forme el equipo ejecutivo")
    assert (await visitor.http.get(f"{ROOT}/etapas/otra", headers=headers)).status_code == 404


async def test_a_gate_is_closed_once_per_key(visitor: Visitor, headers: dict[str, str], known: dict[str, Fact]) -> None:
    """The same key gives the same answer; another finds it closed."""
    known.update(LETTER)
    address = f"{ROOT}/puertas/GATE-1.1/cerrar"

    one = await visitor.http.post(address, headers={**headers, "idempotency-key": "cierre-de-prueba"})
    two = await visitor.http.post(address, headers={**headers, "idempotency-key": "cierre-de-prueba"})
    three = await visitor.http.post(address, headers=headers)

    assert one.status_code == two.status_code == 201
    assert one.json() == two.json()
    assert one.json()["closing"]["closed_by"] == "Rosa Painemal"
    assert three.status_code == 409
    assert three.json()["code"] == "already_closed"


async def test_a_refusal_lists_what_is_missing(
    visitor: Visitor, headers: dict[str, str], known: dict[str, Fact]
) -> None:
    """A stable code and a sentence for each thing."""
    assert known == {}

    answer = await visitor.http.post(f"{ROOT}/puertas/GATE-1.1/cerrar", headers=headers)

    assert answer.status_code == 422
    assert answer.json()["code"] == "gate_closed"
    assert answer.json()["missing"] == [
        "Falta la carta de compromiso firmada por la alcaldesa o el alcalde (mínimo de la guía, 1.1)."
    ]


async def test_an_exception_has_the_rules_of_the_form(
    visitor: Visitor, headers: dict[str, str], known: dict[str, Fact]
) -> None:
    """A short reason is refused by its field; a good one passes."""
    assert known == {}
    address = f"{ROOT}/puertas/GATE-1.1/excepcion"

    short = await visitor.http.post(address, json={"reason": "Apuro", "cargo": "Alcaldesa"}, headers=headers)
    done = await visitor.http.post(
        address, json={"reason": "La alcaldesa viaja y firmará a su regreso.", "cargo": "Alcaldesa"}, headers=headers
    )

    assert short.status_code == 422
    assert set(short.json()["fields"]) == {"reason"}
    assert done.status_code == 201
    assert done.json()["closing"]["missing"] == ["PREP-1.1-10"]
