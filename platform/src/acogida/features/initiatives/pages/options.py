"""What the choices of the plan's forms offer: pairs of value and words, with help where it says more."""

from collections.abc import Iterable

from acogida.features.diagnosis.public import FINDING_KINDS, Finding
from acogida.features.initiatives.model import Axis, Objective
from acogida.features.methodology.model import Area, Guide


def of_axes(axes: Iterable[Axis]) -> list[tuple[str, str]]:
    return [(str(axis.id), axis.name) for axis in axes]


def of_objectives(objectives: Iterable[Objective]) -> list[tuple[str, str]]:
    """The specific ones, by their number in the plan."""
    specific = (each for each in objectives if each.kind == "specific")
    return [(str(each.id), f"{place}. {each.statement[:160]}") for place, each in enumerate(specific, 1)]


def of_findings(findings: Iterable[Finding]) -> list[tuple[str, str]]:
    return [(str(each.id), f"{each.title} · {FINDING_KINDS.get(each.kind, '')}".rstrip(" ·")) for each in findings]


def of_dimensions(guide: Guide) -> list[tuple[str, str, str]]:
    return [(each.key, each.title, each.description) for each in guide.dimensions]


def of_competences(guide: Guide) -> list[tuple[str, str]]:
    """What a municipality may do by law, by the row of the guide that says it (HERR-1.1)."""
    municipal = next(level for level in guide.competences.levels if level.key == "municipality")
    areas = {area.key: area.title.split()[0] for area in guide.competences.areas}
    return [
        (row, f"{areas[functions.area]}: {text}")
        for functions in municipal.functions
        if functions.area is not Area.REGULARISATION
        for row, text in zip(functions.rows, functions.does, strict=False)
    ]
