"""The product as it really runs, web and worker in processes of their own, over a database of the test's."""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from acogida.adapters.embedded_postgres import Server
from acogida.adapters.mail import KeptMail, LocalMailbox


@dataclass
class Product:
    """A running Acogida: its address, its mailbox, its processes."""

    url: str
    data: Path
    env: dict[str, str]
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def start(self, part: str) -> None:
        """Start `web` or `worker`."""
        log = (self.data / f"{part}.log").open("ab")
        self.processes[part] = subprocess.Popen(
            [sys.executable, "-m", "acogida.app.cli", part],
            env=self.env,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )

    def kill(self, part: str) -> None:
        """End a process without letting it finish anything."""
        self.processes[part].kill()
        self.processes[part].wait()

    def wait_until_ready(self, seconds: float = 60) -> None:
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            try:
                with urllib.request.urlopen(f"{self.url}/salud/listo", timeout=2):
                    return
            except (urllib.error.URLError, OSError):
                if self.processes["web"].poll() is not None:
                    break
                time.sleep(0.1)
        raise AssertionError(f"Acogida did not start:\n{(self.data / 'web.log').read_text()[-4000:]}")

    def mail_to(self, address: str, *, containing: str = "", seconds: float = 20) -> KeptMail:
        """The newest message to this address, waiting for the worker to send it."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            for mail in LocalMailbox(self.data / "mail").newest():
                if mail.to == address and containing in mail.text + mail.subject:
                    return mail
            time.sleep(0.2)
        raise AssertionError(f"no mail to {address} in {seconds} s")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running(server: Server, database: str, data: Path, *, worker: bool = True, **settings: str) -> Iterator[Product]:
    """Run the product until the block ends."""
    port = _free_port()
    env = {
        "PATH": os.environ["PATH"],
        "HOME": os.environ.get("HOME", "/"),
        **{name: os.environ[name] for name in ("PYTHONPATH",) if name in os.environ},
        "ACOGIDA_ENVIRONMENT": "test",
        "ACOGIDA_DATA": str(data),
        "ACOGIDA_PORT": str(port),
        "ACOGIDA_SECRET_KEY": "a-secret-that-only-the-tests-know-0123456789",
        "ACOGIDA_DATABASE_URL": server.url("acogida_app", database=database),
        "ACOGIDA_DATABASE_WORKER_URL": server.url("acogida_worker", database=database),
        "ACOGIDA_DATABASE_OWNER_URL": server.url("acogida_owner", database=database),
        "ACOGIDA_LOG_FORMAT": "json",
        **settings,
    }
    product = Product(f"http://127.0.0.1:{port}", data, env)
    try:
        product.start("web")
        if worker:
            product.start("worker")
        product.wait_until_ready()
        yield product
    finally:
        for process in product.processes.values():
            if process.poll() is None:
                process.terminate()
        for process in product.processes.values():
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
