"""The desk of Sermig: claims that wait, what was decided, and what is known of each municipality of the region."""

from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.response import Redirect, Template

from acogida.features.communes.public import commune_by_cut, regions
from acogida.features.municipalities.public import RECOGNISED, claims_of, known_municipality, known_of, paper_of
from acogida.features.people.actions import sermig
from acogida.features.people.forms import EditKnown, RefuseClaim
from acogida.features.people.pages.account import Settings
from acogida.kernel.errors import AlreadyClosed, Rejected
from acogida.kernel.work import Work
from acogida.web import forms
from acogida.web.routing import public
from acogida.web.view import View

DECIDE = sermig.DECIDE
DESK = "/sermig/solicitudes"
STATES = {
    "waiting": "Espera respuesta",
    "approved": "Aprobada",
    "opened": "Aprobada, ya entró",
    "refused": "No aprobada",
    "overtaken": "Fue otra persona",
}


async def _region(work: Work) -> str:
    if not work.actor.region:
        return "todo el país"
    name = next((row.name for row in await regions(work.session) if row.code == work.actor.region), "")
    return f"la {name}" if name else f"la región {work.actor.region}"


@get(DESK, permission=DECIDE)
async def desk_page(work: Work, view: View, resueltas: bool = False) -> Template:
    rows = await sermig.desk(work, decided=resueltas)
    places = {claim.cut: await commune_by_cut(work.session, claim.cut) for claim, _ in rows}
    return view.page(
        "people/sermig_desk.html",
        rows=rows,
        places=places,
        decided=resueltas,
        region=await _region(work),
        states=STATES,
        now=work.clock.now(),
    )


@get(f"{DESK}/{{claim_id:uuid}}", permission=DECIDE)
async def claim_page(work: Work, view: View, settings: Settings, claim_id: UUID) -> Template:
    return await _claim(work, view, settings, claim_id, forms.blank(RefuseClaim))


async def _claim(
    work: Work, view: View, settings: Settings, claim_id: UUID, form: forms.Form[RefuseClaim], status: int = 200
) -> Template:
    claim = await sermig.claim_before(work, claim_id)
    commune = await sermig.commune_of(work, claim.cut)
    known = await known_of(work.session, settings.catalogue, claim.cut)
    rivals = await claims_of(work.session, claim.cut, ("asked", "waiting"))
    return view.page(
        "people/sermig_claim.html",
        status=status,
        form=form,
        claim=claim,
        commune=commune,
        paper=await paper_of(work.session, claim.id),
        known=known,
        recognised=RECOGNISED,
        rivals=[rival for rival in rivals if rival.id != claim.id],
        states=STATES,
    )


@get(f"{DESK}/{{claim_id:uuid}}/documento", permission=DECIDE)
async def paper(work: Work, view: View, claim_id: UUID) -> Response[bytes]:
    found = await sermig.paper_before(work, claim_id)
    return view.file(found.content, name=found.name, media_type=found.media_type)


@post(f"{DESK}/{{claim_id:uuid}}/aprobar", permission=DECIDE, status_code=200)
async def approve(work: Work, view: View, claim_id: UUID) -> Redirect:
    try:
        claim = await sermig.approve(work, claim_id)
    except AlreadyClosed as problem:
        work.doom()
        return view.redirect(DESK, problem.message, kind="info")
    return view.redirect(DESK, f"Aprobada. {claim.name} recibirá un enlace en {claim.email}.")


@post(f"{DESK}/{{claim_id:uuid}}/rechazar", permission=DECIDE, status_code=200)
async def refuse(work: Work, view: View, settings: Settings, claim_id: UUID) -> Template | Redirect:
    form = forms.read(RefuseClaim, await view.posted())
    if not form.ok:
        return await _claim(work, view, settings, claim_id, form, 422)
    try:
        claim = await sermig.refuse(work, claim_id, form.data.reason)
    except AlreadyClosed as problem:
        work.doom()
        return view.redirect(DESK, problem.message, kind="info")
    return view.redirect(DESK, f"Respondimos a {claim.name} con el motivo.")


@get("/sermig/municipalidades/{cut:str}", permission=DECIDE)
async def known_page(work: Work, view: View, settings: Settings, cut: str) -> Template:
    row = await known_municipality(work.session, cut)
    start: dict[str, Any] = (
        {"domains": "\n".join(row.domains), "public_address": row.public_address, "recognised": row.recognised}
        if row
        else {}
    )
    return await _known(work, view, settings, cut, forms.blank(EditKnown, **start))


async def _known(
    work: Work, view: View, settings: Settings, cut: str, form: forms.Form[EditKnown], status: int = 200
) -> Template:
    commune = await sermig.commune_of(work, cut)
    return view.page(
        "people/sermig_known.html",
        status=status,
        form=form,
        commune=commune,
        known=await known_of(work.session, settings.catalogue, cut),
        recognised=RECOGNISED,
    )


@post("/sermig/municipalidades/{cut:str}", permission=DECIDE, status_code=200)
async def edit_known(work: Work, view: View, settings: Settings, cut: str) -> Template | Redirect:
    form = forms.read(EditKnown, await view.posted())
    if form.ok:
        try:
            await sermig.edit_known(work, cut, form.data)
            return view.redirect(
                f"/sermig/municipalidades/{cut}", "Quedó guardado lo que se sabe de esta municipalidad."
            )
        except Rejected as problem:
            form.refuse(problem)
    return await _known(work, view, settings, cut, form, 422)


ROUTES = [public(desk_page, claim_page, paper, approve, refuse, known_page, edit_known)]
