"""The document as a person at the screen meets it."""

from acogida.app.wiring import Services
from support.make import make_municipality, make_person, work_as
from support.make_policy import WRITTEN, make_rich_policy
from support.visitor import Visitor

PAGES = (
    "documento",
    "documento/ver",
    "documento.pdf",
    "documento.docx",
    "resumen.pdf",
    "resumen.docx",
    "documento/presentacion",
    "documento/versiones",
    "validacion/observaciones",
    "validacion/observaciones.xlsx",
    "validacion/observaciones/nueva",
    "validacion/observaciones/alcance",
)


async def test_the_desk_shows_chapters_paper_and_what_is_missing(services: Services, visitor: Visitor) -> None:
    """Seven chapters with their state, the text as it will print, the notes with their links."""
    tenant = await make_municipality(services)
    await make_person(services, tenant)
    async with work_as(services, tenant) as work:
        await make_rich_policy(work, written=False)
    await visitor.sign_in("rosa@temuco.cl")

    page = (await visitor.get("/m/temuco/documento")).text

    assert "Ventanilla intercultural" in page
    assert 'href="/m/temuco/documento/presentacion"' in page
    assert "Falta escribir «Presentación de la Política»." in page
    for name in ("documento.pdf", "documento.docx", "resumen.pdf", "resumen.docx"):
        assert f"/m/temuco/{name}" in page


async def test_a_section_is_written_and_read_back_in_the_document(services: Services, visitor: Visitor) -> None:
    """Accents and lists reach the page."""
    await make_person(services, await make_municipality(services))
    await visitor.sign_in("rosa@temuco.cl")

    saved = await visitor.post(
        "/m/temuco/documento/presentacion",
        {"text": "Acogemos con cariño:\n- a quien llega\n- a quien está", "version": "0"},
    )
    whole = (await visitor.get("/m/temuco/documento/ver")).text

    assert saved.status_code == 303
    assert "Acogemos con cariño:" in whole
    assert "<li>a quien llega</li>" in whole


async def test_the_proposal_fills_the_form_and_saves_nothing(services: Services, visitor: Visitor) -> None:
    """It is read, mended and accepted by a person; until then the document lacks the section."""
    tenant = await make_municipality(services)
    await make_person(services, tenant)
    async with work_as(services, tenant) as work:
        await make_rich_policy(work, written=False)
    await visitor.sign_in("rosa@temuco.cl")

    offered = (await visitor.get("/m/temuco/documento/presentacion")).text
    filled = (await visitor.get("/m/temuco/documento/presentacion?propuesta=1")).text
    document = (await visitor.get("/m/temuco/documento/ver")).text

    assert "Propuesta de Acogida" in offered
    area = filled[filled.index("<textarea") : filled.index("</textarea>")]
    assert "La Política Municipal de Migración de Temuco reúne" in area
    assert "todavía no se ha guardado nada" in filled
    assert "La Política Municipal de Migración de Temuco reúne" not in document


async def test_two_people_writing_a_section_see_both_texts(services: Services, visitor: Visitor) -> None:
    """Who saves second is shown both versions and loses nothing."""
    await make_person(services, await make_municipality(services))
    await visitor.sign_in("rosa@temuco.cl")
    await visitor.post("/m/temuco/documento/evaluacion", {"text": "Lo primero", "version": "0"})

    await visitor.post("/m/temuco/documento/evaluacion", {"text": "Lo que guardó Ana", "version": "1"})
    mine = await visitor.post("/m/temuco/documento/evaluacion", {"text": "Lo que escribí yo", "version": "1"})

    assert mine.status_code == 409
    assert "Lo que guardó Ana" in mine.text
    assert "Lo que escribí yo" in mine.text


async def test_a_text_too_long_comes_back_whole(services: Services, visitor: Visitor) -> None:
    """The limit is told with both numbers."""
    await make_person(services, await make_municipality(services))
    await visitor.sign_in("rosa@temuco.cl")

    answer = await visitor.post("/m/temuco/documento/evaluacion", {"text": "á" * 30_001, "version": "0"})

    assert answer.status_code == 422
    assert "30.000" in answer.text
    assert "á" * 30_001 in answer.text


async def test_readers_from_outside_see_no_notes_of_the_draft(services: Services, visitor: Visitor) -> None:
    """Until there is a version, concejo and public are shown today's text without what it lacks, and told so."""
    tenant = await make_municipality(services)
    await make_person(services, tenant)
    async with work_as(services, tenant) as work:
        await make_rich_policy(work, written=False)
    await visitor.sign_in("rosa@temuco.cl")

    draft = (await visitor.get("/m/temuco/documento/ver")).text
    for reader in ("concejo", "publico"):
        page = (await visitor.get(f"/m/temuco/documento/ver?como={reader}")).text
        assert "Falta escribir" not in page
        assert "Todavía no hay una versión" in page

    assert "Falta escribir" in draft


async def test_a_section_that_does_not_exist_is_not_found(services: Services, visitor: Visitor) -> None:
    """Neither read nor written."""
    await make_person(services, await make_municipality(services))
    await visitor.sign_in("rosa@temuco.cl")

    assert (await visitor.get("/m/temuco/documento/inventada")).status_code == 404
    assert (await visitor.post("/m/temuco/documento/inventada", {"text": "x"})).status_code == 404


async def test_a_councillor_reads_and_does_not_write(services: Services, visitor: Visitor) -> None:
    """Reading and observing, yes; writing and keeping versions, no."""
    tenant = await make_municipality(services)
    await make_person(services, tenant, email="lidia@temuco.cl", roles=("councillor",))
    await visitor.sign_in("lidia@temuco.cl")

    assert (await visitor.get("/m/temuco/documento")).status_code == 200
    assert "Guardar texto" not in (await visitor.get("/m/temuco/documento/presentacion")).text
    assert (await visitor.post("/m/temuco/documento/presentacion", {"text": "x"})).status_code == 403
    assert (await visitor.post("/m/temuco/documento/versiones", {"milestone": "first"})).status_code == 403
    assert (await visitor.get("/m/temuco/documento/retirar")).status_code == 403


async def test_a_stranger_finds_nothing(services: Services, visitor: Visitor) -> None:
    """The next municipality gets 404 on every page, as if the workspace did not exist."""
    tenant = await make_municipality(services)
    async with work_as(services, tenant) as work:
        await make_rich_policy(work)
    other = await make_municipality(services, cut="13201", name="Puente Alto", slug="puente-alto")
    await make_person(services, other, email="juan@puentealto.cl")
    await visitor.sign_in("juan@puentealto.cl")

    for path in PAGES:
        assert (await visitor.get(f"/m/temuco/{path}")).status_code == 404, path
    assert (await visitor.get("/politicas/temuco")).status_code == 404
    assert WRITTEN["conclusions"] not in (await visitor.get("/m/puente-alto/documento/ver")).text
