"""What a municipality keeps here: its answers, the communes it meets with, their sessions and what each has promised.

The table of communes is written down by each municipality for itself: nothing of it is seen from another workspace.
It does not belong to a cycle of the Política. Of people it keeps no name, only offices.
"""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from acogida.sdk import TenantTable, core_key, plugin_metadata, tenant_key

SCHEMA = "plugin_macrozona_norte"


class NorthTable(TenantTable):
    """A table of this plugin."""

    __abstract__ = True
    metadata = plugin_metadata("macrozona_norte")


def _text() -> Any:
    return mapped_column(default="", server_default="")


class Answer(NorthTable):
    """What the municipality answers to one of the questions that are asked besides."""

    __tablename__ = "answer"
    __table_args__ = (UniqueConstraint("tenant_id", "question"),)

    question: Mapped[str]
    text: Mapped[str] = _text()
    source: Mapped[str] = _text()
    """Where it is known from, in the municipality's words."""
    answered_on: Mapped[date]


class Partner(NorthTable):
    """Another commune that takes part in the table."""

    __tablename__ = "partner"
    __table_args__ = (UniqueConstraint("tenant_id", "cut"),)

    cut: Mapped[str]
    name: Mapped[str]


class Encounter(NorthTable):
    """A session of the table: called for a day, and then held."""

    __tablename__ = "encounter"
    __table_args__ = (CheckConstraint("state in ('called', 'held', 'cancelled')", name="state_known"),)

    title: Mapped[str]
    takes_place_on: Mapped[date]
    place: Mapped[str] = _text()
    state: Mapped[str] = mapped_column(default="called", server_default="called")
    topics: Mapped[str] = _text()
    agreements: Mapped[str] = _text()
    cuts: Mapped[list[str]] = mapped_column(default=list, server_default="{}")
    """The communes that came."""


class Pledge(NorthTable):
    """Something that a commune of the table has promised, by a day."""

    __tablename__ = "pledge"
    __table_args__ = (
        tenant_key("encounter_id", to="encounter", on_delete="SET NULL", schema=SCHEMA),
        core_key("initiative_id", to="initiative", on_delete="SET NULL"),
        CheckConstraint("state in ('open', 'done', 'dropped')", name="state_known"),
        Index("ix_pledge_initiative", "tenant_id", "initiative_id"),
    )

    title: Mapped[str]
    cut: Mapped[str]
    """The commune that answers for it."""
    responsible: Mapped[str] = _text()
    due_on: Mapped[date]
    state: Mapped[str] = mapped_column(default="open", server_default="open")
    done_on: Mapped[date | None]
    result: Mapped[str] = _text()
    encounter_id: Mapped[UUID | None]
    initiative_id: Mapped[UUID | None]
