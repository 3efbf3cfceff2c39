"""JSON twins of the follow-up."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any
from uuid import UUID

from litestar import Response, get, post, put
from litestar.params import Parameter

from acogida.features.cycles import public as cycles
from acogida.features.initiatives import public as initiatives
from acogida.features.monitoring import actions, store
from acogida.features.monitoring.forms import EditActionPlan, ReportProgress, SetVigencia
from acogida.features.monitoring.sheet import read_sheet
from acogida.kernel.errors import NotFound
from acogida.kernel.work import Work
from acogida.web.api import After, IdempotencyKey, Limit, Page, checked, out, page_of, written
from acogida.web.routing import api


@dataclass(frozen=True)
class ProgressUpdateOut:
    """One report. The newest by `reported_on` is the state of the initiative."""

    id: UUID
    initiative_id: UUID
    reported_on: date
    reported_by: str
    status: str
    percent: int
    indicator_value: str
    on_track: bool
    achievements: str
    challenges: str
    needs_adjustment: bool
    adjustment: str
    adjustment_responsible: str
    adjustment_due: date | None
    spent: int | None


@dataclass(frozen=True)
class MonitoringRowOut:
    """A row of the monitoring sheet; `attention` says in words what is late."""

    id: UUID
    name: str
    axis: str
    objective: str
    unit: str
    responsible: str
    starts_on: date | None
    ends_on: date | None
    indicator: str
    target: str
    state: str
    percent: int
    budget: int | None
    reports: int
    attention: list[str]
    latest: ProgressUpdateOut | None


@dataclass(frozen=True)
class TotalsOut:
    """What the whole sheet adds up to. `percent` is the mean progress; money in CLP."""

    initiatives: int
    percent: int
    budget: int
    spent: int
    late: int
    silent: int
    states: dict[str, int]


@dataclass(frozen=True)
class MonitoringSheetOut:
    totals: TotalsOut
    rows: list[MonitoringRowOut]


@dataclass(frozen=True)
class ActionPlanOut:
    starts_on: date | None
    agreed_on: date | None
    way_of_working: str
    roles: str
    responsibilities: str
    internal_instance: str
    internal_frequency: str
    second_instance: str
    second_frequency: str
    second_composition: str
    data_collection: str
    evaluation: str
    version: int


@dataclass(frozen=True)
class VigenciaOut:
    """First and last day in force; `recommended` tells whether it lasts what the guide suggests."""

    valid_from: date
    valid_until: date
    recommended: bool


Initiative = Annotated[UUID | None, Parameter(query="initiative", description="Sólo los de esta iniciativa.")]


@get("/seguimiento", permission="workspace:read", operation_id="getMonitoringSheet")
async def get_sheet(work: Work) -> MonitoringSheetOut:
    """The monitoring sheet with its totals, whole: a plan has tens of initiatives."""
    sheet = await read_sheet(work)
    reports = await store.reports_by_initiative(work)
    return MonitoringSheetOut(
        out(TotalsOut, sheet.totals, states=dict(sheet.totals.states)),
        [
            out(
                MonitoringRowOut,
                row.initiative,
                state=row.state,
                percent=row.percent,
                reports=reports.get(row.id, 0),
                attention=[mark.words for mark in row.marks],
                latest=out(ProgressUpdateOut, row.update) if row.update else None,
            )
            for row in sheet.rows
        ],
    )


@get("/seguimiento/avances", permission="workspace:read", operation_id="listProgressUpdates")
async def list_updates(
    work: Work, limit: Limit, after: After = None, initiative: Initiative = None
) -> Page[ProgressUpdateOut]:
    """Every report, in the order in which they were written."""
    rows = await store.updates(work, initiative_id=initiative, after=after, limit=limit + 1)
    return page_of([out(ProgressUpdateOut, row) for row in rows], limit)


@post("/seguimiento/{initiative_id:uuid}/avances", permission="workspace:read", operation_id="reportProgress")
async def report_progress(
    work: Work, initiative_id: UUID, data: ReportProgress, idempotency_key: IdempotencyKey = None
) -> Response[ProgressUpdateOut]:
    """Adds a report. `version` is how many reports the initiative had when it was read."""
    await initiatives.initiative(work, initiative_id)

    async def write() -> Any:
        return out(ProgressUpdateOut, await actions.report_progress(work, initiative_id, checked(data)))

    return await written(work, [str(initiative_id), data], idempotency_key, write)


@get("/seguimiento/plan", permission="workspace:read", operation_id="getActionPlan")
async def get_plan(work: Work) -> ActionPlanOut:
    plan = await store.action_plan(work)
    if plan is None:
        raise NotFound
    return out(ActionPlanOut, plan)


@put("/seguimiento/plan", permission="progress:report", operation_id="putActionPlan")
async def put_plan(work: Work, data: EditActionPlan) -> ActionPlanOut:
    return out(ActionPlanOut, await actions.edit_plan(work, checked(data)))


@get("/seguimiento/vigencia", permission="workspace:read", operation_id="getVigencia")
async def get_vigencia(work: Work) -> VigenciaOut:
    known = await cycles.vigencia(work)
    if known is None:
        raise NotFound
    return out(VigenciaOut, known)


@put("/seguimiento/vigencia", permission="workspace:read", operation_id="putVigencia")
async def put_vigencia(work: Work, data: SetVigencia) -> VigenciaOut:
    return out(VigenciaOut, await actions.set_vigencia(work, checked(data)))


ROUTES = [api("Seguimiento", get_sheet, list_updates, report_progress, get_plan, put_plan, get_vigencia, put_vigencia)]
