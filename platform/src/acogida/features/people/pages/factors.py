"""Pages of the second factor: showing it on the way in, adding and taking away authenticators, passkeys and codes."""

from datetime import timedelta
from typing import Annotated, Any
from uuid import UUID

import segno
from litestar import Request, Response, get, post
from litestar.params import Dependency
from litestar.response import Redirect, Template

from acogida.features.people import store
from acogida.features.people.actions import account, factors, passkeys
from acogida.features.people.forms import AddPasskey, FactorCode
from acogida.features.people.pages.account import Settings, address_of, agent_of, safe_path, step_cookie
from acogida.kernel import limits
from acogida.kernel.db import Database
from acogida.kernel.errors import NotAllowed, NotFound, NotProven, Rejected
from acogida.kernel.permissions import PLATFORM_ROLES
from acogida.kernel.sealing import Sealer, Sealing
from acogida.kernel.work import Work
from acogida.web import forms
from acogida.web.cookies import SessionCookie
from acogida.web.routing import PUBLIC, SIGNED_IN, public
from acogida.web.view import View

WINDOW = timedelta(minutes=15)
Sealings = Annotated[Sealing, Dependency(skip_validation=True)]


def sealer_of(sealing: Sealing) -> Sealer:
    """This function will give who seals the secrets of authenticators."""
    return sealing.of("second-factor")


# --- On the way in


@get("/ingresar/segundo-factor", permission=PUBLIC)
async def step_page(
    request: Request[Any, Any, Any], work: Work, view: View, session_cookie: SessionCookie, settings: Settings
) -> Template | Redirect:
    try:
        return await _step(request, work, view, session_cookie, settings, forms.blank(FactorCode))
    except NotProven as late:
        return view.redirect("/ingresar", late.message, kind="info")


async def _step(
    request: Request[Any, Any, Any],
    work: Work,
    view: View,
    session_cookie: SessionCookie,
    settings: Settings,
    form: forms.Form[FactorCode],
    status: int = 200,
) -> Template:
    person, _ = await account.half_way(work, step_cookie(session_cookie).read(request))
    kinds = {row.kind for row in await store.factors_of(work, person.id)}
    return view.page(
        "people/factor_step.html",
        status=status,
        form=form,
        person=person,
        by_code="totp" in kinds,
        passkeys="passkey" in kinds and passkeys.place_of(settings.public_url).possible,
        demo=view.shell.environment == "development" and person.email.endswith(".demo.acogida.cl"),
    )


@post("/ingresar/segundo-factor", permission=PUBLIC, status_code=200)
async def step(
    request: Request[Any, Any, Any],
    work: Work,
    view: View,
    database: Database,
    session_cookie: SessionCookie,
    settings: Settings,
    sealing: Sealings,
) -> Template | Redirect:
    form = forms.read(FactorCode, await view.posted())
    waiting = step_cookie(session_cookie)
    try:
        if form.ok:
            person, _ = await account.half_way(work, waiting.read(request))
            await limits.count(database, work.clock, f"factor:{person.id}", limit=10, window=WINDOW)
            try:
                opened, onward = await account.finish(
                    work,
                    sealer_of(sealing),
                    waiting.read(request),
                    code=form.data.code,
                    agent=agent_of(request),
                    replacing=session_cookie.read(request),
                )
            except Rejected as problem:
                form.refuse(problem)
            else:
                answer = view.redirect(safe_path(onward or "/espacios"))
                answer.cookies += [session_cookie.carrying(opened.secret), waiting.cleared()]
                return answer
        form.raw.pop("code", None)
        return await _step(request, work, view, session_cookie, settings, form, 422)
    except NotProven as late:
        return view.redirect("/ingresar", late.message, kind="info")


@post("/ingresar/llave/opciones", permission=PUBLIC, status_code=200)
async def passkey_options(
    request: Request[Any, Any, Any],
    work: Work,
    view: View,
    database: Database,
    session_cookie: SessionCookie,
    settings: Settings,
) -> Response[dict[str, Any]]:
    """What the browser needs to show a passkey. Only scripts ask: without them this way in is not offered."""
    del view
    await limits.count(database, work.clock, f"passkey-from:{address_of(request)}", limit=100, window=WINDOW)
    asked = await passkeys.ask_known(work, passkeys.place_of(settings.public_url))
    return Response(asked.options, cookies=[challenge_cookie(session_cookie).carrying(asked.secret)])


def challenge_cookie(session_cookie: SessionCookie):
    """This function will give the cookie of a challenge of a passkey, which lives beside that of a half sign-in."""
    return type(step_cookie(session_cookie))(session_cookie.secure, "desafio", 300)


@post("/ingresar/llave", permission=PUBLIC, status_code=200)
async def passkey_sign_in(
    request: Request[Any, Any, Any],
    work: Work,
    view: View,
    database: Database,
    session_cookie: SessionCookie,
    settings: Settings,
) -> Redirect:
    await limits.count(database, work.clock, f"passkey-from:{address_of(request)}", limit=100, window=WINDOW)
    fields = await view.posted()
    challenge = challenge_cookie(session_cookie)
    try:
        person = await passkeys.holder(
            work,
            passkeys.place_of(settings.public_url),
            challenge.read(request),
            (fields.get("credential") or [""])[-1],
        )
    except NotProven as refused:
        work.doom()
        return view.redirect("/ingresar", refused.message, kind="error")
    opened = await account.open_session(
        work,
        person,
        agent=agent_of(request),
        replacing=session_cookie.read(request),
        method="passkey",
        strong=True,
    )
    answer = view.redirect(safe_path((fields.get("siguiente") or ["/espacios"])[-1] or "/espacios"))
    answer.cookies += [
        session_cookie.carrying(opened.secret),
        challenge.cleared(),
        step_cookie(session_cookie).cleared(),
    ]
    return answer


# --- In one's account


async def _require_proof(request: Request[Any, Any, Any], work: Work) -> None:
    """Whoever has a second factor has shown it in this session before changing any."""
    person = await factors.myself(work)
    who = request.scope["state"].get("identity")
    if await store.factors_of(work, person.id) and not (who and who.strong):
        raise NotAllowed("Ingrese con su segundo factor para cambiarlo.")


@get("/cuenta/segundo-factor", permission=SIGNED_IN)
async def factors_page(work: Work, view: View, settings: Settings) -> Template:
    return await _factors(work, view, settings)


async def _factors(
    work: Work,
    view: View,
    settings: Settings,
    *,
    form: forms.Form[AddPasskey] | None = None,
    status: int = 200,
) -> Template:
    person = await factors.myself(work)
    return view.page(
        "people/factors.html",
        status=status,
        person=person,
        rows=await store.factors_of(work, person.id),
        left=len(await store.unused_recovery_codes(work, person.id)),
        offices=[PLATFORM_ROLES[key].title for key in person.platform_roles if key in PLATFORM_ROLES],
        form=form or forms.blank(AddPasskey),
        passkeys=passkeys.place_of(settings.public_url).possible,
    )


@post("/cuenta/segundo-factor/aplicacion", permission=SIGNED_IN)
async def begin_authenticator(request: Request[Any, Any, Any], work: Work, view: View, sealing: Sealings) -> Redirect:
    await _require_proof(request, work)
    row = await factors.begin_authenticator(work, sealer_of(sealing))
    return view.redirect(f"/cuenta/segundo-factor/aplicacion/{row.id}")


@get("/cuenta/segundo-factor/aplicacion/{factor_id:uuid}", permission=SIGNED_IN)
async def authenticator_page(work: Work, view: View, sealing: Sealings, factor_id: UUID) -> Template | Redirect:
    return await _authenticator(work, view, sealing, factor_id, forms.blank(FactorCode))


async def _authenticator(
    work: Work, view: View, sealing: Sealing, factor_id: UUID, form: forms.Form[FactorCode], status: int = 200
) -> Template | Redirect:
    try:
        found = await factors.enrolment(work, sealer_of(sealing), factor_id)
    except NotFound:
        return view.redirect("/cuenta/segundo-factor", "Esa aplicación ya se activó o se venció el plazo.", kind="info")
    return view.page(
        "people/authenticator.html",
        status=status,
        form=form,
        drawing=segno.make(found.uri, error="m").svg_data_uri(scale=5, border=2, dark="#1d2b36"),
        secret=" ".join(found.secret[i : i + 4] for i in range(0, len(found.secret), 4)),
    )


@post("/cuenta/segundo-factor/aplicacion/{factor_id:uuid}", permission=SIGNED_IN, status_code=200)
async def confirm_authenticator(
    request: Request[Any, Any, Any],
    work: Work,
    view: View,
    database: Database,
    session_cookie: SessionCookie,
    sealing: Sealings,
    factor_id: UUID,
) -> Template | Redirect:
    await _require_proof(request, work)
    form = forms.read(FactorCode, await view.posted())
    if form.ok:
        await limits.count(database, work.clock, f"factor:{work.actor.person_id}", limit=10, window=WINDOW)
        try:
            codes = await factors.confirm_authenticator(work, sealer_of(sealing), factor_id, form.data.code)
            await store.make_session_strong(work, session_cookie.read(request))
            return _done(view, codes, "Su aplicación de códigos quedó activada.")
        except Rejected as problem:
            form.refuse(problem)
    form.raw.pop("code", None)
    return await _authenticator(work, view, sealing, factor_id, form, 422)


def _done(view: View, codes: list[str], notice: str) -> Template | Redirect:
    """Recovery codes are shown by the answer itself: they are kept nowhere, so there is no page to send the browser to."""
    if codes:
        return view.page("people/recovery_codes.html", codes=codes, notice=notice)
    return view.redirect("/cuenta/segundo-factor", notice)


@post("/cuenta/segundo-factor/llave/opciones", permission=SIGNED_IN, status_code=200)
async def new_passkey_options(
    request: Request[Any, Any, Any], work: Work, view: View, session_cookie: SessionCookie, settings: Settings
) -> Response[dict[str, Any]]:
    del view
    await _require_proof(request, work)
    asked = await passkeys.ask_new(work, passkeys.place_of(settings.public_url))
    return Response(asked.options, cookies=[challenge_cookie(session_cookie).carrying(asked.secret)])


@post("/cuenta/segundo-factor/llave", permission=SIGNED_IN, status_code=200)
async def add_passkey(
    request: Request[Any, Any, Any], work: Work, view: View, session_cookie: SessionCookie, settings: Settings
) -> Template | Redirect:
    await _require_proof(request, work)
    form = forms.read(AddPasskey, await view.posted())
    if form.ok:
        try:
            codes = await passkeys.add(
                work,
                passkeys.place_of(settings.public_url),
                challenge_cookie(session_cookie).read(request),
                form.data.credential,
                form.data.name,
            )
            await store.make_session_strong(work, session_cookie.read(request))
            return _done(view, codes, "Su llave de acceso quedó agregada.")
        except (Rejected, NotProven) as problem:
            form.refuse(Rejected(fields={"credential": problem.message}))
    return await _factors(work, view, settings, form=form, status=422)


@post("/cuenta/segundo-factor/codigos", permission=SIGNED_IN, status_code=200)
async def new_codes(request: Request[Any, Any, Any], work: Work, view: View) -> Template:
    await _require_proof(request, work)
    person = await factors.myself(work)
    if not await store.factors_of(work, person.id):
        raise NotFound
    return view.page(
        "people/recovery_codes.html",
        codes=await factors.new_recovery_codes(work),
        notice="Los códigos anteriores ya no sirven.",
    )


@post("/cuenta/segundo-factor/{factor_id:uuid}/quitar", permission=SIGNED_IN, status_code=200)
async def remove_factor(
    request: Request[Any, Any, Any], work: Work, view: View, factor_id: UUID
) -> Template | Redirect:
    await _require_proof(request, work)
    person = await factors.myself(work)
    row = await store.factor(work, person.id, factor_id)
    if (await view.posted()).get("confirmed") != ["1"]:
        return view.page(
            "confirm.html",
            question=f"¿Quitar «{row.name}»?",
            text="Desde ahora no servirá para entrar. Le avisaremos por correo.",
            verb="Quitar",
            back="/cuenta/segundo-factor",
        )
    try:
        await factors.remove(work, factor_id)
    except Rejected as problem:
        work.doom()
        return view.redirect("/cuenta/segundo-factor", problem.message, kind="error")
    return view.redirect("/cuenta/segundo-factor", f"Se quitó «{row.name}».")


ROUTES = [
    public(
        step_page,
        step,
        passkey_options,
        passkey_sign_in,
        factors_page,
        begin_authenticator,
        authenticator_page,
        confirm_authenticator,
        new_passkey_options,
        add_passkey,
        new_codes,
        remove_factor,
    )
]
