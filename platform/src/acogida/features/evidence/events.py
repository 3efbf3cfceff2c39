"""What happens to files."""

from dataclasses import dataclass

from acogida.kernel.outbox import Event


@dataclass(frozen=True, slots=True)
class FileKept(Event):
    """A content came into the workspace, or took the place of another: nobody has looked inside yet."""


@dataclass(frozen=True, slots=True)
class FileRemoved(Event):
    """A content is no longer of any file; it is still in the store. `id` is that of the content, as in its key."""


@dataclass(frozen=True, slots=True)
class FileHeld(Event):
    """The legal hold of a file was put or lifted."""


@dataclass(frozen=True, slots=True)
class UploadEnded(Event):
    """What came in pieces became a file, or nobody wants it: its pieces are still in the store."""
