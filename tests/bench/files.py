"""Files against the bare store: transfers, the memory that a large one takes, and a thousand at once of fifty workspaces.

Part of `make bench`; alone, `.venv/bin/python tests/bench/files.py`. The S3 half needs Ceph (tests/support/ceph.py).
"""

import asyncio
import gc
import hashlib
import os
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests"))

import urllib3  # noqa: E402 because the path to the builders comes first
from sqlalchemy import select, text  # noqa: E402
from sqlalchemy.exc import TimeoutError as PoolTimeout  # noqa: E402

from acogida.adapters.disk import DiskFiles  # noqa: E402
from acogida.adapters.s3 import S3Files, S3Place  # noqa: E402
from acogida.app.wiring import Services  # noqa: E402
from acogida.features.evidence.model import File  # noqa: E402
from acogida.features.evidence.public import from_bytes, keep  # noqa: E402
from acogida.kernel.ports import Files  # noqa: E402
from acogida.kernel.tenancy import Tenant, TenantId  # noqa: E402
from support import ceph  # noqa: E402
from support import make_files as made  # noqa: E402
from support.make import make_municipality, work_as  # noqa: E402

MB = 1_000_000
LARGE = 2_000 * MB
ROUNDS = 5
TENANT = TenantId(uuid4())


async def pieces(content: bytes) -> AsyncIterator[bytes]:
    for start in range(0, len(content), MB):
        yield content[start : start + MB]


async def endless(size: int) -> AsyncIterator[bytes]:
    """So many bytes that are never all in memory."""
    piece = os.urandom(MB)
    for _ in range(size // MB):
        yield piece


async def by_turns(ours: Callable[[], Awaitable[object]], bare: Callable[[], Awaitable[object]]) -> tuple[float, float]:
    """Seconds of each, the median; one and the other by turns, so that the machine treats both alike."""
    await bare()
    await ours()
    taken: dict[str, list[float]] = {"ours": [], "bare": []}
    for _ in range(ROUNDS):
        for name, call in (("bare", bare), ("ours", ours)):
            gc.collect()
            began = time.perf_counter()
            await call()
            taken[name].append(time.perf_counter() - began)
    return statistics.median(taken["ours"]), statistics.median(taken["bare"])


def tell(what: str, size: int, ours: float, bare: float) -> None:
    print(f"  {what:46} {size / MB / bare:>8.0f} MB/s {size / MB / ours:>8.0f} MB/s {bare / ours:>7.2f}")


async def on_disk(folder: Path) -> None:
    content = os.urandom(100 * MB)
    files = DiskFiles(folder / "files")
    bare = folder / "bare"

    def write() -> None:
        with bare.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())

    async def read() -> None:
        async for _ in files.get(TENANT, "evidence/a"):
            pass

    async def put() -> None:
        await files.put(TENANT, "evidence/a", pieces(content), limit=len(content))
        shutil.rmtree(folder / "files" / str(TENANT) / ".versions", ignore_errors=True)

    tell("disco: guardar 100 MB", len(content), *await by_turns(put, lambda: asyncio.to_thread(write)))
    tell("disco: leer 100 MB", len(content), *await by_turns(read, lambda: asyncio.to_thread(bare.read_bytes)))


async def on_s3(gateway: ceph.Gateway) -> None:
    content = os.urandom(20 * MB)
    place = S3Place(gateway.endpoint, "medida", gateway.key, gateway.secret, public_endpoint=gateway.endpoint)
    files = S3Files(place)
    files.prepare()
    client: Any = files._open()
    await files.put(TENANT, "evidence/a", pieces(content), limit=len(content))
    browser = urllib3.PoolManager()  # what boto3 speaks through: the same client on both sides

    async def straight_up() -> None:
        ticket = await files.ticket(TENANT, "incoming/a", most=len(content), media_type="image/jpeg")
        assert ticket
        fields = {**ticket.fields, "file": ("a.jpg", content)}
        assert (await asyncio.to_thread(browser.request, "POST", ticket.url, fields=fields)).status == 204

    async def straight_down() -> None:
        link = await files.link(TENANT, "evidence/a", name="a.jpg", media_type="image/jpeg", seconds=60)
        assert len((await asyncio.to_thread(browser.request, "GET", str(link))).data) == len(content)

    async def through_us() -> None:
        await files.put(TENANT, "evidence/b", pieces(content), limit=len(content))

    async def back_through_us() -> None:
        async for _ in files.get(TENANT, "evidence/a"):
            pass

    def bare_up() -> None:
        client.put_object(Bucket="medida", Key="bare", Body=content)

    def bare_down() -> None:
        client.get_object(Bucket="medida", Key="bare")["Body"].read()

    def up() -> Awaitable[None]:
        return asyncio.to_thread(bare_up)

    def down() -> Awaitable[None]:
        return asyncio.to_thread(bare_down)

    tell("S3: el navegador sube 20 MB directo", len(content), *await by_turns(straight_up, up))
    tell("S3: el navegador baja 20 MB directo", len(content), *await by_turns(straight_down, down))
    tell("S3: subir 20 MB por Acogida", len(content), *await by_turns(through_us, up))
    tell("S3: bajar 20 MB por Acogida", len(content), *await by_turns(back_through_us, down))
    await memory(files, "S3")
    await files.close()


def resident() -> float:
    """Megabytes of this process, now."""
    line = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) / 1024


async def memory(files: Files, where: str) -> None:
    """What a file of 2 GB takes while it passes, in and out. Measured ten times a second."""
    gc.collect()
    before, most, on = resident(), 0.0, True

    async def watch() -> None:
        nonlocal most
        while on:
            most = max(most, resident())
            await asyncio.sleep(0.1)

    watching = asyncio.create_task(watch())
    await files.put(TENANT, "evidence/large", endless(LARGE), limit=LARGE)
    async for _ in files.get(TENANT, "evidence/large"):
        pass
    on = False
    await watching
    await files.erase(TENANT, "evidence/large")
    print(
        f"  {where}: 2 GB de ida y vuelta hacen crecer la memoria {most - before:.0f} MB (de {before:.0f} a {most:.0f})"
    )


async def a_thousand(services: Services, *, tenants: int = 50, each: int = 20) -> None:
    """A thousand uploads of fifty workspaces at once; each read back and compared by its hash."""
    async with services.database.transaction(read_only=True) as session:
        communes = text("select cut, name from core.commune where cut <> '09101' order by cut limit :count")
        found = (await session.execute(communes, {"count": tenants})).all()
    homes = [await make_municipality(services, cut=one.cut, name=one.name, slug=f"medida-{one.cut}") for one in found]
    sent: dict[TenantId, dict[str, str]] = {home.id: {} for home in homes}

    async def upload(home: Tenant, number: int) -> None:
        content = made.pdf(f"% {home.slug} {number}".encode() * 500)
        sent[home.id][f"{number}.pdf"] = hashlib.sha256(content).hexdigest()
        while True:
            try:
                async with work_as(services, home) as work:
                    await keep(
                        work,
                        services.files,
                        from_bytes(f"{number}.pdf", content),
                        kind="report",
                        subject_type="workspace",
                        subject_id=None,
                    )
                return
            except PoolTimeout:  # as a browser that is told to wait
                await asyncio.sleep(0.2)

    began = time.perf_counter()
    await asyncio.gather(*(upload(home, number) for number in range(each) for home in homes))
    took = time.perf_counter() - began
    wrong = 0
    for home in homes:
        async with work_as(services, home) as work:
            rows = list(await work.session.scalars(select(File)))
        there = {row.name: (await services.files.check(home.id, row.storage_key)).sha256 for row in rows}
        wrong += len(sent[home.id].items() ^ there.items())
    print(
        f"  {tenants * each} subidas a la vez de {tenants} municipalidades: {took:.1f} s, {wrong} perdidas o cambiadas"
    )
    assert wrong == 0


async def measure(services: Services | None = None) -> None:
    """Every figure; those that need a database, only where one is given."""
    folder = Path(tempfile.mkdtemp(prefix="acogida-files-", dir="/var/tmp"))
    print(f"\n  Archivos {'':37} {'límite':>13} {'Acogida':>13} {'razón':>7}")
    try:
        await on_disk(folder)
        await memory(DiskFiles(folder / "files"), "disco")
        if why_not := ceph.find():
            print(f"  sin Ceph RGW en esta máquina ({why_not}): S3 no se mide")
        else:
            with ceph.running() as gateway:
                await on_s3(gateway)
        if services is not None:
            await a_thousand(services)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    asyncio.run(measure())
