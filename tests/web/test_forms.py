"""Forms: every fault at once, nothing lost, the same rules for a browser and for JSON."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import pytest

from acogida.kernel.errors import Rejected
from acogida.web import forms


@dataclass(frozen=True)
class Trip(forms.FormData):
    name: str = forms.text("Nombre", required=True, max_length=20)
    story: str = forms.prose("Relato", max_length=50)
    starts_on: date | None = forms.day("Inicio")
    ends_on: date | None = forms.day("Término")
    people: int | None = forms.whole("Personas", most=5000)
    kind: str = forms.choice("Tipo", {"a": "Uno", "b": "Dos"})
    places: tuple[str, ...] = forms.choices("Lugares", {"n": "Norte", "s": "Sur"})
    ready: bool | None = forms.yes_no("¿Listo?")
    mail: str = forms.email("Correo")
    version: int = forms.revision()

    def check(self) -> Iterable[tuple[str, str]]:
        if self.starts_on and self.ends_on and self.ends_on < self.starts_on:
            yield "ends_on", "El término es anterior al inicio."


def test_what_people_write_is_understood() -> None:
    """Dates and numbers as they are written in Chile, accents composed, edges trimmed."""
    form = forms.read(
        Trip,
        {
            "name": ["  Jose\u0301  "],
            "starts_on": ["3/4/2026"],
            "people": ["1.500"],
            "places": ["n", "n", "s"],
            "ready": ["no"],
            "mail": ["ANA@Temuco.CL"],
        },
    )

    assert form.ok
    assert form.data.name == "José"
    assert form.data.starts_on == date(2026, 4, 3)
    assert form.data.people == 1500
    assert form.data.places == ("n", "s")
    assert form.data.ready is False
    assert form.data.mail == "ana@temuco.cl"


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"name": [""]}, "name"),
        ({"name": ["x" * 21]}, "name"),
        ({"name": ["a"], "starts_on": ["31-02-2026"]}, "starts_on"),
        ({"name": ["a"], "starts_on": ["0001-01-01"]}, "starts_on"),
        ({"name": ["a"], "people": ["muchas"]}, "people"),
        ({"name": ["a"], "people": ["-1"]}, "people"),
        ({"name": ["a"], "kind": ["z"]}, "kind"),
        ({"name": ["a"], "places": ["este"]}, "places"),
        ({"name": ["a"], "mail": ["ana"]}, "mail"),
        ({"name": ["a"], "starts_on": ["2026-05-01"], "ends_on": ["2026-04-01"]}, "ends_on"),
    ],
)
def test_a_wrong_field_has_its_message(fields: dict[str, list[str]], wrong: str) -> None:
    """And keeps what was typed."""
    form = forms.read(Trip, fields)

    assert not form.ok
    assert form.error(wrong)
    assert form.value(wrong) == fields[wrong][-1]


def test_all_faults_come_at_once() -> None:
    """Nobody should fix one to find the next."""
    form = forms.read(Trip, {"name": [""], "people": ["muchas"], "mail": ["ana"]})

    assert [name for name, _ in form.errors] == ["name", "people", "mail"]


def test_json_is_held_to_the_same_rules() -> None:
    """Same messages, and a field that does not exist is said."""
    with pytest.raises(Rejected) as refused:
        forms.from_json(Trip, {"name": "", "people": "muchas", "color": "azul"})

    assert set(refused.value.fields) == {"name", "people", "color"}


def test_control_characters_never_get_in() -> None:
    """A pasted null or bell is dropped, not stored."""
    assert forms.read(Trip, {"name": ["a\x00b\x07c"]}).data.name == "abc"


def test_two_versions_are_compared_by_field() -> None:
    """Only what differs is shown."""
    mine = forms.blank(Trip, name="A", story="igual")
    theirs = forms.blank(Trip, name="B", story="igual")

    assert [name for name, *_ in forms.differences(mine, theirs)] == ["name"]
