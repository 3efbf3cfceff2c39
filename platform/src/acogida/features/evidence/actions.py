"""Keeping files: content in the store and its row in the database, or neither.

The content goes up first, under a name of ours; the row is written in the transaction of the work. Whatever ends the
work without a commit takes the content away, and `reconcile` takes away what a fallen process left behind. What must be
kept (acts, legal holds) is refused here and, by the job that comes after, also by the store.
"""

import asyncio
from collections.abc import Collection, Sequence
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import event
from sqlalchemy.orm import Session, SessionTransaction

from acogida.features.evidence import images, store
from acogida.features.evidence.events import FileHeld, FileKept, FileRemoved
from acogida.features.evidence.model import File
from acogida.features.evidence.opening import in_hand
from acogida.features.evidence.receiving import Content, Upload, clean_name, received, redrawn
from acogida.features.evidence.words import (
    KINDS,
    LOOSE,
    OF_PEOPLE,
    retention_of,
    subject_name,
    years_after,
)
from acogida.kernel import audit, outbox
from acogida.kernel.db import new_id
from acogida.kernel.errors import AlreadyClosed, Rejected, Stale
from acogida.kernel.ports import Files
from acogida.kernel.tenancy import TenantId
from acogida.kernel.work import Work

LIMIT = 25_000_000
"""Bytes of one file, where nobody asks for less."""
LIMIT_OF_AUDIO = 100_000_000
ALLOWED = frozenset({"pdf", "image", "office"})
MOST_AREAS = 20
_FOLDER = "evidence"
_FORSAKEN_AFTER = timedelta(days=1)


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
    is given back as it is, with `was_there` true. `limit` is in bytes; `allow` are families (pdf, image, office, audio).
    A picture is drawn again, so that where it was taken and with what does not come with it.
    """
    if kind not in KINDS:
        raise ValueError(f"no kind of file is called {kind!r}")
    await refuse_beyond_room(work, files, 0, clean_name(upload.filename), field)
    async with received(upload, limit=limit, allow=allow, field=field) as content:
        known = await store.same_content(work, content.sent_sha256, subject_type, subject_id)
        if known is not None:
            known.was_there = True
            return known
        await refuse_beyond_room(work, files, content.size, content.name, field)

        row = File(
            id=new_id(),
            kind=kind,
            subject_type=subject_type,
            subject_id=subject_id,
            dated_on=dated_on,
            note=note,
            uploaded_by=work.actor.name,
            consent=consent,
            **_terms(work, kind, consent, subject_type),
        )
        await _put(work, files, row, content)

    work.session.add(row)
    await work.session.flush()
    await audit.record(
        work,
        "file.kept",
        f"subió «{row.name}» ({KINDS[kind].lower()}) a {subject_name(subject_type).lower()}",
        subject=row,
        after={"name": row.name, "kind": kind, "size": row.size, "sha256": row.sha256, "record": subject_id},
    )
    await outbox.publish(work, FileKept(row.id))
    return row


async def remove(work: Work, file_id: UUID) -> None:
    """This function will take a file away, or raise `AlreadyClosed` where it must be kept or a record leans on it."""
    work.require("act:record")
    row = await store.file(work, file_id, lock=True)
    refuse_while_kept(work, row)
    before = {"name": row.name, "kind": row.kind, "sha256": row.sha256}
    content = content_id(row)
    await store.erase(work, file_id)

    await audit.record(work, "file.removed", f"quitó «{row.name}» del archivo", subject=row, before=before)
    await outbox.publish(work, FileRemoved(content))


async def set_hold(work: Work, file_id: UUID, *, on: bool, reason: str, version: int) -> File:
    """This function will put a file under legal hold, with its reason, or lift it."""
    work.require("file:hold")
    row = await store.file(work, file_id, lock=True)
    if row.version != version:
        raise Stale(row)
    if on and not reason:
        raise Rejected(fields={"reason": "Diga por qué debe conservarse: la causa, el sumario o la solicitud."})
    if row.held == on:
        return row
    before = {"held": row.held, "hold_reason": row.hold_reason}
    row.held, row.hold_reason = on, reason if on else ""
    await work.session.flush()

    verb = "puso en conservación obligatoria" if on else "levantó la conservación obligatoria de"
    after = {"held": on, "hold_reason": row.hold_reason, "said": reason}
    await audit.record(
        work, "file.held" if on else "file.freed", f"{verb} «{row.name}»", subject=row, before=before, after=after
    )
    await outbox.publish(work, FileHeld(row.id))
    return row


async def set_consent(work: Work, file_id: UUID, consent: bool | None, *, version: int) -> File:
    """This function will note whether the people in a photograph or a recording agreed; it changes how long it is kept."""
    work.require("file:upload")
    row = await store.file(work, file_id, lock=True)
    if row.version != version:
        raise Stale(row)
    if row.kind not in OF_PEOPLE:
        raise Rejected("Sólo las imágenes, las grabaciones y las listas preguntan por la autorización de las personas.")
    before = {"consent": row.consent, "erase_after": row.erase_after}
    row.consent = consent
    for name, value in _terms(
        work, row.kind, consent, row.subject_type, since=row.created_at.astimezone(work.zone).date()
    ).items():
        setattr(row, name, value)
    await work.session.flush()

    said = {True: "autorizaron", False: "no consta que autorizaran", None: "no se reconocen"}[consent]
    await audit.record(
        work,
        "file.consent_noted",
        f"anotó que las personas de «{row.name}» {said}"
        if consent is not None
        else f"anotó que en «{row.name}» no se reconoce a nadie",
        subject=row,
        before=before,
        after={"consent": consent, "erase_after": row.erase_after},
    )
    return row


async def blur(work: Work, files: Files, file_id: UUID, areas: Sequence[images.Area], *, version: int) -> File:
    """This function will make these areas of a photograph unrecognisable. What it was is erased, every version of it."""
    work.require("file:upload")
    row = await store.file(work, file_id, lock=True)
    if row.version != version:
        raise Stale(row)
    refuse_while_kept(work, row)
    if not row.media_type.startswith("image/"):
        raise Rejected("Sólo se difuminan fotografías.")
    if not areas or len(areas) > MOST_AREAS:
        raise Rejected(fields={"areas": f"Marque entre una y {MOST_AREAS} zonas."})
    before = {"sha256": row.sha256, "blurred": row.blurred}
    old = content_id(row)
    async with in_hand(work, files, row) as spool:
        try:
            drawn = await asyncio.to_thread(images.blurred, spool, row.media_type, areas)
        except images.NotAnImage as broken:
            raise Rejected(f"La fotografía {broken}.") from broken
    with drawn.file:
        content = await redrawn(drawn, name=row.name, sent_sha256=row.sent_sha256)
        row.blurred, row.pictured = True, False
        await _put(work, files, row, content)
    await work.session.flush()

    places = "1 zona" if len(areas) == 1 else f"{len(areas)} zonas"
    await audit.record(
        work,
        "file.blurred",
        f"difuminó {places} de «{row.name}»",
        subject=row,
        before=before,
        after={"sha256": row.sha256, "blurred": True},
    )
    await outbox.publish(work, FileKept(row.id))
    await outbox.publish(work, FileRemoved(old))
    return row


async def drop_content(work: Work, files: Files, content: UUID) -> None:
    """This function will erase a content, every version, that no file has any more; if one has it, it does nothing."""
    key = f"{_FOLDER}/{content.hex}"
    if key not in await store.keys_in_use(work):
        await files.erase(work.tenant.id, key)


async def reconcile(work: Work, files: Files) -> int:
    """This function will erase contents older than a day that no row names, and say how many they were."""
    before = work.clock.now() - _FORSAKEN_AFTER
    return await files.sweep(work.tenant.id, _FOLDER, before=before, keep=await store.keys_in_use(work))


def refuse_while_kept(work: Work, row: File) -> None:
    """This function will raise `AlreadyClosed` where the file is under legal hold or its class still keeps it."""
    if row.held:
        raise AlreadyClosed(
            f"«{row.name}» está en conservación obligatoria ({row.hold_reason}): nadie puede quitarlo ni cambiarlo."
        )
    if row.retained_until and row.retained_until > work.today():
        raise AlreadyClosed(
            f"«{row.name}» respalda un acto de la autoridad y se conserva hasta el {row.retained_until:%d-%m-%Y}. Si no "
            "corresponde, registre el correcto: éste quedará como antecedente."
        )


def content_id(row: File) -> UUID:
    """This function will give the id of the content that a file has now."""
    return UUID(row.storage_key.removeprefix(f"{_FOLDER}/"))


def forget_unless_committed(work: Work, files: Files, key: str) -> None:
    """This function will erase the content under `key` if the transaction of the work is rolled back."""
    session, tenant, loop = work.session.sync_session, work.tenant.id, asyncio.get_running_loop()

    def rolled_back(_session: Session, closed: SessionTransaction) -> None:
        if closed.parent is None:
            task = loop.create_task(_erase_quietly(files, tenant, key))
            _ERASING.add(task)
            task.add_done_callback(_ERASING.discard)

    event.listen(session, "after_soft_rollback", rolled_back)


_ERASING: set[asyncio.Task[None]] = set()
"""Erasures under way: the loop alone would let them be collected."""


async def _erase_quietly(files: Files, tenant: TenantId, key: str) -> None:
    """What fails here is left for `reconcile`: the answer to the person is already on its way."""
    try:
        await files.erase(tenant, key)
    except Exception:  # noqa: BLE001 because any failure of the store means the same here: try again tomorrow
        return


async def _put(work: Work, files: Files, row: File, content: Content) -> None:
    """A new content under a new name; the row says what it is. Nobody opens it before the antivirus, if there is one."""
    row.storage_key = f"{_FOLDER}/{new_id().hex}"
    row.name, row.media_type, row.size = content.name, content.media_type, content.size
    row.sha256, row.sent_sha256 = content.sha256, content.sent_sha256
    row.width, row.height = content.width, content.height
    row.state = "waiting" if files.rules.scanned else "ready"
    forget_unless_committed(work, files, row.storage_key)
    await files.put(
        work.tenant.id,
        row.storage_key,
        content.pieces(),
        limit=content.size,
        sha256=content.sha256,
        media_type=content.media_type,
    )


def _terms(
    work: Work, kind: str, consent: bool | None, subject_type: str, *, since: date | None = None
) -> dict[str, date | None]:
    """A loose paper is nobody's proof yet: only what backs a record is held to its years."""
    term, day = retention_of(kind, consent), since or work.today()
    least = years_after(day, term.at_least_years) if term.at_least_years and subject_type != LOOSE else None
    most = years_after(day, term.at_most_years) if term.at_most_years else None
    return {"retained_until": least, "erase_after": most}


async def refuse_beyond_room(work: Work, files: Files, size: int, name: str, field: str) -> None:
    """This function will raise `Rejected` where another file of so many bytes is more than the workspace may keep."""
    rules = files.rules
    used = await store.room_used(work)
    if used.files >= rules.most_files:
        raise Rejected(
            fields={
                field: f"No guardamos «{name}»: el archivo de la municipalidad llegó a {rules.most_files} documentos, que son "
                "los que tiene permitidos. Quite los que sobran o pida más espacio a quien administra Acogida."
            }
        )
    if used.size + size > rules.most_bytes or (not size and used.size >= rules.most_bytes):
        raise Rejected(
            fields={
                field: f"No guardamos «{name}»: no cabe. El archivo de la municipalidad ocupa {used.size // 1_000_000} de sus "
                f"{rules.most_bytes // 1_000_000} MB. Quite lo que sobra o pida más espacio a quien administra Acogida."
            }
        )
