"""The part of the settings that searching reads."""

from pathlib import Path
from typing import Protocol, runtime_checkable


@runtime_checkable
class HasCatalogue(Protocol):
    """Whoever knows where the catalogue's files are."""

    @property
    def catalogue(self) -> Path: ...
