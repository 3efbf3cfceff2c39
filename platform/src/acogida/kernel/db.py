"""PostgreSQL as Acogida uses it: tables of a tenant behind forced row-level security, and the sessions that reach them.

A session belongs to one tenant or to none. The tenant is bound when the transaction begins, never by hand, and a
tenant's table can't be touched from a session without one: it raises before any SQL (row-level security alone would
answer an innocent empty page). Composite keys `(tenant_id, id)` make a reference across tenants impossible.
"""

import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import DateTime, ForeignKeyConstraint, Integer, MetaData, Text, Uuid, event, func, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, AsyncSession, create_async_engine
from sqlalchemy.orm import (
    DeclarativeBase,
    Mapped,
    ORMExecuteState,
    Session,
    SessionTransaction,
    declared_attr,
    mapped_column,
)
from uuid_utils.compat import uuid7

from acogida.kernel.tenancy import PersonId, Tenant

SCHEMA = "core"
NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


def new_id() -> UUID:
    """This function will give a fresh UUID version 7: unique, and sorted by the moment it was made."""
    return uuid7()


class Base(DeclarativeBase):
    """Every table of the core, in schema `core`. Plugins keep theirs in `plugin_<name>`."""

    metadata = MetaData(schema=SCHEMA, naming_convention=NAMING)
    type_annotation_map = {
        str: Text,
        datetime: DateTime(timezone=True),
        UUID: Uuid,
        dict[str, Any]: JSONB,
        list[Any]: JSONB,
        list[str]: ARRAY(Text),
    }


class GlobalTable(Base):
    """A table that no tenant owns: communes, accounts, sessions. It carries no `tenant_id`."""

    __abstract__ = True


class TenantTable(Base):
    """A table behind the wall. Primary key `(tenant_id, id)`; `version` grows with each change (optimistic locking)."""

    __abstract__ = True

    tenant_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id, server_default=func.uuidv7())
    version: Mapped[int] = mapped_column(Integer, default=1, server_default="1")
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    updated_at: Mapped[datetime] = mapped_column(server_default=func.now(), onupdate=func.now())

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:  # pyrefly: ignore[bad-override]
        return {"version_id_col": cls.version, "eager_defaults": True}


class CycleTable(TenantTable):
    """A tenant's table whose rows belong to one policy cycle (3 to 4 years, guide 02 · 5.4).

    The wall shows the rows of the session's cycle only (migration 0010), and new rows are stamped with it; inside
    `session.every_cycle()` those of all are seen.
    """

    __abstract__ = True

    cycle_id: Mapped[UUID] = mapped_column()

    @declared_attr.directive
    def __table_args__(cls) -> tuple[Any, ...]:  # pyrefly: ignore[bad-override]
        return (tenant_key("cycle_id", to="cycle"), *getattr(cls, "__constraints__", ()))


def tenant_key(
    *columns: str, to: str, on_delete: str = "RESTRICT", name: str | None = None, schema: str = SCHEMA
) -> ForeignKeyConstraint:
    """This function will declare a foreign key between tenant tables; it always carries `tenant_id`.

    `tenant_key("unit_id", to="unit")` refers to `core.unit (tenant_id, id)`. Foreign keys ignore row-level security,
    so a key without the tenant would let one municipality point at another's row.
    With `on_delete="SET NULL"` only the named columns are emptied, never `tenant_id`.
    """
    action = f"SET NULL ({', '.join(columns)})" if on_delete == "SET NULL" else on_delete
    return ForeignKeyConstraint(
        ["tenant_id", *columns], [f"{schema}.{to}.tenant_id", f"{schema}.{to}.id"], ondelete=action, name=name
    )


def plugin_metadata(name: str) -> MetaData:
    """This function will make the collection of tables of a plugin, in its own schema: `metadata` of its base class."""
    return MetaData(schema=f"plugin_{name}", naming_convention=NAMING)


def core_key(column: str, *, to: str, on_delete: str = "CASCADE") -> ForeignKeyConstraint:
    """This function will declare a foreign key from a plugin's table to one of the core, which it can never hold back."""
    target = Base.metadata.tables[f"{SCHEMA}.{to}"]
    if on_delete not in ("CASCADE", "SET NULL"):
        raise ValueError("A plugin does not keep the core from deleting its own")
    action = f"SET NULL ({column})" if on_delete == "SET NULL" else on_delete
    return ForeignKeyConstraint(["tenant_id", column], [target.c.tenant_id, target.c.id], ondelete=action)


class NoTenant(RuntimeError):
    """A tenant's table was asked for outside any tenant. A bug of ours, never a person's."""


class TenantSession(AsyncSession):
    """A session bound to one tenant and one person for the whole of its life."""

    async def enter(self, tenant: Tenant) -> None:
        """This method will bind a session of no tenant to the one that this very transaction has just opened.

        Raises `NoTenant` where the session already belongs to one: nobody walks from a workspace into another.
        """
        if self.info.get("tenant_id") is not None:
            raise NoTenant("This session already belongs to a tenant and may not change it")
        self.info["tenant_id"], self.info["cycle_id"] = tenant.id, tenant.cycle_id
        await self.execute(
            text("select set_config('app.tenant_id', :tenant, true), set_config('app.cycle_id', :cycle, true)"),
            {"tenant": str(tenant.id), "cycle": str(tenant.cycle_id or "")},
        )

    @asynccontextmanager
    async def every_cycle(self) -> AsyncIterator[None]:
        """This method will show the rows of every cycle inside its block. New rows are still of the cycle in course."""
        await self.execute(_LOOK_AT_CYCLE, {"cycle": ""})
        yield
        await self.flush()
        await self.execute(_LOOK_AT_CYCLE, {"cycle": str(self.info["cycle_id"] or "")})


_LOOK_AT_CYCLE = text("select set_config('app.cycle_id', :cycle, true)")
_BIND = text(
    "select set_config('app.tenant_id', :tenant, true), set_config('app.cycle_id', :cycle, true), "
    "set_config('app.person_id', :person, true)"
)


def _bind(session: Session, _transaction: SessionTransaction, connection: Any) -> None:
    if session.info.get("lent"):
        return  # it joins a transaction that is bound already
    bound = {name: str(session.info.get(f"{name}_id") or "") for name in ("tenant", "cycle", "person")}
    connection.execute(_BIND, bound)


def _refuse_without_tenant(state: ORMExecuteState) -> None:
    if state.session.info.get("tenant_id") is None and any(
        issubclass(mapper.class_, TenantTable) and not getattr(mapper.class_, "__person_may_read__", False)
        for mapper in state.all_mappers
    ):
        names = ", ".join(mapper.class_.__name__ for mapper in state.all_mappers)
        raise NoTenant(f"{names} belongs to a tenant and this session has none")


def _stamp(session: Session, _context: object, _instances: object) -> None:
    for row in session.new:
        if isinstance(row, TenantTable) and row.tenant_id is None:
            if session.info.get("tenant_id") is None:
                raise NoTenant(f"{type(row).__name__} belongs to a tenant and this session has none")
            row.tenant_id = session.info["tenant_id"]
        if isinstance(row, CycleTable) and row.cycle_id is None:
            row.cycle_id = session.info["cycle_id"]


class BoundSession(Session):
    """The synchronous heart of every session we open: it binds the tenant and refuses to work without one."""


event.listen(BoundSession, "after_begin", _bind)
event.listen(BoundSession, "do_orm_execute", _refuse_without_tenant)
event.listen(BoundSession, "before_flush", _stamp)


class Database:
    """A pool of connections of one role, and the sessions opened on it."""

    def __init__(self, url: str, *, pool_size: int = 10, name: str = "acogida") -> None:
        self.engine: AsyncEngine = create_async_engine(
            url,
            pool_size=pool_size,
            max_overflow=pool_size,
            pool_pre_ping=True,
            pool_recycle=1800,
            hide_parameters=True,  # what a failed question carried is what people wrote
            json_serializer=lambda value: json.dumps(value, ensure_ascii=False, separators=(",", ":")),
            connect_args={
                "timeout": 10,
                "ssl": "prefer" if "127.0.0.1" not in url and "localhost" not in url else False,
                "server_settings": {
                    "application_name": name,
                    "search_path": "core,public,jobs",
                    "statement_timeout": "30000",
                    "lock_timeout": "5000",
                    "idle_in_transaction_session_timeout": "60000",
                    "TimeZone": "UTC",
                },
            },
        )

    def session(self, *, tenant: Tenant | None = None, person: PersonId | None = None) -> TenantSession:
        """This method will open a session for this tenant (or for none) and this person (or for none)."""
        return TenantSession(
            self.engine,
            sync_session_class=BoundSession,
            expire_on_commit=False,
            info={
                "tenant_id": tenant.id if tenant else None,
                "cycle_id": tenant.cycle_id if tenant else None,
                "person_id": person,
            },
        )

    @asynccontextmanager
    async def transaction(
        self, *, tenant: Tenant | None = None, person: PersonId | None = None, read_only: bool = False
    ) -> AsyncIterator[TenantSession]:
        """This method will open a session, begin, and commit at the end or roll everything back."""
        async with self.session(tenant=tenant, person=person) as session, session.begin():
            if read_only:
                await session.execute(text("set transaction read only"))
            yield session

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[AsyncConnection]:
        """This method will lend one connection in autocommit, with no tenant: for identity and health, nothing else."""
        async with self.engine.connect() as connection:
            yield await connection.execution_options(isolation_level="AUTOCOMMIT")

    async def close(self) -> None:
        await self.engine.dispose()


class UnsafeRole(RuntimeError):
    """The database would not hold the wall: Acogida refuses to start."""


_ROLE_FAULTS = """
select case
    when r.rolsuper then 'es superusuario'
    when r.rolbypassrls then 'puede saltarse la seguridad por filas (BYPASSRLS)'
    when r.rolreplication then 'puede copiar la base de datos entera (REPLICATION)'
    when r.rolcreaterole then 'puede crear otros usuarios (CREATEROLE)'
    when exists (select from pg_roles power
                 where power.rolname in ('pg_read_all_data', 'pg_write_all_data', 'pg_read_server_files',
                                         'pg_write_server_files', 'pg_execute_server_program')
                   and pg_has_role(current_user, power.oid, 'MEMBER'))
        then 'lee o escribe todo, o los archivos del servidor (COPY … PROGRAM)'
    when has_schema_privilege('core', 'CREATE') then 'puede crear tablas y vistas en el esquema core'
    when exists (select from pg_class c join pg_namespace n on n.oid = c.relnamespace
                 where n.nspname = 'core' and c.relkind = 'r' and pg_has_role(current_user, c.relowner, 'MEMBER'))
        then 'es dueño de las tablas'
end from pg_roles r where r.rolname = current_user
"""

TABLE_FAULTS = """
select n.nspname || '.' || c.relname || ': ' || concat_ws(', ',
    case when not c.relrowsecurity then 'sin ENABLE ROW LEVEL SECURITY' end,
    case when not c.relforcerowsecurity then 'sin FORCE ROW LEVEL SECURITY' end,
    case when not exists (select from pg_policy p where p.polrelid = c.oid and p.polqual is not null and p.polwithcheck is not null)
        then 'sin política con USING y WITH CHECK' end,
    case when of_cycle.attnum is not null and not exists (select from pg_policy p where p.polrelid = c.oid and p.polname = 'cycle')
        then 'sin política de ciclo' end)
from pg_class c
join pg_namespace n on n.oid = c.relnamespace
join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id' and not a.attisdropped
left join pg_attribute of_cycle on of_cycle.attrelid = c.oid and of_cycle.attname = 'cycle_id' and not of_cycle.attisdropped
     and n.nspname = 'core'
where c.relkind in ('r', 'p') and n.nspname not in ('pg_catalog', 'information_schema')
  and (not c.relrowsecurity or not c.relforcerowsecurity
       or (of_cycle.attnum is not null
           and not exists (select from pg_policy p where p.polrelid = c.oid and p.polname = 'cycle'))
       or not exists (select from pg_policy p where p.polrelid = c.oid and p.polqual is not null and p.polwithcheck is not null))
"""
"""Every table with a `tenant_id` whose wall has a hole, in any schema. Empty when all is well."""


AROUND_FAULTS = """
select n.nspname || '.' || c.relname || ': ' || case c.relkind
    when 'm' then 'vista materializada, que guarda filas de todas las municipalidades fuera del muro'
    when 'f' then 'tabla foránea, que no tiene muro'
    else 'vista sin security_invoker, que lee con los permisos de su dueño' end
from pg_class c
join pg_namespace n on n.oid = c.relnamespace
where (n.nspname = 'core' or n.nspname like 'plugin\\_%')
  and (c.relkind in ('m', 'f')
       or (c.relkind = 'v' and not coalesce(c.reloptions && array['security_invoker=true', 'security_invoker=on', 'security_invoker=1'], false)))
union all
select n.nspname || '.' || p.proname || ': función que corre con los permisos de su dueño (SECURITY DEFINER) y que cualquiera '
    || 'llama, o que busca los nombres donde quien la llama diga'
from pg_proc p
join pg_namespace n on n.oid = p.pronamespace
where p.prosecdef and (n.nspname = 'core' or n.nspname like 'plugin\\_%')
  and (has_function_privilege('public', p.oid, 'EXECUTE')
       or not exists (select from unnest(p.proconfig) setting where setting like 'search_path=%'))
union all
select n.nspname || '.' || c.relname || '.' || a.attname || ': se numera con una secuencia, que cuenta lo de todas las municipalidades'
from pg_attribute a
join pg_class c on c.oid = a.attrelid and c.relkind in ('r', 'p')
join pg_namespace n on n.oid = c.relnamespace and (n.nspname = 'core' or n.nspname like 'plugin\\_%')
left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
where a.attnum > 0 and not a.attisdropped
  and (a.attidentity <> '' or pg_get_expr(d.adbin, d.adrelid) like 'nextval(%')
  and exists (select from pg_attribute t where t.attrelid = c.oid and t.attname = 'tenant_id' and not t.attisdropped)
union all
select 'objeto grande ' || l.oid || ': los objetos grandes no tienen muro' from pg_largeobject_metadata l
"""
"""What would let rows go round the wall instead of through it, in any of our schemas. Empty when all is well."""


async def refuse_unsafe(database: Database) -> None:
    """This function will raise `UnsafeRole` unless our role is held by the wall, every tenant table has one, and nothing
    goes round it: views with their owner's rights, functions likewise, shared sequences, large objects."""
    async with database.connection() as connection:
        fault = await connection.scalar(text(_ROLE_FAULTS))
        found: Sequence[str] = (await connection.scalars(text(TABLE_FAULTS))).all()
        round_it: Sequence[str] = (await connection.scalars(text(AROUND_FAULTS))).all()
    # A plugin whose tables have a hole is set aside by who loads it, and nobody reads them; ours stop the start.
    holes = [hole for hole in (*found, *round_it) if not hole.startswith("plugin_")]
    if fault:
        raise UnsafeRole(f"El usuario de la base de datos {fault}. Acogida usa uno sin privilegios (infra/postgres).")
    if holes:
        raise UnsafeRole("Hay por dónde saltarse el muro: " + "; ".join(holes))
