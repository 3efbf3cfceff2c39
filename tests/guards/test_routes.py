"""Every route says who may enter, and strangers learn nothing."""

import re
import uuid

import pytest
from litestar.handlers import HTTPRouteHandler

from acogida.app.door import KNOWN
from acogida.app.wiring import Services
from acogida.web.routing import OPEN_WORKSPACE, PUBLIC
from support.make import make_municipality, make_person
from support.visitor import Visitor, application


def routes() -> list[tuple[str, str, HTTPRouteHandler]]:
    found = []
    for route in application().routes:
        for handler in getattr(route, "route_handlers", ()):
            if isinstance(handler, HTTPRouteHandler) and not handler.opt.get("is_static"):
                found.extend(
                    (method, route.path, handler)
                    for method in handler.http_methods
                    if method not in ("OPTIONS", "HEAD")
                )
    return found


def filled(path: str, slug: str) -> str:
    values = {"slug": slug, "uuid": str(uuid.uuid4()), "int": "1", "str": "x", "path": "x"}
    return re.sub(r"\{(\w+)(?::(\w+))?\}", lambda m: values["slug"] if m[1] == "slug" else values[m[2] or "str"], path)


async def test_every_route_declares_who_may_enter(services: Services) -> None:
    """`permission=` with a permission of the matrix, or PUBLIC, SIGNED_IN, OPEN_WORKSPACE."""
    del services
    guilty = [
        f"{method} {path}"
        for method, path, handler in routes()
        if handler.opt.get("permission") not in KNOWN
        and not path.startswith(("/estatico", "/api/v1/openapi", "/api/v1"))
    ]
    assert guilty == []


async def test_a_stranger_gets_404_everywhere(services: Services, visitor: Visitor) -> None:
    """On each page of a workspace, a member of the next municipality gets what a workspace that does not exist gives."""
    await make_municipality(services)
    other = await make_municipality(services, cut="13201", name="Puente Alto", slug="puente-alto")
    await make_person(services, other, email="juan@puentealto.cl")
    await visitor.sign_in("juan@puentealto.cl")
    tried = 0
    for method, path, handler in routes():
        if not path.startswith("/m/") or handler.opt["permission"] in (PUBLIC, OPEN_WORKSPACE):
            continue
        for slug in ("temuco", "no-existe"):
            place = filled(path, slug)
            answer = await (visitor.get(place) if method == "GET" else visitor.post(place, {"a": "b"}))
            assert answer.status_code == 404, f"{method} {place} answered {answer.status_code}"
            tried += 1
    assert tried > 100


async def test_without_a_key_the_api_says_nothing(services: Services, visitor: Visitor) -> None:
    """Every JSON route of a workspace answers 401 without a key, whether the workspace exists or not."""
    await make_municipality(services)
    tried = 0
    for method, path, handler in routes():
        if not path.startswith("/api/v1/m/") or handler.opt.get("permission") == PUBLIC:
            continue
        for slug in ("temuco", "no-existe"):
            answer = await visitor.http.request(method, filled(path, slug), json={})
            assert answer.status_code == 401, f"{method} {path} answered {answer.status_code}"
            tried += 1
    assert tried > 50


@pytest.mark.parametrize("permission", sorted(KNOWN))
def test_permissions_are_words_of_the_matrix(permission: str) -> None:
    """A permission reads `resource:verb`, or is one of the three words of the routing."""
    assert permission in (PUBLIC, OPEN_WORKSPACE, "signed_in") or re.fullmatch(r"[a-z_]+:[a-z_]+", permission)
