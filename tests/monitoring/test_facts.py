"""What the follow-up tells the gates and the duties."""

from datetime import date

from acogida.app.wiring import Services
from acogida.features.monitoring.duties import duties
from acogida.features.monitoring.facts import facts
from acogida.features.monitoring.model import ActionPlan, ProgressUpdate
from support.make import make_municipality, work_as
from support.make_plan import make_initiative


async def test_nothing_is_true_of_an_empty_workspace(services: Services) -> None:
    """Every fact of this room is there and false."""
    tenant = await make_municipality(services)

    async with work_as(services, tenant) as work:
        known = await facts(work)

    assert set(known) == {
        "monitoring.started",
        "monitoring.action_plan",
        "monitoring.two_instances",
        "monitoring.updates",
    }
    assert not any(fact.met for fact in known.values())


async def test_facts_say_what_is_there(services: Services) -> None:
    """A plan with its three contents, two instances with their rhythm, a start and a report."""
    tenant = await make_municipality(services)

    async with work_as(services, tenant) as work:
        initiative = await make_initiative(work)
        work.session.add(
            ActionPlan(
                starts_on=date(2026, 12, 1),
                way_of_working="Reunión mensual",
                roles="Dideco preside",
                responsibilities="Salud: ventanilla",
                internal_instance="Equipo ejecutivo",
                internal_frequency="cada mes",
                second_instance="Mesa comunal",
                second_frequency="cada tres meses",
            )
        )
        work.session.add(
            ProgressUpdate(
                initiative_id=initiative.id,
                reported_on=date(2026, 11, 20),
                reported_by="Rosa",
                status="in_progress",
                percent=10,
                on_track=True,
                needs_adjustment=False,
            )
        )
        await work.session.flush()
        known = await facts(work)

    assert all(fact.met for fact in known.values())
    assert known["monitoring.started"].shows == "La implementación comenzó el 1 de diciembre de 2026"
    assert known["monitoring.two_instances"].shows == "Equipo ejecutivo (cada mes) y Mesa comunal (cada tres meses)"


async def test_one_instance_is_not_two(services: Services) -> None:
    """An instance without how often it meets does not count."""
    tenant = await make_municipality(services)

    async with work_as(services, tenant) as work:
        work.session.add(
            ActionPlan(internal_instance="Equipo", internal_frequency="cada mes", second_instance="Mesa comunal")
        )
        await work.session.flush()
        known = await facts(work)

    assert not known["monitoring.two_instances"].met
    assert known["monitoring.two_instances"].count == 1


async def test_what_is_late_is_owed_by_somebody(services: Services) -> None:
    """Silence and passed terms become duties of who answers for the initiative, with the page where they end."""
    tenant = await make_municipality(services)

    async with work_as(services, tenant) as work:
        row = await make_initiative(
            work, starts_on=date(2026, 1, 1), ends_on=date(2026, 9, 30), responsible="Óscar", unit="Salud"
        )
        owed = await duties(work)

    assert [(duty.who, duty.path) for duty in owed] == [("Óscar, Salud", f"seguimiento/{row.id}")] * 2
    assert "cuyo término ya pasó" in owed[0].text
