"""The one question of this feature. It reads the tables of others by SQL: a view over them all, within the wall."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, text

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
