"""Making the pack: every table, every file, every document, both books, and the list that lets anyone check them.

Nothing is held in memory but one batch of rows or one piece of a file; the ZIP grows on disk.
"""

import hashlib
import json
import re
import zipfile
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from acogida.features.activity import public as activity
from acogida.features.acts import public as acts
from acogida.features.departure import store
from acogida.kernel.audit import content_of
from acogida.kernel.document import Document, from_json
from acogida.kernel.errors import Problem
from acogida.kernel.packs import GENESIS, MANIFEST, PackedChain, PackedFile, chain_line, manifest
from acogida.kernel.ports import DocumentRenderer, Files
from acogida.kernel.work import Work
from acogida.web.spreadsheet import Column, Sheet, workbook

WORKSPACE = "espacio.json"
PEOPLE = "personas.jsonl"
AUDIT = "registro/actividad.jsonl"
ACTS = "registro/actos.jsonl"
_PAPERS = {
    "core.policy_version": (
        ("content", "documentos/politica-version-{number}"),
        ("summary", "documentos/resumen-version-{number}"),
    ),
    "core.report_version": (("content", "documentos/diagnostico-version-{number}"),),
}
"""Tables that keep documents as data → the columns, and the name of each as paper."""
_UNSAFE = re.compile(r"[^\w.\- ]+")
_PIECE = 256 * 1024
_MOST_ROWS = 100_000
"""Rows of a table that the spreadsheet shows; the JSON has them all."""


@dataclass(slots=True)
class Packed:
    """What was made: the SHA-256 of the manifest, and the files that the store could not give."""

    manifest_sha256: str
    missing: list[str]


@dataclass(slots=True)
class _Pack:
    """A ZIP being written, with the list of what it holds."""

    zip: zipfile.ZipFile
    made_at: datetime
    files: list[PackedFile] = field(default_factory=list)
    chains: list[PackedChain] = field(default_factory=list)

    def entry(self, path: str) -> zipfile.ZipInfo:
        info = zipfile.ZipInfo(path, self.made_at.timetuple()[:6])
        info.compress_type = zipfile.ZIP_DEFLATED
        return info

    def write(self, path: str, pieces: Iterable[bytes]) -> PackedFile:
        digest, size = hashlib.sha256(), 0
        with self.zip.open(self.entry(path), "w", force_zip64=True) as out:
            for piece in pieces:
                out.write(piece)
                digest.update(piece)
                size += len(piece)
        self.files.append(PackedFile(path, size, digest.hexdigest()))
        return self.files[-1]

    async def pour(self, path: str, pieces: AsyncIterator[bytes]) -> None:
        digest, size = hashlib.sha256(), 0
        with self.zip.open(self.entry(path), "w", force_zip64=True) as out:
            async for piece in pieces:
                out.write(piece)
                digest.update(piece)
                size += len(piece)
        self.files.append(PackedFile(path, size, digest.hexdigest()))

    def chain(self, name: str, path: str, lines: Sequence[bytes]) -> None:
        self.write(path, lines)
        head = json.loads(lines[-1])["hash"] if lines else GENESIS.hex()
        self.chains.append(PackedChain(name, path, len(lines), head))


async def make_pack(work: Work, files: Files, renderer: DocumentRenderer, into: IO[bytes]) -> Packed:
    """This function will write the whole pack of the workspace into an open file."""
    made_at = work.clock.now()
    missing: list[str] = []
    with zipfile.ZipFile(into, "w", allowZip64=True) as packed:
        pack = _Pack(packed, made_at)
        pack.write(WORKSPACE, [_json(await store.registry_row(work))])
        pack.write(
            PEOPLE,
            [
                _json({"id": str(row.id), "email": row.email, "name": row.name}) + b"\n"
                for row in await store.people(work)
            ],
        )
        async with work.session.every_cycle():
            sheets: list[Sheet] = []
            for holding in await store.packed_holdings(work):
                rows = [row async for row in store.lines(work, holding)]
                pack.write(holding.file, (row.encode() + b"\n" for row in rows))
                said = [json.loads(row) for row in rows]
                await _papers(pack, renderer, holding.name, said)
                for key, name in _kept(said):
                    try:
                        await pack.pour(f"archivos/{key}/{name}", files.get(work.tenant.id, key))
                    except Problem:
                        missing.append(name)
                sheets.append(_sheet(holding, said))
            pack.write("tablas.xlsx", [workbook(sheets, title=f"Acogida: {work.tenant.name}", made_at=made_at)])
            pack.chain(
                "audit",
                AUDIT,
                [chain_line(entry.previous_hash, content_of(entry)) for entry in await activity.whole_book(work)],
            )
            pack.chain("acts", ACTS, (await acts.register_lines(work)).splitlines(keepends=True))
        pack.write("LEAME.txt", [_readme(work.tenant.name, missing).encode()])
        listed = manifest(pack.files, pack.chains, cut=work.tenant.cut, name=work.tenant.name, made_at=made_at)
        packed.writestr(pack.entry(MANIFEST), listed)
    return Packed(hashlib.sha256(listed).hexdigest(), missing)


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def _kept(rows: Sequence[Mapping[str, Any]]) -> list[tuple[str, str]]:
    """The contents that these rows name, each with a name that any system can write."""
    return [
        (row["storage_key"], _UNSAFE.sub("_", str(row.get("name") or "contenido")).strip(". ")[:120] or "contenido")
        for row in rows
        if row.get("storage_key")
    ]


async def _papers(pack: _Pack, renderer: DocumentRenderer, table: str, rows: Sequence[Mapping[str, Any]]) -> None:
    for column, name in _PAPERS.get(table, ()):
        for row in rows:
            document: Document = from_json(row[column])
            path = name.format(number=row["number"])
            pack.write(f"{path}-{row['cycle_id'][:8]}.pdf", [await renderer.pdf(document)])
            pack.write(f"{path}-{row['cycle_id'][:8]}.docx", [await renderer.docx(document)])


def _sheet(holding: store.Holding, rows: Sequence[Mapping[str, Any]]) -> Sheet:
    """A table for the eyes: what the JSON says, one column each. The JSON is what comes back."""
    shown = [column for column in holding.columns if column != holding.owner]
    name = holding.name.removeprefix("core.").removeprefix("plugin_").replace(".", " ")[:31]
    return Sheet(
        name,
        [Column(column) for column in shown],
        [[_cell(row.get(column)) for column in shown] for row in rows[:_MOST_ROWS]],
    )


def _cell(value: object) -> str | int | float | bool | None:
    return value if isinstance(value, str | int | float | bool) or value is None else _json(value).decode()


def _readme(name: str, missing: Sequence[str]) -> str:
    told = [
        f"Todo lo que la Municipalidad de {name} tenía en Acogida.",
        "",
        "documentos/   la Política, su resumen y los informes de diagnóstico, en PDF y Word, versión por versión",
        "archivos/     lo que las personas subieron, cada uno en su carpeta",
        "tablas.xlsx   cada tabla en una hoja, para leer con Excel o LibreOffice",
        "tablas/       las mismas tablas en JSON, una fila por línea: con ellas se puede volver a Acogida",
        "registro/     el libro de actividad y el de actos, encadenados para que se note cualquier cambio",
        "manifest.json la lista de todo, con la huella SHA-256 de cada archivo",
        "",
        "Para comprobar el paquete sin conexión: acogida verify paquete.zip",
        "Para volver: acogida pack load paquete.zip",
        "Las contraseñas, las llaves y los enlaces de invitación no van en el paquete.",
    ]
    if missing:
        told += ["", "No se pudieron leer estos archivos:", *(f"- {one}" for one in missing)]
    return "\r\n".join(told) + "\r\n"


def digest_of(path: Path) -> tuple[int, str]:
    """This function will give the size and the SHA-256 of a file on disk."""
    digest, size = hashlib.sha256(), 0
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            size += len(piece)
            digest.update(piece)
    return size, digest.hexdigest()
