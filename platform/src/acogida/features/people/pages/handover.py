"""Pages of handing over: what somebody holds and who takes each, and the sheet on screen and on paper."""

from uuid import UUID

from litestar import Response, get, post
from litestar.response import Redirect, Template

from acogida.features.people import papers, store
from acogida.features.people.actions import handover
from acogida.kernel.document import Document
from acogida.kernel.errors import Rejected
from acogida.kernel.ports import DocumentRenderer
from acogida.kernel.work import Work
from acogida.web.routing import workspace
from acogida.web.view import View

THING = "a-"
"""How a form names the heir of each thing: `a-agreement:<id>`."""


@get("/personas/{membership_id:uuid}/entrega", permission="workspace:read")
async def handover_page(work: Work, view: View, membership_id: UUID) -> Template:
    found = await handover.of(work, membership_id)
    return view.page(
        "people/handover.html",
        found=found,
        heirs=[(str(heir), name) for heir, name in found.heirs],
        active=found.row.active(work.today()),
        mine=found.row.person_id == work.actor.person_id,
    )


@post("/personas/{membership_id:uuid}/entrega", permission="workspace:read", status_code=200)
async def give(work: Work, view: View, membership_id: UUID) -> Redirect:
    """Gives each thing to whom was chosen for it, or all of them to one person."""
    fields = await view.posted()
    found = await handover.of(work, membership_id)
    everything = (fields.get("everything") or [""])[-1]
    chosen = {thing.key: (fields.get(f"{THING}{thing.key}") or [""])[-1] or everything for thing in found.held}
    place = f"{view.home}/personas/{membership_id}/entrega"
    try:
        given = await handover.give(work, membership_id, chosen)
    except Rejected as problem:
        work.doom()
        return view.redirect(place, problem.message, kind="error")
    if not given:
        return view.redirect(place, "No eligió a nadie todavía.", kind="info")
    return view.redirect(place, f"Se entregó {given} {'responsabilidad' if given == 1 else 'responsabilidades'}.")


@post("/personas/{membership_id:uuid}/entrega/cargos", permission="office:edit", status_code=200)
async def leave_offices(work: Work, view: View, membership_id: UUID) -> Redirect:
    ended = await handover.leave_offices(work, membership_id)
    return view.redirect(
        f"{view.home}/personas/{membership_id}/entrega",
        f"Terminó hoy en {ended} {'cargo' if ended == 1 else 'cargos'}. Registre quién sigue en «Cargos y subrogancias».",
    )


async def _sheet(work: Work, membership_id: UUID) -> Document:
    found = await handover.of(work, membership_id)
    keys = await store.how_many_tokens(work, found.person.id, work.clock.now())
    return papers.handover_sheet(work.tenant, found, keys=keys, day=work.today())


@get("/personas/{membership_id:uuid}/entrega/hoja", permission="workspace:read")
async def sheet_page(work: Work, view: View, membership_id: UUID) -> Template:
    return view.page(
        "people/handover_sheet.html", document=await _sheet(work, membership_id), membership_id=membership_id
    )


@get("/personas/{membership_id:uuid}/entrega/hoja.pdf", permission="workspace:read")
async def sheet_pdf(work: Work, view: View, renderer: DocumentRenderer, membership_id: UUID) -> Response[bytes]:
    document = await _sheet(work, membership_id)
    return view.file(
        await renderer.pdf(document), name=f"{document.title}, {work.tenant.name}.pdf", media_type="application/pdf"
    )


ROUTES = [workspace(handover_page, give, leave_offices, sheet_page, sheet_pdf)]
