"""Pages by which a municipality opens its workspace: asking, the link, and what to do when the link is spent."""

from datetime import timedelta
from typing import Any

from litestar import Request, get, post
from litestar.response import Redirect, Template

from acogida.features.communes.public import Commune, commune_by_cut
from acogida.features.cycles.public import newest
from acogida.features.methodology.model import Guide
from acogida.features.people.actions import claims
from acogida.features.people.actions.account import LinkGone
from acogida.features.people.actions.claims import AlreadyOpen
from acogida.features.people.forms import WHO_IS_SECRETARY, AskClaim, ConfirmClaim
from acogida.features.people.pages.account import address_of, agent_of, without_secrets
from acogida.kernel import limits
from acogida.kernel.db import Database
from acogida.kernel.errors import NotFound, Rejected
from acogida.kernel.work import Work
from acogida.web import forms
from acogida.web.cookies import SessionCookie
from acogida.web.routing import PUBLIC, public
from acogida.web.view import View

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


async def _free(work: Work, view: View, cut: str) -> Commune | Redirect:
    """The commune, or where to go instead: its workspace's door, or the commune whose municipality administers it."""
    commune = await commune_by_cut(work.session, cut)
    if commune is None:
        raise NotFound
    if commune.municipality_cut != cut:
        return view.redirect(f"/comunas/{commune.municipality_cut}/abrir")
    try:
        return await claims.free_commune(work, cut)
    except AlreadyOpen as taken:
        return _elsewhere(view, taken)


def _elsewhere(view: View, taken: AlreadyOpen) -> Redirect:
    return view.redirect(f"/m/{taken.data['slug']}/solicitar-acceso", taken.message, kind="info")


@get("/comunas/{cut:str}/abrir", permission=PUBLIC)
async def ask_page(work: Work, view: View, cut: str) -> Template | Redirect:
    commune = await _free(work, view, cut)
    if isinstance(commune, Redirect):
        return commune
    return view.page("people/claim.html", form=forms.blank(AskClaim), commune=commune)


@post("/comunas/{cut:str}/abrir", permission=PUBLIC, status_code=200)
async def ask(
    request: Request[Any, Any, Any], work: Work, view: View, database: Database, cut: str
) -> Template | Redirect:
    commune = await _free(work, view, cut)
    if isinstance(commune, Redirect):
        return commune
    form = forms.read(AskClaim, await view.posted())
    if form.ok:
        try:
            await _count(request, work, database, form.data.email, cut)
            await claims.ask(work, cut, form.data)
            return _sent(view, cut, form.data.email)
        except Rejected as problem:
            form.refuse(problem)
    return view.page("people/claim.html", status=422, form=form, commune=commune)


async def _count(request: Request[Any, Any, Any], work: Work, database: Database, email: str, cut: str) -> None:
    await limits.count(database, work.clock, f"claim:{email}", limit=5, window=HOUR)
    await limits.count(database, work.clock, f"claim-of:{cut}", limit=20, window=DAY)
    await limits.count(database, work.clock, f"claim-from:{address_of(request)}", limit=30, window=HOUR)


def _sent(view: View, cut: str, email: str) -> Redirect:
    return view.redirect(f"/comunas/{cut}/abrir/enviado", f"Enviamos un enlace a {email}.")


@get("/comunas/{cut:str}/abrir/enviado", permission=PUBLIC)
async def sent_page(work: Work, view: View, cut: str) -> Template | Redirect:
    commune = await _free(work, view, cut)
    return commune if isinstance(commune, Redirect) else view.page("people/claim_sent.html", commune=commune)


@get("/abrir/{secret:str}", permission=PUBLIC)
async def confirm_page(work: Work, view: View, secret: str) -> Template | Redirect:
    return await _confirm(work, view, secret, None)


async def _confirm(
    work: Work, view: View, secret: str, form: forms.Form[ConfirmClaim] | None, status: int = 200
) -> Template | Redirect:
    try:
        claim, commune, person = await claims.claim_behind(work, secret)
    except AlreadyOpen as taken:
        return _elsewhere(view, taken)
    except LinkGone:
        return view.page("people/claim_gone.html", status=410, claim=None, commune=None, secret=secret)
    if claim.expires_at <= work.clock.now():
        return view.page("people/claim_gone.html", status=410, claim=claim, commune=commune, secret=secret)
    return view.page(
        "people/claim_confirm.html",
        status=status,
        form=form or forms.blank(ConfirmClaim),
        claim=claim,
        commune=commune,
        known=person is not None and person.password_hash is not None,
        choices=WHO_IS_SECRETARY,
    )


@post("/abrir/{secret:str}", permission=PUBLIC, status_code=200)
async def confirm(
    request: Request[Any, Any, Any],
    work: Work,
    view: View,
    guides: dict[str, Guide],
    session_cookie: SessionCookie,
    secret: str,
) -> Template | Redirect:
    form = forms.read(ConfirmClaim, await view.posted())
    if form.ok:
        try:
            opened = await claims.confirm(
                work,
                secret,
                form.data,
                guide_version=newest(guides),
                agent=agent_of(request),
                replacing=session_cookie.read(request),
            )
        except Rejected as problem:
            form.refuse(problem)
        except AlreadyOpen as taken:
            work.doom()
            return _elsewhere(view, taken)
        except LinkGone:
            return await _confirm(work, view, secret, None)
        else:
            answer = view.redirect(
                f"/m/{opened.tenant.slug}",
                f"El espacio de la Municipalidad de {opened.tenant.name} está abierto. Le damos la bienvenida.",
            )
            answer.cookies.append(session_cookie.carrying(opened.signed_in.secret))
            return answer
    without_secrets(form)
    return await _confirm(work, view, secret, form, 422)


@post("/abrir/{secret:str}/reenviar", permission=PUBLIC, status_code=200)
async def send_again(
    request: Request[Any, Any, Any], work: Work, view: View, database: Database, secret: str
) -> Template | Redirect:
    try:
        claim, _, _ = await claims.claim_behind(work, secret)
        await _count(request, work, database, claim.email, claim.cut)
        claim = await claims.send_again(work, secret)
    except AlreadyOpen as taken:
        return _elsewhere(view, taken)
    except LinkGone:
        return view.page("people/claim_gone.html", status=410, claim=None, commune=None, secret=secret)
    return _sent(view, claim.cut, claim.email)


ROUTES = [public(ask_page, ask, sent_page, confirm_page, confirm, send_again)]
