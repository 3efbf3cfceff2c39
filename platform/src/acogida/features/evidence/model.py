"""Files of a workspace: what they are called, what they really are, whom they belong to."""

from datetime import date
from uuid import UUID

from sqlalchemy import BigInteger, Index
from sqlalchemy.orm import Mapped, mapped_column

from acogida.kernel.db import CycleTable


class File(CycleTable):
    """One kept file. Its content lives in the store under `storage_key`, a name of ours."""

    __tablename__ = "file"
    __constraints__ = (Index("ix_file_subject", "tenant_id", "subject_type", "subject_id"),)

    name: Mapped[str]
    """As the person named it, cleaned of paths and control characters."""
    media_type: Mapped[str]
    """What its first bytes say it is, not what the browser said."""
    size: Mapped[int] = mapped_column(BigInteger)
    sha256: Mapped[str]
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
    """For photographs with people: whether they agreed to appear. Empty where it does not apply."""

    was_there = False
    """Not kept: true on the row that `keep` gives back when the same content was already there."""
