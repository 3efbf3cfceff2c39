"""Questions about the statements of alignment."""

from sqlalchemy import delete, select

from acogida.sdk import Work
from acogida_pnme.model import Statement


async def statements(work: Work) -> dict[str, Statement]:
    """By framework."""
    return {row.framework: row for row in await work.session.scalars(select(Statement))}


async def statement(work: Work, framework: str, *, lock: bool = False) -> Statement | None:
    query = select(Statement).where(Statement.framework == framework)
    return await work.session.scalar(query.with_for_update() if lock else query)


async def erase_everything(work: Work) -> int:
    """Every row; gives how many."""
    return len((await work.session.execute(delete(Statement).returning(Statement.id))).all())
