"""What a workspace keeps, asked of the database itself: no list of tables to forget one in. Rows travel as JSON.

Every statement runs inside the wall: the session's tenant is the only one that it sees.
"""

import json
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Row, select, text

from acogida.features.departure.model import LEFT_OUT, Departure, ExitPack
from acogida.kernel.errors import NotFound
from acogida.kernel.work import Work

_BATCH = 500


@dataclass(frozen=True, slots=True)
class Holding:
    """A table where a workspace keeps rows: its full name, its owner's column, and the columns that can be written."""

    name: str
    owner: str
    columns: tuple[str, ...]

    @property
    def file(self) -> str:
        """Where it goes in a pack."""
        return f"tablas/{self.name}.jsonl"


_HOLDINGS = text(
    """
    select n.nspname || '.' || c.relname as name, min(o.attname) as owner,
        array_agg(a.attname::text order by a.attnum) filter (where a.attgenerated = '') as columns
    from pg_class c
    join pg_namespace n on n.oid = c.relnamespace
    join pg_attribute o on o.attrelid = c.oid and o.attname in ('tenant_id', 'municipality_id') and not o.attisdropped
    join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    where c.relkind in ('r', 'p') and c.relrowsecurity and (n.nspname = 'core' or n.nspname like 'plugin\\_%')
    group by n.nspname, c.relname
    """
)
_KEYS = text(
    """
    select distinct k.conrelid::regclass::text as child, k.confrelid::regclass::text as parent
    from pg_constraint k where k.contype = 'f' and k.conrelid <> k.confrelid
    """
)


async def holdings(work: Work) -> list[Holding]:
    """Every table that keeps rows of municipalities, those that others point at first. Raises `ValueError` on a circle."""
    found = {
        row.name: Holding(row.name, row.owner, tuple(row.columns)) for row in await work.session.execute(_HOLDINGS)
    }
    parents: dict[str, set[str]] = {name: set() for name in found}
    for child, parent in await work.session.execute(_KEYS):
        child, parent = (name if "." in name else f"core.{name}" for name in (child, parent))
        if child in found and parent in found:
            parents[child].add(parent)
    ordered: list[Holding] = []
    while parents:
        free = sorted(name for name, needs in parents.items() if not needs & parents.keys())
        if not free:
            raise ValueError(f"tables point at each other in a circle: {sorted(parents)}")
        ordered += [found[name] for name in free]
        for name in free:
            del parents[name]
    return ordered


async def packed_holdings(work: Work) -> list[Holding]:
    """Those that leave in a pack."""
    return [one for one in await holdings(work) if one.name not in LEFT_OUT]


async def lines(work: Work, holding: Holding) -> AsyncIterator[str]:
    """The rows of this workspace as JSON, in an order that does not change, one by one."""
    query = text(
        f"select to_jsonb(t) from {holding.name} t where {holding.owner} = :tenant order by to_jsonb(t)::text"  # noqa: S608 because names come from the catalogue of the database
    ).execution_options(yield_per=_BATCH)
    stream = await work.session.stream_scalars(query, {"tenant": work.tenant.id})
    async for row in stream:
        yield written(row)


def written(row: Mapping[str, Any]) -> str:
    """This function will write a row the one way that a pack has."""
    return json.dumps(row, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


async def put_back(work: Work, holding: Holding, rows: Sequence[str]) -> None:
    """Write these rows of a pack, as they were. Columns that this version lacks are left; new ones get their default."""
    known = [column for column in json.loads(rows[0]) if column in holding.columns] if rows else []
    if not known:
        return
    names = ", ".join(f'"{column}"' for column in known)
    await work.session.execute(
        text(
            f"insert into {holding.name} ({names}) select {names} "  # noqa: S608 because the same
            f"from jsonb_populate_recordset(null::{holding.name}, cast(:rows as jsonb))"
        ),
        {"rows": "[" + ",".join(rows) + "]"},
    )


async def pointing_at_people(work: Work) -> dict[str, list[str]]:
    """Table → its columns that name an account, which may have another id where the pack comes back."""
    found: dict[str, list[str]] = {}
    for table, column in await work.session.execute(
        text(
            """
            select k.conrelid::regclass::text, a.attname::text from pg_constraint k
            join pg_attribute a on a.attrelid = k.conrelid and a.attnum = any(k.conkey)
            where k.contype = 'f' and k.confrelid = 'core.person'::regclass
            """
        )
    ):
        found.setdefault(table if "." in table else f"core.{table}", []).append(column)
    return found


async def people(work: Work) -> Sequence[Row[Any]]:
    """The accounts that reach the workspace: id, e-mail and name, nothing else."""
    return (
        await work.session.execute(
            text(
                "select p.id, p.email, p.name from core.person p "
                "where p.id in (select person_id from core.membership where tenant_id = :tenant) order by p.email"
            ),
            {"tenant": work.tenant.id},
        )
    ).all()


async def account(work: Work, *, person_id: UUID, email: str, name: str) -> UUID:
    """The account of this e-mail here, made without a password where there was none."""
    known = await work.session.scalar(text("select id from core.person where email = :email"), {"email": email})
    if known is None:
        taken = await work.session.scalar(text("select 1 from core.person where id = :id"), {"id": person_id})
        known = await work.session.scalar(
            text(
                "insert into core.person (id, email, name) values (coalesce(:id, uuidv7()), :email, :name) returning id"
            ),
            {"id": None if taken else person_id, "email": email, "name": name},
        )
    return known


async def registry_row(work: Work) -> Mapping[str, Any]:
    """The row of the municipality in the registry."""
    return await work.session.scalar(
        text("select to_jsonb(m) from core.municipality m where id = :tenant"), {"tenant": work.tenant.id}
    )


async def register(work: Work, row: Mapping[str, Any]) -> None:
    """Write the municipality in the registry again, as it was."""
    await work.session.execute(
        text(
            "insert into core.municipality (id, cut, slug, name, demo, current_cycle_id, opened_at) "
            "select id, cut, slug, name, demo, current_cycle_id, opened_at "
            "from jsonb_populate_record(null::core.municipality, cast(:row as jsonb))"
        ),
        {"row": json.dumps(row)},
    )


async def registered(work: Work, *, cut: str, tenant_id: UUID) -> bool:
    """Whether this municipality already has a workspace here."""
    found = await work.session.scalar(
        text("select 1 from core.municipality where cut = :cut or id = :id"), {"cut": cut, "id": tenant_id}
    )
    return found is not None


async def erase_everything(work: Work) -> int:
    """Erase every row of the workspace, the registry's included. The database refuses before the day decided."""
    return await work.session.scalar(text("select core.erase_workspace()")) or 0


# --- Packs and the decision ----------------------------------------------------------------------


async def packs(work: Work) -> Sequence[ExitPack]:
    """The newest first."""
    return (await work.session.scalars(select(ExitPack).order_by(ExitPack.id.desc()))).all()


async def pack(work: Work, pack_id: UUID, *, lock: bool = False) -> ExitPack:
    query = select(ExitPack).where(ExitPack.id == pack_id)
    found = await work.session.scalar(query.with_for_update() if lock else query)
    if found is None:
        raise NotFound
    return found


async def packs_by_id(work: Work, *, after: UUID | None, limit: int) -> Sequence[ExitPack]:
    query = select(ExitPack).order_by(ExitPack.id).limit(limit)
    return (await work.session.scalars(query.where(ExitPack.id > after) if after else query)).all()


_DEPARTURE = select(Departure)
"""Made once, because the board asks it each time."""


async def departure(work: Work, *, lock: bool = False) -> Departure | None:
    return await work.session.scalar(_DEPARTURE.with_for_update() if lock else _DEPARTURE)


async def cancel(work: Work, row: Departure) -> None:
    await work.session.delete(row)
    await work.session.flush()
