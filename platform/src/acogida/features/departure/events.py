"""What happens when somebody asks for everything."""

from acogida.kernel.outbox import Event


class PackAsked(Event):
    """Somebody asked for a pack: the worker makes it."""
