"""The commune's PLADECO as a tree of lineamientos, objectives and programs, and the initiatives that hang from it.

A PLADECO outlives a cycle of the policy and the other way round, so these rows belong to the municipality and to no
cycle; the links point at initiatives, which do.
"""

from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, SmallInteger, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from acogida.sdk import TenantTable, core_key, plugin_metadata, tenant_key

SCHEMA = "plugin_pladeco"
LEAST_YEARS = 4
"""How long a PLADECO lasts, at least (Ley 18.695, art. 7)."""


class PladecoTable(TenantTable):
    """A table of this plugin."""

    __abstract__ = True
    metadata = plugin_metadata("pladeco")


class Pladeco(PladecoTable):
    """A Plan de Desarrollo Comunal: its years and the act that approved it."""

    __tablename__ = "pladeco"
    __table_args__ = (CheckConstraint("last_year >= first_year", name="years_in_order"),)

    name: Mapped[str]
    first_year: Mapped[int] = mapped_column(SmallInteger)
    last_year: Mapped[int] = mapped_column(SmallInteger)
    approval: Mapped[str] = mapped_column(default="", server_default="")
    """The act: agreement of the concejo and decree (art. 65 a)."""
    approved_on: Mapped[date | None]
    url: Mapped[str] = mapped_column(default="", server_default="")
    notes: Mapped[str] = mapped_column(default="", server_default="")

    @property
    def years(self) -> str:
        """Its period, as people write it."""
        return f"{self.first_year}-{self.last_year}"

    @property
    def too_short(self) -> bool:
        """Whether it lasts less than the law asks."""
        return self.last_year - self.first_year + 1 < LEAST_YEARS


class Element(PladecoTable):
    """A lineamiento (`line`), an objective under it (`objective`) or a program under that (`program`)."""

    __tablename__ = "element"
    __table_args__ = (
        tenant_key("pladeco_id", to="pladeco", on_delete="CASCADE", schema=SCHEMA),
        tenant_key("parent_id", to="element", on_delete="CASCADE", schema=SCHEMA),
        CheckConstraint("level in ('line', 'objective', 'program')", name="level_known"),
        CheckConstraint("(level = 'line') = (parent_id is null)", name="line_on_top"),
        Index("ix_element_pladeco", "tenant_id", "pladeco_id"),
    )

    pladeco_id: Mapped[UUID]
    parent_id: Mapped[UUID | None]
    level: Mapped[str]
    code: Mapped[str] = mapped_column(default="", server_default="")
    """As the document numbers it: «3» or «3.1.2»."""
    name: Mapped[str]
    description: Mapped[str] = mapped_column(default="", server_default="")
    unit: Mapped[str] = mapped_column(default="", server_default="")
    first_year: Mapped[int | None] = mapped_column(SmallInteger)
    last_year: Mapped[int | None] = mapped_column(SmallInteger)
    position: Mapped[int] = mapped_column(SmallInteger, default=0, server_default="0")

    @property
    def title(self) -> str:
        """Its number and its name, as they are written: «3. Salud», «3.1 Salud intercultural»."""
        number = f"{self.code}." if self.code.isdigit() else self.code
        return f"{number} {self.name}".strip()


class Alignment(PladecoTable):
    """What the municipality says of one initiative before the PLADECO."""

    __tablename__ = "alignment"
    __table_args__ = (
        UniqueConstraint("tenant_id", "initiative_id"),
        core_key("initiative_id", to="initiative"),
        tenant_key("proposed_under_id", to="element", on_delete="SET NULL", schema=SCHEMA),
    )

    initiative_id: Mapped[UUID]
    contribution: Mapped[str] = mapped_column(default="", server_default="")
    """How it contributes to what it is linked to."""
    proposal: Mapped[str] = mapped_column(default="", server_default="")
    """Why the next PLADECO should take it in; empty where it is not proposed."""
    proposed_under_id: Mapped[UUID | None]
    """The lineamiento where it would fit best."""


class InitiativeLink(PladecoTable):
    """This initiative of the policy works for that part of the PLADECO."""

    __tablename__ = "initiative_link"
    __table_args__ = (
        UniqueConstraint("tenant_id", "initiative_id", "element_id"),
        core_key("initiative_id", to="initiative"),
        tenant_key("element_id", to="element", on_delete="CASCADE", schema=SCHEMA),
        Index("ix_initiative_link_element", "tenant_id", "element_id"),
    )

    initiative_id: Mapped[UUID]
    element_id: Mapped[UUID]


class Suggestion(PladecoTable):
    """The words of this initiative seem to speak of that part of the PLADECO. It links nothing: a person decides."""

    __tablename__ = "suggestion"
    __table_args__ = (
        UniqueConstraint("tenant_id", "initiative_id"),
        core_key("initiative_id", to="initiative"),
        tenant_key("element_id", to="element", on_delete="CASCADE", schema=SCHEMA),
    )

    initiative_id: Mapped[UUID]
    element_id: Mapped[UUID]
