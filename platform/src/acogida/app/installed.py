"""Which plugins are installed, found by their entry points without running anything of theirs."""

import importlib.metadata
import importlib.util
from pathlib import Path

GROUP = "acogida.plugins"


def entry_points() -> list[importlib.metadata.EntryPoint]:
    """This function will list the entry points of the group, in name order."""
    return sorted(importlib.metadata.entry_points(group=GROUP), key=lambda point: point.name)


def package_folder(module: str) -> Path | None:
    """This function will give the folder of the package that `module` belongs to, without importing it."""
    found = importlib.util.find_spec(module.partition(".")[0])
    return Path(found.origin).parent if found and found.origin else None


def newest(folder: Path) -> str | None:
    """This function will give the newest revision of a folder of migrations, whose files begin with it."""
    return max((path.name.partition("_")[0] for path in folder.glob("[0-9]*.py")), default=None)


def revisions() -> dict[str, str]:
    """This function will give, by name of the plugin, the newest of its migrations."""
    folders = {point.name: package_folder(point.module) for point in entry_points()}
    found = {name: newest(folder / "migrations") for name, folder in folders.items() if folder}
    return {name: revision for name, revision in found.items() if revision}
