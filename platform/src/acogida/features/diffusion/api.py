"""JSON twins of the diffusion."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from litestar import Response, delete, get, post, put

from acogida.features.diffusion import actions, store
from acogida.features.diffusion.forms import EditAction, EditPlan
from acogida.kernel.errors import NotFound
from acogida.kernel.work import Work
from acogida.web.api import After, IdempotencyKey, Limit, Page, checked, out, page_of, written
from acogida.web.routing import api


@dataclass(frozen=True)
class PlanOut:
    level: str
    reason: str
    message: str
    audiences: str
    version: int


@dataclass(frozen=True)
class ActionOut:
    id: UUID
    kind: str
    title: str
    held_on: date
    audience: str
    url: str
    notes: str
    version: int


@get("/difusion/plan", permission="workspace:read", operation_id="getDiffusionPlan")
async def get_plan(work: Work) -> PlanOut:
    plan = await store.plan(work)
    if plan is None:
        raise NotFound
    return out(PlanOut, plan)


@put("/difusion/plan", permission="diffusion:edit", operation_id="putDiffusionPlan")
async def put_plan(work: Work, data: EditPlan) -> PlanOut:
    return out(PlanOut, await actions.edit_plan(work, checked(data)))


@get("/difusion/acciones", permission="workspace:read", operation_id="listDiffusionActions")
async def list_actions(work: Work, limit: Limit, after: After = None) -> Page[ActionOut]:
    rows = await store.actions_done(work, after=after, limit=limit + 1)
    return page_of([out(ActionOut, row) for row in rows], limit)


@post("/difusion/acciones", permission="diffusion:edit", operation_id="addDiffusionAction")
async def add_action(work: Work, data: EditAction, idempotency_key: IdempotencyKey = None) -> Response[ActionOut]:
    async def write() -> Any:
        return out(ActionOut, await actions.add_action(work, checked(data)))

    return await written(work, data, idempotency_key, write)


@get("/difusion/acciones/{action_id:uuid}", permission="workspace:read", operation_id="getDiffusionAction")
async def get_action(work: Work, action_id: UUID) -> ActionOut:
    return out(ActionOut, await store.action(work, action_id))


@put("/difusion/acciones/{action_id:uuid}", permission="diffusion:edit", operation_id="putDiffusionAction")
async def put_action(work: Work, action_id: UUID, data: EditAction) -> ActionOut:
    return out(ActionOut, await actions.edit_action(work, action_id, checked(data)))


@delete("/difusion/acciones/{action_id:uuid}", permission="diffusion:edit", operation_id="deleteDiffusionAction")
async def delete_action(work: Work, action_id: UUID) -> None:
    await actions.remove_action(work, action_id)


ROUTES = [api("Difusión", get_plan, put_plan, list_actions, add_action, get_action, put_action, delete_action)]
