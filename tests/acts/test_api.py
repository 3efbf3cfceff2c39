"""The JSON twins of the acts."""

from acogida.app.wiring import Services
from support import make_files as made
from support.make import make_municipality, make_person, make_token
from support.visitor import Visitor

HOME = "/api/v1/m/temuco/actos"


async def key(services: Services, *roles: str) -> dict[str, str]:
    tenant = await make_municipality(services)
    token = await make_token(services, tenant, await make_person(services, tenant, roles=roles or ("secretary",)))
    return {"authorization": f"Bearer {token}"}


async def test_the_letter_is_written_and_signed_with_a_key(services: Services, visitor: Visitor) -> None:
    """Written, then signed with its file; the same key sent twice signs once."""
    headers = await key(services)
    letter = {"objectives": "Acoger", "needs": "Crecen", "mayor": "Amanda Ñancupil", "mayor_cargo": "Alcaldesa"}

    drafted = await visitor.http.put(f"{HOME}/carta", json=letter, headers=headers)
    sent = {
        "data": {
            "signed_on": "2026-11-20",
            "signed": [drafted.json()["signatories"][0]["id"]],
            "declared_by": "Berta Salas",
        },
        "files": {"file": ("carta.pdf", made.pdf(), "application/pdf")},
        "headers": {**headers, "idempotency-key": "firma-de-la-alcaldesa"},
    }
    signed = await visitor.http.post(f"{HOME}/carta/firmada", **sent)
    again = await visitor.http.post(f"{HOME}/carta/firmada", **sent)
    listed = await visitor.http.get(HOME, headers=headers)

    assert drafted.json()["status"] == "issued"
    assert signed.status_code == 201
    assert signed.json() == again.json()
    assert signed.json()["status"] == "signed"
    assert [(one["kind"], one["signatories"][0]["signed_on"]) for one in listed.json()] == [
        ("commitment_letter", "2026-11-20")
    ]


async def test_each_record_asks_for_its_own_right(services: Services, visitor: Visitor) -> None:
    """An executive member records an agreement and does not approve the Policy."""
    headers = await key(services, "executive_member")

    def sent(**data: str) -> dict[str, object]:
        return {"data": data, "files": {"file": ("a.pdf", made.pdf(), "application/pdf")}, "headers": headers}

    agreement = await visitor.http.post(
        f"{HOME}/acuerdo", **sent(dated_on="2026-11-10", number="41", declared_by="Berta Salas")
    )  # type: ignore[arg-type]
    approval = await visitor.http.post(
        f"{HOME}/aprobacion",
        **sent(dated_on="2026-11-10", signatory="Yo", cargo="Alcalde"),  # type: ignore[arg-type]
    )
    term = await visitor.http.put(f"{HOME}/plazo-concejo", json={"applies": True}, headers=headers)
    nothing = await visitor.http.post(f"{HOME}/otro", **sent(dated_on="2026-11-10"))  # type: ignore[arg-type]

    assert agreement.status_code == 201
    assert approval.status_code == term.status_code == 403
    assert nothing.status_code == 404


async def test_faults_of_a_record_come_together(services: Services, visitor: Visitor) -> None:
    """Every field with its message, as problem details."""
    headers = await key(services)
    answer = await visitor.http.post(
        f"{HOME}/votacion",
        data={"dated_on": "ayer", "result": "quizás"},
        files={"file": ("a.pdf", made.pdf(), "application/pdf")},
        headers=headers,
    )
    assert answer.status_code == 422
    assert {"number", "dated_on", "result", "in_favour"} <= set(answer.json()["fields"])
