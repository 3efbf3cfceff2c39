"""The page of the ejes: written, adopted from the guide's examples, put in order."""

from uuid import UUID

from litestar import get, post
from litestar.response import Redirect, Template

from acogida.features.cycles.public import guide_of
from acogida.features.drafts import public as drafts
from acogida.features.initiatives import actions, store
from acogida.features.initiatives.actions.writing import fold
from acogida.features.initiatives.forms import EditAxis
from acogida.features.methodology.model import Guide
from acogida.kernel.errors import NotFound, Rejected, Stale
from acogida.kernel.work import Work
from acogida.web import forms
from acogida.web.view import View

NEW_DRAFT = "planificacion/ejes"


@get("/planificacion/ejes", permission="workspace:read")
async def show_axes(work: Work, view: View, guides: dict[str, Guide]) -> Template:
    return await _list(work, view, guides, await drafts.restore(work, NEW_DRAFT, forms.blank(EditAxis)))


async def _list(
    work: Work, view: View, guides: dict[str, Guide], form: forms.Form[EditAxis], status: int = 200
) -> Template:
    guide = await guide_of(work, guides)
    axes = await store.axes(work)
    present = {fold(axis.name) for axis in axes}
    return view.page(
        "initiatives/axes.html",
        status=status,
        form=form,
        axes=axes,
        counts=await store.initiatives_by_axis(work),
        suggested=[each for each in guide.suggested_axes if fold(each.title) not in present],
        guide=guide,
    )


@post("/planificacion/ejes", permission="planning:edit", status_code=200)
async def add_axis(work: Work, view: View, guides: dict[str, Guide]) -> Template | Redirect:
    form = forms.read(EditAxis, await view.posted())
    if form.ok:
        try:
            row = await actions.add_axis(work, form.data)
            await drafts.discard(work, NEW_DRAFT)
            return view.redirect(f"{view.home}/planificacion/ejes", f"Agregamos el eje «{row.name}».")
        except Rejected as problem:
            form.refuse(problem)
    return await _list(work, view, guides, form, 422)


@post("/planificacion/ejes/sugerido", permission="planning:edit", status_code=200)
async def adopt_axis(work: Work, view: View, guides: dict[str, Guide]) -> Redirect:
    """Adds one of the guide's six examples, named by its row (HERR-4.2-04 to 09)."""
    chosen = (await view.posted()).get("fila", [""])[-1]
    guide = await guide_of(work, guides)
    suggested = next((each for each in guide.suggested_axes if each.row == chosen), None)
    if suggested is None:
        raise NotFound
    row = await actions.add_axis(work, EditAxis(name=suggested.title, description=suggested.description))
    return view.redirect(
        f"{view.home}/planificacion/ejes", f"Agregamos el eje «{row.name}». Edítelo con las palabras de su comuna."
    )


@get("/planificacion/ejes/{axis_id:uuid}", permission="workspace:read")
async def show_axis(work: Work, view: View, axis_id: UUID) -> Template:
    row = await store.axis(work, axis_id)
    form = await drafts.restore(work, f"planificacion/ejes/{axis_id}", forms.filled(EditAxis, row))
    return view.page("initiatives/axis.html", form=form, row=row)


@post("/planificacion/ejes/{axis_id:uuid}", permission="planning:edit", status_code=200)
async def save_axis(work: Work, view: View, axis_id: UUID) -> Template | Redirect:
    row = await store.axis(work, axis_id)
    form = forms.read(EditAxis, await view.posted())
    if form.ok:
        try:
            await actions.edit_axis(work, axis_id, form.data)
            await drafts.discard(work, f"planificacion/ejes/{axis_id}")
            return view.redirect(f"{view.home}/planificacion/ejes", "Guardamos el eje.")
        except Rejected as problem:
            form.refuse(problem)
        except Stale as stale:
            theirs = forms.filled(EditAxis, stale.current)
            return view.conflict(form, theirs, title=row.name, back=f"{view.home}/planificacion/ejes/{axis_id}")
    return view.page("initiatives/axis.html", status=422, form=form, row=row)


@post("/planificacion/ejes/{axis_id:uuid}/mover", permission="planning:edit", status_code=200)
async def move_axis(work: Work, view: View, axis_id: UUID) -> Redirect:
    await actions.move_axis(work, axis_id, up=(await view.posted()).get("hacia") == ["arriba"])
    return view.redirect(f"{view.home}/planificacion/ejes#eje-{axis_id}")


@post("/planificacion/ejes/{axis_id:uuid}/quitar", permission="planning:edit", status_code=200)
async def remove_axis(work: Work, view: View, axis_id: UUID) -> Template | Redirect:
    """Asks first where the browser could not (no JavaScript)."""
    row = await store.axis(work, axis_id)
    if (await view.posted()).get("confirmed") != ["1"]:
        return view.page(
            "confirm.html",
            question=f"¿Quitar el eje «{row.name}»?",
            text="Sus objetivos e iniciativas no se borran: quedan sin eje hasta que les elija otro.",
            verb="Quitar el eje",
            back=f"{view.home}/planificacion/ejes",
        )
    await actions.remove_axis(work, axis_id)
    return view.redirect(f"{view.home}/planificacion/ejes", f"Quitamos el eje «{row.name}».")


HANDLERS = (show_axes, add_axis, adopt_axis, show_axis, save_axis, move_axis, remove_axis)
