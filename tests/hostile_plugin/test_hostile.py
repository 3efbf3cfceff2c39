"""Whatever a plugin does, the page answers within its time, other plugins and other municipalities go on, and it is told."""

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from acogida.app.wiring import Services
from acogida.kernel import containment, hooks
from acogida.kernel.document import DocumentBuilder
from acogida.kernel.hooks import Card, Plugin, hookimpl
from acogida.kernel.tenancy import Tenant
from acogida.kernel.work import Work
from hostile_plugin import behaviours
from hostile_plugin.behaviours import HARMLESS, OTHER, SILENT, SLOW, Behaviour
from support.extensions import enable, having
from support.make import make_municipality, make_person, work_as
from support.make_plan import make_initiative
from support.visitor import Visitor

BUDGET = timedelta(seconds=0.15)


class Hostile:
    """Does as it is told before it answers."""

    act: Behaviour

    @hookimpl
    async def page_slot(self, work: Work) -> Any:
        return await self.act(work)


class Kind:
    @hookimpl
    async def page_slot(self, work: Work) -> Card:
        rows = await work.session.scalar(text("select count(*) from core.initiative"))
        return Card("Vecina amable", (f"Cuenta {rows}",))


def plugin(name: str, answers: object, priority: int = 0) -> Plugin:
    return Plugin(
        name=name,
        title=name,
        summary="Prueba.",
        touches=("Nada.",),
        version="1",
        platform=("0.1", "1"),
        hooks=answers,
        priority=priority,
    )


@pytest.fixture(autouse=True)
def hurried(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(containment, "BUDGET", BUDGET)
    monkeypatch.setattr(containment, "LONGEST_QUERY", timedelta(seconds=0.2))
    yield
    containment._records.clear()


@pytest.fixture
async def tenant(services: Services) -> Tenant:
    tenant = await make_municipality(services)
    await make_person(services, tenant)
    OTHER["tenant"] = await make_municipality(services, cut="13201", name="Puente Alto", slug="puente-alto")
    async with work_as(services, OTHER["tenant"]) as work:
        await make_initiative(work, "De la vecina")
        await make_initiative(work, "Otra de la vecina")
    return tenant


@pytest.fixture
async def place(services: Services, tenant: Tenant) -> str:
    async with work_as(services, tenant) as work:
        return f"/m/temuco/iniciativas/{(await make_initiative(work, 'Escuela de líderes')).id}"


@pytest.fixture
async def hostile(services: Services, tenant: Tenant, place: str) -> AsyncIterator[Hostile]:
    del place
    answers = Hostile()
    with having(plugin("hostile", answers, -1), plugin("kind", Kind(), 1)):
        for name in ("hostile", "kind"):
            await enable(services, tenant, name)
        yield answers


@pytest.fixture
async def rosa(visitor: Visitor, hostile: Hostile) -> Visitor:
    del hostile
    await visitor.sign_in("rosa@temuco.cl")
    return visitor


async def told(services: Services) -> list[str]:
    """What the operator knows of the hostile one."""
    async with services.database.transaction(read_only=True) as session:
        return list(await session.scalars(text("select reason from core.extension_failure where plugin = 'hostile'")))


async def unharmed(services: Services, tenant: Tenant) -> None:
    """The municipality has what it had, and so has the one next door."""
    async with work_as(services, tenant) as work:
        assert list(await work.session.scalars(text("select name from core.initiative"))) == ["Escuela de líderes"]
        assert await work.session.scalar(text("select count(*) from core.axis")) == 0
    async with work_as(services, OTHER["tenant"]) as work:
        assert await work.session.scalar(text("select count(*) from core.initiative")) == 2


@pytest.mark.parametrize("act", [*SILENT, *SLOW], ids=lambda act: act.__name__)
async def test_what_it_does_wrong_is_left_aside(
    services: Services, tenant: Tenant, rosa: Visitor, hostile: Hostile, place: str, act: Behaviour
) -> None:
    """The page is whole and in time, the next plugin answers with this municipality's rows, and the operator is told."""
    hostile.act = act
    began = time.perf_counter()
    page = await rosa.get(place)
    took = time.perf_counter() - began
    saved = await rosa.post(place, {"name": "Escuela de líderes", "version": "1"})
    behaviours.OVER.append(True)
    await asyncio.sleep(0.05)
    behaviours.OVER.clear()

    assert page.status_code == 200
    assert took < 3
    assert "Vecina amable" in page.text
    assert "Cuenta 1" in page.text
    assert "alert(" not in page.text
    assert saved.status_code == 303
    assert await told(services)
    await unharmed(services, tenant)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
@pytest.mark.parametrize("act", HARMLESS, ids=lambda act: act.__name__)
async def test_what_it_spoils_is_its_own(
    services: Services, tenant: Tenant, rosa: Visitor, hostile: Hostile, place: str, act: Behaviour
) -> None:
    """It comes out and reaches nobody: not the rows the page read, not what others read, not the browser as markup."""
    hostile.act = act
    page = await rosa.get(place)
    for task in behaviours.TASKS:
        with pytest.raises(Exception):  # noqa: B017 because whatever it gets, it writes nothing
            await task
    behaviours.TASKS.clear()

    assert page.status_code == 200
    assert "Vecina amable" in page.text
    assert "Cuenta 1" in page.text
    assert "Cambiada por una extensión" not in page.text
    assert "<script>alert" not in page.text
    assert "<b>Título" not in page.text
    assert len(page.text) < 200_000
    await unharmed(services, tenant)


async def test_the_breaker_opens_and_closes(
    services: Services, tenant: Tenant, rosa: Visitor, hostile: Hostile, place: str, clock: Any
) -> None:
    """After three failures it is not called; when its time has passed it is, and a good answer clears it."""
    calls: list[int] = []

    async def counts(work: Work) -> Card:
        del work
        calls.append(1)
        if len(calls) <= containment.STRIKES:
            raise RuntimeError
        return Card("Sana")

    hostile.act = counts
    for _ in range(containment.STRIKES + 2):
        await rosa.get(place)
    opened = len(calls)
    paused = (await rosa.get("/m/temuco/ajustes/extensiones")).text
    clock.move_to(clock.now() + containment.REST + timedelta(seconds=1))
    healed = (await rosa.get(place)).text

    assert opened == containment.STRIKES
    assert "En pausa" in paused
    assert "Sana" in healed
    async with work_as(services, tenant) as work:
        assert containment.resting(work, "hostile") is None


async def test_all_that_hang_share_one_allowance(
    services: Services, tenant: Tenant, visitor: Visitor, place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ten plugins that hang do not make ten times one: the page comes, with what the good one says."""
    monkeypatch.setattr(containment, "BUDGET", timedelta(seconds=0.5))
    monkeypatch.setattr(containment, "ALLOWANCE", timedelta(seconds=0.8))
    monkeypatch.setattr(containment, "LEAST", timedelta(seconds=0.05))
    monkeypatch.setattr(containment, "GRACE", timedelta(seconds=0.02))
    bad = Hostile()
    bad.act = behaviours.sleeps

    def another() -> Hostile:
        one = Hostile()
        one.act = behaviours.sleeps
        return one

    with having(*(plugin(f"bad{n}", another()) for n in range(10)), plugin("kind", Kind(), 1)):
        for name in (*(f"bad{n}" for n in range(10)), "kind"):
            await enable(services, tenant, name)
        await visitor.sign_in("rosa@temuco.cl")
        began = time.perf_counter()
        page = (await visitor.get(place)).text
        took = time.perf_counter() - began

    assert "Vecina amable" in page
    assert took < 2.5


async def test_a_document_keeps_nothing_of_one_that_goes_on_writing(services: Services, tenant: Tenant) -> None:
    """One that was cut and will not stop writes on a copy that nobody reads any more; garbage is not kept either."""
    running: list[asyncio.Task[None]] = []

    class Writers:
        @hookimpl
        async def document_chapters(self, builder: DocumentBuilder) -> None:
            builder.annex("Entero")

            async def later() -> None:
                await asyncio.sleep(0.1)
                builder.annex("Después")

            running.append(asyncio.create_task(later()))

    class Garbage:
        @hookimpl
        async def document_chapters(self, builder: DocumentBuilder) -> None:
            builder.annex("Basura")
            builder.extend([object()])  # type: ignore[list-item]

    class Endless:
        @hookimpl
        async def document_chapters(self, builder: DocumentBuilder) -> None:
            builder.annex("Sin fin")
            for _ in range(20_000):
                builder.p("más")

    with having(plugin("endless", Endless()), plugin("garbage", Garbage()), plugin("writers", Writers())):
        for name in ("endless", "garbage", "writers"):
            await enable(services, tenant, name)
        async with work_as(services, tenant) as work:
            builder = DocumentBuilder("Política", author="Temuco", kind="Política", date=work.today())
            await hooks.document_chapters(work, builder)
            await asyncio.gather(*running)
            blocks = builder.build().blocks

    assert [getattr(block, "text", "") for block in blocks] == ["Entero"]


async def test_a_question_that_only_looks_may_not_write(services: Services, tenant: Tenant) -> None:
    """Nothing that an answer changes stays, whether it meant to or not; and the next tenant sees nothing of it."""
    seen: list[UUID] = []

    class Writes:
        @hookimpl
        async def page_slot(self, work: Work) -> Card:
            row = await make_initiative(work, "Escrita al mirar")
            seen.append(row.id)
            return Card("Escribió")

    with having(plugin("writes", Writes())):
        await enable(services, tenant, "writes")
        async with work_as(services, tenant) as work:
            (shown,) = await hooks.page_slot(work, "board")
    async with work_as(services, tenant) as work:
        kept = await work.session.scalar(text("select count(*) from core.initiative"))

    assert shown.title == "Escribió"
    assert seen
    assert kept == 0
