"""The document model: what it refuses, how it counts, how it is stored, what changed between two versions."""

import json
from datetime import date

import pytest

from acogida.kernel.document import (
    BulletList,
    Cell,
    Document,
    DocumentBuilder,
    DocumentError,
    Figure,
    Footnote,
    Heading,
    Missing,
    NumberedList,
    Paragraph,
    State,
    Text,
    blocks_from_text,
    canonical,
    cell,
    clean,
    diff,
    fingerprint,
    from_json,
    item,
    plain_text,
    stretches,
    table,
    thousands,
    to_json,
)

DRAWING = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10"><rect width="10" height="10"/></svg>'


def new(**facts) -> DocumentBuilder:
    known = {"author": "Municipalidad de Ñuñoa", "kind": "policy", "date": date(2026, 11, 23), **facts}
    return DocumentBuilder("Política Municipal de Migración", **known)


def rich() -> Document:
    doc = new(subtitle="Versión para el concejo", period="2027–2030", notice="Datos de demostración", cover=True)
    doc.h(1, "Introducción")
    doc.p("Uno.\n\n- dos\n- tres\n\n1. cuatro\n2. cinco")
    doc.p("Véase ", Text("el anexo", bold=True, link="#talleres"), Footnote("INE, Censo 2024."), ".")
    doc.h(2, "Cómo se elaboró")
    doc.p_or_missing("", missing="Falta contar cómo se elaboró.", link="/m/nunoa/documento")
    doc.bullets([item("Con sublista", "a", "b")])
    doc.table("Ejes", ["Eje", "Monto"], [["Salud", 1_500_000], ["Total", None]], numeric=[1], total_row=True)
    doc.figure(DRAWING, alt="Un cuadrado", caption="Cuadrado", data=table("Datos", ["x"], [["1"]]))
    doc.note("Cable a tierra", "Con lo que hay.", tone="advice")
    doc.quote("Llegué en 2019.", source="Participante del taller")
    doc.facts([("Fecha", "23 de noviembre"), ("Vacío", "")])
    doc.page_break()
    doc.annex("Talleres")
    doc.signature("Rosa Ñancupil", "Alcaldesa")
    return doc.build()


def test_it_counts_chapters_annexes_tables_and_figures():
    """Numbers belong to the model, so the three papers cannot count differently."""
    doc = new()
    for level, text in (
        (1, "Introducción"),
        (2, "Alcance"),
        (2, "Método"),
        (1, "Diagnóstico"),
        (2, "Cifras"),
    ):
        doc.h(level, text)
    doc.h(1, "Agradecimientos", numbered=False)
    doc.annex("Talleres")
    doc.h(2, "Taller de diagnóstico")
    doc.annex("Encuesta")
    doc.h(2, "Preguntas")

    assert [h.number for h in doc.build().headings] == [
        "1",
        "1.1",
        "1.2",
        "2",
        "2.1",
        "",
        "Anexo A",
        "A.1",
        "Anexo B",
        "B.1",
    ]


def test_two_long_captions_alike_get_two_anchors_that_fit():
    """The number goes within the length of an anchor, never past it."""
    doc = DocumentBuilder("Constancia", author="Municipalidad", kind="receipt", date=date(2026, 11, 23))
    anchors = [
        doc.table(
            "Firma de alguien con un nombre tan largo que no cabe en un ancla corta", ["A"], [["1"]], numbered=False
        )
        for _ in range(2)
    ]

    doc.build()

    assert len(set(anchors)) == 2
    assert max(map(len, anchors)) <= 60


def test_two_headings_with_one_name_get_two_anchors():
    """A link reaches one place only."""
    doc = new()
    first, second = doc.h(1, "Señal Única"), doc.h(1, "Señal única")

    assert (first, second) == ("senal-unica", "senal-unica-2")


def test_it_is_stored_and_read_back_exactly():
    """What was frozen reads back equal, with the same bytes and the same fingerprint."""
    document = rich()

    again = from_json(json.loads(json.dumps(to_json(document))))

    assert again == document
    assert canonical(again) == canonical(document)
    assert fingerprint(again) == fingerprint(document)


def test_the_fingerprint_follows_every_letter():
    """One changed accent is another document."""
    one, other = new(), new()
    one.p("Migración")
    other.p("Migracion")

    assert fingerprint(one.build()) != fingerprint(other.build())


@pytest.mark.parametrize(
    "spoil",
    [
        lambda data: data.update(schema=99),
        lambda data: data.pop("title"),
        lambda data: data.update(date="ayer"),
        lambda data: data.update(unknown=1),
        lambda data: data["blocks"].append({"type": "html", "text": "<b>"}),
        lambda data: data["blocks"].append({"type": "paragraph", "words": []}),
    ],
)
def test_what_is_not_a_stored_document_is_refused(spoil):
    """A spoiled stored form is refused, not guessed."""
    data = to_json(rich())
    spoil(data)

    with pytest.raises(DocumentError):
        from_json(data)


def test_text_becomes_paragraphs_and_lists():
    """Blank lines part paragraphs, dashes and counts make lists, one line feed is a line break."""
    blocks = blocks_from_text("Uno\nsigue\n\nDos\n- a\n  - a1\n\n- b\n1. x\n2) y\nFin")

    assert blocks == (
        Paragraph((Text("Uno\nsigue"),)),
        Paragraph((Text("Dos"),)),
        BulletList((item("a", "a1"), item("b"))),
        NumberedList((item("x"), item("y"))),
        Paragraph((Text("Fin"),)),
    )


def test_a_number_that_does_not_count_stays_as_typed():
    """«3) …» alone is not a list, for renumbering it would change what was written."""
    assert blocks_from_text("3) Tercero") == (Paragraph((Text("3) Tercero"),)),)
    assert blocks_from_text("2026. Año de la Política") == (Paragraph((Text("2026. Año de la Política"),)),)


def test_text_is_cleaned_of_what_no_paper_carries():
    """Control characters, lone surrogates and reading-order tricks go; letters stay, composed."""
    assert clean("a\x00b\x1bc\ud800d\u202ee\r\nf\tg\ufffe") == "abcde\nf g"
    assert clean("n\u0303andu\u0301") == "ñandú"
    assert clean("Küme mongen · Kreyòl · ʼ «sí» – 50 % €") == "Küme mongen · Kreyòl · ʼ «sí» – 50 % €"


def test_uncleaned_text_is_refused():
    """A block made by hand with control characters does not enter a document."""
    with pytest.raises(DocumentError):
        Document(
            title="x",
            author="y",
            kind="act",
            date=date(2026, 1, 1),
            blocks=(Paragraph((Text("a\x0bb"),)),),
        )


def test_markup_typed_by_people_stays_text():
    """Nothing typed is read: the runs hold the very characters."""
    typed = "#let x = 1 {{ 7*7 }} <script>alert(1)</script> $x$ \\textbf{a} *no* _no_"
    doc = new()
    doc.p(typed)

    assert doc.build().blocks == (Paragraph((Text(typed),)),)


@pytest.mark.parametrize(
    "link",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "//evil.example",
        "/local",
        "file:///etc/passwd",
        "https://a b",
        "https:",
        "#",
    ],
)
def test_links_that_are_not_addresses_are_refused(link):
    """Only web, mail and telephone addresses, and places of this same document."""
    with pytest.raises(DocumentError):
        Text("x", link=link)


def test_a_note_of_what_is_missing_may_point_inside_the_platform():
    """The page where it is written is a page of this site."""
    assert Missing("Falta la visión", "/m/temuco/documento#vision").link.startswith("/m/")
    with pytest.raises(DocumentError):
        Missing("Falta", "//evil.example/x")


def test_a_figure_without_words_is_refused():
    """Whoever cannot see the drawing gets the same news."""
    with pytest.raises(DocumentError):
        Figure(DRAWING, alt=" ", caption="Red")


@pytest.mark.parametrize(
    "inside",
    [
        "<script>alert(1)</script>",
        '<rect onclick="alert(1)"/>',
        '<rect style="fill:red"/>',
        "<style>*{}</style>",
        '<image href="https://x.cl/a.png"/>',
        '<a href="https://x.cl"><text>x</text></a>',
        "<foreignObject/>",
        '<rect fill="url(https://x.cl)"/>',
        "<!-- c -->",
        "<rect>",
        '<p xmlns="http://www.w3.org/1999/xhtml"/>',
    ],
)
def test_a_drawing_that_does_more_than_draw_is_refused(inside):
    """Drawings enter pages as they are, so they may carry neither code nor fetches nor inline style."""
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1">{inside}</svg>'
    with pytest.raises(DocumentError):
        Figure(svg, alt="a", caption="c")


def test_a_skipped_heading_level_is_refused():
    """PDF/UA asks for headings that descend one step at a time."""
    doc = new()
    doc.h(1, "Uno")
    doc.h(3, "Tres")

    with pytest.raises(DocumentError):
        doc.build()


def test_a_table_with_ragged_rows_is_refused():
    """Every row has as many cells as the head."""
    with pytest.raises(DocumentError):
        table("Ejes", ["a", "b"], [["1"]])


def test_only_drafts_show_what_is_missing():
    """A frozen version prints nothing of what it lacked."""
    document = rich()
    frozen = from_json({**to_json(document), "state": "frozen"})

    assert document.missing[0].text == "Falta contar cómo se elaboró."
    assert any(isinstance(block, Missing) for block in document.visible)
    assert not any(isinstance(block, Missing) for block in frozen.visible)
    assert frozen.state is State.FROZEN
    assert "Falta contar" not in plain_text(document)


def test_a_wide_table_takes_its_title_along():
    """The heading right above, and one paragraph between, lie down with the table."""
    doc = new()
    doc.h(1, "Planificación")
    doc.p("Antes.")
    doc.h(2, "Iniciativas")
    doc.p("La matriz.")
    doc.table("Matriz", ["a"], [["1"]], landscape=True)
    doc.p("Después.")

    parts = stretches(doc.build())

    assert [part.landscape for part in parts] == [False, True, False]
    assert parts[1].blocks[0] == Heading(2, "Iniciativas", "1.1", "iniciativas")


def test_numbers_in_cells_are_written_as_in_chile():
    """Point for thousands, comma for decimals."""
    assert cell(1_234_567) == Cell((Paragraph((Text("1.234.567"),)),))
    assert [thousands(n) for n in (0, 12.5, 1000.0, -1500, 1234.567)] == [
        "0",
        "12,5",
        "1.000",
        "-1.500",
        "1.234,57",
    ]
    assert cell(None) == Cell()


def test_versions_are_compared_by_heading():
    """A chapter put in between does not make the rest look rewritten; words tell what changed."""
    old, new_ = new(), new()
    old.h(1, "Introducción")
    old.p("La comuna recibe a personas de diez países.\n\nEste párrafo se va.")
    old.h(1, "Objetivos")
    old.p("Promover la inclusión.")
    new_.h(1, "Introducción")
    new_.p("La comuna recibe a personas de doce países.")
    new_.h(1, "Diagnóstico")
    new_.p("Nuevo capítulo.")
    new_.h(1, "Objetivos")
    new_.p("Promover la inclusión.")

    sections = diff(old.build(), new_.build())

    assert [(part.kind, part.heading) for part in sections] == [
        ("changed", "1 Introducción"),
        ("added", "2 Diagnóstico"),
    ]
    changed, removed = sections[0].changes
    assert changed.kind == "changed"
    assert [(word.kind, word.text) for word in changed.words if word.kind != "kept"] == [
        ("removed", "diez"),
        ("added", "doce"),
    ]
    assert (removed.kind, removed.old) == ("removed", "Este párrafo se va.")


def test_a_renamed_chapter_is_told_as_renamed():
    """Same content under another title is one change, not a loss and a gain."""
    old, new_ = new(), new()
    old.h(1, "Objetivos")
    old.p("Promover la inclusión de las personas migrantes en la comuna.")
    new_.h(1, "Objetivos de la Política")
    new_.p("Promover la inclusión de las personas migrantes en la comuna.")

    (section,) = diff(old.build(), new_.build())

    assert section.kind == "changed"
    assert [(change.old, change.new) for change in section.changes] == [("1 Objetivos", "1 Objetivos de la Política")]


def test_equal_versions_do_not_differ():
    """Nothing changed, nothing told."""
    assert diff(rich(), rich()) == ()
