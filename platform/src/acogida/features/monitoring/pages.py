"""Pages of the follow-up: the sheet, the quarters, one initiative's reports, the plan of action, the years in force."""

from uuid import UUID

from litestar import Response, get, post
from litestar.response import Redirect, Template

from acogida.features.cycles import public as cycles
from acogida.features.drafts import public as drafts
from acogida.features.initiatives import public as initiatives
from acogida.features.methodology.model import Guide
from acogida.features.monitoring import actions, store
from acogida.features.monitoring.export import sheet_file
from acogida.features.monitoring.forms import EditActionPlan, ReportProgress, SetVigencia
from acogida.features.monitoring.sheet import Filter, marks_of, may_report, read_sheet
from acogida.features.monitoring.words import STATES, UNREPORTED, UNREPORTED_LABEL
from acogida.kernel.errors import Rejected, Stale
from acogida.kernel.work import Work
from acogida.web import forms
from acogida.web.routing import workspace
from acogida.web.spreadsheet import MEDIA_TYPE
from acogida.web.view import View

PLAN_DRAFT = "seguimiento/plan"


@get("/seguimiento", permission="workspace:read")
async def overview(
    work: Work,
    view: View,
    guides: dict[str, Guide],
    vista: str = "",
    eje: str = "",
    unidad: str = "",
    estado: str = "",
) -> Template:
    """The sheet of the guide, or with `vista=trimestre` the quarters."""
    whole = await read_sheet(work)
    wanted = _filter(eje, unidad, estado)
    sheet = whole.narrowed(wanted)
    quarterly = vista == "trimestre"
    return view.page(
        "monitoring/overview.html",
        whole=whole,
        sheet=sheet,
        wanted=wanted,
        quarterly=quarterly,
        matrix=sheet.in_quarters(await store.updates(work)) if quarterly else [],
        mine=[row for row in whole.rows if may_report(work.actor, row.initiative)]
        if not work.actor.may("progress:report")
        else (),
        states=[*STATES.items(), (UNREPORTED, UNREPORTED_LABEL), ("attention", "Requiere atención")],
        state_labels={**STATES, UNREPORTED: UNREPORTED_LABEL},
        may_report=lambda row: may_report(work.actor, row.initiative),
        vigencia=await cycles.vigencia(work),
        may_set_vigencia=work.actor.may("act:record") or work.actor.may("policy:approve"),
        questions=(await cycles.guide_of(work, guides)).questions_of("5.2"),
    )


def _filter(axis: str, unit: str, state: str) -> Filter:
    attention = state == "attention"
    return Filter(axis=axis, unit=unit, state="" if attention else state, attention=attention)


@get("/seguimiento.xlsx", permission="workspace:read")
async def download(work: Work, view: View) -> Response[bytes]:
    """The whole sheet and every report behind it."""
    content = sheet_file(work, await read_sheet(work), await store.updates(work))
    return view.file(content, name=f"Seguimiento de la Política, {work.tenant.name}.xlsx", media_type=MEDIA_TYPE)


@get("/seguimiento/{initiative_id:uuid}", permission="workspace:read")
async def show_initiative(work: Work, view: View, initiative_id: UUID) -> Template:
    latest = await store.latest_update(work, initiative_id)
    seen = await store.how_many_updates(work, initiative_id)
    start = forms.blank(ReportProgress, reported_on=work.today(), version=seen)
    if latest:
        # The next report begins from the last one; what is news (achievements, challenges) begins empty.
        start = forms.filled(
            ReportProgress,
            latest,
            reported_on=work.today(),
            version=seen,
            achievements="",
            challenges="",
            on_track=None,
        )
    form = await drafts.restore(work, f"seguimiento/{initiative_id}", start)
    return await _initiative(work, view, initiative_id, form)


async def _initiative(
    work: Work, view: View, initiative_id: UUID, form: forms.Form[ReportProgress], status: int = 200
) -> Template:
    initiative = await initiatives.initiative(work, initiative_id)
    history = await store.updates_of(work, initiative_id)
    latest = history[0] if history else None
    return view.page(
        "monitoring/initiative.html",
        status=status,
        form=form,
        initiative=initiative,
        history=history,
        latest=latest,
        marks=marks_of(initiative, latest, await store.action_plan(work), work.today()),
        states=STATES,
        may_report=may_report(work.actor, initiative),
    )


@post("/seguimiento/{initiative_id:uuid}", permission="workspace:read", status_code=200)
async def report_progress(work: Work, view: View, initiative_id: UUID) -> Template | Redirect:
    """The action decides who may: those of the team any initiative, a unit only its own."""
    initiative = await initiatives.initiative(work, initiative_id)
    actions.require_report(work, initiative)
    here = f"{view.home}/seguimiento/{initiative_id}"
    form = forms.read(ReportProgress, await view.posted())
    if form.ok:
        try:
            await actions.report_progress(work, initiative_id, form.data)
            await drafts.discard(work, f"seguimiento/{initiative_id}")
            return view.redirect(here, f"Registramos el avance de «{initiative.name}».")
        except Rejected as problem:
            form.refuse(problem)
        except Stale as stale:
            seen = await store.how_many_updates(work, initiative_id)
            theirs = forms.filled(ReportProgress, stale.current, version=seen)
            return view.conflict(form, theirs, title=f"Avance de {initiative.name}", back=here)
    return await _initiative(work, view, initiative_id, form, 422)


@get("/seguimiento/plan", permission="workspace:read")
async def show_plan(work: Work, view: View, guides: dict[str, Guide]) -> Template:
    plan = await store.action_plan(work)
    start = forms.filled(EditActionPlan, plan) if plan else forms.blank(EditActionPlan)
    return await _plan(work, view, guides, await drafts.restore(work, PLAN_DRAFT, start))


async def _plan(
    work: Work, view: View, guides: dict[str, Guide], form: forms.Form[EditActionPlan], status: int = 200
) -> Template:
    guide = await cycles.guide_of(work, guides)
    return view.page(
        "monitoring/plan.html",
        status=status,
        form=form,
        started=actions.DIFFUSION_GATE in await cycles.closed_gates(work),
        not_yet=actions.NOT_YET,
        planning=guide.row("HERR-4.4-01"),
        collecting=guide.row("HERR-4.4-02"),
        yearly=guide.row("IMPL-5.3-01"),
        instances=[guide.row("IMPL-5.2-04"), guide.row("IMPL-5.2-05"), guide.row("IMPL-5.2-06")],
        responsible=guide.row("IMPL-5.1-02"),
    )


@post("/seguimiento/plan", permission="progress:report", status_code=200)
async def save_plan(work: Work, view: View, guides: dict[str, Guide]) -> Template | Redirect:
    form = forms.read(EditActionPlan, await view.posted())
    if form.ok:
        try:
            await actions.edit_plan(work, form.data)
            await drafts.discard(work, PLAN_DRAFT)
            return view.redirect(f"{view.home}/seguimiento/plan", "Guardamos el plan de acción.")
        except Rejected as problem:
            form.refuse(problem)
        except Stale as stale:
            return view.conflict(
                form,
                forms.filled(EditActionPlan, stale.current),
                title="Plan de acción",
                back=f"{view.home}/seguimiento/plan",
            )
    return await _plan(work, view, guides, form, 422)


@get("/seguimiento/vigencia", permission="workspace:read")
async def show_vigencia(work: Work, view: View, guides: dict[str, Guide]) -> Template:
    known = await cycles.vigencia(work)
    form = forms.filled(SetVigencia, known) if known else forms.blank(SetVigencia)
    return await _vigencia(work, view, guides, form)


async def _vigencia(
    work: Work, view: View, guides: dict[str, Guide], form: forms.Form[SetVigencia], status: int = 200
) -> Template:
    guide = await cycles.guide_of(work, guides)
    return view.page(
        "monitoring/vigencia.html",
        status=status,
        form=form,
        known=await cycles.vigencia(work),
        advice=guide.row("IMPL-5.4-01"),
        reading=next((each for each in guide.readings if each.id == "AMB-05"), None),
        may_set=work.actor.may("act:record") or work.actor.may("policy:approve"),
    )


@post("/seguimiento/vigencia", permission="workspace:read", status_code=200)
async def save_vigencia(work: Work, view: View, guides: dict[str, Guide]) -> Template | Redirect:
    form = forms.read(SetVigencia, await view.posted())
    if form.ok:
        try:
            await actions.set_vigencia(work, form.data)
            return view.redirect(f"{view.home}/seguimiento", "Fijamos la vigencia de la Política.")
        except Rejected as problem:
            form.refuse(problem)
    return await _vigencia(work, view, guides, form, 422)


ROUTES = [
    workspace(overview, download, show_plan, save_plan, show_vigencia, save_vigencia, show_initiative, report_progress)
]
