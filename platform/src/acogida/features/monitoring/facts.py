"""What the follow-up shows of a workspace (guide 02 · 5.1 and 5.2)."""

from acogida.features.monitoring import store
from acogida.features.monitoring.model import ActionPlan
from acogida.features.monitoring.sheet import read_sheet
from acogida.kernel.facts import Fact
from acogida.kernel.work import Work
from acogida.web.format import long_date


async def facts(work: Work) -> dict[str, Fact]:
    sheet = await read_sheet(work)
    plan = sheet.plan
    latest = [row.update for row in sheet.rows if row.update]
    reported = await store.how_many_updates(work) if latest else 0
    newest = max((update.reported_on for update in latest), default=None)
    return {
        "monitoring.started": Fact(True, f"La implementación comenzó el {long_date(plan.starts_on)}")
        if plan and plan.starts_on
        else Fact(False),
        "monitoring.action_plan": _agreed(plan),
        "monitoring.two_instances": _instances(plan),
        "monitoring.updates": Fact(
            bool(latest),
            f"{_counted(reported, 'informe', 'informes')} de {_counted(len(latest), 'iniciativa', 'iniciativas')}, "
            f"el último del {long_date(newest)}"
            if newest
            else "",
            reported,
        ),
    }


def _agreed(plan: ActionPlan | None) -> Fact:
    """The three contents of the operational plan (TPL-19)."""
    if plan is None or not (plan.way_of_working and plan.roles and plan.responsibilities):
        return Fact(False)
    when = f", acordado el {long_date(plan.agreed_on)}" if plan.agreed_on else ""
    return Fact(True, f"Plan de acción con forma de trabajo, roles y responsabilidades{when}")


def _instances(plan: ActionPlan | None) -> Fact:
    """Both instances of follow-up, each with how often it meets."""
    if plan is None:
        return Fact(False, "", 0)
    known = [
        f"{name} ({frequency})"
        for name, frequency in (
            (plan.internal_instance, plan.internal_frequency),
            (plan.second_instance, plan.second_frequency),
        )
        if name and frequency
    ]
    return Fact(len(known) == 2, " y ".join(known), len(known))


def _counted(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"
