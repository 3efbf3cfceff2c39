"""Saying what a finding, an objective or an initiative works for in a framework."""

from collections.abc import Sequence
from uuid import UUID

from acogida.features.frameworks import store
from acogida.features.frameworks.coverage import KINDS, Subject, brought, revision_of, subjects_of
from acogida.features.frameworks.forms import Align
from acogida.features.frameworks.model import AlignmentLink
from acogida.kernel import audit
from acogida.kernel.errors import NotFound, Rejected, Stale
from acogida.kernel.manifest import Framework, SubjectKind
from acogida.kernel.work import Work


class StaleLinks(Stale):
    """Somebody else has changed the links of this thing. `links` are those that it has now."""

    def __init__(self, links: Sequence[AlignmentLink]) -> None:
        self.links = tuple(links)
        super().__init__(links[0] if links else None)


async def subject(work: Work, framework: Framework, kind: str, subject_id: UUID) -> Subject:
    """This function will give what may be linked to a framework, by its kind and id, or raise `NotFound`."""
    found = next((known for known in framework.subjects if known == kind), None)
    row = next((each for each in await subjects_of(work, [found] if found else []) if each.id == subject_id), None)
    if row is None:
        raise NotFound
    return row


async def align(
    work: Work, plugin: str, key: str, kind: SubjectKind, subject_id: UUID, wanted: Align
) -> Sequence[AlignmentLink]:
    """This function will leave one thing linked to exactly these nodes, and give its links."""
    work.require("planning:edit")
    framework = await brought(work, plugin, key)
    if framework is None:
        raise NotFound
    row = await subject(work, framework, kind, subject_id)
    had = await store.links_of(work, plugin, key, kind, subject_id, lock=True)
    if revision_of(had) != wanted.version:
        raise StaleLinks(had)
    labels = {node.code: node.label for node in framework.all_nodes if node.linkable}
    if strange := [code for code in wanted.nodes if code not in labels]:
        raise Rejected(fields={"nodes": f"«{strange[0][:40]}» no es parte de {framework.title}."})

    before = {"nodes": [link.node_label for link in had], "note": had[0].note if had else ""}
    await store.erase_links(work, [link.id for link in had])
    made = [
        AlignmentLink(
            plugin=plugin,
            framework=key,
            framework_title=framework.title,
            node=code,
            node_label=labels[code],
            note=wanted.note,
            **{f"{kind}_id": subject_id},
        )
        for code in sorted(wanted.nodes, key=list(labels).index)
    ]
    work.session.add_all(made)
    await work.session.flush()

    await audit.record(
        work,
        "alignment.edited",
        f"dijo a qué de {framework.title} aporta {_the(kind)} «{row.title[:120]}»",
        subject=made[0] if made else had[0] if had else None,
        before=before,
        after={"nodes": [link.node_label for link in made], "note": wanted.note if made else ""},
    )
    return made


def _the(kind: SubjectKind) -> str:
    return f"la {KINDS[kind][0]}" if kind == "initiative" else f"el {KINDS[kind][0]}"
