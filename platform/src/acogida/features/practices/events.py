"""What happened to the catalogue, for whoever listens: search above all. They belong to no workspace."""

from dataclasses import dataclass
from typing import ClassVar

from acogida.kernel.outbox import Event


@dataclass(frozen=True, slots=True)
class PracticePublished(Event):
    """What anybody reads of a practice changed: a new edition, a translation, or how many communes adopted it."""

    shared: ClassVar[bool] = True


@dataclass(frozen=True, slots=True)
class PracticeRetired(Event):
    """A practice left the catalogue; its editions keep their addresses."""

    shared: ClassVar[bool] = True
