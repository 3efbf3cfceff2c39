"""Which workshops there are, calling one, who attended, marking it as held."""

from collections.abc import Mapping
from uuid import UUID

from litestar import get, post
from litestar.response import Redirect, Template

from acogida.features.cycles.public import closed_gates, guide_of
from acogida.features.drafts import public as drafts
from acogida.features.methodology.model import Guide
from acogida.features.workshops import actions, agenda, store
from acogida.features.workshops.forms import EditGroup, EditWorkshop, blank_workshop, filled_workshop
from acogida.features.workshops.report import WorkshopRecord, record_of, records
from acogida.features.workshops.words import KINDS, PARTICIPANTS, TOTAL_MINUTES
from acogida.kernel.errors import Rejected, Stale
from acogida.kernel.work import Work
from acogida.web import forms
from acogida.web.routing import workspace
from acogida.web.view import View

CONVENING_GATE = "GATE-3.1a"
"""The guide's conditions to call the planning workshop."""


@get("/talleres", permission="workspace:read")
async def overview(work: Work, view: View, guides: dict[str, Guide]) -> Template:
    guide = await guide_of(work, guides)
    return view.page(
        "workshops/overview.html",
        found=await records(work),
        kinds=KINDS,
        reading=next(reading for reading in guide.readings if reading.id == "AMB-03"),
    )


@get("/talleres/nuevo", permission="meeting:edit")
async def new_workshop(
    work: Work, view: View, guides: dict[str, Guide], tipo: str = "", eje: list[str] | None = None
) -> Template:
    """Without a kind, asks for it. `eje` may come several times: the ejes that the groups will work on."""
    if tipo not in KINDS:
        return view.page("workshops/kinds.html", kinds=KINDS, can_convene=await _may_convene(work))
    guide = await guide_of(work, guides)
    form = blank_workshop(
        kind=tipo,
        title=_proposed_title(tipo),
        invitation=agenda.proposed_invitation(work.tenant.name, tipo),
        agenda=agenda.proposed_moments(guide, tipo),
        working_groups=agenda.proposed_groups(guide, tipo, eje or []),
    )
    return await _form(work, view, guides, await drafts.restore(work, f"talleres/nuevo/{tipo}", form), None)


def _proposed_title(kind: str) -> str:
    return {
        "diagnosis_officials": "Taller de diagnóstico con funcionarias y funcionarios",
        "diagnosis_users": "Taller de diagnóstico con personas usuarias y organizaciones",
        "diagnosis_mixed": "Taller de diagnóstico participativo",
        "planning": "Taller de planificación",
    }[kind]


@post("/talleres/nuevo", permission="meeting:edit", status_code=200)
async def call_workshop(work: Work, view: View, guides: dict[str, Guide]) -> Template | Redirect:
    form = forms.read(EditWorkshop, await view.posted())
    if form.ok:
        try:
            row = await actions.call_workshop(work, form.data)
            await drafts.discard(work, f"talleres/nuevo/{row.kind}")
            return view.redirect(f"{view.home}/talleres/{row.id}", f"Programamos «{row.title}».")
        except Rejected as problem:
            form.refuse(problem)
    return await _form(work, view, guides, form, None, 422)


@get("/talleres/{workshop_id:uuid}/convocatoria", permission="meeting:edit")
async def edit_page(work: Work, view: View, guides: dict[str, Guide], workshop_id: UUID) -> Template:
    record = await record_of(work, workshop_id)
    form = await drafts.restore(work, f"talleres/{workshop_id}", filled_workshop(record.workshop))
    return await _form(work, view, guides, form, record)


@post("/talleres/{workshop_id:uuid}/convocatoria", permission="meeting:edit", status_code=200)
async def save_workshop(work: Work, view: View, guides: dict[str, Guide], workshop_id: UUID) -> Template | Redirect:
    record = await record_of(work, workshop_id)
    form = forms.read(EditWorkshop, await view.posted())
    if form.ok:
        try:
            await actions.edit_workshop(work, workshop_id, form.data)
            await drafts.discard(work, f"talleres/{workshop_id}")
            return view.redirect(f"{view.home}/talleres/{workshop_id}", "Guardamos la convocatoria.")
        except Rejected as problem:
            form.refuse(problem)
        except Stale:
            return view.conflict(
                form,
                filled_workshop(await store.workshop(work, workshop_id)),
                title=record.workshop.title,
                back=f"{view.home}/talleres/{workshop_id}",
            )
    return await _form(work, view, guides, form, record, 422)


async def _form(
    work: Work,
    view: View,
    guides: Mapping[str, Guide],
    form: forms.Form[EditWorkshop],
    record: WorkshopRecord | None,
    status: int = 200,
) -> Template:
    guide = await guide_of(work, guides)
    kind = form.value("kind") if form.value("kind") in KINDS else "diagnosis_mixed"
    return view.page(
        "workshops/edit.html",
        status=status,
        form=form,
        record=record,
        kind=kind,
        kinds=KINDS,
        participants=PARTICIPANTS,
        total_minutes=TOTAL_MINUTES,
        tips=guide.tips_of("3.1" if kind == "planning" else "2.3"),
        draft_key=f"talleres/{record.id}" if record else f"talleres/nuevo/{kind}",
    )


@get("/talleres/{workshop_id:uuid}", permission="workspace:read")
async def show(work: Work, view: View, guides: dict[str, Guide], workshop_id: UUID) -> Template:
    record = await record_of(work, workshop_id)
    return await _show(work, view, guides, record, forms.blank(EditGroup))


async def _show(
    work: Work,
    view: View,
    guides: Mapping[str, Guide],
    record: WorkshopRecord,
    form: forms.Form[EditGroup],
    *,
    trouble: str = "",
    status: int = 200,
) -> Template:
    guide = await guide_of(work, guides)
    row = record.workshop
    return view.page(
        "workshops/show.html",
        status=status,
        record=record,
        form=form,
        kinds=KINDS,
        participants=PARTICIPANTS,
        moments=agenda.moments(guide, row.kind, row.agenda, row.starts_at),
        total_minutes=TOTAL_MINUTES,
        can_convene=row.kind != "planning" or row.status == "held" or await _may_convene(work),
        trouble=trouble,
        today=work.today(),
    )


async def _may_convene(work: Work) -> bool:
    return CONVENING_GATE in await closed_gates(work)


@post("/talleres/{workshop_id:uuid}/participantes", permission="meeting:edit", status_code=200)
async def count_group(work: Work, view: View, guides: dict[str, Guide], workshop_id: UUID) -> Template | Redirect:
    form = forms.read(EditGroup, await view.posted())
    if form.ok:
        try:
            await actions.count_group(work, workshop_id, form.data)
            return view.redirect(f"{view.home}/talleres/{workshop_id}#participantes", "Anotamos la asistencia.")
        except Rejected as problem:
            form.refuse(problem)
    return await _show(work, view, guides, await record_of(work, workshop_id), form, status=422)


@get("/talleres/{workshop_id:uuid}/participantes/{group_id:uuid}", permission="meeting:edit")
async def group_page(work: Work, view: View, workshop_id: UUID, group_id: UUID) -> Template:
    row = await store.group(work, workshop_id, group_id)
    return await _group(work, view, workshop_id, row.id, forms.filled(EditGroup, row))


async def _group(
    work: Work, view: View, workshop_id: UUID, group_id: UUID, form: forms.Form[EditGroup], status: int = 200
) -> Template:
    workshop = await store.workshop(work, workshop_id)
    return view.page(
        "workshops/group.html",
        status=status,
        workshop=workshop,
        group_id=group_id,
        form=form,
        participants=PARTICIPANTS,
    )


@post("/talleres/{workshop_id:uuid}/participantes/{group_id:uuid}", permission="meeting:edit", status_code=200)
async def recount_group(work: Work, view: View, workshop_id: UUID, group_id: UUID) -> Template | Redirect:
    form = forms.read(EditGroup, await view.posted())
    back = f"{view.home}/talleres/{workshop_id}"
    if form.ok:
        try:
            await actions.recount_group(work, workshop_id, group_id, form.data)
            return view.redirect(f"{back}#participantes", "Corregimos la asistencia.")
        except Rejected as problem:
            form.refuse(problem)
        except Stale as stale:
            return view.conflict(form, forms.filled(EditGroup, stale.current), title="Asistencia", back=back)
    return await _group(work, view, workshop_id, group_id, form, 422)


@post("/talleres/{workshop_id:uuid}/participantes/{group_id:uuid}/quitar", permission="meeting:edit", status_code=200)
async def remove_group(work: Work, view: View, workshop_id: UUID, group_id: UUID) -> Template | Redirect:
    """Asks first where the browser could not (no JavaScript)."""
    row = await store.group(work, workshop_id, group_id)
    if (await view.posted()).get("confirmed") != ["1"]:
        return view.page(
            "confirm.html",
            question=f"¿Quitar la fila «{PARTICIPANTS[row.kind]}»?",
            text="La actividad del espacio conservará lo que decía.",
            verb="Quitar la fila",
            back=f"{view.home}/talleres/{workshop_id}",
        )
    try:
        await actions.remove_group(work, workshop_id, group_id)
    except Rejected as problem:
        return view.redirect(f"{view.home}/talleres/{workshop_id}#participantes", problem.message, kind="warning")
    return view.redirect(f"{view.home}/talleres/{workshop_id}#participantes", "Quitamos la fila.")


@post("/talleres/{workshop_id:uuid}/realizado", permission="meeting:edit", status_code=200)
async def hold(work: Work, view: View, guides: dict[str, Guide], workshop_id: UUID) -> Template | Redirect:
    return await _mark(work, view, guides, workshop_id, held=True)


@post("/talleres/{workshop_id:uuid}/programado", permission="meeting:edit", status_code=200)
async def put_back(work: Work, view: View, guides: dict[str, Guide], workshop_id: UUID) -> Template | Redirect:
    return await _mark(work, view, guides, workshop_id, held=False)


async def _mark(
    work: Work, view: View, guides: Mapping[str, Guide], workshop_id: UUID, *, held: bool
) -> Template | Redirect:
    version = forms.read(EditGroup, await view.posted()).value("version")
    mark = actions.hold if held else actions.put_back
    try:
        row = await mark(work, workshop_id, version=int(version) if version.isdigit() else 0)
    except (Rejected, Stale) as problem:
        record = await record_of(work, workshop_id)
        return await _show(
            work, view, guides, record, forms.blank(EditGroup), trouble=problem.message, status=problem.status
        )
    words = f"«{row.title}» quedó como realizado." if held else f"«{row.title}» volvió a quedar programado."
    return view.redirect(f"{view.home}/talleres/{workshop_id}", words)


@post("/talleres/{workshop_id:uuid}/quitar", permission="meeting:edit", status_code=200)
async def remove_workshop(work: Work, view: View, guides: dict[str, Guide], workshop_id: UUID) -> Template | Redirect:
    """Asks first where the browser could not (no JavaScript)."""
    record = await record_of(work, workshop_id)
    if (await view.posted()).get("confirmed") != ["1"]:
        return view.page(
            "confirm.html",
            question=f"¿Quitar «{record.workshop.title}»?",
            text="Se quitan también su asistencia y sus anotaciones. La actividad del espacio conservará que existió.",
            verb="Quitar el taller",
            back=f"{view.home}/talleres/{workshop_id}",
        )
    try:
        await actions.remove_workshop(work, workshop_id)
    except Rejected as problem:
        return await _show(work, view, guides, record, forms.blank(EditGroup), trouble=problem.message, status=422)
    return view.redirect(f"{view.home}/talleres", f"Quitamos «{record.workshop.title}».")


ROUTES = [
    workspace(
        overview,
        new_workshop,
        call_workshop,
        edit_page,
        save_workshop,
        show,
        count_group,
        group_page,
        recount_group,
        remove_group,
        hold,
        put_back,
        remove_workshop,
    )
]
