"""Vision, ejes, objectives and initiatives (guide 02 · Etapa 03). One vocabulary (reading AMB-10), one model (AMB-07)."""

import re
from collections.abc import Iterable, Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Index, SmallInteger, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from acogida.kernel.db import CycleTable, tenant_key


class StrategicFrame(CycleTable):
    """What stands above the objectives: vision, horizon, scope, dimensions chosen and how the policy aligns."""

    __tablename__ = "strategic_frame"
    __constraints__ = (UniqueConstraint("tenant_id", "cycle_id"),)

    vision: Mapped[str] = mapped_column(default="", server_default="")
    horizon_year: Mapped[int | None] = mapped_column(SmallInteger)
    """May lie beyond the vigencia (IMPL-5.4-02)."""
    scope: Mapped[str] = mapped_column(default="", server_default="")
    dimensions: Mapped[list[str]] = mapped_column(default=list, server_default="{}")
    pnme_alignment: Mapped[str] = mapped_column(default="", server_default="")
    pladeco_alignment: Mapped[str] = mapped_column(default="", server_default="")
    sello_alignment: Mapped[str] = mapped_column(default="", server_default="")
    resources: Mapped[str] = mapped_column(default="", server_default="")
    """Resources and institutions the policy counts on (GEN-02)."""


class Axis(CycleTable):
    """An eje de trabajo."""

    __tablename__ = "axis"
    __constraints__ = (UniqueConstraint("tenant_id", "cycle_id", "name"),)

    name: Mapped[str]
    description: Mapped[str] = mapped_column(default="", server_default="")
    position: Mapped[int] = mapped_column(SmallInteger, default=0, server_default="0")


class Objective(CycleTable):
    """A general or specific objective, thought out with the five SMART questions (TPL-13)."""

    __tablename__ = "objective"
    __constraints__ = (tenant_key("axis_id", to="axis", on_delete="SET NULL"),)

    kind: Mapped[str]
    """general or specific."""
    statement: Mapped[str]
    axis_id: Mapped[UUID | None]
    specific: Mapped[str] = mapped_column(default="", server_default="")
    measurable: Mapped[str] = mapped_column(default="", server_default="")
    achievable: Mapped[str] = mapped_column(default="", server_default="")
    relevant: Mapped[str] = mapped_column(default="", server_default="")
    time_bound: Mapped[str] = mapped_column(default="", server_default="")
    indicators: Mapped[str] = mapped_column(default="", server_default="")
    position: Mapped[int] = mapped_column(SmallInteger, default=0, server_default="0")


class Initiative(CycleTable):
    """The unit of planning and follow-up: the union of the guide's three formats (TPL-15, 16, 17; IDX-4.2)."""

    __tablename__ = "initiative"
    __constraints__ = (
        tenant_key("axis_id", to="axis", on_delete="SET NULL"),
        tenant_key("objective_id", to="objective", on_delete="SET NULL"),
        tenant_key("workshop_entry_id", to="workshop_entry", on_delete="SET NULL"),
        CheckConstraint("ends_on is null or starts_on is null or ends_on >= starts_on", name="dates_in_order"),
        Index("ix_initiative_axis", "tenant_id", "cycle_id", "axis_id", "position"),
    )

    name: Mapped[str]
    description: Mapped[str] = mapped_column(default="", server_default="")
    goal: Mapped[str] = mapped_column(default="", server_default="")
    """Its own objective, in a sentence."""
    axis_id: Mapped[UUID | None]
    objective_id: Mapped[UUID | None]
    strategy: Mapped[str] = mapped_column(default="", server_default="")
    actions: Mapped[str] = mapped_column(default="", server_default="")
    """One action per line."""
    expected_results: Mapped[str] = mapped_column(default="", server_default="")
    beneficiaries: Mapped[str] = mapped_column(default="", server_default="")
    actors: Mapped[str] = mapped_column(default="", server_default="")
    alliances: Mapped[str] = mapped_column(default="", server_default="")
    unit: Mapped[str] = mapped_column(default="", server_default="")
    responsible: Mapped[str] = mapped_column(default="", server_default="")
    substitute: Mapped[str] = mapped_column(default="", server_default="")
    budget: Mapped[int | None] = mapped_column(BigInteger)
    """CLP, whole pesos."""
    funding_source: Mapped[str] = mapped_column(default="", server_default="")
    funding_state: Mapped[str] = mapped_column(default="", server_default="")
    """needed, asked, committed, spent or empty."""
    needs_extra_funding: Mapped[bool | None]
    pmg_pladeco: Mapped[str] = mapped_column(default="", server_default="")
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    indicator: Mapped[str] = mapped_column(default="", server_default="")
    target: Mapped[str] = mapped_column(default="", server_default="")
    """Meta o producto."""
    directness: Mapped[str] = mapped_column(default="", server_default="")
    """explicit, implicit or empty."""
    dimensions: Mapped[list[str]] = mapped_column(default=list, server_default="{}")
    competence: Mapped[str] = mapped_column(default="", server_default="")
    """Municipal competence it rests on: the id of a row of the guide (HERR-1.1-01…09) or empty."""
    workshop_entry_id: Mapped[UUID | None]
    """The contribution of a planning workshop it comes from (PLAN-3.2-01)."""
    position: Mapped[int] = mapped_column(SmallInteger, default=0, server_default="0")
    reviewed_on: Mapped[date | None]
    reviewed_by: Mapped[str] = mapped_column(default="", server_default="")
    review_notes: Mapped[str] = mapped_column(default="", server_default="")


class InitiativeFinding(CycleTable):
    """The thread: this initiative answers that finding."""

    __tablename__ = "initiative_finding"
    __constraints__ = (
        UniqueConstraint("tenant_id", "initiative_id", "finding_id"),
        tenant_key("initiative_id", to="initiative", on_delete="CASCADE"),
        tenant_key("finding_id", to="finding", on_delete="CASCADE"),
    )

    initiative_id: Mapped[UUID]
    finding_id: Mapped[UUID]


class ObjectiveFinding(CycleTable):
    """The thread: this objective answers that finding."""

    __tablename__ = "objective_finding"
    __constraints__ = (
        UniqueConstraint("tenant_id", "objective_id", "finding_id"),
        tenant_key("objective_id", to="objective", on_delete="CASCADE"),
        tenant_key("finding_id", to="finding", on_delete="CASCADE"),
    )

    objective_id: Mapped[UUID]
    finding_id: Mapped[UUID]


class PlanReview(CycleTable):
    """The final check of the plan as a whole (PLAN-3.2-08, 09): what was looked at and what was decided."""

    __tablename__ = "plan_review"

    reviewed_on: Mapped[date]
    reviewed_by: Mapped[str]
    duplicates: Mapped[str]
    gaps: Mapped[str]


DESIGN: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("eje", ("axis_id",)),
    ("en qué consiste", ("description",)),
    ("meta", ("target",)),
    ("unidad", ("unit",)),
    ("fechas", ("starts_on", "ends_on")),
)
"""What the design of an initiative needs to be complete (PLAN-3.2-05): the words for it and its fields."""


COMPLETE, LACKING = "Completa", "Falta: "
"""How the state of a design is told."""


def missing_of(row: object) -> tuple[str, ...]:
    """This function will name what the design of an initiative still lacks, in Spanish; nothing when it is complete.

    `row` is whatever holds the fields of `DESIGN`.
    """
    return tuple(words for words, fields in DESIGN if not all(getattr(row, field) for field in fields))


def state_of(missing: Sequence[str]) -> str:
    """This function will say whether a design is complete or what it lacks."""
    return f"{LACKING}{', '.join(missing)}" if missing else COMPLETE


_REGULARISATION = re.compile(
    r"regulariza|regularidad migratoria|permisos? (?:de residencia|migratori)|residencia (?:temporal|definitiva)|\bvisas?\b",
    re.IGNORECASE,
)


def speaks_of_regularisation(texts: Iterable[str]) -> bool:
    """This function will tell whether these texts touch what a municipality may ease and never decide (RES-13)."""
    return any(_REGULARISATION.search(text) for text in texts)
