"""What every action of the plan does on its way: compare versions, look up what a field refers to, set, put in order."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol, TypeVar
from uuid import UUID

from acogida.features.diagnosis import public as diagnosis
from acogida.features.initiatives import store
from acogida.features.initiatives.model import Axis, Initiative, Objective
from acogida.kernel import permissions
from acogida.kernel.db import TenantTable
from acogida.kernel.errors import NotAllowed, NotFound, Rejected, Stale
from acogida.kernel.tenancy import Actor
from acogida.kernel.work import Work


class Row(Protocol):
    """What is looked at to know whose an initiative is."""

    @property
    def id(self) -> UUID: ...
    @property
    def name(self) -> str: ...
    @property
    def unit(self) -> str: ...
    @property
    def axis_id(self) -> UUID | None: ...


R = TypeVar("R", Axis, Objective, Initiative)
"""A row that has its place in a list."""


def reaches(actor: Actor, row: Row) -> bool:
    """This function will tell whether the actor may change this initiative: any, or one of those they were given."""
    return permissions.reaches(actor, "initiative:edit", unit=row.unit, axis_id=row.axis_id, initiative_id=row.id)


def require_reach(work: Work, row: Row) -> None:
    """This function will raise `NotAllowed` unless the actor may change this very initiative."""
    if not reaches(work.actor, row):
        raise NotAllowed(
            f"Usted edita lo que tiene a su cargo. «{row.name}» es de {row.unit or 'una unidad por definir'}."
        )


def stay_within_reach(work: Work, row: Row) -> None:
    """This function will refuse a change that takes an initiative out of the hands of who makes it."""
    if not reaches(work.actor, row):
        raise Rejected(
            fields={"unit": "Con este cambio dejaría de estar a su cargo: pídalo a la secretaría ejecutiva."}
        )


def unchanged_since(row: TenantTable, version: int) -> None:
    """This function will raise `Stale` when somebody saved the row after the person read it."""
    if row.version != version:
        raise Stale(row)


async def set_fields(work: Work, row: TenantTable, changes: Mapping[str, object]) -> dict[str, object]:
    """This function will write the fields and give what they held before."""
    before = {name: getattr(row, name) for name in changes}
    for name, value in changes.items():
        setattr(row, name, value)
    await work.session.flush()
    return before


def among(rows: Iterable[R], wanted: UUID) -> R:
    """This function will find a row in a list that was read whole, or raise `NotFound`."""
    found = next((each for each in rows if each.id == wanted), None)
    if found is None:
        raise NotFound
    return found


async def swap(work: Work, rows: Sequence[R], row: R, *, up: bool) -> bool:
    """This function will swap a row with its neighbour and number the list from one; False at the end of it."""
    order = list(rows)
    place = order.index(row)
    target = place - 1 if up else place + 1
    if not 0 <= target < len(order):
        return False
    order[place], order[target] = order[target], order[place]
    for position, each in enumerate(order, 1):
        each.position = position
    await work.session.flush()
    return True


async def axis_of(work: Work, text: str) -> UUID | None:
    """This function will give the id of an eje of this workspace, or refuse it beside its field."""
    axis_id = as_id(text)
    if text and axis_id not in {axis.id for axis in await store.axes(work)}:
        raise Rejected(fields={"axis_id": "Ese eje ya no existe. Elija uno de la lista."})
    return axis_id


async def objective_of(work: Work, text: str) -> UUID | None:
    """This function will give the id of a specific objective of this workspace, or refuse it beside its field."""
    objective_id = as_id(text)
    if text and objective_id not in {each.id for each in await store.objectives(work) if each.kind == "specific"}:
        raise Rejected(fields={"objective_id": "Ese objetivo ya no existe. Elija uno de la lista."})
    return objective_id


async def findings_of(work: Work, wanted: Sequence[str]) -> set[UUID]:
    """This function will give the ids of these findings, or refuse them beside their field."""
    chosen = {as_id(each) for each in wanted}
    known = {each.id for each in await diagnosis.findings(work)} if chosen else set()
    if not chosen <= known:
        raise Rejected(fields={"findings": "Alguno de esos hallazgos ya no existe. Revise los que están marcados."})
    return {each for each in chosen if each}


def as_id(text: str) -> UUID | None:
    """This function will read an id, or give None where the text is none."""
    try:
        return UUID(text) if text else None
    except ValueError:
        return None


def fold(text: str) -> str:
    """This function will make two spellings of one name equal: capitals and spaces do not count."""
    return " ".join(text.casefold().split())


def short(text: str) -> str:
    """This function will give a text as one line that fits in a sentence of the book."""
    line = " ".join(text.split())
    return line if len(line) <= 80 else f"{line[:79]}…"
