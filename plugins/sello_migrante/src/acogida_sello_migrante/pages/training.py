"""Pages of the training plan and its register. Names are shown to who writes the register; everybody else sees counts."""

from uuid import UUID

from litestar import Response, get, post
from litestar.response import Redirect, Template

from acogida.sdk import Rejected, Stale, View, Work, drafts, forms, spreadsheet
from acogida_sello_migrante import sheets, store
from acogida_sello_migrante.actions import training as actions
from acogida_sello_migrante.forms import AddParticipants, EditCourse
from acogida_sello_migrante.model import Course, Participant
from acogida_sello_migrante.pages.drawing import home, page
from acogida_sello_migrante.standing import Taught, kept, register


@get("/capacitacion", permission="workspace:read")
async def show_training(work: Work, view: View) -> Template:
    found = await kept(work)
    return page(
        view, "training.html", kept=found, register=found.register, plan=found.training_plan, today=work.today()
    )


@get("/capacitacion/registro.xlsx", permission="planning:edit")
async def download_register(work: Work, view: View) -> Response[bytes]:
    """The register with its names: only for who keeps it."""
    found = sheets.register_sheets(await register(work), commune=work.tenant.name)
    content = spreadsheet.workbook(found, title="Registro del personal capacitado", made_at=work.clock.now())
    name = f"sello-migrante-registro-{work.tenant.slug}-{work.today().isoformat()}.xlsx"
    return view.file(content, name=name, media_type=spreadsheet.MEDIA_TYPE)


@get("/capacitacion/por-unidad.xlsx", permission="workspace:read")
async def download_units(work: Work, view: View) -> Response[bytes]:
    sheet = sheets.unit_sheet(await register(work), commune=work.tenant.name)
    content = spreadsheet.workbook([sheet], title="Personal capacitado por unidad", made_at=work.clock.now())
    name = f"sello-migrante-unidades-{work.tenant.slug}-{work.today().isoformat()}.xlsx"
    return view.file(content, name=name, media_type=spreadsheet.MEDIA_TYPE)


@get("/capacitacion/nueva", permission="planning:edit")
async def new_course(work: Work, view: View) -> Template:
    form = await drafts.restore(work, "sello_migrante/curso", forms.blank(EditCourse))
    return page(view, "course_form.html", form=form, row=None)


@post("/capacitacion/nueva", permission="planning:edit", status_code=200)
async def add_course(work: Work, view: View) -> Template | Redirect:
    form = forms.read(EditCourse, await view.posted())
    if form.ok:
        try:
            row = await actions.add_course(work, form.data)
            await drafts.discard(work, "sello_migrante/curso")
            return view.redirect(f"{home(view)}/capacitacion/{row.id}", f"Agregamos «{row.title}».")
        except Rejected as problem:
            form.refuse(problem)
    return page(view, "course_form.html", status=422, form=form, row=None)


@get("/capacitacion/{course_id:uuid}", permission="workspace:read")
async def show_course(work: Work, view: View, course_id: UUID) -> Template:
    return await _course(work, view, await store.one(work, Course, course_id), forms.blank(AddParticipants))


@get("/capacitacion/{course_id:uuid}/datos", permission="planning:edit")
async def edit_course(work: Work, view: View, course_id: UUID) -> Template:
    row = await store.one(work, Course, course_id)
    form = await drafts.restore(work, f"sello_migrante/curso/{course_id}", _filled(row))
    return page(view, "course_form.html", form=form, row=row)


@post("/capacitacion/{course_id:uuid}/datos", permission="planning:edit", status_code=200)
async def save_course(work: Work, view: View, course_id: UUID) -> Template | Redirect:
    row = await store.one(work, Course, course_id)
    form = forms.read(EditCourse, await view.posted())
    if form.ok:
        try:
            await actions.edit_course(work, course_id, form.data)
            await drafts.discard(work, f"sello_migrante/curso/{course_id}")
            return view.redirect(f"{home(view)}/capacitacion/{course_id}", f"Guardamos «{row.title}».")
        except Rejected as problem:
            form.refuse(problem)
        except Stale:
            return view.conflict(
                form, _filled(row), title=row.title, back=f"{home(view)}/capacitacion/{course_id}/datos"
            )
    return page(view, "course_form.html", status=422, form=form, row=row)


@post("/capacitacion/{course_id:uuid}/quitar", permission="planning:edit", status_code=200)
async def remove_course(work: Work, view: View, course_id: UUID) -> Template | Redirect:
    """Always asks: the register goes with it."""
    row = await store.one(work, Course, course_id)
    if (await view.posted()).get("confirmed") != ["1"]:
        return view.page(
            "confirm.html",
            question=f"¿Quitar «{row.title}»?",
            text="Se va con ella el registro de quienes participaron.",
            verb="Quitar la actividad",
            back=f"{home(view)}/capacitacion/{course_id}",
        )
    await actions.remove_course(work, course_id)
    return view.redirect(f"{home(view)}/capacitacion", f"Quitamos «{row.title}».")


@post("/capacitacion/{course_id:uuid}/participantes", permission="planning:edit", status_code=200)
async def add_people(work: Work, view: View, course_id: UUID) -> Template | Redirect:
    row = await store.one(work, Course, course_id)
    form = forms.read(AddParticipants, await view.posted())
    if form.ok:
        try:
            added = await actions.add_people(work, course_id, form.data)
            place = f"{home(view)}/capacitacion/{course_id}#participantes"
            said = f"Registramos {added}." if added else "Ya estaban todas las personas de la lista."
            return view.redirect(place, said, kind="success" if added else "info")
        except Rejected as problem:
            form.refuse(problem)
    return await _course(work, view, row, form, 422)


@post("/participantes/{participant_id:uuid}/quitar", permission="planning:edit", status_code=200)
async def remove_person(work: Work, view: View, participant_id: UUID) -> Template | Redirect:
    """Asks first where the browser could not (no JavaScript)."""
    row = await store.one(work, Participant, participant_id)
    place = f"{home(view)}/capacitacion/{row.course_id}#participantes"
    if (await view.posted()).get("confirmed") != ["1"]:
        return view.page(
            "confirm.html",
            question=f"¿Quitar del registro a {row.name or 'esta persona'}?",
            text="Deja de contarse en esta actividad.",
            verb="Quitar del registro",
            back=place,
        )
    await actions.remove_person(work, participant_id)
    return view.redirect(place, "Quitamos a la persona del registro.")


@post("/capacitacion/{course_id:uuid}/nombres", permission="planning:edit", status_code=200)
async def erase_names(work: Work, view: View, course_id: UUID) -> Template | Redirect:
    """Always asks: there is no way back."""
    row = await store.one(work, Course, course_id)
    place = f"{home(view)}/capacitacion/{course_id}#participantes"
    if (await view.posted()).get("confirmed") != ["1"]:
        return view.page(
            "confirm.html",
            question=f"¿Quitar los nombres de «{row.title}»?",
            text="Los nombres se borran y no se pueden recuperar. Quedan la unidad de cada persona y las cuentas.",
            verb="Quitar los nombres",
            back=place,
        )
    await actions.erase_names(work, course_id)
    return view.redirect(place, "Quitamos los nombres. Quedan las cuentas por unidad.")


def _filled(row: Course) -> forms.Form[EditCourse]:
    hours = f"{row.hours.normalize():f}".replace(".", ",") if row.hours is not None else ""
    return forms.filled(EditCourse, row, hours=hours)


async def _course(
    work: Work, view: View, row: Course, form: forms.Form[AddParticipants], status: int = 200
) -> Template:
    people = await store.participants(work, [row.id])
    units: dict[str, int] = {}
    for person in people:
        units[person.unit] = units.get(person.unit, 0) + 1
    return page(view, "course.html", status=status, row=row, taught=Taught(row, tuple(people)), units=units, form=form)


HANDLERS = (
    show_training,
    download_register,
    download_units,
    new_course,
    add_course,
    show_course,
    edit_course,
    save_course,
    remove_course,
    add_people,
    remove_person,
    erase_names,
)
