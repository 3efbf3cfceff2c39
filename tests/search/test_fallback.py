"""When Meilisearch has a bad day: readers always get answers, are told who gave them, and the state heals by itself."""

from collections.abc import AsyncIterator, Iterator
from typing import cast

import pytest

from acogida.adapters.embedded_postgres import Server
from acogida.adapters.search_fallback import FallbackSearch
from acogida.adapters.search_meilisearch import IndexLost, MeilisearchSearch
from acogida.adapters.search_postgres import PostgresSearch
from acogida.features.search import upkeep
from acogida.kernel.errors import Unavailable
from acogida.kernel.ports import PracticeQuery
from support import meilisearch
from support.make_practices import all_of, make_document
from support.meilisearch import Meilisearch

PRACTICES = [
    make_document("BP-001", "Clínica jurídica migratoria", place="Puerto Montt"),
    make_document("BP-002", "Curso municipal de español", place="Colina"),
    make_document("BP-003", "Vivienda social", place="Bergen"),
    make_document("BP-011", "Feria laboral", place="Coquimbo"),
    make_document("BP-012", "Biblioteca humana", place="Talca"),
]
CLINIC = PracticeQuery("clinca juridica")


class Watch:
    """A clock that only a test moves."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def double() -> Iterator[Meilisearch]:
    with meilisearch.running() as started:
        yield started


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
async def index(double: Meilisearch, watch: Watch, server: Server, database_name: str) -> AsyncIterator[FallbackSearch]:
    postgres = PostgresSearch(server.url("acogida_worker", database=database_name))
    made = FallbackSearch(MeilisearchSearch(double.url, meilisearch.KEY), postgres, patience=0.4, pause=15, now=watch)
    await made.rebuild(all_of(PRACTICES))
    yield made
    await made.close()
    assert double.refused == []


async def engine(index: FallbackSearch) -> tuple[str, bool]:
    """Who answers now, and whether it says that it stands in for another; the answer is always the clinic."""
    found = await index.search(CLINIC)
    assert [hit.id for hit in found.hits] == ["BP-001"]
    return found.engine, found.fallback


async def test_while_it_is_well_meilisearch_answers(index: FallbackSearch) -> None:
    """And nobody is told anything."""
    assert await engine(index) == ("meilisearch", False)


@pytest.mark.parametrize("status", [500, 503, 403])
async def test_an_error_is_answered_by_the_other(
    index: FallbackSearch, double: Meilisearch, watch: Watch, status: int
) -> None:
    """It is left alone for a while, and believed again when it is well."""
    double.failing = status
    assert await engine(index) == ("postgresql", True)
    assert not await index.healthy()

    double.failing = 0
    asked = len(double.asked)
    assert await engine(index) == ("postgresql", True)
    assert len(double.asked) == asked, "while it rests it is not asked"

    watch.seconds += 16
    assert await engine(index) == ("meilisearch", False)


async def test_a_slow_one_does_not_make_readers_wait(index: FallbackSearch, double: Meilisearch) -> None:
    """After its patience the other answers; the next reader does not wait at all."""
    double.delay = 0.8
    assert await engine(index) == ("postgresql", True)
    asked = len(double.asked)
    assert await engine(index) == ("postgresql", True)
    assert len(double.asked) <= asked + 1, "only the late call of the first reader may still arrive"


async def test_one_that_is_down_is_answered_by_the_other(server: Server, database_name: str) -> None:
    """Nobody listens at its address."""
    postgres = PostgresSearch(server.url("acogida_worker", database=database_name))
    await postgres.rebuild(all_of(PRACTICES))
    index = FallbackSearch(MeilisearchSearch("http://127.0.0.1:9", meilisearch.KEY), postgres)
    assert await engine(index) == ("postgresql", True)
    with pytest.raises(Unavailable):
        await index.upsert([make_document("BP-004", "Huertos")])
    found = await index.search(PracticeQuery("huertos"))
    assert [hit.id for hit in found.hits] == ["BP-004"], (
        "nothing is lost: PostgreSQL has it, and the job will try again"
    )
    await index.close()


async def test_a_lost_index_is_noticed_and_made_again(index: FallbackSearch, double: Meilisearch, watch: Watch) -> None:
    """Somebody deleted it: the other answers until it is mended."""
    del double.indexes["practices"]
    assert await engine(index) == ("postgresql", True)

    mended = await upkeep.mend(index, all_of(PRACTICES))

    assert [(one.engine, one.made_again) for one in mended] == [("meilisearch", True), ("postgresql", False)]
    assert double.settings["practices"]["rankingRules"][0] == "sort", "its settings came back with it"
    watch.seconds += 16
    assert await engine(index) == ("meilisearch", False)


async def test_one_that_restarted_empty_never_answers_with_a_part(
    index: FallbackSearch, double: Meilisearch, watch: Watch
) -> None:
    """A publication does not make an index of one practice: its job waits for the whole one."""
    double.restart_empty()
    with pytest.raises(IndexLost):
        await index.upsert([make_document("BP-004", "Huertos")])
    assert double.indexes == {}
    assert await engine(index) == ("postgresql", True)

    await upkeep.mend(index, all_of([*PRACTICES, make_document("BP-004", "Huertos")]))

    watch.seconds += 16
    found = await index.search(PracticeQuery("huertos"))
    assert ([hit.id for hit in found.hits], found.engine) == (["BP-004"], "meilisearch")


async def test_one_that_holds_a_part_is_not_believed(index: FallbackSearch, double: Meilisearch, watch: Watch) -> None:
    """Even where it answers well: what is missing would be missing for the reader."""
    double.indexes["practices"] = {"BP-002": double.indexes["practices"]["BP-002"]}
    watch.seconds += 16
    assert await engine(index) == ("postgresql", True)
    assert not await index.healthy()


async def test_a_change_that_it_does_not_accept_is_raised(index: FallbackSearch, double: Meilisearch) -> None:
    """A task is not done because it was taken: its failure comes back to whoever wrote."""
    double.next_task_fails_with = "invalid_document_fields"
    with pytest.raises(Unavailable, match="invalid_document_fields"):
        await index.upsert([make_document("BP-004", "Huertos")])


async def test_a_rebuilding_that_fails_leaves_the_old_one_answering(index: FallbackSearch, double: Meilisearch) -> None:
    """What was being made aside never takes its place."""
    first = cast(MeilisearchSearch, index._first)
    double.next_task_fails_with = ""

    async def broken():
        yield PRACTICES[0]
        double.next_task_fails_with = "no_space_left_on_device"

    with pytest.raises(Unavailable, match="no_space_left"):
        await first.rebuild(broken)

    assert set(await first.fingerprint()) == {document.id for document in PRACTICES}
    assert await first.rebuild(all_of(PRACTICES)) == len(PRACTICES)


async def test_mending_puts_what_is_missing_and_takes_out_what_is_left_over(
    index: FallbackSearch, double: Meilisearch
) -> None:
    """By hash: what is equal is not sent again."""
    published = [*PRACTICES[:2], make_document("BP-003", "Vivienda social", edition=2), *PRACTICES[3:]]
    await index.upsert([make_document("BP-009", "Retirada sin que nadie lo supiera")])

    mended = await upkeep.mend(index, all_of(published))

    assert [(one.put, one.taken_out, one.made_again) for one in mended] == [(1, 1, False), (1, 1, False)]
    held = {document.id: document.digest for document in published}
    assert [await engine.fingerprint() for _, engine in index.engines()] == [held, held]


async def test_mending_leaves_for_later_what_does_not_answer(index: FallbackSearch, double: Meilisearch) -> None:
    """The other is mended all the same."""
    double.failing = 500
    mended = await upkeep.mend(index, all_of(PRACTICES[:4]))
    double.failing = 0

    assert [(one.engine, one.answered, one.taken_out) for one in mended] == [
        ("meilisearch", False, 0),
        ("postgresql", True, 1),
    ]


async def test_making_it_again_does_not_need_every_engine(index: FallbackSearch, double: Meilisearch) -> None:
    """A fresh installation whose Meilisearch is not up yet finds its practices all the same."""
    double.failing = 503
    made = await upkeep.rebuild(index, all_of(PRACTICES))
    double.failing = 0

    assert [(one.engine, one.answered) for one in made] == [("meilisearch", False), ("postgresql", True)]
