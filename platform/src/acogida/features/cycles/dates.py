"""When each stage runs, and how long the policy is in force: what the municipality sets and what Acogida proposes."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import NamedTuple

from acogida.features.cycles import store
from acogida.features.cycles.model import StageDate
from acogida.kernel import audit
from acogida.kernel.errors import NotAllowed, Rejected
from acogida.kernel.work import Work

STAGES = ("preparation", "diagnosis", "planning", "validation", "implementation")
"""The stages that may carry dates, in the guide's order (02)."""

PROPOSED_WEEKS = {"preparation": 6, "diagnosis": 14, "planning": 10, "validation": 10}
"""Weeks that Acogida proposes for each stage of design. The guide gives none (reading AMB-26)."""

RECOMMENDED_YEARS = (3, 4)
"""How long the guide suggests that a policy be in force (02 · 5.4)."""


class Span(NamedTuple):
    """Start, end (both included) and who leads a stage."""

    starts_on: date | None
    ends_on: date | None
    lead: str = ""


class Vigencia(NamedTuple):
    """First and last day in force (reading AMB-05)."""

    valid_from: date
    valid_until: date

    @property
    def years(self) -> float:
        """Length in years, to one decimal."""
        return round(((self.valid_until - self.valid_from).days + 1) / 365.25, 1)

    @property
    def recommended(self) -> bool:
        """Whether it lasts what the guide suggests, give or take a month."""
        least, most = RECOMMENDED_YEARS
        return least - 0.1 <= self.years <= most + 0.1


def propose_dates(start: date) -> dict[str, Span]:
    """This function will propose a schedule that starts on `start`: nobody is bound by it (reading AMB-26).

    Implementation is given the three years that the guide takes as the least for a policy.
    """
    proposed: dict[str, Span] = {}
    day = start
    for stage, weeks in PROPOSED_WEEKS.items():
        last = day + timedelta(weeks=weeks, days=-1)
        proposed[stage] = Span(day, last)
        day = last + timedelta(days=1)
    proposed["implementation"] = Span(day, years_later(day, RECOMMENDED_YEARS[0]))
    return proposed


def years_later(day: date, years: int) -> date:
    """This function will give the last day of a period of `years` that starts on `day`."""
    try:
        return day.replace(year=day.year + years) - timedelta(days=1)
    except ValueError:  # 29 February
        return day.replace(year=day.year + years, day=28)


async def stage_dates(work: Work) -> dict[str, Span]:
    """This function will give what was set for each stage; a stage without dates is not there."""
    return {
        row.stage: Span(row.starts_on, row.ends_on, row.lead)
        for row in sorted(await store.stage_dates(work), key=lambda row: STAGES.index(row.stage))
    }


async def set_stage_dates(work: Work, dates: Mapping[str, tuple[date | None, date | None, str]]) -> None:
    """This function will set dates and lead of the stages given, and leave the others as they were.

    Raises `Rejected` with the field `<stage>_ends_on` where a stage would end before it starts.
    """
    work.require("commitment:edit")
    known = {row.stage: row for row in await store.stage_dates(work, lock=True)}
    faults = {
        f"{stage}_ends_on": "La fecha de término es anterior a la de inicio."
        for stage, (starts_on, ends_on, _) in dates.items()
        if starts_on and ends_on and ends_on < starts_on
    }
    if strange := set(dates) - set(STAGES):
        raise Rejected(f"No se conoce la etapa «{min(strange)}».")
    if faults:
        raise Rejected(fields=faults)

    before: dict[str, object] = {}
    after: dict[str, object] = {}
    for stage, wanted in dates.items():
        row = known.get(stage)
        old = Span(row.starts_on, row.ends_on, row.lead) if row else Span(None, None)
        new = Span(*wanted)
        if old == new:
            continue
        if row is None:
            row = StageDate(stage=stage)
            work.session.add(row)
        row.starts_on, row.ends_on, row.lead = new
        for name in Span._fields:
            before[f"{stage}_{name}"] = getattr(old, name)
            after[f"{stage}_{name}"] = getattr(new, name)
    if not after:
        return
    await work.session.flush()

    await audit.record(work, "stage_date.edited", "fijó las fechas de las etapas", before=before, after=after)


async def vigencia(work: Work) -> Vigencia | None:
    """This function will give how long the policy is in force, or None while it has not been set."""
    cycle = (await store.standing(work)).cycle
    if cycle.valid_from is None or cycle.valid_until is None:
        return None
    return Vigencia(cycle.valid_from, cycle.valid_until)


async def set_vigencia(work: Work, valid_from: date, valid_until: date) -> Vigencia:
    """This function will set how long the policy is in force: three to four years are recommended and never imposed.

    Raises `Rejected` with the field `valid_until` where it would end before it starts or last more than ten years.
    """
    if not (work.actor.may("act:record") or work.actor.may("policy:approve")):
        raise NotAllowed
    cycle = (await store.standing_locked(work)).cycle
    if valid_until <= valid_from:
        raise Rejected(fields={"valid_until": "El término de la vigencia debe ser posterior a su inicio."})
    if valid_until > years_later(valid_from, 10):
        raise Rejected(
            fields={"valid_until": "La vigencia no puede durar más de diez años. La guía sugiere tres o cuatro."}
        )

    before = {"valid_from": cycle.valid_from, "valid_until": cycle.valid_until}
    after = {"valid_from": valid_from, "valid_until": valid_until}
    if before == after:
        return Vigencia(valid_from, valid_until)
    cycle.valid_from, cycle.valid_until = valid_from, valid_until
    await work.session.flush()

    await audit.record(
        work, "cycle.vigencia_set", "fijó la vigencia de la Política", subject=cycle, before=before, after=after
    )
    return Vigencia(valid_from, valid_until)
