"""Questions about the plan: its frame, ejes, objectives, initiatives and what ties them to findings."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, and_, delete, func, select
from sqlalchemy.orm import aliased

from acogida.features.initiatives.model import (
    Axis,
    Initiative,
    InitiativeFinding,
    Objective,
    ObjectiveFinding,
    PlanReview,
    StrategicFrame,
)
from acogida.kernel.errors import NotFound
from acogida.kernel.work import Work, asked_once

S = TypeVar("S", bound=Select[*tuple[Any, ...]])
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class PlannedInitiative:
    """One initiative with every field, and the words of its eje and its objective («» where it has none)."""

    id: UUID
    version: int
    name: str
    description: str
    goal: str
    axis_id: UUID | None
    objective_id: UUID | None
    strategy: str
    actions: str
    expected_results: str
    beneficiaries: str
    actors: str
    alliances: str
    unit: str
    responsible: str
    substitute: str
    budget: int | None
    funding_source: str
    funding_state: str
    needs_extra_funding: bool | None
    pmg_pladeco: str
    starts_on: date | None
    ends_on: date | None
    indicator: str
    target: str
    directness: str
    dimensions: list[str]
    competence: str
    workshop_entry_id: UUID | None
    position: int
    reviewed_on: date | None
    reviewed_by: str
    review_notes: str
    axis: str
    objective: str


@dataclass(frozen=True, slots=True)
class Alike:
    """Two initiatives or objectives that may be the same; `share` goes from 0 to 1."""

    one_id: UUID
    one: str
    other_id: UUID
    other: str
    share: float


# Made once: the board and most pages ask these, and making a query costs as much as asking it.
_FRAME = select(StrategicFrame)
_REVIEWS = select(PlanReview).order_by(PlanReview.id.desc())
_AXES = select(Axis).order_by(Axis.position, Axis.id)
_UNITS = select(Initiative.unit).where(Initiative.unit != "").distinct().order_by(Initiative.unit)
_OBJECTIVES = select(Objective).order_by(Objective.kind != "general", Objective.position, Objective.id)

# --- Frame ---------------------------------------------------------------------------------------


async def frame(work: Work, *, lock: bool = False) -> StrategicFrame | None:
    return await work.session.scalar(_locked(_FRAME, lock))


# --- Ejes ----------------------------------------------------------------------------------------


async def axes(work: Work, *, lock: bool = False) -> Sequence[Axis]:
    """In the order that people gave them."""
    return (await work.session.scalars(_locked(_AXES, lock))).all()


async def axis(work: Work, axis_id: UUID, *, lock: bool = False) -> Axis:
    return _found(await work.session.scalar(_locked(select(Axis).where(Axis.id == axis_id), lock)))


async def erase_axis(work: Work, axis_id: UUID) -> None:
    await work.session.execute(delete(Axis).where(Axis.id == axis_id))


# --- Objectives ----------------------------------------------------------------------------------


async def objectives(work: Work, *, lock: bool = False) -> Sequence[Objective]:
    """The general one first, then the specific ones in their order."""
    return (await work.session.scalars(_locked(_OBJECTIVES, lock))).all()


async def objective(work: Work, objective_id: UUID, *, lock: bool = False) -> Objective:
    return _found(await work.session.scalar(_locked(select(Objective).where(Objective.id == objective_id), lock)))


async def general_objective(work: Work, *, lock: bool = False) -> Objective | None:
    return await work.session.scalar(_locked(select(Objective).where(Objective.kind == "general"), lock))


async def erase_objective(work: Work, objective_id: UUID) -> None:
    await work.session.execute(delete(Objective).where(Objective.id == objective_id))


# --- Initiatives ---------------------------------------------------------------------------------

_OWN = tuple(getattr(Initiative, item.name) for item in fields(PlannedInitiative) if hasattr(Initiative, item.name))
_IN_PLAN_ORDER = (Axis.position.asc().nulls_last(), Axis.id.asc().nulls_last(), Initiative.position, Initiative.id)


def _planned() -> Select[*tuple[Any, ...]]:
    return (
        select(*_OWN, func.coalesce(Axis.name, ""), func.coalesce(Objective.statement, ""))
        .outerjoin(Axis, and_(Axis.tenant_id == Initiative.tenant_id, Axis.id == Initiative.axis_id))
        .outerjoin(
            Objective, and_(Objective.tenant_id == Initiative.tenant_id, Objective.id == Initiative.objective_id)
        )
    )


_WHOLE_PLAN = _planned().order_by(*_IN_PLAN_ORDER)


@asked_once
async def initiatives(work: Work) -> list[PlannedInitiative]:
    """Every initiative, by eje and position; those without an eje last."""
    rows = await work.session.execute(_WHOLE_PLAN)
    return [_made(PlannedInitiative, row) for row in rows]


async def planned_initiative(work: Work, initiative_id: UUID) -> PlannedInitiative:
    row = (await work.session.execute(_planned().where(Initiative.id == initiative_id))).first()
    return _made(PlannedInitiative, _found(row))


async def initiatives_by_id(work: Work, *, after: UUID | None, limit: int) -> list[PlannedInitiative]:
    """By id, which is the order in which they were written down: for readers that go on from a cursor."""
    query = _planned().order_by(Initiative.id).limit(limit)
    rows = await work.session.execute(query.where(Initiative.id > after) if after else query)
    return [_made(PlannedInitiative, row) for row in rows]


async def initiative(work: Work, initiative_id: UUID, *, lock: bool = False) -> Initiative:
    return _found(await work.session.scalar(_locked(select(Initiative).where(Initiative.id == initiative_id), lock)))


async def initiatives_of_axis(work: Work, axis_id: UUID | None, *, lock: bool = False) -> Sequence[Initiative]:
    """Those of one eje (or of none), by position."""
    query = select(Initiative).where(_in_axis(axis_id)).order_by(Initiative.position, Initiative.id)
    return (await work.session.scalars(_locked(query, lock))).all()


async def initiatives_of(work: Work, ids: Iterable[UUID], *, lock: bool = False) -> dict[UUID, Initiative]:
    """Those of these ids that exist here, by id."""
    query = select(Initiative).where(Initiative.id.in_(list(ids))).order_by(Initiative.id)
    return {row.id: row for row in await work.session.scalars(_locked(query, lock))}


async def initiatives_by_axis(work: Work) -> dict[UUID | None, int]:
    """How many initiatives each eje has; None for those without one."""
    rows = await work.session.execute(select(Initiative.axis_id, func.count()).group_by(Initiative.axis_id))
    return dict(rows.all())


async def initiatives_by_objective(work: Work) -> dict[UUID | None, int]:
    """How many initiatives answer each objective; None for those that answer none."""
    rows = await work.session.execute(select(Initiative.objective_id, func.count()).group_by(Initiative.objective_id))
    return dict(rows.all())


async def initiatives_of_objective(work: Work, objective_id: UUID) -> Sequence[Initiative]:
    query = (
        select(Initiative).where(Initiative.objective_id == objective_id).order_by(Initiative.position, Initiative.id)
    )
    return (await work.session.scalars(query)).all()


async def units(work: Work) -> Sequence[str]:
    """The units named so far as responsible, in alphabetical order."""
    return (await work.session.scalars(_UNITS)).all()


async def last_position(work: Work, axis_id: UUID | None) -> int:
    """The highest position in use in an eje (or outside every one); 0 where it is empty."""
    return await work.session.scalar(select(func.max(Initiative.position)).where(_in_axis(axis_id))) or 0


async def entries_taken(work: Work) -> frozenset[UUID]:
    """Contributions of workshops that already became an initiative."""
    query = select(Initiative.workshop_entry_id).where(Initiative.workshop_entry_id.is_not(None))
    return frozenset(entry for entry in await work.session.scalars(query) if entry)


async def erase_initiative(work: Work, initiative_id: UUID) -> None:
    await work.session.execute(delete(Initiative).where(Initiative.id == initiative_id))


# --- The thread ----------------------------------------------------------------------------------


async def findings_of_initiatives(work: Work) -> dict[UUID, list[UUID]]:
    """Findings that each initiative answers, by initiative."""
    return _grouped(await work.session.execute(select(InitiativeFinding.initiative_id, InitiativeFinding.finding_id)))


async def findings_of_objectives(work: Work) -> dict[UUID, list[UUID]]:
    """Findings that each objective answers, by objective."""
    return _grouped(await work.session.execute(select(ObjectiveFinding.objective_id, ObjectiveFinding.finding_id)))


async def findings_of_initiative(work: Work, initiative_id: UUID) -> Sequence[UUID]:
    query = select(InitiativeFinding.finding_id).where(InitiativeFinding.initiative_id == initiative_id)
    return (await work.session.scalars(query)).all()


async def findings_of_objective(work: Work, objective_id: UUID) -> Sequence[UUID]:
    query = select(ObjectiveFinding.finding_id).where(ObjectiveFinding.objective_id == objective_id)
    return (await work.session.scalars(query)).all()


async def unlink_initiative(work: Work, initiative_id: UUID, findings: Iterable[UUID]) -> None:
    mine, gone = InitiativeFinding.initiative_id == initiative_id, InitiativeFinding.finding_id.in_(list(findings))
    await work.session.execute(delete(InitiativeFinding).where(mine, gone))


async def unlink_objective(work: Work, objective_id: UUID, findings: Iterable[UUID]) -> None:
    mine, gone = ObjectiveFinding.objective_id == objective_id, ObjectiveFinding.finding_id.in_(list(findings))
    await work.session.execute(delete(ObjectiveFinding).where(mine, gone))


async def initiatives_answering(work: Work, finding_ids: Iterable[UUID]) -> dict[UUID, list[tuple[UUID, str]]]:
    """For each finding, the (id, name) of the initiatives that answer it."""
    query = (
        select(InitiativeFinding.finding_id, Initiative.id, Initiative.name)
        .join(
            Initiative,
            and_(Initiative.tenant_id == InitiativeFinding.tenant_id, Initiative.id == InitiativeFinding.initiative_id),
        )
        .where(InitiativeFinding.finding_id.in_(list(finding_ids)))
        .order_by(Initiative.name)
    )
    found: dict[UUID, list[tuple[UUID, str]]] = {}
    for finding_id, initiative_id, name in await work.session.execute(query):
        found.setdefault(finding_id, []).append((initiative_id, name))
    return found


# --- The plan as a whole -------------------------------------------------------------------------


async def alike_initiatives(work: Work, *, least: float = 0.45, limit: int = 30) -> list[Alike]:
    """Pairs whose names or purposes look alike by their trigrams, the most alike first."""
    one, other = aliased(Initiative), aliased(Initiative)
    share = func.greatest(
        func.similarity(one.name, other.name),
        func.similarity(func.nullif(func.left(one.goal, 300), ""), func.nullif(func.left(other.goal, 300), "")),
    )
    query = (
        select(one.id, one.name, other.id, other.name, share)
        .join(other, and_(other.tenant_id == one.tenant_id, other.id > one.id))
        .where(share >= least)
        .order_by(share.desc(), one.id)
        .limit(limit)
    )
    return [_made(Alike, row) for row in await work.session.execute(query)]


async def alike_objectives(work: Work, *, least: float = 0.55) -> list[Alike]:
    """Pairs of specific objectives that say nearly the same."""
    one, other = aliased(Objective), aliased(Objective)
    share = func.similarity(one.statement, other.statement)
    query = (
        select(one.id, one.statement, other.id, other.statement, share)
        .join(other, and_(other.tenant_id == one.tenant_id, other.id > one.id, other.kind == one.kind))
        .where(share >= least)
        .order_by(share.desc(), one.id)
        .limit(20)
    )
    return [_made(Alike, row) for row in await work.session.execute(query)]


async def reviews(work: Work) -> Sequence[PlanReview]:
    """Final checks of the plan, the newest first."""
    return (await work.session.scalars(_REVIEWS)).all()


def _in_axis(axis_id: UUID | None) -> ColumnElement[bool]:
    return Initiative.axis_id == axis_id if axis_id else Initiative.axis_id.is_(None)


def _grouped(pairs: Iterable[Row[UUID, UUID]]) -> dict[UUID, list[UUID]]:
    found: dict[UUID, list[UUID]] = {}
    for owner, finding in pairs:
        found.setdefault(owner, []).append(finding)
    return found


def _locked(query: S, lock: bool) -> S:
    """Waits for whoever is writing the row, and reads it again even if this request had read it before."""
    return query.with_for_update().execution_options(populate_existing=True) if lock else query


def _made(kind: Callable[..., T], row: Sequence[Any]) -> T:
    """A record out of a row whose columns come in the record's order."""
    return kind(*row)


def _found(row: T | None) -> T:
    if row is None:
        raise NotFound
    return row
