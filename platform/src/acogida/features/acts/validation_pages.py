"""The stage of validation at a glance, and the validations that units give by themselves."""

from typing import Any
from uuid import UUID

from litestar import get, post
from litestar.response import Redirect, Template

from acogida.features.acts import store
from acogida.features.acts.model import Act
from acogida.features.acts.validation import InternalProgress, concejo_term, internal_progress
from acogida.features.bodies import public as bodies
from acogida.features.bodies.public import EditInternalValidation, Session, ValidationSummary
from acogida.features.cycles.public import guide_of
from acogida.features.drafts import public as drafts
from acogida.features.methodology.model import Guide
from acogida.kernel.errors import Rejected, Stale
from acogida.kernel.work import Work
from acogida.web import forms
from acogida.web.format import long_date
from acogida.web.routing import workspace
from acogida.web.view import View

DRAFT = "validacion/internas"
Requirement = dict[str, Any]


@get("/validacion", permission="workspace:read")
async def overview(work: Work, view: View, guides: dict[str, Guide]) -> Template:
    guide = await guide_of(work, guides)
    summary = await bodies.validation_summary(work)
    progress = await internal_progress(work)
    acts = {act.kind: act for act in await store.acts(work) if act.standing == "good"}
    return view.page(
        "acts/validation.html",
        inside=_inside(view, summary, progress),
        mesa=_mesa(view, summary),
        concejo=_concejo(view, summary),
        authority=_authority(view, acts),
        mesa_came_first=summary.mesa_came_first,
        term=await concejo_term(work),
        tips=[row for row in guide.tips_of("4.1") if row.satisfied_by.screen == "validacion"],
        expectations=guide.row("VAL-4.2-17").text,
    )


def _session(view: View, session: Session | None, **row: Any) -> Requirement:
    """A session as a thing that exists, or the empty frame with the verb that creates it."""
    if session is None:
        return {"done": False, "icon": "meeting", **row}
    place = f"{view.home}/sesiones/{session.id}"
    meta = f"{session.came} asistentes" if session.came else "Con su acta"
    if session.counts:
        return {**row, "done": True, "icon": "meeting", "artefact": session.words, "artefact_href": place, "meta": meta}
    verb = "Escribir el acta que falta" if session.held else "Abrir la sesión programada"
    return {**row, "done": False, "icon": "meeting", "verb": verb, "href": place, "due": session.words}


def _inside(view: View, summary: ValidationSummary, progress: InternalProgress) -> list[Requirement]:
    met = bool(summary.extended and summary.extended.counts)
    rows = [
        _session(
            view,
            summary.extended,
            title="Sesión de validación del equipo municipal ampliado",
            level="minimum",
            verb="Convocar sesión de validación",
            href=f"{view.home}/sesiones/nueva?tipo=validacion",
            note="Va primero: después se lleva la propuesta a la mesa comunal.",
        )
    ]
    if progress.complete and not met:
        rows[0]["note"] = "No hace falta: todas las unidades responsables ya validaron por separado."
        rows[0]["level"] = "recommended"
    rows.append(
        {
            "title": "Validaciones internas, una por unidad",
            "level": "minimum" if not met else "recommended",
            "done": progress.complete,
            "icon": "list",
            "artefact": progress.words,
            "artefact_href": f"{view.home}/validacion/internas",
            "verb": "Registrar validaciones por unidad",
            "href": f"{view.home}/validacion/internas",
            "note": "Sirve en lugar de la sesión cuando las direcciones no pueden juntarse a la vez."
            + (f" Van {progress.words}." if progress.words and not progress.complete else ""),
        }
    )
    return rows


def _mesa(view: View, summary: ValidationSummary) -> list[Requirement]:
    return [
        _session(
            view,
            summary.mesa,
            title="Primera sesión de la mesa comunal",
            level="ideal",
            verb="Convocar la mesa",
            href=f"{view.home}/sesiones/nueva?tipo=primera-mesa",
            note="Opina sobre el alcance, los objetivos y las iniciativas, y acuerda cómo funcionará.",
        )
    ]


def _concejo(view: View, summary: ValidationSummary) -> list[Requirement]:
    session = summary.concejo
    presented = _session(
        view,
        session,
        title="Presentación al concejo municipal",
        level="minimum",
        verb="Programar la presentación",
        href=f"{view.home}/sesiones/nueva?tipo=concejo",
    )
    answered = bool(session and session.held and session.meeting.feedback)
    answer: Requirement = {
        "title": "Retroalimentación del concejo",
        "level": "minimum",
        "done": answered,
        "icon": "comment",
        "note": "«Sin observaciones» también es una respuesta, y se anota.",
    }
    if session and session.held:
        answer["verb"] = "Anotar su respuesta"
        answer["href"] = answer["artefact_href"] = f"{view.home}/sesiones/{session.id}"
        answer["artefact"] = session.meeting.feedback[:140]
    else:
        answer["verb"] = "Después de la presentación"
    return [presented, answer]


def _authority(view: View, acts: dict[str, Act]) -> list[Requirement]:
    place = f"{view.home}/validacion/aprobacion"
    titles = {
        "mayor_approval": ("Aprobación de la alcaldesa o del alcalde", "minimum", "Registrar la aprobación"),
        "concejo_vote": ("Votación del concejo", "ideal", "Registrar la votación"),
        "decree": ("Decreto alcaldicio", "ideal", "Subir el decreto"),
    }
    rows: list[Requirement] = []
    for kind, (title, level, verb) in titles.items():
        act = acts.get(kind)
        done = act is not None and (kind != "concejo_vote" or act.content.get("result") == "approved")
        rows.append(
            {
                "title": title,
                "level": level,
                "done": done,
                "icon": "signature",
                "artefact": f"{title}{f' N.º {act.number}' if act.number else ''}" if act else "",
                "artefact_href": place,
                "meta": long_date(act.dated_on) if act else "",
                "verb": verb,
                "href": place,
                "note": "El concejo la rechazó." if act is not None and not done else "",
            }
        )
    return rows


# Internal validations


@get("/validacion/internas", permission="workspace:read")
async def internal(work: Work, view: View) -> Template:
    form = forms.blank(EditInternalValidation, validated_on=work.today())
    return await _internal(work, view, await drafts.restore(work, DRAFT, form))


async def _internal(work: Work, view: View, form: forms.Form[EditInternalValidation], status: int = 200) -> Template:
    return view.page("acts/internal.html", status=status, form=form, progress=await internal_progress(work))


@post("/validacion/internas", permission="meeting:edit", status_code=200)
async def add_internal(work: Work, view: View) -> Template | Redirect:
    form = forms.read(EditInternalValidation, await view.posted())
    if form.ok:
        try:
            row = await bodies.add_internal_validation(work, form.data)
            await drafts.discard(work, DRAFT)
            return view.redirect(f"{view.home}/validacion/internas", f"Registramos la validación de {row.unit}.")
        except Rejected as problem:
            form.refuse(problem)
    return await _internal(work, view, form, 422)


@get("/validacion/internas/{validation_id:uuid}", permission="workspace:read")
async def show_internal(work: Work, view: View, validation_id: UUID) -> Template:
    row = await bodies.internal_validation(work, validation_id)
    form = await drafts.restore(work, f"{DRAFT}/{validation_id}", forms.filled(EditInternalValidation, row))
    return await _one(work, view, form, row)


async def _one(
    work: Work, view: View, form: forms.Form[EditInternalValidation], row: bodies.InternalValidation, status: int = 200
) -> Template:
    return view.page("acts/internal_one.html", status=status, form=form, row=row)


@post("/validacion/internas/{validation_id:uuid}", permission="meeting:edit", status_code=200)
async def save_internal(work: Work, view: View, validation_id: UUID) -> Template | Redirect:
    row = await bodies.internal_validation(work, validation_id)
    form = forms.read(EditInternalValidation, await view.posted())
    if form.ok:
        try:
            await bodies.edit_internal_validation(work, validation_id, form.data)
            await drafts.discard(work, f"{DRAFT}/{validation_id}")
            return view.redirect(f"{view.home}/validacion/internas", "Guardamos los cambios.")
        except Rejected as problem:
            form.refuse(problem)
        except Stale as stale:
            return view.conflict(
                form, forms.filled(EditInternalValidation, stale.current), title=row.unit, back=view.shell.path
            )
    return await _one(work, view, form, row, 422)


@post("/validacion/internas/{validation_id:uuid}/quitar", permission="meeting:edit", status_code=200)
async def remove_internal(work: Work, view: View, validation_id: UUID) -> Template | Redirect:
    """Asks first where the browser could not (no JavaScript)."""
    row = await bodies.internal_validation(work, validation_id)
    if (await view.posted()).get("confirmed") != ["1"]:
        return view.page(
            "confirm.html",
            question=f"¿Quitar la validación de {row.unit}?",
            text="La actividad del espacio conservará que existió.",
            verb="Quitar validación",
            back=f"{view.home}/validacion/internas",
        )
    await bodies.remove_internal_validation(work, validation_id)
    return view.redirect(f"{view.home}/validacion/internas", f"Quitamos la validación de {row.unit}.")


ROUTES = [workspace(overview, internal, add_internal, show_internal, save_internal, remove_internal)]
