"""The Typst engine: PDF out of a document, and PNG out of a drawing.

Only our template, our fonts and the document's data go in: no system fonts, no network, no packages. A figure
without a text alternative stops the build, because PDF/UA-1 asks for it. Runs in the worker process.
"""

import importlib.util
import json
import re
import unicodedata
from datetime import UTC, datetime
from pathlib import Path

import typst

from acogida.adapters.documents.layout import Size, for_typst
from acogida.kernel.document import Document

TEMPLATE = Path(__file__).parent / "template"
STANDARDS: "list[typst.PDFStandard]" = ["ua-1", "a-3a"]

TYPEFACE = "Source Sans Pro"
_NO_PACKAGES = TEMPLATE / "no-packages"
"""A folder that does not exist: the template imports nothing, and could not if it tried."""

_WITHOUT_INK = dict.fromkeys("\u200c\u200d\u200e\u200f\ufe0e\ufe0f", "")
"""Joiners and direction marks: the engine writes them into the letter beside them, and copies of it carry them."""
NO_GLYPH = "□"
_UNSHOWN = re.compile(r'the text `"(.+?)"` could not be displayed')


class Typesetter:
    """Holds the fonts and what was learned of them, so that only the first document pays for it."""

    def __init__(self) -> None:
        self._fonts = _fonts()
        self._compiler = self._made("document.typ")
        self._drawings = self._made("drawing.typ")
        self._probe = self._made("probe.typ")
        self._shown: set[str] = set()
        self._unshown: dict[str, str] = {}

    def pdf(self, document: Document) -> bytes:
        """This method will give a tagged PDF/UA-1 + PDF/A-3a. The same document gives the same bytes."""
        data = self._with_glyphs(json.dumps(for_typst(document), ensure_ascii=False))
        day = document.date
        made = self._compiler.compile(
            format="pdf",
            sys_inputs={"doc": data},
            pdf_standards=STANDARDS,
            timestamp=datetime(day.year, day.month, day.day, 12, tzinfo=UTC),
        )
        return _single(made)

    def png(self, svg: str, size: Size, *, ppi: float = 200) -> bytes:
        """This method will give a drawing as PNG of `size` points at `ppi` dots per inch, on white."""
        inputs = {"svg": svg, "width": str(size.width), "height": str(size.height)}
        return _single(self._drawings.compile(format="png", sys_inputs=inputs, ppi=ppi))

    def _made(self, name: str) -> typst.Compiler:
        return typst.Compiler(
            TEMPLATE / name,
            root=TEMPLATE,
            font_paths=self._fonts,
            ignore_system_fonts=True,
            package_path=_NO_PACKAGES,
            package_cache_path=_NO_PACKAGES,
        )

    def _with_glyphs(self, text: str) -> str:
        """The same text with a box where our fonts have no letter (an emoji, a Chinese name): PDF/UA-1 and
        PDF/A refuse a page with letters that don't show, and one of them must not cost the document."""
        letters = set(text)
        self._learn({letter for letter in letters if letter > "\u00ff"} - self._shown - self._unshown.keys())
        swaps = {ord(letter): swap for letter, swap in (self._unshown | _WITHOUT_INK).items() if letter in letters}
        return text.translate(swaps) if swaps else text

    def _learn(self, letters: set[str]) -> None:
        if not letters:
            return
        inputs = {"letters": "".join(sorted(letters))}
        try:
            self._probe.compile(format="pdf", sys_inputs=inputs, pdf_standards=STANDARDS, timestamp=0)
        except typst.TypstError as refused:
            named = set(_UNSHOWN.findall(refused.diagnostic)) & letters
            if not named and len(letters) > 1:
                half = set(sorted(letters)[: len(letters) // 2])
                self._learn(half)
                self._learn(letters - half)
                return
            for letter in named or letters:
                joins = unicodedata.category(letter) in ("Mn", "Cf", "Me")
                self._unshown[letter] = "" if joins else NO_GLYPH
            self._learn(letters - self._unshown.keys())
        else:
            self._shown |= letters


def _fonts() -> typst.Fonts:
    """The typeface, from the package that carries it, and the three that come inside Typst for letters it
    lacks."""
    package = importlib.util.find_spec("font_source_sans_pro")
    if package is None or not package.submodule_search_locations:
        raise RuntimeError("the package font-source-sans-pro is not installed")
    folder = Path(package.submodule_search_locations[0]) / "files"
    found = typst.Fonts(include_system_fonts=False, font_paths=[folder])
    if TYPEFACE not in found.families():
        raise RuntimeError(f"no {TYPEFACE} in {folder}")
    return found


def _single(made: bytes | list[bytes] | None) -> bytes:
    if not isinstance(made, bytes):
        raise RuntimeError("the engine gave no single file")
    return made
