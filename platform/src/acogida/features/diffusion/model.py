"""Diffusion (guide 02 · 4.4): what was done so that the policy is known."""

from datetime import date

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from acogida.kernel.db import CycleTable


class DiffusionPlan(CycleTable):
    """How much and to whom, given the context, and the message for the whole commune (RES-11)."""

    __tablename__ = "diffusion_plan"
    __constraints__ = (UniqueConstraint("tenant_id", "cycle_id"),)

    level: Mapped[str] = mapped_column(default="", server_default="")
    """wide, moderate or targeted."""
    reason: Mapped[str] = mapped_column(default="", server_default="")
    message: Mapped[str] = mapped_column(default="", server_default="")
    audiences: Mapped[str] = mapped_column(default="", server_default="")


class DiffusionAction(CycleTable):
    """One thing done: launch, platform, delivery, social, media or community."""

    __tablename__ = "diffusion_action"

    kind: Mapped[str]
    title: Mapped[str]
    held_on: Mapped[date]
    audience: Mapped[str] = mapped_column(default="", server_default="")
    url: Mapped[str] = mapped_column(default="", server_default="")
    notes: Mapped[str] = mapped_column(default="", server_default="")
