"""Pages: the summary, the figures, the questions, and the table of communes with its sessions and promises."""

from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.response import Redirect, Template

from acogida.sdk import NotFound, Rejected, Stale, View, Work, census, drafts, forms, initiatives, spreadsheet
from acogida_macrozona_norte import actions, annex, sheets, store, words
from acogida_macrozona_norte.answers import tables
from acogida_macrozona_norte.asking import QUESTIONS, SERVICE_TYPES, SOURCE, Asked
from acogida_macrozona_norte.forms import EditAnswer, EditEncounter, EditPartners, EditPledge
from acogida_macrozona_norte.looking import REGIONS, look
from acogida_macrozona_norte.model import Answer, Encounter, Pledge
from acogida_macrozona_norte.standing import kept


def _home(view: View) -> str:
    return f"{view.home}/x/macrozona_norte"


def _page(view: View, template: str, *, status: int = 200, **context: Any) -> Template:
    """With the extension's words at hand."""
    place = f"macrozona_norte/{template}"
    return view.page(
        place, status=status, home=_home(view), words=words, people=annex.people, percent=annex.percent, **context
    )


# --- Summary and figures -------------------------------------------------------------------------


@get("/", permission="workspace:read")
async def show_overview(work: Work, view: View) -> Template:
    looked, found = await look(work), await kept(work)
    return _page(
        view, "overview.html", looked=looked, found=found, kinds=SERVICE_TYPES, today=work.today(), origin=SOURCE
    )


@get("/cifras", permission="workspace:read")
async def show_figures(work: Work, view: View) -> Template:
    return _page(view, "figures.html", looked=await look(work))


@get("/cifras.xlsx", permission="workspace:read")
async def download_figures(work: Work, view: View) -> Response[bytes]:
    looked = await look(work)
    if looked is None:
        raise NotFound
    content = spreadsheet.workbook(
        sheets.figure_sheets(looked), title="Personas nacidas fuera de Chile", made_at=work.clock.now()
    )
    return view.file(content, name=f"macrozona-norte-cifras-{work.tenant.slug}.xlsx", media_type=spreadsheet.MEDIA_TYPE)


# --- Questions -----------------------------------------------------------------------------------


@get("/preguntas", permission="workspace:read")
async def show_questions(work: Work, view: View) -> Template:
    return _page(view, "questions.html", found=await kept(work), asked=QUESTIONS.values(), origin=SOURCE)


@get("/preguntas/{question:str}", permission="diagnosis:edit")
async def edit_answer(work: Work, view: View, question: str) -> Template:
    each = _asked(question)
    row = await store.answer(work, question)
    form = await drafts.restore(work, f"macrozona_norte/pregunta/{question}", _answered(row))
    return _page(view, "answer.html", form=form, each=each, origin=SOURCE)


@post("/preguntas/{question:str}", permission="diagnosis:edit", status_code=200)
async def save_answer(work: Work, view: View, question: str) -> Template | Redirect:
    each = _asked(question)
    form = forms.read(EditAnswer, await view.posted())
    if form.ok:
        try:
            await actions.write_answer(work, question, form.data)
            await drafts.discard(work, f"macrozona_norte/pregunta/{question}")
            return view.redirect(f"{_home(view)}/preguntas#{question}", "Guardamos la respuesta.")
        except Rejected as problem:
            form.refuse(problem)
        except Stale:
            theirs = _answered(await store.answer(work, question))
            back = f"{_home(view)}/preguntas/{question}"
            return view.conflict(form, theirs, title=each.question.text, back=back)
    return _page(view, "answer.html", status=422, form=form, each=each, origin=SOURCE)


def _asked(key: str) -> Asked:
    if key not in QUESTIONS:
        raise NotFound
    return QUESTIONS[key]


def _answered(row: Answer | None) -> forms.Form[EditAnswer]:
    return forms.filled(EditAnswer, row) if row else forms.blank(EditAnswer)


# --- The table of communes -----------------------------------------------------------------------


@get("/mesa", permission="workspace:read")
async def show_table(work: Work, view: View) -> Template:
    names = {row.id: row.name for row in await initiatives(work)}
    return _page(view, "table.html", found=await kept(work), today=work.today(), names=names)


@get("/mesa.xlsx", permission="workspace:read")
async def download_table(work: Work, view: View) -> Response[bytes]:
    found = sheets.table_sheets(await tables(work))
    content = spreadsheet.workbook(found, title="Mesa de comunas", made_at=work.clock.now())
    return view.file(content, name=f"macrozona-norte-mesa-{work.tenant.slug}.xlsx", media_type=spreadsheet.MEDIA_TYPE)


@get("/mesa/comunas", permission="planning:edit")
async def edit_partners(work: Work, view: View) -> Template:
    cuts = tuple(row.cut for row in await store.partners(work))
    return await _partners(work, view, forms.blank(EditPartners, cuts=cuts))


@post("/mesa/comunas", permission="planning:edit", status_code=200)
async def save_partners(work: Work, view: View) -> Template | Redirect:
    form = forms.read(EditPartners, await view.posted())
    if form.ok:
        try:
            now = await actions.set_partners(work, form.data)
            said = words.counted(len(now), "comuna más", "comunas más")
            return view.redirect(f"{_home(view)}/mesa", f"En la mesa hay {said}.")
        except Rejected as problem:
            form.refuse(problem)
    return await _partners(work, view, form, 422)


async def _partners(work: Work, view: View, form: forms.Form[EditPartners], status: int = 200) -> Template:
    options = [(each.cut, f"{each.name} ({each.region})") for each in await census(work, REGIONS)]
    others = [option for option in options if option[0] != work.tenant.cut]
    return _page(view, "partners.html", status=status, form=form, options=others)


@get("/mesa/sesiones/nueva", permission="planning:edit")
async def new_encounter(work: Work, view: View) -> Template:
    form = await drafts.restore(work, "macrozona_norte/sesion", forms.blank(EditEncounter))
    return await _encounter(work, view, form, None)


@post("/mesa/sesiones/nueva", permission="planning:edit", status_code=200)
async def add_encounter(work: Work, view: View) -> Template | Redirect:
    form = forms.read(EditEncounter, await view.posted())
    if form.ok:
        try:
            row = await actions.add_encounter(work, form.data)
            await drafts.discard(work, "macrozona_norte/sesion")
            return view.redirect(f"{_home(view)}/mesa", f"Anotamos la sesión «{row.title}».")
        except Rejected as problem:
            form.refuse(problem)
    return await _encounter(work, view, form, None, 422)


@get("/mesa/sesiones/{encounter_id:uuid}", permission="workspace:read")
async def show_encounter(work: Work, view: View, encounter_id: UUID) -> Template:
    row = await store.one(work, Encounter, encounter_id)
    start = forms.filled(EditEncounter, row)
    form = await drafts.restore(work, f"macrozona_norte/sesion/{encounter_id}", start)
    return await _encounter(work, view, form, row)


@post("/mesa/sesiones/{encounter_id:uuid}", permission="planning:edit", status_code=200)
async def save_encounter(work: Work, view: View, encounter_id: UUID) -> Template | Redirect:
    row = await store.one(work, Encounter, encounter_id)
    form = forms.read(EditEncounter, await view.posted())
    if form.ok:
        try:
            await actions.edit_encounter(work, encounter_id, form.data)
            await drafts.discard(work, f"macrozona_norte/sesion/{encounter_id}")
            return view.redirect(f"{_home(view)}/mesa", f"Guardamos la sesión «{row.title}».")
        except Rejected as problem:
            form.refuse(problem)
        except Stale:
            theirs, back = forms.filled(EditEncounter, row), f"{_home(view)}/mesa/sesiones/{encounter_id}"
            return view.conflict(form, theirs, title=row.title, back=back)
    return await _encounter(work, view, form, row, 422)


@post("/mesa/sesiones/{encounter_id:uuid}/quitar", permission="planning:edit", status_code=200)
async def remove_encounter(work: Work, view: View, encounter_id: UUID) -> Template | Redirect:
    """Asks first where the browser could not (no JavaScript)."""
    row = await store.one(work, Encounter, encounter_id)
    if (await view.posted()).get("confirmed") != ["1"]:
        return view.page(
            "confirm.html",
            question=f"¿Quitar la sesión «{row.title}»?",
            text="Los compromisos que se acordaron en ella quedan. Si sólo no se hizo, puede dejarla como suspendida.",
            verb="Quitar la sesión",
            back=f"{_home(view)}/mesa/sesiones/{encounter_id}",
        )
    title = await actions.remove_encounter(work, encounter_id)
    return view.redirect(f"{_home(view)}/mesa", f"Quitamos la sesión «{title}».")


async def _encounter(
    work: Work, view: View, form: forms.Form[EditEncounter], row: Encounter | None, status: int = 200
) -> Template:
    found = await kept(work)
    communes = {**{cut: cut for cut in (row.cuts if row else ())}, **found.names}
    agreed = [each for each in found.pledges if row and each.encounter_id == row.id]
    options = list(communes.items())
    return _page(view, "encounter.html", status=status, form=form, row=row, found=found, options=options, agreed=agreed)


@get("/mesa/compromisos/nuevo", permission="planning:edit")
async def new_pledge(work: Work, view: View, sesion: str = "", iniciativa: str = "") -> Template:
    start = forms.blank(EditPledge, cut=work.tenant.cut, encounter_id=sesion, initiative_id=iniciativa)
    return await _pledge(work, view, await drafts.restore(work, "macrozona_norte/compromiso", start), None)


@post("/mesa/compromisos/nuevo", permission="planning:edit", status_code=200)
async def add_pledge(work: Work, view: View) -> Template | Redirect:
    form = forms.read(EditPledge, await view.posted())
    if form.ok:
        try:
            row = await actions.add_pledge(work, form.data)
            await drafts.discard(work, "macrozona_norte/compromiso")
            return view.redirect(f"{_home(view)}/mesa#c-{row.id}", f"Anotamos el compromiso «{row.title}».")
        except Rejected as problem:
            form.refuse(problem)
    return await _pledge(work, view, form, None, 422)


@get("/mesa/compromisos/{pledge_id:uuid}", permission="workspace:read")
async def show_pledge(work: Work, view: View, pledge_id: UUID) -> Template:
    row = await store.one(work, Pledge, pledge_id)
    form = await drafts.restore(work, f"macrozona_norte/compromiso/{pledge_id}", _filled(row))
    return await _pledge(work, view, form, row)


@post("/mesa/compromisos/{pledge_id:uuid}", permission="planning:edit", status_code=200)
async def save_pledge(work: Work, view: View, pledge_id: UUID) -> Template | Redirect:
    row = await store.one(work, Pledge, pledge_id)
    form = forms.read(EditPledge, await view.posted())
    if form.ok:
        try:
            await actions.edit_pledge(work, pledge_id, form.data)
            await drafts.discard(work, f"macrozona_norte/compromiso/{pledge_id}")
            return view.redirect(f"{_home(view)}/mesa#c-{row.id}", f"Guardamos «{row.title}».")
        except Rejected as problem:
            form.refuse(problem)
        except Stale:
            back = f"{_home(view)}/mesa/compromisos/{pledge_id}"
            return view.conflict(form, _filled(row), title=row.title, back=back)
    return await _pledge(work, view, form, row, 422)


@post("/mesa/compromisos/{pledge_id:uuid}/quitar", permission="planning:edit", status_code=200)
async def remove_pledge(work: Work, view: View, pledge_id: UUID) -> Template | Redirect:
    """Asks first where the browser could not (no JavaScript)."""
    row = await store.one(work, Pledge, pledge_id)
    if (await view.posted()).get("confirmed") != ["1"]:
        return view.page(
            "confirm.html",
            question=f"¿Quitar el compromiso «{row.title}»?",
            text="Si ya no se hará, puede dejarlo como descartado. La actividad del espacio conservará lo que decía.",
            verb="Quitar el compromiso",
            back=f"{_home(view)}/mesa/compromisos/{pledge_id}",
        )
    title = await actions.remove_pledge(work, pledge_id)
    return view.redirect(f"{_home(view)}/mesa", f"Quitamos «{title}».")


def _filled(row: Pledge) -> forms.Form[EditPledge]:
    encounter_id, initiative_id = str(row.encounter_id or ""), str(row.initiative_id or "")
    return forms.filled(EditPledge, row, encounter_id=encounter_id, initiative_id=initiative_id)


async def _pledge(
    work: Work, view: View, form: forms.Form[EditPledge], row: Pledge | None, status: int = 200
) -> Template:
    found = await kept(work)
    communes = found.names if row is None else {row.cut: row.cut, **found.names}
    return _page(
        view,
        "pledge.html",
        status=status,
        form=form,
        row=row,
        communes=list(communes.items()),
        sessions=[(str(each.id), each.title) for each in found.encounters],
        planned=[(str(each.id), each.name) for each in await initiatives(work)],
    )


HANDLERS = (
    show_overview,
    show_figures,
    download_figures,
    show_questions,
    edit_answer,
    save_answer,
    show_table,
    download_table,
    edit_partners,
    save_partners,
    new_encounter,
    add_encounter,
    show_encounter,
    save_encounter,
    remove_encounter,
    new_pledge,
    add_pledge,
    show_pledge,
    save_pledge,
    remove_pledge,
)
