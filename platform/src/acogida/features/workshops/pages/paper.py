"""What goes to the wall and what comes back from it: the agenda and the sheets to print, the report."""

from uuid import UUID

from litestar import Response, get
from litestar.response import Template

from acogida.features.cycles.public import guide_of
from acogida.features.methodology.model import Guide
from acogida.features.workshops import agenda
from acogida.features.workshops.report import record_of, report
from acogida.features.workshops.words import KINDS
from acogida.kernel.document import slug
from acogida.kernel.errors import NotFound
from acogida.kernel.ports import DocumentRenderer
from acogida.kernel.work import Work
from acogida.web.routing import workspace
from acogida.web.view import View

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@get("/talleres/{workshop_id:uuid}/pauta", permission="workspace:read")
async def script(work: Work, view: View, guides: dict[str, Guide], workshop_id: UUID) -> Template:
    """The agenda with its hours and the guide's advice, for whoever facilitates."""
    record = await record_of(work, workshop_id)
    guide = await guide_of(work, guides)
    row = record.workshop
    return view.page(
        "workshops/script.html",
        record=record,
        kinds=KINDS,
        moments=agenda.moments(guide, row.kind, row.agenda, row.starts_at),
        purposes=agenda.purposes(guide, row.kind),
        advice=agenda.facilitation(guide, row.kind),
        questions=agenda.questions(guide, row.kind),
    )


@get("/talleres/{workshop_id:uuid}/papelografos", permission="workspace:read")
async def sheets(work: Work, view: View, guides: dict[str, Guide], workshop_id: UUID) -> Template:
    """The headings of the sheets, one for each group, as large as a page takes."""
    record = await record_of(work, workshop_id)
    guide = await guide_of(work, guides)
    return view.page(
        "workshops/sheets.html",
        record=record,
        groups=record.workshop.working_groups or agenda.proposed_groups(guide, record.workshop.kind, []),
        questions=agenda.questions(guide, record.workshop.kind),
        fields=guide.template("TPL-15").fields,
    )


@get("/talleres/{workshop_id:uuid}/informe", permission="workspace:read")
async def report_page(work: Work, view: View, workshop_id: UUID) -> Template:
    record = await record_of(work, workshop_id)
    return view.page("workshops/report.html", record=record, kinds=KINDS, document=report(work, record))


@get("/talleres/{workshop_id:uuid}/informe/{paper:str}", permission="workspace:read")
async def report_file(
    work: Work, view: View, renderer: DocumentRenderer, workshop_id: UUID, paper: str
) -> Response[bytes]:
    """`pdf` or `docx`."""
    document = report(work, await record_of(work, workshop_id))
    name = f"{slug(document.title)}.{paper}"
    if paper == "pdf":
        return view.file(await renderer.pdf(document), name=name, media_type="application/pdf")
    if paper == "docx":
        return view.file(await renderer.docx(document), name=name, media_type=DOCX)
    raise NotFound


ROUTES = [workspace(script, sheets, report_page, report_file)]
