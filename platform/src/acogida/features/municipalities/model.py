"""The registry of workspaces, and the claims and requests by which people come in."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, LargeBinary, func
from sqlalchemy.orm import Mapped, mapped_column

from acogida.kernel.db import GlobalTable, TenantTable, new_id


class Municipality(GlobalTable):
    """A tenant. That a municipality works with Acogida is public; everything else about it is behind the wall."""

    __tablename__ = "municipality"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id, server_default=func.uuidv7())
    cut: Mapped[str] = mapped_column(ForeignKey("core.commune.cut"), unique=True)
    slug: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    demo: Mapped[bool] = mapped_column(default=False, server_default="false")
    current_cycle_id: Mapped[UUID]
    opened_at: Mapped[datetime]


class Claim(GlobalTable):
    """Somebody asks to open the workspace of a commune, or to run one whose people have left.

    Their mailbox answers a link; then it opens at once, or waits for the regional office of Sermig.
    """

    __tablename__ = "claim"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id, server_default=func.uuidv7())
    cut: Mapped[str] = mapped_column(ForeignKey("core.commune.cut"), index=True)
    email: Mapped[str]
    name: Mapped[str]
    cargo: Mapped[str]
    token_hash: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    """When the workspace opened by this claim, or its new secretary came in."""
    kind: Mapped[str] = mapped_column(default="open", server_default="open")
    """open, or succession: the workspace is there and nobody answers in it."""
    state: Mapped[str] = mapped_column(default="asked", server_default="asked")
    """asked, waiting (for the regional office), approved, refused, opened or overtaken (by a rival)."""
    domain_known: Mapped[bool] = mapped_column(default=False, server_default="false")
    """Whether the mailbox is of a domain known to be the municipality's."""
    code_hash: Mapped[bytes | None] = mapped_column(LargeBinary)
    """Of the code mailed to the public address of the municipality, while nobody has typed it."""
    code_expires_at: Mapped[datetime | None]
    code_tries: Mapped[int] = mapped_column(default=0, server_default="0")
    code_shown_at: Mapped[datetime | None]
    """When the claimant typed it: somebody at the municipality's public address gave it to them."""
    message: Mapped[str] = mapped_column(default="", server_default="")
    """What the claimant tells the regional office."""
    submitted_at: Mapped[datetime | None]
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[str] = mapped_column(default="", server_default="")
    reason: Mapped[str] = mapped_column(default="", server_default="")
    """Why it was refused."""


class ClaimPaper(GlobalTable):
    """The act of appointment of who claims, for the eyes of the regional office alone. It goes when the claim does."""

    __tablename__ = "claim_paper"

    claim_id: Mapped[UUID] = mapped_column(ForeignKey("core.claim.id", ondelete="CASCADE"), primary_key=True)
    name: Mapped[str]
    media_type: Mapped[str]
    sha256: Mapped[str]
    content: Mapped[bytes] = mapped_column(LargeBinary)


class KnownMunicipality(GlobalTable):
    """What Sermig has added to what the catalogue knows of a municipality: its mail, and that it is recognised."""

    __tablename__ = "known_municipality"

    cut: Mapped[str] = mapped_column(ForeignKey("core.commune.cut"), primary_key=True)
    domains: Mapped[list[str]] = mapped_column(default=list, server_default="{}")
    public_address: Mapped[str] = mapped_column(default="", server_default="")
    """Mailbox that the municipality publishes for anybody to write to."""
    recognised: Mapped[bool] = mapped_column(default=False, server_default="false")
    """Sermig says that it is in the Sello Migrante programme: its workspace opens at once."""
    updated_by: Mapped[str]
    updated_at: Mapped[datetime]


class AccessRequest(TenantTable):
    """Somebody asks to join a workspace that already exists; who runs it answers."""

    __tablename__ = "access_request"

    name: Mapped[str]
    email: Mapped[str]
    cargo: Mapped[str]
    message: Mapped[str]
    status: Mapped[str] = mapped_column(default="pending", server_default="pending")
    """pending, invited or declined."""
    answered_at: Mapped[datetime | None]
