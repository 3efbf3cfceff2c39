"""Contents that come in pieces, over a line that drops: they go on where they stopped, for whoever began them alone."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from sqlalchemy import select

from acogida.app.wiring import Services
from acogida.features.evidence import actions, resumable
from acogida.features.evidence.jobs import drop_upload, tidy_files
from acogida.features.evidence.model import File, Upload
from acogida.kernel.errors import Unavailable
from acogida.kernel.tenancy import Tenant
from support import make_files as made
from support.make import make_municipality, make_person, make_token, work_as
from support.visitor import Visitor

HOME = "/m/temuco/archivo/subidas"


@pytest.fixture
async def tenant(services: Services) -> Tenant:
    tenant = await make_municipality(services)
    await make_person(services, tenant)
    return tenant


async def begin(visitor: Visitor, content: bytes, *, name: str = "estudio.pdf") -> str:
    answer = await visitor.post(HOME, {"name": name, "size": str(len(content)), "type": "application/pdf"})
    assert answer.status_code == 201, answer.text
    return answer.json()["place"]


async def piece(visitor: Visitor, place: str, content: bytes, at: int, method: str = "PATCH") -> httpx.Response:
    headers = {
        "upload-offset": str(at),
        "content-type": "application/octet-stream",
        "x-csrftoken": await visitor.csrf(),
    }
    return await visitor.http.request(method, place, content=content, headers=headers)


def in_store(services: Services, tenant: Tenant) -> list[Path]:
    folder = services.settings.data / "files" / str(tenant.id) / "incoming"
    return sorted(folder.iterdir()) if folder.is_dir() else []


async def test_pieces_become_a_file(
    services: Services, worker_services: Services, tenant: Tenant, visitor: Visitor
) -> None:
    """The form sends the id instead of the file; what is kept is what was sent, and nothing of the pieces stays."""
    await visitor.sign_in("rosa@temuco.cl")
    content = made.pdf(b"% " + b"x" * 5_000)
    place = await begin(visitor, content)
    upload_id = place.rpartition("/")[2]

    first = await piece(visitor, place, content[:2_000], 0)
    second = await piece(visitor, place, content[2_000:], 2_000, method="POST")
    saved = await visitor.post("/m/temuco/archivo", {"kind": "report", "upload_id": upload_id})

    assert (first.status_code, first.headers["upload-offset"]) == (204, "2000")
    assert second.headers["upload-offset"] == second.headers["upload-length"] == str(len(content))
    assert saved.status_code == 303
    async with work_as(services, tenant) as work:
        row = (await work.session.scalars(select(File))).one()
        assert list(await work.session.scalars(select(Upload))) == []
    assert row.name == "estudio.pdf"
    assert (await visitor.get(f"/m/temuco/archivo/{row.id}")).content == content
    assert len(in_store(services, tenant)) == 2
    async with work_as(worker_services, tenant) as work:
        await drop_upload(worker_services, work, resumable.UUID(upload_id))
    assert in_store(services, tenant) == []


async def test_after_a_cut_it_says_how_far_it_was(tenant: Tenant, visitor: Visitor) -> None:
    """A piece that came twice, or too soon, changes nothing and is told where to go on."""
    await visitor.sign_in("rosa@temuco.cl")
    content = made.pdf()
    place = await begin(visitor, content)
    await piece(visitor, place, content[:100], 0)

    again = await piece(visitor, place, content[:100], 0)
    ahead = await piece(visitor, place, content[200:], 200)
    nowhere = await visitor.http.request(
        "PATCH", place, content=b"x", headers={"x-csrftoken": await visitor.csrf(), "upload-offset": "x"}
    )
    asked = await visitor.http.head(place)

    assert [answer.status_code for answer in (again, ahead, nowhere)] == [409, 409, 409]
    assert {answer.headers["upload-offset"] for answer in (again, ahead, nowhere, asked)} == {"100"}
    assert asked.headers["upload-length"] == str(len(content))
    assert asked.headers["cache-control"] == "no-store"


async def test_what_has_not_all_come_is_not_kept(services: Services, tenant: Tenant, visitor: Visitor) -> None:
    """The form says so, and the pieces wait; a wrong field does not lose them either."""
    await visitor.sign_in("rosa@temuco.cl")
    content = made.pdf()
    place = await begin(visitor, content)
    upload_id = place.rpartition("/")[2]
    await piece(visitor, place, content[:100], 0)

    half = await visitor.post("/m/temuco/archivo", {"kind": "report", "upload_id": upload_id})
    await piece(visitor, place, content[100:], 100)
    no_kind = await visitor.post("/m/temuco/archivo", {"kind": "", "upload_id": upload_id})
    good = await visitor.post("/m/temuco/archivo", {"kind": "report", "upload_id": upload_id})
    twice = await visitor.post("/m/temuco/archivo", {"kind": "report", "upload_id": upload_id})

    assert "todavía no termina de subir" in half.text
    assert (half.status_code, no_kind.status_code, good.status_code, twice.status_code) == (422, 422, 303, 404)


async def test_what_comes_is_looked_at_as_any_other(tenant: Tenant, visitor: Visitor) -> None:
    """Pieces are no way around the inspection."""
    await visitor.sign_in("rosa@temuco.cl")
    content = b"MZ" + bytes(500)
    place = await begin(visitor, content, name="carta.pdf")
    await piece(visitor, place, content, 0)

    answer = await visitor.post("/m/temuco/archivo", {"kind": "report", "upload_id": place.rpartition("/")[2]})

    assert answer.status_code == 422
    assert "es un programa" in answer.text


@pytest.mark.parametrize(
    ("size", "words"), [("0", "está vacío"), ("100000001", "pesa más de 100 MB"), ("muchos", "está vacío")]
)
async def test_what_could_never_be_kept_does_not_begin(tenant: Tenant, visitor: Visitor, size: str, words: str) -> None:
    """Said before a byte travels."""
    await visitor.sign_in("rosa@temuco.cl")

    answer = await visitor.post(HOME, {"name": "enorme.pdf", "size": size})

    assert answer.status_code == 422
    assert words in answer.json()["problem"]


@pytest.mark.parametrize("content", [b"", b"x" * 1_000])
async def test_a_piece_that_does_not_fit_is_refused(tenant: Tenant, visitor: Visitor, content: bytes) -> None:
    """Nothing at all, or more than was announced."""
    await visitor.sign_in("rosa@temuco.cl")
    place = await begin(visitor, made.pdf())

    assert (await piece(visitor, place, content, 0)).status_code == 422
    assert (await visitor.http.head(place)).headers["upload-offset"] == "0"


async def test_nobody_else_goes_on_with_it(services: Services, tenant: Tenant, visitor: Visitor) -> None:
    """Neither a colleague nor the next municipality: for them it does not exist, nor does the file it would be."""
    await make_person(services, tenant, email="ana@temuco.cl", name="Ana Soto")
    other = await make_municipality(services, cut="13201", name="Puente Alto", slug="puente-alto")
    await make_person(services, other, email="juan@puentealto.cl")
    await visitor.sign_in("rosa@temuco.cl")
    content = made.pdf()
    place = await begin(visitor, content)
    upload_id = place.rpartition("/")[2]
    await piece(visitor, place, content, 0)

    for email, slug in (("ana@temuco.cl", "temuco"), ("juan@puentealto.cl", "puente-alto")):
        await visitor.post("/salir")
        await visitor.sign_in(email)
        theirs = f"/m/{slug}/archivo/subidas/{upload_id}"
        unknown = f"/m/{slug}/archivo/subidas/{resumable.new_id()}"
        for address in (theirs, unknown):
            assert (await visitor.http.head(address)).status_code == 404
            assert (await piece(visitor, address, b"x", 0)).status_code == 404
        kept = await visitor.post(f"/m/{slug}/archivo", {"kind": "report", "upload_id": upload_id})
        assert kept.status_code == 404


async def test_who_only_reads_sends_nothing(services: Services, tenant: Tenant, visitor: Visitor) -> None:
    await make_person(services, tenant, email="ana@temuco.cl", name="Ana Soto", roles=["councillor"])
    await visitor.sign_in("ana@temuco.cl")

    assert (await visitor.post(HOME, {"name": "a.pdf", "size": "10"})).status_code == 403


async def test_so_many_at_once_and_no_more(services: Services, tenant: Tenant, visitor: Visitor) -> None:
    """Somebody who begins for ever does not fill the table."""
    await visitor.sign_in("rosa@temuco.cl")
    for _ in range(resumable.MOST_AT_ONCE):
        await begin(visitor, made.pdf())

    answer = await visitor.post(HOME, {"name": "a.pdf", "size": "10"})

    assert answer.status_code == 422
    assert "Ya tiene 60 archivos subiendo" in answer.json()["problem"]


async def test_what_nobody_finished_is_gone_the_next_night(
    services: Services, tenant: Tenant, visitor: Visitor
) -> None:
    """The row and its pieces."""
    await visitor.sign_in("rosa@temuco.cl")
    content = made.pdf()
    place = await begin(visitor, content)
    await piece(visitor, place, content[:50], 0)
    services.clock.move_to(services.clock.now() + timedelta(hours=25))  # type: ignore[attr-defined]
    import os

    for path in in_store(services, tenant):
        os.utime(path, (services.clock.now().timestamp() - 100_000,) * 2)

    await visitor.sign_in("rosa@temuco.cl")
    late = await piece(visitor, place, content[50:], 50)
    async with work_as(services, tenant) as work:
        await tidy_files(services, work, tenant.id)

    assert late.status_code == 404
    assert in_store(services, tenant) == []
    async with work_as(services, tenant) as work:
        assert list(await work.session.scalars(select(Upload))) == []


async def test_a_process_killed_between_a_piece_and_its_row_loses_nothing(
    services: Services, tenant: Tenant, visitor: Visitor
) -> None:
    """The piece in the store is of nobody: whoever sends is told the old place, sends it again, and the hash is right."""
    await visitor.sign_in("rosa@temuco.cl")
    content = made.pdf(b"% " + b"y" * 400)
    place = await begin(visitor, content)
    upload_id = resumable.UUID(place.rpartition("/")[2])
    await piece(visitor, place, content[:100], 0)
    await services.files.put(  # what the fallen process had time to do
        tenant.id, f"incoming/{upload_id.hex}.deadbeef", once(content[100:]), limit=10_000
    )

    asked = await visitor.http.head(place)
    await piece(visitor, place, content[100:], 100)
    saved = await visitor.post("/m/temuco/archivo", {"kind": "report", "upload_id": str(upload_id)})
    await asyncio.gather(*actions._ERASING)

    assert asked.headers["upload-offset"] == "100"
    assert saved.status_code == 303
    async with work_as(services, tenant) as work:
        row = (await work.session.scalars(select(File))).one()
    assert (await visitor.get(f"/m/temuco/archivo/{row.id}")).content == content


async def once(content: bytes) -> AsyncIterator[bytes]:
    yield content


async def test_a_store_that_fails_in_the_middle_is_tried_again(
    services: Services, tenant: Tenant, visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The piece is not counted, and the next try goes through."""
    await visitor.sign_in("rosa@temuco.cl")
    content = made.pdf()
    place = await begin(visitor, content)

    async def down(*_: object, **__: object) -> None:
        raise Unavailable

    with monkeypatch.context() as broken:
        broken.setattr(services.files, "put", down)
        failed = await piece(visitor, place, content, 0)
    asked = await visitor.http.head(place)
    done = await piece(visitor, place, content, 0)

    assert (failed.status_code, asked.headers["upload-offset"], done.status_code) == (503, "0", 204)


async def test_the_same_with_a_key(services: Services, tenant: Tenant, visitor: Visitor) -> None:
    """The JSON twin: begin, ask, send, keep; and let go of one that nobody wants."""
    person = await make_person(services, tenant, email="ana@temuco.cl", name="Ana Soto")
    headers = {"authorization": f"Bearer {await make_token(services, tenant, person)}"}
    home = "/api/v1/m/temuco/archivo/subidas"
    content = made.pdf()

    begun = (await visitor.http.post(home, json={"name": "a.pdf", "size": len(content)}, headers=headers)).json()
    place = f"{home}/{begun['id']}"
    wrong = await visitor.http.patch(place, content=b"x", headers={**headers, "upload-offset": "5"})
    sent = await visitor.http.patch(place, content=content, headers={**headers, "upload-offset": "0"})
    asked = await visitor.http.get(place, headers=headers)
    kept = await visitor.http.post(
        "/api/v1/m/temuco/archivo", data={"kind": "report", "upload_id": begun["id"]}, files={"x": b""}, headers=headers
    )
    other = (await visitor.http.post(home, json={"name": "b.pdf", "size": 10}, headers=headers)).json()
    gone = await visitor.http.delete(f"{home}/{other['id']}", headers=headers)
    neither = await visitor.http.post(
        "/api/v1/m/temuco/archivo", data={"kind": "report"}, files={"x": b""}, headers=headers
    )

    assert wrong.status_code == 409
    assert wrong.json()["code"] == "out_of_step" and wrong.json()["received"] == 0
    assert sent.json()["received"] == asked.json()["received"] == len(content)
    assert kept.status_code == 201
    assert gone.status_code == 204
    assert "upload_id" in neither.json()["fields"]["file"]
