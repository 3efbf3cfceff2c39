"""Runs migrations over one connection given by the caller: those of the core, or those of a plugin in its own schema."""

from alembic import context

from acogida.app import models
from acogida.kernel.db import SCHEMA, Base

config = context.config
models.load()
schema = config.attributes.get("schema", SCHEMA)


def _ours(_object: object, name: str | None, kind: str, _reflected: bool, _compare_to: object) -> bool:
    return kind != "schema" or name in (None, schema)


connection = config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=config.attributes.get("metadata", Base.metadata),
    version_table="alembic_version",
    version_table_schema=schema,
    include_schemas=True,
    include_name=lambda name, kind, _parents: kind != "schema" or name == schema,
    include_object=_ours,
    compare_type=True,
    transaction_per_migration=True,
)
with context.begin_transaction():
    context.run_migrations()
