"""The engine between the process that answers people and the one that makes papers."""

import asyncio
import os
import signal
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from acogida.adapters.documents import DocumentEngine, DocumentEngineError
from acogida.kernel.document import Document, DocumentBuilder


def short(text: str = "Uno.") -> Document:
    doc = DocumentBuilder("Acta", author="Municipalidad de Temuco", kind="act", date=date(2026, 1, 2))
    doc.p(text)
    return doc.build()


def worker_of(engine: DocumentEngine) -> int:
    """The process at rest, if there is one."""
    return engine._resting.queue[-1]._process.pid


def environment_of(process: int) -> bytes:
    return Path(f"/proc/{process}/environ").read_bytes()


def alive(process: int) -> bool:
    return Path(f"/proc/{process}/stat").exists()


async def test_one_worker_serves_many_papers():
    """The second paper does not pay for a new process."""
    async with DocumentEngine() as engine:
        await engine.pdf(short())
        first = worker_of(engine)
        await engine.docx(short())

        assert worker_of(engine) == first
    assert not alive(first)


async def test_a_worker_that_made_enough_is_replaced():
    """Memory that Typst keeps goes away with its process."""
    async with DocumentEngine(documents_each=2) as engine:
        await engine.pdf(short())
        first = worker_of(engine)
        await engine.pdf(short())

        assert engine._resting.empty()
        assert not alive(first)
        assert (await engine.pdf(short())).startswith(b"%PDF")


async def test_a_worker_that_grew_is_replaced():
    """One paper that needed a lot of memory does not leave a large process behind."""
    async with DocumentEngine(mib_each=1) as engine:
        await engine.pdf(short())

        assert engine._resting.empty()


async def test_a_worker_that_died_at_rest_is_not_noticed():
    """Somebody killed it: the next paper comes all the same."""
    async with DocumentEngine() as engine:
        await engine.pdf(short())
        first = worker_of(engine)
        os.kill(first, signal.SIGKILL)
        await asyncio.sleep(0.1)

        assert (await engine.pdf(short())).startswith(b"%PDF")
        assert worker_of(engine) != first


async def test_a_paper_that_takes_too_long_is_given_up():
    """The person gets an answer and the next paper is made by another worker."""
    async with DocumentEngine(seconds=0.01) as engine:
        with pytest.raises(DocumentEngineError):
            await engine.pdf(short())
        engine._seconds = 60

        assert (await engine.pdf(short())).startswith(b"%PDF")


async def test_a_worker_leaves_when_nobody_asks():
    """At night the memory is given back."""
    async with DocumentEngine(idle_seconds=0.05) as engine:
        await engine.pdf(short())
        process = worker_of(engine)
        for _ in range(100):
            if not alive(process):
                break
            await asyncio.sleep(0.05)

        assert not alive(process)
        assert (await engine.pdf(short())).startswith(b"%PDF")


async def test_the_worker_knows_no_secret(monkeypatch: pytest.MonkeyPatch):
    """Passwords in our environment do not travel with the work."""
    monkeypatch.setenv("ACOGIDA_S3_SECRET", "no-debe-viajar")
    async with DocumentEngine() as engine:
        await engine.pdf(short())
        environment = environment_of(worker_of(engine))

    assert b"no-debe-viajar" not in environment


async def test_a_large_parent_does_not_wear_its_workers_out():
    """What the process that asks has in memory is not the worker's: the worker stays for the next paper."""
    large = b"x" * 900_000_000
    async with DocumentEngine() as engine:
        await engine.pdf(short())
        first = worker_of(engine)
        del large
        await engine.pdf(short())

        assert worker_of(engine) == first


async def test_people_are_answered_while_a_paper_is_made(rich: Callable[..., Document]):
    """The event loop goes on turning: no turn waits for Typst."""
    async with DocumentEngine() as engine:
        document = rich()
        began = time.perf_counter()
        making = asyncio.create_task(engine.pdf(document))
        turns, worst = 0, 0.0
        while not making.done():
            before = time.perf_counter()
            await asyncio.sleep(0.005)
            worst = max(worst, time.perf_counter() - before)
            turns += 1
        await making

    whole = time.perf_counter() - began
    assert turns > 10
    assert worst < max(0.25, whole / 2), "a busy machine delays a turn; only Typst in the loop would take them all"


async def test_two_workers_share_the_work():
    """With two allowed, two papers are made at once and neither gets the other's."""
    async with DocumentEngine(workers=2) as engine:
        one, other = await asyncio.gather(engine.pdf(short("Uno.")), engine.pdf(short("Otro.")))
        assert one == await engine.pdf(short("Uno."))
        assert other == await engine.pdf(short("Otro."))
        assert one != other


async def test_a_closed_engine_makes_nothing():
    """After closing, asking is a mistake that is told."""
    engine = DocumentEngine()
    await engine.close()

    with pytest.raises(RuntimeError):
        await engine.pdf(short())
