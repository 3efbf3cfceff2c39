"""What other rooms may ask about territory."""

from acogida.features.communes.catalogue import fold, load

__all__ = ["fold", "load"]
