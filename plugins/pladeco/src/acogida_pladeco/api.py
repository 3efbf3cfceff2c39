"""JSON twins of the PLADECO."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from litestar import Response, delete, get, post, put

from acogida.sdk import (
    After,
    IdempotencyKey,
    Limit,
    NotFound,
    Page,
    Work,
    checked,
    initiative,
    out,
    page_of,
    written,
)
from acogida_pladeco import actions, store
from acogida_pladeco.coverage import coverage
from acogida_pladeco.forms import Align, EditElement, EditPladeco


@dataclass(frozen=True)
class PladecoOut:
    id: UUID
    name: str
    first_year: int
    last_year: int
    approval: str
    approved_on: date | None
    url: str
    notes: str
    version: int


@dataclass(frozen=True)
class ElementOut:
    id: UUID
    pladeco_id: UUID
    parent_id: UUID | None
    level: str
    code: str
    name: str
    description: str
    unit: str
    first_year: int | None
    last_year: int | None
    version: int


@dataclass(frozen=True)
class AlignmentOut:
    initiative_id: UUID
    elements: list[UUID]
    contribution: str
    proposed_under: UUID | None
    proposal: str
    version: int


@dataclass(frozen=True)
class LineOut:
    """A lineamiento and the initiatives linked to it or to what hangs from it."""

    element_id: UUID
    title: str
    initiatives: list[UUID]


@dataclass(frozen=True)
class CoverageOut:
    pladeco_id: UUID
    lines: list[LineOut]
    outside: list[UUID]
    """Initiatives linked to nothing of the PLADECO."""
    horizon: list[str]


@get("/planes", permission="workspace:read", operation_id="pladecoListPlans")
async def list_plans(work: Work, limit: Limit, after: After = None) -> Page[PladecoOut]:
    rows = await store.pladecos_by_id(work, after=after, limit=limit + 1)
    return page_of([out(PladecoOut, row) for row in rows], limit)


@post("/planes", permission="planning:edit", operation_id="pladecoAddPlan")
async def add_plan(work: Work, data: EditPladeco, idempotency_key: IdempotencyKey = None) -> Response[PladecoOut]:
    async def write() -> Any:
        return out(PladecoOut, await actions.add_pladeco(work, checked(data)))

    return await written(work, data, idempotency_key, write)


@get("/planes/{pladeco_id:uuid}", permission="workspace:read", operation_id="pladecoGetPlan")
async def get_plan(work: Work, pladeco_id: UUID) -> PladecoOut:
    return out(PladecoOut, await store.pladeco(work, pladeco_id))


@put("/planes/{pladeco_id:uuid}", permission="planning:edit", operation_id="pladecoPutPlan")
async def put_plan(work: Work, pladeco_id: UUID, data: EditPladeco) -> PladecoOut:
    return out(PladecoOut, await actions.edit_pladeco(work, pladeco_id, checked(data)))


@delete("/planes/{pladeco_id:uuid}", permission="planning:edit", operation_id="pladecoDeletePlan")
async def delete_plan(work: Work, pladeco_id: UUID) -> None:
    await actions.remove_pladeco(work, pladeco_id)


@get("/planes/{pladeco_id:uuid}/elementos", permission="workspace:read", operation_id="pladecoListElements")
async def list_elements(work: Work, pladeco_id: UUID, limit: Limit, after: After = None) -> Page[ElementOut]:
    await store.pladeco(work, pladeco_id)
    rows = await store.elements_by_id(work, pladeco_id, after=after, limit=limit + 1)
    return page_of([out(ElementOut, row) for row in rows], limit)


@post("/planes/{pladeco_id:uuid}/elementos", permission="planning:edit", operation_id="pladecoAddElement")
async def add_element(
    work: Work, pladeco_id: UUID, data: EditElement, idempotency_key: IdempotencyKey = None
) -> Response[ElementOut]:
    async def write() -> Any:
        return out(ElementOut, await actions.add_element(work, pladeco_id, checked(data)))

    return await written(work, data, idempotency_key, write)


@put("/elementos/{element_id:uuid}", permission="planning:edit", operation_id="pladecoPutElement")
async def put_element(work: Work, element_id: UUID, data: EditElement) -> ElementOut:
    return out(ElementOut, await actions.edit_element(work, element_id, checked(data)))


@delete("/elementos/{element_id:uuid}", permission="planning:edit", operation_id="pladecoDeleteElement")
async def delete_element(work: Work, element_id: UUID) -> None:
    await actions.remove_element(work, element_id)


@get("/cobertura", permission="workspace:read", operation_id="pladecoGetCoverage")
async def get_coverage(work: Work) -> CoverageOut:
    plan = await store.in_use(work)
    if plan is None:
        raise NotFound
    found = await coverage(work, plan)
    lines = [LineOut(line.element.id, line.element.title, [row.id for row in line.initiatives]) for line in found.lines]
    return CoverageOut(plan.id, lines, [row.id for row in found.outside], found.horizon)


@get("/iniciativas/{initiative_id:uuid}", permission="workspace:read", operation_id="pladecoGetAlignment")
async def get_alignment(work: Work, initiative_id: UUID) -> AlignmentOut:
    return await _aligned(work, initiative_id)


@put("/iniciativas/{initiative_id:uuid}", permission="initiative:edit", operation_id="pladecoPutAlignment")
async def put_alignment(work: Work, initiative_id: UUID, data: Align) -> AlignmentOut:
    await actions.align(work, initiative_id, checked(data))
    return await _aligned(work, initiative_id)


async def _aligned(work: Work, initiative_id: UUID) -> AlignmentOut:
    await initiative(work, initiative_id)
    plan, row = await store.in_use(work), await store.alignment(work, initiative_id)
    linked = await store.linked_elements(work, initiative_id, plan.id) if plan else ()
    elements = [each.id for each in linked]
    if row is None:
        return AlignmentOut(initiative_id, elements, "", None, "", 0)
    return AlignmentOut(initiative_id, elements, row.contribution, row.proposed_under_id, row.proposal, row.version)


HANDLERS = (
    list_plans,
    add_plan,
    get_plan,
    put_plan,
    delete_plan,
    list_elements,
    add_element,
    put_element,
    delete_element,
    get_coverage,
    get_alignment,
    put_alignment,
)
