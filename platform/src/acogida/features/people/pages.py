"""Pages of the account: entering and leaving."""

from datetime import timedelta
from typing import Any

from litestar import Request, get, post
from litestar.response import Redirect, Template

from acogida.features.people import actions
from acogida.features.people.forms import SignIn
from acogida.kernel import limits
from acogida.kernel.db import Database
from acogida.kernel.errors import Rejected
from acogida.kernel.work import Work
from acogida.web import forms
from acogida.web.cookies import SessionCookie
from acogida.web.routing import PUBLIC, public
from acogida.web.view import View


def safe_path(path: str) -> str:
    """This function will give a path of this site, or the start page when `path` would lead elsewhere."""
    return path if path.startswith("/") and not path.startswith(("//", "/\\")) and "\n" not in path else "/espacios"


@get("/ingresar", permission=PUBLIC)
async def sign_in_page(view: View, siguiente: str = "") -> Template:
    return view.page("people/sign_in.html", form=forms.blank(SignIn, siguiente=safe_path(siguiente) if siguiente else ""))


@post("/ingresar", permission=PUBLIC, status_code=200)
async def sign_in(
    request: Request[Any, Any, Any], work: Work, view: View, database: Database, session_cookie: SessionCookie
) -> Template | Redirect:
    form = forms.read(SignIn, await view.posted())
    if form.ok:
        await limits.count(database, work.clock, f"sign-in:{form.data.email}", limit=10, window=timedelta(minutes=15))
        try:
            opened = await actions.sign_in(
                work,
                email=form.data.email,
                password=form.data.password,
                agent=request.headers.get("user-agent", ""),
                replacing=session_cookie.read(request),
            )
        except Rejected as problem:
            form.refuse(problem)
        else:
            answer = view.redirect(safe_path(form.data.siguiente or "/espacios"))
            answer.cookies.append(session_cookie.carrying(opened.secret))
            return answer
    form.raw.pop("password", None)
    return view.page("people/sign_in.html", status=422, form=form)


@post("/salir", permission=PUBLIC)
async def sign_out(request: Request[Any, Any, Any], work: Work, view: View, session_cookie: SessionCookie) -> Redirect:
    if secret := session_cookie.read(request):
        await actions.sign_out(work, secret)
    answer = view.redirect("/", "Su sesión quedó cerrada.")
    answer.cookies.append(session_cookie.cleared())
    return answer


ROUTES = [public(sign_in_page, sign_in, sign_out)]
