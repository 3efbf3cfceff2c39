"""The guide's files: complete, and refused whole when one line of them is wrong."""

import shutil
from collections.abc import Iterator, Mapping
from itertools import chain
from pathlib import Path
from typing import NamedTuple

import pytest

from acogida.features.methodology.guide import (
    UnknownVersion,
    WrongGuide,
    available_versions,
    guide_folder,
    load_guide,
)
from acogida.features.methodology.model import Area, Guide, Level, StageKey, State

CATALOGUE = Path(__file__).resolve().parents[2] / "catalogue"

ROWS_OF_THE_GUIDE: Mapping[str, int] = {
    "GEN": 19,
    "DIM": 8,
    "PREP-0": 3,
    "PREP-1.1": 11,
    "PREP-1.2": 33,
    "DIAG-0": 2,
    "DIAG-2.1": 18,
    "DIAG-2.2": 10,
    "DIAG-2.3": 12,
    "DIAG-2.4": 12,
    "PLAN-0": 2,
    "PLAN-3.1": 13,
    "PLAN-3.2": 9,
    "VAL-0": 1,
    "VAL-4.1": 3,
    "VAL-4.2": 17,
    "VAL-4.3": 7,
    "VAL-4.4": 14,
    "IMPL-5.1": 7,
    "IMPL-5.2": 12,
    "IMPL-5.3": 13,
    "IMPL-5.4": 21,
    "HERR-1.1": 12,
    "HERR-2": 12,
    "HERR-3.1": 10,
    "HERR-3.2": 13,
    "HERR-3.3": 18,
    "HERR-3.4": 8,
    "HERR-4.1": 5,
    "HERR-4.2": 22,
    "HERR-4.3": 2,
    "HERR-4.4": 11,
}
SECTIONS_OF_THE_POLICY = (
    "0",
    "1.1",
    "1.2",
    "2.1",
    "2.2",
    "2.3",
    "3.1",
    "3.2",
    "4.1",
    "4.2",
    "5.1",
    "5.2",
    "6.1",
    "7.1",
)

# Of each gate: what it closes, the groups it needs, its ideal, and the rows that hold it without being asked
# (guide, «¿Qué necesito para avanzar?»).
GATES_OF_THE_GUIDE: Mapping[str, tuple[str, str, str, str]] = {
    "GATE-1.1": ("1.1", "PREP-1.1-10", "PREP-1.1-11", ""),
    "GATE-1.2": ("1.2", "PREP-1.2-01", "PREP-1.2-02", ""),
    "GATE-2.1": ("2.1", "DIAG-2.1-05 DIAG-2.1-12 DIAG-2.1-18", "", ""),
    "GATE-2.2": ("2.2", "DIAG-2.2-02 DIAG-2.2-03", "", ""),
    "GATE-2.3": ("2.3", "DIAG-2.3-07 DIAG-2.3-08", "HERR-3.3-02 HERR-3.3-03", "DIAG-2.3-01"),  # ideal by reading AMB-03
    "GATE-2.4": ("2.4", "DIAG-2.4-07 DIAG-2.4-08", "", ""),
    "GATE-3.1a": ("", "PLAN-3.1-05 PLAN-3.1-06", "", ""),
    "GATE-3.1b": ("3.1", "PLAN-3.1-12 PLAN-3.1-13", "", ""),
    "GATE-3.2": ("3.2", "PLAN-3.2-05 PLAN-3.2-06", "", ""),
    "GATE-4.1-3": (
        "4.1 4.2 4.3",
        "VAL-4.1-02|VAL-4.1-03 VAL-4.3-02 VAL-4.3-03 VAL-4.3-04",
        "VAL-4.2-10 VAL-4.3-05 VAL-4.3-06",
        "",
    ),
    "GATE-4.4": ("4.4", "VAL-4.4-11 VAL-4.4-12 VAL-4.4-13", "", "VAL-4.4-01"),
    "GATE-5.1": ("5.1", "", "", "IMPL-5.1-01"),
    "GATE-5.2": ("5.2", "", "", "IMPL-5.1-05 IMPL-5.2-03"),
    "GATE-5.3": ("5.3", "IMPL-5.3-12 IMPL-5.3-13", "", ""),
    "GATE-5.4": ("5.4", "IMPL-5.4-20 IMPL-5.4-21", "", ""),
}


@pytest.fixture(scope="module")
def guide() -> Guide:
    return load_guide(guide_folder(CATALOGUE, "2025.04"))


def ids_of_the_guide() -> Iterator[str]:
    for prefix, count in ROWS_OF_THE_GUIDE.items():
        width = 1 if prefix == "DIM" else 2
        yield from (f"{prefix}-{number:0{width}}" for number in range(1, count + 1))
    yield from (f"IDX-{section}" for section in SECTIONS_OF_THE_POLICY)


def numbered(prefix: str, count: int) -> list[str]:
    return [f"{prefix}-{number:02}" for number in range(1, count + 1)]


# What the guide says is all here


def test_the_rows_are_the_374_of_the_guide_in_its_order(guide: Guide) -> None:
    """No requirement of the guide is missing, invented or told twice."""
    ids = [row.id for row in guide.rows]

    assert len(ids) == len(set(ids)) == 374
    assert set(ids) == set(ids_of_the_guide())
    assert ids == list(ids_of_the_guide())


def test_every_row_sits_in_the_part_its_id_names(guide: Guide) -> None:
    """A row's prefix and number agree with its stage and step."""
    stages = {
        "GEN": StageKey.FRAMEWORK,
        "DIM": StageKey.FRAMEWORK,
        "PREP": StageKey.PREPARATION,
        "DIAG": StageKey.DIAGNOSIS,
        "PLAN": StageKey.PLANNING,
        "VAL": StageKey.VALIDATION,
        "IMPL": StageKey.IMPLEMENTATION,
        "HERR": StageKey.TOOLS,
        "IDX": StageKey.DOCUMENT,
    }
    for row in guide.rows:
        prefix, number = row.id.split("-")[:2]
        assert row.stage is stages[prefix], row.id
        if prefix in ("PREP", "DIAG", "PLAN", "VAL", "IMPL"):
            assert row.step == (None if number == "0" else number), row.id
        if prefix in ("HERR", "IDX"):
            assert row.step is not None, row.id


def test_no_two_rows_say_the_same(guide: Guide) -> None:
    """Each row has its own text, written as a sentence or a question."""
    texts = [row.text for row in guide.rows]

    assert len(set(texts)) == len(texts)
    assert [text for text in texts if not text.endswith((".", "?", ")"))] == []
    questions = [row for row in guide.rows if row.level is Level.GUIDING_QUESTION]
    assert [row.id for row in questions if "?" not in row.text] == []


def test_the_gates_are_those_of_the_guide(guide: Guide) -> None:
    """Each gate closes, needs and shows as ideal what the guide's lists name, as Acogida reads them."""
    found = {
        gate.id: (
            " ".join(gate.closes),
            " ".join("|".join(group) for group in (*gate.minimum, *gate.required)),
            " ".join(gate.ideal),
            " ".join(row for row in gate.rows if row not in gate.asks),
        )
        for gate in guide.gates
    }

    assert found == GATES_OF_THE_GUIDE
    assert all(set(gate.asks) <= set(gate.rows) for gate in guide.gates)


def test_every_step_is_closed_by_one_gate(guide: Guide) -> None:
    """No step lacks a gate and none has two; only the planning workshop has one to be convened."""
    closed = [step for gate in guide.gates for step in gate.closes]

    assert closed == [step.key for step in guide.steps]
    assert [(gate.id, gate.convenes) for gate in guide.gates if gate.convenes] == [("GATE-3.1a", "3.1")]


def test_a_gate_asks_with_the_strength_the_guide_gives(guide: Guide) -> None:
    """«Mínimo» rows stand in minimum, «Ideal» in ideal and the lists to advance in required."""
    for gate in guide.gates:
        # GATE-2.3 shows as ideal the two workshops that the guide recommends (reading AMB-03).
        strengths = {Level.RECOMMENDATION} if gate.id == "GATE-2.3" else {Level.IDEAL}
        assert {guide.row(row).level for row in gate.ideal} <= strengths, gate.id
        assert {guide.row(row).level for group in gate.required for row in group} <= {Level.ADVANCE}, gate.id
        for group in gate.minimum:
            assert guide.row(group[0]).level is Level.MINIMUM, gate.id


def test_what_is_missing_is_said_with_the_button_that_does_it(guide: Guide) -> None:
    """Rows of a gate or with a fact say what is missing in a sentence, and offer a verb for it."""
    in_gates = {row for gate in guide.gates for row in gate.asks}
    telling = [row for row in guide.rows if row.id in in_gates or row.satisfied_by.fact is not None]

    for row in telling:
        missing, verb = row.missing or "", (row.action or "").partition(" ")[0]
        assert missing.startswith(("Falta ", "Faltan ")), row.id
        assert missing.endswith("."), row.id
        assert verb.endswith(("ar", "er", "ir")), row.id
    assert {row.satisfied_by.state for row in telling if row.satisfied_by.fact is None} == {State.PLANNED}


def test_a_wait_between_gates_follows_the_order_of_the_guide(guide: Guide) -> None:
    """A gate waits only for gates that come before it."""
    order = [gate.id for gate in guide.gates]

    for gate in guide.gates:
        assert all(order.index(each) < order.index(gate.id) for each in gate.before), gate.id


def test_the_consolidated_views_are_complete(guide: Guide) -> None:
    """Roles, templates, rhythms, restrictions, documents and readings are all those of the guide."""
    assert sorted({role.guide_id for role in guide.roles if role.guide_id}) == numbered("ROL", 24)
    assert [each.id for each in guide.templates] == numbered("TPL", 25)
    assert [each.id for each in guide.cadences] == numbered("CAD", 14)
    assert [each.id for each in guide.restrictions] == numbered("RES", 16)
    assert [each.id for each in guide.documents] == numbered("DOC", 16)
    assert [each.id for each in guide.readings] == numbered("AMB", 27)
    assert [stage.number for stage in guide.stages] == [1, 2, 3, 4, 5]
    assert len(guide.steps) == 16


def test_the_forms_of_the_guide_keep_their_fields(guide: Guide) -> None:
    """The templates with a fixed count of fields or of minutes keep it."""
    counts = {
        each: len(guide.template(each).fields) for each in ("TPL-08", "TPL-14", "TPL-15", "TPL-16", "TPL-20", "TPL-21")
    }
    agendas = {each: [field.minutes for field in guide.template(each).fields] for each in ("TPL-08", "TPL-14")}

    assert counts == {"TPL-08": 6, "TPL-14": 4, "TPL-15": 7, "TPL-16": 9, "TPL-20": 16, "TPL-21": 5}
    assert agendas == {"TPL-08": [10, 25, 10, 25, 10, 10], "TPL-14": [10, 40, 30, 10]}
    chapters = dict.fromkeys(field.group for field in guide.template("TPL-18").fields)
    assert len(chapters) == 7


def test_dimensions_axes_and_words_are_those_of_the_guide(guide: Guide) -> None:
    """Eight dimensions, six axes, the nine concepts of Table 1 and one word for each thing we plan."""
    assert [each.id for each in guide.dimensions] == [f"DIM-{number}" for number in range(1, 9)]
    assert [each.row for each in guide.suggested_axes] == [f"HERR-4.2-{number:02}" for number in range(4, 10)]
    terms = [term.term for term in guide.glossary]
    assert len(set(terms)) == len(terms)
    assert sum(term.group == "concept" for term in guide.glossary) == 9
    assert {"Eje", "Objetivo general", "Objetivo específico", "Estrategia", "Iniciativa", "Acción"} <= set(terms)


def test_no_municipality_or_region_regularises(guide: Guide) -> None:
    """The table has four levels by four areas, and regularisation belongs to the two national levels only."""
    cells = {level.key: {each.area: bool(each.does) for each in level.functions} for level in guide.competences.levels}

    assert all(set(areas) == set(Area) for areas in cells.values())
    assert {key for key, areas in cells.items() if areas[Area.REGULARISATION]} == {
        "sermig",
        "interior_ministry",
    }
    assert guide.competences.levels[0].functions_in(Area.REGULARISATION) == ()
    assert len(guide.competences.levels[0].functions_in(Area.ASSISTANCE)) == 3


# Asking the guide


def test_a_step_is_told_apart_from_its_tools(guide: Guide) -> None:
    """A step's page gets what the step asks, its pilot's advice and its questions, and the tools aside."""
    assert [row.id for row in guide.rows_of("1.1")] == numbered("PREP-1.1", 11)
    assert [row.id for row in guide.tips_of("1.2")] == ["PREP-1.2-19", "PREP-1.2-31"]
    assert [row.id for row in guide.questions_of("2.2")] == ["DIAG-2.2-08", "DIAG-2.2-09", "DIAG-2.2-10"]
    assert {row.stage for row in guide.tools_of("2.3")} == {StageKey.TOOLS}
    assert {row.stage for row in guide.rows_of("2.3")} == {StageKey.DIAGNOSIS}


def test_a_stage_knows_its_steps_gates_and_readings(guide: Guide) -> None:
    """Pages find by stage and step what they show, the gate that lets the workshop be convened included."""
    assert [step.key for step in guide.steps_of("planning")] == ["3.1", "3.2"]
    assert [gate.id for gate in guide.gates_of("planning")] == ["GATE-3.1a", "GATE-3.1b", "GATE-3.2"]
    assert [gate.id for gate in guide.gates_of_step("3.1")] == ["GATE-3.1a", "GATE-3.1b"]
    assert [gate.id for gate in guide.gates_of_step("4.2")] == ["GATE-4.1-3"]
    assert [reading.id for reading in guide.readings_of("2.3")] == ["AMB-03", "AMB-25"]
    assert len(guide.rows_of_stage("preparation")) == 47


def test_each_thing_is_found_by_its_own_identifier(guide: Guide) -> None:
    """Lookups answer with the thing asked for, and refuse what does not exist."""
    assert guide.row("GEN-01").id == "GEN-01"
    assert guide.gate("GATE-4.4").title == "Difusión de la Política"
    assert guide.role("mayor").guide_id == "ROL-01"
    assert guide.step("2.3").stage == guide.stage("diagnosis").key
    assert guide.template("TPL-16").step == "3.2"
    assert guide.dimension("dim_5").short == "Trabajo y economía"
    with pytest.raises(KeyError):
        guide.row("PREP-1.1-99")


# Finding a version


def test_a_version_is_found_under_the_catalogue(tmp_path: Path) -> None:
    """Only folders that hold a guide are versions; any other name, a path among them, is refused."""
    for name in ("2026.01", "2025.04"):
        (tmp_path / "methodology" / name).mkdir(parents=True)
        (tmp_path / "methodology" / name / "guide.yaml").touch()
    (tmp_path / "methodology" / "draft").mkdir()

    assert available_versions(tmp_path) == ("2025.04", "2026.01")
    assert guide_folder(tmp_path, "2026.01") == tmp_path / "methodology" / "2026.01"
    for strange in ("draft", "../methodology/2025.04", ""):
        with pytest.raises(UnknownVersion):
            guide_folder(tmp_path, strange)


# A wrong file is refused


class Fault(NamedTuple):
    """One wrong line: the first `before` becomes `after`, and the refusal names the line with `at`."""

    name: str
    file: str
    before: str
    after: str
    at: str
    reason: str


PROOF = "tests/bodies/test_teams.py::test_two_people_make_a_team_and_an_instance_that_existed_serves"
ROW = "rows/preparation.yaml"
HEAD = "guide.yaml"


FAULTS = (
    Fault("unknown key", ROW, "  topic: ", "  tema: ", "tema: ", "la clave «tema» no se conoce"),
    Fault(
        "missing key",
        ROW,
        '  evidence: "Compromiso formalizado"\n',
        "",
        "PREP-0-01",
        "falta la clave «evidence»",
    ),
    Fault(
        "unknown value of an enum",
        ROW,
        "level: rule",
        "level: strong",
        "level: strong",
        "«level» no puede ser «strong»",
    ),
    Fault(
        "duplicated id",
        ROW,
        "id: PREP-0-02",
        'id: "PREP-0-01"',
        'id: "PREP-0-01"',
        "«PREP-0-01» ya está en preparation.yaml",
    ),
    Fault(
        "duplicated id across files",
        ROW,
        "id: PREP-0-02",
        "id: GEN-01",
        "GEN-01",
        "«GEN-01» ya está en framework.yaml",
    ),
    Fault("unknown role", ROW, "who: [municipality]", "who: [sheriff]", "sheriff", "no existe el rol «sheriff»"),
    Fault(
        "unknown fact",
        ROW,
        "fact: acts.letter_drafted",
        "fact: acts.letter",
        "fact: acts.letter,",
        "no se conoce hecho «acts.letter»",
    ),
    Fault(
        "unknown screen",
        ROW,
        "screen: equipos,",
        "screen: equipo,",
        "screen: equipo,",
        "no se conoce pantalla «equipo»",
    ),
    Fault("unknown step", ROW, 'step: "1.1"', 'step: "1.9"', 'step: "1.9"', "no existe el paso «1.9»"),
    Fault("a number where a text goes", ROW, 'step: "1.1"', "step: 1.1", "step: 1.1", "«step» es un texto"),
    Fault(
        "a boolean said otherwise",
        ROW,
        "inferred: false",
        "inferred: no",
        "inferred: no",
        "«inferred» es true o false",
    ),
    Fault(
        "one where a list goes",
        ROW,
        "who: [municipality]",
        "who: municipality",
        "who: municipality",
        "«who» es una lista",
    ),
    Fault(
        "the same twice in a list",
        ROW,
        "who: [authorities]",
        "who: [mayor, mayor]",
        "who: [mayor, mayor]",
        "«mayor» está repetido",
    ),
    Fault(
        "a key twice",
        ROW,
        "  inferred: false\n",
        "  inferred: false\n  inferred: true\n",
        "inferred: true",
        "«inferred» está dos veces",
    ),
    Fault("an empty text", ROW, '"Compromiso formalizado"', '" "', 'evidence: " "', "«evidence» está vacío"),
    Fault("not YAML", ROW, "inferred: false", "inferred: @false", "@false", "no es YAML válido"),
    Fault(
        "a step of another stage",
        ROW,
        'step: "1.1"',
        'step: "2.1"',
        "PREP-1.1-01",
        "su paso 2.1 es de otra etapa",
    ),
    Fault(
        "a row nobody satisfies",
        ROW,
        'kind: artefact, fact: acts.letter_signed_by_mayor, how: "La carta',
        'fact: acts.letter_signed_by_mayor, how: "La carta',
        "PREP-0-01",
        "no dice de qué forma se satisface",
    ),
    Fault(
        "a row without a screen",
        ROW,
        "{screen: equipos, kind: record, fact: bodies.executive_team,",
        "{kind: record, fact: bodies.executive_team,",
        "PREP-0-02",
        "no nombra la pantalla",
    ),
    Fault(
        "live without proof",
        ROW,
        f', state: live, proof: "{PROOF}"',
        ", state: live",
        "PREP-0-02",
        "no nombra la prueba",
    ),
    Fault(
        "a proof of nothing live",
        ROW,
        f', state: live, proof: "{PROOF}"',
        ", proof: tests/x.py",
        "PREP-0-02",
        "no dice estar viva",
    ),
    Fault(
        "a fact without its button",
        ROW,
        '  action: "Subir carta firmada"\n',
        "",
        "PREP-0-01",
        "nombra un hecho y no trae qué decir",
    ),
    Fault(
        "a gate's row without its button",
        "rows/implementation.yaml",
        '  action: "Preparar reporte anual"\n',
        "",
        "IMPL-5.3-12",
        "no trae missing o action",
    ),
    Fault(
        "a gate's row without a fact",
        ROW,
        "kind: artefact, fact: acts.letter_signed_by_councillors",
        "kind: artefact",
        "PREP-1.1-11",
        "no nombra un hecho",
    ),
    Fault(
        "a gate over an unknown row",
        HEAD,
        "minimum: [[PREP-1.1-10]]",
        "minimum: [[PREP-1.1-90]]",
        "[[PREP-1.1-90]]",
        "no existe la fila «PREP-1.1-90»",
    ),
    Fault(
        "a gate without groups",
        HEAD,
        "minimum: [[PREP-1.1-10]]",
        "minimum: [PREP-1.1-10]",
        "minimum: [PREP-1.1-10]",
        "«minimum» es una lista",
    ),
    Fault(
        "an unknown gate",
        HEAD,
        "before: [GATE-4.1-3]",
        "before: [GATE-9]",
        "[GATE-9]",
        "no existe la puerta «GATE-9»",
    ),
    Fault(
        "gates in a circle",
        HEAD,
        "    before: []",
        "    before: [GATE-2.3]",
        "id: GATE-1.1",
        "la puerta GATE-1.1 se espera a sí misma",
    ),
    Fault(
        "a gate to nowhere",
        HEAD,
        '    convenes: "3.1"\n',
        "",
        "id: GATE-3.1a",
        "no cierra ni convoca ningún paso",
    ),
    Fault(
        "a field twice in a template",
        HEAD,
        "{key: needs, label",
        "{key: objectives, label",
        '{key: objectives, label: "Nec',
        "«objectives» está repetido",
    ),
    Fault(
        "a word where a number goes",
        HEAD,
        "minutes: 25",
        "minutes: some",
        "minutes: some",
        "«minutes» es un número entero",
    ),
    Fault(
        "another version's folder",
        HEAD,
        'version: "2025.04"',
        'version: "2026.01"',
        "version:",
        "está en la carpeta 2025.04",
    ),
)


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_a_wrong_line_is_refused_with_its_file_and_reason(tmp_path: Path, fault: Fault) -> None:
    """One wrong line refuses the whole guide, and the sentence says in which file, on which line and why."""
    folder = tmp_path / "2025.04"
    shutil.copytree(CATALOGUE / "methodology" / "2025.04", folder)
    right = (folder / fault.file).read_text(encoding="utf-8")
    assert fault.before in right
    wrong = right.replace(fault.before, fault.after, 1)
    (folder / fault.file).write_text(wrong, encoding="utf-8")

    with pytest.raises(WrongGuide) as refused:
        load_guide(folder)

    assert refused.value.file == folder / fault.file
    assert fault.reason in refused.value.reason
    assert str(refused.value) == f"{folder / fault.file}, línea {refused.value.line}: {refused.value.reason}."
    assert refused.value.line == next(n for n, text in enumerate(wrong.splitlines(), start=1) if fault.at in text)


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("rows/tools.yaml", None, "el archivo no existe"),
        ("rows/tools.yaml", "", "el archivo está vacío"),
        ("rows/tools.yaml", "just words\n", "«rows» es una lista"),
        ("rows/extra.yaml", "[]\n", "no es un archivo de filas"),
        ("guide.yaml", "- a list\n", "aquí va un registro"),
    ],
)
def test_a_folder_with_a_wrong_file_is_refused(tmp_path: Path, name: str, content: str | None, reason: str) -> None:
    """A file that is absent, empty, of another shape or not of the guide refuses the whole folder."""
    folder = tmp_path / "2025.04"
    shutil.copytree(CATALOGUE / "methodology" / "2025.04", folder)
    if content is None:
        (folder / name).unlink()
    else:
        (folder / name).write_text(content, encoding="utf-8")

    with pytest.raises(WrongGuide, match=reason) as refused:
        load_guide(folder)

    assert refused.value.file == folder / name


def test_every_published_version_is_right() -> None:
    """Whatever version the catalogue offers can be loaded and has rows for its five stages."""
    versions = available_versions(CATALOGUE)

    assert "2025.04" in versions
    for version in versions:
        guide = load_guide(guide_folder(CATALOGUE, version))
        assert {stage.key for stage in guide.stages} == {
            stage for stage in StageKey if stage not in (StageKey.FRAMEWORK, StageKey.TOOLS, StageKey.DOCUMENT)
        }
        assert all(chain(guide.rows_of_stage(stage.key) for stage in guide.stages))
