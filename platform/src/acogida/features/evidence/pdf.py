"""What moves inside a PDF: what it would run, open, send or carry when somebody opens it.

The bytes are searched first, in any way that a name may be written; then the objects are walked as a reader would,
which sees through compression and through a protection without password. Both are bounded: what is not seen within the
bounds is not found. Nothing is drawn.
"""

import logging
import re
import time
import zlib
from collections.abc import Iterator
from typing import IO, Any

logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # it tells each oddity of each file; we only ask whether it moves
_MOST_INFLATED = 8_000_000
_MOST_OPENED = 64_000_000
"""Bytes read and opened, in all, when looking inside the streams of one PDF: half a second of work."""
_MOST_STREAMS = 20_000
_MOST_OBJECTS = 40_000
_MOST_SECONDS = 3.0

RUNS_CODE = "trae instrucciones (JavaScript) que se ejecutan al abrirlo"
STARTS_PROGRAM = "trae una orden que abre otro programa al leerlo"
CARRIES_FILES = "lleva otros archivos adjuntos en su interior"
SENDS_DATA = "trae un formulario que envía lo que se escribe a otro lugar"
MULTIMEDIA = "trae contenido multimedia que ejecuta instrucciones"
LOCKED = "tiene contraseña y no podemos revisar su contenido"


def _named(word: str) -> str:
    """A PDF name, in any of the ways that a file may write it: `/Launch` is also `/L#61unch`."""
    return "".join(f"(?:{letter}|#{ord(letter):02x}|#{ord(letter):02X})" for letter in word)


_NAMES = {
    "JavaScript": RUNS_CODE,
    "Launch": STARTS_PROGRAM,
    "EmbeddedFile": CARRIES_FILES,
    "EmbeddedFiles": CARRIES_FILES,
    "RichMedia": MULTIMEDIA,
}
_WRITTEN = re.compile("/(?:{})(?![\\w])".format("|".join(f"(?P<{name}>{_named(name)})" for name in _NAMES)).encode())
_ACTIONS = {
    "/JavaScript": RUNS_CODE,
    "/Launch": STARTS_PROGRAM,
    "/SubmitForm": SENDS_DATA,
    "/ImportData": SENDS_DATA,
    "/GoToE": CARRIES_FILES,
    "/RichMediaExecute": MULTIMEDIA,
    "/Rendition": MULTIMEDIA,
}


def moves(file: IO[bytes]) -> str:
    """This function will say what in the PDF could hurt whoever opens it, or give nothing."""
    file.seek(0)
    content = file.read()
    for part in (content, *_object_streams(content)):
        if found := _WRITTEN.search(part):
            return _NAMES[str(found.lastgroup)]
    return _walk(file)


def _object_streams(content: bytes) -> Iterator[bytes]:
    """Objects may hide inside compressed streams: each is opened within a budget, and what does not open is left."""
    budget, at = _MOST_OPENED, 0
    for _ in range(_MOST_STREAMS):
        at = content.find(b"/ObjStm", at) + 1
        word = content.find(b"stream", at, at + 400)
        if not at:
            return
        if word < 0:
            continue
        start = word + (8 if content[word + 6 : word + 8] == b"\r\n" else 7)
        end = content.find(b"endstream", start, start + _MOST_INFLATED)
        packed = content[start : end if end >= 0 else start + _MOST_INFLATED]
        try:
            opened = zlib.decompressobj().decompress(packed, _MOST_INFLATED)
        except zlib.error:
            opened = b""
        budget -= len(packed) + len(opened)
        if budget < 0:
            return
        yield opened


def _walk(file: IO[bytes]) -> str:
    """As a reader goes from the catalogue to each object. A file that no reader understands has nothing to run."""
    from pypdf import PasswordType, PdfReader

    file.seek(0)
    try:
        reader = PdfReader(file)
        if reader.is_encrypted and reader.decrypt("") == PasswordType.NOT_DECRYPTED:
            return LOCKED
        return next(_found(reader.trailer.get("/Root")), "")
    except Exception:  # noqa: BLE001 because a file made wrong on purpose fails in any way; the bytes were searched
        return ""


def _found(root: Any) -> Iterator[str]:
    from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject

    deadline = time.monotonic() + _MOST_SECONDS
    waiting, seen = [root], set()
    while waiting and len(seen) < _MOST_OBJECTS and time.monotonic() < deadline:
        item = waiting.pop()
        if isinstance(item, IndirectObject):
            if (item.idnum, item.generation) in seen:
                continue
            seen.add((item.idnum, item.generation))
            item = item.get_object()
        if isinstance(item, DictionaryObject):
            if why := _why(item):
                yield why
            waiting.extend(item.values())
        elif isinstance(item, ArrayObject):
            waiting.extend(item)


def _why(item: Any) -> str:
    if "/JS" in item or "/JavaScript" in item:
        return RUNS_CODE
    if "/EmbeddedFiles" in item or item.get("/Type") == "/EmbeddedFile" or item.get("/Subtype") == "/FileAttachment":
        return CARRIES_FILES
    if item.get("/Subtype") == "/RichMedia":
        return MULTIMEDIA
    kind = item.get("/S")
    return _ACTIONS.get(str(kind), "") if isinstance(kind, str) else ""
