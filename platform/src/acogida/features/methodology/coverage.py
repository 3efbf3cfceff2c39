"""How much of the guide the product answers, counted from the rows themselves.

A row is live when it names the test that proves it, planned when the data say that no screen does it yet,
and unproven when a screen is named and no test has shown it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from textwrap import shorten

from acogida.features.methodology.model import Guide, Row, StageKey, State

_TITLES: Mapping[StageKey, str] = {
    StageKey.FRAMEWORK: "Marco y dimensiones",
    StageKey.TOOLS: "Herramientas y recursos",
    StageKey.DOCUMENT: "Índice del documento",
}


class Standing(StrEnum):
    """Where a row stands today."""

    LIVE = "live"
    UNPROVEN = "unproven"
    PLANNED = "planned"


@dataclass(frozen=True, slots=True, kw_only=True)
class StageCoverage:
    """The rows of one part of the guide, by where they stand."""

    stage: StageKey
    title: str
    live: tuple[Row, ...]
    unproven: tuple[Row, ...]
    planned: tuple[Row, ...]

    @property
    def total(self) -> int:
        """How many rows this part has."""
        return len(self.live) + len(self.unproven) + len(self.planned)


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """The coverage of one version of the guide, part by part."""

    version: str
    stages: tuple[StageCoverage, ...]

    @property
    def live(self) -> int:
        """How many rows a test proves."""
        return sum(len(stage.live) for stage in self.stages)

    @property
    def unproven(self) -> int:
        """How many rows name a screen and no test."""
        return sum(len(stage.unproven) for stage in self.stages)

    @property
    def planned(self) -> int:
        """How many rows the product does not do yet."""
        return sum(len(stage.planned) for stage in self.stages)

    @property
    def total(self) -> int:
        """How many rows the guide has."""
        return self.live + self.unproven + self.planned


def standing(row: Row) -> Standing:
    """Return where a row stands: only a row that is live and names its proof counts as live."""
    answer = row.satisfied_by
    if answer.state is State.PLANNED:
        return Standing.PLANNED
    if answer.state is State.LIVE and answer.proof:
        return Standing.LIVE
    return Standing.UNPROVEN


def coverage(guide: Guide) -> Coverage:
    """Count the guide's rows by part and standing."""
    titles = {**_TITLES, **{stage.key: stage.title for stage in guide.stages}}
    return Coverage(
        version=guide.version,
        stages=tuple(_stage_coverage(guide, key, titles[key]) for key in StageKey if guide.rows_of_stage(key)),
    )


def render(counted: Coverage) -> str:
    """Write the coverage as text for a terminal: the totals, then by part the rows not live and why."""
    lines = [
        f"Guía {counted.version}: {counted.live} de {counted.total} filas demostradas por una prueba, "
        f"{counted.unproven} con pantalla y sin prueba, {counted.planned} planificadas."
    ]
    for stage in counted.stages:
        lines += ["", f"{stage.title}: {len(stage.live)} de {stage.total}"]
        lines += [f"  {row.id:<13} sin prueba    {_screen(row)}: {_brief(row)}" for row in stage.unproven]
        lines += [f"  {row.id:<13} planificada   {_brief(row)}" for row in stage.planned]
    return "\n".join(lines) + "\n"


def _stage_coverage(guide: Guide, key: StageKey, title: str) -> StageCoverage:
    by_standing: dict[Standing, list[Row]] = {each: [] for each in Standing}
    for row in guide.rows_of_stage(key):
        by_standing[standing(row)].append(row)
    return StageCoverage(
        stage=key,
        title=title,
        live=tuple(by_standing[Standing.LIVE]),
        unproven=tuple(by_standing[Standing.UNPROVEN]),
        planned=tuple(by_standing[Standing.PLANNED]),
    )


def _screen(row: Row) -> str:
    if row.satisfied_by.screen is None:
        return "sin pantalla"
    return row.satisfied_by.screen or "tablero"


def _brief(row: Row) -> str:
    return shorten(row.satisfied_by.how, 110, placeholder="…")
