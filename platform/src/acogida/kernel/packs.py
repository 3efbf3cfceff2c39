"""A pack: files that leave Acogida with what it takes to check them anywhere, years later, without Acogida.

A pack is a folder or a ZIP. At its root is `manifest.json`, in UTF-8:

    {"format": "acogida-pack/1",
     "made_at": "2026-11-23T15:00:00+00:00",
     "municipality": {"cut": "09101", "name": "Temuco"},
     "files": [{"path": "actos/decreto-41.pdf", "size": 51234, "sha256": "<64 hexadecimal digits>"}, …],
     "chains": [{"name": "acts", "path": "registro/actos.jsonl", "entries": 12, "head": "<64 hexadecimal digits>"}, …]}

`files` lists every file of the pack but the manifest itself. A chain is a file of lines of JSON, each
`{"seq": 1, "previous": "<hex>", "content": […], "hash": "<hex>"}`: `seq` counts from 1, `content` is a list whose first
element is `seq`, `previous` is the `hash` of the line before (64 zeros on the first), and `hash` is the SHA-256 of the
32 bytes of `previous` followed by `content` as JSON with sorted keys, without spaces, in UTF-8. `head` is the last
`hash`. Both books of Acogida, the audit and the register of acts, are chained this way.

What a pack can't tell by itself is whether all of it was made again by somebody else: for that, compare the SHA-256 of
the manifest, which the check prints, with the one on the receipt. Reading is safe with a pack made to harm: names that
leave the folder are refused, and nothing is extracted.
"""

import hashlib
import json
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import IO, Any, Protocol

FORMAT = "acogida-pack/1"
MANIFEST = "manifest.json"
GENESIS = bytes(32)
_MOST_MANIFEST = 64_000_000
_MOST_LINE = 1_000_000
_PIECE = 1024 * 1024


def chain_hash(previous: bytes, content: Sequence[Any]) -> bytes:
    """This function will give the hash of an entry that follows `previous`."""
    return hashlib.sha256(
        previous + json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    ).digest()


def chain_line(previous: bytes, content: Sequence[Any]) -> bytes:
    """This function will write an entry as a line of a chain's file; `content[0]` is its number."""
    entry = {
        "seq": content[0],
        "previous": previous.hex(),
        "content": list(content),
        "hash": chain_hash(previous, content).hex(),
    }
    return json.dumps(entry, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


@dataclass(frozen=True, slots=True)
class PackedFile:
    """A file of a pack: its path with `/`, its bytes, its SHA-256 in hexadecimal."""

    path: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class PackedChain:
    """A chain of a pack: the file that holds it, how many entries it has and its last hash in hexadecimal."""

    name: str
    path: str
    entries: int
    head: str


def manifest(
    files: Iterable[PackedFile], chains: Iterable[PackedChain], *, cut: str, name: str, made_at: datetime
) -> bytes:
    """This function will write the manifest of a pack of this municipality."""
    return json.dumps(
        {
            "format": FORMAT,
            "made_at": made_at.astimezone(UTC).isoformat(),
            "municipality": {"cut": cut, "name": name},
            "files": [{"path": one.path, "size": one.size, "sha256": one.sha256} for one in files],
            "chains": [
                {"name": one.name, "path": one.path, "entries": one.entries, "head": one.head} for one in chains
            ],
        },
        ensure_ascii=False,
        indent=1,
    ).encode()


@dataclass(slots=True)
class PackReport:
    """What a check found: `problems` are sentences in Spanish; none means that everything fits."""

    municipality: str = ""
    made_at: str = ""
    manifest_sha256: str = ""
    files: int = 0
    entries: int = 0
    problems: list[str] = field(default_factory=list)

    @property
    def good(self) -> bool:
        return not self.problems


class NotAPack(ValueError):
    """There is no pack at that path; the sentence says why, in Spanish."""


class _Container(Protocol):
    def names(self) -> set[str]: ...

    def open(self, name: str) -> IO[bytes]: ...


def check(path: Path) -> PackReport:
    """This function will read a whole pack and say what does not fit. Raises `NotAPack`. It needs no network."""
    with _opened(path) as container:
        report = PackReport()
        try:
            with container.open(MANIFEST) as stream:
                raw = stream.read(_MOST_MANIFEST + 1)
        except (KeyError, OSError) as missing:
            raise NotAPack(f"En {path} no hay un {MANIFEST}: no es un paquete de Acogida.") from missing
        try:
            told = json.loads(raw)
            if told["format"] != FORMAT:
                raise NotAPack(f"El paquete dice ser «{told['format']}» y aquí se comprueba «{FORMAT}».")
            files = [PackedFile(str(one["path"]), int(one["size"]), str(one["sha256"])) for one in told["files"]]
            chains = [
                PackedChain(str(one["name"]), str(one["path"]), int(one["entries"]), str(one["head"]))
                for one in told["chains"]
            ]
            report.municipality, report.made_at = str(told["municipality"]["name"]), str(told["made_at"])
        except (ValueError, KeyError, TypeError) as broken:
            if isinstance(broken, NotAPack):
                raise
            raise NotAPack(f"El {MANIFEST} está dañado: no se puede leer.") from broken
        report.manifest_sha256 = hashlib.sha256(raw).hexdigest()
        _check_files(container, files, report)
        for chain in chains:
            _check_chain(container, chain, report)
        return report


def _check_files(container: _Container, files: Sequence[PackedFile], report: PackReport) -> None:
    listed = {one.path for one in files}
    there = container.names()
    if len(listed) != len(files):
        report.problems.append("La lista nombra un archivo dos veces.")
    for extra in sorted(there - listed - {MANIFEST}):
        report.problems.append(f"Sobra {extra}: no está en la lista.")
    for one in files:
        if not _safe(one.path):
            report.problems.append(f"La lista nombra una ruta que sale del paquete: {one.path}.")
            continue
        if one.path not in there:
            report.problems.append(f"Falta {one.path}.")
            continue
        report.files += 1
        digest, size = hashlib.sha256(), 0
        with container.open(one.path) as stream:
            while piece := stream.read(_PIECE):
                size += len(piece)
                digest.update(piece)
                if size > one.size:
                    break
        if size != one.size or digest.hexdigest() != one.sha256:
            report.problems.append(f"Cambió {one.path}: su huella no es la de la lista.")


def _check_chain(container: _Container, chain: PackedChain, report: PackReport) -> None:
    if not _safe(chain.path) or chain.path not in container.names():
        report.problems.append(f"Falta el registro «{chain.name}» ({chain.path}).")
        return
    previous, count = GENESIS, 0
    with container.open(chain.path) as stream:
        while line := stream.readline(_MOST_LINE):
            count += 1
            try:
                entry = json.loads(line)
                fits = (
                    entry["seq"] == entry["content"][0] == count
                    and bytes.fromhex(entry["previous"]) == previous
                    and bytes.fromhex(entry["hash"]) == chain_hash(previous, entry["content"])
                )
                previous = bytes.fromhex(entry["hash"])
            except (ValueError, KeyError, TypeError, IndexError):
                fits = False
            if not fits:
                report.problems.append(
                    f"El registro «{chain.name}» se rompe en la anotación {count}: fue cambiada o falta."
                )
                return
    report.entries += count
    if count != chain.entries or previous.hex() != chain.head:
        report.problems.append(f"Al registro «{chain.name}» le faltan o le sobran anotaciones al final.")


class _Folder:
    def __init__(self, root: Path) -> None:
        self._root = root

    def names(self) -> set[str]:
        return {
            one.relative_to(self._root).as_posix()
            for one in self._root.rglob("*")
            if one.is_file() and not one.is_symlink()
        }

    def open(self, name: str) -> IO[bytes]:
        return (self._root / name).open("rb")


class _Zip:
    def __init__(self, packed: zipfile.ZipFile) -> None:
        self._packed = packed

    def names(self) -> set[str]:
        return {one.filename for one in self._packed.infolist() if not one.is_dir()}

    def open(self, name: str) -> IO[bytes]:
        return self._packed.open(name)


@contextmanager
def _opened(path: Path) -> Iterator[_Container]:
    if path.is_dir():
        yield _Folder(path)
        return
    try:
        packed = zipfile.ZipFile(path)
    except (OSError, zipfile.BadZipFile) as broken:
        raise NotAPack(f"{path} no es una carpeta ni un archivo ZIP que se pueda leer.") from broken
    with packed:
        try:
            yield _Zip(packed)
        except (zipfile.BadZipFile, EOFError, RuntimeError) as broken:
            raise NotAPack(f"{path} está dañado: no se puede leer entero.") from broken


def _safe(name: str) -> bool:
    parts = PurePosixPath(name).parts
    return bool(parts) and not name.startswith("/") and ".." not in parts and "\\" not in name
