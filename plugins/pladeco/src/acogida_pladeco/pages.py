"""Pages of the PLADECO: how it stands before the policy, its lineamientos, what each initiative contributes to, its spreadsheets."""

from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.response import Redirect, Template

from acogida.sdk import Rejected, Stale, View, Work, drafts, forms, initiative, spreadsheet
from acogida_pladeco import actions, sheet, store
from acogida_pladeco.coverage import coverage, tree
from acogida_pladeco.forms import Align, EditElement, EditPladeco
from acogida_pladeco.model import Alignment, Element, Pladeco
from acogida_pladeco.words import LEVELS, UNDER, counted


def _home(view: View) -> str:
    return f"{view.home}/x/pladeco"


def _page(view: View, template: str, *, status: int = 200, **context: Any) -> Template:
    return view.page(f"pladeco/{template}", status=status, home=_home(view), levels=LEVELS, **context)


# --- How it stands -------------------------------------------------------------------------------


@get("/", permission="workspace:read")
async def show_overview(work: Work, view: View) -> Template:
    plan = await store.in_use(work)
    return await _overview(work, view, plan)


@get("/planes/{pladeco_id:uuid}", permission="workspace:read")
async def show_pladeco(work: Work, view: View, pladeco_id: UUID) -> Template:
    return await _overview(work, view, await store.pladeco(work, pladeco_id))


async def _overview(work: Work, view: View, plan: Pladeco | None) -> Template:
    if plan is None:
        return _page(view, "start.html")
    plans, used = await store.pladecos(work), await store.in_use(work)
    found = await coverage(work, plan)
    return _page(view, "overview.html", plan=plan, plans=plans, used=used, found=found)


@get("/propuesta.xlsx", permission="workspace:read")
async def download_proposal(work: Work, view: View) -> Response[bytes] | Redirect:
    plan = await store.in_use(work)
    if plan is None:
        return view.redirect(_home(view), "Registre primero el PLADECO de la comuna.", kind="info")
    sheets = sheet.proposal_sheets(plan, await coverage(work, plan))
    content = spreadsheet.workbook(sheets, title=f"Propuesta para el {plan.name}", made_at=work.clock.now())
    name = f"propuesta-pladeco-{work.tenant.slug}-{work.today().isoformat()}.xlsx"
    return view.file(content, name=name, media_type=spreadsheet.MEDIA_TYPE)


# --- The document itself -------------------------------------------------------------------------


@get("/planes/nuevo", permission="planning:edit")
async def new_pladeco(work: Work, view: View) -> Template:
    form = await drafts.restore(work, "pladeco/nuevo", forms.blank(EditPladeco))
    return _page(view, "plan.html", form=form, row=None)


@post("/planes/nuevo", permission="planning:edit", status_code=200)
async def add_pladeco(work: Work, view: View) -> Template | Redirect:
    form = forms.read(EditPladeco, await view.posted())
    if form.ok:
        try:
            row = await actions.add_pladeco(work, form.data)
            await drafts.discard(work, "pladeco/nuevo")
            place = f"{_home(view)}/planes/{row.id}/lineamientos"
            return view.redirect(place, f"Registramos el {row.name}. Ahora sus lineamientos.")
        except Rejected as problem:
            form.refuse(problem)
    return _page(view, "plan.html", status=422, form=form, row=None)


@get("/planes/{pladeco_id:uuid}/datos", permission="workspace:read")
async def show_data(work: Work, view: View, pladeco_id: UUID) -> Template:
    row = await store.pladeco(work, pladeco_id)
    form = await drafts.restore(work, f"pladeco/{pladeco_id}", forms.filled(EditPladeco, row))
    return _page(view, "plan.html", form=form, row=row)


@post("/planes/{pladeco_id:uuid}/datos", permission="planning:edit", status_code=200)
async def save_data(work: Work, view: View, pladeco_id: UUID) -> Template | Redirect:
    row = await store.pladeco(work, pladeco_id)
    place = f"{_home(view)}/planes/{pladeco_id}"
    form = forms.read(EditPladeco, await view.posted())
    if form.ok:
        try:
            await actions.edit_pladeco(work, pladeco_id, form.data)
            await drafts.discard(work, f"pladeco/{pladeco_id}")
            return view.redirect(place, "Guardamos los datos del PLADECO.")
        except Rejected as problem:
            form.refuse(problem)
        except Stale as stale:
            theirs = forms.filled(EditPladeco, stale.current)
            return view.conflict(form, theirs, title=row.name, back=f"{place}/datos")
    return _page(view, "plan.html", status=422, form=form, row=row)


@post("/planes/{pladeco_id:uuid}/quitar", permission="planning:edit", status_code=200)
async def remove_pladeco(work: Work, view: View, pladeco_id: UUID) -> Template | Redirect:
    """Asks first where the browser could not (no JavaScript)."""
    row = await store.pladeco(work, pladeco_id)
    if (await view.posted()).get("confirmed") != ["1"]:
        return view.page(
            "confirm.html",
            question=f"¿Quitar el {row.name}?",
            text="Se van con él sus lineamientos, objetivos y programas, y los vínculos de las iniciativas. Las iniciativas quedan como están.",
            verb="Quitar el PLADECO",
            back=f"{_home(view)}/planes/{pladeco_id}/datos",
        )
    name = await actions.remove_pladeco(work, pladeco_id)
    return view.redirect(_home(view), f"Quitamos el {name}.")


# --- Lineamientos, objectives, programs ----------------------------------------------------------


@get("/planes/{pladeco_id:uuid}/lineamientos", permission="workspace:read")
async def show_elements(work: Work, view: View, pladeco_id: UUID) -> Template:
    plan = await store.pladeco(work, pladeco_id)
    return _page(view, "elements.html", plan=plan, lines=tree(await store.elements(work, pladeco_id)), under=UNDER)


@get("/planes/{pladeco_id:uuid}/nuevo", permission="planning:edit")
async def new_element(work: Work, view: View, pladeco_id: UUID, bajo: UUID | None = None) -> Template:
    plan = await store.pladeco(work, pladeco_id)
    parent = await store.element(work, bajo) if bajo else None
    start = forms.blank(EditElement, parent=str(bajo or ""))
    form = await drafts.restore(work, f"pladeco/{pladeco_id}/bajo/{bajo or ''}", start)
    return _element(view, plan, form, None, parent)


@post("/planes/{pladeco_id:uuid}/nuevo", permission="planning:edit", status_code=200)
async def add_element(work: Work, view: View, pladeco_id: UUID) -> Template | Redirect:
    plan = await store.pladeco(work, pladeco_id)
    form = forms.read(EditElement, await view.posted())
    if form.ok:
        try:
            row = await actions.add_element(work, pladeco_id, form.data)
            await drafts.discard(work, f"pladeco/{pladeco_id}/bajo/{row.parent_id or ''}")
            place = f"{_home(view)}/planes/{pladeco_id}/lineamientos"
            return view.redirect(f"{place}#e-{row.id}", f"Agregamos «{row.title}».")
        except Rejected as problem:
            form.refuse(problem)
    parents = [each for each in await store.elements(work, pladeco_id) if str(each.id) == form.value("parent")]
    return _element(view, plan, form, None, parents[0] if parents else None, 422)


@get("/elementos/{element_id:uuid}", permission="workspace:read")
async def show_element(work: Work, view: View, element_id: UUID) -> Template:
    row = await store.element(work, element_id)
    form = await drafts.restore(work, f"pladeco/elementos/{element_id}", _filled(row))
    parent = await store.element(work, row.parent_id) if row.parent_id else None
    return _element(view, await store.pladeco(work, row.pladeco_id), form, row, parent)


@post("/elementos/{element_id:uuid}", permission="planning:edit", status_code=200)
async def save_element(work: Work, view: View, element_id: UUID) -> Template | Redirect:
    row = await store.element(work, element_id)
    place = f"{_home(view)}/planes/{row.pladeco_id}/lineamientos"
    form = forms.read(EditElement, await view.posted())
    if form.ok:
        try:
            await actions.edit_element(work, element_id, form.data)
            await drafts.discard(work, f"pladeco/elementos/{element_id}")
            return view.redirect(f"{place}#e-{row.id}", f"Guardamos «{row.title}».")
        except Rejected as problem:
            form.refuse(problem)
        except Stale:
            return view.conflict(form, _filled(row), title=row.title, back=f"{_home(view)}/elementos/{element_id}")
    return _element(view, await store.pladeco(work, row.pladeco_id), form, row, None, 422)


@post("/elementos/{element_id:uuid}/quitar", permission="planning:edit", status_code=200)
async def remove_element(work: Work, view: View, element_id: UUID) -> Template | Redirect:
    """Always asks: it may take much with it."""
    row = await store.element(work, element_id)
    place = f"{_home(view)}/planes/{row.pladeco_id}/lineamientos"
    if (await view.posted()).get("confirmed") != ["1"]:
        lost = actions.under(row, await store.elements(work, row.pladeco_id))
        links = await store.links_into(work, [each.id for each in lost])
        below = f"Lo que depende de él también se quita: {len(lost) - 1}. " if len(lost) > 1 else ""
        lose = counted(links, "vínculo con iniciativas", "vínculos con iniciativas")
        return view.page(
            "confirm.html",
            question=f"¿Quitar «{row.title}» del PLADECO?",
            text=f"{below}{f'Se pierde {lose}. ' if links else ''}La actividad del espacio conservará lo que decía.",
            verb=f"Quitar el {LEVELS[row.level].lower()}",
            back=f"{_home(view)}/elementos/{element_id}",
        )
    await actions.remove_element(work, element_id)
    return view.redirect(place, f"Quitamos «{row.title}».")


def _filled(row: Element) -> forms.Form[EditElement]:
    return forms.filled(EditElement, row, parent=str(row.parent_id or ""))


def _element(
    view: View,
    plan: Pladeco,
    form: forms.Form[EditElement],
    row: Element | None,
    parent: Element | None,
    status: int = 200,
) -> Template:
    level = row.level if row else UNDER.get(parent.level, "program") if parent else "line"
    return _page(view, "element.html", status=status, plan=plan, form=form, row=row, parent=parent, level=level)


# --- In and out as a spreadsheet -----------------------------------------------------------------


@get("/planes/{pladeco_id:uuid}/planilla.xlsx", permission="workspace:read")
async def download_sheet(work: Work, view: View, pladeco_id: UUID) -> Response[bytes]:
    plan = await store.pladeco(work, pladeco_id)
    branches = [branch.element for line in tree(await store.elements(work, pladeco_id)) for branch in line.walk()]
    content = spreadsheet.workbook([sheet.model_sheet(plan, branches)], title=plan.name, made_at=work.clock.now())
    return view.file(content, name=f"pladeco-{work.tenant.slug}.xlsx", media_type=spreadsheet.MEDIA_TYPE)


@get("/planes/{pladeco_id:uuid}/importar", permission="planning:edit")
async def show_import(work: Work, view: View, pladeco_id: UUID) -> Template:
    return _import(view, await store.pladeco(work, pladeco_id))


@post("/planes/{pladeco_id:uuid}/importar", permission="planning:edit", status_code=200)
async def bring_sheet(work: Work, view: View, pladeco_id: UUID) -> Template | Redirect:
    """All or nothing: while a row is not understood none is written, and every fault is told."""
    plan = await store.pladeco(work, pladeco_id)
    try:
        rows, faults = sheet.read(await _uploaded(view))
        if faults:
            return _import(view, plan, faults=faults, status=422)
        done = await actions.bring(work, pladeco_id, rows)
    except Rejected as problem:
        return _import(view, plan, problem=problem.message, status=422)
    place = f"{_home(view)}/planes/{pladeco_id}/lineamientos"
    return view.redirect(place, f"Leímos la planilla: {actions.told(done)}.")


async def _uploaded(view: View) -> bytes:
    file = await view.uploaded("planilla")
    content = await file.read(sheet.MOST_BYTES + 1) if file else b""
    if not content:
        raise Rejected("Elija el archivo de la planilla antes de subirla.")
    if len(content) > sheet.MOST_BYTES:
        raise Rejected("La planilla pesa más de 5 MB. Deje sólo la hoja del PLADECO, sin imágenes.")
    return content


def _import(
    view: View, plan: Pladeco, *, problem: str = "", faults: list[sheet.Fault] | None = None, status: int = 200
) -> Template:
    titles = list(sheet.TITLES.values())
    return _page(view, "import.html", status=status, plan=plan, problem=problem, faults=faults or [], titles=titles)


# --- Initiatives ---------------------------------------------------------------------------------


@get("/iniciativas", permission="workspace:read")
async def show_initiatives(work: Work, view: View) -> Template | Redirect:
    plan = await store.in_use(work)
    if plan is None:
        return view.redirect(_home(view))
    return _page(view, "initiatives.html", plan=plan, found=await coverage(work, plan))


@get("/iniciativas/{initiative_id:uuid}", permission="workspace:read")
async def show_alignment(work: Work, view: View, initiative_id: UUID) -> Template | Redirect:
    plan = await store.in_use(work)
    if plan is None:
        return view.redirect(_home(view), "Registre primero el PLADECO de la comuna.", kind="info")
    form = await _aligned(work, plan, initiative_id, await store.alignment(work, initiative_id))
    form = await drafts.restore(work, f"pladeco/iniciativas/{initiative_id}", form)
    return await _alignment(work, view, plan, initiative_id, form)


@post("/iniciativas/{initiative_id:uuid}", permission="initiative:edit", status_code=200)
async def save_alignment(work: Work, view: View, initiative_id: UUID) -> Template | Redirect:
    plan = await store.in_use(work)
    form = forms.read(Align, await view.posted())
    if plan is None:
        raise Rejected("Registre primero el PLADECO de la comuna.")
    if form.ok:
        try:
            await actions.align(work, initiative_id, form.data)
            await drafts.discard(work, f"pladeco/iniciativas/{initiative_id}")
            return view.redirect(
                f"{_home(view)}/iniciativas#i-{initiative_id}", "Guardamos la relación con el PLADECO."
            )
        except Rejected as problem:
            form.refuse(problem)
        except Stale:
            kept = await store.alignment(work, initiative_id)
            theirs = await _aligned(work, plan, initiative_id, kept)
            back = f"{_home(view)}/iniciativas/{initiative_id}"
            return view.conflict(form, theirs, title=(await initiative(work, initiative_id)).name, back=back)
    return await _alignment(work, view, plan, initiative_id, form, 422)


async def _aligned(work: Work, plan: Pladeco, initiative_id: UUID, row: Alignment | None) -> forms.Form[Align]:
    return forms.blank(
        Align,
        elements=[str(each.id) for each in await store.linked_elements(work, initiative_id, plan.id)],
        contribution=row.contribution if row else "",
        proposed_under=str(row.proposed_under_id or "") if row else "",
        proposal=row.proposal if row else "",
        version=row.version if row else 0,
    )


async def _alignment(
    work: Work, view: View, plan: Pladeco, initiative_id: UUID, form: forms.Form[Align], status: int = 200
) -> Template:
    lines = tree(await store.elements(work, plan.id))
    return _page(
        view,
        "alignment.html",
        status=status,
        plan=plan,
        row=await initiative(work, initiative_id),
        lines=lines,
        options=[(str(line.element.id), line.element.title) for line in lines],
        form=form,
        chosen=set(form.values("elements")),
        suggested=await store.suggestion(work, initiative_id, plan.id),
    )


HANDLERS = (
    show_overview,
    show_pladeco,
    download_proposal,
    new_pladeco,
    add_pladeco,
    show_data,
    save_data,
    remove_pladeco,
    show_elements,
    new_element,
    add_element,
    show_element,
    save_element,
    remove_element,
    download_sheet,
    show_import,
    bring_sheet,
    show_initiatives,
    show_alignment,
    save_alignment,
)
