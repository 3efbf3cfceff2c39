"""The map of networks: organisations as a drawing and as a table (TPL-04, TPL-05)."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from litestar import get, post
from litestar.response import Redirect, Template

from acogida.features.cycles.public import guide_of
from acogida.features.diagnosis import actions, report, store
from acogida.features.diagnosis.forms import EditOrganization
from acogida.features.diagnosis.model import Organization
from acogida.features.diagnosis.pages.registers import Register
from acogida.features.diagnosis.words import ORGANIZATION_KINDS
from acogida.features.methodology.model import Guide
from acogida.kernel.work import Work
from acogida.web.routing import workspace
from acogida.web.view import View

PATH = "diagnostico/redes"


async def _context(_work: Work, _row: Organization | None) -> Mapping[str, Any]:
    return {"kinds": ORGANIZATION_KINDS}


async def _find(work: Work, row_id: UUID) -> Organization:
    return await store.one(work, Organization, row_id)


REGISTER: Register[EditOrganization] = Register(
    path=PATH,
    form=EditOrganization,
    template="diagnosis/organization.html",
    add=actions.add_organization,
    edit=actions.edit_organization,
    remove=actions.remove_organization,
    find=_find,
    name_of=lambda row: row.name,
    context=_context,
)


@get(f"/{PATH}", permission="workspace:read")
async def overview(work: Work, view: View, guides: dict[str, Guide]) -> Template:
    guide = await guide_of(work, guides)
    rows = await store.organizations(work)
    return view.page(
        "diagnosis/networks.html",
        by_kind=[
            (kind, label, [row for row in rows if row.kind == kind]) for kind, label in ORGANIZATION_KINDS.items()
        ],
        total=len(rows),
        drawing=report.networks_drawing(rows),
        tips=guide.tips_of("2.1"),
    )


@get(f"/{PATH}/nueva", permission="diagnosis:edit")
async def new_organization(work: Work, view: View, grupo: str = "") -> Template:
    return await REGISTER.new(work, view, kind=grupo if grupo in ORGANIZATION_KINDS else "")


@post(f"/{PATH}/nueva", permission="diagnosis:edit", status_code=200)
async def add_organization(work: Work, view: View) -> Template | Redirect:
    return await REGISTER.create(work, view)


@get(f"/{PATH}/{{row_id:uuid}}", permission="workspace:read")
async def show_organization(work: Work, view: View, row_id: UUID) -> Template:
    return await REGISTER.show(work, view, row_id)


@post(f"/{PATH}/{{row_id:uuid}}", permission="diagnosis:edit", status_code=200)
async def save_organization(work: Work, view: View, row_id: UUID) -> Template | Redirect:
    return await REGISTER.save(work, view, row_id)


@post(f"/{PATH}/{{row_id:uuid}}/quitar", permission="diagnosis:edit", status_code=200)
async def remove_organization(work: Work, view: View, row_id: UUID) -> Template | Redirect:
    return await REGISTER.take_away(work, view, row_id)


ROUTES = [
    workspace(
        overview,
        new_organization,
        add_organization,
        show_organization,
        save_organization,
        remove_organization,
    )
]
