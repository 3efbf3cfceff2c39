"""The planning matrix as a grid: its columns, how each value is written in a cell, and how typed text is read back.

The same words serve the grid, a paste from a spreadsheet and an imported file: an eje or an objective is named, never
identified by a code that nobody knows.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from markupsafe import Markup, escape

from acogida.features.initiatives.forms import DATES_REVERSED, DIRECTNESS, FUNDING_STATES, EditInitiative, in_order
from acogida.features.initiatives.grid.store import GridRows, Mark
from acogida.features.initiatives.model import Initiative
from acogida.kernel.manifest import InitiativeColumn
from acogida.web.format import number, short_date
from acogida.web.forms import Wrong, clean

YES_NO = {True: "Sí", False: "No"}
WITHOUT_AXIS = "Sin eje"


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the grid. `over` is the heading it shares with its neighbour; `kind` says how it is written in:
    line, text, number, date, choice (from a closed list) or unit (with what others wrote as suggestions)."""

    field: str
    label: str
    kind: str = "text"
    over: str = ""

    @property
    def words(self) -> str:
        """The whole heading on one line, for a phone and for who listens to the page."""
        return f"{self.over}: {self.label.lower()}" if self.over else self.label


NAME = Column("name", "Iniciativa", "line")
COLUMNS = (
    Column("description", "En qué consiste"),
    Column("strategy", "Estrategia"),
    Column("actions", "Acciones"),
    Column("target", "Meta o producto"),
    Column("budget", "Monto", "number", "Financiamiento"),
    Column("funding_source", "Fuente", "line", "Financiamiento"),
    Column("unit", "Unidad responsable", "unit"),
    Column("alliances", "Alianzas"),
    Column("pmg_pladeco", "PMG o PLADECO"),
    Column("starts_on", "Inicio", "date", "Período"),
    Column("ends_on", "Término", "date", "Período"),
    Column("objective_id", "Objetivo", "choice"),
    Column("axis_id", "Eje", "choice"),
)
"""The matrix of the guide (HERR-4.3-01) and the objective; the name is the first, fixed column."""

EDITABLE = {column.field: column for column in (NAME, *COLUMNS)}


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The names that cells may hold, by what they stand for, in the order of the plan.

    Objectives are the specific ones, numbered so that two alike can be told apart: «2. Ampliar el trabajo formal».
    """

    axis_names: Mapping[UUID, str]
    objective_names: Mapping[UUID, str]
    dimensions: Mapping[str, str]

    @classmethod
    def of(
        cls, axes: Mapping[UUID, str], statements: Mapping[UUID, str], dimensions: Mapping[str, str] | None = None
    ) -> "Vocabulary":
        """This method will number the objectives; dimensions go from their key to their short name."""
        numbered = {
            id_: f"{place}. {' '.join(words.split())[:70]}" for place, (id_, words) in enumerate(statements.items(), 1)
        }
        return cls(axes, numbered, dimensions or {})

    def axis_id(self, text: str) -> str:
        """This method will give the id of the eje so named; raises `Wrong` with the names there are."""
        if not text or _same(text, WITHOUT_AXIS):
            return ""
        for axis_id, name in self.axis_names.items():
            if _same(text, name) or text == str(axis_id):
                return str(axis_id)
        raise Wrong(
            f"No hay un eje «{text[:80]}». Los ejes son: {', '.join(self.axis_names.values()) or 'ninguno todavía'}."
        )

    def objective_id(self, text: str) -> str:
        """This method will give the id of the objective named by its number or its words; raises `Wrong` otherwise."""
        if not text:
            return ""
        for objective_id, name in self.objective_names.items():
            place, _, words = name.partition(". ")
            if text == str(objective_id) or _same(text, name) or _same(text, words) or text.rstrip(". ") == place:
                return str(objective_id)
        raise Wrong(
            f"No hay un objetivo específico «{text[:80]}». Escriba su número, de 1 a {len(self.objective_names)}."
        )

    def dimension_keys(self, text: str) -> list[str]:
        """This method will read dimensions by name or number, parted by semicolons; raises `Wrong` for a strange one."""
        keys = []
        for part in filter(None, (part.strip() for part in text.split(";"))):
            found = [key for key, name in self.dimensions.items() if _same(part, name) or part in (key, key[-1])]
            if not found:
                raise Wrong(f"No hay una dimensión «{part[:60]}».")
            keys.extend(found)
        return keys


@dataclass(frozen=True, slots=True)
class Group:
    """An eje in the grid: its rows as HTML, how many they are, how many are incomplete, and their total in pesos."""

    axis_id: UUID | None
    title: str
    rows: Markup
    count: int
    incomplete: int
    budget: int


def written(field: str, value: object, words: Vocabulary) -> str:
    """This function will write a value as a cell shows it and as the same cell would be typed."""
    if value is None or value == "":
        return ""
    if field == "axis_id":
        return words.axis_names.get(value, "")  # type: ignore[arg-type]
    if field == "objective_id":
        return words.objective_names.get(value, "")  # type: ignore[arg-type]
    if field == "dimensions":
        return "; ".join(words.dimensions.get(key, key) for key in value)  # type: ignore[union-attr]
    if field == "funding_state":
        return FUNDING_STATES.get(str(value), "")
    if field == "directness":
        return DIRECTNESS.get(str(value), "")
    if isinstance(value, bool):
        return YES_NO[value]
    if isinstance(value, date):
        return short_date(value)
    return number(value) if isinstance(value, int) else str(value)


def groups_of(
    found: Iterable[GridRows],
    words: Vocabulary,
    *,
    page: str,
    every_axis: bool,
    extra: Sequence[InitiativeColumn] = (),
) -> list[Group]:
    """This function will put the rows of the grid under their ejes, in the order of the plan; those without one come last.

    `page` is the address under which each initiative has its own. `every_axis` keeps ejes that have no row, so that an
    initiative can be added to them. `extra` are the columns that extensions add before the state.
    """
    by_axis = {rows.axis_id: rows for rows in found}
    places: list[tuple[UUID | None, str]] = [*words.axis_names.items(), (None, WITHOUT_AXIS)]
    return [
        Group(
            axis_id,
            name,
            _with(extra, _html(rows.text, page, name if axis_id else "", words.objective_names)),
            rows.count,
            rows.incomplete,
            rows.budget,
        )
        if (rows := by_axis.get(axis_id))
        else Group(axis_id, name, Markup(), 0, 0, 0)
        for axis_id, name in places
        if axis_id in by_axis or (every_axis and (axis_id or not words.axis_names))
    ]


_ID = 36
"""Letters of an id."""


def _html(text: str, page: str, axis: str, objectives: Mapping[UUID, str]) -> Markup:
    """The rows as HTML: what people wrote is escaped all at once, and then the marks between it become tags."""
    names = {str(id_): str(escape(statement)) for id_, statement in objectives.items()}
    first, *others = str(escape(text)).split(Mark.OBJECTIVE)
    html = first + "".join(names[part[:_ID]] + part[_ID:] if part[:_ID] in names else part for part in others)
    for mark, tag in (
        (Mark.AXIS, str(escape(axis))),
        (Mark.ROW, _ROW),
        (Mark.VERSION, '" data-v="'),
        (Mark.LINK, f'"><th scope="row"><a href="{escape(page)}/'),
        (Mark.NAME, '">'),
        (Mark.CELLS, "</a></th><td>"),
        (Mark.CELL, _CELL),
        (Mark.CUT, '<span class="grid__cut" data-cut> … sigue en la ficha</span>'),
    ):
        html = html.replace(mark, tag)
    return Markup(html)  # noqa: S704 because everything a person wrote was escaped above


_ROW, _CELL = '\n<tr id="i-', "<td>"
"""How a row and a cell begin in what `_html` gives; no text of a person holds either, because it was escaped."""


def _with(extra: Sequence[InitiativeColumn], html: Markup) -> Markup:
    """The rows with what extensions say of each, before its last cell, which is its state."""
    if not extra:
        return html
    said = [{str(row): escape(words) for row, words in column.values.items()} for column in extra]
    first, *rows = str(html).split(_ROW)
    made = [first]
    for row in rows:
        head, cell, state = row.rpartition(_CELL)
        cells = "".join(f"{cell}{column.get(row[:36], '')}" for column in said)
        made.append(f"{head}{cells}{cell}{state}")
    return Markup(_ROW.join(made))  # noqa: S704 because what extensions say was escaped above


def read_texts(
    texts: Mapping[str, str], words: Vocabulary, known: Initiative | None
) -> tuple[dict[str, Any], dict[str, str]]:
    """This function will turn typed cells into values to set, and give apart the message of each that can't be.

    `known` is the row as it stands, for the rules that join two fields; None for a new one.
    """
    values: dict[str, Any] = {}
    faults: dict[str, str] = {}
    fields = EditInitiative.form_fields()
    for name, text in texts.items():
        try:
            values[name] = fields[name].read(fields[name], _raw(name, clean(text), words))
        except Wrong as wrong:
            faults[name] = str(wrong)
    for name in ("axis_id", "objective_id"):
        if name in values:
            values[name] = UUID(values[name]) if values[name] else None
    if "dimensions" in values:
        values["dimensions"] = list(values["dimensions"])
    starts_on, ends_on = (values.get(name, getattr(known, name, None)) for name in ("starts_on", "ends_on"))
    if not in_order(starts_on, ends_on):
        guilty = "ends_on" if "ends_on" in values else "starts_on"
        faults[guilty] = DATES_REVERSED
        del values[guilty]
    return values, faults


def _raw(name: str, text: str, words: Vocabulary) -> Sequence[str]:
    """The words of a cell as the form would have sent them."""
    if name == "axis_id":
        return [words.axis_id(text)]
    if name == "objective_id":
        return [words.objective_id(text)]
    if name == "dimensions":
        return words.dimension_keys(text)
    if name == "needs_extra_funding":
        return [{"sí": "yes", "si": "yes", "no": "no"}.get(text.casefold(), text)]
    if name in ("funding_state", "directness"):
        labels = FUNDING_STATES if name == "funding_state" else DIRECTNESS
        return [
            next((key for key, label in labels.items() if _same(text, label) or _same(text, label.split(":")[0])), text)
        ]
    return [text]


def _same(one: str, other: str) -> bool:
    return " ".join(one.casefold().split()) == " ".join(other.casefold().split())
