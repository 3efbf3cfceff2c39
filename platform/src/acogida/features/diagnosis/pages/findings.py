"""Findings: what the diagnosis claims, each with what backs it or with its lack in plain sight (guide 02 · 2.4)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode
from uuid import UUID

from litestar import get, post
from litestar.response import Redirect, Template

from acogida.features.communes.public import figures_of
from acogida.features.cycles.public import guide_of
from acogida.features.diagnosis import actions, report, store
from acogida.features.diagnosis.forms import AddFinding, EditEvidence, EditFinding, QuickFinding
from acogida.features.diagnosis.model import Finding, Source
from acogida.features.diagnosis.national import CENSUS, national, says_of
from acogida.features.diagnosis.pages.registers import dimension_options
from acogida.features.diagnosis.report import BackedFinding
from acogida.features.diagnosis.words import EVIDENCE_KINDS, FINDING_GROUPS, FINDING_KINDS, FINDING_PLURALS
from acogida.features.drafts import public as drafts
from acogida.features.evidence import public as files_room
from acogida.features.methodology.model import Guide
from acogida.features.workshops import public as workshops
from acogida.kernel import hooks, threads
from acogida.kernel.errors import NotFound, Rejected, Stale
from acogida.kernel.ports import Files
from acogida.kernel.work import Work
from acogida.web import forms
from acogida.web.routing import workspace
from acogida.web.view import View

PATH = "diagnostico/hallazgos"
GROUPINGS = {
    "dimension": "Por dimensión",
    "tipo": "Por tipo",
    "grupo": "Por quién lo dice",
    "evidencia": "Por evidencia",
}
_FROM_WORKSHOP = {
    "diagnosis_officials": "officials",
    "diagnosis_users": "users",
    "diagnosis_mixed": "",
    "planning": "officials",
}


@dataclass(frozen=True, slots=True)
class Filters:
    """What the page was asked to show. Words are those of the address."""

    dimension: str = ""
    kind: str = ""
    group: str = ""
    evidence: str = ""
    by: str = "dimension"

    @property
    def any(self) -> bool:
        return bool(self.dimension or self.kind or self.group or self.evidence)

    def query(self, by: str) -> str:
        """This method will give the address of the same filters, grouped in another way."""
        kept = {
            "dimension": self.dimension,
            "tipo": self.kind,
            "grupo": self.group,
            "evidencia": self.evidence,
            "por": by,
        }
        return urlencode({name: value for name, value in kept.items() if value})

    def keeps(self, finding: BackedFinding) -> bool:
        row = finding.row
        return (
            (
                not self.dimension
                or self.dimension in row.dimensions
                or (self.dimension == "ninguna" and not row.dimensions)
            )
            and (not self.kind or row.kind == self.kind)
            and (not self.group or row.group == self.group)
            and (not self.evidence or finding.backed == (self.evidence == "con"))
        )


@get(f"/{PATH}", permission="workspace:read")
async def overview(
    work: Work,
    view: View,
    guides: dict[str, Guide],
    dimension: str = "",
    tipo: str = "",
    grupo: str = "",
    evidencia: str = "",
    por: str = "dimension",
) -> Template:
    filters = Filters(
        dimension=dimension,
        kind=tipo if tipo in FINDING_KINDS else "",
        group=grupo if grupo in FINDING_GROUPS else "",
        evidence=evidencia if evidencia in ("con", "sin") else "",
        by=por if por in GROUPINGS else "dimension",
    )
    return await _overview(work, view, guides, forms.blank(QuickFinding), filters)


async def _overview(
    work: Work,
    view: View,
    guides: Mapping[str, Guide],
    form: forms.Form[QuickFinding],
    filters: Filters,
    status: int = 200,
) -> Template:
    guide = await guide_of(work, guides)
    everything = await report.backed(work, await store.findings(work))
    shown = [finding for finding in everything if filters.keeps(finding)]
    return view.page(
        "diagnosis/findings.html",
        status=status,
        form=form,
        filters=filters,
        groups=_grouped(shown, filters.by, guide),
        answers=await threads.followers(work, "finding", [finding.id for finding in shown]),
        total=len(everything),
        shown=len(shown),
        unbacked=sum(not finding.backed and finding.row.relevant for finding in everything),
        kinds=FINDING_KINDS,
        finding_groups=FINDING_GROUPS,
        evidence_kinds=EVIDENCE_KINDS,
        dimensions=guide.dimensions,
        grouping_tabs=[
            (words, f"{view.home}/{PATH}?{filters.query(by)}", filters.by == by) for by, words in GROUPINGS.items()
        ],
        waiting=await _entries_without_finding(work, everything),
        entry_kinds=workshops.ENTRY_KINDS,
        questions=guide.questions_of("2.4"),
    )


async def _entries_without_finding(work: Work, findings: Sequence[BackedFinding]) -> Sequence[tuple]:
    """What was said in diagnosis workshops and backs no finding yet."""
    used = {piece.workshop_entry_id for finding in findings for piece in finding.evidence}
    return [
        (entry, record.workshop)
        for record in await workshops.held(work, kinds=workshops.DIAGNOSIS)
        for entry in record.entries
        if entry.id not in used
    ]


def _grouped(shown: Sequence[BackedFinding], by: str, guide: Guide) -> list[tuple[str, str, list[BackedFinding]]]:
    """(key, title, findings) for each group that has any. A finding of two dimensions is shown under both."""
    if by == "tipo":
        groups = [(key, title, [f for f in shown if f.row.kind == key]) for key, title in FINDING_PLURALS.items()]
    elif by == "grupo":
        named = [(key, title, [f for f in shown if f.row.group == key]) for key, title in FINDING_GROUPS.items()]
        groups = [*named, ("", "Sin decir quién", [f for f in shown if not f.row.group])]
    elif by == "evidencia":
        groups = [("sin", "Sin evidencia", [f for f in shown if not f.backed])]
        for key, title in EVIDENCE_KINDS.items():
            groups.append((key, title, [f for f in shown if any(piece.kind == key for piece in f.evidence)]))
    else:
        groups = [
            (each.key, each.title, [f for f in shown if each.key in f.row.dimensions]) for each in guide.dimensions
        ]
        groups.append(("", "Sin dimensión", [f for f in shown if not f.row.dimensions]))
    return [(key, title, found) for key, title, found in groups if found]


@post(f"/{PATH}", permission="diagnosis:edit", status_code=200)
async def add_quickly(work: Work, view: View, guides: dict[str, Guide]) -> Template | Redirect:
    form = forms.read(QuickFinding, await view.posted())
    if form.ok:
        try:
            row = await actions.add_quickly(work, form.data)
        except Rejected as problem:
            form.refuse(problem)
        else:
            return view.redirect(
                f"{view.home}/{PATH}", f"Anotamos «{row.title}». Cuando pueda, agregue qué lo respalda."
            )
    return await _overview(work, view, guides, form, Filters(), 422)


@get(f"/{PATH}/nuevo", permission="diagnosis:edit")
async def new_finding(
    work: Work,
    view: View,
    guides: dict[str, Guide],
    taller: UUID | None = None,
    fuente: UUID | None = None,
    cifra: str = "",
) -> Template:
    """`taller` is a workshop entry, `fuente` a source, `cifra=censo` the commune's figures: the finding is born backed."""
    if taller:
        start = await _from_entry(work, taller)
    elif fuente:
        start = await _from_source(work, fuente)
    elif cifra == "censo":
        start = await _from_figures(work)
    else:
        start = forms.blank(AddFinding, relevant=True)
    key = f"{PATH}/nuevo/{taller or fuente or cifra}".rstrip("/")
    return await _form(work, view, guides, await drafts.restore(work, key, start), key)


async def _from_entry(work: Work, entry_id: UUID) -> forms.Form[AddFinding]:
    entry, workshop = await workshops.entry(work, entry_id)
    return forms.blank(
        AddFinding,
        title=entry.text if len(entry.text) <= 200 else "",
        kind=entry.kind if entry.kind in FINDING_KINDS else "",
        group=_FROM_WORKSHOP.get(workshop.kind, ""),
        relevant=True,
        evidence_kind="workshop",
        evidence_text=entry.text,
        workshop_entry_id=entry.id,
    )


async def _from_source(work: Work, source_id: UUID) -> forms.Form[AddFinding]:
    source = await store.one(work, Source, source_id)
    return forms.blank(
        AddFinding,
        kind="fact",
        group="data",
        relevant=True,
        evidence_kind="datum",
        evidence_text=source.summary[:4000],
        source_id=source.id,
    )


async def _from_figures(work: Work) -> forms.Form[AddFinding]:
    facts = await figures_of(work, work.tenant.cut)
    census = national(CENSUS)
    if facts is None or census is None:
        raise NotFound
    source = next((row for row in await store.sources(work) if row.title == census.title), None)
    return forms.blank(
        AddFinding,
        title=report.headline(facts).rstrip("."),
        kind="fact",
        group="data",
        relevant=True,
        evidence_kind="datum",
        evidence_text=f"{says_of(census, facts)} Fuente: {census.publisher}, {census.title}.",
        source_id=source.id if source else "",
    )


async def _form(
    work: Work, view: View, guides: Mapping[str, Guide], form: forms.Form[AddFinding], key: str, status: int = 200
) -> Template:
    guide = await guide_of(work, guides)
    return view.page(
        "diagnosis/finding_new.html",
        status=status,
        form=form,
        draft_key=key,
        kinds=FINDING_KINDS,
        finding_groups=FINDING_GROUPS,
        evidence_kinds=EVIDENCE_KINDS,
        dimensions=guide.dimensions,
        dimension_options=dimension_options(guide),
        source_options=await _source_options(work),
        questions=guide.questions_of("2.4"),
    )


async def _source_options(work: Work) -> list[tuple[str, str]]:
    return [(str(source.id), source.title) for source in await store.sources(work)]


@post(f"/{PATH}/nuevo", permission="diagnosis:edit", status_code=200)
async def add_finding(work: Work, view: View, guides: dict[str, Guide]) -> Template | Redirect:
    form = forms.read(AddFinding, await view.posted())
    key = f"{PATH}/nuevo/{form.value('workshop_entry_id') or form.value('source_id')}".rstrip("/")
    if form.ok:
        try:
            row = await actions.add_finding(work, form.data)
        except Rejected as problem:
            form.refuse(problem)
        else:
            await drafts.discard(work, key)
            await drafts.discard(work, f"{PATH}/nuevo")
            return view.redirect(f"{view.home}/{PATH}/{row.id}", f"Escribimos «{row.title}».")
    return await _form(work, view, guides, form, key, 422)


@get(f"/{PATH}/{{finding_id:uuid}}", permission="workspace:read")
async def show_finding(work: Work, view: View, guides: dict[str, Guide], finding_id: UUID) -> Template:
    row = await store.one(work, Finding, finding_id)
    form = await drafts.restore(work, f"{PATH}/{finding_id}", forms.filled(EditFinding, row))
    proof = await drafts.restore(work, f"{PATH}/{finding_id}/evidencia", forms.blank(EditEvidence))
    return await _show(work, view, guides, row, form, proof)


async def _show(
    work: Work,
    view: View,
    guides: Mapping[str, Guide],
    row: Finding,
    form: forms.Form[EditFinding],
    proof: forms.Form[EditEvidence],
    status: int = 200,
) -> Template:
    guide = await guide_of(work, guides)
    (finding,) = await report.backed(work, [row])
    entries = [
        (str(entry.id), f"{workshops.ENTRY_KINDS[entry.kind]}: {entry.text[:90]} ({workshop.title})")
        for entry, workshop in await workshops.entries(work)
        if workshop.kind in workshops.DIAGNOSIS
    ]
    return view.page(
        "diagnosis/finding.html",
        status=status,
        finding=finding,
        row=row,
        form=form,
        proof=proof,
        kinds=FINDING_KINDS,
        finding_groups=FINDING_GROUPS,
        evidence_kinds=EVIDENCE_KINDS,
        dimensions=guide.dimensions,
        followers=(await threads.followers(work, "finding", [row.id]))[row.id],
        added=await hooks.page_slot(work, "finding.sidebar", row.id),
        files={file.id: file for file in await files_room.files_of(work, "finding", row.id)},
        dimension_options=dimension_options(guide),
        source_options=await _source_options(work),
        entry_options=entries,
        questions=guide.questions_of("2.4"),
    )


@post(f"/{PATH}/{{finding_id:uuid}}", permission="diagnosis:edit", status_code=200)
async def save_finding(work: Work, view: View, guides: dict[str, Guide], finding_id: UUID) -> Template | Redirect:
    row = await store.one(work, Finding, finding_id)
    form = forms.read(EditFinding, await view.posted())
    if form.ok:
        try:
            await actions.edit_finding(work, finding_id, form.data)
            await drafts.discard(work, f"{PATH}/{finding_id}")
            return view.redirect(f"{view.home}/{PATH}/{finding_id}", "Guardamos el hallazgo.")
        except Rejected as problem:
            form.refuse(problem)
        except Stale:
            theirs = forms.filled(EditFinding, await store.one(work, Finding, finding_id))
            return view.conflict(form, theirs, title=row.title, back=f"{view.home}/{PATH}/{finding_id}")
    return await _show(work, view, guides, row, form, forms.blank(EditEvidence), 422)


@post(f"/{PATH}/{{finding_id:uuid}}/quitar", permission="diagnosis:edit", status_code=200)
async def remove_finding(work: Work, view: View, finding_id: UUID) -> Template | Redirect:
    """Asks first where the browser could not (no JavaScript)."""
    row = await store.one(work, Finding, finding_id)
    title, back = row.title, f"{view.home}/{PATH}/{finding_id}"
    if (await view.posted()).get("confirmed") != ["1"]:
        return view.page(
            "confirm.html",
            question=f"¿Quitar el hallazgo «{title}»?",
            text="Se quita también su evidencia. La actividad del espacio conservará lo que decía.",
            verb="Quitar el hallazgo",
            back=back,
        )
    try:
        await actions.remove_finding(work, finding_id)
    except Rejected as problem:
        work.doom()
        return view.redirect(back, problem.message, kind="warning")
    return view.redirect(f"{view.home}/{PATH}", f"Quitamos «{title}».")


@post(f"/{PATH}/{{finding_id:uuid}}/evidencia", permission="diagnosis:edit", status_code=200)
async def back_finding(
    work: Work, view: View, guides: dict[str, Guide], files: Files, finding_id: UUID
) -> Template | Redirect:
    row = await store.one(work, Finding, finding_id)
    proof = forms.read(EditEvidence, await view.posted())
    upload = await view.uploaded("file")
    if proof.ok:
        try:
            brought = upload if upload is not None and upload.filename else None
            await actions.back_finding(work, finding_id, proof.data, files=files, upload=brought)
        except Rejected as problem:
            proof.refuse(problem)
        else:
            await drafts.discard(work, f"{PATH}/{finding_id}/evidencia")
            return view.redirect(f"{view.home}/{PATH}/{finding_id}#evidencia", "Agregamos la evidencia.")
    return await _show(work, view, guides, row, forms.filled(EditFinding, row), proof, 422)


@post(
    f"/{PATH}/{{finding_id:uuid}}/evidencia/{{evidence_id:uuid}}/quitar", permission="diagnosis:edit", status_code=200
)
async def remove_evidence(work: Work, view: View, finding_id: UUID, evidence_id: UUID) -> Template | Redirect:
    """Asks first where the browser could not (no JavaScript)."""
    back = f"{view.home}/{PATH}/{finding_id}"
    if (await view.posted()).get("confirmed") != ["1"]:
        return view.page(
            "confirm.html",
            question="¿Quitar esta evidencia?",
            text="Si era la única, el hallazgo quedará sin evidencia a la vista. El archivo, si lo tiene, sigue en el archivo.",
            verb="Quitar la evidencia",
            back=back,
        )
    await actions.remove_evidence(work, finding_id, evidence_id)
    return view.redirect(f"{back}#evidencia", "Quitamos la evidencia.")


ROUTES = [
    workspace(
        overview,
        add_quickly,
        new_finding,
        add_finding,
        show_finding,
        save_finding,
        remove_finding,
        back_finding,
        remove_evidence,
    )
]
