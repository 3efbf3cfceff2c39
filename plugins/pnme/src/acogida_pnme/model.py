"""What a municipality says, in a few paragraphs, of how its policy answers the 2030 Agenda.

What it says of the national policy is written in the strategic frame of the core, and is not asked here again.
"""

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from acogida.sdk import TenantTable, plugin_metadata


class PnmeTable(TenantTable):
    """A table of this plugin."""

    __abstract__ = True
    metadata = plugin_metadata("pnme")


class Statement(PnmeTable):
    """The statement of alignment with one framework."""

    __tablename__ = "statement"
    __table_args__ = (UniqueConstraint("tenant_id", "framework"),)

    framework: Mapped[str]
    text: Mapped[str] = mapped_column(default="", server_default="")
