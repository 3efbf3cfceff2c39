"""What other rooms may ask about the follow-up of the policy."""

from collections.abc import Sequence

from acogida.features.monitoring.model import ActionPlan
from acogida.features.monitoring.sheet import Mark, MonitoringSheet, SheetRow, Totals, read_sheet
from acogida.features.monitoring.store import action_plan
from acogida.kernel.work import Work

__all__ = ["ActionPlan", "Mark", "MonitoringSheet", "SheetRow", "Totals", "action_plan", "overdue", "read_sheet"]


async def overdue(work: Work) -> Sequence[SheetRow]:
    """This function will give the initiatives that call for attention, the oldest first; `marks` say why in words."""
    return (await read_sheet(work)).needing_attention
