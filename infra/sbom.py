"""Writes what Acogida ships as a CycloneDX list (SBOM): each library of requirements.lock with its version, hashes and licence."""

import json
import re
import subprocess
import sys
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
NAMED = re.compile(r"[-_.]+")


def licence_of(name: str) -> list[dict[str, object]]:
    """What an installed library says of its own licence; empty where it is not installed or says nothing."""
    try:
        told = metadata(name)
    except PackageNotFoundError:
        return []
    words = told.get("License-Expression") or next(
        (line.rpartition(" :: ")[2] for line in told.get_all("Classifier") or [] if line.startswith("License ::")), ""
    )
    return [{"license": {"name": words}}] if words else []


def main(target: Path) -> int:
    """Write the list; what was pinned and did not come out in it is an error."""
    made = subprocess.run(
        [
            *(sys.executable, "-m", "cyclonedx_py", "requirements", "requirements.lock"),
            *("--spec-version", "1.6", "--output-format", "JSON", "--output-reproducible", "--validate"),
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    if made.returncode:
        sys.stderr.write(made.stderr[-2000:])
        return 1
    told = json.loads(made.stdout)
    for component in told["components"]:
        component["licenses"] = component.get("licenses") or licence_of(component["name"])
    pinned = {
        NAMED.sub("-", line.partition("==")[0]).lower()
        for line in (ROOT / "requirements.lock").read_text().splitlines()
        if "==" in line and line[0].isalnum()
    }
    missing = pinned - {NAMED.sub("-", component["name"]).lower() for component in told["components"]}
    target.write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n")
    silent = sum(not component["licenses"] for component in told["components"])
    sys.stdout.write(f"  {target}: {len(told['components'])} componentes, {silent} sin licencia a la vista.\n")
    if missing:
        sys.stderr.write(f"  Faltan: {', '.join(sorted(missing))}\n")
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
