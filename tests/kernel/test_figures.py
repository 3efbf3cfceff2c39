"""Drawings made on the server: what they say, what they never carry."""

import re
from datetime import date

import pytest
from lxml import etree

from acogida.kernel.document import Drawing, block_lines
from acogida.kernel.figures import (
    Bar,
    Period,
    Quarter,
    bar_chart,
    gantt,
    network_map,
    quarter_line,
    ring,
    share_bar,
)

SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = "<script>alert(1)</script> \"comillas\" & 'más' ]]> \x00"
FORTY = [(f"Grupo {g}", [f"Organización de nombre bastante largo número {g}-{n}" for n in range(8)]) for g in range(5)]

EVERY = {
    "bars": lambda: bar_chart([Bar(HOSTILE, 10, HOSTILE), Bar("Otra", None)], HOSTILE, HOSTILE),
    "no bars": lambda: bar_chart([], "Nada"),
    "zeros": lambda: bar_chart([("a", 0, "")], "Ceros"),
    "shares": lambda: share_bar([(HOSTILE, 3), ("b", 1)], "Partes"),
    "no shares": lambda: share_bar([], "Partes"),
    "network": lambda: network_map(HOSTILE, [(HOSTILE, [HOSTILE]), ("Vacío", [])]),
    "no network": lambda: network_map("Oficina", []),
    "forty": lambda: network_map("Oficina", FORTY),
    "ring": lambda: ring(3, 5),
    "full ring": lambda: ring(5, 5),
    "no ring": lambda: ring(0, 0),
    "calendar": lambda: gantt([Period(HOSTILE, date(2027, 1, 1), date(2028, 1, 1), HOSTILE)], (2027, 2030)),
    "no calendar": lambda: gantt([], (2027, 2030)),
    "quarters": lambda: quarter_line([Quarter("T1", "late"), Quarter("T2", "done", HOSTILE)], "Seguimiento"),
}


def texts(drawing: Drawing) -> list[str]:
    return [node.text or "" for node in etree.fromstring(drawing.svg).iter(f"{SVG}text")]


def boxes(drawing: Drawing) -> list[dict[str, float]]:
    return [
        {name: float(node.get(name, 0)) for name in ("x", "y", "width", "height")}
        for node in etree.fromstring(drawing.svg).iter(f"{SVG}rect")
    ]


@pytest.mark.parametrize("name", EVERY)
def test_every_drawing_is_fit_for_a_strict_page(name: str):
    """It says what it is, carries neither code nor style nor identifiers, and text typed stays text."""
    drawing = EVERY[name]()  # a Drawing refuses, when made, what could run or fetch
    root = etree.fromstring(drawing.svg)

    assert root.get("role") == "img"
    assert root[0].tag == f"{SVG}title"
    assert root[1].tag == f"{SVG}desc"
    assert drawing.alt.endswith((".", "!", "?"))
    assert root[1].text == drawing.alt
    assert not [node for node in root.iter() if "id" in node.attrib]
    assert not re.search(r"nan|inf\b", drawing.svg)


@pytest.mark.parametrize("name", EVERY)
def test_no_mark_falls_outside_its_sheet(name: str):
    """Boxes stay inside the drawing, however long the names."""
    drawing = EVERY[name]()
    _, _, width, height = map(float, etree.fromstring(drawing.svg).get("viewBox", "").split())

    for box in boxes(drawing):
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width + 0.1
        assert box["y"] + box["height"] <= height + 0.1


def test_suppressed_values_are_told_and_not_drawn_as_zero():
    """A cell that the source suppresses says so in the drawing, in words and in the table."""
    drawing = bar_chart([Bar("Perú", 1200), Bar("Haití", None)], "Personas por país", "personas")

    assert "suprimido" in texts(drawing)
    assert "Haití: suprimido" in drawing.alt
    assert drawing.data is not None
    assert "Haití | suprimido" in block_lines(drawing.data)


def test_bars_keep_the_proportion_and_the_order():
    """Half the value, half the bar."""
    drawing = bar_chart([Bar("a", 100), Bar("b", 50)], "x")
    first, second = boxes(drawing)

    assert second["width"] == pytest.approx(first["width"] / 2, abs=0.2)
    assert texts(drawing) == ["a", "100", "b", "50"]


def test_shares_add_up_to_the_whole_bar():
    """The parts fill the width and each says its share."""
    drawing = share_bar([("Mujeres", 5200), ("Hombres", 4800)], "Sexo", "personas")

    assert "Mujeres: 52 % (5.200 personas)" in texts(drawing)
    assert "Hombres: 48 %" in drawing.alt


def test_the_map_of_networks_names_everybody():
    """Forty organisations: all their words are drawn, and the drawing still fits an upright page."""
    drawing = network_map("Oficina de Atención Migrante", FORTY)
    words = " ".join(texts(drawing)).split()

    for _, leaves in FORTY:
        for leaf in leaves:
            assert set(leaf.split()) <= set(words)
    _, _, width, height = map(float, etree.fromstring(drawing.svg).get("viewBox", "").split())
    # Letters of 17 on a sheet 464 points wide: height decides whether they shrink under 7 points.
    assert 17 * min(464 / width, 522 / height) > 6.5


def test_a_group_without_organisations_is_shown_as_such():
    """An empty group is a finding, so it is drawn."""
    drawing = network_map("Oficina", [("Gremios", [])])

    assert "sin organizaciones registradas" in " ".join(texts(drawing))
    assert "Gremios (sin organizaciones registradas)" in drawing.alt


def test_a_full_ring_changes_shape_and_not_only_colour():
    """The tick tells it to who does not see green."""
    assert "<path" in ring(5, 5).svg
    assert "<path" not in ring(4, 5).svg
    assert ring(4, 5, "requisitos mínimos").alt == "4 de 5 requisitos mínimos."


def test_the_calendar_places_periods_by_their_days():
    """Two of four years are half the width; what has no dates says so."""
    rows = [Period("a", date(2027, 1, 1), date(2028, 12, 31)), Period("b", None, None)]
    drawing = gantt(rows, (2027, 2030))

    assert boxes(drawing)[0]["width"] == pytest.approx(350, abs=1)
    assert "sin fechas" in texts(drawing)
    assert "a: ene 2027 – dic 2028" in drawing.alt


def test_quarters_say_their_state_in_words():
    """Silence is a state too."""
    drawing = quarter_line([Quarter("T1 2027", "late"), Quarter("T2 2027", "ahead")], "Reuniones")

    assert {"No realizada", "Por venir"} <= set(texts(drawing))


def test_a_template_writes_a_drawing_as_it_is():
    """`{{ drawing }}` needs no filter: it was judged when made."""
    assert ring(1, 2).__html__().startswith("<svg")
