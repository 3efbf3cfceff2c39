"""The search of the catalogue, over synthetic practices in Spanish: the endpoint against its own questions raw, and against
the page of results. `python tests/bench/searching.py 100000` measures other sizes than those of `make bench`.

A practice has some three hundred words, drawn from those of the real catalogue by how often they come, with a long tail of
words of its own; each query has a slip of the finger and three facets.
"""

import asyncio
import logging
import random
import re
import shutil
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests"))

import asyncpg  # noqa: E402 because the path to the builders comes first

from acogida.adapters import embedded_postgres  # noqa: E402
from acogida.adapters.search_postgres import PostgresSearch  # noqa: E402
from acogida.adapters.search_words import synonyms  # noqa: E402
from acogida.app.settings import CHECKOUT, Settings  # noqa: E402
from acogida.app.web import create_app  # noqa: E402
from acogida.app.wiring import assemble  # noqa: E402
from acogida.features.practices.catalogue import read_all  # noqa: E402
from acogida.features.practices.content import body  # noqa: E402
from acogida.features.practices.vocabulary import taxonomy  # noqa: E402
from acogida.kernel.ports import PracticeDocument, PracticeQuery  # noqa: E402

CATALOGUE = CHECKOUT / "catalogue"
WORDS = 300
QUERIES = 60
ROUNDS = 5
Ask = Callable[[], Awaitable[object]]


class Maker:
    """Makes the same practices every time."""

    def __init__(self) -> None:
        self.chance = random.Random(20250401)  # noqa: S311 because it hides nothing
        real = read_all(CATALOGUE)
        lists = taxonomy(CATALOGUE)
        counted = Counter(
            word
            for one in real
            for word in re.findall(r"[a-záéíóúñü]+", f"{one.title} {one.summary} {body(one.content)}".lower())
        )
        self.words, self.often = list(counted), list(counted.values())
        self.topics = [word for word, times in counted.items() if len(word) >= 7 and times >= 4]
        self.themes = list(lists.titles("themes"))
        self.targets = list(lists.titles("targets"))
        self.subcategories = list(lists.subcategories)
        self.countries = sorted({one.country for one in real if one.country})
        self.places = sorted({one.place for one in real})

    async def documents(self, many: int) -> AsyncIterator[PracticeDocument]:
        chance = random.Random(7)  # noqa: S311 because the same
        for number in range(many):
            topic = chance.sample(self.topics, 3)
            text = chance.choices(self.words, self.often, k=WORDS)
            text[10], text[60], text[150] = topic
            text[-1] = f"{chance.choice(self.words)}{chance.randrange(20_000)}"
            country = "CL" if chance.random() < 0.4 else chance.choice(self.countries)
            sub = chance.choice(self.subcategories)
            yield PracticeDocument(
                id=f"BP-{number:06}",
                edition=1,
                title=" ".join((topic[0], *text[:5])).capitalize(),
                summary=" ".join(text[:45]).capitalize() + ".",
                body=" ".join(text[45:]),
                place=chance.choice(self.places),
                country=country,
                region=f"{chance.randint(1, 16):02}" if country == "CL" else "",
                dimensions=tuple(sorted(chance.sample("12345678", chance.randint(1, 3)))),
                categories=(sub[0],),
                subcategories=(sub,),
                themes=tuple(chance.sample(self.themes, chance.randint(1, 4))),
                scale=chance.choice(("small", "medium", "large", "metropolitan")),
                targets=tuple(chance.sample(self.targets, chance.randint(1, 3))),
                evidence=chance.choice(("none", "self-reported", "evaluated")),
                language="es",
                languages=("es",) if chance.random() < 0.8 else ("es", "ht"),
                published_on=date(2020, 1, 1) + timedelta(days=chance.randrange(2000)),
                adoptions=chance.randrange(20),
            )

    def queries(self) -> list[PracticeQuery]:
        """Two words, one with a slip, and a value or two of three facets."""
        made = []
        for _ in range(QUERIES):
            one, other = self.chance.sample(self.topics, 2)
            place = self.chance.randrange(1, len(one) - 1)
            slipped = one[:place] + one[place + 1 :]
            filters = {
                "country": ("CL", self.chance.choice(self.countries)),
                "dimensions": tuple(self.chance.sample("12345678", 3)),
                "evidence": ("none", "self-reported"),
            }
            made.append(PracticeQuery(f"{slipped} {other}", filters))
        return made


async def measure(settings: Settings, asker: Callable[[Any, str, str], Ask], sizes: Sequence[int] = (10_000,)) -> None:
    """Print the figures of each size."""
    maker = Maker()
    for size in sizes:
        index = PostgresSearch(str(settings.database.worker_url), synonyms=synonyms(CATALOGUE))
        began = time.perf_counter()
        await index.rebuild(lambda size=size: maker.documents(size))
        took = time.perf_counter() - began
        await index.close()
        await _settle(settings)
        print(f"\n  Búsqueda en {size:,} prácticas sintéticas (un error de tecleo y tres facetas)".replace(",", "."))
        print(f"  rehacer el índice: {took:.1f} s · {await _sizes(settings)}")
        await _compare(settings, maker.queries(), asker)


async def _settle(settings: Settings) -> None:
    """What autovacuum does by itself after a while."""
    owner = await asyncpg.connect(str(settings.database.owner_url).replace("+asyncpg", ""))
    for table in ("practice_index", "practice_word"):
        await owner.execute(f"vacuum analyze core.{table}")
    await owner.close()


async def _sizes(settings: Settings) -> str:
    owner = await asyncpg.connect(str(settings.database.owner_url).replace("+asyncpg", ""))
    row = await owner.fetchrow(
        "select pg_table_size('core.practice_index') as rows, pg_indexes_size('core.practice_index') as indexes, "
        "pg_total_relation_size('core.practice_word') as words, (select count(*) from core.practice_word) as many"
    )
    await owner.close()
    mb = {name: row[name] / 1_000_000 for name in ("rows", "indexes", "words")}
    return (
        f"filas {mb['rows']:.0f} MB, índices {mb['indexes']:.0f} MB, "
        f"vocabulario {mb['words']:.0f} MB ({row['many']} palabras)"
    )


async def _compare(settings: Settings, queries: Sequence[PracticeQuery], asker: Callable[[Any, str, str], Ask]) -> None:
    services = assemble(settings)
    app = create_app(settings, services)
    raw = await asyncpg.connect(
        str(settings.database.app_url).replace("+asyncpg", ""),
        server_settings={"search_path": "core,public", "jit": "off"},
    )
    names = {"country": "pais", "dimensions": "dimension", "evidence": "respaldo"}
    kinds: dict[str, list[Ask]] = {"sus consultas solas": [], "JSON": [], "página": []}
    for query in queries:
        kinds["sus consultas solas"].append(await _replay(raw, settings, query))
        told = [("q", query.words), *((name, each) for name, values in query.filters.items() for each in values)]
        kinds["JSON"].append(asker(app, f"/api/v1/buenas-practicas/buscar?{urlencode(told)}", ""))
        told = [("q", query.words), *((names[name], each) for name, values in query.filters.items() for each in values)]
        kinds["página"].append(asker(app, f"/buenas-practicas?{urlencode(told)}", ""))
    times: dict[str, list[float]] = {name: [] for name in kinds}
    for round_ in range(-1, ROUNDS):  # by turns, so that what else the machine does falls on all alike
        for number in range(len(queries)):
            for name, calls in kinds.items():
                began = time.perf_counter()
                await calls[number]()
                if round_ >= 0:
                    times[name].append((time.perf_counter() - began) * 1000)
    await raw.close()
    limit = statistics.fmean(times["sus consultas solas"])
    print(f"  {'':24} {'p50 ms':>8} {'p99 ms':>8} {'por segundo':>12} {'rendimiento vs límite':>22}")
    for name, taken in times.items():
        taken.sort()
        mean = statistics.fmean(taken)
        print(
            f"  {name:24} {taken[len(taken) // 2]:>8.1f} {taken[int(len(taken) * 0.99)]:>8.1f} {1000 / mean:>12.0f} "
            f"{limit / mean:>22.2f}"
        )
    await services.close()


async def _replay(raw: asyncpg.Connection, settings: Settings, query: PracticeQuery) -> Ask:
    """The very statements of this search, straight to the driver."""
    asked: list[tuple[str, tuple[Any, ...]]] = []

    class Noting:
        """Our connection, with a notebook."""

        async def fetch(self, statement: str, *values: Any) -> Any:
            asked.append((statement, values))
            return await raw.fetch(statement, *values)

        async def fetchrow(self, statement: str, *values: Any) -> Any:
            asked.append((statement, values))
            return await raw.fetchrow(statement, *values)

        async def fetchval(self, statement: str, *values: Any) -> Any:
            return await raw.fetchval(statement, *values)

    index = PostgresSearch(str(settings.database.app_url), synonyms=synonyms(CATALOGUE))
    await index._search(Noting(), query)

    async def ask() -> None:
        for statement, values in asked:
            await raw.fetch(statement, *values)

    return ask


def main() -> None:
    from run import asker

    from acogida.app.logs import configure
    from acogida.app.migrate import migrate
    from support.environment import settings_for

    sizes = [int(each) for each in sys.argv[1:]] or [10_000]
    folder = Path(tempfile.mkdtemp(prefix="acogida-bench-", dir="/var/tmp"))
    folder.chmod(0o755)
    server = embedded_postgres.start(folder)
    try:
        migrate(server.url("acogida_owner", driver="psycopg"))
        settings = settings_for(server, folder, "acogida")
        configure(settings)
        logging.disable(logging.CRITICAL)
        asyncio.run(measure(settings, asker, sizes))
    finally:
        embedded_postgres.stop(folder)
        shutil.rmtree(embedded_postgres.place(folder), ignore_errors=True)
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
