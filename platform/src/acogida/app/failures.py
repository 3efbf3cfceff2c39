"""How refusals and failures reach a person: a kind page, a fragment, or problem details (RFC 9457)."""

from typing import Any
from urllib.parse import quote

import structlog
from litestar import MediaType, Request, Response
from litestar.datastructures import FormMultiDict
from litestar.exceptions import HTTPException
from litestar.response import Redirect, Template
from litestar.utils.scope.state import ScopeState
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from acogida.app.wiring import Services
from acogida.kernel.errors import (
    NotAllowed,
    NotFound,
    Problem,
    SecondFactorNeeded,
    SignInNeeded,
    Stale,
    TooLarge,
    Unavailable,
)
from acogida.web.format import initials
from acogida.web.shell import Shell, ShellPerson
from acogida.web.view import csrf_token_of

log = structlog.get_logger()
_NO_VALUE = frozenset({"22003", "22008", "22021", "22P05"})
"""What PostgreSQL says of a value that it can't hold: a zero byte in a text, a number or a date beyond any we keep."""
_KEPT = 2_000_000
"""Characters of a lost form that the error page carries back, in all."""


class FormExpired(Problem):
    status = 403
    code = "form_expired"
    sentence = "La página estuvo abierta mucho tiempo y por seguridad no se guardó. Lo que escribió está aquí: vuelva a enviarlo."


class Unexpected(Problem):
    status = 500
    code = "unexpected"
    sentence = "Algo falló de nuestro lado y no se guardó este último cambio. Vuelva a intentarlo; si sigue, avísenos con este número."


class NotValid(Problem):
    status = 400
    code = "not_valid"
    sentence = "No pudimos entender lo que llegó."


class WrongMethod(Problem):
    status = 405
    code = "wrong_method"
    sentence = "Esta dirección no admite esa operación."


class LineCut(Problem):
    """The browser went away before sending everything: nobody reads this answer, and it is no failure of ours."""

    status = 400
    code = "line_cut"
    sentence = "Se cortó la conexión antes de recibir todo y no se guardó nada. Vuelva a enviarlo."


def as_problem(error: Exception) -> Problem:
    """This function will turn any failure into a problem that may be shown."""
    if isinstance(error, Problem):
        return error
    if isinstance(error, HTTPException):
        if "disconnected" in str(error.detail):
            return LineCut()
        if error.status_code == 404:
            return NotFound()
        if error.status_code == 413:
            return TooLarge()
        if error.status_code == 405:
            return WrongMethod()
        if error.status_code == 403:
            return FormExpired() if "CSRF" in str(error.detail) else NotAllowed()
        if error.status_code < 500:
            fields = {
                str(item.get("key", "")): str(item.get("message", ""))
                for item in error.extra or []
                if isinstance(item, dict)
            }
            return NotValid(fields=fields)
    origin = error.orig if isinstance(error, DBAPIError) else error
    if getattr(origin, "sqlstate", "") in _NO_VALUE or "value out of int" in str(origin):
        return NotValid()
    if isinstance(error, OperationalError | InterfaceError | PoolTimeout | ConnectionError | OSError):
        return Unavailable()
    if isinstance(error, DBAPIError) and (error.connection_invalidated or "Lock" in type(error.orig).__name__):
        return Unavailable()
    return Unexpected()


def answer(request: Request[Any, Any, Any], error: Exception) -> Response[Any]:
    """This function will answer a failed request; what was posted goes back with the page so nothing typed is lost."""
    problem = as_problem(error)
    if problem.status >= 500:
        log.error("request.failed", code=problem.code, path=request.scope.get("path_template", ""), exc_info=error)
    request.scope["state"]["problem"] = problem.code
    if request.url.path.startswith("/api/"):
        return problem_details(request, problem)
    if isinstance(problem, SignInNeeded) and request.method == "GET":
        place = f"/ingresar?siguiente={quote(request.url.path)}"
        if request.headers.get("hx-request") == "true":
            return Response(None, status_code=204, headers={"hx-redirect": place})
        return Redirect(place, status_code=303)
    if isinstance(problem, SecondFactorNeeded) and request.method == "GET":
        return Redirect("/cuenta/segundo-factor", status_code=303)
    return _page(request, problem)


def problem_details(request: Request[Any, Any, Any], problem: Problem) -> Response[Any]:
    """This function will write a problem as `application/problem+json`."""
    body: dict[str, Any] = {
        "type": f"https://acogida.cl/problemas/{problem.code}",
        "title": problem.message,
        "status": problem.status,
        "code": problem.code,
        "instance": request.scope["state"].get("request_id", ""),
    }
    if problem.fields:
        body["fields"] = problem.fields
    if isinstance(problem, Stale):
        body["current_version"] = problem.version
    body.update({key: value for key, value in problem.data.items() if key not in body})
    headers = {"www-authenticate": "Bearer"} if problem.status == 401 else {}
    return Response(body, status_code=problem.status, media_type="application/problem+json", headers=headers)


def _page(request: Request[Any, Any, Any], problem: Problem) -> Response[Any]:
    services: Services = request.app.state.services
    who = request.scope["state"].get("identity")
    person = ShellPerson(who.actor.name, initials(who.actor.name)) if who and who.signed_in else None
    kept: list[tuple[str, str]] = []
    if request.method == "POST" and not isinstance(problem, TooLarge | NotFound):
        kept = _typed(request)
    return Template(
        template_name="error.html",
        context={
            "shell": Shell(path=request.url.path, environment=services.settings.environment, person=person),
            "csrf_token": csrf_token_of(request),
            "problem": problem,
            "kept": kept,
            "request_id": request.scope["state"].get("request_id", ""),
        },
        status_code=problem.status,
        media_type=MediaType.HTML,
        headers={"cache-control": "no-store"},
    )


def _typed(request: Request[Any, Any, Any]) -> list[tuple[str, str]]:
    """What the person had written, to be sent again by one button: the form as it was already read."""
    form = ScopeState.from_scope(request.scope).form
    if not isinstance(form, dict):
        return []
    pairs = [
        (name, value)
        for name, value in FormMultiDict(form).multi_items()
        if isinstance(value, str) and name != "_csrf_token" and "password" not in name
    ]
    return pairs if sum(len(value) for _, value in pairs) <= _KEPT else []
