"""Coming back: a pack that was checked becomes a workspace again, row by row and file by file, or nothing changes.

At the end every table is read again and compared with the pack: equal, or the whole load is undone.
"""

import hashlib
import json
import zipfile
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from itertools import islice
from pathlib import Path
from typing import Any
from uuid import UUID

from acogida.features.departure import store
from acogida.features.departure.packing import PEOPLE, WORKSPACE
from acogida.kernel import audit
from acogida.kernel.packs import check
from acogida.kernel.ports import Files
from acogida.kernel.tenancy import Tenant, TenantId
from acogida.kernel.work import Work

_BATCH = 200
_PIECE = 256 * 1024
_LARGEST = 5_000_000_000
_BOOKS = ("core.audit_entry", "core.act_entry")
"""Tables whose rows are chained: they come back to the letter or the chain would break."""


class CanNotReturn(ValueError):
    """The pack can't be loaded here; the sentence says why, in Spanish."""


async def load_pack(work: Work, files: Files, path: Path) -> Tenant:
    """This function will open the workspace of a pack again, in a work that belongs to none. Raises `CanNotReturn`."""
    report = check(path)
    if not report.good:
        raise CanNotReturn("El paquete no está entero: " + " ".join(report.problems[:5]))
    with zipfile.ZipFile(path) as packed:
        place = json.loads(packed.read(WORKSPACE))
        tenant = Tenant(
            TenantId(UUID(place["id"])),
            place["slug"],
            place["name"],
            place["cut"],
            UUID(place["current_cycle_id"]),
            place["demo"],
        )
        if await store.registered(work, cut=tenant.cut, tenant_id=tenant.id):
            raise CanNotReturn(f"La Municipalidad de {tenant.name} ya tiene un espacio aquí.")
        await store.register(work, place)
        accounts = await _accounts(work, packed)
        await work.session.enter(tenant)
        work.municipality = tenant
        async with work.session.every_cycle():
            await _rows(work, packed, accounts)
            await _compare(work, packed, accounts)
        await _files(files, tenant, packed)
    await audit.record(work, "workspace.returned", f"volvió a Acogida con el paquete del {report.made_at[:10]}")
    return tenant


async def _accounts(work: Work, packed: zipfile.ZipFile) -> dict[str, str]:
    """Id in the pack → id of the same e-mail here, where they differ."""
    moved: dict[str, str] = {}
    for line in packed.read(PEOPLE).decode().splitlines():
        told = json.loads(line)
        here = await store.account(work, person_id=UUID(told["id"]), email=told["email"], name=told["name"])
        if str(here) != told["id"]:
            moved[told["id"]] = str(here)
    return moved


async def _rows(work: Work, packed: zipfile.ZipFile, accounts: Mapping[str, str]) -> None:
    people = await store.pointing_at_people(work)
    known = await store.packed_holdings(work)
    strange = {name for name in packed.namelist() if name.startswith("tablas/")} - {one.file for one in known}
    if strange:
        raise CanNotReturn(
            "Aquí falta lo que guardaba estas tablas (¿una extensión que no está instalada?): "
            + ", ".join(sorted(strange))
        )
    for holding in known:
        with _table(packed, holding) as lines:
            moved = accounts if holding.name in people else {}
            for rows in _batches(lines):
                await store.put_back(work, holding, [_with(row, people.get(holding.name, ()), moved) for row in rows])


async def _compare(work: Work, packed: zipfile.ZipFile, accounts: Mapping[str, str]) -> None:
    people = await store.pointing_at_people(work)
    for holding in await store.packed_holdings(work):
        with _table(packed, holding) as lines:
            told = sorted(
                hashlib.sha256(
                    _with(line.decode().rstrip("\n"), people.get(holding.name, ()), accounts).encode()
                ).digest()
                for line in lines
            )
        kept = sorted([hashlib.sha256(line.encode()).digest() async for line in store.lines(work, holding)])
        if told != kept:
            raise CanNotReturn(f"Lo que quedó en {holding.name} no es igual a lo del paquete: no se cargó nada.")


async def _files(files: Files, tenant: Tenant, packed: zipfile.ZipFile) -> None:
    for name in packed.namelist():
        if name.startswith("archivos/"):
            _, folder, key, _ = name.split("/", 3)
            await files.put(tenant.id, f"{folder}/{key}", _pieces(packed, name), limit=_LARGEST)


async def _pieces(packed: zipfile.ZipFile, name: str) -> AsyncIterator[bytes]:
    with packed.open(name) as file:
        while piece := file.read(_PIECE):
            yield piece


def _table(packed: zipfile.ZipFile, holding: store.Holding) -> AbstractContextManager[Iterable[bytes]]:
    """The lines of a table; none where the pack was made before the table existed."""
    return packed.open(holding.file) if holding.file in packed.namelist() else nullcontext(())


def _batches(lines: Iterable[bytes]) -> Iterator[list[str]]:
    left = iter(lines)
    while rows := [line.decode().rstrip("\n") for line in islice(left, _BATCH)]:
        yield rows


def _with(row: str, columns: Sequence[str], accounts: Mapping[str, str]) -> str:
    """The row with the accounts of this installation."""
    if not accounts or not columns:
        return row
    told: dict[str, Any] = json.loads(row)
    return store.written(
        {name: accounts.get(value, value) if name in columns else value for name, value in told.items()}
    )
