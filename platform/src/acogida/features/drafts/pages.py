"""Where the browser leaves what is being typed."""

from typing import Any

from litestar import Request, Response, post
from litestar.response import Redirect

from acogida.features.drafts import store
from acogida.features.drafts.public import HIDDEN
from acogida.kernel.errors import Rejected, TooLarge
from acogida.kernel.work import Work
from acogida.web.routing import workspace
from acogida.web.view import View

_MOST = 400_000
"""Characters of one draft."""
_DRAFTS = 200
"""Drafts of one person in one workspace."""


@post("/borradores/{key:path}", permission="workspace:read", status_code=204)
async def keep_draft(request: Request[Any, Any, Any], work: Work, key: str) -> Response[None]:
    """Keeps the fields of a form as they are. The answer has no content; it is a draft, so it leaves no audit entry."""
    body = await request.json()
    if not isinstance(body, dict) or len(key) > 200:
        raise Rejected("No pudimos leer el borrador.")
    fields = {
        str(name): [str(value) for value in values] if isinstance(values, list) else [str(values)]
        for name, values in body.items()
        if name not in HIDDEN
    }
    if sum(len(value) for values in fields.values() for value in values) > _MOST:
        raise TooLarge("El borrador es demasiado largo para guardarse solo. Guarde el formulario para no perderlo.")
    if await store.how_many(work) >= _DRAFTS and await store.draft(work, key.lstrip("/")) is None:
        raise Rejected("Hay demasiados borradores sin guardar. Guarde o descarte alguno.")
    await store.keep(work, key.lstrip("/"), fields)
    return Response(None, status_code=204)


@post("/borradores-descartar/{key:path}", permission="workspace:read")
async def discard_draft(work: Work, view: View, key: str) -> Redirect:
    """Lets a draft go and returns to the page it came from."""
    fields = await view.posted()
    await store.forget(work, key.lstrip("/"))
    back = (fields.get("volver") or [view.home])[-1]
    return view.redirect(back if back.startswith(view.home) else view.home, "Borrador descartado.", kind="info")


ROUTES = [workspace(keep_draft, discard_draft)]
