"""What only an S3 store can do, and what it refuses: tried on a real server, since imitations let everything pass."""

import asyncio
import json
import socket
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import httpx
import pytest
from botocore.exceptions import ClientError

from acogida.adapters.s3 import S3Files, S3Place
from acogida.kernel.errors import NotFound, Unavailable
from acogida.kernel.storage import Damaged, StoreFull
from acogida.kernel.tenancy import TenantId
from support import ceph

pytestmark = [pytest.mark.live, pytest.mark.xdist_group("ceph")]
TEMUCO, PUENTE_ALTO = TenantId(uuid4()), TenantId(uuid4())
PDF = "application/pdf"


def fresh(folder: str = "evidence") -> str:
    return f"{folder}/{uuid4().hex}"


async def once(content: bytes) -> AsyncIterator[bytes]:
    yield content


async def read(files: S3Files, key: str, tenant: TenantId = TEMUCO) -> bytes:
    return b"".join([piece async for piece in files.get(tenant, key)])


def raw(files: S3Files) -> Any:
    """The client itself, for what nobody should do."""
    return files._open()


async def send(ticket: Any, content: bytes, **changes: str) -> httpx.Response:
    """What a browser sends with the leave it was given, or with another that it makes up."""
    fields = {**ticket.fields, **{name.replace("_", "-"): value for name, value in changes.items()}}
    async with httpx.AsyncClient() as browser:
        return await browser.post(ticket.url, data=fields, files={"file": ("foto.jpg", content)})


async def ask(address: str, method: str = "GET", **headers: str) -> httpx.Response:
    async with httpx.AsyncClient() as browser:
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        return await browser.request(method, address, headers=given)


async def test_each_object_carries_its_tenant_and_its_hash(s3_files: S3Files) -> None:
    """The hash travels signed with the request; the tenant is in the name and beside it."""
    key = fresh()
    kept = await s3_files.put(TEMUCO, key, once(b"acta"), limit=100, media_type=PDF)

    head = raw(s3_files).head_object(Bucket="acogida", Key=f"evidence/{TEMUCO}/{key.split('/')[1]}")

    assert head["Metadata"] == {"sha256": kept.sha256, "tenant": str(TEMUCO)}
    assert head["ContentType"] == PDF
    assert head["VersionId"] == kept.version


async def test_an_object_of_another_tenant_put_in_this_one_s_place_is_not_read(s3_files: S3Files) -> None:
    """Somebody with the keys of the store moved it: its metadata give it away."""
    name = uuid4().hex
    raw(s3_files).put_object(
        Bucket="acogida", Key=f"evidence/{TEMUCO}/{name}", Body=b"ajeno", Metadata={"tenant": str(PUENTE_ALTO)}
    )

    with pytest.raises(NotFound):
        await read(s3_files, f"evidence/{name}")


async def test_bytes_changed_on_the_way_are_refused_by_the_server(s3_files: S3Files) -> None:
    """The signature covers the SHA-256 of the body."""

    def alter(request: Any, **_: Any) -> None:
        request.body = b"Acta"

    events = raw(s3_files).meta.events
    events.register("before-send.s3.PutObject", alter)
    try:
        with pytest.raises(Damaged):
            await s3_files.put(TEMUCO, fresh(), once(b"acta"), limit=100)
    finally:
        events.unregister("before-send.s3.PutObject", alter)


async def test_bytes_changed_in_the_store_show_when_they_are_read_again(s3_files: S3Files) -> None:
    """The server says nothing of it: its metadata still carry the old hash. We compute it ourselves."""
    key = fresh()
    kept = await s3_files.put(TEMUCO, key, once(b"acta"), limit=100)
    raw(s3_files).put_object(
        Bucket="acogida",
        Key=f"evidence/{TEMUCO}/{key.split('/')[1]}",
        Body=b"Acta",
        Metadata={"tenant": str(TEMUCO), "sha256": kept.sha256},
    )

    checked = await s3_files.check(TEMUCO, key)

    assert checked.sha256 != kept.sha256
    assert len(await s3_files.versions(TEMUCO, key)) == 2
    assert b"".join([piece async for piece in s3_files.get(TEMUCO, key, version=kept.version)]) == b"acta"


async def test_the_server_itself_refuses_to_erase_what_is_retained(s3_files: S3Files) -> None:
    """Not only our adapter: with the same keys and no adapter, the version stays."""
    key = fresh()
    kept = await s3_files.put(TEMUCO, key, once(b"decreto"), limit=100)
    await s3_files.retain(TEMUCO, key, until=datetime.now(UTC) + timedelta(days=1))
    name = {"Bucket": "acogida", "Key": f"evidence/{TEMUCO}/{key.split('/')[1]}"}

    with pytest.raises(ClientError, match="AccessDenied"):
        raw(s3_files).delete_object(**name, VersionId=kept.version)
    raw(s3_files).delete_object(**name)  # this one only hides it

    assert b"".join([piece async for piece in s3_files.get(TEMUCO, key, version=kept.version)]) == b"decreto"


async def test_in_compliance_nobody_shortens_it(s3_files: S3Files, gateway: ceph.Gateway) -> None:
    """Not even with the right to bypass."""
    strict = S3Files(
        S3Place(gateway.endpoint, "acogida", gateway.key, gateway.secret, lock="compliance"), rules=s3_files.rules
    )
    key = fresh()
    kept = await strict.put(TEMUCO, key, once(b"decreto"), limit=100)
    await strict.retain(TEMUCO, key, until=datetime.now(UTC) + timedelta(days=1))

    with pytest.raises(ClientError, match="AccessDenied"):
        raw(strict).delete_object(
            Bucket="acogida",
            Key=f"evidence/{TEMUCO}/{key.split('/')[1]}",
            VersionId=kept.version,
            BypassGovernanceRetention=True,
        )
    await strict.close()


async def test_it_is_encrypted_where_that_is_asked(gateway: ceph.Gateway) -> None:
    """The server says with which key it kept it, and gives it back as it was, large ones too."""
    place = S3Place(gateway.endpoint, "cifrado", gateway.key, gateway.secret, encryption=f"aws:kms:{ceph.KMS_KEY}")
    files = S3Files(place)
    files.prepare()
    key, large = fresh(), fresh()
    content = bytes(range(256)) * 80_000
    await files.put(TEMUCO, key, once(b"acta"), limit=100)
    await files.put(TEMUCO, large, once(content), limit=30_000_000)

    for one in (key, large):
        head = raw(files).head_object(Bucket="cifrado", Key=f"evidence/{TEMUCO}/{one.split('/')[1]}")
        assert (head["ServerSideEncryption"], head["SSEKMSKeyId"]) == ("aws:kms", ceph.KMS_KEY)
    assert await read(files, key) == b"acta"
    assert await read(files, large) == content
    await files.close()


async def test_what_is_passing_has_an_end(s3_files: S3Files) -> None:
    """The server itself lets go of what was sent and never finished."""
    rules = raw(s3_files).get_bucket_lifecycle_configuration(Bucket="acogida")["Rules"]

    by_id = {rule["ID"]: rule for rule in rules}
    assert by_id["unfinished"]["AbortIncompleteMultipartUpload"]["DaysAfterInitiation"] == 2
    assert by_id["passing"]["Expiration"]["Days"] == 2


async def test_an_upload_that_nobody_finished_is_swept(s3_files: S3Files) -> None:
    """The parts of a process that fell half way."""
    tenant = TenantId(uuid4())
    raw(s3_files).create_multipart_upload(Bucket="acogida", Key=f"evidence/{tenant}/{uuid4().hex}")

    assert await s3_files.sweep(tenant, "evidence", before=datetime.now(UTC) - timedelta(days=1), keep=()) == 0
    assert await s3_files.sweep(tenant, "evidence", before=datetime.now(UTC) + timedelta(days=1), keep=()) == 1


async def test_a_link_opens_one_file_for_a_moment(s3_files: S3Files) -> None:
    """As a download with its name; another key or version with the same signature, or a minute later, is refused."""
    key, other = fresh(), fresh()
    await s3_files.put(TEMUCO, key, once(b"acta"), limit=100)
    await s3_files.put(TEMUCO, other, once(b"otra"), limit=100)

    link = await s3_files.link(TEMUCO, key, name="Acta Nº 1.pdf", media_type=PDF, seconds=60)
    brief = await s3_files.link(TEMUCO, key, name="a.pdf", media_type=PDF, seconds=1)
    assert link and brief
    answer = await ask(link)
    moved = await ask(link.replace(key.split("/")[1], other.split("/")[1]))
    as_page = await ask(link.replace("application%2Fpdf", "text%2Fhtml"))
    await asyncio.sleep(2.1)  # the hour is the server's own
    late = await ask(brief)

    assert answer.content == b"acta"
    assert answer.headers["content-type"] == PDF
    assert answer.headers["content-disposition"].startswith("attachment; filename*=UTF-8''Acta%20N")
    assert (moved.status_code, as_page.status_code, late.status_code) == (403, 403, 403)


async def test_a_browser_sends_straight_to_the_store(s3_files: S3Files) -> None:
    """What it sent is read as any other content of the tenant; and its own page is allowed to."""
    key = fresh("incoming")
    ticket = await s3_files.ticket(TEMUCO, key, most=1000, media_type="image/jpeg")
    assert ticket

    sent = await send(ticket, b"foto" * 20)
    asked = await ask(ticket.url, "OPTIONS", origin="https://acogida.test", access_control_request_method="POST")
    elsewhere = await ask(ticket.url, "OPTIONS", origin="https://otro.sitio", access_control_request_method="POST")

    assert sent.status_code == 204
    assert await read(s3_files, key) == b"foto" * 20
    assert asked.headers["access-control-allow-origin"] == "https://acogida.test"
    assert "access-control-allow-origin" not in elsewhere.headers
    assert ticket.expires_at <= datetime.now(UTC) + timedelta(minutes=5)


WRONG = {
    "more than was allowed": (b"x" * 1001, {}),
    "nothing at all": (b"", {}),
    "another type": (b"foto", {"Content_Type": "text/html"}),
    "another key": (b"foto", {"key": f"incoming/{TEMUCO}/{uuid4().hex}"}),
    "the place of another tenant": (b"foto", {"key": f"incoming/{PUENTE_ALTO}/{uuid4().hex}"}),
    "the name of another tenant": (b"foto", {"x_amz_meta_tenant": str(PUENTE_ALTO)}),
    "a field nobody allowed": (b"foto", {"x_amz_meta_sha256": "0" * 64}),
    "another signature": (b"foto", {"x_amz_signature": "0" * 64}),
}


@pytest.mark.parametrize("change", WRONG)
async def test_a_browser_sends_only_what_it_was_allowed(s3_files: S3Files, change: str) -> None:
    """The server refuses it and keeps nothing."""
    key = fresh("incoming")
    ticket = await s3_files.ticket(TEMUCO, key, most=1000, media_type="image/jpeg")
    content, changes = WRONG[change]

    answer = await send(ticket, content, **changes)

    assert answer.status_code in (400, 403, 413), answer.text
    with pytest.raises(NotFound):
        await read(s3_files, key)


async def test_leave_to_send_ends(s3_files: S3Files) -> None:
    """By the hour of the server."""
    ticket = await s3_files.ticket(TEMUCO, fresh("incoming"), most=1000, media_type="image/jpeg", seconds=1)
    await asyncio.sleep(2.1)

    assert (await send(ticket, b"foto")).status_code == 403


async def test_without_an_address_for_browsers_nothing_is_handed_out(gateway: ceph.Gateway) -> None:
    """Everything passes through the application."""
    files = S3Files(S3Place(gateway.endpoint, "acogida", gateway.key, gateway.secret))

    assert await files.ticket(TEMUCO, fresh(), most=1000, media_type=PDF) is None
    assert await files.link(TEMUCO, fresh(), name="a.pdf", media_type=PDF, seconds=60) is None
    await files.close()


async def test_the_wrong_secret_opens_nothing(gateway: ceph.Gateway, s3_files: S3Files) -> None:
    """The person is told that the store does not answer, and nothing of why."""
    key = fresh()
    await s3_files.put(TEMUCO, key, once(b"acta"), limit=100)
    wrong = S3Files(S3Place(gateway.endpoint, "acogida", gateway.key, "otro"))

    assert not await wrong.healthy()
    with pytest.raises(Unavailable):
        await read(wrong, key)
    with pytest.raises(Unavailable):
        await wrong.put(TEMUCO, fresh(), once(b"x"), limit=10)
    assert "otro" not in repr(S3Place(gateway.endpoint, "acogida", gateway.key, "otro"))
    await wrong.close()


async def test_a_store_that_is_down_or_slow_is_told_at_once(gateway: ceph.Gateway) -> None:
    """Nobody answers at the address, or somebody takes the question and never answers."""
    place = S3Place(gateway.endpoint, "acogida", gateway.key, gateway.secret)
    with silent() as (nobody, mute):
        for address in (nobody, mute):
            files = S3Files(replace(place, endpoint=address), seconds=0.3)
            began = time.monotonic()
            with pytest.raises(Unavailable):
                await files.put(TEMUCO, fresh(), once(b"x"), limit=10)
            assert not await files.healthy()
            assert time.monotonic() - began < 5
            await files.close()


@contextmanager
def silent() -> Iterator[tuple[str, str]]:
    """An address where nobody listens, and one where somebody listens and says nothing."""
    with socket.socket() as closed, socket.socket() as mute:
        closed.bind(("127.0.0.1", 0))
        mute.bind(("127.0.0.1", 0))
        mute.listen(16)
        addresses = [f"http://127.0.0.1:{one.getsockname()[1]}" for one in (closed, mute)]
        yield addresses[0], addresses[1]


async def test_a_full_store_says_so(gateway: ceph.Gateway) -> None:
    """The person reads that there is no room; what was there stays."""
    files = S3Files(S3Place(gateway.endpoint, "lleno", gateway.key, gateway.secret))
    files.prepare()
    kept = fresh()
    await files.put(TEMUCO, kept, once(b"acta"), limit=100)
    gateway.limit("lleno", objects=1)

    with pytest.raises(StoreFull):
        await files.put(TEMUCO, fresh(), once(b"otra"), limit=100)

    assert await read(files, kept) == b"acta"
    await files.close()


async def test_nothing_of_this_machine_is_asked(s3_files: S3Files, gateway: ceph.Gateway) -> None:
    """Keys and addresses come from the settings alone: the endpoint is ours and the address has no signature of others."""
    link = await s3_files.link(TEMUCO, fresh(), name="a.pdf", media_type=PDF, seconds=60)
    assert link
    parts = urlsplit(link)

    assert parts.netloc == urlsplit(gateway.endpoint).netloc
    assert gateway.key in parts.query
    assert gateway.secret not in json.dumps(link)
