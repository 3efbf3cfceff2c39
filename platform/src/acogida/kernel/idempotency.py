"""A write sent twice with the same `Idempotency-Key` happens once; the second time gets the first answer."""

import hashlib
import json
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

from sqlalchemy import LargeBinary, SmallInteger, UniqueConstraint, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, mapped_column

from acogida.kernel.db import TenantTable
from acogida.kernel.errors import Problem, Rejected
from acogida.kernel.work import Work


class KeyReused(Problem):
    status = 422
    code = "idempotency_key_reused"
    sentence = "Esa llave de repetición (Idempotency-Key) ya se usó con otro contenido."


class IdempotencyKey(TenantTable):
    """A key that a client chose for one write, with the answer that the write gave."""

    __tablename__ = "idempotency_key"
    __table_args__ = (UniqueConstraint("tenant_id", "person_id", "key"),)

    person_id: Mapped[UUID | None]
    key: Mapped[str]
    fingerprint: Mapped[bytes] = mapped_column(LargeBinary)
    status: Mapped[int] = mapped_column(SmallInteger)
    body: Mapped[dict[str, Any]]


async def once(
    work: Work, key: str | None, request: object, write: Callable[[], Awaitable[tuple[int, dict[str, Any]]]]
) -> tuple[int, dict[str, Any]]:
    """This function will run `write` unless this key already did, and give its status and body either way.

    Without a key it simply runs. Two requests with one key wait for each other on the unique index.
    """
    if key is None:
        return await write()
    if not 8 <= len(key) <= 200:
        raise Rejected("La llave de repetición (Idempotency-Key) debe tener entre 8 y 200 caracteres.")
    fingerprint = hashlib.sha256(json.dumps(request, sort_keys=True, default=str).encode()).digest()
    mine = await work.session.scalar(
        insert(IdempotencyKey)
        .values(
            tenant_id=work.tenant.id,
            person_id=work.actor.person_id,
            key=key,
            fingerprint=fingerprint,
            status=0,
            body={},
        )
        .on_conflict_do_nothing()
        .returning(IdempotencyKey)
    )
    if mine is None:
        kept = await work.session.scalar(
            select(IdempotencyKey).where(IdempotencyKey.key == key, IdempotencyKey.person_id == work.actor.person_id)
        )
        if kept is None or kept.fingerprint != fingerprint:
            raise KeyReused
        return kept.status, kept.body
    mine.status, mine.body = await write()
    await work.session.flush()
    return mine.status, mine.body
