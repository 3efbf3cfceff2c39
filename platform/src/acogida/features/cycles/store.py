"""Questions about the policy cycle."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import and_, bindparam, select

from acogida.features.cycles.model import Cycle, GateClosing, StageDate
from acogida.kernel.errors import NotFound
from acogida.kernel.work import Work

_KEPT = "cycles.standing"


@dataclass(frozen=True, slots=True)
class Standing:
    """The cycle in course and the gates it has passed, oldest first."""

    cycle: Cycle
    closings: tuple[GateClosing, ...]

    @property
    def closed(self) -> frozenset[str]:
        """Ids of the gates passed."""
        return frozenset(closing.gate for closing in self.closings)


_STANDING = (
    select(Cycle, GateClosing)
    .outerjoin(GateClosing, and_(GateClosing.tenant_id == Cycle.tenant_id, GateClosing.cycle_id == Cycle.id))
    .where(Cycle.id == bindparam("cycle"))
    .order_by(GateClosing.closed_at, GateClosing.id)
)
"""Made once, because every page of a workspace asks it."""
_STAGE_DATES = select(StageDate)


async def standing(work: Work) -> Standing:
    """One query for the whole request: the frame of every page asks first and the page asks again."""
    kept = work.session.info.get(_KEPT)
    if isinstance(kept, Standing):
        return kept
    rows = (await work.session.execute(_STANDING, {"cycle": work.tenant.cycle_id})).all()
    if not rows:
        raise NotFound
    return _keep(work, Standing(rows[0][0], tuple(row[1] for row in rows if row[1] is not None)))


async def standing_locked(work: Work) -> Standing:
    """The same, read again after locking the cycle: who closes a gate or sets its vigencia waits for the other."""
    cycle = await work.session.scalar(
        select(Cycle)
        .where(Cycle.id == work.tenant.cycle_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if cycle is None:
        raise NotFound
    closings = await work.session.scalars(select(GateClosing).order_by(GateClosing.closed_at, GateClosing.id))
    return _keep(work, Standing(cycle, tuple(closings)))


def forget_standing(work: Work) -> None:
    """After a gate was closed: whoever asks next in this request reads again."""
    work.session.info.pop(_KEPT, None)


def _keep(work: Work, standing: Standing) -> Standing:
    work.session.info[_KEPT] = standing
    return standing


async def stage_dates(work: Work, *, lock: bool = False) -> Sequence[StageDate]:
    return (await work.session.scalars(_STAGE_DATES.with_for_update() if lock else _STAGE_DATES)).all()
