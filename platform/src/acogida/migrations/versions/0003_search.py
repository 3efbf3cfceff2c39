"""What is looked for: the public projection of the catalogue, the words it knows, and searches that people keep."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from acogida.migrations.wall import share

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "practice_index",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("edition", sa.SmallInteger(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("country", sa.Text(), nullable=False),
        sa.Column("region", sa.Text(), nullable=False),
        sa.Column("scale", sa.Text(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("dimensions", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("categories", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("subcategories", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("themes", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("targets", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("languages", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("published_on", sa.Date(), nullable=False),
        sa.Column("adoptions", sa.Integer(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("head", postgresql.TSVECTOR(), nullable=False),
        sa.Column("words", postgresql.TSVECTOR(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_practice_index")),
        schema="core",
    )
    op.create_index("ix_practice_index_words", "practice_index", ["words"], schema="core", postgresql_using="gin")
    op.create_table(
        "practice_word",
        sa.Column("word", sa.Text(), nullable=False),
        sa.Column("stem", sa.Text(), nullable=False),
        sa.Column("documents", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("word", "stem", name=op.f("pk_practice_word")),
        schema="core",
    )
    op.create_index(op.f("ix_practice_word_stem"), "practice_word", ["stem"], schema="core")
    op.create_index(
        "ix_practice_word_trigram",
        "practice_word",
        ["word"],
        schema="core",
        postgresql_using="gin",
        postgresql_ops={"word": "gin_trgm_ops"},
    )
    op.create_index(
        "ix_practice_word_beginning",
        "practice_word",
        ["word"],
        schema="core",
        postgresql_ops={"word": "text_pattern_ops"},
    )
    for table in ("practice_index", "practice_word"):
        share(table, rights="select")
        op.execute(f"grant insert, update, delete on core.{table} to acogida_worker")
    op.create_table(
        "practice_alert",
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("asked", sa.Text(), nullable=False),
        sa.Column("token", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("told_on", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_practice_alert")),
        sa.UniqueConstraint("email", "asked", name=op.f("uq_practice_alert_email_asked")),
        sa.UniqueConstraint("token", name=op.f("uq_practice_alert_token")),
        schema="core",
    )
    share("practice_alert", rights="select, insert, update, delete")
