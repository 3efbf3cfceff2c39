"""Asking for everything, deciding to leave, thinking again, and the day on which it is done."""

import tempfile
from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from uuid import UUID

from acogida.features.departure import store
from acogida.features.departure.events import PackAsked
from acogida.features.departure.forms import Leave
from acogida.features.departure.model import KEPT_FOR, NOTICE, Departure, ExitPack, Farewell, archived_until
from acogida.features.departure.packing import digest_of, make_pack
from acogida.features.people import public as people
from acogida.features.practices import public as practices
from acogida.kernel import audit, mailbox, outbox
from acogida.kernel.errors import AlreadyClosed, NotFound, Rejected
from acogida.kernel.ports import DocumentRenderer, Files
from acogida.kernel.work import Work
from acogida.web.format import long_date

FOLDERS = ("evidence", "incoming", "exit")
"""Where the store keeps what a workspace sent it. What the law still holds is erased by the store when its term ends."""
_LEADING = {"secretary", "president", "mayor"}
_LARGEST = 50_000_000_000
_PIECE = 256 * 1024


async def ask_for_pack(work: Work) -> ExitPack:
    """This function will note that somebody wants everything; the worker makes it. One at a time."""
    work.require("workspace:leave")
    for row in await store.packs(work):
        if row.made_at is None and work.clock.now() - row.asked_at < timedelta(hours=6):
            raise AlreadyClosed("Ya estamos preparando un paquete. Le avisaremos por correo cuando esté listo.")
    row = ExitPack(asked_by=work.actor.name, asked_at=work.clock.now())
    work.session.add(row)
    await work.session.flush()
    await audit.record(work, "exit_pack.asked", "pidió el paquete con todo lo del espacio", subject=row)
    await outbox.publish(work, PackAsked(row.id))
    return row


async def fill_pack(work: Work, files: Files, renderer: DocumentRenderer, pack_id: UUID) -> ExitPack:
    """This function will make a pack that was asked for, and tell whoever leads that it is ready."""
    row = await store.pack(work, pack_id, lock=True)
    if row.made_at is None:
        row.size, row.sha256, row.manifest_sha256, row.missing = await _kept(work, files, renderer, row.storage_key)
        row.made_at = work.clock.now()
        await audit.record(work, "exit_pack.made", "preparó el paquete de salida", subject=row)
        await _tell_leaders(
            work,
            "Su paquete de Acogida está listo",
            f"El paquete con todo lo de la Municipalidad de {work.tenant.name} está listo. Puede bajarlo durante "
            f"{KEPT_FOR.days} días desde «Llevarse todo».\n\n{mailbox.link(_page(work))}\n",
        )
    return row


async def _kept(work: Work, files: Files, renderer: DocumentRenderer, key: str) -> tuple[int, str, str, list[str]]:
    with tempfile.TemporaryDirectory(prefix="acogida-") as folder:
        path = Path(folder) / "paquete.zip"
        with path.open("w+b") as into:
            packed = await make_pack(work, files, renderer, into)
        size, sha256 = digest_of(path)
        await files.put(work.tenant.id, key, _pieces(path), limit=_LARGEST, sha256=sha256, media_type="application/zip")
    return size, sha256, packed.manifest_sha256, packed.missing


async def _pieces(path: Path) -> AsyncIterator[bytes]:
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            yield piece


async def drop_old_packs(work: Work, files: Files) -> int:
    """This function will erase the packs whose days have passed, and say how many."""
    old = [row for row in await store.packs(work) if row.gone(work.clock.now())]
    for row in old:
        await files.erase(work.tenant.id, row.storage_key)
        await work.session.delete(row)
    await work.session.flush()
    return len(old)


async def leave(work: Work, wanted: Leave) -> Departure:
    """This function will write down the decision to leave; nothing is erased before its day."""
    work.require("workspace:leave")
    if await store.departure(work, lock=True):
        raise AlreadyClosed("La salida ya está decidida. Si hay que cambiar el día, anúlela primero.")
    soonest = work.today() + NOTICE
    faults: dict[str, str] = {}
    if wanted.commune.strip().casefold() != work.tenant.name.casefold():
        faults["commune"] = f"Escriba «{work.tenant.name}» tal cual, para confirmar."
    if wanted.erase_on is None or wanted.erase_on < soonest:
        faults["erase_on"] = f"El primer día posible es el {long_date(soonest)}: así alguien puede pensarlo mejor."
    if faults or wanted.erase_on is None:
        raise Rejected(fields=faults)
    row = Departure(
        decided_by=wanted.decided_by,
        cargo=wanted.cargo,
        reason=wanted.reason,
        asked_by=work.actor.name,
        asked_at=work.clock.now(),
        erase_on=wanted.erase_on,
    )
    work.session.add(row)
    await work.session.flush()
    day = long_date(row.erase_on)
    await audit.record(
        work,
        "departure.decided",
        f"anotó que la municipalidad deja Acogida el {day}, por decisión de {row.decided_by}",
        subject=row,
    )
    await ask_for_pack_unless_waiting(work)
    await _tell_leaders(
        work,
        f"La Municipalidad de {work.tenant.name} dejará Acogida el {day}",
        f"{row.asked_by} anotó la decisión de {row.decided_by} ({row.cargo}). El {day} se borrará todo lo del espacio. "
        "Hasta entonces se puede anular y seguir.\n\n"
        f"{mailbox.link(_page(work))}\n",
    )
    return row


async def ask_for_pack_unless_waiting(work: Work) -> None:
    """This function will ask for a pack where none is being made."""
    with suppress(AlreadyClosed):
        await ask_for_pack(work)


async def stay(work: Work) -> None:
    """This function will take the decision back. Raises `NotFound` where there was none."""
    work.require("workspace:leave")
    row = await store.departure(work, lock=True)
    if row is None:
        raise NotFound
    await audit.record(work, "departure.taken_back", "anuló la salida: la municipalidad sigue en Acogida", subject=row)
    await store.cancel(work, row)
    await _tell_leaders(
        work,
        f"La Municipalidad de {work.tenant.name} sigue en Acogida",
        f"{work.actor.name} anuló la salida. No se borrará nada.\n",
    )


async def go(work: Work, files: Files, renderer: DocumentRenderer) -> Farewell | None:
    """This function will do what was decided, if its day has come: the archive's copy first, then everything goes."""
    row = await store.departure(work, lock=True)
    if row is None or row.erase_on > work.today():
        return None
    now = work.clock.now()
    key = f"archive/{row.id}"
    _, _, manifest_sha256, _ = await _kept(work, files, renderer, key)
    until = archived_until(now)
    await files.retain(work.tenant.id, key, until=until)
    for pack in await store.packs(work):
        await files.erase(work.tenant.id, pack.storage_key)
    farewell = Farewell(
        tenant_id_was=work.tenant.id,
        cut=work.tenant.cut,
        name=work.tenant.name,
        cargo=row.cargo,
        asked_at=row.asked_at,
        left_at=now,
        archive_key=key,
        manifest_sha256=manifest_sha256,
        archive_until=until.date(),
    )
    work.session.add(farewell)
    await work.session.flush()
    await _tell_leaders(
        work,
        f"La Municipalidad de {work.tenant.name} dejó Acogida",
        "Se borró todo lo del espacio. Quien administra Acogida guarda hasta el "
        f"{long_date(farewell.archive_until)} una copia de archivo, que la municipalidad puede pedir.\n",
    )
    await practices.forget(work.session, work.tenant.id)
    await store.erase_everything(work)
    for folder in FOLDERS:
        await files.sweep(work.tenant.id, folder, before=now + timedelta(days=1), keep=())
    return farewell


def _page(work: Work) -> str:
    return f"/m/{work.tenant.slug}/ajustes/salida"


async def _tell_leaders(work: Work, subject: str, words: str) -> None:
    for member in await people.members(work):
        if _LEADING & {*member.roles}:
            await mailbox.post(work, to=member.email, subject=subject, text=words)
