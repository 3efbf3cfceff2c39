"""The process that makes the papers. It reads requests from its input and answers on its output, one at a
time.

Each message is a line of JSON with the length of what follows, then that many bytes. It imports the heavy
engines, so that the process that answers people doesn't, and it is thrown away when it has grown too large.
"""

import json
import resource
import sys
from pathlib import Path
from typing import BinaryIO

from acogida.adapters.documents.typesetting import Typesetter
from acogida.adapters.documents.word import word_file
from acogida.kernel.document import DocumentError, from_json


def _peak_kib() -> int:
    """The most memory that this process has had, in KiB. `ru_maxrss` would count that of the process that started it."""
    try:
        status = Path("/proc/self/status").read_text()
        return int(status.partition("VmHWM:")[2].split()[0])
    except (OSError, ValueError, IndexError):
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def serve(requests: BinaryIO, answers: BinaryIO) -> None:
    """This function will answer requests until its input closes."""
    typesetter = Typesetter()
    while line := requests.readline():
        asked = json.loads(line)
        told: dict[str, object] = {}
        try:
            made = _make(typesetter, asked["paper"], requests.read(asked["size"]))
        except Exception as fault:  # noqa: BLE001 — a worker answers whatever happens; the caller raises it
            made = f"{type(fault).__name__}: {fault}".encode()
            told["fault"] = "document" if isinstance(fault, DocumentError) else "engine"
        told |= {"size": len(made), "peak_kib": _peak_kib()}
        answers.write(json.dumps(told).encode() + b"\n" + made)
        answers.flush()


def _make(typesetter: Typesetter, paper: str, stored: bytes) -> bytes:
    document = from_json(json.loads(stored))
    return typesetter.pdf(document) if paper == "pdf" else word_file(document, typesetter)


if __name__ == "__main__":
    answers = sys.stdout.buffer
    # Whatever a library may print goes where logs go, never between two answers.
    sys.stdout = sys.stderr
    serve(sys.stdin.buffer, answers)
