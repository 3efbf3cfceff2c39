"""Findings, their evidence and what leans on them."""

import pytest

from acogida.app.wiring import Services
from acogida.features.diagnosis import actions, report, store
from acogida.features.diagnosis.facts import facts
from acogida.features.diagnosis.forms import AddFinding, EditEvidence, EditFinding, EditInquiry, EditResults
from acogida.features.initiatives.model import Initiative, InitiativeFinding
from acogida.kernel import threads
from acogida.kernel.errors import NotAllowed, Rejected, Stale
from support.diagnosis import make_entries, make_finding, make_service, make_source, make_workshop
from support.make import make_municipality, work_as

ANSWERS = {"gaps": "Lo rural", "missing_voices": "Temporeros", "resources": "Dos personas", "reason": "Alcanza"}


async def test_a_finding_is_born_with_what_was_said(services: Services) -> None:
    """From a workshop entry, the finding carries it as evidence and names where it comes from."""
    tenant = await make_municipality(services)
    async with work_as(services, tenant) as work:
        workshop = await make_workshop(work, title="Taller en Labranza")
        (entry,) = await make_entries(work, workshop, "Faltan intérpretes", group="Grupo 3")
        row = await actions.add_finding(
            work,
            AddFinding(
                title="El idioma es una barrera",
                kind="challenge",
                relevant=True,
                evidence_kind="workshop",
                evidence_text=entry.text,
                workshop_entry_id=str(entry.id),
            ),
        )

        (finding,) = await report.backed(work, [row])

    assert finding.backed
    assert finding.origins[finding.evidence[0].id] == "Taller en Labranza, Grupo 3"


async def test_evidence_that_points_nowhere_is_refused(services: Services) -> None:
    """A source or an entry of another municipality, or of none, is refused beside its field."""
    tenant = await make_municipality(services)
    other = await make_municipality(services, cut="13201", name="Puente Alto", slug="puente-alto")
    async with work_as(services, other) as work:
        theirs = await make_source(work)

    async with work_as(services, tenant) as work:
        finding = await make_finding(work, backed=False)
        for source_id in (str(theirs.id), "cualquier cosa"):
            with pytest.raises(Rejected) as refused:
                await actions.back_finding(work, finding.id, EditEvidence(kind="datum", text="x", source_id=source_id))
            assert "source_id" in refused.value.fields


async def test_a_photograph_needs_its_file(services: Services) -> None:
    """A photograph without a photograph shows nothing."""
    tenant = await make_municipality(services)
    async with work_as(services, tenant) as work:
        finding = await make_finding(work, backed=False)

        with pytest.raises(Rejected) as refused:
            await actions.back_finding(work, finding.id, EditEvidence(kind="photograph", text="El papelógrafo"))

    assert "file" in refused.value.fields


async def test_a_cited_source_stays(services: Services) -> None:
    """Taking it away would leave a claim without its ground."""
    tenant = await make_municipality(services)
    async with work_as(services, tenant) as work:
        source = await make_source(work)
        finding = await make_finding(work, backed=False)
        proof = await actions.back_finding(
            work, finding.id, EditEvidence(kind="datum", text="4 de cada 10", source_id=str(source.id))
        )
        with pytest.raises(Rejected, match="respalda 1 hallazgo"):
            await actions.remove_source(work, source.id)

        await actions.remove_evidence(work, finding.id, proof.id)
        await actions.remove_source(work, source.id)

        assert not await store.sources(work)


async def test_a_finding_that_the_plan_answers_stays(services: Services) -> None:
    """The refusal names the initiative; the thread is seen from the finding."""
    tenant = await make_municipality(services)
    async with work_as(services, tenant) as work:
        finding = await make_finding(work)
        initiative = Initiative(name="Mediadores interculturales")
        work.session.add(initiative)
        await work.session.flush()
        work.session.add(InitiativeFinding(initiative_id=initiative.id, finding_id=finding.id))
        await work.session.flush()

        (follower,) = (await threads.followers(work, "finding", [finding.id]))[finding.id]
        with pytest.raises(Rejected, match="Mediadores interculturales"):
            await actions.remove_finding(work, finding.id)

    assert (follower.kind, follower.path) == ("Iniciativa", f"iniciativas/{initiative.id}")


async def test_a_second_writer_is_told(services: Services) -> None:
    """Whoever corrects over an older version sees both."""
    tenant = await make_municipality(services)
    async with work_as(services, tenant) as work:
        finding = await make_finding(work)

        with pytest.raises(Stale):
            await actions.edit_finding(work, finding.id, EditFinding(title="Otro", kind="challenge", version=99))


async def test_an_adviser_works_and_does_not_decide(services: Services) -> None:
    """Advisers write findings; deciding on more information and closing the report are the team's (RES-01)."""
    tenant = await make_municipality(services)
    async with work_as(services, tenant, roles=["adviser"]) as work:
        await make_finding(work)
        with pytest.raises(NotAllowed):
            await actions.decide_inquiry(work, EditInquiry(**ANSWERS, needed=False, decided_on=work.today()))


async def test_facts_follow_the_registers(services: Services) -> None:
    """Nothing is met in an empty diagnosis; each register meets its own."""
    tenant = await make_municipality(services)
    async with work_as(services, tenant) as work:
        before = await facts(work)
        await make_source(work, kind="internal")
        await make_service(work, name="")
        halfway = await facts(work)
        await make_service(work)
        await make_finding(work)
        await make_finding(work, title="Otro", backed=False)
        after = await facts(work)

    assert not any(fact.met for fact in before.values())
    assert halfway["diagnosis.units_identified"].met and not halfway["diagnosis.services_registered"].met
    assert after["diagnosis.municipal_sources"].met and after["diagnosis.services_registered"].met
    assert after["diagnosis.findings_consolidated"].shows == "2 hallazgos, 1 sin evidencia"
    assert not after["diagnosis.claims_backed"].met


async def test_a_claim_left_out_needs_no_evidence(services: Services) -> None:
    """Only what goes into the report has to be backed."""
    tenant = await make_municipality(services)
    async with work_as(services, tenant) as work:
        await make_finding(work)
        await make_finding(work, title="No importa", backed=False, relevant=False)

        found = await facts(work)

    assert found["diagnosis.claims_backed"].met


@pytest.mark.parametrize(
    ("needed", "methods", "applied", "met"),
    [
        (False, (), False, True),
        (True, ("workshops",), False, True),
        (True, ("interviews",), False, False),
        (True, ("survey", "workshops"), True, True),
    ],
)
async def test_instruments_are_applied_unless_none_was_decided(
    services: Services, needed: bool, methods: tuple[str, ...], applied: bool, met: bool
) -> None:
    """Deciding «no», or listening in workshops, meets the step; interviews and surveys need their results."""
    tenant = await make_municipality(services)
    async with work_as(services, tenant) as work:
        row = await actions.decide_inquiry(
            work, EditInquiry(**ANSWERS, needed=needed, methods=methods, decided_on=work.today())
        )
        if applied:
            await actions.write_results(
                work, EditResults(applied_on=work.today(), results="Respondieron 120 personas", version=row.version)
            )

        found = await facts(work)

    assert found["diagnosis.decision_recorded"].met
    assert found["diagnosis.instruments_applied"].met is met


def test_saying_yes_asks_how() -> None:
    """A yes without a method is not a decision."""
    assert "methods" in dict(EditInquiry(**ANSWERS, needed=True).check())
