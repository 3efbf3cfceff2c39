"""The door: every request passes here before its handler. Who are you, which workspace, may you?"""

import re
from collections.abc import AsyncIterator, Sequence
from typing import Any

from litestar import Request
from litestar.connection import ASGIConnection
from litestar.datastructures import MutableScopeHeaders
from litestar.handlers import BaseRouteHandler
from litestar.types import Message, Scope

from acogida.app.pace import keep_pace
from acogida.app.wiring import Services
from acogida.features.extensions import public as extensions
from acogida.features.municipalities.public import tenant_by_slug
from acogida.features.people.public import area_open, note_look, workspaces_of
from acogida.kernel import containment, hooks, identity
from acogida.kernel.errors import NotAllowed, NotFound, SecondFactorNeeded, SignInNeeded
from acogida.kernel.identity import Identity
from acogida.kernel.permissions import PERMISSIONS, PLATFORM_PERMISSIONS
from acogida.kernel.tenancy import Tenant
from acogida.kernel.work import Work
from acogida.web.cookies import SessionCookie
from acogida.web.format import initials
from acogida.web.routing import OPEN_WORKSPACE, PUBLIC, SIGNED_IN
from acogida.web.shell import NavItem, Shell, ShellMunicipality, ShellPerson, StageLine, navigation
from acogida.web.view import View, notices_of

_SLUG = re.compile(r"^/(?:api/v1/)?m/([^/]+)")
KNOWN = frozenset({PUBLIC, SIGNED_IN, OPEN_WORKSPACE, *PERMISSIONS, *PLATFORM_PERMISSIONS})


async def admit(connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler) -> None:
    """This function will find out who asks and refuse whoever may not: a guard on every route.

    A stranger to a workspace gets `NotFound`, the same as for one that does not exist.
    """
    if handler.opt.get("is_static") or handler.opt.get("anonymous"):
        return
    permission = handler.opt.get("permission")
    if permission not in KNOWN:
        raise RuntimeError(f"{handler} declares no known permission")
    services: Services = connection.app.state.services
    match = _SLUG.match(connection.url.path)
    slug = match[1] if match else None
    if connection.url.path.startswith("/api/"):
        kind, _, token = connection.headers.get("authorization", "").partition(" ")
        if permission != PUBLIC and (kind.lower() != "bearer" or not token or slug is None):
            raise SignInNeeded("Falta la llave de acceso: envíela como «Authorization: Bearer …».")
        who = await identity.by_token(services.database, services.clock, token, slug) if slug and token else Identity()
    else:
        cookie = SessionCookie(services.settings.secure_cookies).read(connection)
        who = await identity.by_session(
            services.database, services.clock, cookie, slug, renewing=connection.scope.get("method") == "GET"
        )
    connection.scope["state"]["identity"] = who
    await keep_pace(services, connection, who)
    if permission == PUBLIC:
        return
    if permission == OPEN_WORKSPACE:
        connection.scope["state"]["open_slug"] = slug
        return
    if not who.signed_in:
        raise SignInNeeded
    if permission == SIGNED_IN:
        return
    if permission in PLATFORM_PERMISSIONS:
        _admit_to_office(who, permission)
        return
    if who.tenant is None:
        raise NotFound
    if who.must_prove:
        raise SecondFactorNeeded
    if plugin := handler.opt.get("plugin"):
        async with services.database.transaction(tenant=who.tenant, read_only=True) as session:
            on = await hooks.enabled(Work(session, services.clock, who.actor, who.tenant))
        if plugin not in on:
            raise NotFound
        connection.scope["state"]["plugins"] = on
    if not who.actor.may(permission):
        raise NotAllowed
    if match and who.outside:
        await _show_in(services, connection, who, match)


def _admit_to_office(who: Identity, permission: str) -> None:
    """A desk of the platform does not exist for who holds another office or none."""
    if not who.actor.may(permission):
        raise NotFound
    if who.must_prove:
        raise SecondFactorNeeded


async def _show_in(
    services: Services, connection: ASGIConnection[Any, Any, Any, Any], who: Identity, match: re.Match[str]
) -> None:
    """Whoever comes from outside opens the parts that they were given, and the municipality sees each page they open."""
    path = connection.url.path
    place = path[match.end() :].strip("/")
    if not area_open(place, who.areas):
        raise NotAllowed("La municipalidad le dio acceso a otras partes de este espacio, no a ésta.")
    if connection.scope.get("method") == "GET":
        async with services.database.transaction(tenant=who.tenant, person=who.actor.person_id) as session:
            await note_look(
                session, who.actor, services.clock.now(), place, through="api" if path.startswith("/api/") else "page"
            )


async def carry_fresh_secret(message: Message, scope: Scope) -> None:
    """This function will hand the browser the new secret of a session that was renewed on the way in."""
    who = scope.get("state", {}).get("identity")
    if message["type"] == "http.response.start" and isinstance(who, Identity) and who.fresh_secret:
        services: Services = scope["litestar_app"].state.services
        cookie = SessionCookie(services.settings.secure_cookies).carrying(who.fresh_secret)
        MutableScopeHeaders.from_message(message).add("set-cookie", cookie.to_header(header=""))


def identity_of(request: Request[Any, Any, Any]) -> Identity:
    """This function will give what the door found out about this request."""
    return request.scope["state"].get("identity", Identity())


async def open_work(request: Request[Any, Any, Any]) -> AsyncIterator[Work]:
    """This function will open the one transaction of the request and end it: the only yielding dependency.

    Reading requests get a read-only transaction, so a page can't write on GET. A doomed work rolls back.
    """
    services: Services = request.app.state.services
    if request.method not in ("GET", "HEAD", "OPTIONS"):
        await request.form()  # on a slow line a file takes minutes: it has arrived before the transaction begins
    who = identity_of(request)
    tenant = who.tenant
    if tenant is None and (slug := request.scope["state"].get("open_slug")):
        tenant = await _open_tenant(services, slug)
    session = services.database.session(tenant=tenant, person=who.actor.person_id)
    reads = request.method in ("GET", "HEAD", "OPTIONS")
    work = Work(
        session,
        services.clock,
        who.actor,
        tenant,
        request.scope["state"].get("request_id", ""),
        reads_only=reads,
    )
    try:
        async with session:
            await session.begin()
            if reads:
                await session.connection(execution_options={"postgresql_readonly": True})
            if on := request.scope["state"].get("plugins"):
                hooks.remember(work, on)
            try:
                yield work
            except BaseException:
                await session.rollback()
                raise
            if work.doomed:
                await session.rollback()
            else:
                await session.commit()
    finally:
        if tenant and (failed := containment.failures(work)):
            await extensions.tell_failures(services.database, services.clock, tenant.slug, failed)


async def _open_tenant(services: Services, slug: str) -> Tenant | None:
    async with services.database.transaction(read_only=True) as session:
        return await tenant_by_slug(session, slug)


def view_provider(stage_line: StageLine):
    """This function will make the dependency that frames a page: person, workspace, stages, navigation, notices."""

    async def provide_view(request: Request[Any, Any, Any], work: Work) -> View:
        services: Services = request.app.state.services
        who = identity_of(request)
        tenant = who.tenant
        person = ShellPerson(who.actor.name, initials(who.actor.name)) if who.signed_in else None
        path = request.url.path
        shell = Shell(
            path=path,
            environment=services.settings.environment,
            person=person,
            municipality=ShellMunicipality(tenant.name, tenant.slug, tenant.demo) if tenant else None,
            workspaces=[ShellMunicipality(*place) for place in await workspaces_of(work)]
            if who.signed_in and not tenant
            else (),
            stages=await stage_line(work) if tenant else (),
            nav=await _navigation(work, path) if tenant else (),
            notices=notices_of(request),
        )
        return View(request, work, shell)

    return provide_view


async def _navigation(work: Work, path: str) -> Sequence[NavItem]:
    """The lines of the core, then those of what is enabled here, and where that is decided for whoever decides it."""
    added = [NavItem(link.label, link.href, link.icon, path.startswith(link.href)) for link in await hooks.nav(work)]
    if await hooks.frameworks(work):
        place = f"/m/{work.tenant.slug}/marcos"
        added.append(NavItem("Alineación", place, "link", path.startswith(place)))
    if work.actor.may("extension:manage"):
        place = f"/m/{work.tenant.slug}/ajustes/extensiones"
        added.append(NavItem("Extensiones", place, "plug", path.startswith(place)))
    if work.actor.may("workspace:leave"):
        place = f"/m/{work.tenant.slug}/ajustes/salida"
        added.append(NavItem("Llevarse todo", place, "download", path.startswith(place)))
    return (*navigation(work.tenant.slug, path), *added)
