"""JSON twins of the library."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from litestar import Response, delete, get, post, put

from acogida.sdk import After, IdempotencyKey, Limit, Page, Work, checked, out, page_of, written
from acogida_biblioteca import actions, store
from acogida_biblioteca.forms import EditMaterial


@dataclass(frozen=True)
class MaterialOut:
    id: UUID
    title: str
    author: str
    kind: str
    language: str
    call_number: str
    copies: int
    initiative_id: UUID | None
    version: int


@get("/materiales", permission="workspace:read", operation_id="bibliotecaListMaterials")
async def list_materials(work: Work, limit: Limit, after: After = None) -> Page[MaterialOut]:
    rows = await store.materials_by_id(work, after=after, limit=limit + 1)
    return page_of([out(MaterialOut, row) for row in rows], limit)


@post("/materiales", permission="planning:edit", operation_id="bibliotecaAddMaterial")
async def add_material(work: Work, data: EditMaterial, idempotency_key: IdempotencyKey = None) -> Response[MaterialOut]:
    async def write() -> Any:
        return out(MaterialOut, await actions.add_material(work, checked(data)))

    return await written(work, data, idempotency_key, write)


@get("/materiales/{material_id:uuid}", permission="workspace:read", operation_id="bibliotecaGetMaterial")
async def get_material(work: Work, material_id: UUID) -> MaterialOut:
    return out(MaterialOut, await store.material(work, material_id))


@put("/materiales/{material_id:uuid}", permission="planning:edit", operation_id="bibliotecaPutMaterial")
async def put_material(work: Work, material_id: UUID, data: EditMaterial) -> MaterialOut:
    return out(MaterialOut, await actions.edit_material(work, material_id, checked(data)))


@delete("/materiales/{material_id:uuid}", permission="planning:edit", operation_id="bibliotecaDeleteMaterial")
async def delete_material(work: Work, material_id: UUID) -> None:
    await actions.remove_material(work, material_id)


HANDLERS = (list_materials, add_material, get_material, put_material, delete_material)
