"""When the store fails: nothing is lost, nothing half kept, nothing of one in the place of another."""

import asyncio
import hashlib
import os
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from acogida.adapters.disk import DiskFiles
from acogida.app.wiring import Services
from acogida.features.evidence import actions
from acogida.features.evidence.jobs import tidy_files
from acogida.features.evidence.model import File
from acogida.features.evidence.public import from_bytes, keep
from acogida.kernel.errors import Unavailable
from acogida.kernel.storage import StoreFull
from acogida.kernel.tenancy import Tenant
from support import make_files as made
from support.make import make_municipality, make_person, work_as
from support.visitor import Visitor


class Failing(DiskFiles):
    """A store that does as it is told to, and fails so."""

    def __init__(self, root: Path, how: str) -> None:
        super().__init__(root)
        self.how = how

    async def put(self, tenant: Any, key: str, content: AsyncIterator[bytes], **told: Any) -> Any:
        if self.how == "down":
            raise Unavailable
        if self.how == "full":
            raise StoreFull
        if self.how == "wrong checksum":
            return await super().put(tenant, key, spoilt(content), **told)
        kept = await super().put(tenant, key, content, **told)
        if self.how == "down after keeping":
            raise Unavailable
        return kept


async def spoilt(content: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    async for piece in content:
        yield piece[:-1] + bytes([piece[-1] ^ 1])


@pytest.fixture
async def tenant(services: Services) -> Tenant:
    tenant = await make_municipality(services)
    await make_person(services, tenant)
    return tenant


def contents(services: Services, tenant: Tenant) -> list[Path]:
    folder = services.settings.data / "files" / str(tenant.id) / "evidence"
    return sorted(folder.iterdir()) if folder.exists() else []


async def rows(services: Services, tenant: Tenant) -> list[File]:
    async with work_as(services, tenant) as work:
        return list(await work.session.scalars(select(File)))


FAULTS = {
    "down": (503, "no respondió a tiempo"),
    "full": (507, "No queda espacio"),
    "wrong checksum": (503, "llegó distinto de como salió"),
    "down after keeping": (503, "no respondió a tiempo"),
}


@pytest.mark.parametrize("how", FAULTS)
async def test_a_store_in_trouble_keeps_nothing_by_half(
    services: Services, tenant: Tenant, visitor: Visitor, how: str
) -> None:
    """The person reads what happened; neither row nor content is left, and when it is well again the same goes through."""
    await visitor.sign_in("rosa@temuco.cl")
    good = services.files
    services.files = Failing(services.settings.data / "files", how)

    failed = await visitor.post(
        "/m/temuco/archivo", {"kind": "report"}, files={"file": ("a.pdf", made.pdf(), "application/pdf")}
    )
    await asyncio.gather(*actions._ERASING)
    left = (await rows(services, tenant), contents(services, tenant))
    services.files = good
    saved = await visitor.post(
        "/m/temuco/archivo", {"kind": "report"}, files={"file": ("a.pdf", made.pdf(), "application/pdf")}
    )

    status, words = FAULTS[how]
    assert failed.status_code == status
    assert words in failed.text
    assert left == ([], [])
    assert saved.status_code == 303


async def test_a_disk_that_fills_up_in_the_middle_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No space left: the half file goes."""
    import errno

    files = DiskFiles(tmp_path)
    tenant = made_tenant()
    monkeypatch.setattr("acogida.adapters.disk._sync", raising(OSError(errno.ENOSPC, "No space left on device")))

    with pytest.raises(StoreFull):
        await files.put(tenant, "evidence/a", once(b"acta"), limit=100)

    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


async def test_a_disk_that_does_not_answer_says_another_thing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is not full: it may come back."""
    import errno

    monkeypatch.setattr("acogida.adapters.disk._sync", raising(OSError(errno.EIO, "Input/output error")))

    with pytest.raises(Unavailable):
        await DiskFiles(tmp_path).put(made_tenant(), "evidence/a", once(b"acta"), limit=100)


def raising(error: Exception) -> Any:
    def fail(*_: object) -> None:
        raise error

    return fail


def made_tenant() -> Any:
    from uuid import uuid4

    return uuid4()


async def once(content: bytes) -> AsyncIterator[bytes]:
    yield content


async def test_a_process_killed_before_its_commit_leaves_an_orphan_for_one_day(
    services: Services, tenant: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The content was kept and its row never was: the night takes it, and takes nothing else."""
    async with work_as(services, tenant) as work:
        kept = await keep(
            work,
            services.files,
            from_bytes("bueno.pdf", made.pdf()),
            kind="report",
            subject_type="workspace",
            subject_id=None,
        )
    with monkeypatch.context() as killed:
        killed.setattr(actions, "forget_unless_committed", lambda *_: None)  # nobody is left to tidy
        with pytest.raises(RuntimeError):
            async with work_as(services, tenant) as work:
                await keep(
                    work,
                    services.files,
                    from_bytes("perdido.pdf", made.pdf(b"% 2")),
                    kind="report",
                    subject_type="workspace",
                    subject_id=None,
                )
                raise RuntimeError("killed")
    assert len(contents(services, tenant)) == 2

    old = services.clock.now().timestamp() - 100_000
    for path in contents(services, tenant):
        os.utime(path, (old, old))
    async with work_as(services, tenant) as work:
        await tidy_files(services, work, tenant.id)

    assert [path.name for path in contents(services, tenant)] == [kept.storage_key.removeprefix("evidence/")]
    assert [row.id for row in await rows(services, tenant)] == [kept.id]


async def test_many_people_of_many_municipalities_at_once(services: Services) -> None:
    """A hundred uploads of ten municipalities together: none is lost, none is in another's place. `make bench` does it
    with a thousand of fifty."""
    tenants = [
        await make_municipality(services, cut=f"{9101 + number:05d}", name=f"Comuna {number}", slug=f"comuna-{number}")
        for number in range(10)
    ]
    sent: dict[Any, dict[str, str]] = {tenant.id: {} for tenant in tenants}

    async def upload(tenant: Tenant, number: int) -> None:
        content = made.pdf(f"% {tenant.slug} {number}".encode() * 20)
        sent[tenant.id][f"{number}.pdf"] = hashlib.sha256(content).hexdigest()
        async with work_as(services, tenant) as work:
            await keep(
                work,
                services.files,
                from_bytes(f"{number}.pdf", content),
                kind="report",
                subject_type="workspace",
                subject_id=None,
            )

    await asyncio.gather(*(upload(tenant, number) for number in range(10) for tenant in tenants))

    for tenant in tenants:
        kept = await rows(services, tenant)
        there = {row.name: (await services.files.check(tenant.id, row.storage_key)).sha256 for row in kept}
        assert there == sent[tenant.id]


async def test_what_a_reader_gets_fails_before_it_begins(services: Services, tenant: Tenant, visitor: Visitor) -> None:
    """A content that the store lost is an answer of its own, never half a download."""
    await visitor.sign_in("rosa@temuco.cl")
    async with work_as(services, tenant) as work:
        row = await keep(
            work,
            services.files,
            from_bytes("a.pdf", made.pdf()),
            kind="report",
            subject_type="workspace",
            subject_id=None,
        )
    contents(services, tenant)[0].unlink()

    answer = await visitor.get(f"/m/temuco/archivo/{row.id}")

    assert answer.status_code == 404
