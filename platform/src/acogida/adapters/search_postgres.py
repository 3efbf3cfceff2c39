"""Searches the catalogue with PostgreSQL alone: the default engine, and the one that takes over when another is down.

It reads a projection that no wall surrounds, because it only ever holds what is published. A search is two questions:
which roots do these words have in the texts (accents, plurals and slips of the finger forgiven, synonyms added), and which
practices hold them, counted by facet. Where too few hold all the words, those that hold most of what was asked come after.

It has a few connections of its own, so that a request that already holds one never waits for another like itself.
"""

import asyncio
import itertools
import json
import math
import re
import time
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import asyncpg

from acogida.adapters.search_words import Synonyms, about, where, words_of
from acogida.kernel.errors import Unavailable
from acogida.kernel.ports import FACETS, PracticeDocument, PracticeHit, PracticeQuery, PracticesFound, SearchIndex, Span

FEW = 8
"""With fewer practices than these holding every word, those that hold most of them are shown too."""
MOST = 0.5
"""Share of what the words weigh that such a practice must hold. A rare word weighs more than a common one."""
FIELDS = "{0.1,0.25,0.5,1.0}"
"""What a word weighs in the body, the summary, the themes, and the title or place."""
SYNONYM = 0.4
"""What a synonym weighs beside the word that was typed."""
NEAR = 100
"""Of those found, how many are ranked by all that they say and not only by their head."""
MANY = frozenset({"dimensions", "categories", "subcategories", "themes", "targets", "languages"})
"""Facets of which a practice has several values."""
BATCH = 500
_ON, _OFF = "\x02", "\x03"
_HEADLINE = f"StartSel={_ON}, StopSel={_OFF}"

_RESOLVE = """
with asked as (
    select n, tok, is_last, mendable, ts_lexize('spanish_stem', tok) as root
    from unnest($1::text[], $2::bool[], $3::bool[]) with ordinality as t(tok, is_last, mendable, n)
), known as (
    select a.*,
        (select array_agg(distinct w.stem) from core.practice_word w where w.word = a.tok or w.stem = any(a.root)) as stems,
        case when a.is_last and length(a.tok) >= 3 then
            (select array_agg(p.stem) from (select w.stem, max(w.documents) as most from core.practice_word w
              where w.word like a.tok || '%' group by w.stem order by most desc limit 30) p) end as beginnings
    from asked a
)
select k.n, k.tok, coalesce(k.stems, '{}') as stems, coalesce(k.beginnings, '{}') as beginnings, m.words as mended,
    (select array_agg(distinct w.stem) from core.practice_word w where w.word = any(m.words)) as mended_stems,
    coalesce((select max(w.documents) from core.practice_word w
              where w.stem = any(coalesce(k.stems, '{}') || coalesce(k.beginnings, '{}')) or w.word = any(m.words)), 0) as documents
from known k
left join lateral (
    select array_agg(word order by alike desc, documents desc) as words from (
        select c.*, min(far) over () as nearest, row_number() over (order by far, alike desc, documents desc) as place from (
            select w.word, max(w.documents) as documents, similarity(w.word, k.tok) as alike,
                   levenshtein_less_equal(w.word, k.tok, 3) as far
            from core.practice_word w
            where w.word % k.tok and w.word ~ '^[a-z]+$' and length(w.word) >= 4
            group by w.word
        ) c
        where far <= case when length(k.tok) >= 8 then 2 else 1 end
           or (far = 2 and length(k.tok) >= 5 and alike >= 0.3)
           or (far = 3 and length(k.tok) >= 10 and alike >= 0.45)
    ) near where far = nearest and place <= 3
) m on k.stems is null and k.beginnings is null and k.mendable and length(k.tok) >= 4 and k.tok ~ '^[a-z]+$'
order by k.n
"""

_DOCUMENT = """
select d.*, head || setweight(to_tsvector('spanish', told), 'D') as words, to_tsvector('simple', spelt) as plain
from (
    select d.id, d.edition, d.title, d.summary, d.body, d.place, d.country, d.region, d.scale, d.evidence, d.dimensions,
        d.categories, d.subcategories, d.themes, d.targets, d.languages, d.published_on, d.adoptions, d.digest,
        setweight(to_tsvector('spanish', d.title), 'A') || setweight(to_tsvector('spanish', d.place_words), 'A')
        || setweight(to_tsvector('spanish', d.about), 'B') || setweight(to_tsvector('spanish', d.summary), 'C') as head,
        d.body || ' ' || d.translations as told,
        concat_ws(' ', d.title, d.place_words, d.about, d.summary, d.body, d.translations) as spelt
    from jsonb_to_recordset($1::jsonb) as d(
        id text, edition smallint, title text, summary text, body text, place text, country text, region text, scale text,
        evidence text, dimensions text[], categories text[], subcategories text[], themes text[], targets text[],
        languages text[], published_on date, adoptions int, digest text, place_words text, about text, translations text)
) d
"""
_COLUMNS = (
    "id, edition, title, summary, body, place, country, region, scale, evidence, dimensions, categories, subcategories, "
    "themes, targets, languages, published_on, adoptions, digest, head, words"
)
_CHANGES = ", ".join(f"{name} = excluded.{name}" for name in _COLUMNS.split(", ")[1:])
_LEARN = """
insert into core.practice_word as known (word, stem, documents)
select core.fold(word), root[1], sum(ndoc)
from (select word, ndoc, ts_lexize('spanish_stem', word) as root from ({source}) counted
      where length(word) between 2 and 40 and word ~ '^[[:alnum:]]+$') roots
where root <> '{{}}'
group by 1, 2
on conflict (word, stem) do update set documents = known.documents + excluded.documents
"""
_UPSERT = (
    f"with fresh as materialized (select {_COLUMNS}, plain from ({_DOCUMENT}) made), kept as ("  # noqa: S608 because every piece is ours, above
    f"insert into core.practice_index ({_COLUMNS}) select {_COLUMNS} from fresh on conflict (id) do update set {_CHANGES}) "
    + _LEARN.format(source="select lexeme as word, count(*) as ndoc from fresh, unnest(fresh.plain) group by 1")
)
_STAGE = f"insert into fresh ({_COLUMNS}, plain) select {_COLUMNS}, plain from ({_DOCUMENT}) made"  # noqa: S608 because every piece is ours
_SILENCE = (
    OSError,
    TimeoutError,
    asyncpg.InterfaceError,
    asyncpg.PostgresConnectionError,
    asyncpg.QueryCanceledError,
    asyncpg.OperatorInterventionError,
    asyncpg.InsufficientResourcesError,
)
"""What a server that is down, full or late looks like from here."""
_STEMS = """
select array_agg(distinct stem) from core.practice_index, unnest(tsvector_to_array(words)) stem where id = any($1)
"""
_FORGET = """
delete from core.practice_word w
where w.stem = any($1) and not exists (select from core.practice_index d where d.words @@ quote_literal(w.stem)::tsquery)
"""
"""A word that no practice has any more must not mend anybody's slip."""
_WHOLE = f"""
    left join lateral (select d.words || '' as whole from core.practice_index d where d.id = fit.id and n <= {NEAR} offset 0) w
    on true
"""  # noqa: S608 because the number is ours. Joined to nothing, the vector is unpacked once and not once for each rank
_ONE_AT_A_TIME = "select pg_advisory_xact_lock(hashtext('acogida.practice_index'))"


@dataclass(frozen=True, slots=True)
class _Idea:
    """One thing that was asked for, with every way of saying it that the texts know."""

    query: str
    """As text of a `tsquery`; empty where nobody knows it."""
    typed: str
    """The same without its synonyms: what was typed goes before what means the same."""
    weight: float
    """The rarer, the heavier."""
    said: str


class PostgresSearch:
    """`SearchIndex` over the tables of `features/search/model.py`. To write it needs the role `acogida_worker`."""

    def __init__(self, url: str, *, synonyms: Synonyms | None = None, connections: int = 4) -> None:
        self._url = url.replace("postgresql+asyncpg://", "postgresql://")
        self._synonyms = synonyms or Synonyms()
        self._connections = connections
        self._pool: asyncpg.Pool | None = None
        self._opening = asyncio.Lock()
        self._size = (0.0, 0)

    async def search(self, query: PracticeQuery) -> PracticesFound:
        pool = await self._open()
        try:
            async with pool.acquire() as connection:
                return await self._search(connection, query)
        except _SILENCE as error:
            raise Unavailable("El buscador no respondió a tiempo. Espere un momento y vuelva a buscar.") from error

    async def _search(self, connection: Any, query: PracticeQuery) -> PracticesFound:
        typed = words_of(query.words)
        if not typed:
            return _found(await _ask(connection, query))
        ideas = await self._ideas(connection, query.words, typed)
        known = [idea for idea in ideas if idea.query]
        if 2 * len(known) < len(ideas):
            return PracticesFound((), 0, {})
        said = " ".join(idea.said for idea in known)
        corrected = said if said != " ".join(typed) else ""
        row = await _ask(connection, query, known)
        if row["total"] < FEW and len(known) > 1:
            row = await _ask(connection, query, known, relaxed=True)
        return _found(row, corrected if row["total"] else "")

    async def _ideas(self, connection: Any, words: str, typed: Sequence[str]) -> list[_Idea]:
        """The words as the texts have them: one question to the vocabulary for all, synonyms with them."""
        cut = self._synonyms.split(typed)
        asked = [way for way, others in cut] + [other for _, others in cut for other in others]
        typing = not words[-1:].isspace()
        flat = [(word, place) for place, way in enumerate(asked) for word in way]
        last = sum(len(way) for way, _ in cut) - 1
        rows = await connection.fetch(
            _RESOLVE,
            [word for word, _ in flat],
            [typing and n == last for n in range(len(flat))],
            [place < len(cut) for _, place in flat],
        )
        told: dict[int, list[Any]] = {}
        for (_, place), row in zip(flat, rows, strict=True):
            told.setdefault(place, []).append(row)
        practices = await self._practices(connection)
        ideas, at = [], len(cut)
        for place, (_, others) in enumerate(cut):
            ways = [told[place], *(told[n] for n in range(at, at + len(others)))]
            at += len(others)
            ideas.append(_idea(ways, practices))
        return ideas

    async def _practices(self, connection: Any) -> int:
        """How many there are; a minute old at most."""
        at, size = self._size
        if time.monotonic() - at > 60 or not size:
            size = await connection.fetchval("select count(*) from core.practice_index")
            self._size = (time.monotonic(), size)
        return size

    async def upsert(self, documents: Sequence[PracticeDocument]) -> None:
        async with (await self._open()).acquire() as connection, connection.transaction():
            await connection.execute(_ONE_AT_A_TIME)
            before = await connection.fetchval(_STEMS, [document.id for document in documents])
            for batch in _batches(documents):
                await connection.execute(_UPSERT, batch)
            await connection.execute(_FORGET, before or [])
        self._size = (0.0, 0)

    async def remove(self, ids: Sequence[str]) -> None:
        async with (await self._open()).acquire() as connection, connection.transaction():
            await connection.execute(_ONE_AT_A_TIME)
            before = await connection.fetchval(_STEMS, list(ids))
            await connection.execute("delete from core.practice_index where id = any($1)", list(ids))
            await connection.execute(_FORGET, before or [])
        self._size = (0.0, 0)

    async def rebuild(self, documents: Callable[[], AsyncIterator[PracticeDocument]]) -> int:
        """Everything is made aside and takes its place in the same transaction. Who publishes meanwhile waits its turn."""
        async with (await self._open()).acquire() as connection, connection.transaction():
            await connection.execute("set local statement_timeout = '15min'")
            await connection.execute(_ONE_AT_A_TIME)
            await connection.execute(
                "create temporary table fresh on commit drop as "
                "select *, null::tsvector as plain from core.practice_index with no data"
            )
            waiting: list[PracticeDocument] = []
            async for document in documents():
                waiting.append(document)
                if len(waiting) == BATCH:
                    await connection.execute(_STAGE, _as_json(waiting))
                    waiting = []
            if waiting:
                await connection.execute(_STAGE, _as_json(waiting))
            await connection.execute("delete from core.practice_index")
            await connection.execute(
                f"insert into core.practice_index ({_COLUMNS}) select {_COLUMNS} from fresh"  # noqa: S608 because the names are ours
            )
            await connection.execute("delete from core.practice_word")
            await connection.execute(_LEARN.format(source="select * from ts_stat('select plain from fresh')"))
            made = await connection.fetchval("select count(*) from core.practice_index")
        self._size = (0.0, 0)
        return made

    async def fingerprint(self) -> Mapping[str, str]:
        async with (await self._open()).acquire() as connection:
            return dict(await connection.fetch("select id, digest from core.practice_index"))

    async def healthy(self) -> bool:
        try:
            async with (await self._open()).acquire(timeout=2) as connection:
                await connection.fetchval("select 1", timeout=2)
        except _SILENCE:
            return False
        return True

    async def count(self) -> int:
        """This method will say how many practices it holds."""
        async with (await self._open()).acquire() as connection:
            return await self._practices(connection)

    def engines(self) -> Sequence[tuple[str, SearchIndex]]:
        return (("postgresql", self),)

    async def close(self) -> None:
        if self._pool is not None:
            await self._pool.close()
            self._pool = None

    async def _open(self) -> asyncpg.Pool:
        if self._pool is None:
            async with self._opening:
                if self._pool is None:
                    here = "127.0.0.1" in self._url or "localhost" in self._url
                    self._pool = await asyncpg.create_pool(
                        self._url,
                        min_size=0,
                        max_size=self._connections,
                        timeout=10,
                        ssl=False if here else "prefer",
                        server_settings={
                            "application_name": "acogida-search",
                            "search_path": "core,public",
                            "statement_timeout": "10000",
                            "lock_timeout": "60000",
                            "jit": "off",
                            "TimeZone": "UTC",
                        },
                    )
        return self._pool


def _idea(ways: Sequence[Sequence[Any]], practices: int) -> _Idea:
    """Join the ways of saying one thing. Each way needs all of its words; the first is the one that was typed."""
    queries, typed, most = [], "", 0
    for place, way in enumerate(ways):
        roots = [list(dict.fromkeys((*row["stems"], *row["beginnings"], *(row["mended_stems"] or ())))) for row in way]
        if all(roots):
            queries.append(" & ".join(f"({' | '.join(_quoted(root) for root in each)})" for each in roots))
            typed = typed if place else queries[-1]
            most = max(most, min(row["documents"] for row in way))
    said = " ".join((row["mended"] or [row["tok"]])[0] for row in ways[0])
    weight = math.log(1 + practices / most) if most else 0.0
    return _Idea(" | ".join(dict.fromkeys(queries)), typed, weight, said)


def _quoted(lexeme: str) -> str:
    escaped = lexeme.replace("\\", "\\\\").replace("'", "''")
    return f"'{escaped}'"


def _most_of(ideas: Sequence[_Idea]) -> str:
    """Every smallest set of ideas that weighs enough of the whole, as a query; nothing where only the whole does."""
    needed = MOST * sum(idea.weight for idea in ideas)
    kept: list[frozenset[int]] = []
    for size in range(1, len(ideas)):
        for chosen in itertools.combinations(range(len(ideas)), size):
            heavy = sum(ideas[n].weight for n in chosen) >= needed
            if heavy and not any(smaller <= set(chosen) for smaller in kept):
                kept.append(frozenset(chosen))
    return " | ".join("(" + " & ".join(f"({ideas[n].query})" for n in sorted(chosen)) + ")" for chosen in kept)


def statement(query: PracticeQuery, ideas: int = 0, *, relaxed: bool = False) -> str:
    """This function will write the one statement of a search of so many ideas: hits, total and every count of every facet.

    A count looks at every filter but its own facet's, so a practice that fails two is of no use to anybody. Those found are
    ranked by their head, and the first of them again by everything they say. Parameters: the query of words, that of all
    of them together and that of any of them, then for each idea its query, what was typed of it and its weight, then one
    list for each facet in use.
    """
    used = [name for name in FACETS if query.filters.get(name)]
    passed = {name: f"by_{name}" for name in used}
    everyone = " and ".join(passed.values()) or "true"
    checks = {
        name: f"d.{name} && ${n}::text[]" if name in MANY else f"d.{name} = any(${n}::text[])"
        for n, name in enumerate(used, 4 + 3 * ideas)
    }
    wanted = ["d.words @@ q.some"] if ideas else []
    if len(used) > 1:
        wanted.append(" + ".join(f"({check})::int" for check in checks.values()) + f" >= {len(used) - 1}")
    source = "core.practice_index d, q" + (f" where {' and '.join(wanted)}" if wanted else "")
    columns = "".join(f", {check} as by_{name}" for name, check in checks.items())
    first, again = (_rank(ideas, vector) for vector in ("d.head", "w.whole"))
    if relaxed:
        whole = "m.id in (select e.id from core.practice_index e, q where e.words @@ q.every)"
        first = f"{first} + ({whole})::int * 100"
    order = {
        "relevance": f"n > {NEAR}, rank desc, n" if ideas else "n",
        "newest": "published_on desc, n",
        "adoptions": "adoptions desc, published_on desc, n",
    }[query.sort]
    counts = " union all ".join(
        _counted(name, " and ".join(each for other, each in passed.items() if other != name) or "true")
        for name in FACETS
    )
    title, text = "d.title", "left(d.summary, 260)"
    if ideas:
        title = f"ts_headline('spanish', d.title, q.any, '{_HEADLINE}, HighlightAll=true')"
        piece = f"q.any, '{_HEADLINE}, MaxWords=38, MinWords=24, ShortWord=2')"
        text = (
            f"case when to_tsvector('spanish', d.summary) @@ q.any then ts_headline('spanish', d.summary, {piece} "
            f"when to_tsvector('spanish', d.body) @@ q.any then ts_headline('spanish', replace(d.body, chr(10), ' · '), {piece} else {text} end"
        )
    return f"""
    with q as materialized (select $1::tsquery as some, $2::tsquery as every, $3::tsquery as any),
    m as materialized (select d.id, d.published_on, d.adoptions, {", ".join(f"d.{name}" for name in FACETS)}{columns}
        from {source}),
    fit as (
        select id, published_on, adoptions, first, row_number() over (order by first desc, published_on desc, id) as n
        from (select m.id, m.published_on, m.adoptions, ({first if ideas else 0})::real as first
              from m {"join core.practice_index d on d.id = m.id" if ideas else ""} where {everyone}) ranked
    ),
    near as (
        select fit.*, {f"case when n <= {NEAR} then {again} + floor(first / 100) * 100 end" if ideas else "0"} as rank
        from fit {_WHOLE if ideas else ""}
    ),
    top as (select id, row_number() over (order by {order}) as place from near
            order by {order} limit {int(query.limit)} offset {int(query.offset)})
    select (select count(*) from m where {everyone}) as total,
        coalesce((select json_object_agg(v, n) from ({counts}) counted), '{{}}') as facets,
        coalesce((select json_agg(json_build_object('id', d.id, 'edition', d.edition, 'title', {title}, 'snippet', {text},
            'summary', d.summary, 'place', d.place, 'country', d.country, 'dimensions', d.dimensions,
            'evidence', d.evidence, 'published_on', d.published_on, 'adoptions', d.adoptions) order by top.place)
            from top join core.practice_index d on d.id = top.id cross join q), '[]') as hits
    """  # noqa: S608 because every name is of FACETS and every value a parameter


def _rank(ideas: int, vector: str) -> str:
    """What the ideas weigh in a vector: each by how rare it is, and its synonyms less than what was typed."""
    return " + ".join(
        f"${n + 2}::real * (ts_rank('{FIELDS}', {vector}, ${n + 1}::tsquery, 1)"
        f" + {SYNONYM} * ts_rank('{FIELDS}', {vector}, ${n}::tsquery, 1))"
        for n in range(4, 4 + 3 * ideas, 3)
    )


def _counted(name: str, passing: str) -> str:
    """How many of each value of a facet: by whole lists first, which are few, and then by their values."""
    said = f"'{name}:' ||"
    if name not in MANY:
        return f"select {said} {name} as v, count(*) as n from m where {passing} and {name} <> '' group by {name}"  # noqa: S608 because the names are ours
    return (
        f"select {said} v as v, sum(lists.n)::int as n from (select {name} as list, count(*) as n from m "  # noqa: S608 because the same
        f"where {passing} group by {name}) lists, unnest(lists.list) v group by v"
    )


def parameters(query: PracticeQuery, ideas: Sequence[_Idea] = (), *, relaxed: bool = False) -> list[Any]:
    """This function will give the parameters of `statement`, in their order."""
    every = " & ".join(f"({idea.query})" for idea in ideas)
    some = (_most_of(ideas) if relaxed else every) or None
    of_any = " | ".join(f"({idea.query})" for idea in ideas) or None
    told = [value for idea in ideas for value in (idea.query, idea.typed or idea.query, idea.weight)]
    chosen = [list(query.filters[name]) for name in FACETS if query.filters.get(name)]
    return [some, every or None, of_any, *told, *chosen]


async def _ask(connection: Any, query: PracticeQuery, ideas: Sequence[_Idea] = (), *, relaxed: bool = False) -> Any:
    return await connection.fetchrow(
        statement(query, len(ideas), relaxed=relaxed), *parameters(query, ideas, relaxed=relaxed)
    )


def _found(row: Any, corrected: str = "") -> PracticesFound:
    facets: dict[str, dict[str, int]] = {}
    for value, count in json.loads(row["facets"]).items():
        name, _, key = value.partition(":")
        facets.setdefault(name, {})[key] = count
    return PracticesFound(tuple(_hit(hit) for hit in json.loads(row["hits"])), row["total"], facets, corrected)


def _hit(hit: Mapping[str, Any]) -> PracticeHit:
    return PracticeHit(
        id=hit["id"],
        edition=hit["edition"],
        title=spans(hit["title"]),
        snippet=spans(_cut(hit["snippet"], hit["summary"])),
        summary=hit["summary"],
        place=hit["place"],
        country=hit["country"],
        dimensions=tuple(hit["dimensions"]),
        evidence=hit["evidence"],
        published_on=date.fromisoformat(hit["published_on"]),
        adoptions=hit["adoptions"],
    )


def _cut(piece: str, whole: str) -> str:
    """Say with dots where a piece does not begin or end as what it was taken from."""
    plain = piece.replace(_ON, "").replace(_OFF, "").strip()
    before = "" if whole.startswith(plain[:40]) else "… "
    return f"{before}{piece.strip()}{'' if plain.endswith(('.', '!', '?', '»')) else ' …'}"


def spans(text: str) -> tuple[Span, ...]:
    """This function will cut a text at the marks that an engine left around what was found."""
    pieces = re.split(f"{_ON}(.*?){_OFF}", text, flags=re.S)
    return tuple(Span(piece, marked=n % 2 == 1) for n, piece in enumerate(pieces) if piece)


def _batches(documents: Sequence[PracticeDocument]) -> Iterable[str]:
    for start in range(0, len(documents), BATCH):
        yield _as_json(documents[start : start + BATCH])


def _as_json(documents: Sequence[PracticeDocument]) -> str:
    return json.dumps(
        [
            {
                "id": document.id,
                "edition": document.edition,
                "title": _clean(document.title),
                "summary": _clean(document.summary),
                "body": _clean(document.body),
                "place": _clean(document.place),
                **{name: getattr(document, name) for name in FACETS},
                "published_on": document.published_on.isoformat(),
                "adoptions": document.adoptions,
                "digest": document.digest,
                "place_words": _clean(where(document)),
                "about": about(document),
                "translations": _clean(document.translations),
            }
            for document in documents
        ],
        ensure_ascii=False,
    )


def _clean(text: str) -> str:
    """Without the signs that mark what was found, nor the one that PostgreSQL refuses."""
    return re.sub("[\x00\x02\x03]", " ", text)
