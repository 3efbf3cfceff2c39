"""What the seeded content depends on: while this does not change, starting again has nothing to load."""

import hashlib
from pathlib import Path

from acogida.app.settings import CHECKOUT

SEED_MARK = "seeded.json"
"""File in the data folder: the fingerprint of what was loaded, and the demonstration accounts."""


def fingerprint(root: Path = CHECKOUT) -> str:
    """This function will give a hash of the territory, the practices, the demonstration and the code that loads them."""
    digest = hashlib.sha256()
    files = [
        *sorted((root / "catalogue" / "territory").glob("*.csv")),
        *sorted((root / "catalogue" / "demo").rglob("*.yaml")),
        *sorted((root / "catalogue" / "practices").glob("*.yaml")),
        *sorted((root / "catalogue" / "taxonomy").glob("*.yaml")),
        *sorted(Path(__file__).parent.glob("seed*.py")),
    ]
    for path in files:
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()
