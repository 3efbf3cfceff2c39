"""A browser-like client: keeps cookies, carries the CSRF token, speaks to the application without a network."""

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Self

import httpx
from litestar import Litestar

from acogida.app import logs
from acogida.app.web import create_app
from acogida.app.wiring import Services, assemble
from support.environment import settings_for, test_server


@cache
def application() -> Litestar:
    """The application, built once per process; each test hands it the services of its own database."""
    settings = settings_for(test_server(), Path("/nonexistent"), "acogida")
    logs.configure(settings)
    services = assemble(settings)
    app = create_app(settings, services)
    app.state.base_services = services
    return app


class Visitor:
    """`await visitor.get("/")`, `await visitor.post("/ingresar", {"email": …})`, `await visitor.sign_in(email)`."""

    def __init__(self, services: Services, app: Litestar | None = None) -> None:
        app = app or application()
        app.state.services = services
        self.http = httpx.AsyncClient(
            transport=httpx.ASGITransport(app=app, raise_app_exceptions=True),
            base_url="http://acogida.test",
            timeout=30,
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.http.aclose()

    async def get(self, path: str, **options: Any) -> httpx.Response:
        return await self.http.get(path, **options)

    async def csrf(self) -> str:
        if "csrf" not in self.http.cookies:
            await self.http.get("/ingresar")
        return self.http.cookies["csrf"]

    async def post(
        self,
        path: str,
        fields: Mapping[str, str | Sequence[str]] | None = None,
        *,
        files: Any = None,
        headers: Mapping[str, str] | None = None,
    ) -> httpx.Response:
        """Send a form as a browser would, redirects not followed."""
        data = {name: list(v) if not isinstance(v, str) else v for name, v in (fields or {}).items()}
        data["_csrf_token"] = await self.csrf()
        sent = {"x-csrftoken": data["_csrf_token"]} if files else {}
        return await self.http.post(path, data=data, files=files, headers={**sent, **(headers or {})})

    async def sign_in(self, email: str, password: str = "una clave larga") -> None:
        answer = await self.post("/ingresar", {"email": email, "password": password})
        assert answer.status_code == 303, answer.text
