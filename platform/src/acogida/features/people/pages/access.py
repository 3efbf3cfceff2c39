"""The doors of a workspace for who is not yet in it: an invitation's link, and asking for access."""

from datetime import timedelta
from typing import Any

from litestar import Request, get, post
from litestar.response import Redirect, Template

from acogida.features.people.actions import access, members
from acogida.features.people.actions.account import LinkGone
from acogida.features.people.forms import ROLE_HELP, ROLE_TITLES, AcceptInvitation, AskAccess
from acogida.features.people.pages.account import address_of, agent_of, without_secrets
from acogida.kernel import limits
from acogida.kernel.db import Database
from acogida.kernel.errors import NotFound, Rejected
from acogida.kernel.work import Work
from acogida.web import forms
from acogida.web.cookies import SessionCookie
from acogida.web.routing import OPEN_WORKSPACE, workspace
from acogida.web.view import View


@get("/invitacion/{secret:str}", permission=OPEN_WORKSPACE)
async def invitation_page(work: Work, view: View, secret: str) -> Template:
    return await _invitation(work, view, secret, None)


async def _invitation(
    work: Work, view: View, secret: str, form: forms.Form[AcceptInvitation] | None, status: int = 200
) -> Template:
    view = view.with_shell(municipality=None, nav=(), stages=())
    try:
        row, person = await members.invitation_behind(work, secret)
    except (LinkGone, NotFound):
        return view.page("people/invitation_gone.html", status=410, place=work.tenant)
    known = person is not None and person.password_hash is not None
    return view.page(
        "people/invitation.html",
        status=status,
        form=form or forms.blank(AcceptInvitation, name=row.name),
        row=row,
        place=work.tenant,
        known=known,
        mine=person is not None and work.actor.person_id == person.id,
        titles=ROLE_TITLES,
        helps=ROLE_HELP,
    )


@post("/invitacion/{secret:str}", permission=OPEN_WORKSPACE, status_code=200)
async def accept(
    request: Request[Any, Any, Any], work: Work, view: View, session_cookie: SessionCookie, secret: str
) -> Template | Redirect:
    """A new person chooses a password; one with an account must be signed in with it."""
    fields = await view.posted()
    welcome = f"Ya tiene acceso al espacio de la Municipalidad de {work.tenant.name}."
    if "password" not in fields:
        await members.accept(work, secret)
        return view.redirect(view.home, welcome)
    form = forms.read(AcceptInvitation, fields)
    if form.ok:
        try:
            opened = await members.accept_as_new(
                work, secret, form.data, agent=agent_of(request), replacing=session_cookie.read(request)
            )
        except Rejected as problem:
            form.refuse(problem)
        except LinkGone:
            return await _invitation(work, view, secret, None)
        else:
            answer = view.redirect(view.home, welcome)
            answer.cookies.append(session_cookie.carrying(opened.secret))
            return answer
    without_secrets(form)
    return await _invitation(work, view, secret, form, 422)


@get("/solicitar-acceso", permission=OPEN_WORKSPACE)
async def ask_page(work: Work, view: View) -> Template | Redirect:
    if view.shell.municipality:
        return view.redirect(view.home, "Usted ya tiene acceso a este espacio.", kind="info")
    start = forms.blank(AskAccess, name=work.actor.name, email=work.actor.email)
    return view.page("people/ask_access.html", form=start, place=work.tenant)


@post("/solicitar-acceso", permission=OPEN_WORKSPACE, status_code=200)
async def ask(request: Request[Any, Any, Any], work: Work, view: View, database: Database) -> Template | Redirect:
    place = work.tenant
    form = forms.read(AskAccess, await view.posted())
    if not form.ok:
        return view.page("people/ask_access.html", status=422, form=form, place=place)
    day = timedelta(days=1)
    await limits.count(database, work.clock, f"ask-access:{place.slug}:{form.data.email}", limit=3, window=day)
    await limits.count(database, work.clock, f"ask-access-from:{address_of(request)}", limit=20, window=day)
    await access.ask(work, form.data)
    return view.redirect(
        f"/comunas/{place.cut}",
        f"La Municipalidad de {place.name} recibió su pedido. Si lo acepta, le llegará una invitación a {form.data.email}.",
    )


ROUTES = [workspace(invitation_page, accept, ask_page, ask)]
