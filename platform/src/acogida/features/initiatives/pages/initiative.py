"""The page of one initiative: every field, the thread it hangs from, and what workshops proposed."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from litestar import get, post
from litestar.response import Redirect, Template

from acogida.features.cycles.public import guide_of
from acogida.features.diagnosis import public as diagnosis
from acogida.features.drafts import public as drafts
from acogida.features.extensions import public as extensions
from acogida.features.initiatives import actions, store
from acogida.features.initiatives.actions.writing import as_id, reaches
from acogida.features.initiatives.forms import DIRECTNESS, FUNDING_STATES, EditInitiative
from acogida.features.initiatives.model import Initiative, missing_of, speaks_of_regularisation
from acogida.features.initiatives.pages import options
from acogida.features.methodology.model import Guide
from acogida.features.workshops import public as workshops
from acogida.kernel import hooks, threads
from acogida.kernel.errors import Rejected, Stale
from acogida.kernel.work import Work
from acogida.web import forms
from acogida.web.view import View

NEW_DRAFT = "iniciativas/nueva"
_READ_FOR_RESTRICTION = ("name", "description", "goal", "strategy", "actions", "target", "expected_results")


@get("/iniciativas/nueva", permission="initiative:edit")
async def new_initiative(
    work: Work, view: View, guides: dict[str, Guide], eje: str = "", objetivo: str = "", hallazgo: str = ""
) -> Template:
    start = forms.blank(
        EditInitiative,
        axis_id=eje if as_id(eje) else "",
        objective_id=objetivo if as_id(objetivo) else "",
        findings=[hallazgo] if as_id(hallazgo) else [],
    )
    return await _page(work, view, guides, await drafts.restore(work, NEW_DRAFT, start), None)


@post("/iniciativas/nueva", permission="initiative:edit", status_code=200)
async def add_initiative(work: Work, view: View, guides: dict[str, Guide]) -> Template | Redirect:
    posted = await view.posted()
    form = forms.read(EditInitiative, posted)
    if form.ok:
        try:
            row = await actions.add_initiative(work, form.data)
            await extensions.keep(work, row, posted)
            await drafts.discard(work, NEW_DRAFT)
            return view.redirect(f"{view.home}/iniciativas/{row.id}", f"Agregamos la iniciativa «{row.name}».")
        except Rejected as problem:
            form.refuse(problem)
    return await _page(work, view, guides, form, None, posted)


@get("/iniciativas/{initiative_id:uuid}", permission="workspace:read")
async def show_initiative(work: Work, view: View, guides: dict[str, Guide], initiative_id: UUID) -> Template:
    row = await store.initiative(work, initiative_id)
    form = await drafts.restore(work, f"iniciativas/{initiative_id}", await _filled(work, row))
    return await _page(work, view, guides, form, row)


@post("/iniciativas/{initiative_id:uuid}", permission="initiative:edit_own", status_code=200)
async def save_initiative(work: Work, view: View, guides: dict[str, Guide], initiative_id: UUID) -> Template | Redirect:
    row = await store.initiative(work, initiative_id)
    posted = await view.posted()
    form = forms.read(EditInitiative, posted)
    if form.ok:
        try:
            await actions.edit_initiative(work, initiative_id, form.data)
            await extensions.keep(work, row, posted)
            await drafts.discard(work, f"iniciativas/{initiative_id}")
            return view.redirect(f"{view.home}/iniciativas/{initiative_id}", "Guardamos la iniciativa.")
        except Rejected as problem:
            form.refuse(problem)
        except Stale:
            theirs = await _filled(work, row)
            return view.conflict(form, theirs, title=row.name, back=f"{view.home}/iniciativas/{initiative_id}")
    return await _page(work, view, guides, form, row, posted)


@post("/iniciativas/{initiative_id:uuid}/duplicar", permission="initiative:edit", status_code=200)
async def duplicate_initiative(work: Work, view: View, initiative_id: UUID) -> Redirect:
    row = await actions.duplicate_initiative(work, initiative_id)
    return view.redirect(
        f"{view.home}/iniciativas/{row.id}", "Esta es la copia. Cámbiele el nombre y lo que corresponda."
    )


@post("/iniciativas/{initiative_id:uuid}/mover", permission="initiative:edit", status_code=200)
async def move_initiative(work: Work, view: View, initiative_id: UUID) -> Redirect:
    up = (await view.posted()).get("hacia") == ["arriba"]
    await actions.move_initiative(work, initiative_id, up=up)
    return view.redirect(
        f"{view.home}/iniciativas/{initiative_id}",
        f"La iniciativa quedó un lugar más {'arriba' if up else 'abajo'} en su eje.",
    )


@post("/iniciativas/{initiative_id:uuid}/eliminar", permission="initiative:edit", status_code=200)
async def remove_initiative(work: Work, view: View, initiative_id: UUID) -> Template | Redirect:
    """Asks first where the browser could not (no JavaScript)."""
    row = await store.initiative(work, initiative_id)
    if (await view.posted()).get("confirmed") != ["1"]:
        return view.page(
            "confirm.html",
            question=f"¿Eliminar «{row.name}»?",
            text="Sale del plan, y con ella lo que se haya informado de su avance. La actividad del espacio conservará lo que decía.",
            verb="Eliminar la iniciativa",
            back=f"{view.home}/iniciativas/{initiative_id}",
        )
    await actions.remove_initiative(work, initiative_id)
    return view.redirect(f"{view.home}/iniciativas", f"Eliminamos «{row.name}».")


@get("/iniciativas/desde-talleres", permission="initiative:edit")
async def show_candidates(work: Work, view: View) -> Template:
    return await _candidates(work, view)


@post("/iniciativas/desde-talleres", permission="initiative:edit", status_code=200)
async def bring_candidates(work: Work, view: View) -> Template | Redirect:
    chosen = [found for text in (await view.posted()).get("aporte", []) if (found := as_id(text))]
    if not chosen:
        return await _candidates(work, view, "Marque al menos una propuesta para traerla al plan.")
    brought = await actions.bring_candidates(work, chosen)
    words = "una iniciativa" if len(brought) == 1 else f"{len(brought)} iniciativas"
    return view.redirect(f"{view.home}/iniciativas", f"Trajimos {words} del taller. Complete lo que les falta.")


async def _candidates(work: Work, view: View, problem: str = "") -> Template:
    taken = await store.entries_taken(work)
    candidates = await workshops.candidate_initiatives(work)
    return view.page(
        "initiatives/candidates.html",
        status=422 if problem else 200,
        problem=problem,
        waiting=[each for each in candidates if each.id not in taken],
        brought=sum(1 for each in candidates if each.id in taken),
    )


async def _filled(work: Work, row: Initiative) -> forms.Form[EditInitiative]:
    """The form as the row stands, its budget written as people write money."""
    budget = "" if row.budget is None else forms.thousands(row.budget)
    return forms.filled(EditInitiative, row, findings=await store.findings_of_initiative(work, row.id), budget=budget)


async def _page(
    work: Work,
    view: View,
    guides: dict[str, Guide],
    form: forms.Form[EditInitiative],
    row: Initiative | None,
    refused: Mapping[str, Sequence[str]] | None = None,
) -> Template:
    """`refused` is what was sent and could not be saved: it stays on the page."""
    guide = await guide_of(work, guides)
    findings = await diagnosis.findings(work)
    objectives = await store.objectives(work)
    chosen = set(form.values("findings"))
    return view.page(
        "initiatives/initiative.html",
        status=422 if refused is not None else 200,
        form=form,
        row=row,
        editable=reaches(work.actor, row) if row else work.actor.may("initiative:edit"),
        axes=options.of_axes(await store.axes(work)),
        objectives=options.of_objectives(objectives),
        objective=next((each for each in objectives if str(each.id) == form.value("objective_id")), None),
        findings=options.of_findings(findings),
        answered=[each for each in findings if str(each.id) in chosen],
        units=await store.units(work),
        missing=missing_of(row) if row else (),
        regularisation=guide.row("HERR-1.1-10").text
        if speaks_of_regularisation(form.value(name) for name in _READ_FOR_RESTRICTION)
        else "",
        short_dimensions=[(each.key, each.short) for each in guide.dimensions],
        competences=options.of_competences(guide),
        funding_states=list(FUNDING_STATES.items()),
        directness=list(DIRECTNESS.items()),
        ideas=[each for each in guide.tools_of("3.2") if each.id.startswith("HERR-2-") and each.id != "HERR-2-01"],
        guide=guide,
        shown=await hooks.page_slot(work, "initiative.sidebar", row.id) if row else (),
        lines=extensions.LinesForm(await extensions.lines(work, row.id if row else None, refused), form.faults),
        left=await extensions.left(work, row.id) if row else (),
        leaning=(await threads.followers(work, "initiative", [row.id]))[row.id] if row else (),
    )


HANDLERS = (
    new_initiative,
    add_initiative,
    show_initiative,
    save_initiative,
    duplicate_initiative,
    move_initiative,
    remove_initiative,
    show_candidates,
    bring_candidates,
)
