"""ClaveÚnica, against a real OpenID Connect server on this machine."""

import asyncio
import html
import re
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from acogida.adapters.oidc import OpenIdConnect, name_of, run_of
from acogida.app.wiring import Services
from acogida.kernel.errors import NotProven, Unavailable
from support.make import make_municipality, make_person
from support.visitor import Visitor

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")  # of the provider that these tests run
ROSA = {
    "RolUnico": {"numero": 12345678, "DV": "5", "tipo": "RUN"},
    "name": {"nombres": ["ROSA"], "apellidos": ["PAINEMAL"]},
}
WRONG_DIGIT = {"RolUnico": {"numero": 12345678, "DV": "9", "tipo": "RUN"}}


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    """A provider with two citizens: one is Rosa; the RUN of the other has a wrong digit."""
    import oidc_provider_mock as mock

    users = [mock.User(sub="2594", claims=ROSA), mock.User(sub="7", claims=WRONG_DIGIT)]
    with mock.run_server_in_thread(user_claims=users) as server:
        yield f"http://localhost:{server.server_port}"


@pytest.fixture
async def visitor(services: Services, issuer: str) -> AsyncIterator[Visitor]:
    """Somebody at an installation that ClaveÚnica knows."""
    provider = OpenIdConnect(issuer, client_id="acogida", client_secret="secreto")
    async with Visitor(replace(services, identity_provider=provider)) as somebody:
        yield somebody
    await provider.close()


def at_the_provider(url: str, sub: str) -> str:
    """The citizen shows who they are there: where the provider sends the browser back to."""
    return httpx.post(url, data={"sub": sub}).headers["location"]


async def trip(visitor: Visitor, sub: str = "2594", path: str = "/ingresar/claveunica") -> tuple[str, str]:
    """Leaves, proves who they are and comes back: the code and the state that the browser brings."""
    left = await visitor.get(path)
    back = urlsplit(await asyncio.to_thread(at_the_provider, left.headers["location"], sub))
    assert back.path == "/ingresar/claveunica/vuelta"
    page = await visitor.get(f"{back.path}?{back.query}")
    found = {
        name: html.unescape(value) for name, value in re.findall(r'name="(code|state)" value="([^"]+)"', page.text)
    }
    return found["code"], found["state"]


async def come_back(visitor: Visitor, code: str, state: str) -> httpx.Response:
    return await visitor.post("/ingresar/claveunica/vuelta", {"code": code, "state": state})


async def tied(services: Services, visitor: Visitor) -> None:
    """Rosa of Temuco has tied her ClaveÚnica and left."""
    await make_person(services, await make_municipality(services))
    await visitor.sign_in("rosa@temuco.cl")
    done = await come_back(visitor, *await trip(visitor, path="/ingresar/claveunica?vincular=true"))
    assert done.headers["location"] == "/cuenta"
    assert "12345678-5" in (await visitor.get("/cuenta")).text
    await visitor.post("/salir")


async def test_rosa_ties_her_claveunica_and_enters_with_it(services: Services, visitor: Visitor) -> None:
    """Tied once from her account, the next time it is enough: she is where she was going."""
    await tied(services, visitor)
    page = await visitor.get("/ingresar?siguiente=/m/temuco/personas")

    done = await come_back(visitor, *await trip(visitor, path="/ingresar/claveunica?siguiente=/m/temuco/personas"))
    inside = await visitor.get("/m/temuco/personas")
    account = await visitor.get("/cuenta")

    assert "Ingresar con ClaveÚnica" in page.text
    assert done.headers["location"] == "/m/temuco/personas"
    assert inside.status_code == 200
    assert "ClaveÚnica</td>" in account.text


async def test_what_is_asked_is_little_and_tied_to_this_browser(visitor: Visitor) -> None:
    """RUN and name, a code and not a token, PKCE with SHA-256, and a state and a nonce that never repeat."""
    first, second = [
        parse_qs(urlsplit((await visitor.get("/ingresar/claveunica")).headers["location"]).query) for _ in "12"
    ]

    assert first["scope"] == ["openid run name"]
    assert (first["response_type"], first["code_challenge_method"]) == (["code"], ["S256"])
    for name in ("state", "nonce", "code_challenge"):
        assert len(first[name][0]) >= 43
        assert first[name] != second[name]


async def test_an_untied_claveunica_opens_nothing(services: Services, visitor: Visitor) -> None:
    """The page says what to do; no account is made and no session opened."""
    await make_person(services, await make_municipality(services))

    answer = await come_back(visitor, *await trip(visitor))

    assert answer.status_code == 200
    assert "no está vinculada" in answer.text
    assert "sesion" not in visitor.http.cookies


async def test_a_code_serves_once_and_in_the_browser_that_left(services: Services, visitor: Visitor) -> None:
    """Repeated, with another state, or brought by another browser, it opens nothing."""
    await tied(services, visitor)
    code, state = await trip(visitor)
    forged = await come_back(visitor, code, "otro")
    async with Visitor(visitor_services(visitor)) as thief:
        stolen = await come_back(thief, code, state)
    first = await come_back(visitor, code, state)
    await visitor.post("/salir")
    code, state = await trip(visitor)
    await come_back(visitor, code, state)
    left = await visitor.get("/ingresar/claveunica")  # another trip, with the code of before
    state = parse_qs(urlsplit(left.headers["location"]).query)["state"][0]
    again = await come_back(visitor, code, state)

    assert (forged.status_code, stolen.headers["location"], first.status_code) == (403, "/ingresar", 303)
    assert again.status_code == 403


def visitor_services(visitor: Visitor) -> Services:
    return visitor.http._transport.app.state.services  # type: ignore[attr-defined]


async def test_a_run_with_a_wrong_digit_proves_nobody(services: Services, visitor: Visitor) -> None:
    """The check digit is ours to check."""
    answer = await come_back(visitor, *await trip(visitor, sub="7"))

    assert answer.status_code == 403


async def test_one_claveunica_belongs_to_one_account(services: Services, visitor: Visitor) -> None:
    """Tying it to a second account is refused; untied from the first, it may."""
    await tied(services, visitor)
    await make_person(services, None, email="luz@temuco.cl", name="Luz Bravo")
    await visitor.sign_in("luz@temuco.cl")
    await come_back(visitor, *await trip(visitor, path="/ingresar/claveunica?vincular=true"))
    assert "12345678-5" not in (await visitor.get("/cuenta")).text
    await visitor.post("/salir")
    await visitor.sign_in("rosa@temuco.cl")
    await visitor.post("/cuenta/claveunica/desvincular")
    await visitor.post("/salir")
    await visitor.sign_in("luz@temuco.cl")

    await come_back(visitor, *await trip(visitor, path="/ingresar/claveunica?vincular=true"))

    assert "12345678-5" in (await visitor.get("/cuenta")).text


async def test_who_changes_their_mind_goes_back_to_the_start(visitor: Visitor) -> None:
    """Denied there, or without anything in the hands: the start, with a word."""
    denied = await visitor.get("/ingresar/claveunica/vuelta?error=access_denied&state=x")

    assert denied.headers["location"] == "/ingresar"


async def test_without_claveunica_there_is_no_door(services: Services) -> None:
    """Where the operator set nothing up, neither the button nor the way exist."""
    async with Visitor(services) as visitor:
        page = await visitor.get("/ingresar")
        door = await visitor.get("/ingresar/claveunica")

    assert "ClaveÚnica" not in page.text
    assert door.status_code == 404


# --- The answers of a provider that lies, at the level of the adapter


@pytest.fixture
async def provider(issuer: str) -> AsyncIterator[OpenIdConnect]:
    made = OpenIdConnect(issuer, client_id="acogida", client_secret="secreto")
    yield made
    await made.close()


BACK = "http://acogida.test/ingresar/claveunica/vuelta"


async def code_of(provider: OpenIdConnect) -> tuple[str, object]:
    left = await provider.start(BACK)
    back = await asyncio.to_thread(at_the_provider, left.url, "2594")
    return parse_qs(urlsplit(back).query)["code"][0], left


async def test_the_token_must_be_ours_and_of_this_trip(provider: OpenIdConnect, issuer: str) -> None:
    """Another nonce, another client, another key or another issuer's name prove nobody."""
    code, left = await code_of(provider)
    with pytest.raises(NotProven):
        await provider.finish(code, BACK, nonce="otro", verifier=left.verifier)

    other = OpenIdConnect(issuer, client_id="otra", client_secret="secreto")
    code, left = await code_of(other)
    other._client_id = "acogida"
    with pytest.raises(NotProven):
        await other.finish(code, BACK, nonce=left.nonce, verifier=left.verifier)
    await other.close()

    code, left = await code_of(provider)
    other_key = OpenIdConnect(issuer, client_id="acogida", client_secret="secreto")
    await other_key._discover()
    other_key._metadata["jwks_uri"] = f"{issuer}/.well-known/openid-configuration"
    with pytest.raises((NotProven, Exception)):
        await other_key.finish(code, BACK, nonce=left.nonce, verifier=left.verifier)
    await other_key.close()

    impostor = OpenIdConnect(issuer.replace("localhost", "127.0.0.1"), client_id="acogida", client_secret="secreto")
    impostor._http = httpx.AsyncClient(headers={"host": "otro.example"})
    with pytest.raises(Unavailable):
        await impostor.start(BACK)
    await impostor.close()


async def test_a_provider_that_is_down_is_told_kindly() -> None:
    """Nothing listens there: the person is told to enter otherwise."""
    nobody = OpenIdConnect("http://127.0.0.1:9", client_id="acogida", client_secret="secreto")
    with pytest.raises(Unavailable):
        await nobody.start(BACK)
    await nobody.close()


@pytest.mark.parametrize(
    ("told", "run"),
    [
        ({"RolUnico": {"numero": 12345678, "DV": "5"}}, "12345678-5"),
        ({"RolUnico": {"numero": "10000013", "DV": "K"}}, "10000013-K"),
        ({"sub": "12.345.678-5"}, "12345678-5"),
    ],
)
def test_a_run_is_read_as_it_is_told(told: dict, run: str) -> None:
    """In its parts, as ClaveÚnica does, or as the subject."""
    assert run_of(told) == run


def test_a_name_is_read_in_its_parts() -> None:
    """Names and surnames, or one text, or nothing."""
    assert name_of(ROSA) == "Rosa Painemal"
    assert name_of({"name": "Rosa Painemal"}) == "Rosa Painemal"
    assert name_of({}) == ""
