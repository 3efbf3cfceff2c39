"""The PDF as a file: readable by a screen reader, kept for decades, the same twice.

No independent validator of PDF/UA can be had here: these tests look at the structure with pikepdf.
"""

import io
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pikepdf
import pypdf
import pytest

from acogida.adapters.documents import DocumentEngine
from acogida.kernel.document import Document, DocumentBuilder, Figure, State


def structure(pdf: pikepdf.Pdf) -> Iterator[Any]:
    """Every element of the structure tree, in reading order."""
    waiting = [pdf.Root.StructTreeRoot]
    while waiting:
        element = waiting.pop()
        if isinstance(element, pikepdf.Array):
            waiting.extend(reversed(list(element)))
        elif isinstance(element, pikepdf.Dictionary):
            if "/S" in element:
                yield element
            if "/K" in element:
                waiting.append(element.K)


def outline(pdf: pikepdf.Pdf) -> list[str]:
    def titles(entries: Any) -> Iterator[str]:
        for entry in entries:
            yield entry.title
            yield from titles(entry.children)

    with pdf.open_outline() as made:
        return list(titles(made.root))


@pytest.fixture
def pdf(papers: dict[str, bytes]) -> Iterator[pikepdf.Pdf]:
    with pikepdf.open(io.BytesIO(papers["pdf"])) as opened:
        yield opened


def test_it_declares_what_it_is(pdf: pikepdf.Pdf):
    """PDF/UA-1 and PDF/A-3a, tagged, in Spanish of Chile, opening with its title in the window."""
    with pdf.open_metadata() as facts:
        declared = (facts["pdfuaid:part"], facts["pdfaid:part"], facts["pdfaid:conformance"], facts["dc:title"])

    assert declared == ("1", "3", "A", "Política Municipal de Migración")
    assert pdf.Root.MarkInfo.Marked
    assert str(pdf.Root.Lang) == "es-CL"
    assert pdf.Root.ViewerPreferences.DisplayDocTitle
    assert str(pdf.docinfo["/Title"]) == "Política Municipal de Migración"
    assert str(pdf.docinfo["/Author"]) == "Municipalidad de Ñuñoa"


def test_it_can_be_walked_by_its_headings(pdf: pikepdf.Pdf, rich: Callable[..., Document]):
    """The bookmarks are the headings, numbers included, and the tree has them at their levels."""
    headings = rich().headings
    levels = [str(element.S) for element in structure(pdf) if re.fullmatch(r"/H\d", str(element.S))]

    assert outline(pdf)[-len(headings) - 1 :] == [*(heading.label for heading in headings), "Datos de las figuras"]
    # The contents has a title of its own, at level one.
    assert levels == ["/H1", *(f"/H{heading.level}" for heading in headings), "/H1"]


def test_its_drawings_say_their_alternative(pdf: pikepdf.Pdf, rich: Callable[..., Document]):
    """Each figure carries the sentence that stands for it."""
    said = [str(element.Alt) for element in structure(pdf) if "/Alt" in element and str(element.S) == "/Figure"]

    assert said == [block.alt for block in rich().blocks if isinstance(block, Figure)]


def test_its_tables_have_titled_columns(pdf: pikepdf.Pdf):
    """Three tables of the text and three of data have a head; lists, notes and links are tagged as such."""
    kinds = [str(element.S) for element in structure(pdf)]

    assert kinds.count("/Table") == kinds.count("/THead") == 6
    assert kinds.count("/TH") >= 2 + 6 + 2
    assert {"/L", "/LI", "/Note", "/Link", "/Caption", "/BlockQuote", "/TOC", "/TOCI", "/Title"} <= set(kinds)


def test_a_long_table_repeats_its_head_and_lies_down(papers: dict[str, bytes], pages: list[str]):
    """Two hundred rows run over pages lying down, each with the titles of the columns."""
    sheets = [page.mediabox for page in pypdf.PdfReader(io.BytesIO(papers["pdf"])).pages]
    lying = [text for text, sheet in zip(pages, sheets, strict=True) if sheet.width > sheet.height]

    assert len(lying) > 5
    assert all("Iniciativa" in text and "Período" in text for text in lying)
    assert "3.1 Iniciativas" in lying[0]


def test_every_page_says_whose_it_is_and_where_it_stands(pages: list[str]):
    """Head with municipality and title, foot with state, notice and page X of Y; the cover is bare."""
    assert "Página" not in pages[0]
    for number, text in enumerate(pages[1:], 2):
        assert f"Página {number} de {len(pages)}" in text
        assert "Municipalidad de Ñuñoa" in text
        assert "Versión cerrada" in text
        assert "Datos de demostración" in text


def test_the_contents_tells_the_pages(pages: list[str]):
    """Each line of the contents ends with the page where its heading is."""
    told = dict(re.findall(r"^(\S.*?) (?:\. ?)+ *(\d+)$", pages[1], re.M))

    assert {"1 Introducción", "3.2 Presupuesto", "Anexo A. Talleres"} <= told.keys()
    assert all(title in pages[int(number) - 1] for title, number in told.items())


def test_it_carries_its_letters_and_nothing_that_runs(pdf: pikepdf.Pdf):
    """All fonts are inside and there is neither script nor action nor attachment."""
    fonts = [thing for thing in pdf.objects if isinstance(thing, pikepdf.Dictionary) and "/FontName" in thing]

    assert fonts
    assert all({"/FontFile", "/FontFile2", "/FontFile3"} & set(font.keys()) for font in fonts)
    assert "/OpenAction" not in pdf.Root
    assert "/AA" not in pdf.Root
    assert "/JavaScript" not in pdf.Root.get("/Names", {})


def test_copied_text_has_no_hidden_marks(pages: list[str]):
    """Whoever copies or searches meets only letters: the engine writes joiners into the letter beside them."""
    assert not set("".join(pages)) & set("\u200b\u200c\u200d\u2060\ufeff")


async def test_the_same_document_gives_the_same_bytes(engine: DocumentEngine, rich: Callable[..., Document]):
    """Two workers that never met make one file; another date makes another."""
    document = rich()
    async with DocumentEngine() as other:
        pairs = [(await engine.pdf(document), await other.pdf(document))]
        pairs.append((await engine.docx(document), await other.docx(document)))
        next_day = await other.pdf(replace(document, date=date(2026, 11, 24)))

    assert all(one == same for one, same in pairs)
    assert next_day != pairs[0][0]


async def test_letters_that_no_font_has_do_not_cost_the_document(engine: DocumentEngine):
    """An emoji or a Chinese name becomes a box in the PDF and stays itself in the Word file."""
    doc = DocumentBuilder("Acta 😀", author="Municipalidad de Temuco", kind="act", date=date(2026, 1, 2))
    doc.h(1, "Asistencia")
    doc.p("Li Wei 李伟, Fátima فاطمة, 👩‍🌾 y ✓ y \U0010fffd. Mapudungun: küme mongen, ṉ ḻ ṯ.")
    document = doc.build()

    text = pypdf.PdfReader(io.BytesIO(await engine.pdf(document))).pages[0].extract_text()

    assert "Li Wei □□, Fátima" in text
    assert "küme mongen, ṉ ḻ ṯ" in text
    assert "李伟".encode() in b"".join(_files(await engine.docx(document)))


def _files(archive: bytes) -> Iterator[bytes]:
    import zipfile

    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        yield from (opened.read(name) for name in opened.namelist())


async def test_a_short_document_has_neither_cover_nor_contents(engine: DocumentEngine):
    """An act begins at the top of its first page and fits on it."""
    doc = DocumentBuilder(
        "Acta de sesión", author="Municipalidad de Temuco", kind="act", date=date(2026, 1, 2), state=State.APPROVED
    )
    doc.facts([("Lugar", "Salón")])
    doc.h(1, "Acuerdos")
    doc.p("Uno.")
    doc.signature("Ana", "Presidenta")
    doc.signature("Juan", "Secretario")

    pages = pypdf.PdfReader(io.BytesIO(await engine.pdf(doc.build()))).pages

    assert len(pages) == 1
    assert pages[0].extract_text().startswith("Municipalidad de Temuco\nActa de sesión")
    assert "Página 1 de 1" in pages[0].extract_text()


async def test_words_without_end_stay_on_the_sheet(engine: DocumentEngine):
    """An address of two hundred letters breaks, without a hyphen that would be copied with it."""
    address = "https://www.ejemplo.cl/" + "carpeta-larga/" * 14 + "documento.pdf?nombre=valor"
    doc = DocumentBuilder("Acta", author="Municipalidad de Temuco", kind="act", date=date(2026, 1, 2))
    doc.p(address)
    doc.p("palabra" * 40)
    doc.table("Direcciones", ["Columna"] * 4, [[address, "b", "c", "d"]])

    (text,) = [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(await engine.pdf(doc.build()))).pages]

    assert text.replace("\n", "").count(address) == 2
    assert max(len(line) for line in text.split("\n")) < 120


async def test_what_is_taller_than_a_sheet_goes_on_on_the_next(engine: DocumentEngine):
    """A cell, a note and a quote of two hundred short lines lose none of them."""
    lines = "\n".join(f"renglón {n:03}" for n in range(200))
    doc = DocumentBuilder("Acta", author="Municipalidad de Temuco", kind="act", date=date(2026, 1, 2))
    doc.table("Alto", ["a", "b"], [[lines, lines], [lines.replace("\n", "\n\n"), "corto"]])
    doc.note("Nota", lines)
    doc.quote(lines)

    found = list(placed(await engine.pdf(doc.build())))

    text = "".join(piece for piece, _ in found)
    assert [text.count(f"renglón {n:03}") for n in range(200)] == [5] * 200
    assert all(20 < height < 770 for piece, height in found if piece.strip())


def placed(made: bytes) -> Iterator[tuple[str, float]]:
    """Each piece of text with its height over the foot of its sheet, in points."""
    pieces: list[tuple[str, float]] = []

    def see(text: str, page: list[float], line: list[float], *_: object) -> None:
        pieces.append((text, page[1] * line[4] + page[3] * line[5] + page[5]))

    for sheet in pypdf.PdfReader(io.BytesIO(made)).pages:
        sheet.extract_text(visitor_text=see)
    yield from pieces
