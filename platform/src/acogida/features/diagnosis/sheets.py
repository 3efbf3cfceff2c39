"""The register of services as a spreadsheet: out, so that units fill it; and back, row by row or not at all.

What comes back is read by the same form as the screen, so each fault carries its row and the same Spanish words.
"""

import contextlib
import io
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import xlsxwriter

from acogida.features.communes.public import fold
from acogida.features.diagnosis.forms import EditService
from acogida.features.diagnosis.model import Service
from acogida.features.diagnosis.words import DIRECTNESS_SHORT
from acogida.features.methodology.model import Dimension
from acogida.web import forms

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LIMIT = 5_000_000
"""Bytes of a spreadsheet that comes back."""
_UNPACKED = 60_000_000
_MOST_ROWS = 2000
_MOST_FAULTS = 30

COLUMNS = {
    "unit": "Nombre del departamento u oficina municipal",
    "name": "Nombre de la iniciativa o servicio",
    "description": "Descripción",
    "protocol": "Protocolo de trabajo con población migrante",
    "responsible_name": "Persona responsable",
    "responsible_contact": "Contacto de la persona responsable",
    "directness": "Tipo (Explícito o Implícito)",
    "dimensions": "Dimensiones (números del 1 al 8)",
}
_ALSO = {
    "unit": ("unidad", "departamento", "oficina", "departamento u oficina"),
    "name": ("servicio", "iniciativa", "servicio o iniciativa", "nombre", "nombre de la iniciativa"),
    "description": ("descripcion de la iniciativa",),
    "protocol": ("protocolo", "protocolo de atencion"),
    "responsible_name": ("responsable", "nombre de la persona responsable", "nombre responsable"),
    "responsible_contact": ("contacto", "correo", "telefono", "contacto responsable"),
    "directness": ("tipo",),
    "dimensions": ("dimensiones", "dimension"),
}
_KNOWN = {fold(title): name for name, title in COLUMNS.items()} | {
    word: name for name, words in _ALSO.items() for word in words
}


class WrongSheet(ValueError):
    """What came can't be read as the register; each of `faults` is a Spanish sentence with its row."""

    def __init__(self, faults: Sequence[str]) -> None:
        self.faults = tuple(faults)
        super().__init__(" ".join(faults))


@dataclass(frozen=True, slots=True)
class SheetRow:
    """A row of the spreadsheet, with the number that the person sees at its left."""

    number: int
    cells: Mapping[str, str]


def workbook(rows: Iterable[Service], dimensions: Sequence[Dimension], commune: str) -> bytes:
    """This function will write the register as XLSX: units that have not answered come with their name and blank cells."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        book.set_properties({"title": f"Registro de servicios municipales de {commune}"})
        head = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bg_color": "#EAF2F9", "border": 1})
        body = book.add_format({"text_wrap": True, "valign": "top", "border": 1})
        sheet = book.add_worksheet("Servicios")
        for at, title in enumerate(COLUMNS.values()):
            sheet.write_string(0, at, title, head)
        last = 0
        for last, row in enumerate(rows, 1):
            for at, value in enumerate(_cells(row)):
                sheet.write_string(last, at, value, body)
        for at, width in enumerate((30, 34, 48, 40, 26, 28, 16, 20)):
            sheet.set_column(at, at, width)
        sheet.freeze_panes(1, 2)
        kind = list(COLUMNS).index("directness")
        sheet.data_validation(
            1, kind, max(last, 1) + 300, kind, {"validate": "list", "source": list(DIRECTNESS_SHORT.values())}
        )

        help_sheet = book.add_worksheet("Ayuda")
        help_sheet.set_column(0, 0, 100, body)
        for at, line in enumerate(_help(dimensions)):
            help_sheet.write_string(at, 0, line)
    return out.getvalue()


def _cells(row: Service) -> tuple[str, ...]:
    numbers = ", ".join(key.removeprefix("dim_") for key in row.dimensions)
    return (
        row.unit,
        row.name,
        row.description,
        row.protocol,
        row.responsible_name,
        row.responsible_contact,
        DIRECTNESS_SHORT[row.directness] if row.name else "",
        numbers,
    )


def _help(dimensions: Sequence[Dimension]) -> Iterator[str]:
    yield "Una fila por servicio o iniciativa. Si su unidad tiene varias, repita el nombre de la unidad."
    yield "Explícito: pensado para población migrante. Implícito: no fue pensado para ella, pero la atiende o la beneficia."
    yield "Escriba en Dimensiones los números que correspondan, separados por comas:"
    for dimension in dimensions:
        yield f"{dimension.number}. {dimension.title}"
    yield "No escriba datos de personas atendidas."


def read_workbook(content: bytes) -> list[SheetRow]:
    """This function will read the first sheet of an XLSX file; raises `WrongSheet` when it is not one or is too large."""
    import openpyxl  # a seventh of a second, which no start should pay for a sheet that may never come

    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            unpacked = sum(entry.file_size for entry in packed.infolist())
        if unpacked > _UNPACKED:
            raise WrongSheet(["La planilla es demasiado grande. Deje en ella sólo el registro de servicios."])
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        with contextlib.closing(book):
            values = book.worksheets[0].iter_rows(values_only=True)
            lines = [["" if value is None else str(value) for value in line] for line in values]
    except WrongSheet:
        raise
    except Exception as broken:
        raise WrongSheet(
            ["No pudimos leer el archivo: no es una planilla .xlsx. Descargue la planilla de esta página y úsela."]
        ) from broken
    return _rows(lines)


def read_pasted(text: str) -> list[SheetRow]:
    """This function will read rows copied from a spreadsheet: cells parted by tabs, the titles in the first line."""
    return _rows([_unquoted(line) for line in _logical_lines(text)])


def _logical_lines(text: str) -> list[str]:
    """A cell with line breaks comes between quotes: its lines are one row."""
    lines: list[str] = []
    for line in text.replace("\r\n", "\n").split("\n"):
        if lines and lines[-1].count('"') % 2:
            lines[-1] += f"\n{line}"
        else:
            lines.append(line)
    return lines


def _unquoted(line: str) -> list[str]:
    return [
        cell[1:-1].replace('""', '"') if len(cell) > 1 and cell[0] == cell[-1] == '"' else cell
        for cell in line.split("\t")
    ]


def _rows(lines: Sequence[Sequence[str]]) -> list[SheetRow]:
    head_at = next((at for at, line in enumerate(lines) if any(cell.strip() for cell in line)), None)
    if head_at is None:
        raise WrongSheet(["La planilla está vacía."])
    columns = {
        at: name
        for at, cell in enumerate(lines[head_at])
        if (name := _KNOWN.get(fold(cell.split("(")[0])) or _KNOWN.get(fold(cell)))
    }
    if missing := [COLUMNS[name] for name in ("unit", "name") if name not in columns.values()]:
        raise WrongSheet([f"La primera fila debe traer los títulos de las columnas. Falta: {'; '.join(missing)}."])
    rows = [
        SheetRow(at + 1, {name: line[column].strip() for column, name in columns.items() if column < len(line)})
        for at, line in enumerate(lines)
        if at > head_at and any(cell.strip() for cell in line)
    ]
    if not rows:
        raise WrongSheet(["La planilla no trae filas bajo los títulos."])
    if len(rows) > _MOST_ROWS:
        raise WrongSheet([f"La planilla trae {len(rows)} filas y se pueden traer hasta {_MOST_ROWS} de una vez."])
    return rows


def services_of(rows: Sequence[SheetRow], dimensions: Sequence[Dimension]) -> list[EditService]:
    """This function will hold each row to the rules of the form; raises `WrongSheet` with every fault, row by row."""
    found: list[EditService] = []
    faults: list[str] = []
    for row in rows:
        try:
            raw = {
                **{name: [text] for name, text in row.cells.items()},
                "directness": [_directness(row.cells.get("directness", ""))],
                "dimensions": _dimensions(row.cells.get("dimensions", ""), dimensions),
            }
        except ValueError as wrong:
            faults.append(f"Fila {row.number}: {wrong}")
            continue
        form = forms.read(EditService, raw)
        if form.ok:
            found.append(form.data)
        else:
            faults.extend(f"Fila {row.number}: {message}" for _, message in form.errors)
    if len(faults) > _MOST_FAULTS:
        more = len(faults) - _MOST_FAULTS
        faults = [
            *faults[:_MOST_FAULTS],
            f"Y {more} {'problema' if more == 1 else 'problemas'} más. Corrija primero estos.",
        ]
    if faults:
        raise WrongSheet(faults)
    return found


def _directness(written: str) -> str:
    by_word = {fold(label): value for value, label in DIRECTNESS_SHORT.items()}
    if not written.strip():
        return "explicit"
    try:
        return by_word[fold(written)]
    except KeyError:
        raise ValueError(f"en Tipo se escribe Explícito o Implícito, no «{written[:40]}».") from None


def _dimensions(written: str, dimensions: Sequence[Dimension]) -> list[str]:
    by_word = {
        word: dimension.key
        for dimension in dimensions
        for word in (str(dimension.number), fold(dimension.short), fold(dimension.title))
    }
    found: list[str] = []
    for part in written.replace(";", ",").split(","):
        word = fold(part.strip().removesuffix(".0").removeprefix("DIM-"))
        if not word:
            continue
        if word not in by_word:
            raise ValueError(f"no conocemos la dimensión «{part.strip()[:40]}»: escriba números del 1 al 8.")
        found.append(by_word[word])
    return list(dict.fromkeys(found))
