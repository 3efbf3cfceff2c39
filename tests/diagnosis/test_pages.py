"""The diagnosis as a person at the screen meets it."""

import io
import re

import openpyxl
import pytest

from acogida.app.wiring import Services
from acogida.kernel.tenancy import Tenant
from support.diagnosis import make_entries, make_finding, make_service, make_source, make_texts, make_workshop
from support.make import make_municipality, make_person, work_as
from support.visitor import Visitor

HOME = "/m/temuco/diagnostico"
PAGES = (
    "fuentes",
    "servicios",
    "redes",
    "informacion-adicional",
    "hallazgos",
    "informe",
    "informe/resumen",
    "informe/versiones",
)


@pytest.fixture
async def tenant(services: Services, visitor: Visitor) -> Tenant:
    """Temuco, with Rosa signed in."""
    made = await make_municipality(services)
    await make_person(services, made)
    await visitor.sign_in("rosa@temuco.cl")
    return made


@pytest.mark.parametrize("page", PAGES)
async def test_every_page_teaches_while_it_is_empty(tenant: Tenant, visitor: Visitor, page: str) -> None:
    """An empty diagnosis has no blank page: each says what goes there."""
    answer = await visitor.get(f"{HOME}/{page}")

    assert answer.status_code == 200
    assert re.search(r"Todavía no|vacío|todavía no|Falta|tres preguntas", answer.text)


async def test_the_communes_figures_become_a_source(tenant: Tenant, visitor: Visitor) -> None:
    """One button takes the census as reviewed, with what it says of the commune; the second time it says so."""
    saved = await visitor.post(f"{HOME}/fuentes/usar", {"key": "census"})
    page = (await visitor.get(f"{HOME}/fuentes")).text
    again = await visitor.post(f"{HOME}/fuentes/usar", {"key": "census"})

    assert saved.status_code == again.status_code == 303
    assert "10.660 (3,6 %) nacieron fuera de Chile" in page
    assert page.count("Censo de Población y Vivienda 2024: inmigración internacional</a>") == 2
    assert "ya está entre sus fuentes" in (await visitor.get(f"{HOME}/fuentes")).text
    assert (await visitor.post(f"{HOME}/fuentes/usar", {"key": "inventada"})).status_code == 404


async def test_a_source_is_written_read_and_corrected_by_two(tenant: Tenant, visitor: Visitor) -> None:
    """Faults come back whole; a second writer sees both versions."""
    wrong = await visitor.post(
        f"{HOME}/fuentes/nueva", {"title": "", "kind": "", "summary": "Algo largo", "year": "mil"}
    )
    await visitor.post(f"{HOME}/fuentes/nueva", {"title": "Pladeco", "kind": "municipal", "url": "temuco.cl"})
    path = re.search(rf'href="({HOME}/fuentes/[0-9a-f-]{{36}})"', (await visitor.get(f"{HOME}/fuentes")).text)
    assert path is not None
    form = {"title": "Pladeco", "kind": "municipal", "version": "1"}
    await visitor.post(path[1], {**form, "summary": "Lo que guardó Ana"})
    mine = await visitor.post(path[1], {**form, "summary": "Lo que escribí yo"})

    assert wrong.status_code == 422 and "Algo largo" in wrong.text and "debe ser un número entero" in wrong.text
    assert mine.status_code == 409
    assert "Lo que guardó Ana" in mine.text and "Lo que escribí yo" in mine.text


async def test_the_register_goes_out_and_comes_back_as_a_sheet(
    services: Services, tenant: Tenant, visitor: Visitor
) -> None:
    """Units named on the screen are in the sheet; filled and brought back, their services are in the register."""
    await visitor.post(f"{HOME}/servicios/unidades", {"units": "OMIL\nOficina de la Mujer"})
    book = openpyxl.load_workbook(io.BytesIO((await visitor.get(f"{HOME}/servicios/planilla")).content))
    sheet = book.worksheets[0]
    for row in sheet.iter_rows(min_row=2):
        row[1].value = f"Servicio de {row[0].value}"
    out = io.BytesIO()
    book.save(out)

    brought = await visitor.post(f"{HOME}/servicios/traer", files={"file": ("registro.xlsx", out.getvalue(), "")})
    page = (await visitor.get(f"{HOME}/servicios")).text

    assert brought.status_code == 303
    assert "Servicio de OMIL" in page and "Servicio de Oficina de la Mujer" in page
    assert "falta su ficha" not in page


async def test_a_sheet_with_one_wrong_row_changes_nothing(services: Services, tenant: Tenant, visitor: Visitor) -> None:
    """The good rows are not kept either, and the pasted text is still there."""
    rows = "Unidad\tServicio\tTipo\nSalud\tVacunas\tExplícito\nSalud\tMatronas\tquizás"

    answer = await visitor.post(f"{HOME}/servicios/traer", {"rows": rows})

    assert answer.status_code == 422
    assert "Fila 3: en Tipo se escribe Explícito o Implícito" in answer.text
    assert "Matronas" in answer.text
    assert "Vacunas" not in (await visitor.get(f"{HOME}/servicios")).text


async def test_organisations_are_drawn_and_listed(tenant: Tenant, visitor: Visitor) -> None:
    """The map has the office in the middle and the organisation in its group; the table has every field."""
    await visitor.post(
        f"{HOME}/redes/nueva",
        {
            "name": "Comunidad Haitiana",
            "kind": "migrant",
            "services": "Idioma",
            "representative": "Marie Joseph",
            "data_source": "Registro municipal",
        },
    )
    page = (await visitor.get(f"{HOME}/redes")).text

    assert page.count("<svg") > 1 and "Oficina de atención migrante" in page
    for words in ("Comunidad Haitiana", "Marie Joseph", "Registro municipal", "Organismos internacionales"):
        assert words in page


async def test_deciding_that_no_more_is_needed_closes_the_step(tenant: Tenant, visitor: Visitor) -> None:
    """The three answers are asked for; with them the page says that the step is met."""
    unanswered = await visitor.post(f"{HOME}/informacion-adicional", {"needed": "no", "decided_on": "2026-11-20"})
    answers = {"gaps": "Pocos", "missing_voices": "Ninguna", "resources": "Una persona", "reason": "Basta"}
    saved = await visitor.post(f"{HOME}/informacion-adicional", {**answers, "needed": "no", "decided_on": "2026-11-20"})

    assert unanswered.status_code == 422 and unanswered.text.count("Falta completar") >= 4
    assert saved.status_code == 303
    assert "El paso está cumplido" in (await visitor.get(f"{HOME}/informacion-adicional")).text


async def test_a_post_it_becomes_a_finding(services: Services, tenant: Tenant, visitor: Visitor) -> None:
    """The form comes with the text, the kind and who said it; once saved, the entry no longer waits."""
    async with work_as(services, tenant) as work:
        workshop = await make_workshop(work, held=True)
        (entry,) = await make_entries(work, workshop, "Faltan intérpretes en los Cesfam")
    waiting = (await visitor.get(f"{HOME}/hallazgos")).text
    form = (await visitor.get(f"{HOME}/hallazgos/nuevo?taller={entry.id}")).text

    saved = await visitor.post(
        f"{HOME}/hallazgos/nuevo",
        {
            "title": "Faltan intérpretes en los Cesfam",
            "kind": "challenge",
            "relevant": "yes",
            "dimensions": ["dim_6", "dim_4"],
            "evidence_kind": "workshop",
            "evidence_text": "Faltan intérpretes en los Cesfam",
            "workshop_entry_id": str(entry.id),
        },
    )
    page = (await visitor.get(saved.headers["location"])).text

    assert f"nuevo?taller={entry.id}" in waiting
    assert 'value="Faltan intérpretes en los Cesfam"' in form and str(entry.id) in form
    assert saved.status_code == 303
    assert "Aporte de taller" in page and workshop.title in page
    assert f"nuevo?taller={entry.id}" not in (await visitor.get(f"{HOME}/hallazgos")).text


async def test_findings_without_evidence_are_in_plain_sight(
    services: Services, tenant: Tenant, visitor: Visitor
) -> None:
    """They carry their mark, and a filter leaves only them."""
    async with work_as(services, tenant) as work:
        await make_finding(work)
        await make_finding(work, title="Falta un protocolo común", dimensions=("dim_1",), backed=False)

    everything = (await visitor.get(f"{HOME}/hallazgos")).text
    without = (await visitor.get(f"{HOME}/hallazgos?evidencia=sin")).text
    health = (await visitor.get(f"{HOME}/hallazgos?dimension=dim_6&por=tipo")).text

    assert "Un hallazgo no tiene" in everything and "Sin evidencia" in everything and "1 testimonio" in everything
    assert "Falta un protocolo común" in without and "El idioma es la primera barrera" not in without
    assert "El idioma es la primera barrera" in health and "Falta un protocolo común" not in health


async def test_a_finding_is_noted_in_one_line(tenant: Tenant, visitor: Visitor) -> None:
    """Title and kind are enough; an empty line is refused."""
    saved = await visitor.post(f"{HOME}/hallazgos", {"title": "Nadie sabe a qué oficina derivar", "kind": "challenge"})
    empty = await visitor.post(f"{HOME}/hallazgos", {"title": " ", "kind": "challenge"})

    assert saved.status_code == 303
    assert "Nadie sabe a qué oficina derivar" in (await visitor.get(f"{HOME}/hallazgos")).text
    assert empty.status_code == 422 and "Falta completar «Hallazgo»" in empty.text


async def test_evidence_is_added_with_its_file(services: Services, tenant: Tenant, visitor: Visitor) -> None:
    """A document backs the finding and can be downloaded from it."""
    async with work_as(services, tenant) as work:
        finding = await make_finding(work, backed=False)
    path = f"{HOME}/hallazgos/{finding.id}"

    wrong = await visitor.post(f"{path}/evidencia", {"kind": "document", "text": ""})
    saved = await visitor.post(
        f"{path}/evidencia",
        {"kind": "document", "text": "Página 4 del estudio"},
        files={"file": ("estudio.pdf", b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n", "application/pdf")},
    )
    page = (await visitor.get(path)).text

    assert wrong.status_code == 422 and "Qué dice o muestra" in wrong.text
    assert saved.status_code == 303, saved.text
    assert "Página 4 del estudio" in page and "estudio.pdf" in page


async def test_the_report_is_closed_after_three_questions(services: Services, tenant: Tenant, visitor: Visitor) -> None:
    """Each question has to be answered; then the version is kept and comes down as PDF and Word, whole and short."""
    async with work_as(services, tenant) as work:
        await make_source(work)
        await make_service(work)
        await make_finding(work)
        await make_texts(work)

    unsure = await visitor.post(f"{HOME}/informe/cerrar", {"relevant": "yes", "backed": "yes"})
    closed = await visitor.post(f"{HOME}/informe/cerrar", {"relevant": "yes", "backed": "yes", "clear": "yes"})
    versions = (await visitor.get(f"{HOME}/informe/versiones")).text
    page = (await visitor.get(f"{HOME}/informe/versiones/1/resumen")).text
    pdf = await visitor.get(f"{HOME}/informe/versiones/1/completo/pdf")
    word = await visitor.get(f"{HOME}/informe/versiones/1/resumen/docx")
    drafts = [
        (await visitor.get(f"{HOME}/informe/borrador/{edition}/pdf")).content for edition in ("completo", "resumen")
    ]

    assert unsure.status_code == 422 and "no es especialista" in unsure.text
    assert closed.status_code == 303
    assert "Versión 1" in versions and "Rosa Painemal" in versions
    assert "Versión cerrada" in page
    assert all(content.startswith(b"%PDF") for content in (pdf.content, *drafts))
    assert word.content.startswith(b"PK")
    for path in ("versiones/2/completo", "versiones/1/otra", "borrador/completo/exe", "borrador/otro/pdf"):
        assert (await visitor.get(f"{HOME}/informe/{path}")).status_code == 404


async def test_what_the_report_lacks_is_beside_it(services: Services, tenant: Tenant, visitor: Visitor) -> None:
    """Claims without evidence and unwritten texts are listed with their links; closing too early is explained."""
    async with work_as(services, tenant) as work:
        finding = await make_finding(work, backed=False)

    page = (await visitor.get(f"{HOME}/informe")).text
    refused = await visitor.post(f"{HOME}/informe/cerrar", {"relevant": "yes", "backed": "yes", "clear": "yes"})
    written = await visitor.post(f"{HOME}/informe/texto/presentation", {"text": "Este informe reúne…", "version": "0"})

    assert "Afirmaciones sin evidencia" in page and f"hallazgos/{finding.id}" in page
    assert "Falta escribir «Presentación»" in page
    assert refused.status_code == 422 and "la presentación y las conclusiones" in refused.text
    assert written.status_code == 303
    assert (await visitor.get(f"{HOME}/informe/texto/inventado")).status_code == 404


async def test_strangers_readers_and_advisers(services: Services, tenant: Tenant, visitor: Visitor) -> None:
    """A stranger gets 404, a councillor reads, an adviser writes findings and may not close the report."""
    async with work_as(services, tenant) as work:
        finding = await make_finding(work)
    other = await make_municipality(services, cut="13201", name="Puente Alto", slug="puente-alto")
    await make_person(services, other, email="juan@puentealto.cl", name="Juan Soto")
    await make_person(services, tenant, email="ana@temuco.cl", name="Ana Cid", roles=["councillor"])
    await make_person(services, tenant, email="marie@oim.cl", name="Marie Joseph", roles=["adviser"])

    async with Visitor(services) as stranger:
        await stranger.sign_in("juan@puentealto.cl")
        for page in (*PAGES, f"hallazgos/{finding.id}", "servicios/planilla", "informe/borrador/completo/pdf"):
            assert (await stranger.get(f"{HOME}/{page}")).status_code == 404, page
    async with Visitor(services) as reader:
        await reader.sign_in("ana@temuco.cl")
        for page in (*PAGES, f"hallazgos/{finding.id}"):
            assert (await reader.get(f"{HOME}/{page}")).status_code == 200, page
        assert (await reader.post(f"{HOME}/hallazgos", {"title": "x", "kind": "challenge"})).status_code == 403
    async with Visitor(services) as adviser:
        await adviser.sign_in("marie@oim.cl")
        assert (await adviser.post(f"{HOME}/hallazgos", {"title": "Otro", "kind": "challenge"})).status_code == 303
        assert (await adviser.get(f"{HOME}/informe/cerrar")).status_code == 403
