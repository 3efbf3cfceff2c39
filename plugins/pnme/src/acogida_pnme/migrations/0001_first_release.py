"""The statement of alignment, behind its tenant's wall."""

import sqlalchemy as sa
from alembic import op

from acogida.migrations.wall import protect

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

SCHEMA = "plugin_pnme"


def upgrade() -> None:
    now = sa.text("now()")
    op.create_table(
        "statement",
        sa.Column("framework", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), server_default="", nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=now, nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=now, nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="pk_statement"),
        sa.UniqueConstraint("tenant_id", "framework", name="uq_statement_tenant_id_framework"),
        schema=SCHEMA,
    )
    protect("statement", schema=SCHEMA)
