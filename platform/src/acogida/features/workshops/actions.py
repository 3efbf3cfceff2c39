"""Calling workshops, recording what was said in them, and closing their report."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy.exc import IntegrityError

from acogida.features.evidence import public as evidence
from acogida.features.workshops import store
from acogida.features.workshops.agenda import lines_of
from acogida.features.workshops.forms import (
    AddEntries,
    AddFiles,
    CutEntry,
    EditCandidate,
    EditEntry,
    EditGroup,
    EditRecord,
    EditWorkshop,
)
from acogida.features.workshops.model import Workshop, WorkshopEntry, WorkshopGroup
from acogida.features.workshops.report import counted
from acogida.features.workshops.words import (
    ENTRY_KINDS,
    ENTRY_PLURALS,
    FILE_FAMILIES,
    PARTICIPANTS,
    entry_kinds_of,
    lowered,
)
from acogida.kernel import audit
from acogida.kernel.errors import NotFound, Rejected, Stale
from acogida.kernel.ports import Files
from acogida.kernel.work import Work

_LONGEST = 2000
_MOST_AT_ONCE = 300


async def call_workshop(work: Work, wanted: EditWorkshop) -> Workshop:
    """This function will put a workshop in the calendar of the process."""
    work.require("meeting:edit")
    row = Workshop(**wanted.values(), status="planned")
    work.session.add(row)
    await work.session.flush()

    await audit.record(work, "workshop.called", f"programó el taller «{row.title}»", subject=row, after=wanted.values())
    return row


async def edit_workshop(work: Work, workshop_id: UUID, wanted: EditWorkshop) -> Workshop:
    """This function will change what was called: date, place, people, agenda."""
    row = await _locked(work, workshop_id, wanted.version)
    if row.status == "held" and wanted.held_on and wanted.held_on > work.today():
        raise Rejected(
            fields={"held_on": "El taller ya está marcado como realizado: su fecha no puede estar en el futuro."}
        )

    await _change(work, row, wanted.values(), "workshop.edited", f"cambió la convocatoria de «{row.title}»")
    return row


async def write_record(work: Work, workshop_id: UUID, wanted: EditRecord) -> Workshop:
    """This function will keep the notes and conclusions of a workshop."""
    row = await _locked(work, workshop_id, wanted.version)
    await _change(work, row, wanted.changes(), "workshop.recorded", f"escribió las conclusiones de «{row.title}»")
    return row


async def hold(work: Work, workshop_id: UUID, *, version: int) -> Workshop:
    """This function will mark a workshop as held: it needs a past date and somebody counted (DIAG-2.3-07, PLAN-3.1-12)."""
    row = await _locked(work, workshop_id, version)
    if row.held_on > work.today():
        raise Rejected(
            "El taller todavía no ocurre: su fecha está en el futuro. Corrija la fecha en la convocatoria si ya se hizo."
        )
    if not await store.groups(work, [row.id]):
        raise Rejected("Falta contar a quienes asistieron, por grupo. Basta con una fila.")

    await _change(work, row, {"status": "held"}, "workshop.held", f"marcó como realizado el taller «{row.title}»")
    return row


async def put_back(work: Work, workshop_id: UUID, *, version: int) -> Workshop:
    """This function will mark a workshop as not held yet, when it had been marked by mistake."""
    row = await _locked(work, workshop_id, version)
    await _change(
        work, row, {"status": "planned"}, "workshop.put_back", f"volvió a dejar como programado el taller «{row.title}»"
    )
    return row


async def remove_workshop(work: Work, workshop_id: UUID) -> None:
    """This function will take a workshop away with its participants and entries, unless something cites them."""
    row = await _locked(work, workshop_id, None)
    if row.status == "held":
        raise Rejected("Un taller realizado no se quita. Si se marcó por error, vuelva a dejarlo como programado.")
    before = {"title": row.title, "held_on": row.held_on}
    await _erase(work, row, "Hay hallazgos que citan lo dicho en este taller.")

    await audit.record(work, "workshop.removed", f"quitó el taller «{row.title}»", subject=row, before=before)


async def count_group(work: Work, workshop_id: UUID, wanted: EditGroup) -> WorkshopGroup:
    """This function will count participants of one kind."""
    workshop = await _locked(work, workshop_id, None)
    row = WorkshopGroup(workshop_id=workshop.id, **wanted.values())
    work.session.add(row)
    await work.session.flush()

    who = f"{counted(row.people, 'persona', 'personas')} ({lowered(PARTICIPANTS[row.kind])})"
    await audit.record(
        work, "workshop_group.counted", f"anotó {who} en «{workshop.title}»", subject=row, after=wanted.values()
    )
    return row


async def recount_group(work: Work, workshop_id: UUID, group_id: UUID, wanted: EditGroup) -> WorkshopGroup:
    """This function will correct a count."""
    workshop = await _locked(work, workshop_id, None)
    row = await store.group(work, workshop_id, group_id, lock=True)
    if row.version != wanted.version:
        raise Stale(row)
    await _change(
        work, row, wanted.values(), "workshop_group.recounted", f"corrigió la asistencia de «{workshop.title}»"
    )
    return row


async def remove_group(work: Work, workshop_id: UUID, group_id: UUID) -> None:
    """This function will take a count away; a held workshop keeps at least one."""
    workshop = await _locked(work, workshop_id, None)
    row = await store.group(work, workshop_id, group_id, lock=True)
    if workshop.status == "held" and len(await store.groups(work, [workshop_id])) == 1:
        raise Rejected("Un taller realizado necesita al menos una fila de asistencia.")
    before = {"kind": row.kind, "people": row.people, "description": row.description}
    await store.erase(work, row)

    await audit.record(
        work,
        "workshop_group.removed",
        f"quitó una fila de asistencia de «{workshop.title}»",
        subject=row,
        before=before,
    )


async def note_entries(work: Work, workshop_id: UUID, wanted: AddEntries) -> list[WorkshopEntry]:
    """This function will note one entry for each line of what was typed or pasted."""
    workshop = await _locked(work, workshop_id, None)
    _refuse_kind(workshop, wanted.kind)
    lines = lines_of(wanted.text)
    if not lines:
        raise Rejected(fields={"text": "Escriba al menos una línea."})
    if len(lines) > _MOST_AT_ONCE:
        raise Rejected(fields={"text": f"Son {len(lines)} líneas: anote hasta {_MOST_AT_ONCE} de una vez."})
    if long := next((line for line in lines if len(line) > _LONGEST), None):
        raise Rejected(
            fields={"text": f"Una línea tiene {len(long)} caracteres y el máximo es {_LONGEST}: «{long[:60]}…»."}
        )

    details = {name: value for name in ("axis", "verdict") if (value := getattr(wanted, name))}
    rows = [
        WorkshopEntry(
            workshop_id=workshop.id, kind=wanted.kind, text=line, group_name=wanted.group_name, details=details
        )
        for line in lines
    ]
    for row in rows:
        work.session.add(row)
        await work.session.flush()

    what = counted(len(rows), "anotación", "anotaciones")
    await audit.record(
        work,
        "workshop_entry.noted",
        f"registró {what} en «{workshop.title}» ({lowered(ENTRY_PLURALS[wanted.kind])})",
        subject=rows[0],
        after={"kind": wanted.kind, "group_name": wanted.group_name, "texts": lines},
    )
    return rows


async def edit_entry(work: Work, workshop_id: UUID, entry_id: UUID, wanted: EditEntry) -> WorkshopEntry:
    """This function will correct a post-it."""
    workshop = await _locked(work, workshop_id, None)
    row = await store.entry(work, entry_id, workshop_id=workshop_id, lock=True)
    if row.version != wanted.version:
        raise Stale(row)
    if row.kind == "initiative":
        raise Rejected("Esta anotación es una iniciativa propuesta: se corrige en su ficha.")
    _refuse_kind(workshop, wanted.kind)
    details = {name: value for name in ("axis", "verdict") if (value := getattr(wanted, name))}
    values = {"kind": wanted.kind, "text": wanted.text, "group_name": wanted.group_name, "details": details}
    await _change(work, row, values, "workshop_entry.edited", f"corrigió una anotación de «{workshop.title}»")
    return row


async def remove_entry(work: Work, workshop_id: UUID, entry_id: UUID) -> None:
    """This function will take a post-it away, unless a finding or an initiative rests on it."""
    workshop = await _locked(work, workshop_id, None)
    row = await store.entry(work, entry_id, workshop_id=workshop_id, lock=True)
    before = {"kind": row.kind, "text": row.text, "group_name": row.group_name}
    await _erase(work, row, "Un hallazgo o una iniciativa cita esta anotación. Quite primero esa cita.")

    await audit.record(
        work, "workshop_entry.removed", f"quitó una anotación de «{workshop.title}»", subject=row, before=before
    )


async def propose(work: Work, workshop_id: UUID, wanted: EditCandidate) -> WorkshopEntry:
    """This function will note an initiative that a group of a planning workshop proposes."""
    workshop = await _locked(work, workshop_id, None)
    _refuse_unless_planning(workshop)
    row = WorkshopEntry(
        workshop_id=workshop.id,
        kind="initiative",
        text=wanted.name,
        group_name=wanted.group_name,
        details=wanted.details(),
    )
    work.session.add(row)
    await work.session.flush()

    after = {"name": wanted.name, "group_name": wanted.group_name, **wanted.details()}
    await audit.record(
        work,
        "workshop_entry.proposed",
        f"registró la iniciativa propuesta «{row.text}» en «{workshop.title}»",
        subject=row,
        after=after,
    )
    return row


async def edit_proposal(work: Work, workshop_id: UUID, entry_id: UUID, wanted: EditCandidate) -> WorkshopEntry:
    """This function will correct a proposed initiative."""
    workshop = await _locked(work, workshop_id, None)
    row = await store.entry(work, entry_id, workshop_id=workshop_id, lock=True)
    _refuse_unless_planning(workshop)
    if row.version != wanted.version:
        raise Stale(row)
    values = {"text": wanted.name, "group_name": wanted.group_name, "details": wanted.details()}
    await _change(
        work,
        row,
        values,
        "workshop_entry.edited",
        f"corrigió la iniciativa propuesta «{wanted.name}» en «{workshop.title}»",
    )
    return row


async def keep_file(
    work: Work, files: Files, workshop_id: UUID, upload: evidence.Upload, said: AddFiles
) -> evidence.File:
    """This function will keep a photograph, the attendance list, notes or a recording of a workshop, with what its people said."""
    workshop = await _locked(work, workshop_id, None)
    sound = said.kind == "audio"
    return await evidence.keep(
        work,
        files,
        upload,
        kind=said.kind,
        subject_type="workshop",
        subject_id=workshop.id,
        limit=evidence.LIMIT_OF_AUDIO if sound else evidence.LIMIT,
        allow=FILE_FAMILIES[said.kind],
        consent=evidence.CONSENT.get(said.people),
        dated_on=workshop.held_on,
    )


async def photograph_of(work: Work, workshop_id: UUID, file_id: UUID) -> evidence.File:
    """This function will give a photograph of this workshop that may be opened, or raise `NotFound`."""
    row = await evidence.openable(work, file_id)
    if (row.subject_type, row.subject_id) != ("workshop", workshop_id) or not row.media_type.startswith("image/"):
        raise NotFound
    return row


async def cut_entry(
    work: Work, workshop_id: UUID, file_id: UUID, wanted: CutEntry, area: evidence.Area
) -> WorkshopEntry:
    """This function will note what a part of a photograph says: a post-it that remembers where it hung."""
    workshop = await _locked(work, workshop_id, None)
    photograph = await photograph_of(work, workshop_id, file_id)
    _refuse_kind(workshop, wanted.kind)
    row = WorkshopEntry(
        workshop_id=workshop.id,
        kind=wanted.kind,
        text=wanted.text,
        group_name=wanted.group_name,
        details={},
        photograph_id=photograph.id,
        region={"left": area.left, "top": area.top, "width": area.width, "height": area.height},
    )
    work.session.add(row)
    await work.session.flush()

    await audit.record(
        work,
        "workshop_entry.cut",
        f"anotó en «{workshop.title}» lo que dice una parte de «{photograph.name}»",
        subject=row,
        after={"kind": row.kind, "text": row.text, "group_name": row.group_name, "photograph_id": photograph.id},
    )
    return row


def _refuse_kind(workshop: Workshop, kind: str) -> None:
    if kind not in entry_kinds_of(workshop.kind):
        fitting = ", ".join(lowered(ENTRY_KINDS[each]) for each in entry_kinds_of(workshop.kind))
        raise Rejected(fields={"kind": f"En este taller se anota: {fitting}."})


def _refuse_unless_planning(workshop: Workshop) -> None:
    if workshop.kind != "planning":
        raise Rejected("Las iniciativas se proponen en un taller de planificación.")


async def _locked(work: Work, workshop_id: UUID, version: int | None) -> Workshop:
    work.require("meeting:edit")
    row = await store.workshop(work, workshop_id, lock=True)
    if version is not None and row.version != version:
        raise Stale(row)
    return row


async def _change(
    work: Work, row: Workshop | WorkshopGroup | WorkshopEntry, values: Mapping[str, Any], tag: str, sentence: str
) -> None:
    before = {name: getattr(row, name) for name in values}
    for name, value in values.items():
        setattr(row, name, value)
    await work.session.flush()

    await audit.record(work, tag, sentence, subject=row, before=before, after=values)


async def _erase(work: Work, row: Workshop | WorkshopEntry, cited: str) -> None:
    try:
        async with work.session.begin_nested():
            await store.erase(work, row)
    except IntegrityError:
        raise Rejected(cited) from None
