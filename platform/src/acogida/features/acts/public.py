"""What other rooms may ask about acts."""

from collections.abc import Sequence

from acogida.features.acts import register, store
from acogida.features.acts.model import Act, Signatory
from acogida.features.acts.sealing import code_of, print_code, seal_document, withdraw_document
from acogida.features.acts.words import KINDS
from acogida.kernel.work import Work

__all__ = [
    "KINDS",
    "Act",
    "Signatory",
    "code_of",
    "current_acts",
    "print_code",
    "register_lines",
    "seal_document",
    "signatories_of",
    "withdraw_document",
]


async def current_acts(work: Work) -> dict[str, Act]:
    """This function will give the act of each kind in course, by kind.

    Of what an authority signs outside, only what is good counts: signatures that were verified, or a declared record.
    """
    written_here = ("commitment_letter", "project_document", "concejo_term")
    return {act.kind: act for act in await store.acts(work) if act.kind in written_here or act.standing == "good"}


async def signatories_of(work: Work, act: Act) -> Sequence[Signatory]:
    """This function will list who signs an act, in order."""
    return await store.signatories(work, act.id)


async def register_lines(work: Work) -> bytes:
    """This function will give the whole register of acts as it leaves in a pack, a line for each entry."""
    return await register.lines(work)
