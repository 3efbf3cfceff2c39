"""The report for the Comité Calificador: as it would go today, and as each closed round left it."""

from uuid import UUID

from litestar import Response, get, post
from litestar.response import Redirect, Template

from acogida.sdk import DocumentRenderer, NotFound, View, Work, documents
from acogida_sello_migrante import store
from acogida_sello_migrante.actions import assessment as actions
from acogida_sello_migrante.model import Assessment
from acogida_sello_migrante.pages.drawing import home, page
from acogida_sello_migrante.report import committee_report
from acogida_sello_migrante.standing import Assessed, assessed

PDF = "application/pdf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@get("/informe", permission="workspace:read")
async def show_report(work: Work, view: View) -> Template:
    found = await assessed(work)
    return page(view, "report.html", found=found, lacking=lacking(found), closed=await store.closed_assessments(work))


def lacking(found: Assessed) -> list[tuple[str, str]]:
    """This function will list what a committee would miss, each with where it is mended (relative path)."""
    kept = found.kept
    unread = [each for each in found.standings.values() if not each.state]
    told = [
        (bool(unread), f"Requisitos por revisar: {', '.join(each.criterion.id for each in unread)}.", "autoevaluacion"),
        (
            bool(found.unbacked),
            f"Se declaran cumplidos y no tienen respaldo: {', '.join(each.criterion.id for each in found.unbacked)}.",
            "autoevaluacion",
        ),
        (not (kept.work_plan and kept.work_plan.objective), "Falta el objetivo del plan de trabajo.", "plan/datos"),
        (not kept.live, "El plan de trabajo no tiene acciones.", "plan"),
        (bool(kept.unassigned), "Hay acciones sin responsable o sin fecha de término.", "plan"),
        (
            not (kept.training_plan and kept.training_plan.objective),
            "Falta el objetivo del plan de capacitación.",
            "capacitacion/datos",
        ),
        (not kept.register.registered, "El registro de capacitación no tiene participantes.", "capacitacion"),
        (len(kept.register.evaluated) < len(kept.register.held), "Hay capacitaciones sin evaluar.", "capacitacion"),
    ]
    return [(text, path) for missing, text, path in told if missing]


@get("/informe.pdf", permission="workspace:read")
async def report_pdf(work: Work, view: View, renderer: DocumentRenderer) -> Response[bytes]:
    content = await renderer.pdf(committee_report(work, await assessed(work), home=home(view)))
    return view.file(content, name=f"{_name(work)}.pdf", media_type=PDF)


@get("/informe.docx", permission="workspace:read")
async def report_docx(work: Work, view: View, renderer: DocumentRenderer) -> Response[bytes]:
    content = await renderer.docx(committee_report(work, await assessed(work), home=home(view)))
    return view.file(content, name=f"{_name(work)}.docx", media_type=DOCX)


@post("/informe/cerrar", permission="document:freeze", status_code=200)
async def close_round(work: Work, view: View) -> Template | Redirect:
    """Always asks: what is closed does not change any more."""
    found = await assessed(work)
    if (await view.posted()).get("confirmed") != ["1"]:
        return view.page(
            "confirm.html",
            question="¿Cerrar la autoevaluación y guardar su informe?",
            text="El informe queda guardado como está hoy y no se podrá cambiar. La próxima evaluación empezará con estas mismas respuestas.",
            verb="Cerrar la autoevaluación",
            back=f"{home(view)}/informe",
        )
    await actions.close_round(work, found, committee_report(work, found, home=home(view), final=True))
    return view.redirect(f"{home(view)}/informe", "Cerramos la autoevaluación y guardamos su informe.")


@get("/informes/{assessment_id:uuid}/informe.pdf", permission="workspace:read")
async def closed_pdf(work: Work, view: View, renderer: DocumentRenderer, assessment_id: UUID) -> Response[bytes]:
    row, document = await _closed(work, assessment_id)
    return view.file(await renderer.pdf(document), name=f"{_name(work, row)}.pdf", media_type=PDF)


@get("/informes/{assessment_id:uuid}/informe.docx", permission="workspace:read")
async def closed_docx(work: Work, view: View, renderer: DocumentRenderer, assessment_id: UUID) -> Response[bytes]:
    row, document = await _closed(work, assessment_id)
    return view.file(await renderer.docx(document), name=f"{_name(work, row)}.docx", media_type=DOCX)


async def _closed(work: Work, assessment_id: UUID) -> tuple[Assessment, documents.Document]:
    row = await store.one(work, Assessment, assessment_id)
    if row.closed_on is None:
        raise NotFound
    return row, documents.from_json(row.report)


def _name(work: Work, row: Assessment | None = None) -> str:
    day = row.closed_on if row and row.closed_on else work.today()
    return f"sello-migrante-informe-{work.tenant.slug}-{day.isoformat()}"


HANDLERS = (show_report, report_pdf, report_docx, close_round, closed_pdf, closed_docx)
