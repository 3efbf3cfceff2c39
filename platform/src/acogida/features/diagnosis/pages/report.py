"""The Informe de Diagnóstico Comunal de Migración: read on the screen, completed, closed, kept by versions (2.4)."""

from collections.abc import Mapping

from litestar import Response, get, post
from litestar.response import Redirect, Template

from acogida.features.cycles.public import guide_of
from acogida.features.diagnosis import actions, report, store
from acogida.features.diagnosis.forms import EditSection, FreezeReport
from acogida.features.diagnosis.words import REQUIRED_SECTIONS, SECTION_HELP, SECTIONS
from acogida.features.drafts import public as drafts
from acogida.features.methodology.model import Guide
from acogida.kernel.document import Document, Missing, from_json, slug
from acogida.kernel.errors import NotFound, Rejected, Stale
from acogida.kernel.ports import DocumentRenderer
from acogida.kernel.work import Work
from acogida.web import forms
from acogida.web.routing import workspace
from acogida.web.view import View

PATH = "diagnostico/informe"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
EDITIONS = {"completo": "Informe completo", "resumen": "Versión resumida"}
_STORED = {"completo": "report", "resumen": "summary"}


@get([f"/{PATH}", f"/{PATH}/resumen"], permission="workspace:read")
async def show(work: Work, view: View, guides: dict[str, Guide]) -> Template:
    """The report as it would be closed today, with what it lacks at its side."""
    known = await report.read(work, await guide_of(work, guides))
    edition = "resumen" if view.shell.path.endswith("/resumen") else "completo"
    document = _written(known, edition)
    return view.page(
        "diagnosis/report.html",
        document=document,
        edition=edition,
        editions=EDITIONS,
        missing=_missing(known),
        unbacked=known.unbacked,
        sections=[(key, title, bool(known.sections.get(key, "").strip())) for key, title in SECTIONS.items()],
        required=REQUIRED_SECTIONS,
        versions=await store.versions(work),
    )


def _missing(known: report.Diagnosis) -> list[Missing]:
    """What the report lacks, claims without evidence aside: those have a list of their own."""
    claims = f"{known.home}/diagnostico/hallazgos/"
    return [each for each in report.report(known).missing if not each.link.startswith(claims)]


def _written(known: report.Diagnosis, edition: str) -> Document:
    return report.summary(known) if edition == "resumen" else report.report(known)


@get(f"/{PATH}/borrador/{{edition:str}}/{{paper:str}}", permission="workspace:read")
async def draft_file(
    work: Work, view: View, guides: dict[str, Guide], renderer: DocumentRenderer, edition: str, paper: str
) -> Response[bytes]:
    """`completo` or `resumen`, as `pdf` or `docx`: marked as a draft."""
    if edition not in EDITIONS:
        raise NotFound
    known = await report.read(work, await guide_of(work, guides))
    return await _file(view, renderer, _written(known, edition), paper, "borrador")


async def _file(view: View, renderer: DocumentRenderer, document: Document, paper: str, mark: str) -> Response[bytes]:
    name = f"{slug(f'{document.title} {view.work.tenant.name}')}-{mark}.{paper}"
    if paper == "pdf":
        return view.file(await renderer.pdf(document), name=name, media_type="application/pdf")
    if paper == "docx":
        return view.file(await renderer.docx(document), name=name, media_type=DOCX)
    raise NotFound


@get(f"/{PATH}/texto/{{key:str}}", permission="diagnosis:edit")
async def section_page(work: Work, view: View, guides: dict[str, Guide], key: str) -> Template:
    row = await store.section(work, key)
    form = forms.filled(EditSection, row) if row else forms.blank(EditSection)
    return await _section(work, view, key, await drafts.restore(work, f"{PATH}/texto/{key}", form))


async def _section(work: Work, view: View, key: str, form: forms.Form[EditSection], status: int = 200) -> Template:
    if key not in SECTIONS:
        raise NotFound
    return view.page(
        "diagnosis/report_section.html",
        status=status,
        key=key,
        title=SECTIONS[key],
        help=SECTION_HELP[key],
        required=key in REQUIRED_SECTIONS,
        form=form,
        findings=await store.findings(work, relevant=True),
    )


@post(f"/{PATH}/texto/{{key:str}}", permission="diagnosis:edit", status_code=200)
async def save_section(work: Work, view: View, key: str) -> Template | Redirect:
    form = forms.read(EditSection, await view.posted())
    if form.ok:
        try:
            await actions.write_section(work, key, form.data)
            await drafts.discard(work, f"{PATH}/texto/{key}")
            return view.redirect(f"{view.home}/{PATH}", f"Guardamos «{SECTIONS[key]}».")
        except Stale:
            row = await store.section(work, key)
            theirs = forms.filled(EditSection, row) if row else forms.blank(EditSection)
            return view.conflict(form, theirs, title=SECTIONS[key], back=f"{view.home}/{PATH}")
    return await _section(work, view, key, form, 422)


@get(f"/{PATH}/cerrar", permission="diagnosis:close")
async def freeze_page(work: Work, view: View, guides: dict[str, Guide]) -> Template:
    return await _freeze(work, view, guides, forms.blank(FreezeReport))


async def _freeze(
    work: Work, view: View, guides: Mapping[str, Guide], form: forms.Form[FreezeReport], status: int = 200
) -> Template:
    guide = await guide_of(work, guides)
    known = await report.read(work, guide)
    return view.page(
        "diagnosis/report_freeze.html",
        status=status,
        form=form,
        missing=_missing(known),
        unbacked=known.unbacked,
        questions={name: guide.row(row_id).text for name, row_id in _QUESTIONS.items()},
        left_out=await store.findings(work, relevant=False),
        next_number=len(await store.versions(work)) + 1,
    )


_QUESTIONS = {"relevant": "DIAG-2.4-09", "backed": "DIAG-2.4-10", "clear": "DIAG-2.4-11"}


@post(f"/{PATH}/cerrar", permission="diagnosis:close", status_code=200)
async def freeze(work: Work, view: View, guides: dict[str, Guide]) -> Template | Redirect:
    form = forms.read(FreezeReport, await view.posted())
    if form.ok:
        try:
            row = await actions.freeze_report(work, await guide_of(work, guides), form.data)
        except Rejected as problem:
            form.refuse(problem)
        else:
            words = f"Cerramos el informe de diagnóstico, versión {row.number}. Quedan guardados el informe y su versión resumida."
            return view.redirect(f"{view.home}/{PATH}/versiones", words)
    return await _freeze(work, view, guides, form, 422)


@get(f"/{PATH}/versiones", permission="workspace:read")
async def versions(work: Work, view: View) -> Template:
    return view.page("diagnosis/report_versions.html", versions=await store.versions(work), editions=EDITIONS)


@get(f"/{PATH}/versiones/{{number:int}}/{{edition:str}}", permission="workspace:read")
async def show_version(work: Work, view: View, number: int, edition: str) -> Template:
    row = await store.version(work, number)
    return view.page(
        "diagnosis/report_version.html",
        version=row,
        edition=edition,
        editions=EDITIONS,
        document=_kept(row.content, edition),
    )


@get(f"/{PATH}/versiones/{{number:int}}/{{edition:str}}/{{paper:str}}", permission="workspace:read")
async def version_file(
    work: Work, view: View, renderer: DocumentRenderer, number: int, edition: str, paper: str
) -> Response[bytes]:
    """The closed version, as it was: nothing of today enters it."""
    row = await store.version(work, number)
    return await _file(view, renderer, _kept(row.content, edition), paper, f"v{number}")


def _kept(content: Mapping[str, object], edition: str) -> Document:
    stored = content.get(_STORED.get(edition, ""))
    if not isinstance(stored, Mapping):
        raise NotFound
    return from_json(stored)


ROUTES = [
    workspace(
        show,
        draft_file,
        section_page,
        save_section,
        freeze_page,
        freeze,
        versions,
        show_version,
        version_file,
    )
]
