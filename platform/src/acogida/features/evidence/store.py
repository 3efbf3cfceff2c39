"""Questions about files."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import delete, func, or_, select
from sqlalchemy.exc import IntegrityError

from acogida.features.evidence.model import File, FileCheck, Upload
from acogida.kernel.errors import AlreadyClosed, NotFound
from acogida.kernel.work import Work


async def file(work: Work, file_id: UUID, *, lock: bool = False) -> File:
    query = select(File).where(File.id == file_id)
    found = await work.session.scalar(query.with_for_update() if lock else query)
    if found is None:
        raise NotFound
    return found


async def files(work: Work, *, kind: str = "", after: UUID | None = None, limit: int | None = None) -> Sequence[File]:
    """By id, which is the order in which they came."""
    query = select(File).order_by(File.id).limit(limit)
    if kind:
        query = query.where(File.kind == kind)
    return (await work.session.scalars(query.where(File.id > after) if after else query)).all()


async def newest_files(work: Work, *, kind: str = "", offset: int, limit: int) -> Sequence[File]:
    query = select(File).order_by(File.id.desc()).offset(offset).limit(limit)
    return (await work.session.scalars(query.where(File.kind == kind) if kind else query)).all()


async def files_of(work: Work, subject_type: str, subject_id: UUID | None) -> Sequence[File]:
    query = select(File).where(File.subject_type == subject_type, File.subject_id == subject_id).order_by(File.id)
    return (await work.session.scalars(query)).all()


async def file_counts(work: Work, subject_type: str, kinds: Collection[str] = ()) -> dict[UUID, int]:
    """How many files each record of this type has; `kinds` narrows them."""
    query = select(File.subject_id, func.count()).where(File.subject_type == subject_type)
    if kinds:
        query = query.where(File.kind.in_(kinds))
    rows = await work.session.execute(query.group_by(File.subject_id))
    return {subject_id: count for subject_id, count in rows if subject_id is not None}


async def kind_counts(work: Work) -> dict[str, int]:
    return {row[0]: row[1] for row in await work.session.execute(select(File.kind, func.count()).group_by(File.kind))}


async def same_content(work: Work, sent_sha256: str, subject_type: str, subject_id: UUID | None) -> File | None:
    """The file of this record that came with this very content, whatever was then made of it."""
    return await work.session.scalar(
        select(File)
        .where(
            or_(File.sent_sha256 == sent_sha256, File.sha256 == sent_sha256),
            File.subject_type == subject_type,
            File.subject_id == subject_id,
        )
        .limit(1)
    )


async def twins(work: Work, row: File) -> Sequence[File]:
    """Other files of the workspace that came with the same content."""
    if not row.sent_sha256:
        return ()
    query = select(File).where(File.sent_sha256 == row.sent_sha256, File.id != row.id).order_by(File.id).limit(10)
    return (await work.session.scalars(query)).all()


@dataclass(frozen=True, slots=True)
class Room:
    """How many files a workspace has, of every cycle, and their bytes."""

    files: int
    size: int


async def room_used(work: Work) -> Room:
    async with work.session.every_cycle():
        count, size = (await work.session.execute(select(func.count(), func.coalesce(func.sum(File.size), 0)))).one()
    return Room(count, int(size))


async def file_anywhere(work: Work, file_id: UUID, *, lock: bool = False) -> File | None:
    """Of any cycle; None where it is gone."""
    query = select(File).where(File.id == file_id)
    async with work.session.every_cycle():
        return await work.session.scalar(query.with_for_update() if lock else query)


async def past_their_term(work: Work, day: date, *, limit: int = 200) -> Sequence[File]:
    """Files of any cycle that their class no longer keeps, and that nobody holds."""
    query = select(File).where(File.erase_after <= day, File.held.is_(False)).order_by(File.id).limit(limit)
    async with work.session.every_cycle():
        return (await work.session.scalars(query)).all()


async def least_checked(work: Work, before: datetime, *, limit: int) -> Sequence[File]:
    """Files of any cycle that nobody has read whole since then, the longest forgotten first."""
    query = (
        select(File)
        .where(or_(File.checked_at.is_(None), File.checked_at < before), File.state != "waiting")
        .order_by(File.checked_at.nulls_first(), File.id)
        .limit(limit)
    )
    async with work.session.every_cycle():
        return (await work.session.scalars(query)).all()


async def waiting(work: Work) -> Sequence[UUID]:
    """Files of any cycle that nobody has looked at yet."""
    async with work.session.every_cycle():
        return (await work.session.scalars(select(File.id).where(File.state == "waiting"))).all()


async def checks(work: Work, *, after: UUID | None = None, limit: int = 24) -> Sequence[FileCheck]:
    """The newest first; with a cursor, the oldest first."""
    if after is not None:
        query = select(FileCheck).where(FileCheck.id > after).order_by(FileCheck.id)
    else:
        query = select(FileCheck).order_by(FileCheck.id.desc())
    return (await work.session.scalars(query.limit(limit))).all()


async def open_check(work: Work) -> FileCheck | None:
    """The reading of the archive that has begun and not ended."""
    return await work.session.scalar(select(FileCheck).where(FileCheck.finished.is_(False)).limit(1).with_for_update())


async def upload(work: Work, upload_id: UUID, *, lock: bool = False) -> Upload:
    """Of whoever asks, and of nobody else."""
    query = select(Upload).where(
        Upload.id == upload_id,
        Upload.person_id == work.actor.person_id,
        Upload.expires_at > work.clock.now(),
    )
    found = await work.session.scalar(query.with_for_update() if lock else query)
    if found is None:
        raise NotFound
    return found


async def uploads_under_way(work: Work) -> Room:
    """How many contents this person is sending, and the bytes that all of them will take."""
    query = select(func.count(), func.coalesce(func.sum(Upload.size), 0)).where(
        Upload.person_id == work.actor.person_id, Upload.expires_at > work.clock.now()
    )
    count, size = (await work.session.execute(query)).one()
    return Room(count, int(size))


async def forget_upload(work: Work, row: Upload) -> None:
    await work.session.delete(row)
    await work.session.flush()


async def forget_old_uploads(work: Work) -> None:
    await work.session.execute(delete(Upload).where(Upload.expires_at <= work.clock.now()))


async def keys_in_use(work: Work) -> frozenset[str]:
    """Of every cycle: what is kept belongs to the workspace for good."""
    async with work.session.every_cycle():
        return frozenset(await work.session.scalars(select(File.storage_key)))


async def erase(work: Work, file_id: UUID) -> None:
    """Or raise `AlreadyClosed` where a record leans on the file."""
    try:
        async with work.session.begin_nested():
            await work.session.execute(delete(File).where(File.id == file_id))
    except IntegrityError as error:
        raise AlreadyClosed(
            "Este archivo respalda un acto o una versión y no se puede quitar. Si no corresponde, registre el correcto: "
            "este quedará como antecedente."
        ) from error
