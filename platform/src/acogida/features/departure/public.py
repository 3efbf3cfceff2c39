"""What other rooms may ask about leaving and coming back."""

from acogida.features.departure.returning import CanNotReturn, load_pack

__all__ = ["CanNotReturn", "load_pack"]
