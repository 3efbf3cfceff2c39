"""Questions about the Sello of a municipality."""

from collections.abc import Collection, Sequence
from typing import TypeVar
from uuid import UUID

from sqlalchemy import delete, func, select, update

from acogida.sdk import NotFound, Work
from acogida_sello_migrante.model import (
    Action,
    Answer,
    Assessment,
    Course,
    GapInitiative,
    LocalCriterion,
    Participant,
    Plan,
    Proof,
    Recognition,
    SelloTable,
    StepRecord,
)

R = TypeVar("R", bound=SelloTable)


async def one(work: Work, kind: type[R], row_id: UUID, *, lock: bool = False) -> R:
    """One row of a table, or `NotFound`."""
    query = select(kind).where(kind.id == row_id)
    found = await work.session.scalar(query.with_for_update() if lock else query)
    if found is None:
        raise NotFound
    return found


async def by_id(work: Work, kind: type[R], *, after: UUID | None, limit: int) -> Sequence[R]:
    """In the order in which they were written down: for readers that go on from a cursor."""
    query = select(kind).order_by(kind.id).limit(limit)
    return (await work.session.scalars(query.where(kind.id > after) if after else query)).all()


# --- Assessment ----------------------------------------------------------------------------------


async def open_assessment(work: Work, *, lock: bool = False) -> Assessment | None:
    """The round in course."""
    query = select(Assessment).where(Assessment.closed_on.is_(None))
    return await work.session.scalar(query.with_for_update() if lock else query)


async def latest_assessment(work: Work) -> Assessment | None:
    """The round in course; where none is, the last that was closed."""
    newest_first = (Assessment.closed_on.desc().nulls_first(), Assessment.id.desc())
    return await work.session.scalar(select(Assessment).order_by(*newest_first).limit(1))


async def closed_assessments(work: Work) -> Sequence[Assessment]:
    """The newest first."""
    query = select(Assessment).where(Assessment.closed_on.is_not(None))
    return (await work.session.scalars(query.order_by(Assessment.closed_on.desc(), Assessment.id.desc()))).all()


async def answers(work: Work, assessment_id: UUID) -> dict[str, Answer]:
    """By requirement."""
    rows = await work.session.scalars(select(Answer).where(Answer.assessment_id == assessment_id))
    return {row.criterion: row for row in rows}


async def answer(work: Work, assessment_id: UUID, criterion: str, *, lock: bool = False) -> Answer | None:
    query = select(Answer).where(Answer.assessment_id == assessment_id, Answer.criterion == criterion)
    return await work.session.scalar(query.with_for_update() if lock else query)


async def proofs(work: Work, assessment_id: UUID) -> Sequence[Proof]:
    """In the order in which they came."""
    query = select(Proof).where(Proof.assessment_id == assessment_id).order_by(Proof.id)
    return (await work.session.scalars(query)).all()


async def proofs_of_initiative(work: Work, initiative_id: UUID) -> Sequence[Proof]:
    """Of the round in course, or of the last that was closed."""
    latest = await latest_assessment(work)
    query = select(Proof).where(Proof.initiative_id == initiative_id).order_by(Proof.criterion)
    return (await work.session.scalars(query.where(Proof.assessment_id == latest.id))).all() if latest else ()


async def local_criteria(work: Work) -> Sequence[LocalCriterion]:
    return (await work.session.scalars(select(LocalCriterion).order_by(LocalCriterion.number))).all()


async def last_number(work: Work) -> int:
    """Of the requirements that Sermig told this municipality; 0 where there is none."""
    return await work.session.scalar(select(func.max(LocalCriterion.number))) or 0


async def forget_criterion(work: Work, criterion: str, assessment_id: UUID | None) -> None:
    """Answers and proofs of the round in course about a requirement that is taken away."""
    for kind in (Answer, Proof):
        query = delete(kind).where(kind.criterion == criterion, kind.assessment_id == assessment_id)
        await work.session.execute(query)


# --- Plans ---------------------------------------------------------------------------------------


async def plan(work: Work, kind: str, *, lock: bool = False) -> Plan | None:
    query = select(Plan).where(Plan.kind == kind)
    return await work.session.scalar(query.with_for_update() if lock else query)


async def actions(work: Work) -> Sequence[Action]:
    """By requirement and date; those without a date last."""
    query = select(Action).order_by(Action.criterion, Action.ends_on.nulls_last(), Action.id)
    return (await work.session.scalars(query)).all()


async def courses(work: Work) -> Sequence[Course]:
    """By the day on which they were or will be held; those without a day last."""
    day = func.coalesce(Course.held_on, Course.planned_on)
    return (await work.session.scalars(select(Course).order_by(day.nulls_last(), Course.id))).all()


async def participants(work: Work, course_ids: Collection[UUID]) -> Sequence[Participant]:
    """By course, unit and name."""
    query = select(Participant).where(Participant.course_id.in_(course_ids))
    ordered = query.order_by(Participant.course_id, Participant.unit, Participant.name, Participant.id)
    return (await work.session.scalars(ordered)).all()


async def erase_names(work: Work, course_id: UUID) -> None:
    names = update(Participant).where(Participant.course_id == course_id).values(name="")
    await work.session.execute(names.execution_options(synchronize_session="fetch"))


# --- Process -------------------------------------------------------------------------------------


async def steps(work: Work) -> dict[str, StepRecord]:
    """What was noted of each step, by its id."""
    return {row.step: row for row in await work.session.scalars(select(StepRecord))}


async def step(work: Work, step_id: str, *, lock: bool = False) -> StepRecord | None:
    query = select(StepRecord).where(StepRecord.step == step_id)
    return await work.session.scalar(query.with_for_update() if lock else query)


async def recognitions(work: Work) -> Sequence[Recognition]:
    """The newest first."""
    query = select(Recognition).order_by(Recognition.dated_on.desc(), Recognition.id.desc())
    return (await work.session.scalars(query)).all()


async def gap_initiatives(work: Work, initiative_id: UUID | None = None) -> Sequence[GapInitiative]:
    """Initiatives that were born of a gap; those of one initiative where it is given."""
    query = select(GapInitiative).order_by(GapInitiative.id)
    rows = query.where(GapInitiative.initiative_id == initiative_id) if initiative_id else query
    return (await work.session.scalars(rows)).all()


async def erase(work: Work, kind: type[SelloTable], row_id: UUID) -> None:
    """With what hangs from it."""
    await work.session.execute(delete(kind).where(kind.id == row_id))


async def erase_everything(work: Work) -> int:
    """Every row of every table; gives how many."""
    erased = 0
    for kind in (
        Answer,
        Proof,
        Assessment,
        LocalCriterion,
        Plan,
        Action,
        Participant,
        Course,
        StepRecord,
        Recognition,
        GapInitiative,
    ):
        erased += len((await work.session.execute(delete(kind).returning(kind.id))).all())
    return erased
