"""Opening what is kept: who asks has been let in by the door, the row is looked for in their workspace, and only then
the store is asked. What is not there and what is another's give the same answer."""

import asyncio
import hashlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from tempfile import SpooledTemporaryFile
from typing import IO, Literal
from uuid import UUID

from acogida.features.evidence import images, store
from acogida.features.evidence.model import File
from acogida.kernel.errors import NotFound, Problem
from acogida.kernel.ports import Files
from acogida.kernel.storage import Damaged
from acogida.kernel.work import Work

_IN_MEMORY = 4_000_000


class Closed(Problem):
    """The file is there and nobody may open it: not looked at yet, or found bad."""

    status = 409
    code = "file_closed"
    sentence = "Este archivo no se puede abrir."


_CLOSED = {
    "waiting": "El antivirus todavía no revisa este archivo. Vuelva a intentarlo en unos minutos.",
    "infected": "El antivirus encontró algo dañino en este archivo y lo apartó. Súbalo de nuevo desde un equipo limpio.",
    "damaged": (
        "El almacén tiene este archivo dañado: ya no es el que se guardó. Súbalo de nuevo y avise a quien administra Acogida."
    ),
}


async def openable(work: Work, file_id: UUID) -> File:
    """This function will give the row of a file that may be opened, or raise `NotFound` or `Closed`."""
    row = await store.file(work, file_id)
    if row.state != "ready":
        raise Closed(_CLOSED[row.state])
    return row


async def open_file(work: Work, files: Files, file_id: UUID) -> tuple[File, AsyncIterator[bytes]]:
    """This function will give a file's row and its content in pieces, or raise `NotFound` or `Closed` before any piece."""
    row = await openable(work, file_id)
    return row, await _opened(files.get(work.tenant.id, row.storage_key))


async def open_picture(work: Work, files: Files, file_id: UUID, size: Literal["thumb", "view"]) -> AsyncIterator[bytes]:
    """This function will give a smaller picture of a photograph (JPEG), or raise `NotFound` where it is not made."""
    row = await openable(work, file_id)
    if not row.pictured:
        raise NotFound
    return await _opened(files.get(work.tenant.id, f"{row.storage_key}.{size}"))


@asynccontextmanager
async def in_hand(work: Work, files: Files, row: File) -> AsyncIterator[IO[bytes]]:
    """This function will bring the whole content here, or raise `Damaged` where it is not the one that was kept."""
    with SpooledTemporaryFile(max_size=_IN_MEMORY) as spool:
        digest = hashlib.sha256()
        async for piece in files.get(work.tenant.id, row.storage_key):
            digest.update(piece)
            spool.write(piece)
        if digest.hexdigest() != row.sha256:
            raise Damaged(_CLOSED["damaged"])
        yield spool


async def _opened(pieces: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """The same pieces once the first is here: what fails, fails before the answer begins."""
    first = await anext(pieces, b"")
    return _chain(first, pieces)


async def _chain(first: bytes, rest: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    yield first
    async for piece in rest:
        yield piece


async def part_of(work: Work, files: Files, file_id: UUID, area: images.Area, longest: int) -> bytes:
    """This function will give one part of a photograph as a JPEG, or raise `NotFound` where it is not one."""
    row = await openable(work, file_id)
    if not row.media_type.startswith("image/"):
        raise NotFound
    async with in_hand(work, files, row) as content:
        try:
            drawn = await asyncio.to_thread(images.cut, content, row.media_type, area, longest)
        except images.NotAnImage:
            raise NotFound from None
        with drawn.file as file:
            return file.read()
