"""A municipality makes a practice its own: a draft initiative with what the practice says, and the trace of where it came from.

Results go back only with the municipality's leave, and only this much: the name of its commune and whether it met its goal.
"""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid5

from acogida.features.diagnosis import public as diagnosis
from acogida.features.initiatives import public as initiatives
from acogida.features.monitoring import public as monitoring
from acogida.features.practices import content, store
from acogida.features.practices.content import Content
from acogida.features.practices.events import PracticePublished
from acogida.features.practices.forms import EditAdoption
from acogida.features.practices.model import Adoption, Practice
from acogida.kernel import audit, outbox
from acogida.kernel.db import TenantSession
from acogida.kernel.errors import AlreadyClosed, NotFound, Stale
from acogida.kernel.work import Work


def mapped(said: Content, code: str, edition: int) -> dict[str, object]:
    """This function will give the fields of an initiative out of a practice's record: only what its sources say.

    What each municipality decides stays empty for it to write: goal, unit, dates, money.
    """
    origin = f"Adaptada de la buena práctica {code}, edición {edition}: «{said.title}» ({said.place})."
    description = "\n\n".join(part for part in (said.summary, origin) if part)
    return {
        "name": said.title[:240],
        "description": description[:8000],
        "actions": "\n".join(said.how_it_works)[:8000],
        "beneficiaries": "\n".join(said.target_groups)[:4000],
        "dimensions": [f"dim_{key}" for key in said.dimensions],
        "directness": "explicit",
    }


async def adopt(work: Work, code: str, *, finding_id: UUID | None = None) -> Adoption:
    """This function will make a draft initiative of the newest edition of a practice. Again gives the one there is.

    With `finding_id`, the initiative answers that finding.
    """
    work.require("initiative:edit")
    practice = await store.practice(work.session, code)
    if practice.merged_into:
        practice = await store.practice(work.session, practice.merged_into)
    if practice.edition == 0:
        raise NotFound
    if not practice.public:
        raise AlreadyClosed("Esta práctica se retiró del catálogo: ya no se puede adoptar.")
    known = next((each for each in await store.adoptions(work) if each.practice_code == practice.code), None)
    if known:
        return known

    edition = await store.edition(work.session, practice.id, practice.edition)
    given = mapped(content.of(edition.content), practice.code, edition.number)
    if finding_id:
        given["findings"] = [str((await diagnosis.finding(work, finding_id)).id)]
    row = Adoption(
        practice_code=practice.code,
        edition=edition.number,
        practice_title=edition.title,
        initiative_id=await initiatives.draft_initiative(work, str(given.pop("name")), others=given),
        adopted_on=work.today(),
        adopted_by=work.actor.name,
    )
    work.session.add(row)
    await work.session.flush()

    await audit.record(
        work,
        "practice.adopted",
        f"adoptó la buena práctica {row.practice_code}, «{row.practice_title}», como iniciativa en borrador",
        subject=row,
        after={"practice_code": row.practice_code, "edition": row.edition},
    )
    await tell(work)
    return row


async def edit_adoption(work: Work, initiative_id: UUID, wanted: EditAdoption) -> Adoption:
    """This function will record what was changed to fit the commune, and whether its name and result may be shown."""
    work.require("initiative:edit")
    row = await store.adoption_of(work, initiative_id, lock=True)
    if row is None:
        raise NotFound
    if row.version != wanted.version:
        raise Stale(row)

    before = {"adaptations": row.adaptations, "share_result": row.share_result}
    row.adaptations, row.share_result = wanted.adaptations, wanted.share_result
    await work.session.flush()

    sentence = f"anotó cómo adaptó la buena práctica «{row.practice_title}»"
    if before["share_result"] != row.share_result:
        may = "aceptó que se muestre" if row.share_result else "dejó de mostrar"
        sentence = f"{may} su resultado en la buena práctica «{row.practice_title}»"
    await audit.record(work, "adoption.edited", sentence, subject=row, before=before, after=wanted.changes())
    await tell(work)
    return row


def key_of(tenant_id: UUID, code: str) -> UUID:
    """This function will give the name under which the land knows an adoption: it says neither who nor what."""
    return uuid5(tenant_id, f"adoption:{code}")


async def tell(work: Work) -> None:
    """This function will bring what the land knows of this municipality's adoptions to what is so now.

    Those whose initiative was taken out of the plan stop counting. Whoever listens is told of each practice that changed.
    """
    kept = await store.adoptions_ever(work)
    practices = {each.code: each for each in await store.practices(work.session, [row.practice_code for row in kept])}
    by_code: dict[str, list[Adoption]] = defaultdict(list)
    for row in kept:
        by_code[_standing(practices[row.practice_code])].append(row)
    if not by_code:
        return
    reports = await monitoring.latest_updates(work)
    known = await store.told_adoptions(work.session, [key_of(work.tenant.id, code) for code in by_code])
    for code, rows in by_code.items():
        key, live = key_of(work.tenant.id, code), [row for row in rows if row.initiative_id]
        before = known.get(key)
        if not live:
            if before:
                await store.untell_adoptions(work.session, [key])
                await _changed(work, code)
            continue
        shared = [row for row in live if row.share_result]
        ended = [reports[row.initiative_id] for row in shared if row.initiative_id in reports]
        now = {
            "key": key,
            "practice_code": code,
            "adopted_on": min(row.adopted_on for row in live),
            "commune": work.tenant.name if shared else None,
            "goal_met": _goal_met(ended),
        }
        if before is None or any(getattr(before, name) != value for name, value in now.items()):
            await store.tell_adoption(work.session, now)
            await _changed(work, code)


async def forget(session: TenantSession, tenant_id: UUID) -> None:
    """This function will take back everything that the land knows of a municipality's adoptions, when it leaves."""
    await store.untell_adoptions(session, [key_of(tenant_id, row.code) for row in await store.practices(session)])


def _standing(practice: Practice) -> str:
    return practice.merged_into or practice.code


def _goal_met(reports: Sequence[Any]) -> bool | None:
    """Met where an initiative ended whole; not met where all that ended did not; nothing while they go on."""
    if any(each.status == "done" and each.percent == 100 for each in reports):
        return True
    closed = [each for each in reports if each.status in ("done", "dropped")]
    return False if closed and len(closed) == len(reports) else None


async def _changed(work: Work, code: str) -> None:
    practice = await store.practice(work.session, code)
    if practice.public:
        await outbox.publish(work, PracticePublished(practice.id))
