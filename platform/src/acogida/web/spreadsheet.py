"""Spreadsheets out: a table with its titles, ready to be sorted and printed. What people typed is never a formula."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO
from typing import Literal

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

Value = str | int | float | date | bool | None
_MOST = 32_767
"""Characters that a cell holds."""


@dataclass(frozen=True, slots=True)
class Column:
    """Title of a column, how its values are written, and its width in characters. `group` is a title over several."""

    title: str
    kind: Literal["text", "date", "number", "money", "percent"] = "text"
    width: int = 20
    group: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet of the book. `heading` and `notes` stand over the table."""

    name: str
    columns: Sequence[Column]
    rows: Iterable[Sequence[Value]]
    heading: str = ""
    notes: Sequence[str] = ()


def workbook(sheets: Sequence[Sheet], *, title: str, made_at: datetime) -> bytes:
    """This function will write the sheets as an XLSX file; the same sheets at the same moment give the same bytes."""
    buffer = BytesIO()
    book = Workbook(buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"title": title, "author": "Acogida", "created": made_at.replace(tzinfo=None)})
    looks = _looks(book)
    for sheet in sheets:
        _write(book, sheet, looks)
    book.close()
    return buffer.getvalue()


_FORMATS = {"date": "dd-mm-yyyy", "money": "$#,##0", "number": "#,##0", "percent": '0" %"'}


def _looks(book: Workbook) -> dict[str, Format]:
    cell = {"text_wrap": True, "valign": "top", "border": 1, "border_color": "#d7dce2"}
    head = {
        "bold": True,
        "bg_color": "#e7f0f8",
        "font_color": "#0a3a66",
        "border_color": "#0a3a66",
        "valign": "vcenter",
    }
    return {
        "heading": book.add_format({"bold": True, "font_size": 14, "font_color": "#0a3a66"}),
        "note": book.add_format({"font_color": "#4a5462", "italic": True}),
        "head": book.add_format({**cell, **head}),
        "group": book.add_format({**cell, **head, "align": "center", "bg_color": "#0a3a66", "font_color": "#ffffff"}),
        "text": book.add_format(cell),
        **{kind: book.add_format({**cell, "num_format": written}) for kind, written in _FORMATS.items()},
    }


def _write(book: Workbook, sheet: Sheet, looks: dict[str, Format]) -> None:
    page = book.add_worksheet(sheet.name[:31])
    row = 0
    for words, look in ((sheet.heading, "heading"), *((note, "note") for note in sheet.notes)):
        if words:
            page.write_string(row, 0, words, looks[look])
            row += 1
    row += bool(row)
    row = _titles(page, sheet, looks, row)
    page.freeze_panes(row, 1)
    page.set_landscape()
    page.set_paper(9)
    page.fit_to_pages(1, 0)
    page.repeat_rows(row - 1)
    first = row
    for values in sheet.rows:
        for at, (column, value) in enumerate(zip(sheet.columns, values, strict=True)):
            _cell(page, row, at, column, value, looks)
        row += 1
    page.autofilter(first - 1, 0, max(first, row - 1), len(sheet.columns) - 1)


def _titles(page: Worksheet, sheet: Sheet, looks: dict[str, Format], row: int) -> int:
    if any(column.group for column in sheet.columns):
        start = 0
        while start < len(sheet.columns):
            group, end = sheet.columns[start].group, start
            while end + 1 < len(sheet.columns) and sheet.columns[end + 1].group == group:
                end += 1
            if end > start:
                page.merge_range(row, start, row, end, group, looks["group"])
            else:
                page.write_string(row, start, group, looks["group"])
            start = end + 1
        row += 1
    for at, column in enumerate(sheet.columns):
        page.set_column(at, at, column.width)
        page.write_string(row, at, column.title, looks["head"])
    return row + 1


def _cell(page: Worksheet, row: int, at: int, column: Column, value: Value, looks: dict[str, Format]) -> None:
    look = looks[column.kind]
    if value is None or value == "":
        page.write_blank(row, at, None, look)
    elif isinstance(value, bool):
        page.write_string(row, at, "Sí" if value else "No", look)
    elif isinstance(value, date):
        page.write_datetime(row, at, datetime(value.year, value.month, value.day), look)
    elif isinstance(value, int | float):
        page.write_number(row, at, value, look)
    else:
        page.write_string(row, at, value[:_MOST], look)
