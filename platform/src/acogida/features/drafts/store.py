"""Questions about drafts."""

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert

from acogida.features.drafts.model import Draft
from acogida.kernel.work import Work


async def draft(work: Work, key: str) -> Draft | None:
    return await work.session.scalar(select(Draft).where(Draft.person_id == work.actor.person_id, Draft.key == key))


async def keep(work: Work, key: str, fields: dict[str, list[str]]) -> None:
    statement = insert(Draft).values(
        tenant_id=work.tenant.id, person_id=work.actor.person_id, key=key, fields=fields, updated_at=work.clock.now()
    )
    await work.session.execute(
        statement.on_conflict_do_update(
            index_elements=["tenant_id", "person_id", "key"],
            set_={"fields": fields, "updated_at": work.clock.now(), "version": Draft.version + 1},
        )
    )


async def forget(work: Work, key: str) -> None:
    await work.session.execute(delete(Draft).where(Draft.person_id == work.actor.person_id, Draft.key == key))


async def how_many(work: Work) -> int:
    return await work.session.scalar(select(func.count()).where(Draft.person_id == work.actor.person_id)) or 0
