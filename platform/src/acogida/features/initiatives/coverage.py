"""The plan looked at as a whole: what nobody answers, what is repeated, what is unfinished (PLAN-3.2-08, 09)."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from uuid import UUID

from acogida.features.diagnosis import public as diagnosis
from acogida.features.initiatives import store
from acogida.features.initiatives.model import missing_of
from acogida.features.initiatives.store import Alike, PlannedInitiative
from acogida.kernel.work import Work

FEW = 2
"""Initiatives that each eje is asked for in the workshop, at least (HERR-4.2-13)."""


@dataclass(frozen=True, slots=True)
class Named:
    """Something of the plan by its id and its words; `count` where a number says more."""

    id: UUID
    words: str
    count: int = 0


@dataclass(frozen=True, slots=True)
class Unfinished:
    """An initiative and the words of what its design lacks."""

    id: UUID
    name: str
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SharedFindings:
    """Two initiatives that answer the same findings: they may serve one need."""

    one: Named
    other: Named
    findings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Coverage:
    """What a final check of the plan looks at."""

    initiatives: int
    objectives_without_initiatives: tuple[Named, ...]
    axes_without_initiatives: tuple[Named, ...]
    axes_with_few: tuple[Named, ...]
    findings_unanswered: tuple[Named, ...]
    without_finding: tuple[Named, ...]
    incomplete: tuple[Unfinished, ...]
    unreviewed: tuple[Named, ...]
    alike: tuple[Alike, ...]
    same_findings: tuple[SharedFindings, ...]


async def coverage(work: Work) -> Coverage:
    """This function will compare objectives, ejes, findings and initiatives with one another."""
    rows = await store.initiatives(work)
    axes = await store.axes(work)
    objectives = [each for each in await store.objectives(work) if each.kind == "specific"]
    findings = {each.id: each.title for each in await diagnosis.findings(work)}
    links = await store.findings_of_initiatives(work)

    by_axis = _counted([row.axis_id for row in rows])
    by_objective = _counted([row.objective_id for row in rows])
    answered = {finding for found in links.values() for finding in found}
    return Coverage(
        initiatives=len(rows),
        objectives_without_initiatives=tuple(
            Named(each.id, each.statement) for each in objectives if not by_objective.get(each.id)
        ),
        axes_without_initiatives=tuple(Named(each.id, each.name) for each in axes if not by_axis.get(each.id)),
        axes_with_few=tuple(
            Named(each.id, each.name, by_axis[each.id]) for each in axes if 0 < by_axis.get(each.id, 0) < FEW
        ),
        findings_unanswered=tuple(Named(id_, title) for id_, title in findings.items() if id_ not in answered),
        without_finding=tuple(Named(row.id, row.name) for row in rows if not links.get(row.id)),
        incomplete=tuple(Unfinished(row.id, row.name, lacks) for row in rows if (lacks := missing_of(row))),
        unreviewed=tuple(Named(row.id, row.name) for row in rows if row.reviewed_on is None),
        alike=tuple(await store.alike_initiatives(work)),
        same_findings=tuple(_answering_the_same(rows, links, findings)),
    )


def _counted(ids: Sequence[UUID | None]) -> dict[UUID, int]:
    counts: dict[UUID, int] = {}
    for each in ids:
        if each:
            counts[each] = counts.get(each, 0) + 1
    return counts


def _answering_the_same(
    rows: Sequence[PlannedInitiative], links: dict[UUID, list[UUID]], findings: dict[UUID, str]
) -> list[SharedFindings]:
    """Groups of initiatives tied to exactly the same findings, two by two along the group."""
    groups: dict[frozenset[UUID], list[PlannedInitiative]] = {}
    for row in rows:
        if found := frozenset(links.get(row.id, ())):
            groups.setdefault(found, []).append(row)
    return [
        SharedFindings(
            Named(one.id, one.name), Named(other.id, other.name), tuple(findings.get(each, "") for each in found)
        )
        for found, same in groups.items()
        for one, other in pairwise(same)
    ]
