"""Writing a document from top to bottom, from what features have at hand."""

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from copy import copy
from dataclasses import replace
from datetime import date
from typing import Literal

from acogida.kernel.document.model import (
    Block,
    BulletList,
    Cell,
    Document,
    Drawing,
    Fact,
    Figure,
    Flow,
    Footnote,
    Heading,
    KeyValues,
    ListItem,
    Missing,
    Note,
    NumberedList,
    PageBreak,
    Paragraph,
    Quote,
    Run,
    Runs,
    Signature,
    State,
    Table,
    Text,
    clean,
    slug,
)

_BULLET = re.compile(r"^(\s*)[-*•–]\s+(\S.*)$")
_NUMBERED = re.compile(r"^(\s*)(\d{1,3})[.)]\s+(\S.*)$")
_NOTHING = ("", "")


def blocks_from_text(text: str) -> tuple[Flow, ...]:
    """This function will turn plain text typed in a form into paragraphs and lists.

    A blank line parts paragraphs; a single line feed stays a line break. Lines that begin with «- » become
    a list, and those that count «1. », «2. »… a numbered one; two spaces before the mark put a line under
    the one above.
    """
    found: list[Flow] = []
    lines: list[str] = []
    items: list[ListItem] = []
    ordered = False

    def close() -> None:
        if lines:
            found.append(Paragraph((Text("\n".join(lines)),)))
            lines.clear()
        if items:
            found.append(NumberedList(tuple(items)) if ordered else BulletList(tuple(items)))
            items.clear()

    for line in clean(text).split("\n"):
        bullet, number = _BULLET.match(line), _NUMBERED.match(line)
        indent = len((bullet or number or _NOTHING)[1])
        if not line.strip():
            # A blank line between two lines of one list does not part it.
            if not items:
                close()
        elif items and indent >= 2:
            entry = ListItem((Text(line.strip().split(maxsplit=1)[1]),))
            items[-1] = replace(items[-1], children=(*items[-1].children, entry))
        elif bullet:
            if lines or ordered:
                close()
            ordered = False
            items.append(ListItem((Text(bullet[2].strip()),)))
        elif number and int(number[2]) == (len(items) + 1 if ordered and items else 1):
            # Only what counts from one is a list: «3) …» alone keeps the number that was typed.
            if lines or not ordered:
                close()
            ordered = True
            items.append(ListItem((Text(number[3].strip()),)))
        else:
            if items:
                close()
            lines.append(line.strip())
    close()
    return tuple(found)


def thousands(value: float) -> str:
    """This function will write a number as Chile does: 1.234.567 and 3,5."""
    if isinstance(value, int) or value == int(value):
        return f"{int(value):,}".replace(",", ".")
    whole, _, part = f"{value:,.2f}".rstrip("0").partition(".")
    return f"{whole.replace(',', '.')},{part}"


Typed = str | Run | Sequence[str | Run]
"""Text as a feature has it at hand: a string, a run, or several of both."""

CellValue = Typed | Cell | float | None


def runs(value: Typed) -> Runs:
    """This function will give `value` as cleaned runs, without reading lists or paragraphs in it."""
    parts = (value,) if isinstance(value, (str, Text, Footnote)) else value
    made = (Text(clean(part)) if isinstance(part, str) else replace(part, text=clean(part.text)) for part in parts)
    return tuple(run for run in made if run.text)


def cell(value: CellValue) -> Cell:
    """This function will make a cell: strings may bring several paragraphs or lists, numbers are written as
    in Chile."""
    match value:
        case Cell():
            return value
        case None:
            return Cell()
        case int() | float():
            return Cell((Paragraph((Text(thousands(value)),)),))
        case str():
            return Cell(blocks_from_text(value))
        case _:
            made = runs(value)
            return Cell((Paragraph(made),)) if made else Cell()


class DocumentBuilder:
    """Writes a document from top to bottom, keeping count of chapters, annexes, tables and figures.

    Strings given here may come straight from a form: they are cleaned and never read as markup.
    """

    def __init__(
        self,
        title: str,
        *,
        author: str,
        kind: str,
        date: date,
        subtitle: str = "",
        period: str = "",
        version: str = "",
        state: State = State.DRAFT,
        notice: str = "",
        cover: bool = False,
        toc: bool = False,
        numbered: bool = True,
        language: str = "es-CL",
    ) -> None:
        self._document = Document(
            title=_line(title),
            author=_line(author),
            kind=kind,
            date=date,
            subtitle=_line(subtitle),
            period=_line(period),
            version=_line(version),
            state=state,
            notice=_line(notice),
            cover=cover,
            toc=toc,
            language=language,
        )
        self._numbered = numbered
        self._blocks: list[Block] = []
        self._counts = [0, 0, 0, 0]
        self._annexes = 0
        self._annex_list_at: int | None = None
        self._in_annexes = False
        self._tables = 0
        self._figures = 0
        self._anchors: set[str] = set()

    def h(self, level: int, text: str, *, numbered: bool | None = None) -> str:
        """This method will add a heading and give its anchor, for links like `#anchor`."""
        shown = self._numbered if numbered is None else numbered
        if level == 1:
            self._in_annexes = False
        return self._heading(level, text, self._next_number(level) if shown else "")

    def annex(self, text: str) -> str:
        """This method will begin an annex: «Anexo A», and A.1, A.2 for the headings under it."""
        self._annexes += 1
        self._in_annexes = True
        self._counts[1:] = [0, 0, 0]
        return self._heading(1, text, f"Anexo {self._annex_letter}")

    def annex_list(self) -> None:
        """This method will leave here the list of the annexes that the document will have when it is finished."""
        self._annex_list_at = len(self._blocks)

    def p(self, *parts: Typed) -> None:
        """This method will add text. One lone string may bring several paragraphs and lists; runs make one
        paragraph."""
        if len(parts) == 1 and isinstance(parts[0], str):
            self._blocks.extend(blocks_from_text(parts[0]))
            return
        made = tuple(run for part in parts for run in runs(part))
        if made:
            self._blocks.append(Paragraph(made))

    def p_or_missing(self, text: str | None, *, missing: str, link: str = "") -> None:
        """This method will add the text or, when there is none yet, the note of what is missing and where
        to write it."""
        if text and text.strip():
            self.p(text)
        else:
            self.missing(missing, link)

    def bullets(self, items: Iterable[Typed | ListItem]) -> None:
        """This method will add a list; use `item(…)` for lines with lines under them. An empty one adds
        nothing."""
        made = tuple(item(entry) for entry in items)
        if made:
            self._blocks.append(BulletList(made))

    def numbers(self, items: Iterable[Typed | ListItem]) -> None:
        """This method will add a numbered list. An empty one adds nothing."""
        made = tuple(item(entry) for entry in items)
        if made:
            self._blocks.append(NumberedList(made))

    def table(
        self,
        caption: str,
        head: Sequence[CellValue],
        rows: Iterable[Sequence[CellValue]],
        *,
        weights: Sequence[float] = (),
        numeric: Sequence[int] = (),
        header_column: bool = False,
        total_row: bool = False,
        landscape: bool = False,
        source: str = "",
        numbered: bool = True,
    ) -> str:
        """This method will add a table and give its anchor."""
        made = table(
            caption,
            head,
            rows,
            weights=weights,
            numeric=numeric,
            header_column=header_column,
            total_row=total_row,
            landscape=landscape,
            source=source,
        )
        if numbered:
            self._tables += 1
        anchor = self._anchor(f"tabla-{self._tables}" if numbered else caption)
        self._blocks.append(replace(made, number=self._tables if numbered else 0, anchor=anchor))
        return anchor

    def figure(
        self,
        drawing: Drawing | str,
        *,
        caption: str,
        alt: str = "",
        data: Table | None = None,
        source: str = "",
        landscape: bool = False,
        numbered: bool = True,
    ) -> str:
        """This method will add a drawing and give its anchor. Bare SVG needs `alt`; a `Drawing` brings its
        own words and table, which `alt` and `data` replace."""
        if isinstance(drawing, str):
            drawing = Drawing(drawing, "")
        if numbered:
            self._figures += 1
        anchor = self._anchor(f"figura-{self._figures}" if numbered else caption)
        self._blocks.append(
            Figure(
                svg=drawing.svg,
                alt=_line(alt) or drawing.alt,
                caption=_line(caption),
                data=data or drawing.data,
                source=_line(source),
                number=self._figures if numbered else 0,
                anchor=anchor,
                landscape=landscape,
            )
        )
        return anchor

    def missing(self, text: str, link: str = "") -> None:
        """This method will note what is not there yet, with the page where it is written."""
        self._blocks.append(Missing(_line(text), link))

    def note(self, title: str, text: str, *, tone: Literal["plain", "advice", "warning"] = "plain") -> None:
        """This method will add a framed aside."""
        self._blocks.append(Note(_line(title), blocks_from_text(text), tone))

    def quote(self, text: Typed, *, source: str = "") -> None:
        """This method will add somebody's words."""
        self._blocks.append(Quote(runs(text), _line(source)))

    def facts(self, items: Iterable[tuple[str, CellValue]]) -> None:
        """This method will add short facts by name; those without a value are left out."""
        made = tuple(Fact(_line(name), _flat(cell(value))) for name, value in items)
        made = tuple(fact for fact in made if fact.runs)
        if made:
            self._blocks.append(KeyValues(made))

    def signature(self, name: str, cargo: str, *, detail: str = "", line: bool = True) -> None:
        """This method will leave room for a signature by hand."""
        self._blocks.append(Signature(_line(name), _line(cargo), _line(detail), line))

    def page_break(self) -> None:
        """This method will make what follows begin on a new page."""
        self._blocks.append(PageBreak())

    def extend(self, blocks: Iterable[Block]) -> None:
        """This method will add blocks made elsewhere, as they are."""
        self._blocks.extend(blocks)

    @contextmanager
    def whole(self) -> Iterator["DocumentBuilder"]:
        """This method will lend a copy to be written on, kept only if all that is within it comes out well.

        Whoever goes on writing on the copy afterwards writes on nothing.
        """
        lent = copy(self)
        vars(lent).update({name: copy(value) for name, value in vars(self).items()})
        yield lent
        vars(self).update({name: copy(value) for name, value in vars(lent).items()})

    @property
    def blocks(self) -> tuple[Block, ...]:
        """What is written so far."""
        return tuple(self._blocks)

    def build(self) -> Document:
        """This method will give the finished document."""
        blocks = list(self._blocks)
        if self._annex_list_at is not None:
            titles = [each for each in blocks if isinstance(each, Heading) and each.number.startswith("Anexo ")]
            lines = tuple(ListItem((Text(f"{each.number}. {each.text}."),)) for each in titles)
            blocks[self._annex_list_at : self._annex_list_at] = [BulletList(lines)] if lines else []
        return replace(self._document, blocks=tuple(blocks))

    @property
    def _annex_letter(self) -> str:
        return chr(ord("A") + self._annexes - 1) if self._annexes <= 26 else str(self._annexes)

    def _next_number(self, level: int) -> str:
        self._counts[level - 1] += 1
        self._counts[level:] = [0] * (4 - level)
        counts = [str(count) for count in self._counts[:level]]
        if self._in_annexes:
            counts[0] = self._annex_letter
        return ".".join(counts)

    def _heading(self, level: int, text: str, number: str) -> str:
        anchor = self._anchor(text)
        self._blocks.append(Heading(level, _line(text), number, anchor))
        return anchor

    def _anchor(self, text: str) -> str:
        base = slug(text) or "parte"
        anchor, again = base, 2
        while anchor in self._anchors:
            anchor, again = f"{base[:56].strip('-')}-{again}", again + 1  # within what `slug` keeps
        self._anchors.add(anchor)
        return anchor


def item(value: Typed | ListItem, *children: Typed) -> ListItem:
    """This function will make a line of a list, with lines under it."""
    if isinstance(value, ListItem):
        return value
    return ListItem(runs(value), tuple(ListItem(runs(child)) for child in children))


def table(
    caption: str,
    head: Sequence[CellValue],
    rows: Iterable[Sequence[CellValue]],
    *,
    weights: Sequence[float] = (),
    numeric: Sequence[int] = (),
    header_column: bool = False,
    total_row: bool = False,
    landscape: bool = False,
    source: str = "",
) -> Table:
    """This function will make a table without a number: for `extend` or as the `data` of a figure."""
    return Table(
        caption=_line(caption),
        head=tuple(cell(value) for value in head),
        rows=tuple(tuple(cell(value) for value in row) for row in rows),
        weights=tuple(float(weight) for weight in weights),
        numeric=tuple(numeric),
        header_column=header_column,
        total_row=total_row,
        landscape=landscape,
        source=_line(source),
    )


def _line(text: str) -> str:
    return " ".join(clean(text).split())


def _flat(value: Cell) -> Runs:
    """One paragraph's runs out of a cell: what a fact can hold."""
    lines: list[Runs] = []
    for block in value.blocks:
        lines.extend([block.runs] if isinstance(block, Paragraph) else [entry.runs for entry in block.items])
    joined: list[Run] = []
    for at, line in enumerate(lines):
        joined.extend((Text("\n"), *line) if at else line)
    return tuple(joined)
