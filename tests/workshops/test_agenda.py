"""The agenda as people write it and as the guide proposes it."""

import pytest

from acogida.app.settings import CHECKOUT
from acogida.features.methodology.guide import guide_folder, load_guide
from acogida.features.methodology.model import Guide
from acogida.features.workshops import agenda


@pytest.fixture(scope="module")
def guide() -> Guide:
    return load_guide(guide_folder(CHECKOUT / "catalogue", "2025.04"))


@pytest.mark.parametrize("kind", ["diagnosis_officials", "planning"])
def test_the_guides_agenda_adds_up_to_ninety_minutes(guide: Guide, kind: str) -> None:
    """Both agendas of the guide last an hour and a half."""
    assert sum(moment["minutes"] for moment in agenda.proposed_moments(guide, kind)) == 90


def test_lines_become_moments_and_moments_lines(guide: Guide) -> None:
    """What a person edits and saves without touching stays the same."""
    moments = agenda.proposed_moments(guide, "planning")

    assert agenda.read_moments(agenda.written_moments(moments)) == moments


@pytest.mark.parametrize(
    "line",
    [
        "10 Presentación",
        "10 min Presentación",
        "10 minutos: Presentación",
        "  10 · Presentación  ",
        "10 - Presentación",
    ],
)
def test_minutes_are_read_however_they_are_written(line: str) -> None:
    """People write minutes in several ways."""
    assert agenda.read_moments(line) == [{"minutes": 10, "title": "Presentación"}]


@pytest.mark.parametrize("line", ["Presentación", "0 Nada", "900 Eterno", "10"])
def test_a_line_without_sensible_minutes_is_explained(line: str) -> None:
    """The fault names the line."""
    with pytest.raises(ValueError, match=r"minutos|Minutos"):
        agenda.read_moments(line)


def test_hours_follow_from_the_start(guide: Guide) -> None:
    """Each moment says between which hours it happens, past midday too."""
    moments = agenda.moments(
        guide, "diagnosis_officials", agenda.proposed_moments(guide, "diagnosis_officials"), "11:45"
    )

    assert (moments[0].begins, moments[0].ends) == ("11:45", "11:55")
    assert moments[-1].ends == "13:15"


def test_advice_of_the_guide_goes_with_its_moment(guide: Guide) -> None:
    """The long moment of the planning workshop carries its two questions and the seven answers."""
    moments = agenda.moments(guide, "planning", agenda.proposed_moments(guide, "planning"), "")
    advice = {moment.title: " ".join(moment.advice) for moment in moments}

    assert all(advice.values())
    assert "siete datos" in advice["Trabajo en grupos"]
    assert "factibles" in advice["Compartir en grupo"]
    assert not any(text.startswith("Momento") for text in advice.values())


def test_planning_groups_share_the_ejes(guide: Guide) -> None:
    """Three groups with two example ejes each; with ejes of their own, those are shared out."""
    assert [len(group["axes"]) for group in agenda.proposed_groups(guide, "planning", [])] == [2, 2, 2]

    own = agenda.proposed_groups(guide, "planning", ["Salud", "Trabajo", "Idioma", "Vivienda"])

    assert [axis for group in own for axis in group["axes"]] == ["Salud", "Trabajo", "Idioma", "Vivienda"]


def test_pasted_lists_lose_their_marks() -> None:
    """Bullets and numbers of a pasted list are not part of what was said."""
    assert agenda.lines_of("- Idioma\n\n• Vivienda\n3. Salud\n2026 fue difícil") == [
        "Idioma",
        "Vivienda",
        "Salud",
        "2026 fue difícil",
    ]
