"""The promises of the house that a linter can't see. Each failure says what to do."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "platform" / "src" / "acogida"
MODULES = sorted(SOURCE.rglob("*.py"))


def named(path: Path) -> str:
    return path.relative_to(SOURCE).as_posix()


def test_platform_is_a_folder_and_never_a_package() -> None:
    """With an __init__.py there, `import platform` finds it and nothing starts."""
    assert not (ROOT / "platform" / "__init__.py").exists()


@pytest.mark.parametrize("path", MODULES, ids=named)
def test_a_module_says_what_it_is(path: Path) -> None:
    """Begin each module with what it holds and what it refuses."""
    assert ast.get_docstring(ast.parse(path.read_text())), f"{named(path)}: add a module docstring"


def test_the_environment_is_read_in_one_place() -> None:
    """Only app/settings.py, and the command line that hands it over, look at the environment."""
    allowed = {
        "app/cli.py",
        "app/run.py",
        "adapters/embedded_postgres.py",
        "web/assets.py",
        "adapters/documents/engine.py",
        "sdk_testing.py",
    }
    guilty = [
        named(path)
        for path in MODULES
        if re.search(r"os\.environ|os\.getenv", path.read_text()) and named(path) not in allowed
    ]
    assert guilty == [], "take the value from Settings instead"


def test_sql_lives_in_stores() -> None:
    """Queries are written in features/*/store.py and in the kernel."""
    guilty = []
    for path in MODULES:
        where = named(path)
        if not where.startswith(("features/", "web/")) or path.name in ("store.py", "model.py"):
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("sqlalchemy"):
                names = {item.name for item in node.names} & {"select", "insert", "update", "delete", "text", "func"}
                if names:
                    guilty.append(f"{where}: {', '.join(sorted(names))}")
    assert guilty == [], "move the query to the feature's store.py"


def test_one_dependency_yields() -> None:
    """A second one would turn a failed commit into a 500 after the answer was decided."""
    found = [
        f"{named(path)}:{node.name}"
        for path in MODULES
        if named(path).startswith(("app/", "web/", "features/"))
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.AsyncFunctionDef)
        and any(isinstance(inner, ast.Yield) for inner in ast.walk(node))
        and not any("contextmanager" in ast.unparse(decorator) for decorator in node.decorator_list)
        and node.args.args
        and node.args.args[0].arg == "request"
    ]
    assert found == ["app/door.py:open_work"]


def test_nobody_but_the_edge_commits() -> None:
    """Application code never commits: whoever opened the work does."""
    guilty = [
        named(path)
        for path in MODULES
        if ".commit()" in path.read_text() and not named(path).startswith(("app/", "kernel/", "migrations/"))
    ]
    assert guilty == []


def test_templates_carry_no_style_nor_script() -> None:
    """The content policy forbids both; use a class and the bundle."""
    guilty = [
        str(path.relative_to(SOURCE))
        for path in SOURCE.rglob("*.html")
        if re.search(r"<script(?![^>]*src=)|\sstyle=|\son[a-z]+=\"|javascript:", path.read_text())
    ]
    assert guilty == []
