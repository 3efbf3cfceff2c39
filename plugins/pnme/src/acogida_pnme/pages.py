"""Pages of the national policy and the 2030 Agenda: how both stand, what is proposed, the statement, the spreadsheet."""

from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.response import Redirect, Template

from acogida.sdk import NotFound, Rejected, Stale, View, Work, drafts, forms, initiatives, spreadsheet
from acogida_pnme import actions, sheet, store
from acogida_pnme.forms import Accept, EditStatement
from acogida_pnme.frameworks import OBJECTIVES
from acogida_pnme.looking import labels_of, look, proposals_for, propose

DRAFT = "pnme/declaracion"


def _home(view: View) -> str:
    return f"{view.home}/x/pnme"


def _page(view: View, template: str, *, status: int = 200, **context: Any) -> Template:
    place = f"{view.home}/marcos/pnme"
    return view.page(f"pnme/{template}", status=status, home=_home(view), place=place, **context)


@get("/", permission="workspace:read")
async def show_overview(work: Work, view: View) -> Template:
    looked = await look(work)
    said = await store.statement(work, actions.WRITTEN)
    proposed = await propose(work, looked)
    return _page(view, "overview.html", looked=looked, said=said, proposed=proposed, objectives=OBJECTIVES)


@get("/alineacion.xlsx", permission="workspace:read")
async def download(work: Work, view: View) -> Response[bytes]:
    content = spreadsheet.workbook(
        sheet.sheets(await look(work), commune=work.tenant.name),
        title="Alineación con la PNME y los ODS",
        made_at=work.clock.now(),
    )
    name = f"alineacion-{work.tenant.slug}-{work.today().isoformat()}.xlsx"
    return view.file(content, name=name, media_type=spreadsheet.MEDIA_TYPE)


@get("/propuestas", permission="workspace:read")
async def show_proposals(work: Work, view: View) -> Template:
    return await _proposals(work, view, forms.blank(Accept))


@post("/propuestas", permission="planning:edit", status_code=200)
async def accept(work: Work, view: View) -> Template | Redirect:
    form = forms.read(Accept, await view.posted())
    if form.ok:
        try:
            count = await actions.accept(work, await propose(work, await look(work)), form.data)
            return view.redirect(_home(view), f"Vinculamos {count}.")
        except Rejected as problem:
            form.refuse(problem)
    return await _proposals(work, view, form, 422)


async def _proposals(work: Work, view: View, form: forms.Form[Accept], status: int = 200) -> Template:
    rows = await initiatives(work)
    proposed = proposals_for(rows, await look(work))
    undeclared = [row for row in rows if not row.dimensions]
    chosen = set(form.values("pairs"))
    return _page(
        view, "proposals.html", status=status, form=form, proposed=proposed, chosen=chosen, undeclared=undeclared
    )


@get("/declaracion", permission="workspace:read")
async def show_statement(work: Work, view: View) -> Template:
    row = await store.statement(work, actions.WRITTEN)
    start = forms.filled(EditStatement, row) if row else forms.blank(EditStatement, text=await _proposed_text(work))
    return _page(view, "statement.html", form=await drafts.restore(work, DRAFT, start), row=row)


@post("/declaracion", permission="planning:edit", status_code=200)
async def save_statement(work: Work, view: View) -> Template | Redirect:
    form = forms.read(EditStatement, await view.posted())
    if form.ok:
        try:
            await actions.write_statement(work, form.data)
            await drafts.discard(work, DRAFT)
            return view.redirect(_home(view), "Guardamos la declaración.")
        except Rejected as problem:
            form.refuse(problem)
        except Stale as stale:
            theirs = forms.filled(EditStatement, stale.current) if stale.current else forms.blank(EditStatement)
            back = f"{_home(view)}/declaracion"
            return view.conflict(form, theirs, title="Declaración sobre la Agenda 2030", back=back)
    row = await store.statement(work, actions.WRITTEN)
    return _page(view, "statement.html", status=422, form=form, row=row)


async def _proposed_text(work: Work) -> str:
    each = (await look(work))[actions.WRITTEN]
    labels = [each.known.nodes[code].label for code in each.known.nodes if code in each.linked_nodes]
    return actions.proposed_statement(labels)


@get("/vinculos/{kind:str}/{subject_id:uuid}", permission="workspace:read")
async def show_links(work: Work, view: View, kind: str, subject_id: UUID) -> Template:
    """What one thing works for in both frameworks, and the way to change it in each."""
    looked = await look(work)
    subject = next((each for each in looked["pnme"].found.subjects if (each.kind, each.id) == (kind, subject_id)), None)
    if subject is None:
        raise NotFound
    return _page(view, "links.html", looked=looked, subject=subject, labels=labels_of(looked, kind, subject_id))


HANDLERS = (
    show_overview,
    download,
    show_proposals,
    accept,
    show_statement,
    save_statement,
    show_links,
)
