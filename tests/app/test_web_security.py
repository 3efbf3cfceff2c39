"""What a browser is told, and what nobody may make it do: headers, cookies, redirects, limits, what goes to the log."""

import dataclasses
import json
import re
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
import structlog
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from acogida.app import logs
from acogida.app.web import create_app
from acogida.app.wiring import Services
from acogida.features.people.pages.account import safe_path
from acogida.kernel.db import new_id
from acogida.web.observe import SECURITY_HEADERS
from support.make import make_municipality, make_person, make_token
from support.visitor import Visitor, application

POLICY = SECURITY_HEADERS["content-security-policy"]


@pytest.fixture
async def in_production(services: Services) -> AsyncIterator[Visitor]:
    """Somebody at the https address of an installation."""
    settings = dataclasses.replace(services.settings, public_url="https://acogida.test")
    secure = dataclasses.replace(services, settings=settings)
    async with Visitor(secure, create_app(settings, secure)) as somebody:
        somebody.http.base_url = "https://acogida.test"
        yield somebody
    application().state.services = services


async def test_pages_run_only_what_is_ours(services: Services, visitor: Visitor) -> None:
    """The policy lets no inline script or style in, no other site, no frame; pages hold none of what it forbids."""
    await make_person(services, await make_municipality(services))
    await visitor.sign_in("rosa@temuco.cl")

    assert "unsafe" not in POLICY
    assert "*" not in POLICY
    for needed in ("default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'", "form-action 'self'"):
        assert needed in POLICY
    for path in ("/", "/ingresar", "/m/temuco", "/m/temuco/iniciativas", "/m/temuco/personas", "/no-existe"):
        page = await visitor.get(path)
        for name, value in SECURITY_HEADERS.items():
            assert page.headers[name] == value, f"{path} {name}"
        assert not re.search(r"<script(?![^>]*\ssrc=)[^>]*>|\sstyle=\"|\son\w+=\"|<style|javascript:", page.text), path
        assert not re.search(r"(?:src|href)=\"https?://(?!acogida\.test)[^\"]+\.(?:js|css)", page.text), path


async def test_what_is_of_one_person_is_kept_by_nobody(services: Services, visitor: Visitor) -> None:
    """Neither a proxy nor the browser keeps the pages of a workspace, its JSON or an account."""
    tenant = await make_municipality(services)
    key = await make_token(services, tenant, await make_person(services, tenant))
    await visitor.sign_in("rosa@temuco.cl")

    for path in ("/m/temuco", "/cuenta", "/espacios", "/ingresar", "/m/temuco/nada"):
        assert "no-store" in (await visitor.get(path)).headers["cache-control"], path
    answer = await visitor.get("/api/v1/m/temuco/iniciativas", headers={"authorization": f"Bearer {key}"})
    assert answer.headers["cache-control"] == "no-store"


async def test_at_an_https_address_everything_is_bound_to_it(services: Services, in_production: Visitor) -> None:
    """HSTS for two years; each cookie `__Host-`, `Secure`, of this host and path alone, and out of reach of other sites."""
    await make_person(services, await make_municipality(services))
    page = await in_production.get("/ingresar")
    assert page.headers["strict-transport-security"] == "max-age=63072000; includeSubDomains"
    token = in_production.http.cookies["__Host-csrf"]
    fields = {"email": "rosa@temuco.cl", "password": "una clave larga", "_csrf_token": token}
    entered = await in_production.http.post("/ingresar", data=fields)
    assert entered.status_code == 303
    written = await in_production.http.post(
        "/m/temuco/difusion",
        data={"level": "wide", "reason": "x", "message": "x", "version": "0", "_csrf_token": token},
    )
    assert written.status_code == 303

    cookies = [line for answer in (page, entered, written) for line in answer.headers.get_list("set-cookie")]

    assert {line.partition("=")[0] for line in cookies} >= {"__Host-csrf", "__Host-sesion", "__Host-aviso"}
    for line in cookies:
        name, attributes = line.partition("=")[0], line.lower()
        assert name.startswith("__Host-"), line
        assert "secure" in attributes, name
        assert "httponly" in attributes, name
        assert re.search(r"samesite=(lax|strict)", attributes), name
        assert "path=/;" in attributes + ";", name
        assert "domain=" not in attributes, name


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://malo.example",
        "//malo.example",
        "/\\malo.example",
        "\\\\malo.example",
        "/\t/malo.example",
        " //malo.example",
        "javascript:alert(1)",
        "malo.example",
        "/ok\r\nset-cookie: a=b",
    ],
)
async def test_no_page_sends_a_browser_to_another_site(services: Services, visitor: Visitor, elsewhere: str) -> None:
    """What comes after signing in is a path of this site, and one line of the answer, whatever was asked for."""
    assert safe_path(elsewhere) == "/espacios"
    await make_person(services, None)
    answer = await visitor.post(
        "/ingresar", {"email": "rosa@temuco.cl", "password": "una clave larga", "siguiente": elsewhere}
    )
    assert re.fullmatch(r"/[^/\\\r\n][^\r\n]*", answer.headers["location"])
    assert "malo" not in answer.headers["location"]
    assert "a" not in answer.cookies


async def test_what_people_write_is_shown_and_never_run(services: Services, visitor: Visitor) -> None:
    """A name that is a script comes out as letters, in the page, in its title and in the notice of the next page."""
    await make_person(services, await make_municipality(services))
    await visitor.sign_in("rosa@temuco.cl")
    script = "<script>alert(1)</script><img src=x onerror=alert(2)>"
    saved = await visitor.post("/m/temuco/planificacion/ejes", {"name": script})
    assert saved.status_code == 303

    page = (await visitor.get("/m/temuco/planificacion/ejes")).text

    assert "&lt;script&gt;alert(1)" in page
    assert "<script>alert" not in page
    assert "<img src=x" not in page


async def test_nobody_asks_faster_than_the_limit(services: Services) -> None:
    """Per person on pages, per key on the API, per address before anybody is known; the next minute everything opens."""
    tenant = await make_municipality(services)
    person = await make_person(services, tenant)
    key = await make_token(services, tenant, person)
    hurried = dataclasses.replace(services, settings=dataclasses.replace(services.settings, requests_per_minute=5))
    async with Visitor(hurried) as visitor:
        await visitor.sign_in("rosa@temuco.cl")
        headers = {"authorization": f"Bearer {key}"}

        by_key = [(await visitor.get("/api/v1/m/temuco/difusion/plan", headers=headers)).status_code for _ in range(7)]
        by_person = [(await visitor.post("/m/temuco/planificacion/ejes", {"name": "x"})).status_code for _ in range(7)]
        reading = [(await visitor.get("/m/temuco")).status_code for _ in range(7)]
        by_address = [(await visitor.http.get("/api/v1/comunas?q=temuco")).status_code for _ in range(7)]

        assert by_key[5:] == [429, 429]
        assert 429 not in by_key[:5]
        assert by_person[5:] == [429, 429]
        assert 429 not in by_person[:5]
        assert reading == [200] * 7
        assert by_address[-1] == 429
        services.clock.move_to(services.clock.now() + timedelta(minutes=2))  # type: ignore[attr-defined]
        assert (await visitor.get("/api/v1/m/temuco/difusion/plan", headers=headers)).status_code != 429
    application().state.services = services


async def test_a_body_beyond_the_limit_is_not_read(services: Services, visitor: Visitor) -> None:
    """Forty megabytes are the most of a form; a field says its own limit long before."""
    tenant = await make_municipality(services)
    key = await make_token(services, tenant, await make_person(services, tenant))
    answer = await visitor.http.post(
        "/api/v1/m/temuco/iniciativas",
        content=b'{"name": "' + b"x" * 40_000_001 + b'"}',
        headers={"authorization": f"Bearer {key}", "content-type": "application/json"},
    )
    assert answer.status_code == 413


async def test_the_line_of_a_request_names_nobody(
    services: Services, visitor: Visitor, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    """Ids and the shape of the address: no name, no e-mail, no RUT, no word of what was written or asked."""
    await make_person(services, await make_municipality(services))
    await visitor.sign_in("rosa@temuco.cl")
    await visitor.get("/m/temuco/buscar?q=rosa@temuco.cl+12.345.678-5")
    await visitor.post("/m/temuco/planificacion/ejes", {"name": "Ana Huenchumán 12.345.678-5"})
    await visitor.post("/ingresar", {"email": "no-es@temuco.cl", "password": "una clave mala"})

    told = capsys.readouterr().err + caplog.text + json.dumps([str(record.msg) for record in caplog.records])

    assert "/m/{slug}" in told
    for secret in ("temuco.cl", "12.345.678", "Huenchumán", "una clave", *visitor.http.cookies.values()):
        assert secret not in told


async def test_a_failure_tells_neither_the_row_nor_the_person(
    services: Services, visitor: Visitor, capsys: pytest.CaptureFixture[str]
) -> None:
    """PostgreSQL repeats the row that it refused; the log keeps the kind of failure and drops the row."""
    logs.configure(services.settings)
    try:
        async with services.database.transaction() as session:
            row = {"id": new_id(), "email": "ana@temuco.cl", "name": "Ana 12.345.678-5"}
            for _ in range(2):
                await session.execute(
                    text("insert into core.person (id, email, name) values (:id, :email, :name)"), row
                )
    except IntegrityError as error:
        structlog.get_logger().error("request.failed", who="ana@temuco.cl 12.345.678-5", exc_info=error)

    told = capsys.readouterr().err

    assert "IntegrityError" in told
    for secret in ("ana@temuco.cl", "12.345.678-5", "Ana 12"):
        assert secret not in told
