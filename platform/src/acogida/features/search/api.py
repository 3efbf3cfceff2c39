"""The JSON twin of the search."""

from typing import Annotated

from litestar import get
from litestar.params import Parameter

from acogida.features.search.results import Result, search
from acogida.kernel.work import Work
from acogida.web.routing import api

Words = Annotated[str, Parameter(query="q", min_length=2, max_length=100, description="Lo que se busca.")]


@get("/buscar", permission="workspace:read", operation_id="searchWorkspace")
async def find(work: Work, q: Words) -> list[Result]:
    """Up to fifty things, best first."""
    return await search(work, q)


ROUTES = [api("Búsqueda", find)]
