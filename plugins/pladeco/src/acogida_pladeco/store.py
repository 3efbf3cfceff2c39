"""Questions about the PLADECO and what hangs from it."""

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import delete, func, select

from acogida.sdk import NotFound, Work, initiatives
from acogida_pladeco.model import Alignment, Element, InitiativeLink, Pladeco, Suggestion


async def pladecos(work: Work) -> Sequence[Pladeco]:
    """The newest first."""
    return (await work.session.scalars(select(Pladeco).order_by(Pladeco.first_year.desc(), Pladeco.id.desc()))).all()


async def pladecos_by_id(work: Work, *, after: UUID | None, limit: int) -> Sequence[Pladeco]:
    query = select(Pladeco).order_by(Pladeco.id).limit(limit)
    return (await work.session.scalars(query.where(Pladeco.id > after) if after else query)).all()


async def pladeco(work: Work, pladeco_id: UUID, *, lock: bool = False) -> Pladeco:
    query = select(Pladeco).where(Pladeco.id == pladeco_id)
    found = await work.session.scalar(query.with_for_update() if lock else query)
    if found is None:
        raise NotFound
    return found


async def in_use(work: Work) -> Pladeco | None:
    """The one that is in force this year, the newest of them; where none is, the last there was."""
    rows = await pladecos(work)
    year = work.today().year
    return next((row for row in rows if row.first_year <= year <= row.last_year), rows[0] if rows else None)


async def elements(work: Work, pladeco_id: UUID) -> Sequence[Element]:
    """Every element of a PLADECO, in the order in which they were written down."""
    query = select(Element).where(Element.pladeco_id == pladeco_id).order_by(Element.position, Element.id)
    return (await work.session.scalars(query)).all()


async def elements_by_id(work: Work, pladeco_id: UUID, *, after: UUID | None, limit: int) -> Sequence[Element]:
    query = select(Element).where(Element.pladeco_id == pladeco_id).order_by(Element.id).limit(limit)
    return (await work.session.scalars(query.where(Element.id > after) if after else query)).all()


async def element(work: Work, element_id: UUID, *, lock: bool = False) -> Element:
    query = select(Element).where(Element.id == element_id)
    found = await work.session.scalar(query.with_for_update() if lock else query)
    if found is None:
        raise NotFound
    return found


async def links(work: Work, pladeco_id: UUID) -> dict[UUID, list[UUID]]:
    """Elements of this PLADECO that each initiative is linked to, by initiative."""
    query = (
        select(InitiativeLink.initiative_id, InitiativeLink.element_id)
        .join(Element, (Element.tenant_id == InitiativeLink.tenant_id) & (Element.id == InitiativeLink.element_id))
        .where(Element.pladeco_id == pladeco_id)
        .order_by(Element.position, Element.id)
    )
    found: dict[UUID, list[UUID]] = {}
    for initiative_id, element_id in await work.session.execute(query):
        found.setdefault(initiative_id, []).append(element_id)
    return found


async def linked_elements(work: Work, initiative_id: UUID, pladeco_id: UUID) -> Sequence[Element]:
    """What one initiative is linked to in this PLADECO."""
    query = (
        select(Element)
        .join(
            InitiativeLink,
            (InitiativeLink.tenant_id == Element.tenant_id) & (InitiativeLink.element_id == Element.id),
        )
        .where(InitiativeLink.initiative_id == initiative_id, Element.pladeco_id == pladeco_id)
        .order_by(Element.position, Element.id)
    )
    return (await work.session.scalars(query)).all()


async def links_into(work: Work, element_ids: Collection[UUID]) -> int:
    """How many links lead to these elements."""
    query = select(func.count()).select_from(InitiativeLink).where(InitiativeLink.element_id.in_(element_ids))
    return await work.session.scalar(query) or 0


async def alignments(work: Work) -> dict[UUID, Alignment]:
    """What was said of each initiative, by initiative."""
    return {row.initiative_id: row for row in await work.session.scalars(select(Alignment))}


async def alignment(work: Work, initiative_id: UUID, *, lock: bool = False) -> Alignment | None:
    query = select(Alignment).where(Alignment.initiative_id == initiative_id)
    return await work.session.scalar(query.with_for_update() if lock else query)


async def unlink(work: Work, initiative_id: UUID, element_ids: Collection[UUID]) -> None:
    mine = InitiativeLink.initiative_id == initiative_id
    await work.session.execute(delete(InitiativeLink).where(mine, InitiativeLink.element_id.in_(element_ids)))


async def erase_element(work: Work, element_id: UUID) -> None:
    """With everything under it, and the links that led there."""
    await work.session.execute(delete(Element).where(Element.id == element_id))


async def erase_pladeco(work: Work, pladeco_id: UUID) -> None:
    await work.session.execute(delete(Pladeco).where(Pladeco.id == pladeco_id))


async def suggestion(work: Work, initiative_id: UUID, pladeco_id: UUID) -> Element | None:
    """What the words of an initiative seem to speak of, in this PLADECO."""
    query = (
        select(Element)
        .join(Suggestion, (Suggestion.tenant_id == Element.tenant_id) & (Suggestion.element_id == Element.id))
        .where(Suggestion.initiative_id == initiative_id, Element.pladeco_id == pladeco_id)
    )
    return await work.session.scalar(query)


async def keep_suggestion(work: Work, initiative_id: UUID, element_id: UUID | None) -> None:
    """One for each initiative, or none."""
    await work.session.execute(delete(Suggestion).where(Suggestion.initiative_id == initiative_id))
    if element_id:
        work.session.add(Suggestion(initiative_id=initiative_id, element_id=element_id))
        await work.session.flush()


async def initiative_names(work: Work) -> dict[UUID, str]:
    return {row.id: row.name for row in await initiatives(work)}


async def erase_everything(work: Work) -> int:
    """Every row of this plugin in this municipality; tells how many were there."""
    tables = (Suggestion, InitiativeLink, Alignment, Element, Pladeco)
    counts = [await work.session.scalar(select(func.count()).select_from(table)) or 0 for table in tables]
    for table in tables:
        await work.session.execute(delete(table))
    return sum(counts)
