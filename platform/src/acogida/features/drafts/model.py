"""What a person is typing and has not saved yet."""

from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from acogida.kernel.db import TenantTable


class Draft(TenantTable):
    """The fields of one form as one person left them."""

    __tablename__ = "draft"
    __table_args__ = (UniqueConstraint("tenant_id", "person_id", "key"),)

    person_id: Mapped[UUID] = mapped_column(ForeignKey("core.person.id", ondelete="CASCADE"))
    key: Mapped[str]
    fields: Mapped[dict[str, Any]]
    """Field name → list of values, as the browser would send them."""
