"""Words as the catalogue's search engines need them: folded, split, with their synonyms; and those that say nothing.

Both engines read the same lists, so that changing one does not change what people find.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from functools import cache, cached_property
from pathlib import Path

import msgspec
import yaml
from babel import Locale

from acogida.kernel.ports import PracticeDocument

_EMPTY = """
    a al algo algun alguna algunas alguno algunos ante antes asi aun aunque bajo bien cada como con contra cual cuales
    cuando cuanto de del desde donde dos e el ella ellas ello ellos en entre era eran es esa esas ese eso esos esta
    estaba estan estar estas este esto estos fue fueron ha habia hace hacer hacia han hasta hay la las le les lo los mas
    me mi mis mucho muy nada ni no nos nosotros o os otra otras otro otros para pero poco por porque pueda puede pueden
    que quien quienes se sea sean segun ser si sin sobre solo son su sus tal tambien tan tanto te tiene tienen toda todas
    todo todos tras tu un una unas uno unos usted ustedes y ya
    buena buenas ejemplo ejemplos experiencia experiencias iniciativa iniciativas practica practicas
    """
STOP_WORDS = frozenset(_EMPTY.split())
"""Folded Spanish words that tell no practice from another; those with which people ask for one are among them."""
MOST_WORDS = 8
"""Of a search; what comes after is left out."""
_SPANISH = Locale("es", "CL")


class Synonyms(msgspec.Struct, frozen=True, dict=True):
    """Groups of words and phrases that mean the same to whoever looks for them (catalogue/taxonomy/synonyms.yaml)."""

    groups: tuple[tuple[str, ...], ...] = ()

    @cached_property
    def pairs(self) -> Mapping[str, list[str]]:
        """Each way of saying it → the others, as they are written."""
        others: dict[str, dict[str, None]] = {}
        for group in self.groups:
            for way in group:
                others.setdefault(way.lower(), {}).update((other.lower(), None) for other in group if other != way)
        return {way: list(said) for way, said in others.items()}

    @cached_property
    def _others(self) -> Mapping[tuple[str, ...], tuple[tuple[str, ...], ...]]:
        others: dict[tuple[str, ...], dict[tuple[str, ...], None]] = {}
        for group in self.groups:
            ways = [tuple(words_of(way)) for way in group]
            for way in ways:
                others.setdefault(_root(way), {}).update((other, None) for other in ways if other != way)
        return {way: tuple(said) for way, said in others.items()}

    @cached_property
    def _longest(self) -> int:
        return max((len(way) for way in self._others), default=0)

    def split(self, words: Sequence[str]) -> list[tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]]:
        """This method will cut the words in ideas, longest first: each with the other ways of saying it."""
        ideas, at = [], 0
        while at < len(words):
            for length in range(min(self._longest, len(words) - at), 0, -1):
                way = tuple(words[at : at + length])
                if (others := self._others.get(_root(way))) is not None:
                    break
            else:
                way, others = (words[at],), ()
            ideas.append((way, others))
            at += len(way)
        return ideas


def _root(way: Sequence[str]) -> tuple[str, ...]:
    """Singular and plural of a way of saying have the same one."""
    return tuple(word.removesuffix("s").removesuffix("e") if len(word) > 4 else word for word in way)


def fold(text: str) -> str:
    """This function will give the text in lower case and without accents; ñ becomes n, as people type it abroad."""
    plain = unicodedata.normalize("NFKD", text.lower())
    return "".join(letter for letter in plain if not unicodedata.combining(letter))


def words_of(text: str) -> list[str]:
    """This function will give the folded words of what was typed, without those that say nothing."""
    found = re.findall(r"[a-z0-9]+", fold(text))
    return [word for word in found if word not in STOP_WORDS][:MOST_WORDS]


@cache
def synonyms(catalogue: Path) -> Synonyms:
    """This function will read the synonyms of the catalogue once; none where there is no file."""
    file = catalogue / "taxonomy" / "synonyms.yaml"
    if not file.exists():
        return Synonyms()
    groups = yaml.load(file.read_text(), Loader=yaml.CSafeLoader)["groups"]
    return Synonyms(tuple(tuple(group) for group in groups))


def where(document: PracticeDocument) -> str:
    """This function will say where a practice is with the names by which people look for it: the country's too."""
    name = _SPANISH.territories.get(document.country, "") if document.country else ""
    return f"{document.place} {name}".strip()


def about(document: PracticeDocument) -> str:
    """This function will give the themes and groups of a practice as words."""
    return " ".join((*document.themes, *document.targets)).replace("-", " ")
