"""What other rooms may ask about territory."""

from acogida.features.communes.catalogue import fold, load
from acogida.features.communes.figures import CommuneFigures, Estimate, Origin, figures_of

__all__ = ["CommuneFigures", "Estimate", "Origin", "figures_of", "fold", "load"]
