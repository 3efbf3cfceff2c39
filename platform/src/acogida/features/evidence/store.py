"""Questions about files."""

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.exc import IntegrityError

from acogida.features.evidence.model import File
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


async def same_content(work: Work, sha256: str, subject_type: str, subject_id: UUID | None) -> File | None:
    return await work.session.scalar(
        select(File)
        .where(File.sha256 == sha256, File.subject_type == subject_type, File.subject_id == subject_id)
        .limit(1)
    )


async def keys_in_use(work: Work) -> frozenset[str]:
    """Of every cycle: what is kept belongs to the workspace for good."""
    async with work.session.every_cycle():
        return frozenset(await work.session.scalars(select(File.storage_key)))


async def exists_anywhere(work: Work, file_id: UUID) -> bool:
    async with work.session.every_cycle():
        return await work.session.scalar(select(File.id).where(File.id == file_id)) is not None


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
