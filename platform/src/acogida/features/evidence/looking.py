"""What is done with a content once its row is there, out of the request: it is read again and compared, shown to the
antivirus, made into smaller pictures, searched for words, and retained by the store where its class says so."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, time
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO

import structlog

from acogida.features.evidence import images, reading, store
from acogida.features.evidence.model import File
from acogida.features.evidence.opening import in_hand
from acogida.features.evidence.receiving import PIECE
from acogida.kernel import audit
from acogida.kernel.errors import NotFound
from acogida.kernel.ports import Files, Scanner
from acogida.kernel.storage import Damaged
from acogida.kernel.work import Work

log = structlog.get_logger()
PICTURES = {"thumb": 480, "view": 1600}
"""Smaller pictures of a photograph, by the pixels of their longer side."""


async def look_at(work: Work, files: Files, scanner: Scanner | None, row: File) -> None:
    """This function will look at a content that nobody has looked at yet, and open it to people if all is well.

    Raises `Unavailable` where the store or the antivirus do not answer: then it is still waiting, and somebody tries again.
    """
    try:
        async with in_hand(work, files, row) as content:
            if row.state == "waiting" and (found := await scanner.scan(_pieces(content)) if scanner else ""):
                await _set_aside(work, row, "infected", found, f"apartó «{row.name}»: el antivirus encontró {found}")
                return
            if row.media_type.startswith("image/"):
                await _make_pictures(work, files, row, content)
            else:
                row.text = await _words(row, content)
    except (Damaged, NotFound) as problem:
        fault = "falta en el almacén" if isinstance(problem, NotFound) else "no es el que se guardó"
        await _set_aside(work, row, "damaged", fault, f"encontró dañado «{row.name}»: {fault}")
        return
    row.state, row.trouble, row.checked_at = "ready", "", work.clock.now()
    await work.session.flush()
    if row.retained_until or row.held:
        await hold_in_store(work, files, row)


async def hold_in_store(work: Work, files: Files, row: File) -> None:
    """This function will make the store itself refuse to erase what must be kept. Demonstrations begin again, and hold nothing."""
    if work.tenant.demo:
        return
    if row.retained_until:
        until = datetime.combine(row.retained_until, time.min, UTC)
        await files.retain(work.tenant.id, row.storage_key, until=until)
    await files.hold(work.tenant.id, row.storage_key, row.held)


async def _set_aside(work: Work, row: File, state: str, trouble: str, sentence: str) -> None:
    row.state, row.trouble = state, trouble
    await work.session.flush()
    log.warning("file.set_aside", file_id=str(row.id), state=state)
    await audit.record(work, f"file.{state}", sentence, subject=row, after={"state": state, "trouble": trouble})


async def _make_pictures(work: Work, files: Files, row: File, content: IO[bytes]) -> None:
    """A photograph that can't be drawn any smaller is still there to download."""
    for name, longest in PICTURES.items():
        try:
            drawn = await asyncio.to_thread(images.smaller, content, row.media_type, longest)
        except images.NotAnImage:
            return
        with drawn.file as file:
            await files.put(
                work.tenant.id,
                f"{row.storage_key}.{name}",
                _pieces(file),
                limit=row.size * 2 + PIECE,
                media_type="image/jpeg",
            )
    row.pictured = True


async def _words(row: File, content: IO[bytes]) -> str:
    family = "pdf" if row.media_type == "application/pdf" else "office"
    if row.media_type.startswith("audio/"):
        return ""
    with NamedTemporaryFile(suffix=f".{family}") as copy:
        async for piece in _pieces(content):
            copy.write(piece)
        copy.flush()
        return await reading.words_of(Path(copy.name), family)


async def _pieces(file: IO[bytes]) -> AsyncIterator[bytes]:
    file.seek(0)
    while piece := await asyncio.to_thread(file.read, PIECE):
        yield piece


async def look_again(work: Work) -> list[File]:
    """This function will give the files that still wait for the antivirus: it may be back."""
    found = [await store.file_anywhere(work, file_id) for file_id in await store.waiting(work)]
    return [row for row in found if row is not None]
