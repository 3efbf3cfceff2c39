"""What features need from the outside world, said as protocols. Implementations live in `adapters`."""

from collections.abc import AsyncIterator, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, runtime_checkable

from acogida.kernel.document import Document
from acogida.kernel.tenancy import TenantId


@dataclass(frozen=True, slots=True)
class StoredFile:
    """What the store answers after keeping a file: its size in bytes and its SHA-256 in hexadecimal."""

    size: int
    sha256: str


@runtime_checkable
class Files(Protocol):
    """Keeps files of a tenant. Keys are ours, never a person's text; a key of another tenant is refused."""

    async def put(self, tenant: TenantId, key: str, content: AsyncIterator[bytes], *, limit: int) -> StoredFile:
        """Keep the content or raise `TooLarge` after `limit` bytes; nothing half-written is ever visible."""
        ...

    def get(self, tenant: TenantId, key: str) -> AsyncIterator[bytes]:
        """Read the content in pieces; `NotFound` where there is none."""
        ...

    async def delete(self, tenant: TenantId, key: str) -> None: ...

    async def sweep(self, tenant: TenantId, folder: str, *, before: datetime, keep: Collection[str]) -> int:
        """Delete what was put under `folder/` before that moment and is not in `keep`, with what an interrupted `put`
        left; say how many."""
        ...

    async def healthy(self) -> bool: ...


@dataclass(frozen=True, slots=True)
class Mail:
    """A message ready to go: plain text in Spanish."""

    to: str
    subject: str
    text: str


@runtime_checkable
class Mailer(Protocol):
    async def send(self, mail: Mail, *, key: str) -> None:
        """Send once: the same `key` sent again must not reach the person twice where the transport can tell."""
        ...


@dataclass(frozen=True, slots=True)
class KeptMail:
    """A message that stayed on this machine."""

    to: str
    subject: str
    text: str
    at: datetime


@runtime_checkable
class LocalMail(Protocol):
    """A mailer that keeps what it sends where it can be read: that of a fresh machine, never of production."""

    def newest(self, limit: int = 50) -> Sequence[KeptMail]:
        """The last messages, newest first."""
        ...


@runtime_checkable
class DocumentRenderer(Protocol):
    """Turns our document model into files. The same document on the same date gives the same bytes (PDF)."""

    async def pdf(self, document: Document) -> bytes: ...

    async def docx(self, document: Document) -> bytes: ...
