"""Where routes hang: pages of a workspace under `/m/<slug>`, its JSON twins under `/api/v1/m/<slug>`.

Each handler declares `permission="resource:verb"`, or `permission=PUBLIC`, or `permission=SIGNED_IN`; the door
(`admit`) refuses a handler that declares nothing.
"""

from litestar import Router
from litestar.handlers import HTTPRouteHandler
from litestar.types import ControllerRouterHandler

from acogida.web.api import PROBLEMS

PUBLIC = "public"
"""Anyone, signed in or not."""
SIGNED_IN = "signed_in"
"""Whoever has an account."""
OPEN_WORKSPACE = "open_workspace"
"""Anyone who holds a link of this workspace: invitations and requests for access. Sees nothing of it."""


def workspace(*handlers: ControllerRouterHandler) -> Router:
    """This function will hang pages under `/m/<slug>`."""
    return Router("/m/{slug:str}", route_handlers=list(handlers), include_in_schema=False)


def public(*handlers: ControllerRouterHandler) -> Router:
    """This function will hang pages at the root of the site."""
    return Router("/", route_handlers=list(handlers), include_in_schema=False)


def public_api(tag: str, *handlers: HTTPRouteHandler) -> Router:
    """This function will hang JSON handlers that anyone may call, without a key, under `/api/v1`."""
    for handler in handlers:
        handler.responses = {**{status: PROBLEMS[status] for status in (400, 404)}, **(handler.responses or {})}
    return Router("/api/v1", route_handlers=list(handlers), tags=[tag], security=[{}])


def api(tag: str, *handlers: HTTPRouteHandler) -> Router:
    """This function will hang JSON handlers under `/api/v1/m/<slug>`, grouped as `tag`, with their problems described."""
    for handler in handlers:
        handler.responses = {**PROBLEMS, **(handler.responses or {})}
    return Router(
        "/api/v1/m/{slug:str}",
        route_handlers=list(handlers),
        tags=[tag],
    )
