"""Questions about what a municipality keeps of its table of communes."""

from collections.abc import Sequence
from typing import TypeVar
from uuid import UUID

from sqlalchemy import delete, select

from acogida.sdk import NotFound, Work
from acogida_macrozona_norte.model import Answer, Encounter, NorthTable, Partner, Pledge

R = TypeVar("R", bound=NorthTable)


async def one(work: Work, kind: type[R], row_id: UUID, *, lock: bool = False) -> R:
    """One row of a table, or `NotFound`."""
    query = select(kind).where(kind.id == row_id)
    found = await work.session.scalar(query.with_for_update() if lock else query)
    if found is None:
        raise NotFound
    return found


async def by_id(work: Work, kind: type[R], *, after: UUID | None, limit: int) -> Sequence[R]:
    """In the order in which they were written down: for readers that go on from a cursor."""
    query = select(kind).order_by(kind.id).limit(limit)
    return (await work.session.scalars(query.where(kind.id > after) if after else query)).all()


async def answers(work: Work) -> dict[str, Answer]:
    """By the key of its question."""
    return {row.question: row for row in await work.session.scalars(select(Answer))}


async def answer(work: Work, question: str, *, lock: bool = False) -> Answer | None:
    query = select(Answer).where(Answer.question == question)
    return await work.session.scalar(query.with_for_update() if lock else query)


async def partners(work: Work) -> Sequence[Partner]:
    """The other communes of the table, by name."""
    return (await work.session.scalars(select(Partner).order_by(Partner.name))).all()


async def encounters(work: Work) -> Sequence[Encounter]:
    """The newest first."""
    query = select(Encounter).order_by(Encounter.takes_place_on.desc(), Encounter.id.desc())
    return (await work.session.scalars(query)).all()


async def pledges(work: Work, *, initiative_id: UUID | None = None) -> Sequence[Pledge]:
    """What is due first, first; those of one initiative where it is given."""
    query = select(Pledge).order_by(Pledge.due_on, Pledge.id)
    rows = query.where(Pledge.initiative_id == initiative_id) if initiative_id else query
    return (await work.session.scalars(rows)).all()


async def erase(work: Work, kind: type[NorthTable], row_id: UUID) -> None:
    await work.session.execute(delete(kind).where(kind.id == row_id))


async def erase_everything(work: Work) -> int:
    """Every row of every table; gives how many."""
    erased = 0
    for kind in (Answer, Pledge, Encounter, Partner):
        erased += len((await work.session.execute(delete(kind).returning(kind.id))).all())
    return erased
