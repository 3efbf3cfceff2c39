"""How good the first ten practices are, over the whole catalogue and against judgements written by people."""

import math
from datetime import date
from typing import Any

import pytest
import yaml

from acogida.adapters.embedded_postgres import Server
from acogida.adapters.search_meilisearch import MeilisearchSearch
from acogida.adapters.search_postgres import PostgresSearch
from acogida.adapters.search_words import synonyms
from acogida.app.settings import CHECKOUT
from acogida.features.practices import content
from acogida.features.practices.catalogue import read_all
from acogida.features.practices.model import PracticeEdition
from acogida.features.practices.public import document_of
from acogida.kernel.ports import PracticeDocument, PracticeQuery, SearchIndex
from support import meilisearch
from support.make_practices import all_of

CATALOGUE = CHECKOUT / "catalogue"
ENOUGH = 0.85


def every_practice() -> list[PracticeDocument]:
    """All of the catalogue's files, those in review too: the judgements look at them all."""
    return [
        document_of(
            PracticeEdition(code=one.code, number=1, content=content.kept(one.content), published_on=date(2025, 4, 1))
        )
        for one in read_all(CATALOGUE)
    ]


def judged() -> list[dict[str, Any]]:
    return yaml.safe_load((CHECKOUT / "tests" / "search" / "judgements.yaml").read_text())["queries"]


def gain(grades: list[int]) -> float:
    return sum((2**grade - 1) / math.log2(place + 2) for place, grade in enumerate(grades))


async def measure(index: SearchIndex) -> tuple[float, float]:
    """Mean nDCG@10 and recall@10."""
    gains, recalls = [], []
    for query in judged():
        wanted: dict[str, int] = query["relevant"]
        found = [hit.id for hit in (await index.search(PracticeQuery(query["words"], limit=10))).hits]
        best = gain(sorted(wanted.values(), reverse=True)[:10])
        gains.append(gain([wanted.get(code, 0) for code in found]) / best)
        recalls.append(len({*found} & {*wanted}) / min(10, len(wanted)))
    return sum(gains) / len(gains), sum(recalls) / len(recalls)


def test_judgements_name_practices_that_exist() -> None:
    """Sixty queries at least, each with something to find."""
    codes = {one.id for one in every_practice()}
    queries = judged()
    assert len({query["words"] for query in queries}) >= 60
    for query in queries:
        assert query["relevant"], query["words"]
        assert {*query["relevant"]} <= codes, query["words"]
        assert {*query["relevant"].values()} <= {1, 2, 3}, query["words"]


async def test_postgresql_alone_finds_what_people_meant(server: Server, database_name: str, capsys: Any) -> None:
    """With typos, plurals, accents missing, synonyms and names of places."""
    index = PostgresSearch(server.url("acogida_worker", database=database_name), synonyms=synonyms(CATALOGUE))
    await index.rebuild(all_of(every_practice()))
    score, recall = await measure(index)
    await index.close()

    with capsys.disabled():
        print(f"\n  PostgreSQL: nDCG@10 {score:.3f}, recall@10 {recall:.3f} en {len(judged())} consultas")  # noqa: T201 because whoever runs it wants the figure
    assert score >= ENOUGH


@pytest.mark.live
async def test_meilisearch_finds_what_people_meant(capsys: Any) -> None:
    """The same judgements on a real server."""
    if (there := meilisearch.real()) is None:
        pytest.skip("no real Meilisearch: set ACOGIDA_MEILI_URL and ACOGIDA_MEILI_KEY (infra/README.md)")
    index = MeilisearchSearch(*there, synonyms=synonyms(CATALOGUE), index="test_relevance")
    await index.rebuild(all_of(every_practice()))
    score, recall = await measure(index)

    with capsys.disabled():
        print(f"\n  Meilisearch: nDCG@10 {score:.3f}, recall@10 {recall:.3f} en {len(judged())} consultas")  # noqa: T201 because whoever runs it wants the figure
    assert score >= ENOUGH
