"""Questions about the policy cycle."""

from collections.abc import Sequence

from sqlalchemy import select

from acogida.features.cycles.model import Cycle, GateClosing
from acogida.kernel.errors import NotFound
from acogida.kernel.work import Work


async def current_cycle(work: Work) -> Cycle:
    cycle = await work.session.scalar(select(Cycle).where(Cycle.id == work.tenant.cycle_id))
    if cycle is None:
        raise NotFound
    return cycle


async def closings(work: Work) -> Sequence[GateClosing]:
    return (await work.session.scalars(select(GateClosing).order_by(GateClosing.closed_at))).all()
