"""A real S3 server for the tests: Ceph's gateway over one node in memory, on loopback, without systemd or containers.

An imitation that accepts wrong keys and expired links proves nothing about security; this one refuses them. `ensure`
installs Debian's packages once, as root on a machine that lets us; `running` starts a node and stops it at the end.
"""

import base64
import os
import shutil
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

PACKAGES = ("radosgw", "ceph-mon", "ceph-osd", "ceph-mgr", "ceph-common")
PROGRAMS = ("radosgw", "radosgw-admin", "ceph-mon", "ceph-osd", "ceph-mgr", "ceph", "ceph-authtool", "monmaptool")
_MEMORY_NEEDED = 1_500_000_000
KMS_KEY = "acogida"
_PATH = os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin", "/sbin"])

_CONFIGURATION = """
[global]
fsid = {fsid}
mon host = [v2:127.0.0.1:{mon},v1:127.0.0.1:{mon_old}]
mon initial members = a
public addr = 127.0.0.1
cluster addr = 127.0.0.1
auth cluster required = cephx
auth service required = cephx
auth client required = cephx
auth allow insecure global id reclaim = false
osd pool default size = 1
osd pool default min size = 1
osd pool default pg num = 4
osd crush chooseleaf type = 0
osd pool default pg autoscale mode = off
mon allow pool size one = true
run dir = {folder}/run
keyring = {folder}/keyring
log file = {folder}/log/$name.log
admin socket = {folder}/run/$name.asok
[mon]
mon data = {folder}/mon
mon cluster log file = {folder}/log/cluster.log
[mgr]
mgr data = {folder}/mgr
mgr initial modules =
[osd]
osd data = {folder}/osd
osd objectstore = memstore
memstore device bytes = 4294967296
[client.rgw]
rgw frontends = beast endpoint=127.0.0.1:{port}
rgw data = {folder}/rgw
rgw_dynamic_resharding = false
rgw_run_sync_thread = false
rgw_bucket_quota_ttl = 0
rgw_bucket_quota_soft_threshold = 0
rgw crypt require ssl = false
rgw crypt s3 kms backend = testing
rgw crypt s3 kms encryption keys = {kms_name}={kms_key}
"""


@dataclass(frozen=True, slots=True)
class Gateway:
    """Where the server listens and who may enter."""

    endpoint: str
    key: str
    secret: str
    configuration: Path

    def limit(self, bucket: str, *, objects: int) -> None:
        """Let the bucket hold so many objects and no more."""
        quota = [f"--bucket={bucket}", "--quota-scope=bucket"]
        for command in (["set", f"--max-objects={objects}"], ["enable"]):
            subprocess.run(
                ["radosgw-admin", "-c", str(self.configuration), "-n", "client.rgw", "quota", *command, *quota],
                env={**os.environ, "PATH": _PATH},
                check=True,
                capture_output=True,
                timeout=60,
            )


def find() -> str | None:
    """Why it can't run here, or None where it can."""
    if missing := [name for name in PROGRAMS if not shutil.which(name, path=_PATH)]:
        return f"falta {missing[0]}"
    if os.geteuid() != 0:
        return "hay que ser root para levantarlo"
    return None


def ensure() -> str | None:
    """Install it where it is missing and this machine lets us; why it can't run, or None."""
    if find() is None or os.geteuid() != 0 or not shutil.which("apt-get"):
        return find()
    quiet = {
        "stdout": subprocess.DEVNULL,
        "stderr": subprocess.DEVNULL,
        "env": {**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
    }
    for command in (
        ["apt-get", "update"],
        ["apt-get", "install", "-y", "--no-install-recommends", *PACKAGES],
    ):
        if subprocess.run(command, check=False, timeout=600, **quiet).returncode:
            return "no se pudo instalar"
    return find()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running() -> Iterator[Gateway]:
    """Start a node and its gateway, with one user, until the block ends. About thirteen seconds."""
    memory = Path("/dev/shm")
    roomy = memory.is_dir() and shutil.disk_usage(memory).free > _MEMORY_NEEDED
    folder = Path(tempfile.mkdtemp(prefix="ceph-", dir=memory if roomy else "/var/tmp"))
    started: list[subprocess.Popen[bytes]] = []
    try:
        yield _start(folder, started)
    finally:
        for process in reversed(started):
            process.kill()  # all of it is in memory and nothing of it will be missed
        for process in started:
            process.wait()
        shutil.rmtree(folder, ignore_errors=True)


def _start(folder: Path, started: list[subprocess.Popen[bytes]]) -> Gateway:
    for name in ("mon", "osd", "mgr", "rgw", "run", "log"):
        (folder / name).mkdir()
    fsid, port, mon, mon_old = str(uuid.uuid4()), _free_port(), _free_port(), _free_port()
    conf = folder / "ceph.conf"
    conf.write_text(
        _CONFIGURATION.format(
            fsid=fsid,
            folder=folder,
            port=port,
            mon=mon,
            mon_old=mon_old,
            kms_name=KMS_KEY,
            kms_key=base64.b64encode(bytes(32)).decode(),
        )
    )
    env = {**os.environ, "PATH": _PATH}
    given = ["-c", str(conf)]

    def run(*command: str) -> str:
        done = subprocess.run(command, env=env, capture_output=True, text=True, timeout=60, check=False)
        if done.returncode:
            raise RuntimeError(f"{' '.join(command[:4])}: {done.stderr[-2000:]}")
        return done.stdout

    def start(name: str, *command: str) -> None:
        # Whoever started it may be killed: then it ends too.
        log = (folder / "log" / f"{name}.out").open("wb")
        held = ["setpriv", "--pdeathsig", "KILL", *command] if shutil.which("setpriv") else list(command)
        started.append(subprocess.Popen(held, env=env, stdout=log, stderr=log))

    keyring, monmap = str(folder / "keyring"), str(folder / "monmap")
    run("monmaptool", "--create", "--addv", "a", f"[v2:127.0.0.1:{mon},v1:127.0.0.1:{mon_old}]", "--fsid", fsid, monmap)
    run("ceph-authtool", "--create-keyring", keyring, "--gen-key", "-n", "mon.", "--cap", "mon", "allow *")
    for name in ("client.admin", "client.rgw", "osd.0", "mgr.x"):
        caps = [word for part in ("mon", "osd", "mgr") for word in ("--cap", part, "allow *")]
        run("ceph-authtool", keyring, "--gen-key", "-n", name, *caps)
    run("ceph-mon", *given, "--mkfs", "-i", "a", "--monmap", monmap, "--keyring", keyring)
    start("mon", "ceph-mon", *given, "-i", "a", "-f")
    osd = str(uuid.uuid4())
    number = run("ceph", *given, "osd", "new", osd).strip()
    run("ceph-osd", *given, "-i", number, "--mkfs", "--osd-uuid", osd)
    run("ceph", *given, "osd", "crush", "add", f"osd.{number}", "1", "root=default")
    start("osd", "ceph-osd", *given, "-i", number, "-f")
    start("mgr", "ceph-mgr", *given, "-i", "x", "-f")
    start("rgw", "radosgw", *given, "-n", "client.rgw", "-f")
    endpoint = f"http://127.0.0.1:{port}"
    _wait(endpoint, folder)
    key, secret = "ACOGIDATESTKEY", "a-secret-of-the-tests-0123456789"
    run(
        *("radosgw-admin", *given, "-n", "client.rgw", "user", "create", "--uid=acogida", "--display-name=acogida"),
        *(f"--access-key={key}", f"--secret-key={secret}"),
    )
    return Gateway(endpoint, key, secret, conf)


def _wait(endpoint: str, folder: Path) -> None:
    deadline = time.monotonic() + 90
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(endpoint, timeout=2):
                return
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.2)
    logs = "\n".join(path.read_text(errors="replace")[-1500:] for path in sorted((folder / "log").glob("*.out")))
    raise RuntimeError(f"Ceph did not start\n{logs}")


if __name__ == "__main__":
    why_not = ensure()
    print(  # noqa: T201 because it speaks to who runs the tests
        "  Almacén S3 de las pruebas: Ceph RGW"
        if why_not is None
        else f"  Sin Ceph RGW en esta máquina ({why_not}): se omiten las pruebas contra un S3 de verdad."
    )
