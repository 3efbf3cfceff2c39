"""JSON twins of leaving."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from litestar import Response, delete, get, post, put

from acogida.features.departure import actions, store
from acogida.features.departure.forms import Leave
from acogida.kernel.errors import NotFound
from acogida.kernel.work import Work
from acogida.web.api import After, IdempotencyKey, Limit, Page, checked, out, page_of, written
from acogida.web.routing import api


@dataclass(frozen=True)
class ExitPackOut:
    id: UUID
    asked_by: str
    asked_at: datetime
    made_at: datetime | None
    size: int
    sha256: str
    manifest_sha256: str
    missing: list[str]


@dataclass(frozen=True)
class DepartureOut:
    decided_by: str
    cargo: str
    reason: str
    asked_by: str
    asked_at: datetime
    erase_on: date


@dataclass(frozen=True)
class Nothing:
    """Nothing more is needed."""


@get("/salida/paquetes", permission="workspace:leave", operation_id="listExitPacks")
async def list_packs(work: Work, limit: Limit, after: After = None) -> Page[ExitPackOut]:
    rows = await store.packs_by_id(work, after=after, limit=limit + 1)
    return page_of([out(ExitPackOut, row) for row in rows], limit)


@post("/salida/paquetes", permission="workspace:leave", operation_id="askForExitPack")
async def ask(work: Work, idempotency_key: IdempotencyKey = None) -> Response[ExitPackOut]:
    async def write() -> Any:
        return out(ExitPackOut, await actions.ask_for_pack(work))

    return await written(work, Nothing(), idempotency_key, write)


@get("/salida/paquetes/{pack_id:uuid}", permission="workspace:leave", operation_id="getExitPack")
async def get_pack(work: Work, pack_id: UUID) -> ExitPackOut:
    return out(ExitPackOut, await store.pack(work, pack_id))


@get("/salida", permission="workspace:leave", operation_id="getDeparture")
async def get_departure(work: Work) -> DepartureOut:
    row = await store.departure(work)
    if row is None:
        raise NotFound
    return out(DepartureOut, row)


@put("/salida", permission="workspace:leave", operation_id="putDeparture")
async def put_departure(work: Work, data: Leave) -> DepartureOut:
    return out(DepartureOut, await actions.leave(work, checked(data)))


@delete("/salida", permission="workspace:leave", operation_id="deleteDeparture")
async def delete_departure(work: Work) -> None:
    await actions.stay(work)


ROUTES = [api("Salida", list_packs, ask, get_pack, get_departure, put_departure, delete_departure)]
