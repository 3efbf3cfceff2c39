"""A file on its way in: received within its limit, recognised by its content, and drawn again if it is a picture.

Nothing here is kept: what comes out is a content ready for the store, with the hashes of what came and of what stays.
"""

import asyncio
import hashlib
import re
import unicodedata
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import PurePosixPath
from tempfile import SpooledTemporaryFile
from typing import IO, Protocol

from acogida.features.evidence import images
from acogida.features.evidence.inspection import EXTENSIONS, Refused, Type, inspect
from acogida.kernel.errors import Rejected

PIECE = 256 * 1024
_IN_MEMORY = 1_000_000


class Upload(Protocol):
    """A file on its way in, as the web framework gives it."""

    filename: str

    async def read(self, size: int = -1, /) -> bytes: ...

    async def seek(self, offset: int, /) -> int: ...


@dataclass(frozen=True, slots=True)
class Content:
    """What will be kept. `sent_sha256` is of what came; for anything but a picture it is the same as `sha256`."""

    file: IO[bytes]
    name: str
    media_type: str
    size: int
    sha256: str
    sent_sha256: str
    width: int | None = None
    height: int | None = None

    async def pieces(self) -> AsyncIterator[bytes]:
        """This method will give the content from its beginning."""
        self.file.seek(0)
        while piece := await asyncio.to_thread(self.file.read, PIECE):
            yield piece


@asynccontextmanager
async def received(upload: Upload, *, limit: int, allow: Collection[str], field: str) -> AsyncIterator[Content]:
    """This function will receive the upload, or raise `Rejected` with the reason beside `field`.

    `limit` is in bytes of what is sent; `allow` are families (pdf, image, office, audio).
    """
    name = clean_name(upload.filename)
    with SpooledTemporaryFile(max_size=_IN_MEMORY) as spool:
        size, sha256 = await _receive(upload, spool, name, limit, field)
        try:
            found = await asyncio.to_thread(inspect, spool, name=name, size=size, allow=allow)
            if found.family != "image":
                yield Content(spool, with_extension(name, found.extensions), found.media_type, size, sha256, sha256)
                return
            drawn = await asyncio.to_thread(images.draw_again, spool, found.media_type)
        except Refused as refused:
            raise Rejected(fields={field: str(refused)}) from refused
        except images.NotAnImage as broken:
            raise Rejected(
                fields={
                    field: f"No guardamos «{name}»: {broken}. Lo demás sigue como estaba. "
                    "Ábrala en su equipo para comprobarla, o tómela de nuevo."
                }
            ) from broken
        with drawn.file:
            yield await redrawn(drawn, name=name, found=found, sent_sha256=sha256)


async def redrawn(drawn: images.Drawn, *, name: str, found: Type | None = None, sent_sha256: str = "") -> Content:
    """This function will give a picture that we drew as a content to keep."""
    sha256, size = await asyncio.to_thread(_digest, drawn.file)
    same = found is not None and found.media_type == drawn.media_type
    extensions = (
        found.extensions if found and same else (f".{drawn.media_type.removeprefix('image/')}".replace("jpeg", "jpg"),)
    )
    return Content(
        drawn.file,
        with_extension(name, extensions),
        drawn.media_type,
        size,
        sha256,
        sent_sha256,
        drawn.width,
        drawn.height,
    )


def clean_name(name: str) -> str:
    """This function will give a file's name without paths, control characters or reversing marks, 160 characters at most."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    kept = "".join(letter for letter in last if unicodedata.category(letter)[0] != "C")
    kept = " ".join(kept.split()).strip(". ")
    stem, extension = PurePosixPath(kept or "archivo").stem, PurePosixPath(kept or "archivo").suffix
    return f"{stem.rstrip('. ')[: 160 - len(extension[:12])]}{extension[:12]}"


def with_extension(name: str, extensions: tuple[str, ...]) -> str:
    """This function will give the name with an extension that tells the truth, so that it opens where it is downloaded."""
    extension = PurePosixPath(name.lower()).suffix
    if extension in extensions or (extension == ".jpeg" and ".jpg" in extensions):
        return name
    return f"{PurePosixPath(name).stem if extension in EXTENSIONS else name}{extensions[0]}"


def _digest(file: IO[bytes]) -> tuple[str, int]:
    file.seek(0)
    digest, size = hashlib.sha256(), 0
    while piece := file.read(PIECE):
        digest.update(piece)
        size += len(piece)
    return digest.hexdigest(), size


async def _receive(upload: Upload, spool: IO[bytes], name: str, limit: int, field: str) -> tuple[int, str]:
    digest, size = hashlib.sha256(), 0
    await upload.seek(0)
    while piece := await upload.read(PIECE):
        size += len(piece)
        if size > limit:
            raise Rejected(
                fields={
                    field: f"No guardamos «{name}»: pesa más de {limit // 1_000_000} MB. Lo demás sigue como estaba. "
                    "Suba una versión más liviana, por ejemplo escaneada en blanco y negro."
                }
            )
        digest.update(piece)
        await asyncio.to_thread(spool.write, piece)
    return size, digest.hexdigest()
