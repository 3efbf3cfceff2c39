"""Assessments and their proofs, both plans, the register of training and the process, each behind its tenant's wall."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from acogida.migrations.wall import protect

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

SCHEMA = "plugin_sello_migrante"


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


def _day(name: str, *, required: bool = False) -> sa.Column:
    return sa.Column(name, sa.Date(), nullable=not required)


def _id(name: str, *, required: bool = False) -> sa.Column:
    return sa.Column(name, sa.Uuid(), nullable=not required)


def _key(table: str, column: str, to: str, action: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["tenant_id", column],
        [f"{to}.tenant_id", f"{to}.id"],
        name=f"fk_{table}_tenant_id_{column}",
        ondelete=f"SET NULL ({column})" if action == "SET NULL" else action,
    )


def _make(table: str, *parts: sa.Column | sa.Constraint) -> None:
    """Makes a table of this schema with what every table of a tenant carries."""
    op.create_table(
        table, *parts, *_columns(), sa.PrimaryKeyConstraint("tenant_id", "id", name=f"pk_{table}"), schema=SCHEMA
    )


def _unique(table: str, *columns: str) -> sa.UniqueConstraint:
    return sa.UniqueConstraint("tenant_id", *columns, name=f"uq_{table}_tenant_id_{'_'.join(columns)}")


def _check(table: str, name: str, rule: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(rule, name=op.f(f"ck_{table}_{name}"))


def upgrade() -> None:
    _make(
        "assessment",
        _text("standard", None),
        _day("opened_on", required=True),
        _day("closed_on"),
        _text("closed_by"),
        sa.Column("met", sa.SmallInteger(), nullable=True),
        sa.Column("total", sa.SmallInteger(), nullable=True),
        sa.Column("report", postgresql.JSONB(), server_default="{}", nullable=False),
        _text("fingerprint"),
    )
    op.create_index(
        "uq_assessment_open",
        "assessment",
        ["tenant_id"],
        unique=True,
        schema=SCHEMA,
        postgresql_where=sa.text("closed_on is null"),
    )
    _make(
        "answer",
        _id("assessment_id", required=True),
        _text("criterion", None),
        _text("state"),
        _text("statement"),
        _unique("answer", "assessment_id", "criterion"),
        _key("answer", "assessment_id", f"{SCHEMA}.assessment", "CASCADE"),
        _check("answer", "state_known", "state in ('', 'met', 'partly', 'not_met', 'not_applicable')"),
    )
    _make(
        "proof",
        _id("assessment_id", required=True),
        _text("criterion", None),
        _text("kind", None),
        _text("name", None),
        _text("note"),
        _text("url"),
        _text("sha256"),
        _id("file_id"),
        _id("initiative_id"),
        _day("dated_on"),
        _text("added_by"),
        _key("proof", "assessment_id", f"{SCHEMA}.assessment", "CASCADE"),
        _key("proof", "file_id", "core.file", "SET NULL"),
        _key("proof", "initiative_id", "core.initiative", "SET NULL"),
        _check("proof", "kind_known", "kind in ('file', 'initiative', 'link', 'note')"),
    )
    op.create_index("ix_proof_criterion", "proof", ["tenant_id", "assessment_id", "criterion"], schema=SCHEMA)
    _make(
        "local_criterion",
        sa.Column("number", sa.SmallInteger(), nullable=False),
        _text("commitment", None),
        _text("title", None),
        _text("description"),
        _text("source", None),
        _day("dated_on"),
        _unique("local_criterion", "number"),
    )
    _make(
        "plan",
        _text("kind", None),
        _text("objective"),
        _text("approval"),
        _day("approved_on"),
        _text("evaluation"),
        _day("evaluated_on"),
        _unique("plan", "kind"),
        _check("plan", "kind_known", "kind in ('work', 'training')"),
    )
    _make(
        "action",
        _text("criterion", None),
        _text("title", None),
        _text("detail"),
        _text("unit"),
        _text("responsible"),
        _day("starts_on"),
        _day("ends_on"),
        _text("state", "planned"),
        _day("done_on"),
        _text("product"),
        _id("initiative_id"),
        _key("action", "initiative_id", "core.initiative", "SET NULL"),
        _check("action", "state_known", "state in ('planned', 'underway', 'done', 'dropped')"),
        _check("action", "dates_in_order", "ends_on is null or starts_on is null or ends_on >= starts_on"),
    )
    _make(
        "course",
        _text("title", None),
        _text("kind", None),
        _text("content"),
        _text("audience"),
        _text("provider"),
        _text("modality"),
        sa.Column("hours", sa.Numeric(5, 1), nullable=True),
        _day("planned_on"),
        _day("held_on"),
        _text("state", "planned"),
        _text("evaluation"),
        _day("names_erased_on"),
        _check("course", "state_known", "state in ('planned', 'held', 'cancelled')"),
    )
    _make(
        "participant",
        _id("course_id", required=True),
        _text("name"),
        _text("unit", None),
        sa.Column("trainer", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        _key("participant", "course_id", f"{SCHEMA}.course", "CASCADE"),
    )
    op.create_index("ix_participant_course", "participant", ["tenant_id", "course_id"], schema=SCHEMA)
    _make(
        "step",
        _text("step", None),
        _text("state", "pending"),
        _day("planned_on"),
        _day("done_on"),
        _text("reference"),
        _text("notes"),
        _unique("step", "step"),
        _check("step", "state_known", "state in ('pending', 'underway', 'done')"),
    )
    _make(
        "recognition",
        _text("kind", None),
        _text("resolution", None),
        _day("dated_on", required=True),
        _id("file_id"),
        _text("notes"),
        _key("recognition", "file_id", "core.file", "SET NULL"),
        _check("recognition", "kind_known", "kind in ('granted', 'revalidated')"),
    )
    _make(
        "gap_initiative",
        _text("criterion", None),
        _text("criterion_title", None),
        _text("standard", None),
        _day("found_on", required=True),
        _id("initiative_id", required=True),
        _unique("gap_initiative", "initiative_id", "criterion"),
        _key("gap_initiative", "initiative_id", "core.initiative", "CASCADE"),
    )
    for table in (
        "assessment",
        "answer",
        "proof",
        "local_criterion",
        "plan",
        "action",
        "course",
        "participant",
        "step",
        "recognition",
        "gap_initiative",
    ):
        protect(table, schema=SCHEMA)
