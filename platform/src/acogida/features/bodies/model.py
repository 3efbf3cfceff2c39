"""Teams, mesa and concejo (guide 02 · 1.2, 4.1, 4.2), and the sessions where they decide."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, SmallInteger, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from acogida.kernel.db import CycleTable, TenantTable, tenant_key


class Body(TenantTable):
    """A team or instance: executive_team, extended_team, mesa or concejo. One of each kind."""

    __tablename__ = "body"
    __table_args__ = (UniqueConstraint("tenant_id", "kind"),)

    kind: Mapped[str]
    name: Mapped[str]
    existing_instance: Mapped[str] = mapped_column(default="", server_default="")
    """Name of the instance that already met and now also serves this function (RES-04); empty if it is new."""
    formed_on: Mapped[date | None]
    """Day it was constituted (VAL-4.2-01)."""
    frequency: Mapped[str] = mapped_column(default="", server_default="")
    """How often it meets, in its own words (VAL-4.2-12)."""
    rules: Mapped[str] = mapped_column(default="", server_default="")


class BodyMember(TenantTable):
    """Somebody in a body. Need not have an account: many never will."""

    __tablename__ = "body_member"
    __table_args__ = (
        tenant_key("body_id", to="body", on_delete="CASCADE"),
        Index("ix_body_member_body", "tenant_id", "body_id"),
    )

    body_id: Mapped[UUID]
    name: Mapped[str]
    email: Mapped[str] = mapped_column(default="", server_default="")
    cargo: Mapped[str]
    organization: Mapped[str] = mapped_column(default="", server_default="")
    role: Mapped[str] = mapped_column(default="member", server_default="member")
    """president, secretary, member or adviser."""
    suggested_role: Mapped[str] = mapped_column(default="", server_default="")
    """Which of the guide's suggested places this person fills (dideco, secplan, councillors…); empty if another."""
    is_chief: Mapped[bool] = mapped_column(default=False, server_default="false")
    """Head of a unit or department (PREP-1.2-19)."""
    adviser_kind: Mapped[str] = mapped_column(default="", server_default="")
    adviser_tasks: Mapped[str] = mapped_column(default="", server_default="")
    position: Mapped[int] = mapped_column(SmallInteger, default=0, server_default="0")


class Contact(CycleTable):
    """An actor needed somewhere, and the talk in which the project was explained (PREP-1.2-32, 33)."""

    __tablename__ = "contact"

    body_kind: Mapped[str]
    name: Mapped[str]
    cargo: Mapped[str]
    reason: Mapped[str]
    talked_on: Mapped[date | None]
    notes: Mapped[str] = mapped_column(default="", server_default="")


class Meeting(CycleTable):
    """A session: agenda before, minutes after. Evidence of much that the guide asks."""

    __tablename__ = "meeting"
    __constraints__ = (tenant_key("body_id", to="body"), Index("ix_meeting_held", "tenant_id", "held_on"))

    body_id: Mapped[UUID | None]
    kind: Mapped[str]
    """A key of `words.MEETING_KINDS`: information, awareness, team, validation, first_mesa, concejo, follow_up…"""
    title: Mapped[str]
    held_on: Mapped[date]
    starts_at: Mapped[str] = mapped_column(default="", server_default="")
    place: Mapped[str] = mapped_column(default="", server_default="")
    status: Mapped[str] = mapped_column(default="planned", server_default="planned")
    """planned or held."""
    called_at: Mapped[datetime | None]
    """When the members were last called by mail."""
    agenda: Mapped[str] = mapped_column(default="", server_default="")
    minutes: Mapped[str] = mapped_column(default="", server_default="")
    scope: Mapped[str] = mapped_column(default="", server_default="")
    """What the feedback asked for can and can't change, told before commenting (VAL-4.2-15)."""
    presented_policy: Mapped[bool] = mapped_column(default=False, server_default="false")
    feedback: Mapped[str] = mapped_column(default="", server_default="")
    """What the body answered; «sin observaciones» is an answer (reading AMB-04)."""
    answers: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")
    """Answers to the guide's questions for follow-up meetings, by row id (IMPL-5.2-08…12)."""


class Attendance(CycleTable):
    """Somebody called to a session, and whether they came."""

    __tablename__ = "attendance"
    __constraints__ = (
        tenant_key("meeting_id", to="meeting", on_delete="CASCADE"),
        Index("ix_attendance_meeting", "tenant_id", "meeting_id"),
    )

    meeting_id: Mapped[UUID]
    name: Mapped[str]
    cargo: Mapped[str] = mapped_column(default="", server_default="")
    organization: Mapped[str] = mapped_column(default="", server_default="")
    present: Mapped[bool] = mapped_column(default=False, server_default="false")


class Agreement(CycleTable):
    """What a session agreed, who does it and by when."""

    __tablename__ = "agreement"
    __constraints__ = (
        tenant_key("meeting_id", to="meeting", on_delete="CASCADE"),
        Index("ix_agreement_meeting", "tenant_id", "meeting_id"),
    )

    meeting_id: Mapped[UUID]
    text: Mapped[str]
    responsible: Mapped[str] = mapped_column(default="", server_default="")
    due_on: Mapped[date | None]
    done_on: Mapped[date | None]


class InternalValidation(CycleTable):
    """One unit's validation where the equipo ampliado can't meet as one (VAL-4.1-03, reading AMB-02)."""

    __tablename__ = "internal_validation"

    unit: Mapped[str]
    validated_by: Mapped[str]
    cargo: Mapped[str]
    validated_on: Mapped[date]
    notes: Mapped[str] = mapped_column(default="", server_default="")
