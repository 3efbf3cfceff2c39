"""Keeping the library's collection."""

from typing import Any
from uuid import UUID

from acogida.sdk import NotFound, Rejected, Stale, Work, audit, initiative
from acogida_biblioteca import store
from acogida_biblioteca.forms import EditMaterial
from acogida_biblioteca.model import Material


async def add_material(work: Work, wanted: EditMaterial) -> Material:
    """This function will add a material to the collection."""
    work.require("planning:edit")
    changes = await _changes(work, wanted)

    row = Material(**changes)
    work.session.add(row)
    await work.session.flush()

    await audit.record(work, "material.added", f"agregó a la biblioteca «{row.title}»", subject=row, after=changes)
    return row


async def edit_material(work: Work, material_id: UUID, wanted: EditMaterial) -> Material:
    """This function will correct a material, or say what it goes along with."""
    work.require("planning:edit")
    row = await store.material(work, material_id, lock=True)
    if row.version != wanted.version:
        raise Stale(row)
    changes = await _changes(work, wanted)

    before = {name: getattr(row, name) for name in changes}
    for name, value in changes.items():
        setattr(row, name, value)
    await work.session.flush()

    words = f"corrigió en la biblioteca «{row.title}»"
    await audit.record(work, "material.edited", words, subject=row, before=before, after=changes)
    return row


async def remove_material(work: Work, material_id: UUID) -> str:
    """This function will take a material out of the collection and give its title."""
    work.require("planning:edit")
    row = await store.material(work, material_id, lock=True)
    await store.erase(work, material_id)

    words = f"quitó de la biblioteca «{row.title}»"
    await audit.record(work, "material.removed", words, subject=row, before={"title": row.title})
    return row.title


async def _changes(work: Work, wanted: EditMaterial) -> dict[str, Any]:
    changes = wanted.changes(without=("version", "initiative_id", "copies"))
    return {**changes, "copies": wanted.copies or 1, "initiative_id": await _initiative(work, wanted.initiative_id)}


async def _initiative(work: Work, wanted: str) -> UUID | None:
    if not wanted:
        return None
    try:
        return (await initiative(work, UUID(wanted))).id
    except (ValueError, NotFound):
        raise Rejected(fields={"initiative_id": "Esa iniciativa ya no está en la Política. Elija otra."}) from None
