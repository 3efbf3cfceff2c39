"""What a file really is, by its content and never by its name; and the refusal of those that could hurt.

It takes PDF, photographs (JPEG, PNG, WebP, HEIC), Word, Excel or PowerPoint without macros and, where asked, sound. It
refuses, each with its own sentence, drawings and pages that run code (SVG, HTML), programs, documents with macros,
controls or things embedded in them, PDF in which something moves, files that are not what they say, and compressed ones
that would swell when opened. Nothing is drawn or extracted here.
"""

import zipfile
import zlib
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import IO

import filetype

from acogida.features.evidence import pdf

MOST_ENTRIES = 5_000
MOST_UNPACKED = 300_000_000
"""Bytes that a compressed document may take once opened."""
MOST_RATIO = 200
"""How many times bigger a compressed document may become when opened."""
_MOST_DIRECTORY = 2_000_000
_MOST_TYPES = 2_000_000
_HEAD = 8192

FAMILIES = {
    "pdf": "un PDF",
    "image": "una foto (JPEG, PNG, WebP o HEIC)",
    "office": "un documento de Word, Excel o PowerPoint sin macros (.docx, .xlsx o .pptx)",
    "audio": "una grabación de audio (MP3, M4A, OGG o WAV)",
}


@dataclass(frozen=True, slots=True)
class Type:
    """A kind of content that we keep."""

    media_type: str
    family: str
    extensions: tuple[str, ...]
    name: str


PDF = Type("application/pdf", "pdf", (".pdf",), "un PDF")
_IMAGES = {
    "image/jpeg": Type("image/jpeg", "image", (".jpg", ".jpeg", ".jfif"), "una foto JPEG"),
    "image/png": Type("image/png", "image", (".png",), "una imagen PNG"),
    "image/webp": Type("image/webp", "image", (".webp",), "una imagen WebP"),
    "image/heic": Type("image/heic", "image", (".heic", ".heif"), "una foto HEIC"),
}
_OOXML = "application/vnd.openxmlformats-officedocument."
_OFFICE = {
    f"{_OOXML}wordprocessingml.document": Type(
        f"{_OOXML}wordprocessingml.document", "office", (".docx",), "un documento de Word"
    ),
    f"{_OOXML}spreadsheetml.sheet": Type(f"{_OOXML}spreadsheetml.sheet", "office", (".xlsx",), "una planilla de Excel"),
    f"{_OOXML}presentationml.presentation": Type(
        f"{_OOXML}presentationml.presentation", "office", (".pptx",), "una presentación de PowerPoint"
    ),
}
_AUDIO = {
    "audio/mpeg": Type("audio/mpeg", "audio", (".mp3",), "un audio MP3"),
    "audio/mp4": Type("audio/mp4", "audio", (".m4a", ".mp4"), "un audio M4A"),
    "audio/ogg": Type("audio/ogg", "audio", (".ogg", ".oga", ".opus"), "un audio OGG"),
    "audio/wav": Type("audio/wav", "audio", (".wav",), "un audio WAV"),
}
_AUDIO_OF = {"audio/x-wav": "audio/wav", "audio/aac": "", "audio/m4a": "audio/mp4", "audio/opus": "audio/ogg"}
_SAID = {kind.extensions[0]: kind.name for kind in (PDF, *_OFFICE.values())}
EXTENSIONS = {*_SAID, *(end for kind in (*_IMAGES.values(), *_AUDIO.values()) for end in kind.extensions)}
_SOUNDS = {end for kind in _AUDIO.values() for end in kind.extensions}


def spoken(media_type: str) -> str:
    """This function will give the name of a kind of content on the screen, «Una foto JPEG»."""
    kept = (PDF, *_IMAGES.values(), *_OFFICE.values(), *_AUDIO.values())
    name = next((kind.name for kind in kept if kind.media_type == media_type), media_type)
    return name[:1].upper() + name[1:]


class Refused(ValueError):
    """This file is not kept; the sentence says what happened, what was kept and what to do."""


def inspect(file: IO[bytes], *, name: str, size: int, allow: Collection[str]) -> Type:
    """This function will say what the content of `file` is, or raise `Refused`. `file` must be seekable.

    `allow` are families: pdf, image, office.
    """
    if size == 0:
        raise _refusal(name, "está vacío: no trae ningún contenido", "Revise el original y súbalo otra vez.")
    file.seek(0)
    head = file.read(_HEAD)
    found = _recognise(file, head, name, allow)
    if found.family not in allow:
        raise _refusal(name, f"es {found.name} y aquí no se puede usar", f"Suba {_wanted(allow)}.")
    return found


def _recognise(file: IO[bytes], head: bytes, name: str, allow: Collection[str]) -> Type:
    if head.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"%PDF-"):
        return _check_pdf(file, name)
    if head.startswith(b"PK\x03\x04"):
        return _check_office(file, name, allow)
    if (guessed := filetype.guess(head)) and guessed.mime in _IMAGES:
        return _IMAGES[guessed.mime]
    if guessed and (found := _AUDIO.get(_AUDIO_OF.get(guessed.mime, guessed.mime))):
        return found
    raise _not_kept(head, name, guessed.mime if guessed else "", allow)


def _not_kept(head: bytes, name: str, mime: str, allow: Collection[str]) -> Refused:
    """Why content of no kind that we keep is refused."""
    start = head.lstrip().lower()
    if b"<svg" in start:
        return _refusal(
            name,
            "es un dibujo SVG, que puede llevar instrucciones para el navegador",
            "Guárdelo como PNG o PDF y súbalo.",
        )
    if start.startswith((b"<!doctype html", b"<html", b"<script", b"<?php")) or b"<html" in start:
        return _refusal(
            name, "es una página web, que puede llevar instrucciones para el navegador", "Imprímala como PDF y súbalo."
        )
    if head.startswith((b"MZ", b"\x7fELF", b"#!", b"\xca\xfe\xba\xbe", b"\xcf\xfa\xed\xfe")):
        return _refusal(name, "es un programa, y los programas no se guardan aquí", f"Suba {_wanted(allow)}.")
    if head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return _refusal(
            name,
            "está en un formato antiguo de Office (.doc, .xls o .ppt) o tiene contraseña, y no podemos revisar su contenido",
            "Ábralo, quítele la contraseña si la tiene, guárdelo como .docx, .xlsx, .pptx o PDF y súbalo.",
        )
    extension = PurePosixPath(name.lower()).suffix
    if extension in EXTENSIONS:
        said = _SAID.get(extension, "un audio" if extension in _SOUNDS else "una foto")
        return _refusal(
            name,
            f"dice ser {said}, pero su contenido es otra cosa o está dañado",
            f"Ábralo en su equipo para comprobarlo y suba {_wanted(allow)}.",
        )
    kind = f" ({mime})" if mime else ""
    return _refusal(name, f"es de un tipo que no se guarda aquí{kind}", f"Suba {_wanted(allow)}.")


# PDF


def _check_pdf(file: IO[bytes], name: str) -> Type:
    size = file.seek(0, 2)
    file.seek(max(0, size - 16_384))
    if b"%%EOF" not in file.read():
        raise _refusal(
            name,
            "empieza como un PDF, pero está cortado: le falta el final",
            "Vuelva a escanearlo o descárguelo otra vez, compruebe que abre y súbalo.",
        )
    if why := pdf.moves(file):
        raise _refusal(name, why, _INSTEAD.get(why, "Imprímalo como PDF, o escanéelo, y suba esa copia."))
    return PDF


_INSTEAD = {
    pdf.CARRIES_FILES: "Suba por separado cada documento que lleva dentro, y éste sin ellos.",
    pdf.LOCKED: "Ábralo, guárdelo sin contraseña y súbalo.",
}


# Word, Excel, PowerPoint


def _check_office(file: IO[bytes], name: str, allow: Collection[str]) -> Type:
    _check_directory(file, name)
    try:
        with zipfile.ZipFile(file) as packed:
            entries = packed.infolist()
            _check_bulk(entries, name)
            return _office_type(packed, {entry.filename for entry in entries}, name, allow)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, OSError, ValueError) as broken:
        if isinstance(broken, Refused):
            raise
        raise _refusal(
            name, "está dañado o protegido y no se puede abrir", "Ábralo en su equipo, guárdelo de nuevo y súbalo."
        ) from broken


def _check_directory(file: IO[bytes], name: str) -> None:
    """Read the end of the archive by hand: a directory of half a million entries must not even be listed."""
    size = file.seek(0, 2)
    start = max(0, size - 65_557)
    file.seek(start)
    tail = file.read()
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) < at + 22:
        raise _refusal(name, "está cortado: le falta el final", "Ábralo en su equipo, guárdelo de nuevo y súbalo.")
    entries = int.from_bytes(tail[at + 10 : at + 12], "little")
    directory = int.from_bytes(tail[at + 12 : at + 16], "little")
    if entries > MOST_ENTRIES or directory > _MOST_DIRECTORY:
        raise _too_much(name, f"contiene más de {MOST_ENTRIES:,} partes".replace(",", "."))


def _check_bulk(entries: list[zipfile.ZipInfo], name: str) -> None:
    names = [entry.filename for entry in entries]
    if len(entries) > MOST_ENTRIES:
        raise _too_much(name, f"contiene más de {MOST_ENTRIES:,} partes".replace(",", "."))
    unpacked = sum(entry.file_size for entry in entries)
    packed = max(1, sum(entry.compress_size for entry in entries))
    if unpacked > MOST_UNPACKED:
        raise _too_much(name, f"al abrirse ocuparía más de {MOST_UNPACKED // 1_000_000} MB")
    if unpacked > 1_000_000 and unpacked / packed > MOST_RATIO:
        raise _too_much(name, f"al abrirse crecería más de {MOST_RATIO} veces")
    if len(set(names)) != len(names):
        raise zipfile.BadZipFile("two entries with one name")


def _office_type(packed: zipfile.ZipFile, names: set[str], name: str, allow: Collection[str]) -> Type:
    if "[Content_Types].xml" not in names:
        raise _refusal(
            name,
            "es un archivo comprimido (ZIP)",
            f"Descomprímalo y suba cada documento por separado: {_wanted(allow)}.",
        )
    lowered = {entry.lower() for entry in names}
    declared = packed.open("[Content_Types].xml").read(_MOST_TYPES).decode("utf-8", "replace")
    if (
        any(entry.endswith(("vbaproject.bin", "vbadata.xml")) or "/macrosheets/" in entry for entry in lowered)
        or "macroenabled" in declared.lower()
    ):
        raise _refusal(
            name,
            "trae macros, que pueden dar órdenes a los equipos de quienes lo abran",
            "Guárdelo sin macros (.docx, .xlsx o .pptx) o como PDF y súbalo.",
        )
    if any("/activex/" in entry for entry in lowered):
        raise _refusal(
            name, "trae controles que ejecutan instrucciones (ActiveX)", "Guárdelo como PDF y suba esa copia."
        )
    if any("/embeddings/" in entry and entry.endswith(".bin") for entry in lowered):
        raise _refusal(
            name,
            "lleva otro archivo incrustado (OLE), y no podemos revisar lo que hace",
            "Guárdelo como PDF y suba esa copia; lo incrustado, por separado.",
        )
    if _calls_a_remote_template(packed, names):
        raise _refusal(
            name,
            "al abrirlo trae una plantilla desde otro lugar, que puede dar órdenes al equipo",
            "Guárdelo como PDF y suba esa copia.",
        )
    for media_type, found in _OFFICE.items():
        if f"{media_type}.main+xml" in declared:
            return found
    raise _refusal(name, "es un archivo comprimido que no es Word, Excel ni PowerPoint", f"Suba {_wanted(allow)}.")


def _calls_a_remote_template(packed: zipfile.ZipFile, names: set[str]) -> bool:
    """A document may name, in its relations, a template of another machine: its macros would run."""
    for entry in names:
        if entry.lower().endswith("settings.xml.rels"):
            said = packed.open(entry).read(_MOST_TYPES).decode("utf-8", "replace").lower()
            if "attachedtemplate" in said and 'targetmode="external"' in said and "http" in said:
                return True
    return False


def _too_much(name: str, why: str) -> Refused:
    return _refusal(
        name,
        f"{why}, y podría bloquear el equipo de quien lo abra",
        "Guárdelo de nuevo desde el programa, o como PDF, y súbalo.",
    )


def _wanted(allow: Collection[str]) -> str:
    words = [words for family, words in FAMILIES.items() if family in allow]
    return words[0] if len(words) == 1 else ", ".join(words[:-1]) + " o " + words[-1]


def _refusal(name: str, why: str, do: str) -> Refused:
    return Refused(f"No guardamos «{name}»: {why}. Lo demás sigue como estaba. {do}")
