"""What a decision to leave asks of whoever leads."""

from collections.abc import Sequence

from acogida.features.departure import store
from acogida.kernel.duties import Duty
from acogida.kernel.work import Work


async def duties(work: Work) -> Sequence[Duty]:
    row = await store.departure(work)
    if row is None:
        return ()
    return [
        Duty(
            "Bajar el paquete con todo, o anular la salida: ese día se borra el espacio",
            "Secretaría ejecutiva",
            "ajustes/salida",
            row.erase_on,
            mine=work.actor.may("workspace:leave"),
        )
    ]
