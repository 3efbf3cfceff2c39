"""Pages of the workshops: calling them, recording what was said, putting it on paper."""

from acogida.features.workshops.pages import calling, paper, photographs, recording

ROUTES = [*calling.ROUTES, *recording.ROUTES, *paper.ROUTES, *photographs.ROUTES]
