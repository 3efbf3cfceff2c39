"""Acts: what an authority signs, how it was signed, and the book where each step stays written.

Three ways to sign, each called by its name: an advanced electronic signature in the PDF, FirmaGob, and a scan of ink,
which is a record with somebody's declaration and never an electronic signature (Ley 19.799).
"""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Index, LargeBinary, SmallInteger, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from acogida.kernel.db import CycleTable, GlobalTable, TenantTable, tenant_key


class Act(CycleTable):
    """An act of a kind of `words.KINDS`: carta de compromiso, acuerdo, acta, decreto, certificado…"""

    __tablename__ = "act"
    __constraints__ = (
        Index("ix_act_kind", "tenant_id", "cycle_id", "kind"),
        UniqueConstraint("tenant_id", "code"),
        tenant_key("file_id", to="file"),
    )

    kind: Mapped[str]
    title: Mapped[str]
    number: Mapped[str] = mapped_column(default="", server_default="")
    organ: Mapped[str] = mapped_column(default="", server_default="")
    """Whose act it is: a key of `words.ORGANS`."""
    dated_on: Mapped[date | None]
    status: Mapped[str] = mapped_column(default="draft", server_default="draft")
    """draft, issued (ready to sign) or signed (its signed file is recorded)."""
    content: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")
    """Fields of the act by key: objectives, needs, commitments… (templates TPL-01, TPL-02)."""
    file_id: Mapped[UUID | None]
    """The signed file in force: the last one that was good, or a record."""
    way: Mapped[str] = mapped_column(default="", server_default="")
    """How that file was signed: advanced, firmagob or record."""
    standing: Mapped[str] = mapped_column(default="", server_default="")
    """What that file is worth: good (verified, or a declared record) or undeclared. Only good counts for a gate."""
    ordered: Mapped[bool] = mapped_column(default=False, server_default="false")
    """Whether those who sign must follow their order."""
    code: Mapped[str | None]
    """What the public verification page knows it by; printed on its papers."""


class Signatory(CycleTable):
    """Who signs an act, with the office they hold; `signed_on` is empty until their signature is recorded."""

    __tablename__ = "signatory"
    __constraints__ = (
        tenant_key("act_id", to="act", on_delete="CASCADE"),
        Index("ix_signatory_act", "tenant_id", "act_id"),
        UniqueConstraint("tenant_id", "token_hash"),
    )

    act_id: Mapped[UUID]
    name: Mapped[str]
    cargo: Mapped[str]
    role: Mapped[str]
    """mayor, councillor, dideco, migration_office or other."""
    acting: Mapped[bool] = mapped_column(default=False, server_default="false")
    """Whether they sign as subrogante of who holds the cargo."""
    run: Mapped[str] = mapped_column(default="", server_default="")
    """«12345678-5», to know the signature by; optional."""
    email: Mapped[str] = mapped_column(default="", server_default="")
    signed_on: Mapped[date | None]
    position: Mapped[int] = mapped_column(SmallInteger, default=0, server_default="0")
    token_hash: Mapped[bytes | None] = mapped_column(LargeBinary)
    """Of the link that they were sent; empty where none lives."""
    invited_at: Mapped[datetime | None]
    reminded_at: Mapped[datetime | None]


class ActSubmission(CycleTable):
    """A file that came as the signed act, and what was found about it. Kept whatever the answer: it is the receipt."""

    __tablename__ = "act_submission"
    __constraints__ = (
        tenant_key("act_id", to="act", on_delete="CASCADE"),
        tenant_key("file_id", to="file"),
        Index("ix_act_submission_act", "tenant_id", "act_id"),
    )

    act_id: Mapped[UUID]
    file_id: Mapped[UUID]
    sha256: Mapped[str]
    way: Mapped[str]
    """advanced, firmagob or record."""
    state: Mapped[str]
    """checking, good, refused (an electronic signature that does not hold) or undeclared (a record without its word)."""
    submitted_by: Mapped[str]
    submitted_at: Mapped[datetime]
    declared_by: Mapped[str] = mapped_column(default="", server_default="")
    """The secretario or secretaria municipal who answers for the copy, of a record."""
    examination: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")
    """What the examination said (`kernel.signatures.to_json`), of an electronic signature."""
    reference: Mapped[str] = mapped_column(default="", server_default="")
    """The number that FirmaGob gave to the request."""


class ActEntry(TenantTable):
    """One line of the register of acts: append-only by grant, chained by hash as `kernel.packs` describes."""

    __tablename__ = "act_entry"
    __table_args__ = (UniqueConstraint("tenant_id", "seq"), Index("ix_act_entry_act", "tenant_id", "act_id"))

    seq: Mapped[int] = mapped_column(BigInteger)
    at: Mapped[datetime]
    act_id: Mapped[UUID]
    event: Mapped[str]
    """A key of `words.EVENTS`."""
    content: Mapped[list[Any]]
    """What the hash covers: see `register.ENTRY`."""
    previous_hash: Mapped[bytes] = mapped_column(LargeBinary)
    hash: Mapped[bytes] = mapped_column(LargeBinary)


class Seal(GlobalTable):
    """What anyone may learn of a published act by its code, and nothing more. A projection, written by its owner.

    Reading is free; writing is held by the wall to the municipality in `municipality_id`.
    """

    __tablename__ = "seal"

    code: Mapped[str] = mapped_column(primary_key=True)
    municipality_id: Mapped[UUID] = mapped_column(ForeignKey("core.municipality.id"), index=True)
    municipality_name: Mapped[str]
    demo: Mapped[bool]
    title: Mapped[str]
    """«Decreto alcaldicio N.º 41»."""
    dated_on: Mapped[date | None]
    approved_by: Mapped[str]
    """«Amanda Ñancupil, Alcaldesa»."""
    way: Mapped[str]
    """advanced, firmagob, record, or document for what Acogida itself makes of an approved text."""
    sha256: Mapped[str]
    published_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]
    replaced_by: Mapped[str] = mapped_column(default="", server_default="")
    """Code of the act that took its place."""
