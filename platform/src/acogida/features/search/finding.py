"""Looking for practices: an address says everything that was asked, and each facet is a list of plain links.

Any value of a facet may join those already chosen in it (one is enough), and every facet narrows the others. An address
that says what nobody knows is read as if it did not.
"""

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Literal
from urllib.parse import urlencode

from acogida.features.methodology.model import Guide
from acogida.features.practices.public import Taxonomy, taxonomy
from acogida.features.search.settings import HasCatalogue
from acogida.kernel.ports import PracticeQuery, PracticesFound

HOME = "/buenas-practicas"
PER_PAGE = 20
MOST_PAGES = 500
SHOWN = 6
"""Values of a facet in sight; the others are one click away."""
PARAMETERS = {
    "dimension": "dimensions",
    "categoria": "categories",
    "subcategoria": "subcategories",
    "tema": "themes",
    "pais": "country",
    "region": "region",
    "escala": "scale",
    "grupo": "targets",
    "respaldo": "evidence",
    "idioma": "languages",
}
"""As the address says it → as the index does."""
TITLES = {
    "dimensions": "Dimensión",
    "categories": "Categoría",
    "subcategories": "Subcategoría",
    "themes": "Tema",
    "country": "País",
    "region": "Región de Chile",
    "scale": "Tamaño de la comuna",
    "targets": "A quiénes llega",
    "evidence": "Respaldo de los resultados",
    "languages": "Idioma en que atiende",
}
Sort = Literal["relevance", "newest", "adoptions"]
SORTS: Mapping[str, tuple[Sort, str]] = {
    "": ("relevance", "Las que más coinciden"),
    "recientes": ("newest", "Las más recientes"),
    "adopciones": ("adoptions", "Las más adoptadas"),
}
_IN_ORDER = ("dimensions", "categories", "subcategories", "scale", "evidence")
_ONLY_WITH = {"subcategories": "categories", "region": "country"}
"""Facets that only help once another is chosen."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What an address asks for."""

    words: str = ""
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    order: str = ""
    page: int = 1

    @property
    def query(self) -> PracticeQuery:
        """The same, as the index reads it."""
        return PracticeQuery(
            self.words, self.filters, SORTS[self.order][0], offset=(self.page - 1) * PER_PAGE, limit=PER_PAGE
        )

    @property
    def filtered(self) -> bool:
        return any(self.filters.values())

    @property
    def address(self) -> str:
        """Path and query that ask for exactly this: what people share."""
        return address(self)

    def chosen(self, facet: str) -> tuple[str, ...]:
        return self.filters.get(facet, ())

    def toggled(self, facet: str, value: str) -> "Asked":
        """This method will give the same with this value added, or taken away where it was chosen; from the first page."""
        before = self.chosen(facet)
        after = tuple(each for each in before if each != value) if value in before else (*before, value)
        filters = {**self.filters, facet: after}
        for narrow, wide in _ONLY_WITH.items():
            if facet == wide and not after:
                filters[narrow] = ()
        return replace(self, filters=filters, page=1)


@dataclass(frozen=True, slots=True)
class Value:
    """One line of a facet."""

    key: str
    label: str
    count: int
    chosen: bool
    href: str


@dataclass(frozen=True, slots=True)
class Facet:
    name: str
    title: str
    values: Sequence[Value]
    more: Sequence[Value]
    """Those out of sight; none of them is chosen."""


@dataclass(frozen=True, slots=True)
class Words:
    """Who knows how each value reads."""

    lists: Taxonomy
    guide: Guide
    regions: Mapping[str, str]

    def label(self, facet: str, key: str) -> str:
        if facet == "dimensions":
            return next((each.short for each in self.guide.dimensions if str(each.number) == key), key)
        if facet == "region":
            return self.regions.get(key, key)
        said = self.lists.label(facet, key)
        return said[:1].upper() + said[1:] if facet == "languages" else said

    def known(self, facet: str, key: str) -> bool:
        """This method will tell whether a value may be asked for at all."""
        if facet == "country":
            return len(key) == 2 and key.isupper() and key.isascii()
        if facet == "languages":
            return len(key) == 2 and key.islower() and key.isascii()
        if facet == "region":
            return key in self.regions
        if facet == "dimensions":
            return any(str(each.number) == key for each in self.guide.dimensions)
        return key in self.lists.titles(facet)


def read(query: Mapping[str, Sequence[str]], words: Words) -> Asked:
    """This function will read an address: `query` gives every value of each parameter."""

    def last(name: str) -> str:
        return (query.get(name) or [""])[-1]

    page = last("pagina")
    order = last("orden")
    return Asked(
        words=" ".join("".join(each if each.isprintable() else " " for each in last("q")).split())[:200],
        filters={
            facet: tuple(dict.fromkeys(each for each in query.get(name, ()) if words.known(facet, each)))[:40]
            for name, facet in PARAMETERS.items()
        },
        order=order if order in SORTS else "",
        page=min(max(int(page), 1), MOST_PAGES) if page.isascii() and page.isdigit() and len(page) < 6 else 1,
    )


def parameters(asked: Asked, *, page: bool = True) -> list[tuple[str, str]]:
    """This function will give the parameters of an address, in a stable order, without those that say nothing."""
    pairs = [("q", asked.words)] if asked.words else []
    pairs += [(name, value) for name, facet in PARAMETERS.items() for value in asked.chosen(facet)]
    if asked.order:
        pairs.append(("orden", asked.order))
    if page and asked.page > 1:
        pairs.append(("pagina", str(asked.page)))
    return pairs


def address(asked: Asked) -> str:
    """This function will give the path and query that ask for exactly this."""
    told = urlencode(parameters(asked))
    return f"{HOME}?{told}" if told else HOME


def facets(asked: Asked, found: PracticesFound, words: Words) -> list[Facet]:
    """This function will lay out the facets that can narrow or widen what was found."""
    laid = []
    for facet, title in TITLES.items():
        wide = _ONLY_WITH.get(facet)
        if wide and not asked.chosen(wide):
            continue
        counts = dict(found.facets.get(facet, {}))
        if facet == "region" and "CL" not in asked.chosen("country"):
            continue
        if facet == "subcategories":
            counts = {key: n for key, n in counts.items() if key.split(".")[0] in asked.chosen("categories")}
        for key in asked.chosen(facet):
            counts.setdefault(key, 0)
        values = [_value(asked, facet, key, count, words) for key, count in counts.items()]
        values = sorted(values, key=lambda each: _place(facet, each, words))
        if len(values) == 1 and not values[0].chosen and values[0].count == found.total:
            continue  # everything that was found has it: choosing it would change nothing
        near = [each for place, each in enumerate(values) if place < _shown(facet) or each.chosen]
        if values:
            laid.append(Facet(facet, title, near, [each for each in values if each not in near]))
    return laid


def _shown(facet: str) -> int:
    return 8 if facet == "dimensions" else SHOWN


def _value(asked: Asked, facet: str, key: str, count: int, words: Words) -> Value:
    return Value(key, words.label(facet, key), count, key in asked.chosen(facet), address(asked.toggled(facet, key)))


def _place(facet: str, value: Value, words: Words) -> tuple[float, str]:
    if facet not in _IN_ORDER:
        return (-value.count, value.label)
    if facet in ("scale", "evidence"):
        return (list(words.lists.titles(facet)).index(value.key), "")
    return (0, value.key)


def chosen(asked: Asked, words: Words) -> list[Value]:
    """This function will give everything that narrows the search, each with the address of going without it."""
    return [_value(asked, facet, key, 0, words) for facet in TITLES for key in asked.chosen(facet)]


def sorts(asked: Asked) -> list[tuple[str, str, bool]]:
    """This function will give words, address and whether it is in use, of each order."""
    return [
        (
            said if asked.words or name else "Las últimas en llegar",
            address(replace(asked, order=name, page=1)),
            name == asked.order,
        )
        for name, (_, said) in SORTS.items()
        if name != "recientes" or asked.words
    ]


def page_prefix(asked: Asked) -> str:
    """This function will give the address of these results up to the number of the page."""
    pairs: Iterable[tuple[str, str]] = parameters(asked, page=False)
    return f"{HOME}?{urlencode([*pairs, ('pagina', '')])}"


def last_page(found: PracticesFound) -> int:
    return min(-(-found.total // PER_PAGE), MOST_PAGES)


def words_of(settings: HasCatalogue, guides: Mapping[str, Guide]) -> Words:
    """This function will gather who knows how the values of the facets read."""
    return Words(taxonomy(settings.catalogue), guides[max(guides)], regions(settings.catalogue))


@cache
def regions(catalogue: Path) -> Mapping[str, str]:
    """This function will give code → short name of the sixteen regions, north to south."""
    with (catalogue / "territory" / "regions.csv").open(encoding="utf-8", newline="") as file:
        return {row["code"]: row["short_name"] for row in csv.DictReader(file)}
