"""Looks for known vulnerabilities in what is pinned. Where the list of them can't be reached, says so and does not fail."""

import subprocess
import sys

LOCKS = ("requirements.lock", "dev.lock")
ACCEPTED: dict[str, str] = {}
"""Vulnerability id → why it does not touch us. Empty is best."""


def main() -> int:
    """Audit both lock files; 1 when something known and not accepted is found."""
    status = 0
    for lock in LOCKS:
        ignored = [part for name in ACCEPTED for part in ("--ignore-vuln", name)]
        done = subprocess.run(
            [
                sys.executable,
                "-m",
                "pip_audit",
                "--requirement",
                lock,
                "--require-hashes",
                "--disable-pip",
                "--progress-spinner=off",
                *ignored,
            ],
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )
        unreachable = (
            done.returncode
            and not done.stdout.strip()
            and ("Connection" in done.stderr or "resolve" in done.stderr or "Max retries" in done.stderr)
        )
        if unreachable:
            print(f"  {lock}: no se pudo consultar la lista de vulnerabilidades desde aquí; queda sin auditar.")  # noqa: T201
        elif done.returncode:
            print(f"  {lock}:\n{done.stdout}{done.stderr[-2000:]}")  # noqa: T201
            status = 1
        else:
            print(f"  {lock}: sin vulnerabilidades conocidas.")  # noqa: T201
    return status


if __name__ == "__main__":
    sys.exit(main())
