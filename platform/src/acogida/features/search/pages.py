"""The pages of results: those of one's own workspace, and those of the catalogue."""

from litestar import get
from litestar.response import Template

from acogida.features.search import alert_pages
from acogida.features.search.catalogue_pages import practices
from acogida.features.search.results import search
from acogida.kernel.work import Work
from acogida.web.routing import public, workspace
from acogida.web.view import View


@get("/buscar", permission="workspace:read")
async def results(work: Work, view: View, q: str = "") -> Template:
    return view.page("search/results.html", q=q[:100], found=await search(work, q))


ROUTES = [workspace(results), public(practices, *alert_pages.HANDLERS)]
