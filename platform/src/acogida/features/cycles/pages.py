"""Pages of the cycle: the board, the stages, the steps, and closing a step."""

from collections.abc import Sequence
from dataclasses import dataclass

from litestar import get, post
from litestar.response import Redirect, Template

from acogida.features.activity.public import latest
from acogida.features.cycles import actions, dates
from acogida.features.cycles.forms import CloseByException
from acogida.features.cycles.gates import Board, GateStanding, GateState, name_of, recommended, thing_name
from acogida.features.cycles.screens import STATES, Errand, Requirement, Screens, labels_of, period
from acogida.features.drafts import public as drafts
from acogida.features.methodology.model import Guide, Step
from acogida.kernel import duties, hooks
from acogida.kernel.errors import GateClosed, NotFound, Rejected
from acogida.kernel.permissions import ROLES
from acogida.kernel.work import Work
from acogida.web import forms
from acogida.web.routing import workspace
from acogida.web.view import View

SHOWN = 6
"""Rows of a column of the board: more would not be read in ten seconds."""


@get(["/", ""], permission="workspace:read")
async def board(work: Work, view: View, guides: dict[str, Guide]) -> Template:
    found = await actions.board_of(work, guides)
    spans = await dates.stage_dates(work)
    on = Screens(work, found.guide)
    cards = on.cards(found, spans)
    todo = [
        *(on.errand(need.thing) for _, need in found.pending),
        *(on.closing(gate) for gate in found.ready),
        *(on.errand(thing) for thing in found.duties),
    ]
    return view.with_shell(stages=cards).page(
        "cycles/board.html",
        cards=cards,
        next=on.next_step(found, spans),
        todo=todo,
        there=[on.requirement(thing) for thing in found.there],
        owed=on.owed(found, await duties.gather(work)),
        movements=await latest(work) if work.actor.may("audit:read") else [],
        exceptions=[Closed(gate, on.step_href(gate.step)) for gate in found.exceptions],
        shown=SHOWN,
        untouched=found.untouched,
        added=await hooks.page_slot(work, "board"),
    )


@dataclass(frozen=True, slots=True)
class Closed:
    """A gate that was passed, and where it is seen."""

    gate: GateStanding
    href: str

    @property
    def name(self) -> str:
        return name_of(self.gate.gate)


@dataclass(frozen=True, slots=True)
class StepOutline:
    """A step as its stage shows it."""

    step: Step
    href: str
    words: str
    mark: str
    rows: Sequence[Requirement]
    ready: bool


@get("/etapas/{stage:str}", permission="workspace:read")
async def stage(work: Work, view: View, guides: dict[str, Guide], stage: str) -> Template:
    found = await actions.board_of(work, guides)
    on = Screens(work, found.guide)
    try:
        here = found.stage(stage)
    except KeyError:
        raise NotFound from None
    spans = await dates.stage_dates(work)
    cards = on.cards(found, spans)
    place = found.stages.index(here)
    return view.with_shell(stages=cards).page(
        "cycles/stage.html",
        here=here,
        card=cards[place],
        dates=period(spans.get(stage)),
        steps=[outline(on, found, each) for each in found.guide.steps_of(stage)],
        previous=cards[place - 1] if place else None,
        following=cards[place + 1] if place + 1 < len(cards) else None,
        added=await hooks.page_slot(work, f"stage.{stage}"),
    )


def outline(on: Screens, board: Board, step: Step) -> StepOutline:
    """This function will give a step with its state and what it asks, and a look at what comes next when it has none."""
    gates = board.gates_of_step(step.key)
    words, mark = state_of(gates)
    rows = [row for gate in gates for row in rows_of(on, gate, step.key)]
    return StepOutline(
        step, on.step_href(step.key), words, mark, rows, any(gate.state is GateState.READY for gate in gates)
    )


def state_of(gates: Sequence[GateStanding]) -> tuple[str, str]:
    """This function will give words and mark for a step: those of its first gate that is not closed, or of the last."""
    gate = next((gate for gate in gates if gate.state is not GateState.CLOSED), gates[-1])
    return ("Cerrado por excepción", "soon") if gate.by_exception else STATES[gate.state]


def rows_of(on: Screens, gate: GateStanding, step: str) -> list[Requirement]:
    """This function will give, of what a gate reads, the part that is done in this step."""
    here = [need for need in gate.needs if any(thing.row.step == step for thing in need.things)]
    things = [thing for thing in (*gate.ideals, *gate.duties) if thing.row.step == step]
    return [*(row for need in here for row in on.need(need)), *(on.requirement(thing) for thing in things)]


@dataclass(frozen=True, slots=True)
class GateView:
    """A gate on the page of a step."""

    standing: GateStanding
    name: str
    words: str
    mark: str
    rows: Sequence[Requirement]
    elsewhere: Sequence[Errand]
    """What it still lacks and is done in another step."""
    waits_for: Sequence[tuple[str, str]]
    together: str
    """The steps that it closes at once; empty when it closes one."""
    basis: Sequence[tuple[str, str]]
    """What it was closed with: the thing and what was shown that day."""
    lacked: Sequence[Requirement]
    """What was missing when it was closed by exception, as it stands today."""
    asked: Sequence[hooks.Asked]
    """What extensions ask for besides: the guide's minimum is the guide's, so it blocks nothing."""


async def gate_view(work: Work, on: Screens, board: Board, gate: GateStanding, step: str) -> GateView:
    """This function will give a gate as the page of one of its steps shows it."""
    words, mark = state_of([gate])
    closing = gate.closing
    known = {thing.row.id: thing for thing in gate.things}
    lacked = [known[row] for row in closing.missing if row in known] if closing else []
    return GateView(
        standing=gate,
        name=name_of(gate.gate),
        words=words,
        mark=mark,
        rows=rows_of(on, gate, step),
        elsewhere=[
            on.errand(need.thing) for need in gate.unmet if all(thing.row.step != step for thing in need.things)
        ],
        waits_for=[(name_of(other), on.step_href(other.steps[0])) for other in gate.waits_for],
        together=labels_of(gate.gate.closes) if len(gate.gate.closes) > 1 else "",
        basis=[(thing_name(board.guide.row(row)), shows) for row, shows in closing.basis] if closing else [],
        lacked=[on.requirement(thing) for thing in lacked],
        asked=await hooks.gate_problems(work, gate.gate.id) if closing is None else (),
    )


@get("/etapas/{stage:str}/{step:str}", permission="workspace:read")
async def step(work: Work, view: View, guides: dict[str, Guide], stage: str, step: str) -> Template:
    found = await actions.board_of(work, guides)
    guide = found.guide
    try:
        here = guide.step(step)
    except KeyError:
        raise NotFound from None
    if here.stage != stage:
        raise NotFound
    on = Screens(work, guide)
    place = guide.steps.index(here)
    return view.page(
        "cycles/step.html",
        here=here,
        stage=guide.stage(stage),
        gates=[await gate_view(work, on, found, gate, step) for gate in found.gates_of_step(step)],
        recommended=[on.requirement(thing) for thing in recommended(found, step)],
        tips=guide.tips_of(step),
        questions=[
            *(row.text for row in guide.questions_of(step)),
            *(f"{each.text} ({plugin.title})" for plugin, each in await hooks.questions(work, step)),
        ],
        readings=guide.readings_of(step),
        previous=_link(on, guide.steps[place - 1]) if place else None,
        following=_link(on, guide.steps[place + 1]) if place + 1 < len(guide.steps) else None,
    )


def _link(on: Screens, step: Step) -> tuple[str, str]:
    return f"{step.key} {step.title}", on.step_href(step.key)


@post("/puertas/{gate:str}/cerrar", permission="gate:close", status_code=200)
async def close(work: Work, view: View, guides: dict[str, Guide], gate: str) -> Template | Redirect:
    """Asks first where the browser could not (no JavaScript): a gate is not reopened."""
    found = await actions.board_of(work, guides)
    standing = actions.find(found, gate)
    back = Screens(work, found.guide).step_href(standing.step)
    if standing.state is GateState.READY and (await view.posted()).get("confirmed") != ["1"]:
        return view.page(
            "confirm.html",
            question=f"¿Cerrar {name_of(standing.gate)}?",
            text="Queda anotado quién lo cierra, cuándo y con qué. Un paso cerrado no se vuelve a abrir.",
            verb="Cerrar paso",
            back=back,
        )
    try:
        await actions.close_gate(work, guides, gate)
    except GateClosed as refusal:
        return _refused(work, view, found, standing, refusal)
    return view.redirect(back, f"Cerramos {name_of(standing.gate)}.")


def _refused(work: Work, view: View, board: Board, gate: GateStanding, refusal: GateClosed) -> Template:
    """What is missing to close a gate, each thing with its person and its button."""
    on = Screens(work, board.guide)
    return view.page(
        "cycles/refusal.html",
        status=refusal.status,
        gate=gate,
        name=name_of(gate.gate),
        stage=gate.stage,
        back=on.step_href(gate.step),
        waits_for=[(name_of(other), on.step_href(other.steps[0])) for other in gate.waits_for],
        rows=[row for need in gate.unmet for row in on.lacking(need)]
        if gate.state in (GateState.OPEN, GateState.WAITING)
        else [],
        sentences=refusal.missing,
        may_except=gate.state is GateState.OPEN and work.actor.may("gate:except"),
    )


@get("/puertas/{gate:str}/excepcion", permission="gate:except")
async def exception(work: Work, view: View, guides: dict[str, Guide], gate: str) -> Template:
    found = await actions.board_of(work, guides)
    standing = actions.find(found, gate)
    actions.refuse_unless_open(standing)
    cargo = next((ROLES[role].title for role in ("mayor", "secretary") if role in work.actor.roles), "")
    form = await drafts.restore(work, draft_of(gate), forms.blank(CloseByException, cargo=cargo))
    return _exception(work, view, found, standing, form)


def draft_of(gate: str) -> str:
    """This function will name the draft of an exception."""
    return f"puertas/{gate}"


def _exception(
    work: Work, view: View, board: Board, gate: GateStanding, form: forms.Form[CloseByException], status: int = 200
) -> Template:
    on = Screens(work, board.guide)
    return view.page(
        "cycles/exception.html",
        status=status,
        form=form,
        draft=draft_of(gate.gate.id),
        gate=gate,
        name=name_of(gate.gate),
        stage=gate.stage,
        back=on.step_href(gate.step),
    )


@post("/puertas/{gate:str}/excepcion", permission="gate:except", status_code=200)
async def close_by_exception(work: Work, view: View, guides: dict[str, Guide], gate: str) -> Template | Redirect:
    form = forms.read(CloseByException, await view.posted())
    found = await actions.board_of(work, guides)
    standing = actions.find(found, gate)
    if form.ok:
        try:
            await actions.close_by_exception(work, guides, gate, form.data)
            await drafts.discard(work, draft_of(gate))
            where = Screens(work, found.guide).step_href(standing.step)
            return view.redirect(
                where, f"Avanzaron por excepción en {name_of(standing.gate)}. El motivo queda a la vista del equipo."
            )
        except Rejected as problem:
            form.refuse(problem)
        except GateClosed as refusal:
            return _refused(work, view, found, standing, refusal)
    return _exception(work, view, found, standing, form, 422)


ROUTES = [workspace(board, stage, step, close, exception, close_by_exception)]
