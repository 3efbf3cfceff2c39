"""Preparing acts and recording them once signed. What was signed is not rewritten."""

from collections.abc import Mapping
from datetime import date

from acogida.features.acts import store
from acogida.features.acts.forms import (
    TEXTS,
    EditLetter,
    EditProject,
    RecordAgreement,
    RecordApproval,
    RecordDecree,
    RecordOutside,
    RecordSigned,
    RecordTerm,
    RecordVote,
)
from acogida.features.acts.model import Act, Signatory
from acogida.features.acts.words import KINDS
from acogida.features.cycles import public as cycles
from acogida.features.evidence import public as evidence
from acogida.kernel import audit
from acogida.kernel.errors import AlreadyClosed, Rejected, Stale
from acogida.kernel.ports import Files
from acogida.kernel.work import Work

LETTER_TEXTS = ("objectives", "needs", "commitments", "place")


async def _open_act(work: Work, kind: str, version: int) -> tuple[Act, dict[str, object]]:
    """The act of this kind to be written, new or as it stands, checked against the version that the person saw."""
    act = await store.newest(work, kind, lock=True)
    if act is None:
        act = Act(kind=kind, title=KINDS[kind], status="draft", content={})
        work.session.add(act)
        await work.session.flush()
        return act, {}
    if act.status == "signed":
        raise AlreadyClosed("Este documento ya está firmado y no se puede cambiar.")
    if act.version != version:
        raise Stale(act)
    return act, {**act.content, "dated_on": act.dated_on}


async def edit_letter(work: Work, wanted: EditLetter) -> Act:
    """This function will write the carta de compromiso and the list of who signs it."""
    work.require("commitment:edit")
    letter, before = await _open_act(work, "commitment_letter", wanted.version)
    if any(row.signed_on for row in await store.signatories(work, letter.id)):
        raise AlreadyClosed("Ya hay firmas registradas en esta carta: su texto no se puede cambiar.")

    letter.content = {name: getattr(wanted, name) for name in LETTER_TEXTS}
    letter.dated_on = wanted.dated_on
    letter.status = "issued"
    await store.drop_signatories(work, letter.id)
    work.session.add_all(
        Signatory(act_id=letter.id, name=name, cargo=cargo, role=role, position=place)
        for place, (name, cargo, role) in enumerate(wanted.signatories)
    )
    await work.session.flush()

    after = {**letter.content, "dated_on": letter.dated_on, "signatories": [name for name, _, _ in wanted.signatories]}
    await audit.record(
        work, "commitment_letter.edited", "redactó la carta de compromiso", subject=letter, before=before, after=after
    )
    return letter


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
        letter = Act(kind="commitment_letter", title=KINDS["commitment_letter"], content={})
        work.session.add(letter)
        await work.session.flush()

    kept = await evidence.keep(
        work,
        files,
        upload,
        kind="signed_letter",
        subject_type="act",
        subject_id=letter.id,
        allow={"pdf", "image"},
        dated_on=wanted.signed_on,
    )
    letter.content = {"outside": True}
    letter.dated_on, letter.file_id, letter.status = wanted.signed_on, kept.id, "signed"
    await store.drop_signatories(work, letter.id)
    work.session.add_all(
        Signatory(act_id=letter.id, name=name, cargo=cargo, role=role, position=place, signed_on=wanted.signed_on)
        for place, (name, cargo, role) in enumerate(wanted.signatories)
    )
    await work.session.flush()

    names = [name for name, _, _ in wanted.signatories]
    await audit.record(
        work,
        "commitment_letter.signed",
        f"registró una carta de compromiso escrita fuera de Acogida y firmada por {', '.join(names)}",
        subject=letter,
        after={"file": kept.name, "sha256": kept.sha256, "signatories": names},
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

    kept = await evidence.keep(
        work,
        files,
        upload,
        kind="signed_letter",
        subject_type="act",
        subject_id=letter.id,
        allow={"pdf", "image"},
        dated_on=wanted.signed_on,
    )
    for key in wanted.signed:
        signatories[key].signed_on = signatories[key].signed_on or wanted.signed_on
    letter.file_id = kept.id
    if any(row.role == "mayor" and row.signed_on for row in signatories.values()):
        letter.status = "signed"
        letter.dated_on = letter.dated_on or wanted.signed_on
    await work.session.flush()

    names = ", ".join(signatories[key].name for key in wanted.signed)
    await audit.record(
        work,
        "commitment_letter.signed",
        f"registró la carta de compromiso firmada por {names}",
        subject=letter,
        after={"file": kept.name, "sha256": kept.sha256},
    )
    return letter


async def _record(
    work: Work,
    files: Files,
    kind: str,
    *,
    number: str,
    dated_on: date | None,
    content: Mapping[str, object],
    upload: evidence.Upload | None,
    file_kind: str,
    signatory: tuple[str, str] | None = None,
    permission: str,
) -> Act:
    """Record an act signed outside, with its file. A new record replaces the one before, which stays in the book."""
    work.require(permission)
    if dated_on and dated_on > work.today():
        raise Rejected(fields={"dated_on": "La fecha no puede ser futura."})
    before = await store.newest(work, kind, lock=True)
    if upload is None and (before is None or before.file_id is None):
        raise Rejected(fields={"file": f"Falta el archivo de «{KINDS[kind]}»: suba el PDF o una foto."})
    act = Act(kind=kind, title=KINDS[kind], number=number, dated_on=dated_on, status="signed", content=dict(content))
    work.session.add(act)
    await work.session.flush()
    if upload is not None:
        kept = await evidence.keep(
            work,
            files,
            upload,
            kind=file_kind,
            subject_type="act",
            subject_id=act.id,
            allow={"pdf", "image"},
            dated_on=dated_on,
        )
        act.file_id = kept.id
    elif before is not None:
        act.file_id = before.file_id
    if signatory:
        work.session.add(
            Signatory(act_id=act.id, name=signatory[0], cargo=signatory[1], role="mayor", signed_on=dated_on)
        )
    await work.session.flush()

    said = f"registró «{KINDS[kind]}»" + (f" N.º {number}" if number else "")
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
        file_kind="agreement",
        signatory=(wanted.mayor, "Alcalde o alcaldesa") if wanted.mayor_signed else None,
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
    act = await _record(
        work,
        files,
        "mayor_approval",
        number=wanted.number,
        dated_on=wanted.dated_on,
        content={"signatory": wanted.signatory, "cargo": wanted.cargo, "years": wanted.years},
        upload=upload,
        file_kind="approval",
        signatory=(wanted.signatory, wanted.cargo),
        permission="policy:approve",
    )
    decree = await store.newest(work, "decree")
    await _start_vigencia(
        work, max(filter(None, (wanted.dated_on, decree.dated_on if decree else None))), int(wanted.years)
    )
    return act


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
        file_kind="agreement",
        permission="policy:approve",
    )


async def record_decree(work: Work, files: Files, wanted: RecordDecree, upload: evidence.Upload | None) -> Act:
    """This function will record the decree; if it is later than the approval, the vigencia runs from it (AMB-05)."""
    act = await _record(
        work,
        files,
        "decree",
        number=wanted.number,
        dated_on=wanted.dated_on,
        content={},
        upload=upload,
        file_kind="decree",
        permission="policy:approve",
    )
    approval = await store.newest(work, "mayor_approval")
    if approval is not None and approval.dated_on is not None and wanted.dated_on is not None:
        await _start_vigencia(
            work, max(approval.dated_on, wanted.dated_on), int(str(approval.content.get("years", "4")))
        )
    return act


async def answer_term(work: Work, wanted: RecordTerm) -> Act:
    """This function will note whether the concejo's term of twenty days runs for this matter, and why."""
    work.require("policy:approve")
    before = await store.newest(work, "concejo_term", lock=True)
    act = before or Act(kind="concejo_term", title=KINDS["concejo_term"])
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


async def _start_vigencia(work: Work, first: date, years: int) -> None:
    await cycles.set_vigencia(work, first, cycles.years_later(first, years))
