"""Keeping versions, comparing them, making one public and taking it back."""

import hashlib
import json
from io import BytesIO

from pypdf import PdfReader
from sqlalchemy import select

from acogida.app.wiring import Services
from acogida.features.policies.facts import facts
from acogida.features.policies.model import Observation, PolicyVersion
from acogida.kernel.audit import AuditEntry
from acogida.kernel.document import from_json, plain_text
from acogida.kernel.tenancy import Tenant
from support.make import make_municipality, make_person, work_as
from support.make_policy import make_mayor_approval, make_rich_policy
from support.visitor import Visitor

FREEZE = "/m/temuco/documento/versiones"


async def _ready(services: Services) -> Tenant:
    tenant = await make_municipality(services)
    await make_person(services, tenant)
    async with work_as(services, tenant) as work:
        await make_rich_policy(work)
    return tenant


async def _kept(services: Services, tenant: Tenant, number: int) -> PolicyVersion:
    async with work_as(services, tenant) as work:
        row = await work.session.scalar(select(PolicyVersion).where(PolicyVersion.number == number))
        assert row is not None
        return row


async def _approved(services: Services, visitor: Visitor) -> tuple[Tenant, PolicyVersion]:
    """A workspace with a final version and its approved copy."""
    tenant = await _ready(services)
    await visitor.sign_in("rosa@temuco.cl")
    await visitor.post(FREEZE, {"milestone": "final"})
    async with work_as(services, tenant) as work:
        await make_mayor_approval(work)
    await visitor.post(FREEZE, {"milestone": "approved"})
    return tenant, await _kept(services, tenant, 2)


async def test_a_kept_version_does_not_change_when_the_draft_does(services: Services, visitor: Visitor) -> None:
    """Content, fingerprint and papers stay the same byte by byte."""
    tenant = await _ready(services)
    await visitor.sign_in("rosa@temuco.cl")

    await visitor.post(FREEZE, {"milestone": "first", "label": "La del equipo ampliado"})
    before = await _kept(services, tenant, 1)
    paper = (await visitor.get(f"{FREEZE}/{before.id}/politica.pdf")).content
    await visitor.post("/m/temuco/documento/presentacion", {"text": "Otra presentación", "version": "1"})
    after = await _kept(services, tenant, 1)
    again = (await visitor.get(f"{FREEZE}/{before.id}/politica.pdf")).content

    assert before.content == after.content
    assert paper == again
    assert "Otra presentación" not in " ".join(page.extract_text() for page in PdfReader(BytesIO(again)).pages)
    canonical = json.dumps(after.content, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    assert hashlib.sha256(canonical).hexdigest() == after.sha256


async def test_the_first_version_holds_diagnosis_objectives_and_initiatives(
    services: Services, visitor: Visitor
) -> None:
    """Without them it is refused, and the refusal names each (PLAN-3.2-04); there is one first version."""
    await make_person(services, await make_municipality(services))
    await visitor.sign_in("rosa@temuco.cl")

    early = await visitor.post(FREEZE, {"milestone": "first"})

    assert early.status_code == 422
    assert (
        "los hallazgos del diagnóstico, el objetivo general, los objetivos específicos y las iniciativas" in early.text
    )


async def test_there_is_one_first_version(services: Services, visitor: Visitor) -> None:
    """A second one is refused; as revised it is kept with the next number."""
    tenant = await _ready(services)
    await visitor.sign_in("rosa@temuco.cl")
    await visitor.post(FREEZE, {"milestone": "first"})

    twice = await visitor.post(FREEZE, {"milestone": "first"})
    revised = await visitor.post(FREEZE, {"milestone": "revised"})

    assert twice.status_code == 422
    assert "ya existe" in twice.text
    assert revised.status_code == 303
    assert (await _kept(services, tenant, 2)).label == "Versión revisada"


async def test_the_final_version_waits_for_every_answer(services: Services, visitor: Visitor) -> None:
    """An observation without an answer blocks it and is counted (VAL-4.3-01)."""
    tenant = await _ready(services)
    async with work_as(services, tenant) as work:
        row = Observation(
            about="scope", text="Falta lo rural", author="Mesa", instance="mesa", received_on=work.today()
        )
        work.session.add(row)
    await visitor.sign_in("rosa@temuco.cl")

    early = await visitor.post(FREEZE, {"milestone": "final"})
    await visitor.post(
        f"/m/temuco/validacion/observaciones/{row.id}",
        {"status": "incorporated", "answer": "Se agregó", "version": "1"},
    )
    kept = await visitor.post(FREEZE, {"milestone": "final"})

    assert early.status_code == 422
    assert "Falta responder 1 observación" in early.text
    assert kept.status_code == 303


async def test_what_is_approved_is_the_final_text_with_the_approval_before_it(
    services: Services, visitor: Visitor
) -> None:
    """Without the mayor's act or without a final version it is refused; later changes of the draft do not slip in."""
    tenant = await _ready(services)
    await visitor.sign_in("rosa@temuco.cl")

    unsigned = await visitor.post(FREEZE, {"milestone": "approved"})
    async with work_as(services, tenant) as work:
        await make_mayor_approval(work)
    without_final = await visitor.post(FREEZE, {"milestone": "approved"})
    await visitor.post(FREEZE, {"milestone": "final"})
    await visitor.post("/m/temuco/documento/presentacion", {"text": "Escrito después", "version": "1"})
    approved = await visitor.post(FREEZE, {"milestone": "approved"})
    text = plain_text(from_json((await _kept(services, tenant, 2)).content))

    assert unsigned.status_code == without_final.status_code == 422
    assert "Falta la aprobación firmada" in unsigned.text
    assert "Primero guarde la versión final" in without_final.text
    assert approved.status_code == 303
    assert "Elena Curiqueo\nAlcaldesa\nMunicipalidad de Temuco. Firmó el 20 de noviembre de 2026" in text
    assert "20 de noviembre de 2026" in text
    assert "Escrito después" not in text


async def test_two_versions_are_compared_side_by_side(services: Services, visitor: Visitor) -> None:
    """What was changed is marked word by word; with today's draft too; the same text says so."""
    await _ready(services)
    await visitor.sign_in("rosa@temuco.cl")
    await visitor.post(FREEZE, {"milestone": "first"})
    same = (await visitor.get(f"{FREEZE}/comparar?de=1&a=borrador")).text
    await visitor.post(
        "/m/temuco/documento/conclusiones", {"text": "Una comuna que acoge es una comuna más justa.", "version": "1"}
    )
    await visitor.post(FREEZE, {"milestone": "revised"})

    versions = (await visitor.get(f"{FREEZE}/comparar?de=1&a=2")).text
    today = (await visitor.get(f"{FREEZE}/comparar?de=1")).text
    listed = (await visitor.get(FREEZE)).text

    assert "Dicen lo mismo" in same
    for page in (versions, today):
        assert "<del>fuerte.</del>" in page
        assert "<ins>justa.</ins>" in page
    assert "El borrador dice lo mismo que la versión 2" in listed
    assert (await visitor.get(f"{FREEZE}/comparar?de=9&a=2")).status_code == 404


async def test_a_published_policy_is_read_by_anybody_and_the_workspace_by_nobody(
    services: Services, visitor: Visitor
) -> None:
    """Without an account: page, PDF, Word, summary, with version and fingerprint. The workspace stays shut."""
    tenant, version = await _approved(services, visitor)
    asked = await visitor.post(f"{FREEZE}/{version.id}/publicar")
    done = await visitor.post(f"{FREEZE}/{version.id}/publicar", {"confirmed": "1"})

    async with Visitor(services) as anybody:
        listing = await anybody.get("/politicas")
        page = await anybody.get("/politicas/temuco")
        papers = [
            await anybody.get(f"/politicas/temuco/{name}")
            for name in ("politica.pdf", "politica.docx", "resumen.pdf", "resumen.docx")
        ]
        known = await anybody.get(
            "/politicas/temuco/politica.pdf", headers={"if-none-match": papers[0].headers["etag"]}
        )
        inside = await anybody.get("/m/temuco/documento")
        data = await anybody.get("/api/v1/politicas/temuco")

    assert "¿Publicar la versión 2" in asked.text
    assert done.status_code == 303
    assert "Política Municipal de Migración de Temuco" in listing.text
    assert "Ñuble, pingüinos y la Pacha" in page.text
    assert version.sha256 in page.text
    assert [paper.status_code for paper in papers] == [200] * 4
    assert known.status_code == 304
    assert inside.status_code == 303
    assert inside.headers["location"].startswith("/ingresar")
    assert data.json()["sha256"] == version.sha256
    assert tenant.slug not in (await visitor.get("/politicas/temuco/politica.docx")).text


async def test_another_municipality_reads_the_published_policy_and_nothing_else(
    services: Services, visitor: Visitor
) -> None:
    """The public text is for everybody; the draft it came from is not."""
    _, version = await _approved(services, visitor)
    await visitor.post(f"{FREEZE}/{version.id}/publicar", {"confirmed": "1"})
    other = await make_municipality(services, cut="13201", name="Puente Alto", slug="puente-alto")
    await make_person(services, other, email="juan@puentealto.cl")

    async with Visitor(services) as juan:
        await juan.sign_in("juan@puentealto.cl")
        public = await juan.get("/politicas/temuco")
        version_page = await juan.get(f"{FREEZE}/{version.id}")
        from_his_own = await juan.get(f"/m/puente-alto/documento/versiones/{version.id}")
        publishing = await juan.post(f"/m/puente-alto/documento/versiones/{version.id}/publicar", {"confirmed": "1"})

    assert public.status_code == 200
    assert version_page.status_code == from_his_own.status_code == publishing.status_code == 404


async def test_only_an_approved_version_is_published(services: Services, visitor: Visitor) -> None:
    """A draft kept as first, revised or final stays inside, with the reason told."""
    tenant = await _ready(services)
    await visitor.sign_in("rosa@temuco.cl")
    await visitor.post(FREEZE, {"milestone": "final"})
    version = await _kept(services, tenant, 1)

    answer = await visitor.post(f"{FREEZE}/{version.id}/publicar", {"confirmed": "1"})
    page = await visitor.get(FREEZE)

    assert answer.status_code == 303
    assert "Sólo se publica una versión aprobada" in page.text
    assert (await visitor.get("/politicas/temuco")).status_code == 404


async def test_a_policy_is_withdrawn_with_a_reason(services: Services, visitor: Visitor) -> None:
    """Without a reason it stays; with one it disappears from the public pages and the book says why."""
    tenant, version = await _approved(services, visitor)
    await visitor.post(f"{FREEZE}/{version.id}/publicar", {"confirmed": "1"})

    without = await visitor.post("/m/temuco/documento/retirar", {"reason": ""})
    done = await visitor.post("/m/temuco/documento/retirar", {"reason": "Se corrige una cifra"})
    async with work_as(services, tenant) as work:
        entry = await work.session.scalar(select(AuditEntry).where(AuditEntry.tag == "policy.withdrawn"))

    assert without.status_code == 422
    assert done.status_code == 303
    assert (await visitor.get("/politicas/temuco")).status_code == 404
    assert entry is not None
    assert entry.changes["reason"][1] == "Se corrige una cifra"


async def test_facts_follow_the_versions(services: Services, visitor: Visitor) -> None:
    """Nothing before the first; final, approved, summary and published as they come."""
    tenant = await _ready(services)
    await visitor.sign_in("rosa@temuco.cl")

    async def met() -> set[str]:
        async with work_as(services, tenant) as work:
            return {key.removeprefix("policies.") for key, fact in (await facts(work)).items() if fact.met}

    assert await met() == set()
    await visitor.post(FREEZE, {"milestone": "first"})
    assert await met() == {"first_version"}
    await visitor.post(FREEZE, {"milestone": "final"})
    assert await met() == {"first_version", "final_version", "executive_summary"}
    async with work_as(services, tenant) as work:
        await make_mayor_approval(work)
    await visitor.post(FREEZE, {"milestone": "approved"})
    version = await _kept(services, tenant, 3)
    await visitor.post(f"{FREEZE}/{version.id}/publicar", {"confirmed": "1"})
    assert await met() == {"first_version", "final_version", "executive_summary", "approved_version", "published"}


async def test_each_milestone_is_audited_in_a_sentence(services: Services, visitor: Visitor) -> None:
    """The book says who kept which version, with its fingerprint."""
    tenant = await _ready(services)
    await visitor.sign_in("rosa@temuco.cl")

    await visitor.post(FREEZE, {"milestone": "first", "label": "La del equipo ampliado"})
    async with work_as(services, tenant) as work:
        entry = await work.session.scalar(select(AuditEntry).where(AuditEntry.tag == "policy_version.frozen"))

    assert entry is not None
    assert entry.sentence == "guardó la versión 1 de la Política («La del equipo ampliado»)"
    assert entry.actor_name == "Rosa Painemal"
