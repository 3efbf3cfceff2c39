"""What every write of this extension has in common."""

from collections.abc import Mapping
from typing import Any, TypeVar
from uuid import UUID

from acogida.sdk import Rejected, Stale, Work
from acogida_sello_migrante import store
from acogida_sello_migrante.model import SelloTable
from acogida_sello_migrante.standard import titles

R = TypeVar("R", bound=SelloTable)


async def locked(work: Work, kind: type[R], row_id: UUID, version: int) -> R:
    """This function will give a row to write on, or raise `Stale` where somebody wrote on it after it was seen."""
    row = await store.one(work, kind, row_id, lock=True)
    if row.version != version:
        raise Stale(row)
    return row


async def set_fields(work: Work, row: SelloTable, changes: Mapping[str, Any]) -> dict[str, Any]:
    """This function will set these fields and give what they were."""
    before = {name: getattr(row, name) for name in changes}
    for name, value in changes.items():
        setattr(row, name, value)
    await work.session.flush()
    return before


def as_id(text: str) -> UUID | None:
    """This function will read an id; None where it is not one."""
    try:
        return UUID(text)
    except ValueError:
        return None


async def known_criterion(work: Work, criterion_id: str) -> str:
    """This function will give the title of a requirement of any version or of this municipality's own, or raise `Rejected`."""
    known = {**titles(), **{row.key: row.title for row in await store.local_criteria(work)}}
    if criterion_id not in known:
        raise Rejected(fields={"criterion": "Elija un requisito de la lista."})
    return known[criterion_id]
