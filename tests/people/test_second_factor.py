"""Second factors: asked for after the password, each code once, and the way back when the telephone is lost."""

import re
from datetime import timedelta

import pyotp
import pytest
from sqlalchemy import select

from acogida.app.wiring import Services
from acogida.features.people.model import SecondFactor, WebSession
from acogida.kernel.clock import FixedClock
from acogida.kernel.sealing import Sealer, Unsealable
from support.letterbox import letters_to
from support.make import make_municipality, make_person
from support.visitor import Visitor

WHO = "rosa@temuco.cl"


async def secret_of(services: Services) -> str:
    async with services.database.transaction() as session:
        row = (await session.scalars(select(SecondFactor).where(SecondFactor.kind == "totp"))).one()
    return services.sealing.of("second-factor").open(row.secret or b"")


def code(services: Services, secret: str) -> str:
    return pyotp.TOTP(secret).at(services.clock.now())


async def enrol(services: Services, visitor: Visitor) -> tuple[str, list[str]]:
    """Rosa adds an authenticator: its secret and her recovery codes."""
    started = await visitor.post("/cuenta/segundo-factor/aplicacion")
    secret = await secret_of(services)
    page = await visitor.get(started.headers["location"])
    assert "data:image/svg+xml" in page.text
    done = await visitor.post(started.headers["location"], {"code": code(services, secret)})
    return secret, re.findall(r"<code>([a-z2-7]{5}-[a-z2-7]{5})</code>", done.text)


@pytest.fixture
async def rosa(services: Services, visitor: Visitor) -> Visitor:
    """Rosa of Temuco, signed in."""
    await make_person(services, await make_municipality(services))
    await visitor.sign_in(WHO)
    return visitor


async def test_with_an_authenticator_the_password_is_half_the_way(
    services: Services, rosa: Visitor, clock: FixedClock
) -> None:
    """After the password comes the code, and only then the session, where the person was going."""
    secret, codes = await enrol(services, rosa)
    clock.move_to(clock.now() + timedelta(minutes=5))

    async with Visitor(services) as again:
        half = await again.post(
            "/ingresar", {"email": WHO, "password": "una clave larga", "siguiente": "/m/temuco/personas"}
        )
        before = await again.get("/m/temuco")
        page = await again.get("/ingresar/segundo-factor")
        wrong = await again.post("/ingresar/segundo-factor", {"code": "000000"})
        done = await again.post("/ingresar/segundo-factor", {"code": code(services, secret)})
        inside = await again.get("/m/temuco/personas")

    assert half.headers["location"] == "/ingresar/segundo-factor"
    assert before.status_code == 303
    assert WHO in page.text
    assert wrong.status_code == 422
    assert "000000" not in wrong.text
    assert done.headers["location"] == "/m/temuco/personas"
    assert inside.status_code == 200
    assert len(codes) == 10
    assert "Se agregó" in (await letters_to(services, WHO))[-1].text


async def test_a_code_serves_once(services: Services, rosa: Visitor, clock: FixedClock) -> None:
    """Who saw it over a shoulder can't use it, not even within its half minute."""
    secret, _ = await enrol(services, rosa)
    clock.move_to(clock.now() + timedelta(minutes=5))
    now = code(services, secret)
    answers = []
    for _ in range(2):
        async with Visitor(services) as again:
            await again.post("/ingresar", {"email": WHO, "password": "una clave larga"})
            answers.append((await again.post("/ingresar/segundo-factor", {"code": now})).status_code)

    assert answers == [303, 422]


async def test_a_lost_telephone_is_replaced_by_a_recovery_code(services: Services, rosa: Visitor) -> None:
    """Each serves once, its owner is told, and new ones make the old ones useless."""
    _, codes = await enrol(services, rosa)
    answers = []
    for _ in range(2):
        async with Visitor(services) as again:
            await again.post("/ingresar", {"email": WHO, "password": "una clave larga"})
            answers.append((await again.post("/ingresar/segundo-factor", {"code": codes[0].upper()})).status_code)
    page = await rosa.get("/cuenta/segundo-factor")
    fresh = await rosa.post("/cuenta/segundo-factor/codigos")

    assert answers == [303, 422]
    assert "quedan 9" in (await letters_to(services, WHO))[-1].text
    assert "Le quedan 9 códigos" in page.text
    assert codes[1] not in fresh.text
    async with Visitor(services) as again:
        await again.post("/ingresar", {"email": WHO, "password": "una clave larga"})
        assert (await again.post("/ingresar/segundo-factor", {"code": codes[1]})).status_code == 422


async def test_guessing_codes_is_stopped(services: Services, rosa: Visitor) -> None:
    """Ten tries in a quarter of an hour, whichever the browser, and no more."""
    await enrol(services, rosa)
    answers = []
    for _ in range(2):
        async with Visitor(services) as thief:
            await thief.post("/ingresar", {"email": WHO, "password": "una clave larga"})
            answers += [
                (await thief.post("/ingresar/segundo-factor", {"code": "123456"})).status_code for _ in range(5)
            ]

    assert answers == [422] * 9 + [429]


async def test_half_a_sign_in_ends_with_time_and_with_the_password(
    services: Services, rosa: Visitor, clock: FixedClock
) -> None:
    """Ten minutes, or the moment the password changes: then it starts again."""
    secret, _ = await enrol(services, rosa)
    async with Visitor(services) as slow, Visitor(services) as thief:
        for each in (slow, thief):
            await each.post("/ingresar", {"email": WHO, "password": "una clave larga"})
        await rosa.post(
            "/cuenta/contrasena",
            {"password_now": "una clave larga", "password": "mate arena nube", "password_again": "mate arena nube"},
        )
        clock.move_to(clock.now() + timedelta(minutes=2))
        changed = await thief.post("/ingresar/segundo-factor", {"code": code(services, secret)})
        clock.move_to(clock.now() + timedelta(minutes=9))
        late = await slow.get("/ingresar/segundo-factor")

    assert (changed.headers["location"], late.headers["location"]) == ("/ingresar", "/ingresar")


async def test_a_forgotten_password_does_not_skip_the_second_factor(services: Services, rosa: Visitor) -> None:
    """The mailbox is one thing: whoever reads somebody's mail still needs their telephone."""
    await enrol(services, rosa)
    await rosa.post("/recuperar", {"email": WHO})
    link = re.findall(r"/recuperar/\S+", (await letters_to(services, WHO))[-1].text)[0]

    async with Visitor(services) as thief:
        chosen = await thief.post(link, {"password": "mate arena nube", "password_again": "mate arena nube"})

    assert chosen.headers["location"] == "/ingresar/segundo-factor"
    assert "sesion" not in thief.http.cookies


async def test_an_office_enters_its_desk_once_it_has_a_second_factor(services: Services, visitor: Visitor) -> None:
    """The password leads to the page that adds one; with it the work begins, and the last one can't be taken away."""
    await make_person(services, None, email=WHO, offices=["operator"])
    await visitor.sign_in(WHO)

    page = await visitor.get("/cuenta/segundo-factor")
    await enrol(services, visitor)
    after = await visitor.get("/cuenta/segundo-factor")
    factor = re.findall(r"/cuenta/segundo-factor/([0-9a-f-]{36})/quitar", after.text)[0]
    kept = await visitor.post(f"/cuenta/segundo-factor/{factor}/quitar", {"confirmed": "1"})

    assert "exige un segundo factor" in page.text
    assert "exige un segundo factor" not in after.text
    assert kept.headers["location"] == "/cuenta/segundo-factor"
    async with services.database.transaction() as session:
        assert all(row.strong_at for row in await session.scalars(select(WebSession)))
        assert (await session.scalars(select(SecondFactor))).one().confirmed_at is not None


async def test_a_session_without_proof_changes_no_factor(services: Services, rosa: Visitor) -> None:
    """A browser left open before the factor was added can neither take it away nor read its codes."""
    async with Visitor(services) as left_open:
        await left_open.sign_in(WHO)
        await enrol(services, rosa)
        page = await left_open.get("/cuenta/segundo-factor")
        factor = re.findall(r"/cuenta/segundo-factor/([0-9a-f-]{36})/quitar", page.text)[0]
        taken = await left_open.post(f"/cuenta/segundo-factor/{factor}/quitar", {"confirmed": "1"})
        codes = await left_open.post("/cuenta/segundo-factor/codigos")

    assert (taken.status_code, codes.status_code) == (403, 403)


def test_what_is_sealed_opens_with_its_key_its_use_and_in_time() -> None:
    """Another key, another use or a touched seal open nothing."""
    sealed = Sealer("k" * 40, "second-factor").seal("JBSWY3DP")

    assert Sealer("k" * 40, "second-factor").open(sealed) == "JBSWY3DP"
    assert b"JBSWY3DP" not in sealed
    for other, touched in (
        (Sealer("k" * 41, "second-factor"), sealed),
        (Sealer("k" * 40, "claveunica"), sealed),
        (Sealer("k" * 40, "second-factor"), sealed[:-4] + b"AAA="),
    ):
        with pytest.raises(Unsealable):
            other.open(touched)
