"""Claims that do not open at once: a code of the municipality, the regional office, rivals, and people who left."""

from datetime import timedelta

import httpx
import pyotp
import pytest
from sqlalchemy import select

from acogida.app.settings import CHECKOUT
from acogida.app.wiring import Services
from acogida.features.communes.catalogue import _read
from acogida.features.municipalities.known import STATES, known_of
from acogida.features.municipalities.public import Claim, ClaimPaper
from acogida.features.people.model import Person, PlatformEntry, SecondFactor
from acogida.features.people.public import members
from acogida.kernel.audit import AuditEntry
from acogida.kernel.clock import FixedClock
from acogida.kernel.db import new_id
from support.letterbox import last_link, letters_to
from support.make import make_municipality, make_person, work_as
from support.visitor import Visitor

PDF = b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
ANGOL = {"name": "Luz Bravo", "cargo": "Encargada de Migración", "email": "luz@angol.cl", "declaration": "yes"}
MYSELF = {"password": "mate arena nube", "password_again": "mate arena nube", "secretary": "me"}


async def officer(
    services: Services, visitor: Visitor, *, email: str = "oficina@sermig.cl", region: str = "09"
) -> Person:
    """An officer of Sermig, signed in with both factors."""
    person = await make_person(
        services,
        None,
        email=email,
        name="Rodrigo Melillán",
        offices=["sermig_regional" if region else "sermig_national"],
        region=region,
    )
    secret, now = pyotp.random_base32(), services.clock.now()
    sealed = services.sealing.of("second-factor").seal(secret)
    async with services.database.transaction() as session:
        session.add(
            SecondFactor(
                id=new_id(), person_id=person.id, kind="totp", name="T", secret=sealed, created_at=now, confirmed_at=now
            )
        )
    await visitor.post("/ingresar", {"email": email, "password": "una clave larga"})
    done = await visitor.post("/ingresar/segundo-factor", {"code": pyotp.TOTP(secret).at(now)})
    assert done.status_code == 303
    return person


async def ask(services: Services, visitor: Visitor, cut: str = "09201", **changes: str) -> str:
    wanted = {**ANGOL, **changes}
    answer = await visitor.post(f"/comunas/{cut}/abrir", wanted)
    assert answer.status_code == 303, answer.text
    return await last_link(services, wanted["email"])


async def submit(visitor: Visitor, link: str, content: bytes = PDF, name: str = "decreto.pdf") -> httpx.Response:
    return await visitor.post(
        f"{link}/documento", {"message": "Subrogo desde enero."}, files={"paper": (name, content, "application/pdf")}
    )


async def claim_id(services: Services, email: str = ANGOL["email"]) -> str:
    async with services.database.transaction() as session:
        return str(await session.scalar(select(Claim.id).where(Claim.email == email).order_by(Claim.id.desc())))


async def test_a_municipality_outside_the_list_waits_for_its_regional_office(
    services: Services, visitor: Visitor
) -> None:
    """The mailbox answers, the act of appointment goes up, the office approves, and the new link opens the workspace."""
    async with Visitor(services) as sermig:
        await officer(services, sermig)
        link = await ask(services, visitor)
        page = await visitor.get(link)
        forced = await visitor.post(link, MYSELF)
        await submit(visitor, link)
        waiting = await visitor.get(link)
        told = await letters_to(services, "oficina@sermig.cl")
        desk = await sermig.get("/sermig/solicitudes")
        one = await sermig.get(f"/sermig/solicitudes/{await claim_id(services)}")
        paper = await sermig.get(f"/sermig/solicitudes/{await claim_id(services)}/documento")
        await sermig.post(f"/sermig/solicitudes/{await claim_id(services)}/aprobar")
    spent = await visitor.get(link)
    opened = await visitor.post(await last_link(services, ANGOL["email"]), MYSELF)

    assert "comprueba que usted trabaja en ella" in page.text
    assert forced.status_code == 200 and "/m/" not in forced.headers.get("location", "")
    assert "en revisión" in waiting.text
    assert "Angol" in told[-1].subject
    assert "Luz Bravo" in desk.text
    assert "Subrogo desde enero." in one.text
    assert paper.content == PDF
    assert spent.status_code == 410
    assert opened.headers["location"] == "/m/angol"
    async with services.database.transaction() as session:
        assert [row.tag for row in await session.scalars(select(PlatformEntry))] == ["claim.approved"]


async def test_the_book_says_who_approved_it(services: Services, visitor: Visitor) -> None:
    """The first entry of a workspace that waited names the officer."""
    async with Visitor(services) as sermig:
        await officer(services, sermig)
        await submit(visitor, await ask(services, visitor))
        await sermig.post(f"/sermig/solicitudes/{await claim_id(services)}/aprobar")
    await visitor.post(await last_link(services, ANGOL["email"]), MYSELF)
    async with services.database.transaction() as session:
        from acogida.features.municipalities.public import tenant_by_slug

        tenant = await tenant_by_slug(session, "angol")
    assert tenant
    async with work_as(services, tenant) as work:
        entry = await work.session.scalar(select(AuditEntry).where(AuditEntry.seq == 1))
    assert entry and "Rodrigo Melillán, Sermig" in entry.sentence


async def test_a_refusal_says_why_and_how_to_go_on(services: Services, visitor: Visitor) -> None:
    """The reason is needed; the claimant reads it in the mail and behind the link, and may ask again."""
    async with Visitor(services) as sermig:
        await officer(services, sermig)
        link = await ask(services, visitor)
        await submit(visitor, link)
        mute = await sermig.post(f"/sermig/solicitudes/{await claim_id(services)}/rechazar")
        await sermig.post(
            f"/sermig/solicitudes/{await claim_id(services)}/rechazar", {"reason": "El contrato venció en marzo."}
        )
        twice = await sermig.post(f"/sermig/solicitudes/{await claim_id(services)}/aprobar")
    page = await visitor.get(link)

    assert mute.status_code == 422
    assert twice.headers["location"] == "/sermig/solicitudes"
    assert "El contrato venció en marzo." in (await letters_to(services, ANGOL["email"]))[-1].text
    assert "El contrato venció en marzo." in page.text
    assert "Volver a pedirlo" in page.text
    assert await ask(services, visitor) != link


async def test_an_office_sees_its_region_and_nothing_else(services: Services, visitor: Visitor) -> None:
    """Neither the list, nor a claim, nor its paper, nor what is known of communes elsewhere; the national one sees all."""
    await submit(visitor, await ask(services, visitor))
    which = await claim_id(services)
    async with Visitor(services) as other, Visitor(services) as national, Visitor(services) as stranger:
        await officer(services, other, email="coquimbo@sermig.cl", region="04")
        await officer(services, national, email="nacional@sermig.cl", region="")
        await make_person(services, None, email="nadie@temuco.cl")
        await stranger.sign_in("nadie@temuco.cl")
        desk = await other.get("/sermig/solicitudes")
        for somebody in (other, stranger):
            for path in (which, f"{which}/documento"):
                assert (await somebody.get(f"/sermig/solicitudes/{path}")).status_code == 404
            assert (await somebody.post(f"/sermig/solicitudes/{which}/aprobar")).status_code == 404
            assert (await somebody.get("/sermig/municipalidades/09201")).status_code == 404
        seen = await national.get("/sermig/solicitudes")

    assert "Luz Bravo" not in desk.text
    assert "Luz Bravo" in seen.text


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"<html>hola</html>", "PDF, o una foto"),
        (b"", "Suba su acto de nombramiento"),
        (PDF + bytes(5_000_001), "más liviano"),
    ],
    ids=["no es un documento", "vacío", "enorme"],
)
async def test_a_paper_that_is_none_is_refused(
    services: Services, visitor: Visitor, content: bytes, words: str
) -> None:
    """What was typed stays, and the office is not bothered."""
    link = await ask(services, visitor)

    answer = await submit(visitor, link, content)

    assert answer.status_code == 422
    assert words in answer.text
    assert "Subrogo desde enero." in answer.text
    async with services.database.transaction() as session:
        assert (await session.scalars(select(ClaimPaper))).all() == []


async def test_of_two_rivals_the_office_sees_both_and_the_other_is_told(services: Services, visitor: Visitor) -> None:
    """Approving one closes the other, with a letter and a page that say how to go on."""
    async with Visitor(services) as rival, Visitor(services) as sermig:
        await officer(services, sermig)
        await submit(visitor, await ask(services, visitor))
        theirs = await ask(services, rival, name="Juan Soto", email="juan@angol.cl")
        await submit(rival, theirs)
        page = await sermig.get(f"/sermig/solicitudes/{await claim_id(services)}")
        await sermig.post(f"/sermig/solicitudes/{await claim_id(services)}/aprobar")
        lost = await rival.get(theirs)

    assert "Juan Soto" in page.text
    assert "Otra persona abre el espacio" in lost.text
    assert "otra persona" in (await letters_to(services, "juan@angol.cl"))[-1].text


async def test_an_unknown_domain_shows_a_code_of_the_municipality(services: Services, visitor: Visitor) -> None:
    """Temuco publishes a mailbox: who has its code is recognised by it, and the workspace opens."""
    link = await ask(services, visitor, "09101", email="luz@munitemuco.cl")
    page = await visitor.get(link)
    await visitor.post(f"{link}/enviar-codigo")
    letter = (await letters_to(services, "munitco@temuco.cl"))[-1].text
    code = next(word for word in letter.split() if len(word) == 9 and word[4] == "-")
    wrong = await visitor.post(f"{link}/codigo", {"code": "AAAA-AAAA"})
    right = await visitor.post(f"{link}/codigo", {"code": code.lower()})
    opened = await visitor.post(link, MYSELF)

    assert "munitco@temuco.cl" in page.text
    assert "luz@munitemuco.cl" in letter
    assert (wrong.status_code, right.status_code) == (303, 303)
    assert opened.headers["location"] == "/m/temuco"


async def test_a_code_is_not_guessed(services: Services, visitor: Visitor, clock: FixedClock) -> None:
    """Five tries, a week, and six letters a day; afterwards another is asked for."""
    link = await ask(services, visitor, "09101", email="luz@munitemuco.cl")
    await visitor.post(f"{link}/enviar-codigo")
    tries = [(await visitor.post(f"{link}/codigo", {"code": "AAAA-AAAA"})).status_code for _ in range(6)]
    letters = [(await visitor.post(f"{link}/enviar-codigo")).status_code for _ in range(6)]

    assert tries == [303] * 5 + [422]
    assert letters == [303] * 5 + [429]


async def test_what_sermig_adds_opens_the_door(services: Services, visitor: Visitor) -> None:
    """A domain and the list of the Sello, added by the office: the next claim opens at once. A free mail is no domain."""
    async with Visitor(services) as sermig:
        await officer(services, sermig)
        free = await sermig.post("/sermig/municipalidades/09201", {"domains": "gmail.com", "recognised": "yes"})
        odd = await sermig.post("/sermig/municipalidades/09201", {"domains": "no es un dominio!"})
        await sermig.post("/sermig/municipalidades/09201", {"domains": "muniangol.cl", "recognised": "yes"})
    link = await ask(services, visitor, email="luz@correo.muniangol.cl")

    opened = await visitor.post(link, MYSELF)

    assert (free.status_code, odd.status_code) == (422, 422)
    assert opened.headers["location"] == "/m/angol"


async def test_a_workspace_whose_people_left_is_given_back(services: Services, visitor: Visitor) -> None:
    """Nobody answers in it: with the office's approval the new secretary comes in, and those of before are told."""
    tenant = await make_municipality(services)
    await make_person(services, tenant, email="seFue@temuco.cl".lower(), name="Se Fue")
    asked = await visitor.post("/comunas/09101/recuperar-espacio", {**ANGOL, "email": "luz@temuco.cl"})
    link = await last_link(services, "luz@temuco.cl")
    at_once = await visitor.get(link)
    await submit(visitor, link)
    async with Visitor(services) as sermig:
        await officer(services, sermig)
        await sermig.post(f"/sermig/solicitudes/{await claim_id(services, 'luz@temuco.cl')}/aprobar")
    entered = await visitor.post(await last_link(services, "luz@temuco.cl"), MYSELF)
    inside = await visitor.get("/m/temuco/personas")

    assert asked.headers["location"] == "/comunas/09101/recuperar-espacio/enviado"
    assert "oficina regional" in at_once.text
    assert entered.headers["location"] == "/m/temuco"
    assert inside.status_code == 200
    assert "asumió la secretaría" in (await letters_to(services, "sefue@temuco.cl"))[-1].text
    async with work_as(services, tenant) as work:
        assert {m.email: m.roles for m in await members(work)} == {
            "sefue@temuco.cl": ("secretary",),
            "luz@temuco.cl": ("secretary",),
        }


async def test_a_link_approved_and_forgotten_is_sent_again(
    services: Services, visitor: Visitor, clock: FixedClock
) -> None:
    """After two weeks it says so and mails another; the approval stands."""
    async with Visitor(services) as sermig:
        await officer(services, sermig)
        await submit(visitor, await ask(services, visitor))
        await sermig.post(f"/sermig/solicitudes/{await claim_id(services)}/aprobar")
    old = await last_link(services, ANGOL["email"])
    clock.move_to(clock.now() + timedelta(days=15))

    page = await visitor.get(old)
    await visitor.post(f"{old}/reenviar")
    opened = await visitor.post(await last_link(services, ANGOL["email"]), MYSELF)

    assert page.status_code == 410
    assert opened.headers["location"] == "/m/angol"


async def test_what_the_catalogue_knows_is_of_municipalities_that_exist(services: Services) -> None:
    """Every row has a commune with a municipality, every state a meaning, no domain belongs to two or to everybody."""
    from acogida.features.people.actions.claims import FREE_MAIL

    folder = CHECKOUT / "catalogue" / "territory"
    seats = {row["cut"]: row["name"] for row in _read(folder / "communes.csv") if row["cut"] == row["municipality_cut"]}
    domains = list(_read(folder / "municipal_domains.csv"))
    for name in ("municipal_domains", "municipal_addresses", "sello_migrante"):
        for row in _read(folder / f"{name}.csv"):
            assert seats[row["cut"]] == row["name"]
    assert {row["state"] for row in _read(folder / "sello_migrante.csv")} <= STATES.keys()
    assert len({row["domain"] for row in domains}) == len(domains) > 300
    assert {row["domain"] for row in domains} & FREE_MAIL == set()
    async with services.database.transaction() as session:
        nothing = await known_of(session, services.settings.catalogue, "07401")
    assert (nothing.domains, nothing.recognised) == (frozenset(), "")
