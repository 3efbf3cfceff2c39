"""The good-practice catalogue: practices, their editions, proposals and adoptions.

What was published, what happened and what was said can be added and read, never changed: that is what the grants say.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from acogida.migrations.wall import protect, share

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "practice",
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("content", postgresql.JSONB(), nullable=False),
        sa.Column("edition", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("reviewed_by", sa.Text(), server_default="", nullable=False),
        sa.Column("approved_by", sa.Text(), server_default="", nullable=False),
        sa.Column("retired_reason", sa.Text(), server_default="", nullable=False),
        sa.Column("merged_into", sa.Text(), nullable=True),
        sa.Column("file_sha256", sa.Text(), server_default="", nullable=False),
        sa.Column("touched", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_by", sa.Text(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(["merged_into"], ["core.practice.code"], name=op.f("fk_practice_merged_into")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_practice")),
        sa.UniqueConstraint("code", name=op.f("uq_practice_code")),
        schema="core",
    )
    op.create_index(op.f("ix_practice_state"), "practice", ["state"], unique=False, schema="core")
    op.create_table(
        "practice_event",
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("actor_name", sa.Text(), nullable=False),
        sa.Column("tag", sa.Text(), nullable=False),
        sa.Column("sentence", sa.Text(), nullable=False),
        sa.Column("changes", postgresql.JSONB(), server_default="{}", nullable=False),
        sa.Column("request_id", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_practice_event")),
        schema="core",
    )
    op.create_index("ix_practice_event_code", "practice_event", ["code", "id"], unique=False, schema="core")
    op.create_table(
        "practice_adoption",
        sa.Column("key", sa.Uuid(), nullable=False),
        sa.Column("practice_code", sa.Text(), nullable=False),
        sa.Column("adopted_on", sa.Date(), nullable=False),
        sa.Column("commune", sa.Text(), nullable=True),
        sa.Column("goal_met", sa.Boolean(), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["practice_code"], ["core.practice.code"], name=op.f("fk_practice_adoption_practice_code")
        ),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_practice_adoption")),
        schema="core",
    )
    op.create_index(
        op.f("ix_practice_adoption_practice_code"), "practice_adoption", ["practice_code"], unique=False, schema="core"
    )
    op.create_table(
        "practice_edition",
        sa.Column("practice_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.SmallInteger(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("content", postgresql.JSONB(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_on", sa.Date(), nullable=False),
        sa.Column("reviewed_by", sa.Text(), nullable=False),
        sa.Column("approved_by", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["practice_id"], ["core.practice.id"], name=op.f("fk_practice_edition_practice_id")),
        sa.PrimaryKeyConstraint("practice_id", "number", name=op.f("pk_practice_edition")),
        schema="core",
    )
    op.create_index(op.f("ix_practice_edition_code"), "practice_edition", ["code"], unique=False, schema="core")
    op.create_index(
        "ix_practice_edition_content",
        "practice_edition",
        ["content"],
        unique=False,
        schema="core",
        postgresql_using="gin",
        postgresql_ops={"content": "jsonb_path_ops"},
    )
    op.create_table(
        "practice_proposal",
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("folio", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("content", postgresql.JSONB(), nullable=False),
        sa.Column("municipality_id", sa.Uuid(), nullable=True),
        sa.Column("proposer", sa.Text(), nullable=False),
        sa.Column("contact_name", sa.Text(), nullable=False),
        sa.Column("contact_email", sa.Text(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=True),
        sa.Column("practice_code", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["practice_code"], ["core.practice.code"], name=op.f("fk_practice_proposal_practice_code")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_practice_proposal")),
        sa.UniqueConstraint("folio", name=op.f("uq_practice_proposal_folio")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_practice_proposal_token_hash")),
        schema="core",
    )
    op.create_index(
        op.f("ix_practice_proposal_municipality_id"),
        "practice_proposal",
        ["municipality_id"],
        unique=False,
        schema="core",
    )
    op.create_index(op.f("ix_practice_proposal_state"), "practice_proposal", ["state"], unique=False, schema="core")
    op.create_table(
        "practice_proposal_message",
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("proposal_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("side", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["core.practice_proposal.id"], name=op.f("fk_practice_proposal_message_proposal_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_practice_proposal_message")),
        schema="core",
    )
    op.create_index(
        op.f("ix_practice_proposal_message_proposal_id"),
        "practice_proposal_message",
        ["proposal_id"],
        unique=False,
        schema="core",
    )
    op.create_table(
        "practice_translation",
        sa.Column("practice_id", sa.Uuid(), nullable=False),
        sa.Column("edition", sa.SmallInteger(), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("how_it_works", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False),
        sa.Column("results", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False),
        sa.Column("translated_by", sa.Text(), nullable=False),
        sa.Column("reviewed_by", sa.Text(), server_default="", nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["practice_id", "edition"],
            ["core.practice_edition.practice_id", "core.practice_edition.number"],
            name=op.f("fk_practice_translation_practice_id_edition"),
        ),
        sa.PrimaryKeyConstraint("practice_id", "edition", "language", name=op.f("pk_practice_translation")),
        schema="core",
    )
    op.create_table(
        "adoption",
        sa.Column("practice_code", sa.Text(), nullable=False),
        sa.Column("edition", sa.SmallInteger(), nullable=False),
        sa.Column("practice_title", sa.Text(), nullable=False),
        sa.Column("initiative_id", sa.Uuid(), nullable=True),
        sa.Column("adopted_on", sa.Date(), nullable=False),
        sa.Column("adopted_by", sa.Text(), nullable=False),
        sa.Column("adaptations", sa.Text(), server_default="", nullable=False),
        sa.Column("share_result", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("cycle_id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["practice_code"], ["core.practice.code"], name=op.f("fk_adoption_practice_code")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "cycle_id"],
            ["core.cycle.tenant_id", "core.cycle.id"],
            name=op.f("fk_adoption_tenant_id_cycle_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "initiative_id"],
            ["core.initiative.tenant_id", "core.initiative.id"],
            name=op.f("fk_adoption_tenant_id_initiative_id"),
            ondelete="SET NULL (initiative_id)",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_adoption")),
        sa.UniqueConstraint("tenant_id", "initiative_id", name=op.f("uq_adoption_tenant_id_initiative_id")),
        schema="core",
    )
    op.create_index("ix_adoption_practice", "adoption", ["tenant_id", "practice_code"], unique=False, schema="core")

    share("practice", rights="select, insert, update")
    share("practice_edition", rights="select, insert")
    share("practice_event", rights="select, insert")
    share("practice_translation", rights="select, insert, update")
    share("practice_proposal", rights="select, insert, update")
    share("practice_proposal_message", rights="select, insert")
    share("practice_adoption", rights="select, insert, update, delete")
    protect("adoption")
