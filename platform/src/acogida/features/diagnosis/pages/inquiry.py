"""Whether to gather more information: the guide's three questions, the decision, what the instruments gave (2.2)."""

from collections.abc import Mapping

from litestar import get, post
from litestar.response import Redirect, Template

from acogida.features.cycles.public import guide_of
from acogida.features.diagnosis import actions, store
from acogida.features.diagnosis.forms import EditInquiry, EditResults
from acogida.features.diagnosis.model import InquiryDecision
from acogida.features.diagnosis.words import INSTRUMENTS, METHODS
from acogida.features.drafts import public as drafts
from acogida.features.evidence import public as evidence
from acogida.features.methodology.model import Guide
from acogida.kernel.errors import Rejected, Stale
from acogida.kernel.ports import Files
from acogida.kernel.work import Work
from acogida.web import forms
from acogida.web.routing import workspace
from acogida.web.view import View

PATH = "diagnostico/informacion-adicional"
QUESTIONS = {"gaps": "DIAG-2.2-08", "missing_voices": "DIAG-2.2-09", "resources": "DIAG-2.2-10"}
"""Field → the row of the guide that asks it."""


@get(f"/{PATH}", permission="workspace:read")
async def show(work: Work, view: View, guides: dict[str, Guide]) -> Template:
    row = await store.inquiry(work)
    decision = await drafts.restore(work, PATH, _decision_form(work, row))
    results = await drafts.restore(work, f"{PATH}/resultados", _results_form(row))
    return await _page(work, view, guides, row, decision, results)


def _decision_form(work: Work, row: InquiryDecision | None) -> forms.Form[EditInquiry]:
    return forms.filled(EditInquiry, row) if row else forms.blank(EditInquiry, decided_on=work.today())


def _results_form(row: InquiryDecision | None) -> forms.Form[EditResults]:
    return forms.filled(EditResults, row) if row else forms.blank(EditResults)


async def _page(
    work: Work,
    view: View,
    guides: Mapping[str, Guide],
    row: InquiryDecision | None,
    decision: forms.Form[EditInquiry],
    results: forms.Form[EditResults],
    status: int = 200,
) -> Template:
    guide = await guide_of(work, guides)
    return view.page(
        "diagnosis/inquiry.html",
        status=status,
        row=row,
        form=decision,
        results=results,
        methods=METHODS,
        asks_results=bool(row and row.needed and set(row.methods) & set(INSTRUMENTS)),
        questions={name: guide.row(row_id).text for name, row_id in QUESTIONS.items()},
        answers={name: getattr(row, name) for name in QUESTIONS} if row else {},
        advice=[guide.row(row_id).text for row_id in ("DIAG-2.2-04", "DIAG-2.2-05", "DIAG-2.2-06")],
        tips=guide.tips_of("2.2"),
        reading=next(reading for reading in guide.readings if reading.id == "AMB-25"),
        attached=await evidence.files_of(work, "inquiry_decision", row.id) if row else (),
    )


@post(f"/{PATH}", permission="diagnosis:close", status_code=200)
async def decide(work: Work, view: View, guides: dict[str, Guide]) -> Template | Redirect:
    form = forms.read(EditInquiry, await view.posted())
    if form.ok:
        try:
            row = await actions.decide_inquiry(work, form.data)
            await drafts.discard(work, PATH)
            words = (
                "Registramos la decisión de levantar información adicional."
                if row.needed
                else ("Registramos la decisión de no levantar más información.")
            )
            return view.redirect(f"{view.home}/{PATH}", words)
        except Rejected as problem:
            form.refuse(problem)
        except Stale:
            theirs = _decision_form(work, await store.inquiry(work))
            return view.conflict(form, theirs, title="Decisión sobre información adicional", back=f"{view.home}/{PATH}")
    row = await store.inquiry(work)
    return await _page(work, view, guides, row, form, _results_form(row), 422)


@post(f"/{PATH}/resultados", permission="diagnosis:edit", status_code=200)
async def write_results(work: Work, view: View, guides: dict[str, Guide], files: Files) -> Template | Redirect:
    """Results as text, with their file where there is one."""
    form = forms.read(EditResults, await view.posted())
    upload = await view.uploaded("file")
    if form.ok:
        try:
            row = await actions.write_results(work, form.data)
            if upload is not None and upload.filename:
                await evidence.keep(
                    work, files, upload, kind="report", subject_type="inquiry_decision", subject_id=row.id
                )
            await drafts.discard(work, f"{PATH}/resultados")
            return view.redirect(f"{view.home}/{PATH}#resultados", "Guardamos los resultados.")
        except Rejected as problem:
            form.refuse(problem)
        except Stale:
            theirs = _results_form(await store.inquiry(work))
            return view.conflict(form, theirs, title="Resultados", back=f"{view.home}/{PATH}")
    work.doom()
    row = await store.inquiry(work)
    return await _page(work, view, guides, row, _decision_form(work, row), form, 422)


ROUTES = [workspace(show, decide, write_results)]
