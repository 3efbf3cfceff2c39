"""Pages by which a municipality opens its workspace, or gets back one whose people left: asking, proving, waiting.

Every state of a claim has its page behind the same link, and each page says what to do next.
"""

from datetime import timedelta
from typing import Any

from litestar import Request, get, post
from litestar.response import Redirect, Template

from acogida.features.communes.public import Commune, commune_by_cut, regions
from acogida.features.cycles.public import newest
from acogida.features.methodology.model import Guide
from acogida.features.municipalities.public import Claim, Known, known_of
from acogida.features.people.actions import claims
from acogida.features.people.actions.account import LinkGone
from acogida.features.people.actions.claims import AlreadyOpen
from acogida.features.people.forms import WHO_IS_SECRETARY, AskClaim, ClaimCode, ConfirmClaim, SubmitClaim
from acogida.features.people.model import Person
from acogida.features.people.pages.account import Settings, address_of, agent_of, entering, without_secrets
from acogida.kernel import limits
from acogida.kernel.db import Database
from acogida.kernel.errors import AlreadyClosed, NotFound, Rejected
from acogida.kernel.work import Work
from acogida.web import forms
from acogida.web.cookies import SessionCookie
from acogida.web.routing import PUBLIC, public
from acogida.web.view import View

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
Form = forms.Form[Any]


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
async def ask_page(work: Work, view: View, settings: Settings, cut: str) -> Template | Redirect:
    commune = await _free(work, view, cut)
    if isinstance(commune, Redirect):
        return commune
    return await _ask(work, view, settings, commune, forms.blank(AskClaim))


async def _ask(
    work: Work, view: View, settings: Settings, commune: Commune, form: forms.Form[AskClaim], status: int = 200
) -> Template:
    return view.page(
        "people/claim.html",
        status=status,
        form=form,
        commune=commune,
        known=await known_of(work.session, settings.catalogue, commune.cut),
    )


@post("/comunas/{cut:str}/abrir", permission=PUBLIC, status_code=200)
async def ask(
    request: Request[Any, Any, Any], work: Work, view: View, database: Database, settings: Settings, cut: str
) -> Template | Redirect:
    commune = await _free(work, view, cut)
    if isinstance(commune, Redirect):
        return commune
    form = forms.read(AskClaim, await view.posted())
    if form.ok:
        try:
            await _count(request, work, database, form.data.email, cut)
            await claims.ask(work, cut, form.data, await known_of(work.session, settings.catalogue, cut))
            return _sent(view, cut, form.data.email)
        except Rejected as problem:
            form.refuse(problem)
    return await _ask(work, view, settings, commune, form, 422)


@get("/comunas/{cut:str}/recuperar-espacio", permission=PUBLIC)
async def succeed_page(work: Work, view: View, cut: str) -> Template:
    commune, _ = await claims.orphan_commune(work, cut)
    return view.page("people/claim_succession.html", form=forms.blank(AskClaim), commune=commune)


@post("/comunas/{cut:str}/recuperar-espacio", permission=PUBLIC, status_code=200)
async def succeed(
    request: Request[Any, Any, Any], work: Work, view: View, database: Database, settings: Settings, cut: str
) -> Template | Redirect:
    commune, _ = await claims.orphan_commune(work, cut)
    form = forms.read(AskClaim, await view.posted())
    if form.ok:
        try:
            await _count(request, work, database, form.data.email, cut)
            known = await known_of(work.session, settings.catalogue, cut)
            await claims.ask(work, cut, form.data, known, kind="succession")
            return view.redirect(
                f"/comunas/{cut}/recuperar-espacio/enviado", f"Enviamos un enlace a {form.data.email}."
            )
        except Rejected as problem:
            form.refuse(problem)
    return view.page("people/claim_succession.html", status=422, form=form, commune=commune)


@get("/comunas/{cut:str}/recuperar-espacio/enviado", permission=PUBLIC)
async def succession_sent_page(work: Work, view: View, cut: str) -> Template:
    commune, _ = await claims.orphan_commune(work, cut)
    return view.page("people/claim_sent.html", commune=commune, again=f"/comunas/{cut}/recuperar-espacio")


async def _count(request: Request[Any, Any, Any], work: Work, database: Database, email: str, cut: str) -> None:
    await limits.count(database, work.clock, f"claim:{email}", limit=5, window=HOUR)
    await limits.count(database, work.clock, f"claim-of:{cut}", limit=20, window=DAY)
    await limits.count(database, work.clock, f"claim-from:{address_of(request)}", limit=30, window=HOUR)


def _sent(view: View, cut: str, email: str) -> Redirect:
    return view.redirect(f"/comunas/{cut}/abrir/enviado", f"Enviamos un enlace a {email}.")


@get("/comunas/{cut:str}/abrir/enviado", permission=PUBLIC)
async def sent_page(work: Work, view: View, cut: str) -> Template | Redirect:
    commune = await _free(work, view, cut)
    if isinstance(commune, Redirect):
        return commune
    return view.page("people/claim_sent.html", commune=commune, again=f"/comunas/{cut}/abrir")


@get("/abrir/{secret:str}", permission=PUBLIC)
async def claim_page(work: Work, view: View, settings: Settings, secret: str) -> Template | Redirect:
    return await _claim(work, view, settings, secret)


async def _claim(
    work: Work, view: View, settings: Settings, secret: str, form: Form | None = None, status: int = 200
) -> Template | Redirect:
    """The page of the state that the claim is in; `form` is the one that came back with faults."""
    try:
        claim, commune, person = await claims.claim_behind(work, secret)
    except AlreadyOpen as taken:
        return _elsewhere(view, taken)
    except LinkGone:
        return view.page("people/claim_gone.html", status=410, claim=None, commune=None, secret=secret)
    known = await known_of(work.session, settings.catalogue, claim.cut)
    stand = claims.stand(work, claim, known)
    if stand == "expired":
        return view.page("people/claim_gone.html", status=410, claim=claim, commune=commune, secret=secret)
    if stand == "open":
        return _confirm(view, claim, commune, person, form, status)
    return await _on_the_way(work, view, claim, commune, known, stand, secret, form, status)


def _confirm(
    view: View, claim: Claim, commune: Commune, person: Person | None, form: Form | None, status: int
) -> Template:
    return view.page(
        "people/claim_confirm.html",
        status=status,
        form=form or forms.blank(ConfirmClaim),
        claim=claim,
        commune=commune,
        known=person is not None and person.password_hash is not None,
        choices=WHO_IS_SECRETARY,
    )


async def _on_the_way(
    work: Work,
    view: View,
    claim: Claim,
    commune: Commune,
    known: Known,
    stand: str,
    secret: str,
    form: Form | None,
    status: int,
) -> Template:
    kind = ClaimCode if stand == "code" else SubmitClaim
    return view.page(
        "people/claim_way.html",
        status=status,
        form=form if form and form.kind is kind else forms.blank(kind),
        stand=stand,
        claim=claim,
        commune=commune,
        known=known,
        secret=secret,
        region=next((row.name for row in await regions(work.session) if row.code == commune.region_code), ""),
        code_waits=claim.code_hash is not None,
        limit=claims.PAPER_LIMIT // 1_000_000,
    )


@post("/abrir/{secret:str}", permission=PUBLIC, status_code=200)
async def confirm(
    request: Request[Any, Any, Any],
    work: Work,
    view: View,
    guides: dict[str, Guide],
    settings: Settings,
    session_cookie: SessionCookie,
    secret: str,
) -> Template | Redirect:
    form = forms.read(ConfirmClaim, await view.posted())
    if form.ok:
        try:
            claim, _, _ = await claims.claim_behind(work, secret)
            opened = await claims.confirm(
                work,
                secret,
                form.data,
                await known_of(work.session, settings.catalogue, claim.cut),
                guide_version=newest(guides),
                agent=agent_of(request),
                replacing=session_cookie.read(request),
            )
            return entering(
                view,
                session_cookie,
                opened.signed_in,
                f"/m/{opened.tenant.slug}",
                f"El espacio de la Municipalidad de {opened.tenant.name} está abierto. Le damos la bienvenida.",
            )
        except Rejected as problem:
            form.refuse(problem)
        except AlreadyOpen as taken:
            work.doom()
            return _elsewhere(view, taken)
        except LinkGone:
            return await _claim(work, view, settings, secret)
    without_secrets(form)
    return await _claim(work, view, settings, secret, form, 422)


@post("/abrir/{secret:str}/enviar-codigo", permission=PUBLIC, status_code=200)
async def send_code(
    request: Request[Any, Any, Any], work: Work, view: View, database: Database, settings: Settings, secret: str
) -> Template | Redirect:
    try:
        claim, _, _ = await claims.claim_behind(work, secret)
        await limits.count(database, work.clock, f"claim-code:{claim.cut}", limit=6, window=DAY)
        await limits.count(database, work.clock, f"claim-from:{address_of(request)}", limit=30, window=HOUR)
        known = await known_of(work.session, settings.catalogue, claim.cut)
        await claims.send_code(work, secret, known)
    except (AlreadyOpen, LinkGone, AlreadyClosed):
        return await _claim(work, view, settings, secret)
    return view.redirect(f"/abrir/{secret}", f"Enviamos el código a {known.public_address}.")


@post("/abrir/{secret:str}/codigo", permission=PUBLIC, status_code=200)
async def show_code(
    request: Request[Any, Any, Any], work: Work, view: View, database: Database, settings: Settings, secret: str
) -> Template | Redirect:
    form = forms.read(ClaimCode, await view.posted())
    if form.ok:
        try:
            claim, _, _ = await claims.claim_behind(work, secret)
            await limits.count(database, work.clock, f"claim-from:{address_of(request)}", limit=30, window=HOUR)
            known = await known_of(work.session, settings.catalogue, claim.cut)
            if await claims.show_code(work, secret, form.data.code, known):
                return view.redirect(f"/abrir/{secret}", "El código es correcto.")
            return view.redirect(f"/abrir/{secret}", "Ese código no es. Revíselo y escríbalo otra vez.", kind="error")
        except Rejected as problem:
            form.refuse(problem)
        except (AlreadyOpen, LinkGone, AlreadyClosed):
            return await _claim(work, view, settings, secret)
    return await _claim(work, view, settings, secret, form, 422)


@post("/abrir/{secret:str}/documento", permission=PUBLIC, status_code=200)
async def submit(
    request: Request[Any, Any, Any], work: Work, view: View, database: Database, settings: Settings, secret: str
) -> Template | Redirect:
    form = forms.read(SubmitClaim, await view.posted())
    sent = await view.uploaded("paper")
    content = await sent.read() if sent else b""
    if not content:
        form.faults["paper"] = (
            "Suba su acto de nombramiento: el decreto, el contrato o un certificado de la municipalidad."
        )
    if form.ok and sent:
        try:
            claim, _, _ = await claims.claim_behind(work, secret)
            await limits.count(database, work.clock, f"claim-from:{address_of(request)}", limit=30, window=HOUR)
            known = await known_of(work.session, settings.catalogue, claim.cut)
            await claims.submit(
                work, secret, known, message=form.data.message, name=sent.filename or "documento", content=content
            )
            return view.redirect(f"/abrir/{secret}", "Su solicitud quedó en la oficina regional de Sermig.")
        except Rejected as problem:
            form.refuse(problem)
        except (AlreadyOpen, LinkGone, AlreadyClosed):
            return await _claim(work, view, settings, secret)
    return await _claim(work, view, settings, secret, form, 422)


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
    if claim.kind == "succession":
        return view.redirect(f"/comunas/{claim.cut}/recuperar-espacio/enviado", f"Enviamos un enlace a {claim.email}.")
    return _sent(view, claim.cut, claim.email)


ROUTES = [
    public(
        ask_page,
        ask,
        succeed_page,
        succeed,
        succession_sent_page,
        sent_page,
        claim_page,
        confirm,
        send_code,
        show_code,
        submit,
        send_again,
    )
]
