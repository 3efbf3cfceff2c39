"""The page that a link to sign opens, for somebody who may have no account. It shows the document and nothing else.

An unknown link and one whose turn has not come get the same answer, which says nothing of any document.
"""

from litestar import Response, get, post
from litestar.response import Redirect, Template

from acogida.features.acts import papers, signing, store
from acogida.features.acts.forms import StateCode
from acogida.features.acts.model import Act, Signatory
from acogida.features.evidence import public as evidence
from acogida.kernel.document import Document
from acogida.kernel.errors import NotFound, Rejected
from acogida.kernel.ports import DocumentRenderer, Files
from acogida.kernel.signatures import StateSigning, from_json
from acogida.kernel.work import Work
from acogida.web import forms
from acogida.web.routing import OPEN_WORKSPACE, workspace
from acogida.web.view import View


class _File(forms.FormData):
    """Nothing but a file."""


def _closed(view: View) -> Template:
    return view.page("acts/link_closed.html", status=404)


def _letter(work: Work, act: Act, rows: list[Signatory], site: str) -> Document:
    return papers.letter(work.tenant, act, rows, site=site)


async def _link_page(
    work: Work,
    view: View,
    settings: papers.HasAddress,
    state_signing: StateSigning | None,
    secret: str,
    status: int = 200,
    file_form: forms.Form[_File] | None = None,
    code_form: forms.Form[StateCode] | None = None,
) -> Template:
    view = view.with_shell(municipality=None, nav=(), stages=())
    try:
        act, row = await signing.behind_link(work, secret)
    except NotFound:
        return _closed(view)
    rows = list(await store.signatories(work, act.id))
    mine = [one for one in await store.submissions(work, act.id) if one.submitted_by == row.name]
    latest = mine[0] if mine else None
    return view.page(
        "acts/link.html",
        status=status,
        act=act,
        row=row,
        place=work.tenant,
        secret=secret,
        document=_letter(work, act, rows, settings.public_url),
        before=[one.name for one in rows if one.signed_on],
        latest=latest,
        found=from_json(latest.examination) if latest and latest.examination else None,
        file_form=file_form or forms.blank(_File),
        code_form=code_form or forms.blank(StateCode),
        state_signing=state_signing is not None,
    )


@get("/firmar/{secret:str}", permission=OPEN_WORKSPACE)
async def open_link(
    work: Work, view: View, settings: papers.HasAddress, state_signing: StateSigning | None, secret: str
) -> Template:
    return await _link_page(work, view, settings, state_signing, secret)


async def _to_sign(work: Work, files: Files, renderer: DocumentRenderer, act: Act, site: str) -> bytes:
    """The PDF to sign: the last good one, with the signatures before, or the letter as it was written."""
    if act.file_id is not None and act.standing == "good" and act.way in ("advanced", "firmagob"):
        _, pieces = await evidence.open_file(work, files, act.file_id)
        return b"".join([piece async for piece in pieces])
    return await renderer.pdf(_letter(work, act, list(await store.signatories(work, act.id)), site))


@get("/firmar/{secret:str}/documento.pdf", permission=OPEN_WORKSPACE)
async def link_document(
    work: Work, view: View, files: Files, settings: papers.HasAddress, renderer: DocumentRenderer, secret: str
) -> Response[bytes]:
    act, _ = await signing.behind_link(work, secret)
    content = await _to_sign(work, files, renderer, act, settings.public_url)
    return view.file(content, name=f"carta-de-compromiso-{work.tenant.slug}.pdf", media_type="application/pdf")


@post("/firmar/{secret:str}", permission=OPEN_WORKSPACE, status_code=200)
async def bring_signed(
    work: Work,
    view: View,
    files: Files,
    settings: papers.HasAddress,
    state_signing: StateSigning | None,
    secret: str,
) -> Template | Redirect:
    form = forms.read(_File, await view.posted())
    try:
        await signing.submit_by_link(work, files, secret, await view.uploaded("file"))
    except NotFound:
        return _closed(view.with_shell(municipality=None, nav=(), stages=()))
    except Rejected as problem:
        form.refuse(problem)
        return await _link_page(work, view, settings, state_signing, secret, 422, file_form=form)
    return view.redirect(f"{view.home}/firmar/{secret}", "Recibimos el documento. Estamos comprobando su firma.")


@post("/firmar/{secret:str}/firmagob", permission=OPEN_WORKSPACE, status_code=200)
async def sign_with_state(
    work: Work,
    view: View,
    files: Files,
    settings: papers.HasAddress,
    renderer: DocumentRenderer,
    state_signing: StateSigning | None,
    secret: str,
) -> Template | Redirect:
    form = forms.read(StateCode, await view.posted())
    try:
        act, _ = await signing.behind_link(work, secret)
        if form.ok:
            content = await _to_sign(work, files, renderer, act, settings.public_url)
            await signing.sign_with_state(
                work, files, state_signing, secret, content, run=form.data.run, code=form.data.code
            )
            return view.redirect(
                f"{view.home}/firmar/{secret}", "FirmaGob firmó el documento. Estamos comprobando la firma."
            )
    except NotFound:
        return _closed(view.with_shell(municipality=None, nav=(), stages=()))
    except Rejected as problem:
        form.refuse(problem)
    form.raw.pop("code", None)
    return await _link_page(work, view, settings, state_signing, secret, 422, code_form=form)


ROUTES = [workspace(open_link, link_document, bring_signed, sign_with_state)]
