"""Two municipalities that write, change and erase at random, each compared with a model that never knew the other.

The attack suite asks one question at a time; here the order is what is tried: what one did a moment ago must never show,
count, number or forbid anything in the other.
"""

import asyncio
import json
from collections.abc import Coroutine
from datetime import timedelta
from typing import Any, TypeVar

import pytest
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule, run_state_machine_as_test

from acogida.kernel.identity import digest, new_secret
from attack.siege import FULL, NOBODY, SEED, Reply, Siege, plain
from support.make import make_municipality, make_person, make_token

pytestmark = [pytest.mark.asyncio(loop_scope="package"), pytest.mark.xdist_group("attack")]

T = TypeVar("T")
KINDS: dict[str, tuple[str, str, dict[str, Any]]] = {
    "planificacion/ejes": ("core.axis", "name", {}),
    "difusion/acciones": ("core.diffusion_action", "title", {"kind": "social", "held_on": "2026-11-20"}),
    "diagnostico/fuentes": ("core.source", "title", {"kind": "municipal"}),
    "diagnostico/redes": ("core.organization", "name", {"kind": "migrant"}),
    "iniciativas": ("core.initiative", "name", {}),
}
"""Collection of the API → its table, the field that people read it by and the least that it asks besides."""
TOWNS = ("valdivia", "castro")


class _Life:
    """One municipality: how to reach it, and what it should know."""

    def __init__(self, slug: str, key: str, session: str, tenant_id: Any) -> None:
        self.slug, self.key, self.session, self.tenant_id = slug, key, session, tenant_id
        self.known: dict[str, dict[str, str]] = {kind: {} for kind in KINDS}
        """Collection → id → its words, as if nobody else existed."""


async def test_each_lives_as_if_the_other_did_not_exist(siege: Siege) -> None:
    """Random sequences of actions by both through the API and the pages; after each step the views equal the models."""
    lives = [await _settle(siege, slug, cut) for slug, cut in zip(TOWNS, ("14101", "10201"), strict=True)]
    loop = asyncio.get_running_loop()

    def wait(asked: Coroutine[Any, Any, T]) -> T:
        siege.count("vidas paralelas")
        return asyncio.run_coroutine_threadsafe(asked, loop).result(60)

    class ParallelLives(RuleBasedStateMachine):
        """Each example begins with both places empty."""

        def __init__(self) -> None:
            super().__init__()
            self.written = 0
            for life in lives:
                life.known = {kind: {} for kind in KINDS}
                for table, _, _ in KINDS.values():
                    siege.owner.execute(f"delete from {table} where tenant_id = %s".encode(), [life.tenant_id])

        @rule(who=st.sampled_from(lives), kind=st.sampled_from(sorted(KINDS)))
        def write(self, who: _Life, kind: str) -> None:
            _, field, least = KINDS[kind]
            self.written += 1
            words = f"{who.slug} {kind.rpartition('/')[2]} {self.written}"
            answer = wait(_send(siege, who, "POST", kind, {**least, field: words}))
            assert answer.status == 201, answer.body
            who.known[kind][json.loads(answer.body)["id"]] = words

        @rule(who=st.sampled_from(lives), kind=st.sampled_from(sorted(KINDS)), place=st.integers(0, 30))
        def change(self, who: _Life, kind: str, place: int) -> None:
            mine = sorted(who.known[kind])
            if not mine:
                return
            _, field, least = KINDS[kind]
            self.written += 1
            words = f"{who.slug} {kind.rpartition('/')[2]} {self.written}"
            row = mine[place % len(mine)]
            now = json.loads(wait(_send(siege, who, "GET", f"{kind}/{row}")).body)
            answer = wait(_send(siege, who, "PUT", f"{kind}/{row}", {**least, field: words, "version": now["version"]}))
            assert answer.status == 200, answer.body
            who.known[kind][row] = words

        @rule(who=st.sampled_from(lives), kind=st.sampled_from(sorted(KINDS)), place=st.integers(0, 30))
        def erase(self, who: _Life, kind: str, place: int) -> None:
            mine = sorted(who.known[kind])
            if not mine:
                return
            row = mine[place % len(mine)]
            answer = wait(_send(siege, who, "DELETE", f"{kind}/{row}"))
            assert answer.status == 204, answer.body
            del who.known[kind][row]

        @rule(
            who=st.sampled_from((0, 1)),
            kind=st.sampled_from(sorted(KINDS)),
            place=st.integers(0, 30),
            verb=st.sampled_from(("GET", "PUT", "DELETE")),
        )
        def reach_over(self, who: int, kind: str, place: int, verb: str) -> None:
            """What is the other's is nothing: the same answer as for an id that nobody ever had."""
            theirs = sorted(lives[1 - who].known[kind])
            if not theirs:
                return
            _, field, least = KINDS[kind]
            body = {**least, field: "ajeno", "version": 1} if verb == "PUT" else None
            got = wait(_send(siege, lives[who], verb, f"{kind}/{theirs[place % len(theirs)]}", body))
            none = wait(_send(siege, lives[who], verb, f"{kind}/{NOBODY}", body))
            assert got.status == none.status == 404
            assert plain(got) == plain(none)

        @rule(who=st.sampled_from((0, 1)), kind=st.sampled_from(sorted(KINDS)))
        def look(self, who: int, kind: str) -> None:
            """The list of the API is the model's; the page of the same has no word of the other."""
            me, other = lives[who], lives[1 - who]
            seen = json.loads(wait(_send(siege, me, "GET", f"{kind}?limit=200")).body)
            rows = seen["items"] if isinstance(seen, dict) else seen
            assert {row["id"]: row[KINDS[kind][1]] for row in rows} == me.known[kind]
            page = wait(
                siege.ask("GET", f"/m/{me.slug}/{kind.replace('difusion/acciones', 'difusion')}", session=me.session)
            )
            assert page.status == 200
            text = page.body.decode()
            assert not [words for known in other.known.values() for words in known.values() if words in text]

        @rule(who=st.sampled_from((0, 1)))
        def search(self, who: int) -> None:
            found = wait(
                siege.ask("GET", f"/m/{lives[who].slug}/buscar?q={lives[1 - who].slug}", session=lives[who].session)
            )
            assert found.status == 200
            assert f"{lives[1 - who].slug} " not in found.body.decode().replace(f"«{lives[1 - who].slug}»", "")

        def teardown(self) -> None:
            for who in (0, 1):
                for kind in KINDS:
                    self.look(who, kind)

    @seed(SEED)
    def lives_go_on() -> None:
        run_state_machine_as_test(
            ParallelLives,
            settings=settings(
                max_examples=120 if FULL else 5,
                stateful_step_count=50 if FULL else 25,
                deadline=None,
                database=None,
                derandomize=True,
                phases=[Phase.generate],
                suppress_health_check=list(HealthCheck),
            ),
        )

    await asyncio.to_thread(lives_go_on)
    assert siege.attempts["vidas paralelas"] > 100


async def _settle(siege: Siege, slug: str, cut: str) -> _Life:
    tenant = await make_municipality(siege.services, cut=cut, name=slug.title(), slug=slug)
    person = await make_person(siege.services, tenant, email=f"secretaria@{slug}.cl", name="Ana Soto")
    session, now = new_secret(), siege.services.clock.now()
    siege.owner.execute(
        "insert into core.web_session (id_hash, person_id, created_at, seen_at, expires_at, agent) values (%s, %s, %s, %s, %s, '')",
        [digest(session), person.id, now, now, now + timedelta(hours=12)],
    )
    return _Life(slug, await make_token(siege.services, tenant, person), session, tenant.id)


async def _send(siege: Siege, life: _Life, method: str, path: str, body: dict[str, Any] | None = None) -> Reply:
    return await siege.ask(
        method,
        f"/api/v1/m/{life.slug}/{path}",
        key=life.key,
        body=json.dumps(body).encode() if body is not None else b"",
        kind="application/json",
    )
