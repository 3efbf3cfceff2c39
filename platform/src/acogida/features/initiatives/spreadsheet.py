"""The plan as a spreadsheet that comes back: written with xlsxwriter, read with openpyxl.

Every field is a column named as on the screen. «Código» and «Versión» let a row that went out find its initiative when
it returns; without them a row is a new initiative. Nothing of the file is ever run: formulas are read by their value.
"""

import io
import zipfile
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

import xlsxwriter

from acogida.features.initiatives.actions.sheets import MOST_ROWS, RowFault, RowInput
from acogida.features.initiatives.actions.writing import as_id, fold
from acogida.features.initiatives.forms import DIRECTNESS, FUNDING_STATES, EditInitiative
from acogida.features.initiatives.grid.matrix import YES_NO, Vocabulary, written
from acogida.features.initiatives.model import missing_of, state_of
from acogida.features.initiatives.store import PlannedInitiative
from acogida.kernel.errors import Rejected
from acogida.kernel.manifest import InitiativeColumn

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_BYTES = 5_000_000
_MOST_UNPACKED = 60_000_000
_CODE, _VERSION = "Código (no cambiar)", "Versión (no cambiar)"

FIELDS = (
    *("axis_id", "name", "description", "goal", "strategy", "actions", "target", "indicator", "expected_results"),
    *("beneficiaries", "budget", "funding_source", "funding_state", "needs_extra_funding", "unit", "responsible"),
    *("substitute", "actors", "alliances", "pmg_pladeco", "starts_on", "ends_on", "objective_id", "dimensions"),
    *("directness", "competence"),
)
LABELS = {name: EditInitiative.form_fields()[name].label for name in FIELDS}
_ALSO_CALLED = {
    "eje estratégico": "axis_id",
    "eje de trabajo": "axis_id",
    "iniciativa": "name",
    "nombre": "name",
    "descripción": "description",
    "en qué consiste": "description",
    "objetivo": "objective_id",
    "meta": "target",
    "monto": "budget",
    "fuente": "funding_source",
    "unidad": "unit",
    "responsable": "responsible",
    "fecha de inicio": "starts_on",
    "fecha de término": "ends_on",
}
_WIDTHS = {
    "name": 36,
    "description": 44,
    "actions": 44,
    "strategy": 34,
    "target": 34,
    "axis_id": 26,
    "objective_id": 34,
}
_CHOICES = {
    "funding_state": list(FUNDING_STATES.values()),
    "needs_extra_funding": list(YES_NO.values()),
    "directness": list(DIRECTNESS.values()),
}


def write(
    rows: Sequence[PlannedInitiative],
    words: Vocabulary,
    findings: Mapping[UUID, Sequence[str]],
    extra: Sequence[InitiativeColumn] = (),
) -> bytes:
    """This function will write the plan as a workbook: a row for each initiative, and a sheet that says how to fill it.

    `extra` are the columns of extensions: they go last and are not read when the file comes back.
    """
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    try:
        wrap = book.add_format({"text_wrap": True, "valign": "top"})
        head = book.add_format({"bold": True, "text_wrap": True, "bg_color": "#eaf2f9", "border": 1, "valign": "top"})
        grey = book.add_format({"text_wrap": True, "valign": "top", "font_color": "#4a5462"})
        money = book.add_format({"num_format": "#,##0", "valign": "top"})
        day = book.add_format({"num_format": "dd-mm-yyyy", "valign": "top", "align": "left"})

        sheet = book.add_worksheet("Iniciativas")
        titles = [*LABELS.values(), "Estado", "Hallazgos", _CODE, _VERSION, *(column.title for column in extra)]
        for place, title in enumerate(titles):
            sheet.write_string(0, place, title, head)
            sheet.set_column(place, place, _WIDTHS.get(FIELDS[place], 20) if place < len(FIELDS) else 18)
        for line, row in enumerate(rows, 1):
            for place, name in enumerate(FIELDS):
                value = getattr(row, name)
                if name == "budget" and value is not None:
                    sheet.write_number(line, place, value, money)
                elif isinstance(value, date):
                    sheet.write_datetime(line, place, datetime(value.year, value.month, value.day), day)
                else:
                    sheet.write_string(line, place, written(name, value, words), wrap)
            told = [state_of(missing_of(row)), "; ".join(findings.get(row.id, ())), str(row.id), str(row.version)]
            told += [column.values.get(row.id, "") for column in extra]
            for place, text in enumerate(told, len(FIELDS)):
                sheet.write_string(line, place, text, grey)
        sheet.freeze_panes(1, 2)
        sheet.autofilter(0, 0, max(len(rows), 1), len(titles) - 1)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0)
        _lists(book, sheet, words)
        _help(book)
    finally:
        book.close()
    return target.getvalue()


def _lists(book: xlsxwriter.Workbook, sheet: xlsxwriter.worksheet.Worksheet, words: Vocabulary) -> None:
    """Ejes and objectives on a sheet of their own, offered in their columns; a list in the cell itself holds 255 characters."""
    lists = book.add_worksheet("Listas")
    offered = {
        **_CHOICES,
        "axis_id": list(words.axis_names.values()),
        "objective_id": list(words.objective_names.values()),
    }
    for column, (name, values) in enumerate(offered.items()):
        lists.write_string(0, column, LABELS[name])
        lists.set_column(column, column, 40)
        for line, value in enumerate(values, 1):
            lists.write_string(line, column, value)
        if values:
            letter = chr(ord("A") + column)
            place = FIELDS.index(name)
            rule = {
                "validate": "list",
                "source": f"=Listas!${letter}$2:${letter}${len(values) + 1}",
                "error_type": "warning",
            }
            sheet.data_validation(1, place, MOST_ROWS, place, rule)


def _help(book: xlsxwriter.Workbook) -> None:
    page = book.add_worksheet("Cómo llenarla")
    page.set_column(0, 0, 110)
    for line, text in enumerate(
        (
            "Cada fila de la hoja «Iniciativas» es una iniciativa. Sólo el nombre es obligatorio.",
            "Para agregar una iniciativa, escriba en una fila nueva y deje vacíos el código y la versión.",
            "Para cambiar una que ya existe, edite su fila y no toque el código ni la versión.",
            "Borrar una fila no elimina la iniciativa: eso se hace en Acogida.",
            "El eje y el objetivo se eligen de su lista; las fechas se escriben como 31-12-2027; el presupuesto, en pesos enteros.",
            "En «Acciones» va una acción por línea (en la celda, Alt+Enter). Las dimensiones se separan con punto y coma.",
            "«Estado» y «Hallazgos» son informativas: no se leen al volver.",
            "Al subirla, Acogida revisa todas las filas. Si algo no se entiende, lo explica fila por fila y no cambia nada.",
        )
    ):
        page.write_string(line, 0, text)


def read(content: bytes) -> list[RowInput]:
    """This function will read the rows of a workbook, ours or anybody's with the same titles; empty rows are left out.

    Raises `Rejected` with what to do when it is no workbook, has no column of names, or is larger than it should.
    """
    sheet_rows = _cells(content)
    titles = next(sheet_rows, ())
    columns = _columns(titles)
    if "name" not in columns.values():
        raise Rejected(
            "No encontramos la columna «Nombre de la iniciativa» en la primera fila. Baje la planilla de Acogida y úsela como modelo."
        )
    found: list[RowInput] = []
    for place, cells in enumerate(sheet_rows, 2):
        texts = {columns[at]: text for at, value in enumerate(cells) if at in columns and (text := _text(value))}
        code, version = texts.pop("code", ""), texts.pop("version", "")
        if not texts:
            continue
        known = as_id(code)
        if known:  # a cell left empty in a row that went out was emptied on purpose
            texts = {**dict.fromkeys(set(columns.values()) - {"code", "version"}, ""), **texts}
        found.append(RowInput(place, texts, known, int(version) if version.isdigit() else None))
        if len(found) > MOST_ROWS:
            raise Rejected(f"La planilla trae más de {MOST_ROWS} filas. Divídala en partes.")
    return found


def repeated(inputs: Sequence[RowInput], names: Sequence[str]) -> list[RowFault]:
    """This function will find new rows whose name the plan, or an earlier row, already has."""
    seen = {fold(name) for name in names}
    faults = []
    for each in inputs:
        name = fold(each.texts.get("name", ""))
        if each.id is None and name and name in seen:
            faults.append(
                RowFault(
                    each.place,
                    "name",
                    "Ya hay una iniciativa con este nombre. Para cambiarla, baje la planilla y edite su fila.",
                )
            )
        seen.add(name)
    return faults


def _cells(content: bytes):
    """Rows of the first sheet, as values. A zip that would grow without measure is refused before it is opened."""
    unreadable = Rejected(
        "No pudimos leer la planilla: no es un archivo XLSX. En Excel o LibreOffice, guárdela como «Libro de Excel (.xlsx)»."
    )
    import openpyxl  # a seventh of a second, which no start should pay for a sheet that may never come

    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            if sum(item.file_size for item in packed.infolist()) > _MOST_UNPACKED:
                raise Rejected(
                    "La planilla es demasiado grande por dentro. Deje sólo la hoja de iniciativas, sin imágenes."
                )
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    except Rejected:
        raise
    except Exception:  # noqa: BLE001 because a broken file fails in as many ways as there are broken files
        raise unreadable from None
    name = "Iniciativas" if "Iniciativas" in book.sheetnames else book.sheetnames[0]
    return book[name].iter_rows(values_only=True, max_col=60)


def _columns(titles: Sequence[object]) -> dict[int, str]:
    """Which field each column holds; a title that we do not know is left aside."""
    known = {
        **_ALSO_CALLED,
        **{fold(label): name for name, label in LABELS.items()},
        fold(_CODE): "code",
        fold(_VERSION): "version",
    }
    found: dict[int, str] = {}
    for place, title in enumerate(titles):
        name = known.get(fold(str(title or "")).strip(" *:"))
        if name and name not in found.values():
            found[place] = name
    return found


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return YES_NO[value]
    if isinstance(value, datetime | date):
        return value.strftime("%Y-%m-%d")
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()
