"""Dates of the stages and vigencia of the policy."""

from datetime import date
from itertools import pairwise

import pytest
from sqlalchemy import select

from acogida.app.wiring import Services
from acogida.features.cycles import public as cycles
from acogida.features.cycles.facts import facts
from acogida.kernel.audit import AuditEntry
from acogida.kernel.errors import GateClosed, NotAllowed, Rejected
from support.make import make_municipality, make_person, work_as


def test_a_schedule_is_proposed_without_gaps() -> None:
    """Each stage begins the day after the one before ends; implementation lasts three years."""
    proposed = cycles.propose_dates(date(2027, 3, 1))

    spans = [proposed[stage] for stage in cycles.STAGES]
    assert spans[0].starts_on == date(2027, 3, 1)
    for before, after in pairwise(spans):
        assert before.ends_on is not None
        assert after.starts_on is not None
        assert (after.starts_on - before.ends_on).days == 1
    last = spans[-1]
    assert last.starts_on is not None
    assert last.ends_on is not None
    assert last.ends_on.year - last.starts_on.year == 3


async def test_dates_are_set_changed_and_told(services: Services) -> None:
    """Only what changes is written in the book; what is not named stays."""
    tenant = await make_municipality(services)
    person = await make_person(services, tenant)
    first = {
        "preparation": (date(2027, 3, 1), date(2027, 4, 11), "Marcela Soto"),
        "diagnosis": (date(2027, 4, 12), None, ""),
    }

    async with work_as(services, tenant, person) as work:
        await cycles.set_stage_dates(work, first)
    async with work_as(services, tenant, person) as work:
        await cycles.set_stage_dates(work, {"diagnosis": (date(2027, 4, 12), date(2027, 7, 1), "Rosa Painemal")})
        await cycles.set_stage_dates(work, {"preparation": first["preparation"]})

    async with work_as(services, tenant, person) as work:
        known = await cycles.stage_dates(work)
        entries = (await work.session.scalars(select(AuditEntry).order_by(AuditEntry.seq))).all()
    assert list(known) == ["preparation", "diagnosis"]
    assert known["preparation"] == cycles.Span(*first["preparation"])
    assert known["diagnosis"].lead == "Rosa Painemal"
    assert [entry.tag for entry in entries] == ["stage_date.edited", "stage_date.edited"]
    assert entries[1].changes == {"diagnosis_ends_on": [None, "2027-07-01"], "diagnosis_lead": ["", "Rosa Painemal"]}


async def test_a_stage_does_not_end_before_it_starts(services: Services) -> None:
    """The fault names its field, and nothing is kept."""
    tenant = await make_municipality(services)

    async with work_as(services, tenant) as work:
        with pytest.raises(Rejected) as refused:
            await cycles.set_stage_dates(work, {"planning": (date(2027, 5, 1), date(2027, 4, 1), "")})
        assert await cycles.stage_dates(work) == {}

    assert set(refused.value.fields) == {"planning_ends_on"}


async def test_who_may_not_plan_does_not_set_dates(services: Services) -> None:
    """A councillor reads them."""
    tenant = await make_municipality(services)

    async with work_as(services, tenant, roles=("councillor",)) as work:
        with pytest.raises(NotAllowed):
            await cycles.set_stage_dates(work, {"planning": (date(2027, 5, 1), None, "")})
        with pytest.raises(NotAllowed):
            await cycles.set_vigencia(work, date(2027, 1, 1), date(2030, 1, 1))


async def test_the_vigencia_is_a_fact_of_the_workspace(services: Services) -> None:
    """Set by whoever records the approval, it shows its years."""
    tenant = await make_municipality(services)

    async with work_as(services, tenant) as work:
        assert not (await facts(work))["monitoring.vigencia"].met
        found = await cycles.set_vigencia(work, date(2027, 6, 1), date(2031, 5, 31))
        fact = (await facts(work))["monitoring.vigencia"]

    assert found.recommended
    assert fact.met
    assert fact.shows == "Rige del 1 de junio de 2027 al 31 de mayo de 2031 (4 años)"


@pytest.mark.parametrize("until", [date(2027, 6, 1), date(2027, 5, 1), date(2037, 7, 1)])
async def test_a_vigencia_that_can_not_be_is_refused(services: Services, until: date) -> None:
    """Neither empty, nor backwards, nor longer than ten years; five years is allowed and not what the guide suggests."""
    tenant = await make_municipality(services)

    async with work_as(services, tenant) as work:
        with pytest.raises(Rejected) as refused:
            await cycles.set_vigencia(work, date(2027, 6, 1), until)
        five = await cycles.set_vigencia(work, date(2027, 6, 1), date(2032, 5, 31))

    assert set(refused.value.fields) == {"valid_until"}
    assert not five.recommended


async def test_a_gate_that_has_not_been_passed_stops_who_asks(services: Services) -> None:
    """With the sentence of whoever asks."""
    tenant = await make_municipality(services)

    async with work_as(services, tenant) as work:
        assert await cycles.closed_gates(work) == frozenset()
        with pytest.raises(GateClosed) as refused:
            await cycles.require_gate(work, "GATE-4.4", "Antes hay que difundir la Política.")
        assert (await cycles.guide_of(work, services.guides)).version == max(services.guides)

    assert refused.value.missing == ("Antes hay que difundir la Política.",)
