"""Teams as people form them."""

import pytest

from acogida.app.wiring import Services
from acogida.features.bodies import store
from acogida.features.bodies.actions import teams
from acogida.features.bodies.facts import facts
from acogida.features.bodies.forms import EditBody, EditContact, EditInternalValidation, EditMember
from acogida.kernel.errors import NotAllowed, Rejected, Stale
from support.make import make_municipality, make_person, work_as
from support.visitor import Visitor


def member(name: str, cargo: str = "Directora", **more: object) -> EditMember:
    return EditMember(name=name, cargo=cargo, **{"role": "member", **more})  # type: ignore[arg-type]


async def test_the_suggested_places_become_a_nomina(services: Services, visitor: Visitor) -> None:
    """Names typed beside the guide's places are kept with their role; empty rows are not."""
    tenant = await make_municipality(services)
    await make_person(services, tenant)
    await visitor.sign_in("rosa@temuco.cl")

    page = await visitor.get("/m/temuco/equipos/ejecutivo")
    saved = await visitor.post(
        "/m/temuco/equipos/ejecutivo",
        {
            "key": ["dideco", "migration_office", "secplan", "n1"],
            "suggested_role": ["dideco", "migration_office", "secplan", ""],
            "name": ["Ana Soto", "Rosa Painemal", "", "Luis Díaz"],
            "cargo": ["Directora de Dideco", "Encargada de Migración", "", "Jefe de Vivienda"],
            "organization": ["Dideco", "Oficina de Migración", "", "Vivienda"],
            "email": ["ana@temuco.cl", "rosa@temuco.cl", "", ""],
            "is_chief": ["dideco", "n1"],
        },
    )
    after = await visitor.get("/m/temuco/equipos/ejecutivo")

    for words in ("Secretaría Comunal de Planificación", "Desarrollo Económico", "Programas sociales"):
        assert words in page.text
    assert saved.status_code == 303
    async with work_as(services, tenant) as work:
        found = [(one.name, one.role, one.suggested_role, one.is_chief) for one in await store.members(work)]
    assert found == [
        ("Ana Soto", "president", "dideco", True),
        ("Rosa Painemal", "secretary", "migration_office", False),
        ("Luis Díaz", "member", "", True),
    ]
    assert "Hay una dirección o jefatura en el equipo" in after.text
    assert "Ana Soto" in after.text


async def test_a_wrong_row_is_marked_and_no_row_is_lost_nor_kept(services: Services, visitor: Visitor) -> None:
    """All or nothing: with one bad e-mail nobody is added, and everything typed is still there."""
    tenant = await make_municipality(services)
    await make_person(services, tenant)
    await visitor.sign_in("rosa@temuco.cl")

    answer = await visitor.post(
        "/m/temuco/equipos/ejecutivo",
        {
            "key": ["dideco", "secplan", "n1"],
            "suggested_role": ["dideco", "secplan", ""],
            "name": ["Ana Soto", "Luis Díaz", "Eva Ríos"],
            "cargo": ["Directora", "Director", ""],
            "organization": ["", "", ""],
            "email": ["ana@temuco.cl", "no es un correo", ""],
        },
    )

    assert answer.status_code == 422
    for words in ("Ana Soto", "Luis Díaz", "Eva Ríos", "Escriba un correo completo", "Falta el cargo."):
        assert words in answer.text
    async with work_as(services, tenant) as work:
        assert await store.members(work) == []


async def test_nobody_is_twice_in_a_team_and_nobody_else_presides(services: Services) -> None:
    """The same name, however it is written, is refused; so is a second presidency."""
    tenant = await make_municipality(services)
    async with work_as(services, tenant) as work:
        await teams.add_member(work, "executive_team", member("Ana Soto", role="president"))
        with pytest.raises(Rejected) as twice:
            await teams.add_member(work, "executive_team", member("ANA  SÓTO"))
        with pytest.raises(Rejected) as second:
            await teams.add_member(work, "executive_team", member("Luis Díaz", role="president"))
    assert "ya está en esta nómina" in twice.value.fields["name"]
    assert "Ana Soto" in second.value.fields["role"]


async def test_an_adviser_supports_and_never_counts_as_the_team(services: Services) -> None:
    """External support needs its entity and tasks, and leaves the facts of the team as they were."""
    tenant = await make_municipality(services)
    assert dict(member("Eva Ríos", "Consultora", role="adviser").check()).keys() == {"adviser_kind", "adviser_tasks"}
    async with work_as(services, tenant) as work:
        await teams.add_member(work, "executive_team", member("Ana Soto", role="president", is_chief=True))
        await teams.add_member(
            work,
            "executive_team",
            member("Eva Ríos", "Consultora", role="adviser", adviser_kind="consultancy", adviser_tasks=("write",)),
        )
        known = await facts(work)
    assert not known["bodies.executive_team"].met
    assert known["bodies.executive_president"].shows == "Ana Soto, Directora"
    assert known["bodies.executive_chief"].met


async def test_two_people_make_a_team_and_an_instance_that_existed_serves(services: Services) -> None:
    """The executive team needs people; the extended one and the mesa may be an instance that already met (RES-04)."""
    tenant = await make_municipality(services)
    async with work_as(services, tenant) as work:
        before = await facts(work)
        await teams.add_member(work, "executive_team", member("Ana Soto"))
        await teams.add_member(work, "executive_team", member("Luis Díaz"))
        await teams.edit_body(work, "mesa", EditBody(existing_instance="Mesa intersectorial de salud"))
        await teams.edit_body(work, "executive_team", EditBody(existing_instance="Comité técnico", version=1))
        after = await facts(work)
    assert not before["bodies.executive_team"].met
    assert not before["bodies.mesa"].met
    assert after["bodies.executive_team"].met
    assert after["bodies.mesa"].shows == "en Mesa intersectorial de salud"
    assert not after["bodies.extended_team"].met


async def test_the_extended_team_takes_the_executive_one_in(services: Services, visitor: Visitor) -> None:
    """One button adds whoever is missing, once, and advisers stay out."""
    tenant = await make_municipality(services)
    await make_person(services, tenant)
    async with work_as(services, tenant) as work:
        for name in ("Ana Soto", "Luis Díaz"):
            await teams.add_member(work, "executive_team", member(name))
        await teams.add_member(
            work,
            "executive_team",
            member("Eva Ríos", role="adviser", adviser_kind="consultancy", adviser_tasks=("write",)),
        )
    await visitor.sign_in("rosa@temuco.cl")

    page = await visitor.get("/m/temuco/equipos/ampliado")
    for _ in range(2):
        await visitor.post("/m/temuco/equipos/ampliado/heredar")

    assert "Aún no están aquí: Ana Soto, Luis Díaz." in page.text
    async with work_as(services, tenant) as work:
        inside = await store.members(work, "extended_team")
    assert [(one.name, one.suggested_role) for one in inside] == [
        ("Ana Soto", "executive_team"),
        ("Luis Díaz", "executive_team"),
    ]


async def test_who_saves_second_sees_both_versions_of_a_member(services: Services, visitor: Visitor) -> None:
    """Nothing typed is lost when two people correct the same person."""
    tenant = await make_municipality(services)
    await make_person(services, tenant)
    async with work_as(services, tenant) as work:
        row = await teams.add_member(work, "executive_team", member("Ana Soto"))
    await visitor.sign_in("rosa@temuco.cl")
    place = f"/m/temuco/equipos/integrantes/{row.id}"
    mine = {"name": "Ana Soto", "role": "member", "version": str(row.version)}

    await visitor.post(place, {**mine, "cargo": "Directora de Desarrollo"})
    answer = await visitor.post(place, {**mine, "cargo": "Directora (S)"})

    assert answer.status_code == 409
    assert "Directora de Desarrollo" in answer.text
    assert "Directora (S)" in answer.text
    async with work_as(services, tenant) as work:
        with pytest.raises(Stale):
            await teams.edit_member(work, row.id, member("Otra", version=row.version))


async def test_removing_asks_first(services: Services, visitor: Visitor) -> None:
    """Without the answer the person stays."""
    tenant = await make_municipality(services)
    await make_person(services, tenant)
    async with work_as(services, tenant) as work:
        row = await teams.add_member(work, "concejo", member("Ana Soto", "Concejala"))
    await visitor.sign_in("rosa@temuco.cl")

    asked = await visitor.post(f"/m/temuco/equipos/integrantes/{row.id}/quitar")
    async with work_as(services, tenant) as work:
        assert len(await store.members(work, "concejo")) == 1
    done = await visitor.post(f"/m/temuco/equipos/integrantes/{row.id}/quitar", {"confirmed": "1"})

    assert "¿Retirar a Ana Soto de la nómina?" in asked.text
    assert done.headers["location"] == "/m/temuco/equipos/concejo"
    async with work_as(services, tenant) as work:
        assert await store.members(work, "concejo") == []


async def test_a_member_is_invited_with_the_role_of_their_place(services: Services, visitor: Visitor) -> None:
    """The invitation leaves by mail; an adviser goes by the form that asks for a term."""
    from sqlalchemy import select

    from acogida.features.people.model import Invitation

    tenant = await make_municipality(services)
    await make_person(services, tenant)
    async with work_as(services, tenant) as work:
        row = await teams.add_member(
            work, "executive_team", member("Ana Soto", role="president", email="ana@temuco.cl")
        )
        adviser = await teams.add_member(
            work,
            "executive_team",
            member("Eva Ríos", role="adviser", adviser_kind="university", adviser_tasks=("write",), email="eva@uct.cl"),
        )
    await visitor.sign_in("rosa@temuco.cl")

    await visitor.post(f"/m/temuco/equipos/integrantes/{row.id}/invitar")
    outside = await visitor.post(f"/m/temuco/equipos/integrantes/{adviser.id}/invitar")

    async with work_as(services, tenant) as work:
        sent = list(await work.session.scalars(select(Invitation)))
    assert [(one.email, one.roles) for one in sent] == [("ana@temuco.cl", ["president"])]
    assert outside.headers["location"].startswith("/m/temuco/personas/invitar?rol=adviser")


async def test_actors_are_mapped_and_talked_to(services: Services, visitor: Visitor) -> None:
    """An actor is noted with its reason; the talk is added later and shown."""
    tenant = await make_municipality(services)
    await make_person(services, tenant)
    await visitor.sign_in("rosa@temuco.cl")
    actor = {"body_kind": "mesa", "name": "Cámara de Comercio", "reason": "Emplea a muchas personas migrantes"}

    saved = await visitor.post("/m/temuco/equipos/actores", actor)
    async with work_as(services, tenant) as work:
        row = (await store.contacts(work))[0]
    future = await visitor.post(
        f"/m/temuco/equipos/actores/{row.id}", {**actor, "talked_on": "2027-01-01", "version": str(row.version)}
    )
    talked = await visitor.post(
        f"/m/temuco/equipos/actores/{row.id}", {**actor, "talked_on": "2026-11-10", "version": str(row.version)}
    )
    page = await visitor.get("/m/temuco/equipos/actores")

    assert saved.status_code == talked.status_code == 303
    assert future.status_code == 422
    assert "10 de noviembre de 2026" in page.text
    async with work_as(services, tenant) as work:
        assert (await facts(work))["bodies.actors_mapped"].shows == "1 actores identificados, 1 ya conversados"


async def test_a_unit_validates_once(services: Services) -> None:
    """The same unit, however it is written, has one validation; none is in the future."""
    tenant = await make_municipality(services)
    async with work_as(services, tenant) as work:
        today = work.today()
        first = EditInternalValidation(unit="Dideco", validated_by="Ana Soto", cargo="Directora", validated_on=today)
        await teams.add_internal_validation(work, first)
        with pytest.raises(Rejected):
            await teams.add_internal_validation(work, EditInternalValidation("DIDECO", "Otra", "Jefa", today))
        with pytest.raises(Rejected):
            await teams.add_internal_validation(
                work, EditInternalValidation("Salud", "Otra", "Jefa", today.replace(year=2027))
            )


async def test_who_only_reads_can_not_form_teams(services: Services, visitor: Visitor) -> None:
    """A councillor sees the nómina and is refused at every verb; the action refuses too."""
    tenant = await make_municipality(services)
    await make_person(services, tenant, email="ana@temuco.cl", name="Ana Soto", roles=["councillor"])
    await visitor.sign_in("ana@temuco.cl")

    assert (await visitor.get("/m/temuco/equipos/mesa")).status_code == 200
    assert (await visitor.post("/m/temuco/equipos/mesa", {"key": "n1", "name": "X"})).status_code == 403
    assert (await visitor.post("/m/temuco/equipos/actores", {"name": "X"})).status_code == 403
    async with work_as(services, tenant, roles=["councillor"]) as work:
        with pytest.raises(NotAllowed):
            await teams.add_contact(work, EditContact(body_kind="mesa", name="X", reason="Y"))


async def test_a_team_that_does_not_exist_is_not_found(services: Services, visitor: Visitor) -> None:
    """Only the four kinds have a page."""
    await make_person(services, await make_municipality(services))
    await visitor.sign_in("rosa@temuco.cl")
    assert (await visitor.get("/m/temuco/equipos/consejo")).status_code == 404
    assert (await visitor.get("/m/temuco/equipos")).status_code == 200
