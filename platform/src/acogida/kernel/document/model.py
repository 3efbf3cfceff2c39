"""The parts of a document. Each refuses, when made, what some paper could not show to somebody."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, ClassVar, Literal, get_args
from urllib.parse import urlsplit

from acogida.kernel.document.drawings import check_svg
from acogida.kernel.document.errors import DocumentError

LINK_SCHEMES = frozenset({"http", "https", "mailto", "tel"})


class State(StrEnum):
    """How firm a document is. Only a draft shows what is missing."""

    DRAFT = "draft"
    FROZEN = "frozen"
    APPROVED = "approved"


_MONTHS = (
    "enero",
    "febrero",
    "marzo",
    "abril",
    "mayo",
    "junio",
    "julio",
    "agosto",
    "septiembre",
    "octubre",
    "noviembre",
    "diciembre",
)
STATE_MARKS = {State.DRAFT: "Borrador", State.FROZEN: "Versión cerrada", State.APPROVED: "Versión aprobada"}
"""What the foot of every page says of the state."""


@dataclass(frozen=True, slots=True)
class Text:
    """A run of plain text. A line feed inside it is a line break; `link` is an address or `#anchor`."""

    type: ClassVar[str] = "text"

    text: str
    bold: bool = False
    italic: bool = False
    link: str = ""

    def __post_init__(self) -> None:
        if self.link:
            _check_link(self.link)


@dataclass(frozen=True, slots=True)
class Footnote:
    """A note called at this point and printed at the foot of the page: usually a source."""

    type: ClassVar[str] = "footnote"

    text: str
    link: str = ""

    def __post_init__(self) -> None:
        if self.link:
            _check_link(self.link)


Run = Text | Footnote
Runs = tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Heading:
    """A title inside the document. `number` is what is printed before it («2.1», «Anexo A»), maybe
    nothing."""

    type: ClassVar[str] = "heading"

    level: int
    text: str
    number: str = ""
    anchor: str = ""

    def __post_init__(self) -> None:
        if not 1 <= self.level <= 4:
            raise DocumentError(f"heading level {self.level} is not between 1 and 4")
        if not self.text.strip():
            raise DocumentError("a heading needs text")

    @property
    def label(self) -> str:
        """Number and text as one line, as the table of contents of a plain reader would say it."""
        if not self.number:
            return self.text
        return f"{self.number}. {self.text}" if self.number.startswith("Anexo") else f"{self.number} {self.text}"


@dataclass(frozen=True, slots=True)
class Paragraph:
    type: ClassVar[str] = "paragraph"
    runs: Runs


@dataclass(frozen=True, slots=True)
class ListItem:
    """A line of a list, with at most one level of lines under it."""

    type: ClassVar[str] = "item"

    runs: Runs
    children: tuple["ListItem", ...] = ()

    def __post_init__(self) -> None:
        if any(child.children for child in self.children):
            raise DocumentError("lists go one level deep; use headings for more")


@dataclass(frozen=True, slots=True)
class BulletList:
    type: ClassVar[str] = "bullets"
    items: tuple[ListItem, ...]


@dataclass(frozen=True, slots=True)
class NumberedList:
    type: ClassVar[str] = "numbers"
    items: tuple[ListItem, ...]


Flow = Paragraph | BulletList | NumberedList
"""What fits in a cell or a note."""


@dataclass(frozen=True, slots=True)
class Cell:
    type: ClassVar[str] = "cell"
    blocks: tuple[Flow, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """A table with its caption. `weights` share the width among columns; `numeric` columns align to the
    right.

    `header_column` makes the first cell of each row its title; `total_row` sets the last row apart;
    `landscape` gives the table pages of their own, lying down.
    """

    type: ClassVar[str] = "table"

    caption: str
    head: tuple[Cell, ...]
    rows: tuple[tuple[Cell, ...], ...] = ()
    weights: tuple[float, ...] = ()
    numeric: tuple[int, ...] = ()
    header_column: bool = False
    total_row: bool = False
    landscape: bool = False
    source: str = ""
    number: int = 0
    anchor: str = ""

    def __post_init__(self) -> None:
        if not self.caption.strip():
            raise DocumentError("a table needs a caption that says what it holds")
        if not self.head:
            raise DocumentError(f"table «{self.caption}» has no column titles")
        for row in self.rows:
            if len(row) != len(self.head):
                raise DocumentError(
                    f"table «{self.caption}»: a row has {len(row)} cells, its head has {len(self.head)}"
                )
        if self.weights and (len(self.weights) != len(self.head) or min(self.weights) <= 0):
            raise DocumentError(f"table «{self.caption}»: one positive weight for each column, or none")

    @property
    def label(self) -> str:
        return f"Tabla {self.number}. {self.caption}" if self.number else self.caption


@dataclass(frozen=True, slots=True)
class Figure:
    """A drawing in SVG with the sentence that stands for it where it can't be seen, and its figures as a
    table."""

    type: ClassVar[str] = "figure"

    svg: str
    alt: str
    caption: str
    data: Table | None = None
    source: str = ""
    number: int = 0
    anchor: str = ""
    landscape: bool = False

    def __post_init__(self) -> None:
        if not self.alt.strip():
            raise DocumentError(f"figure «{self.caption}» has no text alternative")
        if not self.caption.strip():
            raise DocumentError("a figure needs a caption")
        check_svg(self.svg)

    @property
    def label(self) -> str:
        return f"Figura {self.number}. {self.caption}" if self.number else self.caption


@dataclass(frozen=True, slots=True)
class Drawing:
    """A drawing as `kernel.figures` makes it: the SVG, the words that stand for it and its figures as a
    table.

    In a template `{{ drawing }}` writes the SVG as it is: it was judged when made.
    """

    svg: str
    alt: str
    data: Table | None = None

    def __post_init__(self) -> None:
        check_svg(self.svg)

    def __html__(self) -> str:
        return self.svg


@dataclass(frozen=True, slots=True)
class Missing:
    """What this document still lacks, and the page where it is written. Printed only in drafts."""

    type: ClassVar[str] = "missing"

    text: str
    link: str = ""

    def __post_init__(self) -> None:
        if self.link:
            _check_link(self.link, local=True)


Tone = Literal["plain", "advice", "warning"]


@dataclass(frozen=True, slots=True)
class Note:
    """A framed aside. `tone` chooses its colour, never its meaning: the title says it in words."""

    type: ClassVar[str] = "note"

    title: str
    blocks: tuple[Flow, ...]
    tone: Tone = "plain"

    def __post_init__(self) -> None:
        if self.tone not in get_args(Tone):
            raise DocumentError(f"a note has no tone {self.tone!r}")


@dataclass(frozen=True, slots=True)
class Quote:
    """Somebody's words, with who said them as far as it may be told."""

    type: ClassVar[str] = "quote"

    runs: Runs
    source: str = ""


@dataclass(frozen=True, slots=True)
class Signature:
    """Room to sign by hand over a name and a cargo. Signatures in a row stand side by side."""

    type: ClassVar[str] = "signature"

    name: str
    cargo: str
    detail: str = ""
    line: bool = True


@dataclass(frozen=True, slots=True)
class Fact:
    type: ClassVar[str] = "fact"
    name: str
    runs: Runs


@dataclass(frozen=True, slots=True)
class KeyValues:
    """Short facts, each with its name: date, place, folio."""

    type: ClassVar[str] = "facts"

    items: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class PageBreak:
    """What follows begins on a new page."""

    type: ClassVar[str] = "page_break"


Block = (
    Heading
    | Paragraph
    | BulletList
    | NumberedList
    | Table
    | Figure
    | Missing
    | Note
    | Quote
    | Signature
    | KeyValues
    | PageBreak
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A whole document. `author` is the municipality; `notice` is printed on every page («Datos de
    demostración»)."""

    title: str
    author: str
    kind: str
    date: date
    subtitle: str = ""
    period: str = ""
    version: str = ""
    language: str = "es-CL"
    state: State = State.DRAFT
    notice: str = ""
    cover: bool = False
    toc: bool = False
    blocks: tuple[Block, ...] = ()

    def __post_init__(self) -> None:
        if not self.title.strip():
            raise DocumentError("a document needs a title")
        # All at once, for a long document has thousands; one by one only to name the culprit.
        texts = list(_strings(self))
        whole = "\n".join(texts)
        if whole != clean(whole):
            unfit = next((text for text in texts if text != clean(text)), whole)
            raise DocumentError(f"text that no paper can carry: {unfit[:60]!r}")
        _check_levels(self.blocks)
        _check_anchors(self.blocks)

    @property
    def visible(self) -> tuple[Block, ...]:
        """The blocks to print: what is missing appears only in drafts."""
        if self.state is State.DRAFT:
            return self.blocks
        return tuple(block for block in self.blocks if not isinstance(block, Missing))

    @property
    def headings(self) -> tuple[Heading, ...]:
        """The headings in order: the table of contents."""
        return tuple(block for block in self.blocks if isinstance(block, Heading))

    @property
    def missing(self) -> tuple[Missing, ...]:
        """What the document still lacks, whatever its state."""
        return tuple(block for block in self.blocks if isinstance(block, Missing))

    @property
    def day(self) -> str:
        """Its date as a Chilean act writes it: «23 de noviembre de 2026»."""
        return f"{self.date.day} de {_MONTHS[self.date.month - 1]} de {self.date.year}"

    @property
    def mark(self) -> str:
        """The state in words, as the foot of each page says it."""
        return STATE_MARKS[self.state]


@dataclass(frozen=True, slots=True)
class Stretch:
    """Blocks that share the way the sheet lies."""

    landscape: bool
    blocks: tuple[Block, ...]


def stretches(document: Document) -> tuple[Stretch, ...]:
    """This function will split the visible blocks by the way the sheet lies.

    A wide table takes along the headings right above it, and one paragraph between them, so that no title
    stays alone on an upright page.
    """
    blocks = document.visible
    lying = [isinstance(block, (Table, Figure)) and block.landscape for block in blocks]
    for at, wide in enumerate(tuple(lying)):
        if not wide:
            continue
        start = at
        if (
            start >= 2
            and isinstance(blocks[start - 1], (Paragraph, Missing))
            and isinstance(blocks[start - 2], Heading)
        ):
            start -= 1
        while start and isinstance(blocks[start - 1], Heading):
            start -= 1
        if isinstance(blocks[start], Heading):
            lying[start:at] = [True] * (at - start)

    found: list[Stretch] = []
    for block, wide in zip(blocks, lying, strict=True):
        if found and found[-1].landscape == wide:
            found[-1] = Stretch(wide, (*found[-1].blocks, block))
        else:
            found.append(Stretch(wide, (block,)))
    return tuple(found)


_UNFIT = re.compile(
    "[^\t\n\u0020-\u007e\u00a0-\ud7ff\ue000-\ufdcf\ufdf0-\ufffd\U00010000-\U0010fffd]"
    # Marks that turn the reading order around: a name could be made to read as another.
    "|[\u202a-\u202e\u2066-\u2069]"
    # Marks without ink that come with a paste: two equal words would not be equal.
    "|[\u00ad\u200b\u2060\ufeff]"
)


def clean(text: str) -> str:
    """This function will give `text` without what no paper can carry: control characters, lone surrogates,
    marks that reverse reading order or have no ink. Accents are composed, line ends are line feeds, tabs are spaces."""
    text = (
        text.replace("\r\n", "\n")
        .replace("\r", "\n")
        .replace("\t", " ")
        .replace("\u2028", "\n")
        .replace("\u2029", "\n")
    )
    return unicodedata.normalize("NFC", _UNFIT.sub("", text))


def slug(text: str) -> str:
    """This function will give an address-safe name: «Señal Única» → «senal-unica»."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")[:60].strip("-")


def _check_link(link: str, *, local: bool = False) -> None:
    if link.startswith("#") and link[1:]:
        return
    if local and link.startswith("/") and not link.startswith("//"):
        return
    if any(character.isspace() or character in '<>"\\^`{|}' for character in link):
        raise DocumentError(f"this is not an address: {link[:80]!r}")
    try:
        parts = urlsplit(link)
    except ValueError as broken:
        raise DocumentError(f"this is not an address: {link[:80]!r}") from broken
    if parts.scheme not in LINK_SCHEMES or not (parts.netloc or parts.path):
        raise DocumentError(f"a document does not link to {link[:80]!r}")


def _check_levels(blocks: Sequence[Block]) -> None:
    """Readers with a screen reader walk by headings: a skipped level is a hole in the path (PDF/UA-1,
    7.4.2)."""
    before = 0
    for block in blocks:
        if isinstance(block, Heading):
            if block.level > before + 1:
                raise DocumentError(f"heading «{block.text}» skips from level {before} to {block.level}")
            before = block.level


def _check_anchors(blocks: Sequence[Block]) -> None:
    seen: set[str] = set()
    for block in blocks:
        anchor = block.anchor if isinstance(block, (Heading, Table, Figure)) else ""
        if not anchor:
            continue
        if anchor in seen or anchor != slug(anchor):
            raise DocumentError(f"anchor {anchor!r} is repeated or is not address-safe")
        seen.add(anchor)


def _strings(value: Any) -> Iterator[str]:
    """Every text of a document except drawings, which `check_svg` judged already."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple):
        for entry in value:
            yield from _strings(entry)
    elif hasattr(value, "__slots__"):
        for name in value.__slots__:
            if name != "svg":
                yield from _strings(getattr(value, name))
