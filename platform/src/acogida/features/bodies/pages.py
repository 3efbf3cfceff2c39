"""Pages of the teams and of their sessions."""

from acogida.features.bodies import session_pages, team_pages

ROUTES = [*team_pages.ROUTES, *session_pages.ROUTES]
