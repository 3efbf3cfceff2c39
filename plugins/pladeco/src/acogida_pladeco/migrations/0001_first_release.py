"""The PLADECO, its elements, and what ties them to initiatives, each behind its tenant's wall."""

import sqlalchemy as sa
from alembic import op

from acogida.migrations.wall import protect

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

SCHEMA = "plugin_pladeco"


def _columns() -> list[sa.Column]:
    """What every table of a tenant carries."""
    now = sa.text("now()")
    return [
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=now, nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=now, nullable=False),
    ]


def _text(name: str) -> sa.Column:
    return sa.Column(name, sa.Text(), server_default="", nullable=False)


def _key(table: str, column: str, to: str, action: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["tenant_id", column],
        [f"{to}.tenant_id", f"{to}.id"],
        name=f"fk_{table}_tenant_id_{column}",
        ondelete=action,
    )


def upgrade() -> None:
    op.create_table(
        "pladeco",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("first_year", sa.SmallInteger(), nullable=False),
        sa.Column("last_year", sa.SmallInteger(), nullable=False),
        _text("approval"),
        sa.Column("approved_on", sa.Date(), nullable=True),
        _text("url"),
        _text("notes"),
        *_columns(),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="pk_pladeco"),
        sa.CheckConstraint("last_year >= first_year", name=op.f("ck_pladeco_years_in_order")),
        schema=SCHEMA,
    )
    op.create_table(
        "element",
        sa.Column("pladeco_id", sa.Uuid(), nullable=False),
        sa.Column("parent_id", sa.Uuid(), nullable=True),
        sa.Column("level", sa.Text(), nullable=False),
        _text("code"),
        sa.Column("name", sa.Text(), nullable=False),
        _text("description"),
        _text("unit"),
        sa.Column("first_year", sa.SmallInteger(), nullable=True),
        sa.Column("last_year", sa.SmallInteger(), nullable=True),
        sa.Column("position", sa.SmallInteger(), server_default="0", nullable=False),
        *_columns(),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="pk_element"),
        _key("element", "pladeco_id", f"{SCHEMA}.pladeco", "CASCADE"),
        _key("element", "parent_id", f"{SCHEMA}.element", "CASCADE"),
        sa.CheckConstraint("level in ('line', 'objective', 'program')", name=op.f("ck_element_level_known")),
        sa.CheckConstraint("(level = 'line') = (parent_id is null)", name=op.f("ck_element_line_on_top")),
        schema=SCHEMA,
    )
    op.create_index("ix_element_pladeco", "element", ["tenant_id", "pladeco_id"], schema=SCHEMA)
    op.create_table(
        "alignment",
        sa.Column("initiative_id", sa.Uuid(), nullable=False),
        _text("contribution"),
        _text("proposal"),
        sa.Column("proposed_under_id", sa.Uuid(), nullable=True),
        *_columns(),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="pk_alignment"),
        sa.UniqueConstraint("tenant_id", "initiative_id", name="uq_alignment_tenant_id_initiative_id"),
        _key("alignment", "initiative_id", "core.initiative", "CASCADE"),
        _key("alignment", "proposed_under_id", f"{SCHEMA}.element", "SET NULL (proposed_under_id)"),
        schema=SCHEMA,
    )
    op.create_table(
        "initiative_link",
        sa.Column("initiative_id", sa.Uuid(), nullable=False),
        sa.Column("element_id", sa.Uuid(), nullable=False),
        *_columns(),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="pk_initiative_link"),
        sa.UniqueConstraint(
            "tenant_id", "initiative_id", "element_id", name="uq_initiative_link_tenant_id_initiative_id_element_id"
        ),
        _key("initiative_link", "initiative_id", "core.initiative", "CASCADE"),
        _key("initiative_link", "element_id", f"{SCHEMA}.element", "CASCADE"),
        schema=SCHEMA,
    )
    op.create_index("ix_initiative_link_element", "initiative_link", ["tenant_id", "element_id"], schema=SCHEMA)
    for table in ("pladeco", "element", "alignment", "initiative_link"):
        protect(table, schema=SCHEMA)
