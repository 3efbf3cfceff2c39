"""The web process: routes, the door, the frame, error pages, metrics. Reads top to bottom in the order a request travels."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from jinja2 import BaseLoader, ChoiceLoader, Environment, FileSystemLoader, StrictUndefined
from litestar import Litestar, Request, Router, get
from litestar.config.compression import CompressionConfig
from litestar.config.csrf import CSRFConfig
from litestar.contrib.jinja import JinjaTemplateEngine
from litestar.datastructures import CacheControlHeader, State
from litestar.di import Provide
from litestar.exceptions import HTTPException
from litestar.openapi import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.openapi.spec import Components, SecurityScheme
from litestar.plugins.prometheus import PrometheusConfig
from litestar.response import Response
from litestar.static_files import create_static_files_router
from litestar.template import TemplateConfig
from sqlalchemy import text

from acogida.app import failures, plugins
from acogida.app.discovery import feature_modules
from acogida.app.door import admit, carry_fresh_secret, open_work, view_provider
from acogida.app.settings import Settings
from acogida.app.wiring import Services, assemble
from acogida.features.cycles.public import stage_line
from acogida.kernel import hooks
from acogida.kernel.db import refuse_unsafe
from acogida.kernel.errors import Problem
from acogida.web import assets
from acogida.web.cookies import SessionCookie
from acogida.web.format import FILTERS
from acogida.web.observe import Observe
from acogida.web.routing import PUBLIC

ROOM = Path(__file__).resolve().parents[1]
STATIC = ROOM / "web" / "static"


def templates(manifest: assets.Manifest, *others: BaseLoader) -> Environment:
    """This function will make the template environment: shared furniture, each feature's own folder, and after them
    what `others` find, which can't stand before ours."""
    folders = [ROOM / "web" / "templates", *sorted((ROOM / "features").glob("*/templates"))]
    environment = Environment(
        loader=ChoiceLoader([FileSystemLoader(folders), *others]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        cache_size=1000,
    )
    environment.filters.update(FILTERS)
    environment.globals["asset"] = manifest.url  # pyrefly: ignore[unsupported-operation]
    environment.globals["icons_of"] = assets.icons_of  # pyrefly: ignore[unsupported-operation]
    return environment


@get("/salud/vivo", permission=PUBLIC, anonymous=True, include_in_schema=False, sync_to_thread=False)
def alive() -> dict[str, str]:
    """The process runs."""
    return {"estado": "vivo"}


@get("/salud/listo", permission=PUBLIC, anonymous=True, include_in_schema=False)
async def ready(request: Request[Any, Any, Any]) -> Response[dict[str, str]]:
    """The process can serve: database and file store answer."""
    services: Services = request.app.state.services
    state = {"base_de_datos": "bien", "archivos": "bien"}
    try:
        async with services.database.connection() as connection:
            await connection.execute(text("select 1"))
    except Exception:  # noqa: BLE001 because any failure means the same here: not ready
        state["base_de_datos"] = "no responde"
    if not await services.files.healthy():
        state["archivos"] = "no responde"
    status = 200 if set(state.values()) == {"bien"} else 503
    aside = ", ".join(sorted(hooks.registry().quarantined))  # told, and no reason to stop serving
    told = {
        "extensiones": f"apartadas: {aside}" if aside else "bien",
        "buscador": "bien" if await services.search.healthy() else "no responde; busca PostgreSQL",
    }
    return Response({**state, **told}, status_code=status)


def create_app(settings: Settings, services: Services | None = None) -> Litestar:
    """This function will build the web application."""
    services = services or assemble(settings)
    manifest = assets.build()

    @asynccontextmanager
    async def life(_app: Litestar) -> AsyncIterator[None]:
        await refuse_unsafe(services.database)
        await plugins.hold_to_their_tables(hooks.registry(), services.database)
        yield
        await services.close()

    def given(part: str) -> Provide:
        """A service by its name, as the application holds it when the request comes."""

        def provide(state: State) -> Any:
            return getattr(state.services, part)

        return Provide(provide, sync_to_thread=False)

    def session_cookie() -> SessionCookie:
        return SessionCookie(settings.secure_cookies)

    dependencies = {
        "work": Provide(open_work),
        "view": Provide(view_provider(stage_line(services.guides))),
        "database": given("database"),
        "files": given("files"),
        "renderer": given("renderer"),
        "signatures": given("signatures"),
        "state_signing": given("state_signing"),
        "mailer": given("mailer"),
        "guides": given("guides"),
        "search": given("search"),
        "settings": given("settings"),
        "sealing": given("sealing"),
        "identity_provider": given("identity_provider"),
        "session_cookie": Provide(session_cookie, sync_to_thread=False),
    }
    theirs = plugins.routers(hooks.registry(), dependencies)
    prometheus = PrometheusConfig(app_name="acogida", prefix="acogida", group_path=True, exclude=["/estatico"])
    app = Litestar(
        route_handlers=[
            alive,
            ready,
            create_static_files_router(
                "/estatico",
                directories=[STATIC],
                cache_control=CacheControlHeader(max_age=31_536_000, public=True, immutable=True),
                opt={"is_static": True},
                include_in_schema=False,
            ),
            *(router for module in feature_modules("pages") for router in module.ROUTES),
            *(router for module in feature_modules("api") for router in module.ROUTES),
            *theirs,
        ],
        guards=[admit],
        before_send=[carry_fresh_secret],
        dependencies=dependencies,
        exception_handlers={Problem: failures.answer, HTTPException: failures.answer, Exception: failures.answer},
        template_config=TemplateConfig(
            instance=JinjaTemplateEngine.from_environment(templates(manifest, plugins.templates(hooks.registry())))
        ),
        csrf_config=CSRFConfig(
            secret=str(settings.secret_key),
            cookie_name="__Host-csrf" if settings.secure_cookies else "csrf",
            cookie_secure=settings.secure_cookies,
            cookie_httponly=True,
            cookie_samesite="lax",
            header_name="x-csrftoken",
            exclude=["^/api/", "^/estatico/", "^/salud/"],
        ),
        compression_config=CompressionConfig(backend="gzip", gzip_compress_level=5, minimum_size=1000),
        openapi_config=OpenAPIConfig(
            title="Acogida",
            version="1",
            description="La API de un espacio de trabajo: lo mismo que las pantallas, con una llave de acceso.",
            openapi_router=Router("/api/v1", route_handlers=[], opt={"permission": PUBLIC, "anonymous": True}),
            render_plugins=[JsonRenderPlugin()],
            components=Components(security_schemes={"llave": SecurityScheme(type="http", scheme="bearer")}),
            security=[{"llave": []}],
        ),
        middleware=[prometheus.middleware],
        request_max_body_size=40_000_000,
        lifespan=[life],
        logging_config=None,
        debug=False,
    )
    app.state.services = services
    app.asgi_handler = Observe(app.asgi_handler, secure=settings.secure_cookies, store=settings.store.public_url)
    return app
