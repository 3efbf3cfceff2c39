"""What workshops show of a workspace (GATE-2.3, GATE-3.1a, GATE-3.1b)."""

from collections.abc import Sequence

from acogida.features.workshops.report import WorkshopRecord, counted, records
from acogida.features.workshops.words import DIAGNOSIS
from acogida.kernel.facts import Fact
from acogida.kernel.work import Work
from acogida.web.format import long_date


async def facts(work: Work) -> dict[str, Fact]:
    held = await records(work, held=True)
    diagnosis = [record for record in held if record.workshop.kind in DIAGNOSIS]
    planning = [record for record in held if record.workshop.kind == "planning"]
    noted = [record for record in diagnosis if record.entries]
    systematised = [record for record in planning if record.workshop.conclusions.strip()]
    entries = sum(len(record.entries) for record in noted)
    return {
        "workshops.diagnosis_held": _held(diagnosis),
        "workshops.diagnosis_officials": _held(
            [record for record in diagnosis if record.workshop.kind == "diagnosis_officials"]
        ),
        "workshops.diagnosis_users": _held(
            [record for record in diagnosis if record.workshop.kind == "diagnosis_users"]
        ),
        "workshops.diagnosis_recorded": Fact(
            bool(noted),
            f"{counted(entries, 'anotación', 'anotaciones')} en {counted(len(noted), 'taller', 'talleres')}"
            if noted
            else "",
            entries,
        ),
        "workshops.planning_held": _held(planning),
        "workshops.planning_systematised": Fact(
            bool(systematised),
            f"Conclusiones escritas de «{systematised[-1].workshop.title}»" if systematised else "",
            len(systematised),
        ),
    }


def _held(found: Sequence[WorkshopRecord]) -> Fact:
    if not found:
        return Fact(False, "", 0)
    last = found[-1]
    return Fact(
        True,
        f"{last.workshop.title}, {long_date(last.workshop.held_on)}, {counted(last.people, 'persona', 'personas')}",
        len(found),
    )
