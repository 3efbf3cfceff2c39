"""The document of the Política: what people write into it, its frozen versions, and what others observe about them."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, SmallInteger, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from acogida.kernel.db import CycleTable, GlobalTable, tenant_key


class PolicySection(CycleTable):
    """Text that people write into a section of the guide's index (IDX-1.1 … IDX-7.1)."""

    __tablename__ = "policy_section"
    __constraints__ = (UniqueConstraint("tenant_id", "cycle_id", "key"),)

    key: Mapped[str]
    text: Mapped[str]


class PolicyVersion(CycleTable):
    """The whole document as it was on a day. Never changes."""

    __tablename__ = "policy_version"
    __constraints__ = (UniqueConstraint("tenant_id", "cycle_id", "number"),)

    number: Mapped[int] = mapped_column(SmallInteger)
    milestone: Mapped[str]
    """first (PLAN-3.2-06), revised, final (VAL-4.3-01) or approved (VAL-4.3-04)."""
    label: Mapped[str]
    frozen_at: Mapped[datetime]
    frozen_by: Mapped[str]
    content: Mapped[dict[str, Any]]
    """The document as data (kernel.document). Its papers are made when asked for: the same content, the same bytes."""
    summary: Mapped[dict[str, Any]]
    """The executive summary of that day, as data."""
    sha256: Mapped[str]
    """Fingerprint of `content`."""
    published_at: Mapped[datetime | None]
    """When it went public; empty where it is not public now."""


class Observation(CycleTable):
    """A comment on the policy: always collected, always evaluated, not always incorporated (RES-06)."""

    __tablename__ = "observation"
    __constraints__ = (
        tenant_key("meeting_id", to="meeting"),
        tenant_key("policy_version_id", to="policy_version"),
        Index("ix_observation_status", "tenant_id", "cycle_id", "status"),
    )

    about: Mapped[str]
    """A key of `words.ABOUT`: scope, diagnosis, objective, axis, initiative, follow_up or other."""
    reference: Mapped[str] = mapped_column(default="", server_default="")
    """What it is about, in the words it had that day."""
    reference_id: Mapped[UUID | None]
    """The objective, eje or initiative, while it exists."""
    policy_version_id: Mapped[UUID | None]
    """The version that was read; empty where it was the draft (PREP-1.2-07)."""
    text: Mapped[str]
    author: Mapped[str]
    organization: Mapped[str] = mapped_column(default="", server_default="")
    instance: Mapped[str]
    """extended_team, mesa, concejo, executive_team or other."""
    meeting_id: Mapped[UUID | None]
    received_on: Mapped[date]
    status: Mapped[str] = mapped_column(default="pending", server_default="pending")
    """pending, incorporated, partly or not_incorporated."""
    answer: Mapped[str] = mapped_column(default="", server_default="")
    answered_by: Mapped[str] = mapped_column(default="", server_default="")
    answered_on: Mapped[date | None]


class Publication(GlobalTable):
    """What anyone may read of a municipality's policy: one frozen version, whole. A projection, written by its owner.

    Reading is free; writing is held by the wall to the municipality in `municipality_id`.
    """

    __tablename__ = "publication"

    municipality_id: Mapped[UUID] = mapped_column(ForeignKey("core.municipality.id"), primary_key=True)
    slug: Mapped[str] = mapped_column(unique=True)
    municipality_name: Mapped[str]
    cut: Mapped[str]
    title: Mapped[str]
    demo: Mapped[bool]
    version_number: Mapped[int] = mapped_column(SmallInteger)
    published_at: Mapped[datetime]
    valid_from: Mapped[date | None]
    valid_until: Mapped[date | None]
    content: Mapped[dict[str, Any]]
    summary: Mapped[dict[str, Any]]
    sha256: Mapped[str]
