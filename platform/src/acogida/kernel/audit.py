"""The book of what happened: append-only by grant, chained by hash, each entry a sentence in Spanish.

`app` may insert and read, never change or delete. Each tenant's entries form one chain: the hash of an entry covers
the hash before it, so a removed or altered entry shows (`verify`). Entries hold ids and values of the workspace;
they are read by the tenant on its page «Actividad».
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, LargeBinary, UniqueConstraint, select, text
from sqlalchemy.orm import Mapped, mapped_column

from acogida.kernel.db import TenantSession, TenantTable
from acogida.kernel.packs import GENESIS, chain_hash
from acogida.kernel.work import Work


class AuditEntry(TenantTable):
    """One thing that happened in a workspace."""

    __tablename__ = "audit_entry"
    __table_args__ = (UniqueConstraint("tenant_id", "seq"),)

    seq: Mapped[int] = mapped_column(BigInteger)
    at: Mapped[datetime]
    actor_id: Mapped[UUID | None]
    actor_name: Mapped[str]
    actor_kind: Mapped[str]
    tag: Mapped[str]
    """`resource.verbed`, the same vocabulary as events and logs."""
    subject_type: Mapped[str]
    subject_id: Mapped[UUID | None]
    sentence: Mapped[str]
    changes: Mapped[dict[str, Any]]
    request_id: Mapped[str]
    previous_hash: Mapped[bytes] = mapped_column(LargeBinary)
    hash: Mapped[bytes] = mapped_column(LargeBinary)


def content_of(entry: AuditEntry) -> list[Any]:
    """This function will give what the hash of an entry covers, its number first: the form in which it leaves in a pack."""
    return [
        entry.seq,
        entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
        str(entry.actor_id or ""),
        entry.actor_name,
        entry.actor_kind,
        entry.tag,
        entry.subject_type,
        str(entry.subject_id or ""),
        entry.sentence,
        entry.changes,
        entry.request_id,
    ]


def _digest(entry: AuditEntry) -> bytes:
    return chain_hash(entry.previous_hash, content_of(entry))


def _plain(value: object) -> object:
    if isinstance(value, str | int | float | bool) or value is None:
        return value
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(item) for item in value]
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    return str(value)


async def record(
    work: Work,
    tag: str,
    sentence: str,
    *,
    subject: object | None = None,
    before: Mapping[str, object] | None = None,
    after: Mapping[str, object] | None = None,
) -> AuditEntry:
    """This function will write one entry in the tenant's book, in the transaction of the work.

    `sentence` is Spanish without its subject («cambió la meta de *Escuela de líderes* de 40 a 60»): the page puts the
    actor's name before it. `subject` is the row concerned. `before` and `after` give the fields that changed.
    Writers of one tenant wait for each other here, so the chain has no forks.
    """
    tenant = work.tenant
    await work.session.execute(
        text("select pg_advisory_xact_lock(hashtextextended(:key, 0))"), {"key": f"audit:{tenant.id}"}
    )
    last = (
        await work.session.execute(
            select(AuditEntry.seq, AuditEntry.hash)
            .where(AuditEntry.tenant_id == tenant.id)
            .order_by(AuditEntry.seq.desc())
            .limit(1)
        )
    ).first()
    changes: dict[str, Any] = {}
    if before is not None or after is not None:
        keys = sorted({*(before or {}), *(after or {})})
        changes = {
            key: [_plain((before or {}).get(key)), _plain((after or {}).get(key))]
            for key in keys
            if _plain((before or {}).get(key)) != _plain((after or {}).get(key))
        }
    entry = AuditEntry(
        tenant_id=tenant.id,
        seq=(last.seq if last else 0) + 1,
        at=work.clock.now(),
        actor_id=work.actor.person_id,
        actor_name=work.actor.signed_name,
        actor_kind=work.actor.kind,
        tag=tag,
        subject_type=getattr(subject, "__tablename__", "") if subject is not None else "",
        subject_id=getattr(subject, "id", None) if subject is not None else None,
        sentence=sentence,
        changes=changes,
        request_id=work.request_id,
        previous_hash=last.hash if last else GENESIS,
    )
    entry.hash = _digest(entry)
    work.session.add(entry)
    await work.session.flush()
    return entry


@dataclass(frozen=True, slots=True)
class ChainState:
    """Result of reading a tenant's whole book: how many entries, and the first that does not fit (or None)."""

    entries: int
    broken_at: int | None


async def verify(session: TenantSession) -> ChainState:
    """This function will read the tenant's chain from its first entry and say where it breaks, if it does."""
    previous, count = GENESIS, 0
    stream = await session.stream_scalars(select(AuditEntry).order_by(AuditEntry.seq).execution_options(yield_per=500))
    async for entry in stream:
        count += 1
        if entry.seq != count or entry.previous_hash != previous or entry.hash != _digest(entry):
            return ChainState(count, entry.seq)
        previous = entry.hash
    return ChainState(count, None)
