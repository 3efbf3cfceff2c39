"""Files of a workspace: what they are called, what they really are, whom they belong to, how long they are kept."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Index, Integer
from sqlalchemy.orm import Mapped, mapped_column

from acogida.kernel.db import CycleTable, TenantTable


class File(CycleTable):
    """One kept file. Its content lives in the store under `storage_key`, a name of ours."""

    __tablename__ = "file"
    __constraints__ = (
        Index("ix_file_subject", "tenant_id", "subject_type", "subject_id"),
        Index("ix_file_sent", "tenant_id", "sent_sha256"),
    )

    name: Mapped[str]
    """As the person named it, cleaned of paths and control characters."""
    media_type: Mapped[str]
    """What its first bytes say it is, not what the browser said."""
    size: Mapped[int] = mapped_column(BigInteger)
    sha256: Mapped[str]
    """Of what is kept. A photograph is drawn again when it comes, so what was sent has another: `sent_sha256`."""
    sent_sha256: Mapped[str] = mapped_column(default="", server_default="")
    storage_key: Mapped[str]
    kind: Mapped[str]
    """A key of `words.KINDS`: signed_letter, minutes, photograph, attendance, report, decree…"""
    subject_type: Mapped[str]
    """Table of the record it backs: act, meeting, workshop, finding…; `workspace` where it backs none."""
    subject_id: Mapped[UUID | None]
    dated_on: Mapped[date | None]
    """The date that the document itself bears, where somebody told it."""
    note: Mapped[str] = mapped_column(default="", server_default="")
    uploaded_by: Mapped[str]
    consent: Mapped[bool | None]
    """For photographs and recordings with people: whether they agreed. Empty where it does not apply."""
    state: Mapped[str] = mapped_column(default="ready", server_default="ready")
    """ready, waiting (for the antivirus: nobody opens it), infected or damaged (nobody ever does)."""
    trouble: Mapped[str] = mapped_column(default="", server_default="")
    """What the antivirus found, or what the last check of the store did."""
    width: Mapped[int | None] = mapped_column(Integer)
    height: Mapped[int | None] = mapped_column(Integer)
    pictured: Mapped[bool] = mapped_column(default=False, server_default="false")
    """Whether its smaller pictures are made: `storage_key.thumb` and `storage_key.view`."""
    blurred: Mapped[bool] = mapped_column(default=False, server_default="false")
    """Whether somebody made parts of it unrecognisable; what it was is erased."""
    text: Mapped[str] = mapped_column(default="", server_default="", deferred=True)
    """The words inside a document, for the search of the workspace."""
    retained_until: Mapped[date | None]
    """Nobody may take it away before: the class of an act (`words.RETENTION`)."""
    erase_after: Mapped[date | None]
    """When its class says that it is no longer needed: it goes that night, unless it is held."""
    held: Mapped[bool] = mapped_column(default=False, server_default="false")
    """Under legal hold: nothing takes it away, whatever its dates."""
    hold_reason: Mapped[str] = mapped_column(default="", server_default="")
    checked_at: Mapped[datetime | None]
    """When its content was last read whole and compared with `sha256`."""

    was_there = False
    """Not kept: true on the row that `keep` gives back when the same content was already there."""


class Upload(TenantTable):
    """A content on its way in, that may stop and go on: pieces in the store, and how far they go."""

    __tablename__ = "upload"
    __table_args__ = (Index("ix_upload_person", "tenant_id", "person_id"),)

    person_id: Mapped[UUID | None]
    """Who sends it: nobody else sees it, adds to it or uses it."""
    name: Mapped[str]
    size: Mapped[int] = mapped_column(BigInteger)
    received: Mapped[int] = mapped_column(BigInteger, default=0, server_default="0")
    pieces: Mapped[list[Any]] = mapped_column(default=list, server_default="[]")
    """The names of its pieces in the store, in order; `direct` alone where the browser sent it straight there."""
    expires_at: Mapped[datetime]


class FileCheck(TenantTable):
    """What the monthly reading of the whole archive found."""

    __tablename__ = "file_check"

    at: Mapped[datetime]
    files: Mapped[int] = mapped_column(Integer)
    size: Mapped[int] = mapped_column(BigInteger)
    finished: Mapped[bool] = mapped_column(default=False, server_default="false")
    faults: Mapped[list[Any]] = mapped_column(default=list, server_default="[]")
    """[{"file_id": …, "name": …, "fault": "missing" | "altered" | "extra_version"}]"""
