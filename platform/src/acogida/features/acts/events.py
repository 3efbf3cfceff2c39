"""What happens to acts that somebody else waits for."""

from acogida.kernel.outbox import Event


class SignedFileCame(Event):
    """A PDF with electronic signatures came as a signed act: `id` is of the submission."""
