"""Many practices at once, from a spreadsheet (XLSX, CSV) or JSON: every fault of every row is told, and nothing is half done.

Columns are called as on the screen or as in the catalogue's own CSV. Nothing of a file is ever run: cells are read by their
value. A row with a code changes that practice on the desk; one without is a new draft.
"""

import csv
import io
import json
import unicodedata
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from acogida.features.practices.catalogue import strangers
from acogida.features.practices.content import LABELS, Content, Source
from acogida.features.practices.forms import EditPractice, sources_text, to_content
from acogida.features.practices.vocabulary import Taxonomy
from acogida.kernel.errors import Rejected
from acogida.web import forms

MOST_BYTES = 5_000_000
MOST_ROWS = 2000
_MOST_UNPACKED = 60_000_000
_ALSO = {"código": "code", "codigo": "code", "nombre de la práctica": "title", "comuna": "place", "fuente": "sources"}
_IGNORED = frozenset(
    {"edition", "url", "published_on", "reviewed_by", "approved_by", "category", "edición", "categoría"}
)
_LISTS = ("dimensions", "themes", "targets")


@dataclass(frozen=True, slots=True)
class RowFault:
    """What is wrong with a row: its number in the file, the column as the screen calls it, and why."""

    row: int
    column: str
    message: str


@dataclass(frozen=True, slots=True)
class Read:
    """What a file holds: (code or nothing, record) of each good row, and every fault of the others."""

    practices: tuple[tuple[str, Content], ...]
    faults: tuple[RowFault, ...]


def read(name: str, content: bytes, taxonomy: Taxonomy) -> Read:
    """This function will read a file by its name's ending. Raises `Rejected` where it can't be read as a table at all."""
    if len(content) > MOST_BYTES:
        raise Rejected(fields={"file": "El archivo pesa más de 5 MB: pártalo en dos."})
    ending = name.rpartition(".")[2].lower()
    rows = {"xlsx": _workbook, "csv": _separated, "json": _json}.get(ending)
    if rows is None:
        raise Rejected(fields={"file": "Suba un archivo XLSX, CSV o JSON."})
    found: list[tuple[str, Content]] = []
    faults: list[RowFault] = []
    seen: dict[str, int] = {}
    for place, cells in rows(content):
        if len(found) + len(faults) > MOST_ROWS:
            raise Rejected(
                fields={"file": f"Son más de {forms.thousands(MOST_ROWS)} filas: pártalo en varios archivos."}
            )
        code = str(cells.pop("code", "") or "").strip().upper()
        if code and code in seen:
            faults.append(RowFault(place, "Código", f"{code} ya está en la fila {seen[code]}."))
            continue
        seen[code] = place
        try:
            found.append((code, _practice(cells, taxonomy)))
        except Rejected as wrong:
            faults += [
                RowFault(place, LABELS.get(field, "Toda la fila"), message)
                for field, message in (wrong.fields or {"": wrong.message}).items()
            ]
    if not found and not faults:
        raise Rejected(fields={"file": "El archivo no tiene ninguna fila con datos."})
    return Read(tuple(found), tuple(faults))


def _practice(cells: Mapping[str, Any], taxonomy: Taxonomy) -> Content:
    """A row held to the same rules as the form. Values of lists may be written by their key or by their words."""
    raw: dict[str, list[str]] = {}
    for name, value in cells.items():
        if name == "dimensions_proposed":
            raw["dimensions_confirmed"] = ["yes"] if str(value).strip().lower() in ("no", "false") else []
        elif name in _LISTS:
            raw[name] = [_key(name, each, taxonomy) for each in _several(value)]
        elif name in ("level", "evidence", "scale"):
            raw[name] = [_key(name, str(value or ""), taxonomy)]
        elif isinstance(value, list):
            raw[name] = [(", " if name in ("communes", "languages") else "\n").join(map(str, value))]
        elif name in ("communes", "languages"):
            raw[name] = [", ".join(str(value or "").split("\n"))]
        else:
            raw[name] = [str(value if value is not None else "")]
    raw.setdefault("level", ["municipal"])
    raw.setdefault("evidence", ["none"])
    form = forms.read(EditPractice, raw)
    if not form.ok:
        raise Rejected(fields=dict(form.errors))
    said = to_content(form.data)
    if wrong := strangers(said, taxonomy):
        raise Rejected(fields={name: f"«{value}» no está en la lista." for name, value in wrong})
    return said


def _several(value: Any) -> Sequence[str]:
    if isinstance(value, list):
        return [str(each) for each in value]
    return [each.strip() for each in str(value or "").replace(";", "\n").replace(",", "\n").split("\n") if each.strip()]


def _key(name: str, value: str, taxonomy: Taxonomy) -> str:
    """The key of a value written by its words, with or without accents; itself where it is not one of them."""
    if name == "dimensions":
        return value.strip()[:1] if value.strip()[:1].isdigit() else value.strip()
    for key, words in taxonomy.titles(name).items():
        if _fold(value) in (_fold(key), _fold(words)):
            return key
    return value.strip()


def _fold(text: str) -> str:
    plain = unicodedata.normalize("NFD", " ".join(text.split()).casefold())
    return "".join(each for each in plain if not unicodedata.combining(each))


_COLUMNS = {
    **{_fold(words): name for name, words in LABELS.items()},
    **{_fold(name): name for name in LABELS},
    **{_fold(words): name for words, name in _ALSO.items()},
    "code": "code",
}


def _titles(cells: Sequence[Any]) -> list[str]:
    """The field of each column; empty for those that are ours to write. Raises `Rejected` where a title is not known."""
    names, strange = [], []
    for cell in cells:
        words = _fold(str(cell or ""))
        name = _COLUMNS.get(words, "")
        if not name and words and words not in {_fold(each) for each in _IGNORED}:
            strange.append(str(cell))
        names.append("" if name == "category" else name)
    if strange:
        known = ", ".join(LABELS.values())
        raise Rejected(
            fields={"file": f"No conocemos la columna «{strange[0][:60]}». Las que sirven son: Código, {known}."}
        )
    if "title" not in names:
        raise Rejected(fields={"file": "Falta la columna «Nombre», en la primera fila."})
    return names


def _rows(lines: Iterator[Sequence[Any]]) -> Iterator[tuple[int, dict[str, Any]]]:
    names = _titles(next(lines, ()))
    for place, cells in enumerate(lines, 2):
        told = {name: _cell(cell) for name, cell in zip(names, cells, strict=False) if name}
        if any(str(value or "").strip() for value in told.values()):
            yield place, told


def _cell(value: Any) -> Any:
    """Numbers of a spreadsheet as people write them, and the apostrophe that our own CSV puts before what looks like a formula."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value[1:] if isinstance(value, str) and value[:1] == "'" and value[1:2] in "=+-@" else value


def _separated(content: bytes) -> Iterator[tuple[int, dict[str, Any]]]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", errors="replace")
    first = text.partition("\n")[0]
    yield from _rows(iter(csv.reader(io.StringIO(text), delimiter=";" if first.count(";") > first.count(",") else ",")))


def _workbook(content: bytes) -> Iterator[tuple[int, dict[str, Any]]]:
    from openpyxl import load_workbook

    wrong = Rejected(fields={"file": "No pudimos leer el archivo: no es una planilla XLSX."})
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            if sum(each.file_size for each in packed.infolist()) > _MOST_UNPACKED:
                raise Rejected(fields={"file": "La planilla es demasiado grande por dentro."})
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    except (zipfile.BadZipFile, KeyError, ValueError, OSError):
        raise wrong from None
    sheet = book.worksheets[0] if book.worksheets else None
    if sheet is None:
        raise wrong
    yield from _rows(iter(sheet.iter_rows(values_only=True)))


def _json(content: bytes) -> Iterator[tuple[int, dict[str, Any]]]:
    try:
        told = json.loads(content)
    except ValueError as problem:
        raise Rejected(fields={"file": f"No es JSON válido: {problem}."}) from None
    if not isinstance(told, list) or not all(isinstance(each, dict) for each in told):
        raise Rejected(fields={"file": "El archivo debe ser una lista de prácticas, como la que se baja del catálogo."})
    for place, each in enumerate(told, 1):
        cells = {name: value for name, value in each.items() if name not in _IGNORED}
        if strange := next((name for name in cells if name != "code" and name not in LABELS), ""):
            raise Rejected(fields={"file": f"Elemento {place}: no conocemos la clave «{strange[:60]}»."})
        if isinstance(cells.get("sources"), list):
            cells["sources"] = _json_sources(cells["sources"], place)
        if isinstance(cells.get("dimensions_proposed"), bool):
            cells["dimensions_proposed"] = "sí" if cells["dimensions_proposed"] else "no"
        yield place, cells


def _json_sources(value: list[Any], place: int) -> str:
    try:
        return sources_text(msgspec.convert(value, tuple[Source, ...]))
    except msgspec.ValidationError:
        raise Rejected(fields={"file": f"Elemento {place}: sus fuentes no tienen la forma que corresponde."}) from None
