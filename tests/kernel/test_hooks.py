"""Somebody else's code may do what it likes: the page, the transaction and the next plugin stay whole."""

import asyncio
from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from acogida.app.wiring import Services
from acogida.features.initiatives.model import Axis
from acogida.kernel import containment, hooks
from acogida.kernel.document import DocumentBuilder, Heading
from acogida.kernel.facts import Fact
from acogida.kernel.hooks import Card, Installed, NavLink, Plugin, hookimpl
from acogida.kernel.tenancy import Tenant
from acogida.kernel.work import Work
from support.extensions import enable, having
from support.make import make_municipality, work_as


def plugin(name: str = "one", /, **given: Any) -> Plugin:
    """A manifest with what every manifest must say."""
    start = {"title": name, "summary": "Prueba.", "touches": ("Nada.",), "version": "1", "platform": ("0.1", "1")}
    return Plugin(name=name, **{**start, **given})


class Answers:
    """The hooks of one plugin: `Answers(page_slot=…)`."""

    def __init__(self, **functions: Any) -> None:
        vars(self).update({name: hookimpl(function) for name, function in functions.items()})


def answering(page_slot: Any) -> Answers:
    return Answers(page_slot=page_slot)


async def kind(work: Work, slot: str, subject_id: UUID) -> Card:
    """What a plugin that behaves answers."""
    del work, slot, subject_id
    return Card("Bien", ("Todo en orden.",), (("Abrir", "cosas/1"),))


async def titles(services: Services, tenant: Tenant) -> list[str]:
    async with work_as(services, tenant) as work:
        return [shown.title for shown in await hooks.page_slot(work, "initiative.sidebar", uuid4())]


@pytest.fixture(autouse=True)
def rested() -> Iterator[None]:
    yield
    containment._records.clear()


# --- What a hook may do ---------------------------------------------------------------------------


async def raises(work: Work) -> None:
    raise ZeroDivisionError


async def exits(work: Work) -> None:
    raise SystemExit(1)


async def sleeps(work: Work) -> None:
    await asyncio.sleep(60)


async def hangs_in_the_database(work: Work) -> None:
    await work.session.execute(text("select pg_sleep(60)"))


async def asks_again_and_again(work: Work) -> None:
    while True:
        await work.session.execute(text("select pg_sleep(0.05)"))


async def writes_bad_sql(work: Work) -> None:
    await work.session.execute(text("select * from nothing_of_the_kind"))


async def swallows_bad_sql(work: Work) -> None:
    try:
        await work.session.execute(text("this is not sql"))
    except DBAPIError:
        await work.session.execute(text("select 1"))


async def breaks_a_rule_of_a_table(work: Work) -> None:
    work.session.add(Axis(name=None))  # type: ignore[arg-type]
    await work.session.flush()


async def leaves_a_bad_row_to_be_written(work: Work) -> None:
    work.session.add(Axis(name=None))  # type: ignore[arg-type]


async def commits(work: Work) -> None:
    await work.session.commit()


async def rolls_back(work: Work) -> None:
    await work.session.rollback()


async def closes(work: Work) -> None:
    await work.session.close()


async def walks_into_another_tenant(work: Work) -> None:
    await work.session.enter(Tenant(uuid4(), "otra", "Otra", "13201"))  # type: ignore[arg-type]


async def dooms_the_work(work: Work) -> None:
    work.doom()
    raise RuntimeError


async def gives_something_else(work: Work) -> str:
    return "<script>alert(1)</script>"


async def gives_broken_links(work: Work) -> Card:
    return Card("Mal", (), (("sólo palabras",),))  # type: ignore[arg-type]


HOSTILE = (
    raises,
    exits,
    writes_bad_sql,
    swallows_bad_sql,
    breaks_a_rule_of_a_table,
    leaves_a_bad_row_to_be_written,
    commits,
    rolls_back,
    closes,
    walks_into_another_tenant,
    dooms_the_work,
    gives_something_else,
    gives_broken_links,
)


@pytest.mark.parametrize("act", HOSTILE)
async def test_what_a_plugin_does_wrong_is_left_aside(services: Services, act: Any) -> None:
    """The officer's change is saved, and what comes after in the same request works: other plugins too."""
    tenant = await make_municipality(services)

    async def hostile(work: Work) -> Any:
        return await act(work)

    with having(plugin("bad", hooks=answering(hostile), priority=-1), plugin("good", hooks=answering(kind))):
        await enable(services, tenant, "bad")
        await enable(services, tenant, "good")
        async with work_as(services, tenant) as work:
            axis = Axis(name="Salud")
            work.session.add(axis)
            shown = await hooks.page_slot(work, "initiative.sidebar", uuid4())
            axis.name = "Salud intercultural"
            await work.session.flush()

            assert [each.title for each in shown] == ["Bien"]
            assert work.doomed is False
    async with work_as(services, tenant) as work:
        assert (await work.session.scalars(text("select name from core.axis"))).all() == ["Salud intercultural"]


@pytest.mark.parametrize("act", [sleeps, hangs_in_the_database, asks_again_and_again])
async def test_a_plugin_that_takes_too_long_is_cut(
    services: Services, act: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Within its time, and without cutting the connection of the officer, whose change is saved."""
    monkeypatch.setattr(containment, "BUDGET", timedelta(seconds=0.2))
    monkeypatch.setattr(containment, "LONGEST_QUERY", timedelta(seconds=0.2))
    tenant = await make_municipality(services)

    async def slow(work: Work) -> None:
        await act(work)

    with having(plugin("slow", hooks=answering(slow))):
        await enable(services, tenant, "slow")
        began = asyncio.get_running_loop().time()
        async with work_as(services, tenant) as work:
            work.session.add(Axis(name="Salud"))
            assert await hooks.page_slot(work, "initiative.sidebar", uuid4()) == []
            took = asyncio.get_running_loop().time() - began
            assert await work.session.scalar(text("show statement_timeout")) == "30s"
    async with work_as(services, tenant) as work:
        assert await work.session.scalar(text("select count(*) from core.axis")) == 1
    assert took < 5


async def test_the_limit_of_a_call_ends_with_it(services: Services) -> None:
    """After a call that came out well the officer's queries have their own limit again."""
    tenant = await make_municipality(services)
    with having(plugin(hooks=answering(kind))):
        await enable(services, tenant, "one")
        async with work_as(services, tenant) as work:
            assert await hooks.page_slot(work, "initiative.sidebar", uuid4())
            assert await work.session.scalar(text("show statement_timeout")) == "30s"


async def test_rows_of_another_tenant_are_not_there(services: Services) -> None:
    """A plugin asks through the same wall as everybody."""
    temuco = await make_municipality(services)
    other = await make_municipality(services, cut="13201", name="Puente Alto", slug="puente-alto")
    async with work_as(services, temuco) as work:
        work.session.add(Axis(name="Salud"))
    seen: list[int] = []

    async def looks(work: Work) -> None:
        seen.append(await work.session.scalar(text("select count(*) from core.axis")) or 0)

    with having(plugin(hooks=answering(looks))):
        await enable(services, other, "one")
        await titles(services, other)

    assert seen == [0]


# --- Resting --------------------------------------------------------------------------------------


async def test_after_three_failures_it_rests_and_then_is_asked_again(services: Services, clock: Any) -> None:
    """In that tenant only, until the minutes pass."""
    temuco = await make_municipality(services)
    other = await make_municipality(services, cut="13201", name="Puente Alto", slug="puente-alto")
    calls: list[str] = []
    well = False

    async def sometimes(work: Work) -> Card:
        calls.append(work.tenant.slug)
        if not well:
            raise RuntimeError
        return Card("Bien")

    with having(plugin(hooks=answering(sometimes))):
        for tenant in (temuco, other):
            await enable(services, tenant, "one")
        for _ in range(5):
            await titles(services, temuco)
        assert calls == ["temuco"] * containment.STRIKES
        async with work_as(services, temuco) as work:
            rest = containment.resting(work, "one")
            assert rest is not None
            assert rest.reason == "RuntimeError"

        well = True
        assert await titles(services, other) == ["Bien"]
        assert await titles(services, temuco) == []
        clock.move_to(clock.now() + containment.REST + timedelta(seconds=1))
        assert await titles(services, temuco) == ["Bien"]
        async with work_as(services, temuco) as work:
            assert containment.resting(work, "one") is None


# --- Who is asked, and in what order --------------------------------------------------------------


async def test_they_speak_by_priority_and_then_by_name(services: Services) -> None:
    """The order does not hang on how they were installed."""
    tenant = await make_municipality(services)

    def named(name: str, priority: int = 0) -> Plugin:
        async def says(work: Work) -> Card:
            return Card(name)

        return plugin(name, hooks=answering(says), priority=priority)

    with having(named("zeta"), named("beta"), named("last", 5), named("first", -5)):
        for name in ("zeta", "beta", "last", "first"):
            await enable(services, tenant, name)

        assert await titles(services, tenant) == ["first", "beta", "zeta", "last"]


async def test_only_who_is_enabled_here_is_asked(services: Services) -> None:
    """Neither one that the municipality has not enabled, nor one that is not for its region."""
    tenant = await make_municipality(services)
    north = plugin("north", hooks=answering(kind), regions=("15", "01", "02"))
    with having(plugin("off", hooks=answering(kind)), north):
        assert await titles(services, tenant) == []
        assert [each.name for each in hooks.registry().offered_in(tenant)] == ["off"]


async def test_a_request_asks_once_what_is_enabled(services: Services) -> None:
    """However many hooks are called; and not at all where nothing is offered."""
    tenant = await make_municipality(services)
    asked = 0

    async def counted(work: Work) -> Mapping[str, Mapping[str, Any]]:
        nonlocal asked
        asked += 1
        return {"one": {}}

    with having(plugin(hooks=answering(kind), nav=(NavLink("Uno"),))) as registry:
        hooks.use(registry, counted)
        async with work_as(services, tenant) as work:
            await hooks.nav(work)
            await hooks.facts(work)
            await hooks.page_slot(work, "initiative.sidebar", uuid4())
        assert asked == 1
        hooks.use(hooks.Registry(), counted)
        async with work_as(services, tenant) as work:
            await hooks.nav(work)
        assert asked == 1


# --- What each question gathers -------------------------------------------------------------------


async def test_links_of_a_card_lead_to_its_plugin(services: Services) -> None:
    """Whole addresses, in this workspace."""
    tenant = await make_municipality(services)
    with having(plugin(hooks=answering(kind))):
        await enable(services, tenant, "one")
        async with work_as(services, tenant) as work:
            (shown,) = await hooks.page_slot(work, "initiative.sidebar", uuid4())

    assert [(link.label, link.href) for link in shown.links] == [("Abrir", "/m/temuco/x/one/cosas/1")]


async def test_an_annex_half_written_leaves_nothing(services: Services) -> None:
    """The next one takes its letter, and the list of annexes tells what there is."""
    tenant = await make_municipality(services)

    async def breaks(work: Work, builder: DocumentBuilder) -> None:
        builder.annex("A medias")
        builder.p("Algo")
        raise RuntimeError

    async def writes(builder: DocumentBuilder) -> None:
        builder.annex("Entero")

    bad = plugin("bad", hooks=Answers(document_chapters=breaks))
    good = plugin("good", hooks=Answers(document_chapters=writes))
    with having(bad, good):
        await enable(services, tenant, "bad")
        await enable(services, tenant, "good")
        async with work_as(services, tenant) as work:
            builder = DocumentBuilder("Política", author="Temuco", kind="Política", date=work.today())
            builder.annex_list()
            builder.annex("Talleres")
            await hooks.document_chapters(work, builder)

    blocks = builder.build().blocks
    assert [(each.number, each.text) for each in blocks if isinstance(each, Heading)] == [
        ("Anexo A", "Talleres"),
        ("Anexo B", "Entero"),
    ]
    assert "Anexo B. Entero." in str(blocks[0])


async def test_nobody_tells_the_facts_of_another(services: Services) -> None:
    """A fact that is not its own could close a gate of the guide: none of what it told is believed."""
    tenant = await make_municipality(services)

    async def lies(work: Work) -> dict[str, Fact]:
        return {"liar.fine": Fact(True), "acts.letter_signed_by_mayor": Fact(True)}

    async def tells(work: Work) -> dict[str, Fact]:
        return {"honest.fine": Fact(True)}

    with having(plugin("liar", facts=lies), plugin("honest", facts=tells)):
        await enable(services, tenant, "liar")
        await enable(services, tenant, "honest")
        async with work_as(services, tenant) as work:
            assert set(await hooks.facts(work)) == {"honest.fine"}


# --- Loading --------------------------------------------------------------------------------------


def loading(name: str, load: Any) -> hooks.Registry:
    return hooks.load([Installed(name, load)], platform="0.1.0", reserved={"acts"})


def raising(error: BaseException) -> Any:
    def load() -> object:
        raise error

    return load


async def not_a_hook(work: Work) -> None:
    """Nothing asks this."""


def in_step(slot: str) -> None:
    """Not async: it would hold everybody up."""


class Wraps:
    """Tries to see what the others answer."""

    @hookimpl(wrapper=True)
    def page_slot(self):
        return (yield)


class Renamed:
    """Answers a hook under another name, where nobody would look for it."""

    @hookimpl(specname="page_slot")
    async def otherwise(self, slot: str) -> None:
        del slot


@pytest.mark.parametrize(
    ("name", "load", "reason"),
    [
        ("one", raising(ImportError("falta algo")), "ImportError: falta algo"),
        ("one", raising(SystemExit(3)), "SystemExit"),
        ("one", lambda: "nada", "no da un Plugin"),
        ("one", lambda: plugin("other"), "no es el de su punto de entrada"),
        ("acts", lambda: plugin("acts"), "no sirve como nombre"),
        ("One;drop", lambda: plugin("One;drop"), "no sirve como nombre"),
        ("one", lambda: plugin(platform=("0.2", "1")), "y esta es la 0.1.0"),
        ("one", lambda: plugin(platform=("0.0.1", "0.1")), "y esta es la 0.1.0"),
        ("one", lambda: plugin(nav=("Uno",)), "NavLink"),
        ("one", lambda: plugin(hooks=Answers(not_a_hook=not_a_hook)), "unknown hook"),
        ("one", lambda: plugin(hooks=Answers(page_slot=in_step)), "debe ser una función async"),
        ("one", lambda: plugin(hooks=Wraps()), "debe ser una función async"),
        ("one", lambda: plugin(hooks=Renamed()), "sin specname"),
    ],
)
def test_one_that_can_not_be_loaded_is_set_aside(name: str, load: Any, reason: str) -> None:
    """With its reason, for the operator; the others load."""
    registry = loading(name, load)

    assert registry.offered == {}
    assert reason in registry.quarantined[name]


def test_others_load_beside_one_that_can_not() -> None:
    """In name order, whatever the first did."""
    found = [Installed("good", lambda: plugin("good")), Installed("bad", raising(ValueError("no")))]

    registry = hooks.load(found, platform="0.1.0")

    assert set(registry.offered) == {"good"}
    assert set(registry.quarantined) == {"bad"}


def test_what_the_operator_does_not_allow_does_not_even_run() -> None:
    """The second lock comes before the first line of its code."""
    registry = hooks.load([Installed("one", raising(AssertionError("it ran")))], platform="0.1.0", allowed=())

    assert registry.offered == registry.quarantined == {}


def test_in_tests_a_bad_one_stops_everything() -> None:
    """So that it is mended and not overlooked."""
    with pytest.raises(ImportError):
        hooks.load([Installed("one", raising(ImportError()))], platform="0.1.0", strict=True)


def test_what_uses_something_that_goes_away_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """For two releases it still answers, and the operator and its author know."""

    class Changing(hooks.Hooks):
        @hooks.hookspec(warn_on_impl_args={"subject_id": DeprecationWarning("subject_id se retira en 0.3")})
        async def page_slot(self, work: Work, slot: str, subject_id: UUID | None) -> Card | None:
            """As it is today, with an argument on its way out."""

    monkeypatch.setattr(hooks, "Hooks", Changing)
    registry = loading("one", lambda: plugin(hooks=answering(kind)))

    assert set(registry.offered) == {"one"}
    assert registry.outdated["one"] == ["subject_id se retira en 0.3"]
