"""The monitoring sheet as a whole: each initiative with its newest report, what is late, the quarters and the totals."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Literal
from uuid import UUID

from acogida.features.initiatives import public as initiatives
from acogida.features.initiatives.public import PlannedInitiative
from acogida.features.monitoring import store
from acogida.features.monitoring.model import ActionPlan, ProgressUpdate
from acogida.features.monitoring.words import (
    CLOSED,
    JUST_BEGUN_DAYS,
    SILENCE_DAYS,
    STATE_MARKS,
    STATES,
    UNREPORTED,
    UNREPORTED_LABEL,
)
from acogida.kernel.permissions import reaches
from acogida.kernel.tenancy import Actor
from acogida.kernel.work import Work, asked_once
from acogida.web.format import long_date, short_date

_MOST_QUARTERS = 20


@dataclass(frozen=True, slots=True)
class Mark:
    """Something about an initiative that calls for attention, in words. `since` is the day on which it began."""

    kind: Literal["term", "silence", "adjustment"]
    words: str
    since: date


@dataclass(frozen=True)
class SheetRow:
    """An initiative with its newest report (None while nobody has reported)."""

    initiative: PlannedInitiative
    update: ProgressUpdate | None
    marks: tuple[Mark, ...]

    @property
    def id(self) -> UUID:
        return self.initiative.id

    @property
    def state(self) -> str:
        return self.update.status if self.update else UNREPORTED

    @property
    def state_label(self) -> str:
        return STATES.get(self.state, UNREPORTED_LABEL)

    @property
    def state_mark(self) -> str:
        return STATE_MARKS.get(self.state, "idle")

    @property
    def percent(self) -> int:
        return self.update.percent if self.update else 0

    @property
    def spent(self) -> int:
        return (self.update.spent or 0) if self.update else 0

    @property
    def who(self) -> str:
        """The person responsible and the unit, as far as they are known."""
        return ", ".join(part for part in (self.initiative.responsible, self.initiative.unit) if part)


@dataclass(frozen=True)
class Totals:
    """What a set of initiatives adds up to; those dropped count only in `initiatives`."""

    initiatives: int
    percent: int
    """Mean progress of the initiatives that go on, those without a report as zero."""
    budget: int
    spent: int
    states: Mapping[str, int]
    late: int
    silent: int

    @property
    def spent_share(self) -> int | None:
        """Per cent of the budget that has been spent; None without a budget."""
        return round(100 * self.spent / self.budget) if self.budget else None


@dataclass(frozen=True, slots=True)
class Quarter:
    """Three months of a calendar year."""

    year: int
    number: int

    @classmethod
    def of(cls, day: date) -> "Quarter":
        return cls(day.year, (day.month - 1) // 3 + 1)

    @property
    def first(self) -> date:
        return date(self.year, 3 * self.number - 2, 1)

    @property
    def next(self) -> "Quarter":
        return Quarter(self.year + self.number // 4, self.number % 4 + 1)

    @property
    def last(self) -> date:
        return self.next.first - timedelta(days=1)

    @property
    def label(self) -> str:
        return f"{('1.er', '2.º', '3.er', '4.º')[self.number - 1]} trimestre {self.year}"

    @property
    def months(self) -> str:
        return ("enero a marzo", "abril a junio", "julio a septiembre", "octubre a diciembre")[self.number - 1]


@dataclass(frozen=True, slots=True)
class QuarterCell:
    """How an initiative stood in a quarter: words, and the kind of mark beside them («» draws nothing)."""

    words: str
    kind: str = ""
    note: str = ""


@dataclass(frozen=True)
class Filter:
    """What the sheet is narrowed to; empty values narrow nothing."""

    axis: str = ""
    unit: str = ""
    state: str = ""
    attention: bool = False

    def keeps(self, row: SheetRow) -> bool:
        """This method will tell whether the row stays."""
        return (
            (not self.axis or str(row.initiative.axis_id or "none") == self.axis)
            and (not self.unit or _same(row.initiative.unit, self.unit))
            and (not self.state or row.state == self.state)
            and (not self.attention or bool(row.marks))
        )

    def __bool__(self) -> bool:
        return bool(self.axis or self.unit or self.state or self.attention)


@dataclass(frozen=True)
class MonitoringSheet:
    """The whole sheet, in the order of the plan."""

    rows: tuple[SheetRow, ...]
    plan: ActionPlan | None
    today: date

    @cached_property
    def totals(self) -> Totals:
        return totals_of(self.rows)

    def narrowed(self, wanted: Filter) -> "MonitoringSheet":
        """This method will give the same sheet with only the rows that `wanted` keeps."""
        return MonitoringSheet(tuple(row for row in self.rows if wanted.keeps(row)), self.plan, self.today)

    @property
    def by_axis(self) -> list[tuple[str, tuple[SheetRow, ...], Totals]]:
        """(name, rows, totals) of each eje that has initiatives; those without one under «»."""
        grouped: dict[str, list[SheetRow]] = {}
        for row in self.rows:
            grouped.setdefault(row.initiative.axis, []).append(row)
        return [(name, tuple(rows), totals_of(rows)) for name, rows in grouped.items()]

    @property
    def axes(self) -> list[tuple[str, str]]:
        """(value of the filter, name) of each eje that has initiatives."""
        found = {str(row.initiative.axis_id or "none"): row.initiative.axis or "Sin eje" for row in self.rows}
        return list(found.items())

    @property
    def units(self) -> list[str]:
        return sorted({row.initiative.unit for row in self.rows if row.initiative.unit}, key=str.casefold)

    @property
    def needing_attention(self) -> tuple[SheetRow, ...]:
        """Rows with a mark, those that have waited longest first."""
        marked = [row for row in self.rows if row.marks]
        return tuple(sorted(marked, key=lambda row: min(mark.since for mark in row.marks)))

    @property
    def quarters(self) -> tuple[Quarter, ...]:
        """From the first quarter that the plan touches to the last, the current one within, twenty at most."""
        days = [day for row in self.rows for day in (row.initiative.starts_on, row.initiative.ends_on) if day]
        days += [row.update.reported_on for row in self.rows if row.update]
        if self.plan and self.plan.starts_on:
            days = [max(day, self.plan.starts_on) for day in days] + [self.plan.starts_on]
        quarter, last = Quarter.of(min([*days, self.today])), Quarter.of(max([*days, self.today]))
        found = [quarter]
        while quarter != last:
            quarter = quarter.next
            found.append(quarter)
        if len(found) > _MOST_QUARTERS:
            here = found.index(Quarter.of(self.today))
            start = min(max(0, here - _MOST_QUARTERS // 2), len(found) - _MOST_QUARTERS)
            found = found[start : start + _MOST_QUARTERS]
        return tuple(found)

    def in_quarters(self, updates: Sequence[ProgressUpdate]) -> list[tuple[SheetRow, list[QuarterCell]]]:
        """This method will tell how each initiative stood in each of `quarters`; `updates` are all of them."""
        of_initiative: dict[UUID, list[ProgressUpdate]] = {}
        for update in sorted(updates, key=lambda each: (each.reported_on, each.id)):
            of_initiative.setdefault(update.initiative_id, []).append(update)
        return [
            (row, [self._cell(row, quarter, of_initiative.get(row.id, ())) for quarter in self.quarters])
            for row in self.rows
        ]

    def _cell(self, row: SheetRow, quarter: Quarter, updates: Sequence[ProgressUpdate]) -> QuarterCell:
        within = [update for update in updates if quarter.first <= update.reported_on <= quarter.last]
        if within:
            last = within[-1]
            kind = "late" if not last.on_track and last.status not in CLOSED else STATE_MARKS[last.status]
            return QuarterCell(
                STATES[last.status], kind, f"{last.percent} %" + ("" if last.on_track else ", fuera de lo planificado")
            )
        before = [update for update in updates if update.reported_on < quarter.first]
        if before and before[-1].status in CLOSED:
            return QuarterCell("")
        begins = beginning(row.initiative, self.plan)
        ends = row.initiative.ends_on
        if (
            begins is None
            or (quarter.last - begins).days < JUST_BEGUN_DAYS
            or (ends and quarter.first > ends and not before)
        ):
            return QuarterCell("")
        if quarter.first > self.today:
            return QuarterCell("") if ends and quarter.first > ends else QuarterCell("Programada", "idle")
        if quarter.last >= self.today:
            return QuarterCell("Por informar", "waiting")
        return QuarterCell(UNREPORTED_LABEL, "soon")


@asked_once
async def read_sheet(work: Work) -> MonitoringSheet:
    """This function will put the plan and its reports together, in three queries."""
    plan = await store.action_plan(work)
    latest = await store.latest_updates(work)
    today = work.today()
    return MonitoringSheet(
        tuple(
            SheetRow(row, latest.get(row.id), marks_of(row, latest.get(row.id), plan, today))
            for row in await initiatives.initiatives(work)
        ),
        plan,
        today,
    )


def beginning(initiative: PlannedInitiative, plan: ActionPlan | None) -> date | None:
    """This function will tell from when news is expected: not before the initiative starts nor before implementation does."""
    known = [day for day in (initiative.starts_on, plan.starts_on if plan else None) if day]
    return max(known) if known else None


def marks_of(
    initiative: PlannedInitiative, update: ProgressUpdate | None, plan: ActionPlan | None, today: date
) -> tuple[Mark, ...]:
    """This function will tell what calls for attention: term passed, silence, an adjustment past its term."""
    if update and update.status in CLOSED:
        return ()
    found: list[Mark] = []
    if initiative.ends_on and initiative.ends_on < today:
        found.append(Mark("term", f"Venció el {short_date(initiative.ends_on)}", initiative.ends_on))
    heard = update.reported_on if update else beginning(initiative, plan)
    if heard and (today - heard).days > SILENCE_DAYS:
        words = (
            f"Sin informe desde el {short_date(heard)}"
            if update
            else f"Sin informe desde su inicio, {short_date(heard)}"
        )
        found.append(Mark("silence", words, heard))
    if update and update.needs_adjustment and update.adjustment_due and update.adjustment_due < today:
        found.append(
            Mark("adjustment", f"Ajuste vencido el {short_date(update.adjustment_due)}", update.adjustment_due)
        )
    return tuple(found)


def totals_of(rows: Sequence[SheetRow]) -> Totals:
    """This function will add up a set of rows."""
    going = [row for row in rows if row.state != "dropped"]
    states = Counter(row.state for row in rows)
    return Totals(
        initiatives=len(rows),
        percent=round(sum(row.percent for row in going) / len(going)) if going else 0,
        budget=sum(row.initiative.budget or 0 for row in going),
        spent=sum(row.spent for row in rows),
        states={state: states[state] for state in (*STATES, UNREPORTED) if states[state]},
        late=sum(any(mark.kind == "term" for mark in row.marks) for row in rows),
        silent=sum(any(mark.kind == "silence" for mark in row.marks) for row in rows),
    )


def may_report(actor: Actor, initiative: PlannedInitiative) -> bool:
    """This function will tell whether the actor may report on this initiative: any, or only those they were given."""
    return reaches(
        actor, "progress:report", unit=initiative.unit, axis_id=initiative.axis_id, initiative_id=initiative.id
    )


def said(update: ProgressUpdate) -> str:
    """This function will put a report in a line, for the book and the lists."""
    return f"{STATES[update.status]}, {update.percent} %, al {long_date(update.reported_on)}"


def _same(one: str, other: str) -> bool:
    return " ".join(one.split()).casefold() == " ".join(other.split()).casefold()
