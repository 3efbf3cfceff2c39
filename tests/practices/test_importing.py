"""Many practices at once: XLSX, CSV, JSON, with each row's faults explained."""

import io
import json

import openpyxl
import pytest

from acogida.app.wiring import Services
from acogida.features.practices import importing, store
from acogida.features.practices.content import kept
from acogida.kernel.errors import Rejected
from support.make_practice import lists, sign_in_curator
from support.visitor import Visitor

GOOD = ["Huerto comunitario", "Familias de cinco países cultivan juntas.", "Treguaco", "CL", "Integración", "3.a"]
TITLES = ["Nombre", "Resumen", "Lugar", "País", "Temas", "Subcategoría"]


def workbook(*rows: list[object]) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.worksheets[0].append(row)
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


async def sent(visitor: Visitor, name: str, content: bytes) -> str:
    answer = await visitor.post("/curaduria/importar", {}, files={"file": (name, content)})
    return answer.headers.get("location", "") or answer.text


async def test_a_spreadsheet_becomes_drafts(services: Services, visitor: Visitor) -> None:
    """Columns as the screen calls them, values by their words or their keys."""
    await sign_in_curator(services, visitor)
    row = [*GOOD[:4], "participación; Deporte", "3.a"]

    place = await sent(visitor, "practicas.xlsx", workbook(TITLES, row, [None] * 6))

    assert place == "/curaduria?estado=draft"
    async with services.database.transaction() as session:
        (kept,) = await store.practices(session)
    assert (kept.title, kept.state, kept.origin) == ("Huerto comunitario", "draft", "imported")
    assert kept.content["themes"] == ["participación", "deporte"]
    assert kept.content["category"] == "3"


async def test_every_fault_of_every_row_is_told_and_nothing_enters(services: Services, visitor: Visitor) -> None:
    """Two wrong rows and a good one: both are explained with row and column, and the good one waits too."""
    await sign_in_curator(services, visitor)
    wrong_theme, empty = [*GOOD[:4], "ajedrez", "3.a"], ["", "Sin nombre", "Treguaco", "Chile", "", ""]

    page = await sent(visitor, "practicas.csv", csv_of(TITLES, [*GOOD[:4], "deporte", "3.a"], wrong_theme, empty))

    for words in (
        "«ajedrez» no está en la lista.",
        "Falta completar «Nombre».",
        "«País» admite hasta 2 caracteres",
        "No entró ninguna",
    ):
        assert words in page, words
    async with services.database.transaction() as session:
        assert await store.practices(session) == []


def csv_of(*rows: list[str]) -> bytes:
    return ("\ufeff" + "\r\n".join(";".join(f'"{cell}"' for cell in row) for row in rows)).encode()


@pytest.mark.usefixtures("catalogue")
async def test_what_was_downloaded_comes_back_unchanged(services: Services, visitor: Visitor) -> None:
    """The catalogue's own JSON and CSV are read back whole: no practice changes."""
    whole = (await visitor.get("/buenas-practicas/catalogo.json")).content
    table = (await visitor.get("/buenas-practicas/catalogo.csv")).content
    known = {each["code"]: each for each in json.loads(whole)}

    for name, content in (("todo.json", whole), ("todo.csv", table)):
        found = importing.read(name, content, lists(services))
        assert found.faults == ()
        assert len(found.practices) == 39
        for code, said in found.practices:
            told = json.loads(json.dumps(kept(said)))
            assert told == {key: known[code][key] for key in told}, code


@pytest.mark.usefixtures("catalogue")
async def test_a_row_with_a_code_changes_that_practice(services: Services, visitor: Visitor) -> None:
    """On the desk, as a draft; what is public stays."""
    await sign_in_curator(services, visitor)
    one = next(
        each
        for each in json.loads((await visitor.get("/buenas-practicas/catalogo.json")).content)
        if each["code"] == "BP-013"
    )

    await sent(visitor, "una.json", json.dumps([{**one, "implementer": "Corporación"}]).encode())

    async with services.database.transaction() as session:
        row = await store.practice(session, "BP-013")
    assert (row.content["implementer"], row.state, row.edition) == ("Corporación", "draft", 1)


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("foto.png", b"\x89PNG", "Suba un archivo XLSX, CSV o JSON."),
        ("a.xlsx", b"no es un zip", "no es una planilla XLSX"),
        ("a.json", b"{", "No es JSON válido"),
        ("a.json", b"{}", "una lista de prácticas"),
        ("a.json", b'[{"title": "x", "clave": 1}]', "no conocemos la clave «clave»"),
        ("a.csv", b"Nombre,Inventada\nx,y\n", "No conocemos la columna «Inventada»"),
        ("a.csv", b"Lugar\nTemuco\n", "Falta la columna «Nombre»"),
        ("a.csv", b"Nombre\n", "no tiene ninguna fila"),
        ("a.csv", b"x" * 5_000_001, "pesa más de 5 MB"),
    ],
)
def test_a_file_that_is_no_table_is_explained(services: Services, name: str, content: bytes, why: str) -> None:
    """Each in a sentence that says what to do."""
    with pytest.raises(Rejected) as refused:
        importing.read(name, content, lists(services))
    assert why in refused.value.fields["file"]
