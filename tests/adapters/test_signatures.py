"""Every way in which a signed letter may be good or bad: each has its verdict and its sentence.

The authority, the people and the timestamps are the tests' own. No case needs a network.
"""

import asyncio
import io
from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import cache
from pathlib import Path

import pikepdf
import pytest
from asn1crypto import cms
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.sign.fields import MDPPerm

from acogida.adapters.signatures import SignatureReader
from acogida.adapters.signatures.examination import examine, read_anchors
from acogida.kernel.signatures import (
    SENTENCES,
    Examination,
    ExpectedSigner,
    ToExamine,
    Verdict,
    from_json,
    plain_run,
    same_person,
    to_json,
)
from support.pki import (
    AMANDA,
    AMANDA_RUN,
    LUIS_RUN,
    NOW,
    Identity,
    add_page,
    external_content,
    fill_field,
    issue,
    paper,
    pki,
    remove_signature,
    sign,
    sign_part,
    update_without_change,
)

MAYOR = ExpectedSigner("mayor", "Amanda Ñancupil", AMANDA_RUN)
COUNCILLOR = ExpectedSigner("councillor", "Luis Vega", LUIS_RUN)


@cache
def letter() -> bytes:
    return paper()


@cache
def signed() -> bytes:
    """The letter with the mayor's good signature."""
    return sign(letter(), pki().amanda)


@cache
def signed_by_both() -> bytes:
    return sign(signed(), pki().luis, name="Firma2")


@cache
def somebody(**differences: object) -> Identity:
    """The mayor with another certificate."""
    wanted: dict[str, object] = {"by": pki().issuing, "run": AMANDA_RUN, **differences}
    return issue(AMANDA, **wanted)  # type: ignore[arg-type]


@cache
def stranger() -> Identity:
    """Somebody whose authority nobody here trusts."""
    root = issue("Raíz ajena", authority=True)
    return issue(AMANDA, by=issue("Autoridad ajena", by=root, authority=True), run=AMANDA_RUN)


def judged(
    content: bytes,
    expected: Sequence[ExpectedSigner] = (MAYOR,),
    *,
    ordered: bool = False,
    anchors: Sequence[Identity] | None = None,
) -> Examination:
    trusted = [pki().root] if anchors is None else anchors
    return examine(ToExamine(content, expected, NOW, ordered), [one.asn1 for one in trusted])


def flipped(content: bytes) -> bytes:
    """One letter of the text changed."""
    return content.replace(b"(Carta", b"(Karta", 1)


def saved_again(content: bytes, **how: object) -> bytes:
    """Opened and saved with another program."""
    kept = io.BytesIO()
    with pikepdf.open(io.BytesIO(content)) as document:
        document.save(kept, **how)  # type: ignore[arg-type]
    return kept.getvalue()


def with_lists(when: timedelta | None) -> bytes:
    """Signed yesterday, with the list of who was revoked: her, that long ago, or nobody."""
    lists = [
        pki().revocation_list(pki().amanda if when else None, NOW - (when or timedelta())),
        pki().root_revocation_list(),
    ]
    return sign(letter(), pki().amanda, crls=lists)


LONG_AGO = NOW - timedelta(days=100)
OLD = {"since": NOW - timedelta(days=900), "until": NOW - timedelta(days=30)}
FORM = MDPPerm.FILL_FORMS

CASES: dict[str, tuple[Verdict, Callable[[], Examination]]] = {
    "good": (Verdict.GOOD, lambda: judged(signed())),
    "good, two signatures": (Verdict.GOOD, lambda: judged(signed_by_both(), [MAYOR, COUNCILLOR])),
    "good, in the order that was set": (
        Verdict.GOOD,
        lambda: judged(signed_by_both(), [MAYOR, COUNCILLOR], ordered=True),
    ),
    "good, with somebody still to sign": (Verdict.GOOD, lambda: judged(signed(), [MAYOR, COUNCILLOR])),
    "good, without timestamp": (Verdict.GOOD, lambda: judged(sign(letter(), pki().amanda, stamped=None))),
    "good, stamped before the certificate expired": (
        Verdict.GOOD,
        lambda: judged(sign(letter(), somebody(**OLD), stamped=LONG_AGO, at=LONG_AGO)),
    ),
    "good, revoked after signing": (Verdict.GOOD, lambda: judged(with_lists(timedelta(hours=3)))),
    "good, proven not revoked": (Verdict.GOOD, lambda: judged(with_lists(None))),
    "good, a field filled in that the signature allows": (
        Verdict.GOOD,
        lambda: judged(fill_field(sign(paper(form=True), pki().amanda, certify=FORM))),
    ),
    "good, an update that changes nothing": (Verdict.GOOD, lambda: judged(update_without_change(signed()))),
    "good, by name alone": (
        Verdict.GOOD,
        lambda: judged(sign(letter(), somebody(run="")), [ExpectedSigner("mayor", "Amanda Ñancupil")]),
    ),
    "good, RUN in the serial number": (
        Verdict.GOOD,
        lambda: judged(sign(letter(), somebody(run="", serial="12.345.678-5"))),
    ),
    "good, a timestamp of nobody that we know": (
        Verdict.GOOD,
        lambda: judged(sign(letter(), pki().amanda, stamped_by=issue("Sello ajeno", usage="timestamps"))),
    ),
    "wrong person": (Verdict.WRONG_PERSON, lambda: judged(sign(letter(), pki().luis))),
    "wrong person with the same name": (
        Verdict.WRONG_PERSON,
        lambda: judged(sign(letter(), somebody(run="11111111-1"))),
    ),
    "two signatures in the wrong order": (
        Verdict.WRONG_ORDER,
        lambda: judged(signed_by_both(), [COUNCILLOR, MAYOR], ordered=True),
    ),
    "signed before her turn": (Verdict.WRONG_ORDER, lambda: judged(signed(), [COUNCILLOR, MAYOR], ordered=True)),
    "expired certificate": (
        Verdict.EXPIRED,
        lambda: judged(sign(letter(), somebody(**OLD), stamped=None, at=LONG_AGO)),
    ),
    "certificate not valid yet": (
        Verdict.NOT_YET_VALID,
        lambda: judged(sign(letter(), somebody(since=NOW + timedelta(days=2)), stamped=None)),
    ),
    "revoked before signing": (Verdict.REVOKED, lambda: judged(with_lists(timedelta(days=10)))),
    "untrusted authority": (Verdict.UNTRUSTED, lambda: judged(sign(letter(), stranger()))),
    "self-signed": (Verdict.SELF_SIGNED, lambda: judged(sign(letter(), issue(AMANDA, run=AMANDA_RUN)))),
    "chain incomplete": (Verdict.INCOMPLETE_CHAIN, lambda: judged(sign(letter(), pki().amanda, chain=[]))),
    "nobody to trust": (Verdict.NO_TRUST_ANCHORS, lambda: judged(signed(), anchors=[])),
    "certificate for another use": (
        Verdict.WRONG_KEY_USAGE,
        lambda: judged(sign(letter(), somebody(usage="encryption"))),
    ),
    "weak digest": (Verdict.WEAK_DIGEST, lambda: judged(sign(letter(), pki().amanda, digest="sha1", stamped=None))),
    "future date": (
        Verdict.FUTURE,
        lambda: judged(sign(letter(), pki().amanda, stamped=None, at=NOW + timedelta(days=20))),
    ),
    "altered byte": (Verdict.ALTERED, lambda: judged(flipped(signed()))),
    "saved again with another program": (Verdict.ALTERED, lambda: judged(saved_again(signed()))),
    "page added after signing": (Verdict.CHANGED_AFTER, lambda: judged(add_page(signed()))),
    "page added after two signatures": (
        Verdict.CHANGED_AFTER,
        lambda: judged(add_page(signed_by_both()), [MAYOR, COUNCILLOR]),
    ),
    "certified without changes, then filled in": (
        Verdict.CHANGED_AFTER,
        lambda: judged(fill_field(sign(paper(form=True), pki().amanda, certify=MDPPerm.NO_CHANGES))),
    ),
    "signature over a part": (Verdict.PARTIAL_COVERAGE, lambda: judged(sign_part(signed(), pki().amanda))),
    "content outside the file": (
        Verdict.EXTERNAL_CONTENT,
        lambda: judged(sign(external_content(letter()), pki().amanda)),
    ),
    "signature swapped for another's": (Verdict.FORGED, lambda: judged(forged())),
    "signature removed": (Verdict.SIGNATURE_REMOVED, lambda: judged(remove_signature(signed()))),
    "no signature": (Verdict.UNSIGNED, lambda: judged(letter())),
    "not a PDF": (Verdict.NOT_PDF, lambda: judged(b"\xff\xd8\xff\xe0 una foto de la carta")),
    "empty": (Verdict.NOT_PDF, lambda: judged(b"")),
    "encrypted": (
        Verdict.ENCRYPTED,
        lambda: judged(saved_again(signed(), encryption=pikepdf.Encryption(owner="una", user="clave"))),
    ),
    "truncated": (Verdict.UNREADABLE, lambda: judged(signed()[: len(signed()) * 2 // 3])),
    "rubbish": (Verdict.UNREADABLE, lambda: judged(b"%PDF-1.7\n" + b"\x00\xff<<" * 500 + b"\n%%EOF")),
}


def forged() -> bytes:
    """The same digest and attributes, and the signature itself with its last byte changed."""
    content = signed()
    start = content.index(b"/Contents <") + len(b"/Contents <")
    end = content.index(b">", start)
    der = bytearray(bytes.fromhex(content[start:end].decode()))
    value = cms.ContentInfo.load(bytes(der))["content"]["signer_infos"][0]["signature"].contents
    der[bytes(der).index(value) + len(value) - 1] ^= 1
    return content[:start] + bytes(der).hex().encode() + content[end:]


@pytest.mark.parametrize("name", CASES)
def test_each_case_has_its_verdict_and_its_sentence(name: str) -> None:
    """The verdict is the one expected, and whoever reads the page is told what happened and what to do."""
    wanted, look = CASES[name]

    found = look()

    assert found.verdict is wanted
    assert found.sentence.endswith(".") and len(found.sentence) > 40
    assert found.good == name.startswith("good")
    assert all(check.sentence.endswith(".") for one in found.signatures for check in one.checks)
    assert from_json(to_json(found)) == found


def test_every_verdict_is_met_by_a_case() -> None:
    """Nothing is said that no test has seen; what only limits say is tested below."""
    limits = {Verdict.TOO_LARGE, Verdict.TOOK_TOO_LONG, Verdict.SIGNATURE_LOST}

    assert {wanted for wanted, _ in CASES.values()} == set(Verdict) - limits
    assert set(SENTENCES) == set(Verdict)


def test_the_checks_say_what_is_known_of_a_good_signature() -> None:
    """Who, by whose word, when by a trusted stamp, and what the file could not prove."""
    (one,) = judged(signed()).signatures

    assert (one.person, one.matched_by, one.run) == ("mayor", "run", AMANDA_RUN)
    assert one.stamped_at == NOW - timedelta(days=1)
    assert one.issuer == "Autoridad Firma Avanzada de Prueba"
    assert {check.key: check.outcome for check in one.checks} == {
        "content": "good",
        "coverage": "good",
        "changes": "good",
        "timestamp": "good",
        "certificate": "good",
        "revocation": "note",
        "person": "good",
    }


def test_later_changes_are_told_apart() -> None:
    """A field filled in, data to verify with, another signature: each is named for what it is."""
    filled = judged(fill_field(sign(paper(form=True), pki().amanda, certify=FORM)))
    proven = judged(with_lists(None))
    both = judged(signed_by_both(), [MAYOR, COUNCILLOR])

    assert filled.signatures[0].later_changes == "form_filling"
    assert proven.signatures[0].later_changes == "validation_data"
    assert [one.later_changes for one in both.signatures] == ["form_filling", "none"]


async def test_a_process_of_its_own_says_the_same(tmp_path: Path) -> None:
    """Through the port: with the folder of an installation, and nothing of ours in its environment."""
    reader = SignatureReader(pki().write_anchors(tmp_path / "confianza"))

    found = await reader.examine(ToExamine(signed(), [MAYOR], NOW))

    assert reader.ready
    assert found == await asyncio.to_thread(judged, signed())


async def test_what_is_too_large_or_too_slow_is_let_go(tmp_path: Path) -> None:
    """A huge file is not even handed over, and a process that lingers is ended."""
    asked = ToExamine(signed(), [MAYOR], NOW)

    huge = await SignatureReader(limit=1000).examine(asked)
    slow = await SignatureReader(seconds=0.05).examine(asked)
    swollen = await SignatureReader(memory_mib=40).examine(asked)

    assert huge.verdict is Verdict.TOO_LARGE
    assert slow.verdict is swollen.verdict is Verdict.TOOK_TOO_LONG
    assert not SignatureReader(tmp_path).ready


def test_anchors_are_read_in_any_form_and_the_rest_is_left(tmp_path: Path) -> None:
    """Several in one file, DER or PEM; a text file among them does no harm."""
    (tmp_path / "varias.pem").write_bytes(pki().root.pem + pki().issuing.pem)
    (tmp_path / "una.cer").write_bytes(stranger().certificate.public_bytes(Encoding.DER))
    (tmp_path / "LEEME.txt").write_text("quiénes son")
    (tmp_path / "rota.crt").write_bytes(b"no soy un certificado")

    assert len(read_anchors(tmp_path)) == 3


@pytest.mark.parametrize(
    ("written", "run"),
    [
        ("12.345.678-5", "12345678-5"),
        ("123456785", "12345678-5"),
        ("012345678-5", "12345678-5"),
        ("6.000.011-k", ""),
        ("10.000.013-K", "10000013-K"),
        ("12.345.678-4", ""),
        ("hola", ""),
        ("", ""),
    ],
)
def test_a_run_is_read_however_it_is_written(written: str, run: str) -> None:
    """Points, zeros, small k; a wrong check digit is no RUN."""
    assert plain_run(written) == run


def test_a_name_on_a_list_meets_the_one_in_a_certificate() -> None:
    """Every word of the list, two at least, accents aside."""
    assert same_person("Amanda Ñancupil", "AMANDA LUISA NANCUPIL SOTO")
    assert same_person("María de los Ángeles Díaz", "DIAZ ROJAS MARIA ANGELES")
    assert not same_person("Amanda", AMANDA)
    assert not same_person("Amanda Soto Vega", AMANDA)
