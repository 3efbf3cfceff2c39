"""What a municipality is offered, and how each thing stands: the list that its page and its API both show."""

from dataclasses import dataclass
from datetime import datetime

from acogida.features.extensions import store
from acogida.features.extensions.model import Extension, Recommendation
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
    recommended: Recommendation | None = None
    """By Sermig, to the communes of this region."""
    copied_at: datetime | None = None
    """When the last copy of what it keeps was taken."""

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
    enabled: bool
    title: str
    """As its last copy calls it; its name where there is none."""
    copied_at: datetime | None


async def offers(work: Work) -> tuple[list[Offer], list[Absent]]:
    """This function will list what is offered here, recommended first, and what is missing and was on or left a copy."""
    rows = {row.name: row for row in await store.extensions(work)}
    offered = hooks.registry().offered_in(work.tenant)
    recommended = {row.plugin: row for row in await store.recommendations(work.session, work.tenant.cut[:2])}
    kept = {row.plugin: row for row in await store.copies(work)}
    here = [
        Offer(
            plugin,
            rows.get(plugin.name),
            resting(work, plugin.name),
            recommended.get(plugin.name),
            kept[plugin.name].taken_at if plugin.name in kept else None,
        )
        for plugin in offered
    ]
    names = {plugin.name for plugin in offered}
    gone = sorted(({row.name for row in rows.values() if row.enabled} | set(kept)) - names)
    absent = [
        Absent(
            name,
            name in rows and rows[name].enabled,
            kept[name].title if name in kept else name,
            kept[name].taken_at if name in kept else None,
        )
        for name in gone
    ]
    return sorted(here, key=lambda one: one.recommended is None), absent


async def offer(work: Work, name: str) -> Offer:
    """This function will give one of them, or raise `NotFound`: what is not offered here does not exist here."""
    found = next((plugin for plugin in hooks.registry().offered_in(work.tenant) if plugin.name == name), None)
    if found is None:
        raise NotFound
    kept = await store.copy(work, name)
    return Offer(
        found,
        await store.extension(work, name),
        resting(work, name),
        await store.recommendation(work.session, name, work.tenant.cut[:2]),
        kept.taken_at if kept else None,
    )
