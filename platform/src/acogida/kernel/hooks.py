"""What a plugin declares, which plugins there are, and the few questions that the core asks them.

Static facts are declared in a `Plugin`: they can be listed, checked and shown to a municipality without running
anything. Behaviour is hooked: `Hooks` lists every question, and there is none that no plugin of ours answers. A plugin
speaks in a workspace only behind three locks: installed (entry point), allowed (the operator's setting), enabled (the
municipality's decision). One that can't be loaded is set aside with its reason, and everything else starts.
"""

import inspect
import json
import re
import warnings
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any, Protocol, TypeVar
from uuid import UUID

import pluggy
import structlog

from acogida.kernel import containment, outbox
from acogida.kernel import facts as known_facts
from acogida.kernel.containment import Failed, asking, contained
from acogida.kernel.document import DocumentBuilder, blocks_to_json, clean
from acogida.kernel.duties import Duty
from acogida.kernel.facts import Fact, FactSource
from acogida.kernel.manifest import (
    Card,
    Framework,
    Indicator,
    InitiativeColumn,
    InitiativeField,
    Job,
    NavLink,
    Plugin,
    Question,
    ServiceType,
    Table,
)
from acogida.kernel.tenancy import Tenant
from acogida.kernel.work import Work, asked_once

log = structlog.get_logger()
hookspec = pluggy.HookspecMarker("acogida")
hookimpl = pluggy.HookimplMarker("acogida")

_NAME = re.compile(r"[a-z][a-z0-9_]{2,30}")


class Hooks(Protocol):
    """Every hook there is, with its exact arguments. An implementation may take fewer.

    Each is a question: whatever an implementation changes while it answers is undone. Only `shred` writes.
    """

    @hookspec
    async def document_chapters(self, work: Work, builder: DocumentBuilder) -> None:
        """Write annexes of the document of the Política, after those of the core."""

    @hookspec
    async def page_slot(self, work: Work, slot: str, subject_id: UUID | None) -> Card | None:
        """Show a card in a place of a page (`SLOTS`), with the id of what the page is about. None shows nothing."""

    @hookspec
    async def gate_problems(self, work: Work, gate: str) -> Sequence[str]:
        """Tell, a sentence each, what the plugin asks for besides at a gate of the guide. Shown; never an obstacle."""

    @hookspec
    async def indicators(self, work: Work) -> Sequence[Indicator]:
        """Give figures about the commune or its policy, each key `<name>.…`."""

    @hookspec
    async def duties(self, work: Work) -> Sequence[Duty]:
        """Tell who owes what by when; each path is relative to the plugin's pages."""

    @hookspec
    async def initiative_columns(self, work: Work) -> Sequence[InitiativeColumn]:
        """Give columns of the matrix of initiatives that are worked out from what the plugin keeps."""

    @hookspec
    async def export(self, work: Work) -> Sequence[Table]:
        """Give everything that the plugin keeps of the municipality, as tables that anybody can read without it."""

    @hookspec
    async def shred(self, work: Work) -> int:
        """Erase everything that the plugin keeps of the municipality and give how many rows they were."""


SLOTS = {
    "board": "el tablero; sin id",
    "stage.preparation": "la etapa 01; sin id",
    "stage.diagnosis": "la etapa 02; sin id",
    "stage.planning": "la etapa 03; sin id",
    "stage.validation": "la etapa 04; sin id",
    "stage.implementation": "la etapa 05; sin id",
    "finding.sidebar": "junto a un hallazgo; con su id",
    "initiative.sidebar": "junto a una iniciativa; con su id",
}
"""Places of pages where plugins may show a card."""


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
    outdated: dict[str, list[str]] = field(default_factory=dict)
    """What each plugin uses that will go away, in words: its author has two releases to change it."""
    _manager: pluggy.PluginManager = field(default_factory=lambda: pluggy.PluginManager("acogida"))
    _answers: dict[str, dict[str, Answer]] = field(default_factory=dict)

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
            for link in plugin.nav:
                _safe(link.path)
            if plugin.hooks is not None:
                with warnings.catch_warnings(record=True) as heard:
                    warnings.simplefilter("always", DeprecationWarning)
                    self._hook(plugin.name, plugin.hooks)
                if told := [str(each.message) for each in heard if each.category is DeprecationWarning]:
                    self.outdated[plugin.name] = told
                    log.warning("plugin.outdated", plugin=plugin.name, uses=told)
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
        known = self._answers.get(hook)
        if known is None:
            impls = getattr(self._manager.hook, hook).get_hookimpls()
            known = self._answers[hook] = {found.plugin_name: _answer(found) for found in impls}
        return known

    def answered_by(self, name: str) -> set[str]:
        """This method will name the hooks that a plugin answers."""
        specs = (hook for hook, found in vars(Hooks).items() if hasattr(found, f"{hookspec.project_name}_spec"))
        return {hook for hook in specs if name in self.answers(hook)}

    def _hook(self, name: str, hooks: object) -> None:
        self._answers.clear()
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


@dataclass(frozen=True, slots=True)
class Asked:
    """What a plugin asks for besides at a gate: who, its sentences, and where its pages are."""

    plugin: str
    sentences: tuple[str, ...]
    href: str


@dataclass(frozen=True, slots=True)
class Told:
    """The tables in which a plugin tells what it keeps."""

    plugin: Plugin
    tables: tuple[Table, ...]


_MOST_BLOCKS, _MOST_CHARACTERS = 4000, 3_000_000
"""Of what one plugin may add to a document."""
EXPORTING = timedelta(seconds=30)
"""What a plugin may take to give or to erase everything it keeps."""


async def document_chapters(work: Work, builder: DocumentBuilder) -> None:
    """This function will let each plugin write its annexes. One that fails leaves nothing of its own behind."""
    async with _answering(work, "document_chapters") as answering:
        for plugin, answer in answering:
            with suppress(Failed), builder.whole() as lent:
                await contained(work, plugin.name, partial(_chapters, answer, lent), question="document_chapters")


async def _chapters(answer: Answer, builder: DocumentBuilder, work: Work) -> None:
    before = len(builder.blocks)
    await answer(work, builder=builder)
    added = builder.blocks[before:]
    # What can't be kept as a version of the document would break it later, when nobody knows whose it is.
    if len(added) > _MOST_BLOCKS or len(json.dumps(blocks_to_json(added))) > _MOST_CHARACTERS:
        raise ValueError("document_chapters wrote more than a document can carry")


async def page_slot(work: Work, slot: str, subject_id: UUID | None = None) -> list[Shown]:
    """This function will gather what plugins show in a place of a page, one of `SLOTS`."""
    shown: list[Shown] = []
    async with _answering(work, "page_slot") as answering:
        for plugin, answer in answering:
            with suppress(Failed):
                ask = partial(_card, plugin, partial(answer, slot=slot, subject_id=subject_id))
                shown.extend(await contained(work, plugin.name, ask, question=f"page_slot {slot}"))
    return shown


async def _card(plugin: Plugin, answer: Answer, work: Work) -> list[Shown]:
    card = await answer(work)
    if card is None:
        return []
    if not isinstance(card, Card):
        raise TypeError(f"page_slot gave {type(card).__name__} and not a Card")
    links = tuple(Link(words(text, 120), _place(work.tenant, plugin, path)) for text, path in islice(card.links, 20))
    return [
        Shown(plugin.title, words(card.title, 120), tuple(words(line, 600) for line in islice(card.lines, 20)), links)
    ]


async def gate_problems(work: Work, gate: str) -> list[Asked]:
    """This function will tell what plugins ask for besides at a gate. The guide's minimum is the guide's: none blocks."""

    async def sentences(answer: Answer, work: Work) -> tuple[str, ...]:
        return tuple(words(each, 400) for each in islice(await answer(work, gate=gate), 20))

    found: list[Asked] = []
    async with _answering(work, "gate_problems") as answering:
        for plugin, answer in answering:
            with suppress(Failed):
                told = await contained(work, plugin.name, partial(sentences, answer), question=f"gate_problems {gate}")
                if told:
                    found.append(Asked(plugin.title, told, home(work.tenant, plugin.name)))
    return found


async def indicators(work: Work, *, only: str = "") -> list[tuple[Plugin, Indicator]]:
    """This function will gather the figures that plugins give, of all or of `only` one."""
    found: list[tuple[Plugin, Indicator]] = []
    async with _answering(work, "indicators") as answering:
        for plugin, answer in answering:
            if not only or plugin.name == only:
                with suppress(Failed):
                    told = await contained(
                        work, plugin.name, partial(_indicators, plugin, answer), question="indicators"
                    )
                    found.extend((plugin, each) for each in told)
    return found


async def _indicators(plugin: Plugin, answer: Answer, work: Work) -> list[Indicator]:
    told = _all(Indicator, await answer(work), most=60)
    if strange := [each.key for each in told if not each.key.startswith(f"{plugin.name}.")]:
        raise ValueError(f"{plugin.name} gives «{strange[0]}»: not a figure of its own")
    if any(each.value is not None and not isinstance(each.value, int | float) for each in told):
        raise TypeError("a figure is a number or nothing")
    return [
        replace(
            each,
            label=words(each.label, 160),
            unit=words(each.unit, 40),
            text=words(each.text, 160),
            source=words(each.source, 300),
        )
        for each in told
    ]


async def duties(work: Work) -> list[Duty]:
    """This function will list what plugins say that is owed, each with the address of its own pages."""
    found: list[Duty] = []
    async with _answering(work, "duties") as answering:
        for plugin, answer in answering:
            with suppress(Failed):
                found.extend(await contained(work, plugin.name, partial(_duties, plugin, answer), question="duties"))
    return found


async def _duties(plugin: Plugin, answer: Answer, work: Work) -> list[Duty]:
    place = f"x/{plugin.name}"
    return [
        replace(
            each,
            text=words(each.text, 300),
            who=words(each.who, 160),
            path=f"{place}/{_safe(each.path)}".rstrip("/"),
            due_on=each.due_on if isinstance(each.due_on, date) else None,
        )
        for each in _all(Duty, await answer(work), most=100)
    ]


async def initiative_columns(work: Work) -> list[InitiativeColumn]:
    """This function will gather the columns that plugins work out for the matrix of initiatives."""
    found: list[InitiativeColumn] = []
    async with _answering(work, "initiative_columns") as answering:
        for plugin, answer in answering:
            with suppress(Failed):
                found.extend(
                    await contained(work, plugin.name, partial(_columns, answer), question="initiative_columns")
                )
    return found


async def _columns(answer: Answer, work: Work) -> list[InitiativeColumn]:
    return [
        InitiativeColumn(
            words(each.title, 80), {row: words(text, 400) for row, text in islice(each.values.items(), 5000)}
        )
        for each in _all(InitiativeColumn, await answer(work), most=6)
    ]


async def export(work: Work, *, only: str = "") -> list[Told]:
    """This function will ask each plugin (or `only` one) for all that it keeps here, as tables readable without it."""
    found: list[Told] = []
    async with _answering(work, "export") as answering:
        for plugin, answer in answering:
            if not only or plugin.name == only:
                with suppress(Failed):
                    ask = partial(_tables, answer)
                    told = await contained(work, plugin.name, ask, question="export", budget=EXPORTING)
                    found.append(Told(plugin, told))
    return found


async def _tables(answer: Answer, work: Work) -> tuple[Table, ...]:
    return tuple(
        Table(
            words(each.title, 120),
            columns := tuple(words(title, 120) for title in islice(each.columns, 60)),
            [[_cell(value) for value in islice(row, len(columns))] for row in islice(each.rows, 20_000)],
        )
        for each in _all(Table, await answer(work), most=60)
    )


def _cell(value: object) -> str | int | float | date | None:
    if value is None or isinstance(value, int | float | date):
        return value
    return words(value, 32_000) if isinstance(value, str) else words(str(value), 32_000)


async def shred(work: Work, name: str) -> int:
    """This function will have one plugin erase all that it keeps here and tell how many rows. `Failed` erases nothing."""
    async with _answering(work, "shred") as answering:
        for plugin, answer in answering:
            if plugin.name == name:
                counted = await contained(work, name, answer, question="shred", keep=True, budget=EXPORTING)
                return counted if isinstance(counted, int) else 0
    return 0


async def facts(work: Work) -> dict[str, Fact]:
    """This function will ask each plugin what is true of the workspace. Nobody speaks for another: names are its own."""
    known: dict[str, Fact] = {}
    telling = [(plugin.name, plugin.facts) for plugin in await speaking(work) if plugin.facts]
    if telling:
        async with asking(work):
            for name, source in telling:
                with suppress(Failed):
                    known.update(await contained(work, name, partial(_own_facts, name, source), question="facts"))
    return known


@asked_once
async def core_facts(work: Work) -> dict[str, Fact]:
    """This function will ask the core alone what is true of the workspace: a plugin that looks does not call the others."""
    known: dict[str, Fact] = {}
    for source in known_facts.SOURCES:
        if source is not facts:
            known.update(await source(work))
    return known


async def _own_facts(name: str, source: FactSource, work: Work) -> Mapping[str, Fact]:
    told = dict(islice(dict(await source(work)).items(), 200))
    if strange := [key for key, fact in told.items() if not key.startswith(f"{name}.") or not isinstance(fact, Fact)]:
        raise ValueError(f"{name} tells «{strange[0]}»: not a fact of its own")
    return {
        key: Fact(bool(fact.met), words(fact.shows, 300), fact.count if isinstance(fact.count, int) else None)
        for key, fact in told.items()
    }


# --- What is declared, read without running anything ---------------------------------------------


async def nav(work: Work) -> list[Link]:
    """This function will list the lines that plugins add to the menu."""
    return [
        Link(link.label, _place(work.tenant, plugin, link.path), link.icon)
        for plugin in await speaking(work)
        for link in plugin.nav
    ]


async def frameworks(work: Work) -> list[tuple[Plugin, Framework]]:
    """This function will list what the policy can be aligned with here."""
    return [(plugin, each) for plugin in await speaking(work) for each in plugin.frameworks]


async def initiative_fields(work: Work) -> list[tuple[Plugin, InitiativeField]]:
    """This function will list the lines that plugins add to the form of an initiative."""
    return [(plugin, each) for plugin in await speaking(work) for each in plugin.initiative_fields]


async def service_types(work: Work) -> list[tuple[Plugin, ServiceType]]:
    """This function will list the kinds of service that plugins suggest for the register of the diagnosis."""
    return [(plugin, each) for plugin in await speaking(work) for each in plugin.service_types]


async def questions(work: Work, step: str) -> list[tuple[Plugin, Question]]:
    """This function will list what plugins ask besides at a step of the diagnosis."""
    return [(plugin, each) for plugin in await speaking(work) for each in plugin.questions if each.step == step]


# --- Jobs ----------------------------------------------------------------------------------------

JOB = "x:"
"""How the name of a plugin's job begins in the queue: `x:pladeco:suggest`."""
WORKING = timedelta(seconds=60)


async def listeners(work: Work, event: type[outbox.Event]) -> list[str]:
    """This function will name the jobs of plugins that hear an event here; what happens in no municipality, none hears."""
    if work.municipality is None:
        return []
    return [
        f"{JOB}{plugin.name}:{job}"
        for plugin in await speaking(work)
        for job in (plugin.listeners or {}).get(event.__name__, ())
    ]


async def later(work: Work, name: str, job: str, about: UUID) -> None:
    """This function will leave a job of a plugin in the queue, run once this transaction is committed.

    Raises `KeyError` where the plugin declares no such job.
    """
    plugin = _registry.offered[name]
    if job not in (plugin.jobs or {}):
        raise KeyError(job)
    await outbox.deliver(work, f"{JOB}{name}:{job}", about)


async def _job(run: Job, about: UUID, work: Work) -> None:
    await run(work, about)


class Unfinished(Exception):
    """A plugin's job did not come out; the queue tries it again."""


async def run_job(work: Work, listener: str, about: UUID) -> None:
    """This function will run a plugin's job, if the plugin is still on here. Raises `Unfinished` where it fails."""
    _, name, job = listener.split(":", 2)
    for plugin in await speaking(work):
        if plugin.name == name and job in (plugin.jobs or {}):
            containment.forgive(work, name)  # the queue has its own patience
            ask = partial(_job, (plugin.jobs or {})[job], about)
            try:
                await contained(work, name, ask, question=f"job {job}", keep=True, budget=WORKING)
            except Failed as failed:
                raise Unfinished(listener) from failed


# --- What is believed of what they say -----------------------------------------------------------

R = TypeVar("R")


def words(value: object, most: int) -> str:
    """This function will give what a plugin says as plain text of at most `most` characters; raises `TypeError` otherwise."""
    if not isinstance(value, str):
        raise TypeError(f"{type(value).__name__} where words were expected")
    text = clean(str.__str__(value))
    return text if len(text) <= most else f"{text[: most - 1]}…"


def _all(kind: type[R], told: Iterable[object], *, most: int) -> list[R]:
    found = list(islice(told or (), most))
    if strange := [each for each in found if not isinstance(each, kind)]:
        raise TypeError(f"{type(strange[0]).__name__} where {kind.__name__} was expected")
    return found  # pyrefly: ignore[bad-return] because each was looked at above


def _safe(path: str) -> str:
    if not re.fullmatch(r"[\w\-./?=&%#~+:,]*", path) or ".." in path or path.startswith("/"):
        raise ValueError("a path stays within the plugin's own pages")
    return path


def _place(tenant: Tenant, plugin: Plugin, path: str) -> str:
    return f"{home(tenant, plugin.name)}/{_safe(path)}".rstrip("/")


@asynccontextmanager
async def _answering(work: Work, hook: str) -> AsyncIterator[list[tuple[Plugin, Answer]]]:
    """Who answers a hook here, in the order in which they speak, asked one after the other."""
    answers = _registry.answers(hook)
    found = (
        [(plugin, answers[plugin.name]) for plugin in await speaking(work) if plugin.name in answers] if answers else []
    )
    if not found:
        yield found
        return
    async with asking(work):
        yield found
