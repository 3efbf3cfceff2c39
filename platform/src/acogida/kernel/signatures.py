"""What can be said of an electronic signature in a PDF, in words that a person understands.

A `Verdict` is the one answer; each has its sentence here, so that page, receipt and API say the same. Only
`Verdict.GOOD` counts for a gate. A scan of ink is never judged here: it is a record, not an electronic signature
(Ley 19.799, arts. 2 f, 2 g and 3).
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Literal, Protocol, runtime_checkable


class Verdict(StrEnum):
    """The answer about a file, or about one of its signatures. The order is that of gravity, the worst first."""

    NOT_PDF = "not_pdf"
    TOO_LARGE = "too_large"
    TOOK_TOO_LONG = "took_too_long"
    ENCRYPTED = "encrypted"
    UNREADABLE = "unreadable"
    SIGNATURE_REMOVED = "signature_removed"
    SIGNATURE_LOST = "signature_lost"
    UNSIGNED = "unsigned"
    ALTERED = "altered"
    FORGED = "forged"
    PARTIAL_COVERAGE = "partial_coverage"
    CHANGED_AFTER = "changed_after"
    EXTERNAL_CONTENT = "external_content"
    WEAK_DIGEST = "weak_digest"
    SELF_SIGNED = "self_signed"
    NO_TRUST_ANCHORS = "no_trust_anchors"
    INCOMPLETE_CHAIN = "incomplete_chain"
    UNTRUSTED = "untrusted"
    REVOKED = "revoked"
    EXPIRED = "expired"
    NOT_YET_VALID = "not_yet_valid"
    WRONG_KEY_USAGE = "wrong_key_usage"
    FUTURE = "future"
    WRONG_PERSON = "wrong_person"
    WRONG_ORDER = "wrong_order"
    GOOD = "good"


SENTENCES: dict[Verdict, str] = {
    Verdict.NOT_PDF: "El archivo no es un PDF, y una firma electrónica avanzada viene dentro de un PDF. Suba el PDF que "
    "entrega el programa de firma.",
    Verdict.TOO_LARGE: "El archivo es demasiado grande para revisar sus firmas. Suba una versión más liviana, firmada de nuevo.",
    Verdict.TOOK_TOO_LONG: "La revisión tardó demasiado y la detuvimos. El archivo puede estar dañado o hecho para estorbar: "
    "genere el documento de nuevo y fírmelo otra vez.",
    Verdict.ENCRYPTED: "El PDF tiene contraseña y no se pueden revisar sus firmas. Quítele la contraseña antes de firmarlo.",
    Verdict.UNREADABLE: "El PDF está dañado o incompleto y no se puede leer con seguridad. Descárguelo otra vez desde donde se "
    "firmó y súbalo sin abrirlo ni guardarlo con otro programa.",
    Verdict.SIGNATURE_REMOVED: "El PDF tuvo una firma y alguien la quitó después. Suba el archivo tal como salió del programa "
    "de firma.",
    Verdict.SIGNATURE_LOST: "A este archivo le falta una firma que ya estaba verificada: probablemente se volvió a guardar o "
    "se firmó una copia anterior. Firme sobre el último archivo recibido.",
    Verdict.UNSIGNED: "El PDF no trae ninguna firma electrónica. Si está firmado de puño y letra, regístrelo con la declaración "
    "de la secretaría municipal.",
    Verdict.ALTERED: "El documento cambió después de firmarse: lo que dice ya no es lo que se firmó. Pida el archivo original.",
    Verdict.FORGED: "La firma no corresponde al certificado que dice usar. No la dé por buena y avise a quien figura firmando.",
    Verdict.PARTIAL_COVERAGE: "La firma no cubre todo el documento: hay partes que se pudieron cambiar sin que se note. Vuelva a "
    "firmar el documento completo.",
    Verdict.CHANGED_AFTER: "Se agregó o se cambió contenido después de la firma, como una página o un texto. Pida el archivo tal "
    "como se firmó.",
    Verdict.EXTERNAL_CONTENT: "El PDF muestra contenido que está fuera del archivo, y que la firma no protege. Genere el documento "
    "de nuevo, con todo adentro, y fírmelo otra vez.",
    Verdict.WEAK_DIGEST: "La firma usa un método antiguo (MD5 o SHA-1) que hoy se puede falsificar. Firme de nuevo con un programa "
    "actualizado.",
    Verdict.SELF_SIGNED: "El certificado lo hizo la misma persona que firma; ningún prestador responde por su identidad. Se "
    "necesita un certificado de un prestador acreditado.",
    Verdict.NO_TRUST_ANCHORS: "Esta instalación no tiene cargados los certificados de los prestadores acreditados y no puede decir "
    "si la firma es avanzada. Avise a quien administra Acogida.",
    Verdict.INCOMPLETE_CHAIN: "Falta el certificado intermedio que une a quien firma con su prestador. Vuelva a firmar incluyendo la "
    "cadena completa de certificados.",
    Verdict.UNTRUSTED: "El certificado viene de un emisor que no está entre los prestadores acreditados cargados aquí. Firme con "
    "un certificado de un prestador acreditado.",
    Verdict.REVOKED: "El certificado estaba revocado cuando se firmó: ya no valía. Quien firma debe obtener uno nuevo.",
    Verdict.EXPIRED: "El certificado está vencido y no hay un sello de tiempo que pruebe que se firmó mientras valía. Firme de "
    "nuevo con un certificado vigente.",
    Verdict.NOT_YET_VALID: "Se firmó antes de que el certificado comenzara a valer. Revise la fecha del equipo y firme de nuevo.",
    Verdict.WRONG_KEY_USAGE: "El certificado no fue emitido para firmar documentos, sino para otro uso. Firme con su certificado de "
    "firma.",
    Verdict.FUTURE: "La firma dice haberse hecho en una fecha que todavía no llega. Corrija la hora del equipo y firme de nuevo.",
    Verdict.WRONG_PERSON: "La firma es válida, pero no es de ninguna de las personas que deben firmar este documento. Revise el "
    "nombre y el RUN de la lista, o pida la firma a quien corresponde.",
    Verdict.WRONG_ORDER: "Las firmas son válidas, pero no están en el orden fijado para este documento. Deben firmar de nuevo en "
    "el orden de la lista.",
    Verdict.GOOD: "Las firmas son válidas: el documento está completo, no ha cambiado, y quienes firmaron son quienes debían.",
}
"""What each verdict says on the screen: what happened, and what to do."""

Outcome = Literal["good", "note", "bad"]
Coverage = Literal["whole", "revision", "part"]
Changes = Literal["none", "validation_data", "form_filling", "annotations", "other"]


@dataclass(frozen=True, slots=True)
class ExpectedSigner:
    """Who should sign: `key` is whatever the caller knows them by; `run` is «12345678-5» or empty."""

    key: str
    name: str
    run: str = ""


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at: it holds, it does not, or it is worth knowing and decides nothing."""

    key: str
    outcome: Outcome
    sentence: str


@dataclass(frozen=True, slots=True)
class FoundSignature:
    """One signature of a file, in the order in which they were made. Times are in UTC."""

    signer: str
    run: str
    issuer: str
    claimed_at: datetime | None
    """As the signer's own machine said."""
    stamped_at: datetime | None
    """As a trusted timestamp says."""
    covers: Coverage
    later_changes: Changes
    verdict: Verdict
    checks: tuple[Check, ...]
    person: str = ""
    """`key` of the expected signer that it belongs to; empty where it belongs to none."""
    matched_by: Literal["", "run", "name"] = ""

    @property
    def signed_at(self) -> datetime | None:
        """When it was signed, by the best that is known."""
        return self.stamped_at or self.claimed_at


@dataclass(frozen=True, slots=True)
class Examination:
    """All that was found about one file. `sha256` is in hexadecimal, `size` in bytes."""

    verdict: Verdict
    sha256: str
    size: int
    examined_at: datetime
    signatures: tuple[FoundSignature, ...] = ()
    checks: tuple[Check, ...] = ()

    @property
    def sentence(self) -> str:
        return SENTENCES[self.verdict]

    @property
    def good(self) -> bool:
        return self.verdict is Verdict.GOOD

    def signature_of(self, key: str) -> FoundSignature | None:
        """This method will give the good signature of an expected signer, if it is there."""
        return next((one for one in self.signatures if one.person == key and one.verdict is Verdict.GOOD), None)


@dataclass(frozen=True, slots=True)
class ToExamine:
    """A file and what is expected of it. With `ordered`, signatures must follow the order of `expected`."""

    content: bytes = field(repr=False)
    expected: Sequence[ExpectedSigner]
    now: datetime
    ordered: bool = False


@runtime_checkable
class Signatures(Protocol):
    """Says what the electronic signatures of a file are worth. It never raises for what the file is."""

    @property
    def ready(self) -> bool:
        """Whether there is anybody to trust: without it no signature can be told to be advanced."""
        ...

    async def examine(self, asked: ToExamine) -> Examination: ...


class SigningRefused(Exception):
    """The State's signing service did not sign; the sentence says why and what to do. Nothing was signed."""


@dataclass(frozen=True, slots=True)
class StateSignature:
    """What came back signed: the whole file, and the number that the service gave to the request."""

    content: bytes = field(repr=False)
    request: str


@runtime_checkable
class StateSigning(Protocol):
    """FirmaGob, the signing service of the Chilean State, as its public description says it works.

    Acogida's client was written from that description and tried against a server of our own: the State has not
    certified it.
    """

    async def sign(self, content: bytes, *, name: str, run: str, code: str, now: datetime) -> StateSignature:
        """Sign a PDF with the certificate of this RUN, by the code of one use on the holder's telephone.

        Raises `SigningRefused`.
        """
        ...


def to_json(found: Examination) -> dict[str, Any]:
    """This function will give an examination as data that a column of JSON keeps."""
    return {
        "verdict": found.verdict.value,
        "sha256": found.sha256,
        "size": found.size,
        "examined_at": found.examined_at.isoformat(),
        "signatures": [
            {
                "signer": one.signer,
                "run": one.run,
                "issuer": one.issuer,
                "claimed_at": one.claimed_at.isoformat() if one.claimed_at else None,
                "stamped_at": one.stamped_at.isoformat() if one.stamped_at else None,
                "covers": one.covers,
                "later_changes": one.later_changes,
                "verdict": one.verdict.value,
                "person": one.person,
                "matched_by": one.matched_by,
                "checks": [_check_json(check) for check in one.checks],
            }
            for one in found.signatures
        ],
        "checks": [_check_json(check) for check in found.checks],
    }


def from_json(data: dict[str, Any]) -> Examination:
    """This function will read what `to_json` wrote."""
    return Examination(
        verdict=Verdict(data["verdict"]),
        sha256=data["sha256"],
        size=data["size"],
        examined_at=datetime.fromisoformat(data["examined_at"]),
        signatures=tuple(
            FoundSignature(
                signer=one["signer"],
                run=one["run"],
                issuer=one["issuer"],
                claimed_at=_moment(one["claimed_at"]),
                stamped_at=_moment(one["stamped_at"]),
                covers=one["covers"],
                later_changes=one["later_changes"],
                verdict=Verdict(one["verdict"]),
                checks=tuple(Check(**check) for check in one["checks"]),
                person=one["person"],
                matched_by=one["matched_by"],
            )
            for one in data["signatures"]
        ),
        checks=tuple(Check(**check) for check in data["checks"]),
    )


def looks_signed(content: bytes) -> bool:
    """This function will tell, without judging it, whether a PDF carries anything like an electronic signature."""
    return b"/ByteRange" in content


def plain_run(written: str) -> str:
    """This function will give a RUN as «12345678-5» from any way of writing it; empty where it is not one."""
    kept = "".join(letter for letter in written.upper() if letter.isdigit() or letter == "K").lstrip("0")
    if not 2 <= len(kept) <= 10 or not kept[:-1].isdigit():
        return ""
    return f"{kept[:-1]}-{kept[-1]}" if _check_digit(kept[:-1]) == kept[-1] else ""


def same_person(expected: str, written: str) -> bool:
    """This function will tell whether a name on a list and the one in a certificate can be the same person's.

    A certificate carries every name; a list, often one and one surname: each word of the list must be in the
    certificate, and there must be two at least.
    """
    wanted, there = _words(expected), _words(written)
    return len(wanted) >= 2 and wanted <= there


def _words(name: str) -> set[str]:
    folded = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    words = "".join(letter if letter.isalnum() else " " for letter in folded).split()
    return {word for word in words if len(word) > 1} - _PARTICLES


_PARTICLES = {"de", "del", "la", "las", "los", "da", "dos", "van", "von", "y"}


def _check_digit(digits: str) -> str:
    """Modulo 11, as the Registro Civil counts it."""
    total = sum(int(digit) * (2 + at % 6) for at, digit in enumerate(reversed(digits)))
    return {11: "0", 10: "K"}.get(11 - total % 11, str(11 - total % 11))


def _check_json(check: Check) -> dict[str, str]:
    return {"key": check.key, "outcome": check.outcome, "sentence": check.sentence}


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
