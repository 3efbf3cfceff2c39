"""The JSON twins of both searches: that of one's own workspace, and that of the catalogue."""

from typing import Annotated

from litestar import get
from litestar.params import Parameter

from acogida.features.search.catalogue_api import search_practices
from acogida.features.search.results import Result, search
from acogida.kernel.work import Work
from acogida.web.routing import api, public_api

Words = Annotated[str, Parameter(query="q", min_length=2, max_length=100, description="Lo que se busca.")]


@get("/buscar", permission="workspace:read", operation_id="searchWorkspace")
async def find(work: Work, q: Words) -> list[Result]:
    """Up to fifty things, best first."""
    return await search(work, q)


ROUTES = [api("Búsqueda", find), public_api("Buenas prácticas", search_practices)]
