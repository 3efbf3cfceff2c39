"""A new plugin works from its first minute, and the checklist tells what one lacks."""

import subprocess
import sys
from pathlib import Path

import pytest

from acogida.app import plugin_kit
from acogida.app.cli import main

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def made(tmp_path: Path) -> Path:
    return plugin_kit.new("ludoteca", "Ludoteca", tmp_path)


def test_what_is_made_passes_its_own_tests(made: Path) -> None:
    """In a process of its own, as its author would run them."""
    told = subprocess.run(
        [
            *(sys.executable, "-m", "pytest", str(made), "-q", "--import-mode=importlib", "-p", "no:cacheprovider"),
            *("--rootdir", str(made), "-c", "/dev/null", "-o", "asyncio_mode=auto", "-o", f"pythonpath={made / 'src'}"),
        ],
        cwd=made,
        capture_output=True,
        text=True,
        check=False,
    )

    assert told.returncode == 0, told.stdout + told.stderr
    assert "2 passed" in told.stdout


def test_what_is_made_keeps_the_checklist(made: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """And the command says so."""
    assert main(["plugin", "check", str(made)]) == 0
    assert "Todo en orden." in capsys.readouterr().out


@pytest.mark.parametrize("folder", sorted(path.parent.name for path in (ROOT / "plugins").glob("*/pyproject.toml")))
def test_every_plugin_of_the_house_keeps_it(folder: str) -> None:
    """We ask nothing that ours do not do."""
    assert plugin_kit.check(ROOT / "plugins" / folder) == []


@pytest.mark.parametrize("name", ["Ludoteca", "lu", "acts", "con espacio", "9lives"])
def test_a_name_that_does_not_serve_is_refused(tmp_path: Path, name: str) -> None:
    """Neither a strange one nor that of a room of the core."""
    with pytest.raises(plugin_kit.NotMade):
        plugin_kit.new(name, "", tmp_path)
    assert main(["plugin", "new", name, "--in", str(tmp_path)]) == 2


def test_what_is_there_is_not_written_over(made: Path) -> None:
    """A second time says that it exists."""
    with pytest.raises(plugin_kit.NotMade, match="ya existe"):
        plugin_kit.new("ludoteca", "", made.parent)


@pytest.mark.parametrize(
    ("file", "line", "told"),
    [
        ("src/acogida_ludoteca/pages.py", "from acogida.kernel.db import Database", "entra sólo por acogida.sdk"),
        ("src/acogida_ludoteca/pages.py", "import acogida.app", "entra sólo por acogida.sdk"),
        ("src/acogida_ludoteca/pages.py", "from sqlalchemy import select", "eso vive en store.py"),
        (
            "src/acogida_ludoteca/actions.py",
            "async def f(work):\n    work.require('planning:edit')\n    await work.session.flush()",
            "audit.record",
        ),
        ("src/acogida_ludoteca/store.py", "async def f(work):\n    await work.session.commit()", "confirma o revierte"),
        ("src/acogida_ludoteca/store.py", "import time\ntime.sleep(1)", "time.sleep"),
        ("src/acogida_ludoteca/templates/ludoteca/note.html", "<script>1</script>", "estilos o código"),
        ("src/acogida_ludoteca/templates/ludoteca/bad.html", "hola", "no tiene título"),
        ("src/acogida_ludoteca/strange.py", "x = 1", "falta su docstring"),
    ],
)
def test_the_checklist_tells_what_is_wrong(made: Path, file: str, line: str, told: str) -> None:
    """With the file and what to do."""
    path = made / file
    path.write_text((path.read_text() if path.exists() else "") + f"\n{line}\n")

    assert any(told in fault for fault in plugin_kit.check(made))


@pytest.mark.parametrize("lost", ["README.md", "tests/test_plugin.py", "pyproject.toml"])
def test_the_checklist_tells_what_is_missing(made: Path, lost: str) -> None:
    """A plugin without it is not finished."""
    (made / lost).unlink()

    assert plugin_kit.check(made) != []
