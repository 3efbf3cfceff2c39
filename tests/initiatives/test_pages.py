"""The plan as people at the screen meet it."""

import pytest

from acogida.app.wiring import Services
from support.make import make_municipality, make_person, work_as
from support.make_plan import make_axis, make_finding, make_initiative, make_objective, whole
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


@pytest.mark.parametrize("path", PAGES)
async def test_every_page_opens_on_an_empty_plan(services: Services, visitor: Visitor, path: str) -> None:
    """Nothing written yet is a state that each page explains."""
    await make_person(services, await make_municipality(services))
    await visitor.sign_in("rosa@temuco.cl")

    page = await visitor.get(f"/m/temuco/{path}")

    assert page.status_code == 200
    assert page.text.count("<h1") == 1
    assert page.text.count("button--primary") <= 1
