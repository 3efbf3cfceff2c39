"""What plugins contributed, what a region recommends, and how each one behaves."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from acogida.migrations.wall import protect, share

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "extension_copy",
        sa.Column("plugin", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("plugin_version", sa.Text(), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tables", postgresql.JSONB(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_extension_copy")),
        sa.UniqueConstraint("tenant_id", "plugin", name=op.f("uq_extension_copy_tenant_id_plugin")),
        schema="core",
    )
    op.create_table(
        "extension_failure",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("plugin", sa.Text(), nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_extension_failure")),
        sa.UniqueConstraint(
            "day",
            "plugin",
            "slug",
            "question",
            "reason",
            name=op.f("uq_extension_failure_day_plugin_slug_question_reason"),
        ),
        schema="core",
    )
    op.create_table(
        "extension_recommendation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("plugin", sa.Text(), nullable=False),
        sa.Column("region", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("recommended_by", sa.Text(), nullable=False),
        sa.Column("recommended_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_extension_recommendation")),
        sa.UniqueConstraint("plugin", "region", name=op.f("uq_extension_recommendation_plugin_region")),
        schema="core",
    )
    op.create_table(
        "alignment_link",
        sa.Column("plugin", sa.Text(), nullable=False),
        sa.Column("framework", sa.Text(), nullable=False),
        sa.Column("framework_title", sa.Text(), nullable=False),
        sa.Column("node", sa.Text(), nullable=False),
        sa.Column("node_label", sa.Text(), nullable=False),
        sa.Column("finding_id", sa.Uuid(), nullable=True),
        sa.Column("objective_id", sa.Uuid(), nullable=True),
        sa.Column("initiative_id", sa.Uuid(), nullable=True),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.Column("cycle_id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint(
            "num_nonnulls(finding_id, objective_id, initiative_id) = 1", name=op.f("ck_alignment_link_of_one_thing")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "cycle_id"],
            ["core.cycle.tenant_id", "core.cycle.id"],
            name=op.f("fk_alignment_link_tenant_id_cycle_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "finding_id"],
            ["core.finding.tenant_id", "core.finding.id"],
            name=op.f("fk_alignment_link_tenant_id_finding_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "initiative_id"],
            ["core.initiative.tenant_id", "core.initiative.id"],
            name=op.f("fk_alignment_link_tenant_id_initiative_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "objective_id"],
            ["core.objective.tenant_id", "core.objective.id"],
            name=op.f("fk_alignment_link_tenant_id_objective_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_alignment_link")),
        sa.UniqueConstraint(
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
        schema="core",
    )
    op.create_index(
        "ix_alignment_link_framework",
        "alignment_link",
        ["tenant_id", "cycle_id", "plugin", "framework"],
        unique=False,
        schema="core",
    )
    op.create_table(
        "extension_value",
        sa.Column("plugin", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("initiative_id", sa.Uuid(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("cycle_id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "cycle_id"],
            ["core.cycle.tenant_id", "core.cycle.id"],
            name=op.f("fk_extension_value_tenant_id_cycle_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "initiative_id"],
            ["core.initiative.tenant_id", "core.initiative.id"],
            name=op.f("fk_extension_value_tenant_id_initiative_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_extension_value")),
        sa.UniqueConstraint(
            "tenant_id",
            "initiative_id",
            "plugin",
            "key",
            name=op.f("uq_extension_value_tenant_id_initiative_id_plugin_key"),
        ),
        schema="core",
    )

    for table in ("alignment_link", "extension_value", "extension_copy"):
        protect(table)
    share("extension_recommendation", rights="select, insert, update, delete")
    share("extension_failure", rights="select, insert, update, delete")
