"""Pages of the process: its steps with their dates, and the resolutions that grant the Sello."""

from uuid import UUID

from litestar import get, post
from litestar.response import Redirect, Template

from acogida.sdk import NotFound, Rejected, Stale, View, Work, archive, drafts, forms
from acogida_sello_migrante import store
from acogida_sello_migrante.actions import process as actions
from acogida_sello_migrante.forms import EditRecognition, EditStep
from acogida_sello_migrante.model import Recognition
from acogida_sello_migrante.pages.drawing import home, page
from acogida_sello_migrante.standard import YEARS, Step, steps
from acogida_sello_migrante.standing import assessed, years_later

FILES_SHOWN = 200


@get("/proceso", permission="workspace:read")
async def show_process(work: Work, view: View) -> Template:
    found = await assessed(work)
    due = {row.id: years_later(row.dated_on, YEARS) for row in found.kept.recognitions}
    return page(view, "process.html", found=found, due=due, today=work.today())


@get("/proceso/{step_id:str}", permission="workspace:read")
async def show_step(work: Work, view: View, step_id: str) -> Template:
    step = _step(step_id)
    row = await store.step(work, step_id)
    start = forms.filled(EditStep, row) if row else forms.blank(EditStep)
    form = await drafts.restore(work, f"sello_migrante/{step_id}", start)
    return await _show(work, view, step, form)


@post("/proceso/{step_id:str}", permission="planning:edit", status_code=200)
async def save_step(work: Work, view: View, step_id: str) -> Template | Redirect:
    step = _step(step_id)
    form = forms.read(EditStep, await view.posted())
    if form.ok:
        try:
            await actions.edit_step(work, step, form.data)
            await drafts.discard(work, f"sello_migrante/{step_id}")
            return view.redirect(f"{home(view)}/proceso#{step_id}", f"Guardamos el paso «{step.title}».")
        except Rejected as problem:
            form.refuse(problem)
        except Stale as stale:
            theirs = forms.filled(EditStep, stale.current) if stale.current else forms.blank(EditStep)
            return view.conflict(form, theirs, title=step.title, back=f"{home(view)}/proceso/{step_id}")
    return await _show(work, view, step, form, 422)


def _step(step_id: str) -> Step:
    found = next((each for each in steps() if each.id == step_id), None)
    if found is None:
        raise NotFound
    return found


async def _show(work: Work, view: View, step: Step, form: forms.Form[EditStep], status: int = 200) -> Template:
    found = await assessed(work)
    standing = next(each for each in found.steps if each.step.id == step.id)
    return page(view, "step.html", status=status, step=step, standing=standing, form=form)


@get("/resoluciones/nueva", permission="act:record")
async def new_recognition(work: Work, view: View) -> Template:
    known = await store.recognitions(work)
    start = forms.blank(EditRecognition, kind="revalidated" if known else "granted")
    form = await drafts.restore(work, "sello_migrante/resolucion", start)
    return await _recognition(work, view, form, None)


@post("/resoluciones/nueva", permission="act:record", status_code=200)
async def add_recognition(work: Work, view: View) -> Template | Redirect:
    form = forms.read(EditRecognition, await view.posted())
    if form.ok:
        try:
            row = await actions.add_recognition(work, form.data)
            await drafts.discard(work, "sello_migrante/resolucion")
            return view.redirect(f"{home(view)}/proceso#resoluciones", f"Registramos la {row.resolution}.")
        except Rejected as problem:
            form.refuse(problem)
    return await _recognition(work, view, form, None, 422)


@get("/resoluciones/{row_id:uuid}", permission="workspace:read")
async def show_recognition(work: Work, view: View, row_id: UUID) -> Template:
    row = await store.one(work, Recognition, row_id)
    form = await drafts.restore(work, f"sello_migrante/resolucion/{row_id}", _filled(row))
    return await _recognition(work, view, form, row)


@post("/resoluciones/{row_id:uuid}", permission="act:record", status_code=200)
async def save_recognition(work: Work, view: View, row_id: UUID) -> Template | Redirect:
    row = await store.one(work, Recognition, row_id)
    form = forms.read(EditRecognition, await view.posted())
    if form.ok:
        try:
            await actions.edit_recognition(work, row_id, form.data)
            await drafts.discard(work, f"sello_migrante/resolucion/{row_id}")
            return view.redirect(f"{home(view)}/proceso#resoluciones", "Guardamos la resolución.")
        except Rejected as problem:
            form.refuse(problem)
        except Stale:
            back = f"{home(view)}/resoluciones/{row_id}"
            return view.conflict(form, _filled(row), title=row.resolution, back=back)
    return await _recognition(work, view, form, row, 422)


@post("/resoluciones/{row_id:uuid}/quitar", permission="act:record", status_code=200)
async def remove_recognition(work: Work, view: View, row_id: UUID) -> Template | Redirect:
    """Asks first where the browser could not (no JavaScript)."""
    row = await store.one(work, Recognition, row_id)
    if (await view.posted()).get("confirmed") != ["1"]:
        return view.page(
            "confirm.html",
            question=f"¿Quitar la {row.resolution}?",
            text="El plazo para revalidar se contará desde la resolución anterior, si la hay.",
            verb="Quitar la resolución",
            back=f"{home(view)}/resoluciones/{row_id}",
        )
    await actions.remove_recognition(work, row_id)
    return view.redirect(f"{home(view)}/proceso#resoluciones", f"Quitamos la {row.resolution}.")


def _filled(row: Recognition) -> forms.Form[EditRecognition]:
    return forms.filled(EditRecognition, row, file_id=str(row.file_id or ""))


async def _recognition(
    work: Work, view: View, form: forms.Form[EditRecognition], row: Recognition | None, status: int = 200
) -> Template:
    kept = await archive.newest_files(work, offset=0, limit=FILES_SHOWN)
    files = [(str(each.id), each.name) for each in kept]
    return page(view, "recognition.html", status=status, form=form, row=row, files=files)


HANDLERS = (
    show_process,
    show_step,
    save_step,
    new_recognition,
    add_recognition,
    show_recognition,
    save_recognition,
    remove_recognition,
)
