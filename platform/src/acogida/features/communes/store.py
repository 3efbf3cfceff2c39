"""Questions about territory."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.inspection import inspect

from acogida.features.communes.model import CatalogueLoad
from acogida.kernel.db import GlobalTable, TenantSession


async def loaded_digest(session: TenantSession, name: str) -> str | None:
    return await session.scalar(select(CatalogueLoad.sha256).where(CatalogueLoad.name == name))


async def note_load(session: TenantSession, name: str, sha256: str, now: datetime) -> None:
    await upsert(session, CatalogueLoad, [{"name": name, "sha256": sha256, "loaded_at": now}])


async def upsert(session: TenantSession, table: type[GlobalTable], rows: Sequence[dict[str, Any]]) -> None:
    """Insert each row or bring it up to date, a thousand at a time."""
    keys = [column.name for column in inspect(table).primary_key]
    for start in range(0, len(rows), 1000):
        statement = insert(table).values(rows[start : start + 1000])
        fresh = {name: statement.excluded[name] for name in rows[0] if name not in keys}
        await session.execute(statement.on_conflict_do_update(index_elements=keys, set_=fresh))
