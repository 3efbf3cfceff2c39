"""How gates and things are put on the screen: addresses, words, marks. No rule of the guide is decided here."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from markupsafe import Markup

from acogida.features.cycles.dates import Span
from acogida.features.cycles.gates import (
    Board,
    GateStanding,
    GateState,
    Need,
    StageStanding,
    Thing,
    Weight,
    concerns,
    name_of,
    names,
)
from acogida.features.methodology.model import Guide, Level
from acogida.kernel.duties import Duty
from acogida.kernel.work import Work
from acogida.web.format import long_date, near
from acogida.web.shell import ShellStage

STATES: Mapping[GateState, tuple[str, str]] = {
    GateState.CLOSED: ("Cerrado", "done"),
    GateState.READY: ("Listo para cerrar", "active"),
    GateState.OPEN: ("En curso", "active"),
    GateState.WAITING: ("Espera otro paso", "waiting"),
    GateState.DUTIES: ("Trabajo continuo", "active"),
    GateState.LATER: ("Más adelante", "idle"),
}
"""Words and mark of a gate's state."""

_LEVELS: Mapping[Weight, str] = {
    "minimum": "minimum",
    "required": "minimum",
    "ideal": "ideal",
    "duty": "recommended",
    "recommended": "recommended",
}

_ICONS = {
    "preparacion/carta": "signature",
    "preparacion": "document",
    "equipos/mesa": "mesa",
    "equipos": "team",
    "sesiones": "meeting",
    "talleres": "team",
    "diagnostico/fuentes": "list",
    "diagnostico/servicios": "building",
    "diagnostico/redes": "link",
    "diagnostico/hallazgos": "finding",
    "planificacion/objetivos": "objective",
    "planificacion/revision": "grid",
    "iniciativas": "initiative",
    "validacion/aprobacion": "signature",
    "validacion": "comment",
    "seguimiento": "indicator",
}

_RIGHTS = {
    "preparacion": ("commitment:edit", "act:record"),
    "equipos": ("team:edit",),
    "personas": ("people:invite",),
    "sesiones": ("meeting:edit",),
    "diagnostico": ("diagnosis:edit",),
    "talleres": ("diagnosis:edit",),
    "planificacion": ("planning:edit",),
    "iniciativas": ("initiative:edit",),
    "validacion": ("act:record", "policy:approve", "observation:answer"),
    "documento": ("document:edit", "document:freeze"),
    "difusion": ("diffusion:edit",),
    "seguimiento": ("progress:report", "progress:report_own"),
}
"""Whoever holds one of these may do what the screen is for; others are taken to look at it."""


_EITHER = "Basta con esto o con lo que sigue."
_INSTEAD = "Vale en lugar de lo anterior."


@dataclass(frozen=True, slots=True)
class Requirement:
    """A row of `ui.requirement`."""

    id: str
    title: str
    level: str
    done: bool
    artefact: str
    artefact_href: str
    meta: str
    verb: str
    href: str
    who: str
    note: str
    icon: str


@dataclass(frozen=True, slots=True)
class Errand:
    """Something to do: in words, where, who owes it, and the words of its button."""

    text: str
    name: str
    href: str
    label: str
    who: str = ""
    due: str = ""
    mine: bool = False
    step: str = ""
    progress: str = ""
    """How far it is, where somebody has begun."""


@dataclass(frozen=True, slots=True)
class StageCard(ShellStage):
    """A card of the board; the frame shows its counts too."""

    ideal_met: int = 0
    ideal_total: int = 0
    due: str = ""
    lead: str = ""
    ring_words: str = "mínimos cumplidos"


@dataclass(frozen=True, slots=True)
class Owed:
    """What one person or team owes."""

    who: str
    mine: bool
    items: tuple[Errand, ...]


class Screens:
    """Words and addresses for one workspace and one person."""

    def __init__(self, work: Work, guide: Guide) -> None:
        self._work = work
        self._guide = guide
        self.home = f"/m/{work.tenant.slug}"

    def href(self, screen: str | None) -> str:
        """This method will give the address of a screen that a row names; empty where it names none."""
        if screen is None:
            return ""
        if screen.startswith("/"):
            return screen.replace("<cut>", self._work.tenant.cut)
        return f"{self.home}/{screen}" if screen else self.home

    def step_href(self, step: str) -> str:
        return f"{self.home}/etapas/{self._guide.step(step).stage}/{step}"

    def verb(self, thing: Thing) -> str:
        """This method will give the words of a thing's button: its verb, or «Ver…» for whoever may only look."""
        rights = _best(_RIGHTS, thing.screen or "") or ()
        return thing.action if not rights or any(map(self._work.actor.may, rights)) else "Ver cómo va"

    def mine(self, thing: Thing) -> bool:
        return concerns(thing.row.who, self._work.actor.roles)

    def who(self, thing: Thing) -> str:
        """This method will name who owes a thing and, on the screen and never on paper, that it is whoever looks."""
        return yours(names(self._guide, thing.row.who), self.mine(thing))

    def requirement(self, thing: Thing, note: str = "", *, title: str = "") -> Requirement:
        """This method will give a thing as a row: the artefact, or the empty frame with the verb that makes it.

        What is only recommended goes by its short name, with the guide's words as a note.
        """
        optional = thing.weight == "recommended"
        progress = f"Hasta ahora: {thing.shows}." if thing.shows and not thing.met else ""
        words = thing.row.text if optional else ""
        return Requirement(
            id=thing.row.id,
            title=title or (thing.name if optional else thing.row.text),
            level="rule" if optional and thing.row.level is Level.RULE else _LEVELS[thing.weight],
            done=thing.met,
            artefact=(thing.shows or thing.name) if optional else thing.name,
            artefact_href=self.href(thing.screen) if thing.met else "",
            meta=thing.shows if thing.met and not optional else "",
            verb=self.verb(thing),
            href="" if thing.met else self.href(thing.screen),
            who=self.who(thing),
            note=" ".join(part for part in (words, progress, note) if part),
            icon=(_best(_ICONS, thing.screen or "") or "document") if thing.met else "",
        )

    def need(self, need: Need) -> tuple[Requirement, ...]:
        """This method will give a need as rows: what met it alone, or every way of meeting it."""
        if need.met:
            return (self.requirement(need.thing),)
        if len(need.things) == 1:
            return (self.requirement(need.things[0]),)
        first, *others = need.things
        return (
            self.requirement(first, _EITHER),
            *(self.requirement(thing, _INSTEAD) for thing in others),
        )

    def lacking(self, need: Need) -> tuple[Requirement, ...]:
        """This method will give what is missing as rows that say so, each with its person and its button."""
        first, *others = need.things
        return (
            self.requirement(first, _EITHER if others else "", title=first.missing),
            *(self.requirement(thing, _INSTEAD, title=thing.missing) for thing in others),
        )

    def errand(self, thing: Thing, *, text: str = "", due: str = "") -> Errand:
        return Errand(
            text=text or thing.missing,
            name=thing.action,
            href=self.href(thing.screen),
            label=self.verb(thing),
            who=self.who(thing),
            due=due,
            mine=self.mine(thing),
            step=thing.row.step or "",
            progress=thing.shows,
        )

    def closing(self, gate: GateStanding, *, due: str = "") -> Errand:
        """This method will give the errand of closing a gate that lacks nothing."""
        return Errand(
            text=f"Está todo lo que la guía pide en {name_of(gate.gate)}. Falta cerrarlo.",
            name=f"Cerrar {name_of(gate.gate)}",
            href=f"{self.step_href(gate.step)}#cerrar",
            label="Revisar y cerrar",
            who=yours(self._guide.role("executive_team").title, self._work.actor.may("gate:close")),
            due=due,
            mine=self._work.actor.may("gate:close"),
            step=gate.step,
        )

    def next_step(self, board: Board, dates: Mapping[str, Span]) -> Errand:
        """This method will give the one thing to do now (interface: «Next step first»)."""
        gate = board.current
        if gate is not None:
            due = self.due(dates.get(gate.stage.key))
            return self.closing(gate, due=due) if not gate.unmet else self._bring(gate.unmet[0], due)
        if board.duties:
            return self.errand(board.duties[0], due=self.due(dates.get("implementation")))
        return Errand(
            text="La Política está en marcha. Toca informar cómo avanza cada iniciativa y conversarlo en la reunión de seguimiento.",
            name="Informar avances",
            href=f"{self.home}/seguimiento",
            label="Ver el seguimiento",
            who=self._guide.role("executive_team").title,
        )

    def _bring(self, need: Need, due: str) -> Errand:
        return self.errand(need.thing, text=need.missing, due=due)

    def due(self, span: Span | None) -> str:
        """This method will say until when, as a suggestion: no date of the guide binds (reading AMB-26)."""
        if span is None or span.ends_on is None:
            return ""
        today = self._work.today()
        if span.ends_on < today:
            return f"La fecha sugerida fue {_on(span.ends_on, today)}"
        return f"Sugerido para {_on(span.ends_on, today)}"

    def cards(self, board: Board, dates: Mapping[str, Span]) -> tuple[StageCard, ...]:
        return tuple(self.card(stage, dates.get(stage.stage.key)) for stage in board.stages)

    def card(self, stage: StageStanding, span: Span | None) -> StageCard:
        """This method will give a stage with its ring, its dots, its date and who leads it."""
        return StageCard(
            key=stage.stage.key,
            number=stage.stage.number,
            title=stage.stage.title,
            state=stage.state,
            url=f"{self.home}/etapas/{stage.stage.key}",
            minimum_met=stage.minimum_met,
            minimum_total=stage.minimum_total,
            ideal_met=stage.ideal_met,
            ideal_total=stage.ideal_total,
            due=period(span),
            lead=span.lead if span else "",
            ring_words="tareas hechas" if stage.by_duties else "mínimos cumplidos",
        )

    def owed(self, board: Board, duties: Sequence[Duty]) -> tuple[Owed, ...]:
        """This method will group what is owed by who owes it: whoever is looking first, then by what is due first.

        Agreements come as they were written; what the gates lack is owed by whom the guide names.
        """
        today = self._work.today()
        grouped: dict[str, list[Errand]] = {}
        mine: set[str] = set()
        for duty in duties:
            who = duty.who or "Sin responsable"
            errand = Errand(duty.text, duty.text, self.href(duty.path), "", who, _by(duty.due_on, today), duty.mine)
            grouped.setdefault(who, []).append(errand)
            if duty.mine:
                mine.add(who)
        for _, need in board.pending:
            errand = self.errand(need.thing)
            who = names(self._guide, need.thing.row.who)
            grouped.setdefault(who, []).append(errand)
            if errand.mine:
                mine.add(who)
        found = (Owed(who, who in mine, tuple(items)) for who, items in grouped.items())
        return tuple(sorted(found, key=lambda owed: not owed.mine))


def yours(who: str, mine: bool) -> str:
    """This function will add to a name that it is whoever looks, for the screen only."""
    return who + Markup(' <span class="screen-only">(usted)</span>') if mine else who


def period(span: Span | None) -> str:
    """This function will write a period in short: «1 mar – 12 abr 2027»; empty where nothing was set."""
    if span is None or not (span.starts_on or span.ends_on):
        return ""
    if span.starts_on is None:
        return f"Hasta el {short(span.ends_on)}"
    if span.ends_on is None:
        return f"Desde el {short(span.starts_on)}"
    if span.starts_on.year == span.ends_on.year:
        return f"{short(span.starts_on, year=False)} – {short(span.ends_on)}"
    return f"{short(span.starts_on)} – {short(span.ends_on)}"


T = TypeVar("T")
_MONTHS = ("ene", "feb", "mar", "abr", "may", "jun", "jul", "ago", "sep", "oct", "nov", "dic")


def short(day: date | None, *, year: bool = True) -> str:
    """This function will write `12 dic 2026`, or `12 dic`, kept in one line."""
    if day is None:
        return ""
    return f"{day.day}\u00a0{_MONTHS[day.month - 1]}" + (f"\u00a0{day.year}" if year else "")


def _on(day: date, today: date) -> str:
    words = near(day, today)
    return f"el {words}" if words == long_date(day) else words


def _by(day: date | None, today: date) -> str:
    if day is None:
        return ""
    return f"Venció {_on(day, today)}" if day < today else f"Vence {_on(day, today)}"


def _best(known: Mapping[str, T], screen: str) -> T | None:
    """The value of the longest prefix of `screen` that is known."""
    parts = screen.split("/")
    return next((known[key] for n in range(len(parts), 0, -1) if (key := "/".join(parts[:n])) in known), None)


def labels_of(steps: Iterable[str]) -> str:
    """This function will write steps in a sentence: «4.1, 4.2 y 4.3»."""
    *first, last = steps
    return f"{', '.join(first)} y {last}" if first else last
