"""The closed lists with which practices are sorted: categories, themes, groups, sizes, kinds of evidence (catalogue/taxonomy)."""

from collections.abc import Mapping
from functools import cache, cached_property
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

import msgspec
from babel import Locale

from acogida.features.practices.reading import WrongFile, read

_SPANISH = Locale("es", "CL")
_LANGUAGES = {"ht": "creole haitiano", "es": "español", "no": "noruego", "eu": "euskera"}
"""As people here call them, where the standard list does otherwise."""


@runtime_checkable
class HasCatalogue(Protocol):
    """The settings that this feature reads."""

    @property
    def catalogue(self) -> Path: ...

    @property
    def public_url(self) -> str: ...


class Citation(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The publication that a list comes from."""

    title: str
    publisher: str
    date: str
    section: str
    note: str


class Subcategory(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One of the guide's eleven, with its recommendation in our words."""

    id: str
    title: str
    recommendation: str
    row: str
    section: str
    subtitle: str = ""
    limit: str = ""


class Category(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One of the guide's four (03 · 2)."""

    id: str
    title: str
    summary: str
    section: str
    subcategories: tuple[Subcategory, ...]


class Theme(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A facet of Acogida's own, beside the dimensions."""

    id: str
    title: str
    meaning: str
    subcategories: tuple[str, ...] = ()
    readings: tuple[str, ...] = ()


class Choice(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One value of a short list."""

    id: str
    title: str
    meaning: str


class _Categories(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    source: Citation
    categories: tuple[Category, ...]


class _Facets(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    themes: tuple[Theme, ...]
    targets: tuple[Choice, ...]
    scales: tuple[Choice, ...]
    evidence: tuple[Choice, ...]
    levels: tuple[Choice, ...]


class Taxonomy(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """All the lists, read once."""

    source: Citation
    categories: tuple[Category, ...]
    themes: tuple[Theme, ...]
    targets: tuple[Choice, ...]
    scales: tuple[Choice, ...]
    evidence: tuple[Choice, ...]
    levels: tuple[Choice, ...]

    @cached_property
    def subcategories(self) -> Mapping[str, Subcategory]:
        return {each.id: each for category in self.categories for each in category.subcategories}

    @cached_property
    def _titles(self) -> Mapping[str, Mapping[str, str]]:
        lists: Mapping[str, Any] = {
            "categories": self.categories,
            "subcategories": self.subcategories.values(),
            "themes": self.themes,
            "targets": self.targets,
            "scale": self.scales,
            "evidence": self.evidence,
            "level": self.levels,
        }
        return {name: {each.id: each.title for each in values} for name, values in lists.items()}

    def titles(self, facet: str) -> Mapping[str, str]:
        """This method will give key → words of a facet: categories, subcategories, themes, targets, scale, evidence, level."""
        return self._titles[facet]

    def label(self, facet: str, key: str) -> str:
        """This method will give the words of a value; countries and languages too; the key itself where nobody knows it."""
        if facet == "country":
            return country(key)
        if facet in ("language", "languages"):
            return language(key)
        return self._titles.get(facet, {}).get(key, key)

    def category(self, key: str) -> Category | None:
        return next((each for each in self.categories if each.id == key), None)


@cache
def taxonomy(catalogue: Path) -> Taxonomy:
    """This function will read the lists of the catalogue once. Raises `WrongFile`."""
    folder = catalogue / "taxonomy"
    first = read(folder / "categories.yaml", _Categories)
    rest = read(folder / "facets.yaml", _Facets)
    made = Taxonomy(
        source=first.source,
        categories=first.categories,
        themes=rest.themes,
        targets=rest.targets,
        scales=rest.scales,
        evidence=rest.evidence,
        levels=rest.levels,
    )
    for theme in made.themes:
        for key in theme.subcategories:
            if key not in made.subcategories:
                raise WrongFile(
                    folder / "facets.yaml", 1, f"el tema «{theme.id}» nombra la subcategoría «{key}», que no existe"
                )
    return made


@cache
def country(code: str) -> str:
    """This function will name a country in Spanish; the code itself where it is none, «Varios países» for nothing."""
    return str(_SPANISH.territories.get(code, code)) if code else "Varios países"


@cache
def language(code: str) -> str:
    """This function will name a language in Spanish, in lower case."""
    return _LANGUAGES.get(code) or str(_SPANISH.languages.get(code, code))
