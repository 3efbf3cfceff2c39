"""What the worker does with files: looks at what came, erases what is no longer of any, tidies each night, and reads
the whole archive each month."""

from typing import Protocol
from uuid import UUID

from acogida.features.evidence import actions, checking, looking, resumable, store
from acogida.features.evidence.events import FileHeld, FileKept, FileRemoved, UploadEnded
from acogida.kernel import outbox
from acogida.kernel.ports import Files, Scanner
from acogida.kernel.work import Work


class HasFiles(Protocol):
    @property
    def files(self) -> Files: ...

    @property
    def scanner(self) -> Scanner | None: ...


async def look_at_file(services: HasFiles, work: Work, file_id: UUID) -> None:
    """This job will look at a content that came."""
    row = await store.file_anywhere(work, file_id, lock=True)
    if row is not None:
        await looking.look_at(work, services.files, services.scanner, row)


async def hold_file(services: HasFiles, work: Work, file_id: UUID) -> None:
    """This job will tell the store that a file is held, or no longer."""
    row = await store.file_anywhere(work, file_id)
    if row is not None:
        await looking.hold_in_store(work, services.files, row)


async def drop_file(services: HasFiles, work: Work, content: UUID) -> None:
    """This job will erase a content, every version, that no file has any more."""
    await actions.drop_content(work, services.files, content)


async def drop_upload(services: HasFiles, work: Work, upload_id: UUID) -> None:
    """This job will erase the pieces of what came in pieces."""
    await resumable.drop_pieces(work, services.files, upload_id)


async def tidy_files(services: HasFiles, work: Work, tenant_id: UUID) -> None:
    """This job will erase what its class no longer keeps, what nobody names, and uploads that nobody finished."""
    del tenant_id
    await checking.tidy(work, services.files)


async def check_files(services: HasFiles, work: Work, tenant_id: UUID) -> None:
    """This job will read a part of the archive, and ask for another of its kind until all is read."""
    report = await checking.check(work, services.files)
    if not report.finished:
        await outbox.deliver(work, "check_files", tenant_id)


JOBS = {
    "look_at_file": look_at_file,
    "hold_file": hold_file,
    "drop_file": drop_file,
    "drop_upload": drop_upload,
    "tidy_files": tidy_files,
    "check_files": check_files,
}
LISTENERS_OF = {
    FileKept: ["look_at_file"],
    FileHeld: ["hold_file"],
    FileRemoved: ["drop_file"],
    UploadEnded: ["drop_upload"],
}
SCHEDULES = {"tidy_files": "40 3 * * *", "check_files": "10 4 1 * *"}
"""Job → when it is done in each workspace, in the words of cron and the hour of the server (UTC)."""
