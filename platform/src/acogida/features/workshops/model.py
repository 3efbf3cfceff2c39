"""Workshops (guide 02 · 2.3 and 3.1; 03 · 3.3 and 4.2): called, held, recorded."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Index, SmallInteger
from sqlalchemy.orm import Mapped, mapped_column

from acogida.kernel.db import CycleTable, tenant_key


class Workshop(CycleTable):
    """One workshop of diagnosis (with officials, with users, or both) or of planning."""

    __tablename__ = "workshop"

    kind: Mapped[str]
    """diagnosis_officials, diagnosis_users, diagnosis_mixed or planning."""
    title: Mapped[str]
    held_on: Mapped[date]
    starts_at: Mapped[str] = mapped_column(default="", server_default="")
    place: Mapped[str] = mapped_column(default="", server_default="")
    status: Mapped[str] = mapped_column(default="planned", server_default="planned")
    """planned or held."""
    facilitator: Mapped[str] = mapped_column(default="", server_default="")
    recorder: Mapped[str] = mapped_column(default="", server_default="")
    invited_on: Mapped[date | None]
    invitees: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")
    """Who is called, by kind of participant: {"officials": "Departamento de Salud\\nDideco", …} (HERR-3.3-10, HERR-4.2-19)."""
    invitation: Mapped[str] = mapped_column(default="", server_default="")
    """The text of the invitation (DIAG-2.3-09)."""
    logistics: Mapped[str] = mapped_column(default="", server_default="")
    refreshments: Mapped[bool] = mapped_column(default=False, server_default="false")
    """There will be something to eat and drink (DIAG-2.3-11)."""
    agenda: Mapped[list[Any]] = mapped_column(default=list, server_default="[]")
    """Moments of the agenda: [{"minutes": 10, "title": "Presentación"}, …] (TPL-08, TPL-14)."""
    working_groups: Mapped[list[Any]] = mapped_column(default=list, server_default="[]")
    """Tables of people who work together, and the ejes given to each: [{"name": "Grupo 1", "axes": ["…"]}] (HERR-4.2-11)."""
    notes: Mapped[str] = mapped_column(default="", server_default="")
    conclusions: Mapped[str] = mapped_column(default="", server_default="")
    """Patterns and conclusions: the systematisation (HERR-3.3-16, PLAN-3.1-13)."""


class WorkshopGroup(CycleTable):
    """Participants by group, counted and never named: people are not identified by origin."""

    __tablename__ = "workshop_group"
    __constraints__ = (
        tenant_key("workshop_id", to="workshop", on_delete="CASCADE"),
        Index("ix_workshop_group_workshop", "tenant_id", "workshop_id"),
    )

    workshop_id: Mapped[UUID]
    kind: Mapped[str]
    """officials, users, migrant_organisations, civil_society, neighbours or other."""
    description: Mapped[str] = mapped_column(default="", server_default="")
    people: Mapped[int] = mapped_column(SmallInteger)
    from_diagnosis: Mapped[int] = mapped_column(SmallInteger, default=0, server_default="0")
    """How many of them were in a diagnosis workshop (PLAN-3.1-04)."""


class WorkshopEntry(CycleTable):
    """One post-it: a challenge, a strength, an opportunity, a contribution, an eje comment or a candidate initiative."""

    __tablename__ = "workshop_entry"
    __constraints__ = (
        tenant_key("workshop_id", to="workshop", on_delete="CASCADE"),
        tenant_key("photograph_id", to="file", on_delete="SET NULL"),
        Index("ix_workshop_entry_workshop", "tenant_id", "workshop_id"),
        Index("ix_workshop_entry_photograph", "tenant_id", "photograph_id"),
    )

    workshop_id: Mapped[UUID]
    kind: Mapped[str]
    """challenge, strength, opportunity, contribution, objective_comment, axis_comment or initiative."""
    text: Mapped[str]
    group_name: Mapped[str] = mapped_column(default="", server_default="")
    details: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")
    """For candidate initiatives the fields of TPL-15 and their `axis`; for comments on an eje its `axis` and `verdict`."""
    position: Mapped[int] = mapped_column(SmallInteger, default=0, server_default="0")
    photograph_id: Mapped[UUID | None]
    """The photograph of the paper where it is written, if it was cut from one."""
    region: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")
    """Where in that photograph, in hundredths of its sides: {"left": 10, "top": 5, "width": 30, "height": 12.5}."""
