"""What people hold from sessions: the agreements that they undertook and have not done yet."""

from collections.abc import Sequence
from uuid import UUID

from acogida.features.bodies import store
from acogida.features.bodies.actions.teams import fold_name
from acogida.kernel.duties import Held, Holding
from acogida.kernel.work import Work


async def held(work: Work, name: str) -> Sequence[Held]:
    """This function will list the agreements still to be done by who has this name."""
    return [
        Held("agreement", agreement.id, agreement.text, f"sesiones/{meeting.id}#acuerdos", agreement.due_on)
        for agreement, meeting in await store.agreements_due(work)
        if fold_name(agreement.responsible) == fold_name(name)
    ]


async def give(work: Work, agreement_id: UUID, _from: str, to: str) -> None:
    """This function will put another person in charge of an agreement."""
    row = await store.agreement(work, agreement_id, lock=True)
    row.responsible = to
    await work.session.flush()


HOLDINGS = {"agreement": Holding(held, give)}
