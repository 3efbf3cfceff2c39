"""What a plugin declares and what it answers with: plain values, that can be listed and checked without running it.

Words, never markup. Paths are relative to the plugin's own pages unless they say otherwise. `kernel.hooks` asks the
questions; `app.plugins` holds every manifest to the rules before anything is served.
"""

from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import MetaData

from acogida.kernel.facts import Fact, FactSource
from acogida.kernel.tenancy import Tenant
from acogida.kernel.work import Work

Job = Callable[[Work, UUID], Awaitable[None]]
"""What the worker runs for a plugin: the work of one municipality, open for writing, and the id of what it is about."""

SubjectKind = Literal["finding", "objective", "initiative"]
"""What of the core may be linked to a framework."""


# --- Pieces of a page ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class NavLink:
    """A line of the workspace's menu. `path` is relative to the plugin's own pages; `icon`, a name of ours."""

    label: str
    path: str = ""
    icon: str = "plug"


@dataclass(frozen=True, slots=True)
class Card:
    """What a plugin shows in a place of a page of the core: words and links to its own pages, never markup."""

    title: str
    lines: tuple[str, ...] = ()
    links: tuple[tuple[str, str], ...] = ()
    """(words of the link, path relative to the plugin's pages)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """A file that goes in or out, told on the extension's page with the link to where it is done."""

    kind: Literal["import", "export"]
    label: str
    """With a verb: «Bajar el registro»."""
    path: str
    formats: tuple[str, ...]
    """As people know them: «XLSX», «CSV»."""


# --- Sources -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where something that is shown as somebody's words comes from, and how sure we are of it."""

    text: str
    """Who says it, in which document and where in it."""
    url: str = ""
    state: Literal["verified", "partial", "not_found"] = "verified"
    """verified: read in the source. partial: told by a secondary source or in part. not_found: our own wording."""
    read_on: date | None = None


# --- Standards: what somebody asks for, and how far a municipality is ----------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Criterion:
    """One thing that can be shown or not. `fact` names what of the workspace shows it, so that it is not asked twice."""

    code: str
    text: str
    fact: str = ""
    """Key of a fact of the core (`acts.letter_signed_by_mayor`) or of the plugin; empty is told by hand."""
    screen: str = ""
    """Where it is done, relative to the workspace: `preparacion/carta`. With no screen, the plugin's own pages."""
    weight: int = 1
    required: bool = True
    source: Source | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Requirement:
    """A group of criteria under one heading."""

    code: str
    title: str
    text: str = ""
    criteria: tuple[Criterion, ...] = ()
    source: Source | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Standard:
    """A set of requirements with a version: a municipality is measured against one of them, told which."""

    key: str
    title: str
    version: str
    requirements: tuple[Requirement, ...]
    source: Source | None = None

    @property
    def criteria(self) -> tuple[Criterion, ...]:
        return tuple(criterion for each in self.requirements for criterion in each.criteria)


@dataclass(frozen=True, slots=True)
class Met:
    """A criterion as it stands: shown by the workspace, told by hand, or neither."""

    criterion: Criterion
    by: Literal["workspace", "hand", ""]
    shows: str

    @property
    def met(self) -> bool:
        return bool(self.by)


@dataclass(frozen=True, slots=True)
class Assessment:
    """A standard against what is known. A score is a sum of weights and nothing official."""

    standard: Standard
    standings: Mapping[str, Met]
    """By the criterion's code."""

    @property
    def gaps(self) -> tuple[Met, ...]:
        """What is required and nothing shows."""
        return tuple(each for each in self.standings.values() if each.criterion.required and not each.met)

    def of(self, requirement: Requirement) -> tuple[Met, ...]:
        return tuple(self.standings[criterion.code] for criterion in requirement.criteria)

    def score(self, requirement: Requirement | None = None) -> tuple[int, int]:
        """This method will give the weight that is met and the whole, of one requirement or of all of them."""
        counted = self.of(requirement) if requirement else tuple(self.standings.values())
        return (
            sum(each.criterion.weight for each in counted if each.met),
            sum(each.criterion.weight for each in counted),
        )


def assess(standard: Standard, known: Mapping[str, Fact], by_hand: Mapping[str, str]) -> Assessment:
    """This function will measure a standard: `known` facts first, then what was told `by_hand`, criterion → words."""

    def standing(criterion: Criterion) -> Met:
        fact = known.get(criterion.fact) if criterion.fact else None
        if fact and fact.met:
            return Met(criterion, "workspace", fact.shows)
        if words := by_hand.get(criterion.code, ""):
            return Met(criterion, "hand", words)
        return Met(criterion, "", fact.shows if fact else "")

    return Assessment(standard, {each.code: standing(each) for each in standard.criteria})


# --- Frameworks: a tree that the policy is aligned with ------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """A part of a framework: an eje, an objective, a target. Codes are never used again for something else."""

    code: str
    title: str
    text: str = ""
    children: tuple["Node", ...] = ()
    source: Source | None = None
    linkable: bool = True

    @property
    def label(self) -> str:
        """Its code and its title, as they are kept with each link."""
        return f"{self.code}. {self.title}" if self.code else self.title

    def walk(self) -> Iterator["Node"]:
        """This method will give the node and everything under it, from the top down."""
        yield self
        for child in self.children:
            yield from child.walk()


@dataclass(frozen=True, slots=True, kw_only=True)
class Framework:
    """Something that the policy is aligned with. The core keeps the links, with the words they had, and draws the page."""

    key: str
    title: str
    nodes: tuple[Node, ...]
    version: str = ""
    summary: str = ""
    source: Source | None = None
    subjects: tuple[SubjectKind, ...] = ("objective", "initiative")

    @property
    def all_nodes(self) -> tuple[Node, ...]:
        """Every node, from the top down."""
        return tuple(found for node in self.nodes for found in node.walk())


# --- What is added to records of the core --------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class InitiativeField:
    """A line more in the form of an initiative. The core saves it with its label, so that it outlives the plugin."""

    key: str
    label: str
    hint: str = ""
    long: bool = False
    options: tuple[str, ...] = ()
    """What may be chosen; empty lets people write."""
    max_length: int = 300
    column: bool = False
    """Whether the grid, the spreadsheet and the matrix of the document have a column for it."""


@dataclass(frozen=True, slots=True)
class InitiativeColumn:
    """A column that is worked out and not written: title → what each initiative says in it, by its id."""

    title: str
    values: Mapping[UUID, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceType:
    """A kind of municipal service that the diagnosis suggests when the offer is registered (guide 02 · 2.1)."""

    key: str
    name: str
    description: str = ""
    dimensions: tuple[str, ...] = ()
    """Keys of the guide's dimensions: `dim_1` … `dim_8`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A question more for the diagnosis, beside those of the guide at the same step."""

    step: str
    """Of the guide: `2.1`."""
    text: str
    source: Source | None = None


# --- Answers -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Indicator:
    """A figure about the commune or its policy. `shared` lets the region's projection have it, once the commune agrees."""

    key: str
    label: str
    value: float | int | None
    unit: str = ""
    text: str = ""
    """How it is read: «12 de 40 iniciativas»."""
    source: str = ""
    shared: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """Rows as anybody can read them, without the plugin that wrote them: text, numbers, dates and nothing."""

    title: str
    columns: tuple[str, ...]
    rows: Sequence[Sequence[str | int | float | date | None]]


# --- The manifest --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Plugin:
    """The manifest: one object for each plugin, named by its entry point in the group `acogida.plugins`.

    Templates are found in the folder `templates/` of its package and migrations in `migrations/`, as in a feature.
    """

    name: str
    """Of three to thirty-one lowercase letters, digits and `_`: its address, its schema, its templates' prefix."""
    title: str
    """Its name on the screen."""
    summary: str
    """What it adds, in a sentence or two that a municipality can decide with."""
    touches: tuple[str, ...]
    """What data it reads and what it writes, a line each, shown before it is enabled."""
    version: str
    platform: tuple[str, str]
    """The versions of Acogida it works with: from the first, below the second."""
    regions: tuple[str, ...] = ()
    """Codes of the regions (first two digits of the CUT) where it is offered; none means the whole country."""
    communes: tuple[str, ...] = ()
    """CUT of the communes where it is offered, when it is of a few municipalities or of one."""
    pages: tuple[object, ...] = ()
    """Handlers under `/m/<slug>/x/<name>`, each with a permission of the core's matrix."""
    api: tuple[object, ...] = ()
    """JSON handlers under `/api/v1/m/<slug>/x/<name>`; each `operation_id` begins with the plugin's name."""
    metadata: MetaData | None = None
    """Its tables, all in the schema `plugin_<name>`, each with its tenant."""
    settings: type[Any] | None = None
    """A form (`FormData`) with what each municipality may set."""
    facts: FactSource | None = None
    """What is true of a workspace, each fact named `<name>.…`."""
    nav: tuple[NavLink, ...] = ()
    standards: tuple[Standard, ...] = ()
    frameworks: tuple[Framework, ...] = ()
    initiative_fields: tuple[InitiativeField, ...] = ()
    service_types: tuple[ServiceType, ...] = ()
    questions: tuple[Question, ...] = ()
    exchanges: tuple[Exchange, ...] = ()
    jobs: Mapping[str, Job] | None = None
    """What the worker can run for it, by name."""
    listeners: Mapping[str, tuple[str, ...]] | None = None
    """Name of an event of the core → the jobs that hear it, each tried again by itself."""
    hooks: object | None = None
    """A module or an object with the plugin's hook implementations."""
    priority: int = 0
    """Who speaks first: the lowest; among equals, by name."""

    def offered_to(self, tenant: Tenant) -> bool:
        """This method will tell whether the municipality is one of those that this plugin is meant for."""
        if not self.regions and not self.communes:
            return True
        return tenant.cut in self.communes or tenant.cut[:2] in self.regions

    @property
    def scope(self) -> Literal["national", "regional", "local"]:
        """How far it is offered."""
        return "regional" if self.regions else "local" if self.communes else "national"
