"""What anyone may check of a published act: a code, a QR, and the one page that they open.

The page says whether that is the approved document, by whom and when, and nothing more. The code is printed on the
papers before they are signed, and says nothing to anybody until the municipality publishes it.
"""

import base64
import hashlib
import io
import secrets
from datetime import date
from uuid import UUID

import segno

from acogida.features.acts import register, store
from acogida.features.acts.model import Act, Seal
from acogida.features.acts.words import KINDS, ORGAN_OF, ORGANS
from acogida.kernel import audit
from acogida.kernel.document import DocumentBuilder
from acogida.kernel.errors import AlreadyClosed, NotFound, Rejected
from acogida.kernel.work import Work

_LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Without those that are mistaken for another: 0 O, 1 I L, U."""


def new_code() -> str:
    """This function will make a code that nobody can guess: twelve letters, 59 bits, «7K2M-9QXR-4TCB»."""
    return _grouped("".join(secrets.choice(_LETTERS) for _ in range(12)))


def code_of(*parts: str) -> str:
    """This function will give the code that always belongs to these texts: that of a document which never changes."""
    number = int.from_bytes(hashlib.sha256("\n".join(parts).encode()).digest()[:16])
    return _grouped("".join(_LETTERS[number // len(_LETTERS) ** place % len(_LETTERS)] for place in range(12)))


def read_code(written: str) -> str:
    """This function will give a code as we keep it, however it was typed."""
    return _grouped("".join(letter for letter in written.upper() if letter.isalnum())[:12])


def _grouped(letters: str) -> str:
    return "-".join(letters[at : at + 4] for at in range(0, len(letters), 4))


def address(site: str, code: str) -> str:
    """This function will give the whole address of the page of a code."""
    return f"{site}/verificar/{code}"


def drawing(site: str, code: str) -> str:
    """This function will draw the QR of a code as SVG."""
    kept = io.BytesIO()
    segno.make(address(site, code), error="m", micro=False).save(
        kept, kind="svg", scale=4, xmldecl=False, omitsize=True, svgclass=None, lineclass=None, border=2
    )
    return kept.getvalue().decode().strip()


def as_image(svg: str) -> str:
    """This function will give a drawing as the `src` of an image."""
    return "data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode()


def print_code(doc: DocumentBuilder, site: str, code: str) -> None:
    """This function will print the code and its QR at this point of a document."""
    doc.figure(
        _small(drawing(site, code)),
        caption=f"Verifique este documento en {address(site, code)}",
        alt=f"Código QR que abre la página de verificación del documento, {address(site, code)}.",
        numbered=False,
    )


def _small(svg: str) -> str:
    """A drawing fills the width of the sheet: the QR gets margins at both sides, so that it prints some three centimetres."""
    head, _, rest = svg.partition('viewBox="0 0 ')
    size, _, tail = rest.partition('"')
    side = int(size.split()[0])
    return f'{head}viewBox="{-1.5 * side} 0 {4 * side} {side}"{tail}'


async def publish(work: Work, act_id: UUID) -> Seal:
    """This function will let anyone check a good act by its code. Publishing again says it as it is now."""
    work.require("document:publish")
    act = await store.act(work, act_id, lock=True)
    if act.standing != "good" or act.file_id is None:
        raise Rejected("Sólo se publica la verificación de un documento firmado que vale.")
    act.code = code = act.code or new_code()
    sha256 = await _sha256(work, act)
    seal = await store.seal(work, code, lock=True)
    fresh = seal is None
    seal = seal or Seal(code=code, municipality_id=work.tenant.id, replaced_by="")
    await _tell(work, act, seal, sha256)
    seal.published_at, seal.withdrawn_at = work.clock.now(), None
    work.session.add(seal)
    await work.session.flush()
    await _replace_older(work, act)
    await register.note(work, act, "published", sha256=sha256)
    await audit.record(
        work,
        "act.published",
        f"publicó la verificación de «{seal.title}»",
        subject=act,
        after={"code": seal.code, "sha256": sha256, "again": not fresh},
    )
    return seal


async def refresh(work: Work, act: Act, sha256: str) -> None:
    """This function will keep a published seal true when its act gets another good file."""
    seal = await store.seal(work, act.code, lock=True) if act.code else None
    if seal is not None and seal.withdrawn_at is None:
        await _tell(work, act, seal, sha256)
        await work.session.flush()


async def withdraw(work: Work, act_id: UUID) -> None:
    """This function will say at the public page that the municipality no longer answers for an act."""
    work.require("document:publish")
    act = await store.act(work, act_id, lock=True)
    seal = await store.seal(work, act.code or "", lock=True)
    if seal is None:
        raise NotFound
    if seal.withdrawn_at is not None:
        raise AlreadyClosed("Esta verificación ya se había retirado.")
    seal.withdrawn_at = work.clock.now()
    await work.session.flush()
    await register.note(work, act, "withdrawn", sha256=seal.sha256)
    await audit.record(
        work, "act.withdrawn", f"retiró la verificación de «{seal.title}»", subject=act, after={"code": seal.code}
    )


async def seal_document(
    work: Work, *, code: str, title: str, dated_on: date | None, approved_by: str, sha256: str
) -> Seal:
    """This function will let anyone check a document that Acogida itself makes of an approved text.

    Whoever calls has asked for the right to publish, and writes its own audit.
    """
    seal = await store.seal(work, code, lock=True) or Seal(code=code, municipality_id=work.tenant.id, replaced_by="")
    seal.municipality_name, seal.demo = work.tenant.name, work.tenant.demo
    seal.title, seal.dated_on, seal.approved_by, seal.way = title, dated_on, approved_by, "document"
    seal.sha256, seal.published_at, seal.withdrawn_at = sha256, work.clock.now(), None
    work.session.add(seal)
    await work.session.flush()
    return seal


async def withdraw_document(work: Work, code: str) -> None:
    """This function will say at the public page that a document is no longer the municipality's."""
    seal = await store.seal(work, code, lock=True)
    if seal is not None and seal.withdrawn_at is None:
        seal.withdrawn_at = work.clock.now()
        await work.session.flush()


async def _tell(work: Work, act: Act, seal: Seal, sha256: str) -> None:
    rows = await store.signatories(work, act.id)
    signed = [f"{row.name}, {row.cargo}" for row in rows if row.signed_on]
    seal.municipality_name, seal.demo = work.tenant.name, work.tenant.demo
    title = act.title or KINDS[act.kind]
    seal.title = f"{title} N.º {act.number}" if act.number else title
    seal.dated_on, seal.way, seal.sha256 = act.dated_on, act.way, sha256
    seal.approved_by = "; ".join(signed) or ORGANS.get(act.organ or ORGAN_OF.get(act.kind, ""), "")


async def _replace_older(work: Work, act: Act) -> None:
    """A decree that is published takes the place of the one before; minutes and certificates stand beside each other."""
    if act.kind in ("session_minutes", "certificate"):
        return
    for other in await store.acts(work):
        if other.kind == act.kind and other.id != act.id and other.code:
            seal = await store.seal(work, other.code, lock=True)
            if seal is not None:
                seal.replaced_by = act.code or ""
    await work.session.flush()


async def _sha256(work: Work, act: Act) -> str:
    return next(one.sha256 for one in await store.submissions(work, act.id) if one.file_id == act.file_id)
