"""Pages of the diffusion: the plan, what was done."""

from uuid import UUID

from litestar import get, post
from litestar.response import Redirect, Template

from acogida.features.diffusion import actions, store
from acogida.features.diffusion.forms import KINDS, LEVELS, EditAction, EditPlan
from acogida.features.drafts import public as drafts
from acogida.kernel.errors import Rejected, Stale
from acogida.kernel.work import Work
from acogida.web import forms
from acogida.web.routing import workspace
from acogida.web.view import View

PLAN_DRAFT = "difusion/plan"


@get("/difusion", permission="workspace:read")
async def overview(work: Work, view: View) -> Template:
    plan = await store.plan(work)
    form = await drafts.restore(work, PLAN_DRAFT, forms.filled(EditPlan, plan) if plan else forms.blank(EditPlan))
    return await _overview(work, view, form)


async def _overview(work: Work, view: View, form: forms.Form[EditPlan], status: int = 200) -> Template:
    return view.page(
        "diffusion/overview.html",
        status=status,
        form=form,
        levels=LEVELS,
        kinds=KINDS,
        done=sorted(await store.actions_done(work), key=lambda row: row.held_on, reverse=True),
    )


@post("/difusion", permission="diffusion:edit", status_code=200)
async def save_plan(work: Work, view: View) -> Template | Redirect:
    form = forms.read(EditPlan, await view.posted())
    if form.ok:
        try:
            await actions.edit_plan(work, form.data)
            await drafts.discard(work, PLAN_DRAFT)
            return view.redirect(f"{view.home}/difusion", "Guardamos cómo se difundirá la Política.")
        except Rejected as problem:
            form.refuse(problem)
        except Stale as stale:
            return view.conflict(
                form, forms.filled(EditPlan, stale.current), title="Cómo difundir", back=f"{view.home}/difusion"
            )
    return await _overview(work, view, form, 422)


@get("/difusion/nueva", permission="diffusion:edit")
async def new_action(work: Work, view: View) -> Template:
    form = await drafts.restore(work, "difusion/nueva", forms.blank(EditAction, held_on=work.today()))
    return view.page("diffusion/action.html", form=form, kinds=KINDS, row=None)


@post("/difusion/nueva", permission="diffusion:edit", status_code=200)
async def add_action(work: Work, view: View) -> Template | Redirect:
    form = forms.read(EditAction, await view.posted())
    if form.ok:
        try:
            row = await actions.add_action(work, form.data)
            await drafts.discard(work, "difusion/nueva")
            return view.redirect(f"{view.home}/difusion", f"Registramos «{row.title}».")
        except Rejected as problem:
            form.refuse(problem)
    return view.page("diffusion/action.html", status=422, form=form, kinds=KINDS, row=None)


@get("/difusion/{action_id:uuid}", permission="workspace:read")
async def show_action(work: Work, view: View, action_id: UUID) -> Template:
    row = await store.action(work, action_id)
    form = await drafts.restore(work, f"difusion/{action_id}", forms.filled(EditAction, row))
    return view.page("diffusion/action.html", form=form, kinds=KINDS, row=row)


@post("/difusion/{action_id:uuid}", permission="diffusion:edit", status_code=200)
async def save_action(work: Work, view: View, action_id: UUID) -> Template | Redirect:
    row = await store.action(work, action_id)
    form = forms.read(EditAction, await view.posted())
    if form.ok:
        try:
            await actions.edit_action(work, action_id, form.data)
            await drafts.discard(work, f"difusion/{action_id}")
            return view.redirect(f"{view.home}/difusion", "Guardamos los cambios.")
        except Rejected as problem:
            form.refuse(problem)
        except Stale as stale:
            return view.conflict(
                form, forms.filled(EditAction, stale.current), title=row.title, back=f"{view.home}/difusion/{action_id}"
            )
    return view.page("diffusion/action.html", status=422, form=form, kinds=KINDS, row=row)


@post("/difusion/{action_id:uuid}/quitar", permission="diffusion:edit", status_code=200)
async def remove_action(work: Work, view: View, action_id: UUID) -> Template | Redirect:
    """Asks first where the browser could not (no JavaScript)."""
    row = await store.action(work, action_id)
    if (await view.posted()).get("confirmed") != ["1"]:
        return view.page(
            "confirm.html",
            question=f"¿Quitar «{row.title}» de la difusión?",
            text="La actividad del espacio conservará lo que decía.",
            verb="Quitar de la lista",
            back=f"{view.home}/difusion",
        )
    await actions.remove_action(work, action_id)
    return view.redirect(f"{view.home}/difusion", f"Quitamos «{row.title}».")


ROUTES = [workspace(overview, save_plan, new_action, add_action, show_action, save_action, remove_action)]
