"""What a plugin may do to whoever asks it something, on purpose or by mistake. Each is a coroutine or a plain value.

`page_slot` of the hostile plugin does one of these; the page of an initiative is what it tries to ruin.
"""

import asyncio
import threading
from collections.abc import Awaitable, Callable, Iterator
from contextlib import suppress
from typing import Any, NoReturn

from markupsafe import Markup
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from acogida.features.initiatives.model import Axis, Initiative
from acogida.features.initiatives.public import initiatives
from acogida.kernel.hooks import Card
from acogida.kernel.tenancy import Tenant
from acogida.kernel.work import Work

Behaviour = Callable[[Work], Awaitable[Any]]
OTHER: dict[str, Tenant] = {}
"""The municipality next door, put here by the test."""


# --- It breaks -----------------------------------------------------------------------------------


async def raises(work: Work) -> NoReturn:
    raise ZeroDivisionError


async def raises_what_cannot_be_printed(work: Work) -> NoReturn:
    class Rude(Exception):
        def __str__(self) -> str:
            raise RuntimeError

        __repr__ = __str__

    raise Rude


async def exits(work: Work) -> NoReturn:
    raise SystemExit(1)


async def interrupts(work: Work) -> NoReturn:
    raise KeyboardInterrupt


async def raises_beneath_every_exception(work: Work) -> NoReturn:
    class Beneath(BaseException):
        pass

    raise Beneath


async def says_it_was_cancelled(work: Work) -> NoReturn:
    raise asyncio.CancelledError


async def cancels_itself(work: Work) -> None:
    task = asyncio.current_task()
    assert task
    task.cancel()
    await asyncio.sleep(0)


async def calls_itself_without_end(work: Work) -> None:
    await calls_itself_without_end(work)


async def breaks_in_a_thread(work: Work) -> None:
    def breaks() -> NoReturn:
        raise RuntimeError

    thread = threading.Thread(target=breaks)
    thread.start()
    thread.join()


# --- It does not end -----------------------------------------------------------------------------


async def sleeps(work: Work) -> None:
    await asyncio.sleep(60)


async def will_not_be_stopped(work: Work) -> None:
    while not OVER:
        with suppress(asyncio.CancelledError):
            await asyncio.sleep(0.02)


OVER: list[bool] = []
"""What the test puts here when it is over, so that nothing is left running."""


async def hangs_in_the_database(work: Work) -> None:
    await work.session.execute(text("select pg_sleep(60)"))


async def asks_again_and_again(work: Work) -> None:
    while True:
        await work.session.execute(text("select pg_sleep(0.05)"))


async def goes_on_behind_our_back(work: Work) -> None:
    async def later() -> None:
        await asyncio.sleep(0.4)
        work.session.add(Axis(name="A escondidas"))
        await work.session.flush()

    TASKS.append(asyncio.create_task(later()))


TASKS: list[asyncio.Task[None]] = []


# --- It writes to the database -------------------------------------------------------------------


async def writes_bad_sql(work: Work) -> None:
    await work.session.execute(text("select * from nothing_of_the_kind"))


async def swallows_bad_sql(work: Work) -> Card:
    with suppress(DBAPIError):
        await work.session.execute(text("this is not sql"))
    await work.session.execute(text("select 1"))
    return Card("Nada")


async def breaks_a_rule_of_a_table(work: Work) -> None:
    work.session.add(Axis(name=None))  # type: ignore[arg-type]
    await work.session.flush()


async def commits(work: Work) -> None:
    await work.session.commit()


async def commits_in_words(work: Work) -> None:
    await work.session.execute(text("commit"))


async def rolls_back(work: Work) -> None:
    await work.session.rollback()


async def closes(work: Work) -> None:
    await work.session.close()


async def drops_a_table(work: Work) -> None:
    await work.session.execute(text("drop table core.initiative cascade"))


async def drops_a_table_in_a_block(work: Work) -> None:
    await work.session.execute(text("do $$ begin execute 'drop table core.initiative cascade'; end $$"))


async def locks_a_table(work: Work) -> None:
    await work.session.execute(text("lock table core.initiative in access exclusive mode"))


async def cuts_the_connection(work: Work) -> None:
    await work.session.execute(text("select pg_terminate_backend(pg_backend_pid())"))


# --- It looks over the wall ----------------------------------------------------------------------


async def walks_into_another_tenant(work: Work) -> None:
    await work.session.enter(OTHER["tenant"])


async def says_it_is_another_tenant(work: Work) -> None:
    await work.session.execute(
        text("select set_config('app.tenant_id', :tenant, true)"), {"tenant": str(OTHER["tenant"].id)}
    )


async def says_it_with_a_comment(work: Work) -> None:
    await work.session.execute(text(f"/* hola */ set local app.tenant_id = '{OTHER['tenant'].id}'"))


async def becomes_another_role(work: Work) -> None:
    await work.session.execute(text("set role acogida_owner"))


# --- It spoils what it is given ------------------------------------------------------------------


async def rewrites_what_the_page_has_read(work: Work) -> None:
    for row in await work.session.scalars(select(Initiative)):
        row.name = "Cambiada por una extensión"
    await work.session.flush()


async def empties_what_the_others_will_read(work: Work) -> None:
    (await initiatives(work)).clear()
    work.told.clear()


async def turns_the_others_off(work: Work) -> None:
    plugins = work.session.info["plugins"]
    plugins.clear()


async def dooms_the_request(work: Work) -> None:
    work.doom()
    work.municipality = OTHER["tenant"]
    raise RuntimeError


# --- It answers something else -------------------------------------------------------------------


async def answers_text(work: Work) -> str:
    return "<script>alert(1)</script>"


async def answers_nonsense_inside(work: Work) -> Card:
    return Card("Mal", (), (("sólo palabras",),))  # type: ignore[arg-type]


async def answers_markup(work: Work) -> Card:
    class Sly(str):
        def __html__(self) -> str:
            return "<script>alert(2)</script>"

    lines = (Markup("<script>alert(1)</script>"), Sly("hola"))
    return Card(Markup("<b>Título</b>"), lines)


async def answers_a_way_out(work: Work) -> Card:
    return Card("Mal", (), (("Salir", "../../../../ingresar"),))


async def answers_a_script(work: Work) -> Card:
    return Card("Mal", (), (("Salir", "javascript:alert(1)"),))


async def answers_too_much(work: Work) -> Card:
    return Card("x" * 5_000_000, ("y" * 5_000_000,) * 50)


async def answers_without_end(work: Work) -> Card:
    def lines() -> Iterator[str]:
        while True:
            yield "otra"

    return Card("Sin fin", lines())  # type: ignore[arg-type]


async def answers_what_breaks_when_read(work: Work) -> Card:
    class Broken(str):
        def __str__(self) -> str:
            raise RuntimeError

        def __format__(self, _spec: str) -> str:
            raise RuntimeError

    return Card(Broken("Roto"), (Broken("roto"),))


async def answers_control_characters(work: Work) -> Card:
    return Card("Mal\x00\x1c", ("\x1fcelda",))


SILENT: tuple[Behaviour, ...] = (
    raises,
    raises_what_cannot_be_printed,
    exits,
    interrupts,
    raises_beneath_every_exception,
    says_it_was_cancelled,
    cancels_itself,
    calls_itself_without_end,
    writes_bad_sql,
    swallows_bad_sql,
    breaks_a_rule_of_a_table,
    commits,
    commits_in_words,
    rolls_back,
    closes,
    drops_a_table,
    drops_a_table_in_a_block,
    locks_a_table,
    cuts_the_connection,
    walks_into_another_tenant,
    says_it_is_another_tenant,
    says_it_with_a_comment,
    becomes_another_role,
    turns_the_others_off,
    dooms_the_request,
    answers_text,
    answers_nonsense_inside,
    answers_a_way_out,
    answers_a_script,
)
"""Nothing of theirs is shown, and each counts as a failure."""
SLOW: tuple[Behaviour, ...] = (sleeps, will_not_be_stopped, hangs_in_the_database, asks_again_and_again)
"""The same, once their time is over."""
HARMLESS: tuple[Behaviour, ...] = (
    rewrites_what_the_page_has_read,
    empties_what_the_others_will_read,
    goes_on_behind_our_back,
    breaks_in_a_thread,
    answers_markup,
    answers_too_much,
    answers_without_end,
    answers_what_breaks_when_read,
    answers_control_characters,
)
"""They come out, and what they did reaches nobody."""
