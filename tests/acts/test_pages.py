"""The carta, the project and the approval, as a person at the screen meets them."""

import re

from acogida.app.wiring import Services
from acogida.features.acts.facts import facts
from acogida.kernel.tenancy import Tenant
from support.make import make_municipality, make_person, work_as
from support.visitor import Visitor

PDF = b"%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
LETTER = {
    "objectives": "Acoger con orden",
    "needs": "Crecen las consultas de vecinas y vecinos",
    "mayor": "Amanda Ñancupil",
    "mayor_cargo": "Alcaldesa",
    "councillors": "Luis Vega\nMaría Huenchumán",
    "version": "0",
}


async def enter(services: Services, visitor: Visitor, *roles: str) -> Tenant:
    tenant = await make_municipality(services)
    await make_person(services, tenant, roles=roles or ("secretary",))
    await visitor.sign_in("rosa@temuco.cl")
    return tenant


def ids(page: str) -> list[str]:
    return re.findall(
        r'name="signed"[^>]*value="([0-9a-f-]{36})"|value="([0-9a-f-]{36})"[^>]*name="signed"', page
    ) and [
        a or b
        for a, b in re.findall(
            r'name="signed"[^>]*value="([0-9a-f-]{36})"|value="([0-9a-f-]{36})"[^>]*name="signed"', page
        )
    ]


async def test_the_letter_starts_from_the_figures_of_the_commune(services: Services, visitor: Visitor) -> None:
    """Before anybody writes, the needs quote the census with its year."""
    await enter(services, visitor)

    page = await visitor.get("/m/temuco/preparacion/carta")

    assert "Censo 2024" in page.text
    assert "292.518" in page.text


async def test_a_letter_goes_from_draft_to_signed(services: Services, visitor: Visitor) -> None:
    """Written, downloaded with a page for each signatory, signed by the mayor, then by the concejo."""
    tenant = await enter(services, visitor)
    await visitor.post("/m/temuco/preparacion/carta", LETTER)
    pdf = await visitor.get("/m/temuco/preparacion/carta.pdf")
    docx = await visitor.get("/m/temuco/preparacion/carta.docx")
    signatories = ids((await visitor.get("/m/temuco/preparacion/carta")).text)

    await visitor.post(
        "/m/temuco/preparacion/carta/firmada",
        {"signed": signatories[0], "signed_on": "2026-11-20", "declared_by": "Berta Salas"},
        files={"file": ("carta.pdf", PDF, "application/pdf")},
    )
    async with work_as(services, tenant) as work:
        minimum = await facts(work)
    await visitor.post(
        "/m/temuco/preparacion/carta/firmada",
        {"signed": signatories[1:], "signed_on": "2026-11-21", "declared_by": "Berta Salas"},
        files={"file": ("todas.pdf", PDF + b"\n", "application/pdf")},
    )
    async with work_as(services, tenant) as work:
        ideal = await facts(work)

    assert pdf.content.startswith(b"%PDF")
    assert docx.content.startswith(b"PK")
    assert len(signatories) == 3
    assert minimum["acts.letter_signed_by_mayor"].met
    assert not minimum["acts.letter_signed_by_councillors"].met
    assert ideal["acts.letter_signed_by_councillors"].met


async def test_a_signed_letter_is_not_rewritten(services: Services, visitor: Visitor) -> None:
    """After the mayor's signature the text stands."""
    await enter(services, visitor)
    await visitor.post("/m/temuco/preparacion/carta", LETTER)
    signatories = ids((await visitor.get("/m/temuco/preparacion/carta")).text)
    await visitor.post(
        "/m/temuco/preparacion/carta/firmada",
        {"signed": signatories[0], "signed_on": "2026-11-20", "declared_by": "Berta Salas"},
        files={"file": ("carta.pdf", PDF, "application/pdf")},
    )

    answer = await visitor.post("/m/temuco/preparacion/carta", {**LETTER, "version": "2", "needs": "Otras"})

    assert answer.status_code == 409
    assert "ya está firmado" in answer.text


async def test_something_that_is_not_a_pdf_is_refused_and_the_rest_stays(services: Services, visitor: Visitor) -> None:
    """The sentence says what happened; nothing counts as signed."""
    tenant = await enter(services, visitor)
    await visitor.post("/m/temuco/preparacion/carta", LETTER)
    signatories = ids((await visitor.get("/m/temuco/preparacion/carta")).text)

    answer = await visitor.post(
        "/m/temuco/preparacion/carta/firmada",
        {"signed": signatories[0], "signed_on": "2026-11-20", "declared_by": "Berta Salas"},
        files={"file": ("carta.pdf", b"hola, no soy un pdf", "application/pdf")},
    )

    assert answer.status_code == 422
    assert "Amanda Ñancupil" in answer.text
    async with work_as(services, tenant) as work:
        assert not (await facts(work))["acts.letter_signed_by_mayor"].met


async def test_an_agreement_of_the_concejo_with_the_mayors_signature_is_enough(
    services: Services, visitor: Visitor
) -> None:
    """Reading AMB-16: it meets the minimum and the ideal."""
    tenant = await enter(services, visitor)

    await visitor.post(
        "/m/temuco/preparacion/carta/acuerdo",
        {
            "number": "41",
            "dated_on": "2026-11-10",
            "mayor_signed": "yes",
            "mayor": "Amanda Ñancupil",
            "declared_by": "Berta Salas",
        },
        files={"file": ("acuerdo.pdf", PDF, "application/pdf")},
    )

    async with work_as(services, tenant) as work:
        known = await facts(work)
    assert known["acts.letter_signed_by_mayor"].met
    assert known["acts.letter_signed_by_councillors"].met


async def test_the_project_sets_the_dates_and_refuses_them_reversed(services: Services, visitor: Visitor) -> None:
    """A stage that ends before it starts gets its message beside the field."""
    tenant = await enter(services, visitor)
    wanted = {
        "purpose": "Una política común",
        "commitments": "Dar tiempo al equipo",
        "diagnosis_starts_on": "2027-03-01",
        "diagnosis_ends_on": "2027-01-01",
        "version": "0",
    }

    refused = await visitor.post("/m/temuco/preparacion/proyecto", wanted)
    accepted = await visitor.post("/m/temuco/preparacion/proyecto", {**wanted, "diagnosis_ends_on": "2027-06-30"})

    assert refused.status_code == 422
    assert "El término es anterior al inicio" in refused.text
    assert accepted.status_code == 303
    assert (await visitor.get("/m/temuco/preparacion/proyecto.pdf")).content.startswith(b"%PDF")
    async with work_as(services, tenant) as work:
        assert (await facts(work))["acts.project_document"].met


async def test_the_approval_starts_the_vigencia(services: Services, visitor: Visitor) -> None:
    """From the approval, or from the decree if it is later (reading AMB-05)."""
    tenant = await enter(services, visitor, "mayor")
    approval = {
        "signatory": "Amanda Ñancupil",
        "cargo": "Alcaldesa",
        "dated_on": "2026-11-01",
        "years": "4",
        "declared_by": "Berta Salas",
    }

    missing = await visitor.post("/m/temuco/validacion/aprobacion", approval)
    await visitor.post("/m/temuco/validacion/aprobacion", approval, files={"file": ("a.pdf", PDF, "application/pdf")})
    await visitor.post(
        "/m/temuco/validacion/aprobacion/votacion",
        {
            "number": "77",
            "dated_on": "2026-11-05",
            "declared_by": "Berta Salas",
            "result": "approved",
            "in_favour": "6",
            "against": "1",
            "abstentions": "0",
        },
        files={"file": ("v.pdf", PDF + b" ", "application/pdf")},
    )
    await visitor.post(
        "/m/temuco/validacion/aprobacion/decreto",
        {"number": "1.234", "dated_on": "2026-11-15", "declared_by": "Berta Salas"},
        files={"file": ("d.pdf", PDF + b"  ", "application/pdf")},
    )
    page = await visitor.get("/m/temuco/validacion/aprobacion")

    assert missing.status_code == 422
    assert "Falta el archivo" in missing.text
    assert "15 de noviembre de 2026" in page.text
    assert "2030" in page.text
    async with work_as(services, tenant) as work:
        known = await facts(work)
    assert all(known[name].met for name in ("acts.mayor_approval", "acts.concejo_vote", "acts.decree"))


async def test_an_adviser_can_not_approve(services: Services, visitor: Visitor) -> None:
    """Whoever supports from outside does not decide (RES-01)."""
    await enter(services, visitor, "adviser")

    answer = await visitor.post("/m/temuco/validacion/aprobacion", {"signatory": "Yo"})

    assert answer.status_code == 403
