"""What the follow-up waits for: reports that have not come and adjustments past their term."""

from collections.abc import Sequence

from acogida.features.monitoring.sheet import may_report, read_sheet
from acogida.kernel.duties import Duty
from acogida.kernel.work import Work

_DONE_BY = {
    "silence": "Informar el avance de «{name}»",
    "term": "Cerrar o reprogramar «{name}», cuyo término ya pasó",
    "adjustment": "Hacer el ajuste acordado en «{name}»",
}


async def duties(work: Work) -> Sequence[Duty]:
    sheet = await read_sheet(work)
    return [
        Duty(
            _DONE_BY[mark.kind].format(name=row.initiative.name),
            row.update.adjustment_responsible if mark.kind == "adjustment" and row.update else row.who,
            f"seguimiento/{row.id}",
            mark.since,
            mine=not work.actor.may("progress:report") and may_report(work.actor, row.initiative),
        )
        for row in sheet.needing_attention
        for mark in row.marks
    ]
