"""What is done with a content after it came: the antivirus, the words inside, the store that refuses to forget."""

from collections.abc import AsyncIterator, Callable
from uuid import UUID

import pytest
from docx import Document as Word
from sqlalchemy import select

from acogida.adapters.disk import DiskFiles
from acogida.app.wiring import Services
from acogida.features.evidence.jobs import check_files, hold_file, look_at_file, tidy_files
from acogida.features.evidence.model import File
from acogida.features.evidence.public import from_bytes, keep
from acogida.kernel.audit import AuditEntry
from acogida.kernel.db import new_id
from acogida.kernel.errors import Unavailable
from acogida.kernel.ports import FileRules
from acogida.kernel.storage import Retained
from acogida.kernel.tenancy import Tenant
from support import make_files as made
from support.make import make_municipality, make_person, work_as
from support.visitor import Visitor


class Antivirus:
    """Finds what it is told to find, or is not there."""

    def __init__(self, *, finds: bytes = b"EICAR", down: bool = False) -> None:
        self.finds, self.down, self.seen = finds, down, 0

    async def scan(self, content: AsyncIterator[bytes]) -> str:
        if self.down:
            raise Unavailable
        self.seen += 1
        whole = b"".join([piece async for piece in content])
        return "Prueba.EICAR" if self.finds in whole else ""

    async def healthy(self) -> bool:
        return not self.down


@pytest.fixture
async def tenant(services: Services) -> Tenant:
    return await make_municipality(services)


@pytest.fixture
def scanned(services: Services) -> Antivirus:
    """An installation with an antivirus."""
    services.files = DiskFiles(services.settings.data / "files", rules=FileRules(scanned=True), clock=services.clock)
    scanner = Antivirus()
    services.scanner = scanner
    return scanner


async def keep_paper(
    services: Services,
    tenant: Tenant,
    content: bytes,
    *,
    name: str = "estudio.pdf",
    kind: str = "report",
    act: bool = False,
) -> File:
    async with work_as(services, tenant) as work:
        return await keep(
            work,
            services.files,
            from_bytes(name, content),
            kind=kind,
            subject_type="act" if act else "workspace",
            subject_id=new_id() if act else None,
        )


async def look(services: Services, tenant: Tenant, file_id: UUID) -> None:
    async with work_as(services, tenant) as work:
        await look_at_file(services, work, file_id)


async def test_nobody_opens_a_file_before_the_antivirus(
    services: Services, tenant: Tenant, visitor: Visitor, scanned: Antivirus
) -> None:
    """Until it is looked at the page says so, on every way in; afterwards it opens."""
    await make_person(services, tenant)
    await visitor.sign_in("rosa@temuco.cl")
    row = await keep_paper(services, tenant, made.pdf())
    place = f"/m/temuco/archivo/{row.id}"

    waiting = [await visitor.get(path) for path in (place, f"{place}/miniatura", f"{place}/difuminar")]
    page = await visitor.get(f"{place}/ficha")
    await look(services, tenant, row.id)
    opened = await visitor.get(place)

    assert [answer.status_code for answer in waiting] == [409, 409, 409]
    assert "El antivirus todavía no revisa" in waiting[0].text
    assert "nadie puede abrirlo hasta entonces" in page.text
    assert f'href="{place}" ' not in page.text
    assert opened.content == made.pdf()
    assert scanned.seen == 1


async def test_what_it_finds_is_set_aside_for_good(
    services: Services, tenant: Tenant, visitor: Visitor, scanned: Antivirus
) -> None:
    """Nobody opens it, the page names what was found, the book says it, and it can be removed."""
    await make_person(services, tenant)
    await visitor.sign_in("rosa@temuco.cl")
    row = await keep_paper(services, tenant, made.pdf(b"% EICAR"))

    await look(services, tenant, row.id)
    answer = await visitor.get(f"/m/temuco/archivo/{row.id}")
    page = await visitor.get(f"/m/temuco/archivo/{row.id}/ficha")
    listed = await visitor.get("/m/temuco/archivo")
    removed = await visitor.post(f"/m/temuco/archivo/{row.id}/quitar", {"confirmed": "1"})

    assert answer.status_code == 409
    assert "Prueba.EICAR" in page.text
    assert "Apartado por el antivirus" in listed.text
    assert removed.status_code == 303
    async with work_as(services, tenant) as work:
        said = list(await work.session.scalars(select(AuditEntry.sentence).where(AuditEntry.tag == "file.infected")))
    assert said == ["apartó «estudio.pdf»: el antivirus encontró Prueba.EICAR"]


async def test_an_antivirus_that_is_not_there_lets_nothing_through(
    services: Services, tenant: Tenant, scanned: Antivirus
) -> None:
    """The job fails and is tried again; each night those that still wait are asked for once more."""
    row = await keep_paper(services, tenant, made.pdf())
    scanned.down = True
    with pytest.raises(Unavailable):
        await look(services, tenant, row.id)

    async with work_as(services, tenant) as work:
        assert (await work.session.scalar(select(File.state))) == "waiting"
    async with work_as(services, tenant) as work:
        await tidy_files(services, work, tenant.id)
        assert (await work.session.scalar(select(File.state))) == "waiting"
    scanned.down = False
    await look(services, tenant, row.id)
    async with work_as(services, tenant) as work:
        assert (await work.session.scalar(select(File.state))) == "ready"


async def test_where_there_is_no_antivirus_files_open_at_once(services: Services, tenant: Tenant) -> None:
    """As a small municipality has it."""
    assert (await keep_paper(services, tenant, made.pdf())).state == "ready"


# Words


def written(text: str) -> bytes:
    """A Word document that says so."""
    import io

    paper, kept = Word(), io.BytesIO()
    paper.add_paragraph(text)
    paper.save(kept)
    return kept.getvalue()


def printed(text: str) -> bytes:
    """A PDF of one page that says so."""
    objects = [
        b"<</Type /Catalog /Pages 2 0 R>>",
        b"<</Type /Pages /Kids [3 0 R] /Count 1>>",
        b"<</Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 4 0 R /Resources <</Font <</F 5 0 R>>>>>>",
        (stream := b"BT /F 12 Tf 50 700 Td (" + text.encode("latin-1") + b") Tj ET")
        and b"<</Length %d>> stream\n%s\nendstream" % (len(stream), stream),
        b"<</Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding>>",
    ]
    kept, places = b"%PDF-1.4\n", []
    for number, item in enumerate(objects, 1):
        places.append(len(kept))
        kept += b"%d 0 obj %s endobj\n" % (number, item)
    table = b"xref\n0 6\n0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % place for place in places)
    return kept + table + b"trailer <</Root 1 0 R /Size 6>>\nstartxref\n%d\n%%%%EOF\n" % len(kept)


@pytest.mark.parametrize(("name", "make"), [("a.pdf", printed), ("a.docx", written)])
async def test_the_words_inside_are_found(
    services: Services, tenant: Tenant, visitor: Visitor, name: str, make: Callable[[str], bytes]
) -> None:
    """By the search of the workspace, and of no other."""
    await make_person(services, tenant)
    other = await make_municipality(services, cut="13201", name="Puente Alto", slug="puente-alto")
    await make_person(services, other, email="juan@puentealto.cl")
    row = await keep_paper(services, tenant, make("La interculturalidad en Pedro de Valdivia, ñandú"), name=name)

    await look(services, tenant, row.id)
    await visitor.sign_in("rosa@temuco.cl")
    mine = await visitor.get("/m/temuco/buscar?q=interculturalidad")
    await visitor.post("/salir")
    await visitor.sign_in("juan@puentealto.cl")
    theirs = await visitor.get("/m/puente-alto/buscar?q=interculturalidad")

    async with work_as(services, tenant) as work:
        assert "Pedro de Valdivia, ñandú" in (await work.session.scalar(select(File.text)) or "")
    assert name in mine.text
    assert name not in theirs.text


async def test_a_document_that_can_not_be_read_stays_without_words(services: Services, tenant: Tenant) -> None:
    """It is kept all the same."""
    row = await keep_paper(services, tenant, made.pdf(b"4 0 obj <<"))

    await look(services, tenant, row.id)

    async with work_as(services, tenant) as work:
        assert (await work.session.execute(select(File.text, File.state))).one() == ("", "ready")


# The store itself


async def test_what_the_store_changed_is_noticed_at_once(services: Services, tenant: Tenant, visitor: Visitor) -> None:
    """The job reads it again after the commit: nobody opens what is not what was kept."""
    await make_person(services, tenant)
    await visitor.sign_in("rosa@temuco.cl")
    row = await keep_paper(services, tenant, made.pdf())
    path = services.settings.data / "files" / str(tenant.id) / row.storage_key
    path.chmod(0o600)
    path.write_bytes(made.pdf(b"% otro"))

    await look(services, tenant, row.id)

    assert (await visitor.get(f"/m/temuco/archivo/{row.id}")).status_code == 409
    assert "ya no tiene lo que se guardó" in (await visitor.get(f"/m/temuco/archivo/{row.id}/ficha")).text


async def test_the_store_refuses_to_forget_an_act(services: Services, tenant: Tenant) -> None:
    """Ten years for what backs an act; a loose paper of the same kind is not yet proof of anything."""
    act = await keep_paper(services, tenant, made.pdf(b"% acto"), kind="decree", act=True)
    loose = await keep_paper(services, tenant, made.pdf(b"% suelto"), kind="decree")

    for row in (act, loose):
        await look(services, tenant, row.id)

    assert str(act.retained_until) == "2036-11-23"
    assert loose.retained_until is None
    with pytest.raises(Retained):
        await services.files.erase(tenant.id, act.storage_key)
    await services.files.erase(tenant.id, loose.storage_key)


async def test_a_hold_reaches_the_store(services: Services, tenant: Tenant, visitor: Visitor) -> None:
    """And leaves it when it is lifted; each with its reason, in the book."""
    await make_person(services, tenant)
    await visitor.sign_in("rosa@temuco.cl")
    row = await keep_paper(services, tenant, made.pdf())
    place = f"/m/temuco/archivo/{row.id}/conservacion"

    without = await visitor.post(place, {"on": "yes", "reason": "", "version": "1"})
    held = await visitor.post(place, {"on": "yes", "reason": "Causa C-123-2026", "version": "1"})
    async with work_as(services, tenant) as work:
        await hold_file(services, work, row.id)
    with pytest.raises(Retained):
        await services.files.erase(tenant.id, row.storage_key)
    refused = await visitor.post(f"/m/temuco/archivo/{row.id}/quitar", {"confirmed": "1"})
    page = await visitor.get(f"/m/temuco/archivo/{row.id}/ficha")
    freed = await visitor.post(place, {"reason": "Terminó la causa", "version": "2"})
    async with work_as(services, tenant) as work:
        await hold_file(services, work, row.id)
    await services.files.erase(tenant.id, row.storage_key)

    assert (without.status_code, held.status_code, refused.status_code, freed.status_code) == (422, 303, 409, 303)
    assert "Causa C-123-2026" in page.text
    assert "Quitar del archivo" not in page.text
    async with work_as(services, tenant) as work:
        tags = list(await work.session.scalars(select(AuditEntry.tag).order_by(AuditEntry.seq)))
    assert tags == ["file.kept", "file.held", "file.freed"]


async def test_not_everybody_may_hold(services: Services, tenant: Tenant, visitor: Visitor) -> None:
    """It is for who answers for the workspace."""
    await make_person(services, tenant, roles=["executive_member"])
    await visitor.sign_in("rosa@temuco.cl")
    row = await keep_paper(services, tenant, made.pdf())

    answer = await visitor.post(
        f"/m/temuco/archivo/{row.id}/conservacion", {"on": "yes", "reason": "x", "version": "1"}
    )

    assert answer.status_code == 403
    assert "Poner en conservación" not in (await visitor.get(f"/m/temuco/archivo/{row.id}/ficha")).text


async def test_the_month_s_reading_finds_what_changed(services: Services, tenant: Tenant, visitor: Visitor) -> None:
    """Altered, missing or written over: each is named, nobody opens the first two, and when mended it opens again."""
    await make_person(services, tenant)
    await visitor.sign_in("rosa@temuco.cl")
    names = ("bueno", "alterado", "perdido", "encima")
    rows = {
        name: await keep_paper(services, tenant, made.pdf(b"% " + name.encode()), name=f"{name}.pdf") for name in names
    }
    root = services.settings.data / "files" / str(tenant.id)
    altered = root / rows["alterado"].storage_key
    good = altered.read_bytes()
    altered.chmod(0o600)
    altered.write_bytes(b"otro")
    (root / rows["perdido"].storage_key).unlink()
    over = rows["encima"]
    same = (root / over.storage_key).read_bytes()
    await services.files.put(tenant.id, over.storage_key, once(same), limit=10_000)

    asked = await visitor.post("/m/temuco/archivo/revision")
    async with work_as(services, tenant) as work:
        await check_files(services, work, tenant.id)
    page = (await visitor.get("/m/temuco/archivo/revision")).text
    opened = {name: (await visitor.get(f"/m/temuco/archivo/{row.id}")).status_code for name, row in rows.items()}
    altered.write_bytes(good)
    services.clock.move_to(services.clock.now().replace(month=12))  # type: ignore[attr-defined]
    async with work_as(services, tenant) as work:
        await check_files(services, work, tenant.id)

    assert asked.status_code == 303
    assert "3 archivos con problemas" in page
    assert "alterado.pdf</a>: no es el que se guardó" in page
    assert "perdido.pdf</a>: falta en el almacén" in page
    assert "encima.pdf</a>: alguien escribió encima" in page
    assert opened == {"bueno": 200, "alterado": 409, "perdido": 409, "encima": 200}
    await visitor.sign_in("rosa@temuco.cl")
    assert (await visitor.get(f"/m/temuco/archivo/{rows['alterado'].id}")).content == good


async def once(content: bytes) -> AsyncIterator[bytes]:
    yield content


async def test_a_long_reading_goes_on_where_it_was(services: Services, tenant: Tenant) -> None:
    """Each step reads a part and lets the database go."""
    from acogida.features.evidence import checking

    for number in range(4):
        await keep_paper(services, tenant, made.pdf(b"%% %d" % number))

    seen = []
    for _ in range(3):
        async with work_as(services, tenant) as work:
            report = await checking.check(work, services.files, seconds=0.0 if len(seen) < 1 else 60.0)
            seen.append((report.files, report.finished))
        if report.finished:
            break

    assert seen == [(0, False), (4, True)]


async def test_the_night_erases_what_nobody_needs(services: Services, tenant: Tenant) -> None:
    """Photographs past their term go, unless they are held; papers stay."""
    from datetime import timedelta

    photo = await keep_paper(services, tenant, made.picture(seed=1), name="a.jpg", kind="photograph")
    held = await keep_paper(services, tenant, made.picture(seed=2), name="b.jpg", kind="photograph")
    paper = await keep_paper(services, tenant, made.pdf())
    async with work_as(services, tenant) as work:
        (await work.session.get_one(File, (tenant.id, held.id))).held = True

    async with work_as(services, tenant) as work:
        await tidy_files(services, work, tenant.id)
        assert len(list(await work.session.scalars(select(File)))) == 3
    services.clock.move_to(services.clock.now() + timedelta(days=4 * 366))  # type: ignore[attr-defined]
    async with work_as(services, tenant) as work:
        await tidy_files(services, work, tenant.id)

    async with work_as(services, tenant) as work:
        left = {row.id for row in await work.session.scalars(select(File))}
        said = list(await work.session.scalars(select(AuditEntry.sentence).where(AuditEntry.tag == "file.expired")))
    assert left == {held.id, paper.id}
    assert photo.id not in left
    assert said == ["borró «a.jpg»: se cumplió el plazo de su clase"]


# Room


@pytest.mark.parametrize(
    ("rules", "words"),
    [
        (FileRules(most_files=1), "llegó a 1 documentos"),
        (FileRules(most_bytes=500), "no cabe"),
    ],
)
async def test_a_full_archive_says_what_to_do(
    services: Services, tenant: Tenant, visitor: Visitor, rules: FileRules, words: str
) -> None:
    """How much there is, how much may be, and whom to ask; the neighbour's room is its own."""
    services.files = DiskFiles(services.settings.data / "files", rules=rules, clock=services.clock)
    await make_person(services, tenant)
    await visitor.sign_in("rosa@temuco.cl")
    await keep_paper(services, tenant, made.pdf())

    answer = await visitor.post(
        "/m/temuco/archivo", {"kind": "report"}, files={"file": ("b.pdf", made.pdf(b"% 2" * 50), "application/pdf")}
    )
    other = await make_municipality(services, cut="13201", name="Puente Alto", slug="puente-alto")
    await keep_paper(services, other, made.pdf())

    assert answer.status_code == 422
    assert words in answer.text
    assert "pida más espacio a quien administra Acogida" in answer.text
