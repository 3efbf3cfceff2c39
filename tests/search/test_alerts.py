"""News of a search by mail: asked for by anybody, confirmed by whoever reads the mailbox, ended with a button."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import text

from acogida.app.wiring import Services
from acogida.features.search.jobs import tell_alerts
from acogida.kernel.clock import FixedClock
from support.make_practices import all_of, make_document
from support.visitor import Visitor

ASKED = "/buenas-practicas/avisos?q=clases+de+espa%C3%B1ol&pais=CL"


@pytest.fixture
async def indexed(worker_services: Services, clock: FixedClock) -> None:
    """Two practices that the search finds: an old one, and one that will be published tomorrow."""
    today = clock.now().date()
    await worker_services.search.rebuild(
        all_of(
            [
                make_document("BP-001", "Clases de español en la biblioteca", published_on=today - timedelta(days=30)),
                make_document("BP-002", "Clases de español de noche", published_on=today + timedelta(days=1)),
                make_document("BP-003", "Vivienda social", published_on=today + timedelta(days=1)),
            ]
        )
    )


async def letters(services: Services) -> list[tuple[str, str, str]]:
    async with services.database.transaction(read_only=True) as session:
        found = await session.execute(text('select "to", subject, text from core.outgoing_mail order by id'))
        return [tuple(row) for row in found]


async def link_of(services: Services) -> str:
    """The one link of the last letter that leads to an alert."""
    *_, (_, _, said) = await letters(services)
    found = re.search(r"\{sitio\}(/buenas-practicas/avisos/[\w-]+)", said)
    assert found, said
    return found[1]


async def test_it_begins_only_when_the_mailbox_confirms(services: Services, visitor: Visitor) -> None:
    """Whoever typed the address may not be who reads it."""
    answer = await visitor.post(ASKED, {"email": "Ana@Ejemplo.cl"})
    assert (
        answer.status_code == 303 and answer.headers["location"] == "/buenas-practicas?q=clases+de+espa%C3%B1ol&pais=CL"
    )

    ((to, _, said),) = await letters(services)
    assert to == "ana@ejemplo.cl" and "«clases de español» · Chile" in said
    link = await link_of(services)
    page = await visitor.get(link)
    assert "Confirmar el aviso" in page.text and page.headers["referrer-policy"] == "no-referrer"

    await visitor.post(f"{link}/confirmar")
    assert "Dejar de recibirlo" in (await visitor.get(link)).text


@pytest.mark.usefixtures("indexed")
async def test_it_tells_what_is_new_once_and_nothing_else(
    services: Services, worker_services: Services, visitor: Visitor, clock: FixedClock
) -> None:
    """Not what was there before, not what another search would find, not twice."""
    await visitor.post(ASKED, {"email": "ana@ejemplo.cl"})
    link = await link_of(services)
    await visitor.post(f"{link}/confirmar")
    await tell_alerts(worker_services)
    assert len(await letters(services)) == 1, "nothing new, nothing said"

    clock.move_to(clock.now() + timedelta(days=7))
    await tell_alerts(worker_services)
    await tell_alerts(worker_services)

    _, (to, subject, said) = await letters(services)
    assert (to, subject) == ("ana@ejemplo.cl", "1 práctica nueva en su búsqueda")
    assert "Clases de español de noche" in said and "/buenas-practicas/BP-002" in said and link in said
    assert "biblioteca" not in said and "Vivienda" not in said


async def test_ended_it_leaves_nothing(services: Services, visitor: Visitor) -> None:
    """The address goes with it, and the link of old letters says so."""
    await visitor.post(ASKED, {"email": "ana@ejemplo.cl"})
    link = await link_of(services)
    await visitor.post(f"{link}/confirmar")
    await visitor.post(f"{link}/terminar")

    assert (await visitor.get(link)).status_code == 404
    async with services.database.transaction(read_only=True) as session:
        assert await session.scalar(text("select count(*) from core.practice_alert")) == 0


async def test_what_nobody_confirms_is_forgotten(
    services: Services, worker_services: Services, visitor: Visitor, clock: FixedClock
) -> None:
    """A week later the address is no longer here."""
    await visitor.post(ASKED, {"email": "ana@ejemplo.cl"})
    clock.move_to(clock.now() + timedelta(days=8))
    await tell_alerts(worker_services)

    async with services.database.transaction(read_only=True) as session:
        assert await session.scalar(text("select count(*) from core.practice_alert")) == 0


async def test_a_wrong_address_is_told_and_nothing_is_sent(services: Services, visitor: Visitor) -> None:
    """The form comes back with what was typed."""
    answer = await visitor.post(ASKED, {"email": "ana en ejemplo"})
    assert answer.status_code == 422 and "Escriba un correo completo" in answer.text and "ana en ejemplo" in answer.text
    assert await letters(services) == []


async def test_nobody_fills_a_mailbox_with_requests(services: Services, visitor: Visitor) -> None:
    """Five letters a day to the same address, and no more."""
    for _ in range(5):
        assert (await visitor.post(ASKED, {"email": "ana@ejemplo.cl"})).status_code == 303
    assert (await visitor.post(ASKED, {"email": "ana@ejemplo.cl"})).status_code == 429
    assert len(await letters(services)) == 5
