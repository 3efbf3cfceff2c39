"""Pages of the self-assessment: how the municipality stands, each requirement, the gaps, the standard itself."""

from uuid import UUID

from litestar import get, post
from litestar.response import Redirect, Template

from acogida.sdk import (
    Files,
    NotFound,
    Rejected,
    Stale,
    View,
    Work,
    archive,
    drafts,
    forms,
    initiative,
    initiatives,
)
from acogida_sello_migrante import store
from acogida_sello_migrante.actions import assessment as actions
from acogida_sello_migrante.forms import AddProof, EditLocal, Judge, LinkInitiative, OpenAssessment
from acogida_sello_migrante.model import LocalCriterion, Proof
from acogida_sello_migrante.pages.drawing import home, page
from acogida_sello_migrante.standard import standards
from acogida_sello_migrante.standing import Assessed, Standing, assessed
from acogida_sello_migrante.upcoming import notice_of, upcoming

FILES_SHOWN = 200
ADD_FILE = archive.AddFile


def standing_of(found: Assessed, criterion: str) -> Standing:
    """This function will give how one requirement stands, or raise `NotFound`."""
    try:
        return found.standings[criterion]
    except KeyError:
        raise NotFound from None


# --- How it stands -------------------------------------------------------------------------------


@get("/", permission="workspace:read")
async def show_overview(work: Work, view: View) -> Template:
    found = await assessed(work)
    closed = await store.closed_assessments(work)
    return page(
        view,
        "overview.html",
        found=found,
        closed=closed,
        dates=upcoming(work, found.kept, found.steps, await notice_of(work))[:6],
    )


@get("/autoevaluacion", permission="workspace:read")
async def show_assessment(work: Work, view: View) -> Template:
    found = await assessed(work)
    closed = await store.closed_assessments(work)
    local = {row.key: row.id for row in await store.local_criteria(work)}
    return page(view, "assessment.html", found=found, closed=closed, local=local, standards=standards())


@post("/autoevaluacion/abrir", permission="planning:edit", status_code=200)
async def open_round(work: Work, view: View) -> Redirect:
    form = forms.read(OpenAssessment, await view.posted())
    row = await actions.open_round(work, form.data)
    text = f"Abrimos la autoevaluación con la versión «{standards()[row.standard].title}»."
    return view.redirect(f"{home(view)}/autoevaluacion", text)


@post("/autoevaluacion/estandar", permission="planning:edit", status_code=200)
async def use_standard(work: Work, view: View) -> Redirect:
    form = forms.read(OpenAssessment, await view.posted())
    row = await actions.use_standard(work, form.data)
    text = f"Ahora se usa la versión «{standards()[row.standard].title}»."
    return view.redirect(f"{home(view)}/autoevaluacion", text)


# --- One requirement -----------------------------------------------------------------------------


@get("/requisitos/{criterion:str}", permission="workspace:read")
async def show_criterion(work: Work, view: View, criterion: str) -> Template:
    found = await assessed(work)
    standing = standing_of(found, criterion)
    form = await drafts.restore(work, f"sello_migrante/{criterion}", _judged(standing))
    return await _criterion(work, view, found, standing, form)


@post("/requisitos/{criterion:str}", permission="planning:edit", status_code=200)
async def judge(work: Work, view: View, criterion: str) -> Template | Redirect:
    found = await assessed(work)
    standing = standing_of(found, criterion)
    form = forms.read(Judge, await view.posted())
    if form.ok:
        try:
            await actions.judge(work, standing, form.data)
            await drafts.discard(work, f"sello_migrante/{criterion}")
            return view.redirect(f"{home(view)}/autoevaluacion#{criterion}", f"Guardamos cómo está {criterion}.")
        except Rejected as problem:
            form.refuse(problem)
        except Stale:
            theirs = _judged(standing)
            back = f"{home(view)}/requisitos/{criterion}"
            return view.conflict(form, theirs, title=f"{criterion} {standing.criterion.title}", back=back)
    return await _criterion(work, view, found, standing, form, status=422)


@post("/requisitos/{criterion:str}/respaldos", permission="planning:edit", status_code=200)
async def add_proof(work: Work, view: View, criterion: str) -> Template | Redirect:
    found = await assessed(work)
    standing = standing_of(found, criterion)
    form = forms.read(AddProof, await view.posted())
    if form.ok:
        try:
            row = await actions.add_proof(work, standing, form.data)
            return view.redirect(f"{home(view)}/requisitos/{criterion}#respaldos", f"Agregamos «{row.name}».")
        except Rejected as problem:
            form.refuse(problem)
    return await _criterion(work, view, found, standing, _judged(standing), proof=form, status=422)


@post("/requisitos/{criterion:str}/archivo", permission="file:upload", status_code=200)
async def upload_proof(work: Work, view: View, files: Files, criterion: str) -> Template | Redirect:
    """Keeps a file in the archive of the workspace and puts it beside the requirement, at once."""
    found = await assessed(work)
    standing = standing_of(found, criterion)
    form, row = await archive.attach(
        work, files, await view.uploaded("file"), await view.posted(), subject_type="workspace", subject_id=None
    )
    if row is not None:
        try:
            await actions.add_proof(work, standing, AddProof(kind="file", file_id=str(row.id)))
            return view.redirect(f"{home(view)}/requisitos/{criterion}#respaldos", f"Subimos y agregamos «{row.name}».")
        except Rejected as problem:
            form.refuse(problem)
    return await _criterion(work, view, found, standing, _judged(standing), upload=form, status=422)


@post("/respaldos/{proof_id:uuid}/quitar", permission="planning:edit", status_code=200)
async def remove_proof(work: Work, view: View, proof_id: UUID) -> Template | Redirect:
    """Asks first where the browser could not (no JavaScript)."""
    row = await store.one(work, Proof, proof_id)
    place = f"{home(view)}/requisitos/{row.criterion}#respaldos"
    if (await view.posted()).get("confirmed") != ["1"]:
        return view.page(
            "confirm.html",
            question=f"¿Quitar «{row.name}» de {row.criterion}?",
            text="Deja de respaldar este requisito. El archivo o la iniciativa quedan donde están.",
            verb="Quitar el respaldo",
            back=place,
        )
    await actions.remove_proof(work, proof_id)
    return view.redirect(place, f"Quitamos «{row.name}».")


def _judged(standing: Standing) -> forms.Form[Judge]:
    row = standing.answer
    return forms.filled(Judge, row) if row else forms.blank(Judge)


async def _criterion(
    work: Work,
    view: View,
    found: Assessed,
    standing: Standing,
    form: forms.Form[Judge],
    *,
    proof: forms.Form[AddProof] | None = None,
    upload: forms.Form[ADD_FILE] | None = None,
    status: int = 200,
) -> Template:
    order = list(found.standings)
    at = order.index(standing.criterion.id)
    may = work.actor.may("planning:edit")
    kept = await archive.newest_files(work, offset=0, limit=FILES_SHOWN) if may else ()
    planned = await initiatives(work)
    names = {row.id: row.name for row in planned}
    return page(
        view,
        "criterion.html",
        status=status,
        found=found,
        standing=standing,
        commitment=found.commitment_of(standing.criterion.id),
        form=form,
        proof=proof or forms.blank(AddProof),
        upload=upload or forms.blank(ADD_FILE),
        files=[(str(row.id), row.name) for row in kept],
        kinds=list(archive.KINDS.items()),
        planned=[(str(row.id), row.name) for row in planned],
        names=names,
        before=order[at - 1] if at else None,
        after=order[at + 1] if at + 1 < len(order) else None,
    )


# --- Requirements that Sermig told this municipality ---------------------------------------------


@get("/requisitos-propios/nuevo", permission="planning:edit")
async def new_local(work: Work, view: View, compromiso: str = "") -> Template:
    start = forms.blank(EditLocal, commitment=compromiso)
    form = await drafts.restore(work, "sello_migrante/requisito", start)
    return await _local(work, view, form, None)


@post("/requisitos-propios/nuevo", permission="planning:edit", status_code=200)
async def add_local(work: Work, view: View) -> Template | Redirect:
    form = forms.read(EditLocal, await view.posted())
    if form.ok:
        try:
            row = await actions.add_local(work, form.data)
            await drafts.discard(work, "sello_migrante/requisito")
            return view.redirect(f"{home(view)}/autoevaluacion#{row.key}", f"Agregamos el requisito {row.key}.")
        except Rejected as problem:
            form.refuse(problem)
    return await _local(work, view, form, None, 422)


@get("/requisitos-propios/{row_id:uuid}", permission="workspace:read")
async def show_local(work: Work, view: View, row_id: UUID) -> Template:
    row = await store.one(work, LocalCriterion, row_id)
    form = await drafts.restore(work, f"sello_migrante/requisito/{row_id}", forms.filled(EditLocal, row))
    return await _local(work, view, form, row)


@post("/requisitos-propios/{row_id:uuid}", permission="planning:edit", status_code=200)
async def save_local(work: Work, view: View, row_id: UUID) -> Template | Redirect:
    row = await store.one(work, LocalCriterion, row_id)
    form = forms.read(EditLocal, await view.posted())
    if form.ok:
        try:
            await actions.edit_local(work, row_id, form.data)
            await drafts.discard(work, f"sello_migrante/requisito/{row_id}")
            return view.redirect(f"{home(view)}/autoevaluacion#{row.key}", f"Guardamos el requisito {row.key}.")
        except Rejected as problem:
            form.refuse(problem)
        except Stale as stale:
            theirs = forms.filled(EditLocal, stale.current)
            return view.conflict(form, theirs, title=row.title, back=f"{home(view)}/requisitos-propios/{row_id}")
    return await _local(work, view, form, row, 422)


@post("/requisitos-propios/{row_id:uuid}/quitar", permission="planning:edit", status_code=200)
async def remove_local(work: Work, view: View, row_id: UUID) -> Template | Redirect:
    row = await store.one(work, LocalCriterion, row_id)
    if (await view.posted()).get("confirmed") != ["1"]:
        return view.page(
            "confirm.html",
            question=f"¿Quitar el requisito {row.key} «{row.title}»?",
            text="Se van con él su evaluación y sus respaldos en la autoevaluación abierta. Las cerradas quedan como están.",
            verb="Quitar el requisito",
            back=f"{home(view)}/requisitos-propios/{row_id}",
        )
    await actions.remove_local(work, row_id)
    return view.redirect(f"{home(view)}/autoevaluacion", f"Quitamos el requisito {row.key}.")


async def _local(
    work: Work, view: View, form: forms.Form[EditLocal], row: LocalCriterion | None, status: int = 200
) -> Template:
    assessment = await store.latest_assessment(work)
    standard = standards()[assessment.standard if assessment else next(iter(standards()))]
    options = [(each.id, f"{each.id} {each.short}") for each in standard.commitments]
    return page(view, "local.html", status=status, form=form, row=row, options=options)


# --- Gaps ----------------------------------------------------------------------------------------


@get("/brechas", permission="workspace:read")
async def show_gaps(work: Work, view: View) -> Template:
    found = await assessed(work)
    names = {row.id: row.name for row in await initiatives(work)}
    return page(view, "gaps.html", found=found, names=names)


@post("/brechas/{criterion:str}/iniciativa", permission="initiative:edit", status_code=200)
async def propose_initiative(work: Work, view: View, criterion: str) -> Redirect:
    found = await assessed(work)
    initiative_id = await actions.propose_initiative(work, found, standing_of(found, criterion))
    text = "Llevamos la iniciativa a la Política, en borrador. Complétela: eje, unidad, meta y fechas."
    return view.redirect(f"{view.home}/iniciativas/{initiative_id}", text)


@post("/brechas/{criterion:str}/accion", permission="planning:edit", status_code=200)
async def propose_action(work: Work, view: View, criterion: str) -> Redirect:
    row = await actions.propose_action(work, standing_of(await assessed(work), criterion))
    text = "Agregamos la acción al plan de trabajo. Diga quién responde y hasta cuándo."
    return view.redirect(f"{home(view)}/plan/acciones/{row.id}", text)


# --- Initiatives ---------------------------------------------------------------------------------


@get("/iniciativas/{initiative_id:uuid}", permission="workspace:read")
async def show_initiative(work: Work, view: View, initiative_id: UUID) -> Template:
    linked = [row.criterion for row in await store.proofs_of_initiative(work, initiative_id)]
    return await _initiative(work, view, initiative_id, forms.blank(LinkInitiative, criteria=linked))


@post("/iniciativas/{initiative_id:uuid}", permission="planning:edit", status_code=200)
async def link_initiative(work: Work, view: View, initiative_id: UUID) -> Template | Redirect:
    form = forms.read(LinkInitiative, await view.posted())
    if form.ok:
        try:
            await actions.link_initiative(work, await assessed(work), initiative_id, form.data)
            return view.redirect(
                f"{view.home}/iniciativas/{initiative_id}", "Guardamos su relación con el Sello Migrante."
            )
        except Rejected as problem:
            form.refuse(problem)
    return await _initiative(work, view, initiative_id, form, 422)


async def _initiative(
    work: Work, view: View, initiative_id: UUID, form: forms.Form[LinkInitiative], status: int = 200
) -> Template:
    return page(
        view,
        "initiative.html",
        status=status,
        row=await initiative(work, initiative_id),
        found=await assessed(work),
        born=[each.criterion for each in await store.gap_initiatives(work, initiative_id)],
        chosen=set(form.values("criteria")),
        form=form,
    )


# --- The standard --------------------------------------------------------------------------------


@get("/estandar", permission="workspace:read")
async def show_standard(work: Work, view: View, version: str = "") -> Template:
    assessment = await store.latest_assessment(work)
    known = standards()
    used = known[assessment.standard] if assessment else next(iter(known.values()))
    return page(view, "standard.html", standard=known.get(version, used), standards=known, used=used)


HANDLERS = (
    show_overview,
    show_assessment,
    open_round,
    use_standard,
    show_criterion,
    judge,
    add_proof,
    upload_proof,
    remove_proof,
    new_local,
    add_local,
    show_local,
    save_local,
    remove_local,
    show_gaps,
    propose_initiative,
    propose_action,
    show_initiative,
    link_initiative,
    show_standard,
)
