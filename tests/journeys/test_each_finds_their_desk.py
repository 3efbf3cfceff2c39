"""Each role enters by clicking from the front page and finds its work; a mayor is away; a secretary leaves.

The people are there before the browser opens; everything after that is clicks.
"""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import pyotp
import pytest
from playwright.sync_api import Browser

from acogida.adapters.embedded_postgres import Server
from acogida.app.wiring import Services, assemble
from acogida.features.bodies.model import Agreement, Meeting
from acogida.features.people.model import SecondFactor
from acogida.kernel.clock import SystemClock
from acogida.kernel.db import new_id
from support.environment import settings_for
from support.make import PASSWORD, make_municipality, make_person, work_as
from support.make_plan import make_initiative
from support.product import Product, running
from support.walker import Walker, open_context

pytestmark = pytest.mark.live

INSIDE = (
    ("secretary", "secretaria@temuco.cl", "Rosa Painemal", "Siguiente paso"),
    ("mayor", "alcaldesa@temuco.cl", "Eliana Huaiquil", "Preparación"),
    ("councillor", "concejala@temuco.cl", "Ximena Bustos", "Preparación"),
    ("extended_member", "juan@temuco.cl", "Juan Soto", "Preparación"),
    ("executive_member", "ana@temuco.cl", "Ana Ríos", "Siguiente paso"),
    ("unit_owner", "unidad@temuco.cl", "Óscar Leiva", "Preparación"),
    ("adviser", "asesor@uct.cl", "Tomás Echeverri", "Preparación"),
    ("mesa_participant", "mesa@organizacion.cl", "Yorgelis Mendoza", "Preparación"),
    ("observer", "lia@oim.int", "Lía Mora", "Preparación"),
)
OUTSIDE = (
    ("curator", "curaduria@oim.int", "Curaduría"),
    ("sermig_regional", "oficina@sermig.cl", "Solicitudes"),
    ("operator", "operacion@acogida.cl", "Operación de la plataforma"),
)


@dataclass(frozen=True)
class Town:
    """The product running with Temuco's people in it, and the telephones of who works in the platform."""

    product: Product
    telephones: dict[str, str]


async def _people(services: Services) -> dict[str, str]:
    tenant = await make_municipality(services)
    for role, email, name, _ in INSIDE:
        await make_person(services, tenant, email=email, name=name, roles=[role], unit="Oficina de la Niñez")
    telephones = {}
    for role, email, _ in OUTSIDE:
        person = await make_person(
            services, None, email=email, name=email, offices=[role], region="09" if role == "sermig_regional" else ""
        )
        telephones[email] = pyotp.random_base32()
        now = services.clock.now()
        async with services.database.transaction() as session:
            session.add(
                SecondFactor(
                    id=new_id(),
                    person_id=person.id,
                    kind="totp",
                    name="Teléfono",
                    secret=services.sealing.of("second-factor").seal(telephones[email]),
                    created_at=now,
                    confirmed_at=now,
                )
            )
    async with work_as(services, tenant) as work:
        await make_initiative(work, "Ventanilla única", responsible="Rosa Painemal")
        meeting = Meeting(kind="team", title="Equipo", held_on=date(2026, 11, 10), status="held")
        work.session.add(meeting)
        await work.session.flush()
        work.session.add(Agreement(meeting_id=meeting.id, text="Pedir los datos a Salud", responsible="Rosa Painemal"))
    return telephones


@pytest.fixture
def town(server: Server, database_name: str, tmp_path: Path) -> Iterator[Town]:
    """Named before the browser in each test: once a browser runs, no other loop may."""

    async def prepare() -> dict[str, str]:
        services = assemble(settings_for(server, tmp_path, database_name), clock=SystemClock())
        try:
            return await _people(services)
        finally:
            await services.close()

    telephones = asyncio.run(prepare())
    with running(server, database_name, tmp_path, worker=False) as started:
        yield Town(started, telephones)


def enter(browser: Browser, town: Town, email: str, *, width: int = 1280) -> Walker:
    """From the front page to inside, with the telephone where it is asked for."""
    walker = Walker(open_context(browser, width=width), town.product.url)
    walker.start()
    walker.follow("Ingresar", exact=True)
    walker.fill("Correo institucional", email)
    walker.fill("Contraseña", PASSWORD)
    walker.press("Ingresar", exact=True)
    if email in town.telephones:
        walker.look("segundo factor")
        walker.fill("Código", pyotp.TOTP(town.telephones[email]).now())
        walker.press("Entrar", exact=True)
    return walker


def test_each_role_enters_from_the_front_page_and_finds_its_work(town: Town, browser: Browser) -> None:
    """Nine roles of a workspace land on its board, three offices of the platform on their desks."""
    for _, email, name, sees in INSIDE:
        walker = enter(browser, town, email)
        walker.sees("Municipalidad de Temuco", name, sees)
        walker.page.context.close()
    for _, email, sees in OUTSIDE:
        walker = enter(browser, town, email, width=390)
        walker.sees(sees)
        walker.look(email)
        walker.page.context.close()


def test_the_deputy_signs_while_the_mayor_is_away(town: Town, browser: Browser) -> None:
    """The secretary registers it; the deputy acts and the activity says in whose name; the mayor reads meanwhile."""
    today = date.today()
    rosa = enter(browser, town, "secretaria@temuco.cl")
    rosa.follow("Personas", exact=True)
    rosa.follow("Cargos y subrogancias")
    rosa.look("cargos")
    rosa.follow("Registrar al titular")
    rosa.fill("Cómo firma", "Alcaldesa")
    rosa.fill("Quién", "Eliana Huaiquil, Encargada de Migración")
    rosa.fill("Desde", (today - timedelta(days=300)).isoformat())
    rosa.look("registrar un cargo")
    rosa.press("Registrar", exact=True)
    rosa.follow("Registrar una subrogancia")
    rosa.fill("Quién", "Juan Soto, Encargada de Migración")
    rosa.fill("Desde", today.isoformat())
    rosa.fill("Acto que lo dispone", "Decreto alcaldicio N.º 1.204")
    rosa.press("Registrar", exact=True)
    rosa.sees("Una subrogancia tiene término")
    rosa.fill("Hasta", (today + timedelta(days=7)).isoformat())
    rosa.press("Registrar", exact=True)
    rosa.sees("Juan Soto subroga como Alcaldesa", "Decreto alcaldicio N.º 1.204")

    juan = enter(browser, town, "juan@temuco.cl")
    juan.follow("Personas", exact=True)
    juan.follow("Llaves de acceso a la API")
    juan.fill("¿Para qué es?", "Planilla de la alcaldía")
    juan.press("Crear la llave")
    juan.sees("Su llave")
    eliana = enter(browser, town, "alcaldesa@temuco.cl")
    eliana.sees("Municipalidad de Temuco")

    rosa.follow("Actividad", exact=True)
    rosa.sees("Juan Soto (subrogando a Eliana Huaiquil, Alcaldesa)")


def test_the_secretary_leaves_and_nothing_is_left_in_her_name(town: Town, browser: Browser) -> None:
    """She can't go while she alone runs it, nor with duties; once given, she goes with a signed sheet."""
    rosa = enter(browser, town, "secretaria@temuco.cl")
    rosa.follow("Personas", exact=True)
    rosa.press("Dejar el espacio")
    rosa.sees("Es la única persona con el rol de secretaría ejecutiva")
    rosa.page.locator("li", has_text="Ana Ríos").get_by_role("link", name="Ver ficha").click()
    rosa.tick("Secretario/a ejecutivo/a")
    rosa.press("Guardar los cambios")
    rosa.press("Dejar el espacio")
    rosa.sees("Entréguelas a otra persona", "Ventanilla única", "Pedir los datos a Salud")
    rosa.look("entrega")
    rosa.fill("Todo lo que no elija arriba", "Lo recibe Ana Ríos")
    rosa.press("Entregar", exact=True)
    rosa.sees("Nada queda a nombre de Rosa Painemal")
    rosa.follow("Ver la hoja de entrega")
    rosa.look("hoja de entrega")
    rosa.sees("Lo entregado", "Ana Ríos", "Recibe conforme")
    rosa.follow("Entrega", exact=True)
    rosa.press("Dejar el espacio")
    rosa.sees("Dejó el espacio de la Municipalidad de Temuco")

    ana = enter(browser, town, "ana@temuco.cl")
    ana.follow("Personas", exact=True)
    ana.open_drawer("Ya no tienen acceso")
    ana.sees("Rosa Painemal")
