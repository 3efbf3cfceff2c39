"""Pages of the municipal work plan, and the data that stand above both plans."""

from uuid import UUID

from litestar import Response, get, post
from litestar.response import Redirect, Template

from acogida.sdk import Rejected, Stale, View, Work, drafts, forms, initiatives, spreadsheet
from acogida_sello_migrante import sheets, store
from acogida_sello_migrante.actions import plans as actions
from acogida_sello_migrante.forms import EditAction, EditPlan
from acogida_sello_migrante.model import Action
from acogida_sello_migrante.pages.drawing import home, page
from acogida_sello_migrante.standing import assessed, kept

PLANS = {"plan": ("work", "Plan de Trabajo Municipal"), "capacitacion": ("training", "Plan Comunal de Capacitación")}


@get("/plan", permission="workspace:read")
async def show_plan(work: Work, view: View) -> Template:
    found = await assessed(work)
    return page(view, "plan.html", found=found, plan=found.kept.work_plan, today=work.today())


@get("/plan.xlsx", permission="workspace:read")
async def download_plan(work: Work, view: View) -> Response[bytes]:
    sheet = sheets.plan_sheet(await kept(work), commune=work.tenant.name)
    content = spreadsheet.workbook([sheet], title="Plan de trabajo del Sello Migrante", made_at=work.clock.now())
    name = f"sello-migrante-plan-{work.tenant.slug}-{work.today().isoformat()}.xlsx"
    return view.file(content, name=name, media_type=spreadsheet.MEDIA_TYPE)


@get("/plan/datos", permission="workspace:read")
async def show_work_data(work: Work, view: View) -> Template:
    return await _show_data(work, view, "plan")


@post("/plan/datos", permission="planning:edit", status_code=200)
async def save_work_data(work: Work, view: View) -> Template | Redirect:
    return await _save_data(work, view, "plan")


@get("/capacitacion/datos", permission="workspace:read")
async def show_training_data(work: Work, view: View) -> Template:
    return await _show_data(work, view, "capacitacion")


@post("/capacitacion/datos", permission="planning:edit", status_code=200)
async def save_training_data(work: Work, view: View) -> Template | Redirect:
    return await _save_data(work, view, "capacitacion")


async def _show_data(work: Work, view: View, which: str) -> Template:
    kind, title = PLANS[which]
    row = await store.plan(work, kind)
    start = forms.filled(EditPlan, row) if row else forms.blank(EditPlan)
    form = await drafts.restore(work, f"sello_migrante/{which}", start)
    return page(view, "plan_data.html", form=form, which=which, title=title)


async def _save_data(work: Work, view: View, which: str) -> Template | Redirect:
    kind, title = PLANS[which]
    form = forms.read(EditPlan, await view.posted())
    if form.ok:
        try:
            await actions.edit_plan(work, kind, form.data)
            await drafts.discard(work, f"sello_migrante/{which}")
            return view.redirect(f"{home(view)}/{which}", "Guardamos los datos del plan.")
        except Rejected as problem:
            form.refuse(problem)
        except Stale as stale:
            theirs = forms.filled(EditPlan, stale.current) if stale.current else forms.blank(EditPlan)
            return view.conflict(form, theirs, title=title, back=f"{home(view)}/{which}/datos")
    return page(view, "plan_data.html", status=422, form=form, which=which, title=title)


@get("/plan/acciones/nueva", permission="planning:edit")
async def new_action(work: Work, view: View, requisito: str = "") -> Template:
    start = forms.blank(EditAction, criterion=requisito)
    form = await drafts.restore(work, "sello_migrante/accion", start)
    return await _action(work, view, form, None)


@post("/plan/acciones/nueva", permission="planning:edit", status_code=200)
async def add_action(work: Work, view: View) -> Template | Redirect:
    form = forms.read(EditAction, await view.posted())
    if form.ok:
        try:
            row = await actions.add_action(work, form.data)
            await drafts.discard(work, "sello_migrante/accion")
            return view.redirect(f"{home(view)}/plan#a-{row.id}", f"Agregamos «{row.title}» al plan.")
        except Rejected as problem:
            form.refuse(problem)
    return await _action(work, view, form, None, 422)


@get("/plan/acciones/{action_id:uuid}", permission="workspace:read")
async def show_action(work: Work, view: View, action_id: UUID) -> Template:
    row = await store.one(work, Action, action_id)
    form = await drafts.restore(work, f"sello_migrante/accion/{action_id}", _filled(row))
    return await _action(work, view, form, row)


@post("/plan/acciones/{action_id:uuid}", permission="planning:edit", status_code=200)
async def save_action(work: Work, view: View, action_id: UUID) -> Template | Redirect:
    row = await store.one(work, Action, action_id)
    form = forms.read(EditAction, await view.posted())
    if form.ok:
        try:
            await actions.edit_action(work, action_id, form.data)
            await drafts.discard(work, f"sello_migrante/accion/{action_id}")
            return view.redirect(f"{home(view)}/plan#a-{row.id}", f"Guardamos «{row.title}».")
        except Rejected as problem:
            form.refuse(problem)
        except Stale:
            return view.conflict(form, _filled(row), title=row.title, back=f"{home(view)}/plan/acciones/{action_id}")
    return await _action(work, view, form, row, 422)


@post("/plan/acciones/{action_id:uuid}/quitar", permission="planning:edit", status_code=200)
async def remove_action(work: Work, view: View, action_id: UUID) -> Template | Redirect:
    """Asks first where the browser could not (no JavaScript)."""
    row = await store.one(work, Action, action_id)
    if (await view.posted()).get("confirmed") != ["1"]:
        return view.page(
            "confirm.html",
            question=f"¿Quitar «{row.title}» del plan de trabajo?",
            text="Si sólo cambió de opinión, puede dejarla como descartada. La actividad del espacio conservará lo que decía.",
            verb="Quitar la acción",
            back=f"{home(view)}/plan/acciones/{action_id}",
        )
    await actions.remove_action(work, action_id)
    return view.redirect(f"{home(view)}/plan", f"Quitamos «{row.title}».")


def _filled(row: Action) -> forms.Form[EditAction]:
    return forms.filled(EditAction, row, initiative_id=str(row.initiative_id or ""))


async def _action(
    work: Work, view: View, form: forms.Form[EditAction], row: Action | None, status: int = 200
) -> Template:
    found = await assessed(work)
    criteria = [(key, f"{key} {each.criterion.title}") for key, each in found.standings.items()]
    if row and row.criterion not in found.standings:
        criteria.append((row.criterion, f"{row.criterion} (de otra versión del estándar)"))
    planned = [(str(each.id), each.name) for each in await initiatives(work)]
    return page(view, "action.html", status=status, form=form, row=row, criteria=criteria, planned=planned)


HANDLERS = (
    show_plan,
    download_plan,
    show_work_data,
    save_work_data,
    show_training_data,
    save_training_data,
    new_action,
    add_action,
    show_action,
    save_action,
    remove_action,
)
