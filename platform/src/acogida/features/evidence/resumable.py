"""A content that comes in pieces, over a line that may drop: it goes on where it stopped, and only then is it a file.

Each piece is kept in the store under a name of its own, and the row says how far they go, both in one transaction: a
piece counts when whoever sent it is told so, and never twice. Whoever began it is the only one who may go on.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

from acogida.features.evidence import store
from acogida.features.evidence.actions import LIMIT_OF_AUDIO, forget_unless_committed, refuse_beyond_room
from acogida.features.evidence.events import UploadEnded
from acogida.features.evidence.model import Upload as Row
from acogida.features.evidence.receiving import clean_name
from acogida.kernel import outbox
from acogida.kernel.db import new_id
from acogida.kernel.errors import NotFound, Problem, Rejected
from acogida.kernel.ports import DirectUpload, Files
from acogida.kernel.tenancy import TenantId
from acogida.kernel.work import Work

FOLDER = "incoming"
MOST_OF_A_PIECE = 8_000_000
"""Bytes that may come in one request."""
MOST_AT_ONCE = 60
_LIVES = timedelta(days=1)
_DIRECT = "direct"
_SENT_STRAIGHT = frozenset({"application/pdf", "image/jpeg", "image/png", "image/webp", "image/heic"})


class OutOfStep(Problem):
    """The piece does not begin where the content had come to: ask how far it is, and go on from there."""

    status = 409
    code = "out_of_step"
    sentence = "La subida quedó en otro punto. Se continúa desde ahí."


async def start(
    work: Work, files: Files, *, name: str, size: int, media_type: str = ""
) -> tuple[Row, DirectUpload | None]:
    """This function will begin a content of `size` bytes, and give leave to send it straight to the store where it can."""
    work.require("file:upload")
    name = clean_name(name)
    if not 0 < size <= LIMIT_OF_AUDIO:
        raise Rejected(
            fields={
                "file": f"No guardamos «{name}»: "
                + ("está vacío." if size <= 0 else f"pesa más de {LIMIT_OF_AUDIO // 1_000_000} MB.")
            }
        )
    under_way = await store.uploads_under_way(work)
    if under_way.files >= MOST_AT_ONCE:
        raise Rejected(
            fields={"file": f"Ya tiene {MOST_AT_ONCE} archivos subiendo. Espere a que terminen, o pruebe mañana."}
        )
    await refuse_beyond_room(work, files, under_way.size + size, name, "file")
    row = Row(id=new_id(), person_id=work.actor.person_id, name=name, size=size, expires_at=work.clock.now() + _LIVES)
    row.received, row.pieces = 0, []
    work.session.add(row)
    await work.session.flush()
    direct = None
    if media_type in _SENT_STRAIGHT:
        direct = await files.ticket(work.tenant.id, f"{_key(row)}.{_DIRECT}", most=size, media_type=media_type)
    return row, direct


async def append(work: Work, files: Files, upload_id: UUID, *, at: int, piece: bytes) -> Row:
    """This function will add a piece that begins at byte `at`, or raise `OutOfStep`."""
    work.require("file:upload")
    row = await store.upload(work, upload_id, lock=True)
    if at != row.received:
        raise OutOfStep(received=row.received)
    if not piece or len(piece) > MOST_OF_A_PIECE or at + len(piece) > row.size:
        raise Rejected("El trozo no calza con el archivo que se anunció.")
    name = new_id().hex[-20:]
    key = f"{_key(row)}.{name}"
    forget_unless_committed(work, files, key)
    await files.put(work.tenant.id, key, _once(piece), limit=len(piece))
    row.pieces = [*row.pieces, name]
    row.received = at + len(piece)
    await work.session.flush()
    return row


async def sent_straight(work: Work, files: Files, upload_id: UUID) -> Row:
    """This function will take as received what the browser sent straight to the store."""
    work.require("file:upload")
    row = await store.upload(work, upload_id, lock=True)
    found = await files.versions(work.tenant.id, f"{_key(row)}.{_DIRECT}")
    if not found or found[0].size != row.size:
        raise NotFound
    row.pieces, row.received = [_DIRECT], row.size
    await work.session.flush()
    return row


async def assembled(work: Work, files: Files, upload_id: UUID) -> "Assembled":
    """This function will give a whole content to keep, or raise `Rejected` where pieces are missing."""
    row = await store.upload(work, upload_id, lock=True)
    if row.received < row.size:
        raise Rejected(fields={"file": f"«{row.name}» todavía no termina de subir. Pulse «Reintentar»."})
    return Assembled(row.name, row.id, files, work.tenant.id, [f"{_key(row)}.{name}" for name in row.pieces])


async def end(work: Work, upload_id: UUID) -> None:
    """This function will let go of a content that became a file, or that nobody wants any more."""
    row = await store.upload(work, upload_id, lock=True)
    await store.forget_upload(work, row)
    await outbox.publish(work, UploadEnded(upload_id))


async def drop_pieces(work: Work, files: Files, upload_id: UUID) -> None:
    """This function will erase the pieces of a content that ended."""
    await files.erase(work.tenant.id, f"{FOLDER}/{upload_id.hex}")


@dataclass(slots=True)
class Assembled:
    """The pieces as one file, ready for `keep`."""

    filename: str
    upload_id: UUID
    files: Files
    tenant: TenantId
    keys: list[str]
    _reading: AsyncIterator[bytes] | None = field(default=None, repr=False)
    _ahead: bytes = field(default=b"", repr=False)

    async def seek(self, offset: int, /) -> int:
        """This method will go back to the beginning: the only place anybody asks for."""
        if offset:
            raise ValueError("an upload in pieces is read from its beginning")
        self._reading, self._ahead = self._all(), b""
        return 0

    async def read(self, size: int = -1, /) -> bytes:
        reading = self._reading = self._reading or self._all()
        while size < 0 or len(self._ahead) < size:
            piece = await anext(reading, b"")
            if not piece:
                break
            self._ahead += piece
        given, self._ahead = (self._ahead, b"") if size < 0 else (self._ahead[:size], self._ahead[size:])
        return given

    async def _all(self) -> AsyncIterator[bytes]:
        for key in self.keys:
            async for piece in self.files.get(self.tenant, key):
                yield piece


def _key(row: Row) -> str:
    return f"{FOLDER}/{row.id.hex}"


async def _once(piece: bytes) -> AsyncIterator[bytes]:
    yield piece
