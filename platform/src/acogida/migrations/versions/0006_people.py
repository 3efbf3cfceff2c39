"""People and offices: second factor, passkeys, cargos, subrogancia, grants to outsiders and claims that wait."""

from pathlib import Path

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from acogida.migrations.wall import protect, share

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

FOLDER = Path(__file__).resolve().parents[1]
SHARED_TABLES = {
    "claim_paper": "select, insert, update, delete",
    "known_municipality": "select, insert, update",
    "platform_entry": "select, insert",
    "recovery_code": "select, insert, update, delete",
    "second_factor": "select, insert, update, delete",
    "sign_in_step": "select, insert, update, delete",
}


def upgrade() -> None:
    _tables()
    for table in ("break_glass", "office_term", "outsider_look"):
        protect(table)
    op.execute("revoke update on core.outsider_look from acogida_app, acogida_worker")
    for table, rights in SHARED_TABLES.items():
        share(table, rights=rights)
    op.execute("update core.claim set state = 'opened' where confirmed_at is not null")
    op.execute((FOLDER / "0006_identity.sql").read_text())


def _tables() -> None:
    op.create_table(
        "platform_entry",
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("actor_name", sa.Text(), nullable=False),
        sa.Column("tag", sa.Text(), nullable=False),
        sa.Column("sentence", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_platform_entry")),
        schema="core",
    )
    op.create_table(
        "break_glass",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("operator", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["core.person.id"], name=op.f("fk_break_glass_person_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_break_glass")),
        schema="core",
    )
    op.create_table(
        "office_term",
        sa.Column("office", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("act", sa.Text(), server_default="", nullable=False),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("gives_role", sa.Text(), server_default="", nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("until is null or until >= since", name=op.f("ck_office_term_dates_in_order")),
        sa.ForeignKeyConstraint(["person_id"], ["core.person.id"], name=op.f("fk_office_term_person_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_office_term")),
        schema="core",
    )
    op.create_index(
        "ix_office_term_office", "office_term", ["tenant_id", "office", "since"], unique=False, schema="core"
    )
    op.create_table(
        "outsider_look",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("through", sa.Text(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["core.person.id"], name=op.f("fk_outsider_look_person_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_outsider_look")),
        schema="core",
    )
    op.create_table(
        "recovery_code",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("code_hash", sa.LargeBinary(), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["core.person.id"], name=op.f("fk_recovery_code_person_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("person_id", "code_hash", name=op.f("pk_recovery_code")),
        schema="core",
    )
    op.create_table(
        "second_factor",
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("secret", sa.LargeBinary(), nullable=True),
        sa.Column("last_step", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("credential_id", sa.LargeBinary(), nullable=True),
        sa.Column("public_key", sa.LargeBinary(), nullable=True),
        sa.Column("sign_count", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["core.person.id"], name=op.f("fk_second_factor_person_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_second_factor")),
        sa.UniqueConstraint("credential_id", name=op.f("uq_second_factor_credential_id")),
        schema="core",
    )
    op.create_index(op.f("ix_second_factor_person_id"), "second_factor", ["person_id"], unique=False, schema="core")
    op.create_table(
        "sign_in_step",
        sa.Column("id_hash", sa.LargeBinary(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("data", postgresql.JSONB(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["core.person.id"], name=op.f("fk_sign_in_step_person_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id_hash", name=op.f("pk_sign_in_step")),
        schema="core",
    )
    op.create_table(
        "known_municipality",
        sa.Column("cut", sa.String(length=5), nullable=False),
        sa.Column("domains", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False),
        sa.Column("public_address", sa.Text(), server_default="", nullable=False),
        sa.Column("recognised", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("updated_by", sa.Text(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["cut"], ["core.commune.cut"], name=op.f("fk_known_municipality_cut")),
        sa.PrimaryKeyConstraint("cut", name=op.f("pk_known_municipality")),
        schema="core",
    )
    op.create_table(
        "claim_paper",
        sa.Column("claim_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["claim_id"], ["core.claim.id"], name=op.f("fk_claim_paper_claim_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("claim_id", name=op.f("pk_claim_paper")),
        schema="core",
    )
    op.add_column("claim", sa.Column("kind", sa.Text(), server_default="open", nullable=False), schema="core")
    op.add_column("claim", sa.Column("state", sa.Text(), server_default="asked", nullable=False), schema="core")
    op.add_column(
        "claim", sa.Column("domain_known", sa.Boolean(), server_default="false", nullable=False), schema="core"
    )
    op.add_column("claim", sa.Column("code_hash", sa.LargeBinary(), nullable=True), schema="core")
    op.add_column("claim", sa.Column("code_expires_at", sa.DateTime(timezone=True), nullable=True), schema="core")
    op.add_column("claim", sa.Column("code_tries", sa.Integer(), server_default="0", nullable=False), schema="core")
    op.add_column("claim", sa.Column("code_shown_at", sa.DateTime(timezone=True), nullable=True), schema="core")
    op.add_column("claim", sa.Column("message", sa.Text(), server_default="", nullable=False), schema="core")
    op.add_column("claim", sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True), schema="core")
    op.add_column("claim", sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True), schema="core")
    op.add_column("claim", sa.Column("decided_by", sa.Text(), server_default="", nullable=False), schema="core")
    op.add_column("claim", sa.Column("reason", sa.Text(), server_default="", nullable=False), schema="core")
    op.add_column(
        "invitation",
        sa.Column("scope", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False),
        schema="core",
    )
    op.add_column(
        "invitation",
        sa.Column("areas", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False),
        schema="core",
    )
    op.add_column("membership", sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True), schema="core")
    op.add_column(
        "membership",
        sa.Column("scope", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False),
        schema="core",
    )
    op.add_column(
        "membership",
        sa.Column("areas", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False),
        schema="core",
    )
    op.add_column("person", sa.Column("region_code", sa.Text(), server_default="", nullable=False), schema="core")
    op.add_column("person", sa.Column("run", sa.Text(), nullable=True), schema="core")
    op.create_unique_constraint(op.f("uq_person_run"), "person", ["run"], schema="core")
    op.add_column(
        "web_session", sa.Column("method", sa.Text(), server_default="password", nullable=False), schema="core"
    )
    op.add_column("web_session", sa.Column("strong_at", sa.DateTime(timezone=True), nullable=True), schema="core")
    op.add_column(
        "web_session", sa.Column("renew", sa.Boolean(), server_default="false", nullable=False), schema="core"
    )
