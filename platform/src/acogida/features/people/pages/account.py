"""Pages of the account: entering, leaving, a forgotten password, name, password and sessions."""

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any, Protocol

from litestar import Request, get, post
from litestar.params import Dependency
from litestar.response import Redirect, Template

from acogida.features.people import store
from acogida.features.people.actions import account
from acogida.features.people.actions.account import HalfWay, LinkGone, SignedIn
from acogida.features.people.actions.passkeys import place_of
from acogida.features.people.browsers import describe
from acogida.features.people.forms import ChangePassword, ChoosePassword, Recover, Rename, SignIn
from acogida.kernel import limits
from acogida.kernel.db import Database
from acogida.kernel.errors import NotFound, Rejected
from acogida.kernel.identity import digest
from acogida.kernel.permissions import PLATFORM_ROLES
from acogida.kernel.ports import IdentityProvider
from acogida.kernel.work import Work
from acogida.web import forms
from acogida.web.cookies import SessionCookie, ShortCookie
from acogida.web.routing import PUBLIC, SIGNED_IN, public
from acogida.web.view import View


class HasAddress(Protocol):
    """What these pages need to know of how Acogida was set up."""

    @property
    def public_url(self) -> str: ...

    @property
    def catalogue(self) -> Path: ...


Settings = Annotated[HasAddress, Dependency(skip_validation=True)]
Provider = Annotated[IdentityProvider | None, Dependency(skip_validation=True)]
METHODS = {"password": "Contraseña", "passkey": "Llave de acceso", "claveunica": "ClaveÚnica"}
SECRETS = ("password", "password_again", "password_now")
"""Fields that never go back to a page."""


def safe_path(path: str) -> str:
    """This function will give a path of this site, or the start page when `path` would lead elsewhere."""
    inside = path.startswith("/") and not path.startswith(("//", "/\\")) and path.isprintable()
    return path if inside else "/espacios"


def address_of(request: Request[Any, Any, Any]) -> str:
    """This function will give the network address that a request came from, to count attempts by."""
    return request.client.host if request.client else "-"


def agent_of(request: Request[Any, Any, Any]) -> str:
    """This function will give what the browser says it is."""
    return request.headers.get("user-agent", "")


def without_secrets(form: forms.Form[Any]) -> None:
    """This function will empty the passwords of a form that goes back to the person."""
    for name in SECRETS:
        form.raw.pop(name, None)


def step_cookie(session_cookie: SessionCookie) -> ShortCookie:
    """This function will give the cookie of a sign-in that waits for its second half."""
    return ShortCookie(session_cookie.secure, "paso")


def entering(
    view: View, session_cookie: SessionCookie, entered: SignedIn | HalfWay, place: str, notice: str = ""
) -> Redirect:
    """This function will send the browser on with its session, or to show the second factor first."""
    if isinstance(entered, HalfWay):
        answer = view.redirect("/ingresar/segundo-factor")
        answer.cookies.append(step_cookie(session_cookie).carrying(entered.secret))
        return answer
    answer = view.redirect(place, notice)
    answer.cookies.append(session_cookie.carrying(entered.secret))
    return answer


@get("/ingresar", permission=PUBLIC)
async def sign_in_page(
    view: View, settings: Settings, identity_provider: Provider = None, siguiente: str = ""
) -> Template:
    form = forms.blank(SignIn, siguiente=safe_path(siguiente) if siguiente else "")
    return _sign_in(view, settings, identity_provider, form)


def _sign_in(
    view: View, settings: Settings, identity_provider: Provider, form: forms.Form[SignIn], status: int = 200
) -> Template:
    return view.page(
        "people/sign_in.html",
        status=status,
        form=form,
        claveunica=identity_provider is not None,
        passkeys=place_of(settings.public_url).possible,
    )


@post("/ingresar", permission=PUBLIC, status_code=200)
async def sign_in(
    request: Request[Any, Any, Any],
    work: Work,
    view: View,
    database: Database,
    session_cookie: SessionCookie,
    settings: Settings,
    identity_provider: Provider = None,
) -> Template | Redirect:
    form = forms.read(SignIn, await view.posted())
    if form.ok:
        window = timedelta(minutes=15)
        await limits.count(database, work.clock, f"sign-in:{form.data.email}", limit=10, window=window)
        await limits.count(database, work.clock, f"sign-in-from:{address_of(request)}", limit=200, window=window)
        onward = safe_path(form.data.siguiente or "/espacios")
        try:
            entered = await account.sign_in(
                work,
                email=form.data.email,
                password=form.data.password,
                agent=agent_of(request),
                replacing=session_cookie.read(request),
                onward=onward,
            )
            return entering(view, session_cookie, entered, onward)
        except Rejected as problem:
            form.refuse(problem)
    without_secrets(form)
    return _sign_in(view, settings, identity_provider, form, 422)


@get("/salir", permission=PUBLIC)
async def sign_out_page(view: View) -> Template | Redirect:
    """Leaving changes something, so it takes a button: this page has it."""
    return view.page("people/sign_out.html") if view.shell.person else view.redirect("/")


@post("/salir", permission=PUBLIC)
async def sign_out(request: Request[Any, Any, Any], work: Work, view: View, session_cookie: SessionCookie) -> Redirect:
    if secret := session_cookie.read(request):
        await account.sign_out(work, secret)
    answer = view.redirect("/", "Su sesión quedó cerrada.")
    answer.cookies.append(session_cookie.cleared())
    return answer


@dataclass(frozen=True, slots=True)
class Desk:
    """Where an office of the platform works."""

    permission: str
    title: str
    text: str
    path: str
    icon: str


DESKS = (
    Desk("claim:decide", "Solicitudes", "Municipalidades que piden abrir su espacio.", "/sermig/solicitudes", "mail"),
    Desk(
        "catalogue:curate", "Curaduría", "Las buenas prácticas: revisar, aprobar y publicar.", "/curaduria", "finding"
    ),
    Desk(
        "platform:operate", "Operación", "El registro de la plataforma y el acceso de emergencia.", "/operacion", "plug"
    ),
)


@get("/espacios", permission=SIGNED_IN)
async def workspaces(view: View) -> Template | Redirect:
    """Where I work: my workspaces and the desks of my office; when there is only one place, straight into it."""
    desks = [desk for desk in DESKS if view.work.actor.may(desk.permission)]
    places = [f"/m/{place.slug}" for place in view.shell.workspaces] + [desk.path for desk in desks]
    if len(places) == 1:
        return view.redirect(places[0])
    return view.page("people/workspaces.html", desks=desks)


@get("/recuperar", permission=PUBLIC)
async def recover_page(view: View) -> Template:
    return view.page("people/recover.html", form=forms.blank(Recover))


@post("/recuperar", permission=PUBLIC, status_code=200)
async def recover(request: Request[Any, Any, Any], work: Work, view: View, database: Database) -> Template | Redirect:
    """The answer is the same whether there is an account or not."""
    form = forms.read(Recover, await view.posted())
    if not form.ok:
        return view.page("people/recover.html", status=422, form=form)
    hour = timedelta(hours=1)
    await limits.count(database, work.clock, f"recover:{form.data.email}", limit=5, window=hour)
    await limits.count(database, work.clock, f"recover-from:{address_of(request)}", limit=60, window=hour)
    await account.ask_reset(work, form.data.email)
    return view.redirect(
        "/recuperar",
        f"Si hay una cuenta con {form.data.email}, le enviamos un enlace para elegir otra contraseña. Sirve por dos horas; "
        "revise también el correo no deseado.",
    )


@get("/recuperar/{secret:str}", permission=PUBLIC)
async def choose_password_page(work: Work, view: View, secret: str) -> Template:
    try:
        _, person = await account.reset_behind(work, secret)
    except LinkGone:
        return view.page("people/recover.html", status=410, form=forms.blank(Recover), gone=True)
    return view.page("people/choose_password.html", form=forms.blank(ChoosePassword), person=person)


@post("/recuperar/{secret:str}", permission=PUBLIC, status_code=200)
async def choose_password(
    request: Request[Any, Any, Any], work: Work, view: View, session_cookie: SessionCookie, secret: str
) -> Template | Redirect:
    try:
        _, person = await account.reset_behind(work, secret)
    except LinkGone:
        return view.page("people/recover.html", status=410, form=forms.blank(Recover), gone=True)
    form = forms.read(ChoosePassword, await view.posted())
    if form.ok:
        try:
            entered = await account.reset_password(
                work,
                secret,
                password=form.data.password,
                agent=agent_of(request),
                replacing=session_cookie.read(request),
            )
            return entering(
                view,
                session_cookie,
                entered,
                "/espacios",
                "Su contraseña quedó cambiada y ya está adentro. Las demás sesiones se cerraron.",
            )
        except Rejected as problem:
            form.refuse(problem)
    without_secrets(form)
    return view.page("people/choose_password.html", status=422, form=form, person=person)


@get("/cuenta", permission=SIGNED_IN)
async def account_page(
    request: Request[Any, Any, Any],
    work: Work,
    view: View,
    session_cookie: SessionCookie,
    identity_provider: Provider = None,
) -> Template:
    return await _account(request, work, view, session_cookie, identity_provider)


async def _account(
    request: Request[Any, Any, Any],
    work: Work,
    view: View,
    session_cookie: SessionCookie,
    identity_provider: Provider,
    *,
    name: forms.Form[Rename] | None = None,
    password: forms.Form[ChangePassword] | None = None,
    status: int = 200,
) -> Template:
    if work.actor.person_id is None:
        raise NotFound
    person = await store.person(work, work.actor.person_id)
    current = digest(session_cookie.read(request) or "")
    return view.page(
        "people/account.html",
        status=status,
        person=person,
        name_form=name or forms.filled(Rename, person),
        password_form=password or forms.blank(ChangePassword),
        factors=await store.factors_of(work, person.id),
        offices=[PLATFORM_ROLES[key].title for key in person.platform_roles if key in PLATFORM_ROLES],
        claveunica=identity_provider is not None,
        sessions=[
            {
                "id": session.id_hash.hex(),
                "agent": describe(session.agent),
                "since": session.created_at,
                "seen": session.seen_at,
                "current": session.id_hash == current,
                "method": METHODS.get(session.method, session.method),
                "strong": session.strong_at is not None,
            }
            for session in await store.sessions_of(work, person.id)
        ],
    )


@post("/cuenta/nombre", permission=SIGNED_IN, status_code=200)
async def rename(
    request: Request[Any, Any, Any],
    work: Work,
    view: View,
    session_cookie: SessionCookie,
    identity_provider: Provider = None,
) -> Template | Redirect:
    form = forms.read(Rename, await view.posted())
    if form.ok:
        await account.rename(work, form.data.name)
        return view.redirect("/cuenta", "Su nombre quedó guardado.")
    return await _account(request, work, view, session_cookie, identity_provider, name=form, status=422)


@post("/cuenta/contrasena", permission=SIGNED_IN, status_code=200)
async def change_password(
    request: Request[Any, Any, Any],
    work: Work,
    view: View,
    database: Database,
    session_cookie: SessionCookie,
    identity_provider: Provider = None,
) -> Template | Redirect:
    form = forms.read(ChangePassword, await view.posted())
    if form.ok:
        await limits.count(
            database, work.clock, f"password:{work.actor.person_id}", limit=10, window=timedelta(minutes=15)
        )
        try:
            await account.change_password(
                work, now=form.data.password_now, new=form.data.password, keep=session_cookie.read(request)
            )
            return view.redirect("/cuenta", "Su contraseña quedó cambiada y se cerraron sus demás sesiones.")
        except Rejected as problem:
            form.refuse(problem)
    without_secrets(form)
    return await _account(request, work, view, session_cookie, identity_provider, password=form, status=422)


@post("/cuenta/sesiones/{session_id:str}/cerrar", permission=SIGNED_IN)
async def close_session(work: Work, view: View, session_id: str) -> Redirect:
    try:
        id_hash = bytes.fromhex(session_id)
    except ValueError:
        raise NotFound from None
    await account.close_session(work, id_hash)
    return view.redirect("/cuenta", "Cerramos esa sesión.")


@post("/cuenta/sesiones/cerrar-otras", permission=SIGNED_IN)
async def close_other_sessions(
    request: Request[Any, Any, Any], work: Work, view: View, session_cookie: SessionCookie
) -> Redirect:
    ended = await account.close_other_sessions(work, session_cookie.read(request))
    return view.redirect("/cuenta", f"Cerramos {ended} {'sesión' if ended == 1 else 'sesiones'}.")


ROUTES = [
    public(
        sign_in_page,
        sign_in,
        sign_out_page,
        sign_out,
        workspaces,
        recover_page,
        recover,
        choose_password_page,
        choose_password,
        account_page,
        rename,
        change_password,
        close_session,
        close_other_sessions,
    )
]
