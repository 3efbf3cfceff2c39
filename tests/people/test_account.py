"""An account: a forgotten password, its name, its password and its sessions."""

from datetime import timedelta

import pytest

from acogida.app.wiring import Services
from acogida.features.people.browsers import describe
from acogida.features.people.passwords import fault_of, is_leaked
from acogida.kernel.clock import FixedClock
from support.letterbox import last_link, letters_to
from support.make import PASSWORD, make_municipality, make_person
from support.visitor import Visitor

NEW = "lluvia tambor queso"
CHOSEN = {"password": NEW, "password_again": NEW}


async def test_a_forgotten_password_is_chosen_again_by_mail(services: Services, visitor: Visitor) -> None:
    """The link opens once; the new password works, the old one does not, and other sessions are closed."""
    await make_person(services, await make_municipality(services))
    async with Visitor(services) as elsewhere:
        await elsewhere.sign_in("rosa@temuco.cl")

        await visitor.post("/recuperar", {"email": "Rosa@temuco.cl"})
        link = await last_link(services, "rosa@temuco.cl")
        page = await visitor.get(link)
        chosen = await visitor.post(link, CHOSEN)
        inside = await visitor.get("/cuenta")
        again = await visitor.post(link, CHOSEN)
        closed = await elsewhere.get("/cuenta")
    async with Visitor(services) as later:
        old = await later.post("/ingresar", {"email": "rosa@temuco.cl", "password": PASSWORD})
        await later.sign_in("rosa@temuco.cl", NEW)

    assert "rosa@temuco.cl" in page.text
    assert chosen.headers["location"] == "/espacios"
    assert inside.status_code == 200
    assert again.status_code == 410
    assert closed.status_code == 303
    assert old.status_code == 422
    assert "cambió" in (await letters_to(services, "rosa@temuco.cl"))[-1].subject


async def test_recovering_does_not_tell_who_has_an_account(services: Services, visitor: Visitor) -> None:
    """Known and unknown addresses get the same answer; only the known one gets a letter."""
    await make_person(services, None)

    known = await visitor.post("/recuperar", {"email": "rosa@temuco.cl"})
    unknown = await visitor.post("/recuperar", {"email": "nadie@temuco.cl"})

    assert (known.status_code, known.headers["location"]) == (unknown.status_code, unknown.headers["location"])
    assert len(await letters_to(services, "rosa@temuco.cl")) == 1
    assert await letters_to(services, "nadie@temuco.cl") == []


async def test_a_link_to_recover_lasts_two_hours_and_the_newest_counts(
    services: Services, visitor: Visitor, clock: FixedClock
) -> None:
    """An older link dies when another is asked for; the newer one dies with time."""
    await make_person(services, None)
    await visitor.post("/recuperar", {"email": "rosa@temuco.cl"})
    old = await last_link(services, "rosa@temuco.cl")
    await visitor.post("/recuperar", {"email": "rosa@temuco.cl"})
    newer = await last_link(services, "rosa@temuco.cl")

    replaced = await visitor.get(old)
    clock.move_to(clock.now() + timedelta(hours=2, minutes=1))
    expired = await visitor.post(newer, CHOSEN)

    assert (replaced.status_code, expired.status_code) == (410, 410)
    assert "Pida uno" in expired.text


async def test_asking_to_recover_is_limited(services: Services, visitor: Visitor) -> None:
    """Five an hour for one address."""
    answers = [(await visitor.post("/recuperar", {"email": "rosa@temuco.cl"})).status_code for _ in range(6)]

    assert answers == [303] * 5 + [429]


async def test_the_name_is_changed_everywhere(services: Services, visitor: Visitor) -> None:
    """The new name is in the frame of the next page."""
    await make_person(services, await make_municipality(services))
    await visitor.sign_in("rosa@temuco.cl")

    saved = await visitor.post("/cuenta/nombre", {"name": "Rosa Painemal Huenchumilla"})
    empty = await visitor.post("/cuenta/nombre", {"name": " "})

    assert saved.status_code == 303
    assert empty.status_code == 422
    assert "Rosa Painemal Huenchumilla" in (await visitor.get("/cuenta")).text


async def test_changing_the_password_asks_for_the_one_in_use(services: Services, visitor: Visitor) -> None:
    """It closes every other browser and keeps this one."""
    await make_person(services, await make_municipality(services))
    await visitor.sign_in("rosa@temuco.cl")
    async with Visitor(services) as elsewhere:
        await elsewhere.sign_in("rosa@temuco.cl")

        wrong = await visitor.post("/cuenta/contrasena", {"password_now": "no es", **CHOSEN})
        easy = await visitor.post(
            "/cuenta/contrasena",
            {"password_now": PASSWORD, "password": "rosa@temuco.cl", "password_again": "rosa@temuco.cl"},
        )
        done = await visitor.post("/cuenta/contrasena", {"password_now": PASSWORD, **CHOSEN})

        assert (await visitor.get("/cuenta")).status_code == 200
        assert (await elsewhere.get("/cuenta")).status_code == 303
    assert "No es su contraseña actual" in wrong.text
    assert "Es fácil de adivinar" in easy.text
    assert PASSWORD not in easy.text
    assert done.status_code == 303


async def test_sessions_are_listed_and_closed_one_by_one(services: Services, visitor: Visitor) -> None:
    """Each shows its browser; closing one leaves the others, and nobody closes another person's."""
    await make_person(services, await make_municipality(services))
    visitor.http.headers["user-agent"] = "Mozilla/5.0 (Windows NT 10.0) Gecko/20100101 Firefox/132.0"
    await visitor.sign_in("rosa@temuco.cl")
    async with Visitor(services) as phone, Visitor(services) as juan:
        phone.http.headers["user-agent"] = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) Safari/604.1"
        await phone.sign_in("rosa@temuco.cl")
        await make_person(services, None, email="juan@temuco.cl")
        await juan.sign_in("juan@temuco.cl")

        page = await visitor.get("/cuenta")
        other = (
            page.text.partition("/cuenta/sesiones/cerrar-otras")[2].partition("/cuenta/sesiones/")[2].partition("/")[0]
        )
        stranger = await juan.post(f"/cuenta/sesiones/{other}/cerrar")
        still = await phone.get("/cuenta")
        await visitor.post(f"/cuenta/sesiones/{other}/cerrar")
        gone = await phone.get("/cuenta")

    assert "Firefox en Windows" in page.text
    assert "Safari en iPhone" in page.text
    assert page.text.count("Este navegador") == 1
    assert (stranger.status_code, still.status_code, gone.status_code) == (404, 200, 303)


async def test_the_others_are_closed_at_once(services: Services, visitor: Visitor) -> None:
    """One button closes every other browser."""
    await make_person(services, None)
    await visitor.sign_in("rosa@temuco.cl")
    async with Visitor(services) as one, Visitor(services) as two:
        await one.sign_in("rosa@temuco.cl")
        await two.sign_in("rosa@temuco.cl")

        await visitor.post("/cuenta/sesiones/cerrar-otras")

        assert [(await each.get("/cuenta")).status_code for each in (visitor, one, two)] == [200, 303, 303]


async def test_one_workspace_opens_by_itself_and_several_are_chosen(services: Services, visitor: Visitor) -> None:
    """`/espacios` leads into the only one, lists several, and teaches when there is none."""
    tenant = await make_municipality(services)
    person = await make_person(services, tenant)
    await make_person(services, None, email="nadie@temuco.cl")
    await visitor.sign_in("rosa@temuco.cl")

    only = await visitor.get("/espacios")
    other = await make_municipality(services, cut="13201", name="Puente Alto", slug="puente-alto")
    async with services.database.transaction(tenant=other) as session:
        from acogida.features.people.model import Membership

        session.add(
            Membership(person_id=person.id, roles=["councillor"], cargo="Concejala", since=services.clock.now().date())
        )
    several = await visitor.get("/espacios")
    async with Visitor(services) as nobody:
        await nobody.sign_in("nadie@temuco.cl")
        none = await nobody.get("/espacios")

    assert only.headers["location"] == "/m/temuco"
    assert "Municipalidad de Puente Alto" in several.text
    assert "Todavía no tiene un espacio" in none.text


async def test_leaving_takes_a_button(services: Services, visitor: Visitor) -> None:
    """The page of leaving leaves the session as it is; its button ends it."""
    await make_person(services, None)
    await visitor.sign_in("rosa@temuco.cl")

    page = await visitor.get("/salir")
    still = await visitor.get("/cuenta")
    await visitor.post("/salir")

    assert "Salir de Acogida" in page.text
    assert still.status_code == 200
    assert (await visitor.get("/cuenta")).status_code == 303


@pytest.mark.parametrize("target", ["//malo.cl", "/\\malo.cl", "https://malo.cl", "/\t/malo.cl", "javascript:alert(1)"])
async def test_entering_never_leads_out_of_the_site(services: Services, visitor: Visitor, target: str) -> None:
    """Where to go next is a path of this site or the list of workspaces."""
    await make_person(services, None)

    answer = await visitor.post("/ingresar", {"email": "rosa@temuco.cl", "password": PASSWORD, "siguiente": target})

    assert answer.headers["location"] == "/espacios"


@pytest.mark.parametrize(
    "password",
    [
        "corta",
        "aaaaaaaaaaaaaa",
        "123456789012",
        "password1234",
        "Contraseña2026",
        "P@ssw0rd1234!",
        "qwertyuiop12",
        "Municipalidad2026!",
        "temuco123456",
        "temucotemuco",
        "rosa@temuco.cl",
        "RosaPainemal1",
    ],
)
def test_what_anybody_would_guess_is_no_password(password: str) -> None:
    """Short, usual, repeated, or made of what anybody knows about the person."""
    assert fault_of(password, known=("rosa@temuco.cl", "Rosa Painemal", "Temuco"))


@pytest.mark.parametrize(
    "password", ["mate arena nube", "una clave larga", "Xk3!s9Zq7#Lw", "el perro come pan", "ñandú tejado violín"]
)
def test_words_that_do_not_go_together_are_a_password(password: str) -> None:
    """Nothing is asked of capitals, figures or signs."""
    assert fault_of(password, known=("rosa@temuco.cl", "Rosa Painemal", "Temuco")) is None


def test_a_browser_is_named_as_its_owner_knows_it() -> None:
    """Most say they are others: the order of the questions decides."""
    edge = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0 Safari/537.36 Edg/130.0"
    android = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0 Mobile Safari/537.36"

    assert describe(edge) == "Edge en Windows"
    assert describe(android) == "Chrome en Android"
    assert describe("curl/8") == "Navegador desconocido"


@pytest.mark.parametrize(
    "password",
    [
        "Princesa2026!",
        "pr1nc3s4-2026",
        "municipalidad#1",
        "MonkeyDragon99",
        "contraseña1234",
        "colocolo colocolo",
        "2024.Valparaíso",
        "¡bienvenido2026!",
    ],
)
def test_what_leaks_most_is_refused_however_it_is_dressed(password: str) -> None:
    """Figures, signs, capitals, letters drawn as figures, twice over: it is still the first that a thief tries."""
    assert is_leaked(password)
    assert fault_of(password)


@pytest.mark.parametrize(
    "password", ["copihue y araucaria 27", "tigre monte perro luna", "lluvia tambor queso", "xkq8-zrtw-9mpl", ""]
)
def test_phrases_and_nonsense_are_not_leaks(password: str) -> None:
    """Several words that do not go together are what we ask for."""
    assert not is_leaked(password)
