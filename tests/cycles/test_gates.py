"""How the gates of the guide are judged: from facts, never from ticks."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from acogida.app.settings import CHECKOUT
from acogida.features.cycles.gates import Board, GateState, concerns, evaluate, recommended
from acogida.features.cycles.model import GateClosing
from acogida.features.methodology.guide import guide_folder, load_guide
from acogida.features.methodology.model import Gate, Guide, State
from acogida.kernel.facts import Fact


@pytest.fixture(scope="module")
def guide() -> Guide:
    return load_guide(guide_folder(CHECKOUT / "catalogue", "2025.04"))


def passed(*gates: str, reason: str | None = None) -> list[GateClosing]:
    return [
        GateClosing(
            gate=gate, closed_at=datetime(2026, 11, 1, tzinfo=UTC), closed_by="Rosa Painemal", cargo="", reason=reason
        )
        for gate in gates
    ]


def everything(guide: Guide) -> dict[str, Fact]:
    return {row.satisfied_by.fact: Fact(True, "está") for row in guide.rows if row.satisfied_by.fact}


def judgeable(guide: Guide, gate: Gate) -> bool:
    """Whether the product judges this gate today: its rows are not planned and it asks for something."""
    rows = [guide.row(row) for group in (*gate.minimum, *gate.required) for row in group]
    return bool(rows) and all(row.satisfied_by.state is not State.PLANNED for row in rows)


def test_with_nothing_done_the_first_gate_says_what_is_missing_and_who_owes_it(guide: Guide) -> None:
    """The letter: its sentence, its screen, its button and the mayor."""
    board = evaluate(guide, {}, [])

    gate = board.current
    assert gate is not None
    assert gate.gate.id == "GATE-1.1"
    assert gate.missing == (
        "Falta la carta de compromiso firmada por la alcaldesa o el alcalde (mínimo de la guía, 1.1).",
    )
    thing = gate.unmet[0].thing
    assert (thing.screen, thing.action, thing.row.who) == ("preparacion/carta", "Subir carta firmada", ("mayor",))


def test_a_gate_waits_for_those_before_it_even_when_it_lacks_nothing(guide: Guide) -> None:
    """2.1 has all it needs; 1.1 and 1.2 have not been closed."""
    facts = {
        fact: Fact(True)
        for fact in ("diagnosis.sources_reviewed", "diagnosis.units_identified", "diagnosis.networks_mapped")
    }

    waiting = evaluate(guide, facts, passed("GATE-1.1")).gate("GATE-2.1")
    ready = evaluate(guide, facts, passed("GATE-1.1", "GATE-1.2")).gate("GATE-2.1")

    assert waiting.state is GateState.WAITING
    assert waiting.obstacles == ("Antes hay que cerrar 1.2 Conformación de equipos.",)
    assert ready.state is GateState.READY
    assert ready.obstacles == ()


def test_the_ideal_never_blocks(guide: Guide) -> None:
    """With the mayor's signature alone the gate is ready, and its dot is open (RES-05)."""
    gate = evaluate(guide, {"acts.letter_signed_by_mayor": Fact(True)}, []).gate("GATE-1.1")

    assert gate.state is GateState.READY
    assert [thing.met for thing in gate.ideals] == [False]


@pytest.mark.parametrize("fact", ["bodies.extended_validation", "bodies.internal_validations"])
def test_any_of_the_alternatives_is_enough(guide: Guide, fact: str) -> None:
    """Without equipo ampliado, internal validations meet the minimum of stage 4 (reading AMB-02)."""
    needed = ("bodies.concejo_presentation", "bodies.concejo_feedback", "acts.mayor_approval")
    before = passed("GATE-3.2")

    without = evaluate(guide, {each: Fact(True) for each in needed}, before).gate("GATE-4.1-3")
    with_it = evaluate(guide, {each: Fact(True) for each in (*needed, fact)}, before).gate("GATE-4.1-3")

    assert without.state is GateState.OPEN
    assert len(without.missing) == 1
    assert "También vale:" in without.missing[0]
    assert with_it.state is GateState.READY


def test_a_fact_told_as_false_shows_how_far_it_is(guide: Guide) -> None:
    """The progress goes with what is missing."""
    gate = evaluate(guide, {"initiatives.complete": Fact(False, "6 de 9 completas", 6)}, []).gate("GATE-3.2")

    thing = next(thing for thing in gate.things if thing.row.satisfied_by.fact == "initiatives.complete")
    assert not thing.met
    assert thing.shows == "6 de 9 completas"


def test_what_has_no_list_to_advance_has_duties_and_what_is_not_judged_blocks_nobody(guide: Guide) -> None:
    """5.1 and 5.2 are never closed (reading AMB-06); a gate whose rows are planned is for later."""
    board = evaluate(guide, everything(guide), passed(*(gate.id for gate in guide.gates if gate.id < "GATE-5")))

    assert board.gate("GATE-5.1").state is GateState.DUTIES
    assert board.gate("GATE-5.2").state is GateState.DUTIES
    for gate in guide.gates_of("implementation"):
        if not judgeable(guide, gate) and not gate.duties:
            assert board.gate(gate.id).state is GateState.LATER
            assert gate.id not in {pending.gate.id for pending, _ in board.pending}
    assert board.stage("validation").state == "closed"
    assert board.stage("implementation").state == "current"


def test_the_whole_way_can_be_walked(guide: Guide) -> None:
    """Closing what is ready, over and over, ends every gate that the product judges."""
    facts, closings = everything(guide), passed()
    while ready := evaluate(guide, facts, closings).ready:
        closings += passed(*(gate.gate.id for gate in ready))

    assert {closing.gate for closing in closings} == {gate.id for gate in guide.gates if judgeable(guide, gate)}


def test_rings_and_dots_count_needs_and_ideals(guide: Guide) -> None:
    """Preparation: two minimums, two ideals; a group of alternatives counts once."""
    board = evaluate(guide, {"acts.letter_signed_by_mayor": Fact(True), "bodies.extended_team": Fact(True)}, [])

    stage = board.stage("preparation")
    assert (stage.minimum_met, stage.minimum_total, stage.ideal_met, stage.ideal_total) == (1, 2, 1, 2)
    validation = board.stage("validation")
    assert validation.minimum_total == 7
    assert board.stage("implementation").by_duties


def test_a_stage_counts_its_duties_once_each(guide: Guide) -> None:
    """The rule of 5.1 and the recommendation of 5.2 rest on the same two instances."""
    stage = evaluate(guide, {"monitoring.two_instances": Fact(True)}, []).stage("implementation")

    assert stage.minimum_met == 1
    assert stage.minimum_total < sum(len(gate.duties) for gate in stage.gates)


def test_once_the_policy_is_known_the_next_things_are_duties(guide: Guide) -> None:
    """With 4.4 closed the board speaks of the action plan."""
    design = passed(*(gate.id for gate in guide.gates if gate.id < "GATE-5"))

    board = evaluate(guide, {}, design)

    assert [thing.row.id for thing in board.duties][:1] == ["IMPL-5.1-06"]
    assert evaluate(guide, {}, []).duties == ()


def test_what_a_step_recommends_leaves_out_what_its_gates_show(guide: Guide) -> None:
    """The letter's own rows are not said twice."""
    board = evaluate(guide, {"acts.letter_drafted": Fact(True, "Redactada")}, [])

    things = recommended(board, "1.1")

    facts = [thing.row.satisfied_by.fact for thing in things]
    assert "acts.letter_drafted" in facts
    assert "acts.letter_signed_by_mayor" not in facts
    assert len(facts) == len(set(facts))


def test_an_exception_is_told_apart_from_a_closing(guide: Guide) -> None:
    """Both let the next step open; one carries its reason."""
    board = evaluate(
        guide, {}, passed("GATE-1.1", reason="El alcalde viaja y firmará a su regreso.") + passed("GATE-1.2")
    )

    assert [gate.gate.id for gate in board.exceptions] == ["GATE-1.1"]
    assert board.gate("GATE-2.1").state is GateState.OPEN


def test_an_unknown_gate_or_stage_is_a_key_error(guide: Guide) -> None:
    """Whoever asks for what the guide does not have is told so."""
    board: Board = evaluate(guide, {}, [])

    for ask in (lambda: board.gate("GATE-9"), lambda: board.stage("otra")):
        with pytest.raises(KeyError):
            ask()


def test_the_words_of_the_guide_speak_of_roles_of_the_workspace(guide: Guide) -> None:
    """The mayor's signature concerns the mayor; the executive team's work concerns its secretary."""
    letter, sources = guide.row("PREP-1.1-10"), guide.row("DIAG-2.1-05")

    assert concerns(letter.who, {"mayor"})
    assert not concerns(letter.who, {"secretary"})
    assert concerns(sources.who, {"secretary"})
    assert not concerns(replace(sources, who=()).who, {"secretary"})
