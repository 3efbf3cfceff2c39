"""Pages of the plan: what stands above it, its objectives and ejes, its initiatives as a grid and one by one, its final check."""

from acogida.features.initiatives.pages import axes, frame, initiative, matrix, objectives, review
from acogida.web.routing import workspace

ROUTES = [
    workspace(
        *frame.HANDLERS, *objectives.HANDLERS, *axes.HANDLERS, *matrix.HANDLERS, *initiative.HANDLERS, *review.HANDLERS
    )
]
