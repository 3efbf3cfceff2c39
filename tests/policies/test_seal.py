"""A published policy carries a code, and its PDF is the one that the public page answers for."""

import hashlib
import io
import re

import pypdf

from acogida.app.wiring import Services
from acogida.features.policies import jobs, store
from acogida.features.policies.actions import freeze, publish, withdraw
from acogida.features.policies.forms import FreezeVersion, WithdrawPolicy
from acogida.kernel.tenancy import Tenant
from support.make import make_municipality, work_as
from support.make_policy import make_mayor_approval, make_rich_policy
from support.visitor import Visitor


async def make_public(services: Services) -> Tenant:
    tenant = await make_municipality(services)
    guide = next(iter(services.guides.values()))
    async with work_as(services, tenant) as work:
        await make_rich_policy(work)
        await freeze(work, guide, FreezeVersion(milestone="final", label="Final"))
        await make_mayor_approval(work)
        version = await freeze(work, guide, FreezeVersion(milestone="approved", label="Aprobada"))
        await publish(work, version.id)
    async with work_as(services, tenant) as work:
        await jobs.seal_policy(services, work, version.id)
    return tenant


async def test_the_public_pdf_is_the_one_that_the_code_answers_for(services: Services, visitor: Visitor) -> None:
    """Its QR leads to the page, its bytes have that fingerprint, and once withdrawn the page says so."""
    tenant = await make_public(services)
    pdf = (await visitor.get("/politicas/temuco/politica.pdf")).content
    words = "".join(sheet.extract_text() for sheet in pypdf.PdfReader(io.BytesIO(pdf)).pages).replace("\n", "")
    found = re.search(r"/verificar/([0-9A-Z-]{14})", words)
    assert found is not None

    page = await visitor.get(f"/verificar/{found[1]}", params={"huella": hashlib.sha256(pdf).hexdigest()})
    linked = await visitor.get("/politicas/temuco")
    async with work_as(services, tenant) as work:
        await withdraw(work, WithdrawPolicy(reason="Se corrige un error"))
    after = await visitor.get(f"/verificar/{found[1]}")

    assert "idéntica al documento aprobado" in page.text
    assert "Elena Curiqueo, Alcaldesa" in page.text
    assert f"/verificar/{found[1]}" in linked.text
    assert "La municipalidad retiró este documento" in after.text


async def test_a_policy_that_was_withdrawn_meanwhile_is_left(services: Services) -> None:
    """The job comes late: nothing is sealed again."""
    tenant = await make_public(services)
    async with work_as(services, tenant) as work:
        version = (await store.published_versions(work))[0]
        await withdraw(work, WithdrawPolicy(reason="Se corrige un error"))
    async with work_as(services, tenant) as work:
        await jobs.seal_policy(services, work, version.id)

        assert await store.own_publication(work) is None
