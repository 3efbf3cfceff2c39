"""What a municipality keeps of its Sello Migrante: assessments, proofs, both plans, the register of training, the process.

None of it belongs to a cycle of the Política: the Sello has its own, of two years. Keys to initiatives and files of the
core give way when these are deleted, and what was said about them stays.
"""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Numeric, SmallInteger, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from acogida.sdk import TenantTable, core_key, plugin_metadata, tenant_key

SCHEMA = "plugin_sello_migrante"


class SelloTable(TenantTable):
    """A table of this plugin."""

    __abstract__ = True
    metadata = plugin_metadata("sello_migrante")


def _text() -> Any:
    return mapped_column(default="", server_default="")


class Assessment(SelloTable):
    """One round of self-assessment with one version of the standard. A closed one keeps its report and does not change."""

    __tablename__ = "assessment"
    __table_args__ = (
        Index("uq_assessment_open", "tenant_id", unique=True, postgresql_where=text("closed_on is null")),
    )

    standard: Mapped[str]
    opened_on: Mapped[date]
    closed_on: Mapped[date | None]
    closed_by: Mapped[str] = _text()
    met: Mapped[int | None] = mapped_column(SmallInteger)
    total: Mapped[int | None] = mapped_column(SmallInteger)
    report: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")
    """The report as it was closed: the document as data."""
    fingerprint: Mapped[str] = _text()


class Answer(SelloTable):
    """What the municipality says of one requirement. It prevails over what the workspace shows."""

    __tablename__ = "answer"
    __table_args__ = (
        UniqueConstraint("tenant_id", "assessment_id", "criterion"),
        tenant_key("assessment_id", to="assessment", on_delete="CASCADE", schema=SCHEMA),
        CheckConstraint("state in ('', 'met', 'partly', 'not_met', 'not_applicable')", name="state_known"),
    )

    assessment_id: Mapped[UUID]
    criterion: Mapped[str]
    state: Mapped[str] = _text()
    statement: Mapped[str] = _text()


class Proof(SelloTable):
    """Something that a person brings for a requirement: a file of the archive, an initiative, a link or words."""

    __tablename__ = "proof"
    __table_args__ = (
        tenant_key("assessment_id", to="assessment", on_delete="CASCADE", schema=SCHEMA),
        core_key("file_id", to="file", on_delete="SET NULL"),
        core_key("initiative_id", to="initiative", on_delete="SET NULL"),
        CheckConstraint("kind in ('file', 'initiative', 'link', 'note')", name="kind_known"),
        Index("ix_proof_criterion", "tenant_id", "assessment_id", "criterion"),
    )

    assessment_id: Mapped[UUID]
    criterion: Mapped[str]
    kind: Mapped[str]
    name: Mapped[str]
    """As the file or the initiative was called; the link's or the note's own words."""
    note: Mapped[str] = _text()
    url: Mapped[str] = _text()
    sha256: Mapped[str] = _text()
    file_id: Mapped[UUID | None]
    initiative_id: Mapped[UUID | None]
    dated_on: Mapped[date | None]
    added_by: Mapped[str] = _text()


class LocalCriterion(SelloTable):
    """A requirement that Sermig has told this municipality and that the standard at hand does not have."""

    __tablename__ = "local_criterion"
    __table_args__ = (UniqueConstraint("tenant_id", "number"),)

    number: Mapped[int] = mapped_column(SmallInteger)
    commitment: Mapped[str]
    title: Mapped[str]
    description: Mapped[str] = _text()
    source: Mapped[str]
    dated_on: Mapped[date | None]

    @property
    def key(self) -> str:
        return f"M-{self.number}"


class Plan(SelloTable):
    """What stands above a plan: its objective, its approval and its evaluation."""

    __tablename__ = "plan"
    __table_args__ = (
        UniqueConstraint("tenant_id", "kind"),
        CheckConstraint("kind in ('work', 'training')", name="kind_known"),
    )

    kind: Mapped[str]
    objective: Mapped[str] = _text()
    approval: Mapped[str] = _text()
    approved_on: Mapped[date | None]
    evaluation: Mapped[str] = _text()
    evaluated_on: Mapped[date | None]


class Action(SelloTable):
    """One action of the municipal work plan."""

    __tablename__ = "action"
    __table_args__ = (
        core_key("initiative_id", to="initiative", on_delete="SET NULL"),
        CheckConstraint("state in ('planned', 'underway', 'done', 'dropped')", name="state_known"),
        CheckConstraint("ends_on is null or starts_on is null or ends_on >= starts_on", name="dates_in_order"),
    )

    criterion: Mapped[str]
    title: Mapped[str]
    detail: Mapped[str] = _text()
    unit: Mapped[str] = _text()
    responsible: Mapped[str] = _text()
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    state: Mapped[str] = mapped_column(default="planned", server_default="planned")
    done_on: Mapped[date | None]
    product: Mapped[str] = _text()
    initiative_id: Mapped[UUID | None]


class Course(SelloTable):
    """One activity of the training plan."""

    __tablename__ = "course"
    __table_args__ = (CheckConstraint("state in ('planned', 'held', 'cancelled')", name="state_known"),)

    title: Mapped[str]
    kind: Mapped[str]
    content: Mapped[str] = _text()
    audience: Mapped[str] = _text()
    provider: Mapped[str] = _text()
    modality: Mapped[str] = _text()
    hours: Mapped[Decimal | None] = mapped_column(Numeric(5, 1))
    planned_on: Mapped[date | None]
    held_on: Mapped[date | None]
    state: Mapped[str] = mapped_column(default="planned", server_default="planned")
    evaluation: Mapped[str] = _text()
    """How it was evaluated and what came out; empty until then."""
    names_erased_on: Mapped[date | None]


class Participant(SelloTable):
    """An official who took part. Name and unit, and nothing else; the name is empty once it has been taken away."""

    __tablename__ = "participant"
    __table_args__ = (
        tenant_key("course_id", to="course", on_delete="CASCADE", schema=SCHEMA),
        Index("ix_participant_course", "tenant_id", "course_id"),
    )

    course_id: Mapped[UUID]
    name: Mapped[str] = _text()
    unit: Mapped[str]
    trainer: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    """Whether the course made them a municipal trainer."""


class StepRecord(SelloTable):
    """What a municipality notes of one step of the process."""

    __tablename__ = "step"
    __table_args__ = (
        UniqueConstraint("tenant_id", "step"),
        CheckConstraint("state in ('pending', 'underway', 'done')", name="state_known"),
    )

    step: Mapped[str]
    state: Mapped[str] = mapped_column(default="pending", server_default="pending")
    planned_on: Mapped[date | None]
    done_on: Mapped[date | None]
    reference: Mapped[str] = _text()
    notes: Mapped[str] = _text()


class Recognition(SelloTable):
    """The resolution that grants or revalidates the Sello."""

    __tablename__ = "recognition"
    __table_args__ = (
        core_key("file_id", to="file", on_delete="SET NULL"),
        CheckConstraint("kind in ('granted', 'revalidated')", name="kind_known"),
    )

    kind: Mapped[str]
    resolution: Mapped[str]
    dated_on: Mapped[date]
    file_id: Mapped[UUID | None]
    notes: Mapped[str] = _text()


class GapInitiative(SelloTable):
    """Where an initiative of the Política comes from: a gap found in the self-assessment."""

    __tablename__ = "gap_initiative"
    __table_args__ = (
        UniqueConstraint("tenant_id", "initiative_id", "criterion"),
        core_key("initiative_id", to="initiative"),
    )

    criterion: Mapped[str]
    criterion_title: Mapped[str]
    standard: Mapped[str]
    found_on: Mapped[date]
    initiative_id: Mapped[UUID]
