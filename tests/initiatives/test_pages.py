"""The plan as people at the screen meet it."""

from uuid import UUID

import pytest

from acogida.app.wiring import Services
from acogida.features.initiatives import store
from acogida.features.initiatives.model import Axis, Initiative, Objective
from acogida.kernel.tenancy import Tenant
from support.make import make_municipality, make_person, work_as
from support.make_plan import make_axis, make_finding, make_initiative, make_objective, make_plan, whole
from support.visitor import Visitor

PAGES = (
    "planificacion/vision",
    "planificacion/objetivos",
    "planificacion/objetivos/general",
    "planificacion/objetivos/nuevo",
    "planificacion/ejes",
    "planificacion/revision",
    "iniciativas",
    "iniciativas?vista=fichas",
    "iniciativas?vista=gantt",
    "iniciativas/nueva",
    "iniciativas/importar",
    "iniciativas/desde-talleres",
)


async def _secretary(services: Services, visitor: Visitor) -> Tenant:
    """Rosa, secretary of Temuco, at her screen."""
    tenant = await make_municipality(services)
    await make_person(services, tenant)
    await visitor.sign_in("rosa@temuco.cl")
    return tenant


@pytest.mark.parametrize("path", PAGES)
async def test_every_page_opens_on_an_empty_plan(services: Services, visitor: Visitor, path: str) -> None:
    """Nothing written yet is a state that each page explains, with one primary button at most."""
    await _secretary(services, visitor)

    page = await visitor.get(f"/m/temuco/{path}")

    assert page.status_code == 200
    assert page.text.count("<h1") == 1
    assert page.text.count("button--primary") <= 1


@pytest.mark.parametrize("path", PAGES)
async def test_every_page_opens_on_a_full_plan(services: Services, visitor: Visitor, path: str) -> None:
    tenant = await _secretary(services, visitor)
    async with work_as(services, tenant) as work:
        await make_plan(work, initiatives=12)

    page = await visitor.get(f"/m/temuco/{path}")

    assert page.status_code == 200
    assert page.text.count("button--primary") <= 1


async def test_a_stranger_sees_nothing_and_a_reader_changes_nothing(services: Services, visitor: Visitor) -> None:
    """From the next municipality the plan does not exist; who answers for a unit reads it and may not redesign it."""
    tenant = await make_municipality(services)
    other = await make_municipality(services, cut="13201", name="Puente Alto", slug="puente-alto")
    await make_person(services, other, email="juan@puentealto.cl", name="Juan")
    await make_person(services, tenant, email="oscar@temuco.cl", name="Óscar", roles=["unit_owner"], unit="Dideco")
    async with work_as(services, tenant) as work:
        row = await make_initiative(work)

    await visitor.sign_in("juan@puentealto.cl")
    stranger = await visitor.get(f"/m/temuco/iniciativas/{row.id}")
    await visitor.post("/salir")
    await visitor.sign_in("oscar@temuco.cl")
    grid = await visitor.get("/m/temuco/iniciativas")
    refused = await visitor.post(f"/m/temuco/iniciativas/{row.id}", {"name": "Otra", "version": "1"})

    assert stranger.status_code == 404
    assert "Escuela de líderes y lideresas" in grid.text
    assert "data-grid" not in grid.text
    assert refused.status_code == 403


# --- Vision --------------------------------------------------------------------------------------


async def test_the_vision_is_written_and_two_people_see_both_versions(services: Services, visitor: Visitor) -> None:
    """Who saves second is shown both texts and loses none."""
    await _secretary(services, visitor)
    first = {"vision": "Una comuna que acoge", "horizon_year": "2034", "dimensions": ["dim_1", "dim_6"], "version": "0"}

    saved = await visitor.post("/m/temuco/planificacion/vision", first)
    page = await visitor.get("/m/temuco/planificacion/vision")
    await visitor.post("/m/temuco/planificacion/vision", {**first, "vision": "Lo que guardó Ana", "version": "1"})
    mine = await visitor.post(
        "/m/temuco/planificacion/vision", {**first, "vision": "Lo que escribí yo", "version": "1"}
    )

    assert saved.status_code == 303
    assert "Una comuna que acoge" in page.text
    assert mine.status_code == 409
    assert "Lo que guardó Ana" in mine.text
    assert "Lo que escribí yo" in mine.text


async def test_a_field_of_ten_megabytes_says_so_and_keeps_the_text(services: Services, visitor: Visitor) -> None:
    """The message tells how many characters fit; what was pasted is still on the page."""
    await _secretary(services, visitor)
    long = "ñandú " * 1_700_000

    answer = await visitor.post("/m/temuco/planificacion/vision", {"vision": long, "version": "0"})

    assert answer.status_code == 422
    assert "«Visión» admite hasta 6.000 caracteres y tiene 10.199.999" in answer.text
    assert long[:200_000] in answer.text


# --- Objectives ----------------------------------------------------------------------------------


async def test_the_five_answers_become_a_proposal_to_mend(services: Services, visitor: Visitor) -> None:
    """Asking for a proposal saves nothing: it puts one text together and leaves the answers where they were."""
    tenant = await _secretary(services, visitor)

    page = await visitor.post(
        "/m/temuco/planificacion/objetivos/nuevo",
        {
            "specific": "Que 200 personas al año certifiquen su oficio.",
            "measurable": "El número de certificados",
            "achievable": "La OMIL y un convenio",
            "relevant": "las dificultades para trabajar",
            "time_bound": "antes de diciembre de 2029",
            "componer": "1",
        },
    )

    assert page.status_code == 200
    assert (
        "Que 200 personas al año certifiquen su oficio, antes de diciembre de 2029, con la OMIL y un convenio, "
        "en respuesta a las dificultades para trabajar. Se medirá por el número de certificados." in page.text
    )
    async with work_as(services, tenant) as work:
        assert await store.objectives(work) == []


async def test_there_is_one_general_objective(services: Services, visitor: Visitor) -> None:
    """Writing it again changes the one there is."""
    tenant = await _secretary(services, visitor)

    await visitor.post("/m/temuco/planificacion/objetivos/general", {"statement": "Acoger", "version": "0"})
    again = await visitor.post(
        "/m/temuco/planificacion/objetivos/general", {"statement": "Acoger bien", "version": "1"}
    )

    assert again.status_code == 303
    async with work_as(services, tenant) as work:
        assert [(row.kind, row.statement) for row in await store.objectives(work)] == [("general", "Acoger bien")]


async def test_an_objective_like_another_is_saved_with_a_warning(services: Services, visitor: Visitor) -> None:
    """Nothing is forbidden: the notice names the other one, and the list shows both."""
    tenant = await _secretary(services, visitor)
    async with work_as(services, tenant) as work:
        finding = await make_finding(work)
        await make_objective(work, "Reducir las barreras de acceso a los servicios municipales")

    saved = await visitor.post(
        "/m/temuco/planificacion/objetivos/nuevo",
        {"statement": "Reducir las barreras de acceso a los servicios de salud", "findings": [str(finding.id)]},
    )
    page = await visitor.get("/m/temuco/planificacion/objetivos")

    assert saved.status_code == 303
    assert "Se parece mucho a otro" in page.text
    assert "Hay dos objetivos que dicen casi lo mismo" in page.text
    assert "1 hallazgo" in page.text


async def test_an_objective_of_another_commune_can_not_be_tied(services: Services, visitor: Visitor) -> None:
    """An eje or a finding that is not from here is refused beside its field, as if it did not exist."""
    tenant = await _secretary(services, visitor)
    other = await make_municipality(services, cut="13201", name="Puente Alto", slug="puente-alto")
    async with work_as(services, other) as work:
        foreign = await make_axis(work)
    async with work_as(services, tenant) as work:
        await make_axis(work)

    answer = await visitor.post(
        "/m/temuco/planificacion/objetivos/nuevo", {"statement": "Acoger", "axis_id": str(foreign.id)}
    )

    assert answer.status_code == 422
    assert "Ese eje ya no existe" in answer.text


# --- Ejes ----------------------------------------------------------------------------------------


async def test_the_guides_axes_are_adopted_with_one_click(services: Services, visitor: Visitor) -> None:
    """An adopted example leaves the list of examples; a second one with its name is refused."""
    tenant = await _secretary(services, visitor)

    adopted = await visitor.post("/m/temuco/planificacion/ejes/sugerido", {"fila": "HERR-4.2-09"})
    page = await visitor.get("/m/temuco/planificacion/ejes")
    again = await visitor.post("/m/temuco/planificacion/ejes", {"name": " salud ", "description": "Otra vez"})

    assert adopted.status_code == 303
    assert page.text.count('value="HERR-4.2-') == 5
    assert again.status_code == 422
    assert "Ya hay un eje con ese nombre" in again.text
    async with work_as(services, tenant) as work:
        assert [axis.name for axis in await store.axes(work)] == ["Salud"]


async def test_axes_keep_the_order_that_people_give_them(services: Services, visitor: Visitor) -> None:
    """Up at the beginning and down at the end change nothing."""
    tenant = await _secretary(services, visitor)
    async with work_as(services, tenant) as work:
        first, second, third = [await make_axis(work, name, position=n) for n, name in enumerate("ABC", 1)]

    await visitor.post(f"/m/temuco/planificacion/ejes/{third.id}/mover", {"hacia": "arriba"})
    await visitor.post(f"/m/temuco/planificacion/ejes/{first.id}/mover", {"hacia": "arriba"})
    await visitor.post(f"/m/temuco/planificacion/ejes/{second.id}/mover", {"hacia": "abajo"})

    async with work_as(services, tenant) as work:
        assert [axis.name for axis in await store.axes(work)] == ["A", "C", "B"]


async def test_taking_an_axis_out_asks_first_and_keeps_its_initiatives(services: Services, visitor: Visitor) -> None:
    """They stay in the plan, without an eje."""
    tenant = await _secretary(services, visitor)
    async with work_as(services, tenant) as work:
        axis = await make_axis(work)
        row = await make_initiative(work, axis_id=axis.id)

    asked = await visitor.post(f"/m/temuco/planificacion/ejes/{axis.id}/quitar")
    async with work_as(services, tenant) as work:
        still_there = len(await store.axes(work))
    await visitor.post(f"/m/temuco/planificacion/ejes/{axis.id}/quitar", {"confirmed": "1"})

    assert "¿Quitar el eje «Acogida y derechos»?" in asked.text
    assert still_there == 1
    async with work_as(services, tenant) as work:
        assert await store.axes(work) == []
        assert (await store.planned_initiative(work, row.id)).axis == ""


# --- Initiatives ---------------------------------------------------------------------------------


def _typed(axis: Axis, objective: Objective) -> dict[str, str | list[str]]:
    """Every field of the form, as a browser sends them."""
    return {
        "name": "Mediadores interculturales en los Cesfam",
        "description": "Personas que acompañan la atención",
        "goal": "Atender sin barreras de idioma",
        "axis_id": str(axis.id),
        "objective_id": str(objective.id),
        "strategy": "Acercar los servicios",
        "actions": "Contratar\r\nCapacitar",
        "expected_results": "Atención en su lengua",
        "beneficiaries": "Personas haitianas",
        "target": "4 contratos",
        "indicator": "Atenciones al año",
        "unit": "Departamento de Salud",
        "responsible": "Óscar Llanquileo",
        "substitute": "Ana Huenchumán",
        "actors": "Cesfam Pueblo Nuevo",
        "alliances": "Servicio de Salud",
        "budget": "24.500.000",
        "funding_source": "Presupuesto municipal",
        "funding_state": "committed",
        "needs_extra_funding": "no",
        "pmg_pladeco": "PLADECO, lineamiento 3",
        "starts_on": "2027-03-01",
        "ends_on": "2027-12-31",
        "directness": "explicit",
        "dimensions": ["dim_3", "dim_6"],
        "competence": "HERR-1.1-01",
    }


async def test_every_field_of_the_guides_three_formats_is_kept(services: Services, visitor: Visitor) -> None:
    """What is typed is read back: TPL-15, TPL-16 and TPL-17 in one form."""
    tenant = await _secretary(services, visitor)
    async with work_as(services, tenant) as work:
        typed = _typed(await make_axis(work), await make_objective(work))
        finding = await make_finding(work)

    saved = await visitor.post("/m/temuco/iniciativas/nueva", {**typed, "findings": [str(finding.id)]})
    page = await visitor.get(saved.headers["location"])

    assert saved.status_code == 303
    async with work_as(services, tenant) as work:
        row = await store.initiative(work, UUID(saved.headers["location"].rsplit("/")[-1]))
        kept = {name: getattr(row, name) for name in typed}
        assert await store.findings_of_initiative(work, row.id) == [finding.id]
    assert kept["budget"] == 24_500_000
    assert kept["actions"] == "Contratar\nCapacitar"
    assert kept["dimensions"] == ["dim_3", "dim_6"]
    assert kept["needs_extra_funding"] is False
    same = [name for name in typed if str(kept[name]) == typed[name]]
    assert len(same) == len(typed) - 4
    for words in ("Completa", "24.500.000", "Barreras de idioma en los Cesfam", "Ana Huenchumán"):
        assert words in page.text


async def test_every_fault_is_told_at_once_and_nothing_is_lost(services: Services, visitor: Visitor) -> None:
    """Dates reversed, money that is not a number and a name that is missing: three messages, one page, all the text."""
    await _secretary(services, visitor)

    bad_values = await visitor.post(
        "/m/temuco/iniciativas/nueva", {"name": "", "budget": "mucho", "description": "Lo que ya escribí"}
    )
    reversed_dates = await visitor.post(
        "/m/temuco/iniciativas/nueva", {"name": "Feria", "starts_on": "2027-12-31", "ends_on": "2027-01-01"}
    )

    assert bad_values.status_code == reversed_dates.status_code == 422
    assert "Falta completar «Nombre de la iniciativa»" in bad_values.text
    assert "debe ser un número entero" in bad_values.text
    assert "Lo que ya escribí" in bad_values.text
    assert "El término es anterior al inicio" in reversed_dates.text


async def test_the_thread_leads_to_both_neighbours(services: Services, visitor: Visitor) -> None:
    """Finding, objective, indicator and result are a click away; what is missing says so."""
    tenant = await _secretary(services, visitor)
    async with work_as(services, tenant) as work:
        finding, objective = await make_finding(work), await make_objective(work)
        tied = await make_initiative(work, findings=[finding], objective_id=objective.id, indicator="Atenciones")
        loose = await make_initiative(work, "Feria laboral")

    tied_page = await visitor.get(f"/m/temuco/iniciativas/{tied.id}")
    loose_page = await visitor.get(f"/m/temuco/iniciativas/{loose.id}")

    for place in (
        f"/diagnostico/hallazgos/{finding.id}",
        f"/planificacion/objetivos/{objective.id}",
        "#f-indicator",
        f"/seguimiento/{tied.id}",
    ):
        assert f'href="{place}"' in tied_page.text or f'href="/m/temuco{place}"' in tied_page.text
    assert "Sin hallazgo." in loose_page.text
    assert "Sin hallazgo." not in tied_page.text


async def test_what_a_municipality_can_not_decide_is_told(services: Services, visitor: Visitor) -> None:
    """Beside an initiative that speaks of permits: promote and ease, never resolve (RES-13)."""
    tenant = await _secretary(services, visitor)
    async with work_as(services, tenant) as work:
        permits = await make_initiative(work, "Operativo de regularización en los barrios")
        fair = await make_initiative(work, "Feria laboral")

    assert "Promover y facilitar, no resolver" in (await visitor.get(f"/m/temuco/iniciativas/{permits.id}")).text
    assert "Promover y facilitar, no resolver" not in (await visitor.get(f"/m/temuco/iniciativas/{fair.id}")).text


async def test_an_initiative_is_copied_and_removed_after_asking(services: Services, visitor: Visitor) -> None:
    """The copy keeps its findings and has not been reviewed; removing asks first where the browser could not."""
    tenant = await _secretary(services, visitor)
    async with work_as(services, tenant) as work:
        row = await make_initiative(
            work, findings=[await make_finding(work)], reviewed_on=work.today(), reviewed_by="Ana"
        )

    copied = await visitor.post(f"/m/temuco/iniciativas/{row.id}/duplicar")
    asked = await visitor.post(f"/m/temuco/iniciativas/{row.id}/eliminar")
    removed = await visitor.post(f"/m/temuco/iniciativas/{row.id}/eliminar", {"confirmed": "1"})

    assert copied.status_code == removed.status_code == 303
    assert "¿Eliminar «Escuela de líderes y lideresas»?" in asked.text
    async with work_as(services, tenant) as work:
        left = await store.initiatives(work)
        assert [(each.name, each.reviewed_on) for each in left] == [("Copia de Escuela de líderes y lideresas", None)]
        assert len(await store.findings_of_initiative(work, left[0].id)) == 1


async def test_two_people_saving_an_initiative_see_both_versions(services: Services, visitor: Visitor) -> None:
    """The second one to save keeps what she wrote and reads what was saved."""
    tenant = await _secretary(services, visitor)
    async with work_as(services, tenant) as work:
        row = await make_initiative(work)
    place = f"/m/temuco/iniciativas/{row.id}"

    await visitor.post(place, {"name": row.name, "target": "Lo que guardó Ana", "version": "1"})
    mine = await visitor.post(place, {"name": row.name, "target": "Lo que escribí yo", "version": "1"})

    assert mine.status_code == 409
    assert "Lo que guardó Ana" in mine.text
    assert "Lo que escribí yo" in mine.text


# --- Reviews -------------------------------------------------------------------------------------


async def test_the_team_reviews_one_after_another(services: Services, visitor: Visitor) -> None:
    """The five areas show what is empty; leaving one reviewed leads to the next, and the last one to the plan."""
    tenant = await _secretary(services, visitor)
    async with work_as(services, tenant) as work:
        one = await make_initiative(work, "Una", position=1)
        two = await make_initiative(work, "Dos", position=2)

    page = await visitor.get(f"/m/temuco/iniciativas/{one.id}/revision")
    first = await visitor.post(
        f"/m/temuco/iniciativas/{one.id}/revision", {"review_notes": "Con la OMIL", "version": "1"}
    )
    last = await visitor.post(f"/m/temuco/iniciativas/{two.id}/revision", {"review_notes": "", "version": "1"})

    assert page.text.count("areas__item") == 5
    assert "Sin datos en esta área" in page.text
    assert first.headers["location"] == f"/m/temuco/iniciativas/{two.id}/revision"
    assert last.headers["location"] == "/m/temuco/planificacion/revision"
    async with work_as(services, tenant) as work:
        row = await store.initiative(work, one.id)
        assert (row.reviewed_by, row.review_notes) == ("Rosa Painemal", "Con la OMIL")


async def test_the_final_check_finds_repetitions_and_gaps(services: Services, visitor: Visitor) -> None:
    """Names alike, one finding answered twice, an objective and a finding that nobody answers, what is unfinished."""
    tenant = await _secretary(services, visitor)
    async with work_as(services, tenant) as work:
        axis = await make_axis(work)
        answered, waiting = await make_finding(work), await make_finding(work, "Discriminación en arriendos")
        await make_objective(work, "Ampliar el trabajo formal")
        await make_initiative(work, "Mediadores en los Cesfam", findings=[answered], **whole(axis))
        await make_initiative(work, "Mediadores en los Cesfam y SAPU", findings=[answered])

    page = (await visitor.get("/m/temuco/planificacion/revision")).text
    empty = await visitor.post("/m/temuco/planificacion/revision", {"duplicates": "", "gaps": ""})
    saved = await visitor.post(
        "/m/temuco/planificacion/revision", {"duplicates": "Se unen las dos de mediación", "gaps": "Falta empleo"}
    )
    after = (await visitor.get("/m/temuco/planificacion/revision")).text

    for words in (
        "Dos iniciativas parecidas",
        "Responden a los mismos hallazgos (1)",
        "Objetivos sin iniciativas (1)",
        "Ejes con una sola iniciativa (1)",
        "Hallazgos sin respuesta (1)",
        "Falta: eje, en qué consiste, meta, unidad, fechas",
        "2 por revisar",
    ):
        assert words in page, words
    assert f"/diagnostico/hallazgos/{waiting.id}" in page
    assert empty.status_code == 422
    assert saved.status_code == 303
    assert "Se unen las dos de mediación" in after


async def test_proposals_of_a_workshop_become_initiatives_once(services: Services, visitor: Visitor) -> None:
    """The seven answers of the group come along, and the initiative remembers its workshop."""
    from acogida.features.workshops.model import Workshop, WorkshopEntry

    tenant = await _secretary(services, visitor)
    async with work_as(services, tenant) as work:
        axis = await make_axis(work, "Salud")
        workshop = Workshop(kind="planning", title="Taller de planificación", held_on=work.today(), status="held")
        work.session.add(workshop)
        await work.session.flush()
        entry = WorkshopEntry(
            workshop_id=workshop.id,
            kind="initiative",
            text="Mediadores interculturales",
            details={"axis": "salud", "target": "4 contratos", "period": "primer semestre", "needs_funding": True},
        )
        work.session.add(entry)

    offered = await visitor.get("/m/temuco/iniciativas/desde-talleres")
    nothing = await visitor.post("/m/temuco/iniciativas/desde-talleres")
    for _ in range(2):
        await visitor.post("/m/temuco/iniciativas/desde-talleres", {"aporte": [str(entry.id)]})
    after = await visitor.get("/m/temuco/iniciativas/desde-talleres")

    assert "Mediadores interculturales" in offered.text
    assert nothing.status_code == 422
    assert "Todo lo propuesto ya está en el plan" in after.text
    async with work_as(services, tenant) as work:
        (row,) = await store.initiatives(work)
    assert (row.axis_id, row.target, row.needs_extra_funding, row.workshop_entry_id) == (
        axis.id,
        "4 contratos",
        True,
        entry.id,
    )
    assert "primer semestre" in row.description


async def test_what_was_typed_and_not_saved_comes_back(services: Services, visitor: Visitor) -> None:
    """A draft of an initiative is there at the next visit, and gone once it is saved."""
    tenant = await _secretary(services, visitor)
    async with work_as(services, tenant) as work:
        row: Initiative = await make_initiative(work)
    token = await visitor.csrf()

    await visitor.http.post(
        f"/m/temuco/borradores/iniciativas/{row.id}",
        json={"name": [row.name], "target": ["Meta a medio escribir"]},
        headers={"x-csrftoken": token},
    )
    restored = await visitor.get(f"/m/temuco/iniciativas/{row.id}")
    await visitor.post(f"/m/temuco/iniciativas/{row.id}", {"name": row.name, "target": "Meta final", "version": "1"})
    after = await visitor.get(f"/m/temuco/iniciativas/{row.id}")

    assert "Recuperamos lo que había escrito" in restored.text
    assert "Meta a medio escribir" in restored.text
    assert "Meta a medio escribir" not in after.text
