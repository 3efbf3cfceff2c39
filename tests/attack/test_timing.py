"""The clock tells nothing either: what is another's takes as long to refuse as what nobody ever had."""

import statistics
import time

import pytest

from attack.siege import FULL, NOBODY, NOWHERE, Siege

pytestmark = [pytest.mark.asyncio(loop_scope="package"), pytest.mark.xdist_group("attack")]

TRIES = 300 if FULL else 60
BOUND = 1.4
"""Between the quicker quartiles of both; a look at a row that is there and is then refused costs twice and more."""


async def test_what_is_not_yours_takes_as_long_as_what_does_not_exist(siege: Siege) -> None:
    """Both asked in turns, many times; a busy machine gets three chances to be still."""
    session, key = siege.theirs.sessions["secretary"], siege.theirs.keys["secretary"]
    initiative = siege.ours.ids["core.initiative"]
    pairs = {
        "a workspace": ("/m/temuco/iniciativas", f"/m/{NOWHERE}/iniciativas"),
        "a record": (f"/m/puente-alto/iniciativas/{initiative}", f"/m/puente-alto/iniciativas/{NOBODY}"),
        "a record of the API": (
            f"/api/v1/m/puente-alto/iniciativas/{initiative}",
            f"/api/v1/m/puente-alto/iniciativas/{NOBODY}",
        ),
    }
    for what, (theirs, nobodys) in pairs.items():
        measured = []
        for _ in range(3):
            taken: dict[str, list[float]] = {theirs: [], nobodys: []}
            for turn in range(TRIES):
                for path in (theirs, nobodys) if turn % 2 else (nobodys, theirs):
                    began = time.perf_counter()
                    reply = await siege.ask("GET", path, session=session, key=key if "/api/" in path else "")
                    taken[path].append(time.perf_counter() - began)
                    siege.count("tiempos")
                    assert reply.status == 404
            foreign, unknown = (statistics.quantiles(taken[path], n=4)[0] for path in (theirs, nobodys))
            measured.append(foreign / unknown)
            if 1 / BOUND < measured[-1] < BOUND:
                break
        else:
            siege.hole(f"{what} of another takes {[round(ratio, 2) for ratio in measured]} times what nothing takes")
    siege.report()
