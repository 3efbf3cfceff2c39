"""Proposing a practice and the talk about it: from a workspace, from anywhere, and the curators' side."""

from datetime import timedelta
from typing import Any

from litestar import Request, get, post
from litestar.response import Redirect, Template

from acogida.features.drafts import public as drafts
from acogida.features.methodology.model import Guide
from acogida.features.practices import content, store
from acogida.features.practices.actions import proposals
from acogida.features.practices.actions.curation import CURATE
from acogida.features.practices.forms import Decline, ProposeOpenly, ProposePractice, Say
from acogida.features.practices.model import PROPOSAL_STATES, PracticeProposal
from acogida.features.practices.pages.reading import dimension_titles
from acogida.features.practices.vocabulary import HasCatalogue, taxonomy
from acogida.kernel import limits
from acogida.kernel.db import Database
from acogida.kernel.errors import Problem, Rejected, Stale
from acogida.kernel.identity import digest
from acogida.kernel.work import Work
from acogida.web import forms
from acogida.web.routing import PUBLIC, public, workspace
from acogida.web.view import View

DRAFT = "buenas-practicas/proponer"
GONE = "La propuesta cambió mientras usted escribía. Léala de nuevo: lo que escribió sigue aquí."


def _form_page(
    view: View,
    settings: HasCatalogue,
    guides: dict[str, Guide],
    form: forms.Form[Any],
    *,
    openly: bool,
    status: int = 200,
    about: str = "",
) -> Template:
    lists = taxonomy(settings.catalogue)
    return view.page(
        "practices/propose_openly.html" if openly else "practices/propose.html",
        status=status,
        form=form,
        about=about,
        titles=dimension_titles(guides),
        subcategories=[(key, f"{key} {each.title}") for key, each in lists.subcategories.items()],
    )


def _checked(form: forms.Form[Any], settings: HasCatalogue) -> bool:
    wanted = form.value("subcategory")
    if wanted and wanted not in taxonomy(settings.catalogue).subcategories:
        form.faults["subcategory"] = "Elija una subcategoría de la lista."
        form.typed = None
    return form.ok


@get("/buenas-practicas/proponer", permission=PUBLIC)
async def propose_page(view: View, settings: HasCatalogue, guides: dict[str, Guide], practica: str = "") -> Template:
    start = forms.blank(ProposeOpenly, title=f"Sobre {practica[:10]}: " if practica else "")
    return _form_page(view, settings, guides, start, openly=True, about=practica[:10])


@post("/buenas-practicas/proponer", permission=PUBLIC, status_code=200)
async def propose_openly(
    request: Request[Any, Any, Any],
    work: Work,
    view: View,
    database: Database,
    settings: HasCatalogue,
    guides: dict[str, Guide],
) -> Template:
    form = forms.read(ProposeOpenly, await view.posted())
    if not _checked(form, settings):
        return _form_page(view, settings, guides, form, openly=True, status=422)
    host = request.client.host if request.client else "?"
    await limits.count(database, work.clock, f"proposal-from:{host}", limit=10, window=timedelta(days=1))
    await limits.count(database, work.clock, f"proposal:{form.data.contact_email}", limit=3, window=timedelta(days=1))
    row = await proposals.propose_openly(work, form.data)
    return view.page("practices/proposed.html", row=row)


@get("/buenas-practicas/propuestas/{secret:str}", permission=PUBLIC)
async def follow(work: Work, view: View, secret: str) -> Template:
    row = await store.proposal_by_link(work.session, digest(secret))
    return await _followed(work, view, row, secret, forms.blank(Say, version=row.version))


@post("/buenas-practicas/propuestas/{secret:str}", permission=PUBLIC, status_code=200)
async def answer_by_link(work: Work, view: View, secret: str) -> Template | Redirect:
    row = await store.proposal_by_link(work.session, digest(secret))
    form = forms.read(Say, await view.posted())
    if form.ok:
        try:
            await proposals.answer_by_link(work, secret, form.data)
            return view.redirect(f"{proposals.LINK}/{secret}", "Enviamos su respuesta a la curaduría.")
        except Stale:
            form.faults[""] = GONE
        except Rejected as problem:
            form.refuse(problem)
    return await _followed(work, view, row, secret, form, 422)


async def _followed(
    work: Work, view: View, row: PracticeProposal, secret: str, form: forms.Form[Say], status: int = 200
) -> Template:
    return view.page(
        "practices/proposal_followed.html",
        status=status,
        headers={"referrer-policy": "no-referrer", "x-robots-tag": "noindex"},
        row=row,
        said=content.of(row.content),
        messages=await store.messages(work.session, row.id),
        states=PROPOSAL_STATES,
        form=form,
        action=f"{proposals.LINK}/{secret}",
    )


@get("/buenas-practicas/proponer", permission="initiative:edit")
async def propose_here_page(work: Work, view: View, settings: HasCatalogue, guides: dict[str, Guide]) -> Template:
    start = forms.blank(ProposePractice, place=work.tenant.name, implementer=f"Municipalidad de {work.tenant.name}")
    return _form_page(view, settings, guides, await drafts.restore(work, DRAFT, start), openly=False)


@post("/buenas-practicas/proponer", permission="initiative:edit", status_code=200)
async def propose_here(work: Work, view: View, settings: HasCatalogue, guides: dict[str, Guide]) -> Template | Redirect:
    form = forms.read(ProposePractice, await view.posted())
    if _checked(form, settings):
        row = await proposals.propose(work, form.data)
        await drafts.discard(work, DRAFT)
        return view.redirect(
            f"{view.home}/buenas-practicas/propuestas/{row.folio}", f"Enviamos su propuesta. Su folio es {row.folio}."
        )
    return _form_page(view, settings, guides, form, openly=False, status=422)


@get("/buenas-practicas/propuestas/{folio:str}", permission="workspace:read")
async def own_proposal(work: Work, view: View, folio: str) -> Template:
    row = await proposals.own(work, folio)
    return await _own(work, view, row, forms.blank(Say, version=row.version))


@post("/buenas-practicas/propuestas/{folio:str}", permission="initiative:edit", status_code=200)
async def answer_here(work: Work, view: View, folio: str) -> Template | Redirect:
    row = await proposals.own(work, folio)
    form = forms.read(Say, await view.posted())
    if form.ok:
        try:
            await proposals.answer_from_workspace(work, folio, form.data)
            return view.redirect(view.shell.path, "Enviamos su respuesta a la curaduría.")
        except Stale:
            form.faults[""] = GONE
        except Rejected as problem:
            form.refuse(problem)
    return await _own(work, view, row, form, 422)


async def _own(work: Work, view: View, row: PracticeProposal, form: forms.Form[Say], status: int = 200) -> Template:
    return view.page(
        "practices/proposal_own.html",
        status=status,
        row=row,
        said=content.of(row.content),
        messages=await store.messages(work.session, row.id),
        states=PROPOSAL_STATES,
        form=form,
    )


@get("/curaduria/propuestas", permission=CURATE)
async def waiting(work: Work, view: View, estado: str = "", desde: str = "") -> Template:
    state = estado if estado in PROPOSAL_STATES else ""
    rows = await store.proposals(work.session, state=state, after=desde, limit=51)
    return view.page(
        "practices/proposals.html",
        rows=rows[:50],
        more=rows[49].folio if len(rows) > 50 else "",
        counts=await store.proposal_counts(work.session),
        states=PROPOSAL_STATES,
        state=state,
    )


@get("/curaduria/propuestas/{folio:str}", permission=CURATE)
async def proposal(work: Work, view: View, folio: str) -> Template:
    row = await store.proposal(work.session, folio)
    return await _desk_page(work, view, row)


async def _desk_page(
    work: Work,
    view: View,
    row: PracticeProposal,
    *,
    asking: forms.Form[Say] | None = None,
    declining: forms.Form[Decline] | None = None,
) -> Template:
    return view.page(
        "practices/proposal.html",
        status=422 if asking or declining else 200,
        row=row,
        said=content.of(row.content),
        messages=await store.messages(work.session, row.id),
        events=await store.events(work.session, row.folio),
        states=PROPOSAL_STATES,
        open=row.state in proposals.OPEN,
        asking=asking or forms.blank(Say, version=row.version),
        declining=declining or forms.blank(Decline, version=row.version),
    )


@post("/curaduria/propuestas/{folio:str}/preguntar", permission=CURATE, status_code=200)
async def ask(work: Work, view: View, folio: str) -> Template | Redirect:
    row = await store.proposal(work.session, folio)
    form = forms.read(Say, await view.posted())
    if form.ok:
        try:
            await proposals.ask(work, folio, form.data)
            return view.redirect(f"/curaduria/propuestas/{folio}", "Enviamos sus preguntas a quien la propuso.")
        except Stale:
            form.faults[""] = GONE
    return await _desk_page(work, view, row, asking=form)


@post("/curaduria/propuestas/{folio:str}/aceptar", permission=CURATE, status_code=200)
async def accept(work: Work, view: View, settings: HasCatalogue, folio: str) -> Redirect:
    value = (await view.posted()).get("version", ["0"])[-1]
    try:
        practice = await proposals.accept(
            work, folio, taxonomy(settings.catalogue), version=int(value) if value.isdigit() else 0
        )
    except Problem as problem:
        work.doom()
        return view.redirect(f"/curaduria/propuestas/{folio}", problem.message, kind="error")
    return view.redirect(f"/curaduria/practicas/{practice.code}", f"Es {practice.code}, en borrador. Complétela.")


@post("/curaduria/propuestas/{folio:str}/no-incorporar", permission=CURATE, status_code=200)
async def decline(work: Work, view: View, folio: str) -> Template | Redirect:
    row = await store.proposal(work.session, folio)
    form = forms.read(Decline, await view.posted())
    if form.ok:
        try:
            await proposals.decline(work, folio, form.data)
            return view.redirect(f"/curaduria/propuestas/{folio}", "Quedó cerrada, con su motivo.")
        except Stale:
            form.faults[""] = GONE
        except Rejected as problem:
            form.refuse(problem)
    return await _desk_page(work, view, row, declining=form)


ROUTES = [
    public(propose_page, propose_openly, follow, answer_by_link, waiting, proposal, ask, accept, decline),
    workspace(propose_here_page, propose_here, own_proposal, answer_here),
]
