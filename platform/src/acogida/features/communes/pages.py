"""Finding a commune: the search, its suggestions and the list by region."""

from litestar import get
from litestar.response import Redirect, Template

from acogida.features.communes import search
from acogida.kernel.work import Work
from acogida.web.routing import PUBLIC, public
from acogida.web.view import View

SUGGESTED = 8
"""Communes under the field of the portada."""


@get("/comunas", permission=PUBLIC)
async def communes(work: Work, view: View, q: str = "") -> Template | Redirect:
    """What was looked for, or every region from north to south. htmx gets the results alone; who presses the button
    and can mean only one commune goes straight to it."""
    found = await search.find(work, q)
    if found.only and not view.is_fragment:
        return view.redirect(f"/comunas/{found.only.cut}")
    browsing = not found.text or found.nothing
    return view.page(
        "communes/_results.html" if view.is_fragment else "communes/search.html",
        found=found,
        regions=await search.browse(work) if browsing else (),
        year=await search.year(work),
    )


@get("/comunas/sugerencias", permission=PUBLIC)
async def suggestions(work: Work, view: View, q: str = "") -> Template | Redirect:
    """The first communes for what is being typed in the portada; without htmx, the whole search."""
    if not view.is_fragment:
        return view.redirect("/comunas")
    return view.page("communes/_suggestions.html", found=await search.find(work, q, limit=SUGGESTED))


ROUTES = [public(communes, suggestions)]
