"""The side of the document engine that lives in the process that answers people: it hands work over and
waits.

Typst needs some 250 MB and a second of CPU; both stay in a worker process, which starts at the first
document, is replaced when it grows, hangs or dies, and leaves by itself when nobody has asked for a while.
"""

import asyncio
import json
import logging
import os
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from queue import Empty, LifoQueue
from threading import Lock, Timer
from types import TracebackType
from typing import Literal, Self

from acogida.kernel.document import Document, DocumentError, canonical

_LOG = logging.getLogger(__name__)


class DocumentEngineError(RuntimeError):
    """The paper could not be made: the engine failed, took too long or died. Asking again may work."""


class DocumentEngine:
    """Makes PDF and Word files without holding the event loop. `DocumentRenderer` of the kernel, in real."""

    def __init__(
        self,
        *,
        workers: int = 1,
        seconds: float = 60,
        idle_seconds: float = 300,
        documents_each: int = 200,
        mib_each: int = 700,
    ) -> None:
        """`seconds` is the longest one paper may take; a worker is replaced after `documents_each` papers
        or when it has once needed `mib_each` MiB, and leaves after `idle_seconds` without work."""
        self._seconds = seconds
        self._idle_seconds = idle_seconds
        self._documents_each = documents_each
        self._mib_each = mib_each
        self._threads = ThreadPoolExecutor(workers, thread_name_prefix="documents")
        self._resting: LifoQueue[_Worker] = LifoQueue()
        self._closed = False

    async def pdf(self, document: Document) -> bytes:
        """This method will give a tagged PDF (PDF/UA-1, PDF/A-3a); the same document gives the same bytes.

        Raises `DocumentEngineError` when the engine fails.
        """
        return await self._asked("pdf", document)

    async def docx(self, document: Document) -> bytes:
        """This method will give an editable Word file; the same document gives the same bytes.

        Raises `DocumentEngineError` when the engine fails.
        """
        return await self._asked("docx", document)

    async def close(self) -> None:
        """This method will end the workers. The engine makes nothing after it."""
        self._closed = True
        await asyncio.to_thread(self._threads.shutdown)
        while True:
            try:
                self._resting.get_nowait().end()
            except Empty:
                return

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def _asked(self, paper: Literal["pdf", "docx"], document: Document) -> bytes:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, self._made, paper, document)

    def _made(self, paper: str, document: Document) -> bytes:
        stored = canonical(document)
        with self._worker() as worker:
            return worker.make(paper, stored, self._seconds)

    @contextmanager
    def _worker(self) -> "Iterator[_Worker]":
        """A worker for one paper; it goes back to rest only if it is well and not too large."""
        worker = None
        while worker is None:
            try:
                rested = self._resting.get_nowait()
            except Empty:
                worker = _Worker()
            else:
                worker = rested if rested.wake() else None
        try:
            yield worker
        except BaseException as fault:
            if not isinstance(fault, DocumentError):
                worker.end()
                raise
            self._rest(worker)
            raise
        self._rest(worker)

    def _rest(self, worker: "_Worker") -> None:
        if worker.made >= self._documents_each or worker.peak_kib > self._mib_each * 1024 or self._closed:
            worker.end()
            return
        worker.sleep(self._idle_seconds)
        self._resting.put(worker)


class _Worker:
    """One worker process and the pipe to it. It is used by one thread at a time."""

    def __init__(self) -> None:
        self.made = 0
        self.peak_kib = 0
        self._turn = Lock()
        self._asleep = False
        self._timer: Timer | None = None
        # It gets no secret of ours: its environment holds only where Python finds the code.
        self._process = subprocess.Popen(
            [sys.executable, "-m", "acogida.adapters.documents.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            # A Ctrl-C meant for the server must not take the worker away in the middle of a page.
            process_group=0,
            env={"PYTHONPATH": os.pathsep.join(entry for entry in sys.path if entry), "LC_ALL": "C.UTF-8"},
        )

    def make(self, paper: str, stored: bytes, seconds: float) -> bytes:
        """This method will give the paper. Raises `DocumentEngineError` when the worker fails, dies or
        lingers."""
        taken, given = self._process.stdin, self._process.stdout
        if taken is None or given is None:
            raise AssertionError("a worker without pipes")
        watch = Timer(seconds, self._process.kill)
        watch.start()
        try:
            taken.write(json.dumps({"paper": paper, "size": len(stored)}).encode() + b"\n" + stored)
            taken.flush()
            line = given.readline()
            told = json.loads(line) if line else {}
            made = given.read(told.get("size", 0))
        except OSError as broken:
            raise DocumentEngineError("the document worker died") from broken
        finally:
            watch.cancel()
        if not told or len(made) < told["size"]:
            raise DocumentEngineError(f"the document worker died or took more than {seconds:g} s")
        self.made += 1
        self.peak_kib = told["peak_kib"]
        if told.get("fault") == "document":
            raise DocumentError(made.decode())
        if "fault" in told:
            raise DocumentEngineError(made.decode())
        return made

    def sleep(self, seconds: float) -> None:
        """This method will let the worker leave by itself if nobody wakes it within `seconds`."""
        timer = Timer(seconds, self._overslept)
        timer.daemon = True
        self._asleep = True
        timer.start()
        self._timer = timer

    def wake(self) -> bool:
        """This method will stop the timer and tell whether the process is still there."""
        with self._turn:
            self._asleep = False
            if self._timer is not None:
                self._timer.cancel()
            return self._process.poll() is None

    def _overslept(self) -> None:
        with self._turn:
            if self._asleep:
                self.end()

    def end(self) -> None:
        """This method will end the process and wait until it is gone. Ending twice is harmless."""
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()
        _LOG.debug("document worker ended after %d papers, peak %d KiB", self.made, self.peak_kib)
