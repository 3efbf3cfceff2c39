"""The API against its own description, with whatever a generator thinks of sending.

`make test` sends a little, always the same; `make fuzz` sends for minutes (`MINUTES=20 make fuzz`). Never an answer of
the 500s, never one that the description does not tell.
"""

import asyncio
import json
import os
import time
from collections import Counter
from typing import Any
from urllib.parse import quote, urlencode

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.core import NotSet
from schemathesis.core.failures import FailureGroup
from schemathesis.core.transport import Response
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from acogida.kernel.identity import digest
from attack.siege import SEED, Siege
from attack.surface import Hole, record_of

pytestmark = [pytest.mark.asyncio(loop_scope="package"), pytest.mark.xdist_group("attack")]

MINUTES = float(os.environ.get("FUZZ_MINUTES", "0"))
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
SAMPLED = 45
_STILL_IN = (
    "update core.api_token set revoked_at = null where token_hash = %s",
    "update core.membership m set until = null, expires_at = null, roles = '{secretary}' from core.api_token t "
    "where t.token_hash = %s and m.tenant_id = t.tenant_id and m.person_id = t.person_id",
)


async def test_the_api_keeps_its_word_whatever_is_sent(siege: Siege) -> None:
    """Each operation with values that its schema allows and some that it does not, in a workspace that has one row of each."""
    described = json.loads((await siege.ask("GET", "/api/v1/openapi.json")).body)
    found = [one.ok() for one in schemathesis.openapi.from_dict(described).get_all_operations()]
    operations = [one for one in found if one.path not in ("/api/v1", "/api/v1/openapi.json", "/api/v1/{path}")]
    loop = asyncio.get_running_loop()
    told = _Told()
    until = time.monotonic() + MINUTES * 60

    def send_all() -> None:
        turn = 0
        while turn == 0 or time.monotonic() < until:
            for operation in operations if MINUTES else siege.some(operations, SAMPLED, salt="fuzz"):
                _send(siege, operation, loop, told, turn=turn, examples=10 if MINUTES else 3)
                if MINUTES and time.monotonic() > until:
                    break
            turn += 1

    await asyncio.to_thread(send_all)

    siege.attempts["lo que sea, por la API"] += told.sent
    print(f"{told.sent} requests: {dict(sorted(told.statuses.items()))}")  # noqa: T201
    assert not told.broken, f"{len(told.broken)} broken promises:\n" + "\n\n".join(list(told.broken.values())[:20])
    assert told.sent > 100


class _Told:
    """What came of it."""

    def __init__(self) -> None:
        self.sent = 0
        self.statuses: Counter[int] = Counter()
        self.broken: dict[str, str] = {}


def _send(
    siege: Siege, operation: Any, loop: asyncio.AbstractEventLoop, told: _Told, *, turn: int, examples: int
) -> None:
    for statement in _STILL_IN:  # the generator erases, among the rest, who sends
        siege.owner.execute(statement.encode(), [digest(siege.theirs.keys["secretary"])])
    path = operation.path.replace("{slug}", siege.theirs.slug)
    known = _known(siege, operation.path)

    @seed(SEED + turn)
    @settings(max_examples=examples, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(case=operation.as_strategy(), real=st.booleans())
    def one(case: Any, real: bool) -> None:
        place = path
        for name, value in {**(case.path_parameters or {}), **(known if real else {})}.items():
            place = place.replace(f"{{{name}}}", quote(str(value), safe=""))
        query = urlencode({name: value for name, value in (case.query or {}).items() if value is not None}, doseq=True)
        body = b"" if isinstance(case.body, NotSet) else _encoded(case.body)
        headers = {name: str(value) for name, value in (case.headers or {}).items() if str(value).isprintable()}
        asked = siege.ask(
            operation.method.upper(),
            f"{place}?{query}" if query else place,
            key=siege.theirs.keys["secretary"],
            body=body,
            kind="application/json",
            headers=headers,
        )
        reply = asyncio.run_coroutine_threadsafe(asked, loop).result(60)
        told.sent += 1
        told.statuses[reply.status] += 1
        request = requests.Request(operation.method.upper(), "http://acogida.test" + place).prepare()
        grouped: dict[str, list[str]] = {}
        for name, value in reply.headers:
            grouped.setdefault(name, []).append(value)
        answer = Response(reply.status, grouped, reply.body, request, 0.1, verify=False)
        try:
            case.validate_response(answer, checks=CHECKS)
        except FailureGroup as failures:
            for failure in failures.exceptions:
                key = f"{operation.label} {reply.status} {type(failure).__name__}"
                told.broken.setdefault(key, f"{key}: {str(failure)[:500]}\n  sent {place}?{query} {body[:400]!r}")

    one()


def _encoded(body: Any) -> bytes:
    return body if isinstance(body, bytes) else json.dumps(body).encode()


def _known(siege: Siege, path: str) -> dict[str, str]:
    """The ids of the planted rows that this path points at."""
    known, before = {}, ""
    for part in path.split("/"):
        if part.startswith("{"):
            name = part.strip("{}")
            for kind in ("uuid", "str"):
                if table := record_of(Hole(name, kind, before), siege.names):
                    known[name] = str(siege.theirs.ids[table])
            if name == "slug":
                known[name] = siege.theirs.slug
        before = part
    return known
