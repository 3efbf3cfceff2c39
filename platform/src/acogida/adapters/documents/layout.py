"""What both papers need to know before drawing a document: widths, sizes, dates in words, breakable long
words.

It adds nothing to what is said and leaves nothing out. Lengths are in points (1/72 inch); the sheet is
carta, as Chilean offices print.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import ceil
from typing import Any

from acogida.kernel.document import (
    Cell,
    Document,
    Figure,
    Heading,
    Note,
    Quote,
    Table,
    block_lines,
    blocks_to_json,
    figure_data,
    stretches,
)

SHEET = (612.0, 792.0)
MARGIN, WIDE_MARGIN = 74.0, 52.0
"""At each side of an upright sheet, where text is 464 pt wide, and of one lying down."""

DATA_TITLE = "Datos de las figuras"

_POINTS_PER_UNIT = 0.645
"""A drawing 720 units wide fills the upright text; smaller ones keep their size."""


def room(*, landscape: bool) -> float:
    """This function will give the width left for text."""
    return SHEET[1] - 2 * WIDE_MARGIN if landscape else SHEET[0] - 2 * MARGIN


@dataclass(frozen=True, slots=True)
class Size:
    """How large a drawing is printed, in points."""

    width: float
    height: float


def figure_size(figure: Figure) -> Size:
    """This function will give the printed size of a drawing: its own, unless the sheet is smaller."""
    box = re.search(r'viewBox="([^"]+)"', figure.svg)
    if box is None:  # `check_svg` asked for it
        raise AssertionError("a drawing without viewBox entered a document")
    _, _, width, height = (float(number) for number in box[1].replace(",", " ").split())
    across = room(landscape=figure.landscape)
    tall = (SHEET[0] if figure.landscape else SHEET[1]) - 270
    scale = min(
        _POINTS_PER_UNIT if not figure.landscape else 1.0,
        across / max(width, 1),
        tall / max(height, 1),
    )
    return Size(round(width * scale, 2), round(height * scale, 2))


def type_size(table: Table) -> float:
    """This function will give the letter size of a table: many columns are set smaller, never under 8
    points."""
    columns = len(table.head)
    return 8.0 if columns > 7 else 8.8 if columns > 4 else 9.6


@dataclass(frozen=True, slots=True)
class Columns:
    """The width of each column in points. `roomy` when every word fits its column whole."""

    widths: tuple[float, ...]
    roomy: bool


def columns(table: Table) -> Columns:
    """This function will share the width among the columns: first room for the longest word of each, then
    as the weights ask or, without them, by how much each column says."""
    across = room(landscape=table.landscape)
    letter = type_size(table) * 0.56
    least, wanted = [], []
    for at in range(len(table.head)):
        texts = [_cell_text(row[at]) for row in (table.head, *table.rows)]
        longest_word = max((len(word) for text in texts for word in text.split()), default=1)
        typical = sum(len(text) for text in texts[1:]) / max(1, len(texts) - 1)
        least.append(min(longest_word, 28) * letter + 12)
        wanted.append(max(typical * letter + 12 - least[-1], 0.0) ** 0.75 + 4)
    needed = sum(least)
    if needed >= across:
        shares = table.weights or least
        return Columns(tuple(round(across * share / sum(shares), 1) for share in shares), False)
    if table.weights:
        asked = [across * weight / sum(table.weights) for weight in table.weights]
        wanted = [max(width - low, 0.0) for width, low in zip(asked, least, strict=True)]
    spare = (across - needed) / sum(wanted)
    return Columns(tuple(round(low + spare * more, 1) for low, more in zip(least, wanted, strict=True)), True)


def splits(row: Sequence[Cell], widths: Sequence[float], letter: float) -> bool:
    """This function will tell whether a row is so tall that it has to run over two sheets; `letter` is the size of
    the type in points."""
    return any(
        _line_count([line for block in cell.blocks for line in block_lines(block)], (width - 12) / (letter * 0.5)) > 18
        for cell, width in zip(row, widths, strict=True)
    )


def _line_count(texts: Sequence[str], letters_in_a_line: float) -> int:
    """About how many lines these paragraphs take."""
    return sum(ceil(max(len(line), 1) / letters_in_a_line) for text in texts for line in text.split("\n"))


def with_data_tables(document: Document) -> Document:
    """This function will add at the end the tables behind the figures: paper can't fold them under each
    one."""
    tables = figure_data(document)
    if not tables:
        return document
    title = Heading(1, DATA_TITLE, "", "datos-de-las-figuras-al-final")
    return replace(document, blocks=(*document.blocks, title, *tables))


def for_typst(document: Document) -> dict[str, Any]:
    """This function will give what the Typst template walks: the stored form of the visible blocks, with
    sizes."""
    document = with_data_tables(document)
    parts = stretches(document)
    anchors = {
        block.anchor
        for part in parts
        for block in part.blocks
        if isinstance(block, (Heading, Table, Figure)) and block.anchor
    }
    return {
        "title": document.title,
        "subtitle": document.subtitle,
        "author": document.author,
        "period": document.period,
        "version": document.version,
        "notice": document.notice,
        "mark": document.mark,
        "draft": document.state == "draft",
        "day": document.day,
        "lang": document.language.partition("-")[0],
        "region": document.language.partition("-")[2] or None,
        "cover": document.cover,
        "toc": document.toc,
        "sheet": {"width": SHEET[0], "height": SHEET[1], "margin": MARGIN, "wide_margin": WIDE_MARGIN},
        "stretches": [
            {
                "landscape": part.landscape,
                "blocks": [
                    _measured(block, data, anchors)
                    for block, data in zip(part.blocks, blocks_to_json(part.blocks), strict=True)
                ],
            }
            for part in parts
        ],
    }


def breakable(text: str) -> str:
    """This function will let very long words (addresses, codes) break, so that they stay on the sheet."""
    return _LONG_WORD.sub(lambda found: _BREAK_AFTER.sub("\\g<0>\u200b", found[0]), text.replace("@", "@\u200b"))


_LONG_WORD = re.compile(r"\S*://\S*|\S{28,}")
_BREAK_AFTER = re.compile(r"[/\-_.?&=,;:](?=\S)|\w{24}(?=\w)")


def _measured(block: Any, data: dict[str, Any], anchors: set[str]) -> dict[str, Any]:
    data = _fit(data, anchors)
    if isinstance(block, Figure):
        size = figure_size(block)
        data |= {"svg": block.svg, "width": size.width, "height": size.height, "label": block.label}
    if isinstance(block, (Note, Quote)):
        data["whole"] = _line_count(block_lines(block), 80) <= 14
    if isinstance(block, Table):
        shared = columns(block)
        data |= {
            "widths": shared.widths,
            "hyphenate": not shared.roomy,
            "splits": [splits(row, shared.widths, type_size(block)) for row in block.rows],
            "size": type_size(block),
            "label": block.label,
        }
    return data


def _fit(value: Any, anchors: set[str]) -> Any:
    """The same data with breakable words and without links to places that this document does not have."""
    if isinstance(value, list):
        return [_fit(entry, anchors) for entry in value]
    if isinstance(value, Mapping):
        return {
            name: content if name in _AS_THEY_ARE else _fit(content, anchors)
            for name, content in value.items()
            if not (name == "link" and str(content).startswith("#") and str(content)[1:] not in anchors)
        }
    return breakable(value) if isinstance(value, str) else value


_AS_THEY_ARE = frozenset({"link", "anchor", "type", "svg", "alt", "tone"})


def _cell_text(cell: Cell) -> str:
    return " ".join(line for block in cell.blocks for line in block_lines(block))
