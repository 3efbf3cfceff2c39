"""The Word file: the same blocks with real styles, so that a municipality can go on writing in it.

Titles are «Título 1» to «Título 4», lists are lists, tables repeat their head on each page, pictures say
their alternative text, footnotes are footnotes and the contents is a field that Word renews. Runs in the
worker process.
"""

import io
import zipfile
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal, Protocol

from docx import Document as new_word_document
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.section import Section
from docx.shared import Pt
from docx.text.paragraph import Paragraph as WordParagraph
from lxml import etree

from acogida.adapters.documents.layout import (
    MARGIN,
    SHEET,
    WIDE_MARGIN,
    Size,
    columns,
    figure_size,
    room,
    splits,
    type_size,
    with_data_tables,
)
from acogida.kernel.document import (
    Block,
    BulletList,
    Cell,
    Document,
    Figure,
    Flow,
    Footnote,
    Heading,
    KeyValues,
    ListItem,
    Missing,
    Note,
    NumberedList,
    PageBreak,
    Paragraph,
    Quote,
    Run,
    Runs,
    Signature,
    Table,
    stretches,
)

_TEMPLATE = Path(__file__).parent / "template"
_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_BULLETS, _COUNTED = "1", "1"
_LOOK = 0x0620
"""What a table style is asked to dress: the first row, no stripes."""
_SAME_MINUTE = (1980, 1, 1, 0, 0, 0)
_TONES = {"plain": ("0F69B4", "F1F4F8"), "advice": ("A4492D", "FAF2EF"), "warning": ("8A5A00", "FBF6EA")}

Element = etree._Element  # lxml names its element class only so


class Draughtsman(Protocol):
    """Whoever turns a drawing into a picture."""

    def png(self, svg: str, size: Size) -> bytes: ...


def word_file(document: Document, draughtsman: Draughtsman) -> bytes:
    """This function will give the document as a .docx. The same document gives the same bytes."""
    return _without_hours(_Writing(with_data_tables(document), draughtsman).file())


def _without_hours(archive: bytes) -> bytes:
    """The same package with no hour of the clock in it."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive)) as old, zipfile.ZipFile(made, "w") as new:
        for name in old.namelist():
            new.writestr(zipfile.ZipInfo(name, _SAME_MINUTE), old.read(name), zipfile.ZIP_DEFLATED)
    return made.getvalue()


def _w(parent: Element, tag: str, **attributes: str | int | float) -> Element:
    """A child of `parent` in Word's namespace; each attribute too."""
    return etree.SubElement(parent, f"{{{_W}}}{tag}", {f"{{{_W}}}{name}": str(v) for name, v in attributes.items()})


def _paragraph(parent: Element, style: str) -> Element:
    made = _w(parent, "p")
    _w(_w(made, "pPr"), "pStyle", val=style)
    return made


def _properties(paragraph: Element) -> Element:
    return paragraph[0]


def _words(parent: Element, text: str, *, bold: bool = False, italic: bool = False, style: str = "") -> None:
    """Adds a run; a line feed becomes a line break."""
    made = _w(parent, "r")
    if bold or italic or style:
        looks = _w(made, "rPr")
        if style:
            _w(looks, "rStyle", val=style)
        if bold:
            _w(looks, "b")
        if italic:
            _w(looks, "i")
    for at, line in enumerate(text.split("\n")):
        if at:
            _w(made, "br")
        _w(made, "t").text = line
        made[-1].set(_SPACE, "preserve")


def _field(parent: Element, instruction: str, shown: str) -> None:
    """Adds a field with what it shows until Word renews it."""
    for kind in ("begin", "instruction", "separate", "shown", "end"):
        if kind == "shown":
            _words(parent, shown)
            continue
        run = _w(parent, "r")
        if kind == "instruction":
            _w(run, "instrText").text = f" {instruction} "
            run[-1].set(_SPACE, "preserve")
        else:
            _w(run, "fldChar", fldCharType=kind)


class _Writing:
    """One Word file in the making."""

    def __init__(self, document: Document, draughtsman: Draughtsman) -> None:
        self._document = document
        self._draughtsman = draughtsman
        self._word = new_word_document()
        self._lists = 2
        self._bookmarks = self._named_places()
        self._placed = 0
        self._notes = etree.fromstring(
            f'<w:footnotes xmlns:w="{_W}" xmlns:r="{_R}">'
            '<w:footnote w:type="separator" w:id="-1"><w:p><w:r><w:separator/></w:r></w:p></w:footnote>'
            '<w:footnote w:type="continuationSeparator" w:id="0"><w:p><w:r><w:continuationSeparator/></w:r></w:p>'
            "</w:footnote></w:footnotes>"
        )
        self._notes_part = Part(
            PackURI("/word/footnotes.xml"), CONTENT_TYPE.WML_FOOTNOTES, b"", self._word.part.package
        )

    def file(self) -> bytes:
        self._dress()
        self._body = self._word.element.body
        self._end = self._body[-1]  # the properties of the last section
        section = self._word.sections[0]
        self._lay(section, landscape=False)
        if self._document.cover:
            section.different_first_page_header_footer = True
            self._cover()
        else:
            self._opening()
        if self._document.toc:
            self._contents()

        lying = False
        for part in stretches(self._document):
            if part.landscape != lying:
                section = self._word.add_section(WD_SECTION.NEW_PAGE)
                section.different_first_page_header_footer = False
                self._lay(section, landscape=part.landscape)
                lying = part.landscape
            self._blocks(part.blocks)

        self._keep_notes()
        kept = io.BytesIO()
        self._word.save(kept)
        return kept.getvalue()

    # Dress: styles, numbering, settings, properties

    def _dress(self) -> None:
        word = self._word
        _refill(word.styles.element, "word-styles.xml")
        _refill(word.part.numbering_part.element, "word-numbering.xml")
        for language in word.styles.element.iter(f"{{{_W}}}lang"):
            language.set(f"{{{_W}}}val", self._document.language)
        self._size_titles()

        settings = word.settings.element
        for old in settings.findall(f"{{{_W}}}compat") + settings.findall(f"{{{_W}}}themeFontLang"):
            settings.remove(old)
        compatible = etree.fromstring(
            f'<w:compat xmlns:w="{_W}"><w:compatSetting w:name="compatibilityMode" '
            'w:uri="http://schemas.microsoft.com/office/word" w:val="15"/></w:compat>'
        )
        settings.insert(_place_for_compat(settings), compatible)

        facts = word.core_properties
        noon = datetime(self._document.date.year, self._document.date.month, self._document.date.day, 12, tzinfo=UTC)
        facts.title, facts.author, facts.last_modified_by = (
            self._document.title,
            *[self._document.author] * 2,
        )
        facts.subject, facts.comments, facts.keywords = self._document.subtitle, self._document.notice, ""
        facts.language, facts.revision = self._document.language, 1
        facts.created = facts.modified = noon.replace(tzinfo=None)
        self._drop_leftovers()

    def _size_titles(self) -> None:
        """A long document begins each chapter on a page of its own; in a short one titles are smaller."""
        chapter = self._word.styles.element.find(f"{{{_W}}}style[@{{{_W}}}styleId='Heading1']")
        looks, letters = chapter.find(f"{{{_W}}}pPr"), chapter.find(f"{{{_W}}}rPr")
        if self._document.cover:
            _w(looks, "pageBreakBefore")
            _in_order(looks)
            return
        looks.remove(looks.find(f"{{{_W}}}pBdr"))
        for size in (letters.find(f"{{{_W}}}sz"), letters.find(f"{{{_W}}}szCs")):
            size.set(f"{{{_W}}}val", "29")

    def _drop_leftovers(self) -> None:
        """Takes out what the library's own template brings and nobody reads."""
        part, package = self._word.part, self._word.part.package
        for relations in (part.rels, package.rels if package else {}):
            for name, relation in list(relations.items()):
                if relation.reltype.rpartition("/")[2] in ("thumbnail", "stylesWithEffects", "customXml"):
                    del relations[name]

    def _lay(self, section: Section, *, landscape: bool) -> None:
        """Sets the sheet of a section, and its header and footer as wide as its text."""
        wide, tall = (SHEET[1], SHEET[0]) if landscape else SHEET
        side = WIDE_MARGIN if landscape else MARGIN
        section.orientation = WD_ORIENT.LANDSCAPE if landscape else WD_ORIENT.PORTRAIT
        section.page_width, section.page_height = Pt(wide), Pt(tall)
        section.left_margin = section.right_margin = Pt(side)
        section.top_margin, section.bottom_margin = Pt(82), Pt(72)
        section.header_distance = section.footer_distance = Pt(40)
        edge = round(room(landscape=landscape) * 20)
        header, footer = section.header, section.footer
        header.is_linked_to_previous = footer.is_linked_to_previous = False

        top = self._edge_line(header.paragraphs[0], "Header", edge)
        _words(top, self._document.author)
        _w(_w(top, "r"), "tab")
        _words(top, self._document.title)

        foot = self._edge_line(footer.paragraphs[0], "Footer", edge)
        document = self._document
        _words(foot, "  ·  ".join(filter(None, (document.mark, document.version, document.notice))))
        _w(_w(foot, "r"), "tab")
        _words(foot, "Página ")
        _field(foot, "PAGE", "1")
        _words(foot, " de ")
        _field(foot, "NUMPAGES", "1")

    def _edge_line(self, paragraph: WordParagraph, style: str, edge: int) -> Element:
        element = paragraph._p  # python-docx opens no other door to the element
        for child in list(element):
            element.remove(child)
        properties = _w(element, "pPr")
        _w(properties, "pStyle", val=style)
        _w(_w(properties, "tabs"), "tab", val="right", pos=edge)
        return element

    # Front: cover, opening, contents

    def _cover(self) -> None:
        document = self._document
        self._say("CoverAuthor", document.author)
        self._say("CoverTitle", document.title)
        self._say("Subtitle", document.subtitle)
        self._say("CoverPeriod", document.period or " ")
        self._say("CoverFacts", document.day)
        self._say("CoverFacts", "  ·  ".join(filter(None, (document.mark, document.version))))
        self._say("Notice", document.notice)

    def _opening(self) -> None:
        document = self._document
        self._say("CoverAuthor", document.author)
        self._say("Title", document.title)
        self._say("Subtitle", document.subtitle)
        self._say("CoverFacts", "  ·  ".join(filter(None, (document.period, document.day))))

    def _contents(self) -> None:
        """The contents as a field, already filled with the titles for whoever reads without renewing it."""
        control = _w(self._body, "sdt")
        self._end.addprevious(control)
        kind = _w(_w(control, "sdtPr"), "docPartObj")
        _w(kind, "docPartGallery", val="Table of Contents")
        _w(kind, "docPartUnique")
        inside = _w(control, "sdtContent")
        title = _paragraph(inside, "TOCHeading")
        if self._document.cover:
            _w(_properties(title), "pageBreakBefore")
        _words(title, "Contenido")

        listed = [heading for heading in self._document.headings if heading.level <= 2]
        line = _paragraph(inside, "TOC1")
        begin = _w(line, "r")
        _w(begin, "fldChar", fldCharType="begin", dirty="true")
        _w(_w(line, "r"), "instrText").text = ' TOC \\o "1-2" \\h \\z \\u '
        _w(_w(line, "r"), "fldChar", fldCharType="separate")
        for at, heading in enumerate(listed):
            if at:
                line = _paragraph(inside, f"TOC{heading.level}")
            place = self._bookmarks.get(heading.anchor)
            target = _w(line, "hyperlink", anchor=place, history=1) if place else line
            _words(target, heading.label)
            _w(_w(target, "r"), "tab")
        _w(_w(line, "r"), "fldChar", fldCharType="end")

    # Blocks

    def _blocks(self, blocks: Sequence[Block]) -> None:
        for block in blocks:
            match block:
                case Heading():
                    self._heading(block)
                case Paragraph() | BulletList() | NumberedList():
                    self._flow(self._body, block)
                case Table():
                    self._table(block)
                case Figure():
                    self._figure(block)
                case Missing():
                    made = self._new("Missing")
                    _words(made, "Por completar: ", bold=True)
                    _words(made, block.text)
                case Note():
                    self._note(block)
                case Quote():
                    self._runs(self._new("Quote"), block.runs)
                    self._say("QuoteSource", f"— {block.source}" if block.source else "")
                case Signature():
                    self._signature(block)
                case KeyValues():
                    for fact in block.items:
                        made = self._new("Fact")
                        _words(made, f"{fact.name}: ", bold=True)
                        self._runs(made, fact.runs)
                case PageBreak():
                    _w(_w(self._new("Normal"), "r"), "br", type="page")

    def _new(self, style: str) -> Element:
        made = _paragraph(self._body, style)
        self._end.addprevious(made)
        return made

    def _say(self, style: str, text: str) -> None:
        if text:
            _words(self._new(style), text)

    def _heading(self, block: Heading) -> None:
        made = self._new(f"Heading{block.level}")
        with_number = block.label.removesuffix(block.text)
        self._place(made, block.anchor)
        if with_number:
            _words(made, with_number, style="Number")
        _words(made, block.text)
        self._close_place(made, block.anchor)

    def _flow(
        self, parent: Element, block: Flow, *, style: str = "", bold: bool = False, narrow: bool = False
    ) -> list[Element]:
        """Adds a paragraph or a list to the body, a cell or a note, and gives the paragraphs made."""
        if isinstance(block, Paragraph):
            made = self._in(parent, style or "Normal")
            self._runs(made, block.runs, bold=bold)
            return [made]
        counted = isinstance(block, NumberedList)
        number = self._new_count() if counted else _BULLETS
        lines = []
        for item in block.items:
            lines.append(
                self._line(parent, item, 0, number, style or ("ListNumber" if counted else "ListBullet"), narrow)
            )
            lines.extend(self._line(parent, child, 1, number, style or "ListBullet", narrow) for child in item.children)
        return lines

    def _line(self, parent: Element, item: ListItem, level: int, number: str, style: str, narrow: bool) -> Element:
        made = self._in(parent, style)
        numbered = _w(_properties(made), "numPr")
        _w(numbered, "ilvl", val=level)
        _w(numbered, "numId", val=number)
        if narrow:
            _w(_properties(made), "ind", left=200 * (level + 1), hanging=200)
        self._runs(made, item.runs)
        return made

    def _in(self, parent: Element, style: str) -> Element:
        return self._new(style) if parent is self._body else _paragraph(parent, style)

    def _new_count(self) -> str:
        """A list that counts from one again."""
        self._lists += 1
        numbering = self._word.part.numbering_part.element
        made = _w(numbering, "num", numId=self._lists)
        _w(made, "abstractNumId", val=_COUNTED)
        _w(_w(made, "lvlOverride", ilvl=0), "startOverride", val=1)
        return str(self._lists)

    def _note(self, block: Note) -> None:
        border, fill = _TONES[block.tone]
        made: list[Element] = []
        if block.title:
            made.append(self._new("NoteTitle"))
            _words(made[0], block.title)
        for part in block.blocks:
            made.extend(self._flow(self._body, part, style="Note"))
        for paragraph in made:
            properties = _properties(paragraph)
            edges = _w(properties, "pBdr")
            _w(edges, "left", val="single", sz=24, space=8, color=border)
            _w(properties, "shd", val="clear", color="auto", fill=fill)
            if properties.find(f"{{{_W}}}numPr") is not None:
                # The frame begins where the first line does: the same place for a bullet and for a paragraph.
                _w(properties, "ind", left=480, hanging=260, right=120)
            _in_order(properties)

    def _signature(self, block: Signature) -> None:
        name = self._new("Signature")
        properties = _properties(name)
        if block.line:
            _w(_w(properties, "pBdr"), "top", val="single", sz=6, space=4, color="1B2430")
        _w(properties, "spacing", before=1400, after=0)
        _in_order(properties)
        _words(name, block.name, bold=True)
        self._say("Signature", block.cargo)
        self._say("Signature", block.detail)
        last = self._body[self._body.index(self._end) - 1]
        _w(_properties(last), "keepNext", val=0)
        _in_order(_properties(last))

    def _figure(self, block: Figure) -> None:
        size = figure_size(block)
        made = self._new("Picture")
        picture = (
            WordParagraph(made, self._word._body)
            .add_run()
            .add_picture(
                io.BytesIO(self._draughtsman.png(block.svg, size)),
                width=Pt(size.width),
                height=Pt(size.height),
            )
        )
        for side in ("distT", "distB", "distL", "distR"):
            picture._inline.set(side, "0")
        picture._inline.docPr.set("descr", block.alt)
        picture._inline.docPr.set("name", f"Figura {block.number}" if block.number else "Figura")
        self._caption(block.label, block.anchor)
        self._say("Source", f"Fuente: {block.source}" if block.source else "")

    def _caption(self, label: str, anchor: str) -> Element:
        made = self._new("Caption")
        self._place(made, anchor)
        _words(made, label)
        self._close_place(made, anchor)
        return made

    def _table(self, block: Table) -> None:
        _w(_properties(self._caption(block.label, block.anchor)), "keepNext")
        _in_order(_properties(self._body[self._body.index(self._end) - 1]))
        widths = [round(width * 20) for width in columns(block).widths]
        made = _w(self._body, "tbl")
        self._end.addprevious(made)
        properties = _w(made, "tblPr")
        _w(properties, "tblStyle", val="AcogidaTable")
        _w(properties, "tblW", w=sum(widths), type="dxa")
        _w(properties, "tblLayout", type="fixed")
        _w(
            properties,
            "tblLook",
            val=f"{_LOOK | 0x40 * block.total_row | 0x80 * block.header_column:04X}",
            firstRow=1,
            lastRow=int(block.total_row),
            firstColumn=int(block.header_column),
            lastColumn=0,
            noHBand=1,
            noVBand=1,
        )
        _w(properties, "tblCaption", val=block.label)
        grid = _w(made, "tblGrid")
        for width in widths:
            _w(grid, "gridCol", w=width)
        self._row(made, block, block.head, widths, part="head")
        for at, row in enumerate(block.rows):
            total = block.total_row and at == len(block.rows) - 1
            self._row(made, block, row, widths, part="total" if total else "body")
        self._say("Source", f"Fuente: {block.source}" if block.source else "\u00a0")

    def _row(
        self,
        table: Element,
        block: Table,
        row: Sequence[Cell],
        widths: Sequence[int],
        *,
        part: Literal["head", "body", "total"],
    ) -> None:
        made = _w(table, "tr")
        properties = _w(made, "trPr")
        if not splits(row, [width / 20 for width in widths], type_size(block)):
            _w(properties, "cantSplit")
        if part == "head":
            _w(properties, "tblHeader")
        letter = type_size(block)
        style = "TableTextTiny" if letter < 8.5 else "TableTextSmall" if letter < 9 else "TableText"
        for at, (cell, width) in enumerate(zip(row, widths, strict=True)):
            box = _w(made, "tc")
            _w(_w(box, "tcPr"), "tcW", w=width, type="dxa")
            bold = part != "body" or (block.header_column and at == 0)
            lines = [
                line for inside in cell.blocks for line in self._flow(box, inside, style=style, bold=bold, narrow=True)
            ] or [_paragraph(box, style)]
            if at in block.numeric:
                for line in lines:
                    _w(_properties(line), "jc", val="right")

    # Runs, places, notes

    def _runs(self, paragraph: Element, runs: Runs, *, bold: bool = False) -> None:
        for run in runs:
            if isinstance(run, Footnote):
                self._call_note(paragraph, run)
            else:
                parent = self._linked(paragraph, run, self._word.part)
                _words(
                    parent,
                    run.text,
                    bold=bold or run.bold,
                    italic=run.italic,
                    style="Hyperlink" if parent is not paragraph else "",
                )

    def _linked(self, paragraph: Element, run: Run, part: Part) -> Element:
        """Where the run goes: the paragraph, or a hyperlink in it if it has somewhere to go."""
        if run.link.startswith("#"):
            place = self._bookmarks.get(run.link[1:])
            return _w(paragraph, "hyperlink", anchor=place, history=1) if place else paragraph
        if not run.link:
            return paragraph
        made = _w(paragraph, "hyperlink", history=1)
        made.set(f"{{{_R}}}id", part.relate_to(run.link, RELATIONSHIP_TYPE.HYPERLINK, is_external=True))
        return made

    def _call_note(self, paragraph: Element, note: Footnote) -> None:
        number = len(self._notes) - 1
        call = _w(paragraph, "r")
        _w(_w(call, "rPr"), "rStyle", val="FootnoteReference")
        _w(call, "footnoteReference", id=number)

        kept = _w(self._notes, "footnote", id=number)
        line = _paragraph(kept, "FootnoteText")
        mark = _w(line, "r")
        _w(_w(mark, "rPr"), "rStyle", val="FootnoteReference")
        _w(mark, "footnoteRef")
        _words(line, " ")
        parent = self._linked(line, note, self._notes_part)
        _words(parent, note.text, style="Hyperlink" if parent is not line else "")

    def _keep_notes(self) -> None:
        if len(self._notes) <= 2:
            return
        self._notes_part._blob = etree.tostring(self._notes, xml_declaration=True, encoding="UTF-8", standalone=True)
        self._word.part.relate_to(self._notes_part, RELATIONSHIP_TYPE.FOOTNOTES)

    def _named_places(self) -> dict[str, str]:
        """A bookmark name for each anchor: Word takes forty letters, figures and low lines."""
        anchors = [
            block.anchor
            for block in self._document.blocks
            if isinstance(block, (Heading, Table, Figure)) and block.anchor
        ]
        return {anchor: f"a{at}_{anchor[:30].replace('-', '_')}" for at, anchor in enumerate(anchors, 1)}

    def _place(self, paragraph: Element, anchor: str) -> None:
        if anchor:
            self._placed += 1
            _w(paragraph, "bookmarkStart", id=self._placed, name=self._bookmarks[anchor])

    def _close_place(self, paragraph: Element, anchor: str) -> None:
        if anchor:
            _w(paragraph, "bookmarkEnd", id=self._placed)


_PROPERTY_ORDER = [
    "pStyle",
    "keepNext",
    "keepLines",
    "pageBreakBefore",
    "numPr",
    "pBdr",
    "shd",
    "tabs",
    "spacing",
    "ind",
    "jc",
    "outlineLvl",
]


def _in_order(properties: Element) -> None:
    """Word reads the properties of a paragraph only in the order of its schema."""
    properties[:] = sorted(properties, key=lambda child: _PROPERTY_ORDER.index(etree.QName(child).localname))


def _refill(element: Element, name: str) -> None:
    """Puts our own part in place of the one that the library brings."""
    for child in list(element):
        element.remove(child)
    element.extend(etree.parse(_TEMPLATE / name).getroot())


_AFTER_COMPAT = [
    "docVars",
    "rsids",
    "mathPr",
    "attachedSchema",
    "themeFontLang",
    "clrSchemeMapping",
    "doNotIncludeSubdocsInStats",
    "shapeDefaults",
    "decimalSymbol",
    "listSeparator",
]


def _place_for_compat(settings: Element) -> int:
    for at, child in enumerate(settings):
        if etree.QName(child).localname in _AFTER_COMPAT:
            return at
    return len(settings)
