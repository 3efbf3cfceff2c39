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
from acogida.features.initiatives.model import Initiative, missing_of
from acogida.features.initiatives.store import EXCERPT, GridRow
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
        cls,
        axes: Iterable[tuple[UUID, str]],
        objectives: Iterable[tuple[UUID, str]],
        dimensions: Mapping[str, str] | None = None,
    ) -> "Vocabulary":
        """This method will make it from pairs of id and words; dimensions go from their key to their short name."""
        numbered = {
            objective_id: f"{place}. {' '.join(statement.split())[:70]}"
            for place, (objective_id, statement) in enumerate(objectives, 1)
        }
        return cls(dict(axes), numbered, dimensions or {})

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


def state_of(missing: Sequence[str]) -> str:
    """This function will say whether a design is complete or what it lacks."""
    return f"Falta: {', '.join(missing)}" if missing else "Completa"


def groups_of(rows: Iterable[GridRow], words: Vocabulary, *, page: str, every_axis: bool) -> list[Group]:
    """This function will gather the rows under their ejes, in the order of the plan; those without one come last.

    `page` is the address under which each initiative has its own. `every_axis` keeps ejes that have no row, so that an
    initiative can be added to them.
    """
    names, objectives = words.axis_names, words.objective_names
    by_axis: dict[UUID | None, list[GridRow]] = {axis_id: [] for axis_id in (*names, None)}
    for row in rows:
        by_axis[row.axis_id].append(row)
    groups = []
    for axis_id, found in by_axis.items():
        if found or (every_axis and (axis_id or not names)):
            axis = names[axis_id] if axis_id else ""
            missing = [missing_of(row) for row in found]
            texts = [
                _text(row, axis, objectives.get(row.objective_id, "") if row.objective_id else "", lacks)
                for row, lacks in zip(found, missing, strict=True)
            ]
            budget = sum(row.budget or 0 for row in found)
            groups.append(
                Group(axis_id, axis or WITHOUT_AXIS, _html(texts, page), len(found), sum(map(bool, missing)), budget)
            )
    return groups


# Two hundred rows are three thousand cells: asking the template for each took longer than everything else of the page.
# So the rows are written as text parted by control characters, which no form lets in, escaped all at once, and the
# characters turned into tags. What is between them is a person's text and stays escaped.
_ROW, _VERSION, _LINK, _NAME, _CELLS, _CELL, _CUT = "\x1c", "\x1d", "\x1e", "\x1f", "\x1b", "\x1a", "\x19"


def _text(row: GridRow, axis: str, objective: str, missing: Sequence[str]) -> str:
    cells = (
        _cut(row.description),
        _cut(row.strategy),
        _cut(row.actions),
        _cut(row.target),
        "" if row.budget is None else f"{row.budget:,}".replace(",", "."),
        row.funding_source,
        row.unit,
        _cut(row.alliances),
        _cut(row.pmg_pladeco),
        _day(row.starts_on),
        _day(row.ends_on),
        objective,
        axis,
        state_of(missing),
    )
    return f"{_ROW}{row.id}{_VERSION}{row.version}{_LINK}{row.id}{_NAME}{row.name}{_CELLS}{_CELL.join(cells)}"


def _html(texts: Sequence[str], page: str) -> Markup:
    html = str(escape("".join(texts)))
    for mark, tag in (
        (_ROW, '\n<tr id="i-'),
        (_VERSION, '" data-v="'),
        (_LINK, f'"><th scope="row"><a href="{escape(page)}/'),
        (_NAME, '">'),
        (_CELLS, "</a></th><td>"),
        (_CELL, "<td>"),
        (_CUT, '<span class="grid__cut" data-cut> … sigue en la ficha</span>'),
    ):
        html = html.replace(mark, tag)
    return Markup(html)  # noqa: S704 because every text in it was escaped above


def _day(day: date | None) -> str:
    """As `short_date` writes it, ten times faster."""
    return f"{day.day:02}-{day.month:02}-{day.year}" if day else ""


def _cut(text: str) -> str:
    """A text that came cut says so: it is edited in the page of the initiative, never half of it here."""
    return text if len(text) <= EXCERPT else text[:EXCERPT] + _CUT


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
