"""Who works in a workspace: called, let in, changed and gone."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from acogida.app.wiring import Services
from acogida.features.people.actions import members as acting
from acogida.features.people.forms import EditMember
from acogida.features.people.model import Membership
from acogida.features.people.public import invite, member_names, members
from acogida.features.people.store import unanswered_invitations
from acogida.kernel.audit import AuditEntry
from acogida.kernel.clock import FixedClock
from acogida.kernel.errors import NotAllowed, Rejected, Stale
from acogida.kernel.permissions import rights_of
from acogida.kernel.tenancy import Tenant
from support.letterbox import last_link, letters_to
from support.make import make_municipality, make_person, make_token, work_as
from support.visitor import Visitor

JUAN = {
    "name": "Juan Soto",
    "email": "juan@temuco.cl",
    "cargo": "Director de Dideco",
    "unit": "Dideco",
    "roles": ["president"],
}
CHOSEN = {"name": "Juan Soto", "password": "lluvia tambor queso", "password_again": "lluvia tambor queso"}
ADVISER = {
    "name": "Ana Ríos",
    "email": "ana@uct.cl",
    "cargo": "Académica",
    "roles": ["adviser"],
    "entity": "university",
    "organisation": "Universidad Católica de Temuco",
    "tasks": ["systematise", "write"],
    "until": "2027-03-31",
}


async def team(services: Services, visitor: Visitor, *, roles: tuple[str, ...] = ("secretary",)) -> Tenant:
    """Temuco with Rosa in it, signed in."""
    tenant = await make_municipality(services)
    await make_person(services, tenant, roles=roles)
    await visitor.sign_in("rosa@temuco.cl")
    return tenant


async def membership_id(services: Services, tenant: Tenant, email: str) -> str:
    async with work_as(services, tenant) as work:
        return str(next(member.id for member in await members(work) if member.email == email))


async def test_an_invited_person_chooses_a_password_and_comes_in(services: Services, visitor: Visitor) -> None:
    """The letter has the link; accepting makes the account and opens the workspace with the roles given."""
    tenant = await team(services, visitor)

    sent = await visitor.post("/m/temuco/personas/invitar", JUAN)
    async with Visitor(services) as juan:
        page = await juan.get(await last_link(services, JUAN["email"]))
        accepted = await juan.post(await last_link(services, JUAN["email"]), CHOSEN)
        inside = await juan.get("/m/temuco/personas")

    assert sent.headers["location"] == "/m/temuco/personas"
    assert "Presidente/a del equipo ejecutivo" in page.text
    assert accepted.headers["location"] == "/m/temuco"
    assert inside.status_code == 200
    async with work_as(services, tenant) as work:
        juan_in = next(member for member in await members(work) if member.email == JUAN["email"])
    assert (juan_in.roles, juan_in.cargo, juan_in.unit) == (("president",), "Director de Dideco", "Dideco")


async def test_a_person_with_an_account_accepts_by_signing_in(services: Services, visitor: Visitor) -> None:
    """Nobody but the owner of that mailbox may accept, and their password is not asked anew."""
    await team(services, visitor)
    other = await make_municipality(services, cut="13201", name="Puente Alto", slug="puente-alto")
    await make_person(services, other, email=JUAN["email"], name="Juan Soto")
    await visitor.post("/m/temuco/personas/invitar", JUAN)
    link = await last_link(services, JUAN["email"])

    wrong = await visitor.post(link)
    forced = await visitor.post(link, CHOSEN)
    async with Visitor(services) as juan:
        outside = await juan.get(link)
        await juan.sign_in(JUAN["email"])
        accepted = await juan.post(link)
        both = await juan.get("/espacios")

    assert (wrong.status_code, forced.status_code) == (403, 403)
    assert f"/ingresar?siguiente={link}" in outside.text
    assert accepted.headers["location"] == "/m/temuco"
    assert "Municipalidad de Temuco" in both.text


async def test_an_invitation_ends_by_use_time_or_revocation(
    services: Services, visitor: Visitor, clock: FixedClock
) -> None:
    """A spent link opens nothing and says what to do."""
    tenant = await team(services, visitor)
    links = {}
    for name in ("usada", "anulada", "vencida"):
        await visitor.post("/m/temuco/personas/invitar", {**JUAN, "email": f"{name}@temuco.cl"})
        links[name] = await last_link(services, f"{name}@temuco.cl")
    async with Visitor(services) as somebody:
        await somebody.post(links["usada"], CHOSEN)
    async with work_as(services, tenant) as work:
        revoked = next(row.id for row in await unanswered_invitations(work) if row.email == "anulada@temuco.cl")
    asked = await visitor.post(f"/m/temuco/personas/invitaciones/{revoked}/anular")
    await visitor.post(f"/m/temuco/personas/invitaciones/{revoked}/anular", {"confirmed": "1"})
    clock.move_to(clock.now() + timedelta(days=15))

    async with Visitor(services) as stranger:
        answers = {name: await stranger.get(link) for name, link in links.items()}
        tried = await stranger.post(links["anulada"], CHOSEN)
        nothing = await stranger.get("/m/temuco/invitacion/inventada")

    assert "¿Anular la invitación a Juan Soto?" in asked.text
    for answer in (*answers.values(), tried, nothing):
        assert answer.status_code == 410
        assert "/m/temuco/solicitar-acceso" in answer.text


async def test_an_invitation_sent_again_has_a_new_link(services: Services, visitor: Visitor) -> None:
    """The old link stops working."""
    tenant = await team(services, visitor)
    await visitor.post("/m/temuco/personas/invitar", JUAN)
    old = await last_link(services, JUAN["email"])
    async with work_as(services, tenant) as work:
        row = (await unanswered_invitations(work))[0]

    await visitor.post(f"/m/temuco/personas/invitaciones/{row.id}/reenviar")

    async with Visitor(services) as juan:
        assert (await juan.get(old)).status_code == 410
        assert (await juan.get(await last_link(services, JUAN["email"]))).status_code == 200


async def test_nobody_is_invited_twice(services: Services, visitor: Visitor) -> None:
    """A pending invitation or a place already held is said beside the address."""
    await team(services, visitor)
    await visitor.post("/m/temuco/personas/invitar", JUAN)

    pending = await visitor.post("/m/temuco/personas/invitar", JUAN)
    member = await visitor.post("/m/temuco/personas/invitar", {**JUAN, "email": "ROSA@temuco.cl"})

    assert "Ya tiene una invitación sin responder" in pending.text
    assert "Rosa Painemal ya tiene acceso" in member.text


async def test_every_fault_of_an_invitation_is_told_at_once(services: Services, visitor: Visitor) -> None:
    """An adviser needs a kind of entity, tasks and a term; what was typed stays."""
    await team(services, visitor)

    answer = await visitor.post(
        "/m/temuco/personas/invitar",
        {"name": "Ana Ríos", "email": "ana@uct.cl", "cargo": "Académica", "roles": ["adviser"]},
    )

    assert answer.status_code == 422
    for words in ("Indique a qué tipo de entidad", "Elija al menos una tarea", "tiene plazo: escriba hasta cuándo"):
        assert words in answer.text
    assert 'value="Ana Ríos"' in answer.text


async def test_an_adviser_has_term_tasks_and_counterpart(
    services: Services, visitor: Visitor, clock: FixedClock
) -> None:
    """The list shows who they support from, in what, until when and whose counterpart is the secretary; then it ends."""
    await team(services, visitor)
    await visitor.post("/m/temuco/personas/invitar", ADVISER)

    async with Visitor(services) as ana:
        await ana.post(await last_link(services, "ana@uct.cl"), {**CHOSEN, "name": "Ana Ríos"})
        page = await visitor.get("/m/temuco/personas")
        before = await ana.get("/m/temuco/personas")
        clock.move_to(clock.now() + timedelta(days=131))
        await ana.sign_in("ana@uct.cl", CHOSEN["password"])
        after = await ana.get("/m/temuco/personas")

    for words in (
        "Institución académica, Universidad Católica de Temuco",
        "sistematizar, elaborar documentos",
        "Contraparte: Rosa Painemal",
        "Acceso hasta el 31 de marzo de 2027",
    ):
        assert words in page.text
    assert before.status_code == 200
    assert after.status_code == 404


@pytest.mark.parametrize("role", ["secretary", "president", "executive_member", "mayor"])
async def test_who_supports_from_outside_never_leads(services: Services, visitor: Visitor, role: str) -> None:
    """A role that leads can't be given together with the one of external adviser (guide 02 · 1.2)."""
    await team(services, visitor)

    answer = await visitor.post("/m/temuco/personas/invitar", {**ADVISER, "roles": ["adviser", role]})

    assert answer.status_code == 422
    assert "conducir es de la municipalidad" in answer.text


async def test_only_the_secretary_gives_and_takes_an_advisers_access(services: Services) -> None:
    """The president invites, but neither advisers nor another secretary."""
    tenant = await make_municipality(services)
    rosa = await make_person(services, tenant)
    juan = await make_person(services, tenant, email="juan@temuco.cl", name="Juan Soto", roles=["president"])
    ana = await make_person(services, tenant, email="ana@uct.cl", name="Ana Ríos", roles=["adviser"])
    async with work_as(services, tenant, rosa) as work:
        place = {member.person_id: member.id for member in await members(work)}

    for roles in (["adviser"], ["secretary"], ["councillor", "adviser"]):
        with pytest.raises(NotAllowed):
            async with work_as(services, tenant, juan, roles=["president"]) as work:
                await invite(work, email="x@y.cl", name="X", cargo="Y", roles=roles)
    for whose, role in ((ana.id, "adviser"), (rosa.id, "secretary")):
        with pytest.raises(NotAllowed):
            async with work_as(services, tenant, juan, roles=["president"]) as work:
                await acting.end(work, place[whose])
        term = EditMember(
            cargo="X", roles=(role,), entity="university", tasks=("write",), until=date(2027, 1, 31), version=1
        )
        with pytest.raises(NotAllowed):
            async with work_as(services, tenant, juan, roles=["president"]) as work:
                await acting.change(work, place[whose], term)
    async with work_as(services, tenant, juan, roles=["president"]) as work:
        called = await invite(work, email="x@y.cl", name="X", cargo="Y", roles=["councillor"])

    assert called.invited_by == "Juan Soto"


@pytest.mark.parametrize(
    "right", ["gate:close", "gate:except", "policy:approve", "act:record", "document:publish", "people:invite"]
)
def test_an_adviser_decides_nothing(right: str) -> None:
    """External support never closes, approves, records acts, publishes or calls people in."""
    assert right not in rights_of(["adviser"])


async def test_nobody_raises_themselves(services: Services) -> None:
    """A president can't make themselves secretary."""
    tenant = await make_municipality(services)
    await make_person(services, tenant)
    juan = await make_person(services, tenant, email="juan@temuco.cl", name="Juan Soto", roles=["president"])
    async with work_as(services, tenant) as work:
        place = next(member for member in await members(work) if member.person_id == juan.id)

    with pytest.raises(NotAllowed):
        async with work_as(services, tenant, juan, roles=["president"]) as work:
            await acting.change(
                work, place.id, EditMember(cargo="Director", roles=("president", "secretary"), version=place.version)
            )


async def test_roles_are_changed_and_the_book_says_so(services: Services, visitor: Visitor) -> None:
    """The change is a sentence in the activity, with what was before."""
    tenant = await team(services, visitor)
    await make_person(services, tenant, email="juan@temuco.cl", name="Juan Soto", roles=["extended_member"])
    place = await membership_id(services, tenant, "juan@temuco.cl")

    saved = await visitor.post(
        f"/m/temuco/personas/{place}", {"cargo": "Jefe de Salud", "roles": ["unit_owner", "councillor"], "version": "1"}
    )

    assert saved.status_code == 303
    async with work_as(services, tenant) as work:
        entry = await work.session.scalar(select(AuditEntry).where(AuditEntry.tag == "membership.changed"))
        juan = next(member for member in await members(work) if member.email == "juan@temuco.cl")
    assert juan.roles == ("unit_owner", "councillor")
    assert entry
    assert entry.changes["roles"] == [["extended_member"], ["unit_owner", "councillor"]]
    assert "Juan Soto" in entry.sentence


async def test_two_people_changing_one_person_see_both_versions(services: Services, visitor: Visitor) -> None:
    """Who saves second is shown both and loses nothing."""
    tenant = await team(services, visitor)
    await make_person(services, tenant, email="juan@temuco.cl", name="Juan Soto", roles=["councillor"])
    place = await membership_id(services, tenant, "juan@temuco.cl")
    fields = {"cargo": "Concejal", "roles": ["councillor"], "version": "1"}

    await visitor.post(f"/m/temuco/personas/{place}", {**fields, "cargo": "Concejal, comisión social"})
    second = await visitor.post(f"/m/temuco/personas/{place}", {**fields, "cargo": "Concejal suplente"})

    assert second.status_code == 409
    assert "Concejal, comisión social" in second.text
    assert "Concejal suplente" in second.text


async def test_the_last_secretary_cant_leave(services: Services, visitor: Visitor) -> None:
    """Not by leaving, not by losing the role, not by getting a term; with another secretary, yes."""
    tenant = await team(services, visitor)
    place = await membership_id(services, tenant, "rosa@temuco.cl")
    fields = {"cargo": "Encargada", "roles": ["executive_member"], "version": "1"}

    asked = await visitor.post(f"/m/temuco/personas/{place}/terminar")
    leaving = await visitor.post(f"/m/temuco/personas/{place}/terminar", {"confirmed": "1"})
    still = await visitor.get("/m/temuco/personas")
    demoted = await visitor.post(f"/m/temuco/personas/{place}", fields)
    termed = await visitor.post(
        f"/m/temuco/personas/{place}", {**fields, "roles": ["secretary"], "until": "2027-01-31"}
    )
    await make_person(services, tenant, email="juan@temuco.cl", name="Juan Soto", roles=["secretary"])
    allowed = await visitor.post(f"/m/temuco/personas/{place}/terminar", {"confirmed": "1"})

    assert "¿Dejar este espacio?" in asked.text
    assert leaving.headers["location"] == "/m/temuco/personas"
    assert "Es la única persona" in still.text
    assert "Es la única persona" in demoted.text
    assert "Es la única persona" in termed.text
    assert allowed.headers["location"] == "/espacios"
    assert (await visitor.get("/m/temuco/personas")).status_code == 404


async def test_an_ended_access_closes_the_door_and_the_keys_at_once(services: Services, visitor: Visitor) -> None:
    """The session still lives, but the workspace is as if it did not exist; what they wrote keeps their name."""
    tenant = await team(services, visitor)
    juan = await make_person(services, tenant, email="juan@temuco.cl", name="Juan Soto", roles=["executive_member"])
    key = await make_token(services, tenant, juan)
    place = await membership_id(services, tenant, "juan@temuco.cl")

    async with Visitor(services) as his:
        await his.sign_in("juan@temuco.cl")
        before = await his.get("/m/temuco/personas")
        await visitor.post(f"/m/temuco/personas/{place}/terminar", {"confirmed": "1"})
        after = await his.get("/m/temuco/personas")
        api = await his.http.get("/api/v1/m/temuco/personas", headers={"authorization": f"Bearer {key}"})

    assert (before.status_code, after.status_code, api.status_code) == (200, 404, 401)
    assert "Ya no tienen acceso" in (await visitor.get("/m/temuco/personas")).text
    async with work_as(services, tenant) as work:
        assert (await member_names(work))[juan.id] == "Juan Soto"
        assert juan.id not in [member.person_id for member in await members(work)]
    assert "terminó" in (await letters_to(services, "juan@temuco.cl"))[-1].subject


async def test_who_left_may_be_called_back(services: Services, visitor: Visitor) -> None:
    """The same person comes in again with the new roles and no memory of the old ones."""
    tenant = await team(services, visitor)
    await make_person(services, tenant, email="juan@temuco.cl", name="Juan Soto", roles=["executive_member"])
    await visitor.post(
        f"/m/temuco/personas/{await membership_id(services, tenant, 'juan@temuco.cl')}/terminar", {"confirmed": "1"}
    )
    await visitor.post("/m/temuco/personas/invitar", {**JUAN, "roles": ["councillor"]})

    async with Visitor(services) as his:
        await his.sign_in("juan@temuco.cl")
        await his.post(await last_link(services, "juan@temuco.cl"))
        assert (await his.get("/m/temuco/personas")).status_code == 200

    async with work_as(services, tenant) as work:
        juan = next(member for member in await members(work) if member.email == "juan@temuco.cl")
    assert juan.roles == ("councillor",)


async def test_a_lesser_role_sees_the_list_and_manages_nothing(services: Services, visitor: Visitor) -> None:
    """A councillor reads names without addresses; inviting and changing are refused."""
    tenant = await make_municipality(services)
    rosa = await make_person(services, tenant)
    await make_person(services, tenant, email="luz@temuco.cl", name="Luz Bravo", roles=["councillor"])
    await visitor.sign_in("luz@temuco.cl")
    place = await membership_id(services, tenant, rosa.email)

    page = await visitor.get("/m/temuco/personas")

    assert "Rosa Painemal" in page.text
    assert "rosa@temuco.cl" not in page.text
    assert "Invitar a una persona" not in page.text
    assert (await visitor.get("/m/temuco/personas/invitar")).status_code == 403
    assert (await visitor.get(f"/m/temuco/personas/{place}")).status_code == 403
    assert (await visitor.post("/m/temuco/personas/invitar", JUAN)).status_code == 403
    assert (await visitor.post(f"/m/temuco/personas/{place}/terminar", {"confirmed": "1"})).status_code == 403


async def test_a_stranger_finds_nobody(services: Services, visitor: Visitor) -> None:
    """Somebody of the next municipality gets 404 for people, keys and inviting."""
    tenant = await make_municipality(services)
    rosa = await make_person(services, tenant)
    other = await make_municipality(services, cut="13201", name="Puente Alto", slug="puente-alto")
    await make_person(services, other, email="juan@puentealto.cl")
    place = await membership_id(services, tenant, rosa.email)
    await visitor.sign_in("juan@puentealto.cl")

    for path in ("/m/temuco/personas", f"/m/temuco/personas/{place}", "/m/temuco/llaves", "/m/temuco/personas/invitar"):
        assert (await visitor.get(path)).status_code == 404
    assert (await visitor.get(f"/m/puente-alto/personas/{place}")).status_code == 404


async def test_ones_other_workspaces_never_show_in_this_one(services: Services, visitor: Visitor) -> None:
    """The wall lets a person read their own places everywhere; the list of this workspace holds only this one's."""
    tenant = await team(services, visitor)
    other = await make_municipality(services, cut="13201", name="Puente Alto", slug="puente-alto")
    async with services.database.transaction(tenant=tenant) as session:
        rosa = await session.scalar(select(Membership.person_id))
    async with services.database.transaction(tenant=other) as session:
        session.add(
            Membership(
                person_id=rosa, roles=["adviser"], cargo="Asesora en Puente Alto", since=services.clock.now().date()
            )
        )

    page = await visitor.get("/m/temuco/personas")

    assert page.text.count('class="member"') == 1
    assert "Asesora en Puente Alto" not in page.text


async def test_somebody_asks_for_access_and_is_invited(services: Services, visitor: Visitor) -> None:
    """The request reaches the secretary by mail; inviting from it answers it."""
    await team(services, visitor)
    async with Visitor(services) as luz:
        page = await luz.get("/m/temuco/solicitar-acceso")
        asked = await luz.post(
            "/m/temuco/solicitar-acceso",
            {"name": "Luz Bravo", "email": "luz@temuco.cl", "cargo": "Secplan", "message": "Llevo el PLADECO"},
        )

    listed = await visitor.get("/m/temuco/personas")
    request_id = listed.text.partition("personas/invitar?solicitud=")[2].partition('"')[0]
    form = await visitor.get(f"/m/temuco/personas/invitar?solicitud={request_id}")
    await visitor.post(
        "/m/temuco/personas/invitar",
        {
            "name": "Luz Bravo",
            "email": "luz@temuco.cl",
            "cargo": "Secplan",
            "roles": ["executive_member"],
            "answering": request_id,
        },
    )

    assert page.status_code == 200
    assert asked.headers["location"] == "/comunas/09101"
    assert "Piden acceso" in (await letters_to(services, "rosa@temuco.cl"))[-1].subject
    assert "Llevo el PLADECO" in listed.text
    assert 'value="luz@temuco.cl"' in form.text
    assert "Llevo el PLADECO" not in (await visitor.get("/m/temuco/personas")).text
    assert (await letters_to(services, "luz@temuco.cl"))[-1].subject.startswith("Invitación")


async def test_a_request_for_access_may_be_declined(services: Services, visitor: Visitor) -> None:
    """Who asked is told kindly, and the book says who declined."""
    await team(services, visitor)
    async with Visitor(services) as luz:
        await luz.post(
            "/m/temuco/solicitar-acceso", {"name": "Luz Bravo", "email": "luz@temuco.cl", "cargo": "Secplan"}
        )
        await luz.post(
            "/m/temuco/solicitar-acceso", {"name": "Luz Bravo", "email": "luz@temuco.cl", "cargo": "Secplan"}
        )
    listed = await visitor.get("/m/temuco/personas")
    request_id = listed.text.partition("/personas/solicitudes/")[2].partition("/")[0]

    asked = await visitor.post(f"/m/temuco/personas/solicitudes/{request_id}/rechazar")
    done = await visitor.post(f"/m/temuco/personas/solicitudes/{request_id}/rechazar", {"confirmed": "1"})

    assert listed.text.count("/rechazar") == 1
    assert "¿No dar acceso a Luz Bravo?" in asked.text
    assert done.status_code == 303
    assert len(await letters_to(services, "luz@temuco.cl")) == 1
    assert "Piden acceso" not in (await visitor.get("/m/temuco/personas")).text


async def test_inviting_in_code_is_held_to_the_same_rules(services: Services) -> None:
    """Other rooms that call somebody in get the same refusals, by field."""
    tenant = await make_municipality(services)
    rosa = await make_person(services, tenant)

    for roles, field in ((["inventado"], "roles"), ([], "roles"), (["adviser"], "entity")):
        with pytest.raises(Rejected) as refused:
            async with work_as(services, tenant, rosa) as work:
                await invite(work, email="x@y.cl", name="X", cargo="Y", roles=roles)
        assert field in refused.value.fields
    with pytest.raises(NotAllowed):
        async with work_as(services, tenant, rosa, roles=["councillor"]) as work:
            await invite(work, email="x@y.cl", name="X", cargo="Y", roles=["councillor"])


async def test_a_stale_change_is_refused(services: Services) -> None:
    """The version that was looked at must be the one that stands."""
    tenant = await make_municipality(services)
    rosa = await make_person(services, tenant)
    async with work_as(services, tenant, rosa) as work:
        place = (await members(work))[0]

    with pytest.raises(Stale):
        async with work_as(services, tenant, rosa) as work:
            await acting.change(
                work, place.id, EditMember(cargo="Otra", roles=("secretary",), version=place.version + 1)
            )
