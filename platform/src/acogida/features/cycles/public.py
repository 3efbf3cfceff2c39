"""What other rooms may ask about the policy cycle."""

from collections.abc import Mapping, Sequence

from acogida.features.cycles import store
from acogida.features.cycles.model import Cycle
from acogida.features.methodology.model import Guide
from acogida.kernel.db import new_id
from acogida.kernel.work import Work
from acogida.web.shell import ShellStage, StageLine


def newest(guides: Mapping[str, Guide]) -> str:
    """This function will give the version of the guide that a new cycle is pinned to."""
    return max(guides)


def open_first_cycle(guide_version: str) -> Cycle:
    """This function will make the first cycle of a new workspace; the caller adds it to the session."""
    return Cycle(id=new_id(), number=1, guide_version=guide_version, valid_from=None, valid_until=None)


def stage_line(guides: Mapping[str, Guide]) -> StageLine:
    """This function will make the reader of the five stages' state for the frame of every page."""

    async def read(work: Work) -> Sequence[ShellStage]:
        cycle = await store.current_cycle(work)
        guide = guides[cycle.guide_version]
        closed = {closing.gate for closing in await store.closings(work)}
        line: list[ShellStage] = []
        current_found = False
        for stage in guide.stages:
            gates = guide.gates_of(stage.key)
            done = bool(gates) and all(gate.id in closed for gate in gates)
            state = "closed" if done else "future" if current_found else "current"
            current_found = current_found or not done
            line.append(ShellStage(stage.key, stage.number, stage.title, state, f"/m/{work.tenant.slug}/etapas/{stage.key}"))
        return line

    return read


