"""What this extension gives the core: the report, the annex, what is owed, what it keeps; and what stays when it goes."""

import io
from datetime import date

import pytest

from acogida.adapters.embedded_postgres import Server
from acogida.app.migrate import migrate
from acogida.app.web import create_app
from acogida.app.wiring import Services
from acogida.kernel import duties, hooks
from acogida.kernel.document import DocumentBuilder, from_json, plain_text
from acogida.kernel.tenancy import Tenant
from acogida.kernel.work import Work
from acogida_sello_migrante import store
from acogida_sello_migrante.actions import assessment, plans, process, training
from acogida_sello_migrante.forms import (
    AddParticipants,
    AddProof,
    EditAction,
    EditCourse,
    EditPlan,
    EditRecognition,
    Judge,
    OpenAssessment,
)
from acogida_sello_migrante.report import committee_report
from acogida_sello_migrante.standing import assessed
from support.extensions import enable, having, let_migrate
from support.make import make_municipality, make_person, work_as
from support.make_plan import make_initiative
from support.visitor import Visitor

HOME = "/m/temuco/x/sello_migrante"


async def commune(services: Services) -> Tenant:
    """A municipality half way: an answer with its proof, a late action, a course with its people, the Sello of two years ago."""
    tenant = await make_municipality(services)
    await make_person(services, tenant)
    await enable(services, tenant, "sello_migrante")
    async with work_as(services, tenant) as work:
        await plans.edit_plan(work, "work", EditPlan("Mejorar la atención", "Decreto 80"))
        await plans.edit_plan(work, "training", EditPlan("Formar a quienes atienden público"))
        wanted = EditAction("SM-1.3", "Protocolo común", "", "Dideco", "Luz Bravo", None, date(2026, 9, 30), "underway")
        await plans.add_action(work, wanted)
        held = EditCourse("Taller de acogida", "workshop", hours="4", state="held", held_on=date(2026, 8, 1))
        course = await training.add_course(work, held)
        await training.add_people(work, course.id, AddParticipants("Luis Soto; OIRS\nAna Díaz; Salud"))
        await process.add_recognition(work, EditRecognition("granted", "Resolución Exenta N.º 100", date(2025, 1, 20)))
        found = await assessed(work)
        await assessment.judge(work, found.standings["SM-4.1"], Judge("met", "Jornadas mensuales con Sermig"))
        link = AddProof("link", url="https://temuco.cl/migrantes", name="Jornadas")
        await assessment.add_proof(work, found.standings["SM-4.1"], link)
        await make_initiative(work, "Escuela de líderes")
    return tenant


async def report_text(work: Work) -> str:
    return plain_text(committee_report(work, await assessed(work), home=HOME))


async def set_annex(services: Services, value: str) -> None:
    async with Visitor(services) as visitor:
        await visitor.sign_in("rosa@temuco.cl")
        fields = {"annex": value, "ahead": "6", "remind": "yes", "version": "1"}
        assert (await visitor.post("/m/temuco/ajustes/extensiones/sello_migrante", fields)).status_code == 303


async def annex_of(work: Work) -> str:
    builder = DocumentBuilder("Política", author="Temuco", kind="Política", date=work.today())
    await hooks.document_chapters(work, builder)
    return plain_text(builder.build())


async def annex(services: Services, tenant: Tenant) -> str:
    async with work_as(services, tenant) as work:
        return await annex_of(work)


async def test_the_report_carries_everything_and_nobody_s_name(services: Services) -> None:
    """Each requirement with its proofs, both plans, the gaps, the sources; of who was trained, only the counts."""
    tenant = await commune(services)
    async with work_as(services, tenant) as work:
        text = await report_text(work)

    for words in (
        "informe para el Comité Calificador",
        "Jornadas mensuales con Sermig",
        "Protocolo común",
        "Decreto 80",
        "Taller de acogida",
        "Resolución Exenta N.º 100",
        "No es el puntaje del Comité Calificador",
        "No se ha encontrado el texto de la Resolución 10.331",
        "https://serviciomigraciones.cl/en/migrant-seal",
        "OIRS",
    ):
        assert words in text, words
    assert "Luis Soto" not in text


async def test_it_comes_as_pdf_and_word(services: Services, visitor: Visitor) -> None:
    """Both open as what they say they are."""
    await commune(services)
    await visitor.sign_in("rosa@temuco.cl")
    pdf = await visitor.get(f"{HOME}/informe.pdf")
    docx = await visitor.get(f"{HOME}/informe.docx")

    assert pdf.content.startswith(b"%PDF-")
    assert io.BytesIO(docx.content).read(2) == b"PK"
    assert "sello-migrante-informe-temuco-2026-11-23.pdf" in pdf.headers["content-disposition"]


async def test_a_closed_round_keeps_its_report_and_the_next_begins_with_its_answers(
    services: Services, visitor: Visitor
) -> None:
    """What is written afterwards does not reach what was sent."""
    tenant = await commune(services)
    await visitor.sign_in("rosa@temuco.cl")
    asked = await visitor.post(f"{HOME}/informe/cerrar", {})
    closed = await visitor.post(f"{HOME}/informe/cerrar", {"confirmed": "1"})
    refused = await visitor.post(f"{HOME}/requisitos/SM-4.1", {"state": "not_met", "version": "1"})
    assert refused.status_code == 422
    assert "Abra la próxima" in refused.text
    async with work_as(services, tenant) as work:
        shown = await assessed(work)
        assert shown.closed
        assert shown.standings["SM-4.1"].state == "met"
        assert "Relación con el Sello Migrante" in await annex_of(work)
        before = (await store.closed_assessments(work))[0]
        await assessment.open_round(work, OpenAssessment("2025-03"))
        found = await assessed(work)
        assert found.standings["SM-4.1"].state == "met"
        assert [proof.name for proof in found.standings["SM-4.1"].proofs] == ["Jornadas"]
        await assessment.judge(work, found.standings["SM-4.1"], Judge("not_met", "Se acabaron", 1))
        kept = (await store.closed_assessments(work))[0]
        sent = plain_text(from_json(kept.report))
    pdf = await visitor.get(f"{HOME}/informes/{before.id}/informe.pdf")

    assert "no se podrá cambiar" in asked.text
    assert closed.status_code == 303
    assert kept.fingerprint == before.fingerprint
    assert "Jornadas mensuales con Sermig" in sent
    assert "Se acabaron" not in sent
    assert pdf.status_code == 200
    assert before.fingerprint in (await visitor.get(f"{HOME}/informe")).text


async def test_only_one_round_is_open(services: Services, visitor: Visitor) -> None:
    await commune(services)
    await visitor.sign_in("rosa@temuco.cl")
    answer = await visitor.post(f"{HOME}/autoevaluacion/abrir", {"standard": "web"})

    assert answer.status_code == 422
    assert "Ya hay una autoevaluación abierta" in answer.text


@pytest.mark.parametrize(
    ("value", "there", "absent"),
    [
        ("summary", "Requisitos cumplidos por compromiso", "Protocolo común"),
        ("full", "Protocolo común", "Luis Soto"),
        ("none", "", "Sello"),
    ],
)
async def test_the_municipality_decides_what_the_annex_says(
    services: Services, value: str, there: str, absent: str
) -> None:
    """A summary, everything, or nothing."""
    tenant = await commune(services)
    await set_annex(services, value)
    text = await annex(services, tenant)

    assert there in text
    assert absent not in text


async def test_what_is_owed_is_on_the_calendar_and_on_the_board(services: Services, visitor: Visitor) -> None:
    """The action with who answers for it, and the Sello to be evaluated again, from six months before."""
    tenant = await commune(services)
    async with work_as(services, tenant) as work:
        owed = {duty.text: duty for duty in await duties.gather(work)}
    await visitor.sign_in("rosa@temuco.cl")
    board = (await visitor.get("/m/temuco")).text

    assert owed["Protocolo común"].who == "Luz Bravo"
    assert owed["Revalidar el Sello Migrante (cada dos años)"].due_on == date(2027, 1, 20)
    assert "1 acción atrasada" in board
    assert "Corresponde revalidarlo el 20 de enero de 2027" in board


async def test_a_gate_says_what_the_sello_asks_besides_only_when_asked_to(services: Services) -> None:
    """The concejo's signatures with the letter; the gaps with the initiatives."""
    tenant = await commune(services)
    async with work_as(services, tenant) as work:
        assert await hooks.gate_problems(work, "GATE-1.1") == []
    await set_annex(services, "summary")
    async with work_as(services, tenant) as work:
        (letter,) = await hooks.gate_problems(work, "GATE-1.1")
        (gaps,) = await hooks.gate_problems(work, "GATE-3.2")
        other = await hooks.gate_problems(work, "GATE-2.1")

    assert "firmada también por el concejo" in letter.sentences[0]
    assert "SM-1.4" in gaps.sentences[0]
    assert "SM-1.3" not in gaps.sentences[0]
    assert other == []


async def test_everything_that_is_kept_can_be_taken_and_erased(services: Services) -> None:
    """As tables that anybody reads, without the names of officials."""
    tenant = await commune(services)
    async with work_as(services, tenant) as work:
        (told,) = await hooks.export(work)
        figures = {each.key: each.value for _, each in await hooks.indicators(work)}
    cells = [str(cell) for table in told.tables for row in table.rows for cell in row]

    assert all(len(row) == len(table.columns) for table in told.tables for row in table.rows)
    assert "Jornadas mensuales con Sermig" in cells
    assert "Protocolo común" in cells
    assert not any("Luis Soto" in cell for cell in cells)
    assert figures["sello_migrante.officials_trained"] == 2

    async with work_as(services, tenant) as work:
        erased = await store.erase_everything(work)
    async with work_as(services, tenant) as work:
        (told,) = await hooks.export(work)
    assert erased == 10
    assert not any(table.rows for table in told.tables)


async def test_the_core_lives_without_it_and_it_comes_back_whole(
    services: Services, server: Server, database_name: str
) -> None:
    """Uninstalled with data in it: pages, document, migrations and deletions work; back again, what it kept is there."""
    tenant = await commune(services)
    let_migrate(server, database_name)
    async with work_as(services, tenant) as work:
        found = await assessed(work)
        born = await assessment.propose_initiative(work, found, found.standings["SM-1.4"])
    with having():
        migrate(services.settings.database.owner_url, hooks.registry())
        async with Visitor(services, create_app(services.settings, services)) as visitor:
            await visitor.sign_in("rosa@temuco.cl")
            for place in ("", "/iniciativas", "/documento", "/ajustes/extensiones", "/actividad"):
                assert (await visitor.get(f"/m/temuco{place}")).status_code == 200, place
            assert (await visitor.get(HOME)).status_code == 404
            gone = await visitor.post(f"/m/temuco/iniciativas/{born}/eliminar", {"confirmed": "1"})
            assert gone.status_code == 303
        assert "Sello" not in await annex(services, tenant)

    async with work_as(services, tenant) as work:
        assert "Protocolo común" in await report_text(work)
        assert not await store.gap_initiatives(work)
