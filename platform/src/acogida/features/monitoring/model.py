"""Follow-up (guide 02 · 5.1 and 5.2; 03 · 4.4): the monitoring sheet, one update at a time."""

from datetime import date
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Index, SmallInteger, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from acogida.kernel.db import CycleTable, tenant_key


class ActionPlan(CycleTable):
    """How the policy will be worked on: the operational plan and the follow-up instances (TPL-19, IMPL-5.1-05, 5.2-03)."""

    __tablename__ = "action_plan"
    __constraints__ = (UniqueConstraint("tenant_id", "cycle_id"),)

    starts_on: Mapped[date | None]
    """Day on which the implementation began (IMPL-5.1-01)."""
    agreed_on: Mapped[date | None]
    """Day of the meeting of the executive team that this plan came out of (IMPL-5.1-06)."""
    way_of_working: Mapped[str] = mapped_column(default="", server_default="")
    roles: Mapped[str] = mapped_column(default="", server_default="")
    responsibilities: Mapped[str] = mapped_column(default="", server_default="")
    internal_instance: Mapped[str] = mapped_column(default="", server_default="")
    internal_frequency: Mapped[str] = mapped_column(default="", server_default="")
    second_instance: Mapped[str] = mapped_column(default="", server_default="")
    second_frequency: Mapped[str] = mapped_column(default="", server_default="")
    second_composition: Mapped[str] = mapped_column(default="", server_default="")
    """Who sits in it: public, private and civil society where it stands in for the mesa (IMPL-5.2-06)."""
    data_collection: Mapped[str] = mapped_column(default="", server_default="")
    evaluation: Mapped[str] = mapped_column(default="", server_default="")
    """How the yearly evaluation will be done; feeds chapter 5 of the document."""


class ProgressUpdate(CycleTable):
    """One row of the monitoring sheet (TPL-20, HERR-4.4-11): append-only, the newest is the state."""

    __tablename__ = "progress_update"
    __constraints__ = (
        tenant_key("initiative_id", to="initiative", on_delete="CASCADE"),
        CheckConstraint("percent between 0 and 100", name="percent_in_range"),
        Index("ix_progress_update_initiative", "tenant_id", "initiative_id", "reported_on"),
    )

    initiative_id: Mapped[UUID]
    reported_on: Mapped[date]
    reported_by: Mapped[str]
    status: Mapped[str]
    """not_started, in_progress, done, paused or dropped."""
    percent: Mapped[int] = mapped_column(SmallInteger)
    indicator_value: Mapped[str] = mapped_column(default="", server_default="")
    on_track: Mapped[bool]
    achievements: Mapped[str] = mapped_column(default="", server_default="")
    challenges: Mapped[str] = mapped_column(default="", server_default="")
    needs_adjustment: Mapped[bool]
    adjustment: Mapped[str] = mapped_column(default="", server_default="")
    adjustment_responsible: Mapped[str] = mapped_column(default="", server_default="")
    adjustment_due: Mapped[date | None]
    spent: Mapped[int | None] = mapped_column(BigInteger)
    """CLP, whole pesos, accumulated."""
