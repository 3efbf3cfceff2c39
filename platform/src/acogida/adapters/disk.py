"""Files on this machine's disk: the default store. Atomic, synced, under names that no person chose.

The current content of `evidence/ab` is the file `<tenant>/evidence/ab`; what it had before is in
`<tenant>/.versions/evidence/ab/`, and what must be kept says so in `<tenant>/.kept/evidence/ab`. Erasing removes all
three. A disk can't refuse whoever administers the machine: against them there are only the hashes in the database.
"""

import asyncio
import contextlib
import errno
import hashlib
import json
import os
import shutil
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Collection, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any, ParamSpec, TypeVar

from acogida.kernel.clock import Clock, SystemClock
from acogida.kernel.errors import NotFound, TooLarge, Unavailable
from acogida.kernel.ports import DirectUpload, FileRules, StoredFile, StoredVersion
from acogida.kernel.storage import Damaged, Retained, StoreFull, folder_of, place_of, stem_of
from acogida.kernel.tenancy import TenantId

P = ParamSpec("P")
T = TypeVar("T")
_PIECE = 1024 * 1024
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


class DiskFiles:
    """One folder per tenant. A key that is not ours, or would leave the tenant's folder, does not exist."""

    def __init__(self, root: Path, *, rules: FileRules | None = None, clock: Clock | None = None) -> None:
        self._root = root
        self._rules = rules or FileRules()
        self._clock = clock or SystemClock()

    @property
    def rules(self) -> FileRules:
        return self._rules

    async def put(
        self,
        tenant: TenantId,
        key: str,
        content: AsyncIterator[bytes],
        *,
        limit: int,
        sha256: str = "",
        media_type: str = "application/octet-stream",
    ) -> StoredFile:
        del media_type  # a disk does not serve: whoever reads has the row
        path = self._path(tenant, key)
        partial = await _on_disk(_begin, path)
        try:
            size, digest = await _write(partial, content, limit)
            if sha256 and sha256 != digest:
                raise Damaged
            version = await _on_disk(_settle, partial, path, self._versions(tenant, key))
        except BaseException:
            partial.unlink(missing_ok=True)
            raise
        return StoredFile(size, digest, version)

    async def get(self, tenant: TenantId, key: str, *, version: str = "") -> AsyncIterator[bytes]:
        path = await asyncio.to_thread(self._content, tenant, key, version)
        with path.open("rb") as file:
            while piece := await asyncio.to_thread(file.read, _PIECE):
                yield piece

    async def check(self, tenant: TenantId, key: str) -> StoredFile:
        return await asyncio.to_thread(_hashed, self._content(tenant, key, ""))

    async def versions(self, tenant: TenantId, key: str) -> Sequence[StoredVersion]:
        return await asyncio.to_thread(lambda: [one for one, _ in self._all(tenant, key)])

    async def erase(self, tenant: TenantId, key: str) -> None:
        await asyncio.to_thread(self._erase, tenant, key)

    async def retain(self, tenant: TenantId, key: str, *, until: datetime) -> None:
        def longer(kept: dict[str, object]) -> None:
            kept["until"] = max(str(kept.get("until", "")), until.astimezone(UTC).isoformat())

        await asyncio.to_thread(self._change_kept, tenant, key, longer)

    async def hold(self, tenant: TenantId, key: str, on: bool) -> None:
        await asyncio.to_thread(self._change_kept, tenant, key, lambda kept: kept.update(hold=on))

    async def sweep(self, tenant: TenantId, folder: str, *, before: datetime, keep: Collection[str]) -> int:
        return await asyncio.to_thread(self._sweep, tenant, folder, before.timestamp(), frozenset(keep))

    async def ticket(
        self, tenant: TenantId, key: str, *, most: int, media_type: str, seconds: int = 300
    ) -> DirectUpload | None:
        return None

    async def link(self, tenant: TenantId, key: str, *, name: str, media_type: str, seconds: int) -> str | None:
        return None

    async def healthy(self) -> bool:
        with contextlib.suppress(OSError):
            self._root.mkdir(parents=True, exist_ok=True)
        return os.access(self._root, os.W_OK)

    async def close(self) -> None:
        """This method has nothing to let go of."""

    # Where things are

    def _path(self, tenant: TenantId, key: str) -> Path:
        return self._root.joinpath(*place_of(tenant, key))

    def _versions(self, tenant: TenantId, key: str) -> Path:
        whose, folder, name = place_of(tenant, key)
        return self._root / whose / ".versions" / folder / name

    def _kept(self, tenant: TenantId, key: str) -> Path:
        whose, folder, name = place_of(tenant, key)
        return self._root / whose / ".kept" / folder / name

    def _content(self, tenant: TenantId, key: str, version: str) -> Path:
        found = next(
            (path for one, path in self._all(tenant, key) if (one.version == version if version else one.current)), None
        )
        if found is None:
            raise NotFound
        return found

    def _all(self, tenant: TenantId, key: str) -> Iterator[tuple[StoredVersion, Path]]:
        """Current first, then the earlier ones from the newest to the oldest."""
        current = self._path(tenant, key)
        if current.is_file():
            yield _version(current, current=True), current
        earlier = self._versions(tenant, key)
        for path in sorted(earlier.iterdir(), reverse=True) if earlier.is_dir() else ():
            yield _version(path, current=False), path

    # What must be kept

    def _change_kept(self, tenant: TenantId, key: str, change: Callable[[dict[str, object]], None]) -> None:
        self._content(tenant, key, "")
        place = self._kept(tenant, key)
        kept = _read(place)
        change(kept)
        place.parent.mkdir(parents=True, exist_ok=True)
        partial = place.with_name(f"{place.name}.part")
        with partial.open("w") as file:
            json.dump(kept, file)
            _sync(file)
        partial.replace(place)

    def _is_kept(self, tenant: TenantId, key: str) -> bool:
        kept = _read(self._kept(tenant, key))
        return bool(kept.get("hold")) or str(kept.get("until", "")) > self._clock.now().astimezone(UTC).isoformat()

    def _erase(self, tenant: TenantId, key: str) -> None:
        whose, folder, name = place_of(tenant, key)
        names = {name, *(found for found in self._names(whose, folder) if found.startswith(f"{name}."))}
        if any(self._is_kept(tenant, f"{folder}/{one}") for one in names):
            raise Retained
        for one in names:
            self._path(tenant, f"{folder}/{one}").unlink(missing_ok=True)
            shutil.rmtree(self._versions(tenant, f"{folder}/{one}"), ignore_errors=True)
            self._kept(tenant, f"{folder}/{one}").unlink(missing_ok=True)

    def _names(self, tenant: str, folder: str) -> set[str]:
        places = (self._root / tenant / folder, self._root / tenant / ".versions" / folder)
        return {path.name for place in places if place.is_dir() for path in place.iterdir()}

    def _sweep(self, tenant: TenantId, folder: str, before: float, keep: frozenset[str]) -> int:
        place = self._root.joinpath(*folder_of(tenant, folder))
        kept = {stem_of(key.removeprefix(f"{folder}/")) for key in keep}
        gone = 0
        newest: dict[str, float] = {}
        for path in list(place.iterdir()) if place.is_dir() else ():
            at = path.stat().st_mtime
            if not path.name.startswith(".part-"):
                newest[stem_of(path.name)] = max(at, newest.get(stem_of(path.name), 0))
            elif at < before:
                path.unlink(missing_ok=True)
                gone += 1
        for stem in (stem for stem, at in newest.items() if at < before and stem not in kept):
            with contextlib.suppress(Retained):
                self._erase(tenant, f"{folder}/{stem}")
                gone += 1
        return gone


async def _on_disk(do: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """A fault of the disk, and never one of whoever gives the content, is told as what it means for the person."""
    try:
        return await asyncio.to_thread(do, *args, **kwargs)
    except OSError as error:
        raise (StoreFull if error.errno in _FULL else Unavailable) from error


def _begin(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=".part-")
    os.close(descriptor)
    return Path(name)


async def _write(partial: Path, content: AsyncIterator[bytes], limit: int) -> tuple[int, str]:
    digest, size = hashlib.sha256(), 0

    with partial.open("wb") as file:
        async for piece in content:
            size += len(piece)
            if size > limit:
                raise TooLarge(f"El archivo pesa más de {limit // 1_000_000} MB. Suba una versión más liviana.")
            await asyncio.gather(_on_disk(file.write, piece), asyncio.to_thread(digest.update, piece))
        await _on_disk(_sync, file)
    return size, digest.hexdigest()


def _read(place: Path) -> dict[str, object]:
    try:
        return json.loads(place.read_text())
    except FileNotFoundError:
        return {}


def _version(path: Path, *, current: bool) -> StoredVersion:
    state = path.stat()
    return StoredVersion(_stamp(state.st_mtime_ns), state.st_size, datetime.fromtimestamp(state.st_mtime, UTC), current)


def _stamp(nanoseconds: int) -> str:
    return f"{nanoseconds:020d}"


def _hashed(path: Path) -> StoredFile:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    state = path.stat()
    return StoredFile(state.st_size, digest, _stamp(state.st_mtime_ns))


def _sync(file: IO[Any]) -> None:
    file.flush()
    os.fsync(file.fileno())


def _settle(partial: Path, path: Path, versions: Path) -> str:
    """Give the finished file its name, and make the name itself survive a power cut; what was there becomes earlier."""
    moment = time.time_ns()
    os.utime(partial, ns=(moment, moment))
    partial.chmod(0o440)
    if path.is_file():
        versions.mkdir(parents=True, exist_ok=True)
        os.link(path, versions / _stamp(path.stat().st_mtime_ns))
    partial.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
    return _stamp(moment)
