"""Who may do what: the matrix, what is narrowed, what comes from outside, and offices of the platform."""

from datetime import date
from uuid import uuid4

import pytest
from sqlalchemy import select

from acogida.app.wiring import Services
from acogida.features.people.model import OfficeTerm, OutsiderLook, WebSession
from acogida.kernel.permissions import (
    DECIDING,
    PERMISSIONS,
    PLATFORM_PERMISSIONS,
    PLATFORM_ROLES,
    ROLES,
    reaches,
    render_matrix,
    rights_of,
)
from acogida.kernel.tenancy import Actor
from support.make import make_municipality, make_person, make_token
from support.visitor import Visitor


@pytest.mark.parametrize("role", [role for role in ROLES.values() if role.external], ids=lambda role: role.key)
def test_nobody_from_outside_decides(role) -> None:
    """RES-01: whoever comes from outside supports; approving, signing, closing and inviting are the municipality's."""
    assert role.rights & DECIDING == set()


def test_what_decides_is_in_the_matrix() -> None:
    """The list of deciding rights names rights that exist, and every one of them has somebody inside who holds it."""
    assert PERMISSIONS.keys() >= DECIDING
    for right in DECIDING:
        assert any(right in role.rights for role in ROLES.values() if not role.external), right


def test_no_office_of_the_platform_opens_a_workspace() -> None:
    """The two matrices share no right: curators, Sermig and operators enter a workspace only as somebody invited."""
    assert PERMISSIONS.keys() & PLATFORM_PERMISSIONS.keys() == set()
    for role in PLATFORM_ROLES.values():
        assert role.rights <= PLATFORM_PERMISSIONS.keys()


def test_the_whole_right_holds_its_narrow_half() -> None:
    """Who may edit any initiative may edit their own: a page that asks for the half lets them in."""
    for whole in (right for right in PERMISSIONS if f"{right}_own" in PERMISSIONS):
        for role in ROLES.values():
            assert whole not in role.rights or f"{whole}_own" in role.rights, (role.key, whole)


def test_the_matrices_are_printed(capsys: pytest.CaptureFixture[str]) -> None:
    """A line for each right of either, a column for each role."""
    printed = render_matrix()

    for right in (*PERMISSIONS, *PLATFORM_PERMISSIONS):
        assert f"\n{right} " in printed
    assert "sermig_reg" in printed


def test_a_narrowed_right_reaches_its_unit_its_ejes_and_its_initiatives() -> None:
    """And nothing else: another unit, no unit, another eje."""
    axis, initiative = uuid4(), uuid4()
    owner = Actor(
        None,
        "Óscar",
        unit=" Oficina de  la Niñez",
        rights=rights_of(["unit_owner"]),
        scope=frozenset({f"axis:{axis}", f"initiative:{initiative}"}),
    )

    assert reaches(owner, "initiative:edit", unit="oficina de la niñez")
    assert reaches(owner, "initiative:edit", unit="Dideco", axis_id=axis)
    assert reaches(owner, "initiative:edit", initiative_id=initiative)
    assert not reaches(owner, "initiative:edit", unit="Dideco", axis_id=uuid4(), initiative_id=uuid4())
    assert not reaches(Actor(None, "Eva", rights=rights_of(["unit_owner"])), "initiative:edit", unit="")
    assert reaches(Actor(None, "Rosa", rights=rights_of(["secretary"])), "initiative:edit", unit="Dideco")
    assert not reaches(
        Actor(None, "Leo", rights=rights_of(["councillor"]), unit="Dideco"), "initiative:edit", unit="Dideco"
    )


async def test_who_comes_from_outside_opens_what_they_were_given(services: Services, visitor: Visitor) -> None:
    """An observer of the diagnosis reads the diagnosis and the board; the plan, the search and the activity are closed."""
    tenant = await make_municipality(services)
    observer = await make_person(
        services, tenant, email="lia@oim.int", name="Lía Mora", roles=["observer"], areas=["diagnosis"]
    )
    key = await make_token(services, tenant, observer)
    await visitor.sign_in("lia@oim.int")

    answers = {
        path: (await visitor.get(f"/m/temuco{path}")).status_code
        for path in (
            "",
            "/diagnostico/hallazgos",
            "/personas",
            "/iniciativas",
            "/documento.pdf",
            "/buscar?q=a",
            "/actividad",
        )
    }
    through_api = await visitor.http.get("/api/v1/m/temuco/iniciativas", headers={"authorization": f"Bearer {key}"})

    assert answers == {
        "": 200,
        "/diagnostico/hallazgos": 200,
        "/personas": 200,
        "/iniciativas": 403,
        "/documento.pdf": 403,
        "/buscar?q=a": 403,
        "/actividad": 403,
    }
    assert through_api.status_code == 403


async def test_every_look_from_outside_leaves_a_line(services: Services, visitor: Visitor) -> None:
    """One for each page that opened, without what follows the question mark; people of the municipality leave none."""
    tenant = await make_municipality(services)
    await make_person(services, tenant, email="lia@oim.int", name="Lía Mora", roles=["observer"])
    await make_person(services, tenant)
    await visitor.sign_in("lia@oim.int")
    await visitor.get("/m/temuco/diagnostico/hallazgos?q=secreto")
    await visitor.get("/m/temuco/llaves")
    async with Visitor(services) as rosa:
        await rosa.sign_in("rosa@temuco.cl")
        await rosa.get("/m/temuco/iniciativas")

    async with services.database.transaction(tenant=tenant) as session:
        looks = (await session.scalars(select(OutsiderLook).order_by(OutsiderLook.id))).all()
    assert [(look.path, look.through) for look in looks] == [("diagnostico/hallazgos", "page")]


async def test_an_office_of_the_platform_works_with_a_second_factor(services: Services, visitor: Visitor) -> None:
    """A password alone opens the account page and leads to the second factor; no workspace opens meanwhile."""
    tenant = await make_municipality(services)
    await make_person(services, tenant, email="lia@oim.int", roles=["observer"], offices=["curator"])
    await visitor.sign_in("lia@oim.int")

    inside = await visitor.get("/m/temuco")
    account = await visitor.get("/cuenta")

    assert (inside.status_code, inside.headers.get("location")) == (303, "/cuenta/segundo-factor")
    assert account.status_code == 200


async def test_the_deputy_has_the_office_while_the_mayor_is_away(services: Services, visitor: Visitor) -> None:
    """From the first day to the last, the substitute may approve and the holder only reads; afterwards each is as before."""
    tenant = await make_municipality(services)
    mayor = await make_person(services, tenant, email="alcaldesa@temuco.cl", name="Eliana Huaiquil", roles=["mayor"])
    deputy = await make_person(services, tenant, email="juan@temuco.cl", name="Juan Soto", roles=["extended_member"])
    async with services.database.transaction(tenant=tenant) as session:
        for person, kind, since, until in (
            (mayor, "holder", date(2024, 12, 6), None),
            (deputy, "substitute", date(2026, 11, 23), date(2026, 11, 30)),
        ):
            session.add(
                OfficeTerm(
                    office="alcaldia",
                    title="Alcaldesa",
                    kind=kind,
                    person_id=person.id,
                    name=person.name,
                    since=since,
                    until=until,
                    gives_role="mayor",
                )
            )

    async def roles(email: str, day: int) -> tuple[list[str], str | None]:
        async with services.database.connection() as connection:
            row = (
                await connection.exec_driver_sql(
                    "with c as (select set_config('app.tenant_id', $1, false)) "
                    "select place.* from c, core.person p, core.place_of(p.id, $2, '09101', $3) place where p.email = $4",
                    (
                        str(tenant.id),
                        tenant.id,
                        services.clock.now().replace(month=12 if day < 20 else 11, day=day),
                        email,
                    ),
                )
            ).one()
            await connection.exec_driver_sql("select set_config('app.tenant_id', '', false)")
        return sorted(row.roles), row.acting_for

    assert await roles("juan@temuco.cl", 23) == (["extended_member", "mayor"], "Eliana Huaiquil, Alcaldesa")
    assert await roles("alcaldesa@temuco.cl", 23) == ([], None)
    assert await roles("juan@temuco.cl", 1) == (["extended_member"], None)
    assert await roles("alcaldesa@temuco.cl", 1) == (["mayor"], None)
    await visitor.sign_in("alcaldesa@temuco.cl")
    assert (await visitor.get("/m/temuco")).status_code == 200


async def test_a_session_whose_rights_changed_gets_another_secret(services: Services, visitor: Visitor) -> None:
    """The next page brings it; the old one still opens what the browser was asking for, and a minute later nothing."""
    tenant = await make_municipality(services)
    await make_person(services, tenant)
    await visitor.sign_in("rosa@temuco.cl")
    old = visitor.http.cookies["sesion"]
    async with services.database.transaction() as session:
        (await session.scalars(select(WebSession))).one().renew = True

    await visitor.get("/m/temuco")
    new = visitor.http.cookies["sesion"]

    assert new != old
    async with Visitor(services) as other:
        other.http.cookies.set("sesion", old, domain="acogida.test")
        assert (await other.get("/m/temuco")).status_code == 200
        services.clock.move_to(services.clock.now().replace(minute=2))  # type: ignore[attr-defined]
        assert (await other.get("/m/temuco")).status_code == 303
    assert (await visitor.get("/m/temuco")).status_code == 200
