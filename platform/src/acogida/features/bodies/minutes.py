"""The acta of a session as a document: for the screen, the printer, PDF and Word."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from acogida.features.bodies.model import Agreement, Attendance, Body, Meeting
from acogida.features.bodies.words import MEETING_KINDS
from acogida.kernel.document import Document, DocumentBuilder, State
from acogida.kernel.work import Work
from acogida.web.format import long_date


@dataclass(frozen=True, slots=True)
class Record:
    """All that an acta tells. `questions` are the guide's for a follow-up session: id of the row → words."""

    meeting: Meeting
    body: Body | None
    attendance: Sequence[Attendance]
    agreements: Sequence[Agreement]
    signers: Sequence[tuple[str, str]]
    """Name and cargo of whoever signs."""
    questions: Mapping[str, str]


def acta(work: Work, record: Record) -> Document:
    """This function will set the acta of a session; before it is held, it is the sheet that the table is called with."""
    meeting = record.meeting
    held = meeting.status == "held"
    written = DocumentBuilder(
        f"{'Acta' if held else 'Convocatoria'}: {meeting.title}",
        author=f"Municipalidad de {work.tenant.name}",
        kind="acta",
        date=meeting.held_on,
        subtitle=MEETING_KINDS[meeting.kind],
        state=State.FROZEN if held else State.DRAFT,
        notice="Datos de demostración" if work.tenant.demo else "",
        numbered=False,
    )
    written.facts(
        [
            ("Instancia", record.body.name if record.body else ""),
            ("Fecha", long_date(meeting.held_on)),
            ("Hora", f"{meeting.starts_at} horas" if meeting.starts_at else ""),
            ("Lugar", meeting.place),
        ]
    )
    if meeting.agenda:
        written.h(1, "Tabla")
        written.p(meeting.agenda)
    if meeting.scope:
        written.note("Qué pueden cambiar los comentarios y qué no", meeting.scope, tone="advice")
    _attendance(written, record.attendance, held=held)
    if held:
        _what_happened(written, record)
        _signatures(written, record.signers)
    return written.build()


def _attendance(written: DocumentBuilder, people: Sequence[Attendance], *, held: bool) -> None:
    if not people:
        return
    shown = [person for person in people if person.present] if held else list(people)
    absent = [person for person in people if not person.present] if held else []
    written.h(1, "Asistencia" if held else "Personas convocadas")
    if shown:
        written.table(
            "Quienes asistieron" if held else "Personas convocadas",
            ["Nombre", "Cargo", "Unidad u organización"] + ([] if held else ["Firma"]),
            [[one.name, one.cargo, one.organization, *([] if held else [""])] for one in shown],
            weights=(3, 3, 3) if held else (3, 3, 3, 2),
            numbered=False,
        )
    if absent:
        written.p("Fueron convocadas y no asistieron: " + "; ".join(person.name for person in absent) + ".")


def _what_happened(written: DocumentBuilder, record: Record) -> None:
    meeting = record.meeting
    written.h(1, "Desarrollo")
    if meeting.presented_policy:
        written.p("En esta sesión se presentó la propuesta de Política Municipal de Migración.")
    written.p_or_missing(meeting.minutes, missing="El desarrollo de la sesión no se ha escrito.")
    answered = [
        (words, meeting.answers.get(row)) for row, words in record.questions.items() if meeting.answers.get(row)
    ]
    if answered:
        written.h(1, "Preguntas de seguimiento")
        for words, answer in answered:
            written.h(2, words)
            written.p(str(answer))
    if meeting.feedback:
        written.h(1, "Retroalimentación recibida")
        written.p(meeting.feedback)
    written.h(1, "Acuerdos")
    if record.agreements:
        written.table(
            "Acuerdos de la sesión",
            ["N.º", "Acuerdo", "Responsable", "Plazo"],
            [
                [number, one.text, one.responsible, long_date(one.due_on) if one.due_on else "Sin plazo"]
                for number, one in enumerate(record.agreements, start=1)
            ],
            weights=(1, 6, 3, 3),
            numbered=False,
        )
    else:
        written.p("No se tomaron acuerdos.")


def _signatures(written: DocumentBuilder, signers: Sequence[tuple[str, str]]) -> None:
    for name, cargo in signers:
        written.signature(name, cargo)


def signers_of(members: Sequence[tuple[str, str, str]], attendance: Sequence[Attendance]) -> list[tuple[str, str]]:
    """This function will say who signs: presidency and secretaría of the body; without them, room for two names.

    `members` are (name, cargo, role).
    """
    chosen = [(name, cargo) for name, cargo, role in members if role in ("president", "secretary")]
    if not chosen:
        chosen = [(person.name, person.cargo) for person in attendance if person.present][:2]
    return chosen or [("Nombre y firma", "Cargo"), ("Nombre y firma", "Cargo")]
