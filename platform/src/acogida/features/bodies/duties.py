"""What was agreed in a session and nobody has done yet."""

from collections.abc import Sequence

from acogida.features.bodies import store
from acogida.features.bodies.actions.teams import fold_name
from acogida.kernel.duties import Duty
from acogida.kernel.work import Work


async def duties(work: Work) -> Sequence[Duty]:
    me = {fold_name(work.actor.name), fold_name(work.actor.unit)} - {""}
    return [
        Duty(
            text=agreement.text,
            who=agreement.responsible,
            path=f"sesiones/{meeting.id}#acuerdos",
            due_on=agreement.due_on,
            mine=fold_name(agreement.responsible) in me,
        )
        for agreement, meeting in await store.agreements_due(work)
    ]
