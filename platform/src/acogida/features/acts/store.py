"""Questions about acts."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import delete, select, text

from acogida.features.acts.model import Act, ActEntry, ActSubmission, Seal, Signatory
from acogida.kernel.errors import NotFound
from acogida.kernel.work import Work

# Made once: the board asks these each time.
_ACTS = select(Act).order_by(Act.created_at, Act.id)
_SIGNATORIES = select(Signatory).order_by(Signatory.act_id, Signatory.position)


async def acts(work: Work) -> Sequence[Act]:
    return (await work.session.scalars(_ACTS)).all()


async def newest(work: Work, kind: str, *, lock: bool = False) -> Act | None:
    """The act of this kind in course: the last one written."""
    query = select(Act).where(Act.kind == kind).order_by(Act.created_at.desc(), Act.id.desc()).limit(1)
    return await work.session.scalar(query.with_for_update() if lock else query)


async def act(work: Work, act_id: UUID, *, lock: bool = False) -> Act:
    query = select(Act).where(Act.id == act_id)
    found = await work.session.scalar(query.with_for_update() if lock else query)
    if found is None:
        raise NotFound
    return found


async def signatories(work: Work, act_id: UUID | None = None) -> Sequence[Signatory]:
    """Of one act, or of all, in the order in which they sign."""
    query = _SIGNATORIES.where(Signatory.act_id == act_id) if act_id else _SIGNATORIES
    return (await work.session.scalars(query)).all()


async def drop_signatories(work: Work, act_id: UUID) -> None:
    await work.session.execute(delete(Signatory).where(Signatory.act_id == act_id))


async def signatory(work: Work, signatory_id: UUID, *, lock: bool = False) -> Signatory:
    query = select(Signatory).where(Signatory.id == signatory_id)
    found = await work.session.scalar(query.with_for_update() if lock else query)
    if found is None:
        raise NotFound
    return found


async def signatory_behind(work: Work, token_hash: bytes) -> Signatory | None:
    """Whoever was sent this link."""
    return await work.session.scalar(select(Signatory).where(Signatory.token_hash == token_hash))


async def standing_act(work: Work, kind: str) -> Act | None:
    """The last act of this kind whose file is good; none while there is none."""
    query = (
        select(Act)
        .where(Act.kind == kind, Act.standing == "good", Act.status == "signed")
        .order_by(Act.created_at.desc(), Act.id.desc())
        .limit(1)
    )
    return await work.session.scalar(query)


async def submissions(work: Work, act_id: UUID | None = None) -> Sequence[ActSubmission]:
    """What came as the signed act, or for all of them, the newest first."""
    query = select(ActSubmission).order_by(ActSubmission.submitted_at.desc(), ActSubmission.id.desc())
    return (await work.session.scalars(query.where(ActSubmission.act_id == act_id) if act_id else query)).all()


async def submission(work: Work, submission_id: UUID, *, lock: bool = False) -> ActSubmission:
    query = select(ActSubmission).where(ActSubmission.id == submission_id)
    found = await work.session.scalar(query.with_for_update() if lock else query)
    if found is None:
        raise NotFound
    return found


async def entries(work: Work, act_id: UUID | None = None) -> Sequence[ActEntry]:
    """Of the register, in order."""
    query = select(ActEntry).order_by(ActEntry.seq)
    return (await work.session.scalars(query.where(ActEntry.act_id == act_id) if act_id else query)).all()


async def last_entry(work: Work) -> ActEntry | None:
    return await work.session.scalar(select(ActEntry).order_by(ActEntry.seq.desc()).limit(1))


async def writers_wait(work: Work) -> None:
    """One writer of the register of this municipality at a time, until the end of the transaction."""
    await work.session.execute(
        text("select pg_advisory_xact_lock(hashtextextended(:key, 0))"), {"key": f"acts:{work.tenant.id}"}
    )


async def seal(work: Work, code: str, *, lock: bool = False) -> Seal | None:
    """What anyone may read under this code, of any municipality."""
    query = select(Seal).where(Seal.code == code)
    return await work.session.scalar(query.with_for_update() if lock else query)
