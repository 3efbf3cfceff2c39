"""The register of acts: each step that gave an act its worth, in order, chained so that a change shows.

It is a book of the municipality, not of a policy cycle. It leaves in the packs of `kernel.packs`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC
from typing import Any

from acogida.features.acts import store
from acogida.features.acts.model import Act, ActEntry, Signatory
from acogida.kernel.packs import GENESIS, chain_hash, chain_line
from acogida.kernel.work import Work

ENTRY = (
    "seq",
    "at",
    "event",
    "act",
    "kind",
    "title",
    "number",
    "dated_on",
    "organ",
    "sha256",
    "way",
    "signatories",
    "answered_by",
    "code",
    "actor",
)
"""What each place of an entry's content holds. Empty texts stand for what does not apply; times are in UTC."""


async def note(
    work: Work, act: Act, event: str, *, sha256: str, signatories: Sequence[Signatory] = (), answered_by: str = ""
) -> ActEntry:
    """This function will write one line, in the transaction of the work. Writers of one municipality wait here."""
    await store.writers_wait(work)
    last = await store.last_entry(work)
    previous = last.hash if last else GENESIS
    at = work.clock.now()
    content: list[Any] = [
        (last.seq if last else 0) + 1,
        at.astimezone(UTC).isoformat(timespec="seconds"),
        event,
        str(act.id),
        act.kind,
        act.title,
        act.number,
        act.dated_on.isoformat() if act.dated_on else "",
        act.organ,
        sha256,
        act.way,
        [[row.name, row.cargo, row.signed_on.isoformat() if row.signed_on else ""] for row in signatories],
        answered_by,
        act.code or "",
        work.actor.name,
    ]
    entry = ActEntry(
        seq=content[0],
        at=at,
        act_id=act.id,
        event=event,
        content=content,
        previous_hash=previous,
        hash=chain_hash(previous, content),
    )
    work.session.add(entry)
    await work.session.flush()
    return entry


@dataclass(frozen=True, slots=True)
class RegisterState:
    """Result of reading the whole register: how many lines, its last hash, and the first line that does not fit."""

    entries: int
    head: str
    broken_at: int | None


async def verify(work: Work) -> RegisterState:
    """This function will read the register from its first line and say where it breaks, if it does."""
    previous = GENESIS
    entries = await store.entries(work)
    for place, entry in enumerate(entries, 1):
        fits = (
            entry.seq == entry.content[0] == place
            and entry.previous_hash == previous
            and entry.hash == chain_hash(previous, entry.content)
        )
        if not fits:
            return RegisterState(len(entries), previous.hex(), place)
        previous = entry.hash
    return RegisterState(len(entries), previous.hex(), None)


async def lines(work: Work) -> bytes:
    """This function will give the whole register as the file of a pack."""
    return b"".join(chain_line(entry.previous_hash, entry.content) for entry in await store.entries(work))
