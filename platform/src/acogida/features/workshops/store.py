"""Questions about workshops."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from acogida.features.workshops.model import Workshop, WorkshopEntry, WorkshopGroup
from acogida.kernel.errors import NotFound
from acogida.kernel.work import Work

# Made once: the board asks these each time.
_BY_DATE = select(Workshop).order_by(Workshop.held_on, Workshop.starts_at, Workshop.id)
_BY_ID = select(Workshop).order_by(Workshop.id)
_ENTRIES = select(WorkshopEntry).order_by(WorkshopEntry.id)


async def workshops(
    work: Work,
    *,
    held: bool | None = None,
    kinds: Sequence[str] = (),
    after: UUID | None = None,
    limit: int | None = None,
) -> Sequence[Workshop]:
    """By date; with a cursor, by id, which is the order in which they were written down."""
    query = _BY_ID.limit(limit) if limit else _BY_DATE
    if held is not None:
        query = query.where(Workshop.status == ("held" if held else "planned"))
    if kinds:
        query = query.where(Workshop.kind.in_(kinds))
    if after:
        query = query.where(Workshop.id > after)
    return (await work.session.scalars(query)).all()


async def workshop(work: Work, workshop_id: UUID, *, lock: bool = False) -> Workshop:
    query = select(Workshop).where(Workshop.id == workshop_id)
    found = await work.session.scalar(query.with_for_update() if lock else query)
    if found is None:
        raise NotFound
    return found


async def groups(work: Work, workshop_ids: Sequence[UUID]) -> Sequence[WorkshopGroup]:
    """The participants of these workshops, in the order in which they were counted."""
    query = select(WorkshopGroup).where(WorkshopGroup.workshop_id.in_(workshop_ids))
    return (await work.session.scalars(query.order_by(WorkshopGroup.id))).all()


async def group(work: Work, workshop_id: UUID, group_id: UUID, *, lock: bool = False) -> WorkshopGroup:
    query = select(WorkshopGroup).where(WorkshopGroup.id == group_id, WorkshopGroup.workshop_id == workshop_id)
    found = await work.session.scalar(query.with_for_update() if lock else query)
    if found is None:
        raise NotFound
    return found


async def entries(
    work: Work,
    *,
    workshop_ids: Sequence[UUID] | None = None,
    kinds: Sequence[str] = (),
    after: UUID | None = None,
    limit: int | None = None,
) -> Sequence[WorkshopEntry]:
    """As they were noted; of these workshops only, of these kinds only, where given."""
    query = _ENTRIES.limit(limit) if limit else _ENTRIES
    if workshop_ids is not None:
        query = query.where(WorkshopEntry.workshop_id.in_(workshop_ids))
    if kinds:
        query = query.where(WorkshopEntry.kind.in_(kinds))
    if after:
        query = query.where(WorkshopEntry.id > after)
    return (await work.session.scalars(query)).all()


async def entry(work: Work, entry_id: UUID, *, workshop_id: UUID | None = None, lock: bool = False) -> WorkshopEntry:
    query = select(WorkshopEntry).where(WorkshopEntry.id == entry_id)
    if workshop_id is not None:
        query = query.where(WorkshopEntry.workshop_id == workshop_id)
    found = await work.session.scalar(query.with_for_update() if lock else query)
    if found is None:
        raise NotFound
    return found


async def entries_cut_from(work: Work, file_id: UUID) -> Sequence[WorkshopEntry]:
    query = select(WorkshopEntry).where(WorkshopEntry.photograph_id == file_id).order_by(WorkshopEntry.id)
    return (await work.session.scalars(query)).all()


async def entries_with(work: Work, ids: Sequence[UUID]) -> Sequence[WorkshopEntry]:
    return (await work.session.scalars(select(WorkshopEntry).where(WorkshopEntry.id.in_(ids)))).all() if ids else ()


async def erase(work: Work, row: Workshop | WorkshopGroup | WorkshopEntry) -> None:
    await work.session.delete(row)
    await work.session.flush()
