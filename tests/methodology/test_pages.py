"""The guide, as anybody reads it without an account."""

import pytest

from acogida.app.wiring import Services
from acogida.features.methodology.coverage import coverage
from acogida.features.methodology.pages import LEVELS, current
from support.visitor import Visitor


@pytest.mark.parametrize(
    ("place", "words"),
    [
        ("", "Cinco etapas y dieciséis pasos"),
        ("/glosario", "la guía también dice"),
        ("/competencias", "Municipalidades"),
        ("/lecturas", "Cómo lee Acogida la guía"),
        ("/cobertura", "Lo que Acogida todavía no hace"),
    ],
)
async def test_the_guide_is_open_to_anybody(visitor: Visitor, place: str, words: str) -> None:
    """Each page answers without an account."""
    page = await visitor.get(f"/guia{place}")

    assert page.status_code == 200
    assert words in page.text


async def test_every_row_of_a_step_is_on_its_page_with_its_section(visitor: Visitor, services: Services) -> None:
    """Nothing that the guide says of a step is left out, nor what its tools add."""
    guide = current(services.guides)
    levels = {level for group in LEVELS.values() for level in group}
    for step in guide.steps:
        page = await visitor.get(f"/guia/{step.key}")
        assert page.status_code == 200
        for row in (*guide.rows_of(step.key), *guide.tools_of(step.key)):
            assert row.level in levels
            assert f'id="{row.id}"' in page.text, row.id


async def test_the_coverage_is_told_as_counted(visitor: Visitor, services: Services) -> None:
    """The page shows the totals of the count, and what is planned says what it will do."""
    guide = current(services.guides)
    counted = coverage(guide)

    page = (await visitor.get("/guia/cobertura")).text

    assert f">{counted.total}<" in page
    planned = [row for part in counted.stages for row in part.planned]
    assert page.count('class="guide-rows"') == sum(bool(part.planned) for part in counted.stages)
    assert len(planned) == counted.planned


async def test_a_step_that_the_guide_does_not_have_is_not_found(visitor: Visitor) -> None:
    """As any other page that does not exist."""
    assert (await visitor.get("/guia/9.9")).status_code == 404
