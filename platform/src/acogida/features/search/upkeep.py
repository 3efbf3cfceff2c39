"""Keeping the index of practices equal to what is published, engine by engine.

The catalogue is the truth and the index can always be made again from it, so nothing here asks what went wrong: it
compares, and puts what is missing.
"""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass

import structlog

from acogida.features.practices.public import published_documents
from acogida.kernel.db import Database
from acogida.kernel.errors import Unavailable
from acogida.kernel.ports import PracticeDocument, SearchIndex

log = structlog.get_logger()
Documents = Callable[[], AsyncIterator[PracticeDocument]]
BATCH = 500
TOO_FAR = 0.5
"""Share of wrong documents from which making the index again is less work than mending it."""


@dataclass(frozen=True, slots=True)
class Mended:
    """What an engine lacked. `answered` is False where it could not be asked."""

    engine: str
    put: int = 0
    taken_out: int = 0
    made_again: bool = False
    answered: bool = True


def documents_of(database: Database) -> Documents:
    """This function will give whoever reads every published practice as it is when its reading begins."""

    async def read() -> AsyncIterator[PracticeDocument]:
        async with database.transaction(read_only=True) as session:
            async for document in published_documents(session):
                yield document

    return read


async def rebuild(index: SearchIndex, documents: Documents) -> Sequence[Mended]:
    """This function will make each engine again from nothing, and then put what was published meanwhile."""
    return [await _make_again(name, engine, documents) for name, engine in index.engines()]


async def _make_again(name: str, engine: SearchIndex, documents: Documents) -> Mended:
    try:
        made = await engine.rebuild(documents)
    except Unavailable as error:
        log.warning("search.not_made_again", engine=name, reason=str(error))
        return Mended(name, answered=False)
    late = await _mend_one(name, engine, documents)
    return Mended(name, put=made + late.put, taken_out=late.taken_out, made_again=True, answered=late.answered)


async def mend(index: SearchIndex, documents: Documents) -> Sequence[Mended]:
    """This function will compare each engine with the catalogue, by hash, and mend it. One that is down is left for later."""
    return [await _mend_one(name, engine, documents) for name, engine in index.engines()]


async def _mend_one(name: str, engine: SearchIndex, documents: Documents) -> Mended:
    try:
        held = await engine.fingerprint()
        wrong, wanted = await _compare(held, documents)
        gone = [each for each in held if each not in wanted]
        if len(wrong) + len(gone) > TOO_FAR * max(len(wanted), 1):
            await engine.rebuild(documents)
            mended = Mended(name, put=len(wanted), taken_out=len(gone), made_again=True)
        else:
            await _put(engine, wrong, documents)
            if gone:
                await engine.remove(gone)
            mended = Mended(name, put=len(wrong), taken_out=len(gone))
    except Unavailable as error:
        log.warning("search.not_mended", engine=name, reason=str(error))
        return Mended(name, answered=False)
    if mended.put or mended.taken_out:
        log.info("search.mended", engine=name, put=mended.put, taken_out=mended.taken_out, again=mended.made_again)
    return mended


async def _compare(held: Mapping[str, str], documents: Documents) -> tuple[set[str], set[str]]:
    """Which documents are missing or differ, and which there should be."""
    wrong, wanted = set(), set()
    async for document in documents():
        wanted.add(document.id)
        if held.get(document.id) != document.digest:
            wrong.add(document.id)
    return wrong, wanted


async def _put(engine: SearchIndex, wrong: set[str], documents: Documents) -> None:
    waiting: list[PracticeDocument] = []
    if wrong:
        async for document in documents():
            if document.id in wrong:
                waiting.append(document)
            if len(waiting) == BATCH:
                await engine.upsert(waiting)
                waiting = []
    if waiting:
        await engine.upsert(waiting)
