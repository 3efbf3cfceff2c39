"""Entering and leaving."""

from acogida.app.wiring import Services
from support.make import make_municipality, make_person
from support.visitor import Visitor


async def test_a_member_enters_and_the_cookie_is_new(services: Services, visitor: Visitor) -> None:
    """Signing in gives a session of its own making, never one the browser chose."""
    await make_person(services, await make_municipality(services))
    visitor.http.cookies.set("sesion", "elegida-por-otro", domain="acogida.test")

    await visitor.sign_in("rosa@temuco.cl")

    assert visitor.http.cookies["sesion"] != "elegida-por-otro"


async def test_a_wrong_password_keeps_the_address_and_says_so(services: Services, visitor: Visitor) -> None:
    """What was typed stays, except the password, and the answer does not tell which of the two was wrong."""
    await make_person(services, await make_municipality(services))

    known = await visitor.post("/ingresar", {"email": "rosa@temuco.cl", "password": "otra"})
    unknown = await visitor.post("/ingresar", {"email": "nadie@temuco.cl", "password": "otra"})

    assert known.status_code == unknown.status_code == 422
    assert "no coinciden" in known.text
    assert 'value="rosa@temuco.cl"' in known.text
    assert "no coinciden" in unknown.text


async def test_a_stranger_gets_the_same_answer_as_for_nothing(services: Services, visitor: Visitor) -> None:
    """Somebody of the next municipality sees 404, as for a workspace that does not exist."""
    await make_municipality(services)
    other = await make_municipality(services, cut="13201", name="Puente Alto", slug="puente-alto")
    await make_person(services, other, email="juan@puentealto.cl")
    await visitor.sign_in("juan@puentealto.cl")

    theirs = await visitor.get("/m/temuco")
    nothing = await visitor.get("/m/no-existe")

    assert theirs.status_code == nothing.status_code == 404
