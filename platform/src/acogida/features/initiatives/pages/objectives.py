"""The pages of the objectives: the list, and each one with the guide's five questions beside its text (TPL-13)."""

from uuid import UUID

from litestar import get, post
from litestar.response import Redirect, Template

from acogida.features.cycles.public import guide_of
from acogida.features.diagnosis import public as diagnosis
from acogida.features.drafts import public as drafts
from acogida.features.initiatives import actions, store
from acogida.features.initiatives.forms import EditObjective, composed
from acogida.features.initiatives.model import Objective
from acogida.features.initiatives.pages import options
from acogida.features.methodology.model import Guide
from acogida.kernel.errors import Rejected, Stale
from acogida.kernel.work import Work
from acogida.web import forms
from acogida.web.view import View

LIST = "planificacion/objetivos"
GENERAL = f"{LIST}/general"


@get("/planificacion/objetivos", permission="workspace:read")
async def show_objectives(work: Work, view: View, guides: dict[str, Guide]) -> Template:
    objectives = await store.objectives(work)
    return view.page(
        "initiatives/objectives.html",
        general=next((each for each in objectives if each.kind == "general"), None),
        specific=[each for each in objectives if each.kind == "specific"],
        axes={axis.id: axis.name for axis in await store.axes(work)},
        links=await store.findings_of_objectives(work),
        counts=await store.initiatives_by_objective(work),
        alike=await store.alike_objectives(work),
        guide=await guide_of(work, guides),
    )


@get("/planificacion/objetivos/general", permission="workspace:read")
async def show_general(work: Work, view: View) -> Template:
    row = await store.general_objective(work)
    return await _page(work, view, await drafts.restore(work, GENERAL, await _filled(work, row)), row, general=True)


@post("/planificacion/objetivos/general", permission="planning:edit", status_code=200)
async def save_general(work: Work, view: View) -> Template | Redirect:
    posted = await view.posted()
    form = forms.read(EditObjective, posted)
    row = await store.general_objective(work)
    if "componer" in posted:
        return await _page(work, view, _composed(form), row, general=True)
    if form.ok:
        try:
            await actions.set_general_objective(work, form.data)
            await drafts.discard(work, GENERAL)
            return view.redirect(f"{view.home}/{LIST}", "Guardamos el objetivo general.")
        except Rejected as problem:
            form.refuse(problem)
        except Stale as stale:
            return await _conflict(work, view, form, stale, title="Objetivo general", back=GENERAL)
    return await _page(work, view, form, row, general=True, status=422)


@get("/planificacion/objetivos/nuevo", permission="planning:edit")
async def new_objective(work: Work, view: View, eje: str = "") -> Template:
    form = await drafts.restore(work, f"{LIST}/nuevo", forms.blank(EditObjective, axis_id=eje[:60]))
    return await _page(work, view, form, None)


@post("/planificacion/objetivos/nuevo", permission="planning:edit", status_code=200)
async def add_objective(work: Work, view: View) -> Template | Redirect:
    posted = await view.posted()
    form = forms.read(EditObjective, posted)
    if "componer" in posted:
        return await _page(work, view, _composed(form), None)
    if form.ok:
        try:
            row = await actions.add_objective(work, form.data)
            await drafts.discard(work, f"{LIST}/nuevo")
            return await _saved(work, view, row)
        except Rejected as problem:
            form.refuse(problem)
    return await _page(work, view, form, None, status=422)


@get("/planificacion/objetivos/{objective_id:uuid}", permission="workspace:read")
async def show_objective(work: Work, view: View, objective_id: UUID) -> Template | Redirect:
    row = await store.objective(work, objective_id)
    if row.kind == "general":
        return view.redirect(f"{view.home}/{GENERAL}")
    form = await drafts.restore(work, f"{LIST}/{objective_id}", await _filled(work, row))
    return await _page(work, view, form, row)


@post("/planificacion/objetivos/{objective_id:uuid}", permission="planning:edit", status_code=200)
async def save_objective(work: Work, view: View, objective_id: UUID) -> Template | Redirect:
    posted = await view.posted()
    form = forms.read(EditObjective, posted)
    row = await store.objective(work, objective_id)
    if "componer" in posted:
        return await _page(work, view, _composed(form), row)
    if form.ok:
        try:
            await actions.edit_objective(work, objective_id, form.data)
            await drafts.discard(work, f"{LIST}/{objective_id}")
            return await _saved(work, view, row)
        except Rejected as problem:
            form.refuse(problem)
        except Stale as stale:
            return await _conflict(work, view, form, stale, title="Objetivo específico", back=f"{LIST}/{objective_id}")
    return await _page(work, view, form, row, status=422)


@post("/planificacion/objetivos/{objective_id:uuid}/mover", permission="planning:edit", status_code=200)
async def move_objective(work: Work, view: View, objective_id: UUID) -> Redirect:
    await actions.move_objective(work, objective_id, up=(await view.posted()).get("hacia") == ["arriba"])
    return view.redirect(f"{view.home}/{LIST}#objetivo-{objective_id}")


@post("/planificacion/objetivos/{objective_id:uuid}/quitar", permission="planning:edit", status_code=200)
async def remove_objective(work: Work, view: View, objective_id: UUID) -> Template | Redirect:
    """Asks first where the browser could not (no JavaScript)."""
    row = await store.objective(work, objective_id)
    if (await view.posted()).get("confirmed") != ["1"]:
        return view.page(
            "confirm.html",
            question="¿Quitar este objetivo?",
            text=f"«{row.statement}» Sus iniciativas no se borran: quedan sin objetivo hasta que les elija otro.",
            verb="Quitar el objetivo",
            back=f"{view.home}/{LIST}",
        )
    await actions.remove_objective(work, objective_id)
    return view.redirect(f"{view.home}/{LIST}", "Quitamos el objetivo.")


async def _filled(work: Work, row: Objective | None) -> forms.Form[EditObjective]:
    if row is None:
        return forms.blank(EditObjective)
    return forms.filled(EditObjective, row, findings=await store.findings_of_objective(work, row.id))


def _composed(form: forms.Form[EditObjective]) -> forms.Form[EditObjective]:
    """The same form with a proposal made of the five answers, to be read and mended."""
    answers = {name: form.value(name) for name in ("specific", "measurable", "achievable", "relevant", "time_bound")}
    return forms.Form(form.kind, {**form.raw, "statement": [composed(**answers)]})


async def _saved(work: Work, view: View, row: Objective) -> Redirect:
    """Back to the list; when another objective says nearly the same, the notice says so."""
    twins = [each for each in await store.alike_objectives(work) if row.id in (each.one_id, each.other_id)]
    if not twins:
        return view.redirect(f"{view.home}/{LIST}", "Guardamos el objetivo.")
    other = twins[0].other if twins[0].one_id == row.id else twins[0].one
    return view.redirect(
        f"{view.home}/{LIST}", f"Guardamos el objetivo. Se parece mucho a otro: «{other[:200]}».", kind="warning"
    )


async def _conflict(
    work: Work, view: View, form: forms.Form[EditObjective], stale: Stale, *, title: str, back: str
) -> Template:
    current = stale.current
    theirs = await _filled(work, current) if isinstance(current, Objective) else form
    return view.conflict(form, theirs, title=title, back=f"{view.home}/{back}")


async def _page(
    work: Work,
    view: View,
    form: forms.Form[EditObjective],
    row: Objective | None,
    *,
    general: bool = False,
    status: int = 200,
) -> Template:
    return view.page(
        "initiatives/objective.html",
        status=status,
        form=form,
        row=row,
        general=general,
        draft=GENERAL if general else f"{LIST}/{row.id if row else 'nuevo'}",
        axes=options.of_axes(await store.axes(work)),
        findings=options.of_findings(await diagnosis.findings(work)),
        answering=await store.initiatives_of_objective(work, row.id) if row else [],
    )


HANDLERS = (
    show_objectives,
    show_general,
    save_general,
    new_objective,
    add_objective,
    show_objective,
    save_objective,
    move_objective,
    remove_objective,
)
