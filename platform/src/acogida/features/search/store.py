"""The questions of this feature: what a workspace holds, by SQL over the tables of others and within the wall, and the
searches of which people want news."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, delete, select, text

from acogida.features.search.model import PracticeAlert
from acogida.kernel.db import TenantSession
from acogida.kernel.errors import NotFound
from acogida.kernel.work import Work

_KINDS = (
    ("finding", "finding", "id", "title", "statement"),
    (
        "initiative",
        "initiative",
        "id",
        "name",
        "description || ' ' || goal || ' ' || actions || ' ' || unit || ' ' || alliances",
    ),
    ("objective", "objective", "id", "statement", "indicators"),
    ("axis", "axis", "id", "name", "description"),
    ("meeting", "meeting", "id", "title", "agenda || ' ' || minutes || ' ' || feedback"),
    ("agreement", "agreement", "meeting_id", "text", "responsible"),
    ("workshop", "workshop", "id", "title", "place || ' ' || notes || ' ' || conclusions"),
    ("service", "service", "id", "name", "unit || ' ' || description"),
    ("organization", "organization", "id", "name", "services || ' ' || representative"),
    ("source", "source", "id", "title", "summary"),
    ("observation", "observation", "id", "reference", "text || ' ' || answer"),
    ("progress", "progress_update", "initiative_id", "achievements", "challenges || ' ' || adjustment"),
    ("adoption", "adoption", "initiative_id", "practice_title", "adaptations"),
    ("file", "file", "id", "name", "note || ' ' || text"),
)
"""Kind → its table, the column whose id its page is known by, its title and the rest of its words."""
_ALL = " union all ".join(
    f"select '{kind}' as kind, {key} as id, {title} as title, {body} as body, updated_at from core.{table} where cycle_id = :cycle"  # noqa: S608 because every name is ours, above
    for kind, table, key, title, body in _KINDS
)
_FOUND = text(
    f"""
    with everything as materialized (
        select e.*, core.fold(e.title) as head, core.fold(e.title || ' ' || e.body) as told from ({_ALL}) e
    ),
    found as (
        select e.kind, e.id, e.title, e.body, e.updated_at, every.has, every.exact, every.in_title
        from everything e, lateral (
            select bool_and(e.told like '%' || word || '%'
                            or (length(word) >= 5 and public.word_similarity(word, e.told) >= 0.45)) as has,
                   bool_and(e.told like '%' || word || '%') as exact,
                   avg(public.word_similarity(word, e.head)) as in_title
            from unnest(cast(:words as text[])) word
        ) every
    )
    select kind, id, title, body, updated_at from found
    where has
    order by exact desc, in_title desc, updated_at desc
    limit :limit
    """  # noqa: S608 because the same
)


async def found(work: Work, words: Sequence[str], *, limit: int = 50) -> Sequence[Row[Any]]:
    """What holds all of these folded words, in any order and a slip of the finger forgiven, best first."""
    plain = [word.replace("\\", "").replace("%", "").replace("_", "") for word in words]
    asked = {"words": [word for word in plain if word], "cycle": work.tenant.cycle_id, "limit": limit}
    return (await work.session.execute(_FOUND, asked)).all() if asked["words"] else []


async def alert_of(session: TenantSession, token: str, *, lock: bool = False) -> PracticeAlert:
    """The alert that a letter carries; `NotFound` where it ended."""
    query = select(PracticeAlert).where(PracticeAlert.token == token)
    if (row := await session.scalar(query.with_for_update() if lock else query)) is None:
        raise NotFound("Este aviso ya no existe: usted lo terminó, o nadie lo confirmó a tiempo.")
    return row


async def alert_for(session: TenantSession, email: str, asked: str) -> PracticeAlert | None:
    """The one that this mailbox already has of this search."""
    query = select(PracticeAlert).where(PracticeAlert.email == email, PracticeAlert.asked == asked)
    return await session.scalar(query.with_for_update())


async def confirmed_alerts(session: TenantSession) -> Sequence[UUID]:
    """Which alerts somebody is waiting for."""
    query = select(PracticeAlert.id).where(PracticeAlert.confirmed_at.is_not(None)).order_by(PracticeAlert.id)
    return (await session.scalars(query)).all()


async def alert(session: TenantSession, alert_id: UUID) -> PracticeAlert | None:
    """One of them, locked; None where it ended meanwhile."""
    return await session.get(PracticeAlert, alert_id, with_for_update=True)


async def forget_unconfirmed(session: TenantSession, before: datetime) -> None:
    """Erase what nobody confirmed: an address that somebody else may have typed."""
    await session.execute(
        delete(PracticeAlert).where(PracticeAlert.confirmed_at.is_(None), PracticeAlert.created_at < before)
    )
