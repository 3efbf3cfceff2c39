"""Preparing acts and recording them once signed. What was signed is not rewritten."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from acogida.features.acts import store
from acogida.features.acts.forms import (
    TEXTS,
    EditLetter,
    EditProject,
    RecordAgreement,
    RecordApproval,
    RecordDecree,
    RecordOther,
    RecordOutside,
    RecordSigned,
    RecordTerm,
    RecordVote,
)
from acogida.features.acts.model import Act, Signatory
from acogida.features.acts.sealing import new_code
from acogida.features.acts.signing import repeat, submit
from acogida.features.acts.words import KINDS, ORGAN_OF
from acogida.features.cycles import public as cycles
from acogida.features.evidence import public as evidence
from acogida.kernel import audit
from acogida.kernel.errors import AlreadyClosed, Rejected, Stale
from acogida.kernel.ports import Files
from acogida.kernel.signatures import looks_signed
from acogida.kernel.work import Work

OTHERS = ("session_minutes", "certificate")
"""Kinds of which there may be many: a new one replaces none."""
LETTER_TEXTS = ("objectives", "needs", "commitments", "place")


async def _open_act(work: Work, kind: str, version: int) -> tuple[Act, dict[str, object]]:
    """The act of this kind to be written, new or as it stands, checked against the version that the person saw."""
    act = await store.newest(work, kind, lock=True)
    if act is None:
        act = _new(kind, status="draft", content={})
        work.session.add(act)
        await work.session.flush()
        return act, {}
    if act.status == "signed":
        raise AlreadyClosed("Este documento ya está firmado y no se puede cambiar.")
    if act.version != version:
        raise Stale(act)
    return act, {**act.content, "dated_on": act.dated_on}


def _new(kind: str, **known: Any) -> Act:
    """An act with its code from the first moment: its papers carry it before they are signed."""
    return Act(**{"kind": kind, "title": KINDS[kind], "organ": ORGAN_OF.get(kind, ""), "code": new_code(), **known})


async def edit_letter(work: Work, wanted: EditLetter) -> Act:
    """This function will write the carta de compromiso and the list of who signs it."""
    work.require("commitment:edit")
    letter, before = await _open_act(work, "commitment_letter", wanted.version)
    if any(row.signed_on for row in await store.signatories(work, letter.id)):
        raise AlreadyClosed("Ya hay firmas registradas en esta carta: su texto no se puede cambiar.")

    letter.content = {name: getattr(wanted, name) for name in LETTER_TEXTS}
    letter.content["written_on"] = wanted.dated_on.isoformat() if wanted.dated_on else ""
    letter.dated_on = wanted.dated_on
    letter.status = "issued"
    letter.code = letter.code or new_code()
    await _set_signatories(work, letter, wanted.signatories)

    after = {**letter.content, "dated_on": letter.dated_on, "signatories": [name for name, _, _ in wanted.signatories]}
    await audit.record(
        work, "commitment_letter.edited", "redactó la carta de compromiso", subject=letter, before=before, after=after
    )
    return letter


async def _set_signatories(work: Work, act: Act, wanted: Sequence[tuple[str, str, str]]) -> list[Signatory]:
    """Those who stay keep what is known of them; the text changed, so every link that was sent stops working."""
    known = {(row.name, row.role): row for row in await store.signatories(work, act.id)}
    await store.drop_signatories(work, act.id)
    rows = []
    for place, (name, cargo, role) in enumerate(wanted):
        before = known.get((name, role))
        rows.append(
            Signatory(
                act_id=act.id,
                name=name,
                cargo=cargo,
                role=role,
                position=place,
                run=before.run if before else "",
                email=before.email if before else "",
                acting=cargo.endswith("(S)") or bool(before and before.acting),
            )
        )
    work.session.add_all(rows)
    await work.session.flush()
    return rows


async def record_outside_letter(work: Work, files: Files, wanted: RecordOutside, upload: evidence.Upload | None) -> Act:
    """This function will keep a letter that was written and signed outside Acogida, with who signed it."""
    work.require("act:record")
    letter = await store.newest(work, "commitment_letter", lock=True)
    if letter is not None and any(row.signed_on for row in await store.signatories(work, letter.id)):
        raise AlreadyClosed("Ya hay una carta con firmas registradas. Las que falten se agregan a esa carta.")
    if wanted.signed_on and wanted.signed_on > work.today():
        raise Rejected(fields={"signed_on": "La fecha de la firma no puede ser futura."})
    if upload is None:
        raise Rejected(fields={"file": "Falta el archivo: suba el PDF o una foto de la carta firmada."})
    if letter is None:
        letter = _new("commitment_letter", status="issued", content={})
        work.session.add(letter)
        await work.session.flush()

    letter.content, letter.status = {"outside": True}, "issued"
    rows = await _set_signatories(work, letter, wanted.signatories)
    submission = await submit(
        work, files, letter, upload, declared_by=wanted.declared_by, dated_on=wanted.signed_on, signed=rows
    )
    if submission.state == "good":
        letter.dated_on = wanted.signed_on
    await work.session.flush()

    names = [name for name, _, _ in wanted.signatories]
    await audit.record(
        work,
        "commitment_letter.signed",
        f"registró una carta de compromiso escrita fuera de Acogida y firmada por {', '.join(names)}",
        subject=letter,
        after={"sha256": submission.sha256, "way": submission.way, "signatories": names},
    )
    return letter


async def record_signed_letter(work: Work, files: Files, wanted: RecordSigned, upload: evidence.Upload | None) -> Act:
    """This function will keep the signed letter and note who signed; more signatures may come later."""
    work.require("act:record")
    letter = await store.newest(work, "commitment_letter", lock=True)
    if letter is None or letter.status == "draft":
        raise Rejected("Primero redacte la carta: así queda quiénes deben firmarla.")
    signatories = {str(row.id): row for row in await store.signatories(work, letter.id)}
    if unknown := set(wanted.signed) - set(signatories):
        raise Rejected(fields={"signed": f"Hay {len(unknown)} nombre que no está entre quienes firman la carta."})
    if wanted.signed_on and wanted.signed_on > work.today():
        raise Rejected(fields={"signed_on": "La fecha de la firma no puede ser futura."})
    if upload is None:
        raise Rejected(fields={"file": "Falta el archivo: suba el PDF o una foto de la carta firmada."})

    if not await _is_electronic(upload):
        lacking = {
            "signed": "" if wanted.signed else "Elija al menos una opción en «¿Quiénes la firmaron?».",
            "signed_on": "" if wanted.signed_on else "Falta completar «Fecha de la firma».",
        }
        if any(lacking.values()):
            raise Rejected(fields={name: said for name, said in lacking.items() if said})

    submission = await submit(
        work,
        files,
        letter,
        upload,
        declared_by=wanted.declared_by,
        dated_on=wanted.signed_on,
        signed=[signatories[key] for key in wanted.signed],
    )
    names = ", ".join(signatories[key].name for key in wanted.signed)
    await audit.record(
        work,
        "commitment_letter.signed",
        f"registró la carta de compromiso firmada por {names}"
        if submission.way == "record"
        else "subió la carta de compromiso con firmas electrónicas",
        subject=letter,
        after={"sha256": submission.sha256, "way": submission.way, "declared_by": submission.declared_by},
    )
    return letter


async def _is_electronic(upload: evidence.Upload) -> bool:
    await upload.seek(0)
    return looks_signed(await upload.read(evidence.LIMIT + 1))


async def _record(
    work: Work,
    files: Files,
    kind: str,
    *,
    number: str,
    dated_on: date | None,
    content: Mapping[str, object],
    upload: evidence.Upload | None,
    declared_by: str,
    signatories: Sequence[tuple[str, str, str]] = (),
    permission: str,
    **more: str,
) -> Act:
    """Record an act signed outside, with its file. A new record replaces the one before, which stays in the book.

    `signatories` are (name, cargo, role) of who signed it. Without a new file, the one of the record before is kept
    with what it was worth.
    """
    work.require(permission)
    if dated_on and dated_on > work.today():
        raise Rejected(fields={"dated_on": "La fecha no puede ser futura."})
    before = await store.newest(work, kind, lock=True)
    name = more.get("title", KINDS[kind])
    again = before is not None and before.file_id is not None and kind not in OTHERS
    if upload is None and not again:
        raise Rejected(fields={"file": f"Falta el archivo de «{name}»: suba el PDF o una foto."})
    act = _new(kind, number=number, dated_on=dated_on, status="issued", content=dict(content), **more)
    work.session.add(act)
    await work.session.flush()
    rows = await _set_signatories(work, act, signatories)
    if upload is not None:
        await submit(work, files, act, upload, declared_by=declared_by, dated_on=dated_on, signed=rows)
    elif before is not None:
        await repeat(work, before, act, rows)

    said = f"registró «{name}»" + (f" N.º {number}" if number else "")
    await audit.record(
        work,
        f"{kind}.recorded",
        said,
        subject=act,
        before=before.content if before else {},
        after={"number": number, "dated_on": dated_on, **content},
    )
    return act


async def record_agreement(work: Work, files: Files, wanted: RecordAgreement, upload: evidence.Upload | None) -> Act:
    """This function will record the acuerdo del concejo that supports the process."""
    return await _record(
        work,
        files,
        "concejo_agreement",
        number=wanted.number,
        dated_on=wanted.dated_on,
        content={"mayor_signed": wanted.mayor_signed, "mayor": wanted.mayor},
        upload=upload,
        declared_by=wanted.declared_by,
        signatories=[(wanted.mayor, "Alcalde o alcaldesa", "mayor")] if wanted.mayor_signed else [],
        permission="act:record",
    )


async def edit_project(work: Work, wanted: EditProject) -> Act:
    """This function will write the document that explains the project, and set the dates of the stages."""
    work.require("commitment:edit")
    project, before = await _open_act(work, "project_document", wanted.version)

    project.content = {name: getattr(wanted, name) for name in TEXTS}
    project.dated_on = wanted.dated_on
    project.status = "issued"
    await work.session.flush()
    await cycles.set_stage_dates(work, wanted.dates())

    await audit.record(
        work,
        "project_document.edited",
        "escribió el documento del proyecto",
        subject=project,
        before=before,
        after={**project.content, "dated_on": project.dated_on},
    )
    return project


async def record_approval(work: Work, files: Files, wanted: RecordApproval, upload: evidence.Upload | None) -> Act:
    """This function will record the mayor's approval and start the vigencia from it (AMB-05)."""
    return await _record(
        work,
        files,
        "mayor_approval",
        number=wanted.number,
        dated_on=wanted.dated_on,
        content={"signatory": wanted.signatory, "cargo": wanted.cargo, "years": wanted.years},
        upload=upload,
        declared_by=wanted.declared_by,
        signatories=[(wanted.signatory, wanted.cargo, "mayor")],
        permission="policy:approve",
    )


async def record_vote(work: Work, files: Files, wanted: RecordVote, upload: evidence.Upload | None) -> Act:
    """This function will record how the concejo voted."""
    return await _record(
        work,
        files,
        "concejo_vote",
        number=wanted.number,
        dated_on=wanted.dated_on,
        content={name: getattr(wanted, name) for name in ("result", "in_favour", "against", "abstentions")},
        upload=upload,
        declared_by=wanted.declared_by,
        permission="policy:approve",
    )


async def record_decree(work: Work, files: Files, wanted: RecordDecree, upload: evidence.Upload | None) -> Act:
    """This function will record the decree; if it is later than the approval, the vigencia runs from it (AMB-05)."""
    return await _record(
        work,
        files,
        "decree",
        number=wanted.number,
        dated_on=wanted.dated_on,
        content={},
        upload=upload,
        declared_by=wanted.declared_by,
        signatories=[(wanted.signatory, wanted.cargo, "mayor")] if wanted.signatory else [],
        permission="policy:approve",
    )


async def record_other(work: Work, files: Files, wanted: RecordOther, upload: evidence.Upload | None) -> Act:
    """This function will record an acta of a session or a certificado; each stands beside the others of its kind."""
    return await _record(
        work,
        files,
        wanted.kind,
        number=wanted.number,
        dated_on=wanted.dated_on,
        content={},
        upload=upload,
        declared_by=wanted.declared_by,
        signatories=[(name, cargo, "other") for name, cargo in wanted.signing],
        permission="act:record",
        title=wanted.title,
        organ=wanted.organ,
    )


async def answer_term(work: Work, wanted: RecordTerm) -> Act:
    """This function will note whether the concejo's term of twenty days runs for this matter, and why."""
    work.require("policy:approve")
    before = await store.newest(work, "concejo_term", lock=True)
    act = before or _new("concejo_term")
    old = dict(before.content) if before else {}
    act.content = {"applies": bool(wanted.applies), "notes": wanted.notes}
    act.dated_on = work.today()
    act.status = "issued"
    work.session.add(act)
    await work.session.flush()

    said = "corre" if wanted.applies else "no corre"
    await audit.record(
        work,
        "concejo_term.answered",
        f"dijo que el plazo de veinte días del concejo {said} para la Política",
        subject=act,
        before=old,
        after=act.content,
    )
    return act
