"""JSON twins of the frameworks."""

from dataclasses import dataclass
from uuid import UUID

from litestar import get, put

from acogida.features.frameworks import actions
from acogida.features.frameworks.coverage import Branch, alignment, brought, revision_of
from acogida.features.frameworks.forms import Align
from acogida.kernel import hooks
from acogida.kernel.errors import NotFound
from acogida.kernel.work import Work
from acogida.web.api import checked
from acogida.web.routing import api


@dataclass(frozen=True)
class FrameworkOut:
    plugin: str
    key: str
    title: str
    version: str
    subjects: list[str]


@dataclass(frozen=True)
class SubjectOut:
    kind: str
    id: UUID
    title: str


@dataclass(frozen=True)
class NodeOut:
    code: str
    title: str
    depth: int
    subjects: list[SubjectOut]


@dataclass(frozen=True)
class AlignmentOut:
    plugin: str
    key: str
    title: str
    nodes: list[NodeOut]
    outside: list[SubjectOut]


@dataclass(frozen=True)
class LinksOut:
    nodes: list[str]
    note: str
    version: int


@get("/marcos", permission="workspace:read", operation_id="listFrameworks")
async def list_frameworks(work: Work) -> list[FrameworkOut]:
    return [
        FrameworkOut(plugin.name, each.key, each.title, each.version, list(each.subjects))
        for plugin, each in await hooks.frameworks(work)
    ]


@get("/marcos/{plugin:str}/{key:str}", permission="workspace:read", operation_id="getFrameworkAlignment")
async def get_alignment(work: Work, plugin: str, key: str) -> AlignmentOut:
    found = await alignment(work, plugin, key)
    return AlignmentOut(
        found.plugin,
        found.key,
        found.title,
        [_node(depth, branch) for top in found.branches for depth, branch in top.walk()],
        [SubjectOut(each.kind, each.id, each.title) for each in found.outside],
    )


def _node(depth: int, branch: Branch) -> NodeOut:
    own = [SubjectOut(each.kind, each.id, each.title) for each in branch.own]
    return NodeOut(branch.node.code, branch.node.title, depth, own)


@put(
    "/marcos/{plugin:str}/{key:str}/{kind:str}/{subject_id:uuid}",
    permission="planning:edit",
    operation_id="putFrameworkLinks",
)
async def put_links(work: Work, plugin: str, key: str, kind: str, subject_id: UUID, data: Align) -> LinksOut:
    framework = await brought(work, plugin, key)
    if framework is None:
        raise NotFound
    subject = await actions.subject(work, framework, kind, subject_id)
    links = await actions.align(work, plugin, key, subject.kind, subject_id, checked(data))
    return LinksOut([link.node for link in links], links[0].note if links else "", revision_of(links))


ROUTES = [api("Marcos", list_frameworks, get_alignment, put_links)]
