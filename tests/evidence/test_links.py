"""Links to pictures: made after the file was found, for one session, for five minutes; what fails does not exist."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import delete

from acogida.app.wiring import Services
from acogida.features.evidence.jobs import look_at_file
from acogida.features.evidence.model import File
from acogida.features.evidence.public import from_bytes, keep
from acogida.features.people.model import Membership
from acogida.kernel.db import new_id
from acogida.kernel.tenancy import Tenant
from support import make_files as made
from support.make import make_municipality, make_person, work_as
from support.visitor import Visitor


@pytest.fixture
async def tenant(services: Services) -> Tenant:
    tenant = await make_municipality(services)
    await make_person(services, tenant)
    return tenant


@pytest.fixture
async def photo(services: Services, tenant: Tenant) -> File:
    async with work_as(services, tenant) as work:
        row = await keep(
            work,
            services.files,
            from_bytes("a.jpg", made.photograph()),
            kind="photograph",
            subject_type="workspace",
            subject_id=None,
        )
    async with work_as(services, tenant) as work:
        await look_at_file(services, work, row.id)
    return row


async def link_of(visitor: Visitor, photo: File) -> str:
    """As the page of the file carries it."""
    page = await visitor.get(f"/m/temuco/archivo/{photo.id}/ficha")
    found = re.search(r'src="(/m/temuco/archivo/[^"]+/vista/[^"]+)"', page.text)
    assert found, page.text
    return found[1]


async def test_a_link_opens_its_picture_for_five_minutes(
    services: Services, tenant: Tenant, photo: File, visitor: Visitor
) -> None:
    """And not a second more."""
    await visitor.sign_in("rosa@temuco.cl")
    link = await link_of(visitor, photo)
    began = services.clock.now()

    opened = await visitor.get(link)
    services.clock.move_to(began + timedelta(minutes=4, seconds=59))  # type: ignore[attr-defined]
    still = await visitor.get(link)
    services.clock.move_to(began + timedelta(minutes=5))  # type: ignore[attr-defined]
    late = await visitor.get(link)

    assert (opened.status_code, still.status_code, late.status_code) == (200, 200, 404)
    assert opened.headers["content-type"] == "image/jpeg"
    assert "sandbox" in opened.headers["content-security-policy"]


async def test_it_is_of_one_session(services: Services, tenant: Tenant, photo: File, visitor: Visitor) -> None:
    """A colleague with every right, and the same person on another machine, get what a made-up link gives."""
    await make_person(services, tenant, email="ana@temuco.cl", name="Ana Soto")
    await visitor.sign_in("rosa@temuco.cl")
    link = await link_of(visitor, photo)

    answers = []
    for email in ("ana@temuco.cl", "rosa@temuco.cl"):
        async with Visitor(services) as another:
            await another.sign_in(email)
            answers.append(await another.get(link))
            answers.append(await another.get(link[:-6] + "AAAAAA"))
            answers.append(await another.get(f"{link.rpartition('/')[0]}/nada"))
    async with Visitor(services) as nobody:
        outside = await nobody.get(link)

    assert {answer.status_code for answer in answers} == {404}
    assert outside.status_code == 303 and "/ingresar" in outside.headers["location"]


async def test_it_stops_with_the_place_of_the_person(
    services: Services, tenant: Tenant, photo: File, visitor: Visitor
) -> None:
    """Whoever leaves the workspace, or the session, takes nothing along."""
    await visitor.sign_in("rosa@temuco.cl")
    link = await link_of(visitor, photo)
    assert (await visitor.get(link)).status_code == 200

    async with work_as(services, tenant) as work:
        await work.session.execute(delete(Membership))

    for path in (link, f"/m/temuco/archivo/{photo.id}", f"/m/temuco/archivo/{photo.id}/miniatura"):
        assert (await visitor.get(path)).status_code == 404


async def test_it_opens_no_other_file_nor_what_the_file_was(
    services: Services, tenant: Tenant, photo: File, visitor: Visitor
) -> None:
    """Moved to another address, or after the picture was changed, it is worth nothing."""
    async with work_as(services, tenant) as work:
        other = await keep(
            work,
            services.files,
            from_bytes("b.jpg", made.photograph(seed=3)),
            kind="photograph",
            subject_type="workspace",
            subject_id=None,
        )
    async with work_as(services, tenant) as work:
        await look_at_file(services, work, other.id)
    await visitor.sign_in("rosa@temuco.cl")
    link = await link_of(visitor, photo)

    moved = await visitor.get(link.replace(str(photo.id), str(other.id)))
    blurred = {"version": "3", "left": "0", "top": "0", "width": "50", "height": "50"}
    async with work_as(services, tenant) as work:
        blurred["version"] = str((await work.session.get_one(File, (tenant.id, photo.id))).version)
    done = await visitor.post(f"/m/temuco/archivo/{photo.id}/difuminar", blurred)
    changed = await visitor.get(link)

    assert moved.status_code == 404
    assert done.status_code == 303
    assert changed.status_code == 404


async def test_what_is_not_there_and_what_is_another_s_answer_the_same(
    services: Services, tenant: Tenant, photo: File, visitor: Visitor
) -> None:
    """Every way in, word for word but for the number of the request."""
    other = await make_municipality(services, cut="13201", name="Puente Alto", slug="puente-alto")
    await make_person(services, other, email="juan@puentealto.cl")
    await visitor.sign_in("juan@puentealto.cl")

    for way in ("", "/ficha", "/miniatura", "/vista/x", "/difuminar"):
        foreign = await visitor.get(f"/m/puente-alto/archivo/{photo.id}{way}")
        unknown = await visitor.get(f"/m/puente-alto/archivo/{new_id()}{way}")
        assert foreign.status_code == unknown.status_code == 404
        assert plain(foreign.text) == plain(unknown.text)


def plain(page: str) -> str:
    """The page without what changes each time."""
    return re.sub(r'[0-9a-f]{16}|content="[^"]*"|value="[^"]*"|[0-9a-f]{8}-[0-9a-f-]{27}', "", page)
