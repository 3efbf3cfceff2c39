"""JSON twins of the plan."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from litestar import Response, delete, get, patch, post, put

from acogida.features.initiatives import actions, store
from acogida.features.initiatives.coverage import Coverage, coverage
from acogida.features.initiatives.forms import (
    EditAxis,
    EditFrame,
    EditInitiative,
    EditObjective,
    ReviewInitiative,
    ReviewPlan,
)
from acogida.features.initiatives.grid.matrix import written as in_words
from acogida.features.initiatives.model import Initiative, Objective, missing_of
from acogida.features.initiatives.store import PlannedInitiative
from acogida.kernel.errors import NotFound
from acogida.kernel.work import Work
from acogida.web.api import After, IdempotencyKey, Limit, Page, checked, out, page_of, written
from acogida.web.routing import api


@dataclass(frozen=True)
class FrameOut:
    vision: str
    horizon_year: int | None
    scope: str
    dimensions: list[str]
    pnme_alignment: str
    pladeco_alignment: str
    sello_alignment: str
    resources: str
    version: int


@dataclass(frozen=True)
class AxisOut:
    id: UUID
    name: str
    description: str
    position: int
    version: int


@dataclass(frozen=True)
class ObjectiveOut:
    """`kind` is general or specific; `findings` are the ids of what it answers."""

    id: UUID
    kind: str
    statement: str
    axis_id: UUID | None
    specific: str
    measurable: str
    achievable: str
    relevant: str
    time_bound: str
    indicators: str
    findings: list[UUID]
    position: int
    version: int


@dataclass(frozen=True)
class InitiativeOut:
    """Every field, the words of its eje and objective, and what its design lacks. Money is CLP, whole pesos."""

    id: UUID
    name: str
    description: str
    goal: str
    axis_id: UUID | None
    axis: str
    objective_id: UUID | None
    objective: str
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
    findings: list[UUID]
    missing: list[str]
    version: int


@dataclass(frozen=True)
class PlanReviewOut:
    id: UUID
    reviewed_on: date
    reviewed_by: str
    duplicates: str
    gaps: str


@dataclass(frozen=True)
class Move:
    """`up` moves one place towards the beginning of the list; false, one towards its end."""

    up: bool


@dataclass(frozen=True)
class CellChange:
    """One field as text, as the grid writes it. With `before`, the text that was there, only a change to it is a conflict."""

    field: str
    value: str
    version: int
    before: str | None = None


@dataclass(frozen=True)
class CellOut:
    field: str
    value: str
    version: int
    missing: list[str] = field(default_factory=list)


# --- Frame and ejes ------------------------------------------------------------------------------


@get("/planificacion/marco", permission="workspace:read", operation_id="getStrategicFrame")
async def get_frame(work: Work) -> FrameOut:
    row = await store.frame(work)
    if row is None:
        raise NotFound
    return out(FrameOut, row)


@put("/planificacion/marco", permission="planning:edit", operation_id="putStrategicFrame")
async def put_frame(work: Work, data: EditFrame) -> FrameOut:
    return out(FrameOut, await actions.edit_frame(work, checked(data)))


@get("/planificacion/ejes", permission="workspace:read", operation_id="listAxes")
async def list_axes(work: Work) -> list[AxisOut]:
    """In the order of the plan; a policy has a handful, so they come all at once."""
    return [out(AxisOut, row) for row in await store.axes(work)]


@post("/planificacion/ejes", permission="planning:edit", operation_id="addAxis")
async def add_axis(work: Work, data: EditAxis, idempotency_key: IdempotencyKey = None) -> Response[AxisOut]:
    async def write() -> Any:
        return out(AxisOut, await actions.add_axis(work, checked(data)))

    return await written(work, data, idempotency_key, write)


@get("/planificacion/ejes/{axis_id:uuid}", permission="workspace:read", operation_id="getAxis")
async def get_axis(work: Work, axis_id: UUID) -> AxisOut:
    return out(AxisOut, await store.axis(work, axis_id))


@put("/planificacion/ejes/{axis_id:uuid}", permission="planning:edit", operation_id="putAxis")
async def put_axis(work: Work, axis_id: UUID, data: EditAxis) -> AxisOut:
    return out(AxisOut, await actions.edit_axis(work, axis_id, checked(data)))


@post("/planificacion/ejes/{axis_id:uuid}/mover", permission="planning:edit", operation_id="moveAxis", status_code=200)
async def move_axis(work: Work, axis_id: UUID, data: Move) -> AxisOut:
    return out(AxisOut, await actions.move_axis(work, axis_id, up=data.up))


@delete("/planificacion/ejes/{axis_id:uuid}", permission="planning:edit", operation_id="deleteAxis")
async def delete_axis(work: Work, axis_id: UUID) -> None:
    await actions.remove_axis(work, axis_id)


# --- Objectives ----------------------------------------------------------------------------------


@get("/planificacion/objetivos", permission="workspace:read", operation_id="listObjectives")
async def list_objectives(work: Work) -> list[ObjectiveOut]:
    """The general one first, then the specific ones in their order."""
    links = await store.findings_of_objectives(work)
    return [out(ObjectiveOut, row, findings=links.get(row.id, [])) for row in await store.objectives(work)]


async def _objective(work: Work, row: Objective) -> ObjectiveOut:
    return out(ObjectiveOut, row, findings=list(await store.findings_of_objective(work, row.id)))


@put("/planificacion/objetivos/general", permission="planning:edit", operation_id="putGeneralObjective")
async def put_general(work: Work, data: EditObjective) -> ObjectiveOut:
    return await _objective(work, await actions.set_general_objective(work, checked(data)))


@post("/planificacion/objetivos", permission="planning:edit", operation_id="addObjective")
async def add_objective(
    work: Work, data: EditObjective, idempotency_key: IdempotencyKey = None
) -> Response[ObjectiveOut]:
    async def write() -> Any:
        return await _objective(work, await actions.add_objective(work, checked(data)))

    return await written(work, data, idempotency_key, write)


@get("/planificacion/objetivos/{objective_id:uuid}", permission="workspace:read", operation_id="getObjective")
async def get_objective(work: Work, objective_id: UUID) -> ObjectiveOut:
    return await _objective(work, await store.objective(work, objective_id))


@put("/planificacion/objetivos/{objective_id:uuid}", permission="planning:edit", operation_id="putObjective")
async def put_objective(work: Work, objective_id: UUID, data: EditObjective) -> ObjectiveOut:
    return await _objective(work, await actions.edit_objective(work, objective_id, checked(data)))


@post(
    "/planificacion/objetivos/{objective_id:uuid}/mover",
    permission="planning:edit",
    operation_id="moveObjective",
    status_code=200,
)
async def move_objective(work: Work, objective_id: UUID, data: Move) -> ObjectiveOut:
    return await _objective(work, await actions.move_objective(work, objective_id, up=data.up))


@delete("/planificacion/objetivos/{objective_id:uuid}", permission="planning:edit", operation_id="deleteObjective")
async def delete_objective(work: Work, objective_id: UUID) -> None:
    await actions.remove_objective(work, objective_id)


# --- Initiatives ---------------------------------------------------------------------------------


def _out(row: PlannedInitiative, findings: list[UUID]) -> InitiativeOut:
    return out(InitiativeOut, row, findings=findings, missing=list(missing_of(row)))


async def _initiative(work: Work, row: Initiative) -> InitiativeOut:
    findings = await store.findings_of_initiative(work, row.id)
    return _out(await store.planned_initiative(work, row.id), list(findings))


@get("/iniciativas", permission="workspace:read", operation_id="listInitiatives")
async def list_initiatives(work: Work, limit: Limit, after: After = None) -> Page[InitiativeOut]:
    rows = await store.initiatives_by_id(work, after=after, limit=limit + 1)
    links = await store.findings_of_initiatives(work)
    return page_of([_out(row, links.get(row.id, [])) for row in rows], limit)


@post("/iniciativas", permission="initiative:edit", operation_id="addInitiative")
async def add_initiative(
    work: Work, data: EditInitiative, idempotency_key: IdempotencyKey = None
) -> Response[InitiativeOut]:
    async def write() -> Any:
        return await _initiative(work, await actions.add_initiative(work, checked(data)))

    return await written(work, data, idempotency_key, write)


@get("/iniciativas/{initiative_id:uuid}", permission="workspace:read", operation_id="getInitiative")
async def get_initiative(work: Work, initiative_id: UUID) -> InitiativeOut:
    return await _initiative(work, await store.initiative(work, initiative_id))


@put("/iniciativas/{initiative_id:uuid}", permission="initiative:edit_own", operation_id="putInitiative")
async def put_initiative(work: Work, initiative_id: UUID, data: EditInitiative) -> InitiativeOut:
    return await _initiative(work, await actions.edit_initiative(work, initiative_id, checked(data)))


@patch("/iniciativas/{initiative_id:uuid}", permission="initiative:edit_own", operation_id="changeInitiativeCell")
async def patch_initiative(work: Work, initiative_id: UUID, data: CellChange) -> CellOut:
    row, words = await actions.change_cell(
        work, initiative_id, field=data.field, text=data.value, before=data.before, version=data.version
    )
    return CellOut(
        data.field, in_words(data.field, getattr(row, data.field), words), row.version, list(missing_of(row))
    )


@post("/iniciativas/{initiative_id:uuid}/duplicar", permission="initiative:edit", operation_id="duplicateInitiative")
async def duplicate_initiative(
    work: Work, initiative_id: UUID, idempotency_key: IdempotencyKey = None
) -> Response[InitiativeOut]:
    async def write() -> Any:
        return await _initiative(work, await actions.duplicate_initiative(work, initiative_id))

    return await written(work, str(initiative_id), idempotency_key, write)


@post(
    "/iniciativas/{initiative_id:uuid}/mover",
    permission="initiative:edit",
    operation_id="moveInitiative",
    status_code=200,
)
async def move_initiative(work: Work, initiative_id: UUID, data: Move) -> InitiativeOut:
    return await _initiative(work, await actions.move_initiative(work, initiative_id, up=data.up))


@put("/iniciativas/{initiative_id:uuid}/revision", permission="initiative:edit", operation_id="reviewInitiative")
async def review_initiative(work: Work, initiative_id: UUID, data: ReviewInitiative) -> InitiativeOut:
    return await _initiative(work, await actions.review_initiative(work, initiative_id, checked(data)))


@delete("/iniciativas/{initiative_id:uuid}", permission="initiative:edit", operation_id="deleteInitiative")
async def delete_initiative(work: Work, initiative_id: UUID) -> None:
    await actions.remove_initiative(work, initiative_id)


@dataclass(frozen=True)
class Candidates:
    """Ids of contributions of planning workshops."""

    entries: list[UUID]


@dataclass(frozen=True)
class Brought:
    items: list[InitiativeOut]


@post("/iniciativas/desde-talleres", permission="initiative:edit", operation_id="bringCandidates")
async def bring_candidates(work: Work, data: Candidates, idempotency_key: IdempotencyKey = None) -> Response[Brought]:
    async def write() -> Any:
        return Brought([await _initiative(work, row) for row in await actions.bring_candidates(work, data.entries)])

    return await written(work, data, idempotency_key, write)


# --- The plan as a whole -------------------------------------------------------------------------


@get("/planificacion/cobertura", permission="workspace:read", operation_id="getPlanCoverage")
async def get_coverage(work: Work) -> Coverage:
    return await coverage(work)


@get("/planificacion/revisiones", permission="workspace:read", operation_id="listPlanReviews")
async def list_reviews(work: Work) -> list[PlanReviewOut]:
    return [out(PlanReviewOut, row) for row in await store.reviews(work)]


@post("/planificacion/revisiones", permission="planning:edit", operation_id="reviewPlan")
async def review_plan(work: Work, data: ReviewPlan, idempotency_key: IdempotencyKey = None) -> Response[PlanReviewOut]:
    async def write() -> Any:
        return out(PlanReviewOut, await actions.review_plan(work, checked(data)))

    return await written(work, data, idempotency_key, write)


ROUTES = [
    api(
        "Planificación",
        *(get_frame, put_frame, list_axes, add_axis, get_axis, put_axis, move_axis, delete_axis),
        *(list_objectives, put_general, add_objective, get_objective, put_objective, move_objective, delete_objective),
        *(get_coverage, list_reviews, review_plan),
    ),
    api(
        "Iniciativas",
        *(list_initiatives, add_initiative, get_initiative, put_initiative, patch_initiative, duplicate_initiative),
        *(move_initiative, review_initiative, delete_initiative, bring_candidates),
    ),
]
