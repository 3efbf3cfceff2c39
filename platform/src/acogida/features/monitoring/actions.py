"""Reporting the progress of an initiative, and setting how the policy will be worked on and followed."""

from uuid import UUID

from acogida.features.cycles import public as cycles
from acogida.features.initiatives import public as initiatives
from acogida.features.monitoring import store
from acogida.features.monitoring.events import ProgressReported
from acogida.features.monitoring.forms import EditActionPlan, ReportProgress, SetVigencia
from acogida.features.monitoring.model import ActionPlan, ProgressUpdate
from acogida.features.monitoring.sheet import may_report
from acogida.features.monitoring.words import STATES
from acogida.kernel import audit, outbox
from acogida.kernel.errors import NotAllowed, Rejected, Stale
from acogida.kernel.work import Work
from acogida.web.format import long_date

DIFFUSION_GATE = "GATE-4.4"
NOT_YET = "La implementación parte cuando la Política está validada y difundida (guía 5.1): falta cerrar la difusión."


async def report_progress(work: Work, initiative_id: UUID, wanted: ReportProgress) -> ProgressUpdate:
    """This function will add a report to the sheet of an initiative; earlier ones stay as they were.

    Whoever answers for a unit, an eje or an initiative reports only on those. Raises `Stale` with the newest report where
    somebody else reported meanwhile.
    """
    initiative = await initiatives.initiative(work, initiative_id)
    require_report(work, initiative)
    await store.one_reporter_at_a_time(work, initiative_id)
    latest = await store.latest_update(work, initiative_id)
    if latest and await store.how_many_updates(work, initiative_id) != wanted.version:
        raise Stale(latest)
    _refuse_wrong_day(work, wanted, latest)

    row = ProgressUpdate(initiative_id=initiative_id, reported_by=work.actor.name, **_kept(wanted))
    work.session.add(row)
    await work.session.flush()

    await audit.record(
        work,
        "progress_update.added",
        f"informó el avance de «{initiative.name}»: {STATES[row.status].lower()}, {row.percent} %",
        subject=row,
        after=_kept(wanted),
    )
    await outbox.publish(work, ProgressReported(initiative_id))
    return row


def require_report(work: Work, initiative: initiatives.PlannedInitiative) -> None:
    """This function will raise `NotAllowed` unless the actor may report on this initiative."""
    if may_report(work.actor, initiative):
        return
    if work.actor.may("progress:report_own"):
        raise NotAllowed(
            f"Usted informa las iniciativas de su unidad o a su cargo. «{initiative.name}» es de "
            f"{initiative.unit or 'una unidad por definir'}."
        )
    raise NotAllowed


async def edit_plan(work: Work, wanted: EditActionPlan) -> ActionPlan:
    """This function will set the plan of action; the first time it makes it.

    The implementation begins only once the diffusion is closed (IMPL-5.1-01): raises `Rejected` on `starts_on`.
    """
    work.require("progress:report")
    plan = await store.action_plan(work, lock=True)
    if plan is None:
        plan = ActionPlan()
        work.session.add(plan)
        before: dict[str, object] = {}
    else:
        if plan.version != wanted.version:
            raise Stale(plan)
        before = {name: getattr(plan, name) for name in wanted.changes()}
    if wanted.starts_on and wanted.starts_on != before.get("starts_on"):
        if DIFFUSION_GATE not in await cycles.closed_gates(work):
            raise Rejected(fields={"starts_on": NOT_YET})
        sentence = f"dio inicio a la implementación el {long_date(wanted.starts_on)}"
    else:
        sentence = "definió el plan de acción y el seguimiento de la Política"

    for name, value in wanted.changes().items():
        setattr(plan, name, value)
    await work.session.flush()

    await audit.record(work, "action_plan.edited", sentence, subject=plan, before=before, after=wanted.changes())
    return plan


async def set_vigencia(work: Work, wanted: SetVigencia) -> cycles.Vigencia:
    """This function will set the years in force; the cycle checks the rules and keeps them."""
    if wanted.valid_from is None or wanted.valid_until is None:
        raise Rejected
    return await cycles.set_vigencia(work, wanted.valid_from, wanted.valid_until)


def _refuse_wrong_day(work: Work, wanted: ReportProgress, latest: ProgressUpdate | None) -> None:
    if wanted.reported_on is None:
        raise Rejected
    if wanted.reported_on > work.today():
        raise Rejected(fields={"reported_on": "La revisión no puede tener una fecha futura."})
    if latest and wanted.reported_on < latest.reported_on:
        raise Rejected(
            fields={
                "reported_on": f"El último informe es del {long_date(latest.reported_on)}: ponga esa fecha u otra posterior."
            }
        )


def _kept(wanted: ReportProgress) -> dict[str, object]:
    """The fields as they are kept: what belongs to an adjustment only where one is needed."""
    kept = wanted.changes()
    if not wanted.needs_adjustment:
        kept |= {"adjustment": "", "adjustment_responsible": "", "adjustment_due": None}
    return kept
