"""`make run`: the whole product on one machine, with nothing else installed. Starts everything, stops everything.

The supervisor holds a lock on the data folder, starts PostgreSQL there, migrates, seeds the demonstration, and keeps
two children: web and worker. Ctrl-C or SIGTERM stops them in order; if a child dies the rest is stopped too.
"""

import fcntl
import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import psycopg
from psycopg import sql

from acogida.adapters import embedded_postgres
from acogida.app import installed
from acogida.app.fingerprint import SEED_MARK, fingerprint
from acogida.app.settings import CHECKOUT, Settings, WrongSetting

ENOUGH_DISK = 300_000_000
"""Bytes that must be free to start: the database alone needs some 60 MB to grow."""


NEWEST_REVISION = max(
    path.name.partition("_")[0] for path in (Path(__file__).parents[1] / "migrations/versions").glob("[0-9]*.py")
)


class CannotRun(RuntimeError):
    """Acogida can't start here; the sentence says why and what to do."""


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Hold the data folder: two at once would write over each other."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = (folder / "running.lock").open("a+")
    except OSError as error:
        raise CannotRun(
            f"No se puede escribir en la carpeta de datos {folder} ({error.strerror}). Elija otra con DATA=/otra/carpeta."
        ) from error
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            lock.seek(0)
            raise CannotRun(
                f"Acogida ya está funcionando con los datos de {folder} (proceso {lock.read().strip() or 'desconocido'}). "
                "Deténgala con Ctrl-C en su terminal, o use otra carpeta con DATA=…"
            ) from None
        lock.seek(0)
        lock.truncate()
        lock.write(str(os.getpid()))
        lock.flush()
        yield


def _check_port(host: str, port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            raise CannotRun(
                f"El puerto {port} ya está ocupado. Libérelo o use otro: PORT={port + 1} make run"
            ) from None


def _check_disk(folder: Path) -> None:
    free = shutil.disk_usage(folder).free
    if free < ENOUGH_DISK:
        raise CannotRun(
            f"Quedan sólo {free // 1_000_000} MB libres en {folder}. Libere al menos {ENOUGH_DISK // 1_000_000} MB o use DATA=…"
        )


def _secret_key(folder: Path) -> str:
    kept = folder / "secret-key"
    if not kept.exists():
        descriptor = os.open(kept, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(48))
    return kept.read_text()


def _children_env(env: Mapping[str, str], folder: Path, server: embedded_postgres.Server) -> dict[str, str]:
    return {
        **env,
        "ACOGIDA_DATA": str(folder),
        "ACOGIDA_SECRET_KEY": env.get("ACOGIDA_SECRET_KEY") or _secret_key(folder),
        "ACOGIDA_DATABASE_URL": server.url("acogida_app"),
        "ACOGIDA_DATABASE_WORKER_URL": server.url("acogida_worker"),
        "ACOGIDA_DATABASE_OWNER_URL": server.url("acogida_owner"),
    }


def _child(part: str, env: Mapping[str, str]) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "acogida.app.cli", part]
    return subprocess.Popen(command, env=dict(env), start_new_session=True)


def _wait_for(address: str, children: list[subprocess.Popen[bytes]], seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if any(child.poll() is not None for child in children):
            raise CannotRun("Una parte de Acogida se detuvo al partir. El motivo está en las líneas de arriba.")
        try:
            with urllib.request.urlopen(address, timeout=2):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.05)
    raise CannotRun(f"Acogida no respondió en {seconds:.0f} segundos.")


def _stop(children: list[subprocess.Popen[bytes]]) -> None:
    for child in children:
        if child.poll() is None:
            child.send_signal(signal.SIGTERM)
    deadline = time.monotonic() + 12
    for child in children:
        try:
            child.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


def run(env: Mapping[str, str]) -> int:
    """This function will run the product until it is told to stop, and give the exit status."""
    try:
        return _run(env)
    except (CannotRun, WrongSetting, embedded_postgres.CannotStart) as error:
        print(f"\n  No se pudo iniciar Acogida. {error}\n", file=sys.stderr)
        return 1


def _run(env: Mapping[str, str]) -> int:
    folder = Path(env.get("ACOGIDA_DATA") or env.get("DATA") or CHECKOUT / "data").expanduser().resolve()
    placeholder = {"ACOGIDA_DATABASE_URL": "-", "ACOGIDA_DATABASE_WORKER_URL": "-", "ACOGIDA_DATABASE_OWNER_URL": "-"}
    settings = Settings.from_env({**env, **placeholder})
    stopped = False

    def stop_asked(_signal: int, _frame: object) -> None:
        nonlocal stopped
        stopped = True

    with _alone(folder):
        _check_port(settings.host, settings.port)
        _check_disk(folder)
        for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(name, stop_asked)
        print("  Iniciando Acogida…", flush=True)
        children: list[subprocess.Popen[bytes]] = []
        try:
            try:
                server = embedded_postgres.start(folder)
            except PermissionError as error:
                raise CannotRun(
                    f"No se puede leer la carpeta de datos {folder}: {error.strerror}. Use DATA=/otra/carpeta."
                ) from error
            child_env = _children_env(env, folder, server)
            wanted = {"core": NEWEST_REVISION, **_of_plugins(settings)}
            if _revisions(server, wanted) != wanted:
                _verb("migrate", child_env)
            if _seeded(folder) != fingerprint():
                _verb("seed", child_env)
            _check_port(settings.host, settings.port)
            children.append(_child("web", child_env))
            _wait_for(f"http://{settings.host}:{settings.port}/salud/listo", children, 60)
            children.append(_child("worker", child_env))  # after the first page: both at once would make it wait
            _greet(settings, folder)
            while not stopped:
                if dead := next((child for child in children if child.poll() is not None), None):
                    raise CannotRun(
                        f"Una parte de Acogida se detuvo (código {dead.returncode}); se detuvo el resto. Vuelva a iniciarla."
                    )
                time.sleep(0.2)
            print("\n  Deteniendo Acogida…", flush=True)
        finally:
            _stop(children)
            embedded_postgres.stop(folder)
    print("  Acogida se detuvo. Los datos quedan guardados.", flush=True)
    return 0


def _of_plugins(settings: Settings) -> dict[str, str]:
    allowed = settings.plugins
    return {
        f"plugin_{name}": revision
        for name, revision in installed.revisions().items()
        if allowed is None or name in allowed
    }


def _revisions(server: embedded_postgres.Server, schemas: Iterable[str]) -> dict[str, str]:
    """Revision that each schema has reached, read without loading anything heavy: a warm start must be quick."""
    found: dict[str, str] = {}
    with psycopg.connect(server.url("acogida_owner", driver="libpq")) as connection:
        for schema in schemas:
            table = sql.Identifier(schema, "alembic_version")
            if connection.execute("select to_regclass(%s)", [f"{schema}.alembic_version"]).fetchone() != (None,):
                row = connection.execute(sql.SQL("select version_num from {}").format(table)).fetchone()
                found[schema] = str(row[0]) if row else ""
    return found


def _seeded(folder: Path) -> str:
    kept = folder / SEED_MARK
    return json.loads(kept.read_text())["fingerprint"] if kept.exists() else ""


def _verb(verb: str, env: Mapping[str, str]) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "acogida.app.cli", verb], env=dict(env), capture_output=True, text=True, check=False
    )
    if done.returncode:
        lines = [line for line in done.stderr.strip().splitlines() if line.strip()]
        raise CannotRun(f"Falló «acogida {verb}»: {lines[-1] if lines else 'sin detalle'}")


def _greet(settings: Settings, folder: Path) -> None:
    print(f"\n  Acogida está en {settings.public_url}\n  Datos en {folder}. Para detenerla: Ctrl-C.\n")
    accounts = json.loads((folder / SEED_MARK).read_text())["accounts"]
    if accounts:
        print("  Cuentas de demostración (contraseña de todas: acogida-demo):")
        width = max(len(email) for email, _, _ in accounts)
        for email, role, place in accounts:
            print(f"    {email:<{width}}  {', '.join(filter(None, (role, place)))}")
        print(f"  Las que no son de una municipalidad piden además un código: está en {settings.public_url}/correo")
    print("", flush=True)
