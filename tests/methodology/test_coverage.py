"""How much of the guide is proven, and that every proof named exists."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from acogida.features.methodology.coverage import Standing, coverage, render, standing
from acogida.features.methodology.guide import available_versions, guide_folder, load_guide
from acogida.features.methodology.model import Guide, Row, State

REPOSITORY = Path(__file__).resolve().parents[2]
CATALOGUE = REPOSITORY / "catalogue"


@pytest.fixture(scope="module")
def guide() -> Guide:
    return load_guide(guide_folder(CATALOGUE, "2025.04"))


def fault_of_proof(proof: str, repository: Path) -> str | None:
    """Return why a pytest node id proves nothing: its file is missing, or no test there has its name."""
    path, _, rest = proof.partition("::")
    file = repository / path
    if not file.is_file():
        return f"{path} does not exist"
    *classes, name = (part.partition("[")[0] for part in rest.split("::"))
    text = file.read_text(encoding="utf-8")
    if not re.search(rf"^\s*(async )?def {re.escape(name)}\(", text, re.MULTILINE):
        return f"{path} has no test {name}"
    absent = [each for each in classes if f"class {each}" not in text]
    return f"{path} has no class {absent[0]}" if absent else None


def standing_as(row: Row, state: State | None, proof: str | None = None) -> Row:
    return replace(row, satisfied_by=replace(row.satisfied_by, state=state, proof=proof))


@pytest.mark.parametrize("version", available_versions(CATALOGUE))
def test_every_live_row_names_a_test_that_exists(version: str) -> None:
    """A row may call itself live only while the test that proves it stands in the repository."""
    rows = load_guide(guide_folder(CATALOGUE, version)).rows

    faults = {
        row.id: fault_of_proof(row.satisfied_by.proof or "", REPOSITORY)
        for row in rows
        if row.satisfied_by.state is State.LIVE
    }

    assert not {row: fault for row, fault in faults.items() if fault}


@pytest.mark.parametrize(
    ("proof", "fault"),
    [
        ("tests/methodology/test_coverage.py::test_a_false_proof_is_caught", None),
        ("tests/methodology/test_coverage.py::test_a_false_proof_is_caught[a case]", None),
        ("tests/methodology/test_nothing.py::test_it", "does not exist"),
        ("tests/methodology/test_coverage.py::test_it_was_renamed", "has no test"),
        ("tests/methodology/test_coverage.py::TestGone::test_a_false_proof_is_caught", "has no class"),
        ("tests/methodology/test_coverage.py", "has no test"),
    ],
)
def test_a_false_proof_is_caught(proof: str, fault: str | None) -> None:
    """A proof that points at a missing file, class or test is told apart from a true one."""
    found = fault_of_proof(proof, REPOSITORY)

    assert found is None if fault is None else fault in (found or "")


def test_only_a_live_row_with_its_proof_counts_as_live(guide: Guide) -> None:
    """Naming a screen is not enough, nor is calling oneself live without a proof."""
    row = guide.row("PREP-1.1-10")

    assert standing(standing_as(row, None)) is Standing.UNPROVEN
    assert standing(standing_as(row, State.LIVE)) is Standing.UNPROVEN
    assert standing(standing_as(row, State.LIVE, proof="tests/x.py::test_x")) is Standing.LIVE
    assert standing(standing_as(row, State.PLANNED)) is Standing.PLANNED


def test_the_three_standings_add_up_to_the_whole_guide(guide: Guide) -> None:
    """Every one of the 374 rows is counted once, in the part it belongs to."""
    counted = coverage(guide)

    assert counted.total == 374
    assert {stage.stage.value: stage.total for stage in counted.stages} == {
        "framework": 27,
        "preparation": 47,
        "diagnosis": 54,
        "planning": 24,
        "validation": 42,
        "implementation": 53,
        "tools": 113,
        "document": 14,
    }


def test_the_text_gives_totals_and_says_why_a_row_is_not_live(guide: Guide) -> None:
    """A reader learns how many rows are proven, and of each other row its id, its screen and the reason."""
    live, unproven, planned = (
        standing_as(guide.row("PREP-1.1-10"), State.LIVE, proof="tests/x.py::test_x"),
        standing_as(guide.row("PREP-1.1-11"), None),
        standing_as(guide.row("GEN-08"), State.PLANNED),
    )

    text = render(coverage(replace(guide, rows=(live, unproven, planned))))

    assert text.startswith("Guía 2025.04: 1 de 3 filas demostradas por una prueba, 1 con pantalla y sin prueba, 1 plan")
    assert "Preparación: 1 de 2" in text
    assert "PREP-1.1-10" not in text
    assert re.search(r"PREP-1\.1-11 +sin prueba +preparacion/carta: ", text)
    assert re.search(r"GEN-08 +planificada +Vincular", text)
