"""The grid's own questions.

Two hundred initiatives are three thousand cells. Reading them one by one here, or asking for them through the mapper,
took longer than everything else of the page; so PostgreSQL writes the rows, asked in plain SQL. The wall keeps the
tenant as ever; the cycle has to be named.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Text, text

from acogida.features.initiatives.model import COMPLETE, DESIGN, LACKING, Initiative
from acogida.kernel.work import Work

EXCERPT = 320
"""Characters of a long text that the grid shows; the whole text is in the initiative's own page."""


@dataclass(frozen=True, slots=True)
class GridFilter:
    """What the grid is narrowed to; empty values narrow nothing. `without_axis` keeps those that have none."""

    axis_id: UUID | None = None
    without_axis: bool = False
    unit: str = ""
    dimension: str = ""
    words: str = ""
    incomplete: bool = False


class CardRow(NamedTuple):
    """One initiative as a card or a calendar shows it: long texts cut at `EXCERPT` characters."""

    id: UUID
    axis_id: UUID | None
    name: str
    description: str
    target: str
    budget: int | None
    funding_source: str
    unit: str
    alliances: str
    pmg_pladeco: str
    starts_on: date | None
    ends_on: date | None


class GridRows(NamedTuple):
    """The rows of the grid that one eje has (or that have none), as one text parted by the characters of `Mark`."""

    axis_id: UUID | None
    count: int
    incomplete: int
    budget: int
    units: list[str]
    text: str


class Mark(StrEnum):
    """Control characters that part the text of the rows; no form lets one in, so no person's text holds them.

    After each comes: the id of a row, its version, its id again, its name, its first cell, another cell. `CUT` ends a
    text that goes on elsewhere, `OBJECTIVE` comes before the id of one, `AXIS` stands for the name of the eje.
    """

    ROW, VERSION, LINK, NAME, CELLS, CELL, CUT, OBJECTIVE, AXIS = "\x1c\x1d\x1e\x1f\x1b\x1a\x19\x18\x17"

    @property
    def sql(self) -> str:
        return f"chr({ord(self)})"


def _lacking(fields: tuple[str, ...]) -> str:
    """Whether any of these fields is empty."""
    columns = Initiative.__table__.c
    return " or ".join(f"{name} = ''" if isinstance(columns[name].type, Text) else f"{name} is null" for name in fields)


def _cut(name: str) -> str:
    return f"left({name}, {EXCERPT}), case when length({name}) > {EXCERPT} then {Mark.CUT.sql} end"


_CELLS = (
    _cut("description"),
    _cut("strategy"),
    _cut("actions"),
    _cut("target"),
    "replace(to_char(budget, 'FM999,999,999,999,990'), ',', '.')",
    "funding_source",
    "unit",
    _cut("alliances"),
    _cut("pmg_pladeco"),
    "to_char(starts_on, 'DD-MM-YYYY')",
    "to_char(ends_on, 'DD-MM-YYYY')",
    f"{Mark.OBJECTIVE.sql}, objective_id",
    Mark.AXIS.sql,
    f"case when lacks = '' then '{COMPLETE}' else '{LACKING}' || lacks end",
)
"""The cells of a row after its name, in the order of `matrix.COLUMNS`, its state last."""

_DESIGN = ", ".join(f"case when {_lacking(fields)} then '{words}' end" for words, fields in DESIGN)
_NARROWED = f"""
    from core.initiative, lateral (select concat_ws(', ', {_DESIGN}) as lacks) as design
    where cycle_id = :cycle
    and (cast(:axis as uuid) is null or axis_id = :axis)
    and (not :without_axis or axis_id is null)
    and (:unit = '' or unit = :unit)
    and (:dimension = '' or :dimension = any(dimensions))
    and (not :incomplete or lacks <> '')
    and not exists (
        select from unnest(cast(:words as text[])) as word
        where position(core.fold(word) in core.fold(concat_ws(' ', name, description, goal, strategy, actions, target,
            unit, alliances, pmg_pladeco, funding_source))) = 0
    )
"""  # noqa: S608 because every name in it is ours
_CARDS = text(
    f"""
    select id, axis_id, name, left(description, {EXCERPT}), left(target, {EXCERPT}), budget, funding_source, unit,
        left(alliances, {EXCERPT}), left(pmg_pladeco, {EXCERPT}), starts_on, ends_on
    {_NARROWED}
    order by position, id
    """
)
_ROWS = text(
    f"""
    select axis_id, count(*), count(*) filter (where lacks <> ''), cast(coalesce(sum(budget), 0) as bigint),
        array_agg(distinct unit), string_agg(concat(
            {Mark.ROW.sql}, id, {Mark.VERSION.sql}, version, {Mark.LINK.sql}, id, {Mark.NAME.sql}, name,
            {Mark.CELLS.sql}, {f", {Mark.CELL.sql}, ".join(_CELLS)}
        ), '' order by position, id)
    {_NARROWED}
    group by axis_id
    """
)
_NAMES = text(
    """
    select kind, id, words from (
        select 'axis' as kind, id, name as words, position from core.axis where cycle_id = :cycle
        union all
        select 'objective', id, statement, position from core.objective where cycle_id = :cycle and kind = 'specific'
    ) as named
    order by position, id
    """
)


async def rows(work: Work, wanted: GridFilter) -> list[GridRows]:
    """The rows of the grid by eje, in their order within it. Words are found without accents or capitals."""
    return list(map(GridRows._make, await work.session.execute(_ROWS, _asked(work, wanted))))


async def cards(work: Work, wanted: GridFilter) -> list[CardRow]:
    """The initiatives to be shown as cards or on a calendar, by position within each eje."""
    return list(map(CardRow._make, await work.session.execute(_CARDS, _asked(work, wanted))))


async def names(work: Work) -> tuple[dict[UUID, str], dict[UUID, str]]:
    """The names of ejes and the statements of specific objectives, each in its order."""
    found = (await work.session.execute(_NAMES, {"cycle": work.tenant.cycle_id})).all()
    axes = {id_: words for kind, id_, words in found if kind == "axis"}
    return axes, {id_: words for kind, id_, words in found if kind == "objective"}


def _asked(work: Work, wanted: GridFilter) -> dict[str, Any]:
    return {
        "cycle": work.tenant.cycle_id,
        "axis": wanted.axis_id,
        "without_axis": wanted.without_axis,
        "unit": wanted.unit,
        "dimension": wanted.dimension,
        "incomplete": wanted.incomplete,
        "words": wanted.words.split()[:8],
    }
