"""Pages of the sessions: the calendar, one session from its table to its acta, and the acta as paper."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.response import Redirect, Template

from acogida.features.bodies import store
from acogida.features.bodies.actions import sessions as actions
from acogida.features.bodies.actions.teams import fold_name
from acogida.features.bodies.forms import (
    AGREEMENT_TICKS,
    ATTENDEE_TICKS,
    BODIES,
    AgreementRow,
    AttendeeRow,
    EditMeeting,
    MeetingSheet,
    MeetingTerms,
    rows_of,
)
from acogida.features.bodies.minutes import Record, acta, signers_of
from acogida.features.bodies.model import Body, Meeting
from acogida.features.bodies.records import sessions
from acogida.features.bodies.words import (
    BODY_KINDS,
    COMMENTED,
    FIRST_KIND,
    KIND_OF_SLUG,
    MEETING_KINDS,
    MEETING_SLUGS,
    NO_REMARKS,
    SCOPE_PROPOSAL,
    USUAL_BODY,
    proposed_agenda,
)
from acogida.features.cycles.public import guide_of
from acogida.features.drafts import public as drafts
from acogida.features.evidence import public as evidence
from acogida.features.methodology.model import Guide
from acogida.kernel.document import Document
from acogida.kernel.errors import Rejected, Stale
from acogida.kernel.ports import DocumentRenderer, Files
from acogida.kernel.work import Work
from acogida.web import forms
from acogida.web.routing import workspace
from acogida.web.view import View

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
FILE_KINDS = [(key, evidence.KINDS[key]) for key in ("minutes", "attendance", "photograph", "other")]
_SPARE_ROWS = 2
_QUESTIONS_OF = ("IMPL-5.2-08", "IMPL-5.2-09", "IMPL-5.2-10", "IMPL-5.2-11", "IMPL-5.2-12")


def questions(guide: Guide, kind: str) -> dict[str, str]:
    """This function will give the guide's questions for a session of this kind: id of the row → words (IMPL-5.2)."""
    if kind != "follow_up":
        return {}
    return {row_id: guide.row(row_id).text.removeprefix("Pregunta de seguimiento. ") for row_id in _QUESTIONS_OF}


# The calendar


@get("/sesiones", permission="workspace:read")
async def calendar(work: Work, view: View, cuerpo: str = "", tipo: str = "") -> Template:
    body_kind = KIND_OF_SLUG.get(cuerpo, "")
    kind = MEETING_SLUGS.get(tipo, "")
    found = await sessions(work, kinds=(kind,) if kind else (), body_kind=body_kind)
    today = work.today()
    return view.page(
        "bodies/calendar.html",
        coming=[one for one in found if not one.held and one.meeting.held_on >= today],
        unclosed=[one for one in found if not one.held and one.meeting.held_on < today],
        past=[one for one in reversed(found) if one.held],
        pending=[
            (agreement, meeting)
            for agreement, meeting in await store.agreements_due(work)
            if not (body_kind or kind) or any(one.id == meeting.id for one in found)
        ],
        today=today,
        kinds=MEETING_KINDS,
        slugs=MEETING_SLUGS,
        body_kinds=BODY_KINDS,
        chosen=(cuerpo if body_kind else "", tipo if kind else ""),
    )


@get("/sesiones/nueva", permission="meeting:edit")
async def new_meeting(work: Work, view: View, guides: dict[str, Guide], cuerpo: str = "", tipo: str = "") -> Template:
    body_kind = KIND_OF_SLUG.get(cuerpo, "")
    kind = MEETING_SLUGS.get(tipo) or FIRST_KIND.get(body_kind, "")
    if not kind:
        return view.page("bodies/choose_meeting.html", kinds=MEETING_KINDS, slugs=MEETING_SLUGS)
    if kind == "first_mesa" and not tipo and any(one.held for one in await sessions(work, body_kind="mesa")):
        kind = "mesa"
    guide = await guide_of(work, guides)
    form = forms.blank(
        MeetingTerms,
        kind=kind,
        body_kind=body_kind or USUAL_BODY.get(kind, ""),
        title=MEETING_KINDS[kind],
        agenda=proposed_agenda(kind, tuple(questions(guide, kind).values())),
        scope=SCOPE_PROPOSAL if kind in COMMENTED else "",
    )
    return _new_page(view, await drafts.restore(work, "sesiones/nueva", form))


def _new_page(view: View, form: forms.Form[MeetingTerms], status: int = 200) -> Template:
    return view.page(
        "bodies/new_meeting.html",
        status=status,
        form=form,
        kinds=MEETING_KINDS,
        bodies=BODIES,
        commented=form.value("kind") in COMMENTED,
    )


@post("/sesiones/nueva", permission="meeting:edit", status_code=200)
async def plan_meeting(work: Work, view: View) -> Template | Redirect:
    form = forms.read(MeetingTerms, await view.posted())
    if form.ok:
        try:
            row = await actions.plan_meeting(work, form.data)
            await drafts.discard(work, "sesiones/nueva")
            return view.redirect(f"{view.home}/sesiones/{row.id}", f"«{row.title}» quedó en el calendario.")
        except Rejected as problem:
            form.refuse(problem)
    return _new_page(view, form, 422)


# One session


@dataclass(slots=True)
class _Sheet:
    """What the page of a session is filled with."""

    form: forms.Form[Any]
    attendees: list[forms.Form[AttendeeRow]]
    agreements: list[forms.Form[AgreementRow]]
    answers: dict[str, str]

    @property
    def row_faults(self) -> int:
        return sum(not row.ok for row in (*self.attendees, *self.agreements))


def meeting_form(row: Meeting, body: Body | None, kind: type[forms.D] = EditMeeting) -> forms.Form[forms.D]:
    """This function will give the form of a session as it stands."""
    return forms.filled(kind, row, held=row.status == "held", body_kind=body.kind if body else "")


async def _sheet_of(work: Work, row: Meeting, body: Body | None) -> _Sheet:
    """The session as it stands, with lines to write more."""
    listed = await store.attendance(work, row.id)
    attendees = [
        forms.blank(
            AttendeeRow,
            key=person.id,
            name=person.name,
            cargo=person.cargo,
            organization=person.organization,
            present=person.present,
        )
        for person in listed
    ]
    if row.status == "planned" and body:
        names = {fold_name(person.name) for person in listed}
        attendees += [
            forms.blank(
                AttendeeRow,
                key=f"m-{member.id}",
                name=member.name,
                cargo=member.cargo,
                organization=member.organization,
            )
            for member in await store.members(work, body.kind)
            if fold_name(member.name) not in names
        ]
    agreements = [
        forms.blank(
            AgreementRow,
            key=one.id,
            text=one.text,
            responsible=one.responsible,
            due_on=one.due_on,
            done=one.done_on is not None,
        )
        for one in await store.agreements(work, row.id)
    ]
    return _Sheet(
        meeting_form(row, body, MeetingSheet),
        attendees,
        agreements,
        {key: str(value) for key, value in row.answers.items()},
    )


def _read_sheet(fields: Mapping[str, Sequence[str]], kind: type[EditMeeting] = EditMeeting) -> _Sheet:
    """The session as somebody wrote it: in the browser, or in a draft."""
    return _Sheet(
        forms.read(kind, fields),
        rows_of(AttendeeRow, fields, "attendee_", ticks=ATTENDEE_TICKS),
        rows_of(AgreementRow, fields, "agreement_", ticks=AGREEMENT_TICKS),
        dict(zip(fields.get("answer_key", ()), fields.get("answer", ()), strict=False)),
    )


def _joined(written: list[forms.Form[forms.D]], standing: list[forms.Form[forms.D]]) -> list[forms.Form[forms.D]]:
    """What was written, and the rows that others added meanwhile."""
    known = {row.value("key") for row in written}
    names = {fold_name(row.value("name")) for row in written if row.value("name")}
    return written + [
        row
        for row in standing
        if row.value("key") not in known and not (row.value("name") and fold_name(row.value("name")) in names)
    ]


@get("/sesiones/{meeting_id:uuid}", permission="workspace:read")
async def show_meeting(work: Work, view: View, guides: dict[str, Guide], meeting_id: UUID) -> Template:
    return await _meeting(work, view, guides, await store.meeting(work, meeting_id))


async def _meeting(
    work: Work,
    view: View,
    guides: dict[str, Guide],
    row: Meeting,
    written: _Sheet | None = None,
    attach: forms.Form[evidence.AddFile] | None = None,
    status: int = 200,
) -> Template:
    body = await store.body(work, row.body_id) if row.body_id else None
    standing = await _sheet_of(work, row, body)
    if written is None:
        draft = await drafts.restore(work, f"sesiones/{row.id}", standing.form)
        if draft.draft_at:
            written = _read_sheet(draft.raw, MeetingSheet)
            written.form = draft
    sheet = standing
    if written is not None:
        sheet = _Sheet(
            written.form,
            _joined([one for one in written.attendees if one.value("name")], standing.attendees),
            _joined([one for one in written.agreements if one.value("text") or not one.ok], standing.agreements),
            {**standing.answers, **written.answers},
        )
    for number in range(_SPARE_ROWS):
        sheet.attendees.append(forms.blank(AttendeeRow, key=f"n{len(sheet.attendees)}-{number}", present=True))
        sheet.agreements.append(forms.blank(AgreementRow, key=f"n{len(sheet.agreements)}-{number}"))
    guide = await guide_of(work, guides)
    files = await evidence.files_of(work, "meeting", row.id)
    today = work.today()
    return view.page(
        "bodies/meeting.html",
        status=status,
        row=row,
        body=body,
        form=sheet.form,
        sheet=sheet,
        wrong_rows=sheet.row_faults if status == 422 else 0,
        kinds=MEETING_KINDS,
        bodies=BODIES,
        body_kinds=BODY_KINDS,
        commented=row.kind in COMMENTED,
        questions=questions(guide, row.kind),
        no_remarks=NO_REMARKS,
        scope_proposal=SCOPE_PROPOSAL,
        has_minutes=bool(row.minutes.strip()) or any(file.kind == "minutes" for file in files),
        future=row.held_on > today,
        spare=_SPARE_ROWS,
        today=today,
        files=files,
        file_kinds=FILE_KINDS,
        attach=attach or forms.blank(evidence.AddFile),
        document=None if work.actor.may("meeting:edit") else acta(work, await _record(work, guides, row)),
    )


@post("/sesiones/{meeting_id:uuid}", permission="meeting:edit", status_code=200)
async def save_meeting(work: Work, view: View, guides: dict[str, Guide], meeting_id: UUID) -> Template | Redirect:
    row = await store.meeting(work, meeting_id)
    fields = await view.posted()
    sheet = _read_sheet(fields)
    if sheet.form.ok and not sheet.row_faults:
        try:
            row = await actions.save_meeting(
                work,
                meeting_id,
                sheet.form.data,
                attendees=[one.data for one in sheet.attendees],
                agreements=[one.data for one in sheet.agreements],
                answers=sheet.answers,
            )
            await drafts.discard(work, f"sesiones/{meeting_id}")
            return view.redirect(f"{view.home}/sesiones/{meeting_id}", f"Guardamos «{row.title}».")
        except Rejected as problem:
            sheet.form.refuse(problem)
        except Stale:
            current = await store.meeting(work, meeting_id)
            body = await store.body(work, current.body_id) if current.body_id else None
            return view.conflict(
                sheet.form, meeting_form(current, body), title=row.title, back=f"{view.home}/sesiones/{meeting_id}"
            )
    return await _meeting(work, view, guides, row, sheet, status=422)


@post("/sesiones/{meeting_id:uuid}/archivos", permission="meeting:edit", status_code=200)
async def attach_file(
    work: Work, view: View, files: Files, guides: dict[str, Guide], meeting_id: UUID
) -> Template | Redirect:
    row = await store.meeting(work, meeting_id)
    form, kept = await evidence.attach(
        work, files, await view.uploaded("file"), await view.posted(), subject_type="meeting", subject_id=meeting_id
    )
    if kept is None:
        return await _meeting(work, view, guides, row, attach=form, status=422)
    words = f"«{kept.name}» ya estaba en esta sesión." if kept.was_there else f"Guardamos «{kept.name}»."
    return view.redirect(f"{view.home}/sesiones/{meeting_id}#archivos", words)


@post("/sesiones/{meeting_id:uuid}/convocar", permission="meeting:edit", status_code=200)
async def call_members(work: Work, view: View, meeting_id: UUID) -> Template | Redirect:
    """Asks first where the browser could not (no JavaScript): a letter that left can't be called back."""
    place = f"{view.home}/sesiones/{meeting_id}"
    if (await view.posted()).get("confirmed") != ["1"]:
        row = await store.meeting(work, meeting_id)
        return view.page(
            "confirm.html",
            question=f"¿Enviar la convocatoria de «{row.title}»?",
            text="Llega por correo a quienes están en la lista y tienen correo en la nómina.",
            verb="Enviar convocatoria",
            back=place,
        )
    try:
        called = await actions.call_members(work, meeting_id)
    except Rejected as problem:
        return view.redirect(place, problem.message, kind="warning")
    return view.redirect(place, f"Enviamos la convocatoria a {called} {'persona' if called == 1 else 'personas'}.")


@post("/sesiones/{meeting_id:uuid}/quitar", permission="meeting:edit", status_code=200)
async def remove_meeting(work: Work, view: View, meeting_id: UUID) -> Template | Redirect:
    """Asks first where the browser could not (no JavaScript)."""
    row = await store.meeting(work, meeting_id)
    if (await view.posted()).get("confirmed") != ["1"]:
        return view.page(
            "confirm.html",
            question=f"¿Quitar «{row.title}» del calendario?",
            text="Si ya se envió la convocatoria, avise a quienes la recibieron.",
            verb="Quitar sesión",
            back=f"{view.home}/sesiones/{meeting_id}",
        )
    await actions.remove_meeting(work, meeting_id)
    return view.redirect(f"{view.home}/sesiones", f"Quitamos «{row.title}» del calendario.")


@post("/sesiones/acuerdos/{agreement_id:uuid}/cumplido", permission="meeting:edit")
async def finish_agreement(work: Work, view: View, agreement_id: UUID) -> Redirect:
    row = await actions.finish_agreement(work, agreement_id)
    fields = await view.posted()
    back = (fields.get("volver") or [f"{view.home}/sesiones"])[-1]
    return view.redirect(back if back.startswith(f"{view.home}/") else view.home, f"Cumplido: «{row.text}».")


# The acta as paper


async def _record(work: Work, guides: dict[str, Guide], row: Meeting) -> Record:
    body = await store.body(work, row.body_id) if row.body_id else None
    attendance = await store.attendance(work, row.id)
    inside = await store.members(work, body.kind) if body else ()
    return Record(
        meeting=row,
        body=body,
        attendance=attendance,
        agreements=await store.agreements(work, row.id),
        signers=signers_of([(one.name, one.cargo, one.role) for one in inside], attendance),
        questions=questions(await guide_of(work, guides), row.kind),
    )


async def _acta(work: Work, guides: dict[str, Guide], meeting_id: UUID) -> tuple[Document, str]:
    row = await store.meeting(work, meeting_id)
    name = f"{'acta' if row.status == 'held' else 'convocatoria'}-{row.held_on.isoformat()}"
    return acta(work, await _record(work, guides, row)), name


@get("/sesiones/{meeting_id:uuid}/acta", permission="workspace:read")
async def show_acta(work: Work, view: View, guides: dict[str, Guide], meeting_id: UUID) -> Template:
    document, _ = await _acta(work, guides, meeting_id)
    return view.page("bodies/acta.html", document=document, row=await store.meeting(work, meeting_id))


@get("/sesiones/{meeting_id:uuid}/acta.pdf", permission="workspace:read")
async def acta_pdf(
    work: Work, view: View, guides: dict[str, Guide], renderer: DocumentRenderer, meeting_id: UUID
) -> Response[bytes]:
    document, name = await _acta(work, guides, meeting_id)
    return view.file(await renderer.pdf(document), name=f"{name}.pdf", media_type="application/pdf")


@get("/sesiones/{meeting_id:uuid}/acta.docx", permission="workspace:read")
async def acta_docx(
    work: Work, view: View, guides: dict[str, Guide], renderer: DocumentRenderer, meeting_id: UUID
) -> Response[bytes]:
    document, name = await _acta(work, guides, meeting_id)
    return view.file(await renderer.docx(document), name=f"{name}.docx", media_type=DOCX)


ROUTES = [
    workspace(
        calendar,
        new_meeting,
        plan_meeting,
        show_meeting,
        save_meeting,
        attach_file,
        call_members,
        remove_meeting,
        finish_agreement,
        show_acta,
        acta_pdf,
        acta_docx,
    )
]
