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
    """Somebody asks to open the workspace of a commune; it opens when the institutional mailbox answers the link."""

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
