"""Pages of the versions: the list, keeping one, reading and comparing them, making one public."""

from dataclasses import replace
from uuid import UUID

from litestar import Response, get, post
from litestar.response import Redirect, Template

from acogida.features.cycles import public as cycles
from acogida.features.methodology.model import Guide
from acogida.features.policies import actions, store
from acogida.features.policies.document import clean_copy, compose
from acogida.features.policies.forms import FreezeVersion, WithdrawPolicy
from acogida.features.policies.known import Known, gather
from acogida.features.policies.model import PolicyVersion
from acogida.features.policies.papers import docx, pdf
from acogida.features.policies.words import MILESTONE_HELP, MILESTONES
from acogida.kernel.document import Document, State, diff, from_json
from acogida.kernel.errors import NotFound, Rejected
from acogida.kernel.ports import DocumentRenderer
from acogida.kernel.work import Work
from acogida.web import forms
from acogida.web.view import View

TODAY = "borrador"
"""In a comparison, the text of today in the place of a version's number."""
DRAFTED = ("first", "revised", "final")
"""Milestones whose text comes straight from the draft."""


@get("/documento/versiones", permission="workspace:read")
async def versions(work: Work, view: View, guides: dict[str, Guide]) -> Template:
    kept = await store.versions(work)
    form = forms.blank(FreezeVersion, milestone=_next_milestone(kept))
    return await _versions(work, view, guides, form)


async def _versions(
    work: Work, view: View, guides: dict[str, Guide], form: forms.Form[FreezeVersion], status: int = 200
) -> Template:
    kept = await store.versions(work)
    known = await gather(work, await cycles.guide_of(work, guides))
    base = await store.newest_version(work, DRAFTED)
    return view.page(
        "policies/versions.html",
        status=status,
        form=form,
        kept=kept,
        milestones=[(key, label, MILESTONE_HELP[key]) for key, label in MILESTONES.items()],
        labels=MILESTONES,
        changed=diff(from_json(base.content), await _today(work, known, base)) if base else (),
        base=base,
        pending=known.observations.get("pending", 0),
        approval=known.acts.get("mayor_approval"),
        publication=await store.own_publication(work),
    )


def _next_milestone(kept: list[store.VersionRow]) -> str:
    milestones = {row.milestone for row in kept}
    if not kept:
        return "first"
    if "final" in milestones and "approved" not in milestones:
        return "approved"
    return "revised"


async def _today(work: Work, known: Known, base: PolicyVersion) -> Document:
    """Today's text as it would be kept, dated as the version it is compared with, so that dates alone change nothing."""
    day = from_json(base.content).date
    known = replace(known, diagnosis=replace(known.diagnosis, today=day))
    return clean_copy(await compose(work, known, day=day), state=State.FROZEN)


@post("/documento/versiones", permission="document:freeze", status_code=200)
async def freeze(work: Work, view: View, guides: dict[str, Guide]) -> Template | Redirect:
    form = forms.read(FreezeVersion, await view.posted())
    if form.ok:
        try:
            row = await actions.freeze(work, await cycles.guide_of(work, guides), form.data)
            return view.redirect(
                f"{view.home}/documento/versiones",
                f"Guardamos la versión {row.number}. Ya no cambia: el borrador sigue siendo suyo.",
            )
        except Rejected as problem:
            form.refuse(problem)
    return await _versions(work, view, guides, form, 422)


@get("/documento/versiones/comparar", permission="workspace:read")
async def compare(work: Work, view: View, guides: dict[str, Guide], de: str = "", a: str = TODAY) -> Template:
    """Two versions side by side; `a=borrador` compares with today's text."""
    kept = await store.versions(work)
    if not kept:
        raise NotFound
    old = await store.version_numbered(work, _number(de or str(kept[-1].number)))
    if a == TODAY:
        known = await gather(work, await cycles.guide_of(work, guides))
        new, new_name = await _today(work, known, old), "Borrador de hoy"
    else:
        row = await store.version_numbered(work, _number(a))
        new, new_name = from_json(row.content), _name(row)
    return view.page(
        "policies/compare.html",
        kept=kept,
        labels=MILESTONES,
        old=old.number,
        new=a,
        old_name=_name(old),
        new_name=new_name,
        sections=diff(from_json(old.content), new),
    )


def _number(value: str) -> int:
    if not value.isdigit() or len(value) > 4:
        raise NotFound
    return int(value)


def _name(row: PolicyVersion) -> str:
    return f"Versión {row.number}, {MILESTONES[row.milestone].lower()}"


@get("/documento/versiones/{version_id:uuid}", permission="workspace:read")
async def show_version(work: Work, view: View, version_id: UUID) -> Template:
    row = await store.version(work, version_id)
    return view.page(
        "policies/version.html",
        row=row,
        labels=MILESTONES,
        document=from_json(row.content),
        publication=await store.own_publication(work),
    )


@get("/documento/versiones/{version_id:uuid}/politica.pdf", permission="workspace:read")
async def version_pdf(work: Work, view: View, renderer: DocumentRenderer, version_id: UUID) -> Response[bytes]:
    row = await store.version(work, version_id)
    return await pdf(view, renderer, from_json(row.content), mark=f"versión {row.number}")


@get("/documento/versiones/{version_id:uuid}/politica.docx", permission="workspace:read")
async def version_docx(work: Work, view: View, renderer: DocumentRenderer, version_id: UUID) -> Response[bytes]:
    row = await store.version(work, version_id)
    return await docx(view, renderer, from_json(row.content), mark=f"versión {row.number}")


@get("/documento/versiones/{version_id:uuid}/resumen.pdf", permission="workspace:read")
async def version_summary_pdf(work: Work, view: View, renderer: DocumentRenderer, version_id: UUID) -> Response[bytes]:
    row = await store.version(work, version_id)
    return await pdf(view, renderer, from_json(row.summary), mark=f"versión {row.number}")


@get("/documento/versiones/{version_id:uuid}/resumen.docx", permission="workspace:read")
async def version_summary_docx(work: Work, view: View, renderer: DocumentRenderer, version_id: UUID) -> Response[bytes]:
    row = await store.version(work, version_id)
    return await docx(view, renderer, from_json(row.summary), mark=f"versión {row.number}")


@post("/documento/versiones/{version_id:uuid}/publicar", permission="document:publish", status_code=200)
async def publish(work: Work, view: View, version_id: UUID) -> Template | Redirect:
    """Asks first where the browser could not (no JavaScript)."""
    row = await store.version(work, version_id)
    if (await view.posted()).get("confirmed") != ["1"]:
        return view.page(
            "confirm.html",
            question=f"¿Publicar la versión {row.number} de la Política?",
            text="Cualquier persona podrá leerla y bajarla, sin cuenta. Se puede retirar después, con un motivo.",
            verb="Publicar la Política",
            back=f"{view.home}/documento/versiones",
        )
    try:
        page = await actions.publish(work, version_id)
    except Rejected as problem:
        work.doom()
        return view.redirect(f"{view.home}/documento/versiones", problem.message, kind="error")
    return view.redirect(f"{view.home}/documento/versiones", f"La Política ya es pública: /politicas/{page.slug}")


@get("/documento/retirar", permission="document:publish")
async def ask_withdraw(work: Work, view: View) -> Template:
    if await store.own_publication(work) is None:
        raise NotFound
    return view.page("policies/withdraw.html", form=forms.blank(WithdrawPolicy))


@post("/documento/retirar", permission="document:publish", status_code=200)
async def withdraw(work: Work, view: View) -> Template | Redirect:
    form = forms.read(WithdrawPolicy, await view.posted())
    if not form.ok:
        return view.page("policies/withdraw.html", status=422, form=form)
    await actions.withdraw(work, form.data)
    return view.redirect(f"{view.home}/documento/versiones", "Retiramos la Política de las páginas públicas.")


HANDLERS = (
    versions,
    freeze,
    compare,
    show_version,
    version_pdf,
    version_docx,
    version_summary_pdf,
    version_summary_docx,
    publish,
    ask_withdraw,
    withdraw,
)
