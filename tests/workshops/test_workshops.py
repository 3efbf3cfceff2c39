"""What may and may not be done with a workshop."""

from datetime import date

import pytest

from acogida.app.wiring import Services
from acogida.features.workshops import actions, public, store
from acogida.features.workshops.facts import facts
from acogida.features.workshops.forms import AddEntries, EditCandidate, EditGroup, EditRecord
from acogida.features.workshops.report import record_of, report
from acogida.kernel.document import plain_text
from acogida.kernel.errors import NotAllowed, Rejected, Stale
from support.diagnosis import make_entries, make_finding, make_workshop
from support.make import make_municipality, work_as


async def test_each_line_is_a_post_it(services: Services) -> None:
    """Several lines pasted at once become several entries, in order, with their group."""
    tenant = await make_municipality(services)
    async with work_as(services, tenant) as work:
        workshop = await make_workshop(work)
        await actions.note_entries(
            work,
            workshop.id,
            AddEntries(kind="challenge", text="- Idioma\n- Vivienda\n\n- Salud", group_name="Grupo 2"),
        )

        found = await store.entries(work, workshop_ids=[workshop.id])

    assert [(row.text, row.group_name) for row in found] == [
        ("Idioma", "Grupo 2"),
        ("Vivienda", "Grupo 2"),
        ("Salud", "Grupo 2"),
    ]


async def test_a_workshop_is_held_only_after_its_date_and_with_somebody_counted(services: Services) -> None:
    """Date and attendance are what the guide asks as proof; each lack is said."""
    tenant = await make_municipality(services)
    async with work_as(services, tenant) as work:
        future = await make_workshop(work, held_on=date(2026, 12, 24))
        with pytest.raises(Rejected, match="en el futuro"):
            await actions.hold(work, future.id, version=future.version)

        empty = await make_workshop(work, people=0)
        with pytest.raises(Rejected, match="asistieron"):
            await actions.hold(work, empty.id, version=empty.version)

        done = await make_workshop(work, held=True)

    assert done.status == "held"


async def test_a_held_workshop_keeps_its_attendance(services: Services) -> None:
    """The last row of a held workshop is not taken away."""
    tenant = await make_municipality(services)
    async with work_as(services, tenant) as work:
        workshop = await make_workshop(work, held=True)
        (group,) = await store.groups(work, [workshop.id])

        with pytest.raises(Rejected, match="al menos una fila"):
            await actions.remove_group(work, workshop.id, group.id)


async def test_initiatives_are_proposed_in_planning_only(services: Services) -> None:
    """A diagnosis workshop listens; it does not plan yet."""
    tenant = await make_municipality(services)
    async with work_as(services, tenant) as work:
        diagnosis = await make_workshop(work)
        with pytest.raises(Rejected, match="planificación"):
            await actions.propose(work, diagnosis.id, EditCandidate(name="Mediadores"))

        planning = await make_workshop(work, kind="planning")
        with pytest.raises(Rejected) as refused:
            await actions.note_entries(work, planning.id, AddEntries(kind="challenge", text="Idioma"))

    assert "kind" in refused.value.fields


async def test_proposed_initiatives_carry_the_seven_answers(services: Services) -> None:
    """Other rooms receive what the group answered, with the eje it was proposed for."""
    tenant = await make_municipality(services)
    async with work_as(services, tenant) as work:
        planning = await make_workshop(work, kind="planning", working_groups="Grupo 1: Salud; Trabajo")
        await actions.propose(
            work,
            planning.id,
            EditCandidate(
                name="Mediadores interculturales",
                axis="Salud",
                group_name="Grupo 1",
                description="Acompañan la atención.",
                needs_funding=True,
                target="Dos Cesfam",
                unit="Departamento de Salud",
                alliances="Universidad",
                period="2027",
            ),
        )

        (found,) = await public.candidate_initiatives(work)

    assert (found.name, found.axis, found.needs_funding, found.target, found.unit, found.alliances, found.period) == (
        "Mediadores interculturales",
        "Salud",
        True,
        "Dos Cesfam",
        "Departamento de Salud",
        "Universidad",
        "2027",
    )


async def test_what_a_finding_cites_stays(services: Services) -> None:
    """A post-it that backs a finding can't be taken away, and the reason is said."""
    from acogida.features.diagnosis.actions import back_finding
    from acogida.features.diagnosis.forms import EditEvidence

    tenant = await make_municipality(services)
    async with work_as(services, tenant) as work:
        workshop = await make_workshop(work)
        (entry,) = await make_entries(work, workshop, "Faltan intérpretes")
        finding = await make_finding(work, backed=False)
        await back_finding(
            work, finding.id, EditEvidence(kind="workshop", text=entry.text, workshop_entry_id=str(entry.id))
        )

    async with work_as(services, tenant) as work:
        with pytest.raises(Rejected, match="cita esta anotación"):
            await actions.remove_entry(work, workshop.id, entry.id)


async def test_who_may_only_look_writes_nothing(services: Services) -> None:
    """A councillor reads workshops and changes none."""
    tenant = await make_municipality(services)
    async with work_as(services, tenant) as work:
        workshop = await make_workshop(work)

    async with work_as(services, tenant, roles=["councillor"]) as work:
        with pytest.raises(NotAllowed):
            await make_entries(work, workshop, "Idioma")


async def test_two_people_writing_conclusions_do_not_step_on_each_other(services: Services) -> None:
    """Whoever saves with an old version is told."""
    tenant = await make_municipality(services)
    async with work_as(services, tenant) as work:
        workshop = await make_workshop(work)
        seen = workshop.version
        await actions.write_record(work, workshop.id, EditRecord(conclusions="Una", version=seen))

        with pytest.raises(Stale):
            await actions.write_record(work, workshop.id, EditRecord(conclusions="Otra", version=seen))


async def test_facts_follow_what_happened(services: Services) -> None:
    """A planned workshop shows nothing; a held one, with entries and conclusions, meets each fact."""
    tenant = await make_municipality(services)
    async with work_as(services, tenant) as work:
        await make_workshop(work)
        before = await facts(work)

        held = await make_workshop(work, kind="diagnosis_users", title="Con organizaciones", held=True)
        await make_entries(work, held, "Idioma", "Vivienda")
        planning = await make_workshop(work, kind="planning", held=True)
        await actions.write_record(work, planning.id, EditRecord(conclusions="Acuerdos", version=planning.version))
        after = await facts(work)

    assert not any(fact.met for fact in before.values())
    assert {key for key, fact in after.items() if not fact.met} == {"workshops.diagnosis_officials"}
    assert after["workshops.diagnosis_recorded"].count == 2
    assert "Con organizaciones" in after["workshops.diagnosis_held"].shows


async def test_the_report_has_the_guides_four_parts(services: Services) -> None:
    """Challenges, strengths, opportunities and contributions, each with what its groups said."""
    tenant = await make_municipality(services)
    async with work_as(services, tenant) as work:
        workshop = await make_workshop(work, held=True)
        await make_entries(work, workshop, "Faltan intérpretes")
        await make_entries(work, workshop, "Hay una mesa con salud", kind="strength", group="Grupo 2")

        document = report(work, await record_of(work, workshop.id))

    text = plain_text(document)
    assert [heading.text for heading in document.headings][1:5] == [
        "Desafíos",
        "Fortalezas",
        "Oportunidades",
        "Aportes destacados de participantes",
    ]
    assert "Faltan intérpretes (Grupo 1)" in text
    assert any("Oportunidades" in missing.text for missing in document.missing)


async def test_nobody_is_named_in_the_attendance(services: Services) -> None:
    """Participants are counted by group; returning ones can't outnumber those who came."""
    faults = dict(EditGroup(kind="users", people=3, from_diagnosis=5).check())

    assert "from_diagnosis" in faults
    assert "name" not in EditGroup.form_fields()
