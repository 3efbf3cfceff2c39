"""Diffusion as a person at the screen meets it."""

from acogida.app.wiring import Services
from support.make import make_municipality, make_person
from support.visitor import Visitor


async def test_what_was_done_is_written_down_and_read_back(services: Services, visitor: Visitor) -> None:
    """An activity typed by the secretary appears in the list, accents and all."""
    await make_person(services, await make_municipality(services))
    await visitor.sign_in("rosa@temuco.cl")

    saved = await visitor.post(
        "/m/temuco/difusion/nueva",
        {"kind": "launch", "title": "Lanzamiento en la feria Pinto", "held_on": "2026-11-20"},
    )
    page = await visitor.get("/m/temuco/difusion")

    assert saved.status_code == 303
    assert "Lanzamiento en la feria Pinto" in page.text
    assert "20 de noviembre de 2026" in page.text


async def test_every_fault_is_told_at_once_and_nothing_is_lost(services: Services, visitor: Visitor) -> None:
    """A wrong form comes back whole, with a message beside each wrong field."""
    await make_person(services, await make_municipality(services))
    await visitor.sign_in("rosa@temuco.cl")

    answer = await visitor.post(
        "/m/temuco/difusion/nueva",
        {"kind": "otra", "title": "", "held_on": "31-02-2026", "notes": "Asistió mucha gente"},
    )

    assert answer.status_code == 422
    for message in ("Elija una de las opciones", "Falta completar", "una fecha que exista"):
        assert message in answer.text
    assert "Asistió mucha gente" in answer.text


async def test_two_people_saving_the_plan_see_both_versions(services: Services, visitor: Visitor) -> None:
    """Who saves second is shown both versions and loses nothing."""
    tenant = await make_municipality(services)
    await make_person(services, tenant)
    await visitor.sign_in("rosa@temuco.cl")
    first = {"level": "wide", "message": "Una comuna que acoge", "version": "0"}
    await visitor.post("/m/temuco/difusion", first)

    await visitor.post("/m/temuco/difusion", {**first, "message": "Lo que guardó Ana", "version": "1"})
    mine = await visitor.post("/m/temuco/difusion", {**first, "message": "Lo que escribí yo", "version": "1"})

    assert mine.status_code == 409
    assert "Lo que guardó Ana" in mine.text
    assert "Lo que escribí yo" in mine.text
