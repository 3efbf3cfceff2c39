"""Making a new plugin that works, and looking over one as the house would: `acogida plugin new` and `acogida plugin check`.

What is made has a table, pages, a card, an export, a migration and tests that pass. What is looked over is what
`plugins/README.md` asks of a plugin; running its tests is its author's.
"""

import ast
import importlib
import re
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from string import Template
from typing import TypeGuard

from acogida.app import plugins
from acogida.kernel.hooks import Installed

SKELETON = Path(__file__).resolve().parent / "skeleton"
_NAME = re.compile(r"[a-z][a-z0-9_]{2,30}")
_PLACES = {
    "pyproject.toml": "",
    "README.md": "",
    "__init__.py": "src/acogida_{name}",
    "plugin.py": "src/acogida_{name}",
    "model.py": "src/acogida_{name}",
    "store.py": "src/acogida_{name}",
    "forms.py": "src/acogida_{name}",
    "actions.py": "src/acogida_{name}",
    "pages.py": "src/acogida_{name}",
    "answers.py": "src/acogida_{name}",
    "notes.html": "src/acogida_{name}/templates/{name}",
    "note.html": "src/acogida_{name}/templates/{name}",
    "0001_first_release.py": "src/acogida_{name}/migrations",
    "test_plugin.py": "tests",
}
"""Where each file of the skeleton goes."""


class NotMade(Exception):
    """The plugin could not be made; the sentence says why."""


def new(name: str, title: str, parent: Path) -> Path:
    """This function will write a working plugin in a folder of its name, and give the folder. Raises `NotMade`."""
    if not _NAME.fullmatch(name) or name in plugins.reserved():
        raise NotMade(
            f"«{name}» no sirve como nombre: de 3 a 31 minúsculas, dígitos y «_», y no el de una sala del núcleo."
        )
    folder = parent / name
    if folder.exists():
        raise NotMade(f"{folder} ya existe.")
    major, minor = map(int, version("acogida").split(".")[:2])
    words = {
        "name": name,
        "dashed": name.replace("_", "-"),
        "Camel": "".join(part.capitalize() for part in name.split("_")),
        "title": title.replace('"', "'") or name.replace("_", " ").capitalize(),
        "least": f"{major}.{minor}",
        "below": f"{major}.{minor + 1}",
    }
    for file, place in _PLACES.items():
        target = folder / place.format(name=name) / file
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(Template((SKELETON / f"{file}.txt").read_text()).safe_substitute(words))
    return folder


# --- The checklist -------------------------------------------------------------------------------

_OURS = re.compile(r"acogida(?:$|\.)")
_DOORS = ("acogida.sdk", "acogida.sdk_testing")
_QUERIES = {"select", "insert", "update", "delete", "text", "func"}


def check(folder: Path) -> list[str]:
    """This function will list what a plugin lacks or breaks, a sentence each; nothing where all is well."""
    name = folder.resolve().name
    package = folder / "src" / f"acogida_{name}"
    if not package.is_dir():
        return [
            f"Falta el paquete src/acogida_{name}: la carpeta, el paquete y el punto de entrada llevan el mismo nombre."
        ]
    found = [*_project(folder, name), *_sources(folder, package), *_pages(package)]
    return found or _manifest(folder, name, package)


def _project(folder: Path, name: str) -> Iterator[str]:
    for needed in ("pyproject.toml", "README.md", "tests"):
        if not (folder / needed).exists():
            yield f"Falta {needed}."
    if not list((folder / "tests").glob("test_*.py")):
        yield "No hay pruebas en tests/: al menos quién entra, quién no, y qué pasa con la extensión apagada."
    if not (folder / "pyproject.toml").exists():
        return
    project = tomllib.loads((folder / "pyproject.toml").read_text()).get("project", {})
    points = project.get("entry-points", {}).get("acogida.plugins", {})
    if points != {name: f"acogida_{name}.plugin:PLUGIN"}:
        yield f'El punto de entrada debe ser {name} = "acogida_{name}.plugin:PLUGIN", en el grupo acogida.plugins.'
    if project.get("name") != f"acogida-{name.replace('_', '-')}":
        yield f"La distribución se llama acogida-{name.replace('_', '-')}."


def _sources(folder: Path, package: Path) -> Iterator[str]:
    for path in sorted(package.rglob("*.py")):
        place, tree = path.relative_to(folder), ast.parse(path.read_text())
        in_migrations = "migrations" in path.parts
        if not ast.get_docstring(tree):
            yield f"{place} no dice qué es: falta su docstring."
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and node.module and not node.level:
                names = {f"{node.module}.{item.name}" for item in node.names}
                allowed = (
                    node.module in _DOORS
                    or names <= set(_DOORS)
                    or (in_migrations and node.module == "acogida.migrations.wall")
                )
                if _OURS.match(node.module) and not allowed:
                    yield f"{place}:{node.lineno} importa {node.module}: una extensión entra sólo por acogida.sdk."
                queries = {item.name for item in node.names} & _QUERIES if node.module == "sqlalchemy" else set()
                if queries and path.name not in ("store.py", "model.py") and not in_migrations:
                    yield f"{place}:{node.lineno} pregunta a la base de datos: eso vive en store.py."
            if isinstance(node, ast.Import) and any(_OURS.match(item.name) for item in node.names):
                yield f"{place}:{node.lineno} importa una sala del núcleo: una extensión entra sólo por acogida.sdk."
            if _writes_unseen(node) and path.name == "actions.py" and "audit.record" not in ast.unparse(node):
                yield f"{place}:{node.lineno} «{node.name}» escribe y no lo anota: llame a audit.record."
            if (
                isinstance(node, ast.Attribute)
                and node.attr in ("commit", "rollback")
                and "session" in ast.unparse(node.value)
            ):
                yield f"{place}:{node.lineno} confirma o revierte: eso lo hace quien abrió el trabajo."
            if isinstance(node, ast.Call) and ast.unparse(node.func) in ("time.sleep", "exit", "sys.exit", "os._exit"):
                yield f"{place}:{node.lineno} detiene a todas las personas o al proceso: {ast.unparse(node.func)}."


def _writes_unseen(node: ast.AST) -> TypeGuard[ast.AsyncFunctionDef]:
    """A public action that demands a right and touches rows itself; one that only calls ours is noted by ours."""
    if not isinstance(node, ast.AsyncFunctionDef) or node.name.startswith("_"):
        return False
    text = ast.unparse(node)
    return "work.require(" in text and any(touch in text for touch in (".flush()", "session.add", "erase"))


def _pages(package: Path) -> Iterator[str]:
    folder = package / "templates"
    for path in sorted(folder.rglob("*.html")) if folder.is_dir() else ():
        place, text = path.relative_to(package), path.read_text()
        if path.relative_to(folder).parts[0] != package.name.removeprefix("acogida_"):
            yield f"{place} no está bajo la carpeta con el nombre de la extensión."
        if "{% block title %}" not in text and not path.name.startswith("_"):
            yield f"{place} no tiene título: {{% block title %}}."
        if re.search(r"<script|\sstyle=|\son[a-z]+=\"|javascript:", text):
            yield f"{place} lleva estilos o código: el navegador no los acepta."
        if re.search(r"<form[^>]*method=\"post\"", text) and "csrf_input" not in text:
            yield f"{place} envía un formulario sin csrf_input."


def _manifest(folder: Path, name: str, package: Path) -> list[str]:
    """What the platform itself would say of it, and what an author should still tell."""
    sys.path.insert(0, str(folder / "src"))
    try:
        one = Installed(name, lambda: importlib.import_module(f"acogida_{name}.plugin").PLUGIN, package)
        registry = plugins.load([one])
        if reason := registry.quarantined.get(name):
            return [f"La plataforma la aparta: {reason}."]
        plugin, answered = registry.offered[name], registry.answered_by(name)
    finally:
        sys.path.remove(str(folder / "src"))
    found: list[str] = []
    written = tomllib.loads((folder / "pyproject.toml").read_text())["project"]["version"]
    if plugin.version != written:
        found.append(f"El manifiesto dice versión {plugin.version} y pyproject.toml, {written}.")
    if not plugin.touches or len(plugin.summary) < 20:
        found.append("Diga en summary y en touches qué agrega y qué datos usa: con eso decide cada municipalidad.")
    if plugin.metadata is not None and plugin.metadata.tables:
        if not (package / "migrations").is_dir():
            found.append("Tiene tablas y no tiene migraciones.")
        found += [
            f"Tiene tablas y no responde a {hook}: {words}."
            for hook, words in (
                ("export", "la municipalidad debe poder llevarse lo que registró"),
                ("shred", "y poder borrarlo"),
            )
            if hook not in answered
        ]
    return [*found, *(f"Usa algo que se retira: {use}" for use in registry.outdated.get(name, ()))]
