"""Questions about the catalogue."""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Integer, Select, Text, and_, case, cast, delete, false, func, or_, select, text, update
from sqlalchemy.dialects.postgresql import insert

from acogida.features.practices.model import (
    Adoption,
    Practice,
    PracticeAdoption,
    PracticeEdition,
    PracticeEvent,
    PracticeProposal,
    PracticeProposalMessage,
    PracticeTranslation,
)
from acogida.kernel.db import TenantSession
from acogida.kernel.errors import NotFound
from acogida.kernel.work import Work


@dataclass(frozen=True, slots=True)
class Adopted:
    """How a practice fares: municipalities that adopted it, those that told they met their goal, and who agreed to be named."""

    communes: int = 0
    met: int = 0
    named: tuple[str, ...] = ()


def _public() -> Select[Practice, PracticeEdition]:
    return (
        select(Practice, PracticeEdition)
        .join(
            PracticeEdition,
            (PracticeEdition.practice_id == Practice.id) & (PracticeEdition.number == Practice.edition),
        )
        .where(Practice.state != "retired")
    )


async def published(session: TenantSession) -> AsyncIterator[tuple[Practice, PracticeEdition]]:
    """Every practice that anybody finds, with its newest edition, by code."""
    stream = await session.stream(_public().order_by(Practice.code).execution_options(yield_per=500))
    async for row in stream:
        yield row.Practice, row.PracticeEdition


async def published_list(
    session: TenantSession,
    *,
    dimension: str = "",
    category: str = "",
    newest: bool = False,
    limit: int | None = None,
    offset: int = 0,
) -> Sequence[tuple[Practice, PracticeEdition]]:
    """The same as a list, narrowed to a dimension (`1` to `8`) or to a category or subcategory."""
    query = _public()
    if dimension:
        query = query.where(PracticeEdition.content.contains({"dimensions": [dimension]}))
    if category:
        field = "subcategory" if "." in category else "category"
        query = query.where(PracticeEdition.content.contains({field: category}))
    order = (PracticeEdition.published_at.desc(), Practice.code) if newest else (Practice.code,)
    rows = await session.execute(query.order_by(*order).limit(limit).offset(offset))
    return [(row.Practice, row.PracticeEdition) for row in rows]


async def how_many_published(session: TenantSession, **said: Any) -> int:
    """How many anybody finds whose content holds this: `dimensions=["3"]`, `category="1"`."""
    query = _public().with_only_columns(func.count()).where(PracticeEdition.content.contains(said))
    return await session.scalar(query) or 0


@dataclass(frozen=True, slots=True)
class Listed:
    """An edition by its name only, for lists of thousands."""

    code: str
    number: int
    published_on: date


async def published_index(session: TenantSession) -> Sequence[Listed]:
    """Every practice that anybody finds, by code, without what it says."""
    query = _public().with_only_columns(Practice.code, Practice.edition, PracticeEdition.published_on)
    return [Listed(*row) for row in await session.execute(query.order_by(Practice.code))]


async def published_texts(session: TenantSession) -> Sequence[tuple[Listed, str, str, str]]:
    """The same with who reviewed and approved it, and its content as the JSON that is kept, unread."""
    query = _public().with_only_columns(
        Practice.code,
        Practice.edition,
        PracticeEdition.published_on,
        PracticeEdition.reviewed_by,
        PracticeEdition.approved_by,
        cast(PracticeEdition.content, Text),
    )
    rows = await session.execute(query.order_by(Practice.code))
    return [(Listed(*row[:3]), row[3], row[4], str(row[5])) for row in rows]


async def published_with(session: TenantSession, practice_id: UUID) -> tuple[Practice, PracticeEdition] | None:
    row = (await session.execute(_public().where(Practice.id == practice_id))).one_or_none()
    return (row.Practice, row.PracticeEdition) if row else None


_STAMP = case((Practice.state == "retired", Practice.updated_at), else_=PracticeEdition.published_at)
"""When what anybody reads of a practice last changed."""


async def harvested(
    session: TenantSession,
    *,
    since: datetime | None = None,
    until: datetime | None = None,
    dimension: str = "",
    after: str = "",
    limit: int = 100,
) -> Sequence[tuple[Practice, PracticeEdition, datetime]]:
    """Practices with an edition, retired ones too, by code from `after` on, with when each last changed."""
    query = select(Practice, PracticeEdition, _STAMP.label("stamp")).join(
        PracticeEdition, (PracticeEdition.practice_id == Practice.id) & (PracticeEdition.number == Practice.edition)
    )
    if since:
        query = query.where(since <= _STAMP)
    if until:
        query = query.where(until >= _STAMP)
    if dimension:
        query = query.where(PracticeEdition.content.contains({"dimensions": [dimension]}))
    rows = await session.execute(query.where(Practice.code > after).order_by(Practice.code).limit(limit))
    return [(row.Practice, row.PracticeEdition, row.stamp) for row in rows]


async def alike(
    session: TenantSession, *, code: str, subcategory: str, themes: Sequence[str], limit: int = 120
) -> Sequence[tuple[Practice, PracticeEdition]]:
    """Practices that anybody finds and that share the subcategory or a theme, those that share both first.

    Some of them where there are more than `limit`: they are what is compared, and in no order.
    """
    same = PracticeEdition.content.contains({"subcategory": subcategory})
    shared = or_(*(PracticeEdition.content.contains({"themes": [theme]}) for theme in themes), false())
    found: dict[str, tuple[Practice, PracticeEdition]] = {}
    for rule in (and_(same, shared), or_(same, shared)):
        rows = await session.execute(_public().where(Practice.code != code, rule).limit(limit - len(found)))
        found |= {row.Practice.code: (row.Practice, row.PracticeEdition) for row in rows}
        if len(found) >= limit:
            break
    return list(found.values())


async def earliest(session: TenantSession) -> date | None:
    return await session.scalar(select(func.min(PracticeEdition.published_on)))


async def published_by_dimension(session: TenantSession) -> Mapping[str, int]:
    """How many anybody finds in each dimension."""
    key = func.jsonb_array_elements_text(PracticeEdition.content["dimensions"])
    rows = await session.execute(_public().with_only_columns(key.label("key"), func.count()).group_by("key"))
    return {row[0]: row[1] for row in rows}


async def published_by_subcategory(session: TenantSession) -> Mapping[str, int]:
    key = PracticeEdition.content["subcategory"].astext
    rows = await session.execute(_public().with_only_columns(key, func.count()).group_by(key))
    return {row[0]: row[1] for row in rows}


async def practice(session: TenantSession, code: str, *, lock: bool = False) -> Practice:
    """The practice with this code; `NotFound` where there is none."""
    query = select(Practice).where(Practice.code == code)
    found = await session.scalar(query.with_for_update() if lock else query)
    if found is None:
        raise NotFound
    return found


async def practices(session: TenantSession, codes: Sequence[str] | None = None) -> Sequence[Practice]:
    query = select(Practice).order_by(Practice.code)
    return (await session.scalars(query if codes is None else query.where(Practice.code.in_(codes)))).all()


async def desk(
    session: TenantSession, *, state: str = "", words: str = "", today: date, after: str = "", limit: int = 50
) -> Sequence[Practice]:
    """Practices on the desk by code from `after` on, narrowed to a state (`due` too) or to words of title or code."""
    query = select(Practice).where(Practice.code > after)
    if state == "due":
        query = query.where(Practice.state == "published", Practice.due_on <= today)
    elif state:
        query = query.where(Practice.state == state)
    for word in words.split()[:8]:
        query = query.where(
            or_(
                func.strpos(func.core.fold(Practice.title), func.core.fold(word)) > 0,
                Practice.code.ilike(f"{word}%"),
                func.strpos(func.core.fold(Practice.content["place"].astext), func.core.fold(word)) > 0,
            )
        )
    return (await session.scalars(query.order_by(Practice.code).limit(limit))).all()


async def desk_counts(session: TenantSession, today: date) -> Mapping[str, int]:
    rows = await session.execute(select(Practice.state, func.count()).group_by(Practice.state))
    counted = {row[0]: row[1] for row in rows}
    due = await session.scalar(
        select(func.count()).select_from(Practice).where(Practice.state == "published", Practice.due_on <= today)
    )
    return {**counted, "due": due or 0}


async def last_code(session: TenantSession) -> int:
    """The highest number of a code; writers wait for each other here, so no code is given twice."""
    await session.execute(text("select pg_advisory_xact_lock(hashtextextended('practice:code', 0))"))
    query: Select[Any] = select(func.max(cast(func.substr(Practice.code, 4), Integer)))
    return await session.scalar(query) or 0


async def editions(session: TenantSession, practice_id: UUID) -> Sequence[PracticeEdition]:
    """Newest first."""
    query = select(PracticeEdition).where(PracticeEdition.practice_id == practice_id)
    return (await session.scalars(query.order_by(PracticeEdition.number.desc()))).all()


async def edition(session: TenantSession, practice_id: UUID, number: int) -> PracticeEdition:
    found = await session.get(PracticeEdition, (practice_id, number))
    if found is None:
        raise NotFound
    return found


async def add_many(session: TenantSession, table: type[Any], rows: Sequence[dict[str, Any]]) -> None:
    """Insert rows, five hundred at a time."""
    for start in range(0, len(rows), 500):
        await session.execute(insert(table).values(rows[start : start + 500]))


async def translations(session: TenantSession, practice_id: UUID, number: int) -> Sequence[PracticeTranslation]:
    query = select(PracticeTranslation).where(
        PracticeTranslation.practice_id == practice_id, PracticeTranslation.edition == number
    )
    return (await session.scalars(query.order_by(PracticeTranslation.language))).all()


async def all_translations(session: TenantSession) -> Mapping[UUID, Sequence[PracticeTranslation]]:
    """Translations of the editions in force, by practice."""
    query = select(PracticeTranslation).join(
        Practice,
        (Practice.id == PracticeTranslation.practice_id) & (Practice.edition == PracticeTranslation.edition),
    )
    found: dict[UUID, list[PracticeTranslation]] = {}
    for row in await session.scalars(query):
        found.setdefault(row.practice_id, []).append(row)
    return found


async def events(session: TenantSession, code: str, *, limit: int = 200) -> Sequence[PracticeEvent]:
    """Newest first."""
    query = select(PracticeEvent).where(PracticeEvent.code == code).order_by(PracticeEvent.id.desc()).limit(limit)
    return (await session.scalars(query)).all()


async def merged_into(session: TenantSession, code: str) -> Sequence[str]:
    """Codes of the practices that this one took in."""
    query = select(Practice.code).where(Practice.merged_into == code).order_by(Practice.code)
    return (await session.scalars(query)).all()


async def adopted(session: TenantSession, codes: Sequence[str] | None = None) -> Mapping[str, Adopted]:
    """How these practices (all where None) fare, those that nobody adopted left out."""
    query = select(
        PracticeAdoption.practice_code,
        func.count().label("communes"),
        func.count().filter(PracticeAdoption.goal_met.is_(True)).label("met"),
        func.array_agg(PracticeAdoption.commune).filter(PracticeAdoption.commune.is_not(None)).label("named"),
    ).group_by(PracticeAdoption.practice_code)
    if codes is not None:
        query = query.where(PracticeAdoption.practice_code.in_(codes))
    rows = (await session.execute(query)).all()
    return {row.practice_code: Adopted(row.communes, row.met, tuple(sorted(row.named or ()))) for row in rows}


async def told_adoptions(session: TenantSession, keys: Sequence[UUID]) -> Mapping[UUID, PracticeAdoption]:
    """What the land knows under these names."""
    rows = await session.scalars(select(PracticeAdoption).where(PracticeAdoption.key.in_(keys)))
    return {row.key: row for row in rows}


async def tell_adoption(session: TenantSession, values: dict[str, Any]) -> None:
    """Say it, in place of what was said of it before."""
    statement = insert(PracticeAdoption).values(values)
    fresh = {name: statement.excluded[name] for name in values if name != "key"}
    await session.execute(statement.on_conflict_do_update(index_elements=["key"], set_=fresh))


async def untell_adoptions(session: TenantSession, keys: Sequence[UUID]) -> None:
    await session.execute(delete(PracticeAdoption).where(PracticeAdoption.key.in_(keys)))


async def adoptions(work: Work) -> Sequence[Adoption]:
    """What this workspace adopted, newest first, in the cycle in course; those whose initiative is gone left out."""
    query = select(Adoption).where(Adoption.initiative_id.is_not(None)).order_by(Adoption.id.desc())
    return (await work.session.scalars(query)).all()


async def adoptions_ever(work: Work) -> Sequence[Adoption]:
    """Everything that this workspace adopted, in any of its cycles, oldest first."""
    async with work.session.every_cycle():
        return (await work.session.scalars(select(Adoption).order_by(Adoption.id))).all()


async def adoption_of(work: Work, initiative_id: UUID, *, lock: bool = False) -> Adoption | None:
    query = select(Adoption).where(Adoption.initiative_id == initiative_id)
    return await work.session.scalar(query.with_for_update() if lock else query)


async def adoptions_of(work: Work, initiative_ids: Sequence[UUID]) -> Sequence[Adoption]:
    return (await work.session.scalars(select(Adoption).where(Adoption.initiative_id.in_(initiative_ids)))).all()


async def last_folio(session: TenantSession, year: int) -> int:
    """The highest number given that year; writers wait for each other here."""
    await session.execute(text("select pg_advisory_xact_lock(hashtextextended('practice:folio', 0))"))
    prefix = f"P-{year}-"
    last = await session.scalar(
        select(func.max(PracticeProposal.folio)).where(PracticeProposal.folio.startswith(prefix))
    )
    return int(last.removeprefix(prefix)) if last else 0


async def proposal(session: TenantSession, folio: str, *, lock: bool = False) -> PracticeProposal:
    query = select(PracticeProposal).where(PracticeProposal.folio == folio)
    found = await session.scalar(query.with_for_update() if lock else query)
    if found is None:
        raise NotFound
    return found


async def proposal_by_link(session: TenantSession, token_hash: bytes, *, lock: bool = False) -> PracticeProposal:
    query = select(PracticeProposal).where(PracticeProposal.token_hash == token_hash)
    found = await session.scalar(query.with_for_update() if lock else query)
    if found is None:
        raise NotFound
    return found


async def proposals(
    session: TenantSession, *, state: str = "", after: str = "", limit: int = 50
) -> Sequence[PracticeProposal]:
    query = select(PracticeProposal).where(PracticeProposal.folio > after).order_by(PracticeProposal.folio).limit(limit)
    return (await session.scalars(query.where(PracticeProposal.state == state) if state else query)).all()


async def proposal_counts(session: TenantSession) -> Mapping[str, int]:
    rows = await session.execute(select(PracticeProposal.state, func.count()).group_by(PracticeProposal.state))
    return {row[0]: row[1] for row in rows}


async def proposals_of(work: Work) -> Sequence[PracticeProposal]:
    """Those of this municipality, newest first, and of no other."""
    query = select(PracticeProposal).where(PracticeProposal.municipality_id == work.tenant.id)
    return (await work.session.scalars(query.order_by(PracticeProposal.folio.desc()))).all()


async def messages(session: TenantSession, proposal_id: UUID) -> Sequence[PracticeProposalMessage]:
    query = select(PracticeProposalMessage).where(PracticeProposalMessage.proposal_id == proposal_id)
    return (await session.scalars(query.order_by(PracticeProposalMessage.id))).all()


async def code_of(session: TenantSession, practice_id: UUID) -> str:
    found = await session.scalar(select(Practice.code).where(Practice.id == practice_id))
    if found is None:
        raise NotFound
    return found


async def translation(
    session: TenantSession, practice_id: UUID, number: int, language: str, *, lock: bool = False
) -> PracticeTranslation | None:
    query = select(PracticeTranslation).where(
        PracticeTranslation.practice_id == practice_id,
        PracticeTranslation.edition == number,
        PracticeTranslation.language == language,
    )
    return await session.scalar(query.with_for_update() if lock else query)


async def move_adoptions(session: TenantSession, code: str, into: str) -> None:
    """Whoever adopted the first counts for the second."""
    await session.execute(
        update(PracticeAdoption).where(PracticeAdoption.practice_code == code).values(practice_code=into)
    )
