"""What the library has: one row for each material, that may go along with an initiative of the policy."""

from uuid import UUID

from sqlalchemy import Index, SmallInteger
from sqlalchemy.orm import Mapped, mapped_column

from acogida.sdk import TenantTable, core_key, plugin_metadata

KINDS = {
    "book": "Libro",
    "story": "Cuento infantil",
    "course": "Curso de español",
    "guide": "Guía de trámites",
    "media": "Audio o video",
}


class LibraryTable(TenantTable):
    """A table of this plugin."""

    __abstract__ = True
    metadata = plugin_metadata("biblioteca")


class Material(LibraryTable):
    """Something to read, listen to or watch."""

    __tablename__ = "material"
    __table_args__ = (
        core_key("initiative_id", to="initiative", on_delete="SET NULL"),
        Index("ix_material_initiative", "tenant_id", "initiative_id"),
    )

    title: Mapped[str]
    author: Mapped[str] = mapped_column(default="", server_default="")
    kind: Mapped[str]
    """A key of `KINDS`."""
    language: Mapped[str]
    """As people call it: «creole haitiano», «inglés»."""
    call_number: Mapped[str] = mapped_column(default="", server_default="")
    """La signatura: where it stands on the shelf."""
    copies: Mapped[int] = mapped_column(SmallInteger, default=1, server_default="1")
    initiative_id: Mapped[UUID | None]
