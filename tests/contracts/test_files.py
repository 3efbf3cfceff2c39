"""What any store of files promises: the same scenarios on a disk and on a real S3 server."""

import asyncio
import hashlib
import os
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import cast
from uuid import UUID, uuid4

import pytest

from acogida.adapters.disk import DiskFiles
from acogida.kernel.clock import FixedClock
from acogida.kernel.errors import NotFound, TooLarge
from acogida.kernel.ports import Files, StoredFile
from acogida.kernel.storage import Damaged, Retained
from acogida.kernel.tenancy import TenantId

TEMUCO, PUENTE_ALTO = TenantId(uuid4()), TenantId(uuid4())
STORES = ["disk", pytest.param("s3", marks=[pytest.mark.live, pytest.mark.xdist_group("ceph")])]
MB = 1_000_000


@pytest.fixture(params=STORES)
async def files(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Files]:
    if request.param == "disk":
        yield DiskFiles(tmp_path)
        return
    yield request.getfixturevalue("s3_files")


async def pieces(content: bytes, size: int = 300_000) -> AsyncIterator[bytes]:
    for start in range(0, len(content), size):
        yield content[start : start + size]


async def put(files: Files, key: str, content: bytes, *, tenant: TenantId = TEMUCO, limit: int = 60 * MB) -> StoredFile:
    return await files.put(tenant, key, pieces(content), limit=limit)


async def read(files: Files, key: str, *, tenant: TenantId = TEMUCO, version: str = "") -> bytes:
    return b"".join([piece async for piece in files.get(tenant, key, version=version)])


def fresh() -> str:
    return f"evidence/{uuid4().hex}"


async def test_what_goes_in_comes_out_byte_by_byte(files: Files) -> None:
    """With its size and its SHA-256, which reading it all again confirms."""
    key, content = fresh(), os.urandom(700_001)

    kept = await put(files, key, content)
    checked = await files.check(TEMUCO, key)

    assert await read(files, key) == content
    assert (kept.size, kept.sha256) == (len(content), hashlib.sha256(content).hexdigest())
    assert (checked.size, checked.sha256) == (kept.size, kept.sha256)


async def test_a_large_one_too(files: Files) -> None:
    """Over the size that travels in one piece."""
    key, content = fresh(), os.urandom(36 * MB)

    kept = await put(files, key, content)

    assert kept.sha256 == hashlib.sha256(content).hexdigest()
    assert (await files.check(TEMUCO, key)).sha256 == kept.sha256


async def test_content_that_is_not_what_was_said_is_refused(files: Files) -> None:
    """A byte lost on the way: nothing is kept."""
    key = fresh()

    with pytest.raises(Damaged):
        await files.put(TEMUCO, key, pieces(b"acta"), limit=MB, sha256=hashlib.sha256(b"Acta").hexdigest())

    with pytest.raises(NotFound):
        await read(files, key)


async def test_too_much_is_refused_and_leaves_nothing(files: Files) -> None:
    """Not even what had already come."""
    key = fresh()

    with pytest.raises(TooLarge):
        await put(files, key, bytes(2 * MB), limit=MB)

    with pytest.raises(NotFound):
        await read(files, key)


async def test_a_source_that_breaks_half_way_leaves_nothing(files: Files) -> None:
    """And what the key had before is still there."""
    key = fresh()
    await put(files, key, b"primera")

    async def broken() -> AsyncIterator[bytes]:
        yield b"segun"
        raise ConnectionError

    with pytest.raises(ConnectionError):
        await files.put(TEMUCO, key, broken(), limit=MB)

    assert await read(files, key) == b"primera"
    assert len(await files.versions(TEMUCO, key)) == 1


async def test_writing_again_keeps_what_was_there(files: Files) -> None:
    """As an earlier version, which can be read until it is erased."""
    key = fresh()
    first = await put(files, key, b"primera")
    second = await put(files, key, b"segunda, corregida")

    versions = await files.versions(TEMUCO, key)

    assert [one.current for one in versions] == [True, False]
    assert [one.version for one in versions] == [second.version, first.version]
    assert [one.size for one in versions] == [18, 7]
    assert await read(files, key) == b"segunda, corregida"
    assert await read(files, key, version=first.version) == b"primera"


async def test_erasing_leaves_no_version_behind(files: Files) -> None:
    """Nor what was derived from it; its neighbours stay. Erasing what is not there changes nothing."""
    key, neighbour = fresh(), fresh()
    first = await put(files, key, b"primera")
    await put(files, key, b"segunda")
    await put(files, f"{key}.thumb", b"miniatura")
    await put(files, neighbour, b"otra")

    await files.erase(TEMUCO, key)
    await files.erase(TEMUCO, key)

    assert list(await files.versions(TEMUCO, key)) == []
    for gone, version in ((key, ""), (key, first.version), (f"{key}.thumb", "")):
        with pytest.raises(NotFound):
            await read(files, gone, version=version)
    assert await read(files, neighbour) == b"otra"


async def test_another_tenant_s_file_does_not_exist(files: Files) -> None:
    """Neither to read, nor to look at, nor to erase or hold: the owner never notices."""
    key = fresh()
    await put(files, key, b"de Temuco")

    doors: list[Callable[[], Awaitable[object]]] = [
        lambda: read(files, key, tenant=PUENTE_ALTO),
        lambda: files.check(PUENTE_ALTO, key),
        lambda: files.hold(PUENTE_ALTO, key, True),
        lambda: files.retain(PUENTE_ALTO, key, until=datetime.now(UTC) + timedelta(days=1)),
    ]
    for door in doors:
        with pytest.raises(NotFound):
            await door()
    await files.erase(PUENTE_ALTO, key)

    assert list(await files.versions(PUENTE_ALTO, key)) == []
    assert await read(files, key) == b"de Temuco"


@pytest.mark.parametrize(
    "key",
    [
        "evidence",
        "/etc/passwd",
        "../evidence/a",
        "evidence/../../a",
        "evidence/..",
        "evidence/a/b",
        "evidence/.part-a",
        ".versions/a",
        "evidence/Ñandú",
        "evidence/a b",
        "evidence/a\n",
        "evidence/" + "a" * 200,
        f"evidence/{UUID(int=1)}/{UUID(int=2).hex}",
    ],
)
async def test_a_key_that_is_not_ours_does_not_exist(files: Files, key: str) -> None:
    """Whatever somebody managed to pass as one."""
    with pytest.raises(NotFound):
        await put(files, key, b"x")
    with pytest.raises(NotFound):
        await read(files, key)
    with pytest.raises(NotFound):
        await files.erase(TEMUCO, key)


async def test_a_tenant_that_is_not_one_has_nothing(files: Files) -> None:
    """A text in the place of an identity, as `..`, is not looked for anywhere."""
    with pytest.raises(NotFound):
        await put(files, fresh(), b"x", tenant=cast(TenantId, ".."))


async def test_what_must_be_kept_can_not_be_erased(files: Files) -> None:
    """Nothing of it goes, not even what was derived; and the date is only ever put off."""
    key = fresh()
    await put(files, key, b"decreto")
    await put(files, f"{key}.thumb", b"miniatura")
    now = datetime.now(UTC)

    await files.retain(TEMUCO, key, until=now + timedelta(days=2))
    await files.retain(TEMUCO, key, until=now - timedelta(days=1))

    with pytest.raises(Retained):
        await files.erase(TEMUCO, key)
    assert await read(files, key) == b"decreto"
    assert await read(files, f"{key}.thumb") == b"miniatura"


async def test_a_hold_keeps_until_it_is_lifted(files: Files) -> None:
    """Whatever the date."""
    key = fresh()
    await put(files, key, b"prueba de un juicio")

    await files.hold(TEMUCO, key, True)
    with pytest.raises(Retained):
        await files.erase(TEMUCO, key)
    await files.hold(TEMUCO, key, False)
    await files.erase(TEMUCO, key)

    assert list(await files.versions(TEMUCO, key)) == []


async def test_the_sweep_takes_only_what_nobody_keeps(files: Files) -> None:
    """What is kept stays with what was derived from it; so does what is retained, and what is newer."""
    tenant = TenantId(uuid4())
    kept, forsaken, retained = fresh(), fresh(), fresh()
    for key in (kept, f"{kept}.thumb", forsaken, f"{forsaken}.thumb", retained):
        await put(files, key, b"x", tenant=tenant)
    await put(files, "incoming/a", b"x", tenant=tenant)
    await files.hold(tenant, retained, True)
    tomorrow, yesterday = (datetime.now(UTC) + timedelta(days=days) for days in (1, -1))

    early = await files.sweep(tenant, "evidence", before=yesterday, keep={kept})
    late = await files.sweep(tenant, "evidence", before=tomorrow, keep={kept})

    assert (early, late) == (0, 1)
    assert await read(files, f"{kept}.thumb", tenant=tenant) == b"x"
    assert await read(files, retained, tenant=tenant) == b"x"
    assert await read(files, "incoming/a", tenant=tenant) == b"x"
    with pytest.raises(NotFound):
        await read(files, forsaken, tenant=tenant)


async def test_many_at_once_are_not_mixed_up(files: Files) -> None:
    """Forty contents of four tenants under the same names, each read back by its owner."""
    tenants = [TenantId(uuid4()) for _ in range(4)]
    names = [fresh() for _ in range(10)]
    sent = {(tenant, key): f"{tenant}{key}".encode() * 50 for tenant in tenants for key in names}

    await asyncio.gather(*(put(files, key, content, tenant=tenant) for (tenant, key), content in sent.items()))
    back = await asyncio.gather(*(read(files, key, tenant=tenant) for tenant, key in sent))

    assert dict(zip(sent, back, strict=True)) == sent


async def test_it_says_that_it_is_well(files: Files) -> None:
    assert await files.healthy()


async def test_a_date_that_passed_keeps_no_longer(tmp_path: Path) -> None:
    """On a disk, by the clock of the application (an S3 server has its own)."""
    clock = FixedClock(datetime(2026, 11, 23, tzinfo=UTC))
    files = DiskFiles(tmp_path, clock=clock)
    await put(files, "evidence/a", b"x")
    await files.retain(TEMUCO, "evidence/a", until=datetime(2027, 1, 1, tzinfo=UTC))

    with pytest.raises(Retained):
        await files.erase(TEMUCO, "evidence/a")
    clock.move_to(datetime(2027, 1, 2, tzinfo=UTC))
    await files.erase(TEMUCO, "evidence/a")

    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


async def test_a_browser_does_not_reach_a_disk(tmp_path: Path) -> None:
    """Everything passes through the application, which asks each time who is there."""
    files = DiskFiles(tmp_path)
    await put(files, "evidence/a", b"x")

    assert await files.link(TEMUCO, "evidence/a", name="a.pdf", media_type="application/pdf", seconds=60) is None
    assert await files.ticket(TEMUCO, "incoming/a", most=10, media_type="application/pdf") is None
