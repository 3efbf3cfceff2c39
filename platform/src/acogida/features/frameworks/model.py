"""Links between the policy and the frameworks that it is aligned with. They are the core's: they outlive the plugin.

Each keeps the words of what it was linked to, so that it can be read, printed and exported when nobody brings the
framework any more.
"""

from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from acogida.kernel.db import CycleTable, tenant_key
from acogida.kernel.manifest import SubjectKind


class AlignmentLink(CycleTable):
    """A finding, an objective or an initiative works for a node of a framework."""

    __tablename__ = "alignment_link"
    __constraints__ = (
        UniqueConstraint(
            "tenant_id",
            "plugin",
            "framework",
            "node",
            "finding_id",
            "objective_id",
            "initiative_id",
            name="uq_alignment_link_once",
            postgresql_nulls_not_distinct=True,
        ),
        tenant_key("finding_id", to="finding", on_delete="CASCADE"),
        tenant_key("objective_id", to="objective", on_delete="CASCADE"),
        tenant_key("initiative_id", to="initiative", on_delete="CASCADE"),
        CheckConstraint("num_nonnulls(finding_id, objective_id, initiative_id) = 1", name="of_one_thing"),
        Index("ix_alignment_link_framework", "tenant_id", "cycle_id", "plugin", "framework"),
    )

    plugin: Mapped[str]
    framework: Mapped[str]
    framework_title: Mapped[str]
    node: Mapped[str]
    """Its code in the framework."""
    node_label: Mapped[str]
    """Its code and its words, as they were when the link was made."""
    finding_id: Mapped[UUID | None]
    objective_id: Mapped[UUID | None]
    initiative_id: Mapped[UUID | None]
    note: Mapped[str] = mapped_column(default="", server_default="")
    """How it works for it, where somebody said so."""

    @property
    def kind(self) -> SubjectKind:
        """What is linked."""
        return "finding" if self.finding_id else "objective" if self.objective_id else "initiative"

    @property
    def subject_id(self) -> UUID:
        found = self.finding_id or self.objective_id or self.initiative_id
        assert found is not None  # noqa: S101 because the table lets no row be of nothing
        return found
