"""The guide as typed facts: rows, gates, roles, templates and the words around them.

Everything here is frozen and knows no file and no database. The data are in `catalogue/methodology/` and are
read by `guide.load_guide`, which refuses whatever does not fit these records. A field typed with one of the
named identifiers (`RowId`, `StepKey`, ...) is checked to point at something that exists.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import NewType

RowId = NewType("RowId", str)
StepKey = NewType("StepKey", str)
RoleKey = NewType("RoleKey", str)
GateId = NewType("GateId", str)
FactKey = NewType("FactKey", str)
Screen = NewType("Screen", str)

FACTS: frozenset[str] = frozenset(
    (
        "acts.letter_drafted",
        "acts.letter_signed_by_mayor",
        "acts.letter_signed_by_councillors",
        "acts.concejo_agreement",
        "acts.project_document",
        "acts.mayor_approval",
        "acts.concejo_vote",
        "acts.decree",
        "bodies.executive_team",
        "bodies.executive_president",
        "bodies.executive_secretary",
        "bodies.executive_chief",
        "bodies.extended_team",
        "bodies.mesa",
        "bodies.information_meeting",
        "bodies.awareness_meeting",
        "bodies.extended_validation",
        "bodies.internal_validations",
        "bodies.mesa_first_session",
        "bodies.concejo_presentation",
        "bodies.concejo_feedback",
        "bodies.coordination_meeting",
        "bodies.follow_up_meeting",
        "bodies.actors_mapped",
        "diagnosis.sources_reviewed",
        "diagnosis.municipal_sources",
        "diagnosis.units_identified",
        "diagnosis.services_registered",
        "diagnosis.networks_mapped",
        "diagnosis.decision_recorded",
        "diagnosis.instruments_applied",
        "diagnosis.findings_consolidated",
        "diagnosis.claims_backed",
        "diagnosis.report_frozen",
        "workshops.diagnosis_held",
        "workshops.diagnosis_recorded",
        "workshops.diagnosis_officials",
        "workshops.diagnosis_users",
        "workshops.planning_held",
        "workshops.planning_systematised",
        "initiatives.vision",
        "initiatives.general_objective",
        "initiatives.specific_objectives",
        "initiatives.axes",
        "initiatives.proposal",
        "initiatives.listed",
        "initiatives.complete",
        "initiatives.reviewed",
        "initiatives.no_gaps",
        "policies.first_version",
        "policies.final_version",
        "policies.approved_version",
        "policies.executive_summary",
        "policies.published",
        "diffusion.launch",
        "diffusion.delivered",
        "diffusion.on_platforms",
        "diffusion.impact_message",
        "monitoring.started",
        "monitoring.action_plan",
        "monitoring.two_instances",
        "monitoring.updates",
        "monitoring.vigencia",
        "monitoring.annual_report",
        "monitoring.evaluation_session",
        "monitoring.review_recorded",
        "monitoring.policy_updated",
    )
)
"""Every fact a row may lean on. Each is true or false for one municipality, evaluated from what exists."""

SCREENS: frozenset[str] = frozenset(
    (
        # Inside a municipality's workspace; the empty one is the tablero.
        "",
        "etapas/preparation",
        "etapas/diagnosis",
        "etapas/planning",
        "etapas/validation",
        "etapas/implementation",
        "preparacion/carta",
        "preparacion/proyecto",
        "equipos",
        "equipos/ejecutivo",
        "equipos/ampliado",
        "equipos/mesa",
        "sesiones",
        "personas",
        "diagnostico/fuentes",
        "diagnostico/servicios",
        "diagnostico/redes",
        "diagnostico/informacion-adicional",
        "talleres",
        "diagnostico/hallazgos",
        "diagnostico/informe",
        "planificacion/vision",
        "planificacion/objetivos",
        "planificacion/ejes",
        "iniciativas",
        "planificacion/revision",
        "buenas-practicas",
        "validacion",
        "validacion/observaciones",
        "validacion/aprobacion",
        "difusion",
        "documento",
        "documento/versiones",
        "seguimiento",
        "seguimiento/plan",
        "archivo",
        "actividad",
        # Public pages.
        "/guia",
        "/guia/glosario",
        "/guia/competencias",
        "/comunas/<cut>",
        "/politicas",
    )
)
"""Every screen a row may name: relative to `/m/<slug>/` in a workspace, from the root when public."""


class StageKey(StrEnum):
    """The part of the guide a row belongs to: its frame, one of five stages, its tools or its index."""

    FRAMEWORK = "framework"
    PREPARATION = "preparation"
    DIAGNOSIS = "diagnosis"
    PLANNING = "planning"
    VALIDATION = "validation"
    IMPLEMENTATION = "implementation"
    TOOLS = "tools"
    DOCUMENT = "document"


class Level(StrEnum):
    """How strongly the guide asks for a row."""

    MINIMUM = "minimum"
    IDEAL = "ideal"
    ADVANCE = "advance"
    RULE = "rule"
    RECOMMENDATION = "recommendation"
    GROUND_TIP = "ground_tip"
    GUIDING_QUESTION = "guiding_question"
    TEMPLATE = "template"
    RESTRICTION = "restriction"


class Kind(StrEnum):
    """In what form a screen satisfies a row: a thing kept, a mark, words shown, a permission enforced."""

    ARTEFACT = "artefact"
    RECORD = "record"
    CHECK = "check"
    FIELD = "field"
    DOCUMENT = "document"
    TEXT = "text"
    RIGHT = "right"


class State(StrEnum):
    """Live: a test proves it. Planned: no screen does it yet. A row with neither is not yet proven."""

    LIVE = "live"
    PLANNED = "planned"


class Force(StrEnum):
    """How binding a rhythm of the guide is; `external` comes from another instrument or law."""

    RULE = "rule"
    RECOMMENDATION = "recommendation"
    RESTRICTION = "restriction"
    EXTERNAL = "external"


class TermGroup(StrEnum):
    """Where a glossary entry comes from: Table 1 of the guide, the words of planning, or its institutions."""

    CONCEPT = "concept"
    PLANNING = "planning"
    INSTITUTION = "institution"


class Area(StrEnum):
    """The four areas of the guide's table of public competences (03 · 1.1)."""

    REGULARISATION = "regularisation"
    ASSISTANCE = "assistance"
    DEVELOPMENT = "development"
    COORDINATION = "coordination"


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where a version of the guide comes from, and what was done to its text."""

    title: str
    publisher: str
    date: str
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """One of the five stages of the work."""

    key: StageKey
    number: int
    title: str
    purpose: str
    section: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One of the sixteen steps (1.1 to 5.4)."""

    key: StepKey
    stage: StageKey
    title: str
    purpose: str
    section: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Satisfaction:
    """How the product answers a row: its screen, its form, the fact it leans on and its proof."""

    how: str
    kind: Kind | None = None
    screen: Screen | None = None
    fact: FactKey | None = None
    state: State | None = None
    proof: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One thing the guide says that a municipality does, produces, decides or verifies.

    `missing` and `action` are what a screen or a gate says and offers while the row's fact is false.
    """

    id: RowId
    stage: StageKey
    step: StepKey | None
    topic: str
    level: Level
    text: str
    who: tuple[RoleKey, ...]
    inferred: bool
    evidence: str
    section: str
    satisfied_by: Satisfaction
    missing: str | None = None
    action: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Role:
    """A person, team or institution. Collective words of the rows have no `guide_id` (ROL-01 to ROL-24)."""

    key: RoleKey
    title: str
    does: str
    guide_id: str | None = None
    composition: str | None = None
    rows: tuple[RowId, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One field of a template. `minutes` is the length of a moment of an agenda; `group` is its heading."""

    key: str
    label: str
    minutes: int | None = None
    group: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """A form the guide draws, with its exact fields (TPL-01 to TPL-25)."""

    id: str
    title: str
    step: StepKey
    fields: tuple[Field, ...]
    rows: tuple[RowId, ...]
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """What the guide asks for to leave a step behind.

    `minimum` and `required` are groups of alternatives: every group is needed, one row of it is enough.
    `ideal` is shown and never blocks. `before` are gates to be closed first. `convenes` is the step that may
    be called once the gate opens, for the one gate that closes none. `rows` are all those of the guide that
    hold it. `duties` stand where the guide has no list to advance.
    """

    id: GateId
    title: str
    closes: tuple[StepKey, ...]
    minimum: tuple[tuple[RowId, ...], ...]
    required: tuple[tuple[RowId, ...], ...]
    ideal: tuple[RowId, ...]
    before: tuple[GateId, ...]
    rows: tuple[RowId, ...]
    convenes: StepKey | None = None
    duties: tuple[RowId, ...] = ()
    note: str | None = None

    @property
    def steps(self) -> tuple[StepKey, ...]:
        """The steps on whose page this gate belongs."""
        return self.closes or ((self.convenes,) if self.convenes else ())

    @property
    def asks(self) -> tuple[RowId, ...]:
        """Every row that this gate reads, needed and ideal, once each."""
        needed = [row for group in (*self.minimum, *self.required) for row in group]
        return tuple(dict.fromkeys((*needed, *self.ideal)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Cadence:
    """A rhythm or a length of time (CAD-01 to CAD-14)."""

    id: str
    text: str
    force: Force
    rows: tuple[RowId, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Restriction:
    """A limit that the product must not contradict (RES-01 to RES-16)."""

    id: str
    text: str
    rows: tuple[RowId, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A document that the process leaves behind (DOC-01 to DOC-16)."""

    id: str
    title: str
    contents: str
    steps: tuple[StepKey, ...]
    rows: tuple[RowId, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """How Acogida reads the guide where it is silent or contradicts itself (AMB-01 to AMB-27)."""

    id: str
    issue: str
    reading: str
    section: str
    steps: tuple[StepKey, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SuggestedAxis:
    """One of the six axes that the guide offers as examples for the planning workshop (03 · 4.2)."""

    title: str
    description: str
    row: RowId


@dataclass(frozen=True, slots=True, kw_only=True)
class Dimension:
    """One of the eight dimensions (01 · Dimensiones). `short` fits a label."""

    key: str
    id: RowId
    number: int
    short: str
    title: str
    description: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """A word of the shared vocabulary. `synonyms` are other words the guide uses for the same thing."""

    term: str
    meaning: str
    source: str
    group: TermGroup
    synonyms: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Norm:
    """A law or policy that the guide cites."""

    title: str
    about: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AreaTitle:
    """The heading of one area of the competences table."""

    key: Area
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Functions:
    """What one level of government does in one area; empty where the guide lists nothing."""

    area: Area
    does: tuple[str, ...]
    rows: tuple[RowId, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class GovernmentLevel:
    """One row of the competences table: a level of government, its law and its functions by area."""

    key: str
    title: str
    norm: str
    functions: tuple[Functions, ...]
    note: str | None = None

    def functions_in(self, area: Area) -> tuple[str, ...]:
        """Return the functions listed for that area, none when the guide lists none."""
        return next((each.does for each in self.functions if each.area == area), ())


@dataclass(frozen=True, slots=True, kw_only=True)
class Competences:
    """The table of competences: four levels of government by four areas (03 · 1.1)."""

    note: str
    areas: tuple[AreaTitle, ...]
    levels: tuple[GovernmentLevel, ...]


@dataclass(frozen=True, kw_only=True)
class Guide:
    """One version of the guide, complete. Lookups by an identifier that does not exist raise `KeyError`."""

    version: str
    title: str
    source: Source
    stages: tuple[Stage, ...]
    steps: tuple[Step, ...]
    roles: tuple[Role, ...]
    templates: tuple[Template, ...]
    gates: tuple[Gate, ...]
    cadences: tuple[Cadence, ...]
    restrictions: tuple[Restriction, ...]
    documents: tuple[Document, ...]
    readings: tuple[Reading, ...]
    suggested_axes: tuple[SuggestedAxis, ...]
    dimensions: tuple[Dimension, ...]
    glossary: tuple[Term, ...]
    norms: tuple[Norm, ...]
    competences: Competences
    rows: tuple[Row, ...]

    @cached_property
    def _row_by_id(self) -> Mapping[str, Row]:
        return {row.id: row for row in self.rows}

    @cached_property
    def _gate_by_id(self) -> Mapping[str, Gate]:
        return {gate.id: gate for gate in self.gates}

    @cached_property
    def _role_by_key(self) -> Mapping[str, Role]:
        return {role.key: role for role in self.roles}

    @cached_property
    def _step_by_key(self) -> Mapping[str, Step]:
        return {step.key: step for step in self.steps}

    @cached_property
    def _template_by_id(self) -> Mapping[str, Template]:
        return {template.id: template for template in self.templates}

    @cached_property
    def _dimension_by_key(self) -> Mapping[str, Dimension]:
        return {dimension.key: dimension for dimension in self.dimensions}

    def row(self, row_id: str) -> Row:
        """Return the row with that id, such as `PREP-1.1-10`."""
        return self._row_by_id[row_id]

    def gate(self, gate_id: str) -> Gate:
        """Return the gate with that id, such as `GATE-1.1`."""
        return self._gate_by_id[gate_id]

    def role(self, key: str) -> Role:
        """Return the role with that key, such as `mayor`."""
        return self._role_by_key[key]

    def step(self, key: str) -> Step:
        """Return the step with that number, such as `2.3`."""
        return self._step_by_key[key]

    def stage(self, key: str) -> Stage:
        """Return the stage with that key, such as `diagnosis`."""
        return {stage.key.value: stage for stage in self.stages}[key]

    def template(self, template_id: str) -> Template:
        """Return the template with that id, such as `TPL-20`."""
        return self._template_by_id[template_id]

    def dimension(self, key: str) -> Dimension:
        """Return the dimension with that key, such as `dim_1`."""
        return self._dimension_by_key[key]

    def steps_of(self, stage: str) -> tuple[Step, ...]:
        """Return the steps of a stage, in the guide's order."""
        return tuple(step for step in self.steps if step.stage == stage)

    def rows_of_stage(self, stage: str) -> tuple[Row, ...]:
        """Return every row of a stage, those without a step first, in the guide's order."""
        return tuple(row for row in self.rows if row.stage == stage)

    def rows_of(self, step: str) -> tuple[Row, ...]:
        """Return what the step itself asks; the tools that serve it are in `tools_of`."""
        stage = self.step(step).stage
        return tuple(row for row in self.rows if row.step == step and row.stage == stage)

    def tools_of(self, step: str) -> tuple[Row, ...]:
        """Return the rows of chapter 3 (tools and index) that serve a step."""
        stage = self.step(step).stage
        return tuple(row for row in self.rows if row.step == step and row.stage != stage)

    def tips_of(self, step: str) -> tuple[Row, ...]:
        """Return the practical advice of the pilot («cable a tierra») for a step."""
        return tuple(row for row in self.rows_of(step) if row.level is Level.GROUND_TIP)

    def questions_of(self, step: str) -> tuple[Row, ...]:
        """Return the questions that the guide asks at a step, those of its tools last."""
        rows = (*self.rows_of(step), *self.tools_of(step))
        return tuple(row for row in rows if row.level is Level.GUIDING_QUESTION)

    def gates_of(self, stage: str) -> tuple[Gate, ...]:
        """Return the gates met along a stage, in the guide's order."""
        return tuple(gate for gate in self.gates if any(self.step(step).stage == stage for step in gate.steps))

    def gates_of_step(self, step: str) -> tuple[Gate, ...]:
        """Return the gates of a step's page: the one that closes it and the one that lets it be convened."""
        return tuple(gate for gate in self.gates if step in gate.steps)

    def readings_of(self, step: str) -> tuple[Reading, ...]:
        """Return how Acogida reads the guide at a step, to be shown with its reason."""
        return tuple(reading for reading in self.readings if step in reading.steps)
