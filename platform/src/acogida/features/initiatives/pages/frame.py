"""The page of the vision and of what stands around it."""

from litestar import get, post
from litestar.response import Redirect, Template

from acogida.features.cycles.public import guide_of
from acogida.features.drafts import public as drafts
from acogida.features.initiatives import actions, store
from acogida.features.initiatives.forms import EditFrame
from acogida.features.initiatives.pages import options
from acogida.features.methodology.model import Guide
from acogida.kernel.errors import Rejected, Stale
from acogida.kernel.work import Work
from acogida.web import forms
from acogida.web.view import View

DRAFT = "planificacion/vision"


@get("/planificacion/vision", permission="workspace:read")
async def show_frame(work: Work, view: View, guides: dict[str, Guide]) -> Template:
    row = await store.frame(work)
    form = await drafts.restore(work, DRAFT, forms.filled(EditFrame, row) if row else forms.blank(EditFrame))
    return await _page(work, view, guides, form)


async def _page(
    work: Work, view: View, guides: dict[str, Guide], form: forms.Form[EditFrame], status: int = 200
) -> Template:
    guide = await guide_of(work, guides)
    return view.page("initiatives/vision.html", status=status, form=form, dimensions=options.of_dimensions(guide))


@post("/planificacion/vision", permission="planning:edit", status_code=200)
async def save_frame(work: Work, view: View, guides: dict[str, Guide]) -> Template | Redirect:
    form = forms.read(EditFrame, await view.posted())
    if form.ok:
        try:
            await actions.edit_frame(work, form.data)
            await drafts.discard(work, DRAFT)
            return view.redirect(f"{view.home}/planificacion/vision", "Guardamos la visión y el marco de la Política.")
        except Rejected as problem:
            form.refuse(problem)
        except Stale as stale:
            theirs = forms.filled(EditFrame, stale.current)
            return view.conflict(form, theirs, title="Visión y marco", back=f"{view.home}/planificacion/vision")
    return await _page(work, view, guides, form, 422)


HANDLERS = (show_frame, save_frame)
