"""`acogida run` on one machine: starts everything, stops everything, says clearly why it can't."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

pytestmark = pytest.mark.live


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def start(data: Path, port: int) -> subprocess.Popen[str]:
    env = {"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/"), "DATA": str(data), "PORT": str(port)}
    return subprocess.Popen(
        [sys.executable, "-m", "acogida.app.cli", "run"],
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def wait_until_up(port: int, process: subprocess.Popen[str], seconds: float = 90) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/salud/listo", timeout=2):
                return
        except OSError:
            assert process.poll() is None, process.stdout.read() if process.stdout else ""
            time.sleep(0.1)
    raise AssertionError("it never came up")


def children_of(pid: int) -> list[int]:
    found = []
    for entry in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = entry.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[1]) == pid:
            found.append(int(entry.parent.name))
    return found


def test_it_starts_stops_and_starts_again(tmp_path: Path) -> None:
    """Ctrl-C stops all that it started; a second start finds the data; a start beside it is refused."""
    data, port = tmp_path / "datos", free_port()
    first = start(data, port)
    wait_until_up(port, first)
    family = children_of(first.pid)

    beside = start(data, free_port())
    said, _ = beside.communicate(timeout=30)
    assert beside.returncode == 1
    assert "ya está funcionando con los datos" in said

    first.send_signal(signal.SIGINT)
    said, _ = first.communicate(timeout=40)
    assert first.returncode == 0
    assert "Acogida se detuvo" in said
    assert not [pid for pid in family if Path(f"/proc/{pid}").exists()]

    again = start(data, port)
    wait_until_up(port, again)
    again.send_signal(signal.SIGTERM)
    again.communicate(timeout=40)
    assert again.returncode == 0


def test_a_taken_port_is_said(tmp_path: Path) -> None:
    """One sentence, with the way out."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        process = start(tmp_path, taken.getsockname()[1])
        said, _ = process.communicate(timeout=30)
    assert process.returncode == 1
    assert "ya está ocupado" in said


def test_a_data_folder_that_can_not_be_is_said(tmp_path: Path) -> None:
    """A file where the folder should be."""
    (tmp_path / "datos").write_text("no soy una carpeta")
    process = start(tmp_path / "datos", free_port())
    said, _ = process.communicate(timeout=30)
    assert process.returncode == 1
    assert "No se puede escribir en la carpeta de datos" in said
