"""The packs that a municipality takes with it, and its decision to leave Acogida.

What leaves is told by the database itself (`store.holdings`), so nothing that a workspace keeps is forgotten.
"""

from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import BigInteger, UniqueConstraint, func
from sqlalchemy.orm import Mapped, mapped_column

from acogida.kernel.db import GlobalTable, TenantTable, new_id

KEPT_FOR = timedelta(days=30)
"""How long a pack can be fetched; another is made at any time."""
NOTICE = timedelta(days=30)
"""The least time between the decision to leave and the erasure, for whoever thinks again. Our reading, not a law's."""
ARCHIVE_YEARS = 5
"""How long the last pack stays with the operator as the archive's copy. Our reading: the municipality keeps its own."""

LEFT_OUT = {
    "core.api_token": "llaves: un secreto no viaja",
    "core.departure": "la decisión de irse termina con el espacio",
    "core.exit_pack": "un paquete no se contiene a sí mismo",
    "core.idempotency_key": "memoria de un día de la API",
    "core.invitation": "enlaces de entrada: un secreto no viaja",
    "core.upload": "trozos de una subida que no terminó",
}
"""Tables that stay out of the pack, each with its reason. They are erased like the others."""


def archived_until(day: datetime) -> datetime:
    """This function will give the day until which an archive's copy stays; 29 February becomes 28."""
    year = day.year + ARCHIVE_YEARS
    try:
        return day.replace(year=year)
    except ValueError:
        return day.replace(year=year, day=28)


class ExitPack(TenantTable):
    """Everything that a workspace keeps, in one ZIP that can be checked without Acogida (`kernel.packs`)."""

    __tablename__ = "exit_pack"

    asked_by: Mapped[str]
    asked_at: Mapped[datetime]
    made_at: Mapped[datetime | None]
    """None while the worker prepares it."""
    size: Mapped[int] = mapped_column(BigInteger, default=0, server_default="0")
    sha256: Mapped[str] = mapped_column(default="", server_default="")
    """Of the ZIP."""
    manifest_sha256: Mapped[str] = mapped_column(default="", server_default="")
    """What `acogida verify` prints: proof that nobody made the pack again."""
    missing: Mapped[list[str]] = mapped_column(default=list, server_default="{}")
    """Files that the store could not give, by name. Empty when all is there."""

    @property
    def storage_key(self) -> str:
        return f"exit/{self.id}"

    def gone(self, now: datetime) -> bool:
        """This method will tell whether it can no longer be fetched."""
        return self.made_at is not None and now - self.made_at > KEPT_FOR


class Departure(TenantTable):
    """The decision to leave: on that day everything is erased, unless somebody thinks again."""

    __tablename__ = "departure"
    __table_args__ = (UniqueConstraint("tenant_id"),)

    decided_by: Mapped[str]
    cargo: Mapped[str]
    reason: Mapped[str]
    asked_by: Mapped[str]
    asked_at: Mapped[datetime]
    erase_on: Mapped[date]


class Farewell(GlobalTable):
    """What is left of a municipality that went: that it was here, who decided, and where the archive's copy is."""

    __tablename__ = "farewell"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id, server_default=func.uuidv7())
    tenant_id_was: Mapped[UUID] = mapped_column(unique=True)
    cut: Mapped[str]
    name: Mapped[str]
    cargo: Mapped[str]
    """Office of whoever decided: an office is not personal data, a name is."""
    asked_at: Mapped[datetime]
    left_at: Mapped[datetime]
    archive_key: Mapped[str]
    manifest_sha256: Mapped[str]
    archive_until: Mapped[date]
