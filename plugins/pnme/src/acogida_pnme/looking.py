"""How the policy and both frameworks answer each other, and what could be linked that is not."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from acogida.sdk import Alignment, PlannedInitiative, Work, alignment, initiatives
from acogida_pnme.frameworks import PLUGIN, Known, known


@dataclass(frozen=True, slots=True)
class Looked:
    """One framework with its links."""

    known: Known
    found: Alignment

    @property
    def key(self) -> str:
        return self.known.framework.key

    @property
    def initiatives_inside(self) -> int:
        return sum(1 for each in self.found.inside if each.kind == "initiative")

    @property
    def initiatives(self) -> int:
        return sum(1 for each in self.found.subjects if each.kind == "initiative")

    @property
    def linked_nodes(self) -> set[str]:
        """Codes that something of the policy is linked to."""
        return {link.node for link in self.found.links}

    @property
    def migration_covered(self) -> int:
        """Of the targets that name migration, those that have something."""
        return len(self.linked_nodes & set(self.known.migration))


@dataclass(frozen=True, slots=True)
class Proposal:
    """A part of a framework that an initiative may work for, by the dimensions that it declares."""

    key: str
    framework: str
    code: str
    label: str

    @property
    def value(self) -> str:
        return f"{self.key}:{self.code}"


@dataclass(frozen=True, slots=True)
class Proposed:
    """An initiative with what is proposed for it."""

    initiative: PlannedInitiative
    proposals: tuple[Proposal, ...]


async def look(work: Work) -> dict[str, Looked]:
    """This function will look at both frameworks."""
    return {key: Looked(each, await alignment(work, PLUGIN, key)) for key, each in known().items()}


async def propose(work: Work, looked: dict[str, Looked]) -> list[Proposed]:
    """This function will propose links for the initiatives that have none in a framework and declare some dimension."""
    return proposals_for(await initiatives(work), looked)


def proposals_for(rows: Sequence[PlannedInitiative], looked: dict[str, Looked]) -> list[Proposed]:
    """This function will propose for each of these initiatives, leaving out those for which there is nothing."""
    found = [Proposed(row, tuple(_for(row, looked))) for row in rows]
    return [each for each in found if each.proposals]


def _for(row: PlannedInitiative, looked: dict[str, Looked]) -> Sequence[Proposal]:
    told: list[Proposal] = []
    for key, each in looked.items():
        if each.found.labels("initiative", row.id):
            continue
        nodes = each.known.nodes
        codes = dict.fromkeys(code for dimension in row.dimensions for code in each.known.suggested.get(dimension, ()))
        told += [Proposal(key, each.known.framework.title, code, nodes[code].label) for code in codes]
    return told


def labels_of(looked: dict[str, Looked], kind: str, subject_id: UUID) -> dict[str, list[str]]:
    """This function will name what one thing is linked to, by framework; those where it is not are left out."""
    told = {
        key: [link.node_label for link in each.found.links if (link.kind, link.subject_id) == (kind, subject_id)]
        for key, each in looked.items()
    }
    return {key: labels for key, labels in told.items() if labels}
