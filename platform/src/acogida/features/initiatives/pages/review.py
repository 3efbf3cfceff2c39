"""The executive team's review: one initiative in the guide's five areas (TPL-17), and the plan as a whole (PLAN-3.2-08, 09)."""

from uuid import UUID

from litestar import get, post
from litestar.response import Redirect, Template

from acogida.features.cycles.public import guide_of
from acogida.features.drafts import public as drafts
from acogida.features.initiatives import actions, store
from acogida.features.initiatives.chapters import funding, period
from acogida.features.initiatives.coverage import coverage
from acogida.features.initiatives.forms import ReviewInitiative, ReviewPlan
from acogida.features.initiatives.store import PlannedInitiative
from acogida.features.methodology.model import Guide
from acogida.kernel.errors import Rejected, Stale
from acogida.kernel.work import Work
from acogida.web import forms
from acogida.web.view import View

PLAN_DRAFT = "planificacion/revision"

Areas = list[tuple[str, list[tuple[str, str]]]]


@get("/iniciativas/{initiative_id:uuid}/revision", permission="workspace:read")
async def show_review(work: Work, view: View, guides: dict[str, Guide], initiative_id: UUID) -> Template:
    row = await store.planned_initiative(work, initiative_id)
    form = await drafts.restore(work, f"iniciativas/{initiative_id}/revision", forms.filled(ReviewInitiative, row))
    return await _review_page(work, view, guides, form, row)


@post("/iniciativas/{initiative_id:uuid}/revision", permission="initiative:edit", status_code=200)
async def save_review(work: Work, view: View, guides: dict[str, Guide], initiative_id: UUID) -> Template | Redirect:
    row = await store.planned_initiative(work, initiative_id)
    form = forms.read(ReviewInitiative, await view.posted())
    if form.ok:
        try:
            await actions.review_initiative(work, initiative_id, form.data)
            await drafts.discard(work, f"iniciativas/{initiative_id}/revision")
        except Rejected as problem:
            form.refuse(problem)
        except Stale as stale:
            back = f"{view.home}/iniciativas/{initiative_id}/revision"
            return view.conflict(form, forms.filled(ReviewInitiative, stale.current), title=row.name, back=back)
        else:
            left = await _next_to_review(work)
            if left:
                place = f"{view.home}/iniciativas/{left.id}/revision"
                return view.redirect(place, f"«{row.name}» quedó revisada. Sigue esta otra.")
            return view.redirect(f"{view.home}/planificacion/revision", "Todas las iniciativas están revisadas.")
    return await _review_page(work, view, guides, form, row, 422)


async def _next_to_review(work: Work) -> PlannedInitiative | None:
    return next((row for row in await store.initiatives(work) if row.reviewed_on is None), None)


async def _review_page(
    work: Work,
    view: View,
    guides: dict[str, Guide],
    form: forms.Form[ReviewInitiative],
    row: PlannedInitiative,
    status: int = 200,
) -> Template:
    guide = await guide_of(work, guides)
    return view.page(
        "initiatives/review.html", status=status, form=form, row=row, areas=areas_of(guide, row), guide=guide
    )


def areas_of(guide: Guide, row: PlannedInitiative) -> Areas:
    """This function will put the fields of an initiative under the five areas of the guide's review, with their labels."""
    held: dict[str, list[tuple[str, str]]] = {
        "description_and_objective": [
            ("En qué consiste", row.description),
            ("Objetivo de la iniciativa", row.goal),
            ("Objetivo de la Política", row.objective),
            ("Eje", row.axis),
            ("Estrategia", row.strategy),
        ],
        "results_and_beneficiaries": [
            ("Resultados esperados", row.expected_results),
            ("A quiénes beneficia", row.beneficiaries),
        ],
        "actors_and_alliances": [
            ("Unidad responsable", row.unit),
            ("Persona responsable", row.responsible),
            ("Actores que la ejecutan", row.actors),
            ("Alianzas", row.alliances),
        ],
        "budget_and_funding": [("Presupuesto y financiamiento", funding(row)), ("PMG o PLADECO", row.pmg_pladeco)],
        "terms_targets_products": [
            ("Período", period(row)),
            ("Meta o producto", row.target),
            ("Indicador", row.indicator),
            ("Acciones", row.actions),
        ],
    }
    return [(field.label, held[field.key]) for field in guide.template("TPL-17").fields]


@get("/planificacion/revision", permission="workspace:read")
async def show_plan_review(work: Work, view: View, guides: dict[str, Guide]) -> Template:
    form = await drafts.restore(work, PLAN_DRAFT, forms.blank(ReviewPlan))
    return await _plan_page(work, view, guides, form)


@post("/planificacion/revision", permission="planning:edit", status_code=200)
async def save_plan_review(work: Work, view: View, guides: dict[str, Guide]) -> Template | Redirect:
    form = forms.read(ReviewPlan, await view.posted())
    if form.ok:
        await actions.review_plan(work, form.data)
        await drafts.discard(work, PLAN_DRAFT)
        return view.redirect(f"{view.home}/planificacion/revision", "Registramos la revisión final del plan.")
    return await _plan_page(work, view, guides, form, 422)


async def _plan_page(
    work: Work, view: View, guides: dict[str, Guide], form: forms.Form[ReviewPlan], status: int = 200
) -> Template:
    return view.page(
        "initiatives/plan_review.html",
        status=status,
        form=form,
        found=await coverage(work),
        reviews=await store.reviews(work),
        guide=await guide_of(work, guides),
    )


HANDLERS = (show_review, save_review, show_plan_review, save_plan_review)
