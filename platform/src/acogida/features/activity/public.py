"""What other rooms may ask about what happened."""

from collections.abc import Sequence

from acogida.features.activity import store, words
from acogida.features.activity.store import Sought
from acogida.features.activity.words import Told
from acogida.kernel.audit import AuditEntry
from acogida.kernel.work import Work


async def latest(work: Work, limit: int = 5) -> list[Told]:
    """This function will tell the last things that happened in the workspace, the newest first."""
    return [words.tell(entry, work.clock, work.zone) for entry in await store.newest(work, Sought(), limit=limit)]


async def whole_book(work: Work) -> Sequence[AuditEntry]:
    """This function will give every entry of the workspace, in the order in which things happened."""
    return await store.whole(work)
