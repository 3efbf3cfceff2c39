"""What other rooms may ask about the follow-up of the policy."""

from acogida.features.monitoring.events import ProgressReported
from acogida.features.monitoring.model import ActionPlan
from acogida.features.monitoring.sheet import Mark, MonitoringSheet, SheetRow, Totals, read_sheet
from acogida.features.monitoring.store import action_plan, latest_updates

__all__ = [
    "ActionPlan",
    "Mark",
    "MonitoringSheet",
    "ProgressReported",
    "SheetRow",
    "Totals",
    "action_plan",
    "latest_updates",
    "read_sheet",
]
