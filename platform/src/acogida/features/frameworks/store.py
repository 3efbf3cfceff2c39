"""Questions about what is linked to what."""

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, delete, func, select

from acogida.features.frameworks.model import AlignmentLink
from acogida.kernel.manifest import SubjectKind
from acogida.kernel.work import Work

_COLUMNS = {
    "finding": AlignmentLink.finding_id,
    "objective": AlignmentLink.objective_id,
    "initiative": AlignmentLink.initiative_id,
}


async def links(work: Work, plugin: str, framework: str) -> Sequence[AlignmentLink]:
    """Every link to a framework, by node and in the order in which they were made."""
    query = select(AlignmentLink).where(_to(plugin, framework)).order_by(AlignmentLink.node, AlignmentLink.id)
    return (await work.session.scalars(query)).all()


async def links_of(
    work: Work, plugin: str, framework: str, kind: SubjectKind, subject_id: UUID, *, lock: bool = False
) -> Sequence[AlignmentLink]:
    """What one thing is linked to in a framework."""
    query = select(AlignmentLink).where(_to(plugin, framework), _COLUMNS[kind] == subject_id)
    query = query.order_by(AlignmentLink.node)
    return (await work.session.scalars(query.with_for_update() if lock else query)).all()


async def erase_links(work: Work, ids: Collection[UUID]) -> None:
    await work.session.execute(delete(AlignmentLink).where(AlignmentLink.id.in_(ids)))


async def linked_frameworks(work: Work) -> Sequence[tuple[str, str, str, int]]:
    """Frameworks with some link, brought or not today: plugin, key, the newest words of its title, how many links."""
    query = (
        select(AlignmentLink.plugin, AlignmentLink.framework, func.max(AlignmentLink.framework_title), func.count())
        .group_by(AlignmentLink.plugin, AlignmentLink.framework)
        .order_by(AlignmentLink.plugin, AlignmentLink.framework)
    )
    return [(plugin, key, title, count) for plugin, key, title, count in await work.session.execute(query)]


def _to(plugin: str, framework: str) -> ColumnElement[bool]:
    return (AlignmentLink.plugin == plugin) & (AlignmentLink.framework == framework)
