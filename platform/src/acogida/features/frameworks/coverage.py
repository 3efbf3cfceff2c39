"""A framework and the policy looked at from both sides: what answers each part, and what is outside of it."""

import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from uuid import UUID

from acogida.features.diagnosis import public as diagnosis
from acogida.features.frameworks import store
from acogida.features.frameworks.model import AlignmentLink
from acogida.features.initiatives import public as initiatives
from acogida.kernel import hooks
from acogida.kernel.errors import NotFound
from acogida.kernel.manifest import Framework, Node, SubjectKind
from acogida.kernel.work import Work

KINDS: Mapping[SubjectKind, tuple[str, str]] = {
    "finding": ("hallazgo", "hallazgos"),
    "objective": ("objetivo", "objetivos"),
    "initiative": ("iniciativa", "iniciativas"),
}
"""What may be linked, as it is called: one, many."""


@dataclass(frozen=True, slots=True)
class Subject:
    """Something of the policy that may be linked."""

    kind: SubjectKind
    id: UUID
    title: str
    path: str
    """Where it is seen, relative to the workspace."""

    @property
    def words(self) -> str:
        return KINDS[self.kind][0].capitalize()


@dataclass(frozen=True, slots=True)
class Branch:
    """A node with what hangs from it and what is linked to it itself."""

    node: Node
    children: tuple["Branch", ...]
    own: tuple[Subject, ...]

    @property
    def subjects(self) -> tuple[Subject, ...]:
        """What is linked to it or to anything under it, each once."""
        found = {(each.kind, each.id): each for each in self.own}
        for child in self.children:
            found |= {(each.kind, each.id): each for each in child.subjects}
        return tuple(found.values())

    def walk(self, depth: int = 0) -> Iterator[tuple[int, "Branch"]]:
        """This method will give the branch and all that hangs from it, from the top down, with how deep each is."""
        yield depth, self
        for child in self.children:
            yield from child.walk(depth + 1)


@dataclass(frozen=True)
class Alignment:
    """How the policy and a framework answer each other. `framework` is None where nobody brings it today."""

    plugin: str
    key: str
    title: str
    framework: Framework | None
    branches: tuple[Branch, ...]
    subjects: tuple[Subject, ...]
    links: tuple[AlignmentLink, ...]

    @property
    def kinds(self) -> tuple[SubjectKind, ...]:
        """What is linked to it."""
        if self.framework:
            return self.framework.subjects
        return tuple(kind for kind in KINDS if any(link.kind == kind for link in self.links))

    @cached_property
    def linked(self) -> frozenset[tuple[SubjectKind, UUID]]:
        return frozenset((link.kind, link.subject_id) for link in self.links)

    @property
    def inside(self) -> tuple[Subject, ...]:
        """What of the policy is linked to some part."""
        return tuple(each for each in self.subjects if (each.kind, each.id) in self.linked)

    @property
    def outside(self) -> tuple[Subject, ...]:
        """What of the policy is linked to no part."""
        return tuple(each for each in self.subjects if (each.kind, each.id) not in self.linked)

    @property
    def covered(self) -> int:
        """How many of its topmost parts have something."""
        return sum(1 for branch in self.branches if branch.subjects)

    def of(self, kind: SubjectKind, subject_id: UUID) -> tuple[AlignmentLink, ...]:
        """This method will give the links of one thing."""
        return tuple(link for link in self.links if (link.kind, link.subject_id) == (kind, subject_id))

    def labels(self, kind: SubjectKind, subject_id: UUID) -> list[str]:
        """This method will name what one thing is linked to."""
        return [link.node_label for link in self.of(kind, subject_id)]

    def note(self, subject: Subject) -> str:
        """This method will give how one thing contributes, where somebody said so."""
        return next((link.note for link in self.of(subject.kind, subject.id)), "")


async def brought(work: Work, plugin: str, key: str) -> Framework | None:
    """This function will give a framework that an extension brings here now."""
    found = (each for one, each in await hooks.frameworks(work) if (one.name, each.key) == (plugin, key))
    return next(found, None)


async def alignment(work: Work, plugin: str, key: str) -> Alignment:
    """This function will look at a framework and at the policy's whole plan; `NotFound` where nothing is known of it."""
    framework = await brought(work, plugin, key)
    links = tuple(await store.links(work, plugin, key))
    if framework is None and not links:
        raise NotFound
    kinds = framework.subjects if framework else tuple(KINDS)
    subjects = await subjects_of(work, kinds)
    nodes = framework.nodes if framework else ()
    known = {node.code for node in framework.all_nodes} if framework else set()
    # What is linked to a part that is not there any more is shown with the words it had.
    lost = {link.node: link.node_label for link in links if link.node not in known}
    nodes = (*nodes, *(Node(code="", title=label, text=code) for code, label in lost.items()))
    by_node: dict[str, list[Subject]] = {}
    by_id = {(each.kind, each.id): each for each in subjects}
    linked = {(link.kind, link.subject_id) for link in links}
    for link in links:
        if subject := by_id.get((link.kind, link.subject_id)):
            by_node.setdefault(link.node, []).append(subject)
    return Alignment(
        plugin,
        key,
        framework.title if framework else links[-1].framework_title,
        framework,
        tuple(_branch(node, by_node) for node in nodes),
        subjects if framework else tuple(each for each in subjects if (each.kind, each.id) in linked),
        links,
    )


def _branch(node: Node, by_node: Mapping[str, Sequence[Subject]]) -> Branch:
    own = tuple(by_node.get(node.code or node.text, ()))
    return Branch(node, tuple(_branch(child, by_node) for child in node.children), own)


async def subjects_of(work: Work, kinds: Sequence[SubjectKind]) -> tuple[Subject, ...]:
    """This function will list what of the policy may be linked, in the order of the plan."""
    found: list[Subject] = []
    if "finding" in kinds:
        found += [
            Subject("finding", row.id, row.title, f"diagnostico/hallazgos/{row.id}")
            for row in await diagnosis.findings(work)
        ]
    if "objective" in kinds:
        found += [
            Subject("objective", row.id, row.statement, f"planificacion/objetivos/{row.id}")
            for row in await initiatives.objectives(work)
        ]
    if "initiative" in kinds:
        found += [
            Subject("initiative", row.id, row.name, f"iniciativas/{row.id}")
            for row in await initiatives.initiatives(work)
        ]
    return tuple(found)


def revision_of(links: Sequence[AlignmentLink]) -> int:
    """This function will give a number that changes with the links of one thing: what a form was looking at."""
    seen = "\n".join(sorted(f"{link.node}\t{link.note}" for link in links))
    return zlib.crc32(seen.encode()) % 999_999_999 if links else 0
