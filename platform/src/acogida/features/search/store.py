"""The one question of this feature. It reads the tables of others by SQL: a view over them all, within the wall."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, text

from acogida.kernel.work import Work

_KINDS = (
    ("finding", "finding", "title", "statement"),
    (
        "initiative",
        "initiative",
        "name",
        "description || ' ' || goal || ' ' || actions || ' ' || unit || ' ' || alliances",
    ),
    ("objective", "objective", "statement", "indicators"),
    ("axis", "axis", "name", "description"),
    ("meeting", "meeting", "title", "agenda || ' ' || minutes || ' ' || feedback"),
    ("workshop", "workshop", "title", "place || ' ' || notes || ' ' || conclusions"),
    ("service", "service", "name", "unit || ' ' || description"),
    ("organization", "organization", "name", "services || ' ' || representative"),
    ("source", "source", "title", "summary"),
    ("observation", "observation", "reference", "text || ' ' || answer"),
    ("file", "file", "name", "note || ' ' || text"),
)
_ALL = " union all ".join(
    f"select '{kind}' as kind, id, {title} as title, {body} as body, updated_at from core.{table} where cycle_id = :cycle"  # noqa: S608 because every name is ours, above
    for kind, table, title, body in _KINDS
)
_FOUND = text(
    f"""
    with everything as ({_ALL}),
    asked as (select core.fold(:words) as words),
    found as (
        select e.*, public.word_similarity(a.words, core.fold(e.title)) as in_title,
               public.word_similarity(a.words, core.fold(e.title || ' ' || e.body)) as anywhere,
               core.fold(e.title || ' ' || e.body) like '%' || a.words || '%' as exact
        from everything e, asked a
    )
    select kind, id, title, body, updated_at from found
    where exact or anywhere >= 0.45
    order by exact desc, greatest(in_title * 1.2, anywhere) desc, updated_at desc
    limit :limit
    """  # noqa: S608 because the same
)


async def found(work: Work, words: str, *, limit: int = 50) -> Sequence[Row[Any]]:
    """What holds these words, accents and a slip of the finger forgiven, best first."""
    plain = words.replace("\\", " ").replace("%", " ").replace("_", " ")
    return (await work.session.execute(_FOUND, {"words": plain, "cycle": work.tenant.cycle_id, "limit": limit})).all()
