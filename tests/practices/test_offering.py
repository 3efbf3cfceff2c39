"""Practices that others propose: the form, the questions, the answers and the decision."""

import re

import pytest

from acogida.app.wiring import Services
from acogida.features.practices import store
from support.letterbox import letters_to
from support.make import make_municipality, make_person
from support.make_practice import sign_in_curator
from support.visitor import Visitor

FICHA = {
    "title": "Escuela de fútbol mixta",
    "place": "Treguaco",
    "summary": "Niñas y niños de siete países entrenan juntos dos veces por semana.",
    "implementer": "Club Deportivo Unión",
    "how_it_works": "Entrenamientos gratuitos\nUn torneo al año",
    "sources": "Nota del diario local https://diario.cl/nota",
}
OPEN = {**FICHA, "proposer": "Club Deportivo Unión", "contact_name": "Marie Joseph", "contact_email": "marie@club.cl"}


async def test_an_organisation_proposes_answers_and_learns_the_decision(services: Services, visitor: Visitor) -> None:
    """By a link in its mail it sees the questions and answers; the curator accepts; the practice is a draft with its origin."""
    sent = await visitor.post("/buenas-practicas/proponer", OPEN)
    (first,) = await letters_to(services, "marie@club.cl")
    link = re.search(r"/buenas-practicas/propuestas/\S+", first.text)
    assert link
    async with Visitor(services) as curator:
        await sign_in_curator(services, curator)
        page = await curator.get("/curaduria/propuestas/P-2026-0001")
        await curator.post(
            "/curaduria/propuestas/P-2026-0001/preguntar", {"text": "¿Desde qué año?", "version": version(page.text)}
        )
        asked = await visitor.get(link[0])
        answered = await visitor.post(link[0], {"text": "Desde 2019.", "version": version(asked.text)})
        page = await curator.get("/curaduria/propuestas/P-2026-0001")
        accepted = await curator.post("/curaduria/propuestas/P-2026-0001/aceptar", {"version": version(page.text)})

    assert "Su folio es P-2026-0001." in sent.text
    assert "¿Desde qué año?" in asked.text
    assert answered.status_code == 303
    assert "Desde 2019." in page.text
    assert accepted.headers["location"] == "/curaduria/practicas/BP-200"
    assert [letter.subject for letter in await letters_to(services, "marie@club.cl")][
        -1
    ] == "Aceptamos su propuesta P-2026-0001"
    async with services.database.transaction() as session:
        practice = await store.practice(session, "BP-200")
    assert (practice.origin, practice.state) == ("civil_society", "draft")
    assert practice.content["sources"][0]["url"] == "https://diario.cl/nota"


def version(page: str) -> str:
    found = re.search(r'name="version" value="(\d+)"', page)
    assert found
    return found[1]


async def test_a_municipality_follows_its_own_and_nobody_elses(services: Services, visitor: Visitor) -> None:
    """It is proposed from the workspace, noted in its activity, and invisible to the next municipality."""
    await make_person(services, await make_municipality(services))
    other = await make_municipality(services, cut="13201", name="Puente Alto", slug="puente-alto")
    await make_person(services, other, email="juan@puentealto.cl")
    await visitor.sign_in("rosa@temuco.cl")

    sent = await visitor.post("/m/temuco/buenas-practicas/proponer", FICHA)
    own = await visitor.get(sent.headers["location"])
    activity = await visitor.get("/m/temuco/actividad")
    async with Visitor(services) as neighbour:
        await neighbour.sign_in("juan@puentealto.cl")
        foreign = await neighbour.get("/m/puente-alto/buenas-practicas/propuestas/P-2026-0001")
        answered = await neighbour.post(
            "/m/puente-alto/buenas-practicas/propuestas/P-2026-0001", {"text": "x", "version": "1"}
        )

    assert own.status_code == 200
    assert "Recibida" in own.text
    assert "propuso al catálogo la práctica «Escuela de fútbol mixta»" in activity.text
    assert foreign.status_code == answered.status_code == 404


async def test_what_is_not_taken_in_stays_with_its_reason(services: Services, visitor: Visitor) -> None:
    """Closed for good, readable for ever by who proposed it; nothing can be said any more."""
    await visitor.post("/buenas-practicas/proponer", OPEN)
    (first,) = await letters_to(services, "marie@club.cl")
    link = re.search(r"/buenas-practicas/propuestas/\S+", first.text)
    assert link
    async with Visitor(services) as curator:
        await sign_in_curator(services, curator)
        page = await curator.get("/curaduria/propuestas/P-2026-0001")
        wrong = await curator.post(
            "/curaduria/propuestas/P-2026-0001/no-incorporar",
            {"text": "Ya está.", "practice_code": "BP-999", "version": version(page.text)},
        )
        await curator.post(
            "/curaduria/propuestas/P-2026-0001/no-incorporar",
            {"text": "No es de un gobierno local.", "version": version(page.text)},
        )
    followed = await visitor.get(link[0])
    answer = await visitor.post(link[0], {"text": "Insisto", "version": "2"})

    assert wrong.status_code == 422
    assert "No hay una práctica con el código BP-999." in wrong.text
    assert "No es de un gobierno local." in followed.text
    assert answer.status_code in (409, 422)


async def test_a_wrong_form_comes_back_whole(visitor: Visitor) -> None:
    """Each fault beside its field, and nothing typed is lost."""
    answer = await visitor.post(
        "/buenas-practicas/proponer", {**OPEN, "contact_email": "marie", "subcategory": "9.z", "title": ""}
    )

    assert answer.status_code == 422
    for words in (
        "correo completo",
        "Elija una subcategoría de la lista.",
        "Falta completar",
        "Entrenamientos gratuitos",
    ):
        assert words in answer.text, words


async def test_nobody_floods_the_curators(visitor: Visitor) -> None:
    """Three proposals a day from one address; the fourth waits."""
    answers = [await visitor.post("/buenas-practicas/proponer", OPEN) for _ in range(4)]

    assert [each.status_code for each in answers] == [200, 200, 200, 429]


@pytest.mark.parametrize("secret", ["x", "a" * 43])
async def test_a_link_that_nobody_sent_opens_nothing(visitor: Visitor, secret: str) -> None:
    """The same answer as for a page that does not exist."""
    assert (await visitor.get(f"/buenas-practicas/propuestas/{secret}")).status_code == 404
