"""The PLADECO as a spreadsheet: brought in from XLSX or CSV, taken out as a model, and the proposal for its update.

A row is a lineamiento, an objective or a program with those it hangs from beside it; a cell left empty means «the same
as above». What the file holds is never run: formulas are read by their value and what people typed is written as text.
"""

import csv
import io
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from acogida.sdk import Rejected, spreadsheet
from acogida_pladeco.coverage import Coverage
from acogida_pladeco.model import Element, Pladeco
from acogida_pladeco.words import LEVELS, fold

MOST_BYTES = 5_000_000
_MOST_UNPACKED = 60_000_000
MOST_ROWS = 2000
_LONGEST = {"name": 400, "code": 20, "unit": 200, "description": 4000}

TITLES = {
    "line": "Lineamiento",
    "objective": "Objetivo",
    "program": "Programa",
    "description": "Descripción",
    "unit": "Unidad a cargo",
    "first_year": "Desde",
    "last_year": "Hasta",
}
_ALSO_CALLED = {
    "lineamiento estrategico": "line",
    "linea estrategica": "line",
    "area estrategica": "line",
    "eje": "line",
    "eje estrategico": "line",
    "objetivo estrategico": "objective",
    "objetivo especifico": "objective",
    "programa o proyecto": "program",
    "proyecto": "program",
    "iniciativa": "program",
    "detalle": "description",
    "unidad": "unit",
    "unidad responsable": "unit",
    "responsable": "unit",
    "ano inicio": "first_year",
    "inicio": "first_year",
    "ano termino": "last_year",
    "termino": "last_year",
}
_NUMBERED = re.compile(r"^\s*(\d{1,3}(?:\.\d{1,3}){0,4})\s*[.)\-–:]?\s+(\S.*)$", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Row:
    """One row: the way down to its element, each step as (level, (code, name)), and what is said of the last one."""

    place: int
    path: tuple[tuple[str, tuple[str, str]], ...]
    details: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Fault:
    """A cell that could not be understood. `place` is the row of the file, counted from one."""

    place: int
    column: str
    message: str


def read(content: bytes) -> tuple[list[Row], list[Fault]]:
    """This function will read the rows of a spreadsheet and every fault there is in them.

    Raises `Rejected`, with what to do, where the file is none, has no column of lineamientos, or is too large.
    """
    lines = _xlsx(content) if content[:4] == b"PK\x03\x04" else _csv(content)
    columns: dict[int, str] = {}
    rows: list[Row] = []
    faults: list[Fault] = []
    above: dict[str, str] = {}
    for place, cells in enumerate(lines, 1):
        if "line" not in columns.values():
            columns = _columns(cells)
            if place > 20:
                break
            continue
        texts = {columns[at]: text for at, value in enumerate(cells) if at in columns and (text := _text(value))}
        if texts:
            row = _row(place, texts, above, faults)
            rows.extend([row] if row else [])
        if len(rows) > MOST_ROWS:
            raise Rejected(f"La planilla trae más de {MOST_ROWS} filas. Divídala en partes.")
    if "line" not in columns.values():
        raise Rejected("No encontramos la columna «Lineamiento». Baje la planilla modelo y use sus títulos.")
    if not rows and not faults:
        raise Rejected("La planilla no trae filas con texto debajo de los títulos.")
    return rows, faults


def _row(place: int, texts: Mapping[str, str], above: dict[str, str], faults: list[Fault]) -> Row | None:
    levels = list(LEVELS)
    told = [level for level in levels if level in texts]
    if not told:
        faults.append(Fault(place, TITLES["line"], "Esta fila no dice de qué lineamiento, objetivo ni programa es."))
        return None
    # A lineamiento written anew closes what hung from the one above it.
    for level in levels[levels.index(told[0]) + 1 :]:
        above.pop(level, None)
    above.update({level: texts[level] for level in told})
    reach = levels[: levels.index(told[-1]) + 1]
    if gap := next((level for level in reach if level not in above), None):
        faults.append(Fault(place, TITLES[gap], f"Falta el {TITLES[gap].lower()} del que depende esta fila."))
        return None
    path = tuple((level, _numbered(above[level])) for level in reach)
    faults.extend(
        Fault(place, TITLES[level], f"Tiene {len(name)} caracteres y admite hasta {_LONGEST['name']}.")
        for level, (_, name) in path
        if level in told and len(name) > _LONGEST["name"]
    )
    details: dict[str, Any] = {}
    for name in ("description", "unit"):
        if len(texts.get(name, "")) > _LONGEST[name]:
            faults.append(Fault(place, TITLES[name], f"Admite hasta {_LONGEST[name]} caracteres."))
        details[name] = texts.get(name, "")
    for name in ("first_year", "last_year"):
        details[name] = _year(texts.get(name, ""))
        if texts.get(name) and details[name] is None:
            faults.append(Fault(place, TITLES[name], f"«{texts[name][:40]}» no es un año, como 2027."))
    if details["first_year"] and details["last_year"] and details["last_year"] < details["first_year"]:
        faults.append(Fault(place, TITLES["last_year"], "El último año es anterior al primero."))
    return Row(place, path, details)


def _numbered(text: str) -> tuple[str, str]:
    """«3.1 Salud intercultural» is the number 3.1 and its name."""
    found = _NUMBERED.match(text)
    return (found[1], " ".join(found[2].split())) if found else ("", " ".join(text.split()))


def _year(text: str) -> int | None:
    found = re.fullmatch(r"(\d{4})(?:-\d\d-\d\d)?|(?:\d\d?[-/]){2}(\d{4})", text)
    year = int(found[1] or found[2]) if found else 0
    return year if 1990 <= year <= 2100 else None


def _columns(titles: Sequence[object]) -> dict[int, str]:
    known = {**_ALSO_CALLED, **{fold(title): name for name, title in TITLES.items()}}
    found: dict[int, str] = {}
    for place, title in enumerate(titles):
        name = known.get(re.sub(r"^\W+|\W+$", "", fold(str(title or ""))))
        if name and name not in found.values():
            found[place] = name
    return found


def _text(value: object) -> str:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    text = "" if value is None else str(value)
    return "".join(letter for letter in text if letter == "\n" or ord(letter) >= 32).strip()


def _xlsx(content: bytes) -> Iterator[Sequence[object]]:
    """A zip that would grow without measure is refused before it is opened."""
    import openpyxl  # a seventh of a second, which no start should pay for a sheet that may never come

    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            if sum(item.file_size for item in packed.infolist()) > _MOST_UNPACKED:
                raise Rejected(
                    "La planilla es demasiado grande por dentro. Deje sólo la hoja del PLADECO, sin imágenes."
                )
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        sheet = book["PLADECO"] if "PLADECO" in book.sheetnames else book[book.sheetnames[0]]
        yield from sheet.iter_rows(values_only=True, max_col=40)
    except Rejected:
        raise
    except Exception:  # noqa: BLE001 because a broken file fails in as many ways as there are broken files
        raise Rejected(
            "No pudimos leer el archivo. Guárdelo de nuevo como «Libro de Excel (.xlsx)» o como CSV."
        ) from None


def _csv(content: bytes) -> Iterator[Sequence[str]]:
    """As Excel saves it in Chile: semicolons, and letters of Windows where it is not UTF-8."""
    if b"\0" in content[:4096]:
        raise Rejected("El archivo no es una planilla. Súbala como XLSX o CSV.")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", errors="replace")
    first = text.partition("\n")[0]
    mark = max(";\t,", key=first.count)
    try:
        yield from csv.reader(io.StringIO(text, newline=""), delimiter=mark)
    except csv.Error:
        raise Rejected("No pudimos leer el archivo CSV. Guárdelo de nuevo, o súbalo como XLSX.") from None


# --- Out -----------------------------------------------------------------------------------------

_WIDTHS = {"line": 34, "objective": 34, "program": 38, "description": 44, "unit": 24, "first_year": 10, "last_year": 10}


def model_sheet(plan: Pladeco, elements: Sequence[Element]) -> spreadsheet.Sheet:
    """This function will write a PLADECO as the spreadsheet that can be brought back."""
    by_id = {each.id: each for each in elements}
    rows: list[list[spreadsheet.Value]] = []
    for each in elements:
        names = dict.fromkeys(LEVELS, "")
        at: Element | None = each
        while at:
            names[at.level] = f"{at.code} {at.name}".strip()
            at = by_id.get(at.parent_id) if at.parent_id else None
        rows.append([*names.values(), each.description, each.unit, each.first_year, each.last_year])
    return spreadsheet.Sheet(
        "PLADECO",
        [spreadsheet.Column(title, width=_WIDTHS[name]) for name, title in TITLES.items()],
        rows,
        notes=(f"{plan.name}. Una fila por lineamiento, objetivo o programa; una celda vacía repite la de arriba.",),
    )


def proposal_sheets(plan: Pladeco, found: Coverage) -> list[spreadsheet.Sheet]:
    """This function will write what the municipality may take to the next update of its PLADECO."""
    column = spreadsheet.Column
    proposed = [
        [
            row.axis,
            row.name,
            row.description,
            row.target,
            row.unit,
            row.starts_on,
            row.ends_on,
            row.budget,
            found.proposed_line(row.id),
            found.proposal(row.id),
        ]
        for row in found.proposed_or_outside
    ]
    linked = [
        [element.title, LEVELS[element.level], row.name, found.contribution(row.id)]
        for element, row in found.linked_pairs
    ]
    return [
        spreadsheet.Sheet(
            "Propuesta",
            [
                column("Eje de la Política", width=24),
                column("Iniciativa", width=34),
                column("En qué consiste", width=44),
                column("Meta", width=30),
                column("Unidad", width=20),
                column("Inicio", "date", 12),
                column("Término", "date", 12),
                column("Presupuesto", "money", 16),
                column("Lineamiento donde cabría", width=34),
                column("Por qué incorporarla", width=44),
            ],
            proposed,
            heading=f"Propuesta para la actualización del {plan.name}",
            notes=(
                "Iniciativas de la Política Municipal de Migración que el PLADECO no recoge, o que se propone incorporar.",
            ),
        ),
        spreadsheet.Sheet(
            "Lo que ya aporta",
            [
                column("Parte del PLADECO", width=44),
                column("Nivel", width=14),
                column("Iniciativa", width=38),
                column("Cómo aporta", width=44),
            ],
            linked,
        ),
        spreadsheet.Sheet(
            "Lineamientos sin iniciativas",
            [column("Lineamiento", width=60)],
            [[line.element.title] for line in found.lines if not line.initiatives],
        ),
    ]
