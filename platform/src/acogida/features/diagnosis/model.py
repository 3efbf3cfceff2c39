"""The diagnosis (guide 02 · Etapa 02): what is known of the commune, with its evidence."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, SmallInteger, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from acogida.kernel.db import CycleTable, tenant_key


class Source(CycleTable):
    """A secondary source reviewed (DIAG-2.1-01…05)."""

    __tablename__ = "source"

    title: Mapped[str]
    kind: Mapped[str]
    """national, municipal (an instrument such as the Pladeco) or internal (information of the municipality)."""
    publisher: Mapped[str] = mapped_column(default="", server_default="")
    year: Mapped[int | None] = mapped_column(SmallInteger)
    url: Mapped[str] = mapped_column(default="", server_default="")
    summary: Mapped[str] = mapped_column(default="", server_default="")
    """What it says about migration in the commune."""
    reviewed_on: Mapped[date | None]


class Service(CycleTable):
    """A municipal service or initiative for migrants (TPL-03, DIAG-2.1-08): the base line of what already exists."""

    __tablename__ = "service"

    unit: Mapped[str]
    name: Mapped[str]
    description: Mapped[str] = mapped_column(default="", server_default="")
    protocol: Mapped[str] = mapped_column(default="", server_default="")
    responsible_name: Mapped[str] = mapped_column(default="", server_default="")
    responsible_contact: Mapped[str] = mapped_column(default="", server_default="")
    directness: Mapped[str] = mapped_column(default="explicit", server_default="explicit")
    """explicit (meant for migrants) or implicit (not meant for them, with effect on them) (GEN-05)."""
    dimensions: Mapped[list[str]] = mapped_column(default=list, server_default="{}")


class Organization(CycleTable):
    """A node of the map of networks (TPL-04, TPL-05)."""

    __tablename__ = "organization"

    name: Mapped[str]
    kind: Mapped[str]
    """migrant, civil_society, private, public_service or international."""
    address: Mapped[str] = mapped_column(default="", server_default="")
    phone: Mapped[str] = mapped_column(default="", server_default="")
    email: Mapped[str] = mapped_column(default="", server_default="")
    website: Mapped[str] = mapped_column(default="", server_default="")
    services: Mapped[str] = mapped_column(default="", server_default="")
    representative: Mapped[str] = mapped_column(default="", server_default="")
    representative_contact: Mapped[str] = mapped_column(default="", server_default="")
    contact_person: Mapped[str] = mapped_column(default="", server_default="")
    contact_role: Mapped[str] = mapped_column(default="", server_default="")
    contact_details: Mapped[str] = mapped_column(default="", server_default="")
    data_source: Mapped[str] = mapped_column(default="", server_default="")
    """Where these data come from (DIAG-2.1-15)."""


class InquiryDecision(CycleTable):
    """Whether more information is needed and how it will be had (DIAG-2.2, the guide's three questions)."""

    __tablename__ = "inquiry_decision"
    __constraints__ = (UniqueConstraint("tenant_id", "cycle_id"),)

    needed: Mapped[bool]
    methods: Mapped[list[str]] = mapped_column(default=list, server_default="{}")
    """interviews, survey, workshops."""
    reason: Mapped[str]
    gaps: Mapped[str]
    missing_voices: Mapped[str]
    resources: Mapped[str]
    decided_on: Mapped[date]
    results: Mapped[str] = mapped_column(default="", server_default="")
    """What the applied instruments gave (DIAG-2.2-03)."""
    applied_on: Mapped[date | None]


class Finding(CycleTable):
    """A claim about the commune that the policy will answer: challenge, opportunity, strength or fact."""

    __tablename__ = "finding"

    title: Mapped[str]
    statement: Mapped[str] = mapped_column(default="", server_default="")
    kind: Mapped[str]
    dimensions: Mapped[list[str]] = mapped_column(default=list, server_default="{}")
    group: Mapped[str] = mapped_column(default="", server_default="")
    """Who says it: officials, users, organisations, data."""
    relevant: Mapped[bool] = mapped_column(default=True, server_default="true")
    """Goes into the report (DIAG-2.4-09)."""
    position: Mapped[int] = mapped_column(SmallInteger, default=0, server_default="0")


class Evidence(CycleTable):
    """What backs a finding (DIAG-2.4-10): a datum, a testimony, a workshop entry, a document."""

    __tablename__ = "evidence"
    __constraints__ = (
        tenant_key("finding_id", to="finding", on_delete="CASCADE"),
        tenant_key("source_id", to="source"),
        tenant_key("workshop_entry_id", to="workshop_entry"),
        tenant_key("file_id", to="file"),
        Index("ix_evidence_finding", "tenant_id", "finding_id"),
    )

    finding_id: Mapped[UUID]
    kind: Mapped[str]
    """datum, testimony, workshop, document or photograph."""
    text: Mapped[str]
    source_id: Mapped[UUID | None]
    workshop_entry_id: Mapped[UUID | None]
    file_id: Mapped[UUID | None]


class ReportSection(CycleTable):
    """Text that people write into the Informe de Diagnóstico, by section key."""

    __tablename__ = "report_section"
    __constraints__ = (UniqueConstraint("tenant_id", "cycle_id", "key"),)

    key: Mapped[str]
    text: Mapped[str]


class ReportVersion(CycleTable):
    """A frozen Informe de Diagnóstico Comunal de Migración."""

    __tablename__ = "report_version"
    __constraints__ = (UniqueConstraint("tenant_id", "cycle_id", "number"),)

    number: Mapped[int] = mapped_column(SmallInteger)
    frozen_at: Mapped[datetime]
    frozen_by: Mapped[str]
    content: Mapped[dict[str, Any]]
    """The document model (kernel.document) as it was."""
    sha256: Mapped[str]
    unbacked: Mapped[int]
    """How many claims had no evidence on that day."""
