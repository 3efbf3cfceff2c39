"""The policy cycle (guide 02 · 5.4): pinned to a version of the guide, with its dates and the gates it has passed."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import SmallInteger, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from acogida.kernel.db import CycleTable, TenantTable


class Cycle(TenantTable):
    """One turn of design, validation and follow-up of a municipality's policy."""

    __tablename__ = "cycle"
    __table_args__ = (UniqueConstraint("tenant_id", "number"),)

    number: Mapped[int] = mapped_column(SmallInteger)
    guide_version: Mapped[str]
    valid_from: Mapped[date | None]
    """Vigencia runs from the mayor's approval, or from the decree if later (reading AMB-05)."""
    valid_until: Mapped[date | None]


class StageDate(CycleTable):
    """When a stage is expected to run and who leads it: set by the municipality, proposed by Acogida, never a block."""

    __tablename__ = "stage_date"
    __constraints__ = (UniqueConstraint("tenant_id", "cycle_id", "stage"),)

    stage: Mapped[str]
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    lead: Mapped[str]


class GateClosing(CycleTable):
    """A gate passed: by what existed that day, or by a named and reasoned exception (RES-05)."""

    __tablename__ = "gate_closing"
    __constraints__ = (UniqueConstraint("tenant_id", "cycle_id", "gate"),)

    gate: Mapped[str]
    closed_at: Mapped[datetime]
    closed_by: Mapped[str]
    cargo: Mapped[str]
    reason: Mapped[str | None]
    """Why it was closed without its minimum; empty when the minimum was met."""
    missing: Mapped[list[Any]] = mapped_column(default=list)
    """Ids of the rows that were not met on that day."""
    basis: Mapped[list[Any]] = mapped_column(default=list, server_default="[]")
    """What was there that day, as `[row id, sentence]`: a gate is not reopened, so this is what it was closed with."""
