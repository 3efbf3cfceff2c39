"""Questions about accounts, sessions and memberships."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import Row, delete, select

from acogida.features.people.model import Membership, Person, WebSession
from acogida.kernel.work import Work


async def person_by_email(work: Work, email: str) -> Person | None:
    return await work.session.scalar(select(Person).where(Person.email == email.lower(), Person.disabled_at.is_(None)))


async def forget_session(work: Work, id_hash: bytes) -> None:
    await work.session.execute(delete(WebSession).where(WebSession.id_hash == id_hash))


async def memberships_of(work: Work, person_id: UUID, on: date) -> Sequence[Row[tuple[UUID, list[str]]]]:
    """The person's own places, in any workspace: the wall lets each read theirs."""
    return (
        await work.session.execute(
            select(Membership.tenant_id, Membership.roles).where(
                Membership.person_id == person_id, (Membership.until.is_(None)) | (Membership.until >= on)
            )
        )
    ).all()
