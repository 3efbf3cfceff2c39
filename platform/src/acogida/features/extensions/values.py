"""What is written in the lines that plugins add to the form of an initiative. The core keeps it, with the line's words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from sqlalchemy.orm import Mapped

from acogida.features.extensions import store
from acogida.features.extensions.model import ExtensionValue
from acogida.kernel import audit, hooks
from acogida.kernel.errors import Rejected
from acogida.kernel.manifest import InitiativeColumn, InitiativeField
from acogida.kernel.work import Work
from acogida.web.forms import clean

PREFIX = "x."
"""How the name of such a line begins in a form: `x.pladeco.pmg_goal`."""


class Named(Protocol):
    """An initiative, as far as this room knows it."""

    id: Mapped[UUID]
    name: Mapped[str]


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the form as a page shows it: who adds it, what it is called, what it says now."""

    plugin: str
    title: str
    field: InitiativeField
    value: str

    @property
    def name(self) -> str:
        return f"{PREFIX}{self.plugin}.{self.field.key}"

    @property
    def choices(self) -> list[tuple[str, str]]:
        """What may be chosen, value and words; nothing where people write."""
        return [(each, each) for each in self.field.options]


@dataclass(frozen=True, slots=True)
class LinesForm:
    """The lines as `components/forms.html` reads a form: what each says and what is wrong with it."""

    lines: Sequence[Line]
    faults: Mapping[str, str]

    def value(self, name: str) -> str:
        return next((line.value for line in self.lines if line.name == name), "")

    def error(self, name: str) -> str:
        return self.faults.get(name, "")


async def lines(work: Work, initiative_id: UUID | None, typed: Mapping[str, Sequence[str]] | None = None) -> list[Line]:
    """This function will list the lines of an initiative's form, as kept or as somebody has just `typed` them."""
    fields = await hooks.initiative_fields(work)
    kept = (
        {(row.plugin, row.key): row.value for row in await store.values(work, initiative_id)}
        if fields and initiative_id
        else {}
    )
    found = [Line(plugin.name, plugin.title, each, kept.get((plugin.name, each.key), "")) for plugin, each in fields]
    if typed is None:
        return found
    return [Line(each.plugin, each.title, each.field, (typed.get(each.name) or [each.value])[-1]) for each in found]


async def left(work: Work, initiative_id: UUID) -> list[ExtensionValue]:
    """This function will list what lines that nobody adds in this installation any more said of an initiative."""
    offered = hooks.registry().offered
    return [row for row in await store.values(work, initiative_id) if row.plugin not in offered]


async def keep(work: Work, row: Named, typed: Mapping[str, Sequence[str]]) -> None:
    """This function will keep what was typed in these lines about an initiative; what the form did not carry stays.

    The caller has checked that the initiative may be changed. Raises `Rejected` with the fields.
    """
    asked = [
        (plugin.name, each, typed[name])
        for plugin, each in await hooks.initiative_fields(work)
        if (name := f"{PREFIX}{plugin.name}.{each.key}") in typed
    ]
    if not asked:
        return
    kept = {(one.plugin, one.key): one for one in await store.values(work, row.id, lock=True)}
    faults: dict[str, str] = {}
    before: dict[str, str] = {}
    after: dict[str, str] = {}
    for plugin, field, values in asked:
        value = clean((values or [""])[-1])
        one = kept.get((plugin, field.key))
        if value == (one.value if one else ""):
            continue
        if fault := _fault(field, value):
            faults[f"{PREFIX}{plugin}.{field.key}"] = fault
            continue
        before[field.label], after[field.label] = one.value if one else "", value
        if one is None:
            one = ExtensionValue(plugin=plugin, key=field.key, initiative_id=row.id)
            work.session.add(one)
        one.value, one.label = value, field.label
    if faults:
        raise Rejected(fields=faults)
    if after:
        await work.session.flush()
        await audit.record(
            work,
            "initiative.completed",
            f"completó la iniciativa «{row.name}»: {', '.join(after)}",
            subject=row,
            before=before,
            after=after,
        )


def _fault(field: InitiativeField, value: str) -> str:
    if len(value) > field.max_length:
        return f"Admite hasta {field.max_length} caracteres y tiene {len(value)}."
    if value and field.options and value not in field.options:
        return f"Elija entre las opciones de «{field.label}»."
    return ""


async def columns(work: Work) -> list[InitiativeColumn]:
    """This function will give the columns that plugins add to the matrix: first those written, then those worked out.

    What was written stays after an extension is gone from the installation, with the label that it had.
    """
    fields = {(plugin.name, each.key): each for plugin, each in await hooks.initiative_fields(work) if each.column}
    written: dict[tuple[str, str], InitiativeColumn] = {
        key: InitiativeColumn(field.label, {}) for key, field in fields.items()
    }
    offered = hooks.registry().offered
    found: dict[tuple[str, str], dict[UUID, str]] = {key: {} for key in written}
    for row in await store.all_values(work):
        key = (row.plugin, row.key)
        if row.value and (key in fields or row.plugin not in offered):
            if key not in written:
                written[key] = InitiativeColumn(row.label, {})
            found.setdefault(key, {})[row.initiative_id] = row.value
    mine = [InitiativeColumn(column.title, found.get(key, {})) for key, column in written.items()]
    return [*mine, *await hooks.initiative_columns(work)]
