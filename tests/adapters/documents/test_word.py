"""The Word file as a file: real styles, real lists, real notes, and parts that agree with one another."""

import io
import zipfile
from collections.abc import Callable
from datetime import date

import docx
import pytest
from docx.document import Document as WordDocument
from docx.enum.section import WD_ORIENT
from lxml import etree

from acogida.adapters.documents import DocumentEngine
from acogida.kernel.document import Document, DocumentBuilder, Figure, Table

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


@pytest.fixture
def word(papers: dict[str, bytes]) -> WordDocument:
    return docx.Document(io.BytesIO(papers["docx"]))


@pytest.fixture
def parts(papers: dict[str, bytes]) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(papers["docx"])) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


def test_titles_are_titles(word: WordDocument, rich: Callable[..., Document]):
    """«Título 1» to «Título 4» by style, so that Word's own panel and contents know them."""
    made = [
        (paragraph.style.name, paragraph.text)
        for paragraph in word.paragraphs
        if paragraph.style and paragraph.style.name.startswith("Heading")
    ]

    assert made[:-1] == [(f"Heading {heading.level}", heading.label) for heading in rich().headings]
    assert made[-1] == ("Heading 1", "Datos de las figuras")


def test_every_table_repeats_its_head_and_says_its_name(word: WordDocument, rich: Callable[..., Document]):
    """The first row is a head that repeats; the caption is also the table's own description."""
    tables = list(word.element.body.iter(f"{W}tbl"))
    captions = [block.label for block in rich().blocks if isinstance(block, Table)]

    assert all(made.find(f"{W}tr/{W}trPr/{W}tblHeader") is not None for made in tables)
    assert [made.find(f"{W}tblPr/{W}tblCaption").get(f"{W}val") for made in tables][: len(captions)] == captions
    for made in tables:
        columns = len(made.findall(f"{W}tblGrid/{W}gridCol"))
        assert {len(row.findall(f"{W}tc")) for row in made.findall(f"{W}tr")} == {columns}


def test_pictures_say_their_alternative(word: WordDocument, rich: Callable[..., Document]):
    """Each picture carries the sentence that stands for it."""
    said = [shape._inline.docPr.get("descr") for shape in word.inline_shapes]

    assert said == [block.alt for block in rich().blocks if isinstance(block, Figure)]


def test_the_wide_table_has_sheets_lying_down(word: WordDocument):
    """Upright, lying, upright again; the sheet is carta."""
    assert [section.orientation for section in word.sections] == [
        WD_ORIENT.PORTRAIT,
        WD_ORIENT.LANDSCAPE,
        WD_ORIENT.PORTRAIT,
    ]
    assert {tuple(sorted((round(s.page_width.pt), round(s.page_height.pt)))) for s in word.sections} == {(612, 792)}


def test_the_contents_and_the_pages_are_fields(parts: dict[str, bytes], rich: Callable[..., Document]):
    """Word can renew the contents, and it already lists the titles for who doesn't."""
    body = etree.fromstring(parts["word/document.xml"])
    contents = body.find(f".//{W}sdt")
    instructions = {node.text.strip() for node in contents.iter(f"{W}instrText")}
    listed = ["".join(line.itertext()) for line in contents.iter(f"{W}p")]
    foot = parts["word/footer1.xml"].decode()

    assert instructions == {'TOC \\o "1-2" \\h \\z \\u'}
    assert listed[1].endswith(rich().headings[0].label)
    assert listed[2:-1] == [heading.label for heading in rich().headings[1:] if heading.level <= 2]
    assert " PAGE " in foot
    assert " NUMPAGES " in foot


def test_each_numbered_list_counts_from_one(word: WordDocument):
    """The second list does not go on where the first one ended."""
    numbers = [
        paragraph._p.pPr.numPr.numId.val for paragraph in word.paragraphs if paragraph.style.name == "List Number"
    ]

    assert len(numbers) == 4
    assert numbers[0] == numbers[1] != numbers[2] == numbers[3]


def test_it_is_written_in_spanish_of_chile_and_knows_its_facts(word: WordDocument):
    """Language of the text, title, author and date; no trace of the library's template."""
    facts = word.core_properties
    language = word.styles.element.find(f"{W}docDefaults/{W}rPrDefault/{W}rPr/{W}lang")

    assert language.get(f"{W}val") == "es-CL"
    assert (facts.title, facts.author, facts.language) == (
        "Política Municipal de Migración",
        "Municipalidad de Ñuñoa",
        "es-CL",
    )
    assert facts.created.date() == date(2026, 11, 23)
    assert "python-docx" not in facts.comments


def test_links_and_places_agree(parts: dict[str, bytes]):
    """Every inner link has its bookmark, every bookmark one name, every used style and relation exists."""
    body = etree.fromstring(parts["word/document.xml"])
    places = [node.get(f"{W}name") for node in body.iter(f"{W}bookmarkStart")]
    links = {node.get(f"{W}anchor") for node in body.iter(f"{W}hyperlink")} - {None}
    used = {node.get(f"{W}val") for tag in ("pStyle", "rStyle", "tblStyle") for node in body.iter(f"{W}{tag}")}
    known = {node.get(f"{W}styleId") for node in etree.fromstring(parts["word/styles.xml"]).iter(f"{W}style")}
    relations = {node.get("Id") for node in etree.fromstring(parts["word/_rels/document.xml.rels"])}
    asked = {value for node in body.iter() for name, value in node.items() if name.endswith("relationships}id")}

    assert len(places) == len(set(places))
    assert all(len(place) <= 40 for place in places)
    assert links <= set(places)
    assert used <= known
    assert asked
    assert asked <= relations


def test_properties_keep_the_order_of_the_schema(parts: dict[str, bytes]):
    """Word refuses a file whose paragraph properties come in another order (ECMA-376, CT_PPr)."""
    order = [
        "pStyle",
        "keepNext",
        "keepLines",
        "pageBreakBefore",
        "framePr",
        "widowControl",
        "numPr",
        "suppressLineNumbers",
        "pBdr",
        "shd",
        "tabs",
        "suppressAutoHyphens",
        "spacing",
        "ind",
        "contextualSpacing",
        "jc",
        "outlineLvl",
        "sectPr",
    ]
    for name in (
        "word/document.xml",
        "word/styles.xml",
        "word/numbering.xml",
        "word/footnotes.xml",
        "word/header1.xml",
    ):
        for properties in etree.fromstring(parts[name]).iter(f"{W}pPr"):
            places = [order.index(etree.QName(child).localname) for child in properties if child.tag != f"{W}rPr"]
            assert places == sorted(places), (name, etree.tostring(properties))


def test_no_hour_of_the_clock_is_in_it(papers: dict[str, bytes]):
    """The archive keeps one fixed time, so equal documents are equal files."""
    with zipfile.ZipFile(io.BytesIO(papers["docx"])) as opened:
        assert {entry.date_time for entry in opened.infolist()} == {(1980, 1, 1, 0, 0, 0)}


async def test_a_short_document_begins_at_the_top(engine: DocumentEngine):
    """An act has no cover: no page is broken before its first title, and its titles are small."""
    doc = DocumentBuilder("Acta de sesión", author="Municipalidad de Temuco", kind="act", date=date(2026, 1, 2))
    doc.h(1, "Acuerdos")
    doc.note("Aviso", "Uno.\n- dos", tone="warning")

    word = docx.Document(io.BytesIO(await engine.docx(doc.build())))

    assert word.styles["Heading 1"].paragraph_format.page_break_before is None
    assert [paragraph.text for paragraph in word.paragraphs if paragraph.text][:2] == [
        "Municipalidad de Temuco",
        "Acta de sesión",
    ]
    assert not [part for part in word.part.package.iter_parts() if "footnotes" in part.partname]
