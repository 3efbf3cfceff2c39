"""JSON twins of the cycle: stages, gates, and closing them."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from litestar import Response, get, post

from acogida.features.cycles import actions, dates
from acogida.features.cycles.dates import Span
from acogida.features.cycles.forms import CloseByException
from acogida.features.cycles.gates import GateStanding, StageStanding, Thing
from acogida.features.methodology.model import Guide
from acogida.kernel.errors import NotFound
from acogida.kernel.work import Work
from acogida.web.api import IdempotencyKey, Page, checked, written
from acogida.web.routing import api


@dataclass(frozen=True)
class ThingOut:
    """A row of the guide: whether it is so, and what shows it."""

    row: str
    text: str
    section: str
    met: bool
    shows: str
    missing: str
    who: list[str]
    screen: str | None


@dataclass(frozen=True)
class NeedOut:
    """A group of alternatives: one of `any_of` is enough."""

    met: bool
    any_of: list[ThingOut]


@dataclass(frozen=True)
class ClosingOut:
    """How a gate was passed; `reason` is null when its minimum was met."""

    closed_at: datetime
    closed_by: str
    cargo: str
    reason: str | None
    missing: list[str]


@dataclass(frozen=True)
class GateOut:
    """A gate of the guide. `state` is closed, ready, open, waiting, duties or later."""

    id: str
    title: str
    stage: str
    steps: list[str]
    state: str
    needs: list[NeedOut]
    ideal: list[ThingOut]
    duties: list[ThingOut]
    missing: list[str]
    waits_for: list[str]
    closing: ClosingOut | None


@dataclass(frozen=True)
class StageOut:
    """A stage with the counts of its ring and its dots, and the dates that the municipality set."""

    key: str
    number: int
    title: str
    state: str
    minimum_met: int
    minimum_total: int
    ideal_met: int
    ideal_total: int
    starts_on: date | None
    ends_on: date | None
    lead: str


@dataclass(frozen=True)
class StageDetailOut(StageOut):
    """A stage with its gates."""

    purpose: str
    section: str
    gates: list[GateOut]


@get("/etapas", permission="workspace:read", operation_id="listStages")
async def list_stages(work: Work, guides: dict[str, Guide]) -> Page[StageOut]:
    board = await actions.board_of(work, guides)
    spans = await dates.stage_dates(work)
    return Page([StageOut(**_stage(stage, spans.get(stage.stage.key))) for stage in board.stages], None)


@get("/etapas/{stage:str}", permission="workspace:read", operation_id="getStage")
async def get_stage(work: Work, guides: dict[str, Guide], stage: str) -> StageDetailOut:
    board = await actions.board_of(work, guides)
    try:
        found = board.stage(stage)
    except KeyError:
        raise NotFound from None
    span = (await dates.stage_dates(work)).get(stage)
    return StageDetailOut(
        **_stage(found, span),
        purpose=found.stage.purpose,
        section=found.stage.section,
        gates=[_gate(gate) for gate in found.gates],
    )


@get("/puertas", permission="workspace:read", operation_id="listGates")
async def list_gates(work: Work, guides: dict[str, Guide]) -> Page[GateOut]:
    board = await actions.board_of(work, guides)
    return Page([_gate(gate) for gate in board.gates], None)


@post("/puertas/{gate:str}/cerrar", permission="gate:close", operation_id="closeGate")
async def close_gate(
    work: Work, guides: dict[str, Guide], gate: str, idempotency_key: IdempotencyKey = None
) -> Response[GateOut]:
    async def write() -> Any:
        await actions.close_gate(work, guides, gate)
        return _gate(actions.find(await actions.board_of(work, guides), gate))

    return await written(work, {"gate": gate}, idempotency_key, write)


@post("/puertas/{gate:str}/excepcion", permission="gate:except", operation_id="closeGateByException")
async def close_gate_by_exception(
    work: Work, guides: dict[str, Guide], gate: str, data: CloseByException, idempotency_key: IdempotencyKey = None
) -> Response[GateOut]:
    async def write() -> Any:
        await actions.close_by_exception(work, guides, gate, checked(data))
        return _gate(actions.find(await actions.board_of(work, guides), gate))

    return await written(work, {"gate": gate, "why": data.reason, "cargo": data.cargo}, idempotency_key, write)


def _stage(stage: StageStanding, span: Span | None) -> dict[str, Any]:
    return {
        "key": stage.stage.key.value,
        "number": stage.stage.number,
        "title": stage.stage.title,
        "state": stage.state,
        "minimum_met": stage.minimum_met,
        "minimum_total": stage.minimum_total,
        "ideal_met": stage.ideal_met,
        "ideal_total": stage.ideal_total,
        "starts_on": span.starts_on if span else None,
        "ends_on": span.ends_on if span else None,
        "lead": span.lead if span else "",
    }


def _gate(gate: GateStanding) -> GateOut:
    closing = gate.closing
    return GateOut(
        id=gate.gate.id,
        title=gate.gate.title,
        stage=gate.stage.key.value,
        steps=list(gate.gate.steps),
        state=gate.state.value,
        needs=[NeedOut(need.met, [_thing(thing) for thing in need.things]) for need in gate.needs],
        ideal=[_thing(thing) for thing in gate.ideals],
        duties=[_thing(thing) for thing in gate.duties],
        missing=list(gate.obstacles),
        waits_for=[other.id for other in gate.waits_for],
        closing=ClosingOut(closing.closed_at, closing.closed_by, closing.cargo, closing.reason, list(closing.missing))
        if closing
        else None,
    )


def _thing(thing: Thing) -> ThingOut:
    return ThingOut(
        row=thing.row.id,
        text=thing.row.text,
        section=thing.row.section,
        met=thing.met,
        shows=thing.shows,
        missing="" if thing.met else thing.missing,
        who=list(thing.row.who),
        screen=thing.screen,
    )


ROUTES = [api("Etapas y puertas", list_stages, get_stage, list_gates, close_gate, close_gate_by_exception)]
