"""What happened to the follow-up, for whoever listens."""

from dataclasses import dataclass

from acogida.kernel.outbox import Event


@dataclass(frozen=True, slots=True)
class ProgressReported(Event):
    """Somebody reported how an initiative goes; the id is the initiative's."""
