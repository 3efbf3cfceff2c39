"""Writing the statement, and taking the links that were proposed."""

from uuid import UUID

from acogida.sdk import Rejected, Stale, Work, audit, link_more
from acogida_pnme import store
from acogida_pnme.forms import Accept, EditStatement
from acogida_pnme.frameworks import PLUGIN, known
from acogida_pnme.looking import Proposed
from acogida_pnme.model import Statement

WRITTEN = "ods"
"""The framework whose statement is written here; that of the national policy is in the strategic frame."""


async def write_statement(work: Work, wanted: EditStatement) -> Statement:
    """This function will write how the policy answers the 2030 Agenda."""
    work.require("planning:edit")
    row = await store.statement(work, WRITTEN, lock=True)
    if (row.version if row else 0) != wanted.version:
        raise Stale(row)
    before = row.text if row else ""
    if row is None:
        row = Statement(framework=WRITTEN)
        work.session.add(row)
    row.text = wanted.text
    await work.session.flush()
    await audit.record(
        work,
        "statement.edited",
        "escribió la declaración de alineación con la Agenda 2030",
        subject=row,
        before={"text": before},
        after={"text": wanted.text},
    )
    return row


async def accept(work: Work, proposed: list[Proposed], wanted: Accept) -> int:
    """This function will link what was chosen of what is proposed now, and count it; what is not proposed is refused."""
    work.require("planning:edit")
    offered = {
        f"{each.initiative.id}|{one.value}": (each.initiative.id, one) for each in proposed for one in each.proposals
    }
    if set(wanted.pairs) - set(offered):
        raise Rejected(
            "Algo de lo que eligió ya no se propone: puede que otra persona lo haya vinculado. Revise y elija de nuevo."
        )
    chosen: dict[tuple[UUID, str], list[str]] = {}
    for pair in wanted.pairs:
        initiative_id, one = offered[pair]
        chosen.setdefault((initiative_id, one.key), []).append(one.code)
    for (initiative_id, key), codes in chosen.items():
        await link_more(work, PLUGIN, key, "initiative", initiative_id, codes)
    return len(wanted.pairs)


def proposed_statement(labels: list[str]) -> str:
    """This function will propose the statement from what is linked, for people to mend."""
    if not labels:
        return ""
    title = known()[WRITTEN].framework.title
    return (
        f"La Política aporta a los {title} de la Agenda 2030. Sus iniciativas y objetivos se vinculan con:\n\n"
        + "\n".join(f"- {label}" for label in labels)
    )
