"""The library's collection, behind its tenant's wall."""

import sqlalchemy as sa
from alembic import op

from acogida.migrations.wall import protect

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

SCHEMA = "plugin_biblioteca"


def upgrade() -> None:
    now = sa.text("now()")
    op.create_table(
        "material",
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("author", sa.Text(), server_default="", nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("call_number", sa.Text(), server_default="", nullable=False),
        sa.Column("copies", sa.SmallInteger(), server_default="1", nullable=False),
        sa.Column("initiative_id", sa.Uuid(), nullable=True),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=now, nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=now, nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="pk_material"),
        sa.ForeignKeyConstraint(
            ["tenant_id", "initiative_id"],
            ["core.initiative.tenant_id", "core.initiative.id"],
            name="fk_material_tenant_id_initiative_id",
            ondelete="SET NULL (initiative_id)",
        ),
        schema=SCHEMA,
    )
    op.create_index("ix_material_initiative", "material", ["tenant_id", "initiative_id"], schema=SCHEMA)
    protect("material", schema=SCHEMA)
