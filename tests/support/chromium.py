"""Finds a Chromium for the browser tests, or installs one where this machine lets us. Says in one line what happens."""

import os
import shutil
import subprocess
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def find() -> str | None:
    """The path of a Chromium, or None."""
    wanted = os.environ.get("ACOGIDA_CHROMIUM")
    if wanted:
        return wanted if Path(wanted).exists() else None
    return next((path for name in NAMES if (path := shutil.which(name))), None)


def ensure() -> str | None:
    """Find one or, as root on a Debian family machine, install it."""
    if (found := find()) or os.geteuid() != 0 or not shutil.which("apt-get"):
        return found
    quiet = {
        "stdout": subprocess.DEVNULL,
        "stderr": subprocess.DEVNULL,
        "env": {**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
    }
    for command in (
        ["apt-get", "update"],
        ["apt-get", "install", "-y", "--no-install-recommends", "chromium", "fonts-dejavu-core"],
    ):
        if subprocess.run(command, check=False, timeout=600, **quiet).returncode:
            return None
    return find()


if __name__ == "__main__":
    browser = ensure()
    print(  # noqa: T201 because it speaks to who runs the tests
        f"  Navegador de las pruebas: {browser}"
        if browser
        else "  Sin Chromium en esta máquina: se omiten las pruebas de navegador (instale chromium o defina ACOGIDA_CHROMIUM)."
    )
