"""Questions about the library's collection."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import delete, func, select

from acogida.sdk import NotFound, Work
from acogida_biblioteca.model import Material


async def materials(work: Work, *, language: str = "") -> Sequence[Material]:
    """By language and title; of one language where it is asked."""
    query = select(Material).order_by(Material.language, Material.title, Material.id)
    return (await work.session.scalars(query.where(Material.language == language) if language else query)).all()


async def materials_by_id(work: Work, *, after: UUID | None, limit: int) -> Sequence[Material]:
    query = select(Material).order_by(Material.id).limit(limit)
    return (await work.session.scalars(query.where(Material.id > after) if after else query)).all()


async def material(work: Work, material_id: UUID, *, lock: bool = False) -> Material:
    query = select(Material).where(Material.id == material_id)
    found = await work.session.scalar(query.with_for_update() if lock else query)
    if found is None:
        raise NotFound
    return found


async def of_initiative(work: Work, initiative_id: UUID) -> Sequence[Material]:
    """What goes along with one initiative."""
    query = select(Material).where(Material.initiative_id == initiative_id).order_by(Material.title, Material.id)
    return (await work.session.scalars(query)).all()


async def languages(work: Work) -> Sequence[str]:
    query = select(Material.language).distinct().order_by(Material.language)
    return (await work.session.scalars(query)).all()


async def erase(work: Work, material_id: UUID) -> None:
    await work.session.execute(delete(Material).where(Material.id == material_id))


async def erase_everything(work: Work) -> int:
    """Every row of this plugin in this municipality; tells how many were there."""
    counted = await work.session.scalar(select(func.count()).select_from(Material)) or 0
    await work.session.execute(delete(Material))
    return counted
