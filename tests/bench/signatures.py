"""How long the signatures of a 5 MB PDF take, against the bare limit: hashing its bytes and checking one signature."""

import asyncio
import hashlib
import statistics
import tempfile
import time
from pathlib import Path

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from acogida.adapters.signatures import SignatureReader
from acogida.adapters.signatures.examination import examine, read_anchors
from acogida.kernel.signatures import ExpectedSigner, ToExamine
from support.pki import AMANDA_RUN, NOW, paper, pki, sign

BYTES = 5_000_000
ROUNDS = 15


def _median(work) -> float:  # type: ignore[no-untyped-def]
    times = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        work()
        times.append(time.perf_counter() - began)
    return statistics.median(times) * 1000


def measure() -> None:
    """Print the figures: in process, in the process of its own that production uses, and the bare limit."""
    content = sign(paper(bulk=BYTES), pki().amanda)
    asked = ToExamine(content, [ExpectedSigner("mayor", "Amanda Ñancupil", AMANDA_RUN)], NOW)
    key = pki().amanda.key
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    made = key.sign(b"x", ec.ECDSA(hashes.SHA256()))

    def bare() -> None:
        hashlib.sha256(content).digest()
        key.public_key().verify(made, b"x", ec.ECDSA(hashes.SHA256()))

    with tempfile.TemporaryDirectory() as folder:
        anchors = pki().write_anchors(Path(folder) / "confianza")
        reader, trusted = SignatureReader(anchors), read_anchors(anchors)
        limit, inside = _median(bare), _median(lambda: examine(asked, trusted))
        began = time.perf_counter()
        found = asyncio.run(reader.examine(asked))
        apart = (time.perf_counter() - began) * 1000
    print(
        f"\n  Firmas de un PDF de {len(content) / 1e6:.1f} MB ({found.verdict}): huella y una firma {limit:.1f} ms; "
        f"revisión completa {inside:.1f} ms; en su propio proceso {apart:.0f} ms"
    )
