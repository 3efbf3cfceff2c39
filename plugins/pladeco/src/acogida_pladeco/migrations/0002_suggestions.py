"""What the words of an initiative seem to speak of, behind its tenant's wall."""

import sqlalchemy as sa
from alembic import op

from acogida.migrations.wall import protect

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

SCHEMA = "plugin_pladeco"


def upgrade() -> None:
    now = sa.text("now()")
    op.create_table(
        "suggestion",
        sa.Column("initiative_id", sa.Uuid(), nullable=False),
        sa.Column("element_id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=now, nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=now, nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="pk_suggestion"),
        sa.UniqueConstraint("tenant_id", "initiative_id", name="uq_suggestion_tenant_id_initiative_id"),
        sa.ForeignKeyConstraint(
            ["tenant_id", "initiative_id"],
            ["core.initiative.tenant_id", "core.initiative.id"],
            name="fk_suggestion_tenant_id_initiative_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "element_id"],
            [f"{SCHEMA}.element.tenant_id", f"{SCHEMA}.element.id"],
            name="fk_suggestion_tenant_id_element_id",
            ondelete="CASCADE",
        ),
        schema=SCHEMA,
    )
    protect("suggestion", schema=SCHEMA)
