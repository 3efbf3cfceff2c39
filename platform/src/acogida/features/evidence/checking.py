"""The archive held to its word: every month each content is read whole and compared with the hash that was written when
it came; every night what nobody needs goes, and what nobody names."""

import time
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from acogida.features.evidence import actions, store
from acogida.features.evidence.events import FileKept, FileRemoved
from acogida.features.evidence.model import File, FileCheck
from acogida.features.evidence.resumable import FOLDER
from acogida.kernel import audit, outbox
from acogida.kernel.errors import NotFound
from acogida.kernel.ports import Files
from acogida.kernel.work import Work

FAULTS = {
    "missing": "Falta en el almacén",
    "altered": "No es el que se guardó",
    "extra_version": "Alguien escribió encima; lo guardado todavía está",
}
_STEP_SECONDS = 20.0
"""A step reads for so long and lets the database go; the next goes on."""
_STEP_FILES = 500


async def check(work: Work, files: Files, *, seconds: float = _STEP_SECONDS) -> FileCheck:
    """This function will read the next part of the archive; the check is `finished` when there is no more.

    What does not match stops being opened, and the book of the workspace says so.
    """
    report = await store.open_check(work)
    if report is None:
        report = FileCheck(at=work.clock.now(), files=0, size=0, faults=[])
        work.session.add(report)
        await work.session.flush()
    deadline = time.monotonic() + seconds
    rows = await store.least_checked(work, report.at, limit=_STEP_FILES)
    read = 0
    for row in rows:
        if time.monotonic() > deadline:
            break
        await _read(work, files, row, report)
        read += 1
    report.finished = read == len(rows) and len(rows) < _STEP_FILES
    await work.session.flush()
    if report.finished:
        await audit.record(
            work,
            "files.checked",
            _sentence(report),
            subject=report,
            after={"files": report.files, "faults": report.faults},
        )
    return report


async def _read(work: Work, files: Files, row: File, report: FileCheck) -> None:
    fault = await _fault(work, files, row)
    row.checked_at = work.clock.now() if work.clock.now() > report.at else report.at
    report.files += 1
    report.size += row.size
    if fault:
        report.faults = [*report.faults, {"file_id": str(row.id), "name": row.name, "fault": fault}]
    if fault in ("missing", "altered") and row.state == "ready":
        row.state, row.trouble = "damaged", FAULTS[fault].lower()
    elif not fault and row.state == "damaged":
        row.state, row.trouble = "ready", ""  # the store was mended
    await work.session.flush()


async def _fault(work: Work, files: Files, row: File) -> str:
    try:
        found = await files.check(work.tenant.id, row.storage_key)
    except NotFound:
        return "missing"
    if len(await files.versions(work.tenant.id, row.storage_key)) > 1:
        return "altered" if found.sha256 != row.sha256 else "extra_version"
    return "" if (found.sha256, found.size) == (row.sha256, row.size) else "altered"


def _sentence(report: FileCheck) -> str:
    done = f"revisó los {report.files} archivos" if report.files != 1 else "revisó 1 archivo"
    if not report.faults:
        return f"{done}: todos son los que se guardaron"
    return f"{done} y encontró {len(report.faults)} con problemas"


async def tidy(work: Work, files: Files) -> dict[str, Any]:
    """This function will do the work of each night, and say what it did."""
    erased = await _erase_past_their_term(work)
    await store.forget_old_uploads(work)
    forsaken = await actions.reconcile(work, files)
    pieces = await files.sweep(work.tenant.id, FOLDER, before=work.clock.now() - timedelta(days=1), keep=())
    waiting = await store.waiting(work)
    for file_id in waiting:
        await outbox.publish(work, FileKept(file_id))
    return {"erased": len(erased), "forsaken": forsaken, "pieces": pieces, "waiting": len(waiting)}


async def _erase_past_their_term(work: Work) -> Sequence[File]:
    """A record may lean on one of them: that one stays, and the next night is asked again."""
    gone = []
    for row in await store.past_their_term(work, work.today()):
        content = actions.content_id(row)
        try:
            await store.erase(work, row.id)
        except actions.AlreadyClosed:
            continue
        gone.append(row)
        await audit.record(
            work,
            "file.expired",
            f"borró «{row.name}»: se cumplió el plazo de su clase",
            subject=row,
            before={"name": row.name, "kind": row.kind, "sha256": row.sha256, "erase_after": row.erase_after},
        )
        await outbox.publish(work, FileRemoved(content))
    return gone


async def ask(work: Work) -> None:
    """This function will have the archive read now, without waiting for the first of the month."""
    work.require("act:record")
    await outbox.deliver(work, "check_files", work.tenant.id)
