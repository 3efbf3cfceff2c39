"""Pages of the catalogue: those that anybody reads, the curators' desk, and a municipality's own."""

from acogida.features.practices.pages import adopting, classified, desk, harvest, offering, reading

ROUTES = [
    *reading.ROUTES,
    *classified.ROUTES,
    *harvest.ROUTES,
    *desk.ROUTES,
    *offering.ROUTES,
    *adopting.ROUTES,
]
