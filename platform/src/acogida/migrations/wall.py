"""The wall of a tenant's table, written once: row-level security enabled, forced, with both halves of the policy."""

from alembic import op

POLICY = "tenant_id = (select core.tenant())"


def protect(table: str, *, schema: str = "core", using: str = POLICY) -> None:
    """This function will enable and force row-level security on the table and let `app` and `worker` work within it."""
    name = f"{schema}.{table}"
    op.execute(f"alter table {name} enable row level security")
    op.execute(f"alter table {name} force row level security")
    op.execute(f"create policy tenant on {name} using ({using}) with check ({POLICY})")
    op.execute(f"grant select, insert, update, delete on {name} to acogida_app, acogida_worker")


def share(table: str, *, rights: str, schema: str = "core") -> None:
    """This function will give `app` and `worker` these rights on a table that no tenant owns."""
    op.execute(f"grant {rights} on {schema}.{table} to acogida_app, acogida_worker")


def keep_to_cycle(table: str, *, schema: str = "core") -> None:
    """This function will show, of a table with `cycle_id`, only the rows of the session's cycle where it names one."""
    op.execute(
        f"create policy cycle on {schema}.{table} as restrictive for select "
        "using (cycle_id = coalesce((select core.cycle()), cycle_id))"
    )
