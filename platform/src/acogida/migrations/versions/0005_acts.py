"""Acts and signatures: who signs and in which order, what each file that came was worth, the register, the public seal.

Acts recorded before this have a file whose copy nobody has answered for: they stay as they are, `undeclared`, until
the secretaría municipal does.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from acogida.migrations.wall import protect, share

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _tables()
    protect("act_submission")
    protect("act_entry")
    op.execute("revoke update, delete on core.act_entry from acogida_app, acogida_worker")
    _seal()
    op.execute(_OLD_ACTS)


def _seal() -> None:
    """Anyone reads, only the municipality in `municipality_id` writes; nobody deletes: what was published stays known."""
    op.execute("alter table core.seal enable row level security")
    op.execute("alter table core.seal force row level security")
    op.execute("create policy reading on core.seal for select using (true)")
    op.execute("create policy inserts on core.seal for insert with check (municipality_id = (select core.tenant()))")
    op.execute(
        "create policy updates on core.seal for update using (municipality_id = (select core.tenant())) "
        "with check (municipality_id = (select core.tenant()))"
    )
    share("seal", rights="select, insert, update")


_OLD_ACTS = """
do $$
declare place record;
begin
    for place in select id from core.municipality loop
        perform set_config('app.tenant_id', place.id::text, true);
        update core.act set way = 'record', standing = 'undeclared' where file_id is not null;
        insert into core.act_submission
            (tenant_id, cycle_id, act_id, file_id, sha256, way, state, submitted_by, submitted_at)
        select a.tenant_id, a.cycle_id, a.id, f.id, f.sha256, 'record', 'undeclared', f.uploaded_by, f.created_at
        from core.act a join core.file f on f.tenant_id = a.tenant_id and f.id = a.file_id;
    end loop;
    perform set_config('app.tenant_id', '', true);
end $$
"""


def _tables() -> None:
    op.create_table(
        "act_entry",
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("act_id", sa.Uuid(), nullable=False),
        sa.Column("event", sa.Text(), nullable=False),
        sa.Column("content", postgresql.JSONB(), nullable=False),
        sa.Column("previous_hash", sa.LargeBinary(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_act_entry")),
        sa.UniqueConstraint("tenant_id", "seq", name=op.f("uq_act_entry_tenant_id_seq")),
        schema="core",
    )
    op.create_index("ix_act_entry_act", "act_entry", ["tenant_id", "act_id"], unique=False, schema="core")
    op.create_table(
        "act_submission",
        sa.Column("act_id", sa.Uuid(), nullable=False),
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("way", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("submitted_by", sa.Text(), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("declared_by", sa.Text(), server_default="", nullable=False),
        sa.Column("examination", postgresql.JSONB(), server_default="{}", nullable=False),
        sa.Column("reference", sa.Text(), server_default="", nullable=False),
        sa.Column("cycle_id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "act_id"],
            ["core.act.tenant_id", "core.act.id"],
            name=op.f("fk_act_submission_tenant_id_act_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "cycle_id"],
            ["core.cycle.tenant_id", "core.cycle.id"],
            name=op.f("fk_act_submission_tenant_id_cycle_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "file_id"],
            ["core.file.tenant_id", "core.file.id"],
            name=op.f("fk_act_submission_tenant_id_file_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_act_submission")),
        schema="core",
    )
    op.create_index("ix_act_submission_act", "act_submission", ["tenant_id", "act_id"], unique=False, schema="core")
    op.create_table(
        "seal",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("municipality_id", sa.Uuid(), nullable=False),
        sa.Column("municipality_name", sa.Text(), nullable=False),
        sa.Column("demo", sa.Boolean(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("dated_on", sa.Date(), nullable=True),
        sa.Column("approved_by", sa.Text(), nullable=False),
        sa.Column("way", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("replaced_by", sa.Text(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(["municipality_id"], ["core.municipality.id"], name=op.f("fk_seal_municipality_id")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_seal")),
        schema="core",
    )
    op.create_index(op.f("ix_seal_municipality_id"), "seal", ["municipality_id"], unique=False, schema="core")
    op.add_column("act", sa.Column("organ", sa.Text(), server_default="", nullable=False), schema="core")
    op.add_column("act", sa.Column("way", sa.Text(), server_default="", nullable=False), schema="core")
    op.add_column("act", sa.Column("standing", sa.Text(), server_default="", nullable=False), schema="core")
    op.add_column("act", sa.Column("ordered", sa.Boolean(), server_default="false", nullable=False), schema="core")
    op.add_column("act", sa.Column("code", sa.Text(), nullable=True), schema="core")
    op.create_unique_constraint(op.f("uq_act_tenant_id_code"), "act", ["tenant_id", "code"], schema="core")
    op.add_column("signatory", sa.Column("acting", sa.Boolean(), server_default="false", nullable=False), schema="core")
    op.add_column("signatory", sa.Column("run", sa.Text(), server_default="", nullable=False), schema="core")
    op.add_column("signatory", sa.Column("email", sa.Text(), server_default="", nullable=False), schema="core")
    op.add_column("signatory", sa.Column("token_hash", sa.LargeBinary(), nullable=True), schema="core")
    op.add_column("signatory", sa.Column("invited_at", sa.DateTime(timezone=True), nullable=True), schema="core")
    op.add_column("signatory", sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True), schema="core")
    op.create_unique_constraint(
        op.f("uq_signatory_tenant_id_token_hash"), "signatory", ["tenant_id", "token_hash"], schema="core"
    )
