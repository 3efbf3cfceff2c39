"""Deciding the ejes and their order."""

from collections.abc import Iterable
from uuid import UUID

from acogida.features.initiatives import store
from acogida.features.initiatives.actions.writing import among, fold, set_fields, swap, unchanged_since
from acogida.features.initiatives.forms import EditAxis
from acogida.features.initiatives.model import Axis
from acogida.kernel import audit
from acogida.kernel.errors import Rejected
from acogida.kernel.work import Work


async def add_axis(work: Work, wanted: EditAxis) -> Axis:
    """This function will add an eje after the others."""
    work.require("planning:edit")
    axes = await store.axes(work, lock=True)
    _unrepeated(wanted.name, axes)

    row = Axis(**wanted.changes(), position=max((each.position for each in axes), default=0) + 1)
    work.session.add(row)
    await work.session.flush()

    await audit.record(work, "axis.added", f"agregó el eje «{row.name}»", subject=row, after=wanted.changes())
    return row


async def edit_axis(work: Work, axis_id: UUID, wanted: EditAxis) -> Axis:
    """This function will change the name or the description of an eje."""
    work.require("planning:edit")
    axes = await store.axes(work, lock=True)
    row = among(axes, axis_id)
    unchanged_since(row, wanted.version)
    _unrepeated(wanted.name, [each for each in axes if each is not row])

    before = await set_fields(work, row, wanted.changes())

    await audit.record(
        work, "axis.edited", f"editó el eje «{row.name}»", subject=row, before=before, after=wanted.changes()
    )
    return row


async def move_axis(work: Work, axis_id: UUID, *, up: bool) -> Axis:
    """This function will swap an eje with its neighbour; at the end of the list nothing moves."""
    work.require("planning:edit")
    axes = list(await store.axes(work, lock=True))
    row = among(axes, axis_id)
    if await swap(work, axes, row, up=up):
        await audit.record(work, "axis.moved", f"{'subió' if up else 'bajó'} el eje «{row.name}»", subject=row)
    return row


async def remove_axis(work: Work, axis_id: UUID) -> None:
    """This function will take an eje out; its objectives and initiatives stay, without an eje."""
    work.require("planning:edit")
    row = await store.axis(work, axis_id, lock=True)

    await store.erase_axis(work, axis_id)

    await audit.record(
        work,
        "axis.removed",
        f"quitó el eje «{row.name}»",
        subject=row,
        before={"name": row.name, "description": row.description},
    )


def _unrepeated(name: str, others: Iterable[Axis]) -> None:
    if fold(name) in {fold(each.name) for each in others}:
        raise Rejected(fields={"name": "Ya hay un eje con ese nombre."})
