"""Closing gates: with what the guide asks for, or by exception."""

import asyncio

import pytest
from sqlalchemy import select

from acogida.app.wiring import Services
from acogida.features.cycles import actions
from acogida.features.cycles import public as cycles
from acogida.features.cycles.forms import CloseByException
from acogida.features.cycles.model import GateClosing
from acogida.kernel.audit import AuditEntry
from acogida.kernel.errors import AlreadyClosed, GateClosed, NotAllowed, NotFound, Rejected
from acogida.kernel.facts import Fact
from support.make import make_municipality, make_person, work_as

LETTER = {"acts.letter_signed_by_mayor": Fact(True, "Firmada el 3 de marzo de 2027")}
WHY = CloseByException(reason="El alcalde está fuera del país y firmará a su regreso.", cargo="Alcaldesa subrogante")


async def test_a_gate_that_lacks_nothing_is_closed_with_what_was_there(
    services: Services, known: dict[str, Fact]
) -> None:
    """The closing says who, when and with what; the book says it in a sentence."""
    known.update(LETTER)
    tenant = await make_municipality(services)
    person = await make_person(services, tenant)

    async with work_as(services, tenant, person) as work:
        closing = await actions.close_gate(work, services.guides, "GATE-1.1")
        assert await cycles.closed_gates(work) == {"GATE-1.1"}

    assert closing.closed_by == "Rosa Painemal"
    assert closing.cargo == "Secretario/a ejecutivo/a"
    assert closing.reason is None
    assert closing.basis == [["PREP-1.1-10", "Firmada el 3 de marzo de 2027"]]
    async with work_as(services, tenant) as work:
        entry = await work.session.scalar(select(AuditEntry))
    assert entry is not None
    assert entry.sentence == "cerró *1.1 Compromiso político*"
    assert entry.changes["basis"] == [None, ["Carta firmada: Firmada el 3 de marzo de 2027"]]


async def test_the_last_gate_ends_its_stage(services: Services, known: dict[str, Fact]) -> None:
    """And the book says so."""
    known.update({**LETTER, "bodies.executive_team": Fact(True)})
    tenant = await make_municipality(services)

    async with work_as(services, tenant) as work:
        await actions.close_gate(work, services.guides, "GATE-1.2")
        await actions.close_gate(work, services.guides, "GATE-1.1")
        told = (await work.session.scalars(select(AuditEntry.sentence).order_by(AuditEntry.seq))).all()
        line = await cycles.stage_line(services.guides)(work)

    assert told[-1] == "cerró *1.1 Compromiso político*, y con ello la etapa *Preparación*"
    assert [stage.state for stage in line][:2] == ["closed", "current"]


async def test_what_lacks_something_is_refused_thing_by_thing(services: Services, known: dict[str, Fact]) -> None:
    """Each sentence names a thing and a person; nothing is written."""
    known["diagnosis.units_identified"] = Fact(True)
    tenant = await make_municipality(services)

    async with work_as(services, tenant) as work:
        with pytest.raises(GateClosed) as refused:
            await actions.close_gate(work, services.guides, "GATE-2.1")
        assert (await work.session.scalars(select(GateClosing))).all() == []

    assert len(refused.value.missing) == 4
    assert refused.value.missing[0] == "Antes hay que cerrar 1.1 Compromiso político."
    assert "fuentes de información" in refused.value.missing[2]


async def test_a_gate_is_closed_once(services: Services, known: dict[str, Fact]) -> None:
    """There is no reopening and no second closing."""
    known.update(LETTER)
    tenant = await make_municipality(services)

    async with work_as(services, tenant) as work:
        await actions.close_gate(work, services.guides, "GATE-1.1")
        with pytest.raises(AlreadyClosed):
            await actions.close_gate(work, services.guides, "GATE-1.1")
        with pytest.raises(AlreadyClosed):
            await actions.close_by_exception(work, services.guides, "GATE-1.1", WHY)


async def test_two_people_closing_at_once_close_it_once(services: Services, known: dict[str, Fact]) -> None:
    """The second waits for the first and is told."""
    known.update(LETTER)
    tenant = await make_municipality(services)

    async def close() -> None:
        async with work_as(services, tenant) as work:
            await actions.close_gate(work, services.guides, "GATE-1.1")

    outcomes = await asyncio.gather(close(), close(), return_exceptions=True)

    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["AlreadyClosed", "NoneType"]


async def test_an_exception_carries_its_reason_and_what_was_missing(services: Services, known: dict[str, Fact]) -> None:
    """The next step opens, and everybody can read why."""
    assert known == {}
    tenant = await make_municipality(services)
    mayor = await make_person(services, tenant, email="ana@temuco.cl", name="Ana Curihual", roles=("mayor",))

    async with work_as(services, tenant, mayor, roles=("mayor",)) as work:
        closing = await actions.close_by_exception(work, services.guides, "GATE-1.1", WHY)
        entry = await work.session.scalar(select(AuditEntry))

    assert (closing.reason, closing.cargo, closing.missing) == (WHY.reason, WHY.cargo, ["PREP-1.1-10"])
    assert entry is not None
    assert entry.tag == "gate.excepted"
    assert entry.sentence == "avanzó por excepción en *1.1 Compromiso político*"


async def test_exceptions_keep_the_order_and_are_not_for_what_is_ready(
    services: Services, known: dict[str, Fact]
) -> None:
    """Neither a gate that waits for another, nor one that lacks nothing, nor one that is never closed."""
    known.update(LETTER)
    tenant = await make_municipality(services)

    async with work_as(services, tenant) as work:
        with pytest.raises(GateClosed, match=r"Antes hay que cerrar 1\.1"):
            await actions.close_by_exception(work, services.guides, "GATE-2.1", WHY)
        with pytest.raises(Rejected, match="No hace falta una excepción"):
            await actions.close_by_exception(work, services.guides, "GATE-1.1", WHY)
        with pytest.raises(GateClosed, match="trabajo continuo"):
            await actions.close_gate(work, services.guides, "GATE-5.1")
        with pytest.raises(NotFound):
            await actions.close_gate(work, services.guides, "GATE-9.9")


@pytest.mark.parametrize("role", ["president", "executive_member", "councillor", "adviser"])
async def test_only_the_mayor_and_the_secretary_except(services: Services, known: dict[str, Fact], role: str) -> None:
    """Others may close what is ready, or only look."""
    assert known == {}
    tenant = await make_municipality(services)

    async with work_as(services, tenant, roles=(role,)) as work:
        with pytest.raises(NotAllowed):
            await actions.close_by_exception(work, services.guides, "GATE-1.1", WHY)


async def test_a_mayor_does_not_close_what_the_team_closes(services: Services, known: dict[str, Fact]) -> None:
    """The mayor approves and excepts; closing steps is the team's."""
    known.update(LETTER)
    tenant = await make_municipality(services)

    async with work_as(services, tenant, roles=("mayor",)) as work:
        with pytest.raises(NotAllowed):
            await actions.close_gate(work, services.guides, "GATE-1.1")
