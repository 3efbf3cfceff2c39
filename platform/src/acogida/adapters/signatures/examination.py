"""Reading the signatures of one PDF with pyHanko, and saying in one verdict what they are worth.

What is asked of each signature, in this order: the document is the one that was signed, the signature was made with
that certificate, it covers everything, nothing but what is allowed came after, the method is not one that can be
forged, the certificate leads to somebody that we trust and was good for signing at the time. Without a trusted
timestamp «the time» is now: what the signer's own clock says proves nothing. Revocation is judged by what the file
brings; nothing is fetched. It runs within `worker`, which holds it to time and memory.
"""

import asyncio
import hashlib
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from asn1crypto import crl, ocsp, pem, x509
from pyhanko.pdf_utils.generic import Reference, StreamObject
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.ades.report import AdESFailure, AdESIndeterminate, AdESSubIndic
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.validation import (
    DocumentSecurityStore,
    EmbeddedPdfSignature,
    KeyUsageConstraints,
    async_validate_pdf_signature,
    async_validate_pdf_timestamp,
)
from pyhanko.sign.validation.errors import (
    DisallowedAlgorithmError,
    NoDSSFoundError,
    SignatureValidationError,
    ValidationInfoReadingError,
)
from pyhanko.sign.validation.settings import InvalidCertificateError
from pyhanko.sign.validation.status import PdfSignatureStatus, SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.policy_decl import CertRevTrustPolicy, RevocationCheckingPolicy, RevocationCheckingRule

from acogida.adapters.signatures.certificates import holder_name, holder_run, issuer_name, why_untrusted
from acogida.kernel.signatures import (
    SENTENCES,
    Changes,
    Check,
    Coverage,
    Examination,
    ExpectedSigner,
    FoundSignature,
    ToExamine,
    Verdict,
    plain_run,
    same_person,
)

WEAK = frozenset({"md2", "md4", "md5", "sha1"})
TOLERANCE = timedelta(minutes=5)
"""How far a clock may be ahead of ours before a date counts as of the future."""
_SIGNING = KeyUsageConstraints(key_usage={"digital_signature", "non_repudiation"}, match_all_key_usages=False)
_LENIENT = RevocationCheckingPolicy(
    RevocationCheckingRule.CHECK_IF_DECLARED_SOFT, RevocationCheckingRule.CHECK_IF_DECLARED_SOFT
)
_DEMANDING = RevocationCheckingPolicy(
    RevocationCheckingRule.CRL_OR_OCSP_REQUIRED, RevocationCheckingRule.CHECK_IF_DECLARED_SOFT
)
_COVERAGE: dict[SignatureCoverageLevel, Coverage] = {
    SignatureCoverageLevel.ENTIRE_FILE: "whole",
    SignatureCoverageLevel.ENTIRE_REVISION: "revision",
}
_CHANGES: dict[ModificationLevel, Changes] = {
    ModificationLevel.NONE: "none",
    ModificationLevel.LTA_UPDATES: "validation_data",
    ModificationLevel.FORM_FILLING: "form_filling",
    ModificationLevel.ANNOTATIONS: "annotations",
    ModificationLevel.OTHER: "other",
}
_CHANGES_SAID: dict[Changes, str] = {
    "none": "Nada se agregó después de esta firma.",
    "validation_data": "Después de esta firma sólo se agregaron datos para comprobarla.",
    "form_filling": "Después de esta firma sólo hubo lo que ella permite: campos llenados u otras firmas.",
    "annotations": "Después de esta firma se agregaron comentarios, que ella permite.",
    "other": "Después de esta firma se cambió contenido.",
}


@dataclass(frozen=True, slots=True)
class _Evidence:
    """What the file brings to judge certificates with, and whom we trust."""

    anchors: Sequence[x509.Certificate]
    certificates: tuple[x509.Certificate, ...]
    crls: tuple[crl.CertificateList, ...]
    ocsps: tuple[ocsp.OCSPResponse, ...]

    def context(self, moment: datetime, *, demand: bool = False) -> ValidationContext:
        """With `demand`, a certificate without fresh word on its revocation is refused."""
        return ValidationContext(
            trust_roots=self.anchors,
            other_certs=self.certificates,
            crls=self.crls,
            ocsps=self.ocsps,
            moment=moment,
            allow_fetching=False,
            revinfo_policy=CertRevTrustPolicy(_DEMANDING if demand else _LENIENT, retroactive_revinfo=True),
        )


def read_anchors(folder: Path | None) -> tuple[x509.Certificate, ...]:
    """This function will read every certificate (PEM or DER) of a folder; what is not one is left out."""
    found: list[x509.Certificate] = []
    for path in sorted(folder.iterdir()) if folder and folder.is_dir() else ():
        if path.suffix.lower() not in (".pem", ".crt", ".cer", ".der"):
            continue
        content = path.read_bytes()
        # pyrefly: ignore[not-iterable]  # several at once come as a generator
        pieces = [der for _, _, der in pem.unarmor(content, multiple=True) or ()] if pem.detect(content) else [content]
        for der in pieces:
            try:
                certificate = x509.Certificate.load(der)
                certificate.subject  # noqa: B018 because it is read late, and this is where it must fail
                found.append(certificate)
            except ValueError:
                continue
    return tuple(found)


def examine(asked: ToExamine, anchors: Sequence[x509.Certificate]) -> Examination:
    """This function will examine a file. What the file is never raises: it is the verdict."""
    found = Examination(
        verdict=Verdict.UNREADABLE,
        sha256=hashlib.sha256(asked.content).hexdigest(),
        size=len(asked.content),
        examined_at=asked.now,
    )
    if b"%PDF-" not in asked.content[:1024]:
        return replace(found, verdict=Verdict.NOT_PDF)
    try:
        return asyncio.run(_examine(asked, anchors, found))
    except RecursionError:
        return replace(found, verdict=Verdict.TOOK_TOO_LONG)
    except (PdfError, SignatureValidationError, ValueError, TypeError, KeyError, IndexError, AttributeError, OSError):
        # A file made by somebody else, read by a library: every way of being broken is the same to who uploaded it.
        return replace(found, verdict=Verdict.UNREADABLE)


async def _examine(asked: ToExamine, anchors: Sequence[x509.Certificate], found: Examination) -> Examination:
    reader = PdfFileReader(io.BytesIO(asked.content))
    if reader.encrypted:
        return replace(found, verdict=Verdict.ENCRYPTED)
    signatures = sorted(reader.embedded_regular_signatures, key=lambda one: one.signed_revision)
    if not signatures:
        gone = b"/ByteRange" in asked.content and not reader.embedded_timestamp_signatures
        return replace(found, verdict=Verdict.SIGNATURE_REMOVED if gone else Verdict.UNSIGNED)

    evidence = _evidence(reader, signatures, anchors)
    stamps = await _document_stamps(reader, evidence, asked.now)
    judged = [await _judge(one, evidence, stamps, asked.now) for one in signatures]
    checks: list[Check] = []
    if _shows_what_is_outside(reader):
        checks.append(Check("external", "bad", SENTENCES[Verdict.EXTERNAL_CONTENT]))
    matched = _match(judged, asked.expected)
    verdict, said = _conclude(matched, asked, external=bool(checks))
    return replace(found, verdict=verdict, signatures=tuple(matched), checks=(*checks, *said))


def _evidence(
    reader: PdfFileReader, signatures: Iterable[EmbeddedPdfSignature], anchors: Sequence[x509.Certificate]
) -> _Evidence:
    """The certificates, revocation lists and answers that the file carries: in its store (DSS) or in a signature."""
    certificates: list[x509.Certificate] = []
    crls: list[crl.CertificateList] = []
    ocsps: list[ocsp.OCSPResponse] = []
    try:
        store = DocumentSecurityStore.read_dss(reader)
        certificates += store.load_certs()
        crls += [crl.CertificateList.load(one.get_object().data) for one in store.crls]
        ocsps += [ocsp.OCSPResponse.load(one.get_object().data) for one in store.ocsps]
    except (NoDSSFoundError, ValidationInfoReadingError):
        pass
    for signature in signatures:
        certificates += signature.other_embedded_certs
        for attribute in signature.signer_info["signed_attrs"]:
            if attribute["type"].native == "adobe_revocation_info_archival":
                for archive in attribute["values"]:
                    crls += list(archive["crl"] or ())
                    ocsps += list(archive["ocsp"] or ())
    return _Evidence(anchors, tuple(certificates), tuple(crls), tuple(ocsps))


async def _document_stamps(reader: PdfFileReader, evidence: _Evidence, now: datetime) -> list[tuple[int, datetime]]:
    """(revision, time) of each trusted timestamp over the whole document: what is older existed by then."""
    found: list[tuple[int, datetime]] = []
    for stamp in reader.embedded_timestamp_signatures:
        try:
            status = await async_validate_pdf_timestamp(stamp, evidence.context(now), skip_diff=True)
        except (SignatureValidationError, PdfError, ValueError):
            continue
        if status.intact and status.valid and status.trusted and status.timestamp <= now + TOLERANCE:
            found.append((stamp.signed_revision, status.timestamp))
    return found


async def _judge(
    signature: EmbeddedPdfSignature, evidence: _Evidence, stamps: Sequence[tuple[int, datetime]], now: datetime
) -> FoundSignature:
    """One signature by itself, whoever made it."""
    certificate = signature.signer_cert
    known = FoundSignature(
        signer=holder_name(certificate),
        run=holder_run(certificate),
        issuer=issuer_name(certificate),
        claimed_at=signature.self_reported_timestamp,
        stamped_at=None,
        covers="part",
        later_changes="other",
        verdict=Verdict.WEAK_DIGEST,
        checks=(),
    )
    if signature.md_algorithm in WEAK:
        return _with(known, Check("digest", "bad", SENTENCES[Verdict.WEAK_DIGEST]))
    try:
        status = await async_validate_pdf_signature(
            signature, evidence.context(now), evidence.context(now), key_usage_settings=_SIGNING
        )
    except DisallowedAlgorithmError:
        return _with(known, Check("digest", "bad", SENTENCES[Verdict.WEAK_DIGEST]))

    known = replace(
        known,
        covers=_COVERAGE.get(status.coverage, "part") if status.coverage else "part",
        later_changes="none"
        if status.coverage is SignatureCoverageLevel.ENTIRE_FILE
        else _CHANGES[status.modification_level or ModificationLevel.OTHER],
    )
    stamp = status.timestamp_validity
    stamped = stamp is not None and stamp.intact and stamp.valid and stamp.trusted
    moments = [at for revision, at in stamps if revision > signature.signed_revision]
    if stamp is not None and stamped:
        moments.append(stamp.timestamp)
    proven = min(moments, default=None)
    known = replace(known, stamped_at=proven)

    checks: list[Check] = []
    verdict = _integrity(status, known, checks)
    _time_said(proven, stamp is not None and not stamped, checks)
    if verdict not in (Verdict.ALTERED, Verdict.FORGED):  # who signed something else is no news about who signed this
        trust = await _trust(signature, evidence, proven or now, checks)
        verdict = verdict or trust
    if verdict is None and any(at > now + TOLERANCE for at in (known.claimed_at, proven) if at is not None):
        checks.append(Check("clock", "bad", SENTENCES[Verdict.FUTURE]))
        verdict = Verdict.FUTURE
    return replace(known, verdict=verdict or Verdict.GOOD, checks=tuple(checks))


def _with(known: FoundSignature, *checks: Check) -> FoundSignature:
    return replace(known, checks=checks)


def _integrity(status: PdfSignatureStatus, known: FoundSignature, checks: list[Check]) -> Verdict | None:
    """Whether the document is the one that was signed, all of it, and only what is allowed came after."""
    verdict: Verdict | None = None
    if not status.intact:
        verdict = Verdict.ALTERED
    elif not status.valid:
        verdict = Verdict.FORGED
    checks.append(
        Check("content", "bad", SENTENCES[verdict])
        if verdict
        else Check("content", "good", "El contenido es el que se firmó.")
    )
    if known.covers == "part":
        checks.append(Check("coverage", "bad", SENTENCES[Verdict.PARTIAL_COVERAGE]))
        return verdict or Verdict.PARTIAL_COVERAGE
    checks.append(Check("coverage", "good", "La firma cubre todo el documento que se firmó."))
    if known.covers == "revision" and not status.docmdp_ok:
        checks.append(Check("changes", "bad", SENTENCES[Verdict.CHANGED_AFTER]))
        return verdict or Verdict.CHANGED_AFTER
    checks.append(
        Check(
            "changes",
            "note" if known.later_changes in ("form_filling", "annotations") else "good",
            _CHANGES_SAID[known.later_changes],
        )
    )
    return verdict


def _time_said(proven: datetime | None, broken_stamp: bool, checks: list[Check]) -> None:
    if proven is not None:
        checks.append(Check("timestamp", "good", "Un sello de tiempo confiable dice cuándo se firmó."))
    elif broken_stamp:
        checks.append(
            Check(
                "timestamp", "note", "Trae un sello de tiempo que no viene de un emisor de confianza: no se considera."
            )
        )
    else:
        checks.append(
            Check("timestamp", "note", "No trae sello de tiempo: la hora es la que dijo el equipo de quien firmó.")
        )


async def _trust(
    signature: EmbeddedPdfSignature, evidence: _Evidence, moment: datetime, checks: list[Check]
) -> Verdict | None:
    """Whether the certificate leads to somebody that we trust, and was good for signing at that moment."""
    verdict = await _certificate(signature, evidence, moment, demand=False)
    demanded = None
    if verdict is None and (evidence.crls or evidence.ocsps):
        # Not every certificate declares where it may be revoked: what the file brings is looked at all the same.
        demanded = await _certificate(signature, evidence, moment, demand=True)
        verdict = demanded if demanded is Verdict.REVOKED else None
    if verdict is not None:
        checks.append(Check("certificate", "bad", SENTENCES[verdict]))
        return verdict
    checks.append(
        Check(
            "certificate",
            "good",
            f"El certificado es de {issuer_name(signature.signer_cert)}, que está entre los prestadores de confianza.",
        )
    )
    told = bool(evidence.crls or evidence.ocsps) and demanded is None
    checks.append(
        Check("revocation", "good", "El archivo prueba que el certificado no estaba revocado.")
        if told
        else Check(
            "revocation",
            "note",
            "El archivo no trae cómo saber si el certificado estaba revocado; Acogida no lo consulta en la red.",
        )
    )
    return None


async def _certificate(
    signature: EmbeddedPdfSignature, evidence: _Evidence, moment: datetime, *, demand: bool
) -> Verdict | None:
    """What is wrong with the certificate at that moment, or None."""
    try:
        status = await async_validate_pdf_signature(
            signature,
            evidence.context(moment, demand=demand),
            evidence.context(moment),
            key_usage_settings=_SIGNING,
            skip_diff=True,
        )
    except SignatureValidationError:
        return Verdict.UNTRUSTED
    if status.trusted:
        return None
    return _said_of(status.trust_problem_indic, signature, evidence, moment)


def _said_of(
    problem: AdESSubIndic | None, signature: EmbeddedPdfSignature, evidence: _Evidence, moment: datetime
) -> Verdict:
    certificate = signature.signer_cert
    if problem in (AdESFailure.REVOKED, AdESIndeterminate.REVOKED_NO_POE, AdESIndeterminate.REVOKED_CA_NO_POE):
        return Verdict.REVOKED
    if problem is AdESIndeterminate.NO_CERTIFICATE_CHAIN_FOUND or certificate.self_issued:
        return why_untrusted(certificate, evidence.certificates, evidence.anchors)
    if certificate.not_valid_before > moment:
        return Verdict.NOT_YET_VALID
    if certificate.not_valid_after < moment or problem in (
        AdESIndeterminate.OUT_OF_BOUNDS_NO_POE,
        AdESIndeterminate.OUT_OF_BOUNDS_NOT_REVOKED,
        AdESIndeterminate.EXPIRED,
    ):
        return Verdict.EXPIRED
    try:
        _SIGNING.validate(certificate)
    except InvalidCertificateError:
        return Verdict.WRONG_KEY_USAGE
    return Verdict.UNTRUSTED


def _shows_what_is_outside(reader: PdfFileReader) -> bool:
    """Whether any stream takes its content from another file: what it shows may change and the signature stays good."""
    seen: set[Reference] = set()
    for revision in range(reader.xrefs.total_revisions):
        seen |= reader.xrefs.explicit_refs_in_revision(revision)
    for reference in seen:
        try:
            found = reader.get_object(reference)
        except PdfError:
            continue
        if isinstance(found, StreamObject) and ("/F" in found or "/Ref" in found):
            return True
    return False


def _match(signatures: Sequence[FoundSignature], expected: Sequence[ExpectedSigner]) -> list[FoundSignature]:
    """Each signature with the person that it belongs to. A RUN on both sides decides; a name only without one."""
    left = list(expected)
    found: list[FoundSignature] = []
    for signature in signatures:
        by_run = next((one for one in left if signature.run and plain_run(one.run) == signature.run), None)
        by_name = next(
            (one for one in left if not (one.run and signature.run) and same_person(one.name, signature.signer)), None
        )
        person = by_run or by_name
        if person is None:
            sentence = f"{signature.signer or 'Quien firma'} no está en la lista de quienes deben firmar."
            found.append(replace(signature, checks=(*signature.checks, Check("person", "note", sentence))))
            continue
        left.remove(person)
        how = "por su RUN" if by_run else "por su nombre; la lista o el certificado no dicen el RUN"
        check = Check("person", "good", f"Es la firma de {person.name}: coincide {how}.")
        found.append(
            replace(
                signature,
                person=person.key,
                matched_by="run" if by_run else "name",
                checks=(*signature.checks, check),
            )
        )
    return found


def _conclude(signatures: Sequence[FoundSignature], asked: ToExamine, *, external: bool) -> tuple[Verdict, list[Check]]:
    """The verdict of the file: the gravest of its signatures, then who signed and in which order."""
    gravity = list(Verdict)
    worst = min((one.verdict for one in signatures), key=gravity.index)
    if external:
        worst = min(worst, Verdict.EXTERNAL_CONTENT, key=gravity.index)
    if worst is not Verdict.GOOD:
        return worst, []
    signed = [one.person for one in signatures if one.person]
    if asked.expected and not signed:
        return Verdict.WRONG_PERSON, [Check("people", "bad", SENTENCES[Verdict.WRONG_PERSON])]
    if asked.ordered and signed != [one.key for one in asked.expected][: len(signed)]:
        return Verdict.WRONG_ORDER, [Check("order", "bad", SENTENCES[Verdict.WRONG_ORDER])]
    checks: list[Check] = []
    if asked.ordered:
        checks.append(Check("order", "good", "Firmaron en el orden fijado."))
    missing = [one.name for one in asked.expected if one.key not in signed]
    if missing:
        checks.append(Check("people", "note", f"Falta la firma de {', '.join(missing)}."))
    elif asked.expected:
        checks.append(Check("people", "good", "Firmaron todas las personas de la lista."))
    return Verdict.GOOD, checks
