"""What is typed and not saved comes back to whoever typed it, and to nobody else."""

from acogida.app.wiring import Services
from support.make import make_municipality, make_person
from support.visitor import Visitor

FIELDS = {"title": ["Feria de las culturas"], "notes": ["Lo que alcancé a escribir"]}


async def test_a_draft_comes_back_and_goes_when_saved(services: Services, visitor: Visitor) -> None:
    """Kept while typing, shown on return, forgotten once the form is accepted."""
    await make_person(services, await make_municipality(services))
    await visitor.sign_in("rosa@temuco.cl")
    headers = {"x-csrftoken": await visitor.csrf()}

    kept = await visitor.http.post("/m/temuco/borradores/difusion/nueva", json=FIELDS, headers=headers)
    back = await visitor.get("/m/temuco/difusion/nueva")
    await visitor.post(
        "/m/temuco/difusion/nueva", {"kind": "launch", "title": "Feria de las culturas", "held_on": "2026-11-20"}
    )
    after = await visitor.get("/m/temuco/difusion/nueva")

    assert kept.status_code == 204
    assert "Recuperamos lo que había escrito" in back.text
    assert "Lo que alcancé a escribir" in back.text
    assert "Recuperamos" not in after.text


async def test_a_draft_is_nobody_elses(services: Services, visitor: Visitor) -> None:
    """A colleague of the same workspace does not see it."""
    tenant = await make_municipality(services)
    await make_person(services, tenant)
    await make_person(services, tenant, email="ana@temuco.cl", name="Ana Soto")
    await visitor.sign_in("rosa@temuco.cl")
    await visitor.http.post(
        "/m/temuco/borradores/difusion/nueva", json=FIELDS, headers={"x-csrftoken": await visitor.csrf()}
    )

    async with Visitor(services) as colleague:
        await colleague.sign_in("ana@temuco.cl")
        page = await colleague.get("/m/temuco/difusion/nueva")

    assert "Lo que alcancé a escribir" not in page.text


async def test_a_draft_can_be_let_go(services: Services, visitor: Visitor) -> None:
    """One button discards it and returns to the page."""
    await make_person(services, await make_municipality(services))
    await visitor.sign_in("rosa@temuco.cl")
    await visitor.http.post(
        "/m/temuco/borradores/difusion/nueva", json=FIELDS, headers={"x-csrftoken": await visitor.csrf()}
    )

    answer = await visitor.post("/m/temuco/borradores-descartar/difusion/nueva", {"volver": "/m/temuco/difusion/nueva"})
    page = await visitor.get("/m/temuco/difusion/nueva")

    assert answer.headers["location"] == "/m/temuco/difusion/nueva"
    assert "Lo que alcancé a escribir" not in page.text


async def test_a_password_is_never_kept(services: Services, visitor: Visitor) -> None:
    """Whatever a form is called, what is secret does not enter the draft; and the return stays on this site."""
    await make_person(services, await make_municipality(services))
    await visitor.sign_in("rosa@temuco.cl")
    await visitor.http.post(
        "/m/temuco/borradores/otra", json={"password": ["secreta"]}, headers={"x-csrftoken": await visitor.csrf()}
    )

    answer = await visitor.post("/m/temuco/borradores-descartar/otra", {"volver": "https://otro.sitio/"})

    assert answer.headers["location"] == "/m/temuco"
