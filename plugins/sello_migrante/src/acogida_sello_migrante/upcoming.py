"""What comes next and when: actions, activities, steps of the process, and the Sello to be evaluated again."""

from dataclasses import dataclass
from datetime import date, timedelta

from acogida.sdk import Work, plugin_settings
from acogida_sello_migrante.forms import Settings
from acogida_sello_migrante.standing import Kept, StepStanding

MONTH = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Coming:
    """Something that is owed, who owes it and where it is done: `path` is relative to the extension's pages."""

    text: str
    who: str
    path: str
    due_on: date


async def notice_of(work: Work) -> timedelta:
    """This function will give how long before the Sello ends the municipality wants to be told."""
    return int((await plugin_settings(work, "sello_migrante", Settings)).ahead) * MONTH


def upcoming(work: Work, kept: Kept, steps: tuple[StepStanding, ...], notice: timedelta) -> list[Coming]:
    """This function will list what is owed, the nearest first; what is overdue comes before all."""
    found = [
        Coming(row.title, row.responsible or row.unit, f"plan/acciones/{row.id}", row.ends_on)
        for row in kept.actions
        if row.ends_on and row.state in ("planned", "underway")
    ]
    found += [
        Coming(
            f"Capacitación: {each.course.title}",
            each.course.provider,
            f"capacitacion/{each.course.id}",
            each.course.planned_on,
        )
        for each in kept.register.courses
        if each.course.state == "planned" and each.course.planned_on
    ]
    found += [
        Coming(f"Sello Migrante: {each.step.title.lower()}", "", f"proceso/{each.step.id}", each.planned_on)
        for each in steps
        if each.planned_on and each.state != "done"
    ]
    again = kept.due_again_on
    if again and again - notice <= work.today():
        found.append(Coming("Revalidar el Sello Migrante (cada dos años)", "", "proceso", again))
    return sorted(found, key=lambda each: (each.due_on, each.text))
