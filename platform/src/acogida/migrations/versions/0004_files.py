"""Files that hold up: their class, their checks, their consent and what they were cut into."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from acogida.migrations.wall import protect

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "file_check",
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("files", sa.Integer(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("finished", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("faults", postgresql.JSONB(), server_default="[]", nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_file_check")),
        schema="core",
    )
    op.create_table(
        "upload",
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("received", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("pieces", postgresql.JSONB(), server_default="[]", nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_upload")),
        schema="core",
    )
    op.create_index("ix_upload_person", "upload", ["tenant_id", "person_id"], unique=False, schema="core")
    op.add_column("file", sa.Column("sent_sha256", sa.Text(), server_default="", nullable=False), schema="core")
    op.add_column("file", sa.Column("state", sa.Text(), server_default="ready", nullable=False), schema="core")
    op.add_column("file", sa.Column("trouble", sa.Text(), server_default="", nullable=False), schema="core")
    op.add_column("file", sa.Column("width", sa.Integer(), nullable=True), schema="core")
    op.add_column("file", sa.Column("height", sa.Integer(), nullable=True), schema="core")
    op.add_column("file", sa.Column("pictured", sa.Boolean(), server_default="false", nullable=False), schema="core")
    op.add_column("file", sa.Column("blurred", sa.Boolean(), server_default="false", nullable=False), schema="core")
    op.add_column("file", sa.Column("text", sa.Text(), server_default="", nullable=False), schema="core")
    op.add_column("file", sa.Column("retained_until", sa.Date(), nullable=True), schema="core")
    op.add_column("file", sa.Column("erase_after", sa.Date(), nullable=True), schema="core")
    op.add_column("file", sa.Column("held", sa.Boolean(), server_default="false", nullable=False), schema="core")
    op.add_column("file", sa.Column("hold_reason", sa.Text(), server_default="", nullable=False), schema="core")
    op.add_column("file", sa.Column("checked_at", sa.DateTime(timezone=True), nullable=True), schema="core")
    op.create_index("ix_file_sent", "file", ["tenant_id", "sent_sha256"], unique=False, schema="core")
    op.add_column("workshop_entry", sa.Column("photograph_id", sa.Uuid(), nullable=True), schema="core")
    op.add_column(
        "workshop_entry", sa.Column("region", postgresql.JSONB(), server_default="{}", nullable=False), schema="core"
    )
    op.create_index(
        "ix_workshop_entry_photograph", "workshop_entry", ["tenant_id", "photograph_id"], unique=False, schema="core"
    )
    op.create_foreign_key(
        op.f("fk_workshop_entry_tenant_id_photograph_id"),
        "workshop_entry",
        "file",
        ["tenant_id", "photograph_id"],
        ["tenant_id", "id"],
        source_schema="core",
        referent_schema="core",
        ondelete="SET NULL (photograph_id)",
    )
    for table in ("upload", "file_check"):
        protect(table)
