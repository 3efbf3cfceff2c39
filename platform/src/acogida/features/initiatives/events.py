"""What happened to the plan, for whoever listens."""

from dataclasses import dataclass

from acogida.kernel.outbox import Event


@dataclass(frozen=True, slots=True)
class InitiativeEdited(Event):
    """An initiative was written, changed or reviewed; or removed, and then its row is gone."""
