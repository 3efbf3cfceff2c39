"""Acts: what an authority signs. A file here is a record of a signature made outside; its kind says which."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Index, SmallInteger
from sqlalchemy.orm import Mapped, mapped_column

from acogida.kernel.db import CycleTable, tenant_key


class Act(CycleTable):
    """commitment_letter, concejo_agreement, project_document, mayor_approval, concejo_vote, concejo_term or decree."""

    __tablename__ = "act"
    __constraints__ = (Index("ix_act_kind", "tenant_id", "cycle_id", "kind"), tenant_key("file_id", to="file"))

    kind: Mapped[str]
    title: Mapped[str]
    number: Mapped[str] = mapped_column(default="", server_default="")
    dated_on: Mapped[date | None]
    status: Mapped[str] = mapped_column(default="draft", server_default="draft")
    """draft, issued (ready to sign) or signed (its signed file is recorded)."""
    content: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")
    """Fields of the act by key: objectives, needs, commitments… (templates TPL-01, TPL-02)."""
    file_id: Mapped[UUID | None]
    """The signed file."""


class Signatory(CycleTable):
    """Who signs an act, with the office they hold; `signed_on` is empty until their signature is recorded."""

    __tablename__ = "signatory"
    __constraints__ = (
        tenant_key("act_id", to="act", on_delete="CASCADE"),
        Index("ix_signatory_act", "tenant_id", "act_id"),
    )

    act_id: Mapped[UUID]
    name: Mapped[str]
    cargo: Mapped[str]
    role: Mapped[str]
    """mayor, councillor, dideco, migration_office or other."""
    signed_on: Mapped[date | None]
    position: Mapped[int] = mapped_column(SmallInteger, default=0, server_default="0")
