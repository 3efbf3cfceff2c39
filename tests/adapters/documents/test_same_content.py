"""The page, the PDF and the Word file say the same, in the same order, and nothing typed becomes markup in any."""

import io
import re
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from pathlib import Path

import docx
import pypdf
import pytest
from docx.table import Table as WordTable
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from lxml import etree

import acogida
from acogida.adapters.documents import DocumentEngine
from acogida.adapters.documents.layout import DATA_TITLE
from acogida.kernel.document import (
    Block,
    Cell,
    Document,
    Figure,
    Footnote,
    Heading,
    KeyValues,
    ListItem,
    Missing,
    Note,
    PageBreak,
    Quote,
    Runs,
    Signature,
    State,
    Table,
    figure_data,
)

TEMPLATES = Path(acogida.__file__).parent / "web" / "templates"


def bare(text: str) -> str:
    """Letters only: no spaces nor line ends, and no hyphens, for paper cuts words where the line ends."""
    return re.sub(r"[\s\-\u2010\u200b\u00ad]+", "", text)


# What the model says, read by these tests in their own way


def said(blocks: tuple[Block, ...]) -> Iterator[str]:
    for block in blocks:
        match block:
            case Heading() | Table() | Figure():
                yield block.label
                if isinstance(block, Table):
                    for row in (block.head, *block.rows):
                        for cell in row:
                            yield from in_cell(cell)
                if not isinstance(block, Heading):
                    yield block.source
            case Missing():
                yield block.text
            case Note():
                yield block.title
                yield from in_cell(Cell(block.blocks))
            case Quote():
                yield from words(block.runs)
                yield block.source
            case Signature():
                yield from (block.name, block.cargo, block.detail)
            case KeyValues():
                for fact in block.items:
                    yield fact.name
                    yield from words(fact.runs)
            case PageBreak():
                pass
            case _:
                yield from in_cell(Cell((block,)))


def in_cell(cell: Cell) -> Iterator[str]:
    for block in cell.blocks:
        if hasattr(block, "items"):
            for entry in block.items:
                yield from in_item(entry)
        else:
            yield from words(block.runs)


def in_item(entry: ListItem) -> Iterator[str]:
    yield from words(entry.runs)
    for child in entry.children:
        yield from in_item(child)


def words(runs: Runs) -> Iterator[str]:
    for run in runs:
        if not isinstance(run, Footnote):
            yield from run.text.split("\n")


def footnotes(document: Document) -> list[str]:
    return [run.text for block in document.blocks for run in getattr(block, "runs", ()) if isinstance(run, Footnote)]


# What each paper says


def text_of_pdf(made: bytes, document: Document) -> str:
    return without_edges([page.extract_text() for page in pypdf.PdfReader(io.BytesIO(made)).pages], document)


def without_edges(pages: list[str], document: Document) -> str:
    """The text of all pages in reading order, without the running head and foot."""
    text = bare("\n".join(pages))
    text = text.replace(bare(document.author + document.title), "")
    foot = bare("·".join((document.mark, document.version, document.notice)))
    return re.sub(rf"{re.escape(foot)}Página\d+de{len(pages)}", "", text)


def text_of_docx(made: bytes) -> str:
    word = docx.Document(io.BytesIO(made))
    found: list[str] = []
    for part in word.iter_inner_content():
        if isinstance(part, WordTable):
            # By the XML: python-docx takes seconds to walk two hundred rows by cell.
            found.extend(node.text or "" for node in part._tbl.iter("{*}t"))
        else:
            found.append(part.text)
    return bare("".join(found))


class Page(HTMLParser):
    """What a reader meets in a page: text, alternative texts and the elements used."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.alternatives: list[str] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self._silent = 0
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag == "svg":
            self._silent += 1
        if tag == "div" and dict(attrs).get("role") == "img":
            self.alternatives.append(dict(attrs)["aria-label"] or "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "svg":
            self._silent -= 1

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.found.append(data)

    @property
    def text(self) -> str:
        return bare("".join(self.found))


def page_of(document: Document) -> str:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    template = environment.from_string('{% from "document/_document.html" import render %}{{ render(document) }}')
    return template.render(document=document)


def in_order(parts: Iterator[str], text: str) -> list[str]:
    """The parts that `text` lacks or has too early."""
    at, lost = 0, []
    for part in map(bare, parts):
        found = text.find(part, at)
        if found < 0:
            lost.append(part[:80])
        else:
            at = found + len(part)
    return lost


def test_the_page_says_everything_in_order(rich: Callable[..., Document]):
    """Every word of the model is on the page, in the model's order, notes at the end."""
    document = rich()
    page = Page(page_of(document))

    assert in_order(said(document.visible), page.text) == []
    assert all(bare(note) in page.text for note in footnotes(document))
    assert page.alternatives == [block.alt for block in document.blocks if isinstance(block, Figure)]


def test_the_pdf_says_everything_in_order(rich: Callable[..., Document], pages: list[str]):
    """Every word of the model is in the PDF, in order, then the data behind the figures."""
    document = rich()
    text = without_edges(pages, document)
    # The contents says the headings a first time: what is looked for begins after it.
    body = text[text.index(bare("1 Introducción"), text.index(bare(DATA_TITLE))) :]
    notes = footnotes(document)
    for number, note in enumerate(notes, 1):
        assert bare(note) in body
        body = body.replace(f"{number}{bare(note)}", "")

    assert in_order(said(document.visible), body) == []
    assert in_order(said(figure_data(document)), body[body.rindex(bare(DATA_TITLE)) :]) == []


def test_the_word_file_says_everything_in_order(rich: Callable[..., Document], papers: dict[str, bytes]):
    """Every word of the model is in the Word file, in order, then the data behind the figures."""
    document = rich()
    text = text_of_docx(papers["docx"])

    assert in_order(said(document.visible), text) == []
    assert in_order(said(figure_data(document)), text[text.rindex(bare(DATA_TITLE)) :]) == []
    package = docx.Document(io.BytesIO(papers["docx"])).part.package
    (kept,) = (part for part in package.iter_parts() if part.partname == "/word/footnotes.xml")
    assert all(note in "".join(etree.fromstring(kept.blob).itertext()) for note in footnotes(document))


def test_the_three_hold_the_same_front(rich: Callable[..., Document], papers: dict[str, bytes], pages: list[str]):
    """Title, municipality, period, date, version, state and notice are on the three covers."""
    document = rich()
    front = (
        document.author,
        document.title,
        document.subtitle,
        document.period,
        "23 de noviembre de 2026",
        "Versión cerrada",
        document.version,
        document.notice,
    )
    cover = bare(pages[0])

    for text in (cover, text_of_docx(papers["docx"]), Page(page_of(document)).text):
        assert [part for part in front if bare(part) not in text] == []


def test_what_is_typed_never_becomes_markup_on_the_page(rich: Callable[..., Document]):
    """No element that the template did not write, no handler, no style, no template left to expand."""
    page = Page(page_of(rich()))

    assert not {tag for tag, _ in page.elements} & {"script", "style", "iframe", "object", "img", "b", "etiqueta"}
    attributes = {name for _, found in page.elements for name in found}
    assert not [name for name in attributes if name.startswith("on") or name == "style"]
    assert bare("{{ 7*7 }} {% raw %} <script>alert(1)</script>") in page.text


def test_places_of_the_page_are_unique_and_reachable(rich: Callable[..., Document]):
    """No identifier is repeated and every link inside the page arrives, but for the one to nowhere."""
    page = Page(page_of(rich()))
    places = [found["id"] for _, found in page.elements if "id" in found]
    links = [found["href"] or "" for tag, found in page.elements if tag == "a"]

    assert len(places) == len(set(places))
    assert {link for link in links if link.startswith("#")} - {f"#{place}" for place in places} == {"#doc-no-existe"}


def test_tables_of_the_page_can_be_read_by_ear_and_by_keyboard(rich: Callable[..., Document]):
    """Each table has a caption and titled columns; its frame can be reached to scroll."""
    page = Page(page_of(rich()))
    names = [tag for tag, _ in page.elements]
    frames = [found for tag, found in page.elements if found.get("role") == "region"]

    assert names.count("table") == names.count("caption") == names.count("thead") == len(frames)
    assert all(frame["tabindex"] == "0" and frame["aria-label"] for frame in frames)
    assert all(found.get("scope") in ("col", "row") for tag, found in page.elements if tag == "th")


@pytest.mark.parametrize("state", list(State))
async def test_only_drafts_show_what_is_missing(rich: Callable[..., Document], engine: DocumentEngine, state: State):
    """The note of what is missing is in the three drafts and in no closed version."""
    document = rich(state)
    note = bare("Por completar: Acta de la sesión del concejo")

    shown = [
        note in Page(page_of(document)).text,
        note in text_of_pdf(await engine.pdf(document), document),
        note in text_of_docx(await engine.docx(document)),
    ]

    assert shown == [state is State.DRAFT] * 3
