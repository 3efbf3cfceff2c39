"""The wall shows one policy cycle at a time: whoever writes a query need not remember it.

A session that names no cycle sees them all, as `every_cycle` asks for and as the version before this one expects.
"""

from alembic import op

from acogida.migrations.wall import keep_to_cycle

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

TABLES = "select table_name from information_schema.columns where table_schema = 'core' and column_name = 'cycle_id'"


def upgrade() -> None:
    op.execute(
        "create function core.cycle() returns uuid language sql stable parallel safe "
        "as $$ select nullif(current_setting('app.cycle_id', true), '')::uuid $$"
    )
    for (table,) in op.get_bind().exec_driver_sql(TABLES).all():
        keep_to_cycle(table)
