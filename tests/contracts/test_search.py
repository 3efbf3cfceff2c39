"""What any engine that searches the catalogue promises: the same scenarios on PostgreSQL, on the double of Meilisearch
and, where `ACOGIDA_MEILI_URL` names one, on a real Meilisearch."""

from collections.abc import AsyncIterator
from datetime import date
from uuid import uuid4

import pytest
from meilisearch import Client

from acogida.adapters.embedded_postgres import Server
from acogida.adapters.search_meilisearch import MeilisearchSearch
from acogida.adapters.search_postgres import PostgresSearch
from acogida.adapters.search_words import Synonyms
from acogida.kernel.ports import PracticeQuery, SearchIndex, Span
from support import meilisearch
from support.make_practices import all_of, make_document

SAID = Synonyms((("NNA", "niños, niñas y adolescentes"), ("arriendo", "alquiler")))
PRACTICES = [
    make_document(
        "BP-001",
        "Clínica jurídica migratoria",
        summary="Asesoría legal gratuita con la universidad.",
        place="Puerto Montt",
        region="10",
        dimensions=("2", "3"),
        themes=("justicia", "regularización"),
        published_on=date(2025, 4, 1),
    ),
    make_document(
        "BP-002",
        "Regularización desde las escuelas",
        summary="Visas para niños, niñas y adolescentes con su familia.",
        place="Antofagasta",
        region="02",
        dimensions=("2", "7"),
        themes=("regularización", "educación"),
        adoptions=3,
        published_on=date(2025, 6, 1),
    ),
    make_document(
        "BP-003",
        "Vivienda social con garantía municipal",
        summary="El municipio revisa cada alquiler y paga la garantía.",
        place="Bergen",
        country="NO",
        region="",
        dimensions=("3",),
        themes=("vivienda",),
        languages=("no",),
        adoptions=1,
        published_on=date(2025, 5, 1),
        translations="Inclusive housing",
    ),
    make_document(
        "BP-004",
        "Curso municipal de español",
        summary="Tres niveles para personas haitianas.",
        body="La biblioteca presta su sala y la clínica del barrio difunde.",
        place="Colina",
        region="13",
        dimensions=("4",),
        themes=("idioma",),
        languages=("es", "ht"),
        published_on=date(2025, 3, 1),
    ),
]


REAL = meilisearch.real()
ENGINES = ["postgresql", "double", *([pytest.param("meilisearch", marks=pytest.mark.live)] if REAL else [])]


@pytest.mark.live
def test_a_real_meilisearch_is_tried_too() -> None:
    """Said aloud where there is none: nothing here then proves how Meilisearch itself behaves."""
    if REAL is None:
        pytest.skip("no real Meilisearch: set ACOGIDA_MEILI_URL and ACOGIDA_MEILI_KEY (infra/README.md)")
    assert Client(*REAL).is_healthy()


@pytest.fixture(params=ENGINES)
async def index(request: pytest.FixtureRequest) -> AsyncIterator[SearchIndex]:
    """An engine with the four practices."""
    if request.param == "postgresql":
        server: Server = request.getfixturevalue("server")
        url = server.url("acogida_worker", database=request.getfixturevalue("database_name"))
        made: SearchIndex = PostgresSearch(url, synonyms=SAID)
        await made.rebuild(all_of(PRACTICES))
        yield made
        await made.close()
    elif request.param == "double":
        with meilisearch.running() as double:
            made = MeilisearchSearch(double.url, meilisearch.KEY, synonyms=SAID)
            await made.rebuild(all_of(PRACTICES))
            yield made
            assert double.refused == [], "Meilisearch would not take these"
    else:
        assert REAL
        name = f"test_{uuid4().hex[:12]}"
        made = MeilisearchSearch(*REAL, synonyms=SAID, index=name)
        await made.rebuild(all_of(PRACTICES))
        yield made
        Client(*REAL).delete_index(name)


async def ids(index: SearchIndex, words: str = "", **options: object) -> list[str]:
    found = await index.search(PracticeQuery(words, **options))  # type: ignore[arg-type]
    return [hit.id for hit in found.hits]


async def test_words_are_found_as_people_write_them(index: SearchIndex) -> None:
    """With a slip, without accents, in capitals, in plural."""
    for words in ("clinica juridica", "CLÍNICA JURÍDICA", "clinca juridica", "clínicas jurídicas"):
        assert (await ids(index, words))[0] == "BP-001", words


async def test_what_is_being_typed_is_found_before_it_ends(index: SearchIndex) -> None:
    """The last word counts as a beginning."""
    assert "BP-003" in await ids(index, "vivien")


async def test_a_title_goes_before_a_mention(index: SearchIndex) -> None:
    """A word in the title says more than one in the body."""
    assert await ids(index, "clínica") == ["BP-001", "BP-004"]


async def test_synonyms_are_the_same(index: SearchIndex) -> None:
    """Whoever writes an acronym or another word finds the same practice."""
    assert (await ids(index, "NNA"))[0] == "BP-002"
    assert (await ids(index, "arriendo"))[0] == "BP-003"


async def test_a_place_and_a_country_are_found(index: SearchIndex) -> None:
    """Also by the name of the country, which the record only has as a code."""
    assert (await ids(index, "puerto montt"))[0] == "BP-001"
    assert (await ids(index, "noruega"))[0] == "BP-003"


async def test_a_translation_is_found(index: SearchIndex) -> None:
    """Titles in other languages lead to the same practice."""
    assert (await ids(index, "housing"))[0] == "BP-003"


async def test_nothing_is_nothing(index: SearchIndex) -> None:
    """Words that nobody wrote find nothing, and say so with a total."""
    found = await index.search(PracticeQuery("xilofonista"))
    assert (found.total, found.hits) == (0, ())


async def test_without_words_there_is_everything_newest_first(index: SearchIndex) -> None:
    """Words that tell no practice from another count as none."""
    newest = ["BP-002", "BP-003", "BP-001", "BP-004"]
    assert await ids(index) == newest
    assert await ids(index, "de la") == newest


async def test_order_may_be_chosen(index: SearchIndex) -> None:
    """By day of publication or by how many communes adopted it."""
    assert await ids(index, sort="newest") == ["BP-002", "BP-003", "BP-001", "BP-004"]
    assert (await ids(index, sort="adoptions"))[:2] == ["BP-002", "BP-003"]


async def test_pages_do_not_repeat_nor_skip(index: SearchIndex) -> None:
    """Each practice is in one page, and the total is that of all of them."""
    first = await index.search(PracticeQuery(limit=2))
    second = await index.search(PracticeQuery(limit=2, offset=2))
    assert first.total == second.total == 4
    assert sorted(hit.id for hit in (*first.hits, *second.hits)) == [document.id for document in PRACTICES]


async def test_values_of_a_facet_add_and_facets_narrow(index: SearchIndex) -> None:
    """One of the values is enough; each facet must have its own."""
    assert set(await ids(index, filters={"dimensions": ("2",)})) == {"BP-001", "BP-002"}
    assert set(await ids(index, filters={"dimensions": ("2", "4")})) == {"BP-001", "BP-002", "BP-004"}
    assert await ids(index, filters={"dimensions": ("2", "4"), "region": ("10",)}) == ["BP-001"]
    assert await ids(index, filters={"languages": ("ht",)}) == ["BP-004"]


async def test_counts_are_true_while_several_values_are_chosen(index: SearchIndex) -> None:
    """A facet is counted as if nothing of it were chosen, and the others under everything that is."""
    found = await index.search(PracticeQuery(filters={"country": ("NO",), "dimensions": ("3",)}))

    assert found.total == 1
    assert found.facets["country"] == {"CL": 1, "NO": 1}
    assert found.facets["dimensions"] == {"3": 1}
    assert found.facets["themes"] == {"vivienda": 1}


async def test_a_value_with_quotes_is_only_a_value(index: SearchIndex) -> None:
    """Nobody writes a filter of their own through the value of one."""
    assert await ids(index, filters={"themes": ('x" OR country = "CL', "it's")}) == []
    assert await ids(index, "\"' & | ! <-> :* \\ ( ) \x00 -") != []


async def test_what_was_found_is_marked_and_never_html(index: SearchIndex) -> None:
    """Pieces of plain text: what is between signs of a tag stays text."""
    await index.upsert([make_document("BP-005", "Taller <b>costura</b>", summary="Costura & diseño en la sede.")])

    hit = (await index.search(PracticeQuery("costura"))).hits[0]

    assert Span("costura", marked=True) in hit.title
    assert "".join(span.text for span in hit.title) == "Taller <b>costura</b>"
    assert any(span.marked and span.text == "Costura" for span in hit.snippet)


async def test_a_new_edition_takes_the_place_of_the_old_one(index: SearchIndex) -> None:
    """The old words stop finding it, and nothing is twice."""
    await index.upsert([make_document("BP-004", "Huertos comunitarios", edition=2)])

    assert await ids(index, "huertos") == ["BP-004"]
    assert "BP-004" not in await ids(index, "español")
    assert (await index.search(PracticeQuery())).total == 4


async def test_what_is_taken_out_is_not_found(index: SearchIndex) -> None:
    """Neither by its words nor among all; taking it out twice, or what never was, is no fault."""
    await index.remove(["BP-001", "BP-999"])
    await index.remove(["BP-001"])

    assert "BP-001" not in await ids(index, "clínica jurídica")
    assert (await index.search(PracticeQuery())).total == 3


async def test_the_fingerprint_is_that_of_what_was_given(index: SearchIndex) -> None:
    """Whoever compares by hash knows what is missing and what is old."""
    assert await index.fingerprint() == {document.id: document.digest for document in PRACTICES}
    assert await index.healthy()


async def test_made_again_it_has_what_it_is_given_and_nothing_else(index: SearchIndex) -> None:
    """Rebuilding leaves no trace of what was."""
    assert await index.rebuild(all_of(PRACTICES[:2])) == 2

    assert set(await index.fingerprint()) == {"BP-001", "BP-002"}
    assert await ids(index, "español") == []


async def test_a_rebuilding_that_fails_changes_nothing(index: SearchIndex) -> None:
    """Searches go on answering with what there was, and the next rebuilding works."""

    async def broken():
        yield PRACTICES[0]
        raise RuntimeError("the catalogue broke half-way")

    with pytest.raises(RuntimeError, match="half-way"):
        await index.rebuild(broken)

    assert (await index.search(PracticeQuery())).total == 4
    assert await index.rebuild(all_of(PRACTICES)) == 4


async def test_while_it_is_made_again_searches_answer_with_what_there_was(index: SearchIndex) -> None:
    """Not for a moment is there less than one whole catalogue."""
    totals = []

    async def slow():
        for document in PRACTICES[:3]:
            totals.append((await index.search(PracticeQuery())).total)
            yield document

    await index.rebuild(slow)

    assert totals == [4, 4, 4]
    assert (await index.search(PracticeQuery())).total == 3
