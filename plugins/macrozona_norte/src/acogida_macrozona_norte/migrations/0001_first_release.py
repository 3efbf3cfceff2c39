"""Answers, the communes of the table, its sessions and what was promised, each behind its tenant's wall."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from acogida.migrations.wall import protect

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

SCHEMA = "plugin_macrozona_norte"


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


def _text(name: str, default: str | None = "") -> sa.Column:
    return sa.Column(name, sa.Text(), server_default=default, nullable=False)


def _make(table: str, *parts: sa.Column | sa.Constraint) -> None:
    """Makes a table of this schema with what every table of a tenant carries."""
    op.create_table(
        table, *parts, *_columns(), sa.PrimaryKeyConstraint("tenant_id", "id", name=f"pk_{table}"), schema=SCHEMA
    )


def _unique(table: str, column: str) -> sa.UniqueConstraint:
    return sa.UniqueConstraint("tenant_id", column, name=f"uq_{table}_tenant_id_{column}")


def _gives_way(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["tenant_id", column],
        [f"{to}.tenant_id", f"{to}.id"],
        name=f"fk_{table}_tenant_id_{column}",
        ondelete=f"SET NULL ({column})",
    )


def _check(table: str, name: str, rule: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(rule, name=op.f(f"ck_{table}_{name}"))


def upgrade() -> None:
    _make(
        "answer",
        _text("question", None),
        _text("text"),
        _text("source"),
        sa.Column("answered_on", sa.Date(), nullable=False),
        _unique("answer", "question"),
    )
    _make("partner", _text("cut", None), _text("name", None), _unique("partner", "cut"))
    _make(
        "encounter",
        _text("title", None),
        sa.Column("takes_place_on", sa.Date(), nullable=False),
        _text("place"),
        _text("state", "called"),
        _text("topics"),
        _text("agreements"),
        sa.Column("cuts", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False),
        _check("encounter", "state_known", "state in ('called', 'held', 'cancelled')"),
    )
    _make(
        "pledge",
        _text("title", None),
        _text("cut", None),
        _text("responsible"),
        sa.Column("due_on", sa.Date(), nullable=False),
        _text("state", "open"),
        sa.Column("done_on", sa.Date(), nullable=True),
        _text("result"),
        sa.Column("encounter_id", sa.Uuid(), nullable=True),
        sa.Column("initiative_id", sa.Uuid(), nullable=True),
        _gives_way("pledge", "encounter_id", f"{SCHEMA}.encounter"),
        _gives_way("pledge", "initiative_id", "core.initiative"),
        _check("pledge", "state_known", "state in ('open', 'done', 'dropped')"),
    )
    op.create_index("ix_pledge_initiative", "pledge", ["tenant_id", "initiative_id"], schema=SCHEMA)
    for table in ("answer", "partner", "encounter", "pledge"):
        protect(table, schema=SCHEMA)
