"""What the documents of security say is held by tests that exist."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SECURITY = ROOT / "platform" / "docs" / "security"
NAMED = re.compile(r"`((?:tests|plugins|platform)/[\w/.-]+\.py)(?:::(\w+))?`")
REQUIREMENT = re.compile(r"^\| (\d+\.\d+\.\d+) \| (\S+) \| (.+) \| (.+) \|$", re.M)


@pytest.mark.parametrize("document", ["THREAT_MODEL.md", "ASVS.md"])
def test_each_test_that_is_named_exists(document: str) -> None:
    """Write the name as it is: `tests/<file>.py::test_<name>`."""
    named = NAMED.findall((SECURITY / document).read_text())
    assert len(named) > 20
    missing = [
        f"{file}::{test}"
        for file, test in named
        if not (ROOT / file).is_file()
        or (
            test
            and test
            not in {
                node.name
                for node in ast.walk(ast.parse((ROOT / file).read_text()))
                if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
            }
        )
    ]
    assert missing == []


def test_each_threat_has_a_number_and_who_holds_it() -> None:
    """A threat without a test is a wish: name the test, or tell it under «What remains»."""
    threats = re.findall(r"^\| (T\d+) \|.*\| ([^|]+) \|$", (SECURITY / "THREAT_MODEL.md").read_text(), re.M)
    numbers = [number for number, _ in threats]
    assert len(numbers) == len(set(numbers)) > 25
    assert [number for number, held in threats if "tests/" not in held] == []


def test_each_requirement_says_how_it_stands() -> None:
    """Met with evidence, in part with what is missing, not met, or out of place with its reason; each once."""
    rows = REQUIREMENT.findall((SECURITY / "ASVS.md").read_text())
    assert len(rows) > 100
    assert len({number for number, *_ in rows}) == len(rows)
    assert {state for _, state, *_ in rows} <= {"met", "part", "no", "n/a"}
    assert [number for number, _, _, why in rows if not why.strip()] == []
