"""The Sello Migrante as data: its commitments, what has been found of their requirements, and the way to obtain it.

Each version is a file that never changes once somebody has been measured with it. Everything says its source and how
far it was read; what was not found is said so and never made up.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

STATES = {
    "verified": "Verificado en la fuente",
    "partial": "Leído en parte",
    "local": "Indicado por Sermig a la municipalidad",
}
NEWEST = "2025-03"
YEARS = 2
"""How often the Sello is evaluated again (F5, F15)."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where something was read."""

    id: str
    title: str
    url: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Drawn:
    """Something that the workspace already knows, and its page: in the core (`path`) or in this extension (`own`)."""

    fact: str
    label: str
    path: str = ""
    own: str = ""
    needed: bool = False
    """Whether it makes the requirement met; otherwise it only speaks for it."""


@dataclass(frozen=True, slots=True)
class Gap:
    """What Acogida proposes where a requirement is not met."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Criterion:
    """One requirement under a commitment."""

    id: str
    commitment: str
    title: str
    text: str
    state: str
    sources: tuple[str, ...] = ()
    note: str = ""
    help: str = ""
    historic: bool = False
    drawn: tuple[Drawn, ...] = ()
    gap: Gap | None = None

    @property
    def counts(self) -> bool:
        """Whether it is counted: its source was read whole, or Sermig itself told the municipality."""
        return self.state in ("verified", "local") and not self.historic


@dataclass(frozen=True, slots=True)
class Commitment:
    """One of the five, as a version names it."""

    id: str
    name: str
    short: str
    text: str
    sources: tuple[str, ...]
    criteria: tuple[Criterion, ...]
    unknown: str = ""
    """What is known to exist and was not found."""


@dataclass(frozen=True, slots=True)
class Standard:
    """One version of the standard."""

    key: str
    title: str
    dated: str
    sources: tuple[str, ...]
    note: str
    commitments: tuple[Commitment, ...]

    @property
    def criteria(self) -> dict[str, Criterion]:
        return {each.id: each for commitment in self.commitments for each in commitment.criteria}

    def commitment(self, commitment_id: str) -> Commitment:
        """This method will give one commitment; `KeyError` where there is none."""
        return {each.id: each for each in self.commitments}[commitment_id]


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the way to the Sello."""

    id: str
    title: str
    text: str
    state: str
    sources: tuple[str, ...]
    facts: tuple[str, ...] = ()
    path: str = ""
    own: str = ""


@cache
def standards() -> Mapping[str, Standard]:
    """This function will give every version by key, the newest first."""
    found = [_standard(_read(f"{key}.yaml")) for key in (NEWEST, "web")]
    return {each.key: each for each in found}


@cache
def titles() -> Mapping[str, str]:
    """This function will give the title of every requirement of any version, as the newest that has it says."""
    oldest_first = reversed(list(standards().values()))
    return {key: each.title for standard in oldest_first for key, each in standard.criteria.items()}


@cache
def steps() -> tuple[Step, ...]:
    """This function will give the steps of the process, in order."""
    return tuple(Step(**_made(given, "sources", "facts")) for given in _read("process.yaml"))


@cache
def sources() -> Mapping[str, Source]:
    """This function will give the sources by id."""
    return {key: Source(key, **given) for key, given in _read("sources.yaml").items()}


def _read(name: str) -> Any:
    return yaml.safe_load(files("acogida_sello_migrante").joinpath("standards", name).read_text("utf-8"))


def _standard(given: dict[str, Any]) -> Standard:
    commitments = tuple(_commitment(each) for each in given["commitments"])
    return Standard(**_made(given, "sources", commitments=commitments))


def _commitment(given: dict[str, Any]) -> Commitment:
    criteria = tuple(_criterion(given["id"], each) for each in given["criteria"])
    return Commitment(**_made(given, "sources", criteria=criteria))


def _criterion(commitment: str, given: dict[str, Any]) -> Criterion:
    drawn = tuple(Drawn(**each) for each in given.get("drawn", ()))
    gap = Gap(**given["gap"]) if "gap" in given else None
    return Criterion(**_made(given, "sources", commitment=commitment, drawn=drawn, gap=gap))


def _made(given: Mapping[str, Any], *names: str, **more: Any) -> dict[str, Any]:
    """The same, with these lists frozen and `more` over it."""
    return {**given, **{name: tuple(given.get(name, ())) for name in names}, **more}
