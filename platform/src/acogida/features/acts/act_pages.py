"""Pages of the acts themselves: the list, one act with its signatures and its receipt, the register."""

from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.response import Redirect, Template

from acogida.features.acts import actions, papers, register, sealing, signing, store
from acogida.features.acts.forms import Declare, EditSigner, RecordOther
from acogida.features.acts.model import Act, ActSubmission
from acogida.features.acts.words import EVENTS, ORGANS, SCREENS, STATES, WAY_NOTES, WAYS
from acogida.features.drafts import public as drafts
from acogida.features.evidence import public as evidence
from acogida.kernel.errors import Problem, Rejected, Stale
from acogida.kernel.ports import DocumentRenderer, Files
from acogida.kernel.signatures import Examination, from_json
from acogida.kernel.work import Work
from acogida.web import forms
from acogida.web.routing import workspace
from acogida.web.view import View

NEW_DRAFT = "actos/nuevo"


def examined(submission: ActSubmission) -> Examination | None:
    """What was found about a submission; None for a record or one that waits."""
    return from_json(submission.examination) if submission.examination else None


@get("/actos", permission="workspace:read")
async def list_acts(work: Work, view: View) -> Template:
    acts = [act for act in await store.acts(work) if act.kind not in ("project_document", "concejo_term")]
    return view.page(
        "acts/list.html",
        acts=list(reversed(acts)),
        title_of=signing.title_of,
        ways=WAYS,
        latest=await newest_submissions(work),
        examined=examined,
    )


async def newest_submissions(work: Work) -> dict[UUID, ActSubmission]:
    """Act → the last file that came as it."""
    newest: dict[UUID, ActSubmission] = {}
    for one in await store.submissions(work):
        newest.setdefault(one.act_id, one)
    return newest


@get("/actos/nuevo", permission="act:record")
async def new_act(work: Work, view: View) -> Template:
    form = await drafts.restore(work, NEW_DRAFT, forms.blank(RecordOther, dated_on=work.today()))
    return view.page("acts/new.html", form=form)


@post("/actos/nuevo", permission="act:record", status_code=200)
async def record_new(work: Work, view: View, files: Files) -> Template | Redirect:
    form = forms.read(RecordOther, await view.posted())
    if form.ok:
        try:
            act = await actions.record_other(work, files, form.data, await view.uploaded("file"))
            await drafts.discard(work, NEW_DRAFT)
            return view.redirect(f"{view.home}/actos/{act.id}", f"Registramos «{signing.title_of(act)}».")
        except Rejected as problem:
            form.refuse(problem)
    return view.page("acts/new.html", status=422, form=form)


@get("/actos/registro", permission="workspace:read")
async def show_register(work: Work, view: View) -> Template:
    return view.page(
        "acts/register.html",
        entries=list(reversed(await store.entries(work))),
        state=await register.verify(work),
        events=EVENTS,
        ways=WAYS,
    )


@get("/actos/registro.jsonl", permission="workspace:read")
async def register_file(work: Work, view: View) -> Response[bytes]:
    return view.file(
        await register.lines(work),
        name=f"registro-de-actos-{work.tenant.slug}.jsonl",
        media_type="application/x-ndjson",
    )


async def act_page(work: Work, view: View, site: str, act_id: UUID, status: int = 200, **shown: Any) -> Template:
    """One act, whole: what it is, who signs, what each file that came was worth, and how anyone may check it."""
    act = await store.act(work, act_id)
    rows = await store.signatories(work, act_id)
    seal = await store.seal(work, act.code) if act.code else None
    return view.page(
        "acts/act.html",
        status=status,
        act=act,
        title=signing.title_of(act),
        screen=f"{view.home}/{SCREENS[act.kind]}",
        signatories=rows,
        turn=signing.in_turn(act, rows),
        signer_forms=shown.get("signer_forms", {}),
        signer_form=lambda row: shown.get("signer_forms", {}).get(row.id) or forms.filled(EditSigner, row),
        declare_form=shown.get("declare_form") or forms.blank(Declare),
        submissions=await store.submissions(work, act_id),
        examined=examined,
        file_names={one.id: one.name for one in await evidence.files_of(work, "act", act_id)},
        seal=seal if seal and seal.municipality_id == work.tenant.id else None,
        address=sealing.address(site, act.code) if act.code else "",
        qr=sealing.as_image(sealing.drawing(site, act.code)) if act.code else "",
        ways=WAYS,
        way_notes=WAY_NOTES,
        states=STATES,
        organs=ORGANS,
        problem=shown.get("problem", ""),
    )


@get("/actos/{act_id:uuid}", permission="workspace:read")
async def show_act(work: Work, view: View, settings: papers.HasAddress, act_id: UUID) -> Template:
    return await act_page(work, view, settings.public_url, act_id)


@post("/actos/{act_id:uuid}/firmantes/{signatory_id:uuid}", permission="commitment:edit", status_code=200)
async def save_signer(
    work: Work, view: View, settings: papers.HasAddress, act_id: UUID, signatory_id: UUID
) -> Template | Redirect:
    form = forms.read(EditSigner, await view.posted())
    if form.ok:
        try:
            row = await signing.edit_signer(work, signatory_id, form.data)
            return view.redirect(f"{view.home}/actos/{act_id}#firmantes", f"Guardamos los datos de {row.name}.")
        except Rejected as problem:
            form.refuse(problem)
        except Stale as stale:
            return view.conflict(
                form,
                forms.filled(EditSigner, stale.current),
                title="Datos para firmar",
                back=f"{view.home}/actos/{act_id}",
            )
    return await act_page(work, view, settings.public_url, act_id, 422, signer_forms={signatory_id: form})


@post("/actos/{act_id:uuid}/orden", permission="commitment:edit", status_code=200)
async def save_order(work: Work, view: View, act_id: UUID) -> Redirect:
    """`orden` is yes or no; `primero` moves one a place up."""
    posted = await view.posted()
    first = (posted.get("primero") or [""])[0]
    await signing.set_order(work, act_id, posted.get("orden") == ["yes"], UUID(first) if _is_id(first) else None)
    return view.redirect(f"{view.home}/actos/{act_id}#firmantes", "Guardamos el orden de firma.")


def _is_id(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


@post("/actos/{act_id:uuid}/enlaces", permission="act:record", status_code=200)
async def send_links(work: Work, view: View, settings: papers.HasAddress, act_id: UUID) -> Template | Redirect:
    try:
        called = await signing.invite(work, act_id)
    except Problem as problem:
        return await act_page(work, view, settings.public_url, act_id, problem.status, problem=problem.message)
    return view.redirect(
        f"{view.home}/actos/{act_id}#firmantes",
        f"Enviamos el enlace para firmar a {', '.join(row.name for row in called)}.",
    )


@post("/actos/{act_id:uuid}/declarar", permission="act:record", status_code=200)
async def declare(work: Work, view: View, settings: papers.HasAddress, act_id: UUID) -> Template | Redirect:
    form = forms.read(Declare, await view.posted())
    if form.ok:
        try:
            await signing.declare(work, act_id, form.data.declared_by)
            return view.redirect(f"{view.home}/actos/{act_id}", "Anotamos la declaración: el registro vale.")
        except Rejected as problem:
            form.refuse(problem)
    return await act_page(work, view, settings.public_url, act_id, 422, declare_form=form)


@post("/actos/{act_id:uuid}/publicar", permission="document:publish", status_code=200)
async def publish(work: Work, view: View, settings: papers.HasAddress, act_id: UUID) -> Template | Redirect:
    try:
        await sealing.publish(work, act_id)
    except Problem as problem:
        return await act_page(work, view, settings.public_url, act_id, problem.status, problem=problem.message)
    return view.redirect(f"{view.home}/actos/{act_id}#verificacion", "Publicamos la verificación de este documento.")


@post("/actos/{act_id:uuid}/retirar", permission="document:publish", status_code=200)
async def withdraw(work: Work, view: View, act_id: UUID) -> Template | Redirect:
    """Asks first where the browser could not (no JavaScript)."""
    if (await view.posted()).get("confirmed") != ["1"]:
        return view.page(
            "confirm.html",
            question="¿Retirar la verificación de este documento?",
            text="Quien abra el código sabrá que la municipalidad la retiró, y cuándo.",
            verb="Retirar verificación",
            back=f"{view.home}/actos/{act_id}",
        )
    await sealing.withdraw(work, act_id)
    return view.redirect(f"{view.home}/actos/{act_id}#verificacion", "Retiramos la verificación.")


async def _receipt(work: Work, act: Act, site: str) -> Any:
    return papers.receipt(
        work.tenant,
        act,
        await store.signatories(work, act.id),
        await store.submissions(work, act.id),
        await store.entries(work, act.id),
        site=site,
        day=work.today(),
        zone=work.zone,
    )


@get("/actos/{act_id:uuid}/constancia", permission="workspace:read")
async def show_receipt(work: Work, view: View, settings: papers.HasAddress, act_id: UUID) -> Template:
    act = await store.act(work, act_id)
    document = await _receipt(work, act, settings.public_url)
    return view.page("acts/receipt.html", act=act, title=signing.title_of(act), document=document)


@get("/actos/{act_id:uuid}/constancia.pdf", permission="workspace:read")
async def receipt_pdf(
    work: Work, view: View, settings: papers.HasAddress, renderer: DocumentRenderer, act_id: UUID
) -> Response[bytes]:
    act = await store.act(work, act_id)
    content = await renderer.pdf(await _receipt(work, act, settings.public_url))
    return view.file(content, name=f"constancia-{act.code or act.id}.pdf", media_type="application/pdf")


ROUTES = [
    workspace(
        list_acts,
        new_act,
        record_new,
        show_register,
        register_file,
        show_act,
        save_signer,
        save_order,
        send_links,
        declare,
        publish,
        withdraw,
        show_receipt,
        receipt_pdf,
    )
]
