"""The way to the Sello: its steps with their dates, and the resolutions that grant it."""

from typing import Any
from uuid import UUID

from acogida.sdk import NotFound, Rejected, Stale, Work, archive, audit
from acogida_sello_migrante import store
from acogida_sello_migrante.actions.writing import as_id, locked, set_fields
from acogida_sello_migrante.forms import EditRecognition, EditStep
from acogida_sello_migrante.model import Recognition, StepRecord
from acogida_sello_migrante.standard import Step
from acogida_sello_migrante.words import RECOGNITIONS, STEP_STATES


async def edit_step(work: Work, step: Step, wanted: EditStep) -> StepRecord:
    """This function will note a step: its state, its dates and its document."""
    work.require("planning:edit")
    row = await store.step(work, step.id, lock=True)
    if (row.version if row else 0) != wanted.version:
        raise Stale(row)
    if row is None:
        row = StepRecord(step=step.id)
        work.session.add(row)
        await work.session.flush()
    before = await set_fields(work, row, wanted.changes())
    await audit.record(
        work,
        "step.edited",
        f"anotó el paso «{step.title}» del Sello Migrante: {STEP_STATES[row.state].lower()}",
        subject=row,
        before=before,
        after=wanted.changes(),
    )
    return row


async def add_recognition(work: Work, wanted: EditRecognition) -> Recognition:
    """This function will register the resolution that grants or revalidates the Sello."""
    work.require("act:record")
    row = Recognition(**await _changes(work, wanted))
    work.session.add(row)
    await work.session.flush()
    await audit.record(
        work,
        "recognition.added",
        f"registró {_said(row)} del Sello Migrante: {row.resolution}",
        subject=row,
        after=wanted.changes(),
    )
    return row


async def edit_recognition(work: Work, row_id: UUID, wanted: EditRecognition) -> Recognition:
    """This function will correct a resolution."""
    work.require("act:record")
    row = await locked(work, Recognition, row_id, wanted.version)
    changes = await _changes(work, wanted)
    before = await set_fields(work, row, changes)
    await audit.record(
        work,
        "recognition.edited",
        f"corrigió {_said(row)} del Sello Migrante",
        subject=row,
        before=before,
        after=changes,
    )
    return row


async def remove_recognition(work: Work, row_id: UUID) -> Recognition:
    """This function will take a resolution away."""
    work.require("act:record")
    row = await store.one(work, Recognition, row_id, lock=True)
    await store.erase(work, Recognition, row_id)
    await audit.record(
        work,
        "recognition.removed",
        f"quitó {_said(row)} del Sello Migrante: {row.resolution}",
        subject=row,
        before={"resolution": row.resolution, "dated_on": row.dated_on},
    )
    return row


def _said(row: Recognition) -> str:
    return f"{'el' if row.kind == 'granted' else 'la'} {RECOGNITIONS[row.kind].lower()}"


async def _changes(work: Work, wanted: EditRecognition) -> dict[str, Any]:
    file_id = as_id(wanted.file_id)
    if wanted.file_id:
        try:
            await archive.file_row(work, file_id) if file_id else None
        except NotFound:
            file_id = None
        if file_id is None:
            raise Rejected(fields={"file_id": "Este archivo ya no está en el archivo del espacio. Elija otro."})
    if wanted.dated_on and wanted.dated_on > work.today():
        raise Rejected(fields={"dated_on": "La resolución no puede tener una fecha futura."})
    return {**wanted.changes(), "file_id": file_id}
