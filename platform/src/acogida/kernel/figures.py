"""Drawings made on the server: bars, shares, the map of networks, rings and calendars, as plain SVG.

One SVG serves the page, the PDF and the Word file, so it carries presentation attributes only: no style, no
script, no identifier that two drawings of a page could share. Values are written beside what they measure,
never in a legend; a value that its source suppresses is shown as suppressed and never guessed. Colour
repeats what words or shapes already say.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from html import escape
from math import ceil, pi
from typing import Literal

from acogida.kernel.document import BulletList, Cell, Drawing, Table, clean, item, table, thousands

INK, SECONDARY, LINE, PAPER = "#1b2430", "#4a5462", "#d7dce2", "#ffffff"
BLUE, DARK_BLUE, TERRACOTTA, GREEN, AMBER = "#0f69b4", "#0a3a66", "#a4492d", "#2d717c", "#8a5a00"
TINT = "#eef2f6"

SUPPRESSED = "suprimido"

_FONT = "Source Sans Pro, Roboto, Arial, sans-serif"
_SHARES = (BLUE, TERRACOTTA, GREEN, AMBER, DARK_BLUE, SECONDARY)
_MONTHS = ("ene", "feb", "mar", "abr", "may", "jun", "jul", "ago", "sep", "oct", "nov", "dic")


@dataclass(frozen=True, slots=True)
class Bar:
    """One row of a bar chart. `value` None means that its source suppresses it; `note` is written after
    it."""

    label: str
    value: float | None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Period:
    """One row of a calendar. Rows with the same `group` in a run stand under that title."""

    label: str
    start: date | None
    end: date | None
    group: str = ""
    done: bool = False


@dataclass(frozen=True, slots=True)
class Quarter:
    """A quarter and what happened in it."""

    label: str
    state: Literal["done", "due", "late", "ahead"]
    note: str = ""


# --- Drawings ------------------------------------------------------------------------------------


def bar_chart(rows: Sequence[Bar | tuple[str, float | None, str]], title: str, unit: str = "") -> Drawing:
    """This function will draw horizontal bars with their values beside them, in the order given."""
    bars = [row if isinstance(row, Bar) else Bar(*row) for row in rows]
    top = max((bar.value for bar in bars if bar.value is not None), default=0) or 1
    width, label_width, size = 720.0, 200.0, 15.0
    value_texts = [_value_text(bar, unit if at == 0 else "") for at, bar in enumerate(bars)]
    room = max((_width(text, size) for text in value_texts), default=0) + 12
    longest = max(120.0, width - label_width - room)

    sheet = _Sheet(width)
    y = 4.0
    for bar, text in zip(bars, value_texts, strict=True):
        lines = _wrap(bar.label, label_width - 12, size)
        height = max(26.0, len(lines) * 18 + 4)
        middle = y + height / 2
        sheet.lines(label_width - 10, middle, lines, size=size, anchor="end", fill=INK)
        if bar.value is None:
            sheet.rect(label_width, middle - 9, 26, 18, fill=PAPER, stroke=SECONDARY, dash="3 3")
            sheet.text(label_width + 34, middle, text, size=size, fill=SECONDARY, italic=True)
        else:
            length = max(1.5 if bar.value else 0.0, longest * max(bar.value, 0) / top)
            sheet.rect(label_width, middle - 9, length, 18, fill=BLUE, radius=2)
            sheet.text(label_width + length + 8, middle, text, size=size, fill=INK)
        y += height + 6
    sheet.line(label_width, 0, label_width, y, stroke=SECONDARY)

    alt = f"Gráfico de barras. {_ended(title)} " + _listed([f"{bar.label}: {_said(bar, unit)}" for bar in bars])
    data = table(
        title,
        ["Categoría", unit.capitalize() if unit else "Valor", *(["Nota"] if _any_note(bars) else [])],
        [
            [
                bar.label,
                SUPPRESSED if bar.value is None else bar.value,
                *([bar.note] if _any_note(bars) else []),
            ]
            for bar in bars
        ],
        numeric=[1],
        header_column=True,
    )
    return sheet.drawing(y, title, alt, data if bars else None)


def share_bar(parts: Sequence[tuple[str, float]], title: str, unit: str = "") -> Drawing:
    """This function will draw one bar shared by the parts of a whole, each named with its share beneath."""
    whole = sum(value for _, value in parts) or 1
    width, size = 720.0, 15.0
    sheet = _Sheet(width)
    x = 0.0
    for at, (_, value) in enumerate(parts):
        length = width * value / whole
        sheet.rect(x, 0, max(0.0, length - 2), 34, fill=_SHARES[at % len(_SHARES)])
        number = str(at + 1)
        if length > 24:
            sheet.text(x + length / 2 - 1, 17, number, size=size, fill=PAPER, anchor="middle", bold=True)
        x += length
    y = 48.0
    for at, (label, value) in enumerate(parts):
        share = f"{thousands(round(100 * value / whole, 1))} %"
        text = f"{label}: {share} ({thousands(value)}{f' {unit}' if unit else ''})"
        lines = _wrap(text, width - 36, size)
        sheet.rect(0, y + 1, 22, 20, fill=_SHARES[at % len(_SHARES)])
        sheet.text(11, y + 11, str(at + 1), size=13, fill=PAPER, anchor="middle", bold=True)
        sheet.lines(32, y + 11 + (len(lines) - 1) * 9, lines, size=size, fill=INK)
        y += max(28.0, len(lines) * 18 + 10)
    rows = [(label, value, f"{thousands(round(100 * value / whole, 1))} %") for label, value in parts]
    alt = f"Barra de proporciones. {_ended(title)} " + _listed([f"{label}: {share}" for label, _, share in rows])
    data = table(title, ["Parte", unit.capitalize() or "Valor", "Proporción"], rows, numeric=[1, 2], header_column=True)
    return sheet.drawing(y, title, alt, data if parts else None)


def network_map(centre: str, groups: Sequence[tuple[str, Sequence[str]]], title: str = "Mapa de redes") -> Drawing:
    """This function will draw the map of networks (guide, stage 2.1): the office in the middle, a node for
    each group around it and its organisations as leaves. Names wrap; some forty organisations stay legible on a page."""
    sheet = _Sheet(1000.0)
    sides = _two_sides([_Branch.of(name, leaves) for name, leaves in groups])
    heights = [sum(branch.height for branch in side) + 22 * max(0, len(side) - 1) for side in sides]
    height = max(*heights, 120.0)
    middle = height / 2

    for right, side, used in zip((True, False), sides, heights, strict=True):
        top = (height - used) / 2
        for branch in side:
            branch.draw(sheet, top, middle, right=right)
            top += branch.height + 22

    lines = _wrap(centre, 122, 18)
    tall = max(74.0, len(lines) * 22 + 28)
    sheet.rect(430, middle - tall / 2, 140, tall, fill=DARK_BLUE, radius=12)
    sheet.lines(500, middle, lines, size=18, fill=PAPER, anchor="middle", bold=True)

    parts = [f"{name} ({', '.join(leaves) if leaves else 'sin organizaciones registradas'})" for name, leaves in groups]
    alt = f"{_ended(title)} Al centro, {centre}. Se vincula con " + _ended("; ".join(parts))
    rows = [
        (name, Cell((BulletList(tuple(map(item, leaves))),)) if leaves else "Sin organizaciones registradas")
        for name, leaves in groups
    ]
    data = table(title, ["Grupo", "Organizaciones"], rows, header_column=True, weights=[2, 3])
    return sheet.drawing(height, title, alt, data if rows else None)


def ring(met: int, total: int, what: str = "requisitos") -> Drawing:
    """This function will draw a small ring with how many of all are met. Full turns green and gets a tick."""
    size, radius = 72.0, 30.0
    around = 2 * pi * radius
    share = min(1.0, met / total) if total else 0.0
    full = total > 0 and met >= total
    sheet = _Sheet(size)
    sheet.circle(36, 36, radius, stroke=LINE, width=8)
    if share:
        sheet.circle(
            36,
            36,
            radius,
            stroke=GREEN if full else BLUE,
            width=8,
            dash=f"{_n(around * share)} {_n(around)}",
            turn=-90,
        )
    text = f"{met}/{total}" if total else "—"
    letter = min(18.0, 46 * 18 / max(_width(text, 18), 1))
    sheet.text(36, 30 if full else 36, text, size=letter, anchor="middle", bold=True)
    if full:
        sheet.path("M29 45 l5 5 l9 -10", stroke=GREEN, width=3)
    said = f"{met} de {total} {what}" if total else f"Sin {what}"
    return sheet.drawing(size, said, _ended(said), None)


def gantt(rows: Sequence[Period], years: tuple[int, int], title: str = "Calendario") -> Drawing:
    """This function will draw periods over quarters, from the first year to the last, both included.

    Some 25 rows fit a page lying down: draw one calendar for each eje when there are more.
    """
    first, last = years
    width, left, size = 1000.0, 300.0, 16.0
    quarter = (width - left) / ((last - first + 1) * 4)
    start_of, days = date(first, 1, 1), (date(last + 1, 1, 1) - date(first, 1, 1)).days
    sheet = _Sheet(width)

    def across(day: date) -> float:
        return left + (width - left) * min(max((day - start_of).days, 0), days) / days

    y = 50.0
    marks: list[tuple[float, float, Period]] = []
    group = ""
    for row in rows:
        if row.group and row.group != group:
            group = row.group
            lines = _wrap(group, width - 20, size)
            tall = len(lines) * 20 + 10
            sheet.rect(0, y, width, tall, fill=TINT)
            sheet.lines(8, y + tall / 2, lines, size=size, bold=True)
            y += tall + 4
        lines = _wrap(row.label, left - 18, size)
        tall = max(28.0, len(lines) * 19 + 8)
        sheet.lines(0, y + tall / 2, lines, size=size)
        marks.append((y, tall, row))
        y += tall
        sheet.line(0, y, width, y, stroke=LINE)

    for year in range(first, last + 1):
        x = left + (year - first) * 4 * quarter
        sheet.text(x + 2 * quarter, 14, str(year), size=size, anchor="middle", bold=True)
        for number in range(4):
            edge = x + number * quarter
            sheet.line(edge, 28 if number else 0, edge, y, stroke=SECONDARY if number == 0 else LINE)
            if quarter >= 24:
                sheet.text(edge + quarter / 2, 38, f"T{number + 1}", size=13, anchor="middle", fill=SECONDARY)
    sheet.line(0, 50, width, 50, stroke=SECONDARY)

    for top, tall, row in marks:
        middle = top + tall / 2
        if row.start is None or row.end is None:
            sheet.text(left + 8, middle, "sin fechas", size=14, fill=SECONDARY, italic=True)
            continue
        begin, end = across(row.start), max(across(row.end), across(row.start) + 4)
        sheet.rect(begin, middle - 9, end - begin, 18, fill=GREEN if row.done else BLUE, radius=3)
        text = _span(row) + (" · cumplida" if row.done else "")
        taken = _width(text, 13) + 10
        if end - begin > taken:
            sheet.text(begin + 6, middle, text, size=13, fill=PAPER)
        elif end + taken < width:
            sheet.text(end + 6, middle, text, size=13)
        else:
            sheet.text(begin - 6, middle, text, size=13, anchor="end")

    facts = [(row.label, _span(row) if row.start and row.end else "sin fechas", row.group) for row in rows]
    alt = f"{_ended(title)} De {first} a {last}. " + _listed([f"{label}: {span}" for label, span, _ in facts])
    grouped = any(row.group for row in rows)
    head = ["Actividad", "Período", *(["Grupo"] if grouped else [])]
    data = table(title, head, [fact if grouped else fact[:2] for fact in facts], header_column=True)
    return sheet.drawing(y + 1, title, alt, data if rows else None)


_QUARTER_LOOKS = {
    "done": (GREEN, PAPER, "Realizada"),
    "due": (AMBER, PAPER, "Por vencer"),
    "late": (PAPER, TERRACOTTA, "No realizada"),
    "ahead": (PAPER, SECONDARY, "Por venir"),
}


def quarter_line(quarters: Sequence[Quarter], title: str) -> Drawing:
    """This function will draw quarters in a row, each with its state in words: silence is shown too."""
    across = min(4, max(1, len(quarters)))
    width, size, tall = 720.0, 15.0, 74.0
    box = (width - 10 * (across - 1)) / across
    sheet = _Sheet(width)
    for at, quarter in enumerate(quarters):
        x, y = (at % across) * (box + 10), (at // across) * (tall + 10)
        fill, ink, word = _QUARTER_LOOKS[quarter.state]
        stroke = fill if fill != PAPER else ink
        dash = "" if quarter.state in ("done", "due") else "4 3"
        sheet.rect(x + 1, y + 1, box - 2, tall - 2, fill=fill, stroke=stroke, radius=6, dash=dash)
        lines = _wrap(quarter.note or word, box - 24, 14)[:2]
        sheet.text(x + 12, y + 18, quarter.label, size=size, fill=ink, bold=True)
        sheet.lines(x + 12, y + 46, lines, size=14, fill=ink)
    said = [(quarter.label, _QUARTER_LOOKS[quarter.state][2], quarter.note) for quarter in quarters]
    alt = f"{_ended(title)} " + _listed([f"{label}: {note or word}" for label, word, note in said])
    data = table(title, ["Trimestre", "Estado", "Nota"], said, header_column=True) if said else None
    return sheet.drawing(ceil(len(quarters) / across) * (tall + 10), title, alt, data)


# --- The map of networks -------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Branch:
    """A group with its leaves, wrapped and measured."""

    name: tuple[str, ...]
    leaves: tuple[tuple[str, ...], ...]
    empty: bool
    height: float

    @classmethod
    def of(cls, name: str, leaves: Sequence[str]) -> "_Branch":
        titles = tuple(_wrap(name, 138, 17))
        wrapped = tuple(tuple(_wrap(leaf, 206, 17)) for leaf in leaves or ["sin organizaciones registradas"])
        tall = sum(_leaf_height(lines) for lines in wrapped)
        return cls(titles, wrapped, not leaves, max(tall, len(titles) * 20 + 24.0))

    def draw(self, sheet: "_Sheet", top: float, centre: float, *, right: bool) -> None:
        """Draws group and leaves, mirrored on the left. `centre` is the height of the middle node."""
        side = 1 if right else -1
        middle = top + self.height / 2
        tall = len(self.name) * 20 + 20
        near, far, leaf_x = 500 + side * 104, 500 + side * 258, 500 + side * 282
        sheet.path(f"M{500 + side * 70} {_n(centre)} L{near} {_n(middle)}", stroke=SECONDARY, width=2)
        y = top + (self.height - sum(_leaf_height(lines) for lines in self.leaves)) / 2
        for lines in self.leaves:
            height = _leaf_height(lines)
            at = y + height / 2
            sheet.path(f"M{far} {_n(middle)} L{leaf_x - side * 8} {_n(at)}", stroke=LINE, width=1.5)
            sheet.disc(leaf_x - side * 6, at, 3.5, fill=LINE if self.empty else TERRACOTTA)
            sheet.lines(
                leaf_x + side * 4,
                at,
                lines,
                size=17,
                anchor="start" if right else "end",
                fill=SECONDARY if self.empty else INK,
                italic=self.empty,
            )
            y += height
        sheet.rect(min(near, far), middle - tall / 2, 154, tall, fill=TINT, stroke=BLUE, radius=8)
        sheet.lines((near + far) / 2, middle, self.name, size=17, anchor="middle", fill=DARK_BLUE, bold=True)


def _leaf_height(lines: Sequence[str]) -> float:
    return len(lines) * 20 + 9.0


def _two_sides(branches: Sequence[_Branch]) -> tuple[list[_Branch], list[_Branch]]:
    """Right side from the top, then left side from the bottom: read clockwise, and as even as the order
    allows."""
    total = sum(branch.height for branch in branches)
    best = min(range(len(branches) + 1), key=lambda cut: abs(total - 2 * sum(b.height for b in branches[:cut])))
    return list(branches[:best]), list(reversed(branches[best:]))


# --- Words ---------------------------------------------------------------------------------------


def _any_note(bars: Sequence[Bar]) -> bool:
    return any(bar.note for bar in bars)


def _said(bar: Bar, unit: str) -> str:
    value = SUPPRESSED if bar.value is None else " ".join(filter(None, (thousands(bar.value), unit)))
    return f"{value} ({bar.note})" if bar.note else value


def _value_text(bar: Bar, unit: str) -> str:
    value = SUPPRESSED if bar.value is None else " ".join(filter(None, (thousands(bar.value), unit)))
    return f"{value} · {bar.note}" if bar.note else value


def _span(row: Period) -> str:
    if row.start is None or row.end is None:
        return ""
    begin, end = (f"{_MONTHS[day.month - 1]} {day.year}" for day in (row.start, row.end))
    return begin if begin == end else f"{begin} – {end}"


def _ended(text: str) -> str:
    return text if text.endswith((".", "!", "?")) else f"{text}."


def _listed(parts: Sequence[str]) -> str:
    shown = "; ".join(parts[:12])
    more = f"; y {len(parts) - 12} más, en la tabla de datos" if len(parts) > 12 else ""
    return _ended(shown + more) if parts else "Sin datos."


# --- Ink -----------------------------------------------------------------------------------------

_NARROW, _WIDE = frozenset("iljtfrI.,:;'|!()[]-·/ "), frozenset("mwMW%@—")


def _width(text: str, size: float) -> float:
    """About how wide `text` is, in the units of the drawing. Errs on the wide side, so nothing runs over."""
    ems = sum(0.32 if c in _NARROW else 0.86 if c in _WIDE else 0.62 if c.isupper() else 0.52 for c in text)
    return ems * size


def _wrap(text: str, width: float, size: float) -> list[str]:
    """`text` in lines no wider than `width`; a word that is wider by itself is cut."""
    lines: list[str] = []
    for word in _pieces(clean(text).split(), width, size):
        if lines and _width(f"{lines[-1]} {word}", size) <= width:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines or [""]


def _pieces(words: Sequence[str], width: float, size: float) -> Iterator[str]:
    for word in words:
        while _width(word, size) > width and len(word) > 4:
            cut = max(3, next(n for n in range(len(word), 0, -1) if _width(word[:n], size) <= width or n <= 3))
            yield word[:cut]
            word = word[cut:]
        yield word


def _n(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")


class _Sheet:
    """Collects marks and closes them as one SVG."""

    def __init__(self, width: float) -> None:
        self._width = width
        self._marks: list[str] = []

    def rect(
        self,
        x: float,
        y: float,
        width: float,
        height: float,
        *,
        fill: str,
        stroke: str = "",
        radius: float = 0,
        dash: str = "",
    ) -> None:
        extra = f' stroke="{stroke}" stroke-width="1.5"' if stroke else ""
        extra += f' stroke-dasharray="{dash}"' if dash else ""
        extra += f' rx="{_n(radius)}"' if radius else ""
        self._marks.append(
            f'<rect x="{_n(x)}" y="{_n(y)}" width="{_n(width)}" height="{_n(height)}" fill="{fill}"{extra}/>'
        )

    def line(self, x1: float, y1: float, x2: float, y2: float, *, stroke: str) -> None:
        self._marks.append(
            f'<line x1="{_n(x1)}" y1="{_n(y1)}" x2="{_n(x2)}" y2="{_n(y2)}" stroke="{stroke}" stroke-width="1"/>'
        )

    def path(self, d: str, *, stroke: str, width: float) -> None:
        self._marks.append(f'<path d="{d}" fill="none" stroke="{stroke}" stroke-width="{_n(width)}"/>')

    def disc(self, x: float, y: float, radius: float, *, fill: str) -> None:
        self._marks.append(f'<circle cx="{_n(x)}" cy="{_n(y)}" r="{_n(radius)}" fill="{fill}"/>')

    def circle(
        self, x: float, y: float, radius: float, *, stroke: str, width: float, dash: str = "", turn: float = 0
    ) -> None:
        extra = f' stroke-dasharray="{dash}"' if dash else ""
        extra += f' transform="rotate({_n(turn)} {_n(x)} {_n(y)})"' if turn else ""
        self._marks.append(
            f'<circle cx="{_n(x)}" cy="{_n(y)}" r="{_n(radius)}" fill="none" stroke="{stroke}" '
            f'stroke-width="{_n(width)}"{extra}/>'
        )

    def text(
        self,
        x: float,
        middle: float,
        text: str,
        *,
        size: float,
        fill: str = INK,
        anchor: Literal["start", "middle", "end"] = "start",
        bold: bool = False,
        italic: bool = False,
    ) -> None:
        """Writes one line centred on the height `middle`. A third of an em stands in for
        `dominant-baseline`, which not every renderer reads."""
        extra = f' text-anchor="{anchor}"' if anchor != "start" else ""
        extra += ' font-weight="700"' if bold else ""
        extra += ' font-style="italic"' if italic else ""
        self._marks.append(
            f'<text x="{_n(x)}" y="{_n(middle + size * 0.34)}" font-size="{_n(size)}" fill="{fill}"{extra}>'
            f"{escape(clean(text))}</text>"
        )

    def lines(
        self,
        x: float,
        middle: float,
        lines: Sequence[str],
        *,
        size: float,
        fill: str = INK,
        anchor: Literal["start", "middle", "end"] = "start",
        bold: bool = False,
        italic: bool = False,
    ) -> None:
        step = size * 1.2
        top = middle - step * (len(lines) - 1) / 2
        for at, line in enumerate(lines):
            self.text(x, top + at * step, line, size=size, fill=fill, anchor=anchor, bold=bold, italic=italic)

    def drawing(self, height: float, title: str, alt: str, data: Table | None) -> Drawing:
        words = " ".join(clean(alt).split())
        svg = (
            f'<svg xmlns="http://www.w3.org/2000/svg" role="img" viewBox="0 0 {_n(self._width)} {_n(max(height, 1))}" '
            f'width="{_n(self._width)}" height="{_n(max(height, 1))}" font-family="{_FONT}">'
            f"<title>{escape(clean(title))}</title><desc>{escape(words)}</desc>{''.join(self._marks)}</svg>"
        )
        return Drawing(svg, words, data)
