"""What other rooms may ask about the frameworks that the policy is aligned with."""

from collections.abc import Collection
from uuid import UUID

from acogida.features.frameworks import actions, store
from acogida.features.frameworks.coverage import KINDS, Alignment, Branch, Subject, alignment, revision_of
from acogida.features.frameworks.forms import Align
from acogida.kernel import hooks
from acogida.kernel.document import DocumentBuilder
from acogida.kernel.manifest import SubjectKind
from acogida.kernel.work import Work

__all__ = ["Alignment", "Branch", "Subject", "alignment", "link_more", "lost_annex"]


async def lost_annex(work: Work, builder: DocumentBuilder) -> None:
    """This function will write an annex with the links to frameworks that nobody brings to this installation any more.

    Those of an extension that is here are the extension's to tell; those of one that the municipality turned off stay
    out of its document.
    """
    offered = hooks.registry().offered
    lost = [(plugin, key) for plugin, key, _, _ in await store.linked_frameworks(work) if plugin not in offered]
    if not lost:
        return
    builder.annex("Alineación registrada con otros instrumentos")
    for plugin, key in lost:
        found = await alignment(work, plugin, key)
        builder.h(2, found.title, numbered=False)
        builder.table(
            f"A qué de {found.title} aporta la Política",
            ["Parte", "Qué de la Política", "Cómo aporta"],
            [
                [(branch.node.label,), (f"{KINDS[each.kind][0].capitalize()}: {each.title}",), found.note(each)]
                for branch in found.branches
                for each in branch.own
            ],
            weights=[4, 5, 4],
            header_column=True,
        )


async def link_more(
    work: Work, plugin: str, key: str, kind: SubjectKind, subject_id: UUID, nodes: Collection[str]
) -> list[str]:
    """This function will link one thing to these nodes besides those it has, and give the words of all of them.

    It asks for `planning:edit`; `Rejected` where a node is not of the framework, `NotFound` where the thing is not there.
    """
    had = await store.links_of(work, plugin, key, kind, subject_id, lock=True)
    wanted = tuple(dict.fromkeys([*(link.node for link in had), *nodes]))
    note = had[0].note if had else ""
    made = await actions.align(work, plugin, key, kind, subject_id, Align(wanted, note, revision_of(had)))
    return [link.node_label for link in made]
