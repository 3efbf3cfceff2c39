"""What the worker does with acts: examines the signatures of what came, and reminds those who have not signed."""

from typing import Protocol
from uuid import UUID

from acogida.features.acts import papers, signing, store
from acogida.features.acts.events import SignedFileCame
from acogida.features.acts.model import Act
from acogida.features.evidence import public as evidence
from acogida.kernel.ports import DocumentRenderer, Files
from acogida.kernel.signatures import Signatures, ToExamine
from acogida.kernel.work import Work


class Neighbours(Protocol):
    files: Files
    renderer: DocumentRenderer
    signatures: Signatures
    settings: papers.HasAddress


async def examine_signatures(services: Neighbours, work: Work, submission_id: UUID) -> None:
    """This job will examine the signatures of a submission. A second delivery finds it done and leaves it."""
    submission = await store.submission(work, submission_id)
    if submission.state != "checking":
        return
    act = await store.act(work, submission.act_id)
    _, pieces = await evidence.open_file(work, services.files, submission.file_id)
    content = b"".join([piece async for piece in pieces])
    found = await services.signatures.examine(
        ToExamine(content, await signing.expected_of(work, act), work.clock.now(), act.ordered)
    )
    await signing.conclude(work, submission_id, found, same_text=await _same_text(services, work, act, content))


async def _same_text(services: Neighbours, work: Work, act: Act, content: bytes) -> bool | None:
    """Whether a signed letter begins with the very bytes that Acogida made; None for what it did not write."""
    if act.kind != "commitment_letter" or act.content.get("outside"):
        return None
    rows = await store.signatories(work, act.id)
    made = await services.renderer.pdf(papers.letter(work.tenant, act, rows, site=services.settings.public_url))
    return content.startswith(made)


async def remind_signatories(services: Neighbours, work: Work, act_id: UUID) -> None:
    """This job will write again to whoever has a link, is in turn and has not signed."""
    del services
    await signing.remind(work, act_id)


JOBS = {"examine_signatures": examine_signatures, "remind_signatories": remind_signatories}
LISTENERS_OF = {SignedFileCame: ["examine_signatures"]}
