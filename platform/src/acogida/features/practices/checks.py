"""What is wrong or missing in a practice, with how much it weighs: what stops its publication and what only warns."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

from acogida.features.practices.catalogue import strangers
from acogida.features.practices.content import LABELS, Content
from acogida.features.practices.vocabulary import Taxonomy
from acogida.web.format import long_date

DIMENSIONS = frozenset("12345678")
OLD = 8
"""Years since its last known one after which a practice may no longer be so."""


@dataclass(frozen=True, slots=True)
class Check:
    """Something to look at. `blocking` keeps it from being approved; `warning` is shown to readers as a limit; `notice` only helps."""

    severity: Literal["blocking", "warning", "notice"]
    field: str
    sentence: str


def checks(said: Content, taxonomy: Taxonomy, today: date, *, due_on: date | None = None) -> list[Check]:
    """This function will look a practice over, the gravest first."""
    order = {"blocking": 0, "warning": 1, "notice": 2}
    return sorted(_found(said, taxonomy, today, due_on), key=lambda each: order[each.severity])


def blocking(said: Content, taxonomy: Taxonomy, today: date) -> dict[str, str]:
    """This function will give what keeps a practice from being approved, by field."""
    return {each.field: each.sentence for each in checks(said, taxonomy, today) if each.severity == "blocking"}


def _found(said: Content, taxonomy: Taxonomy, today: date, due_on: date | None) -> Iterator[Check]:
    if not said.summary:
        yield Check("blocking", "summary", "No tiene resumen.")
    if not said.sources:
        yield Check("blocking", "sources", "No tiene ninguna fuente: nadie podría comprobarla.")
    elif not any(each.read for each in said.sources):
        yield Check("warning", "sources", "Nadie ha leído sus fuentes: sólo se conocen sus direcciones.")
    elif unread := sum(not each.read for each in said.sources):
        yield Check("notice", "sources", f"{unread} de sus {len(said.sources)} fuentes no se pudieron leer.")
    if not said.place:
        yield Check("blocking", "place", "No dice dónde se hace.")
    if not said.dimensions:
        yield Check("blocking", "dimensions", "No tiene dimensión: nadie la encontraría por ellas.")
    elif not DIMENSIONS.issuperset(said.dimensions):
        yield Check("blocking", "dimensions", "Tiene una dimensión que la guía ya no usa.")
    elif said.dimensions_proposed:
        yield Check("notice", "dimensions", "Sus dimensiones son una propuesta: confírmelas o cámbielas.")
    if not said.category or not said.subcategory:
        yield Check("blocking", "subcategory", "No tiene subcategoría de la guía.")
    for field, value in strangers(said, taxonomy):
        yield Check("blocking", field, f"«{value}» ya no está en la lista de {LABELS[field].lower()}.")
    if said.evidence == "none":
        yield Check("warning", "evidence", "No hay resultados a la vista.")
    elif not said.results:
        yield Check("warning", "results", "Dice tener respaldo y no cuenta ningún resultado.")
    if not said.how_it_works:
        yield Check("warning", "how_it_works", "No dice cómo funciona.")
    if not said.resources:
        yield Check("notice", "resources", "No dice qué requirió.")
    if said.start_year is None:
        yield Check("notice", "start_year", "No se sabe cuándo comenzó.")
    if said.end_year is not None and said.end_year < today.year:
        yield Check("warning", "end_year", f"Terminó en {said.end_year}: la ficha debe contarlo en pasado.")
    newest = max((each.year for each in said.sources if each.year), default=None)
    if newest and today.year - newest > OLD:
        yield Check("warning", "sources", f"Su fuente más nueva es de {newest}: puede que ya no se haga.")
    if due_on and due_on <= today:
        yield Check("warning", "", f"Debía revisarse el {long_date(due_on)}.")
    for gap in said.gaps:
        yield Check("notice", "gaps", f"Falta saber: {gap}.")
