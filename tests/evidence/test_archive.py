"""The archive as people use it, and what happens to content when something goes wrong."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import select

from acogida.app.wiring import Services
from acogida.features.evidence import actions
from acogida.features.evidence.jobs import drop_file
from acogida.features.evidence.model import File
from acogida.features.evidence.public import files_of, from_bytes, keep
from acogida.kernel.audit import AuditEntry
from acogida.kernel.db import new_id
from acogida.kernel.tenancy import Tenant
from support import make_files as made
from support.make import make_municipality, make_person, work_as
from support.visitor import Visitor, application


def contents(services: Services, tenant: Tenant) -> list[Path]:
    folder = services.settings.data / "files" / str(tenant.id) / "evidence"
    return sorted(folder.iterdir()) if folder.exists() else []


async def rows(services: Services, tenant: Tenant) -> list[File]:
    async with work_as(services, tenant) as work:
        return list(await work.session.scalars(select(File)))


async def test_a_document_goes_up_and_comes_back_byte_by_byte(services: Services, visitor: Visitor) -> None:
    """It is listed with its kind and date, and comes down as an attachment that nobody guesses about."""
    await make_person(services, await make_municipality(services))
    await visitor.sign_in("rosa@temuco.cl")

    saved = await visitor.post(
        "/m/temuco/archivo",
        {"kind": "sent_document", "dated_on": "2026-11-02", "note": "Propuestas a la Subsecretaría"},
        files={"file": ("Oficio Nº 123.pdf", made.pdf(), "application/pdf")},
    )
    page = await visitor.get("/m/temuco/archivo?tipo=sent_document")
    link = page.text.split("/m/temuco/archivo/")[1].split('"')[0]
    answer = await visitor.get(f"/m/temuco/archivo/{link}")

    assert saved.status_code == 303
    assert "Oficio Nº 123.pdf" in page.text
    assert "02-11-2026" in page.text
    assert answer.content == made.pdf()
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["content-disposition"].startswith("attachment; filename*=UTF-8''Oficio%20N")
    assert answer.headers["x-content-type-options"] == "nosniff"


async def test_a_bad_file_is_refused_and_leaves_nothing(services: Services, visitor: Visitor) -> None:
    """The page comes back with the reason and what was written; no row, no content."""
    tenant = await make_municipality(services)
    await make_person(services, tenant)
    await visitor.sign_in("rosa@temuco.cl")

    answer = await visitor.post(
        "/m/temuco/archivo",
        {"kind": "report", "note": "Estudio de la universidad"},
        files={"file": ("estudio.docx", made.office(word__vbaProject_bin=b"x"), "application/octet-stream")},
    )

    assert answer.status_code == 422
    assert "No guardamos «estudio.docx»: trae macros" in answer.text
    assert "Estudio de la universidad" in answer.text
    assert await rows(services, tenant) == []
    assert contents(services, tenant) == []


async def test_a_form_without_its_file_or_its_kind_says_both(services: Services, visitor: Visitor) -> None:
    """Every fault at once; a good file of a wrong form is not kept."""
    tenant = await make_municipality(services)
    await make_person(services, tenant)
    await visitor.sign_in("rosa@temuco.cl")

    nothing = await visitor.post("/m/temuco/archivo", {"kind": ""})
    no_kind = await visitor.post(
        "/m/temuco/archivo", {"kind": "photograph"}, files={"file": ("foto.jpg", made.JPEG, "image/jpeg")}
    )

    assert nothing.status_code == no_kind.status_code == 422
    assert "Elija el archivo" in nothing.text
    assert "Falta completar «Tipo de documento»" in nothing.text
    assert "Diga si en la fotografía aparecen personas" in no_kind.text
    assert contents(services, tenant) == []


async def test_a_photograph_without_consent_is_marked(services: Services, visitor: Visitor) -> None:
    """It is kept, with the notice that it must not be published."""
    tenant = await make_municipality(services)
    await make_person(services, tenant)
    await visitor.sign_in("rosa@temuco.cl")

    await visitor.post(
        "/m/temuco/archivo",
        {"kind": "photograph", "people": "unasked"},
        files={"file": ("taller.jpg", made.JPEG, "image/jpeg")},
    )
    page = await visitor.get("/m/temuco/archivo")

    assert [row.consent for row in await rows(services, tenant)] == [False]
    assert "no publicar" in page.text


async def test_too_big_a_file_is_refused_with_its_limit(services: Services, visitor: Visitor) -> None:
    """Over 25 MB: the reason beside the field, nothing kept."""
    tenant = await make_municipality(services)
    await make_person(services, tenant)
    await visitor.sign_in("rosa@temuco.cl")

    answer = await visitor.post(
        "/m/temuco/archivo",
        {"kind": "report"},
        files={"file": ("enorme.pdf", made.pdf() + bytes(25_000_001), "application/pdf")},
    )

    assert answer.status_code == 422
    assert "pesa más de 25 MB" in answer.text
    assert contents(services, tenant) == []


async def test_the_same_content_for_the_same_record_is_kept_once(services: Services, visitor: Visitor) -> None:
    """The second time says so; for another record it is another file."""
    tenant = await make_municipality(services)
    await make_person(services, tenant)
    await visitor.sign_in("rosa@temuco.cl")
    for _ in range(2):
        answer = await visitor.post(
            "/m/temuco/archivo", {"kind": "report"}, files={"file": ("estudio.pdf", made.pdf(), "application/pdf")}
        )

    async with work_as(services, tenant) as work:
        other = await keep(
            work,
            services.files,
            from_bytes("estudio.pdf", made.pdf()),
            kind="minutes",
            subject_type="meeting",
            subject_id=new_id(),
        )

    assert "ya estaba, con el mismo contenido" in (await visitor.get(answer.headers["location"])).text
    assert other.was_there is False
    assert len(await rows(services, tenant)) == len(contents(services, tenant)) == 2


async def test_when_the_work_is_undone_the_content_goes_too(services: Services) -> None:
    """A later refusal in the same request leaves neither row nor content."""
    tenant = await make_municipality(services)

    with pytest.raises(RuntimeError):
        async with work_as(services, tenant) as work:
            await keep(
                work,
                services.files,
                from_bytes("carta.pdf", made.pdf()),
                kind="signed_letter",
                subject_type="act",
                subject_id=new_id(),
            )
            assert len(contents(services, tenant)) == 1
            raise RuntimeError("something after it failed")
    await asyncio.gather(*actions._ERASING)

    assert await rows(services, tenant) == []
    assert contents(services, tenant) == []


async def test_a_line_that_breaks_half_way_leaves_nothing(services: Services, visitor: Visitor) -> None:
    """The browser goes away in the middle of the body: no row, no content, no half file."""
    tenant = await make_municipality(services)
    await make_person(services, tenant)
    await visitor.sign_in("rosa@temuco.cl")
    token = await visitor.csrf()
    whole = made.pdf(b"% " + b"x" * 600_000)
    body = (
        b'--corte\r\nContent-Disposition: form-data; name="kind"\r\n\r\nreport\r\n'
        b'--corte\r\nContent-Disposition: form-data; name="file"; filename="estudio.pdf"\r\n'
        b"Content-Type: application/pdf\r\n\r\n" + whole
    )
    pieces: AsyncIterator[dict[str, object]] = _broken(body)
    sent: list[dict[str, object]] = []

    async def receive() -> dict[str, object]:
        return await anext(pieces)

    async def send(message: dict[str, object]) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "POST",
        "scheme": "http",
        "path": "/m/temuco/archivo",
        "raw_path": b"/m/temuco/archivo",
        "query_string": b"",
        "root_path": "",
        "server": ("acogida.test", 80),
        "client": ("127.0.0.1", 5000),
        "headers": [
            (b"host", b"acogida.test"),
            (b"content-type", b"multipart/form-data; boundary=corte"),
            (b"content-length", str(len(body) + 5000).encode()),
            (b"x-csrftoken", token.encode()),
            (b"cookie", "; ".join(f"{k}={v}" for k, v in visitor.http.cookies.items()).encode()),
        ],
    }
    await application()(scope, receive, send)  # type: ignore[arg-type]
    page = await visitor.get("/m/temuco/archivo")

    assert sent[0]["status"] == 400
    assert "El archivo está vacío" in page.text
    assert await rows(services, tenant) == []
    assert contents(services, tenant) == []


async def _broken(body: bytes) -> AsyncIterator[dict[str, object]]:
    for start in range(0, len(body), 65_536):
        yield {"type": "http.request", "body": body[start : start + 65_536], "more_body": True}
    while True:
        yield {"type": "http.disconnect"}


async def test_the_next_municipality_finds_nothing_at_that_address(services: Services, visitor: Visitor) -> None:
    """Neither through its own workspace nor through the owner's."""
    tenant = await make_municipality(services)
    async with work_as(services, tenant) as work:
        row = await keep(
            work,
            services.files,
            from_bytes("a.pdf", made.pdf()),
            kind="report",
            subject_type="workspace",
            subject_id=None,
        )
    other = await make_municipality(services, cut="13201", name="Puente Alto", slug="puente-alto")
    await make_person(services, other, email="juan@puentealto.cl")
    await visitor.sign_in("juan@puentealto.cl")

    for slug in ("temuco", "puente-alto"):
        assert (await visitor.get(f"/m/{slug}/archivo/{row.id}")).status_code == 404
        assert (await visitor.post(f"/m/{slug}/archivo/{row.id}/quitar", {"confirmed": "1"})).status_code == 404
    assert len(await rows(services, tenant)) == 1


async def test_who_only_reads_can_not_upload_nor_remove(services: Services, visitor: Visitor) -> None:
    """A councillor opens files and nothing else."""
    tenant = await make_municipality(services)
    await make_person(services, tenant, email="ana@temuco.cl", name="Ana Soto", roles=["councillor"])
    async with work_as(services, tenant) as work:
        row = await keep(
            work,
            services.files,
            from_bytes("a.pdf", made.pdf()),
            kind="report",
            subject_type="workspace",
            subject_id=None,
        )
    await visitor.sign_in("ana@temuco.cl")

    upload = await visitor.post(
        "/m/temuco/archivo", {"kind": "report"}, files={"file": ("b.pdf", made.pdf(), "application/pdf")}
    )
    removal = await visitor.post(f"/m/temuco/archivo/{row.id}/quitar", {"confirmed": "1"})

    assert upload.status_code == removal.status_code == 403
    assert (await visitor.get(f"/m/temuco/archivo/{row.id}")).content == made.pdf()


async def test_removing_asks_first_and_then_forgets_the_content(
    services: Services, worker_services: Services, visitor: Visitor
) -> None:
    """The row goes at once and the content with the job; what remains is the audit."""
    tenant = await make_municipality(services)
    await make_person(services, tenant)
    await visitor.sign_in("rosa@temuco.cl")
    await visitor.post(
        "/m/temuco/archivo", {"kind": "report"}, files={"file": ("a.pdf", made.pdf(), "application/pdf")}
    )
    row = (await rows(services, tenant))[0]

    asked = await visitor.post(f"/m/temuco/archivo/{row.id}/quitar")
    await visitor.post(f"/m/temuco/archivo/{row.id}/quitar", {"confirmed": "1"})
    async with work_as(worker_services, tenant) as work:
        await drop_file(worker_services, work, actions.content_id(row))

    assert "¿Quitar «a.pdf» del archivo?" in asked.text
    assert await rows(services, tenant) == []
    assert contents(services, tenant) == []
    async with work_as(services, tenant) as work:
        tags = list(await work.session.scalars(select(AuditEntry.tag).order_by(AuditEntry.seq)))
    assert tags == ["file.kept", "file.removed"]


async def test_what_a_fallen_process_left_is_swept_after_a_day(services: Services) -> None:
    """Content without a row and half-written content go; what has a row, and what is of today, stay."""
    import os

    tenant = await make_municipality(services)
    async with work_as(services, tenant) as work:
        row = await keep(
            work,
            services.files,
            from_bytes("a.pdf", made.pdf()),
            kind="report",
            subject_type="workspace",
            subject_id=None,
        )
    folder = contents(services, tenant)[0].parent
    for name in (new_id().hex, ".part-abc", new_id().hex):
        (folder / name).write_bytes(b"x")
    today = services.clock.now().timestamp()
    for path in folder.iterdir():
        os.utime(path, (today - 200_000, today - 200_000))
    fresh = folder / new_id().hex
    fresh.write_bytes(b"x")
    os.utime(fresh, (today, today))

    async with work_as(services, tenant) as work:
        swept = await actions.reconcile(work, services.files)

    assert swept == 3
    assert {path.name for path in folder.iterdir()} == {actions.content_id(row).hex, fresh.name}


async def test_a_name_loses_its_path_and_tells_the_truth(services: Services) -> None:
    """Paths, control characters and a false extension do not reach who downloads."""
    tenant = await make_municipality(services)
    async with work_as(services, tenant) as work:
        row = await keep(
            work,
            services.files,
            from_bytes("C:\\datos\\..\\foto\u202egpj.\x00.pdf", made.JPEG),
            kind="photograph",
            subject_type="workspace",
            subject_id=None,
        )
        mine = await files_of(work, "workspace", None)

    assert row.name == "fotogpj.jpg"
    assert [file.id for file in mine] == [row.id]
