"""How far a municipality is from the end of each step, judged from what exists and never from a tick.

Pure: it takes the guide, the facts that the features told and the closings, and knows no database. What the guide
calls minimum and what its lists ask for are needed to close a gate; the ideal is shown and never blocks (RES-05).
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Literal

from acogida.features.cycles.model import GateClosing
from acogida.features.methodology.model import Gate, Guide, Level, RoleKey, Row, Stage, State
from acogida.kernel.facts import Fact

Weight = Literal["minimum", "required", "ideal", "duty", "recommended"]


class GateState(StrEnum):
    """Where a gate stands. `duties` and `later` can't be closed and block nobody."""

    CLOSED = "closed"
    READY = "ready"
    """All that is needed is there: somebody may close it."""
    OPEN = "open"
    """Something that it needs is missing."""
    WAITING = "waiting"
    """Another gate has to be closed first."""
    DUTIES = "duties"
    """The guide has no list to advance here, only things to do (reading AMB-06)."""
    LATER = "later"
    """Acogida does not judge it yet."""


@dataclass(frozen=True, slots=True)
class Thing:
    """One row of the guide as it stands today in a workspace: what exists, or what is missing and who owes it."""

    row: Row
    weight: Weight
    met: bool
    shows: str
    """What the fact says: the artefact when it is met, the progress when it is not."""

    @property
    def name(self) -> str:
        """What the thing is called, short: «Carta firmada»."""
        return thing_name(self.row)

    @property
    def missing(self) -> str:
        return self.row.missing or f"Falta: {self.name}."

    @property
    def action(self) -> str:
        return self.row.action or "Ver dónde se hace"

    @property
    def screen(self) -> str | None:
        """Where it is done, relative to the workspace; from the root when it begins with a slash."""
        return self.row.satisfied_by.screen


@dataclass(frozen=True, slots=True)
class Need:
    """A group of alternatives: one of its things is enough."""

    things: tuple[Thing, ...]

    @property
    def met(self) -> bool:
        return any(thing.met for thing in self.things)

    @property
    def thing(self) -> Thing:
        """The one to speak of: what meets the need, or what is furthest along, or the first."""
        return next(
            (thing for thing in self.things if thing.met),
            max(self.things, key=lambda thing: bool(thing.shows)),
        )

    @property
    def missing(self) -> str:
        """What is missing, with the other ways of meeting it."""
        first, *others = (self.thing, *(thing for thing in self.things if thing is not self.thing))
        return " ".join((first.missing, *(f"También vale: {lowered(other.row.text)}" for other in others)))


@dataclass(frozen=True, slots=True)
class GateStanding:
    """A gate of the guide, as it stands in a workspace."""

    gate: Gate
    stage: Stage
    state: GateState
    needs: tuple[Need, ...]
    ideals: tuple[Thing, ...]
    duties: tuple[Thing, ...]
    waits_for: tuple[Gate, ...]
    """Gates to be closed before this one, and that are not."""
    closing: GateClosing | None

    @property
    def unmet(self) -> tuple[Need, ...]:
        return tuple(need for need in self.needs if not need.met)

    @property
    def missing(self) -> tuple[str, ...]:
        """A sentence for each thing that is missing, each with who owes it."""
        return tuple(need.missing for need in self.unmet)

    @property
    def obstacles(self) -> tuple[str, ...]:
        """In sentences, why it can't be closed now: nothing when it can."""
        if self.state is GateState.CLOSED:
            return ()
        if self.state is GateState.DUTIES:
            return (f"«{name_of(self.gate)}» no se cierra: es trabajo continuo, con tareas y sin lista para avanzar.",)
        if self.state is GateState.LATER:
            return (f"«{name_of(self.gate)}» viene más adelante: Acogida todavía no lo evalúa y no impide avanzar.",)
        return (*(f"Antes hay que cerrar {name_of(gate)}." for gate in self.waits_for), *self.missing)

    @property
    def things(self) -> tuple[Thing, ...]:
        """Everything that this gate reads: needed first, then ideal, then duties."""
        return (*(thing for need in self.needs for thing in need.things), *self.ideals, *self.duties)

    @property
    def by_exception(self) -> bool:
        return self.closing is not None and self.closing.reason is not None

    @property
    def step(self) -> str:
        """The step on whose page it is closed."""
        return self.gate.steps[0]


@dataclass(frozen=True, slots=True)
class StageStanding:
    """A stage with its gates, and the counts for its ring and its dots."""

    stage: Stage
    gates: tuple[GateStanding, ...]
    state: Literal["closed", "current", "future"]

    @property
    def by_duties(self) -> bool:
        """Whether the guide gives this stage duties in place of lists to advance (stage 05)."""
        return not any(gate.needs for gate in self._counted)

    @property
    def minimum_met(self) -> int:
        return sum(need.met for gate in self._counted for need in gate.needs) + sum(thing.met for thing in self._duties)

    @property
    def minimum_total(self) -> int:
        return sum(len(gate.needs) for gate in self._counted) + len(self._duties)

    @property
    def ideal_met(self) -> int:
        return sum(thing.met for gate in self._counted for thing in gate.ideals)

    @property
    def ideal_total(self) -> int:
        return sum(len(gate.ideals) for gate in self._counted)

    @property
    def _counted(self) -> tuple[GateStanding, ...]:
        return tuple(gate for gate in self.gates if gate.state is not GateState.LATER)

    @property
    def _duties(self) -> tuple[Thing, ...]:
        return distinct(thing for gate in self._counted for thing in gate.duties)


@dataclass(frozen=True)
class Board:
    """The whole way of a workspace, stage by stage."""

    guide: Guide
    stages: tuple[StageStanding, ...]
    facts: Mapping[str, Fact]
    """What was true when it was judged, by key."""

    @cached_property
    def gates(self) -> tuple[GateStanding, ...]:
        return tuple(gate for stage in self.stages for gate in stage.gates)

    def gate(self, gate_id: str) -> GateStanding:
        """This method will give one gate; `KeyError` where the guide has none of that id."""
        return next(gate for gate in self.gates if gate.gate.id == self.guide.gate(gate_id).id)

    def stage(self, key: str) -> StageStanding:
        """This method will give one stage; `KeyError` where the guide has none of that key."""
        return next(stage for stage in self.stages if stage.stage.key == self.guide.stage(key).key)

    def gates_of_step(self, step: str) -> tuple[GateStanding, ...]:
        return tuple(gate for gate in self.gates if step in gate.gate.steps)

    @property
    def current(self) -> GateStanding | None:
        """The first gate where somebody can do something: close it, or bring what it lacks."""
        return next((gate for gate in self.gates if gate.state in (GateState.READY, GateState.OPEN)), None)

    @property
    def pending(self) -> tuple[tuple[GateStanding, Need], ...]:
        """What is missing in every gate that does not wait for another, in the guide's order."""
        return tuple((gate, need) for gate in self.gates if gate.state is GateState.OPEN for need in gate.unmet)

    @property
    def ready(self) -> tuple[GateStanding, ...]:
        """Gates that lack nothing and nobody has closed."""
        return tuple(gate for gate in self.gates if gate.state is GateState.READY)

    @property
    def duties(self) -> tuple[Thing, ...]:
        """What stage 05 asks to be done and is not, once the policy is under way."""
        open_gates = (gate for gate in self.gates if gate.state is GateState.DUTIES and not gate.waits_for)
        return tuple(
            thing for thing in distinct(thing for gate in open_gates for thing in gate.duties) if not thing.met
        )

    @property
    def there(self) -> tuple[Thing, ...]:
        """What already exists of what the gates read, the last stage first."""
        return tuple(reversed(distinct(thing for gate in self.gates for thing in gate.things if thing.met)))

    @property
    def exceptions(self) -> tuple[GateStanding, ...]:
        return tuple(gate for gate in self.gates if gate.by_exception)

    @property
    def untouched(self) -> bool:
        """Whether nothing at all has been done yet."""
        return not self.there and all(gate.closing is None for gate in self.gates)


def evaluate(guide: Guide, facts: Mapping[str, Fact], closings: Iterable[GateClosing]) -> Board:
    """This function will judge every gate of the guide against what is true of a workspace now."""
    closed = {closing.gate: closing for closing in closings}
    stages: list[StageStanding] = []
    current_found = False
    for stage in guide.stages:
        gates = tuple(_gate(guide, gate, stage, facts, closed) for gate in guide.gates_of(stage.key))
        done = bool(gates) and all(gate.state is GateState.CLOSED for gate in gates)
        state = "closed" if done else "future" if current_found else "current"
        stages.append(StageStanding(stage, gates, state))
        current_found = current_found or not done
    return Board(guide, tuple(stages), facts)


def _gate(
    guide: Guide, gate: Gate, stage: Stage, facts: Mapping[str, Fact], closed: Mapping[str, GateClosing]
) -> GateStanding:
    minimum = (_need(guide, group, "minimum", facts) for group in gate.minimum)
    required = (_need(guide, group, "required", facts) for group in gate.required)
    needs = (*minimum, *required)
    waits_for = tuple(guide.gate(other) for other in gate.before if other not in closed)
    return GateStanding(
        gate=gate,
        stage=stage,
        state=_state(gate, needs, waits_for, closed),
        needs=needs,
        ideals=tuple(as_thing(guide.row(row), "ideal", facts) for row in gate.ideal),
        duties=tuple(as_thing(guide.row(row), "duty", facts) for row in gate.duties),
        waits_for=waits_for,
        closing=closed.get(gate.id),
    )


def _state(gate: Gate, needs: Sequence[Need], waits_for: Collection[Gate], closed: Collection[str]) -> GateState:
    if gate.id in closed:
        return GateState.CLOSED
    if gate.duties and not needs:
        return GateState.DUTIES
    if any(thing.row.satisfied_by.state is State.PLANNED for need in needs for thing in need.things):
        return GateState.LATER
    if waits_for:
        return GateState.WAITING
    return GateState.READY if all(need.met for need in needs) else GateState.OPEN


def _need(guide: Guide, group: Iterable[str], weight: Weight, facts: Mapping[str, Fact]) -> Need:
    return Need(tuple(as_thing(guide.row(row), weight, facts) for row in group))


def as_thing(row: Row, weight: Weight, facts: Mapping[str, Fact]) -> Thing:
    """This function will look up a row's fact; what no feature tells is not met."""
    fact = facts.get(row.satisfied_by.fact or "")
    return Thing(row, weight, fact.met, fact.shows) if fact else Thing(row, weight, False, "")


def distinct(things: Iterable[Thing]) -> tuple[Thing, ...]:
    """This function will leave out the things that rest on a fact already seen: it is the same artefact."""
    seen: dict[str, Thing] = {}
    for thing in things:
        seen.setdefault(thing.row.satisfied_by.fact or thing.row.id, thing)
    return tuple(seen.values())


def recommended(board: Board, step: str) -> tuple[Thing, ...]:
    """This function will give what a step recommends and Acogida can see, without what its gates already show."""
    guide = board.guide
    shown = {
        guide.row(row).satisfied_by.fact for gate in guide.gates_of_step(step) for row in (*gate.asks, *gate.duties)
    }
    rows = (row for row in guide.rows_of(step) if row.satisfied_by.fact and row.satisfied_by.fact not in shown)
    told = (row for row in rows if row.level not in (Level.GUIDING_QUESTION, Level.GROUND_TIP, Level.TEMPLATE))
    return distinct(as_thing(row, "recommended", board.facts) for row in told)


def name_of(gate: Gate) -> str:
    """This function will name a gate with its steps: «1.1 Compromiso político», «4.1 a 4.3 Validación de la Política»."""
    steps = gate.steps
    return f"{steps[0]} {gate.title}" if len(steps) == 1 else f"{steps[0]} a {steps[-1]} {gate.title}"


def thing_name(row: Row) -> str:
    """This function will name what shows a row, without the note in brackets: «Taller realizado»."""
    return row.evidence.partition(" (")[0]


def lowered(sentence: str) -> str:
    """This function will write a sentence so that it can follow a colon."""
    return sentence[:1].lower() + sentence[1:]


ROLES_OF_THE_GUIDE: Mapping[str, frozenset[str]] = {
    "secretary": frozenset(
        {"secretary", "executive_team", "municipality", "migration_office", "recorder", "facilitators"}
    ),
    "president": frozenset({"dideco", "executive_team", "municipality"}),
    "executive_member": frozenset({"executive_team", "recorder", "facilitators"}),
    "extended_member": frozenset({"extended_team", "directors"}),
    "mayor": frozenset({"mayor", "authorities", "extended_team"}),
    "councillor": frozenset({"councillors", "concejo"}),
    "unit_owner": frozenset({"units", "departments"}),
    "mesa_participant": frozenset({"mesa"}),
}
"""Which words of the guide's rows speak of somebody who holds a role in the workspace."""


def concerns(who: Iterable[RoleKey], roles: Iterable[str]) -> bool:
    """This function will tell whether any of these people of the guide is somebody with these roles."""
    named = frozenset(who)
    return any(named & ROLES_OF_THE_GUIDE.get(role, frozenset()) for role in roles)


def names(guide: Guide, who: Iterable[RoleKey]) -> str:
    """This function will name them in Spanish, as the guide does: «Alcalde o alcaldesa · Concejalas y concejales»."""
    return " · ".join(guide.role(key).title for key in who)
