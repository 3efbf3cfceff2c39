"""Rights narrowed to a unit, an eje or an initiative: each edits and reports what it was given, and nothing else."""

from collections.abc import Mapping
from uuid import UUID

import pytest

from acogida.app.wiring import Services
from acogida.features.initiatives import store
from acogida.features.initiatives.model import Initiative
from acogida.features.people.actions.members import change
from acogida.features.people.forms import EditMember
from acogida.kernel.errors import Rejected
from acogida.kernel.tenancy import Tenant
from support.make import make_municipality, make_person, make_token, work_as
from support.make_plan import make_axis, make_initiative
from support.visitor import Visitor

WHO = "oscar@temuco.cl"


async def plan(services: Services) -> tuple[Tenant, dict[str, Initiative], UUID]:
    """Four initiatives: of Óscar's unit, of his eje, his by itself, and somebody else's."""
    tenant = await make_municipality(services)
    async with work_as(services, tenant) as work:
        axis, other = await make_axis(work, "Acogida"), await make_axis(work, "Trabajo")
        rows = {
            "unidad": await make_initiative(work, "De su unidad", unit="Oficina de la Niñez", axis_id=other.id),
            "eje": await make_initiative(work, "De su eje", unit="Salud", axis_id=axis.id),
            "propia": await make_initiative(work, "Suya", unit="Salud", axis_id=other.id),
            "ajena": await make_initiative(work, "Ajena", unit="Salud", axis_id=other.id),
        }
    await make_person(
        services,
        tenant,
        email=WHO,
        name="Óscar Leiva",
        roles=["unit_owner"],
        unit="Oficina de la Niñez",
        scope=[f"axis:{axis.id}", f"initiative:{rows['propia'].id}"],
    )
    return tenant, rows, other.id


def fields(row: Initiative, **changes: str) -> Mapping[str, str]:
    return {
        "name": row.name,
        "unit": row.unit,
        "axis_id": str(row.axis_id),
        "version": str(row.version),
        "target": "40 familias",
        **changes,
    }


async def target(services: Services, tenant: Tenant, row: Initiative) -> str:
    async with work_as(services, tenant) as work:
        return (await store.initiative(work, row.id)).target


async def test_the_record_is_edited_by_who_has_it_in_charge(services: Services, visitor: Visitor) -> None:
    """The three of his may be saved; the fourth is read with its fields closed, and saving it is refused."""
    tenant, rows, _ = await plan(services)
    await visitor.sign_in(WHO)

    for name, row in rows.items():
        page = await visitor.get(f"/m/temuco/iniciativas/{row.id}")
        saved = await visitor.post(f"/m/temuco/iniciativas/{row.id}", fields(row))
        allowed = name != "ajena"
        assert ("Guardar iniciativa" in page.text) is allowed, name
        assert saved.status_code == (303 if allowed else 403), name
        assert await target(services, tenant, row) == ("40 familias" if allowed else ""), name


async def test_the_cell_and_the_api_keep_the_same_wall(services: Services, visitor: Visitor) -> None:
    """Whatever the road, what is not his does not change."""
    tenant, rows, _ = await plan(services)
    person = await make_person(
        services, tenant, email="ana@temuco.cl", roles=["unit_owner"], unit="Oficina de la Niñez"
    )
    key = {"authorization": f"Bearer {await make_token(services, tenant, person)}"}
    await visitor.sign_in(WHO)
    cell = {"field": "target", "value": "9", "before": "", "version": 1}
    token = await visitor.csrf()

    for name, expected in (("propia", 200), ("ajena", 403)):
        posted = await visitor.http.post(
            f"/m/temuco/iniciativas/{rows[name].id}/celda", json=cell, headers={"x-csrftoken": token}
        )
        assert posted.status_code == expected, posted.text
    for name, expected in (("unidad", 200), ("eje", 403), ("ajena", 403)):
        patched = await visitor.http.patch(f"/api/v1/m/temuco/iniciativas/{rows[name].id}", json=cell, headers=key)
        assert patched.status_code == expected, patched.text


async def test_nobody_gives_away_or_makes_what_they_may_only_edit(services: Services, visitor: Visitor) -> None:
    """Neither to another unit, nor a new one, nor a copy, nor out of the plan."""
    tenant, rows, _ = await plan(services)
    row = rows["unidad"]
    await visitor.sign_in(WHO)

    given = await visitor.post(f"/m/temuco/iniciativas/{row.id}", fields(row, unit="Salud"))
    answers = [
        (await visitor.post(f"/m/temuco/iniciativas/{place}", {"name": "Otra", "confirmed": "1"})).status_code
        for place in ("nueva", f"{row.id}/duplicar", f"{row.id}/eliminar", f"{row.id}/mover", f"{row.id}/revision")
    ]

    assert given.status_code == 422
    assert "dejaría de estar a su cargo" in given.text
    assert answers == [403] * 5
    assert await target(services, tenant, row) == ""


async def test_progress_is_reported_on_the_same_ones(services: Services, visitor: Visitor) -> None:
    """His page shows his three, and the form of the fourth is not there."""
    _, rows, _ = await plan(services)
    await visitor.sign_in(WHO)

    forms = {name: (await visitor.get(f"/m/temuco/seguimiento/{row.id}")).text for name, row in rows.items()}
    refused = await visitor.post(
        f"/m/temuco/seguimiento/{rows['ajena'].id}",
        {"reported_on": "2026-11-20", "status": "in_progress", "percent": "10", "on_track": "yes"},
    )

    assert {name: 'name="percent"' in text for name, text in forms.items()} == {
        "unidad": True,
        "eje": True,
        "propia": True,
        "ajena": False,
    }
    assert refused.status_code == 403


async def test_what_is_given_must_be_of_the_plan(services: Services) -> None:
    """An eje of nobody is refused beside its field; taking the role away takes what came with it."""
    tenant, _rows, _ = await plan(services)
    async with work_as(services, tenant) as work:
        from acogida.features.people.public import members

        oscar = next(member for member in await members(work) if member.email == WHO)
        with pytest.raises(Rejected) as refused:
            await change(
                work,
                oscar.id,
                EditMember(cargo="Encargado", roles=("unit_owner",), scope=("axis:nada",), version=oscar.version),
            )
    async with work_as(services, tenant) as work:
        row = await change(
            work,
            oscar.id,
            EditMember(cargo="Encargado", roles=("extended_member",), scope=oscar.scope, version=oscar.version),
        )

    assert "scope" in refused.value.fields
    assert row.scope == []
