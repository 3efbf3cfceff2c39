"""Photographs: what comes with them stays outside, who appears decides how long they stay, and faces can be blurred."""

import io
from datetime import date
from uuid import UUID

import pytest
from PIL import Image
from sqlalchemy import select

from acogida.app.wiring import Services
from acogida.features.evidence import actions, images
from acogida.features.evidence.jobs import drop_file, look_at_file
from acogida.features.evidence.model import File
from acogida.features.evidence.public import from_bytes, keep
from acogida.kernel.errors import Rejected
from acogida.kernel.tenancy import Tenant
from support import make_files as made
from support.make import make_municipality, make_person, work_as
from support.visitor import Visitor


@pytest.fixture
async def tenant(services: Services) -> Tenant:
    return await make_municipality(services)


async def keep_photo(
    services: Services, tenant: Tenant, content: bytes, name: str = "taller.jpg", consent: bool | None = None
) -> File:
    async with work_as(services, tenant) as work:
        return await keep(
            work,
            services.files,
            from_bytes(name, content),
            kind="photograph",
            subject_type="workspace",
            subject_id=None,
            consent=consent,
        )


async def content_of(services: Services, tenant: Tenant, key: str) -> bytes:
    return b"".join([piece async for piece in services.files.get(tenant.id, key)])


async def look(services: Services, tenant: Tenant, file_id: UUID) -> None:
    async with work_as(services, tenant) as work:
        await look_at_file(services, work, file_id)


async def test_where_and_with_what_it_was_taken_does_not_come_in(services: Services, tenant: Tenant) -> None:
    """No EXIF, no GPS, no comment; what was the side is up, as it was to be seen."""
    sent = made.photograph(size=(640, 480))
    row = await keep_photo(services, tenant, sent)
    kept = await content_of(services, tenant, row.storage_key)

    with Image.open(io.BytesIO(kept)) as image:
        assert dict(image.getexif()) == {}
        assert image.size == (480, 640) == (row.width, row.height)
        top_right = image.convert("RGB").getpixel((470, 10))
    assert top_right[0] > 240 and top_right[1] < 20  # the red corner, turned a quarter
    for secret in (b"Telefono Secreto", b"nota oculta", b"2026:05:05", b"Exif"):
        assert secret in sent
        assert secret not in kept
    assert row.sha256 != row.sent_sha256
    assert row.size == len(kept)


async def test_the_same_photograph_is_recognised_though_it_was_drawn_again(services: Services, tenant: Tenant) -> None:
    """By the hash of what was sent."""
    sent = made.photograph()
    first = await keep_photo(services, tenant, sent)
    again = await keep_photo(services, tenant, sent, "otra vez.jpg")

    assert again.was_there
    assert again.id == first.id


@pytest.mark.parametrize(
    ("name", "content", "kept"),
    [
        ("IMG_0001.HEIC", made.HEIC, ("IMG_0001.jpg", "image/jpeg", "JPEG")),
        ("papel.png", made.picture("PNG"), ("papel.png", "image/png", "PNG")),
        ("papel.webp", made.WEBP, ("papel.webp", "image/webp", "WEBP")),
        ("foto.jpeg", made.JPEG, ("foto.jpeg", "image/jpeg", "JPEG")),
    ],
)
async def test_each_kind_is_kept_as_one_that_opens_anywhere(
    services: Services, tenant: Tenant, name: str, content: bytes, kept: tuple[str, str, str]
) -> None:
    """Those of telephones become JPEG."""
    row = await keep_photo(services, tenant, content, name)

    assert (row.name, row.media_type) == kept[:2]
    with Image.open(io.BytesIO(await content_of(services, tenant, row.storage_key))) as image:
        assert image.format == kept[2]


def bomb() -> bytes:
    """A PNG of a few kilobytes that would take a gigabyte once drawn."""
    kept = io.BytesIO()
    Image.new("1", (18_000, 18_000)).save(kept, "PNG")
    return kept.getvalue()


@pytest.mark.parametrize(
    ("content", "words"),
    [(bomb(), "es demasiado grande para abrirla"), (made.photograph()[:-4000], "está dañada o incompleta")],
    ids=["bomb", "cut"],
)
async def test_a_photograph_that_can_not_be_drawn_is_refused(
    services: Services, tenant: Tenant, content: bytes, words: str
) -> None:
    """With its reason, before memory is spent on it."""
    with pytest.raises(Rejected) as refused:
        await keep_photo(services, tenant, content, "foto.png")
    assert words in refused.value.fields["file"]


def test_a_huge_jpeg_is_drawn_smaller() -> None:
    """A telephone of two hundred million points does not take the memory of the machine."""
    kept = io.BytesIO()
    Image.new("L", (12_000, 9_000), 200).save(kept, "JPEG")

    drawn = images.draw_again(kept, "image/jpeg")

    assert (drawn.width, drawn.height) == (6_000, 4_500)
    drawn.file.close()


async def test_the_job_makes_its_smaller_pictures(services: Services, tenant: Tenant, visitor: Visitor) -> None:
    """One for lists and one for a screen, shown only inside the workspace."""
    await make_person(services, tenant)
    await visitor.sign_in("rosa@temuco.cl")
    row = await keep_photo(services, tenant, made.photograph(size=(2000, 1500), turned=False))

    before = await visitor.get(f"/m/temuco/archivo/{row.id}/miniatura")
    await look(services, tenant, row.id)
    thumb = await visitor.get(f"/m/temuco/archivo/{row.id}/miniatura")

    assert before.status_code == 404
    with Image.open(io.BytesIO(thumb.content)) as image:
        assert max(image.size) == 480
    assert thumb.headers["content-type"] == "image/jpeg"
    assert f"/archivo/{row.id}/miniatura" in (await visitor.get("/m/temuco/archivo")).text


@pytest.mark.parametrize(
    ("consent", "until"), [(True, date(2030, 11, 23)), (None, date(2030, 11, 23)), (False, date(2027, 11, 23))]
)
async def test_people_decide_how_long_it_stays(
    services: Services, tenant: Tenant, consent: bool | None, until: date
) -> None:
    """Four years, what a policy lasts; one where it is not known that they agreed."""
    assert (await keep_photo(services, tenant, made.JPEG, consent=consent)).erase_after == until


async def test_what_they_said_can_be_noted_later(services: Services, tenant: Tenant, visitor: Visitor) -> None:
    """The mark goes and the term changes; the book says so."""
    await make_person(services, tenant)
    await visitor.sign_in("rosa@temuco.cl")
    row = await keep_photo(services, tenant, made.JPEG, consent=False)
    place = f"/m/temuco/archivo/{row.id}"

    marked = await visitor.get(f"{place}/ficha")
    empty = await visitor.post(f"{place}/autorizacion", {"people": "", "version": "1"})
    stale = await visitor.post(f"{place}/autorizacion", {"people": "consented", "version": "7"})
    saved = await visitor.post(f"{place}/autorizacion", {"people": "consented", "version": "1"})
    page = await visitor.get(f"{place}/ficha")

    assert "no publicar" in marked.text
    assert (empty.status_code, stale.status_code, saved.status_code) == (422, 409, 303)
    assert "no publicar" not in page.text
    assert "23 de noviembre de 2030" in page.text


# Faces


async def test_faces_are_blurred_and_what_they_were_is_erased(
    services: Services, worker_services: Services, tenant: Tenant, visitor: Visitor
) -> None:
    """The rest stays as it was; no version of the original is left anywhere."""
    await make_person(services, tenant)
    await visitor.sign_in("rosa@temuco.cl")
    row = await keep_photo(services, tenant, made.photograph(turned=False), consent=False)
    await look(services, tenant, row.id)
    original = row.storage_key
    before = await content_of(services, tenant, original)
    place = f"/m/temuco/archivo/{row.id}"
    async with work_as(services, tenant) as work:
        version = (await work.session.get_one(File, (tenant.id, row.id))).version

    asked = await visitor.get(f"{place}/difuminar")
    done = await visitor.post(
        f"{place}/difuminar",
        {
            "version": str(version),
            "left": ["50", ""],
            "top": ["50", ""],
            "width": ["40", ""],
            "height": ["40,5", ""],
        },
    )
    async with work_as(services, tenant) as work:
        now = await work.session.get_one(File, (tenant.id, row.id))
    async with work_as(worker_services, tenant) as work:
        await drop_file(worker_services, work, UUID(original.removeprefix("evidence/")))
        await look_at_file(worker_services, work, row.id)
    after = await content_of(services, tenant, now.storage_key)

    assert "Arrastre el dedo" in asked.text
    assert done.status_code == 303, done.text
    assert now.blurred and now.storage_key != original
    assert list(await services.files.versions(tenant.id, original)) == []
    assert list(await services.files.versions(tenant.id, f"{original}.thumb")) == []
    old, new = (Image.open(io.BytesIO(content)).convert("L") for content in (before, after))
    assert spread(old.crop((340, 260, 560, 420))) > 3 * spread(new.crop((340, 260, 560, 420)))
    assert abs(spread(old.crop((0, 300, 200, 470))) - spread(new.crop((0, 300, 200, 470)))) < 8
    page = await visitor.get(f"{place}/ficha")
    assert "Con zonas difuminadas" in page.text
    assert "no publicar" not in page.text


def spread(image: Image.Image) -> float:
    """How different its points are from each other."""
    points = list(image.tobytes())
    middle = sum(points) / len(points)
    return (sum((point - middle) ** 2 for point in points) / len(points)) ** 0.5


FAULTS = {
    "nothing marked": ({}, "Marque al menos una zona"),
    "not a number": ({"left": "x", "top": "1", "width": "10", "height": "10"}, "debe ser un número entre 0 y 100"),
    "half of it": ({"left": "1", "top": "", "width": "10", "height": "10"}, "«desde arriba» debe ser un número"),
    "outside": ({"left": "90", "top": "1", "width": "30", "height": "10"}, "se sale de la foto"),
    "nothing of it": ({"left": "90", "top": "1", "width": "0,1", "height": "10"}, "es demasiado pequeña"),
}


@pytest.mark.parametrize("fault", FAULTS)
async def test_an_area_that_makes_no_sense_is_told(
    services: Services, tenant: Tenant, visitor: Visitor, fault: str
) -> None:
    """The page comes back with what was written, and the photograph stays as it was."""
    await make_person(services, tenant)
    await visitor.sign_in("rosa@temuco.cl")
    row = await keep_photo(services, tenant, made.JPEG)
    fields, words = FAULTS[fault]

    answer = await visitor.post(f"/m/temuco/archivo/{row.id}/difuminar", {"version": "1", **fields})

    assert answer.status_code == 422
    assert words in answer.text
    async with work_as(services, tenant) as work:
        assert (await work.session.scalar(select(File.sha256))) == row.sha256


async def test_a_paper_is_not_blurred(services: Services, tenant: Tenant, visitor: Visitor) -> None:
    """Only photographs have the tool; and whoever only reads does not have it at all."""
    await make_person(services, tenant)
    await make_person(services, tenant, email="ana@temuco.cl", name="Ana Soto", roles=["councillor"])
    async with work_as(services, tenant) as work:
        paper = await keep(
            work,
            services.files,
            from_bytes("a.pdf", made.pdf()),
            kind="report",
            subject_type="workspace",
            subject_id=None,
        )
        photo = await keep(
            work,
            services.files,
            from_bytes("a.jpg", made.JPEG),
            kind="photograph",
            subject_type="workspace",
            subject_id=None,
        )
    await visitor.sign_in("rosa@temuco.cl")
    assert (await visitor.get(f"/m/temuco/archivo/{paper.id}/difuminar")).status_code == 404
    await visitor.post("/salir")
    await visitor.sign_in("ana@temuco.cl")
    assert (await visitor.get(f"/m/temuco/archivo/{photo.id}/difuminar")).status_code == 403


async def test_a_photograph_under_hold_is_not_touched(services: Services, tenant: Tenant) -> None:
    """It is proof as it is."""
    row = await keep_photo(services, tenant, made.JPEG)
    async with work_as(services, tenant) as work:
        held = await actions.set_hold(work, row.id, on=True, reason="Sumario 12", version=row.version)
    async with work_as(services, tenant) as work:
        with pytest.raises(actions.AlreadyClosed, match="conservación obligatoria"):
            await actions.blur(work, services.files, row.id, [images.Area(0, 0, 10, 10)], version=held.version)
