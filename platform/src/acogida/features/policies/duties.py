"""What the document waits for: the answer to each observation (RES-06)."""

from collections.abc import Sequence

from acogida.features.policies import observations, store
from acogida.features.policies.prose import shortened
from acogida.kernel.duties import Duty
from acogida.kernel.work import Work


async def duties(work: Work) -> Sequence[Duty]:
    return [
        Duty(
            f"Responder la observación de {row.author} sobre «{shortened(observations.about(row), 80)}»",
            "Equipo ejecutivo",
            f"validacion/observaciones/{row.id}",
            mine=work.actor.may("observation:answer"),
        )
        for row in await store.observations(work, status="pending")
    ]
