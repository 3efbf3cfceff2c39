"""What happens to files."""

from dataclasses import dataclass

from acogida.kernel.outbox import Event


@dataclass(frozen=True, slots=True)
class FileRemoved(Event):
    """A file left the workspace; its content is still in the store."""
