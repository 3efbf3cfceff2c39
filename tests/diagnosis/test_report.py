"""The Informe de Diagnóstico: what it says, what it lacks, how it is closed."""

from datetime import date

import pytest

from acogida.app.wiring import Services
from acogida.features.communes.public import figures_of
from acogida.features.diagnosis import actions, public, report, store
from acogida.features.diagnosis.forms import EditOrganization, FreezeReport
from acogida.features.diagnosis.national import NATIONAL, says_of
from acogida.features.methodology.model import Guide
from acogida.kernel.document import DocumentBuilder, Figure, State, from_json, plain_text
from acogida.kernel.errors import Rejected
from acogida.kernel.work import Work
from support.diagnosis import make_entries, make_finding, make_service, make_source, make_texts, make_workshop
from support.make import make_municipality, work_as

SURE = FreezeReport(relevant=True, backed=True, clear=True)


def guide_of(services: Services) -> Guide:
    return services.guides["2025.04"]


async def fill(work: Work) -> None:
    """A diagnosis with a bit of everything."""
    await make_source(work)
    await make_service(work)
    await make_service(work, unit="OMIL", name="")
    await actions.add_organization(
        work,
        EditOrganization(
            name="Comunidad Haitiana de Temuco",
            kind="migrant",
            services="Acogida e idioma",
            phone="+56 45 222 3344",
            representative="Jean Baptiste",
            representative_contact="+56 9 1234 5678",
        ),
    )
    workshop = await make_workshop(work, held=True)
    await make_entries(work, workshop, "Faltan intérpretes")
    await make_finding(work)
    await make_finding(work, title="La universidad ofrece su clínica", kind="opportunity", dimensions=(), backed=False)


async def test_an_empty_diagnosis_says_everything_that_is_missing(services: Services) -> None:
    """The four parts of the guide are there, each with what it lacks and where it is written."""
    tenant = await make_municipality(services)
    async with work_as(services, tenant) as work:
        document = report.report(await report.read(work, guide_of(services)))

    titles = [heading.text for heading in document.headings]
    for title in (
        "Principales cifras",
        "Principales desafíos y oportunidades",
        "Mapa de organizaciones",
        "Registro de iniciativas existentes",
    ):
        assert title in titles
    assert len(document.missing) >= 6
    assert all(each.link.startswith("/m/temuco/") for each in document.missing)


async def test_the_report_tells_claims_with_their_evidence_under_their_dimension(services: Services) -> None:
    """A claim without evidence is among what is missing; one without dimension is told apart."""
    tenant = await make_municipality(services)
    async with work_as(services, tenant) as work:
        await fill(work)
        document = report.report(await report.read(work, guide_of(services)))

    text = plain_text(document)
    assert "Acceso a la salud" in text and "Otros temas" in text
    assert "Testimonio: «Me fui sin entender», usuaria del Cesfam." in text
    assert "Faltan intérpretes (Grupo 1)" in text
    missing = [each.text for each in document.missing]
    assert any("La universidad ofrece su clínica" in each for each in missing)
    assert any("OMIL" in each for each in missing)


async def test_people_of_organisations_are_not_in_the_paper(services: Services) -> None:
    """Institutional contacts are; the name and phone of whoever represents are not."""
    tenant = await make_municipality(services)
    async with work_as(services, tenant) as work:
        await fill(work)
        text = plain_text(report.report(await report.read(work, guide_of(services))))

    assert "+56 45 222 3344" in text
    assert "Jean Baptiste" not in text and "1234 5678" not in text


async def test_figures_keep_what_is_suppressed_suppressed(services: Services) -> None:
    """No number stands where INE gives none, and the reader is told so."""
    tenant = await make_municipality(services, cut="09119", name="Vilcún", slug="vilcun")
    async with work_as(services, tenant) as work:
        facts = await figures_of(work, tenant.cut)
        assert facts is not None and facts.suppressed
        builder = DocumentBuilder("x", author="x", kind="x", date=date(2026, 11, 23))
        report.characterisation(builder, await report.read(work, guide_of(services)))

    (figure,) = [block for block in builder.build().blocks if isinstance(block, Figure)]
    assert figure.data is not None
    assert "suprimido" in figure.svg
    assert "50 personas o menos" in figure.source
    assert 1 <= facts.rank_in_region <= facts.communes_in_region == 32


async def test_two_measures_never_share_a_series(services: Services) -> None:
    """The estimate of INE and Sermig goes in a table of its own that says it is another measure."""
    tenant = await make_municipality(services, cut="13101", name="Santiago", slug="santiago")
    async with work_as(services, tenant) as work:
        facts = await figures_of(work, tenant.cut)
        builder = DocumentBuilder("x", author="x", kind="x", date=date(2026, 11, 23))
        report.characterisation(builder, await report.read(work, guide_of(services)))

    assert facts is not None and len(facts.estimates) == 5
    text = plain_text(builder.build())
    assert "no se comparan ni se suman" in text
    assert all("nacieron" not in says_of(source, facts) for source in NATIONAL if source.key == "estimate")


async def test_closing_asks_for_what_a_reader_needs(services: Services) -> None:
    """Without findings, presentation and conclusions there is nothing to close; the refusal names each."""
    tenant = await make_municipality(services)
    async with work_as(services, tenant) as work:
        with pytest.raises(Rejected, match="un hallazgo, la presentación y las conclusiones"):
            await actions.freeze_report(work, guide_of(services), SURE)


async def test_a_closed_report_does_not_change(services: Services) -> None:
    """What was closed reads the same after the diagnosis moves on, with its short version and its fingerprint."""
    tenant = await make_municipality(services)
    async with work_as(services, tenant) as work:
        await fill(work)
        await make_texts(work)
        first = await actions.freeze_report(work, guide_of(services), SURE)
        finding = (await store.findings(work))[0]
        finding.title = "Otro título"
        await work.session.flush()
        second = await actions.freeze_report(work, guide_of(services), SURE)
        frozen = await public.report_frozen(work)

    kept = from_json(first.content["report"])
    short = from_json(first.content["summary"])
    assert (first.number, second.number) == (1, 2)
    assert first.sha256 != second.sha256
    assert first.unbacked == 1
    assert kept.state is State.FROZEN
    assert "El idioma es la primera barrera en salud" in plain_text(kept)
    assert "El idioma es la primera barrera en salud" in plain_text(short)
    assert len(plain_text(short)) < len(plain_text(kept))
    assert frozen is not None and frozen.number == 2


async def test_other_documents_reuse_the_pieces(services: Services) -> None:
    """The policy's second chapter takes characterisation, situation and services under its own headings."""
    tenant = await make_municipality(services)
    async with work_as(services, tenant) as work:
        await fill(work)
        known = await public.read(work, guide_of(services))
        builder = DocumentBuilder("Política", author="x", kind="x", date=date(2026, 11, 23))
        builder.h(1, "Diagnóstico")
        builder.h(2, "Caracterización")
        public.characterisation(builder, known)
        builder.h(2, "Situación")
        public.situation(builder, known, level=3)
        builder.h(2, "Servicios")
        public.services_chapter(builder, known)

    document = builder.build()
    assert [heading.level for heading in document.headings] == [1, 2, 2, 3, 3, 2]
    assert "1 servicio de 2 unidades" in plain_text(document)
