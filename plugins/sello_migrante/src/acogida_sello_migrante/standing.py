"""How a municipality stands before the standard: what the workspace already shows, what people say, and what is missing.

Nothing is asked twice: a requirement that the workspace shows to be met is met, with the page that shows it, unless
somebody says otherwise.
"""

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import TypeVar
from uuid import UUID

from acogida.sdk import Fact, PlannedInitiative, Work, core_facts, initiatives, short_date
from acogida_sello_migrante import store
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
    StepRecord,
)
from acogida_sello_migrante.standard import (
    NEWEST,
    YEARS,
    Commitment,
    Criterion,
    Drawn,
    Standard,
    Step,
    standards,
    steps,
)
from acogida_sello_migrante.words import counted

LIVE = ("planned", "underway", "done")


def fold(text: str) -> str:
    """This function will give a name as it is compared: without accents, capitals or spaces to spare."""
    plain = unicodedata.normalize("NFD", " ".join(text.split()))
    return "".join(letter for letter in plain if not unicodedata.combining(letter)).casefold()


# --- The register of training --------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Taught:
    """An activity with who took part."""

    course: Course
    people: tuple[Participant, ...] = ()

    @property
    def held(self) -> bool:
        return self.course.state == "held"

    @property
    def trainers(self) -> int:
        return sum(1 for each in self.people if each.trainer)


@dataclass(frozen=True, slots=True)
class UnitTraining:
    """What a unit has been trained in: people, times that they took part, and hours of all of them."""

    unit: str
    people: int
    times: int
    hours: Decimal


@dataclass(frozen=True)
class Register:
    """Every activity of the training plan, and what they add up to."""

    courses: tuple[Taught, ...]

    @cached_property
    def held(self) -> list[Taught]:
        return [each for each in self.courses if each.held]

    @cached_property
    def registered(self) -> list[Taught]:
        return [each for each in self.held if each.people]

    @property
    def times(self) -> int:
        return sum(len(each.people) for each in self.held)

    @property
    def trainers(self) -> int:
        return _distinct(person for each in self.held for person in each.people if person.trainer)

    @property
    def people(self) -> int:
        """Different people; those whose names were taken away count once each time."""
        return _distinct(person for each in self.held for person in each.people)

    @property
    def evaluated(self) -> list[Taught]:
        return [each for each in self.held if each.course.evaluation]

    @property
    def by_unit(self) -> list[UnitTraining]:
        """In alphabetical order."""
        found: dict[str, list[tuple[Participant, Decimal]]] = {}
        titles: dict[str, str] = {}
        for each in self.held:
            for person in each.people:
                key = fold(person.unit)
                titles.setdefault(key, person.unit)
                found.setdefault(key, []).append((person, each.course.hours or Decimal(0)))
        return [
            UnitTraining(
                titles[key],
                _distinct(person for person, _ in rows),
                len(rows),
                sum((hours for _, hours in rows), Decimal(0)),
            )
            for key, rows in sorted(found.items())
        ]


def _distinct(people: Iterable[Participant]) -> int:
    named: set[tuple[str, str]] = set()
    nameless = 0
    for person in people:
        if person.name:
            named.add((fold(person.name), fold(person.unit)))
        else:
            nameless += 1
    return len(named) + nameless


async def register(work: Work) -> Register:
    """This function will read the training plan with its register."""
    courses = await store.courses(work)
    people: dict[UUID, list[Participant]] = {}
    for person in await store.participants(work, [course.id for course in courses]) if courses else ():
        people.setdefault(person.course_id, []).append(person)
    return Register(tuple(Taught(course, tuple(people.get(course.id, ()))) for course in courses))


# --- What this extension itself knows ------------------------------------------------------------


@dataclass(frozen=True)
class Kept:
    """Everything that a municipality has written down here, beside its assessments."""

    work_plan: Plan | None
    training_plan: Plan | None
    actions: tuple[Action, ...]
    register: Register
    recognitions: tuple[Recognition, ...]

    @property
    def live(self) -> list[Action]:
        return [row for row in self.actions if row.state in LIVE]

    @property
    def unassigned(self) -> list[Action]:
        """Actions without who answers for them or without a date."""
        return [row for row in self.live if not row.ends_on or not (row.responsible or row.unit)]

    @property
    def done(self) -> list[Action]:
        return [row for row in self.actions if row.state == "done"]

    @property
    def due_again_on(self) -> date | None:
        """When the Sello is to be evaluated again: two years after the last resolution."""
        return years_later(self.recognitions[0].dated_on, YEARS) if self.recognitions else None

    def facts(self) -> dict[str, Fact]:
        """This method will tell what is true of all this."""
        live, loose, begun = (
            len(self.live),
            len(self.unassigned),
            [row for row in self.actions if row.state in ("underway", "done")],
        )
        held, lacking = self.register.held, len(self.register.held) - len(self.register.evaluated)
        actions = counted(live, "acción", "acciones")
        evaluated = bool(self.work_plan and self.work_plan.evaluated_on)
        training = bool(self.training_plan and self.training_plan.objective and self.register.courses)
        last = self.recognitions[0] if self.recognitions else None
        again = any(row.kind == "revalidated" for row in self.recognitions)
        told = {
            "work_plan": Fact(
                bool(live) and not loose,
                f"{actions}{f', {loose} sin responsable o fecha' if loose else ''}" if live else "",
                live,
            ),
            "work_underway": Fact(
                bool(begun),
                f"{counted(len(begun), 'acción', 'acciones')} en marcha o terminadas" if begun else "",
                len(begun),
            ),
            "work_evaluated": Fact(
                evaluated,
                f"Evaluado el {short_date(self.work_plan.evaluated_on)}" if self.work_plan and evaluated else "",
            ),
            "training_plan": Fact(
                training,
                counted(len(self.register.courses), "actividad", "actividades")
                if training
                else "Falta escribir su objetivo"
                if self.register.courses
                else "",
            ),
            "trainers": Fact(
                bool(self.register.trainers),
                counted(self.register.trainers, "persona", "personas") if self.register.trainers else "",
                self.register.trainers,
            ),
            "register": Fact(
                bool(self.register.registered),
                f"{counted(self.register.times, 'participación', 'participaciones')} en {counted(len(self.register.registered), 'actividad', 'actividades')}"
                if self.register.registered
                else "",
                self.register.times,
            ),
            "courses_evaluated": Fact(
                bool(held) and not lacking,
                f"{len(self.register.evaluated)} de {counted(len(held), 'actividad realizada', 'actividades realizadas')}"
                if held
                else "",
                len(self.register.evaluated),
            ),
            "recognised": Fact(bool(last), f"{last.resolution}, {short_date(last.dated_on)}" if last else ""),
            "revalidated": Fact(again, f"{last.resolution}, {short_date(last.dated_on)}" if last and again else ""),
        }
        return {f"sello_migrante.{name}": fact for name, fact in told.items()}


async def kept(work: Work) -> Kept:
    """This function will read everything but the assessments."""
    return Kept(
        work_plan=await store.plan(work, "work"),
        training_plan=await store.plan(work, "training"),
        actions=tuple(await store.actions(work)),
        register=await register(work),
        recognitions=tuple(await store.recognitions(work)),
    )


def years_later(day: date, years: int) -> date:
    """This function will give the same day some years later; 28 February where that year has no 29."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


# --- The self-assessment -------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Piece:
    """What the workspace shows for a requirement, or would show."""

    drawn: Drawn
    met: bool
    shows: str


@dataclass(frozen=True, slots=True)
class Standing:
    """One requirement, and how it stands."""

    criterion: Criterion
    pieces: tuple[Piece, ...] = ()
    proofs: tuple[Proof, ...] = ()
    answer: Answer | None = None
    actions: tuple[Action, ...] = ()
    born: tuple[GapInitiative, ...] = ()

    @property
    def shown_state(self) -> str:
        """What the workspace shows by itself: met, partly, or nothing."""
        needed = [piece.met for piece in self.pieces if piece.drawn.needed]
        return "met" if needed and all(needed) else "partly" if any(needed) else ""

    @property
    def said(self) -> bool:
        """Whether somebody has said how it stands."""
        return bool(self.answer and self.answer.state)

    @property
    def state(self) -> str:
        return self.answer.state if self.answer and self.answer.state else self.shown_state

    @property
    def statement(self) -> str:
        return self.answer.statement if self.answer else ""

    @property
    def backed(self) -> bool:
        """Whether something shows what is said."""
        return bool(self.proofs) or any(piece.met for piece in self.pieces)

    @property
    def is_gap(self) -> bool:
        return self.state in ("", "partly", "not_met")


@dataclass(frozen=True, slots=True)
class Reached:
    """A commitment with its requirements."""

    commitment: Commitment
    standings: tuple[Standing, ...]

    @property
    def counted(self) -> list[Standing]:
        return [each for each in self.standings if each.criterion.counts and each.state != "not_applicable"]

    @property
    def met(self) -> int:
        return sum(1 for each in self.counted if each.state == "met")

    @property
    def total(self) -> int:
        return len(self.counted)

    @property
    def partly(self) -> int:
        return sum(1 for each in self.counted if each.state == "partly")

    @property
    def apart(self) -> list[Standing]:
        """Requirements that are not counted: read in part, or of the past."""
        return [each for each in self.standings if not each.criterion.counts]


@dataclass(frozen=True)
class Assessed:
    """The whole self-assessment, as it stands now."""

    standard: Standard
    assessment: Assessment | None
    reached: tuple[Reached, ...]
    kept: Kept
    facts: Mapping[str, Fact]
    steps: tuple["StepStanding", ...]

    @cached_property
    def standings(self) -> dict[str, Standing]:
        return {each.criterion.id: each for reached in self.reached for each in reached.standings}

    @property
    def closed(self) -> bool:
        """Whether this is the last round, closed, and the next has not been opened."""
        return bool(self.assessment and self.assessment.closed_on)

    @property
    def met(self) -> int:
        return sum(each.met for each in self.reached)

    @property
    def total(self) -> int:
        return sum(each.total for each in self.reached)

    @property
    def gaps(self) -> list[Standing]:
        return [each for each in self.standings.values() if each.is_gap]

    @property
    def unbacked(self) -> list[Standing]:
        """What is said to be met and nothing shows."""
        return [each for each in self.standings.values() if each.state in ("met", "partly") and not each.backed]

    def commitment_of(self, criterion_id: str) -> Commitment:
        """This method will give the commitment of a requirement; `KeyError` where there is none."""
        return self.standard.commitment(self.standings[criterion_id].criterion.commitment)


@dataclass(frozen=True, slots=True)
class StepStanding:
    """A step of the process, as the workspace shows it and as it was noted."""

    step: Step
    row: StepRecord | None
    shown: tuple[str, ...] = ()
    """What the workspace shows for it."""
    shown_done: bool = False

    @property
    def state(self) -> str:
        if self.row and self.row.state != "pending":
            return self.row.state
        return "done" if self.shown_done else "underway" if self.shown else "pending"

    @property
    def planned_on(self) -> date | None:
        return self.row.planned_on if self.row else None

    @property
    def done_on(self) -> date | None:
        return self.row.done_on if self.row else None


async def assessed(work: Work) -> Assessed:
    """This function will look at the whole workspace and tell how it stands before the standard."""
    assessment = await store.latest_assessment(work)
    standard = standards()[assessment.standard if assessment else NEWEST]
    held, planned = await kept(work), await initiatives(work)
    known = {**await core_facts(work), **held.facts(), **_of_initiatives(planned)}
    answers = await store.answers(work, assessment.id) if assessment else {}
    proofs = _grouped(await store.proofs(work, assessment.id) if assessment else ())
    born = _grouped(await store.gap_initiatives(work))
    actions = _grouped(held.actions)
    noted = await store.steps(work)
    local = [_local(row) for row in await store.local_criteria(work)]

    def standing(criterion: Criterion) -> Standing:
        return Standing(
            criterion,
            tuple(_piece(drawn, known.get(drawn.fact)) for drawn in criterion.drawn),
            tuple(proofs.get(criterion.id, ())),
            answers.get(criterion.id),
            tuple(actions.get(criterion.id, ())),
            tuple(born.get(criterion.id, ())),
        )

    reached = tuple(
        Reached(
            each,
            tuple(standing(found) for found in (*each.criteria, *(one for one in local if one.commitment == each.id))),
        )
        for each in standard.commitments
    )
    way = tuple(_step(each, noted.get(each.id), known) for each in steps())
    return Assessed(standard, assessment, reached, held, known, way)


async def noted_steps(work: Work) -> tuple[StepStanding, ...]:
    """This function will give the steps as they were noted, without looking at the workspace."""
    noted = await store.steps(work)
    return tuple(StepStanding(each, noted.get(each.id)) for each in steps())


def _of_initiatives(planned: Sequence[PlannedInitiative]) -> dict[str, Fact]:
    """What the initiatives of the Política say of the standard by themselves."""

    def told(found: list[PlannedInitiative]) -> Fact:
        shown = "; ".join(row.name for row in found[:3]) + ("…" if len(found) > 3 else "")
        return Fact(bool(found), shown, len(found))

    return {
        "sello_migrante.initiatives_dim_2": told([row for row in planned if "dim_2" in row.dimensions]),
        "sello_migrante.initiatives_allied": told([row for row in planned if row.alliances]),
    }


def _piece(drawn: Drawn, fact: Fact | None) -> Piece:
    return Piece(drawn, bool(fact and fact.met), fact.shows if fact else "")


def _step(step: Step, row: StepRecord | None, known: Mapping[str, Fact]) -> StepStanding:
    found = [known[name] for name in step.facts if name in known]
    shown = tuple(fact.shows for fact in found if fact.met and fact.shows)
    return StepStanding(step, row, shown, bool(found) and all(fact.met for fact in found))


def _local(row: LocalCriterion) -> Criterion:
    when = f", {short_date(row.dated_on)}" if row.dated_on else ""
    return Criterion(row.key, row.commitment, row.title, row.description, "local", note=f"Según {row.source}{when}.")


G = TypeVar("G", Proof, GapInitiative, Action)


def _grouped(rows: Iterable[G]) -> dict[str, list[G]]:
    """By requirement."""
    found: dict[str, list[G]] = {}
    for row in rows:
        found.setdefault(row.criterion, []).append(row)
    return found
