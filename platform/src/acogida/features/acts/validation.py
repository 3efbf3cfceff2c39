"""How far the validation of the Policy is: instances in the guide's order, units that validated, the concejo's term."""

from dataclasses import dataclass
from datetime import date, timedelta

from acogida.features.acts import store
from acogida.features.bodies import public as bodies
from acogida.features.bodies.public import InternalValidation
from acogida.features.initiatives.public import units
from acogida.kernel.work import Work

TERM = timedelta(days=20)
"""Days that the concejo has to decide what needs its agreement (Ley 18.695, art. 82 c), counted one after another."""


@dataclass(frozen=True, slots=True)
class InternalProgress:
    """Units responsible for initiatives, and which of them validated by themselves (VAL-4.1-03, reading AMB-02)."""

    units: tuple[str, ...]
    done: tuple[InternalValidation, ...]
    missing: tuple[str, ...]

    @property
    def complete(self) -> bool:
        """Whether every unit responsible for an initiative has validated; never without initiatives."""
        return bool(self.units) and not self.missing

    @property
    def words(self) -> str:
        if not self.done:
            return ""
        validated = len(self.units) - len(self.missing)
        told = f"{validated} de {len(self.units)} unidades responsables"
        return f"{told}; faltan {', '.join(self.missing)}" if self.missing else told


async def internal_progress(work: Work) -> InternalProgress:
    """This function will say which units responsible for an initiative have validated and which have not."""
    done = tuple(await bodies.internal_validations(work))
    responsible = tuple(await units(work))
    validated = {bodies.fold_name(one.unit) for one in done}
    return InternalProgress(
        responsible, done, tuple(unit for unit in responsible if bodies.fold_name(unit) not in validated)
    )


@dataclass(frozen=True, slots=True)
class ConcejoTerm:
    """The concejo's term for the Policy: it runs from the session where it was presented."""

    presented_on: date
    today: date
    voted_on: date | None
    applies: bool | None
    """What the municipality said; empty while it has not."""
    notes: str

    @property
    def due_on(self) -> date:
        return self.presented_on + TERM

    @property
    def days_left(self) -> int:
        return (self.due_on - self.today).days

    @property
    def stands(self) -> bool:
        """Whether the mayor's proposal stands because the concejo let the term pass without deciding."""
        return bool(self.applies) and self.voted_on is None and self.days_left < 0


async def concejo_term(work: Work) -> ConcejoTerm | None:
    """This function will give the concejo's term, or None while the Policy has not been presented to it."""
    session = await bodies.concejo_presentation(work)
    if session is None:
        return None
    vote = await store.standing_act(work, "concejo_vote")
    answer = await store.newest(work, "concejo_term")
    return ConcejoTerm(
        presented_on=session.meeting.held_on,
        today=work.today(),
        voted_on=vote.dated_on if vote else None,
        applies=answer.content.get("applies") if answer else None,
        notes=str(answer.content.get("notes", "")) if answer else "",
    )
