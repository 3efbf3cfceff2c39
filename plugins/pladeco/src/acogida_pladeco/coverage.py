"""How the policy and the PLADECO answer each other: looked at from both sides, and along their years."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from uuid import UUID

from acogida.sdk import PlannedInitiative, Vigencia, Work, initiatives, vigencia
from acogida_pladeco import store
from acogida_pladeco.model import LEAST_YEARS, Alignment, Element, Pladeco
from acogida_pladeco.words import counted


@dataclass(frozen=True, slots=True)
class Branch:
    """An element with what hangs from it, and the initiatives linked to it itself."""

    element: Element
    children: tuple["Branch", ...]
    own: tuple[PlannedInitiative, ...]

    @property
    def initiatives(self) -> tuple[PlannedInitiative, ...]:
        """Those linked to it or to anything under it, each once."""
        found = {row.id: row for row in self.own}
        for child in self.children:
            found |= {row.id: row for row in child.initiatives}
        return tuple(found.values())

    def walk(self) -> Iterator["Branch"]:
        """This method will give the branch and everything that hangs from it, from the top down."""
        yield self
        for child in self.children:
            yield from child.walk()

    def count(self, level: str) -> int:
        """This method will count what hangs from it of that level."""
        return sum(1 for branch in self.walk() if branch.element.level == level)


@dataclass(frozen=True)
class Coverage:
    """What of the PLADECO the policy works for, and what of the policy the PLADECO does not have."""

    plan: Pladeco
    lines: tuple[Branch, ...]
    initiatives: tuple[PlannedInitiative, ...]
    links: Mapping[UUID, Sequence[UUID]]
    alignments: Mapping[UUID, Alignment]
    vigencia: Vigencia | None

    @property
    def covered(self) -> int:
        """How many lineamientos have some initiative."""
        return sum(1 for line in self.lines if line.initiatives)

    @property
    def outside(self) -> list[PlannedInitiative]:
        """Initiatives that are linked to nothing of the PLADECO."""
        return [row for row in self.initiatives if not self.links.get(row.id)]

    @property
    def linked(self) -> list[PlannedInitiative]:
        return [row for row in self.initiatives if self.links.get(row.id)]

    @property
    def proposed(self) -> list[PlannedInitiative]:
        """Initiatives that the next PLADECO is asked to take in."""
        return [row for row in self.initiatives if self.proposal(row.id)]

    @property
    def proposed_or_outside(self) -> list[PlannedInitiative]:
        return [row for row in self.initiatives if self.proposal(row.id) or not self.links.get(row.id)]

    @property
    def linked_pairs(self) -> list[tuple[Element, PlannedInitiative]]:
        """Each part of the PLADECO with each initiative linked to it, in the order of the PLADECO."""
        return [(branch.element, row) for branch in self.branches for row in branch.own]

    @cached_property
    def branches(self) -> list[Branch]:
        """Every element, from the top down."""
        return [branch for line in self.lines for branch in line.walk()]

    def titles(self, initiative_id: UUID) -> list[str]:
        """This method will name what an initiative is linked to."""
        return self._titles.get(initiative_id, [])

    @cached_property
    def _titles(self) -> dict[UUID, list[str]]:
        found: dict[UUID, list[str]] = {}
        for element, row in self.linked_pairs:
            found.setdefault(row.id, []).append(element.title)
        return found

    def proposal(self, initiative_id: UUID) -> str:
        row = self.alignments.get(initiative_id)
        return row.proposal if row else ""

    def contribution(self, initiative_id: UUID) -> str:
        row = self.alignments.get(initiative_id)
        return row.contribution if row else ""

    def proposed_line(self, initiative_id: UUID) -> str:
        row = self.alignments.get(initiative_id)
        found = (line.element.title for line in self.lines if row and line.element.id == row.proposed_under_id)
        return next(found, "")

    @property
    def beyond(self) -> list[PlannedInitiative]:
        """Initiatives that end after the PLADECO does."""
        return [row for row in self.initiatives if row.ends_on and row.ends_on.year > self.plan.last_year]

    @property
    def horizon(self) -> list[str]:
        """What people should know of the years of both, in Spanish; nothing when all is well."""
        plan, told = self.plan, []
        if plan.too_short:
            told.append(
                f"El {plan.name} dura menos de {LEAST_YEARS} años, que es lo mínimo según la Ley 18.695 (artículo 7). Revise sus años."
            )
        if self.vigencia:
            begins, ends = self.vigencia.valid_from.year, self.vigencia.valid_until.year
            if begins > plan.last_year:
                told.append(
                    f"La Política rige desde {begins} y el {plan.name} terminó en {plan.last_year}: registre el que lo sucede."
                )
            elif ends > plan.last_year:
                told.append(
                    f"La Política rige hasta {ends} y el {plan.name} termina en {plan.last_year}. "
                    "Lleve a su actualización lo que deba continuar."
                )
            elif begins < plan.first_year:
                told.append(f"La Política rige desde {begins} y el {plan.name} empieza en {plan.first_year}.")
        if self.beyond:
            many = "terminan" if len(self.beyond) > 1 else "termina"
            told.append(
                f"{counted(len(self.beyond), 'iniciativa', 'iniciativas').capitalize()} {many} después de {plan.last_year}, último año del PLADECO."
            )
        return told


async def coverage(work: Work, plan: Pladeco) -> Coverage:
    """This function will look at the whole of a PLADECO and the whole of the policy's plan, with a query for each."""
    rows = tuple(await initiatives(work))
    links = await store.links(work, plan.id)
    return Coverage(
        plan=plan,
        lines=tree(await store.elements(work, plan.id), rows, links),
        initiatives=rows,
        links=links,
        alignments=await store.alignments(work),
        vigencia=await vigencia(work),
    )


def tree(
    elements: Sequence[Element],
    rows: Sequence[PlannedInitiative] = (),
    links: Mapping[UUID, Sequence[UUID]] | None = None,
) -> tuple[Branch, ...]:
    """This function will hang the elements from one another, in the order of their numbers."""
    linked: dict[UUID, list[PlannedInitiative]] = {}
    for row in rows:
        for element_id in (links or {}).get(row.id, ()):
            linked.setdefault(element_id, []).append(row)
    children: dict[UUID | None, list[Element]] = {}
    for each in elements:
        children.setdefault(each.parent_id, []).append(each)

    def hang(parent_id: UUID | None) -> tuple[Branch, ...]:
        found = sorted(children.get(parent_id, []), key=_order)
        return tuple(Branch(each, hang(each.id), tuple(linked.get(each.id, ()))) for each in found)

    return hang(None)


def _order(element: Element) -> tuple[bool, list[int], int]:
    numbers = [int(part) for part in re.findall(r"\d+", element.code)]
    return not numbers, numbers, element.position
