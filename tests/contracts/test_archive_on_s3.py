"""The archive as people use it, over a real S3 server: what a browser sends straight to it, and what it fetches."""

from collections.abc import AsyncIterator
from uuid import UUID

import httpx
import pytest
from sqlalchemy import select

from acogida.adapters.s3 import S3Files
from acogida.app.wiring import Services
from acogida.features.evidence.jobs import drop_file, drop_upload, look_at_file
from acogida.features.evidence.model import File
from acogida.features.evidence.public import from_bytes, keep
from acogida.kernel.db import new_id
from acogida.kernel.storage import Retained
from acogida.kernel.tenancy import Tenant
from support import make_files as made
from support.make import make_municipality, make_person, make_token, work_as
from support.visitor import Visitor

pytestmark = [pytest.mark.live, pytest.mark.xdist_group("ceph")]


@pytest.fixture
async def tenant(services: Services, s3_files: S3Files) -> AsyncIterator[Tenant]:
    services.files = s3_files
    tenant = await make_municipality(services)
    await make_person(services, tenant)
    yield tenant


async def fetched(address: str) -> httpx.Response:
    """As a browser that follows where it was sent, without our cookie."""
    async with httpx.AsyncClient() as browser:
        return await browser.get(address)


async def test_a_document_goes_up_and_the_browser_fetches_it_from_the_store(
    services: Services, tenant: Tenant, visitor: Visitor
) -> None:
    """By an address of a minute, given after the door and the file were asked for; with a key the API gives the same."""
    await visitor.sign_in("rosa@temuco.cl")
    saved = await visitor.post(
        "/m/temuco/archivo", {"kind": "report"}, files={"file": ("Estudio ñ.pdf", made.pdf(), "application/pdf")}
    )
    async with work_as(services, tenant) as work:
        row = (await work.session.scalars(select(File))).one()
    token = await make_token(services, tenant, await make_person(services, tenant, email="ana@temuco.cl"))

    sent_there = await visitor.get(f"/m/temuco/archivo/{row.id}")
    content = await fetched(sent_there.headers["location"])
    link = await visitor.http.post(
        f"/api/v1/m/temuco/archivo/{row.id}/enlace", headers={"authorization": f"Bearer {token}"}
    )

    assert saved.status_code == sent_there.status_code == 303
    assert sent_there.headers["cache-control"] == "no-store"
    assert content.content == made.pdf()
    assert content.headers["content-disposition"] == "attachment; filename*=UTF-8''Estudio%20%C3%B1.pdf"
    assert (await fetched(link.json()["url"])).content == made.pdf()
    assert "X-Amz-Expires=60" in link.json()["url"]


async def test_a_photograph_goes_straight_to_the_store_and_is_drawn_again(
    services: Services, tenant: Tenant, visitor: Visitor
) -> None:
    """What the browser left there is only a sending: the file is what we made of it, and the sending goes."""
    await visitor.sign_in("rosa@temuco.cl")
    sent = made.photograph()
    begun = (
        await visitor.post(
            "/m/temuco/archivo/subidas", {"name": "taller.jpg", "size": str(len(sent)), "type": "image/jpeg"}
        )
    ).json()
    too_soon = await visitor.post(f"{begun['place']}/directo")
    async with httpx.AsyncClient() as browser:
        put = await browser.post(begun["direct"]["url"], data=begun["direct"]["fields"], files={"file": ("x", sent)})

    told = await visitor.post(f"{begun['place']}/directo")
    kept = await visitor.post("/m/temuco/archivo", {"kind": "photograph", "people": "none", "upload_id": begun["id"]})
    async with work_as(services, tenant) as work:
        row = (await work.session.scalars(select(File))).one()
        await look_at_file(services, work, row.id)
    async with work_as(services, tenant) as work:
        await drop_upload(services, work, UUID(begun["id"]))
    content = b"".join([piece async for piece in services.files.get(tenant.id, row.storage_key)])

    assert (too_soon.status_code, put.status_code, told.status_code, kept.status_code) == (404, 204, 204, 303)
    assert b"Telefono Secreto" in sent and b"Telefono Secreto" not in content
    assert list(await services.files.versions(tenant.id, f"incoming/{UUID(begun['id']).hex}.direct")) == []
    assert (await visitor.get(f"/m/temuco/archivo/{row.id}/miniatura")).headers["content-type"] == "image/jpeg"


async def test_less_than_was_announced_is_not_taken(services: Services, tenant: Tenant, visitor: Visitor) -> None:
    """Whoever says it is there must have sent all of it."""
    await visitor.sign_in("rosa@temuco.cl")
    begun = (
        await visitor.post("/m/temuco/archivo/subidas", {"name": "a.pdf", "size": "1000", "type": "application/pdf"})
    ).json()
    async with httpx.AsyncClient() as browser:
        await browser.post(begun["direct"]["url"], data=begun["direct"]["fields"], files={"file": ("x", b"corto")})

    told = await visitor.post(f"{begun['place']}/directo")

    assert told.status_code == 404
    assert (await visitor.http.head(begun["place"])).headers["upload-offset"] == "0"


async def test_removing_erases_every_version_and_an_act_stays(services: Services, tenant: Tenant) -> None:
    """What was removed leaves no version; what backs an act the server itself refuses to erase."""
    rows = {}
    for kind, subject in (("report", "workspace"), ("decree", "act")):
        async with work_as(services, tenant) as work:
            rows[kind] = await keep(
                work,
                services.files,
                from_bytes("a.pdf", made.pdf(kind.encode())),
                kind=kind,
                subject_type=subject,
                subject_id=new_id() if subject == "act" else None,
            )
        async with work_as(services, tenant) as work:
            await look_at_file(services, work, rows[kind].id)
    async with work_as(services, tenant) as work:
        await work.session.delete(await work.session.get_one(File, (tenant.id, rows["report"].id)))
    async with work_as(services, tenant) as work:
        await drop_file(services, work, UUID(rows["report"].storage_key.removeprefix("evidence/")))

    assert list(await services.files.versions(tenant.id, rows["report"].storage_key)) == []
    with pytest.raises(Retained):
        await services.files.erase(tenant.id, rows["decree"].storage_key)
