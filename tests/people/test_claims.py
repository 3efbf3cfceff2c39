"""A municipality opens its workspace: by its own mailbox, whole or not at all."""

from datetime import timedelta

import httpx
import pytest
from sqlalchemy import func, select

from acogida.app.wiring import Services
from acogida.features.municipalities.public import Claim, tenant_by_slug
from acogida.features.people.actions.claims import speaks_for
from acogida.features.people.model import Membership, Person
from acogida.features.people.public import members
from acogida.kernel.audit import AuditEntry
from acogida.kernel.clock import FixedClock
from acogida.kernel.tenancy import Tenant
from support.letterbox import last_link, letters_to
from support.make import make_municipality, make_person, work_as
from support.visitor import Visitor

WHO = {"name": "Rosa Painemal", "cargo": "Encargada de Migración", "email": "rosa@temuco.cl", "declaration": "yes"}
PASSWORD = "mate arena nube"
MYSELF = {"password": PASSWORD, "password_again": PASSWORD, "secretary": "me"}
OTHER = {
    **MYSELF,
    "secretary": "other",
    "secretary_name": "Juan Soto",
    "secretary_email": "juan@temuco.cl",
    "secretary_cargo": "Director de Dideco",
}


async def ask(visitor: Visitor, **changes: str) -> httpx.Response:
    return await visitor.post("/comunas/09101/abrir", {**WHO, **changes})


async def open_temuco(services: Services, visitor: Visitor, answers: dict[str, str] = MYSELF) -> httpx.Response:
    await ask(visitor)
    return await visitor.post(await last_link(services, WHO["email"]), answers)


async def temuco(services: Services) -> Tenant:
    async with services.database.transaction(read_only=True) as session:
        found = await tenant_by_slug(session, "temuco")
    assert found
    return found


async def roles_in_temuco(services: Services) -> dict[str, list[str]]:
    async with work_as(services, await temuco(services)) as work:
        return {member.email: list(member.roles) for member in await members(work)}


async def claims(services: Services) -> list[str]:
    async with services.database.transaction(read_only=True) as session:
        return list((await session.scalars(select(Claim.email).order_by(Claim.created_at))).all())


async def test_the_secretary_opens_the_workspace_and_is_inside(services: Services, visitor: Visitor) -> None:
    """Asking, the link, a password: the municipality exists, she runs it, and the browser is signed in."""
    asked = await ask(visitor)
    page = await visitor.get(await last_link(services, WHO["email"]))
    done = await visitor.post(await last_link(services, WHO["email"]), MYSELF)
    inside = await visitor.get("/m/temuco/personas")

    assert asked.headers["location"] == "/comunas/09101/abrir/enviado"
    assert "Último paso, Rosa" in page.text
    assert done.status_code == 303
    assert done.headers["location"] == "/m/temuco"
    assert inside.status_code == 200
    assert await roles_in_temuco(services) == {"rosa@temuco.cl": ["secretary"]}


async def test_the_book_begins_with_who_opened_it(services: Services, visitor: Visitor) -> None:
    """The first entry names the person and the domain of the mailbox."""
    await open_temuco(services, visitor)

    async with work_as(services, await temuco(services)) as work:
        entry = await work.session.scalar(select(AuditEntry).where(AuditEntry.seq == 1))
    assert entry
    assert (entry.tag, entry.actor_name) == ("municipality.opened", "Rosa Painemal")
    assert "temuco.cl" in entry.sentence


async def test_when_somebody_else_is_the_secretary_they_are_invited(services: Services, visitor: Visitor) -> None:
    """Who opened it stays in the executive team; the secretary gets a letter and runs it after accepting."""
    await open_temuco(services, visitor, OTHER)
    async with Visitor(services) as juan:
        accepted = await juan.post(
            await last_link(services, "juan@temuco.cl"),
            {"name": "Juan Soto", "password": "lluvia tambor queso", "password_again": "lluvia tambor queso"},
        )

    assert accepted.headers["location"] == "/m/temuco"
    assert await roles_in_temuco(services) == {
        "rosa@temuco.cl": ["executive_member"],
        "juan@temuco.cl": ["secretary"],
    }


async def test_who_opened_it_may_mend_the_secretarys_invitation(services: Services, visitor: Visitor) -> None:
    """While nobody runs the workspace, its opener may send that invitation again or name another, and nothing more."""
    await open_temuco(services, visitor, OTHER)

    another = await visitor.post(
        "/m/temuco/personas/invitar",
        {"name": "Ana Ríos", "email": "ana@temuco.cl", "cargo": "Encargada", "roles": ["secretary"]},
    )
    mayor = await visitor.post(
        "/m/temuco/personas/invitar",
        {"name": "Luis Vera", "email": "luis@temuco.cl", "cargo": "Alcalde", "roles": ["mayor"]},
    )

    assert another.status_code == 303
    assert mayor.status_code == 403


@pytest.mark.parametrize(
    "address", ["rosa@gmail.com", "rosa@hotmail.com", "rosa@outlook.cl", "rosa@yahoo.es", "Rosa@ICLOUD.com"]
)
async def test_a_personal_mailbox_is_refused_kindly(services: Services, visitor: Visitor, address: str) -> None:
    """The refusal says why and what else to do, keeps what was typed, and sends nothing."""
    answer = await ask(visitor, email=address)

    assert answer.status_code == 422
    assert "puede invitarle a usted" in answer.text
    assert 'value="Rosa Painemal"' in answer.text
    assert await letters_to(services, address.lower()) == []


async def test_a_domain_that_looks_like_another_place_is_asked_about(services: Services, visitor: Visitor) -> None:
    """A mailbox of Puente Alto for Temuco is a slip or a question: ticking the box answers it."""
    slip = await ask(visitor, email="rosa@puentealto.cl")
    meant = await ask(visitor, email="rosa@puentealto.cl", email_confirmed="yes")

    assert slip.status_code == 422
    assert "no se parece al nombre de Temuco" in slip.text
    assert meant.status_code == 303


@pytest.mark.parametrize(
    ("domain", "commune", "alike"),
    [
        ("munitemuco.cl", "Temuco", True),
        ("imtemuco.cl", "Temuco", True),
        ("muni-sanjosedemaipo.cl", "San José de Maipo", True),
        ("sjm.cl", "San José de Maipo", True),
        ("puertomontt.cl", "Puerto Montt", True),
        ("puertovaras.cl", "Puerto Montt", False),
        ("tiltil.cl", "Til Til", True),
        ("santacruz.cl", "Santa Bárbara", False),
        ("gobiernodechile.cl", "Temuco", False),
    ],
)
def test_a_domain_speaks_for_a_commune_by_its_own_words(domain: str, commune: str, alike: bool) -> None:
    """Words that many communes share tell nothing by themselves."""
    assert speaks_for(domain, commune) is alike


async def test_without_declaring_nothing_is_sent(services: Services, visitor: Visitor) -> None:
    """The declaration is a condition; every other fault is told at the same time."""
    answer = await visitor.post("/comunas/09101/abrir", {"email": "no es un correo"})

    assert answer.status_code == 422
    for words in (
        "Para abrir el espacio debe declarar",
        "Escriba un correo completo",
        "Falta completar «Nombre y apellido»",
    ):
        assert words in answer.text


async def test_an_expired_link_can_be_asked_for_again(services: Services, visitor: Visitor, clock: FixedClock) -> None:
    """After 48 hours the link says so and sends another; the first one is then nothing."""
    await ask(visitor)
    old = await last_link(services, WHO["email"])
    clock.move_to(clock.now() + timedelta(hours=49))

    page = await visitor.get(old)
    refused = await visitor.post(old, MYSELF)
    again = await visitor.post(f"{old}/reenviar")
    fresh = await last_link(services, WHO["email"])
    replaced = await visitor.get(old)
    opened = await visitor.post(fresh, MYSELF)

    assert page.status_code == 410
    assert "Enviarme otro enlace" in page.text
    assert refused.status_code == 410
    assert again.headers["location"] == "/comunas/09101/abrir/enviado"
    assert fresh != old
    assert replaced.status_code == 410
    assert opened.headers["location"] == "/m/temuco"


async def test_a_link_works_once(services: Services, visitor: Visitor) -> None:
    """Opened twice, the second time leads to the door of the workspace or says that it is spent."""
    await ask(visitor)
    link = await last_link(services, WHO["email"])
    await visitor.post(link, MYSELF)

    again = await visitor.get(link)

    assert again.status_code == 410
    assert "Ingresar" in again.text


async def test_who_comes_second_is_led_to_ask_for_access(services: Services, visitor: Visitor) -> None:
    """Two people ask; the first opens it; the link of the second leads to the door, and opens nothing."""
    await ask(visitor)
    async with Visitor(services) as second:
        await second.post("/comunas/09101/abrir", {**WHO, "email": "luz@temuco.cl", "name": "Luz Bravo"})
        late = await last_link(services, "luz@temuco.cl")
        await visitor.post(await last_link(services, WHO["email"]), MYSELF)

        page = await second.get(late)
        posted = await second.post(late, MYSELF)
        asking = await second.get("/comunas/09101/abrir")

    for answer in (page, posted, asking):
        assert answer.status_code == 303
        assert answer.headers["location"] == "/m/temuco/solicitar-acceso"
    assert list(await roles_in_temuco(services)) == ["rosa@temuco.cl"]


async def test_a_refusal_leaves_nothing_behind(services: Services, visitor: Visitor) -> None:
    """With an easy password there is no account, no municipality and the link still works."""
    await ask(visitor)
    link = await last_link(services, WHO["email"])

    easy = await visitor.post(link, {**MYSELF, "password": "temuco123456", "password_again": "temuco123456"})
    different = await visitor.post(link, {**MYSELF, "password_again": "otra cosa larga"})
    herself = await visitor.post(link, {**OTHER, "secretary_email": WHO["email"]})
    async with services.database.transaction(read_only=True) as session:
        left = await session.scalar(select(func.count()).select_from(Person))

    assert (easy.status_code, different.status_code, herself.status_code) == (422, 422, 422)
    assert "Es fácil de adivinar" in easy.text
    assert "temuco123456" not in easy.text
    assert left == 0
    assert (await visitor.post(link, MYSELF)).status_code == 303


async def test_who_already_has_an_account_keeps_their_password(services: Services, visitor: Visitor) -> None:
    """An adviser of another commune opens hers: no second account, and both workspaces are reached."""
    other = await make_municipality(services, cut="13201", name="Puente Alto", slug="puente-alto")
    await make_person(services, other, email=WHO["email"])
    await ask(visitor)
    link = await last_link(services, WHO["email"])

    page = await visitor.get(link)
    done = await visitor.post(link, {"secretary": "me"})
    mine = await visitor.get("/espacios")

    assert 'name="password"' not in page.text
    assert done.status_code == 303
    assert "Municipalidad de Puente Alto" in mine.text
    assert "Municipalidad de Temuco" in mine.text


async def test_asking_does_not_tell_who_has_an_account(services: Services, visitor: Visitor) -> None:
    """A known and an unknown address get the same answer."""
    await make_person(services, None, email=WHO["email"])

    known = await ask(visitor)
    unknown = await ask(visitor, email="nadie@temuco.cl")

    assert (known.status_code, known.headers["location"]) == (unknown.status_code, unknown.headers["location"])


async def test_asking_again_and_again_is_stopped(services: Services, visitor: Visitor) -> None:
    """Five letters an hour to one address, and no more."""
    answers = [(await ask(visitor)).status_code for _ in range(6)]

    assert answers == [303] * 5 + [429]
    assert len(await letters_to(services, WHO["email"])) == 5


async def test_claims_that_nobody_confirmed_are_forgotten(
    services: Services, visitor: Visitor, clock: FixedClock
) -> None:
    """A month after its link expired, a claim holds nobody's name any more; until then another link can be sent."""
    await ask(visitor)
    clock.move_to(clock.now() + timedelta(days=31))
    await ask(visitor, email="luz@temuco.cl")
    kept = await claims(services)
    clock.move_to(clock.now() + timedelta(days=2))
    await ask(visitor, email="ana@temuco.cl")

    assert kept == ["rosa@temuco.cl", "luz@temuco.cl"]
    assert await claims(services) == ["luz@temuco.cl", "ana@temuco.cl"]


async def test_a_new_workspace_is_behind_the_wall(services: Services, visitor: Visitor) -> None:
    """What opening wrote belongs to that municipality: another's session sees none of it."""
    await open_temuco(services, visitor)
    other = await make_municipality(services, cut="13201", name="Puente Alto", slug="puente-alto")

    async with work_as(services, other) as work:
        seen = await work.session.scalar(select(func.count()).select_from(Membership))

    assert seen == 0
