"""What a municipality is offered, and how each thing stands: the list that its page and its API both show."""

from dataclasses import dataclass

from acogida.features.extensions import store
from acogida.features.extensions.model import Extension
from acogida.kernel import hooks
from acogida.kernel.containment import Rest, resting
from acogida.kernel.errors import NotFound
from acogida.kernel.hooks import Plugin
from acogida.kernel.work import Work
from acogida.web import forms
from acogida.web.forms import Form, FormData


@dataclass(frozen=True, slots=True)
class Offer:
    """A plugin that this municipality may enable."""

    plugin: Plugin
    row: Extension | None
    rest: Rest | None
    """While it rests after failing again and again."""

    @property
    def name(self) -> str:
        return self.plugin.name

    @property
    def enabled(self) -> bool:
        return self.row is not None and self.row.enabled

    @property
    def version(self) -> int:
        """Of the row of its settings; 0 while there is none."""
        return self.row.version if self.row else 0

    @property
    def form(self) -> type[FormData] | None:
        """What may be set, where it lets anything be."""
        return self.plugin.settings

    def filled(self) -> Form[FormData] | None:
        """This method will give its form as it was set, or as it starts."""
        if self.form is None:
            return None
        return Form(self.form, {**forms.blank(self.form).raw, **(self.row.settings if self.row else {})})


@dataclass(frozen=True, slots=True)
class Absent:
    """Something that was enabled here and is not offered now: uninstalled, not allowed any more, or set aside."""

    name: str


async def offers(work: Work) -> tuple[list[Offer], list[Absent]]:
    """This function will list what is offered here, in the order in which it speaks, and what is missing."""
    rows = {row.name: row for row in await store.extensions(work)}
    offered = hooks.registry().offered_in(work.tenant)
    names = {plugin.name for plugin in offered}
    here = [Offer(plugin, rows.get(plugin.name), resting(work, plugin.name)) for plugin in offered]
    return here, [Absent(row.name) for row in rows.values() if row.enabled and row.name not in names]


async def offer(work: Work, name: str) -> Offer:
    """This function will give one of them, or raise `NotFound`: what is not offered here does not exist here."""
    found = next((plugin for plugin in hooks.registry().offered_in(work.tenant) if plugin.name == name), None)
    if found is None:
        raise NotFound
    return Offer(found, await store.extension(work, name), resting(work, name))
