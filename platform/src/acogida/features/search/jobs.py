"""What the index does when the catalogue changes, and what is done for it every so often."""

from collections.abc import Awaitable, Callable
from typing import Protocol
from uuid import UUID

import structlog

from acogida.features.methodology.model import Guide
from acogida.features.practices.public import PracticePublished, PracticeRetired, document_with
from acogida.features.search import alerts, store, upkeep
from acogida.features.search.finding import words_of
from acogida.features.search.settings import HasCatalogue
from acogida.kernel.clock import Clock
from acogida.kernel.db import Database
from acogida.kernel.errors import Unavailable
from acogida.kernel.ports import SearchIndex
from acogida.kernel.tenancy import SYSTEM
from acogida.kernel.work import Work

log = structlog.get_logger()


class _Services(Protocol):
    @property
    def database(self) -> Database: ...

    @property
    def search(self) -> SearchIndex: ...

    @property
    def clock(self) -> Clock: ...

    @property
    def settings(self) -> HasCatalogue: ...

    @property
    def guides(self) -> dict[str, Guide]: ...


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


async def tell_alerts(services: _Services) -> None:
    """This job will tell each mailbox what is new in its search, one at a time: one that fails keeps nobody waiting."""
    words = words_of(services.settings, services.guides)
    async with services.database.transaction() as session:
        await store.forget_unconfirmed(session, services.clock.now() - alerts.PATIENCE)
        waiting = await store.confirmed_alerts(session)
    for alert_id in waiting:
        try:
            async with services.database.transaction() as session:
                await alerts.tell(Work(session, services.clock, SYSTEM), services.search, alert_id, words)
        except Unavailable as error:
            log.warning("search.alert_not_told", alert=str(alert_id), reason=str(error))


JOBS = {"practice_index": index_practice}
LISTENERS_OF = {PracticePublished: ["practice_index"], PracticeRetired: ["practice_index"]}
UPKEEP: dict[str, tuple[str, Callable[[_Services], Awaitable[None]]]] = {
    "mend_search": ("40 3 * * *", mend),
    "heal_search": ("*/5 * * * *", heal),
    "tell_practice_alerts": ("0 12 * * 1", tell_alerts),
}
