"""What the worker does with files: deletes the content of removed ones, and what fallen uploads left behind."""

from typing import Protocol
from uuid import UUID

from acogida.features.evidence import actions
from acogida.features.evidence.events import FileRemoved
from acogida.kernel.ports import Files
from acogida.kernel.work import Work


class HasFiles(Protocol):
    files: Files


async def drop_file(services: HasFiles, work: Work, file_id: UUID) -> None:
    """This job will delete the content of a removed file, and contents older than a day that no row names."""
    await actions.drop_content(work, services.files, file_id)
    await actions.reconcile(work, services.files)


JOBS = {"drop_file": drop_file}
LISTENERS_OF = {FileRemoved: ["drop_file"]}
