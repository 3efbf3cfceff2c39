"""Keys to the API: shown once, revoked at once, never stronger than who made them."""

import re
from datetime import timedelta

from acogida.app.wiring import Services
from acogida.kernel.clock import FixedClock
from support.make import make_municipality, make_person, make_token
from support.visitor import Visitor

NEW = {"name": "Planilla de Secplan", "days": "30"}


async def made(visitor: Visitor) -> str:
    page = await visitor.post("/m/temuco/llaves", NEW)
    return re.findall(r'made__secret">([^<]+)<', page.text)[0]


async def asked(visitor: Visitor, key: str, slug: str = "temuco") -> int:
    return (
        await visitor.http.get(f"/api/v1/m/{slug}/personas", headers={"authorization": f"Bearer {key}"})
    ).status_code


async def test_a_key_is_shown_once_and_opens_the_api(services: Services, visitor: Visitor) -> None:
    """The page that makes it shows it; the list never does again."""
    await make_person(services, await make_municipality(services))
    await visitor.sign_in("rosa@temuco.cl")

    key = await made(visitor)
    page = await visitor.get("/m/temuco/llaves")

    assert await asked(visitor, key) == 200
    assert "Planilla de Secplan" in page.text
    assert key not in page.text


async def test_a_revoked_or_expired_key_opens_nothing(services: Services, visitor: Visitor, clock: FixedClock) -> None:
    """Revoking asks first and works at once; time does the same."""
    await make_person(services, await make_municipality(services))
    await visitor.sign_in("rosa@temuco.cl")
    first, second = await made(visitor), await made(visitor)
    page = await visitor.get("/m/temuco/llaves")
    first_id = re.findall(r"/llaves/([0-9a-f-]{36})/revocar", page.text)[0]

    asking = await visitor.post(f"/m/temuco/llaves/{first_id}/revocar")
    before = await asked(visitor, first)
    await visitor.post(f"/m/temuco/llaves/{first_id}/revocar", {"confirmed": "1"})

    assert "¿Revocar la llave" in asking.text
    assert (before, await asked(visitor, first), await asked(visitor, second)) == (200, 401, 200)
    clock.move_to(clock.now() + timedelta(days=31))
    assert await asked(visitor, second) == 401


async def test_a_key_opens_only_its_workspace(services: Services, visitor: Visitor) -> None:
    """Even for somebody who works in two."""
    await make_person(services, await make_municipality(services))
    await make_municipality(services, cut="13201", name="Puente Alto", slug="puente-alto")
    await visitor.sign_in("rosa@temuco.cl")

    assert await asked(visitor, await made(visitor), "puente-alto") == 401


async def test_each_sees_and_revokes_their_own_keys(services: Services, visitor: Visitor) -> None:
    """A councillor sees only theirs; who manages people sees all and may revoke any."""
    tenant = await make_municipality(services)
    rosa = await make_person(services, tenant)
    await make_token(services, tenant, rosa)
    await make_person(services, tenant, email="luz@temuco.cl", name="Luz Bravo", roles=["councillor"])
    async with Visitor(services) as hers:
        await hers.sign_in("luz@temuco.cl")
        key = await made(hers)
        page = await hers.get("/m/temuco/llaves")
        await visitor.sign_in("rosa@temuco.cl")
        everyone = await visitor.get("/m/temuco/llaves")
        ids = re.findall(r"/llaves/([0-9a-f-]{36})/revocar", everyone.text)
        forbidden = await hers.post(f"/m/temuco/llaves/{ids[0]}/revocar", {"confirmed": "1"})
        await visitor.post(f"/m/temuco/llaves/{ids[1]}/revocar", {"confirmed": "1"})

    assert "Prueba" not in page.text
    assert "Luz Bravo" in everyone.text
    assert forbidden.status_code == 403
    assert await asked(visitor, key) == 401


async def test_a_key_has_the_rights_of_who_made_it(services: Services, visitor: Visitor) -> None:
    """The key of a councillor can't invite."""
    tenant = await make_municipality(services)
    luz = await make_person(services, tenant, email="luz@temuco.cl", roles=["councillor"])
    key = await make_token(services, tenant, luz)

    answer = await visitor.http.post(
        "/api/v1/m/temuco/invitaciones",
        json={"name": "X", "email": "x@temuco.cl", "cargo": "Y", "roles": ["mayor"]},
        headers={"authorization": f"Bearer {key}"},
    )

    assert answer.status_code == 403
    assert answer.json()["code"] == "not_allowed"


async def test_too_many_keys_are_refused(services: Services, visitor: Visitor) -> None:
    """Twenty open keys a person; a nameless one is told so."""
    await make_person(services, await make_municipality(services))
    await visitor.sign_in("rosa@temuco.cl")

    nameless = await visitor.post("/m/temuco/llaves", {"name": "", "days": "30"})
    for _ in range(20):
        await visitor.post("/m/temuco/llaves", NEW)
    one_more = await visitor.post("/m/temuco/llaves", NEW)

    assert nameless.status_code == 422
    assert one_more.status_code == 422
    assert "Ya tiene 20 llaves" in one_more.text
