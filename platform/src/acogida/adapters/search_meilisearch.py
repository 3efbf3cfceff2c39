"""Searches the catalogue with Meilisearch, through its official client.

The client is synchronous and changes its own headers, so each thread has one and every call leaves the event loop. A
write waits until its task has succeeded; one that failed is raised. No key nor token of Meilisearch ever reaches a browser:
whoever searches speaks to us, and we to it.
"""

import asyncio
import re
import threading
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import asdict
from datetime import date
from typing import Any, TypeVar

import meilisearch
import requests
from meilisearch.errors import MeilisearchApiError, MeilisearchError
from meilisearch.models.task import TaskInfo

from acogida.adapters.search_postgres import spans
from acogida.adapters.search_words import STOP_WORDS, Synonyms, about, where, words_of
from acogida.kernel.errors import Unavailable
from acogida.kernel.ports import FACETS, PracticeDocument, PracticeHit, PracticeQuery, PracticesFound, SearchIndex

INDEX = "practices"
BATCH = 1000
READING, WRITING = 2, 30
"""Seconds that an answer may take before it counts as none."""
TASK_SECONDS = 600
_SHOWN = ("id", "edition", "summary", "place", "country", "dimensions", "evidence", "published_on", "adoptions")
_TOLD = ("title", "summary", "body")
_ON, _OFF = "\x02", "\x03"
T = TypeVar("T")


def settings(synonyms: Synonyms) -> dict[str, Any]:
    """This function will give the settings of the index: they live here and nobody changes them by hand."""
    return {
        "searchableAttributes": ["title", "where", "about", "summary", "body", "translations"],
        "filterableAttributes": ["id", *FACETS],
        "sortableAttributes": ["id", "published_on", "adoptions"],
        "rankingRules": ["sort", "words", "typo", "proximity", "attribute", "exactness"],
        "stopWords": sorted(STOP_WORDS),
        "synonyms": dict(synonyms.pairs),
        "localizedAttributes": [
            {"attributePatterns": ["title", "where", "about", "summary", "body"], "locales": ["spa"]}
        ],
        "pagination": {"maxTotalHits": 100_000},
        "faceting": {"maxValuesPerFacet": 300},
    }


class MeilisearchSearch:
    """`SearchIndex` over one index of a Meilisearch server."""

    def __init__(self, url: str, key: str = "", *, synonyms: Synonyms | None = None, index: str = INDEX) -> None:
        self._url, self._key, self._index = url, key, index
        self._settings = settings(synonyms or Synonyms())
        self._mine = threading.local()

    async def search(self, query: PracticeQuery) -> PracticesFound:
        used = [name for name in FACETS if query.filters.get(name)]
        asked = [
            self._query(query)
            | {
                "page": query.offset // query.limit + 1,
                "hitsPerPage": query.limit,
                "facets": [name for name in FACETS if name not in used],
                "attributesToRetrieve": [*_SHOWN, "title", "body"],
                "attributesToHighlight": list(_TOLD),
                "attributesToCrop": ["summary:38", "body:38"],
                "cropMarker": "…",
                "highlightPreTag": _ON,
                "highlightPostTag": _OFF,
            },
            *(
                self._query(query, without=name)
                | {"page": 1, "hitsPerPage": 1, "facets": [name], "attributesToRetrieve": ["id"]}
                for name in used
            ),
        ]
        answer = await self._ask(lambda client: client.multi_search(asked), seconds=READING)
        first, *others = answer["results"]
        facets: dict[str, dict[str, int]] = {}
        for result in (first, *others):
            facets.update({name: counts for name, counts in result["facetDistribution"].items() if counts})
        return PracticesFound(
            tuple(_hit(hit) for hit in first["hits"]), first["totalHits"], facets, engine="meilisearch"
        )

    def _query(self, query: PracticeQuery, *, without: str = "") -> dict[str, Any]:
        sort = {"newest": ["published_on:desc"], "adoptions": ["adoptions:desc", "published_on:desc"]}.get(
            query.sort, []
        )
        said = re.sub(r"[\"-]", " ", query.words) if words_of(query.words) else ""  # to it these are signs, not letters
        if not said:
            sort = [*sort, "published_on:desc", "id:asc"] if query.sort != "newest" else [*sort, "id:asc"]
        return {
            "indexUid": self._index,
            "q": said,
            "filter": [
                [f'{name} = "{_escaped(value)}"' for value in values]
                for name, values in query.filters.items()
                if values and name != without
            ],
            "sort": list(dict.fromkeys(sort)),
            "matchingStrategy": "frequency",
            "locales": ["spa"],
        }

    async def upsert(self, documents: Sequence[PracticeDocument]) -> None:
        """Into an index that is there: a server that started empty would make one without its settings, and answer with it."""
        await self._ask(lambda client: client.get_index(self._index))
        for start in range(0, len(documents), BATCH):
            batch = [_document(document) for document in documents[start : start + BATCH]]
            await self._task(lambda client, batch=batch: client.index(self._index).add_documents(batch, "id"))

    async def remove(self, ids: Sequence[str]) -> None:
        if ids:
            named = ", ".join(f'"{_escaped(each)}"' for each in ids)
            await self._task(lambda client: client.index(self._index).delete_documents(filter=f"id IN [{named}]"))

    async def rebuild(self, documents: Callable[[], AsyncIterator[PracticeDocument]]) -> int:
        """Everything is made in another index, and both change places in one step."""
        aside = f"{self._index}_aside"
        await self._drop(aside)
        await self._task(lambda client: client.create_index(aside, {"primaryKey": "id"}))
        await self._task(lambda client: client.index(aside).update_settings(self._settings))
        made, waiting = 0, []
        async for document in documents():
            waiting.append(_document(document))
            if len(waiting) == BATCH:
                made += await self._add(aside, waiting)
                waiting = []
        made += await self._add(aside, waiting)
        if not await self._there():
            await self._task(lambda client: client.create_index(self._index, {"primaryKey": "id"}))
        await self._task(lambda client: client.swap_indexes([{"indexes": [self._index, aside]}]))
        await self._drop(aside)
        return made

    async def fingerprint(self) -> Mapping[str, str]:
        if not await self._there():
            return {}
        held: dict[str, str] = {}
        while True:
            asked = {"offset": len(held), "limit": BATCH, "fields": ["id", "digest"]}
            page = await self._ask(lambda client, asked=asked: client.index(self._index).get_documents(asked))
            held.update({document.id: document.digest for document in page.results})
            if len(page.results) < BATCH:
                return held

    async def count(self) -> int:
        """This method will say how many practices it holds; `Unavailable` where it lost its index."""
        stats = await self._ask(lambda client: client.index(self._index).get_stats(), seconds=READING)
        return stats.number_of_documents

    async def healthy(self) -> bool:
        try:
            await self.count()
        except Unavailable:
            return False
        return True

    def engines(self) -> Sequence[tuple[str, SearchIndex]]:
        return (("meilisearch", self),)

    async def close(self) -> None:
        """Nothing is kept open: the client makes one connection for each call."""

    async def _there(self) -> bool:
        try:
            await self._ask(lambda client: client.get_index(self._index))
        except IndexLost:
            return False
        return True

    async def _drop(self, index: str) -> None:
        try:
            await self._task(lambda client: client.delete_index(index))
        except IndexLost:
            return

    async def _add(self, index: str, documents: list[dict[str, Any]]) -> int:
        if documents:
            await self._task(lambda client: client.index(index).add_documents(documents, "id"))
        return len(documents)

    async def _task(self, start: Callable[[meilisearch.Client], TaskInfo]) -> None:
        """Begin a task and wait for its end, or raise what it failed of."""

        def run(client: meilisearch.Client) -> Any:
            begun = start(client)
            return client.wait_for_task(begun.task_uid, timeout_in_ms=TASK_SECONDS * 1000, interval_in_ms=25)

        task = await self._ask(run)
        if task.status != "succeeded":
            code = (task.error or {}).get("code", task.status)
            raise (IndexLost if code == "index_not_found" else Unavailable)(
                f"El buscador no aceptó el cambio ({code})."
            )

    async def _ask(self, call: Callable[[meilisearch.Client], T], *, seconds: int = WRITING) -> T:
        def run() -> T:
            try:
                return call(self._client(seconds))
            except MeilisearchApiError as error:
                kind = IndexLost if error.code == "index_not_found" else Unavailable
                raise kind(f"El buscador respondió {error.status_code} ({error.code}).") from error
            except (MeilisearchError, requests.RequestException, ValueError, KeyError) as error:
                raise Unavailable("El buscador no responde.") from error

        return await asyncio.to_thread(run)

    def _client(self, seconds: int) -> meilisearch.Client:
        name = f"client_{seconds}"
        if not hasattr(self._mine, name):
            setattr(self._mine, name, meilisearch.Client(self._url, self._key or None, timeout=seconds))
        return getattr(self._mine, name)


class IndexLost(Unavailable):
    """The server answers and does not have our index: it lost it, or started empty."""


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"')


def _document(document: PracticeDocument) -> dict[str, Any]:
    return asdict(document) | {
        "published_on": document.published_on.isoformat(),
        "where": where(document),
        "about": about(document),
        "digest": document.digest,
    }


def _hit(hit: Mapping[str, Any]) -> PracticeHit:
    told = hit.get("_formatted", {})
    summary, body = told.get("summary", ""), told.get("body", "")
    return PracticeHit(
        title=spans(told.get("title", "")),
        snippet=spans(body if _ON in body and _ON not in summary else summary),
        published_on=date.fromisoformat(hit["published_on"]),
        dimensions=tuple(hit["dimensions"]),
        **{name: hit[name] for name in ("id", "edition", "summary", "place", "country", "evidence", "adoptions")},
    )
