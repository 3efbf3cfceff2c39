"""Changing cells: one in the grid, many from a paste or a spreadsheet. Good cells are written, the others are told."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from acogida.features.initiatives import store
from acogida.features.initiatives.actions.initiatives import edited_sentence
from acogida.features.initiatives.actions.writing import require_reach, set_fields, stay_within_reach
from acogida.features.initiatives.events import InitiativeEdited
from acogida.features.initiatives.grid import store as grid
from acogida.features.initiatives.grid.matrix import EDITABLE, Vocabulary, read_texts, written
from acogida.features.initiatives.model import Initiative
from acogida.kernel import audit, outbox
from acogida.kernel.errors import NotFound, Rejected, Stale
from acogida.kernel.work import Work
from acogida.web.forms import clean

MOST_ROWS = 1000
"""Rows of one paste or one spreadsheet."""
CHANGED = "Otra persona cambió esta iniciativa después. Vuelva a leerla antes de escribir encima."


@dataclass(frozen=True, slots=True)
class RowInput:
    """A row somebody typed elsewhere: cells by field. Without `id` it is a new initiative; `place` is its row there."""

    place: int
    texts: Mapping[str, str]
    id: UUID | None = None
    version: int | None = None


@dataclass(frozen=True, slots=True)
class RowFault:
    """Why a cell (or a whole row, where `field` is empty) was not written."""

    place: int
    field: str
    message: str


@dataclass(slots=True)
class Written:
    """What a paste or a spreadsheet left: rows by place, how many are new, how many changed, and what was refused."""

    rows: dict[int, Initiative] = field(default_factory=dict)
    added: int = 0
    changed: int = 0
    faults: list[RowFault] = field(default_factory=list)


async def vocabulary(work: Work, dimensions: Mapping[str, str] | None = None) -> Vocabulary:
    """This function will read the names that cells may hold."""
    return Vocabulary.of(*await grid.names(work), dimensions)


async def change_cell(
    work: Work, initiative_id: UUID, *, field: str, text: str, version: int, before: str | None = None
) -> tuple[Initiative, Vocabulary]:
    """This function will write one cell, and raise `Stale` when it no longer says what the person saw in it (`before`).

    Somebody else's change to another cell of the row is no conflict. Without `before`, any change since `version` is.
    """
    work.require("initiative:edit_own")
    if field not in EDITABLE:
        raise Rejected("Esa columna no se edita en la planilla.")
    words = await vocabulary(work)
    row = await store.initiative(work, initiative_id, lock=True)
    require_reach(work, row)
    now = clean(written(field, getattr(row, field), words))
    if row.version != version if before is None else now != clean(before):
        raise Stale(row)
    values, faults = read_texts({field: text}, words, row)
    if faults:
        raise Rejected(faults[field], fields=faults)

    await _write(work, row, values)
    stay_within_reach(work, row)
    return row, words


async def write_rows(
    work: Work, inputs: Sequence[RowInput], words: Vocabulary, *, axis_id: UUID | None = None
) -> Written:
    """This function will write many rows, each cell that can be; new rows go to the end of their eje, or of `axis_id`.

    Nothing is lost in silence: every cell that was not written is in `faults`, with its place.
    """
    work.require("initiative:edit")
    if len(inputs) > MOST_ROWS:
        raise Rejected(f"Son demasiadas filas: se admiten hasta {MOST_ROWS} a la vez.")
    known = await store.initiatives_of(work, (each.id for each in inputs if each.id), lock=True)
    places = _Places(work)
    done = Written()
    for each in inputs:
        row = known.get(each.id) if each.id else None
        if fault := _refused(each, row):
            done.faults.append(RowFault(each.place, "", fault))
            continue
        values, faults = read_texts(each.texts, words, row)
        done.faults += [RowFault(each.place, name, message) for name, message in faults.items()]
        if row:
            done.changed += await _write(work, row, values)
        elif "name" in values:
            row = await _add(work, {"axis_id": axis_id, **values}, places)
            done.added += 1
        elif "name" not in faults:
            done.faults.append(RowFault(each.place, "name", "Falta el nombre de la iniciativa."))
        if row:
            done.rows[each.place] = row
    return done


def _refused(wanted: RowInput, row: Initiative | None) -> str:
    if wanted.id and row is None:
        return NotFound("Esta iniciativa ya no existe.").message
    if row and wanted.version != row.version:
        return CHANGED
    return ""


async def _write(work: Work, row: Initiative, values: Mapping[str, Any]) -> bool:
    """Sets what changes and tells it; whether anything did."""
    changes = {name: value for name, value in values.items() if getattr(row, name) != value}
    if not changes:
        return False
    if "axis_id" in changes:
        row.position = await store.last_position(work, changes["axis_id"]) + 1
    before = await set_fields(work, row, changes)
    await audit.record(
        work, "initiative.edited", edited_sentence(row.name, before, changes), subject=row, before=before, after=changes
    )
    await outbox.publish(work, InitiativeEdited(row.id))
    return True


async def _add(work: Work, values: Mapping[str, Any], places: "_Places") -> Initiative:
    row = Initiative(**values, position=await places.next_in(values["axis_id"]))
    work.session.add(row)
    await work.session.flush()
    await audit.record(work, "initiative.added", f"agregó la iniciativa «{row.name}»", subject=row, after=values)
    await outbox.publish(work, InitiativeEdited(row.id))
    return row


class _Places:
    """The next free position of each eje, asked for once."""

    def __init__(self, work: Work) -> None:
        self._work = work
        self._last: dict[UUID | None, int] = {}

    async def next_in(self, axis_id: UUID | None) -> int:
        if axis_id not in self._last:
            self._last[axis_id] = await store.last_position(self._work, axis_id)
        self._last[axis_id] += 1
        return self._last[axis_id]
