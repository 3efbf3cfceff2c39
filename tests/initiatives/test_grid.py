"""The planning matrix written in like a spreadsheet."""

import re
from pathlib import Path
from typing import Any

import httpx
from sqlalchemy import select

from acogida.app.wiring import Services
from acogida.features.cycles.model import Cycle
from acogida.features.initiatives import store
from acogida.features.initiatives.grid.matrix import COLUMNS, NAME
from acogida.kernel.audit import AuditEntry
from acogida.kernel.db import new_id
from acogida.kernel.tenancy import Tenant
from support.make import make_municipality, make_person, work_as
from support.make_plan import make_axis, make_finding, make_initiative, make_objective, make_plan, whole
from support.visitor import Visitor

STYLES = Path(__file__).resolve().parents[2] / "platform" / "assets" / "src" / "grid.css"


async def _secretary(services: Services, visitor: Visitor) -> Tenant:
    tenant = await make_municipality(services)
    await make_person(services, tenant)
    await visitor.sign_in("rosa@temuco.cl")
    return tenant


async def _send(visitor: Visitor, path: str, body: dict[str, Any]) -> httpx.Response:
    """As the script of the grid sends it."""
    return await visitor.http.post(
        f"/m/temuco/iniciativas/{path}", json=body, headers={"x-csrftoken": await visitor.csrf()}
    )


# --- One cell ------------------------------------------------------------------------------------


async def test_a_cell_is_saved_by_itself(services: Services, visitor: Visitor) -> None:
    """Money with points is read, written back as people write it, and told in the book as one sentence."""
    tenant = await _secretary(services, visitor)
    async with work_as(services, tenant) as work:
        row = await make_initiative(work, budget=40)

    answer = await _send(
        visitor, f"{row.id}/celda", {"field": "budget", "value": "$ 8.200.000", "before": "40", "version": 1}
    )

    assert answer.status_code == 200
    assert answer.json()["cells"] == {"budget": "8.200.000"}
    assert answer.json()["version"] == 2
    async with work_as(services, tenant) as work:
        assert (await store.initiative(work, row.id)).budget == 8_200_000
        entry = await work.session.scalar(select(AuditEntry).where(AuditEntry.tag == "initiative.edited"))
        assert entry is not None
        assert entry.sentence == (
            "cambió «Presupuesto» de la iniciativa «Escuela de líderes y lideresas» de «40» a «8200000»"
        )


async def test_the_same_cell_written_by_two_people_is_a_conflict(services: Services, visitor: Visitor) -> None:
    """The second one gets the text of the first beside hers, and nothing is written over."""
    tenant = await _secretary(services, visitor)
    async with work_as(services, tenant) as work:
        row = await make_initiative(work, target="40 personas")
    cell = {"field": "target", "before": "40 personas", "version": 1}

    await _send(visitor, f"{row.id}/celda", {**cell, "value": "Lo que guardó Ana"})
    mine = await _send(visitor, f"{row.id}/celda", {**cell, "value": "Lo que escribí yo"})
    kept = await _send(
        visitor,
        f"{row.id}/celda",
        {"field": "target", "value": "Lo que escribí yo", "before": "Lo que guardó Ana", "version": 2},
    )

    assert mine.status_code == 409
    assert mine.json()["value"] == "Lo que guardó Ana"
    assert mine.json()["version"] == 2
    assert kept.status_code == 200


async def test_two_people_in_different_cells_of_a_row_do_not_meet(services: Services, visitor: Visitor) -> None:
    """No conflict; the second one gets the whole row, so that what she sees is what there is."""
    tenant = await _secretary(services, visitor)
    async with work_as(services, tenant) as work:
        row = await make_initiative(work, target="40 personas")

    await _send(visitor, f"{row.id}/celda", {"field": "unit", "value": "Dideco", "before": "", "version": 1})
    second = await _send(
        visitor, f"{row.id}/celda", {"field": "strategy", "value": "Acercar", "before": "", "version": 1}
    )
    # Seen without reading again: the row on her screen is now as new as its version says.
    unseen = await _send(
        visitor,
        f"{row.id}/celda",
        {"field": "unit", "value": "Secplan", "before": "", "version": second.json()["version"]},
    )

    assert second.status_code == 200
    assert second.json()["cells"]["unit"] == "Dideco"
    assert unseen.status_code == 409


async def test_a_wrong_cell_is_refused_with_its_reason(services: Services, visitor: Visitor) -> None:
    """A date that does not exist, one before its beginning, an eje nobody wrote, a name left empty, a column that is not."""
    tenant = await _secretary(services, visitor)
    async with work_as(services, tenant) as work:
        row = await make_initiative(work, **whole(await make_axis(work)))

    async def refused(field: str, value: str, before: str) -> str:
        answer = await _send(
            visitor, f"{row.id}/celda", {"field": field, "value": value, "before": before, "version": 1}
        )
        assert answer.status_code == 422, answer.text
        return answer.json()["message"]

    assert "una fecha que exista" in await refused("starts_on", "31-02-2027", "01-03-2027")
    assert "El término es anterior al inicio" in await refused("starts_on", "01-12-2027", "01-03-2027")
    assert "Los ejes son: Acogida y derechos" in await refused("axis_id", "Turismo", "Acogida y derechos")
    assert "Falta completar" in await refused("name", "", row.name)
    assert "no se edita en la planilla" in await refused("reviewed_by", "Yo", "")
    assert "admite hasta 4.000 caracteres" in await refused("target", "ñ" * 10_000_000, "60 personas formadas")


async def test_an_axis_or_an_objective_is_chosen_by_its_name(services: Services, visitor: Visitor) -> None:
    """In another eje the initiative goes last; the objective may be told by its number."""
    tenant = await _secretary(services, visitor)
    async with work_as(services, tenant) as work:
        health = await make_axis(work, "Salud")
        await make_initiative(work, "Otra", axis_id=health.id, position=7)
        objective = await make_objective(work)
        row = await make_initiative(work)

    moved = await _send(visitor, f"{row.id}/celda", {"field": "axis_id", "value": "salud", "before": "", "version": 1})
    tied = await _send(visitor, f"{row.id}/celda", {"field": "objective_id", "value": "1", "before": "", "version": 2})

    assert moved.json()["axis"] == str(health.id)
    assert tied.json()["cells"]["objective_id"] == "1. Reducir las barreras de acceso"
    async with work_as(services, tenant) as work:
        now = await store.initiative(work, row.id)
        assert (now.axis_id, now.position, now.objective_id) == (health.id, 8, objective.id)


async def test_nobody_writes_in_the_grid_of_another_or_without_the_right(services: Services, visitor: Visitor) -> None:
    """A row of another commune does not exist; who may only read is refused."""
    tenant = await make_municipality(services)
    other = await make_municipality(services, cut="13201", name="Puente Alto", slug="puente-alto")
    await make_person(services, tenant)
    await make_person(services, tenant, email="oscar@temuco.cl", roles=["unit_owner"])
    async with work_as(services, other) as work:
        foreign = await make_initiative(work)
    async with work_as(services, tenant) as work:
        mine = await make_initiative(work)
    cell = {"field": "unit", "value": "Dideco", "before": "", "version": 1}

    await visitor.sign_in("rosa@temuco.cl")
    gone = await _send(visitor, f"{foreign.id}/celda", cell)
    await visitor.post("/salir")
    await visitor.sign_in("oscar@temuco.cl")
    refused = await _send(visitor, f"{mine.id}/celda", cell)

    assert gone.status_code == 404
    assert refused.status_code == 403


# --- Many at once --------------------------------------------------------------------------------


async def test_a_paste_writes_what_is_right_and_tells_what_is_not(services: Services, visitor: Visitor) -> None:
    """New rows at the end of the eje, changed ones in place; each refused cell comes back with its row and its reason."""
    tenant = await _secretary(services, visitor)
    async with work_as(services, tenant) as work:
        axis = await make_axis(work)
        known = await make_initiative(work, axis_id=axis.id)

    answer = await _send(
        visitor,
        "filas",
        {
            "axis": str(axis.id),
            "rows": [
                {"id": str(known.id), "version": 1, "cells": {"unit": "Dideco", "budget": "mucho"}},
                {"cells": {"name": "Radio comunitaria", "target": "12 programas", "starts_on": "1-3-2027"}},
                {"cells": {"name": "", "target": "Sin nombre"}},
                {"id": str(known.id), "version": 9, "cells": {"unit": "Secplan"}},
            ],
        },
    )

    body = answer.json()
    assert answer.status_code == 200
    assert (body["added"], body["changed"]) == (1, 1)
    assert body["rows"]["1"]["cells"]["starts_on"] == "01-03-2027"
    assert [(fault["place"], fault["field"]) for fault in body["faults"]] == [(0, "budget"), (2, "name"), (3, "")]
    async with work_as(services, tenant) as work:
        plan = await store.initiatives(work)
    assert [(row.name, row.unit, row.axis) for row in plan] == [
        ("Escuela de líderes y lideresas", "Dideco", "Acogida y derechos"),
        ("Radio comunitaria", "", "Acogida y derechos"),
    ]


async def test_a_paste_too_large_writes_nothing(services: Services, visitor: Visitor) -> None:
    tenant = await _secretary(services, visitor)

    answer = await _send(
        visitor, "filas", {"axis": "", "rows": [{"cells": {"name": f"Fila {n}"}} for n in range(1001)]}
    )

    assert answer.status_code == 422
    assert "hasta 1000 a la vez" in answer.json()["message"]
    async with work_as(services, tenant) as work:
        assert await store.initiatives(work) == []


# --- Reading -------------------------------------------------------------------------------------


async def test_filters_are_words_in_the_address(services: Services, visitor: Visitor) -> None:
    """By eje, unit, dimension, what is incomplete, and words without accents; together they narrow more."""
    tenant = await _secretary(services, visitor)
    async with work_as(services, tenant) as work:
        axis = await make_axis(work)
        await make_initiative(work, "Escuela de líderes", **whole(axis), dimensions=["dim_8"])
        await make_initiative(work, "Convalidación de títulos", unit="OMIL", strategy="100 % gratuita")

    async def found(query: str) -> list[str]:
        page = (await visitor.get(f"/m/temuco/iniciativas?{query}")).text
        return re.findall(r'<th scope="row"><a href="/m/temuco/iniciativas/[0-9a-f-]{36}">([^<]+)', page)

    assert await found("") == ["Escuela de líderes", "Convalidación de títulos"]
    assert await found(f"eje={axis.id}") == ["Escuela de líderes"]
    assert await found("eje=ninguno") == ["Convalidación de títulos"]
    assert await found("unidad=OMIL") == ["Convalidación de títulos"]
    assert await found("dimension=dim_8") == ["Escuela de líderes"]
    assert await found("estado=incompletas") == ["Convalidación de títulos"]
    assert await found("q=CONVALIDACION titulos") == ["Convalidación de títulos"]
    assert await found("q=100%25 gratuita") == []
    assert await found("q=100 %25 gratuita") == ["Convalidación de títulos"]
    assert await found("unidad=OMIL&q=lideres") == []


async def test_what_people_write_is_never_markup(services: Services, visitor: Visitor) -> None:
    """Tags, quotes and the grid's own control characters come out as text or not at all."""
    tenant = await _secretary(services, visitor)
    async with work_as(services, tenant) as work:
        axis = await make_axis(work, "<b>Eje</b>")
        row = await make_initiative(
            work, '<img src=x onerror="alert(1)">', axis_id=axis.id, unit="\"><script>alert('2')</script>"
        )
    await _send(
        visitor, f"{row.id}/celda", {"field": "strategy", "value": "\x1cuno\x1ddos\x1a", "before": "", "version": 1}
    )

    page = (await visitor.get("/m/temuco/iniciativas")).text

    assert "<img" not in page
    assert "<script>alert" not in page
    assert "<b>Eje" not in page
    assert "&lt;img src=x onerror=&#34;alert(1)&#34;&gt;" in page
    assert "unodos" in page


async def test_a_long_text_is_cut_and_says_where_it_goes_on(services: Services, visitor: Visitor) -> None:
    """A page of two hundred essays would be heavy: the grid shows the beginning, the initiative's page the whole."""
    tenant = await _secretary(services, visitor)
    async with work_as(services, tenant) as work:
        row = await make_initiative(work, description="ñ" * 5000, actions="Corta")

    grid = (await visitor.get("/m/temuco/iniciativas")).text
    page = (await visitor.get(f"/m/temuco/iniciativas/{row.id}")).text

    assert "ñ" * 320 + '<span class="grid__cut" data-cut>' in grid
    assert "ñ" * 321 not in grid
    assert grid.count("data-cut") == 1
    assert "ñ" * 5000 in page


async def test_totals_and_states_agree_with_the_rules_of_one_initiative(services: Services, visitor: Visitor) -> None:
    """What PostgreSQL counts is what the page of each initiative says: pesos, how many are incomplete, what they lack."""
    tenant = await _secretary(services, visitor)
    async with work_as(services, tenant) as work:
        axis = await make_axis(work)
        await make_initiative(work, "Entera", **whole(axis), budget=8_200_000)
        for field in ("axis_id", "description", "target", "unit", "starts_on", "ends_on"):
            empty = None if field.endswith(("_id", "_on")) else ""
            await make_initiative(work, f"Sin {field}", **{**whole(axis), field: empty}, budget=0)

    page = (await visitor.get("/m/temuco/iniciativas")).text

    assert "<b>7</b> iniciativas" in page
    assert "$8.200.000" in page
    assert "6 incompletas" in page
    for field, state in (
        ("Entera", "Completa"),
        ("Sin axis_id", "Falta: eje"),
        ("Sin description", "Falta: en qué consiste"),
        ("Sin target", "Falta: meta"),
        ("Sin unit", "Falta: unidad"),
        ("Sin starts_on", "Falta: fechas"),
        ("Sin ends_on", "Falta: fechas"),
    ):
        row = page[page.index(f">{field}</a>") :]
        assert row[: row.index("\n")].endswith(f"<td>{state}"), field


async def test_the_grid_shows_the_cycle_in_course_only(services: Services, visitor: Visitor) -> None:
    """Initiatives, ejes and objectives of an earlier policy stay with it."""
    tenant = await _secretary(services, visitor)
    async with work_as(services, tenant) as work:
        earlier = Cycle(id=new_id(), number=2, guide_version="2025.04", valid_from=None, valid_until=None)
        work.session.add(earlier)
        await work.session.flush()
        old_axis = await make_axis(work, "Eje antiguo")
        old = await make_initiative(work, "Iniciativa antigua")
        async with work.session.every_cycle():
            old_axis.cycle_id = old.cycle_id = earlier.id
        await make_initiative(work, "Iniciativa de hoy")

    for view in ("planilla", "fichas"):
        page = (await visitor.get(f"/m/temuco/iniciativas?vista={view}")).text
        assert "Iniciativa de hoy" in page
        assert "antigu" not in page


async def test_two_hundred_initiatives_make_a_light_page(services: Services, visitor: Visitor) -> None:
    """Compressed, the whole matrix is lighter than a photograph; nothing is asked for row by row."""
    tenant = await _secretary(services, visitor)
    async with work_as(services, tenant) as work:
        await make_plan(work, initiatives=200)

    answer = await visitor.get("/m/temuco/iniciativas", headers={"accept-encoding": "gzip"})

    assert answer.text.count("<tr id=") == 200
    assert int(answer.headers["content-length"]) < 60_000


def test_the_styles_know_the_columns_by_their_place() -> None:
    """On a phone each cell says its name, told by position: a column that moves has to move there too."""
    told = dict(re.findall(r"td:nth-child\((\d+)\)::before \{ content: \"([^\"]+)\"", STYLES.read_text()))
    words = {
        str(place): column.words
        for place, column in enumerate((NAME, *COLUMNS), 1)
        if column.field not in ("name", "axis_id")
    }

    assert told == {**words, str(len(COLUMNS) + 2): "Diseño"}


async def test_the_calendar_and_the_cards_tell_the_same_plan(services: Services, visitor: Visitor) -> None:
    """What has no dates says so; each drawing has its table."""
    tenant = await _secretary(services, visitor)
    async with work_as(services, tenant) as work:
        axis = await make_axis(work)
        await make_initiative(work, "Con fechas", **whole(axis), findings=[await make_finding(work)])
        await make_initiative(work, "Sin nada", axis_id=axis.id)

    calendar = (await visitor.get("/m/temuco/iniciativas?vista=gantt")).text
    cards = (await visitor.get("/m/temuco/iniciativas?vista=fichas")).text

    assert calendar.count("<svg xmlns") == 1
    assert "Sin fechas" in calendar
    assert "01-03-2027 a 30-11-2027" in calendar
    assert "Falta: en qué consiste, meta, unidad, fechas" in cards
