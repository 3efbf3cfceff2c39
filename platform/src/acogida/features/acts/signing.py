"""A signed file comes: what it is, what it is worth, and whose turn is next.

A PDF with electronic signatures waits until they are examined; anything else is a record, and somebody must answer for
the copy by name. Only what is good becomes the file in force, so an act never loses a good file to a bad one.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

from acogida.features.acts import letters, register, sealing, store
from acogida.features.acts.events import SignedFileCame
from acogida.features.acts.forms import EditSigner
from acogida.features.acts.model import Act, ActSubmission, Signatory
from acogida.features.acts.words import KINDS, ORGAN_OF
from acogida.features.cycles import public as cycles
from acogida.features.evidence import public as evidence
from acogida.kernel import audit, outbox
from acogida.kernel.errors import AlreadyClosed, NotFound, Rejected, Stale
from acogida.kernel.identity import digest, new_secret
from acogida.kernel.ports import Files
from acogida.kernel.signatures import (
    Check,
    Examination,
    ExpectedSigner,
    SigningRefused,
    StateSigning,
    Verdict,
    looks_signed,
    plain_run,
    to_json,
)
from acogida.kernel.tenancy import Actor
from acogida.kernel.work import Work

REMIND_AFTER = timedelta(days=4)
"""Between a link and its first reminder, and between reminders."""
_FILE_KINDS = {
    "commitment_letter": "signed_letter",
    "concejo_agreement": "agreement",
    "concejo_vote": "agreement",
    "mayor_approval": "approval",
    "decree": "decree",
    "session_minutes": "minutes",
    "certificate": "report",
}


def title_of(act: Act) -> str:
    """This function will name an act: «Decreto alcaldicio N.º 41»."""
    title = act.title or KINDS[act.kind]
    return f"{title} N.º {act.number}" if act.number else title


def in_turn(act: Act, rows: Sequence[Signatory]) -> list[Signatory]:
    """This function will say who may sign now: everybody who has not, or the first of them where order is set."""
    waiting = sorted((row for row in rows if row.signed_on is None), key=lambda row: row.position)
    return waiting[:1] if act.ordered else waiting


async def submit(
    work: Work,
    files: Files,
    act: Act,
    upload: evidence.Upload,
    *,
    declared_by: str = "",
    dated_on: date | None = None,
    signed: Sequence[Signatory] = (),
    field: str = "file",
) -> ActSubmission:
    """This function will take a file that comes as the signed act. Whoever calls has asked for the right of its verb.

    `signed` are who signed a record, on `dated_on`. Raises `Rejected` where a record comes without who answers for it.
    """
    await upload.seek(0)
    electronic = looks_signed(await upload.read(evidence.LIMIT + 1))
    if not electronic and not declared_by:
        raise Rejected(
            fields={
                "declared_by": "El archivo no trae firma electrónica: es un registro. Escriba el nombre de la secretaria o "
                "del secretario municipal que declara que es copia fiel."
            }
        )
    kept = await evidence.keep(
        work,
        files,
        upload,
        kind=_FILE_KINDS[act.kind],
        subject_type="act",
        subject_id=act.id,
        allow={"pdf", "image"},
        dated_on=dated_on,
        field=field,
    )
    submission = ActSubmission(
        act_id=act.id,
        file_id=kept.id,
        sha256=kept.sha256,
        way="advanced" if electronic else "record",
        state="checking" if electronic else "good",
        submitted_by=work.actor.name,
        submitted_at=work.clock.now(),
        declared_by="" if electronic else declared_by,
    )
    work.session.add(submission)
    await work.session.flush()
    if electronic:
        await outbox.publish(work, SignedFileCame(submission.id))
        return submission
    for row in signed:
        row.signed_on = row.signed_on or dated_on
    await _put_in_force(work, act, submission, "recorded")
    return submission


async def repeat(work: Work, before: Act, act: Act, rows: Sequence[Signatory]) -> None:
    """This function will give a corrected act the file of the one that it corrects, with what that was worth."""
    latest = next(iter(await store.submissions(work, before.id)), None)
    if before.file_id is None or latest is None:
        raise Rejected(fields={"file": "Falta el archivo: suba el PDF o una foto."})
    kept = next((one for one in await store.submissions(work, before.id) if one.file_id == before.file_id), latest)
    submission = ActSubmission(
        act_id=act.id,
        file_id=kept.file_id,
        sha256=kept.sha256,
        way=kept.way,
        state=kept.state,
        submitted_by=work.actor.name,
        submitted_at=work.clock.now(),
        declared_by=kept.declared_by,
        reference=kept.reference,
    )
    if kept.way != "record":  # whose signature it was may be what was corrected
        submission.state = "checking"
    work.session.add(submission)
    await work.session.flush()
    if submission.state == "checking":
        await outbox.publish(work, SignedFileCame(submission.id))
        return
    for row in rows:
        row.signed_on = act.dated_on
    if submission.state == "good":
        await _put_in_force(work, act, submission, "recorded")
    else:
        act.file_id, act.way, act.standing = kept.file_id, kept.way, kept.state
        await work.session.flush()


async def declare(work: Work, act_id: UUID, declared_by: str) -> Act:
    """This function will note who answers for the copy of an act that was recorded without it."""
    work.require("act:record")
    act = await store.act(work, act_id, lock=True)
    waiting = next((one for one in await store.submissions(work, act_id) if one.state == "undeclared"), None)
    if act.standing != "undeclared" or waiting is None:
        raise AlreadyClosed("Este documento no espera ninguna declaración.")
    if not declared_by:
        raise Rejected(fields={"declared_by": "Escriba quién declara que la copia es fiel."})
    waiting.declared_by, waiting.state = declared_by, "good"
    await _put_in_force(work, act, waiting, "recorded")
    await audit.record(
        work,
        f"{act.kind}.declared",
        f"anotó que {declared_by} declara fiel la copia de «{title_of(act)}»",
        subject=act,
        after={"declared_by": declared_by, "sha256": waiting.sha256},
    )
    return act


async def expected_of(work: Work, act: Act) -> list[ExpectedSigner]:
    """This function will say whose signatures an act waits for, in their order."""
    return [ExpectedSigner(str(row.id), row.name, row.run) for row in await store.signatories(work, act.id)]


async def conclude(
    work: Work, submission_id: UUID, found: Examination, *, same_text: bool | None = None
) -> ActSubmission:
    """This function will write down what the examination said, and put the file in force where it is good.

    `same_text` tells whether the file begins with the very document that Acogida wrote; None where it wrote none.
    Concluding twice changes nothing.
    """
    submission = await store.submission(work, submission_id, lock=True)
    if submission.state != "checking":
        return submission
    act = await store.act(work, submission.act_id, lock=True)
    rows = await store.signatories(work, act.id)
    found = _with_history(act, rows, found)
    if same_text is not None:
        check = (
            Check("text", "good", "El texto firmado es el que se escribió en Acogida, byte por byte.")
            if same_text
            else Check(
                "text",
                "note",
                "El archivo no parte de la carta que hizo Acogida: lea su texto antes de darla por buena.",
            )
        )
        found = replace(found, checks=(*found.checks, check))
    submission.examination = to_json(found)
    submission.state = "good" if found.good else "refused"
    if not found.good:
        await work.session.flush()
        await audit.record(
            work,
            f"{act.kind}.refused",
            f"revisó las firmas de «{title_of(act)}» y no valen: {found.sentence[0].lower()}{found.sentence[1:]}",
            subject=act,
            after={"verdict": found.verdict.value, "sha256": submission.sha256},
        )
        return submission
    for row in rows:
        one = found.signature_of(str(row.id))
        if one is not None:
            at = one.signed_at or submission.submitted_at
            row.signed_on = row.signed_on or at.astimezone(work.zone).date()
            row.token_hash = None
    await _put_in_force(work, act, submission, "verified")
    await audit.record(
        work,
        f"{act.kind}.verified",
        f"comprobó las firmas electrónicas de «{title_of(act)}»: son válidas",
        subject=act,
        after={"signers": [one.signer for one in found.signatures], "sha256": submission.sha256},
    )
    if act.ordered and any(row.invited_at for row in rows):
        await _call_next(work, act)
    return submission


def _with_history(act: Act, rows: Sequence[Signatory], found: Examination) -> Examination:
    """A file that lost a signature which was already verified is not good, whatever it says of the others."""
    if not found.good or act.standing != "good" or act.way not in ("advanced", "firmagob"):
        return found
    lost = [row.name for row in rows if row.signed_on and found.signature_of(str(row.id)) is None]
    if not lost:
        return found
    check = Check("history", "bad", f"Falta la firma de {', '.join(lost)}, que ya estaba verificada.")
    return replace(found, verdict=Verdict.SIGNATURE_LOST, checks=(*found.checks, check))


async def _put_in_force(work: Work, act: Act, submission: ActSubmission, event: str) -> None:
    act.file_id, act.way, act.standing = submission.file_id, submission.way, "good"
    act.organ = act.organ or ORGAN_OF.get(act.kind, "")
    rows = await store.signatories(work, act.id)
    mayor = any(row.role == "mayor" and row.signed_on for row in rows)
    if act.kind != "commitment_letter" or mayor or act.content.get("outside"):
        act.status = "signed"
    signed = [row for row in rows if row.signed_on]
    if act.kind == "commitment_letter" and signed:
        act.dated_on = act.dated_on or signed[0].signed_on
    await work.session.flush()
    await register.note(
        work, act, event, sha256=submission.sha256, signatories=signed, answered_by=submission.declared_by
    )
    await sealing.refresh(work, act, submission.sha256)
    await _start_vigencia(work, act)


async def _start_vigencia(work: Work, act: Act) -> None:
    """From the mayor's approval, or from the decree where it is later (AMB-05): only a good act starts it."""
    if act.kind not in ("mayor_approval", "decree"):
        return
    approval = act if act.kind == "mayor_approval" else await store.standing_act(work, "mayor_approval")
    decree = act if act.kind == "decree" else await store.standing_act(work, "decree")
    if approval is None or approval.dated_on is None:
        return
    first = max(day for day in (approval.dated_on, decree.dated_on if decree else None) if day)
    years = int(str(approval.content.get("years", "4")))
    await cycles.set_vigencia(work, first, cycles.years_later(first, years))


# Who signs, by which link, in which order


async def edit_signer(work: Work, signatory_id: UUID, wanted: EditSigner) -> Signatory:
    """This function will say how one who signs is known (RUN) and reached (mail), and whether as subrogante."""
    work.require("commitment:edit")
    row = await store.signatory(work, signatory_id, lock=True)
    if row.version != wanted.version:
        raise Stale(row)
    if row.signed_on is not None:
        raise AlreadyClosed("Esta firma ya está registrada.")
    run = plain_run(wanted.run) if wanted.run else ""
    if wanted.run and not run:
        raise Rejected(fields={"run": "El RUN no es válido. Escríbalo con su dígito verificador, como 12.345.678-5."})
    before = {"run": bool(row.run), "email": row.email, "acting": row.acting}
    if row.email != wanted.email:
        row.token_hash, row.invited_at = None, None
    row.run, row.email, row.acting = run, wanted.email, wanted.acting
    await work.session.flush()
    await audit.record(
        work,
        "signatory.edited",
        f"completó los datos para la firma de {row.name}",
        subject=row,
        before=before,
        after={"run": bool(row.run), "email": row.email, "acting": row.acting},
    )
    return row


async def set_order(work: Work, act_id: UUID, ordered: bool, first: UUID | None = None) -> Act:
    """This function will say whether those who sign follow an order, and move one a place up where `first` names them."""
    work.require("commitment:edit")
    act = await store.act(work, act_id, lock=True)
    rows = list(await store.signatories(work, act_id))
    if any(row.signed_on for row in rows):
        raise AlreadyClosed("Ya hay firmas registradas: el orden no se puede cambiar.")
    act.ordered = ordered
    place = next((at for at, row in enumerate(rows) if row.id == first), 0)
    if place:
        rows[place - 1], rows[place] = rows[place], rows[place - 1]
        for at, row in enumerate(rows):
            row.position = at
    await work.session.flush()
    await audit.record(
        work,
        "act.order_set",
        f"fijó el orden de firma de «{title_of(act)}»"
        if ordered
        else f"dejó libre el orden de firma de «{title_of(act)}»",
        subject=act,
        after={"order": [row.name for row in rows] if ordered else []},
    )
    return act


async def invite(work: Work, act_id: UUID) -> list[Signatory]:
    """This function will mail a link to whoever is in turn to sign and has an address. Raises `Rejected` without any."""
    work.require("act:record")
    act = await store.act(work, act_id, lock=True)
    if act.status == "draft" or act.content.get("outside"):
        raise Rejected("Primero redacte el documento: el enlace lleva a lo que se firma.")
    called = await _call_next(work, act)
    if not called:
        raise Rejected("Nadie de quienes deben firmar ahora tiene correo: agréguelo y vuelva a enviar.")
    await audit.record(
        work,
        "act.invited",
        f"envió el enlace para firmar «{title_of(act)}» a {', '.join(row.name for row in called)}",
        subject=act,
        after={"to": [row.name for row in called]},
    )
    return called


async def remind(work: Work, act_id: UUID) -> list[Signatory]:
    """This function will write again to whoever was sent a link, is in turn and has not signed; and again in some days."""
    act = await store.act(work, act_id, lock=True)
    rows = [row for row in in_turn(act, await store.signatories(work, act_id)) if row.token_hash and row.email]
    late = [
        row
        for row in rows
        if (row.reminded_at or row.invited_at or work.clock.now()) <= work.clock.now() - REMIND_AFTER / 2
    ]
    for row in late:
        await _send(work, act, row, again=True)
    if rows:
        await outbox.deliver(work, "remind_signatories", act.id, at=work.clock.now() + REMIND_AFTER)
    return late


async def _call_next(work: Work, act: Act) -> list[Signatory]:
    called = [row for row in in_turn(act, await store.signatories(work, act.id)) if row.email]
    for row in called:
        await _send(work, act, row)
    if called:
        await outbox.deliver(work, "remind_signatories", act.id, at=work.clock.now() + REMIND_AFTER)
    return called


async def _send(work: Work, act: Act, row: Signatory, *, again: bool = False) -> None:
    """A fresh link each time: we keep only its fingerprint, and the one before stops working."""
    secret = new_secret()
    row.token_hash = digest(secret)
    if again:
        row.reminded_at = work.clock.now()
    else:
        row.invited_at = row.invited_at or work.clock.now()
    await work.session.flush()
    await letters.ask_signature(
        work,
        to=row.email,
        name=row.name,
        act=title_of(act),
        path=f"/m/{work.tenant.slug}/firmar/{secret}",
        again=again,
    )


# At the other side of the link


async def behind_link(work: Work, secret: str) -> tuple[Act, Signatory]:
    """This function will give what a link opens, or raise `NotFound`: for an unknown one and for one out of turn alike."""
    row = await store.signatory_behind(work, digest(secret))
    if row is None:
        raise NotFound
    act = await store.act(work, row.act_id)
    if row not in in_turn(act, await store.signatories(work, act.id)):
        raise NotFound
    return act, row


async def submit_by_link(work: Work, files: Files, secret: str, upload: evidence.Upload | None) -> ActSubmission:
    """This function will take the PDF that one who signs brings back by their link: it must carry their signature."""
    act, row = await behind_link(work, secret)
    if upload is None:
        raise Rejected(fields={"file": "Falta el archivo: suba el PDF firmado."})
    await upload.seek(0)
    if not looks_signed(await upload.read(evidence.LIMIT + 1)):
        raise Rejected(
            fields={
                "file": "El archivo no trae ninguna firma electrónica. Si lo firmó a mano, entréguelo en la municipalidad: la "
                "secretaría municipal lo registra."
            }
        )
    return await _by_signatory(work, files, act, row, upload)


async def sign_with_state(
    work: Work, files: Files, signing: StateSigning | None, secret: str, content: bytes, *, run: str, code: str
) -> ActSubmission:
    """This function will have FirmaGob sign what the link opens, with the holder's RUN and code of one use.

    Raises `Rejected` with what to do where it did not sign, and `NotFound` where the service is off.
    """
    act, row = await behind_link(work, secret)
    if signing is None:
        raise NotFound
    if row.run and plain_run(run) != row.run:
        raise Rejected(fields={"run": "Este enlace es de otra persona: el RUN no es el que se espera."})
    try:
        signed = await signing.sign(content, name=title_of(act), run=run, code=code, now=work.clock.now())
    except SigningRefused as refused:
        raise Rejected(str(refused)) from refused
    made = evidence.from_bytes(f"{title_of(act)} (FirmaGob).pdf", signed.content)
    submission = await _by_signatory(work, files, act, row, made)
    submission.way, submission.reference = "firmagob", signed.request
    await work.session.flush()
    return submission


async def _by_signatory(work: Work, files: Files, act: Act, row: Signatory, upload: evidence.Upload) -> ActSubmission:
    """In the name of who holds the link, who may have no account here."""
    work.actor = Actor(None, row.name, kind="stranger")
    submission = await submit(work, files, act, upload)
    await audit.record(work, f"{act.kind}.signed", f"subió «{title_of(act)}» con su firma electrónica", subject=act)
    return submission
