"""JSON twins of the alignment. Links themselves are read and written by the core, under `/marcos/pnme/…`."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from litestar import Response, get, post, put

from acogida.sdk import IdempotencyKey, Work, checked, written
from acogida_pnme import actions, store
from acogida_pnme.forms import Accept, EditStatement
from acogida_pnme.looking import look, propose


@dataclass(frozen=True)
class PartOut:
    """A part of a framework: how many things of the policy, of each kind, are linked to it or under it."""

    code: str
    title: str
    depth: int
    source_state: str
    names_migration: bool
    findings: int
    objectives: int
    initiatives: int


@dataclass(frozen=True)
class CoverageOut:
    key: str
    title: str
    version: str
    parts: list[PartOut]
    initiatives: int
    initiatives_linked: int


@dataclass(frozen=True)
class ProposalOut:
    """What an initiative may work for, by the dimensions it declares. `pair` is what accepting it takes."""

    initiative_id: UUID
    framework: str
    code: str
    label: str
    pair: str


@dataclass(frozen=True)
class AcceptedOut:
    linked: int


@dataclass(frozen=True)
class StatementOut:
    text: str
    version: int


@get("/cobertura", permission="workspace:read", operation_id="pnmeGetCoverage")
async def get_coverage(work: Work) -> list[CoverageOut]:
    told: list[CoverageOut] = []
    for key, each in (await look(work)).items():
        parts = []
        for top in each.found.branches:
            for depth, branch in top.walk():
                kinds = [subject.kind for subject in branch.subjects]
                parts.append(
                    PartOut(
                        branch.node.code,
                        branch.node.title,
                        depth,
                        branch.node.source.state if branch.node.source else "",
                        branch.node.code in each.known.migration,
                        kinds.count("finding"),
                        kinds.count("objective"),
                        kinds.count("initiative"),
                    )
                )
        framework = each.known.framework
        told.append(
            CoverageOut(key, framework.title, framework.version, parts, each.initiatives, each.initiatives_inside)
        )
    return told


@get("/propuestas", permission="workspace:read", operation_id="pnmeListProposals")
async def list_proposals(work: Work) -> list[ProposalOut]:
    return [
        ProposalOut(each.initiative.id, one.key, one.code, one.label, f"{each.initiative.id}|{one.value}")
        for each in await propose(work, await look(work))
        for one in each.proposals
    ]


@post("/propuestas", permission="planning:edit", operation_id="pnmeAcceptProposals")
async def accept_proposals(work: Work, data: Accept, idempotency_key: IdempotencyKey = None) -> Response[AcceptedOut]:
    async def write() -> Any:
        return AcceptedOut(await actions.accept(work, await propose(work, await look(work)), checked(data)))

    return await written(work, data, idempotency_key, write)


@get("/declaracion", permission="workspace:read", operation_id="pnmeGetStatement")
async def get_statement(work: Work) -> StatementOut:
    row = await store.statement(work, actions.WRITTEN)
    return StatementOut(row.text, row.version) if row else StatementOut("", 0)


@put("/declaracion", permission="planning:edit", operation_id="pnmePutStatement")
async def put_statement(work: Work, data: EditStatement) -> StatementOut:
    row = await actions.write_statement(work, checked(data))
    return StatementOut(row.text, row.version)


HANDLERS = (get_coverage, list_proposals, accept_proposals, get_statement, put_statement)
