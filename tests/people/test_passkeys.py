"""Passkeys: made and shown by a device of software, which can also lie."""

import json
import re
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest

from acogida.app.web import create_app
from acogida.app.wiring import Services
from acogida.features.people.actions.passkeys import place_of
from acogida.kernel.clock import FixedClock
from support.authenticator import ORIGIN, Device
from support.make import make_municipality, make_person
from support.visitor import Visitor

WHO = "rosa@temuco.cl"


@pytest.fixture
async def rosa(services: Services) -> AsyncIterator[Visitor]:
    """Rosa of Temuco, signed in on an installation with a name and a safe line, where browsers make passkeys."""
    named = replace(services, settings=replace(services.settings, public_url=ORIGIN))
    await make_person(named, await make_municipality(named))
    async with Visitor(named, create_app(named.settings, named)) as visitor:
        visitor.http.base_url = ORIGIN
        await sign_in(visitor)
        yield visitor


async def send(visitor: Visitor, path: str, **fields: str):
    token = (await visitor.http.get("/ingresar")) and visitor.http.cookies["__Host-csrf"]
    return await visitor.http.post(path, data={**fields, "_csrf_token": token})


async def sign_in(visitor: Visitor) -> None:
    assert (await send(visitor, "/ingresar", email=WHO, password="una clave larga")).status_code == 303


async def options(visitor: Visitor, path: str) -> dict:
    return (await send(visitor, path)).json()


async def add(visitor: Visitor, device: Device):
    asked = await options(visitor, "/cuenta/segundo-factor/llave/opciones")
    return await send(visitor, "/cuenta/segundo-factor/llave", name="Teléfono", credential=device.make(asked))


async def enter(visitor: Visitor, device: Device) -> str:
    asked = await options(visitor, "/ingresar/llave/opciones")
    answer = await send(visitor, "/ingresar/llave", credential=device.sign(asked), siguiente="/m/temuco")
    return answer.headers["location"]


async def test_a_passkey_enters_by_itself_and_counts_as_second_factor(rosa: Visitor) -> None:
    """Added once, it opens a session without address nor password; and from then on a password alone does not."""
    device = Device()

    added = await add(rosa, device)
    page = await rosa.get("/cuenta/segundo-factor")
    rosa.http.cookies.clear()
    place = await enter(rosa, device)
    inside = await rosa.get("/m/temuco")
    account = await rosa.get("/cuenta")
    rosa.http.cookies.clear()
    half = await send(rosa, "/ingresar", email=WHO, password="una clave larga")

    assert len(re.findall(r"<code>", added.text)) == 10
    assert "Teléfono" in page.text
    assert (place, inside.status_code) == ("/m/temuco", 200)
    assert "Llave de acceso" in account.text
    assert half.headers["location"] == "/ingresar/segundo-factor"


async def test_devices_that_lie_are_refused(rosa: Visitor) -> None:
    """A device of another site, one that asked for no finger, one nobody added, and one with another's signature."""
    device = Device()
    await add(rosa, device)
    thief, careless, elsewhere = Device(), Device(verified=False), Device(origin="https://acogida.example")
    for liar in (careless, elsewhere):
        assert (await add(rosa, liar)).status_code == 422
    thief.id = device.id
    unverified = Device(verified=False)
    unverified.id, unverified.key = device.id, device.key

    for liar in (thief, unverified, Device()):
        rosa.http.cookies.clear()
        assert await enter(rosa, liar) == "/ingresar"
        assert "__Host-sesion" not in rosa.http.cookies


async def test_a_challenge_serves_once_and_for_five_minutes(rosa: Visitor, clock: FixedClock) -> None:
    """What was signed for one visit opens no other, and a copied device shows by its counter."""
    device = Device()
    await add(rosa, device)
    asked = await options(rosa, "/ingresar/llave/opciones")
    signed = device.sign(asked)
    challenge = rosa.http.cookies["__Host-desafio"]
    first = await send(rosa, "/ingresar/llave", credential=signed)
    rosa.http.cookies.set("__Host-desafio", challenge, domain="acogida.test")
    again = await send(rosa, "/ingresar/llave", credential=signed)
    device.count = 0
    copied = await enter(rosa, device)
    device.count = 5
    asked = await options(rosa, "/ingresar/llave/opciones")
    clock.move_to(clock.now() + timedelta(minutes=6))
    late = await send(rosa, "/ingresar/llave", credential=device.sign(asked))

    assert first.headers["location"] == "/espacios"
    assert (again.headers["location"], copied, late.headers["location"]) == ("/ingresar",) * 3


@pytest.mark.parametrize(
    "credential", ["", "no es json", "[]", json.dumps({"rawId": 7}), json.dumps({"rawId": "AAAA"})]
)
async def test_nonsense_is_refused_kindly(rosa: Visitor, credential: str) -> None:
    """Whatever is sent in the place of a passkey leads back to the start."""
    await options(rosa, "/ingresar/llave/opciones")

    assert (await send(rosa, "/ingresar/llave", credential=credential)).headers["location"] == "/ingresar"


@pytest.mark.parametrize(
    ("address", "possible"),
    [
        ("https://acogida.cl", True),
        ("http://localhost:8000", True),
        ("http://127.0.0.1:8000", False),
        ("https://10.0.0.4", False),
        ("http://acogida.cl", False),
    ],
)
def test_passkeys_are_offered_where_browsers_make_them(address: str, possible: bool) -> None:
    """On a named site with a safe line, or on this very machine by its name."""
    assert place_of(address).possible is possible
