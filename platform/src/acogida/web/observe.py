"""One line of log per request, a request id on everything, and the headers that keep a browser honest."""

import time
from typing import Any
from uuid import uuid4

import structlog
from litestar.datastructures import MutableScopeHeaders
from litestar.types import ASGIApp, Message, Receive, Scope, Send

log = structlog.get_logger()

SECURITY_HEADERS = {
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; "
        "form-action 'self'; frame-ancestors 'none'; base-uri 'none'; manifest-src 'self'"
    ),
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "permissions-policy": "geolocation=(), microphone=(), camera=()",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}
_OF_SOMEBODY = ("/m/", "/api/v1/m/", "/cuenta", "/espacios", "/ingresar", "/recuperar", "/abrir/", "/correo")
"""Where answers are of one person alone: nobody keeps a copy, unless the page itself says how."""


class Observe:
    """Wraps the application. `secure` adds HSTS; `store` is the store of files that pages may send to, if any."""

    def __init__(self, app: ASGIApp, *, secure: bool, store: str = "") -> None:
        self._app = app
        self._headers = dict(SECURITY_HEADERS)
        if store:
            policy = self._headers["content-security-policy"]
            self._headers["content-security-policy"] = policy.replace(
                "connect-src 'self'", f"connect-src 'self' {store}"
            )
        if secure:
            self._headers["strict-transport-security"] = "max-age=63072000; includeSubDomains"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id = uuid4().hex[:16]
        state: dict[str, Any] = scope.setdefault("state", {})  # type: ignore[assignment]
        state["request_id"] = request_id
        structlog.contextvars.bind_contextvars(request_id=request_id)
        began = time.perf_counter()
        status = 0

        async def send_with_headers(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableScopeHeaders.from_message(message)
                headers.setdefault("x-request-id", request_id)
                for name, value in self._headers.items():
                    headers.setdefault(name, value)
                if scope["path"].startswith(_OF_SOMEBODY):
                    headers.setdefault("cache-control", "no-store")
            await send(message)

        try:
            await self._app(scope, receive, send_with_headers)
        finally:
            if not scope["path"].startswith(("/estatico/", "/salud/")):
                who = state.get("identity")
                log.info(
                    "request",
                    method=scope["method"],
                    route=scope.get("path_template", "") or "-",
                    status=status,
                    ms=round((time.perf_counter() - began) * 1000, 1),
                    person_id=str(who.actor.person_id) if who and who.actor.person_id else None,
                    tenant=who.tenant.slug if who and who.tenant else None,
                    problem=state.get("problem"),
                )
            structlog.contextvars.clear_contextvars()
