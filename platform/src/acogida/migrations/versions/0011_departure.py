"""Leaving: packs with everything, the decision, and what is left of a municipality that went.

Only `erase_workspace` can take the books with the rest, and only on the day that the municipality decided.
"""

from pathlib import Path

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from acogida.migrations.wall import protect, share

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

FOLDER = Path(__file__).resolve().parents[1]


def upgrade() -> None:
    op.create_table(
        "farewell",
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("tenant_id_was", sa.Uuid(), nullable=False),
        sa.Column("cut", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("cargo", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("left_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("archive_key", sa.Text(), nullable=False),
        sa.Column("manifest_sha256", sa.Text(), nullable=False),
        sa.Column("archive_until", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_farewell")),
        sa.UniqueConstraint("tenant_id_was", name=op.f("uq_farewell_tenant_id_was")),
        schema="core",
    )
    op.create_table(
        "departure",
        sa.Column("decided_by", sa.Text(), nullable=False),
        sa.Column("cargo", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("asked_by", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("erase_on", sa.Date(), nullable=False),
        *_own(),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_departure")),
        sa.UniqueConstraint("tenant_id", name=op.f("uq_departure_tenant_id")),
        schema="core",
    )
    op.create_table(
        "exit_pack",
        sa.Column("asked_by", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("size", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("sha256", sa.Text(), server_default="", nullable=False),
        sa.Column("manifest_sha256", sa.Text(), server_default="", nullable=False),
        sa.Column("missing", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False),
        *_own(),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_exit_pack")),
        schema="core",
    )
    protect("departure")
    protect("exit_pack")
    share("farewell", rights="select, insert, delete")
    op.execute((FOLDER / "0011_erase.sql").read_text())


def _own() -> list[sa.Column]:
    return [
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
    ]
