"""The page of results of the catalogue, for anybody: the same with a script or without one."""

from dataclasses import replace
from typing import Any

from litestar import Request, get
from litestar.response import Redirect, Template

from acogida.features.methodology.model import Guide
from acogida.features.search import finding
from acogida.features.search.settings import HasCatalogue
from acogida.kernel.ports import SearchIndex
from acogida.kernel.work import Work
from acogida.web.forms import multidict
from acogida.web.routing import PUBLIC
from acogida.web.view import View


@get(finding.HOME, permission=PUBLIC)
async def practices(
    request: Request[Any, Any, Any],
    work: Work,
    view: View,
    search: SearchIndex,
    settings: HasCatalogue,
    guides: dict[str, Guide],
) -> Template | Redirect:
    """What was looked for, or every practice. htmx gets the results and their facets alone."""
    del work
    words = finding.words_of(settings, guides)
    asked = finding.read(multidict(request.query_params.multi_items()), words)
    found = await search.search(asked.query)
    if asked.page > 1 and not found.hits and found.total:
        return view.redirect(finding.address(replace(asked, page=finding.last_page(found))))
    return view.page(
        "search/_practices.html" if view.is_fragment else "search/practices.html",
        asked=asked,
        found=found,
        words=words,
        facets=finding.facets(asked, found, words),
        chosen=finding.chosen(asked, words),
        sorts=finding.sorts(asked),
        pages=finding.last_page(found),
        prefix=finding.page_prefix(asked),
        kept=[(name, value) for name, value in finding.parameters(asked, page=False) if name != "q"],
        alert=finding.address(replace(asked, order="", page=1)).replace(finding.HOME, f"{finding.HOME}/avisos", 1),
        without_filters=finding.address(finding.Asked(asked.words, {})),
        without_words=finding.address(replace(asked, words="", page=1)),
    )
