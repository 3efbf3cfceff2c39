"""Questions about acts."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import delete, select

from acogida.features.acts.model import Act, Signatory
from acogida.kernel.errors import NotFound
from acogida.kernel.work import Work


async def acts(work: Work) -> Sequence[Act]:
    return (await work.session.scalars(select(Act).order_by(Act.created_at, Act.id))).all()


async def newest(work: Work, kind: str, *, lock: bool = False) -> Act | None:
    """The act of this kind in course: the last one written."""
    query = select(Act).where(Act.kind == kind).order_by(Act.created_at.desc(), Act.id.desc()).limit(1)
    return await work.session.scalar(query.with_for_update() if lock else query)


async def act(work: Work, act_id: UUID) -> Act:
    found = await work.session.scalar(select(Act).where(Act.id == act_id))
    if found is None:
        raise NotFound
    return found


async def signatories(work: Work, act_id: UUID | None = None) -> Sequence[Signatory]:
    """Of one act, or of all, in the order in which they sign."""
    query = select(Signatory).order_by(Signatory.act_id, Signatory.position)
    return (await work.session.scalars(query.where(Signatory.act_id == act_id) if act_id else query)).all()


async def drop_signatories(work: Work, act_id: UUID) -> None:
    await work.session.execute(delete(Signatory).where(Signatory.act_id == act_id))
