"""What other rooms may ask about what happened."""

from acogida.features.activity import store, words
from acogida.features.activity.store import Sought
from acogida.features.activity.words import Told
from acogida.kernel.work import Work


async def latest(work: Work, limit: int = 5) -> list[Told]:
    """This function will tell the last things that happened in the workspace, the newest first."""
    return [words.tell(entry, work.clock, work.zone) for entry in await store.newest(work, Sought(), limit=limit)]
