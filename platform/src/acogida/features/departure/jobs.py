"""What the worker does: makes packs, erases old ones, and does what a municipality decided when its day comes."""

from typing import Protocol
from uuid import UUID

from acogida.features.departure import actions
from acogida.features.departure.events import PackAsked
from acogida.kernel.ports import DocumentRenderer, Files
from acogida.kernel.work import Work


class HasPaper(Protocol):
    @property
    def files(self) -> Files: ...

    @property
    def renderer(self) -> DocumentRenderer: ...


async def make_exit_pack(services: HasPaper, work: Work, pack_id: UUID) -> None:
    """This job will make the pack that somebody asked for."""
    await actions.fill_pack(work, services.files, services.renderer, pack_id)


async def drop_old_packs(services: HasPaper, work: Work, tenant_id: UUID) -> None:
    """This job will erase the packs that can no longer be fetched."""
    del tenant_id
    await actions.drop_old_packs(work, services.files)


async def leave_when_due(services: HasPaper, work: Work, tenant_id: UUID) -> None:
    """This job will erase the workspace on the day that the municipality decided."""
    del tenant_id
    await actions.go(work, services.files, services.renderer)


JOBS = {"make_exit_pack": make_exit_pack, "drop_old_packs": drop_old_packs, "leave_when_due": leave_when_due}
LISTENERS_OF = {PackAsked: ["make_exit_pack"]}
SCHEDULES = {"drop_old_packs": "50 4 * * *", "leave_when_due": "30 5 * * *"}
