"""A municipality decides what is added to its workspace, and what it has not enabled does not exist."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from litestar import Litestar, get
from litestar.response import Template
from sqlalchemy import text

from acogida.app import plugins
from acogida.app.web import create_app, templates
from acogida.app.wiring import Services
from acogida.features.extensions.public import settings
from acogida.kernel import containment, hooks
from acogida.kernel.hooks import NavLink, Plugin, hookimpl
from acogida.kernel.tenancy import Tenant
from acogida.kernel.work import Work
from acogida.web import assets, forms
from acogida.web.view import View
from support.extensions import enable, having, installed
from support.make import make_municipality, make_person, make_token, work_as
from support.visitor import Visitor, application

PLACE = "/m/temuco/ajustes/extensiones"


@dataclass(frozen=True)
class Settings(forms.FormData):
    greeting: str = forms.text("Saludo", required=True, max_length=20)
    loud: bool = forms.tick("En voz alta")
    tone: str = forms.choice("Tono", {"kind": "Amable", "dry": "Seco"}, default="kind")


@get("/", permission="workspace:read")
async def show(work: Work, view: View) -> Template:
    return view.page("confirm.html", question=work.tenant.name, text="Biblioteca", verb="Leer", back="/")


@get("/reservada", permission="people:invite")
async def reserved(view: View) -> Template:
    return view.page("confirm.html", question="", text="", verb="", back="/")


@get("/libros", permission="workspace:read", operation_id="libraryListBooks")
async def books(work: Work) -> list[str]:
    return [work.tenant.slug]


class Broken:
    @hookimpl
    async def page_slot(self) -> None:
        raise RuntimeError


def library(**given: Any) -> Plugin:
    """What a municipal library might add."""
    start = {
        "title": "Biblioteca",
        "summary": "Lleva los libros a las iniciativas.",
        "touches": ("Lee las iniciativas.", "Guarda préstamos."),
        "version": "1.0",
        "platform": ("0.1", "1"),
        "pages": (show, reserved),
        "api": (books,),
        "settings": Settings,
        "nav": (NavLink("Biblioteca", icon="practice"),),
        "hooks": Broken(),
    }
    return Plugin(name="library", **{**start, **given})


NORTH = Plugin(
    name="north",
    title="Macrozona Norte",
    summary="Para comunas de frontera.",
    touches=("Nada.",),
    version="1",
    platform=("0.1", "1"),
    regions=("15", "01", "02"),
)


@cache
def with_a_library() -> Litestar:
    """Built once: it takes a second."""
    services = application().state.base_services
    return create_app(services.settings, services)


@pytest.fixture
async def tenant(services: Services) -> Tenant:
    tenant = await make_municipality(services)
    await make_person(services, tenant)
    return tenant


@pytest.fixture
async def rosa(services: Services, tenant: Tenant) -> AsyncIterator[Visitor]:
    """The secretary, in an Acogida that has the library and the plugin of the north."""
    del tenant
    with having(library(), NORTH):
        async with Visitor(services, with_a_library()) as visitor:
            await visitor.sign_in("rosa@temuco.cl")
            yield visitor
    containment._records.clear()


async def test_what_is_offered_says_what_data_it_touches(rosa: Visitor) -> None:
    """Before it is enabled; and what is for other regions is not offered."""
    page = (await rosa.get(PLACE)).text

    assert "Lleva los libros a las iniciativas." in page
    assert "Guarda préstamos." in page
    assert "Habilitar Biblioteca" in page
    assert "Macrozona Norte" not in page


async def test_what_is_not_enabled_does_not_exist(rosa: Visitor) -> None:
    """Neither its pages nor its lines in the menu; once enabled they are there, and once disabled they are not."""
    off = await rosa.get("/m/temuco/x/library")
    done = await rosa.post(f"{PLACE}/library/habilitar")
    on = await rosa.get("/m/temuco/x/library")
    asked = await rosa.post(f"{PLACE}/library/deshabilitar")
    await rosa.post(f"{PLACE}/library/deshabilitar", {"confirmed": "1"})
    again = await rosa.get("/m/temuco/x/library")

    assert off.status_code == 404
    assert done.status_code == 303
    assert on.status_code == 200
    assert 'href="/m/temuco/x/library"' in on.text
    assert "¿Deshabilitar «Biblioteca»?" in asked.text
    assert again.status_code == 404


async def test_its_api_waits_for_the_same_lock(services: Services, tenant: Tenant, rosa: Visitor) -> None:
    """With the key of somebody who may."""
    person = await make_person(services, tenant, email="ana@temuco.cl", name="Ana Ruiz")
    headers = {"authorization": f"Bearer {await make_token(services, tenant, person)}"}
    place = "/api/v1/m/temuco/x/library/libros"

    off = await rosa.http.get(place, headers=headers)
    switched = await rosa.http.put("/api/v1/m/temuco/extensiones/library", json={"enabled": True}, headers=headers)
    on = await rosa.http.get(place, headers=headers)

    assert off.status_code == 404
    assert switched.json()["enabled"] is True
    assert on.json() == ["temuco"]
    assert (await rosa.http.get(place)).status_code == 401


async def test_strangers_and_lesser_roles_stay_out(services: Services, tenant: Tenant, rosa: Visitor) -> None:
    """The door of the core stands before every page of a plugin."""
    await enable(services, tenant, "library")
    other = await make_municipality(services, cut="13201", name="Puente Alto", slug="puente-alto")
    await make_person(services, other, email="juan@puentealto.cl")
    await make_person(services, tenant, email="eva@temuco.cl", roles=["councillor"])
    app = with_a_library()
    async with Visitor(services, app) as juan, Visitor(services, app) as eva, Visitor(services, app) as nobody:
        await juan.sign_in("juan@puentealto.cl")
        await eva.sign_in("eva@temuco.cl")

        assert (await juan.get("/m/temuco/x/library")).status_code == 404
        assert (await juan.get("/m/puente-alto/x/library")).status_code == 404
        assert (await eva.get("/m/temuco/x/library")).status_code == 200
        assert (await eva.get("/m/temuco/x/library/reservada")).status_code == 403
        assert (await eva.post(f"{PLACE}/library/deshabilitar", {"confirmed": "1"})).status_code == 403
        assert (await nobody.get("/m/temuco/x/library")).status_code == 303


async def test_each_decision_is_in_the_book(services: Services, tenant: Tenant, rosa: Visitor) -> None:
    """Doing it twice is doing it once."""
    for _ in range(2):
        await rosa.post(f"{PLACE}/library/habilitar")
    await rosa.post(f"{PLACE}/library/deshabilitar", {"confirmed": "1"})

    async with work_as(services, tenant) as work:
        told = (await work.session.scalars(text("select sentence from core.audit_entry order by seq"))).all()
    assert told == ["habilitó la extensión «Biblioteca»", "deshabilitó la extensión «Biblioteca»"]


async def test_a_municipality_sets_it_with_the_form_that_it_declares(
    services: Services, tenant: Tenant, rosa: Visitor
) -> None:
    """Faults beside their fields; what was set is what the plugin reads; who saves second sees both versions."""
    await rosa.post(f"{PLACE}/library/habilitar")

    wrong = await rosa.post(f"{PLACE}/library", {"greeting": "", "tone": "raro", "version": "1"})
    saved = await rosa.post(
        f"{PLACE}/library", {"greeting": "Buenas tardes", "loud": "yes", "tone": "dry", "version": "1"}
    )
    stale = await rosa.post(f"{PLACE}/library", {"greeting": "Hola", "tone": "dry", "version": "1"})
    page = (await rosa.get(f"{PLACE}/library")).text

    assert wrong.status_code == 422
    assert "Falta completar «Saludo»" in wrong.text
    assert saved.status_code == 303
    assert stale.status_code == 409
    assert "Buenas tardes" in stale.text
    assert 'value="Buenas tardes"' in page
    async with work_as(services, tenant) as work:
        assert await settings(work, "library", Settings) == Settings("Buenas tardes", True, "dry")


async def test_settings_of_another_version_count_as_not_set(services: Services, tenant: Tenant, rosa: Visitor) -> None:
    """The plugin starts again from its own, and nothing fails."""

    @dataclass(frozen=True)
    class Newer(forms.FormData):
        greeting: str = forms.choice("Saludo", {"hello": "Hola"}, default="hello")

    await rosa.post(f"{PLACE}/library/habilitar")
    await rosa.post(f"{PLACE}/library", {"greeting": "Buenas", "version": "1"})

    async with work_as(services, tenant) as work:
        assert await settings(work, "library", Newer) == Newer("hello")


async def test_one_that_rests_says_so_and_wakes_when_asked(services: Services, tenant: Tenant, rosa: Visitor) -> None:
    """The page tells until when; enabling it again lets it try."""
    await rosa.post(f"{PLACE}/library/habilitar")
    for _ in range(containment.STRIKES):
        async with work_as(services, tenant) as work:
            await hooks.page_slot(work, "initiative.sidebar", uuid4())

    resting = (await rosa.get(PLACE)).text
    await rosa.post(f"{PLACE}/library/habilitar")
    awake = (await rosa.get(PLACE)).text

    assert "En pausa" in resting
    assert "descansa hasta las" in resting
    assert "En pausa" not in awake


async def test_one_that_is_gone_is_told_and_can_be_let_go(services: Services, tenant: Tenant, rosa: Visitor) -> None:
    """Uninstalled or not allowed any more: its pages answer 404, everything else works, and its data wait."""
    await rosa.post(f"{PLACE}/library/habilitar")
    with having():
        async with Visitor(services, create_app(services.settings, services)) as visitor:
            await visitor.sign_in("rosa@temuco.cl")
            page = (await visitor.get(PLACE)).text
            missing = await visitor.get("/m/temuco/x/library")
            board = await visitor.get("/m/temuco")
            gone = await visitor.post(f"{PLACE}/library/deshabilitar", {"confirmed": "1"})
            after = (await visitor.get(PLACE)).text

    assert "no está disponible en esta instalación" in page
    assert missing.status_code == 404
    assert board.status_code == 200
    assert gone.status_code == 303
    assert "no está disponible en esta instalación" not in after


async def test_one_set_aside_is_told_to_the_operator_and_stops_nobody(services: Services, tenant: Tenant) -> None:
    """The page of health names it and the process serves."""
    del tenant
    with having(library(platform=("9", "10")), strict=False):
        async with Visitor(services, create_app(services.settings, services)) as visitor:
            answer = await visitor.get("/salud/listo")

    assert answer.status_code == 200
    assert answer.json()["extensiones"] == "apartadas: library"


async def test_templates_are_found_under_the_name_of_the_plugin_only(services: Services, tmp_path: Path) -> None:
    """A plugin can't stand before a page of ours, nor before another plugin's."""
    del services
    for place in ("library/book.html", "error.html", "layout/base.html", "other/page.html"):
        (tmp_path / "templates" / place).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "templates" / place).write_text("de la biblioteca")
    registry = plugins.load(installed(library(), folder=tmp_path))
    environment = templates(assets.build(), plugins.templates(registry))

    assert environment.get_template("library/book.html").render() == "de la biblioteca"
    assert environment.get_template("error.html").filename != str(tmp_path / "templates" / "error.html")
    assert "other/page.html" not in environment.list_templates()
