"""Pages of the catalogue: those that anybody reads, the curators' desk, and a municipality's own."""

from acogida.features.practices.pages import classified, harvest, reading

ROUTES = [*reading.ROUTES, *classified.ROUTES, *harvest.ROUTES]
