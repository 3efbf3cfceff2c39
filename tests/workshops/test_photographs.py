"""Photographs of a workshop, many at once, and read part by part into post-its."""

import io

import pytest
from PIL import Image
from sqlalchemy import select

from acogida.app.wiring import Services
from acogida.features.evidence.jobs import look_at_file
from acogida.features.evidence.public import File, files_of
from acogida.features.workshops.model import Workshop, WorkshopEntry
from acogida.kernel.tenancy import Tenant
from support import make_files as made
from support.make import make_municipality, make_person, make_token, work_as
from support.visitor import Visitor

PART = {"left": "0", "top": "0", "width": "25", "height": "25"}


@pytest.fixture
async def tenant(services: Services) -> Tenant:
    tenant = await make_municipality(services)
    await make_person(services, tenant)
    return tenant


@pytest.fixture
async def workshop(services: Services, tenant: Tenant) -> Workshop:
    from datetime import date

    async with work_as(services, tenant) as work:
        row = Workshop(kind="diagnosis_users", title="Taller", held_on=date(2026, 5, 5), status="held")
        work.session.add(row)
    return row


async def bring(visitor: Visitor, workshop: Workshop, *files: tuple[str, bytes], **said: str):
    fields = {"kind": "photograph", "people": "none", **said}
    brought = [("file", (name, content, "application/octet-stream")) for name, content in files]
    return await visitor.post(f"/m/temuco/talleres/{workshop.id}/fotografias", fields, files=brought)


async def photographs(services: Services, tenant: Tenant, workshop: Workshop) -> list[File]:
    async with work_as(services, tenant) as work:
        return list(await files_of(work, "workshop", workshop.id))


async def test_of_many_the_good_ones_are_kept_and_the_others_told(
    services: Services, tenant: Tenant, workshop: Workshop, visitor: Visitor
) -> None:
    """One bad photograph does not lose nineteen good ones."""
    await visitor.sign_in("rosa@temuco.cl")

    answer = await bring(
        visitor, workshop, ("a.jpg", made.picture(seed=1)), ("mala.jpg", b"no soy"), ("b.jpg", made.picture(seed=2))
    )
    page = await visitor.get(answer.headers["location"].partition("#")[0])

    assert answer.status_code == 303
    assert "Guardamos 2 archivos." in page.text
    assert "No guardamos «mala.jpg»" in page.text
    assert [row.name for row in await photographs(services, tenant, workshop)] == ["a.jpg", "b.jpg"]


@pytest.mark.parametrize(
    ("kind", "name", "content", "people", "status"),
    [
        ("audio", "sesion.ogg", made.OGG, "consented", 303),
        ("audio", "sesion.ogg", made.OGG, "", 422),
        ("audio", "foto.jpg", made.JPEG, "consented", 422),
        ("notes", "apuntes.docx", made.office(), "", 303),
        ("attendance", "lista.pdf", made.pdf(), "none", 303),
        ("attendance", "lista.pdf", made.pdf(), "consented", 303),
        ("attendance", "lista.pdf", made.pdf(), "unasked", 422),
    ],
)
async def test_what_else_a_workshop_leaves(
    workshop: Workshop, visitor: Visitor, kind: str, name: str, content: bytes, people: str, status: int
) -> None:
    """Recordings, notes and lists; a list that names people who did not agree is not kept."""
    await visitor.sign_in("rosa@temuco.cl")

    answer = await bring(visitor, workshop, (name, content), kind=kind, people=people)

    assert answer.status_code == status
    if people == "unasked":
        assert "sólo se guarda si ellas aceptaron" in answer.text


async def test_a_part_of_the_paper_becomes_a_post_it(
    services: Services, tenant: Tenant, workshop: Workshop, visitor: Visitor
) -> None:
    """With its cut beside it on the board and on its page, and the way to make it a finding."""
    await visitor.sign_in("rosa@temuco.cl")
    await bring(visitor, workshop, ("papel.jpg", made.photograph(turned=False)))
    photo = (await photographs(services, tenant, workshop))[0]
    async with work_as(services, tenant) as work:
        await look_at_file(services, work, photo.id)
    place = f"/m/temuco/talleres/{workshop.id}/fotografias/{photo.id}"

    page = await visitor.get(place)
    noted = await visitor.post(
        place, {**PART, "kind": "challenge", "text": "Faltan intérpretes", "group_name": "Grupo 2"}
    )
    after = await visitor.get(noted.headers["location"])
    async with work_as(services, tenant) as work:
        entry = (await work.session.scalars(select(WorkshopEntry))).one()
    cut = await visitor.get(f"/m/temuco/talleres/{workshop.id}/aportes/{entry.id}/recorte")
    board = await visitor.get(f"/m/temuco/talleres/{workshop.id}/registro")
    finding = await visitor.get(f"/m/temuco/diagnostico/hallazgos/nuevo?taller={entry.id}")

    assert f"{place}/vista" in page.text
    assert (await visitor.get(f"{place}/vista")).headers["content-type"] == "image/jpeg"
    assert entry.photograph_id == photo.id and entry.region == {"left": 0, "top": 0, "width": 25, "height": 25}
    assert 'value="Grupo 2"' in after.text and "Faltan intérpretes" in after.text
    with Image.open(io.BytesIO(cut.content)) as image:
        red = image.convert("RGB").getpixel((image.width // 2, image.height // 2))
        assert image.size == (160, 120)
    assert red[0] > 240 and red[1] < 20  # that corner and no other
    assert f"/aportes/{entry.id}/recorte" in board.text
    assert "Faltan intérpretes" in finding.text


async def test_a_wrong_part_comes_back_with_what_was_typed(
    services: Services, tenant: Tenant, workshop: Workshop, visitor: Visitor
) -> None:
    """Both faults at once; nothing is noted."""
    await visitor.sign_in("rosa@temuco.cl")
    await bring(visitor, workshop, ("papel.jpg", made.JPEG))
    photo = (await photographs(services, tenant, workshop))[0]

    answer = await visitor.post(
        f"/m/temuco/talleres/{workshop.id}/fotografias/{photo.id}",
        {"left": "90", "top": "0", "width": "50", "height": "5", "kind": "", "text": "Lo que dice el papel"},
    )

    assert answer.status_code == 422
    assert "se sale de la foto" in answer.text
    assert "Falta completar «Qué es»" in answer.text
    assert "Lo que dice el papel" in answer.text
    async with work_as(services, tenant) as work:
        assert list(await work.session.scalars(select(WorkshopEntry))) == []


async def test_a_photograph_is_read_only_where_it_belongs(
    services: Services, tenant: Tenant, workshop: Workshop, visitor: Visitor
) -> None:
    """Neither through another workshop, nor by who may not record, nor from outside."""
    from datetime import date

    async with work_as(services, tenant) as work:
        other = Workshop(kind="diagnosis_users", title="Otro", held_on=date(2026, 5, 6), status="held")
        work.session.add(other)
    await make_person(services, tenant, email="ana@temuco.cl", name="Ana Soto", roles=["councillor"])
    await visitor.sign_in("rosa@temuco.cl")
    await bring(visitor, workshop, ("papel.jpg", made.JPEG))
    photo = (await photographs(services, tenant, workshop))[0]

    elsewhere = await visitor.get(f"/m/temuco/talleres/{other.id}/fotografias/{photo.id}")
    await visitor.post("/salir")
    await visitor.sign_in("ana@temuco.cl")
    reader = await visitor.get(f"/m/temuco/talleres/{workshop.id}/fotografias/{photo.id}")

    assert (elsewhere.status_code, reader.status_code) == (404, 403)


async def test_the_same_with_a_key(services: Services, tenant: Tenant, workshop: Workshop, visitor: Visitor) -> None:
    """Bring a photograph and note what a part of it says."""
    person = await make_person(services, tenant, email="ana@temuco.cl", name="Ana Soto")
    headers = {"authorization": f"Bearer {await make_token(services, tenant, person)}"}
    home = f"/api/v1/m/temuco/talleres/{workshop.id}/fotografias"

    brought = await visitor.http.post(
        home, data={"kind": "photograph", "people": "none"}, files={"file": ("a.jpg", made.JPEG)}, headers=headers
    )
    body = {"kind": "challenge", "text": "Faltan intérpretes", "left": 0, "top": 0, "width": 50, "height": 50}
    noted = await visitor.http.post(f"{home}/{brought.json()['id']}/aportes", json=body, headers=headers)
    outside = await visitor.http.post(
        f"{home}/{brought.json()['id']}/aportes", json={**body, "width": 500}, headers=headers
    )

    assert (brought.status_code, noted.status_code, outside.status_code) == (201, 201, 422)
    assert noted.json()["text"] == "Faltan intérpretes"
