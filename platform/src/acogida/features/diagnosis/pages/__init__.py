"""Pages of the diagnosis, in the order in which the work is done."""

from acogida.features.diagnosis.pages import findings, inquiry, networks, report, services, sources

ROUTES = [
    *sources.ROUTES,
    *services.ROUTES,
    *networks.ROUTES,
    *inquiry.ROUTES,
    *findings.ROUTES,
    *report.ROUTES,
]
