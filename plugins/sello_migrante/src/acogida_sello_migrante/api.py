"""JSON twins of the Sello Migrante."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from litestar import Response, delete, get, post, put

from acogida.sdk import (
    After,
    IdempotencyKey,
    Limit,
    NotFound,
    Page,
    View,
    Work,
    checked,
    initiative,
    out,
    page_of,
    written,
)
from acogida_sello_migrante import store
from acogida_sello_migrante.actions import assessment, plans, process, training
from acogida_sello_migrante.forms import (
    AddParticipants,
    AddProof,
    EditAction,
    EditCourse,
    EditLocal,
    EditPlan,
    EditRecognition,
    EditStep,
    Judge,
    LinkInitiative,
    OpenAssessment,
)
from acogida_sello_migrante.model import Action, Assessment, Course, LocalCriterion, Plan, Recognition
from acogida_sello_migrante.pages.assessment import standing_of
from acogida_sello_migrante.pages.drawing import home
from acogida_sello_migrante.report import committee_report
from acogida_sello_migrante.standard import standards, steps
from acogida_sello_migrante.standing import Assessed, Standing, StepStanding, assessed, register
from acogida_sello_migrante.upcoming import notice_of, upcoming


@dataclass(frozen=True)
class CriterionOut:
    """One requirement of the standard, with how far its source was read."""

    id: str
    commitment: str
    title: str
    text: str
    state: str
    sources: list[str]
    note: str
    counts: bool


@dataclass(frozen=True)
class CommitmentOut:
    id: str
    name: str
    text: str
    unknown: str
    criteria: list[CriterionOut]


@dataclass(frozen=True)
class StandardOut:
    key: str
    title: str
    dated: str
    note: str
    commitments: list[CommitmentOut]


@dataclass(frozen=True)
class PieceOut:
    """What the workspace shows for a requirement."""

    label: str
    met: bool
    needed: bool
    shows: str


@dataclass(frozen=True)
class ProofOut:
    id: UUID
    criterion: str
    kind: str
    name: str
    note: str
    url: str
    sha256: str
    file_id: UUID | None
    initiative_id: UUID | None
    dated_on: date | None
    added_by: str


@dataclass(frozen=True)
class StandingOut:
    """How a requirement stands: `state` empty is not looked at yet; `said` tells whether a person says so."""

    criterion: str
    commitment: str
    title: str
    state: str
    said: bool
    statement: str
    counts: bool
    backed: bool
    pieces: list[PieceOut]
    proofs: list[ProofOut]
    initiatives: list[UUID]
    version: int


@dataclass(frozen=True)
class AssessmentOut:
    """The round in course. `met` of `total` is a count of our own, never the score of the Comité Calificador."""

    id: UUID | None
    standard: str
    opened_on: date | None
    met: int
    total: int
    standings: list[StandingOut]


@dataclass(frozen=True)
class ClosedOut:
    id: UUID
    standard: str
    opened_on: date
    closed_on: date | None
    closed_by: str
    met: int | None
    total: int | None
    fingerprint: str


@dataclass(frozen=True)
class LocalOut:
    id: UUID
    key: str
    commitment: str
    title: str
    description: str
    source: str
    dated_on: date | None
    version: int


@dataclass(frozen=True)
class PlanOut:
    kind: str
    objective: str
    approval: str
    approved_on: date | None
    evaluation: str
    evaluated_on: date | None
    version: int


@dataclass(frozen=True)
class ActionOut:
    id: UUID
    criterion: str
    title: str
    detail: str
    unit: str
    responsible: str
    starts_on: date | None
    ends_on: date | None
    state: str
    done_on: date | None
    product: str
    initiative_id: UUID | None
    version: int


@dataclass(frozen=True)
class UnitCount:
    unit: str
    people: int


@dataclass(frozen=True)
class CourseOut:
    """An activity. Of who took part it tells how many, by unit; never who."""

    id: UUID
    title: str
    kind: str
    content: str
    audience: str
    provider: str
    modality: str
    hours: float | None
    planned_on: date | None
    held_on: date | None
    state: str
    evaluation: str
    participants: list[UnitCount]
    trainers: int
    version: int


@dataclass(frozen=True)
class AddedOut:
    added: int


@dataclass(frozen=True)
class UnitOut:
    unit: str
    people: int
    times: int
    hours: float


@dataclass(frozen=True)
class StepOut:
    id: str
    title: str
    state: str
    shown: list[str]
    planned_on: date | None
    done_on: date | None
    reference: str
    notes: str
    version: int


@dataclass(frozen=True)
class RecognitionOut:
    id: UUID
    kind: str
    resolution: str
    dated_on: date
    file_id: UUID | None
    notes: str
    version: int


@dataclass(frozen=True)
class ComingOut:
    text: str
    who: str
    due_on: date


@dataclass(frozen=True)
class InitiativeOut:
    initiative_id: UUID


@dataclass(frozen=True)
class LinkedOut:
    initiative_id: UUID
    criteria: list[str]


def _standing(each: Standing) -> StandingOut:
    return StandingOut(
        criterion=each.criterion.id,
        commitment=each.criterion.commitment,
        title=each.criterion.title,
        state=each.state,
        said=each.said,
        statement=each.statement,
        counts=each.criterion.counts,
        backed=each.backed,
        pieces=[PieceOut(piece.drawn.label, piece.met, piece.drawn.needed, piece.shows) for piece in each.pieces],
        proofs=[out(ProofOut, row) for row in each.proofs],
        initiatives=[row.initiative_id for row in each.born],
        version=each.answer.version if each.answer else 0,
    )


def _assessment(found: Assessed) -> AssessmentOut:
    row = found.assessment
    standings = [_standing(each) for each in found.standings.values()]
    return AssessmentOut(
        row.id if row else None, found.standard.key, row.opened_on if row else None, found.met, found.total, standings
    )


# --- The standard and the self-assessment --------------------------------------------------------


@get("/estandares", permission="workspace:read", operation_id="selloMigranteListStandards")
async def list_standards() -> list[StandardOut]:
    return [
        StandardOut(
            each.key,
            each.title,
            each.dated,
            each.note,
            [
                CommitmentOut(
                    one.id,
                    one.name,
                    one.text,
                    one.unknown,
                    [out(CriterionOut, row, sources=list(row.sources)) for row in one.criteria],
                )
                for one in each.commitments
            ],
        )
        for each in standards().values()
    ]


@get("/autoevaluacion", permission="workspace:read", operation_id="selloMigranteGetAssessment")
async def get_assessment(work: Work) -> AssessmentOut:
    return _assessment(await assessed(work))


@post("/autoevaluacion", permission="planning:edit", operation_id="selloMigranteOpenAssessment")
async def open_assessment(
    work: Work, data: OpenAssessment, idempotency_key: IdempotencyKey = None
) -> Response[ClosedOut]:
    async def write() -> Any:
        return out(ClosedOut, await assessment.open_round(work, checked(data)))

    return await written(work, data, idempotency_key, write)


@put("/autoevaluacion/estandar", permission="planning:edit", operation_id="selloMigrantePutStandard")
async def put_standard(work: Work, data: OpenAssessment) -> AssessmentOut:
    await assessment.use_standard(work, checked(data))
    return _assessment(await assessed(work))


@post("/autoevaluacion/cerrar", permission="document:freeze", operation_id="selloMigranteCloseAssessment")
async def close_assessment(work: Work, view: View) -> ClosedOut:
    found = await assessed(work)
    document = committee_report(work, found, home=home(view), final=True)
    return out(ClosedOut, await assessment.close_round(work, found, document))


@get("/autoevaluaciones", permission="workspace:read", operation_id="selloMigranteListAssessments")
async def list_assessments(work: Work, limit: Limit, after: After = None) -> Page[ClosedOut]:
    rows = await store.by_id(work, Assessment, after=after, limit=limit + 1)
    return page_of([out(ClosedOut, row) for row in rows], limit)


@get("/requisitos/{criterion:str}", permission="workspace:read", operation_id="selloMigranteGetCriterion")
async def get_criterion(work: Work, criterion: str) -> StandingOut:
    return _standing(standing_of(await assessed(work), criterion))


@put("/requisitos/{criterion:str}", permission="planning:edit", operation_id="selloMigrantePutAnswer")
async def put_answer(work: Work, criterion: str, data: Judge) -> StandingOut:
    await assessment.judge(work, standing_of(await assessed(work), criterion), checked(data))
    return _standing(standing_of(await assessed(work), criterion))


@post("/requisitos/{criterion:str}/respaldos", permission="planning:edit", operation_id="selloMigranteAddProof")
async def add_proof(
    work: Work, criterion: str, data: AddProof, idempotency_key: IdempotencyKey = None
) -> Response[ProofOut]:
    async def write() -> Any:
        standing = standing_of(await assessed(work), criterion)
        return out(ProofOut, await assessment.add_proof(work, standing, checked(data)))

    return await written(work, data, idempotency_key, write)


@delete("/respaldos/{proof_id:uuid}", permission="planning:edit", operation_id="selloMigranteDeleteProof")
async def delete_proof(work: Work, proof_id: UUID) -> None:
    await assessment.remove_proof(work, proof_id)


@get("/requisitos-propios", permission="workspace:read", operation_id="selloMigranteListOwnCriteria")
async def list_own(work: Work, limit: Limit, after: After = None) -> Page[LocalOut]:
    rows = await store.by_id(work, LocalCriterion, after=after, limit=limit + 1)
    return page_of([out(LocalOut, row) for row in rows], limit)


@post("/requisitos-propios", permission="planning:edit", operation_id="selloMigranteAddOwnCriterion")
async def add_own(work: Work, data: EditLocal, idempotency_key: IdempotencyKey = None) -> Response[LocalOut]:
    async def write() -> Any:
        return out(LocalOut, await assessment.add_local(work, checked(data)))

    return await written(work, data, idempotency_key, write)


@put("/requisitos-propios/{row_id:uuid}", permission="planning:edit", operation_id="selloMigrantePutOwnCriterion")
async def put_own(work: Work, row_id: UUID, data: EditLocal) -> LocalOut:
    return out(LocalOut, await assessment.edit_local(work, row_id, checked(data)))


@delete("/requisitos-propios/{row_id:uuid}", permission="planning:edit", operation_id="selloMigranteDeleteOwnCriterion")
async def delete_own(work: Work, row_id: UUID) -> None:
    await assessment.remove_local(work, row_id)


@post(
    "/brechas/{criterion:str}/iniciativa", permission="initiative:edit", operation_id="selloMigranteProposeInitiative"
)
async def propose_initiative(work: Work, criterion: str) -> InitiativeOut:
    found = await assessed(work)
    return InitiativeOut(await assessment.propose_initiative(work, found, standing_of(found, criterion)))


@post("/brechas/{criterion:str}/accion", permission="planning:edit", operation_id="selloMigranteProposeAction")
async def propose_action(work: Work, criterion: str) -> ActionOut:
    return out(ActionOut, await assessment.propose_action(work, standing_of(await assessed(work), criterion)))


@get("/iniciativas/{initiative_id:uuid}", permission="workspace:read", operation_id="selloMigranteGetInitiative")
async def get_initiative(work: Work, initiative_id: UUID) -> LinkedOut:
    await initiative(work, initiative_id)
    rows = await store.proofs_of_initiative(work, initiative_id)
    return LinkedOut(initiative_id, [row.criterion for row in rows])


@put("/iniciativas/{initiative_id:uuid}", permission="planning:edit", operation_id="selloMigrantePutInitiative")
async def put_initiative(work: Work, initiative_id: UUID, data: LinkInitiative) -> LinkedOut:
    chosen = await assessment.link_initiative(work, await assessed(work), initiative_id, checked(data))
    return LinkedOut(initiative_id, chosen)


# --- Plans ---------------------------------------------------------------------------------------


@get("/planes/{kind:str}", permission="workspace:read", operation_id="selloMigranteGetPlan")
async def get_plan(work: Work, kind: str) -> PlanOut:
    row = await store.plan(work, _kind(kind))
    return out(PlanOut, row) if row else PlanOut(kind, "", "", None, "", None, 0)


@put("/planes/{kind:str}", permission="planning:edit", operation_id="selloMigrantePutPlan")
async def put_plan(work: Work, kind: str, data: EditPlan) -> PlanOut:
    row: Plan = await plans.edit_plan(work, _kind(kind), checked(data))
    return out(PlanOut, row)


def _kind(kind: str) -> str:
    if kind not in plans.NAMES:
        raise NotFound
    return kind


@get("/acciones", permission="workspace:read", operation_id="selloMigranteListActions")
async def list_actions(work: Work, limit: Limit, after: After = None) -> Page[ActionOut]:
    rows = await store.by_id(work, Action, after=after, limit=limit + 1)
    return page_of([out(ActionOut, row) for row in rows], limit)


@post("/acciones", permission="planning:edit", operation_id="selloMigranteAddAction")
async def add_action(work: Work, data: EditAction, idempotency_key: IdempotencyKey = None) -> Response[ActionOut]:
    async def write() -> Any:
        return out(ActionOut, await plans.add_action(work, checked(data)))

    return await written(work, data, idempotency_key, write)


@put("/acciones/{action_id:uuid}", permission="planning:edit", operation_id="selloMigrantePutAction")
async def put_action(work: Work, action_id: UUID, data: EditAction) -> ActionOut:
    return out(ActionOut, await plans.edit_action(work, action_id, checked(data)))


@delete("/acciones/{action_id:uuid}", permission="planning:edit", operation_id="selloMigranteDeleteAction")
async def delete_action(work: Work, action_id: UUID) -> None:
    await plans.remove_action(work, action_id)


# --- Training ------------------------------------------------------------------------------------


async def _courses(work: Work, rows: list[Course]) -> list[CourseOut]:
    people = await store.participants(work, [row.id for row in rows]) if rows else ()
    found: list[CourseOut] = []
    for row in rows:
        mine = [each for each in people if each.course_id == row.id]
        units: dict[str, int] = {}
        for each in mine:
            units[each.unit] = units.get(each.unit, 0) + 1
        found.append(
            out(
                CourseOut,
                row,
                hours=float(row.hours) if row.hours is not None else None,
                participants=[UnitCount(unit, count) for unit, count in units.items()],
                trainers=sum(each.trainer for each in mine),
            )
        )
    return found


@get("/actividades", permission="workspace:read", operation_id="selloMigranteListCourses")
async def list_courses(work: Work, limit: Limit, after: After = None) -> Page[CourseOut]:
    rows = await store.by_id(work, Course, after=after, limit=limit + 1)
    return page_of(await _courses(work, list(rows)), limit)


@post("/actividades", permission="planning:edit", operation_id="selloMigranteAddCourse")
async def add_course(work: Work, data: EditCourse, idempotency_key: IdempotencyKey = None) -> Response[CourseOut]:
    async def write() -> Any:
        return (await _courses(work, [await training.add_course(work, checked(data))]))[0]

    return await written(work, data, idempotency_key, write)


@put("/actividades/{course_id:uuid}", permission="planning:edit", operation_id="selloMigrantePutCourse")
async def put_course(work: Work, course_id: UUID, data: EditCourse) -> CourseOut:
    return (await _courses(work, [await training.edit_course(work, course_id, checked(data))]))[0]


@delete("/actividades/{course_id:uuid}", permission="planning:edit", operation_id="selloMigranteDeleteCourse")
async def delete_course(work: Work, course_id: UUID) -> None:
    await training.remove_course(work, course_id)


@post(
    "/actividades/{course_id:uuid}/participantes",
    permission="planning:edit",
    operation_id="selloMigranteAddParticipants",
)
async def add_participants(
    work: Work, course_id: UUID, data: AddParticipants, idempotency_key: IdempotencyKey = None
) -> Response[AddedOut]:
    async def write() -> Any:
        return AddedOut(await training.add_people(work, course_id, checked(data)))

    return await written(work, data, idempotency_key, write)


@delete(
    "/actividades/{course_id:uuid}/nombres",
    permission="planning:edit",
    operation_id="selloMigranteEraseParticipantNames",
)
async def erase_names(work: Work, course_id: UUID) -> None:
    await training.erase_names(work, course_id)


@get("/capacitacion/por-unidad", permission="workspace:read", operation_id="selloMigranteListTrainedUnits")
async def list_units(work: Work) -> list[UnitOut]:
    found = await register(work)
    return [UnitOut(row.unit, row.people, row.times, float(row.hours)) for row in found.by_unit]


# --- Process -------------------------------------------------------------------------------------


def _step(each: StepStanding) -> StepOut:
    row = each.row
    return StepOut(
        each.step.id,
        each.step.title,
        each.state,
        list(each.shown),
        each.planned_on,
        each.done_on,
        row.reference if row else "",
        row.notes if row else "",
        row.version if row else 0,
    )


@get("/pasos", permission="workspace:read", operation_id="selloMigranteListSteps")
async def list_steps(work: Work) -> list[StepOut]:
    return [_step(each) for each in (await assessed(work)).steps]


@put("/pasos/{step_id:str}", permission="planning:edit", operation_id="selloMigrantePutStep")
async def put_step(work: Work, step_id: str, data: EditStep) -> StepOut:
    step = next((each for each in steps() if each.id == step_id), None)
    if step is None:
        raise NotFound
    await process.edit_step(work, step, checked(data))
    return next(_step(each) for each in (await assessed(work)).steps if each.step.id == step_id)


@get("/resoluciones", permission="workspace:read", operation_id="selloMigranteListRecognitions")
async def list_recognitions(work: Work, limit: Limit, after: After = None) -> Page[RecognitionOut]:
    rows = await store.by_id(work, Recognition, after=after, limit=limit + 1)
    return page_of([out(RecognitionOut, row) for row in rows], limit)


@post("/resoluciones", permission="act:record", operation_id="selloMigranteAddRecognition")
async def add_recognition(
    work: Work, data: EditRecognition, idempotency_key: IdempotencyKey = None
) -> Response[RecognitionOut]:
    async def write() -> Any:
        return out(RecognitionOut, await process.add_recognition(work, checked(data)))

    return await written(work, data, idempotency_key, write)


@put("/resoluciones/{row_id:uuid}", permission="act:record", operation_id="selloMigrantePutRecognition")
async def put_recognition(work: Work, row_id: UUID, data: EditRecognition) -> RecognitionOut:
    return out(RecognitionOut, await process.edit_recognition(work, row_id, checked(data)))


@delete("/resoluciones/{row_id:uuid}", permission="act:record", operation_id="selloMigranteDeleteRecognition")
async def delete_recognition(work: Work, row_id: UUID) -> None:
    await process.remove_recognition(work, row_id)


@get("/fechas", permission="workspace:read", operation_id="selloMigranteListDates")
async def list_dates(work: Work) -> list[ComingOut]:
    found = await assessed(work)
    rows = upcoming(work, found.kept, found.steps, await notice_of(work))
    return [ComingOut(each.text, each.who, each.due_on) for each in rows]


HANDLERS = (
    list_standards,
    get_assessment,
    open_assessment,
    put_standard,
    close_assessment,
    list_assessments,
    get_criterion,
    put_answer,
    add_proof,
    delete_proof,
    list_own,
    add_own,
    put_own,
    delete_own,
    propose_initiative,
    propose_action,
    get_initiative,
    put_initiative,
    get_plan,
    put_plan,
    list_actions,
    add_action,
    put_action,
    delete_action,
    list_courses,
    add_course,
    put_course,
    delete_course,
    add_participants,
    erase_names,
    list_units,
    list_steps,
    put_step,
    list_recognitions,
    add_recognition,
    put_recognition,
    delete_recognition,
    list_dates,
)
