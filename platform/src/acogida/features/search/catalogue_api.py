"""The JSON twin of the page that finds practices: for anybody, without a key and without a transaction of ours."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Literal

from litestar import get
from litestar.params import Parameter, ParameterKwarg

from acogida.features.search.finding import MOST_PAGES, PER_PAGE
from acogida.kernel.ports import FACETS, PracticeHit, PracticeQuery, SearchIndex, Span
from acogida.web.routing import PUBLIC

Values = list[str] | None


def _facet(said: str) -> ParameterKwarg:
    return Parameter(max_items=40, required=False, description=f"{said}; repetido, basta con uno de sus valores.")


@dataclass(frozen=True)
class SpanOut:
    """Plain text; `marked` where it is what was looked for."""

    text: str
    marked: bool


@dataclass(frozen=True)
class PracticeFoundOut:
    id: str
    edition: int
    title: list[SpanOut]
    snippet: list[SpanOut]
    summary: str
    place: str
    country: str
    dimensions: list[str]
    evidence: str
    published_on: date
    adoptions: int
    path: str


@dataclass(frozen=True)
class PracticesFoundOut:
    """`facets` counts each value as if its own facet were not chosen. `corrected` is what was looked for in the end, where
    it is not what was written. `fallback`: the main engine did not answer and another one did."""

    items: list[PracticeFoundOut]
    total: int
    facets: dict[str, dict[str, int]]
    corrected: str
    engine: Literal["postgresql", "meilisearch"]
    fallback: bool


@get("/buenas-practicas/buscar", permission=PUBLIC, operation_id="searchPractices")
async def search_practices(
    search: SearchIndex,
    q: Annotated[str, Parameter(max_length=200, description="Lo que se busca; tolera errores y falta de tildes.")] = "",
    dimensions: Annotated[Values, _facet("Dimensión, de 1 a 8")] = None,
    categories: Annotated[Values, _facet("Categoría de la guía, de 1 a 4")] = None,
    subcategories: Annotated[Values, _facet("Subcategoría de la guía, como 1.a")] = None,
    themes: Annotated[Values, _facet("Tema")] = None,
    country: Annotated[Values, _facet("País, ISO 3166-1")] = None,
    region: Annotated[Values, _facet("Región de Chile, dos dígitos del CUT")] = None,
    scale: Annotated[Values, _facet("Tamaño de la comuna")] = None,
    targets: Annotated[Values, _facet("A quiénes llega")] = None,
    evidence: Annotated[Values, _facet("Respaldo de los resultados")] = None,
    languages: Annotated[Values, _facet("Idioma en que atiende, ISO 639-1")] = None,
    sort: Literal["relevance", "newest", "adoptions"] = "relevance",
    page: Annotated[int, Parameter(ge=1, le=MOST_PAGES)] = 1,
) -> PracticesFoundOut:
    """Twenty practices at a time, best first, with how many there are of each kind."""
    asked = (
        dimensions, categories, subcategories, themes, country, region, scale, targets, evidence, languages,
    )  # fmt: skip
    filters = {name: tuple(values) for name, values in zip(FACETS, asked, strict=True) if values}
    found = await search.search(PracticeQuery(q, filters, sort, offset=(page - 1) * PER_PAGE, limit=PER_PAGE))
    return PracticesFoundOut(
        items=[_out(hit) for hit in found.hits],
        total=found.total,
        facets={name: dict(counts) for name, counts in found.facets.items()},
        corrected=found.corrected,
        engine=found.engine,
        fallback=found.fallback,
    )


def _out(hit: PracticeHit) -> PracticeFoundOut:
    return PracticeFoundOut(
        id=hit.id,
        edition=hit.edition,
        title=_spans(hit.title),
        snippet=_spans(hit.snippet),
        summary=hit.summary,
        place=hit.place,
        country=hit.country,
        dimensions=list(hit.dimensions),
        evidence=hit.evidence,
        published_on=hit.published_on,
        adoptions=hit.adoptions,
        path=f"/buenas-practicas/{hit.id}",
    )


def _spans(spans: tuple[Span, ...]) -> list[SpanOut]:
    return [SpanOut(span.text, span.marked) for span in spans]
