"""Runs the migrations of the core over one connection given by the caller (`acogida migrate`)."""

from alembic import context

from acogida.app import models
from acogida.kernel.db import SCHEMA, Base

config = context.config
models.load()


def _ours(_object: object, name: str | None, kind: str, _reflected: bool, _compare_to: object) -> bool:
    return kind != "schema" or name in (None, SCHEMA)


connection = config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Base.metadata,
    version_table="alembic_version",
    version_table_schema=SCHEMA,
    include_schemas=True,
    include_name=lambda name, kind, _parents: kind != "schema" or name == SCHEMA,
    include_object=_ours,
    compare_type=True,
    transaction_per_migration=True,
)
with context.begin_transaction():
    context.run_migrations()
