"""Documents that say what the code is are held to the code."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "platform" / "docs"
SOURCE = ROOT / "platform" / "src" / "acogida"


def test_every_setting_is_described() -> None:
    """A variable read by the code stands in platform/docs/settings.md, and nothing else does."""
    code = "".join((SOURCE / "app" / name).read_text() for name in ("settings.py", "cli.py"))
    read = set(re.findall(r'"(ACOGIDA_[A-Z0-9_]+)"', code))
    described = set(re.findall(r"`(ACOGIDA_[A-Z0-9_]+)`", (DOCS / "settings.md").read_text()))
    assert read == described


def test_every_room_and_feature_is_named() -> None:
    """The map in architecture.md names each room there is."""
    text = (DOCS / "architecture.md").read_text()
    rooms = {path.name for path in SOURCE.iterdir() if path.is_dir() and not path.name.startswith("_")}
    assert {room for room in rooms if f"`{room}/" not in text} == set()


def test_decisions_are_numbered_and_say_their_state() -> None:
    """One page each: number, state, date."""
    records = sorted((DOCS / "decisions").glob("*.md"))
    assert [int(path.name[:4]) for path in records] == list(range(1, len(records) + 1))
    assert all(
        re.search(r"^State: (accepted|superseded by \d+), \d{4}-\d\d-\d\d\.$", path.read_text(), re.M)
        for path in records
    )


def test_each_dependency_says_why_it_is_here() -> None:
    """A line with its reason in requirements.in and dev.in; locks with hashes and without addresses."""
    for name in ("requirements.in", "dev.in"):
        for line in (ROOT / name).read_text().splitlines():
            assert not line or line.startswith("#") or re.match(r"\S+\s+# \S", line), line
    for name in ("requirements.lock", "dev.lock", "infra/bootstrap.lock"):
        lock = (ROOT / name).read_text()
        assert "://" not in lock
        assert "--hash=sha256:" in lock
    assert '"resolved": "http' not in (ROOT / "platform" / "assets" / "package-lock.json").read_text()
