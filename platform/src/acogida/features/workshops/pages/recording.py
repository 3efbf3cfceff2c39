"""What was said: post-its typed fast, proposed initiatives, notes and conclusions."""

from urllib.parse import quote
from uuid import UUID

from litestar import get, post
from litestar.response import Redirect, Template

from acogida.features.cycles.public import guide_of
from acogida.features.drafts import public as drafts
from acogida.features.evidence import public as evidence
from acogida.features.methodology.model import Guide
from acogida.features.workshops import actions, store
from acogida.features.workshops.forms import (
    AddEntries,
    AddFiles,
    EditCandidate,
    EditEntry,
    EditRecord,
    filled_candidate,
    filled_entry,
)
from acogida.features.workshops.model import Workshop
from acogida.features.workshops.report import WorkshopRecord, by_axis, record_of
from acogida.features.workshops.words import ENTRY_KINDS, ENTRY_PLURALS, FILE_KINDS, KINDS, VERDICTS, entry_kinds_of
from acogida.kernel.errors import Rejected, Stale
from acogida.kernel.work import Work
from acogida.web import forms
from acogida.web.routing import workspace
from acogida.web.view import View


@get("/talleres/{workshop_id:uuid}/registro", permission="workspace:read")
async def board(work: Work, view: View, workshop_id: UUID, grupo: str = "") -> Template:
    """`grupo` is the one whose sheet is being read: it stays written while the recorder goes through it."""
    return await _board(work, view, await record_of(work, workshop_id), {}, group=grupo)


async def _board(
    work: Work,
    view: View,
    record: WorkshopRecord,
    wrong: dict[str, forms.Form[AddEntries]],
    *,
    group: str = "",
    status: int = 200,
    just_noted: int = 0,
) -> Template:
    row = record.workshop
    return view.page(
        "workshops/_board.html" if view.is_fragment else "workshops/board.html",
        status=status,
        record=record,
        board_kinds=entry_kinds_of(row.kind),
        entry_kinds=ENTRY_KINDS,
        entry_plurals=ENTRY_PLURALS,
        verdicts=VERDICTS,
        kinds=KINDS,
        groups=_group_names(record),
        axes=_axes(row),
        wrong=wrong,
        group=group,
        just_noted=just_noted,
    )


def _group_names(record: WorkshopRecord) -> list[str]:
    named = [group["name"] for group in record.workshop.working_groups]
    return list(
        dict.fromkeys([*named, *(entry.group_name for entry in record.entries if entry.group_name), "Plenario"])
    )


def _axes(workshop: Workshop) -> list[str]:
    return list(dict.fromkeys(axis for group in workshop.working_groups for axis in group["axes"]))


@post("/talleres/{workshop_id:uuid}/registro", permission="meeting:edit", status_code=200)
async def note(work: Work, view: View, workshop_id: UUID) -> Template | Redirect:
    """Each line is one entry. With htmx the board comes back by itself; without it, the browser returns to the column."""
    form = forms.read(AddEntries, await view.posted())
    if form.ok:
        try:
            rows = await actions.note_entries(work, workshop_id, form.data)
        except Rejected as problem:
            form.refuse(problem)
        else:
            group = form.data.group_name
            if view.is_fragment:
                record = await record_of(work, workshop_id)
                return await _board(work, view, record, {}, group=group, just_noted=len(rows))
            words = "Anotado." if len(rows) == 1 else f"Anotamos {len(rows)} líneas."
            return view.redirect(
                f"{view.home}/talleres/{workshop_id}/registro?grupo={quote(group)}#{form.data.kind}", words
            )
    record = await record_of(work, workshop_id)
    kind = form.value("kind") if form.value("kind") in ENTRY_KINDS else entry_kinds_of(record.workshop.kind)[0]
    return await _board(work, view, record, {kind: form}, group=form.value("group_name"), status=422)


@get("/talleres/{workshop_id:uuid}/aportes/{entry_id:uuid}", permission="workspace:read")
async def entry_page(work: Work, view: View, workshop_id: UUID, entry_id: UUID) -> Template | Redirect:
    row = await store.entry(work, entry_id, workshop_id=workshop_id)
    if row.kind == "initiative":
        return view.redirect(f"{view.home}/talleres/{workshop_id}/iniciativas/{entry_id}")
    form = await drafts.restore(work, f"talleres/aportes/{entry_id}", filled_entry(row))
    return await _entry(work, view, workshop_id, entry_id, form)


async def _entry(
    work: Work, view: View, workshop_id: UUID, entry_id: UUID, form: forms.Form[EditEntry], status: int = 200
) -> Template:
    workshop = await store.workshop(work, workshop_id)
    kinds = entry_kinds_of(workshop.kind)
    return view.page(
        "workshops/entry.html",
        status=status,
        workshop=workshop,
        entry_id=entry_id,
        form=form,
        options=[(kind, ENTRY_KINDS[kind]) for kind in kinds],
        verdicts=VERDICTS,
    )


@post("/talleres/{workshop_id:uuid}/aportes/{entry_id:uuid}", permission="meeting:edit", status_code=200)
async def save_entry(work: Work, view: View, workshop_id: UUID, entry_id: UUID) -> Template | Redirect:
    form = forms.read(EditEntry, await view.posted())
    if form.ok:
        try:
            row = await actions.edit_entry(work, workshop_id, entry_id, form.data)
            await drafts.discard(work, f"talleres/aportes/{entry_id}")
            return view.redirect(f"{view.home}/talleres/{workshop_id}/registro#{row.kind}", "Guardamos la anotación.")
        except Rejected as problem:
            form.refuse(problem)
        except Stale:
            return view.conflict(
                form,
                filled_entry(await store.entry(work, entry_id)),
                title="Anotación",
                back=f"{view.home}/talleres/{workshop_id}/registro",
            )
    return await _entry(work, view, workshop_id, entry_id, form, 422)


@post("/talleres/{workshop_id:uuid}/aportes/{entry_id:uuid}/quitar", permission="meeting:edit", status_code=200)
async def remove_entry(work: Work, view: View, workshop_id: UUID, entry_id: UUID) -> Template | Redirect:
    """Asks first where the browser could not (no JavaScript)."""
    row = await store.entry(work, entry_id, workshop_id=workshop_id)
    part = "iniciativas" if row.kind == "initiative" else "registro"
    back = f"{view.home}/talleres/{workshop_id}/{part}"
    if (await view.posted()).get("confirmed") != ["1"]:
        return view.page(
            "confirm.html",
            question="¿Quitar esta anotación?",
            text=f"«{row.text}». La actividad del espacio conservará lo que decía.",
            verb="Quitar la anotación",
            back=back,
        )
    try:
        await actions.remove_entry(work, workshop_id, entry_id)
    except Rejected as problem:
        return view.redirect(back, problem.message, kind="warning")
    return view.redirect(back, "Quitamos la anotación.")


@get("/talleres/{workshop_id:uuid}/iniciativas", permission="workspace:read")
async def proposals(work: Work, view: View, guides: dict[str, Guide], workshop_id: UUID) -> Template:
    record = await record_of(work, workshop_id)
    guide = await guide_of(work, guides)
    axes = _axes(record.workshop)
    found = by_axis(record.candidates)
    return view.page(
        "workshops/proposals.html",
        record=record,
        kinds=KINDS,
        by_axis=found,
        short=[axis for axis in axes if len(found.get(axis, [])) < 2],
        tips=guide.tips_of("3.1"),
    )


@get("/talleres/{workshop_id:uuid}/iniciativas/nueva", permission="meeting:edit")
async def new_proposal(work: Work, view: View, workshop_id: UUID, eje: str = "", grupo: str = "") -> Template:
    key = f"talleres/{workshop_id}/iniciativas/nueva"
    form = await drafts.restore(work, key, forms.blank(EditCandidate, axis=eje, group_name=grupo))
    return await _proposal(work, view, workshop_id, None, form)


async def _proposal(
    work: Work,
    view: View,
    workshop_id: UUID,
    entry_id: UUID | None,
    form: forms.Form[EditCandidate],
    status: int = 200,
) -> Template:
    record = await record_of(work, workshop_id)
    return view.page(
        "workshops/proposal.html",
        status=status,
        record=record,
        entry_id=entry_id,
        form=form,
        axes=_axes(record.workshop),
        groups=_group_names(record),
        draft_key=f"talleres/{workshop_id}/iniciativas/{entry_id or 'nueva'}",
    )


@post("/talleres/{workshop_id:uuid}/iniciativas/nueva", permission="meeting:edit", status_code=200)
async def propose(work: Work, view: View, workshop_id: UUID) -> Template | Redirect:
    posted = await view.posted()
    form = forms.read(EditCandidate, posted)
    if form.ok:
        try:
            row = await actions.propose(work, workshop_id, form.data)
        except Rejected as problem:
            form.refuse(problem)
        else:
            await drafts.discard(work, f"talleres/{workshop_id}/iniciativas/nueva")
            back = f"{view.home}/talleres/{workshop_id}/iniciativas"
            if posted.get("then") == ["another"]:
                again = f"eje={quote(form.data.axis)}&grupo={quote(form.data.group_name)}"
                back = f"{back}/nueva?{again}"
            return view.redirect(back, f"Anotamos «{row.text}».")
    return await _proposal(work, view, workshop_id, None, form, 422)


@get("/talleres/{workshop_id:uuid}/iniciativas/{entry_id:uuid}", permission="workspace:read")
async def proposal_page(work: Work, view: View, workshop_id: UUID, entry_id: UUID) -> Template:
    row = await store.entry(work, entry_id, workshop_id=workshop_id)
    key = f"talleres/{workshop_id}/iniciativas/{entry_id}"
    return await _proposal(work, view, workshop_id, entry_id, await drafts.restore(work, key, filled_candidate(row)))


@post("/talleres/{workshop_id:uuid}/iniciativas/{entry_id:uuid}", permission="meeting:edit", status_code=200)
async def save_proposal(work: Work, view: View, workshop_id: UUID, entry_id: UUID) -> Template | Redirect:
    form = forms.read(EditCandidate, await view.posted())
    back = f"{view.home}/talleres/{workshop_id}/iniciativas"
    if form.ok:
        try:
            await actions.edit_proposal(work, workshop_id, entry_id, form.data)
            await drafts.discard(work, f"talleres/{workshop_id}/iniciativas/{entry_id}")
            return view.redirect(back, "Guardamos la iniciativa propuesta.")
        except Rejected as problem:
            form.refuse(problem)
        except Stale:
            theirs = filled_candidate(await store.entry(work, entry_id))
            return view.conflict(form, theirs, title="Iniciativa propuesta", back=back)
    return await _proposal(work, view, workshop_id, entry_id, form, 422)


@get("/talleres/{workshop_id:uuid}/conclusiones", permission="workspace:read")
async def conclusions(work: Work, view: View, workshop_id: UUID) -> Template:
    record = await record_of(work, workshop_id)
    key = f"talleres/{workshop_id}/conclusiones"
    form = await drafts.restore(work, key, forms.filled(EditRecord, record.workshop))
    return await conclusions_page(work, view, record, form)


async def conclusions_page(
    work: Work,
    view: View,
    record: WorkshopRecord,
    form: forms.Form[EditRecord],
    *,
    brought: forms.Form[AddFiles] | None = None,
    status: int = 200,
) -> Template:
    return view.page(
        "workshops/conclusions.html",
        status=status,
        record=record,
        form=form,
        brought=brought or forms.blank(AddFiles),
        kinds=KINDS,
        photographs=await evidence.files_of(work, "workshop", record.id),
        people=evidence.PEOPLE,
        file_kinds=FILE_KINDS,
        entry_plurals=ENTRY_PLURALS,
        board_kinds=entry_kinds_of(record.workshop.kind),
    )


@post("/talleres/{workshop_id:uuid}/conclusiones", permission="meeting:edit", status_code=200)
async def save_conclusions(work: Work, view: View, workshop_id: UUID) -> Template | Redirect:
    form = forms.read(EditRecord, await view.posted())
    back = f"{view.home}/talleres/{workshop_id}/conclusiones"
    if form.ok:
        try:
            await actions.write_record(work, workshop_id, form.data)
            await drafts.discard(work, f"talleres/{workshop_id}/conclusiones")
            return view.redirect(back, "Guardamos las conclusiones.")
        except Stale as stale:
            return view.conflict(form, forms.filled(EditRecord, stale.current), title="Conclusiones", back=back)
    return await conclusions_page(work, view, await record_of(work, workshop_id), form, status=422)


ROUTES = [
    workspace(
        board,
        note,
        entry_page,
        save_entry,
        remove_entry,
        proposals,
        new_proposal,
        propose,
        proposal_page,
        save_proposal,
        conclusions,
        save_conclusions,
    )
]
