"""The board, the stages and the steps, as people at the screen meet them."""

import pytest

from acogida.app.wiring import Services
from acogida.features.cycles import actions
from acogida.kernel import duties
from acogida.kernel.duties import Duty
from acogida.kernel.facts import Fact
from acogida.kernel.work import Work
from support.make import make_municipality, make_person, work_as
from support.visitor import Visitor

LETTER = {"acts.letter_signed_by_mayor": Fact(True, "Firmada el 3 de marzo de 2027")}
TEAM = {"bodies.executive_team": Fact(True, "7 integrantes")}


@pytest.fixture
async def rosa(services: Services, visitor: Visitor) -> Visitor:
    """The secretary of Temuco, signed in."""
    await make_person(services, await make_municipality(services))
    await visitor.sign_in("rosa@temuco.cl")
    return visitor


async def test_a_new_workspace_is_told_where_to_begin(rosa: Visitor, known: dict[str, Fact]) -> None:
    """Welcome, the first thing to do, and no empty columns; with or without the final slash."""
    assert known == {}
    for address in ("/m/temuco", "/m/temuco/"):
        page = await rosa.get(address)
        assert page.status_code == 200
        assert "Le damos la bienvenida" in page.text
        assert "Falta la carta de compromiso firmada por la alcaldesa o el alcalde" in page.text
        assert 'href="/m/temuco/preparacion/carta">Subir carta firmada</a>' in page.text
        assert "Lo que ya está" not in page.text


async def test_the_board_says_what_is_there_what_is_missing_and_who_owes_it(
    rosa: Visitor, known: dict[str, Fact]
) -> None:
    """The letter is there, the team is missing, and the next step is the team."""
    known.update(LETTER)

    page = (await rosa.get("/m/temuco/")).text

    assert "Firmada el 3 de marzo de 2027" in page
    assert "Falta que la municipalidad forme el equipo ejecutivo" in page or "Está todo lo que la guía pide" in page
    assert "Formar equipo ejecutivo" in page
    assert "1 de 2 mínimos cumplidos" in page
    assert page.count('class="button button--primary"') == 1


async def test_agreements_with_a_date_come_with_who_owes_them(
    rosa: Visitor, known: dict[str, Fact], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is overdue says so; what falls on whoever looks comes first."""
    known.update(LETTER)

    async def owed(work: Work) -> list[Duty]:
        return [
            Duty("Pedir la proyección de matrícula", "Secplan", "sesiones/1", work.today()),
            Duty(
                "Enviar la lista de dirigentas", "Rosa Painemal", "sesiones/1", work.today().replace(day=20), mine=True
            ),
        ]

    monkeypatch.setattr(duties, "SOURCES", [owed])
    page = (await rosa.get("/m/temuco/")).text

    assert "Venció hace 3 días" in page
    assert "Vence hoy" in page
    assert page.index("Enviar la lista de dirigentas") < page.index("Pedir la proyección de matrícula")


async def test_who_may_only_look_is_not_offered_what_she_can_not_do(
    services: Services, visitor: Visitor, known: dict[str, Fact]
) -> None:
    """A councillor sees how it goes; the verbs are for the team."""
    known.update(LETTER)
    await make_person(services, await make_municipality(services), roles=("councillor",))
    await visitor.sign_in("rosa@temuco.cl")

    page = (await visitor.get("/m/temuco/etapas/preparation/1.2")).text
    refused = await visitor.post("/m/temuco/puertas/GATE-1.1/cerrar", {"confirmed": "1"})

    assert "Ver cómo va" in page
    assert "/puertas/" not in page
    assert refused.status_code == 403


async def test_each_stage_shows_its_steps_as_things(rosa: Visitor, known: dict[str, Fact]) -> None:
    """The artefact where there is one, the verb where there is not, level by level."""
    known.update(LETTER)

    page = (await rosa.get("/m/temuco/etapas/preparation")).text

    assert "Carta firmada" in page
    assert "Formar equipo ejecutivo" in page
    assert "Ideal" in page
    assert "Revisar y cerrar 1.1" in page
    for stage in ("diagnosis", "planning", "validation", "implementation"):
        assert (await rosa.get(f"/m/temuco/etapas/{stage}")).status_code == 200


async def test_every_step_has_its_page(rosa: Visitor, services: Services, known: dict[str, Fact]) -> None:
    """With the guide's advice beside it; a step is not found under another stage."""
    assert known == {}
    guide = services.guides[max(services.guides)]
    for step in guide.steps:
        page = await rosa.get(f"/m/temuco/etapas/{step.stage}/{step.key}")
        assert page.status_code == 200, step.key
        for tip in guide.tips_of(step.key):
            assert tip.text[:40] in page.text
    for wrong in ("preparation/2.1", "otra/1.1", "preparation/9.9"):
        assert (await rosa.get(f"/m/temuco/etapas/{wrong}")).status_code == 404
    assert (await rosa.get("/m/temuco/etapas/otra")).status_code == 404


async def test_a_step_is_closed_after_asking(rosa: Visitor, known: dict[str, Fact]) -> None:
    """Without a script the server asks first; then the page says with what it was closed."""
    known.update(LETTER)

    asked = await rosa.post("/m/temuco/puertas/GATE-1.1/cerrar")
    done = await rosa.post("/m/temuco/puertas/GATE-1.1/cerrar", {"confirmed": "1"})
    page = (await rosa.get("/m/temuco/etapas/preparation/1.1")).text
    again = await rosa.post("/m/temuco/puertas/GATE-1.1/cerrar", {"confirmed": "1"})

    assert asked.status_code == 200
    assert "¿Cerrar 1.1 Compromiso político?" in asked.text
    assert done.status_code == 303
    assert done.headers["location"] == "/m/temuco/etapas/preparation/1.1"
    assert "Se cerró con:" in page
    assert "Carta firmada: Firmada el 3 de marzo de 2027" in page
    assert again.status_code == 409


async def test_a_refusal_names_each_thing_with_its_button(rosa: Visitor, known: dict[str, Fact]) -> None:
    """Nothing is closed, and nobody is asked to confirm what can't be."""
    assert known == {}

    answer = await rosa.post("/m/temuco/puertas/GATE-1.1/cerrar")

    assert answer.status_code == 422
    assert "Todavía no se puede cerrar 1.1 Compromiso político" in answer.text
    assert "Falta la carta de compromiso firmada por la alcaldesa o el alcalde (mínimo de la guía, 1.1)." in answer.text
    assert 'href="/m/temuco/preparacion/carta"' in answer.text
    assert "Avanzar por excepción" in answer.text
    assert "En curso" in (await rosa.get("/m/temuco/etapas/preparation/1.1")).text


async def test_an_exception_asks_for_a_reason_and_stays_in_sight(rosa: Visitor, known: dict[str, Fact]) -> None:
    """A word is not a reason; with one, the board and the step show it until the end."""
    assert known == {}
    address = "/m/temuco/puertas/GATE-1.1/excepcion"

    form = await rosa.get(address)
    short = await rosa.post(address, {"reason": "Apuro", "cargo": "Alcaldesa"})
    done = await rosa.post(
        address, {"reason": "La alcaldesa viaja y firmará a su regreso, en abril.", "cargo": "Alcaldesa"}
    )

    assert "Secretario/a ejecutivo/a" in form.text
    assert short.status_code == 422
    assert "al menos 20 caracteres" in short.text
    assert "Apuro" in short.text
    assert done.status_code == 303
    for page in ("/m/temuco/", "/m/temuco/etapas/preparation/1.1"):
        text = (await rosa.get(page)).text
        assert "firmará a su regreso, en abril." in text
    known.update(LETTER)
    assert "Ya está" in (await rosa.get("/m/temuco/etapas/preparation/1.1")).text


async def test_a_reason_half_written_is_kept(rosa: Visitor, known: dict[str, Fact]) -> None:
    """The draft comes back with the form, and is forgotten once used."""
    assert known == {}
    token = await rosa.csrf()
    await rosa.http.post(
        "/m/temuco/borradores/puertas/GATE-1.1",
        json={"reason": ["La alcaldesa está"], "cargo": ["Alcaldesa"]},
        headers={"x-csrftoken": token},
    )

    assert "La alcaldesa está" in (await rosa.get("/m/temuco/puertas/GATE-1.1/excepcion")).text


async def test_what_was_closed_and_is_no_longer_so_is_shown(
    rosa: Visitor, services: Services, known: dict[str, Fact]
) -> None:
    """A closed step keeps its closing and shows what is missing today."""
    known.update({**LETTER, **TEAM})
    await rosa.post("/m/temuco/puertas/GATE-1.2/cerrar", {"confirmed": "1"})
    del known["bodies.executive_team"]

    page = (await rosa.get("/m/temuco/etapas/preparation/1.2")).text

    assert "Nómina del equipo ejecutivo con sus roles: 7 integrantes" in page
    assert "Formar equipo ejecutivo" in page


async def test_the_board_asks_few_questions(services: Services, rosa: Visitor, known: dict[str, Fact]) -> None:
    """Beside what the features ask for their facts: the cycle, the dates, the last movements. It does not grow."""
    from sqlalchemy import event

    known.update({**LETTER, **TEAM})
    await rosa.post("/m/temuco/puertas/GATE-1.2/cerrar", {"confirmed": "1"})
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        asked.append(statement)

    event.listen(services.database.engine.sync_engine, "before_cursor_execute", note)
    try:
        await rosa.get("/m/temuco/")
    finally:
        event.remove(services.database.engine.sync_engine, "before_cursor_execute", note)

    ours = ("core.cycle", "core.gate_closing", "core.stage_date", "core.audit_entry")
    questions = [statement for statement in asked if any(table in statement for table in ours)]
    assert len(questions) == 3, questions


async def test_strangers_learn_nothing(services: Services, visitor: Visitor, known: dict[str, Fact]) -> None:
    """Somebody of the next municipality gets what an empty address gives."""
    assert known == {}
    await make_municipality(services)
    other = await make_municipality(services, cut="13201", name="Puente Alto", slug="puente-alto")
    await make_person(services, other, email="juan@puentealto.cl")
    await visitor.sign_in("juan@puentealto.cl")

    for place in ("", "/", "/etapas/preparation", "/etapas/preparation/1.1", "/puertas/GATE-1.1/excepcion"):
        assert (await visitor.get(f"/m/temuco{place}")).status_code == 404


async def test_each_workspace_has_its_own_gates(services: Services, rosa: Visitor, known: dict[str, Fact]) -> None:
    """What one municipality closes stays open for the next."""
    known.update(LETTER)
    other = await make_municipality(services, cut="13201", name="Puente Alto", slug="puente-alto")
    async with work_as(services, other) as work:
        await actions.close_gate(work, services.guides, "GATE-1.1")

    assert "Listo para cerrar" in (await rosa.get("/m/temuco/etapas/preparation/1.1")).text
