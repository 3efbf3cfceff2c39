"""The side that asks: it starts the process that examines, gives it a file, and ends it when it lingers.

One process per file, held to a size of file, a time and an amount of memory: a PDF made to hang or to swell takes
down its own process and nothing else. It gets no secret of ours and no network is needed.
"""

import asyncio
import contextlib
import hashlib
import json
import os
import sys
from pathlib import Path

from acogida.kernel.signatures import Check, Examination, ToExamine, Verdict, from_json

LIMIT = 25_000_000
"""Bytes of the largest file that is examined."""


class SignatureReader:
    """`Signatures` of the kernel, by pyHanko. `anchors` is a folder with the certificates of those we trust (PEM or DER)."""

    def __init__(
        self, anchors: Path | None = None, *, seconds: float = 30, memory_mib: int = 1500, limit: int = LIMIT
    ) -> None:
        self._anchors = anchors
        self._seconds = seconds
        self._memory_mib = memory_mib
        self._limit = limit

    @property
    def ready(self) -> bool:
        """Whether there is anybody to trust: without it no signature can be told to be advanced."""
        return self._anchors is not None and self._anchors.is_dir() and any(self._anchors.iterdir())

    async def examine(self, asked: ToExamine) -> Examination:
        """This method will say what the signatures of a file are worth. It never raises for what the file is."""
        if len(asked.content) > self._limit:
            return _without_reading(asked, Verdict.TOO_LARGE)
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "acogida.adapters.signatures.worker",
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            process_group=0,
            env={"PYTHONPATH": os.pathsep.join(entry for entry in sys.path if entry), "LC_ALL": "C.UTF-8"},
        )
        head = json.dumps(
            {
                "size": len(asked.content),
                "anchors": str(self._anchors) if self._anchors else "",
                "expected": [[one.key, one.name, one.run] for one in asked.expected],
                "now": asked.now.isoformat(),
                "ordered": asked.ordered,
                "memory_mib": self._memory_mib,
                "seconds": self._seconds,
            }
        ).encode()
        try:
            told, _ = await asyncio.wait_for(process.communicate(head + b"\n" + asked.content), self._seconds)
        except TimeoutError:
            return _without_reading(asked, Verdict.TOOK_TOO_LONG)
        finally:
            if process.returncode is None:
                with contextlib.suppress(ProcessLookupError):
                    process.kill()
                await process.wait()
        if not told:  # ended by the limit of memory or of processor
            return _without_reading(asked, Verdict.TOOK_TOO_LONG)
        return from_json(json.loads(told))


def _without_reading(asked: ToExamine, verdict: Verdict) -> Examination:
    return Examination(
        verdict=verdict,
        sha256=hashlib.sha256(asked.content).hexdigest(),
        size=len(asked.content),
        examined_at=asked.now,
        checks=(
            Check("limits", "bad", "El archivo no se pudo revisar dentro de los límites de tamaño, tiempo y memoria."),
        ),
    )
