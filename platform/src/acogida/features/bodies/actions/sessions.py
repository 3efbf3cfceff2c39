"""Calling sessions, holding them, and writing what was agreed."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from acogida.features.bodies import store
from acogida.features.bodies.actions.teams import ensure_body, fold_name
from acogida.features.bodies.forms import AgreementRow, AttendeeRow, EditMeeting, MeetingTerms
from acogida.features.bodies.model import Agreement, Attendance, Meeting
from acogida.features.bodies.words import MEETING_KINDS
from acogida.features.evidence.public import files_of
from acogida.kernel import audit, mailbox
from acogida.kernel.errors import AlreadyClosed, Rejected, Stale
from acogida.kernel.work import Work
from acogida.web.format import long_date


async def plan_meeting(work: Work, wanted: MeetingTerms) -> Meeting:
    """This function will put a session in the calendar and list the members of its body as called to it."""
    work.require("meeting:edit")
    body = await ensure_body(work, wanted.body_kind) if wanted.body_kind else None

    row = Meeting(body_id=body.id if body else None, **wanted.changes(without=("body_kind",)))
    work.session.add(row)
    await work.session.flush()
    if body:
        for member in await store.members(work, body.kind):
            work.session.add(
                Attendance(
                    meeting_id=row.id,
                    name=member.name,
                    cargo=member.cargo,
                    organization=member.organization,
                    present=False,
                )
            )
        await work.session.flush()

    await audit.record(
        work,
        "meeting.planned",
        f"programó «{row.title}» para el {long_date(row.held_on)}",
        subject=row,
        after=wanted.changes(),
    )
    return row


async def save_meeting(
    work: Work,
    meeting_id: UUID,
    wanted: EditMeeting,
    *,
    attendees: Sequence[AttendeeRow] = (),
    agreements: Sequence[AgreementRow] = (),
    answers: Mapping[str, str] | None = None,
) -> Meeting:
    """This function will write a session whole: terms, attendance, minutes, agreements.

    Rows that are not sent stay as they are: only an explicit `remove` takes one away, so two people writing at once
    never erase each other's rows. Raises `Rejected` with the field, or `<list>.<index>.<field>` for a row.
    """
    work.require("meeting:edit")
    row = await store.meeting(work, meeting_id, lock=True)
    if row.version != wanted.version:
        raise Stale(row)
    if wanted.held and wanted.held_on and wanted.held_on > work.today():
        raise Rejected(fields={"held_on": "La fecha es futura: cámbiela antes de dejar la sesión como realizada."})
    body = await ensure_body(work, wanted.body_kind) if wanted.body_kind else None

    after: dict[str, Any] = {
        **wanted.changes(without=("version", "body_kind", "held")),
        "status": "held" if wanted.held else "planned",
        "body_id": body.id if body else None,
        "answers": {**row.answers, **(answers or {})},
    }
    before = {name: getattr(row, name) for name in after}
    was_held = row.status == "held"
    for name, value in after.items():
        setattr(row, name, value)
    row.updated_at = work.clock.now()  # so that the version grows also when only its rows changed
    await work.session.flush()
    came = await _write_attendance(work, row, attendees)
    agreed = await _write_agreements(work, row, agreements)
    await work.session.flush()

    if wanted.held and not was_held:
        sentence = f"dejó como realizada «{row.title}»: {came} asistentes y {agreed} acuerdos"
    else:
        sentence = f"actualizó «{row.title}»"
    await audit.record(
        work,
        "meeting.held" if wanted.held and not was_held else "meeting.edited",
        sentence,
        subject=row,
        before={**before, "attendees": None, "agreements": None},
        after={**after, "attendees": came, "agreements": agreed},
    )
    return row


async def _write_attendance(work: Work, row: Meeting, wanted: Sequence[AttendeeRow]) -> int:
    """Bring the list of who was called up to date; how many came."""
    listed = {str(person.id): person for person in await store.attendance(work, row.id)}
    gone: list[UUID] = []
    for one in wanted:
        person = listed.get(one.key)
        if person is not None and one.remove:
            gone.append(person.id)
        elif person is not None:
            person.present = one.present
        elif one.name and not one.remove and not _listed(one.name, listed.values()):
            new = Attendance(
                meeting_id=row.id, name=one.name, cargo=one.cargo, organization=one.organization, present=one.present
            )
            work.session.add(new)
            await work.session.flush()
            listed[str(new.id)] = new
    await store.erase_rows(work, Attendance, gone)
    return sum(person.present for person in listed.values() if person.id not in gone)


def _listed(name: str, people: Any) -> bool:
    return any(fold_name(person.name) == fold_name(name) for person in people)


async def _write_agreements(work: Work, row: Meeting, wanted: Sequence[AgreementRow]) -> int:
    """Bring the agreements up to date; how many there are."""
    known = {str(agreement.id): agreement for agreement in await store.agreements(work, row.id)}
    gone: list[UUID] = []
    for one in wanted:
        agreement = known.get(one.key)
        if agreement is not None and (one.remove or not one.text):
            gone.append(agreement.id)
        elif agreement is not None:
            agreement.text, agreement.responsible, agreement.due_on = one.text, one.responsible, one.due_on
            agreement.done_on = (agreement.done_on or work.today()) if one.done else None
        elif one.text and not one.remove:
            new = Agreement(
                meeting_id=row.id,
                text=one.text,
                responsible=one.responsible,
                due_on=one.due_on,
                done_on=work.today() if one.done else None,
            )
            work.session.add(new)
            await work.session.flush()
            known[str(new.id)] = new
    await store.erase_rows(work, Agreement, gone)
    return len(known) - len(gone)


async def finish_agreement(work: Work, agreement_id: UUID) -> Agreement:
    """This function will mark an agreement as done today; twice is once."""
    work.require("meeting:edit")
    row = await store.agreement(work, agreement_id, lock=True)
    if row.done_on is not None:
        return row
    row.done_on = work.today()
    await work.session.flush()

    await audit.record(
        work,
        "agreement.done",
        f"dio por cumplido el acuerdo «{row.text}»",
        subject=row,
        before={"done_on": None},
        after={"done_on": row.done_on},
    )
    return row


async def remove_meeting(work: Work, meeting_id: UUID) -> Meeting:
    """This function will take a session off the calendar; one that was held, or has files, stays."""
    work.require("meeting:edit")
    row = await store.meeting(work, meeting_id, lock=True)
    if row.status == "held":
        raise AlreadyClosed("Esta sesión ya se realizó y es parte del registro: no se puede quitar.")
    if await files_of(work, "meeting", meeting_id):
        raise AlreadyClosed("Esta sesión tiene archivos. Quítelos primero si la sesión no corresponde.")
    await store.erase_meeting(work, meeting_id)

    await audit.record(
        work,
        "meeting.removed",
        f"quitó «{row.title}» del calendario",
        subject=row,
        before={"title": row.title, "held_on": row.held_on},
    )
    return row


async def call_members(work: Work, meeting_id: UUID) -> int:
    """This function will leave a letter for each member with e-mail who is on the session's list, and say how many."""
    work.require("meeting:edit")
    row = await store.meeting(work, meeting_id, lock=True)
    if row.status == "held" or row.held_on < work.today():
        raise AlreadyClosed("Esta sesión ya pasó: no corresponde convocarla.")
    body = await store.body(work, row.body_id) if row.body_id else None
    listed = {fold_name(person.name) for person in await store.attendance(work, meeting_id)}
    called = [
        member
        for member in (await store.members(work, body.kind) if body else ())
        if member.email and fold_name(member.name) in listed
    ]
    if not called:
        raise Rejected("Nadie de la lista tiene correo registrado. Agregue los correos en la nómina del equipo.")

    for member in called:
        await mailbox.post(
            work,
            to=member.email,
            subject=f"Convocatoria: {row.title}, {long_date(row.held_on)}",
            text=_letter(work, row, member.name, body.name if body else ""),
        )
    row.called_at = work.clock.now()
    await work.session.flush()

    await audit.record(
        work,
        "meeting.called",
        f"envió la convocatoria de «{row.title}» a {len(called)} personas",
        subject=row,
        after={"called": len(called)},
    )
    return len(called)


def _letter(work: Work, row: Meeting, name: str, body: str) -> str:
    when = f"{long_date(row.held_on)}{f', a las {row.starts_at} horas' if row.starts_at else ''}"
    parts = [
        f"Estimada/o {name}:",
        f"La Municipalidad de {work.tenant.name} le convoca a «{row.title}» ({MEETING_KINDS[row.kind].lower()}"
        f"{f', {body}' if body else ''}).",
        f"Cuándo: {when}\nDónde: {row.place or 'por confirmar'}",
    ]
    if row.agenda:
        parts.append(f"Tabla:\n{row.agenda}")
    if row.scope:
        parts.append(f"Qué pueden cambiar los comentarios y qué no:\n{row.scope}")
    place = mailbox.link(f"/m/{work.tenant.slug}/sesiones/{row.id}")
    parts.append(f"Si tiene cuenta en Acogida, la sesión está en {place}")
    parts.append(f"Convoca: {work.actor.name}")
    return "\n\n".join(parts) + "\n"
