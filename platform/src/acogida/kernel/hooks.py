"""What a plugin declares, which plugins there are, and the few questions that the core asks them.

Static facts are declared in a `Plugin`: they can be listed, checked and shown to a municipality without running
anything. Behaviour is hooked: `Hooks` lists every question, and there is none that no plugin of ours answers. A plugin
speaks in a workspace only behind three locks: installed (entry point), allowed (the operator's setting), enabled (the
municipality's decision). One that can't be loaded is set aside with its reason, and everything else starts.
"""

import inspect
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Iterable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager, nullcontext, suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

import pluggy
import structlog
from sqlalchemy import MetaData

from acogida.kernel import facts as known_facts
from acogida.kernel.containment import Failed, contained, limited
from acogida.kernel.document import DocumentBuilder
from acogida.kernel.facts import Fact, FactSource
from acogida.kernel.tenancy import Tenant
from acogida.kernel.work import Work

log = structlog.get_logger()
hookspec = pluggy.HookspecMarker("acogida")
hookimpl = pluggy.HookimplMarker("acogida")

_NAME = re.compile(r"[a-z][a-z0-9_]{2,30}")


# --- What a plugin declares ----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class NavLink:
    """A line of the workspace's menu. `path` is relative to the plugin's own pages; `icon`, a name of ours."""

    label: str
    path: str = ""
    icon: str = "plug"


@dataclass(frozen=True, slots=True)
class Card:
    """What a plugin shows in a place of a page of the core: words and links to its own pages, never markup."""

    title: str
    lines: tuple[str, ...] = ()
    links: tuple[tuple[str, str], ...] = ()
    """(words of the link, path relative to the plugin's pages)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plugin:
    """The manifest: one object for each plugin, named by its entry point in the group `acogida.plugins`.

    Templates are found in the folder `templates/` of its package and migrations in `migrations/`, as in a feature.
    """

    name: str
    """Of three to thirty-one lowercase letters, digits and `_`: its address, its schema, its templates' prefix."""
    title: str
    """Its name on the screen."""
    summary: str
    """What it adds, in a sentence or two that a municipality can decide with."""
    touches: tuple[str, ...]
    """What data it reads and what it writes, a line each, shown before it is enabled."""
    version: str
    platform: tuple[str, str]
    """The versions of Acogida it works with: from the first, below the second."""
    regions: tuple[str, ...] = ()
    """Codes of the regions (first two digits of the CUT) where it is offered; none means the whole country."""
    pages: tuple[object, ...] = ()
    """Handlers under `/m/<slug>/x/<name>`, each with a permission of the core's matrix."""
    api: tuple[object, ...] = ()
    """JSON handlers under `/api/v1/m/<slug>/x/<name>`; each `operation_id` begins with the plugin's name."""
    metadata: MetaData | None = None
    """Its tables, all in the schema `plugin_<name>`, each with its tenant."""
    settings: type[Any] | None = None
    """A form (`FormData`) with what each municipality may set."""
    facts: FactSource | None = None
    """What is true of a workspace, each fact named `<name>.…`."""
    nav: tuple[NavLink, ...] = ()
    hooks: object | None = None
    """A module or an object with the plugin's hook implementations."""
    priority: int = 0
    """Who speaks first: the lowest; among equals, by name."""

    def offered_to(self, tenant: Tenant) -> bool:
        """This method will tell whether the municipality is of a region that this plugin is meant for."""
        return not self.regions or tenant.cut[:2] in self.regions


class Hooks:
    """Every hook there is, with its exact arguments. An implementation may take fewer."""

    @hookspec
    async def document_chapters(self, work: Work, builder: DocumentBuilder) -> None:
        """Write annexes of the document of the Política, after those of the core."""

    @hookspec
    async def page_slot(self, work: Work, slot: str, subject_id: UUID) -> Card | None:
        """Show a card in a place of a page: `initiative.sidebar`, with the id of the initiative. None shows nothing."""


# --- Which plugins there are ---------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Installed:
    """A plugin as its entry point names it, before anything of it has run."""

    name: str
    load: Callable[[], object]
    folder: Path | None = None
    """Of its package, where its templates and its migrations are."""

    def part(self, name: str) -> Path | None:
        """This method will give the folder `name` of its package, if it has it."""
        found = self.folder / name if self.folder else None
        return found if found and found.is_dir() else None


Answer = Callable[..., Awaitable[Any]]


def _answer(found: pluggy.HookImpl) -> Answer:
    function: Answer = found.function  # pyrefly: ignore[bad-assignment] because only async ones are admitted

    async def answer(work: Work, **given: object) -> Any:
        given["work"] = work
        return await function(*(given[name] for name in found.argnames))

    return answer


class Refused(Exception):
    """A plugin does not keep the rules; the sentence says which, for the operator."""


@dataclass
class Registry:
    """The plugins of this process: those that may be enabled, and those set aside with the reason."""

    offered: dict[str, Plugin] = field(default_factory=dict)
    installed: dict[str, Installed] = field(default_factory=dict)
    quarantined: dict[str, str] = field(default_factory=dict)
    strict: bool = False
    """Whether a plugin that breaks a rule stops everything: in tests."""
    _manager: pluggy.PluginManager = field(default_factory=lambda: pluggy.PluginManager("acogida"))

    def __post_init__(self) -> None:
        self._manager.add_hookspecs(Hooks)

    def admit(self, one: Installed, *, platform: str, reserved: Collection[str]) -> None:
        """This method will load a plugin, or set it aside. `reserved` are names that belong to the core."""
        self.installed[one.name] = one
        with self.setting_aside(one.name):
            plugin = one.load()
            if not isinstance(plugin, Plugin):
                raise Refused("el punto de entrada no da un Plugin")
            if plugin.name != one.name or not _NAME.fullmatch(plugin.name) or plugin.name in reserved:
                raise Refused(f"«{plugin.name}» no sirve como nombre o no es el de su punto de entrada")
            if not _at(plugin.platform[0]) <= _at(platform) < _at(plugin.platform[1]):
                least, below = plugin.platform
                raise Refused(f"es para Acogida desde {least} y antes de {below}, y esta es la {platform}")
            if not all(isinstance(link, NavLink) for link in plugin.nav):
                raise Refused("cada línea del menú se declara con NavLink")
            if plugin.hooks is not None:
                self._hook(plugin.name, plugin.hooks)
            self.offered[plugin.name] = plugin

    @contextmanager
    def setting_aside(self, name: str) -> Iterator[None]:
        """This method will give a block where whatever goes wrong sets the plugin aside, unless `strict`."""
        try:
            yield
        except (Exception, SystemExit) as error:
            if self.strict:
                raise
            self.quarantine(name, str(error) if isinstance(error, Refused) else f"{type(error).__name__}: {error}")

    def quarantine(self, name: str, reason: str) -> None:
        """This method will set a plugin aside: from now on it is not offered, and where it was enabled it is off."""
        self.offered.pop(name, None)
        self.quarantined[name] = reason
        log.error("plugin.quarantined", plugin=name, reason=reason)

    def offered_in(self, tenant: Tenant) -> list[Plugin]:
        """This method will list what a municipality may enable, in the order in which they speak."""
        found = [plugin for plugin in self.offered.values() if plugin.offered_to(tenant)]
        return sorted(found, key=lambda plugin: (plugin.priority, plugin.name))

    def answers(self, hook: str) -> dict[str, Answer]:
        """This method will give who answers a hook: name of the plugin → what to call, with every argument of the hook."""
        return {found.plugin_name: _answer(found) for found in getattr(self._manager.hook, hook).get_hookimpls()}

    def _hook(self, name: str, hooks: object) -> None:
        try:
            self._manager.register(hooks, name=name)
            self._manager.check_pending()
            for caller in self._manager.get_hookcallers(hooks) or ():
                for found in caller.get_hookimpls():
                    if found.plugin_name == name and (
                        found.hookwrapper
                        or found.wrapper
                        or found.opts.get("specname")
                        or not inspect.iscoroutinefunction(found.function)
                    ):
                        raise Refused(
                            f"«{caller.name}» debe ser una función async, sin specname y que no envuelva otras"
                        )
        except BaseException:
            if self._manager.has_plugin(name):
                self._manager.unregister(name=name)
            raise


def _at(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", version)[:3])


def load(
    found: Iterable[Installed],
    *,
    platform: str,
    allowed: Collection[str] | None = None,
    reserved: Collection[str] = (),
    strict: bool = False,
) -> Registry:
    """This function will load the plugins one by one, in name order; `allowed` None means all of them.

    `strict` raises the first fault instead of setting the plugin aside: for tests.
    """
    registry = Registry(strict=strict)
    for one in sorted(found, key=lambda one: one.name):
        if allowed is None or one.name in allowed:
            registry.admit(one, platform=platform, reserved=reserved)
    return registry


# --- Which speak here ----------------------------------------------------------------------------

EnabledSource = Callable[[Work], Awaitable[Mapping[str, Mapping[str, Any]]]]
"""Who knows what a municipality has enabled: name → its settings."""


async def _none(_work: Work) -> Mapping[str, Mapping[str, Any]]:
    return {}


_registry = Registry()
_enabled: EnabledSource = _none


def use(registry: Registry, enabled_source: EnabledSource) -> None:
    """This function will set which plugins this process has. Called by the composition root."""
    global _registry, _enabled
    _registry, _enabled = registry, enabled_source


def registry() -> Registry:
    """This function will give the plugins of this process."""
    return _registry


async def enabled(work: Work) -> Mapping[str, Mapping[str, Any]]:
    """This function will give the plugins that are on in this workspace, with their settings: one query a session."""
    kept: Mapping[str, Mapping[str, Any]] | None = work.session.info.get("plugins")
    if kept is None:
        offered = {plugin.name for plugin in _registry.offered_in(work.tenant)} if work.municipality else set()
        chosen = await _enabled(work) if offered else {}
        kept = work.session.info["plugins"] = {name: chosen[name] for name in chosen if name in offered}
    return kept


def remember(work: Work, plugins: Mapping[str, Mapping[str, Any]] | None) -> None:
    """This function will spare a session the query: somebody of the same request has made it. None makes it again."""
    if plugins is None:
        work.session.info.pop("plugins", None)
    else:
        work.session.info["plugins"] = plugins


async def speaking(work: Work) -> list[Plugin]:
    """This function will list the plugins that are on in this workspace, in the order in which they speak."""
    on = await enabled(work)
    return [plugin for plugin in _registry.offered_in(work.tenant) if plugin.name in on] if on else []


def home(tenant: Tenant, name: str) -> str:
    """This function will give the address of a plugin's pages in a workspace."""
    return f"/m/{tenant.slug}/x/{name}"


# --- The questions -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Link:
    """Words, and where they lead."""

    label: str
    href: str
    icon: str = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """A card as a page shows it: who speaks, and whole addresses."""

    plugin: str
    title: str
    lines: tuple[str, ...]
    links: tuple[Link, ...]


async def document_chapters(work: Work, builder: DocumentBuilder) -> None:
    """This function will let each plugin write its annexes. One that fails leaves nothing of its own behind."""
    async with _answering(work, "document_chapters") as answering:
        for plugin, answer in answering:
            with suppress(Failed), builder.whole():
                await contained(work, plugin.name, partial(answer, builder=builder))


async def page_slot(work: Work, slot: str, subject_id: UUID) -> list[Shown]:
    """This function will gather what plugins show in a place of a page."""
    shown: list[Shown] = []
    async with _answering(work, "page_slot") as answering:
        for plugin, answer in answering:
            with suppress(Failed):
                ask = partial(_card, plugin, partial(answer, slot=slot, subject_id=subject_id))
                shown.extend(await contained(work, plugin.name, ask))
    return shown


async def _card(plugin: Plugin, answer: Answer, work: Work) -> list[Shown]:
    card = await answer(work)
    if card is None:
        return []
    if not isinstance(card, Card):
        raise TypeError(f"page_slot gave {type(card).__name__} and not a Card")
    links = tuple(Link(words, _place(work.tenant, plugin, path)) for words, path in card.links)
    return [Shown(plugin.title, str(card.title), tuple(map(str, card.lines)), links)]


async def facts(work: Work) -> dict[str, Fact]:
    """This function will ask each plugin what is true of the workspace. Nobody speaks for another: names are its own."""
    known: dict[str, Fact] = {}
    telling = [(plugin.name, plugin.facts) for plugin in await speaking(work) if plugin.facts]
    async with limited(work) if telling else nullcontext():
        for name, source in telling:
            with suppress(Failed):
                known.update(await contained(work, name, partial(_own_facts, name, source)))
    return known


async def core_facts(work: Work) -> dict[str, Fact]:
    """This function will ask the core alone what is true of the workspace: a plugin that looks does not call the others."""
    known: dict[str, Fact] = {}
    for source in known_facts.SOURCES:
        if source is not facts:
            known.update(await source(work))
    return known


async def _own_facts(name: str, source: FactSource, work: Work) -> Mapping[str, Fact]:
    told = dict(await source(work))
    if strange := [key for key, fact in told.items() if not key.startswith(f"{name}.") or not isinstance(fact, Fact)]:
        raise ValueError(f"{name} tells «{strange[0]}»: not a fact of its own")
    return told


async def nav(work: Work) -> list[Link]:
    """This function will list the lines that plugins add to the menu. Nothing of theirs runs."""
    return [
        Link(link.label, _place(work.tenant, plugin, link.path), link.icon)
        for plugin in await speaking(work)
        for link in plugin.nav
    ]


def _place(tenant: Tenant, plugin: Plugin, path: str) -> str:
    return f"{home(tenant, plugin.name)}/{path}".rstrip("/")


@asynccontextmanager
async def _answering(work: Work, hook: str) -> AsyncIterator[list[tuple[Plugin, Answer]]]:
    """Who answers a hook here. Their queries are limited while they are asked; where there is nobody nothing is done."""
    answers = _registry.answers(hook)
    found = [(plugin, answers[plugin.name]) for plugin in await speaking(work) if plugin.name in answers]
    async with limited(work) if found else nullcontext():
        yield found
