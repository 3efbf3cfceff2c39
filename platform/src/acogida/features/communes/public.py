"""What other rooms may ask about territory."""

from acogida.features.communes.catalogue import fold, load
from acogida.features.communes.country import Country, RegionShare, country
from acogida.features.communes.figures import CommuneCensus, CommuneFigures, Estimate, Origin, census, figures_of
from acogida.features.communes.model import Commune, Region
from acogida.features.communes.search import browse
from acogida.features.communes.store import administered_by, censuses, commune_by_cut, loaded_digest, note_load, regions

__all__ = [
    "Commune",
    "CommuneCensus",
    "CommuneFigures",
    "Country",
    "Estimate",
    "Origin",
    "Region",
    "RegionShare",
    "administered_by",
    "browse",
    "census",
    "censuses",
    "commune_by_cut",
    "country",
    "figures_of",
    "fold",
    "load",
    "loaded_digest",
    "note_load",
    "regions",
]
