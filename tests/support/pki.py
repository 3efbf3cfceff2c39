"""A certification authority of the tests' own, with its timestamps and its revocation list, and PDFs signed with it.

Everything is made once per run with elliptic keys: a second for all of it. Nobody outside trusts any of this.
"""

import asyncio
import hashlib
import io
import random
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

from asn1crypto import crl as asn1_crl
from asn1crypto import keys as asn1_keys
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.writer import PageObject, PdfFileWriter
from pyhanko.sign import PdfSignatureMetadata, signers, timestamps
from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko_certvalidator.registry import SimpleCertificateStore

NOW = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
HOLDER_RUT = x509.ObjectIdentifier("1.3.6.1.4.1.8321.1")
AMANDA, AMANDA_RUN = "Amanda Luisa Ñancupil Soto", "12345678-5"
LUIS, LUIS_RUN = "Luis Alberto Vega Rojas", "9876543-3"


@dataclass
class Identity:
    """A certificate, its key, and the certificates between it and its root."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey
    chain: tuple[x509.Certificate, ...] = ()

    @property
    def pem(self) -> bytes:
        return self.certificate.public_bytes(serialization.Encoding.PEM)

    @property
    def asn1(self) -> asn1_x509.Certificate:
        return asn1_x509.Certificate.load(self.certificate.public_bytes(serialization.Encoding.DER))

    @property
    def asn1_key(self) -> asn1_keys.PrivateKeyInfo:
        return asn1_keys.PrivateKeyInfo.load(
            self.key.private_bytes(
                serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
        )


def _name(common: str, *, serial: str = "", organization: str = "") -> x509.Name:
    parts = [x509.NameAttribute(NameOID.COUNTRY_NAME, "CL")]
    if organization:
        parts.append(x509.NameAttribute(NameOID.ORGANIZATION_NAME, organization))
    if serial:
        parts.append(x509.NameAttribute(NameOID.SERIAL_NUMBER, serial))
    return x509.Name([*parts, x509.NameAttribute(NameOID.COMMON_NAME, common)])


def _der_string(text: str) -> bytes:
    """An IA5String, as Chilean certificates write the RUT."""
    return bytes([0x16, len(text)]) + text.encode()


def issue(
    common: str,
    *,
    by: Identity | None = None,
    authority: bool = False,
    run: str = "",
    serial: str = "",
    since: datetime = NOW - timedelta(days=365),
    until: datetime = NOW + timedelta(days=730),
    usage: str = "signing",
) -> Identity:
    """A certificate: self-signed without `by`. `usage` is signing, encryption or timestamps."""
    # The timestamper of pyHanko's own tests signs with RSA and nothing else.
    key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey = (
        rsa.generate_private_key(65537, 2048) if usage == "timestamps" else ec.generate_private_key(ec.SECP256R1())
    )
    subject = _name(common, serial=serial, organization="Prestador de Prueba" if authority else "")
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(by.certificate.subject if by else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(since)
        .not_valid_after(until)
        .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key((by.key if by else key).public_key()), critical=False
        )
    )
    signs = usage == "signing" or usage == "timestamps"
    builder = builder.add_extension(
        x509.KeyUsage(
            digital_signature=signs and not authority,
            content_commitment=usage == "signing" and not authority,
            key_encipherment=usage == "encryption",
            data_encipherment=usage == "encryption",
            key_agreement=False,
            key_cert_sign=authority,
            crl_sign=authority,
            encipher_only=False,
            decipher_only=False,
        ),
        critical=True,
    )
    if usage == "timestamps":
        builder = builder.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
    if run:
        builder = builder.add_extension(
            x509.SubjectAlternativeName([x509.OtherName(HOLDER_RUT, _der_string(run))]), critical=False
        )
    made = builder.sign((by or Identity(None, key)).key, hashes.SHA256())  # type: ignore[arg-type]
    return Identity(made, key, (by.certificate, *by.chain) if by else ())


@dataclass
class Pki:
    """The authority of the tests, and the people that it knows."""

    root: Identity
    issuing: Identity
    stamping: Identity
    amanda: Identity
    luis: Identity
    others: dict[str, Identity] = field(default_factory=dict)

    def of(self, name: str, make: Callable[[], Identity]) -> Identity:
        """A certificate made the first time that somebody asks for it."""
        if name not in self.others:
            self.others[name] = make()
        return self.others[name]

    def write_anchors(self, folder: Path) -> Path:
        """The folder that an installation would have, with the root alone."""
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "raiz-de-prueba.pem").write_bytes(self.root.pem)
        return folder

    def revocation_list(
        self, revoked: Identity | None, at: datetime, *, when: datetime = NOW
    ) -> asn1_crl.CertificateList:
        """What the issuing authority says: that one certificate is revoked since then, or that none is."""
        builder = (
            x509.CertificateRevocationListBuilder()
            .issuer_name(self.issuing.certificate.subject)
            .last_update(when - timedelta(hours=1))
            .next_update(when + timedelta(days=7))
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(self.issuing.key.public_key()), critical=False
            )
            .add_extension(x509.CRLNumber(1), critical=False)
        )
        if revoked is not None:
            builder = builder.add_revoked_certificate(
                x509.RevokedCertificateBuilder()
                .serial_number(revoked.certificate.serial_number)
                .revocation_date(at)
                .build()
            )
        made = builder.sign(self.issuing.key, hashes.SHA256())
        return asn1_crl.CertificateList.load(made.public_bytes(serialization.Encoding.DER))

    def root_revocation_list(self) -> asn1_crl.CertificateList:
        """What the root says of the issuing authority: nothing against it."""
        made = (
            x509.CertificateRevocationListBuilder()
            .issuer_name(self.root.certificate.subject)
            .last_update(NOW - timedelta(hours=1))
            .next_update(NOW + timedelta(days=7))
            .sign(self.root.key, hashes.SHA256())
        )
        return asn1_crl.CertificateList.load(made.public_bytes(serialization.Encoding.DER))


@cache
def pki() -> Pki:
    """The one of this run."""
    # Whatever day it is when the tests run: some of them look at the clock of the machine.
    long: dict[str, datetime] = {"since": NOW - timedelta(days=3650), "until": NOW + timedelta(days=18_250)}
    root = issue("Raíz de Prueba", authority=True, **long)
    issuing = issue("Autoridad Firma Avanzada de Prueba", by=root, authority=True, **long)
    return Pki(
        root=root,
        issuing=issuing,
        stamping=issue("Sello de Tiempo de Prueba", by=root, usage="timestamps", **long),
        amanda=issue(AMANDA.upper(), by=issuing, run=AMANDA_RUN, **long),
        luis=issue(LUIS.upper(), by=issuing, run=LUIS_RUN, **long),
    )


def paper(text: str = "Carta de compromiso", *, pages: int = 1, form: bool = False, bulk: int = 0) -> bytes:
    """An unsigned PDF. With `form` it has a field to fill in; `bulk` adds that many bytes that do not compress."""
    writer = PdfFileWriter(stream_xrefs=False)
    for number in range(pages):
        stream = generic.StreamObject(
            stream_data=f"BT /F1 20 Tf 60 760 Td ({text} {number + 1}) Tj ET".encode("latin-1", "replace")
        )
        writer.insert_page(PageObject(contents=writer.add_object(stream), media_box=(0, 0, 595, 842)))
    if bulk:
        noise = generic.StreamObject(stream_data=random.Random(7).randbytes(bulk))  # noqa: S311 because it only fills
        writer.root["/AcogidaBulk"] = writer.add_object(noise)
    if form:
        box = generic.DictionaryObject(
            {
                pdf_name("/Type"): pdf_name("/Annot"),
                pdf_name("/Subtype"): pdf_name("/Widget"),
                pdf_name("/FT"): pdf_name("/Tx"),
                pdf_name("/T"): generic.TextStringObject("folio"),
                pdf_name("/V"): generic.TextStringObject(""),
                pdf_name("/Rect"): generic.ArrayObject(map(generic.NumberObject, (60, 600, 200, 620))),
                pdf_name("/F"): generic.NumberObject(4),
            }
        )
        reference = writer.add_object(box)
        page = writer.find_page_for_modification(0)[0].get_object()
        assert isinstance(page, generic.DictionaryObject)
        page["/Annots"] = generic.ArrayObject([reference])
        writer.root["/AcroForm"] = generic.DictionaryObject({pdf_name("/Fields"): generic.ArrayObject([reference])})
    kept = io.BytesIO()
    writer.write(kept)
    return kept.getvalue()


def sign(
    content: bytes,
    who: Identity,
    *,
    name: str = "Firma1",
    stamped: datetime | None = NOW - timedelta(days=1),
    stamped_by: Identity | None = None,
    at: datetime = NOW - timedelta(days=1),
    certify: MDPPerm | None = None,
    digest: str = "sha256",
    chain: Sequence[x509.Certificate] | None = None,
    crls: Sequence[asn1_crl.CertificateList] = (),
) -> bytes:
    """The PDF with one more signature (PAdES). `stamped=None` leaves out the timestamp; `crls` go in the file's store."""
    store = SimpleCertificateStore()
    between = who.chain[:-1] if chain is None else chain  # the root stays out, as real signatures leave it
    store.register_multiple(asn1_x509.Certificate.load(one.public_bytes(serialization.Encoding.DER)) for one in between)
    signer = signers.SimpleSigner(signing_cert=who.asn1, signing_key=who.asn1_key, cert_registry=store)
    stamper = None
    if stamped is not None:
        authority = stamped_by or pki().stamping
        stamper = timestamps.DummyTimeStamper(authority.asn1, authority.asn1_key, fixed_dt=stamped)
    meta = PdfSignatureMetadata(
        field_name=name,
        md_algorithm=digest,
        subfilter=SigSeedSubFilter.PADES
        if stamped is not None or digest != "sha1"
        else SigSeedSubFilter.ADOBE_PKCS7_DETACHED,
        certify=certify is not None,
        docmdp_permissions=certify or MDPPerm.FILL_FORMS,
        signer_key_usage=set(),
    )
    writer = IncrementalPdfFileWriter(io.BytesIO(content))
    made_by = _SignerAt(meta, signer=signer, timestamper=stamper)
    made_by.at = at
    with ThreadPoolExecutor(1) as apart:  # the test that asks may be async itself
        out = apart.submit(lambda: asyncio.run(made_by.async_sign_pdf(writer))).result()
    made: bytes = out.getvalue()
    return add_crls(made, crls) if crls else made


def sign_part(content: bytes, who: Identity, *, left_out: int = 20) -> bytes:
    """A signed PDF signed again by the same person over all of it but the bytes that follow the signature."""
    start = content.index(b"/ByteRange [") + len(b"/ByteRange [")
    end = content.index(b"]", start)
    first, length, second, rest = (int(number) for number in content[start:end].split())
    moved = f"{first} {length} {second + left_out} {rest - left_out}".encode().ljust(end - start)
    content = content[:start] + moved + content[end:]
    digest = hashlib.sha256(content[:length] + content[second + left_out :]).digest()
    store = SimpleCertificateStore()
    store.register_multiple(
        asn1_x509.Certificate.load(one.public_bytes(serialization.Encoding.DER)) for one in who.chain[:-1]
    )
    signer = signers.SimpleSigner(signing_cert=who.asn1, signing_key=who.asn1_key, cert_registry=store)
    with ThreadPoolExecutor(1) as apart:
        made = apart.submit(lambda: asyncio.run(signer.async_sign(digest, digest_algorithm="sha256", use_pades=True)))
        value = made.result().dump().hex().encode()
    return content[: length + 1] + value.ljust(second - length - 2, b"0") + content[second - 1 :]


class _SignerAt(signers.PdfSigner):
    """A signer whose machine says that it is `at`."""

    at: datetime

    def init_signing_session(self, pdf_out, existing_fields_only=False):  # type: ignore[no-untyped-def]
        session = super().init_signing_session(pdf_out, existing_fields_only)
        session.system_time = self.at
        return session


def add_crls(content: bytes, crls: Sequence[asn1_crl.CertificateList]) -> bytes:
    """Revocation lists in the file's store, as an incremental update."""
    out = io.BytesIO(content)
    DocumentSecurityStore.add_dss(out, sig_contents=None, crls=list(crls))
    return out.getvalue()


def fill_field(content: bytes, value: str = "41") -> bytes:
    """The same file with its field filled in afterwards."""
    writer = IncrementalPdfFileWriter(io.BytesIO(content))
    form = writer.root["/AcroForm"]
    box = form["/Fields"][0]
    box["/V"] = generic.TextStringObject(value)
    writer.update_container(box)
    return _written(writer)


def add_page(content: bytes) -> bytes:
    """The same file with one more page after its end."""
    writer = IncrementalPdfFileWriter(io.BytesIO(content))
    stream = generic.StreamObject(stream_data=b"BT /F1 20 Tf 60 760 Td (Y otra pagina) Tj ET")
    writer.insert_page(PageObject(contents=writer.add_object(stream), media_box=(0, 0, 595, 842)))
    return _written(writer)


def update_without_change(content: bytes) -> bytes:
    """The same file with an incremental update at its end that says again what it said."""
    writer = IncrementalPdfFileWriter(io.BytesIO(content))
    writer.update_root()
    return _written(writer)


def remove_signature(content: bytes, name: str = "Firma1") -> bytes:
    """The same file, whose signature somebody emptied in an incremental update."""
    writer = IncrementalPdfFileWriter(io.BytesIO(content))
    for reference in writer.root["/AcroForm"]["/Fields"]:
        box = reference.get_object()
        if box.get("/T") == name:
            del box["/V"]
            writer.update_container(box)
    return _written(writer)


def external_content(content: bytes) -> bytes:
    """A PDF, not yet signed, that shows what another file says."""
    writer = IncrementalPdfFileWriter(io.BytesIO(content))
    stream = generic.StreamObject(
        dict_data={
            pdf_name("/Type"): pdf_name("/XObject"),
            pdf_name("/Subtype"): pdf_name("/Image"),
            pdf_name("/F"): generic.TextStringObject("http://ejemplo.invalid/monto.png"),
        },
        stream_data=b"",
    )
    writer.root["/AcogidaShown"] = writer.add_object(stream)
    writer.update_root()
    return _written(writer)


def _written(writer: IncrementalPdfFileWriter) -> bytes:
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()
