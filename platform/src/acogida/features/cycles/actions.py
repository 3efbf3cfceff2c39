"""Closing the gates of the guide: with what it asks for, or by a named and reasoned exception."""

from collections.abc import Mapping

from acogida.features.cycles import gates, store
from acogida.features.cycles.forms import CloseByException
from acogida.features.cycles.gates import Board, GateStanding, GateState, name_of
from acogida.features.cycles.model import GateClosing
from acogida.features.methodology.model import Guide
from acogida.kernel import audit, facts
from acogida.kernel.errors import AlreadyClosed, GateClosed, NotFound, Rejected
from acogida.kernel.permissions import ROLES
from acogida.kernel.work import Work


async def board_of(work: Work, guides: Mapping[str, Guide]) -> Board:
    """This function will judge the workspace against its version of the guide, from what exists now."""
    standing = await store.standing(work)
    return gates.evaluate(guides[standing.cycle.guide_version], await facts.gather(work), standing.closings)


def find(board: Board, gate_id: str) -> GateStanding:
    """This function will give a gate by its id, or raise `NotFound`."""
    try:
        return board.gate(gate_id)
    except KeyError:
        raise NotFound from None


def refuse_unless_open(gate: GateStanding) -> None:
    """This function will raise `AlreadyClosed` or, where closing makes no sense yet, `GateClosed` with the reason."""
    if gate.state is GateState.CLOSED:
        raise AlreadyClosed(f"«{name_of(gate.gate)}» ya está cerrado.")
    if gate.state not in (GateState.READY, GateState.OPEN):
        raise GateClosed(gate.obstacles)


async def close_gate(work: Work, guides: Mapping[str, Guide], gate_id: str) -> GateClosing:
    """This function will close a gate that lacks nothing; nobody reopens it.

    Raises `GateClosed` with a sentence for each thing that is missing and who owes it.
    """
    work.require("gate:close")
    await store.standing_locked(work)
    board = await board_of(work, guides)
    gate = find(board, gate_id)
    refuse_unless_open(gate)
    if gate.unmet:
        raise GateClosed(gate.obstacles)

    cargo = ", ".join(ROLES[role].title for role in sorted(work.actor.roles) if role in ROLES)
    return await _close(work, board, gate, cargo=cargo, reason=None)


async def close_by_exception(
    work: Work, guides: Mapping[str, Guide], gate_id: str, wanted: CloseByException
) -> GateClosing:
    """This function will pass a gate that lacks something, with a reason that everybody in the workspace can read."""
    work.require("gate:except")
    await store.standing_locked(work)
    board = await board_of(work, guides)
    gate = find(board, gate_id)
    refuse_unless_open(gate)
    if not gate.unmet:
        raise Rejected("No hace falta una excepción: ya está todo lo que la guía pide. Cierre el paso.")

    return await _close(work, board, gate, cargo=wanted.cargo, reason=wanted.reason)


async def _close(work: Work, board: Board, gate: GateStanding, *, cargo: str, reason: str | None) -> GateClosing:
    there = [thing for thing in gate.things if thing.met]
    closing = GateClosing(
        gate=gate.gate.id,
        closed_at=work.clock.now(),
        closed_by=work.actor.name,
        cargo=cargo,
        reason=reason,
        missing=[thing.row.id for need in gate.unmet for thing in need.things],
        basis=[[thing.row.id, thing.shows or thing.name] for thing in there],
    )
    work.session.add(closing)
    await work.session.flush()
    store.forget_standing(work)

    others = [other for other in board.stage(gate.stage.key).gates if other is not gate]
    last = all(other.state is GateState.CLOSED for other in others)
    done = "cerró" if reason is None else "avanzó por excepción en"
    await audit.record(
        work,
        "gate.closed" if reason is None else "gate.excepted",
        f"{done} *{name_of(gate.gate)}*" + (f", y con ello la etapa *{gate.stage.title}*" if last else ""),
        subject=closing,
        after={
            "cargo": cargo,
            "reason": reason,
            "basis": [f"{thing.name}: {thing.shows}" if thing.shows else thing.name for thing in there],
            "missing": list(gate.missing),
        },
    )
    return closing
