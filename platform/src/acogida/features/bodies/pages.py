"""Pages of the teams and of their sessions."""

from acogida.features.bodies import team_pages

ROUTES = [*team_pages.ROUTES]
