"""What an initiative's own words say of the PLADECO: «lineamiento 3», or the name of a program, written in its matrix.

The worker looks when an initiative changes; a person decides. A suggestion links nothing.
"""

import re
from collections.abc import Sequence
from uuid import UUID

from acogida.sdk import NotFound, Work, initiative
from acogida_pladeco import store
from acogida_pladeco.model import Element
from acogida_pladeco.words import LEVELS, fold

_SHORTEST = 6
"""Letters of a name that can be found in a text without being taken for another word."""


def mentioned(text: str, elements: Sequence[Element]) -> Element | None:
    """This function will give what a text speaks of: the lowest element named, by its number or by its name."""
    said = fold(text)
    depth = list(LEVELS)

    def is_named(each: Element) -> bool:
        by_number = each.code and re.search(
            rf"\b{fold(LEVELS[each.level])}\s*(?:n[°º.]?\s*)?{re.escape(each.code.rstrip('.'))}(?![\d.]*\d)", said
        )
        name = fold(each.name)
        return bool(by_number) or (len(name) >= _SHORTEST and re.search(rf"\b{re.escape(name)}\b", said) is not None)

    found = [each for each in elements if is_named(each)]
    return max(found, key=lambda each: (depth.index(each.level), len(each.name)), default=None)


async def suggest(work: Work, initiative_id: UUID) -> None:
    """This job will keep what an initiative seems to contribute to, or forget it where its words say nothing now."""
    plan = await store.in_use(work)
    try:
        row = await initiative(work, initiative_id)
    except NotFound:
        return
    found = mentioned(row.pmg_pladeco, await store.elements(work, plan.id)) if plan and row.pmg_pladeco else None
    await store.keep_suggestion(work, initiative_id, found.id if found else None)
