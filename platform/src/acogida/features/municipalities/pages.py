"""What anybody sees first: the portada, and the profile of each commune with the state of its workspace."""

from typing import Annotated

from litestar import get
from litestar.params import Dependency
from litestar.response import Redirect, Template

from acogida.features.communes import public as communes
from acogida.features.cycles.public import newest
from acogida.features.methodology.model import Guide
from acogida.features.municipalities import store
from acogida.features.municipalities.known import HasCatalogue, known_of
from acogida.kernel.errors import NotFound
from acogida.kernel.work import Work
from acogida.web.routing import PUBLIC, public
from acogida.web.view import View

Settings = Annotated[HasCatalogue, Dependency(skip_validation=True)]


@get("/", permission=PUBLIC)
async def portada(work: Work, view: View, guides: dict[str, Guide]) -> Template:
    return view.page(
        "municipalities/portada.html",
        country=await communes.country(work),
        guide=guides[newest(guides)],
        working=await store.how_many_work(work.session),
    )


@get("/comunas/{cut:str}", permission=PUBLIC)
async def profile(work: Work, view: View, settings: Settings, cut: str) -> Template | Redirect:
    """The public figures of a commune, and whether its municipality already has a workspace."""
    figures = await communes.figures_of(work, cut)
    if figures is None:
        raise NotFound("No hay una comuna con ese código. Búsquela por su nombre.")
    seat = await communes.commune_by_cut(work.session, figures.municipality_cut)
    return view.page(
        "municipalities/profile.html",
        figures=figures,
        seat=seat,
        others=await communes.administered_by(work.session, cut),
        municipality=await store.municipality_by_cut(work.session, figures.municipality_cut),
        recognised=(await known_of(work.session, settings.catalogue, figures.municipality_cut)).recognised,
    )


ROUTES = [public(portada, profile)]
