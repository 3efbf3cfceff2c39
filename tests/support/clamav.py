"""A real clamd for the tests, that knows one signature of our own: the test string that every antivirus knows.

It proves the conversation, not the detection: the official signatures are not brought here.
"""

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}" + rb"$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
_PATH = os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin", "/sbin"])


def find() -> str | None:
    """The path of clamd, or None."""
    return shutil.which("clamd", path=_PATH)


def ensure() -> str | None:
    """Find it or, as root on a Debian family machine, install it."""
    if (found := find()) or os.geteuid() != 0 or not shutil.which("apt-get"):
        return found
    quiet = {
        "stdout": subprocess.DEVNULL,
        "stderr": subprocess.DEVNULL,
        "env": {**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
    }
    for command in (["apt-get", "update"], ["apt-get", "install", "-y", "--no-install-recommends", "clamav-daemon"]):
        if subprocess.run(command, check=False, timeout=600, **quiet).returncode:
            return None
    return find()


@contextmanager
def running(*, longest: str = "20M") -> Iterator[str]:
    """Start one on loopback until the block ends; gives its address. It refuses what is longer than `longest`."""
    program = find()
    assert program
    folder = Path(tempfile.mkdtemp(prefix="clamd-"))
    signatures = folder / "signatures"
    signatures.mkdir()
    (signatures / "local.ndb").write_text(f"Prueba.EICAR.Local:0:0:{EICAR.hex()}\n")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    configuration = folder / "clamd.conf"
    user = "root" if os.geteuid() == 0 else ""
    configuration.write_text(
        f"DatabaseDirectory {signatures}\nTCPAddr 127.0.0.1\nTCPSocket {port}\nForeground yes\n"
        f"StreamMaxLength {longest}\n" + (f"User {user}\n" if user else "")
    )
    process = subprocess.Popen(
        [program, "-c", str(configuration)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        _wait(port, process)
        yield f"tcp://127.0.0.1:{port}"
    finally:
        process.kill()
        process.wait()
        shutil.rmtree(folder, ignore_errors=True)


def _wait(port: int, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise RuntimeError("clamd did not start")


if __name__ == "__main__":
    program = ensure()
    print(  # noqa: T201 because it speaks to who runs the tests
        f"  Antivirus de las pruebas: {program}"
        if program
        else "  Sin clamd en esta máquina: se omiten las pruebas contra un antivirus de verdad."
    )
