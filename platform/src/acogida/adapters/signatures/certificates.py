"""What a Chilean certificate says of its holder, and who stands behind it.

The holder's RUT travels in the subject alternative name as `otherName` 1.3.6.1.4.1.8321.1 (reglamento of Ley 19.799,
Decreto 181 of 2002), and in many certificates also, or only, in the subject's `serialNumber`.
"""

import re
from collections.abc import Iterable

from asn1crypto import x509

from acogida.kernel.signatures import Verdict, plain_run

HOLDER_RUT = "1.3.6.1.4.1.8321.1"
_RUT = re.compile(r"\d{1,2}\.?\d{3}\.?\d{3}-?[\dkK]")


def holder_run(certificate: x509.Certificate) -> str:
    """This function will give the holder's RUN as «12345678-5», or nothing where the certificate does not say it."""
    for name in certificate.subject_alt_name_value or ():
        if name.name == "other_name" and name.chosen["type_id"].dotted == HOLDER_RUT:
            text = name.chosen["value"].contents or b""
            # The value is a string of some ASN.1 type, wrapped once or twice: the digits are all that we want of it.
            found = _RUT.search(text.decode("latin-1"))
            if found and (run := plain_run(found[0])):
                return run
    number = _first(certificate.subject.native.get("serial_number"))
    return plain_run(number) if number else ""


def holder_name(certificate: x509.Certificate) -> str:
    """This function will give the holder's name as the certificate writes it."""
    subject = certificate.subject.native
    return _first(subject.get("common_name")) or " ".join(
        filter(None, (_first(subject.get("given_name")), _first(subject.get("surname"))))
    )


def issuer_name(certificate: x509.Certificate) -> str:
    """This function will give the name of who issued the certificate."""
    issuer = certificate.issuer.native
    return _first(issuer.get("common_name")) or _first(issuer.get("organization_name"))


def why_untrusted(
    signer: x509.Certificate, embedded: Iterable[x509.Certificate], anchors: Iterable[x509.Certificate]
) -> Verdict:
    """This function will say why no path leads from a certificate to somebody that we trust."""
    if signer.self_issued:
        return Verdict.SELF_SIGNED
    if not anchors:
        return Verdict.NO_TRUST_ANCHORS
    names = {one.subject.hashable for one in (*embedded, *anchors)}
    return Verdict.UNTRUSTED if signer.issuer.hashable in names else Verdict.INCOMPLETE_CHAIN


def _first(value: object) -> str:
    if isinstance(value, list):
        return str(value[0]) if value else ""
    return str(value or "")
