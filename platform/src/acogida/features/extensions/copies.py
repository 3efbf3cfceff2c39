"""A plain copy of all that a plugin keeps of a municipality, so that it is read, printed and taken away without it."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from acogida.features.extensions import store
from acogida.features.extensions.model import ExtensionCopy
from acogida.kernel import hooks
from acogida.kernel.hooks import Told
from acogida.kernel.manifest import Table
from acogida.kernel.work import Work


async def take(work: Work, *, only: str = "") -> list[ExtensionCopy]:
    """This function will ask the plugins that are on (or `only` one) for all they keep, and keep it.

    One that does not answer leaves its last copy as it was.
    """
    return [await _kept(work, told) for told in await hooks.export(work, only=only)]


async def _kept(work: Work, told: Told) -> ExtensionCopy:
    row = await store.copy(work, told.plugin.name, lock=True)
    if row is None:
        row = ExtensionCopy(plugin=told.plugin.name)
        work.session.add(row)
    row.title, row.plugin_version = told.plugin.title, told.plugin.version
    row.taken_at = work.clock.now()
    row.tables = [_plain(table) for table in told.tables]
    await work.session.flush()
    return row


def _plain(table: Table) -> dict[str, Any]:
    rows = [[value.isoformat() if isinstance(value, date) else value for value in row] for row in table.rows]
    return {"title": table.title, "columns": list(table.columns), "rows": rows}


def rows_of(tables: Iterable[Mapping[str, Any]]) -> int:
    """This function will count what a copy holds."""
    return sum(len(table["rows"]) for table in tables)
