"""The guide, open to anybody: its stages and steps, its words, who does what in the State, and how Acogida reads it.

Texts are ours and cite the section of the guide; nothing here needs an account.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from litestar import get
from litestar.response import Template

from acogida.features.methodology.coverage import coverage
from acogida.features.methodology.model import Guide, Level, Row, Step, TermGroup
from acogida.kernel.errors import NotFound
from acogida.web.routing import PUBLIC, public
from acogida.web.view import View

LEVELS: Mapping[str, tuple[Level, ...]] = {
    "Lo que se necesita para avanzar": (Level.MINIMUM, Level.ADVANCE),
    "Lo ideal": (Level.IDEAL,),
    "Lo que la guía establece": (Level.RULE,),
    "Lo que recomienda": (Level.RECOMMENDATION,),
    "Cable a tierra": (Level.GROUND_TIP,),
    "Preguntas que orientan": (Level.GUIDING_QUESTION,),
    "Qué registrar": (Level.TEMPLATE,),
    "Límites": (Level.RESTRICTION,),
}
"""Headings of a step's page, in the order in which they help."""

GROUPS: Mapping[TermGroup, str] = {
    TermGroup.CONCEPT: "Migración y protección",
    TermGroup.PLANNING: "Planificación",
    TermGroup.INSTITUTION: "Instituciones e instrumentos",
}


def current(guides: Mapping[str, Guide]) -> Guide:
    """This function will give the newest version of the guide, which is the one that anybody reads."""
    return guides[max(guides)]


@dataclass(frozen=True, slots=True)
class StepSummary:
    """What a step asks, in short."""

    step: Step
    needed: Sequence[Sequence[Row]]
    """Groups of alternatives: one row of each is enough."""
    ideal: Sequence[Row]
    duties: Sequence[Row]


def summary(guide: Guide, step: Step) -> StepSummary:
    """This function will give what the gates of a step ask in that step."""
    gates = guide.gates_of_step(step.key)
    groups = [[guide.row(row) for row in group] for gate in gates for group in (*gate.minimum, *gate.required)]
    return StepSummary(
        step,
        [group for group in groups if any(row.step == step.key for row in group)],
        [row for gate in gates for row in map(guide.row, gate.ideal) if row.step == step.key],
        [row for gate in gates for row in map(guide.row, gate.duties) if row.step == step.key],
    )


@get("/guia", permission=PUBLIC)
async def overview(view: View, guides: dict[str, Guide]) -> Template:
    guide = current(guides)
    stages = [(stage, [summary(guide, step) for step in guide.steps_of(stage.key)]) for stage in guide.stages]
    return view.page("methodology/overview.html", guide=guide, stages=stages)


@get("/guia/{step:str}", permission=PUBLIC)
async def step_page(view: View, guides: dict[str, Guide], step: str) -> Template:
    guide = current(guides)
    try:
        here = guide.step(step)
    except KeyError:
        raise NotFound from None
    place = guide.steps.index(here)
    return view.page(
        "methodology/step.html",
        guide=guide,
        here=here,
        stage=guide.stage(here.stage),
        groups=grouped(guide.rows_of(step)),
        tools=grouped(guide.tools_of(step)),
        templates=[template for template in guide.templates if template.step == step],
        documents=[document for document in guide.documents if step in document.steps],
        readings=guide.readings_of(step),
        previous=guide.steps[place - 1] if place else None,
        following=guide.steps[place + 1] if place + 1 < len(guide.steps) else None,
    )


def grouped(rows: Sequence[Row]) -> list[tuple[str, list[Row]]]:
    """This function will put rows under the headings of `LEVELS`, without the headings that have none."""
    found = ((title, [row for row in rows if row.level in levels]) for title, levels in LEVELS.items())
    return [(title, group) for title, group in found if group]


@get("/guia/glosario", permission=PUBLIC)
async def glossary(view: View, guides: dict[str, Guide]) -> Template:
    guide = current(guides)
    groups = [
        (title, sorted((term for term in guide.glossary if term.group is group), key=lambda term: term.term.casefold()))
        for group, title in GROUPS.items()
    ]
    return view.page("methodology/glossary.html", guide=guide, groups=groups)


@get("/guia/competencias", permission=PUBLIC)
async def competences(view: View, guides: dict[str, Guide]) -> Template:
    guide = current(guides)
    return view.page("methodology/competences.html", guide=guide, table=guide.competences)


@get("/guia/lecturas", permission=PUBLIC)
async def readings(view: View, guides: dict[str, Guide]) -> Template:
    guide = current(guides)
    return view.page("methodology/readings.html", guide=guide)


@get("/guia/cobertura", permission=PUBLIC)
async def coverage_page(view: View, guides: dict[str, Guide]) -> Template:
    guide = current(guides)
    return view.page("methodology/coverage.html", guide=guide, counted=coverage(guide))


ROUTES = [public(overview, glossary, competences, readings, coverage_page, step_page)]
