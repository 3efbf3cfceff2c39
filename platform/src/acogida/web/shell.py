"""The frame around every page: who is signed in, which workspace, which stage, what can be reached from here."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from acogida.kernel.work import Work


@dataclass(frozen=True, slots=True)
class ShellPerson:
    name: str
    initials: str


@dataclass(frozen=True, slots=True)
class ShellMunicipality:
    name: str
    slug: str
    demo: bool


@dataclass(frozen=True, slots=True)
class ShellStage:
    """One of the five stages as the stage line shows it. Minimum counts are filled on the board only."""

    key: str
    number: int
    title: str
    state: Literal["closed", "current", "open", "future"]
    url: str
    minimum_met: int = 0
    minimum_total: int = 0


@dataclass(frozen=True, slots=True)
class NavItem:
    label: str
    href: str
    icon: str
    current: bool = False


@dataclass(frozen=True, slots=True)
class Notice:
    kind: Literal["success", "info", "warning", "error"]
    text: str


@dataclass(frozen=True, slots=True)
class Shell:
    path: str
    environment: str
    person: ShellPerson | None = None
    municipality: ShellMunicipality | None = None
    workspaces: Sequence[ShellMunicipality] = ()
    stages: Sequence[ShellStage] = ()
    nav: Sequence[NavItem] = ()
    notices: Sequence[Notice] = ()


StageLine = Callable[[Work], Awaitable[Sequence[ShellStage]]]
"""Given by the composition root: the cycle knows its stages, this room does not."""

_NAV = (
    ("Tablero", "", "board"),
    ("Hallazgos", "/diagnostico/hallazgos", "finding"),
    ("Iniciativas", "/iniciativas", "initiative"),
    ("Buenas prácticas", "/buenas-practicas", "practice"),
    ("Documento", "/documento", "document"),
    ("Actos", "/actos", "signature"),
    ("Sesiones", "/sesiones", "meeting"),
    ("Equipos", "/equipos", "team"),
    ("Personas", "/personas", "person"),
    ("Archivo", "/archivo", "archive"),
    ("Actividad", "/actividad", "activity"),
)


def navigation(slug: str, path: str) -> tuple[NavItem, ...]:
    """This function will list what crosses the stages, with the current place marked."""
    home = f"/m/{slug}"
    return tuple(
        NavItem(label, home + place, icon, path == home if not place else path.startswith(home + place))
        for label, place, icon in _NAV
    )
