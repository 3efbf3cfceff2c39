"""What other rooms may ask about the policy cycle."""

from collections.abc import Mapping, Sequence

from acogida.features.cycles import store
from acogida.features.cycles.dates import (
    STAGES,
    Span,
    Vigencia,
    propose_dates,
    set_stage_dates,
    set_vigencia,
    stage_dates,
    vigencia,
    years_later,
)
from acogida.features.cycles.model import Cycle
from acogida.features.methodology.model import Guide
from acogida.kernel.db import new_id
from acogida.kernel.errors import GateClosed
from acogida.kernel.work import Work
from acogida.web.shell import ShellStage, StageLine

__all__ = [
    "STAGES",
    "Span",
    "Vigencia",
    "closed_gates",
    "guide_of",
    "newest",
    "open_first_cycle",
    "propose_dates",
    "require_gate",
    "set_stage_dates",
    "set_vigencia",
    "stage_dates",
    "stage_line",
    "vigencia",
    "years_later",
]


def newest(guides: Mapping[str, Guide]) -> str:
    """This function will give the version of the guide that a new cycle is pinned to."""
    return max(guides)


def open_first_cycle(guide_version: str) -> Cycle:
    """This function will make the first cycle of a new workspace; the caller adds it to the session."""
    return Cycle(id=new_id(), number=1, guide_version=guide_version, valid_from=None, valid_until=None)


async def guide_of(work: Work, guides: Mapping[str, Guide]) -> Guide:
    """This function will give the version of the guide that the cycle in course is pinned to."""
    return guides[(await store.standing(work)).cycle.guide_version]


async def closed_gates(work: Work) -> frozenset[str]:
    """This function will give the ids of the gates that the cycle has passed, such as `GATE-1.1`."""
    return (await store.standing(work)).closed


async def require_gate(work: Work, gate: str, sentence: str) -> None:
    """This function will raise `GateClosed` with this Spanish sentence unless the gate has been passed."""
    if gate not in await closed_gates(work):
        raise GateClosed([sentence])


def stage_line(guides: Mapping[str, Guide]) -> StageLine:
    """This function will make the reader of the five stages' state for the frame of every page."""

    async def read(work: Work) -> Sequence[ShellStage]:
        standing = await store.standing(work)
        guide = guides[standing.cycle.guide_version]
        closed = standing.closed
        line: list[ShellStage] = []
        current_found = False
        for stage in guide.stages:
            gates = guide.gates_of(stage.key)
            done = bool(gates) and all(gate.id in closed for gate in gates)
            state = "closed" if done else "future" if current_found else "current"
            current_found = current_found or not done
            line.append(
                ShellStage(stage.key, stage.number, stage.title, state, f"/m/{work.tenant.slug}/etapas/{stage.key}")
            )
        return line

    return read
