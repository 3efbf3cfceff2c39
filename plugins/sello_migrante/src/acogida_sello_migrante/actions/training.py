"""The training plan and its register. Of each official it keeps the name and the unit, and the name only while it is needed."""

from typing import Any
from uuid import UUID

from acogida.sdk import Rejected, Work, audit
from acogida_sello_migrante import store
from acogida_sello_migrante.actions.writing import locked, set_fields
from acogida_sello_migrante.forms import AddParticipants, EditCourse
from acogida_sello_migrante.model import Course, Participant
from acogida_sello_migrante.standing import fold
from acogida_sello_migrante.words import counted

MOST_PEOPLE = 2000


async def add_course(work: Work, wanted: EditCourse) -> Course:
    """This function will add an activity to the training plan."""
    work.require("planning:edit")
    row = Course(**_changes(wanted))
    work.session.add(row)
    await work.session.flush()
    await audit.record(
        work,
        "course.added",
        f"agregó al plan de capacitación del Sello Migrante «{row.title}»",
        subject=row,
        after=wanted.changes(),
    )
    return row


async def edit_course(work: Work, course_id: UUID, wanted: EditCourse) -> Course:
    """This function will change an activity of the training plan."""
    work.require("planning:edit")
    row = await locked(work, Course, course_id, wanted.version)
    changes = _changes(wanted)
    if wanted.state != "held" and await store.participants(work, [course_id]):
        raise Rejected(fields={"state": "Ya tiene participantes registrados: quítelos antes de cambiar su estado."})
    before = await set_fields(work, row, changes)
    await audit.record(
        work,
        "course.edited",
        f"cambió la actividad de capacitación «{row.title}»",
        subject=row,
        before=before,
        after=changes,
    )
    return row


async def remove_course(work: Work, course_id: UUID) -> Course:
    """This function will take an activity out of the training plan, with its register."""
    work.require("planning:edit")
    row = await store.one(work, Course, course_id, lock=True)
    people = len(await store.participants(work, [course_id]))
    await store.erase(work, Course, course_id)
    lost = f", con el registro de {counted(people, 'participante', 'participantes')}" if people else ""
    await audit.record(
        work,
        "course.removed",
        f"quitó la actividad de capacitación «{row.title}»{lost}",
        subject=row,
        before={"title": row.title, "held_on": row.held_on, "participantes": people},
    )
    return row


async def add_people(work: Work, course_id: UUID, wanted: AddParticipants) -> int:
    """This function will register who took part and count them; who is there already is not repeated.

    The book says how many and of which units, never who: names live in the register alone, so that they can be erased.
    """
    work.require("planning:edit")
    course = await store.one(work, Course, course_id, lock=True)
    if course.state != "held":
        raise Rejected("Registre primero qué día se realizó: los participantes son de una actividad realizada.")
    there = await store.participants(work, [course_id])
    known = {(fold(each.name), fold(each.unit)) for each in there if each.name}
    fresh: list[Participant] = []
    for name, unit in wanted.lines:
        if (key := (fold(name), fold(unit))) not in known:
            known.add(key)
            fresh.append(Participant(course_id=course_id, name=name, unit=unit, trainer=wanted.trainer))
    if len(there) + len(fresh) > MOST_PEOPLE:
        raise Rejected(f"Una actividad admite hasta {MOST_PEOPLE} participantes.")
    work.session.add_all(fresh)
    if fresh:
        course.names_erased_on = None
    await work.session.flush()
    if fresh:
        await audit.record(
            work,
            "participants.added",
            f"registró {counted(len(fresh), 'participante', 'participantes')} en «{course.title}»",
            subject=course,
            after={"unidades": sorted({each.unit for each in fresh})},
        )
    return len(fresh)


async def remove_person(work: Work, participant_id: UUID) -> Participant:
    """This function will take one official out of the register."""
    work.require("planning:edit")
    row = await store.one(work, Participant, participant_id, lock=True)
    course = await store.one(work, Course, row.course_id)
    await store.erase(work, Participant, participant_id)
    await audit.record(
        work,
        "participants.removed",
        f"quitó un participante de «{course.title}»",
        subject=course,
        before={"unidad": row.unit},
    )
    return row


async def erase_names(work: Work, course_id: UUID) -> Course:
    """This function will take the names of an activity away for good; units and counts stay."""
    work.require("planning:edit")
    row = await store.one(work, Course, course_id, lock=True)
    people = await store.participants(work, [course_id])
    if not any(each.name for each in people):
        raise Rejected("Esta actividad ya no guarda nombres.")
    await store.erase_names(work, course_id)
    row.names_erased_on = work.today()
    await work.session.flush()
    await audit.record(
        work,
        "participants.names_erased",
        f"quitó los nombres de {counted(len(people), 'participante', 'participantes')} de «{row.title}»; quedan sus unidades",
        subject=row,
    )
    return row


def _changes(wanted: EditCourse) -> dict[str, Any]:
    return {**wanted.changes(), "hours": wanted.duration}
