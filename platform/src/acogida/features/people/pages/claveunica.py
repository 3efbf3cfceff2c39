"""Pages of ClaveÚnica: leaving for it, coming back, tying it to an account and untying it.

Leaving and coming back are plain visits, which write nothing here: what must be remembered travels sealed in a cookie of
ten minutes, and the return is confirmed by a form that the page sends by itself (or a button, without scripts).
"""

import json
from datetime import timedelta
from typing import Any

from litestar import Request, get, post
from litestar.response import Redirect, Template

from acogida.features.people.actions import account, claveunica
from acogida.features.people.pages.account import Provider, Settings, address_of, agent_of, entering, safe_path
from acogida.features.people.pages.factors import Sealings
from acogida.kernel import limits
from acogida.kernel.db import Database
from acogida.kernel.errors import NotFound, NotProven, Rejected
from acogida.kernel.sealing import Unsealable
from acogida.kernel.work import Work
from acogida.web.cookies import SessionCookie, ShortCookie
from acogida.web.routing import PUBLIC, SIGNED_IN, public
from acogida.web.view import View

TRIP_LASTS = 600
BACK = "/ingresar/claveunica/vuelta"


def _trip(session_cookie: SessionCookie) -> ShortCookie:
    return ShortCookie(session_cookie.secure, "viaje", TRIP_LASTS)


@get("/ingresar/claveunica", permission=PUBLIC)
async def leave(
    work: Work,
    view: View,
    session_cookie: SessionCookie,
    settings: Settings,
    sealing: Sealings,
    identity_provider: Provider = None,
    siguiente: str = "",
    vincular: bool = False,
) -> Redirect:
    """To enter, or with `vincular` to tie it to the account of whoever is signed in."""
    if identity_provider is None:
        raise NotFound
    person = str(work.actor.person_id) if vincular and work.actor.person_id else ""
    trip = await identity_provider.start(settings.public_url + BACK)
    kept = {
        "state": trip.state,
        "nonce": trip.nonce,
        "verifier": trip.verifier,
        "onward": "/cuenta" if person else safe_path(siguiente or "/espacios"),
        "tie": person,
    }
    answer = view.redirect(trip.url)
    answer.cookies.append(_trip(session_cookie).carrying(sealing.of("claveunica").seal(json.dumps(kept)).decode()))
    return answer


@get(BACK, permission=PUBLIC)
async def back_page(view: View) -> Template | Redirect:
    """The browser is back: its own page sends on what it brought. Whoever changed their mind goes to the start."""
    brought = view.request.query_params
    code, state = brought.get("code", ""), brought.get("state", "")
    if not code or not state:
        return view.redirect("/ingresar", "No se completó el ingreso con ClaveÚnica.", kind="info")
    return view.page("people/claveunica_back.html", code=code[:2000], state=state[:200], destination=BACK)


@post(BACK, permission=PUBLIC, status_code=200)
async def back(
    request: Request[Any, Any, Any],
    work: Work,
    view: View,
    database: Database,
    session_cookie: SessionCookie,
    settings: Settings,
    sealing: Sealings,
    identity_provider: Provider = None,
) -> Template | Redirect:
    if identity_provider is None:
        raise NotFound
    await limits.count(
        database, work.clock, f"claveunica-from:{address_of(request)}", limit=100, window=timedelta(minutes=15)
    )
    fields = await view.posted()
    try:
        kept = json.loads(
            sealing.of("claveunica").open((_trip(session_cookie).read(request) or "").encode(), seconds=TRIP_LASTS)
        )
    except Unsealable:
        return view.redirect("/ingresar", "Pasó demasiado tiempo. Vuelva a ingresar con ClaveÚnica.", kind="info")
    if fields.get("state") != [kept["state"]]:
        raise NotProven
    proven = await identity_provider.finish(
        (fields.get("code") or [""])[-1],
        settings.public_url + BACK,
        nonce=kept["nonce"],
        verifier=kept["verifier"],
    )
    if kept["tie"]:
        return await _tie(work, view, session_cookie, proven, kept["tie"])
    person = await claveunica.owner(work, proven)
    if person is None:
        answer = view.page("people/claveunica_unknown.html", name=proven.name)
        answer.cookies.append(_trip(session_cookie).cleared())
        return answer
    entered = await account.enter(
        work,
        person,
        agent=agent_of(request),
        replacing=session_cookie.read(request),
        method="claveunica",
        onward=kept["onward"],
    )
    answer = entering(view, session_cookie, entered, kept["onward"])
    answer.cookies.append(_trip(session_cookie).cleared())
    return answer


async def _tie(work: Work, view: View, session_cookie: SessionCookie, proven: Any, person_id: str) -> Redirect:
    if str(work.actor.person_id) != person_id:
        raise NotProven("Su sesión cambió mientras estaba en ClaveÚnica. Ingrese y vuelva a vincularla.")
    try:
        await claveunica.tie(work, proven)
    except Rejected as problem:
        work.doom()
        return view.redirect("/cuenta", problem.message, kind="error")
    answer = view.redirect("/cuenta", "Su ClaveÚnica quedó vinculada: desde ahora puede ingresar con ella.")
    answer.cookies.append(_trip(session_cookie).cleared())
    return answer


@post("/cuenta/claveunica/desvincular", permission=SIGNED_IN)
async def untie(work: Work, view: View) -> Redirect:
    try:
        await claveunica.untie(work)
    except Rejected as problem:
        work.doom()
        return view.redirect("/cuenta", problem.message, kind="error")
    return view.redirect("/cuenta", "Su ClaveÚnica ya no está vinculada a esta cuenta.")


ROUTES = [public(leave, back_page, back, untie)]
