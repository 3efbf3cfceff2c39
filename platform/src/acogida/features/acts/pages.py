"""Pages of the acts: carta de compromiso, document of the project, approval, vote, the concejo's term and decree."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from litestar import Response, get, post
from litestar.response import Redirect, Template

from acogida.features.acts import act_pages, actions, link_pages, papers, public_pages, store, validation_pages
from acogida.features.acts.forms import (
    MAYORS,
    STAGES,
    EditLetter,
    EditProject,
    RecordAgreement,
    RecordApproval,
    RecordDecree,
    RecordOutside,
    RecordSigned,
    RecordTerm,
    RecordVote,
)
from acogida.features.acts.model import Act, Signatory
from acogida.features.acts.validation import concejo_term
from acogida.features.acts.words import COMMITMENTS, OBJECTIVES, PURPOSE, WAY_NOTES, WAYS
from acogida.features.bodies import public as bodies
from acogida.features.communes import public as communes
from acogida.features.cycles import public as cycles
from acogida.features.drafts import public as drafts
from acogida.features.evidence import public as evidence
from acogida.features.methodology.model import Guide
from acogida.features.people import public as people
from acogida.kernel.document import Document
from acogida.kernel.errors import NotFound, Rejected, Stale
from acogida.kernel.ports import DocumentRenderer, Files
from acogida.kernel.work import Work
from acogida.web import forms
from acogida.web.routing import workspace
from acogida.web.view import View

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
LETTER_DRAFT, PROJECT_DRAFT = "preparacion/carta", "preparacion/proyecto"


async def letter_form(work: Work) -> forms.Form[EditLetter]:
    """The letter as it stands; before it exists, with what Acogida proposes and the public figures say."""
    letter = await store.newest(work, "commitment_letter")
    if letter is None:
        figures = await communes.figures_of(work, work.tenant.cut)
        return forms.blank(
            EditLetter,
            **await _known_signatories(work),
            objectives=OBJECTIVES,
            needs=papers.needs_of(figures),
            commitments=COMMITMENTS,
            place=work.tenant.name,
        )
    rows = await store.signatories(work, letter.id)

    def of(role: str) -> list[Signatory]:
        return [row for row in rows if row.role == role]

    mayor = of("mayor")
    return forms.blank(
        EditLetter,
        **letter.content,
        dated_on=letter.dated_on,
        mayor=mayor[0].name if mayor else "",
        mayor_cargo=mayor[0].cargo if mayor else "",
        councillors="\n".join(row.name for row in of("councillor")),
        dideco="".join(row.name for row in of("dideco")[:1]),
        migration_office="".join(row.name for row in of("migration_office")[:1]),
        version=letter.version,
    )


async def _known_signatories(work: Work) -> dict[str, str]:
    """Who would sign, as far as the nóminas say: mayor, concejo, Dideco, migration office."""
    everyone = await bodies.members(work)
    concejo = await bodies.members(work, "concejo")

    def in_place(*places: str) -> str:
        return next((one.name for one in everyone if one.suggested_role in places), "")

    presiding = next((one.name for one in concejo if one.role == "president"), "")
    signer = await people.who_signs_as(work, "alcaldia", work.today())
    mayor = (signer.name if signer else "") or in_place("mayor") or presiding
    return {
        "mayor": mayor,
        "mayor_cargo": signer.title if signer and signer.title in MAYORS else "",
        "councillors": "\n".join(one.name for one in concejo if one.name != mayor),
        "dideco": in_place("dideco"),
        "migration_office": in_place("migration_office"),
    }


async def letter_page(
    work: Work, view: View, guides: Mapping[str, Guide], status: int = 200, **shown: forms.Form[Any]
) -> Template:
    letter = await store.newest(work, "commitment_letter")
    agreement = await store.newest(work, "concejo_agreement")
    guide = await cycles.guide_of(work, guides)
    rows = await store.signatories(work, letter.id) if letter else []
    form = shown.get("form") or await drafts.restore(work, LETTER_DRAFT, await letter_form(work))
    declarer = await known_declarer(work)
    several = {
        "signed_form": shown.get("signed_form")
        or forms.blank(
            RecordSigned,
            signed=[str(row.id) for row in rows if row.role == "mayor"],
            declared_by=declarer,
        ),
        "agreement_form": shown.get("agreement_form") or forms.blank(RecordAgreement, declared_by=declarer),
        "outside_form": shown.get("outside_form") or forms.blank(RecordOutside, declared_by=declarer),
    }
    return view.page(
        "acts/letter.html",
        status=status,
        **_apart(several),
        letter=letter,
        agreement=agreement,
        signatories=rows,
        files=await evidence.files_of(work, "act", letter.id) if letter else [],
        tips=guide.tips_of("1.1"),
        form=form,
        document=papers.letter(work.tenant, *_as_written(form), day=work.today()),
        latest=(await act_pages.newest_submissions(work)).get(letter.id) if letter else None,
        examined=act_pages.examined,
        ways=WAYS,
        way_notes=WAY_NOTES,
    )


def _day_of(form: forms.Form[EditLetter]) -> date | None:
    field = form.field("dated_on")
    try:
        return field.read(field, form.values("dated_on"))
    except forms.Wrong:
        return None


def _as_written(form: forms.Form[EditLetter]) -> tuple[Act, list[Signatory]]:
    """The letter as the form has it now, good or not, to be looked at."""

    def said(name: str) -> str:
        return forms.clean(form.value(name))

    signing = EditLetter(
        mayor=said("mayor"),
        mayor_cargo=said("mayor_cargo"),
        councillors=said("councillors"),
        dideco=said("dideco"),
        migration_office=said("migration_office"),
    ).signatories
    act = Act(
        kind="commitment_letter",
        content={
            **{name: said(name) for name in actions.LETTER_TEXTS},
            "written_on": (_day_of(form) or "") and str(_day_of(form)),
        },
        dated_on=_day_of(form),
    )
    return act, [Signatory(name=name, cargo=cargo, role=role) for name, cargo, role in signing if name]


@get("/preparacion/carta", permission="workspace:read")
async def show_letter(work: Work, view: View, guides: dict[str, Guide]) -> Template:
    return await letter_page(work, view, guides)


@post("/preparacion/carta", permission="commitment:edit", status_code=200)
async def save_letter(work: Work, view: View, guides: dict[str, Guide]) -> Template | Redirect:
    form = forms.read(EditLetter, await view.posted())
    if form.ok:
        try:
            await actions.edit_letter(work, form.data)
            await drafts.discard(work, LETTER_DRAFT)
            return view.redirect(
                f"{view.home}/preparacion/carta", "Guardamos la carta. Ya puede descargarla para firmar."
            )
        except Rejected as problem:
            form.refuse(problem)
        except Stale:
            return view.conflict(
                form, await letter_form(work), title="Carta de compromiso", back=f"{view.home}/preparacion/carta"
            )
    return await letter_page(work, view, guides, 422, form=form)


@post("/preparacion/carta/vista", permission="commitment:edit", status_code=200)
async def preview_letter(work: Work, view: View) -> Template:
    """The letter as it is being written: nothing is kept."""
    act, signs = _as_written(forms.read(EditLetter, await view.posted()))
    return view.page("acts/_preview.html", document=papers.letter(work.tenant, act, signs, day=work.today()))


@post("/preparacion/carta/externa", permission="act:record", status_code=200)
async def upload_outside_letter(work: Work, view: View, files: Files, guides: dict[str, Guide]) -> Template | Redirect:
    form = forms.read(RecordOutside, await view.posted())
    if form.ok:
        try:
            await actions.record_outside_letter(work, files, form.data, await view.uploaded("file"))
            await drafts.discard(work, LETTER_DRAFT)
            return view.redirect(f"{view.home}/preparacion/carta", "Guardamos la carta firmada.")
        except Rejected as problem:
            form.refuse(problem)
    return await letter_page(work, view, guides, 422, outside_form=form)


@post("/preparacion/carta/firmada", permission="act:record", status_code=200)
async def upload_signed_letter(work: Work, view: View, files: Files, guides: dict[str, Guide]) -> Template | Redirect:
    form = forms.read(RecordSigned, await view.posted())
    if form.ok:
        try:
            await actions.record_signed_letter(work, files, form.data, await view.uploaded("file"))
            return view.redirect(f"{view.home}/preparacion/carta", "Guardamos la carta firmada.")
        except Rejected as problem:
            form.refuse(problem)
    return await letter_page(work, view, guides, 422, signed_form=form)


@post("/preparacion/carta/acuerdo", permission="act:record", status_code=200)
async def upload_agreement(work: Work, view: View, files: Files, guides: dict[str, Guide]) -> Template | Redirect:
    form = forms.read(RecordAgreement, await view.posted())
    if form.ok:
        try:
            await actions.record_agreement(work, files, form.data, await view.uploaded("file"))
            return view.redirect(f"{view.home}/preparacion/carta", "Registramos el acuerdo del concejo.")
        except Rejected as problem:
            form.refuse(problem)
    return await letter_page(work, view, guides, 422, agreement_form=form)


async def known_declarer(work: Work) -> str:
    """Whoever holds or exercises the secretaría municipal today; where nobody said, who answered for a copy the last time."""
    signer = await people.who_signs_as(work, "secretaria_municipal", work.today())
    if signer is not None:
        return signer.name
    return next((one.declared_by for one in await store.submissions(work) if one.declared_by), "")


async def _letter(work: Work, site: str) -> Document:
    act = await store.newest(work, "commitment_letter")
    if act is None or act.content.get("outside"):
        raise NotFound
    return papers.letter(work.tenant, act, await store.signatories(work, act.id), site=site)


@get("/preparacion/carta.pdf", permission="workspace:read")
async def letter_pdf(
    work: Work, view: View, settings: papers.HasAddress, renderer: DocumentRenderer
) -> Response[bytes]:
    content = await renderer.pdf(await _letter(work, settings.public_url))
    return view.file(content, name=f"carta-de-compromiso-{work.tenant.slug}.pdf", media_type="application/pdf")


@get("/preparacion/carta.docx", permission="workspace:read")
async def letter_docx(
    work: Work, view: View, settings: papers.HasAddress, renderer: DocumentRenderer
) -> Response[bytes]:
    content = await renderer.docx(await _letter(work, settings.public_url))
    return view.file(content, name=f"carta-de-compromiso-{work.tenant.slug}.docx", media_type=DOCX)


async def project_form(work: Work) -> forms.Form[EditProject]:
    """The project as it stands; before it exists, with a proposed schedule that blocks nothing (AMB-26)."""
    act = await store.newest(work, "project_document")
    spans = await cycles.stage_dates(work)
    if act is None and not spans:
        spans = cycles.propose_dates(work.today())
    dates = {
        f"{stage}_{part}": value
        for stage in STAGES
        if stage in spans
        for part, value in zip(("starts_on", "ends_on", "lead"), spans[stage], strict=True)
    }
    if act is None:
        return forms.blank(EditProject, purpose=PURPOSE, commitments=COMMITMENTS, **dates)
    return forms.blank(EditProject, **act.content, dated_on=act.dated_on, version=act.version, **dates)


async def project_page(
    work: Work, view: View, guides: Mapping[str, Guide], form: forms.Form[EditProject], status: int = 200
) -> Template:
    guide = await cycles.guide_of(work, guides)
    return view.page(
        "acts/project.html",
        status=status,
        form=form,
        act=await store.newest(work, "project_document"),
        stages=guide.stages,
    )


@get("/preparacion/proyecto", permission="workspace:read")
async def show_project(work: Work, view: View, guides: dict[str, Guide]) -> Template:
    return await project_page(work, view, guides, await drafts.restore(work, PROJECT_DRAFT, await project_form(work)))


@post("/preparacion/proyecto", permission="commitment:edit", status_code=200)
async def save_project(work: Work, view: View, guides: dict[str, Guide]) -> Template | Redirect:
    form = forms.read(EditProject, await view.posted())
    if form.ok:
        try:
            await actions.edit_project(work, form.data)
            await drafts.discard(work, PROJECT_DRAFT)
            return view.redirect(
                f"{view.home}/preparacion/proyecto", "Guardamos el documento del proyecto y sus plazos."
            )
        except Rejected as problem:
            form.refuse(problem)
        except Stale:
            return view.conflict(
                form, await project_form(work), title="Documento del proyecto", back=f"{view.home}/preparacion/proyecto"
            )
    return await project_page(work, view, guides, form, 422)


async def _project(work: Work, guides: Mapping[str, Guide]) -> Document:
    act = await store.newest(work, "project_document")
    if act is None:
        raise NotFound
    guide = await cycles.guide_of(work, guides)
    spans = await cycles.stage_dates(work)
    titles = {str(stage.key): stage.title for stage in guide.stages}
    return papers.project(
        work.tenant, act, {stage: spans[stage] for stage in STAGES if stage in spans}, titles, day=work.today()
    )


@get("/preparacion/proyecto.pdf", permission="workspace:read")
async def project_pdf(work: Work, view: View, guides: dict[str, Guide], renderer: DocumentRenderer) -> Response[bytes]:
    content = await renderer.pdf(await _project(work, guides))
    return view.file(content, name=f"proyecto-{work.tenant.slug}.pdf", media_type="application/pdf")


@get("/preparacion/proyecto.docx", permission="workspace:read")
async def project_docx(work: Work, view: View, guides: dict[str, Guide], renderer: DocumentRenderer) -> Response[bytes]:
    content = await renderer.docx(await _project(work, guides))
    return view.file(content, name=f"proyecto-{work.tenant.slug}.docx", media_type=DOCX)


async def approval_page(
    work: Work, view: View, guides: Mapping[str, Guide], status: int = 200, **shown: forms.Form[Any]
) -> Template:
    newest = {act.kind: act for act in await store.acts(work)}
    mayor = next((row for row in await store.signatories(work) if row.role == "mayor"), None)
    guide = await cycles.guide_of(work, guides)
    declarer = await known_declarer(work)
    signer = await people.who_signs_as(work, "alcaldia", work.today())
    name = signer.name if signer else mayor.name if mayor else ""
    cargo = signer.title if signer else mayor.cargo if mayor else ""
    several = {
        "approval_form": shown.get("approval_form")
        or _again(
            RecordApproval,
            newest.get("mayor_approval"),
            dated_on=work.today(),
            signatory=name,
            cargo=cargo if cargo in MAYORS else "",
            declared_by=declarer,
        ),
        "vote_form": shown.get("vote_form") or _again(RecordVote, newest.get("concejo_vote"), declared_by=declarer),
        "decree_form": shown.get("decree_form")
        or _again(
            RecordDecree,
            newest.get("decree"),
            signatory=name,
            cargo=cargo if cargo in MAYORS else "",
            declared_by=declarer,
        ),
        "term_form": shown.get("term_form") or _again(RecordTerm, newest.get("concejo_term")),
    }
    return view.page(
        "acts/approval.html",
        status=status,
        **_apart(several),
        latest=await act_pages.newest_submissions(work),
        examined=act_pages.examined,
        ways=WAYS,
        way_notes=WAY_NOTES,
        approval=newest.get("mayor_approval"),
        vote=newest.get("concejo_vote"),
        decree=newest.get("decree"),
        vigencia=await cycles.vigencia(work),
        tips=guide.tips_of("4.3"),
        term=await concejo_term(work),
    )


def _apart(several: Mapping[str, forms.Form[Any]]) -> Mapping[str, Any]:
    """Several forms of one page, whose fields share names: each with ids of its own, so that labels lead to theirs."""
    for name, form in several.items():
        form.scope = f"{name.removesuffix('_form')}-"
    return several


def _again(kind: type[forms.D], act: Act | None, **start: object) -> forms.Form[forms.D]:
    """The form of a record, filled as it stands where there is one: a mistake is mended by recording it again."""
    if act is None:
        return forms.blank(kind, **start)
    return forms.blank(kind, **{**start, **act.content, "number": act.number, "dated_on": act.dated_on})


@get("/validacion/aprobacion", permission="workspace:read")
async def show_approval(work: Work, view: View, guides: dict[str, Guide]) -> Template:
    return await approval_page(work, view, guides)


@post("/validacion/aprobacion", permission="policy:approve", status_code=200)
async def record_approval(work: Work, view: View, files: Files, guides: dict[str, Guide]) -> Template | Redirect:
    form = forms.read(RecordApproval, await view.posted())
    if form.ok:
        try:
            await actions.record_approval(work, files, form.data, await view.uploaded("file"))
            return view.redirect(
                f"{view.home}/validacion/aprobacion", "Registramos la aprobación. La Política ya es oficial."
            )
        except Rejected as problem:
            form.refuse(problem)
    return await approval_page(work, view, guides, 422, approval_form=form)


@post("/validacion/aprobacion/votacion", permission="policy:approve", status_code=200)
async def record_vote(work: Work, view: View, files: Files, guides: dict[str, Guide]) -> Template | Redirect:
    form = forms.read(RecordVote, await view.posted())
    if form.ok:
        try:
            await actions.record_vote(work, files, form.data, await view.uploaded("file"))
            return view.redirect(f"{view.home}/validacion/aprobacion", "Registramos la votación del concejo.")
        except Rejected as problem:
            form.refuse(problem)
    return await approval_page(work, view, guides, 422, vote_form=form)


@post("/validacion/aprobacion/decreto", permission="policy:approve", status_code=200)
async def record_decree(work: Work, view: View, files: Files, guides: dict[str, Guide]) -> Template | Redirect:
    form = forms.read(RecordDecree, await view.posted())
    if form.ok:
        try:
            await actions.record_decree(work, files, form.data, await view.uploaded("file"))
            return view.redirect(f"{view.home}/validacion/aprobacion", "Registramos el decreto.")
        except Rejected as problem:
            form.refuse(problem)
    return await approval_page(work, view, guides, 422, decree_form=form)


@post("/validacion/aprobacion/plazo", permission="policy:approve", status_code=200)
async def answer_term(work: Work, view: View, guides: dict[str, Guide]) -> Template | Redirect:
    form = forms.read(RecordTerm, await view.posted())
    if form.ok:
        await actions.answer_term(work, form.data)
        return view.redirect(f"{view.home}/validacion/aprobacion#plazo", "Anotamos si corre el plazo del concejo.")
    return await approval_page(work, view, guides, 422, term_form=form)


ROUTES = [
    workspace(
        show_letter,
        save_letter,
        preview_letter,
        upload_outside_letter,
        upload_signed_letter,
        upload_agreement,
        letter_pdf,
        letter_docx,
        show_project,
        save_project,
        project_pdf,
        project_docx,
        show_approval,
        record_approval,
        record_vote,
        record_decree,
        answer_term,
    ),
    *act_pages.ROUTES,
    *link_pages.ROUTES,
    *public_pages.ROUTES,
    *validation_pages.ROUTES,
]
