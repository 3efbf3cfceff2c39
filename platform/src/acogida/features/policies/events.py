"""What happens to the document that somebody else waits for."""

from acogida.kernel.outbox import Event


class PolicyPublished(Event):
    """A version went public: `id` is of the version."""
