"""The document of the Política: what goes in, what is missing, and what comes out as paper."""

import zipfile
from io import BytesIO

from pypdf import PdfReader
from sqlalchemy import select

from acogida.app.wiring import Services
from acogida.features.cycles.public import guide_of
from acogida.features.initiatives.model import StrategicFrame
from acogida.features.policies.document import chapter_states, clean_copy, compose
from acogida.features.policies.known import gather
from acogida.features.policies.proposals import proposal
from acogida.features.policies.sections import CHAPTERS, SECTIONS
from acogida.features.policies.summary import compose_summary
from acogida.kernel.document import State, plain_text
from support.make import make_municipality, make_person, work_as
from support.make_plan import make_axis, make_initiative, make_objective
from support.make_policy import WRITTEN, make_rich_policy
from support.visitor import Visitor


async def _paper_text(visitor: Visitor, path: str) -> str:
    answer = await visitor.get(path)
    assert answer.status_code == 200, path
    if path.endswith("pdf"):
        return " ".join(" ".join(page.extract_text() for page in PdfReader(BytesIO(answer.content)).pages).split())
    with zipfile.ZipFile(BytesIO(answer.content)) as book:
        return book.read("word/document.xml").decode()


async def test_an_empty_workspace_gives_seven_chapters_that_say_what_they_lack(services: Services) -> None:
    """The guide's index stands from the first day; each chapter names what is missing and the page where it goes."""
    tenant = await make_municipality(services)

    async with work_as(services, tenant) as work:
        document = await compose(work, await gather(work, await guide_of(work, services.guides)))
    states = chapter_states(document)

    assert [(chapter.number, chapter.title) for chapter in states] == list(CHAPTERS)
    assert "Falta escribir «Presentación de la Política»." in [note.text for note in states[0].missing]
    assert {chapter.state for chapter in states} == {"draft", "empty"}
    assert all(note.link.startswith("/m/temuco/") for chapter in states for note in chapter.missing)


async def test_the_whole_policy_is_written_from_what_is_known(services: Services) -> None:
    """Words people typed, figures of the commune, findings, services, objectives, initiatives, workshops and sessions."""
    tenant = await make_municipality(services)

    async with work_as(services, tenant) as work:
        await make_rich_policy(work)
        document = await compose(work, await gather(work, await guide_of(work, services.guides)))
    told = plain_text(document)

    assert [chapter.state for chapter in chapter_states(document)] == ["done"] * 7
    for words in (
        *WRITTEN.values(),
        "El Censo 2024 contó",
        "Barreras de idioma en los Cesfam",
        "Oficina de Migración",
        "Mapa de redes de Temuco",
        "Temuco será una comuna donde toda persona vive",
        "3.1 Objetivo general",
        "Integrar a las personas migrantes a la vida de la comuna",
        "4.1 Ejes de trabajo",
        "Ventanilla intercultural",
        "5.2 Evaluación",
        "La Política en cifras",
        "$24.600.000",
        "Anexo A. Talleres y consultas",
        "Arriendos sin contrato",
        "Convocar el taller de diagnóstico",
        "Ley 20.430 sobre Protección de Refugiados",
        "Matriz de planificación",
    ):
        assert words in told


async def test_the_introduction_always_names_the_national_policy_and_who_is_meant(services: Services) -> None:
    """GEN-09, GEN-12 and GEN-16 are kept whatever people write."""
    tenant = await make_municipality(services)

    async with work_as(services, tenant) as work:
        document = await compose(work, await gather(work, await guide_of(work, services.guides)))
    told = plain_text(document)

    assert "Política Nacional de Migración y Extranjería" in told
    assert "Ley 21.325" in told
    assert "comprende también a las personas refugiadas" in told


async def test_a_copy_for_others_carries_no_note_and_no_inner_address(services: Services) -> None:
    """What is missing is for the team; a heading left alone says that it has no content."""
    tenant = await make_municipality(services)

    async with work_as(services, tenant) as work:
        draft = await compose(work, await gather(work, await guide_of(work, services.guides)))
    copy = clean_copy(draft, state=State.FROZEN)

    assert draft.missing
    assert not copy.missing
    assert "/m/temuco" not in str(copy)
    assert "Este apartado no tiene contenido en esta versión." in plain_text(copy)
    assert [heading.label for heading in copy.headings] == [heading.label for heading in draft.headings]


async def test_pdf_and_word_hold_every_chapter_and_every_accent(services: Services, visitor: Visitor) -> None:
    """Seven chapters and the words typed, in both papers."""
    tenant = await make_municipality(services)
    await make_person(services, tenant)
    async with work_as(services, tenant) as work:
        await make_rich_policy(work)
    await visitor.sign_in("rosa@temuco.cl")

    for path in ("/m/temuco/documento.pdf", "/m/temuco/documento.docx"):
        text = await _paper_text(visitor, path)
        for _, title in CHAPTERS:
            assert title in text
        assert "Ñuble, pingüinos y la Pacha" in text
        assert "Taller de diagnóstico en la sede de Amanecer" in text


async def test_the_summary_fits_in_two_pages(services: Services, visitor: Visitor) -> None:
    """Even with many ejes, long names and a long vision."""
    tenant = await make_municipality(services)
    await make_person(services, tenant)
    async with work_as(services, tenant) as work:
        await make_rich_policy(work)
        frame = await work.session.scalar(select(StrategicFrame))
        assert frame is not None
        frame.vision = "Una comuna donde toda persona vive con los mismos derechos y las mismas oportunidades. " * 20
        for number in range(8):
            await make_objective(
                work, f"Objetivo {number}: reducir las barreras de acceso a los servicios municipales " * 4
            )
        for number in range(6):
            axis = await make_axis(work, f"Eje {number} con un nombre más bien largo para probar", position=number + 3)
            axis.description = "De esto se ocupa el eje, dicho con bastantes palabras y alguna explicación. " * 4
            for each in range(9):
                await make_initiative(
                    work, f"Iniciativa {number}.{each} de acogida y convivencia en los barrios", axis_id=axis.id
                )
    await visitor.sign_in("rosa@temuco.cl")

    answer = await visitor.get("/m/temuco/resumen.pdf")
    text = await _paper_text(visitor, "/m/temuco/resumen.docx")

    assert len(PdfReader(BytesIO(answer.content)).pages) <= 2
    assert "Acogida y derechos" in text
    assert "y 7 más" in text


async def test_every_section_is_proposed_from_the_data(services: Services) -> None:
    """With a rich workspace no proposal is empty; with an empty one none invents."""
    rich = await make_municipality(services)
    poor = await make_municipality(services, cut="09102", name="Carahue", slug="carahue")

    async with work_as(services, rich) as work:
        await make_rich_policy(work, written=False)
        known = await gather(work, await guide_of(work, services.guides))
        texts = {section.key: proposal(section.key, known) for section in SECTIONS}
        summary = plain_text(compose_summary(known))
    async with work_as(services, poor) as work:
        nothing = await gather(work, await guide_of(work, services.guides))
        bare = {section.key: proposal(section.key, nothing) for section in SECTIONS}

    assert all(texts.values())
    assert "2 ejes y 3 iniciativas" in texts["presentation"]
    assert "29 asistencias" in texts["process"]
    assert "Temuco será una comuna" in summary
    assert bare["situation"] == bare["services"] == bare["planning"] == ""
    assert "None" not in "".join([*texts.values(), *bare.values()])


async def test_hostile_words_stay_words(services: Services, visitor: Visitor) -> None:
    """What looks like markup or like a command of the typesetter is printed as it was typed."""
    tenant = await make_municipality(services)
    await make_person(services, tenant)
    await visitor.sign_in("rosa@temuco.cl")
    typed = '<script>alert(1)</script> #read("/etc/passwd") $x$ *negrita* \\ ${7*7}'

    saved = await visitor.post("/m/temuco/documento/presentacion", {"text": typed, "version": "0"})
    page = await visitor.get("/m/temuco/documento/ver")
    paper = await _paper_text(visitor, "/m/temuco/documento.pdf")

    assert saved.status_code == 303
    assert "<script>alert(1)" not in page.text
    assert "&lt;script&gt;alert(1)" in page.text
    assert '#read("/etc/passwd")' in paper
    assert "root:" not in paper
