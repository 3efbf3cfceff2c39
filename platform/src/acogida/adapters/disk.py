"""Files on this machine's disk: the default store. Atomic, synced, under names that no person chose."""

import asyncio
import hashlib
import os
import re
import tempfile
from collections.abc import AsyncIterator, Collection
from datetime import datetime
from pathlib import Path

from acogida.kernel.errors import NotFound, Problem, TooLarge
from acogida.kernel.ports import StoredFile
from acogida.kernel.tenancy import TenantId

_KEY = re.compile(r"^[a-z0-9][a-z0-9_-]{0,80}(/[a-z0-9][a-z0-9_.-]{0,80}){0,3}$")
_PIECE = 256 * 1024


class StoreFull(Problem):
    status = 507
    code = "store_full"
    sentence = "No queda espacio para guardar archivos. Lo demás quedó como estaba; avise a quien administra Acogida."


class DiskFiles:
    """One folder per tenant. A key that is not ours, or would leave the tenant's folder, does not exist."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def _path(self, tenant: TenantId, key: str) -> Path:
        if not _KEY.match(key) or ".." in key:
            raise NotFound
        return self._root / str(tenant) / key

    async def put(self, tenant: TenantId, key: str, content: AsyncIterator[bytes], *, limit: int) -> StoredFile:
        path = self._path(tenant, key)
        await asyncio.to_thread(path.parent.mkdir, parents=True, exist_ok=True)
        descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=".part-")
        digest, size = hashlib.sha256(), 0
        try:
            with os.fdopen(descriptor, "wb") as file:
                async for piece in content:
                    size += len(piece)
                    if size > limit:
                        raise TooLarge(f"El archivo pesa más de {limit // 1_000_000} MB. Suba una versión más liviana.")
                    digest.update(piece)
                    await asyncio.to_thread(file.write, piece)
                await asyncio.to_thread(_sync, file.fileno())
            await asyncio.to_thread(_settle, Path(name), path)
        except OSError as error:
            Path(name).unlink(missing_ok=True)
            raise StoreFull from error
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
        return StoredFile(size, digest.hexdigest())

    async def get(self, tenant: TenantId, key: str) -> AsyncIterator[bytes]:
        path = self._path(tenant, key)
        if not path.is_file():
            raise NotFound
        with path.open("rb") as file:
            while piece := await asyncio.to_thread(file.read, _PIECE):
                yield piece

    async def delete(self, tenant: TenantId, key: str) -> None:
        await asyncio.to_thread(self._path(tenant, key).unlink, missing_ok=True)

    async def sweep(self, tenant: TenantId, folder: str, *, before: datetime, keep: Collection[str]) -> int:
        return await asyncio.to_thread(_sweep, self._path(tenant, folder), folder, before.timestamp(), frozenset(keep))

    async def healthy(self) -> bool:
        self._root.mkdir(parents=True, exist_ok=True)
        return os.access(self._root, os.W_OK)


def _sweep(place: Path, folder: str, before: float, keep: frozenset[str]) -> int:
    gone = 0
    for path in place.iterdir() if place.is_dir() else ():
        if path.is_file() and path.stat().st_mtime < before and f"{folder}/{path.name}" not in keep:
            path.unlink(missing_ok=True)
            gone += 1
    return gone


def _sync(descriptor: int) -> None:
    os.fsync(descriptor)


def _settle(partial: Path, path: Path) -> None:
    """Give the finished file its name, and make the name itself survive a power cut."""
    partial.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
