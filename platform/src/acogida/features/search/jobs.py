"""What the index does when the catalogue changes, and what is done for it every so often."""

from collections.abc import Awaitable, Callable
from typing import Protocol
from uuid import UUID

from acogida.features.practices.public import PracticePublished, PracticeRetired, document_with
from acogida.features.search import upkeep
from acogida.kernel.db import Database
from acogida.kernel.ports import SearchIndex
from acogida.kernel.work import Work


class _Services(Protocol):
    @property
    def database(self) -> Database: ...

    @property
    def search(self) -> SearchIndex: ...


async def index_practice(services: _Services, work: Work, id: UUID) -> None:  # noqa: A002 because it is the event's field
    """This job will put the practice in the index as it is now, or take it out where nobody may find it any more."""
    code, document = await document_with(work.session, id)
    if document is None:
        await services.search.remove([code])
    else:
        await services.search.upsert([document])


async def mend(services: _Services) -> None:
    """This job will compare the whole index with the catalogue and mend it."""
    await upkeep.mend(services.search, upkeep.documents_of(services.database))


async def heal(services: _Services) -> None:
    """This job will mend an engine that came back without what it had: until then another one answers in its place."""
    if not await services.search.healthy():
        await upkeep.mend(services.search, upkeep.documents_of(services.database))


JOBS = {"practice_index": index_practice}
LISTENERS_OF = {PracticePublished: ["practice_index"], PracticeRetired: ["practice_index"]}
UPKEEP: dict[str, tuple[str, Callable[[_Services], Awaitable[None]]]] = {
    "mend_search": ("40 3 * * *", mend),
    "heal_search": ("*/5 * * * *", heal),
}
