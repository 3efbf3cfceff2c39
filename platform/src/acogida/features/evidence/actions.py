"""Keeping files: content in the store and its row in the database, or neither.

The content goes up first, under a name of ours; the row is written in the transaction of the work. Whatever ends the
work without a commit takes the content away, and `reconcile` takes away what a fallen process left behind.
"""

import asyncio
import hashlib
import re
import unicodedata
from collections.abc import AsyncIterator, Collection
from datetime import date, timedelta
from pathlib import PurePosixPath
from tempfile import SpooledTemporaryFile
from typing import IO, Protocol
from uuid import UUID

from sqlalchemy import event
from sqlalchemy.orm import Session, SessionTransaction

from acogida.features.evidence import store
from acogida.features.evidence.events import FileRemoved
from acogida.features.evidence.inspection import Refused, Type, inspect
from acogida.features.evidence.model import File
from acogida.features.evidence.words import KINDS, subject_name
from acogida.kernel import audit, outbox
from acogida.kernel.db import new_id
from acogida.kernel.errors import Rejected
from acogida.kernel.ports import Files
from acogida.kernel.tenancy import TenantId
from acogida.kernel.work import Work

LIMIT = 25_000_000
"""Bytes of one file, where nobody asks for less."""
ALLOWED = frozenset({"pdf", "image", "office"})
_FOLDER = "evidence"
_PIECE = 256 * 1024
_IN_MEMORY = 1_000_000
_FORSAKEN_AFTER = timedelta(days=1)


class Upload(Protocol):
    """A file on its way in, as the web framework gives it."""

    filename: str

    async def read(self, size: int = -1, /) -> bytes: ...

    async def seek(self, offset: int, /) -> int: ...


async def keep(
    work: Work,
    files: Files,
    upload: Upload,
    *,
    kind: str,
    subject_type: str,
    subject_id: UUID | None,
    limit: int = LIMIT,
    allow: Collection[str] = ALLOWED,
    note: str = "",
    consent: bool | None = None,
    dated_on: date | None = None,
    field: str = "file",
) -> File:
    """This function will keep a file and its row, or raise `Rejected` with the reason beside `field`.

    Whoever calls has already asked for the right of its own verb. The same content already kept for the same record
    is given back as it is, with `was_there` true. `limit` is in bytes; `allow` are families (pdf, image, office).
    """
    if kind not in KINDS:
        raise ValueError(f"no kind of file is called {kind!r}")
    name = clean_name(upload.filename)
    with SpooledTemporaryFile(max_size=_IN_MEMORY) as spool:
        size, sha256 = await _receive(upload, spool, name, limit, field)
        try:
            found = await asyncio.to_thread(inspect, spool, name=name, size=size, allow=allow)
        except Refused as refused:
            raise Rejected(fields={field: str(refused)}) from refused

        known = await store.same_content(work, sha256, subject_type, subject_id)
        if known is not None:
            known.was_there = True
            return known

        row = File(
            id=new_id(),
            name=_with_extension(name, found),
            media_type=found.media_type,
            size=size,
            sha256=sha256,
            kind=kind,
            subject_type=subject_type,
            subject_id=subject_id,
            dated_on=dated_on,
            note=note,
            uploaded_by=work.actor.name,
            consent=consent,
        )
        row.storage_key = _key(row.id)
        forget_unless_committed(work, files, row.storage_key)
        await files.put(work.tenant.id, row.storage_key, _pieces(spool), limit=limit)

    work.session.add(row)
    await work.session.flush()
    await audit.record(
        work,
        "file.kept",
        f"subió «{row.name}» ({KINDS[kind].lower()}) a {subject_name(subject_type).lower()}",
        subject=row,
        after={"name": row.name, "kind": kind, "size": size, "sha256": sha256, "record": subject_id},
    )
    return row


async def remove(work: Work, file_id: UUID) -> None:
    """This function will take a file away, or raise `AlreadyClosed` where a record leans on it."""
    work.require("act:record")
    row = await store.file(work, file_id, lock=True)
    before = {"name": row.name, "kind": row.kind, "sha256": row.sha256}
    await store.erase(work, file_id)

    await audit.record(work, "file.removed", f"quitó «{row.name}» del archivo", subject=row, before=before)
    await outbox.publish(work, FileRemoved(file_id))


async def open_file(work: Work, files: Files, file_id: UUID) -> tuple[File, AsyncIterator[bytes]]:
    """This function will give a file's row and its content in pieces, or raise `NotFound` before any piece."""
    row = await store.file(work, file_id)
    pieces = files.get(work.tenant.id, row.storage_key)
    first = await anext(pieces, b"")
    return row, _chain(first, pieces)


async def drop_content(work: Work, files: Files, file_id: UUID) -> None:
    """This function will delete the content of a file whose row is gone; with the row still there it does nothing."""
    if not await store.exists_anywhere(work, file_id):
        await files.erase(work.tenant.id, _key(file_id))


async def reconcile(work: Work, files: Files) -> int:
    """This function will delete contents older than a day that no row names, and say how many they were."""
    before = work.clock.now() - _FORSAKEN_AFTER
    return await files.sweep(work.tenant.id, _FOLDER, before=before, keep=await store.keys_in_use(work))


def clean_name(name: str) -> str:
    """This function will give a file's name without paths, control characters or reversing marks, 160 characters at most."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    kept = "".join(letter for letter in last if unicodedata.category(letter)[0] != "C")
    kept = " ".join(kept.split()).strip(". ")
    stem, extension = PurePosixPath(kept or "archivo").stem, PurePosixPath(kept or "archivo").suffix
    return f"{stem.rstrip('. ')[: 160 - len(extension[:12])]}{extension[:12]}"


def forget_unless_committed(work: Work, files: Files, key: str) -> None:
    """This function will delete the content under `key` if the transaction of the work is rolled back."""
    session, tenant, loop = work.session.sync_session, work.tenant.id, asyncio.get_running_loop()

    def rolled_back(_session: Session, closed: SessionTransaction) -> None:
        if closed.parent is None:
            task = loop.create_task(_delete_quietly(files, tenant, key))
            _DELETING.add(task)
            task.add_done_callback(_DELETING.discard)

    event.listen(session, "after_soft_rollback", rolled_back)


_DELETING: set[asyncio.Task[None]] = set()
"""Deletions under way: the loop alone would let them be collected."""


async def _delete_quietly(files: Files, tenant: TenantId, key: str) -> None:
    """What fails here is left for `reconcile`: the answer to the person is already on its way."""
    try:
        await files.erase(tenant, key)
    except Exception:  # noqa: BLE001 because any failure of the store means the same here: try again tomorrow
        return


async def _receive(upload: Upload, spool: IO[bytes], name: str, limit: int, field: str) -> tuple[int, str]:
    digest, size = hashlib.sha256(), 0
    await upload.seek(0)
    while piece := await upload.read(_PIECE):
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


async def _pieces(spool: IO[bytes]) -> AsyncIterator[bytes]:
    spool.seek(0)
    while piece := await asyncio.to_thread(spool.read, _PIECE):
        yield piece


async def _chain(first: bytes, rest: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    yield first
    async for piece in rest:
        yield piece


def _key(file_id: UUID) -> str:
    return f"{_FOLDER}/{file_id.hex}"


def _with_extension(name: str, found: Type) -> str:
    """The name with an extension that tells the truth, so that it opens where it is downloaded."""
    extension = PurePosixPath(name.lower()).suffix
    if extension in found.extensions:
        return name
    stem = (
        PurePosixPath(name).stem if extension in (".pdf", ".docx", ".xlsx", ".pptx", ".jpg", ".jpeg", ".png") else name
    )
    return f"{stem}{found.extensions[0]}"
