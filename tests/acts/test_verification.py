"""The register that can only grow, the receipt, and the page where anyone checks a document by its code."""

import hashlib
import io
import json
from datetime import date
from pathlib import Path

import psycopg
import pypdf
import pytest

from acogida.adapters.embedded_postgres import Server
from acogida.app.wiring import Services
from acogida.features.acts import actions, register, sealing, store
from acogida.features.acts.forms import EditLetter, RecordDecree, RecordOther
from acogida.features.acts.model import Act
from acogida.features.evidence.public import from_bytes
from acogida.kernel.errors import AlreadyClosed, Rejected
from acogida.kernel.packs import PackedChain, PackedFile, check, manifest
from acogida.kernel.tenancy import Tenant
from support import make_files as made
from support.make import make_municipality, make_person, work_as
from support.visitor import Visitor


async def decree(services: Services, tenant: Tenant, number: str = "41", inside: str = "Decreto") -> tuple[Act, bytes]:
    content = made.pdf(text=f"{inside} {number}")
    async with work_as(services, tenant) as work:
        wanted = RecordDecree(
            number=number,
            dated_on=date(2026, 11, 20),
            signatory="Amanda Ñancupil",
            cargo="Alcaldesa",
            declared_by="Berta Salas",
        )
        return await actions.record_decree(work, services.files, wanted, from_bytes("decreto.pdf", content)), content


async def published(services: Services, tenant: Tenant, act: Act) -> str:
    async with work_as(services, tenant) as work:
        return (await sealing.publish(work, act.id)).code


async def test_a_citizen_checks_a_decree_by_its_code(services: Services, visitor: Visitor) -> None:
    """Who approved it, when and how it was signed; nothing of the workspace, not even where the file is."""
    tenant = await make_municipality(services)
    act, _ = await decree(services, tenant)
    before = await visitor.get(f"/verificar/{act.code}")
    code = await published(services, tenant, act)

    page = await visitor.get(f"/verificar/{code.lower().replace('-', '')}")
    typed = await visitor.get("/verificar", params={"codigo": f" {code.lower()} "})
    twin = (await visitor.http.get(f"/api/v1/verificar/{code}")).json()

    assert before.status_code == 404 and "No hay un documento publicado" in before.text
    assert page.status_code == 200
    for words in (
        "Decreto alcaldicio N.º 41",
        "Municipalidad de Temuco",
        "Amanda Ñancupil, Alcaldesa",
        "20 de noviembre de 2026",
        "Registro de firma de puño y letra",
        "No es una firma electrónica",
    ):
        assert words in page.text
    assert "/m/temuco" not in page.text and str(act.id) not in page.text and "Berta Salas" not in page.text
    assert typed.headers["location"] == f"/verificar/{code}"
    assert (twin["title"], twin["approved_by"]) == ("Decreto alcaldicio N.º 41", "Amanda Ñancupil, Alcaldesa")


async def test_a_copy_is_compared_by_its_fingerprint(services: Services, visitor: Visitor) -> None:
    """Without scripts the fingerprint is pasted: same, different, or not a fingerprint."""
    tenant = await make_municipality(services)
    act, content = await decree(services, tenant)
    code = await published(services, tenant, act)
    right = hashlib.sha256(content).hexdigest()

    same = await visitor.get(f"/verificar/{code}", params={"huella": f" {right.upper()} "})
    other = await visitor.get(f"/verificar/{code}", params={"huella": "0" * 64})
    odd = await visitor.get(f"/verificar/{code}", params={"huella": "<script>"})

    assert "idéntica al documento aprobado" in same.text
    assert "es distinta del documento aprobado" in other.text
    assert "no es una huella SHA-256" in odd.text and "<script>" not in odd.text.replace("<script src", "")


async def test_what_is_withdrawn_or_replaced_says_so(services: Services, visitor: Visitor) -> None:
    """The code of an old decree leads to the new one; a withdrawn one says that nobody answers for it."""
    tenant = await make_municipality(services)
    old, _ = await decree(services, tenant, "41")
    old_code = await published(services, tenant, old)
    new, _ = await decree(services, tenant, "52")
    new_code = await published(services, tenant, new)
    replaced = await visitor.get(f"/verificar/{old_code}")
    async with work_as(services, tenant) as work:
        await sealing.withdraw(work, new.id)
        with pytest.raises(AlreadyClosed):
            await sealing.withdraw(work, new.id)
    withdrawn = await visitor.get(f"/verificar/{new_code}")

    assert "ocupó el lugar de este" in replaced.text and f"/verificar/{new_code}" in replaced.text
    assert "La municipalidad retiró este documento" in withdrawn.text
    assert "Es un documento aprobado" not in withdrawn.text


async def test_a_municipality_can_not_write_the_seal_of_another(
    services: Services, server: Server, database_name: str
) -> None:
    """The wall holds what anyone may read to whoever it is about; nobody deletes it."""
    tenant = await make_municipality(services)
    other = await make_municipality(services, cut="13201", name="Puente Alto", slug="puente-alto")
    act, _ = await decree(services, tenant)
    code = await published(services, tenant, act)

    async with work_as(services, other) as work:
        seal = await store.seal(work, code)
        assert seal is not None
        seal.approved_by = "Otra persona"
        with pytest.raises(Exception, match=r"0 were matched|row-level security"):
            await work.session.flush()
        work.doom()
        await work.session.rollback()
    with psycopg.connect(server.url("acogida_owner", driver="libpq", database=database_name)) as owner:
        granted = owner.execute(
            "select grantee, string_agg(privilege_type, ',' order by privilege_type), table_name "
            "from information_schema.role_table_grants where table_name in ('seal', 'act_entry') "
            "and grantee like 'acogida_%' and grantee <> 'acogida_owner' group by 1, 3 order by 3, 1"
        ).fetchall()
    assert granted == [
        ("acogida_app", "INSERT,SELECT", "act_entry"),
        ("acogida_worker", "INSERT,SELECT", "act_entry"),
        ("acogida_app", "INSERT,SELECT,UPDATE", "seal"),
        ("acogida_worker", "INSERT,SELECT,UPDATE", "seal"),
    ]


async def test_only_what_is_good_is_published(services: Services) -> None:
    """A letter that nobody signed has nothing to verify."""
    tenant = await make_municipality(services)
    async with work_as(services, tenant) as work:
        wanted = EditLetter(objectives="A", needs="B", mayor="Amanda Ñancupil", mayor_cargo="Alcaldesa")
        act = await actions.edit_letter(work, wanted)
        with pytest.raises(Rejected):
            await sealing.publish(work, act.id)


async def test_the_register_shows_a_change_and_leaves_in_a_pack(
    services: Services, visitor: Visitor, server: Server, database_name: str, tmp_path: Path
) -> None:
    """Chained line by line: whole it verifies here and offline; one altered word by the owner of the tables shows."""
    tenant = await make_municipality(services)
    await make_person(services, tenant)
    act, _ = await decree(services, tenant)
    await published(services, tenant, act)
    await visitor.sign_in("rosa@temuco.cl")
    page = await visitor.get("/m/temuco/actos/registro")
    lines = (await visitor.get("/m/temuco/actos/registro.jsonl")).content

    pack = tmp_path / "paquete"
    pack.mkdir()
    (pack / "actos.jsonl").write_bytes(lines)
    last = json.loads(lines.splitlines()[-1])["hash"]
    files = [PackedFile("actos.jsonl", len(lines), hashlib.sha256(lines).hexdigest())]
    chains = [PackedChain("acts", "actos.jsonl", 2, last)]
    (pack / "manifest.json").write_bytes(
        manifest(files, chains, cut="09101", name="Temuco", made_at=services.clock.now())
    )
    offline = check(pack)
    with psycopg.connect(server.url("postgres", driver="libpq", database=database_name)) as anybody:
        anybody.execute("update core.act_entry set content = jsonb_set(content, '{6}', '\"99\"') where seq = 1")
    broken = await visitor.get("/m/temuco/actos/registro")

    assert "Las 2 anotaciones calzan" in page.text
    assert offline.good and offline.entries == 2
    assert "no calza desde la anotación 1" in broken.text
    async with work_as(services, tenant) as work:
        assert (await register.verify(work)).broken_at == 1


async def test_the_receipt_holds_every_file_and_its_fingerprint(services: Services, visitor: Visitor) -> None:
    """As page and as PDF: who, how, when, by whose word, and the lines of the register."""
    tenant = await make_municipality(services)
    await make_person(services, tenant)
    act, content = await decree(services, tenant)
    await visitor.sign_in("rosa@temuco.cl")

    page = await visitor.get(f"/m/temuco/actos/{act.id}/constancia")
    pdf = await visitor.get(f"/m/temuco/actos/{act.id}/constancia.pdf")

    words = "".join(sheet.extract_text() for sheet in pypdf.PdfReader(io.BytesIO(pdf.content)).pages)
    sha256 = hashlib.sha256(content).hexdigest()
    assert sha256 in page.text.replace(" ", "") and "Berta Salas" in page.text and "Amanda Ñancupil" in page.text
    assert sha256 in words.replace("\n", "").replace(" ", "")
    assert f"/verificar/{act.code}" in words.replace("\n", "")


async def test_the_letter_carries_its_code_before_anybody_signs_it(services: Services, visitor: Visitor) -> None:
    """PDF and Word, a page for each who signs; the same letter gives the same bytes after it is signed."""
    tenant = await make_municipality(services)
    await make_person(services, tenant)
    await visitor.sign_in("rosa@temuco.cl")
    async with work_as(services, tenant) as work:
        wanted = EditLetter(
            objectives="Acoger",
            needs="Crecen",
            mayor="Amanda Ñancupil",
            mayor_cargo="Alcaldesa (S)",
            councillors="Luis Vega",
        )
        act = await actions.edit_letter(work, wanted)
        rows = await store.signatories(work, act.id)
    before = (await visitor.get("/m/temuco/preparacion/carta.pdf")).content
    await visitor.post(
        "/m/temuco/preparacion/carta/firmada",
        {"signed": str(rows[0].id), "signed_on": "2026-11-20", "declared_by": "Berta Salas"},
        files={"file": ("carta.pdf", made.pdf(), "application/pdf")},
    )
    after = (await visitor.get("/m/temuco/preparacion/carta.pdf")).content
    docx = await visitor.get("/m/temuco/preparacion/carta.docx")

    sheets = [sheet.extract_text() for sheet in pypdf.PdfReader(io.BytesIO(before)).pages]
    assert after == before
    assert any("Amanda Ñancupil" in sheet and "subrogante" in sheet for sheet in sheets[1:])
    assert any("Luis Vega" in sheet for sheet in sheets[1:])
    assert str(act.code) in "".join(sheets)
    assert docx.content.startswith(b"PK")


async def test_minutes_and_certificates_stand_beside_each_other(services: Services, visitor: Visitor) -> None:
    """Two certificates are two acts; each with its organ, its signatories and its file."""
    tenant = await make_municipality(services)
    await make_person(services, tenant)
    await visitor.sign_in("rosa@temuco.cl")
    said = {
        "kind": "certificate",
        "title": "Certificado de acuerdo",
        "organ": "municipal_secretary",
        "dated_on": "2026-11-20",
        "signatories": "Berta Salas, Secretaria municipal",
        "declared_by": "Berta Salas",
    }

    faulty = await visitor.post("/m/temuco/actos/nuevo", {**said, "organ": "", "signatories": ""})
    first = await visitor.post(
        "/m/temuco/actos/nuevo",
        {**said, "number": "7"},
        files={"file": ("a.pdf", made.pdf(text="7"), "application/pdf")},
    )
    await visitor.post(
        "/m/temuco/actos/nuevo",
        {**said, "number": "8"},
        files={"file": ("b.pdf", made.pdf(text="8"), "application/pdf")},
    )
    listed = await visitor.get("/m/temuco/actos")
    page = await visitor.get(first.headers["location"])

    assert faulty.status_code == 422
    assert "Certificado de acuerdo N.º 7" in listed.text and "Certificado de acuerdo N.º 8" in listed.text
    assert "Secretaría Municipal" in page.text and "Secretaria municipal" in page.text
    async with work_as(services, tenant) as work:
        assert RecordOther(signatories="Ana Soto").signing == [("Ana Soto", "")]
        assert len(await store.acts(work)) == 2


def test_codes_are_read_however_they_are_typed() -> None:
    """Small letters, spaces, without dashes; the same text always has the same code."""
    code = sealing.new_code()

    assert sealing.read_code(f" {code.lower().replace('-', ' ')} ") == code
    assert sealing.code_of("a", "b") == sealing.code_of("a", "b") != sealing.code_of("a", "c")
    assert len(sealing.code_of("a")) == len(code) == 14
